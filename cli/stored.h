/* The recorded run that a command is about, and the file it makes of it. */
#ifndef CLI_STORED_H
#define CLI_STORED_H

#include "base/text.h"
#include "record/database.h"
#include "reports/run_market.h"
#include "session.h"

/* Open the results database and find a run in it. `which` is its number, its name, or the start of
 * its key; NULL: the only one there is. On error nothing needs cleaning up. */
int stored_open(const char *database, const char *which, struct results **out_results,
                struct stored_run *out_run, struct error *err);
void stored_close(struct results *results, struct stored_run *run);

/* What the run met, loaded again if its traces are at hand and the same as then; where they are
 * not, `market` says why, which is no error. */
struct stored_market {
    struct session session;
    struct run_market market;
};
void stored_market_open(const struct stored_run *run, struct stored_market *out_market);
void stored_market_close(struct stored_market *market);

/* Write a whole file, and say its name; "-" is standard output. */
int stored_write(const char *path, const struct text *contents, struct error *err);

#endif
