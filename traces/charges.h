/* Charges: what AWS says instances cost, line by line, read from its billing files.
 *
 * Two kinds of file, told apart by content, plain, gzip or zstd:
 *
 *   CUR   the Cost and Usage Report, legacy ("lineItem/UsageStartDate", ...) or 2.0 of Data Exports
 *         ("line_item_usage_start_date", ...), as CSV, hourly, with resource IDs: a line says what
 *         one instance used within one hour of the clock
 *   feed  the Spot Instance data feed, tab-separated: a line says what one spot instance cost in
 *         one hour of its own, which begins at the line's timestamp
 *
 * A file is read line by line and nothing of it is kept. It is a bill: a line about an instance
 * that cannot be read is an error, with file, line and field, and never passed over. Lines about
 * other things than instances are.
 *
 * AMOUNTS are in parts, 10^-10: of a USD, of a USD an hour, of an hour; the decimals that AWS
 * prints. What is finer is rounded half to even.
 */
#ifndef TRACES_CHARGES_H
#define TRACES_CHARGES_H

#include "base/error.h"
#include "base/hash.h"
#include "traces/reader.h"

enum { CHARGE_INSTANCE_SIZE = 32 };
#define CHARGE_PARTS   INT64_C(10000000000) /* in a USD, or an hour */
#define CHARGE_NO_RATE INT64_C(-1)

struct charge {
    char instance[CHARGE_INSTANCE_SIZE]; /* "i-0123456789abcdef0" */
    char instance_type[NAME_LIMIT];
    char zone[NAME_LIMIT];  /* "": not said */
    char group[NAME_LIMIT]; /* the tag aws:autoscaling:groupName; "": not said */
    char fleet[NAME_LIMIT]; /* the tag aws:ec2spot:fleet-request-id; "": not said */
    bool spot;              /* else on demand */
    int64_t start_s;
    int64_t end_s; /* a feed does not say: an hour after start_s */
    int64_t used;  /* parts of an hour */
    int64_t rate;  /* parts of a USD an hour; CHARGE_NO_RATE */
    int64_t cost;  /* parts of a USD */
};

enum charges_kind { CHARGES_CUR = 0, CHARGES_FEED };

struct charges_file {
    enum charges_kind kind;
    int64_t lines;      /* of all */
    int64_t taken;      /* of instances */
    int64_t other;      /* of instances, but credits, discounts and the like: not told */
    int64_t other_cost; /* their sum in parts of a USD */
    int64_t first_s;    /* of the usage in it, also what is not of instances; 0 of none */
    int64_t end_s;
    char hash[HASH_TEXT_SIZE]; /* SHA-256 of its bytes */
};

/* Told of each charge. What is not STATUS_OK stops the reading, and is returned. */
typedef int charge_taker(const struct charge *charge, int64_t line, void *context);

/* Read one file, "-" for standard input. */
int charges_read(const char *path, charge_taker *take, void *context, struct charges_file *out_file,
                 struct error *err);
/* The same from memory, for tests and fuzzers. */
int charges_read_bytes(const char *name, const void *bytes, size_t count, charge_taker *take,
                       void *context, struct charges_file *out_file, struct error *err);

/* ---- shared by the two readers -----------------------------------------------------------------
 */

struct charges_reading {
    struct input *input;
    charge_taker *take;
    void *context;
    struct charges_file *file;
    struct error *err;
};

int charges_read_cur(struct charges_reading *reading);
int charges_read_feed(struct charges_reading *reading);

/* STATUS_BAD_INPUT with "FILE:LINE: FIELD: text". */
int charges_fail(const struct charges_reading *reading, int64_t line, const char *field,
                 const char *text);
/* "SpotUsage:c3.xlarge", "USE2-BoxUsage:m5.large", ...: false for all else than instances of these
 * two kinds. Without a type it is m1.small. */
bool charges_usage_type(struct field field, bool *out_spot, char out_type[NAME_LIMIT]);
/* Decimal text, also with an exponent, in parts. */
bool charges_number(struct field field, int64_t *out_parts);
bool charges_instance(struct field field, char out_instance[CHARGE_INSTANCE_SIZE]);
/* Note that usage from start_s to end_s is in the file. */
void charges_span(struct charges_file *file, int64_t start_s, int64_t end_s);

#endif
