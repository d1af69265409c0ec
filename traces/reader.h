/* Readers: from the forms that histories come in to records, one at a time.
 *
 * A reader takes an input and tells a receiver of every record, and of every row it must refuse,
 * with its line and why. It keeps nothing. A reader returns an error only where it cannot go on
 * (damaged JSON, a cut file); a bad row never stops the rest.
 *
 * What a record must be: a zone's name or id (letters, digits, '-'), a type (also '.' and '_'), a
 * product of printable ASCII, each shorter than NAME_LIMIT; a price above zero, at most 10,000
 * USD/h, of at most six decimals; a time as timestamp_parse reads it, UTC where it bears no zone.
 */
#ifndef TRACES_READER_H
#define TRACES_READER_H

#include "base/error.h"
#include "base/json.h"
#include "traces/facts.h"
#include "traces/input.h"
#include "traces/trace.h"

#include <stdbool.h>
#include <stdint.h>

enum { READER_FIELDS_MAX = 64 }; /* columns of a table */

enum trace_kind {
    KIND_UNKNOWN = 0,
    KIND_PRICES_JSON,   /* describe-spot-price-history, one object or many */
    KIND_PRICES_TEXT,   /* the same with --output text */
    KIND_PRICES_LEGACY, /* ec2-describe-spot-price-history of the ec2-api-tools */
    KIND_PRICES_TSV,    /* zone, type, product, price, time; no header */
    KIND_PRICES_CSV,    /* with a header, or columns named by the caller */
    KIND_CATALOG,       /* region, instance_type, ..., linux_on_demand_usd_per_hour */
    KIND_DEMAND,        /* time and units */
    KIND_AVAILABILITY,  /* instances to be had, or up, at each tick (JSON) */
    KIND_EVENTS,        /* instances added and removed: milliseconds,add|remove,node */
    KIND_COUNTS,        /* instances up: time,count */
    KIND_CLOCK_COUNTS,  /* the same by the clock: date, time, count */
    KIND_LIFETIMES,     /* a row a VM: zone,machine_type,insert_done,preempted,stopped */
    KIND_ADVISOR,       /* the Spot Instance Advisor's data (JSON) */
    KIND_TYPES,         /* describe-instance-types (JSON) */
    KIND_RECORDING,     /* told by a recording of a real account (record/) */
    KIND_FLEET_HISTORY, /* told by an account: DescribeSpotFleetRequestHistory */
    KIND_METRIC,        /* told by an account: GetMetricData */
    KIND_SYNTHETIC,     /* generated, never read */
};

const char *trace_kind_name(enum trace_kind kind);

struct price_record {
    char zone[NAME_LIMIT];
    char instance_type[NAME_LIMIT];
    char product[NAME_LIMIT];
    int64_t time_s;
    int64_t micro_usd_per_hour;
    bool assumed_utc; /* the time bore no zone */
    uint64_t *mark;   /* NULL, or the receiver's, kept with these names: 0 when they are new */
};

struct catalog_record {
    char region[NAME_LIMIT];
    char instance_type[NAME_LIMIT];
    int64_t vcpu_micro;       /* -1 where the file leaves it blank */
    int64_t memory_gib_micro; /* likewise */
    int64_t micro_usd_per_hour;
};

struct type_record {
    char instance_type[NAME_LIMIT];
    int64_t vcpu_micro; /* -1: not said */
    int64_t memory_mib; /* likewise */
};

struct advisor_record {
    char region[NAME_LIMIT];
    char os[NAME_LIMIT];
    char instance_type[NAME_LIMIT];
    int64_t low_percent;
    int64_t high_percent;
    int64_t savings_percent;
};

struct demand_record {
    int64_t time_s;
    int64_t required_micro;
    bool assumed_utc; /* the time bore no zone */
    bool rounded;     /* it was finer than a millionth */
};

/* Who is told. A callback that returns non-zero stops the reader with that status. */
struct record_receiver {
    void *context;
    int (*price)(const struct price_record *record, int64_t line, void *context);
    int (*catalog)(const struct catalog_record *record, int64_t line, void *context);
    int (*demand)(const struct demand_record *record, int64_t line, void *context);
    /* One for each place and second. */
    int (*capacity)(const struct capacity_step *step, int64_t line, void *context);
    int (*interruption)(const struct interruption_step *step, int64_t line, void *context);
    int (*coverage)(const struct trace_coverage *known, void *context);
    int (*type)(const struct type_record *record, int64_t line, void *context);
    int (*advisor)(const struct advisor_record *record, int64_t line, void *context);
    /* At the end of lifetimes: how many were not lost but had lived max_lifetime_s, and how many
     * their owners stopped. */
    int (*lifetimes)(int64_t expired, int64_t stopped, void *context);
    int (*refused)(int64_t line, const char *reason, void *context);
};

/* What a file is, from its start. `columns` as for reader_prices_csv, or NULL. */
enum trace_kind reader_detect(struct input *input, const char *columns);

