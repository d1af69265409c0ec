/* The state of one import, shared by import*.c. Inside traces/ only. */
#ifndef TRACES_IMPORTER_H
#define TRACES_IMPORTER_H

#include "traces/import.h"
#include "traces/query.h"
#include "traces/rows_table.h"

#include <stddef.h>

/* One slot of the cache of markets: direct-mapped, so its memory is bounded whatever a file names.
 */
struct known_market {
    int64_t market; /* 0: an empty slot */
    int64_t previous_s;
    char zone[NAME_LIMIT];
    char instance_type[NAME_LIMIT];
    char product[NAME_LIMIT];
};

enum { MARKET_SLOTS = 1 << 16 };

struct importer {
    sqlite3 *database;
    const char *path;
    const char *file;
    const struct import_options *options;
    struct import_report *report;
    struct error *err;
    int64_t source;           /* this file's row */
    const char *demand_name;  /* never NULL */
    const char *catalog_name; /* never NULL */
    const char *advisor_name; /* never NULL */
    sqlite3_stmt *find_market, *add_market;
    sqlite3_stmt *find_prices, *add_price, *add_prices, *move_price;
    sqlite3_stmt *add_refusal;
    sqlite3_stmt *add_catalog, *find_catalog;
    sqlite3_stmt *add_type, *find_type, *add_advisor, *find_advisor;
    sqlite3_stmt *add_demand, *find_demand;
    struct facts facts;
    sqlite3_stmt *add_interruption, *find_interruption, *grow_interruption;
    sqlite3_stmt *add_capacity, *find_capacity, *add_coverage, *find_overlap;
    struct sorter *prices;  /* read and not yet written; NULL until there is one */
    struct rows_table rows; /* those that are being written */
    int64_t numbered;       /* records read */
    struct known_market *markets;
    uint8_t *seen_markets; /* a bit each, by number */
    size_t seen_size;
    int64_t steps_up, steps_down; /* of markets' times, to tell the file's direction */
};

/* Begin the transaction, with a row for the file; end it in any case, which forgets all that the
 * import has. It is committed if `status` says that all went well and anything is new, else the
 * database is left as it was. */
int importer_begin(struct importer *im, const char *name, bool synthetic);
int importer_end(struct importer *im, int status, const char *hash);
/* Whether the same bytes were imported before and gave nothing new now. */
int importer_already(struct importer *im, const char *hash, bool *out_known);

int importer_fail(struct importer *im); /* the database's error */
int importer_prepare(struct importer *im, sqlite3_stmt **statement, const char *sql);
/* Run a statement that returns no row, and reset it. */
int importer_run(struct importer *im, sqlite3_stmt *statement);
/* Count and report a refused row; an error if the import is strict. A record_receiver's `refused`.
 */
int importer_refuse(int64_t line, const char *reason, void *context);
/* Count a record and widen the report's span. */
void importer_seen(struct importer *im, int64_t time_s, bool assumed_utc);

/* import_market.c: the market's number, made if it is new; notes the direction of its times. */
int importer_market(struct importer *im, const struct price_record *record, int64_t *out_market);

/* import_prices.c */
int importer_take_price(const struct price_record *record, int64_t line, void *context);
/* All that were taken, which are then no more. */
int importer_write_prices(struct importer *im);

/* import_tables.c */
int importer_take_catalog(const struct catalog_record *record, int64_t line, void *context);
int importer_take_type(const struct type_record *record, int64_t line, void *context);
int importer_take_advisor(const struct advisor_record *record, int64_t line, void *context);
int importer_take_demand(const struct demand_record *record, int64_t line, void *context);

/* import_places.c: what happened in places */
int importer_take_interruption(const struct interruption_step *step, int64_t line, void *context);
int importer_take_capacity(const struct capacity_step *step, int64_t line, void *context);
int importer_take_lifetimes(int64_t expired, int64_t stopped, void *context);
int importer_take_coverage(const struct trace_coverage *known, void *context);
/* Refuse limits of a place and time of which another file has told already: which of them is right
 * nobody can tell. */
int importer_refuse_overlap(struct importer *im);

#endif
