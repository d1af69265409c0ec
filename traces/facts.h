/* What a file does not say and somebody must state: of which zone and type a series is, when it
 * began, what its numbers count. Stated by options of the import, or in a file FILE.meta.json
 * beside FILE: one JSON object with the options' names. An option wins over the file. Nothing is
 * ever guessed: an import that lacks one is refused with the names of all that it lacks.
 */
#ifndef TRACES_FACTS_H
#define TRACES_FACTS_H

#include "base/error.h"
#include "base/text.h"
#include "traces/trace.h"

#include <stdint.h>

enum { NAME_LIMIT = TRACE_NAME_SIZE }; /* bytes of a zone, type or product, with its NUL */

enum fact {
    FACT_ZONE = 0,     /* of the instances: "us-east-1a" */
    FACT_TYPE,         /* of the instances: "p3.2xlarge" */
    FACT_START,        /* the time of the first value, or of the file's 0 */
    FACT_POLARITY,     /* what a number counts */
    FACT_PROBED,       /* of so many instances asked for */
    FACT_PROVIDER,     /* whose cloud: "aws" if nothing is said */
    FACT_TIME_UNIT,    /* of times counted from the start */
    FACT_UTC_OFFSET,   /* of times by the clock: "-05:00" */
    FACT_LONGEST_GAP,  /* within which a fall's time counts as known, in seconds */
    FACT_MAX_LIFETIME, /* after which an instance ends whatever the capacity: "86400", "24h" */
    /* Names and forms: */
    FACT_COLUMNS,      /* of a CSV without a header (see reader_prices_csv) */
    FACT_DEMAND_NAME,  /* of a demand series; else the file's name without its ending */
    FACT_CATALOG_NAME, /* of a catalogue, or of instance types; likewise */
    FACT_ADVISOR_NAME, /* of what the Spot Advisor said; likewise */
    FACT_DATE,         /* from when on a catalogue's prices hold */
    FACT_COUNT,
};

/* As users write them: "zone", "demand-name". */
extern const char *const fact_names[FACT_COUNT];

/* What one value of an availability series counts. */
enum polarity {
    POLARITY_AVAILABLE = 0, /* instances that could be had */
    POLARITY_UP,            /* instances that were running */
    POLARITY_PREEMPTED,     /* of `probed`, those that had been taken and were not there */
};

enum time_unit { UNIT_SECOND = 0, UNIT_MILLISECOND, UNIT_HOUR };

enum { PROBED_MAX = 10000 };

struct facts {
    const char *stated[FACT_COUNT]; /* as written; NULL: not stated */
    char zone[NAME_LIMIT];
    char instance_type[NAME_LIMIT];
    int64_t start_s;
    enum polarity polarity;
    int64_t probed;
    enum time_unit time_unit;
    int64_t utc_offset_s;
    int64_t longest_gap_s;  /* 3600 if not stated (an assumption) */
    int64_t max_lifetime_s; /* 0: not stated */
    char provider[NAME_LIMIT];
    int64_t date_s; /* -1: not stated */
};

/* Read what is stated. The texts are borrowed. */
int facts_read(struct facts *out_facts, const char *const stated[FACT_COUNT], struct error *err);

/* Put into stated[] what FILE.meta.json says and no option did; without such a file nothing. What
 * it points to is written into *out_text, to be cleaned up after the last use. */
int facts_beside(const char *file, const char *stated[FACT_COUNT], struct text *out_text,
                 struct error *err);

/* Refuse if one of these facts, ended by FACT_COUNT, is not stated. `what` is what the file is: "an
 * availability series". */
int facts_need(const struct facts *facts, const char *file, const char *what,
               const enum fact *needed, struct error *err);

/* The facts that say what a file means, as one JSON object: {"zone":"us-east-1a",...}. */
void facts_write(const struct facts *facts, struct text *out_json);

#endif