/* Read a file of a known kind by the reader of its kind. */
int reader_read(struct input *input, enum trace_kind kind, const struct facts *facts,
                const struct record_receiver *receiver, struct error *err);

int reader_prices_json(struct input *input, const struct record_receiver *receiver,
                       struct error *err);
/* Text, legacy and TSV forms. */
int reader_prices_lines(struct input *input, enum trace_kind kind,
                        const struct record_receiver *receiver, struct error *err);
/* CSV (comma, semicolon or tab; quotes) with a header line in any order; or, if `columns` is given,
 * without one: names in the file's order, "-" for a column to pass over, NAME=VALUE for what no
 * column says: "price,time,-,zone=us-east-1a,type=c3.xlarge". */
int reader_prices_csv(struct input *input, const char *columns,
                      const struct record_receiver *receiver, struct error *err);
int reader_catalog(struct input *input, const struct record_receiver *receiver, struct error *err);
int reader_demand(struct input *input, const struct record_receiver *receiver, struct error *err);
/* Tells of a limit only where it changes, of losses at their tick, and, at the end, of what is
 * known: from the first tick until gap_seconds after the last. A value that is no whole number
 * makes all that follow doubtful, and refuses the file. */
int reader_availability(struct input *input, const struct facts *facts,
                        const struct record_receiver *receiver, struct error *err);

/* Losses, of all that were up in their second, and what is known: from the first row's second to
 * the last's. Rows that run backwards are refused; so is a fall within a hole, whose value still
 * holds from then on. */
int reader_log(struct input *input, enum trace_kind kind, const struct facts *facts,
               const struct record_receiver *receiver, struct error *err);
/* Losses, of all of their zone and type that were up in their second, and what is known: the time
 * in which any of these was up. A VM that its owner stopped is not lost, nor one that had lived
 * max_lifetime_s. */
int reader_lifetimes(struct input *input, const struct facts *facts,
                     const struct record_receiver *receiver, struct error *err);
/* A bad entry refuses the file, with its place: AWS's own files have none. */
int reader_instance_types(struct input *input, const struct record_receiver *receiver,
                          struct error *err);
int reader_advisor(struct input *input, const struct record_receiver *receiver, struct error *err);

/* ---- shared by the readers ---------------------------------------------------------------------
 */

struct field {
    const char *text; /* not NUL-terminated */
    size_t length;
};

struct price_fields {
    struct field zone, type, product, price, time;
};

/* Check and fill one price record from its fields; returns NULL or why it is refused. An empty
 * product is Linux/UNIX. */
const char *row_price(struct price_record *out_record, struct field zone, struct field type,
                      struct field product, struct field price, struct field time);
/* The same in two parts. */
const char *row_names(struct price_record *out_record, struct field zone, struct field type,
                      struct field product);
const char *row_figures(struct price_record *out_record, struct field price, struct field time);

/* A time; UTC is assumed, and said so, where it bears no zone. */
bool row_time(struct field field, int64_t *out_time_s, bool *out_assumed_utc);
/* Why row_time refuses it. */
const char *row_time_wrong(struct field field);
bool row_copy_zone(char out[NAME_LIMIT], struct field field); /* or a region */
bool row_copy_type(char out[NAME_LIMIT], struct field field);

/* Split a line at `separator`, understanding quotes ("a ""b"" c") if `quotes`. Quoted fields are
 * unquoted into `scratch`, as long as the line. Returns the number of fields, or 0 if there are
 * more than `capacity`. */
size_t row_split(struct field line, char separator, bool quotes, char *scratch,
                 struct field *out_fields, size_t capacity);

/* Whether the field is this word, in any case; whether it starts with it, in this case. */
bool row_is(struct field field, const char *word);
bool row_starts_with(struct field field, const char *word);
struct field row_trim(struct field field); /* blanks at both ends */

/* One line of a table of rows; see row_each_line. `line` has no end and no byte order mark. */
typedef int row_taker(struct field line, int64_t number, void *context);
/* Every line to `take`, until that fails; lines that are too long are refused. */
int row_each_line(struct input *input, const struct record_receiver *receiver, row_taker *take,
                  void *context);

/* The whole of a JSON file of one value; to be cleaned up, also on error. */
int reader_document(struct input *input, struct json_document *out_document, struct error *err);
/* Whether JSON that starts so is an object whose first key is one of these. */
bool document_starts_with(struct field start, const char *const *keys);
bool availability_is(struct field start);
bool advisor_is(struct field start);
bool instance_types_is(struct field start);

/* What one line says the file is, each reader for its own kind. */
enum trace_kind log_kind(struct field line); /* KIND_UNKNOWN: none of a log */
bool csv_is_header(struct field line);
bool catalog_is_header(struct field line);
bool demand_is_header(struct field line);
bool lifetimes_is_header(struct field line);
/* The fields of one record in a form without a header; NULL, or why it is refused. *out_skip: no
 * record, no fault. */
const char *row_line_fields(enum trace_kind kind, struct field line,
                            struct price_fields *out_fields, bool *out_skip);

#endif
