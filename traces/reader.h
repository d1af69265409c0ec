/* Readers: from the forms that histories come in to records, one at a time.
 *
 * A reader takes an input and tells a sink of every record, and of every row it must refuse with
 * its line and why. It keeps nothing. A reader returns an error only where it cannot go on (damaged
 * JSON, a cut file); a bad row never stops the rest.
 */
#ifndef TRACES_READER_H
#define TRACES_READER_H

#include "base/error.h"
#include "traces/input.h"

#include <stdbool.h>
#include <stdint.h>

enum { NAME_LIMIT = 128 }; /* bytes of a zone, type or product, with its NUL */

enum trace_kind {
    KIND_UNKNOWN = 0,
    KIND_PRICES_JSON,   /* describe-spot-price-history, one object or many */
    KIND_PRICES_TEXT,   /* the same with --output text */
    KIND_PRICES_LEGACY, /* ec2-describe-spot-price-history of the ec2-api-tools */
    KIND_PRICES_TSV,    /* zone, type, product, price, time; no header */
    KIND_PRICES_CSV,    /* with a header, or columns named by the caller */
    KIND_CATALOG,       /* region, instance_type, ..., linux_on_demand_usd_per_hour */
    KIND_DEMAND,        /* time and units */
};

const char *trace_kind_name(enum trace_kind kind);

struct price_record {
    char zone[NAME_LIMIT];
    char instance_type[NAME_LIMIT];
    char product[NAME_LIMIT];
    int64_t time_s;
    int64_t micro_usd_per_hour;
};

struct catalog_record {
    char region[NAME_LIMIT];
    char instance_type[NAME_LIMIT];
    int64_t vcpu_micro;       /* -1 where the file leaves it blank */
    int64_t memory_gib_micro; /* likewise */
    int64_t micro_usd_per_hour;
};

struct demand_record {
    int64_t time_s;
    int64_t required_micro;
};

/* Who is told. A callback that returns non-zero stops the reader with that status. */
struct record_receiver {
    void *context;
    int (*price)(const struct price_record *record, int64_t line, void *context);
    int (*catalog)(const struct catalog_record *record, int64_t line, void *context);
    int (*demand)(const struct demand_record *record, int64_t line, void *context);
    int (*refused)(int64_t line, const char *reason, void *context);
};

/* What a file is, from its start. `columns` as for read_prices_csv, or NULL. */
enum trace_kind reader_detect(struct input *input, const char *columns);

int read_prices_json(struct input *input, const struct record_receiver *receiver,
                     struct error *err);
/* Text, legacy and TSV forms. */
int read_prices_lines(struct input *input, enum trace_kind kind,
                      const struct record_receiver *receiver, struct error *err);
/* CSV with a header line, or, if `columns` is given ("zone,type,price,time,product,-"), without. */
int read_prices_csv(struct input *input, const char *columns,
                    const struct record_receiver *receiver, struct error *err);
int read_catalog(struct input *input, const struct record_receiver *receiver, struct error *err);
int read_demand(struct input *input, const struct record_receiver *receiver, struct error *err);

/* ---- shared by the readers (fields.c)
 * ------------------------------------------------------------ */

struct field {
    const char *text;
    size_t length;
};

/* Check and fill one price record from its fields; returns NULL or why it is refused. An empty
 * product is Linux/UNIX. */
const char *reader_price(struct price_record *out_record, struct field zone, struct field type,
                         struct field product, struct field price, struct field time);

/* Split a line at `separator`, understanding quotes ("a ""b"" c") if `quotes`. Quoted fields are
 * unquoted in place of `line`, which is copied to `scratch`. Returns the number of fields, or 0 if
 * there are more than `capacity`. */
size_t reader_split(const char *line, size_t length, char separator, bool quotes, char *scratch,
                    struct field *out_fields, size_t capacity);

/* Whether the field is this word, in any case. */
bool reader_is(struct field field, const char *word);

#endif
