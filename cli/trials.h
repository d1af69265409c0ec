/* Trials: one scenario run again and again with something else in it, on all cores.
 *
 * A trial starts from the resolved scenario of a session, where every value stands written out, so
 * that nothing changes but what the trial says: no default that follows another moves along. All
 * trials are of one seed and one market, whose traces are loaded once.
 */
#ifndef CLI_TRIALS_H
#define CLI_TRIALS_H

#include "session.h"

#include <stdbool.h>
#include <stddef.h>

struct trial {
    const char *policy; /* NAME[:PRESET] with its defaults; NULL: the session's */
    const struct scenario_override *overrides;
    size_t override_count;

    struct figures figures;
    char *refusal; /* why the scenario cannot be so, in one line; NULL if it was run */
};

struct trials {
    const struct session *session;
    const char *command; /* for the progress line */
    size_t threads;      /* 0: one for each core */
    struct trial *items;
    size_t count;
};

/* Run all. What a scenario refuses is kept in the trial; an error is the machine's. The figures are
 * the same for any number of threads. */
int trials_run(const struct trials *trials, struct error *err);
void trial_clean_up(struct trial *trial);

/* --threads N: 0 (one for each core) to 1024. NULL leaves *out_threads as it is. */
int trials_threads(const char *text, size_t *out_threads, struct error *err);

#endif
