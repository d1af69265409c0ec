/* The results database: what every run left behind, in one SQLite file (schema in docs/results.md).
 *
 * A run is identified by its key: the SHA-256 of everything that can change its result (scenario
 * with all defaults, traces, policy, model version). Recording a run is one transaction: a killed
 * run leaves nothing, and what was recorded before stays. Recording the same key again changes
 * nothing.
 */
#ifndef RECORD_DATABASE_H
#define RECORD_DATABASE_H

#include "base/error.h"
#include "base/hash.h"
#include "record/figures.h"
#include "record/record.h"

#include <stdbool.h>
#include <stdio.h>

enum {
    RESULTS_APPLICATION_ID = 0x42524553, /* "BRES" */
    RESULTS_SCHEMA_VERSION = 9, /* 2 added recordings, 3 the table of capacity rebalancing, 4
                                   sweeps, 5 watches, 6 schedules, 7 stopped points, 8 the traces of
                                   sweeps and tunings, 9 braces around the figures of points; older
                                   files are brought up when written to */
};

struct results; /* an open database */

/* What identifies and reproduces a run. Strings are borrowed. */
struct run_identity {
    const char *name;          /* the scenario's */
    const char *scenario_json; /* with every default filled in */
    const char *policy;        /* "pending-capacity:seed" */
    const char *trace_hash;
    const char *demand_hash; /* of an imported demand the scenario only names */
    const char *version;     /* of the program: "0.1.0" */
    uint64_t seed;
    int64_t from_s;
    int64_t to_s;
    bool synthetic;            /* some of the traces were generated */
    const char *interruptions; /* "price", "none", "trace", "advisor" */
    /* Not part of the key, and not dumped. */
    const char *folder; /* that relative trace paths start from */
    const char *commit;
    const char *notes_json; /* a JSON array, which may name files; NULL: none */
};

/* Open for writing (made anew if there is no file) or reading. Close with results_close. */
int results_open(struct results **out, const char *path, bool for_writing, struct error *err);
void results_close(struct results *results);

/* The key of a run. */
char *results_key(const struct run_identity *identity, char out_key[HASH_TEXT_SIZE]);

/* Begin to record. *out_run is its number. If it is there already, *out_known is true and nothing
 * must be added. */
int results_begin(struct results *results, const struct run_identity *identity, int64_t *out_run,
                  bool *out_known, struct error *err);
/* Where the simulation tells what happens. `policy` gives decisions their words. */
struct record_sink results_sink(struct results *results, const struct ballast_policy *policy);
/* Write the figures and commit; or, with a status other than STATUS_OK, forget all since
 * results_begin. Returns the first error of either. */
int results_end(struct results *results, const struct figures *figures, int status,
                struct error *err);

/* STATUS_CHECK_FAILED if the run's stored figures are others: then another build of the same
 * version has recorded it; or if it was recorded without the bounds that `figures` has. That
 * `figures` has none is no difference. STATUS_FAILURE if they cannot be read. */
int results_check_figures(struct results *results, int64_t run, const struct figures *figures,
                          struct error *err);

/* ---- reading
 * ----------------------------------------------------------------------------------------- */

/* A run as found; strings are owned, free with stored_run_clean_up. */
struct stored_run {
    int64_t run;
    char *key;
    char *name;
    char *policy;
    char *scenario_json;
    char *trace_hash;
    char *folder;
    char *version;
    char *demand_hash;
    int64_t to_s; /* its end, exclusive */
};

/* By number, name (the newest of that name), or the first four or more digits of its key, if that
 * names one run only. */
int results_find(struct results *results, const char *which, struct stored_run *out_run,
                 struct error *err);
void stored_run_clean_up(struct stored_run *run);

/* The run's figures as they were recorded. */
int results_figures(struct results *results, int64_t run, struct figures *out_figures,
                    struct error *err);
/* The numbers of all runs, in the order of recording; to be freed. */
int results_runs(struct results *results, int64_t **out_numbers, size_t *out_count,
                 struct error *err);
/* Told of every change of the run's capacity, in order of time. */
int results_each_capacity(struct results *results, int64_t run,
                          void (*take)(const struct record_capacity *capacity, void *context),
                          void *context, struct error *err);

/* Told of every stored decision of the run, in order; without trigger, reason and figures. */
int results_each_decision(struct results *results, int64_t run,
                          void (*take)(const struct record_decision *decision, void *context),
                          void *context, struct error *err);

/* A stored decision in words. */
struct stored_decision {
    int64_t first_s;
    int64_t last_s;
    int64_t evaluations;
    char trigger[16];
    char action[160]; /* what was asked: "SetDesiredCapacity(8), ignoring the cooldown" */
    char outcome[48];
    char guard[32];
    char reason[48];
    char words[512];
};

/* The decision of the last evaluation at or before time_s. *out_found is false if there was none.
 */
int results_decision_at(struct results *results, int64_t run, int64_t time_s,
                        struct stored_decision *out_decision, bool *out_found, struct error *err);
/* The first call of the run that was accepted. *out_found is false if there was none. */
int results_first_call(struct results *results, int64_t run, int64_t *out_time_s, bool *out_found,
                       struct error *err);
/* What an accepted call of second `time_s` launched: how many backup instances, and when the first
 * of them ran and the last of them joined (RECORD_NEVER if it did not). */
struct stored_launches {
    int64_t instances;
    int64_t first_running_s;
    int64_t last_joined_s;
};
int results_launches_at(struct results *results, int64_t run, int64_t time_s,
                        struct stored_launches *out_launches, struct error *err);
/* The fleet's capacity rebalancing as it stood at time_s, in instances that had not ended: marked
 * by a recommendation, of them released (to end after TerminationDelay), and launched as
 * replacements.
 */
struct stored_rebalance {
    int64_t marked;
    int64_t released;
    int64_t replacements;
};
int results_rebalance_at(struct results *results, int64_t run, int64_t time_s,
                         struct stored_rebalance *out_rebalance, struct error *err);
/* Of what perfect knowledge would have bought (struct record_scheduled): what it had running at
 * time_s, told in order. Names live until the call returns. `out_known` says whether the run has
 * such a schedule for the bound at all. */
int results_scheduled_at(struct results *results, int64_t run, enum record_bound bound,
                         int64_t time_s,
                         void (*take)(const struct record_scheduled *scheduled, void *context),
                         void *context, bool *out_known, struct error *err);
/* The account in force at time_s. */
int results_capacity_at(struct results *results, int64_t run, int64_t time_s,
                        struct record_capacity *out_capacity, bool *out_found, struct error *err);

/* The canonical dump of one run (number), or of all runs, recordings and sweeps (0): the same
 * contents give the same bytes, in whatever order they were recorded. Leaves out numbers of runs,
 * wall times, folders. */
int results_dump(struct results *results, int64_t run, FILE *out, struct error *err);

#endif
