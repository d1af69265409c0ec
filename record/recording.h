/* Recordings: what the controller saw, decided and did on a real account, evaluation by evaluation
 * (docs/live.md; tables in docs/results.md).
 *
 * One recording holds all evaluations that were made with the same settings; other settings make
 * another one in the same file. Evaluations are due at scheduled times. Of one fleet and group (in
 * one region, by one clock) each of those times is decided once at most, whatever the settings; a
 * time that was passed over since the last one is recorded as missed when the next is decided.
 *
 * AN EVALUATION IS WRITTEN TWICE. recording_intend writes, before anything is called, what was read
 * and decided, with the outcome "unknown" where a call is to follow; recording_outcome writes what
 * came of it. Each is one transaction that is on the disk when it returns. So whoever is killed
 * loses no decision: between the two it stays with its outcome unknown.
 */
#ifndef RECORD_RECORDING_H
#define RECORD_RECORDING_H

#include "policy/controller.h"
#include "record/database.h"

/* What evaluations have in common. Borrowed while a recording is open. */
struct recording_settings {
    const char *region;
    const char *fleet_id;
    const char *group;
    const char *cluster; /* NULL: none */
    const char *product;
    int64_t units_per_instance_micro;
    const struct ballast_policy *policy;
    const char *policy_name; /* as the user wrote it, with its preset */
    const int64_t *parameters;
    struct controller_guards guards; /* but dry_run, which `mode` tells */
    const char *clock;               /* "wall", or "twin" */
    int64_t every_s;                 /* one is due so often */
    const char *version;             /* of the program */
};

struct recording; /* an open recording */

/* The database it is in, and its number there. */
struct results *recording_results(const struct recording *recording);
int64_t recording_number(const struct recording *recording);

/* In a database opened for writing; found if it is there, else begun. What is passed is borrowed.
 */
int recording_open(struct recording **out, struct results *results,
                   const struct recording_settings *settings, struct error *err);
void recording_close(struct recording *recording);

/* Is this time, or a later one, decided already? */
int recording_decided(struct recording *recording, int64_t due_s, bool *out_decided,
                      struct error *err);

struct recording_intention {
    int64_t due_s;
    const char *mode;       /* "shadow", "apply", "stopped" */
    const char *stopped_by; /* NULL: nothing */
    bool acts;              /* what was decided will be called */
    const void *state_before;
    const void *state_after;
    const struct controller *controller; /* that decided */
    const struct controller_decided *decided;
    int64_t failed_calls; /* among the reads */
};

/* Times missed since the last evaluation, and this one. STATUS_FAILURE if its time is decided
 * already: two evaluations at once. */
int recording_intend(struct recording *recording, const struct recording_intention *intention,
                     struct error *err);
/* Of what was intended last. */
int recording_outcome(struct recording *recording, enum cloud_outcome outcome,
                      enum cloud_outcome fleet_outcome, int64_t failed_calls, struct error *err);

#endif
