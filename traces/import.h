/* Importing: files of any kind into a trace database.
 *
 * A file streams through: its prices are put into the table's order, in a file beside the database
 * where they are many (sorter.h), and then written, so memory does not grow with the file. What a
 * price is refused for because of others is therefore told after what is wrong with rows. Each file
 * is one transaction: it is kept whole or not at all, also through a crash. Importing the same
 * bytes again changes nothing; a file that overlaps what is there adds what is new.
 *
 * What happens to a record of a market, by second and price:
 *   nothing of this second is there           taken
 *   the same price is there                   duplicate
 *   another price, from this very file        taken; a run uses the one nearer the file's newer end
 *   another price, from another file          refused: nobody can tell which is right
 */
#ifndef TRACES_IMPORT_H
#define TRACES_IMPORT_H

#include "traces/database.h"
#include "traces/reader.h"
#include "traces/trace.h"

enum {
    REFUSALS_KEPT = 1000,     /* of one file, in the database; more are only counted */
    PRICES_PER_SECOND = 1000, /* different prices of one market in one second; more are refused */
};

struct import_options {
    bool strict;                    /* a refused row refuses its file */
    const char *stated[FACT_COUNT]; /* what no file says, as written; NULL: not stated */
    /* Told of every refused row, or NULL. */
    void (*refused)(const char *file, int64_t line, const char *reason, void *context);
    void *context;
};

struct import_report {
    enum trace_kind kind;
    bool newest_first; /* the direction of a price history */
    bool known;        /* the very same bytes were imported before; nothing was written */
    int64_t taken;
    int64_t duplicate;
    int64_t refused;
    int64_t assumed_utc; /* of the rows read: times without a zone, read as UTC */
    int64_t rounded;     /* demands finer than a millionth, rounded */
    int64_t expired;     /* lifetimes: no loss, for they had lived --max-lifetime */
    int64_t stopped;     /* lifetimes: by their owners */
    int64_t markets;     /* seen in this file */
    int64_t first_s;     /* of the times read; 0 if there were none */
    int64_t last_s;
};

/* Import one file ("-" is standard input) in one transaction. On error nothing of it is kept. */
int trace_import(sqlite3 *database, const char *database_path, const char *file,
                 const struct import_options *options, struct import_report *out_report,
                 struct error *err);

/* What tells records as a file does, and is none that a reader reads. */
struct record_teller {
    enum trace_kind kind;
    /* Tell all; out_hash is the SHA-256 of what was told. */
    int (*tell)(const struct record_receiver *receiver, char out_hash[HASH_TEXT_SIZE],
                struct error *err, void *context);
    void *context;
};

/* The same rules for what `teller` tells of `file`, in one transaction. Of what can be stated only
 * the demand's name counts. */
int trace_import_told(sqlite3 *database, const char *database_path, const char *file,
                      const struct import_options *options, const struct record_teller *teller,
                      struct import_report *out_report, struct error *err);

/* Store a generated, sealed set, marked synthetic, in one transaction. Interruptions count as
 * records. A market that has prices already is refused, unless they are of this very set. */
int trace_import_set(sqlite3 *database, const char *database_path, const char *name,
                     const struct trace_set *set, struct import_report *out_report,
                     struct error *err);

#endif
