/* What a trace database holds, and what a market did over a range: for `trace list` and `trace
 * show`. */
#ifndef TRACES_STATISTICS_H
#define TRACES_STATISTICS_H

#include "traces/database.h"
#include "traces/trace.h"

/* One market as it stands in the database. Strings are borrowed during the callback. */
struct market_entry {
    const char *zone;
    const char *instance_type;
    const char *product;
    int64_t records;
    int64_t first_s;
    int64_t last_s;
    bool synthetic;
};

/* Anything else that was imported. */
struct trace_entry {
    const char *what; /* "source", "demand", "catalog", "interruptions", "capacity", "advisor",
                         "types"; "known": of which time interruptions are */
    const char *name;
    const char *kind; /* of a source */
    const char *sha256;
    const char *provider; /* of a source */
    const char *facts;    /* of a source: what was stated, as JSON; "" if nothing */
    int64_t rows;         /* taken, of a source */
    int64_t duplicate;
    int64_t refused;
    int64_t assumed_utc; /* of a source's times */
    int64_t rounded;     /* of a source's demands */
    bool newest_first;   /* of a source */
    int64_t first_s;     /* 0 where there is no time */
    int64_t last_s;
    bool synthetic;
};

/* Told of every market, by zone, type and product; filters may be NULL. A callback that returns
 * non-zero stops. */
int trace_each_market(sqlite3 *database, const char *path, const struct market_key *filter,
                      int (*market)(const struct market_entry *entry, void *context), void *context,
                      struct error *err);
/* Told of every source, demand series, catalogue and place with interruptions or limits, and of
 * every stretch of time of which a place's interruptions are known. */
int trace_each_entry(sqlite3 *database, const char *path,
                     int (*entry)(const struct trace_entry *entry, void *context), void *context,
                     struct error *err);

/* Told of every refused row that was kept, by source and line. */
int trace_each_refusal(sqlite3 *database, const char *path,
                       int (*refusal)(const char *source, int64_t line, const char *reason,
                                      void *context),
                       void *context, struct error *err);

/* A market's prices over [from, to), weighted by time. */
struct market_statistics {
    int64_t covered_s; /* of the range, since the first price known */
    int64_t changes;   /* price steps within it */
    int64_t min_micro_usd;
    int64_t median_micro_usd; /* at or below it half of the time */
    int64_t max_micro_usd;
    int64_t above_s; /* strictly above the threshold */
    int64_t above_episodes;
    int64_t longest_above_s;
    int64_t longest_above_from_s;
};

/* Of a compiled market. After its last record nothing is known: the last price counts for one
 * second. Threshold < 0: none. */
void market_statistics(const struct market *market, int64_t from_s, int64_t to_s,
                       int64_t threshold_micro_usd, struct market_statistics *out_statistics);

#endif
