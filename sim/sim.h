/* The simulator: one scenario, one market, one policy, one answer.
 *
 * A discrete-event simulation in continuous event time at one-second resolution. simulate() is a
 * pure function of the scenario and the traces: it reads no clock, no environment and no file, and
 * shares nothing with other calls, so any number of runs may go on in parallel over one trace_set.
 *
 * ORDER WITHIN ONE SECOND: trace and demand changes, notices, interruptions, terminations,
 * instances running, joins, end of a scaling activity, the fleet's own actions, tasks of the
 * cluster, metric publication, alarms, evaluation. Equal events go in the order they were
 * scheduled. The state at a second is the state after all of that second's events.
 *
 * The model, each behaviour with its source, is described in docs/model.md.
 */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include "base/error.h"
#include "record/figures.h"
#include "record/record.h"
#include "scenario/scenario.h"

/* An injected fault that fell on an invocation, or on a call it made. */
struct sim_fault {
    int64_t time_s;
    const struct fault *fault;
    enum fault_call call; /* CALL_ANY: on the invocation itself */
};

/* Launches of the backup group that found no capacity: they fail so many seconds later. */
struct sim_launch_failure {
    int64_t time_s; /* asked for */
    int64_t fails_s;
    int64_t count;
};

/* Called with every evaluation once it has decided, with the second in which it will act (its
 * outcomes are not known yet), and with every fault but those of metrics' points, for `explain`;
 * and with launches that fail. Any may be NULL. */
struct sim_observer {
    void *context;
    void (*evaluation)(const struct controller_evaluation *evaluation, int64_t acts_s,
                       void *context);
    void (*fault)(const struct sim_fault *fault, void *context);
    void (*launch_failed)(const struct sim_launch_failure *failure, void *context);
    bool stepping; /* make every evaluation; so does `evaluation`. Else those that must end as
                      the one before are only counted: the results are the same bytes */
    int64_t stop_after_s; /* stop once this second is done; 0: run to the end */
};

/* Run. `sink` and `observer` may be NULL. On failure *out_figures is undefined. */
int simulate(const struct scenario *scenario, const struct trace_set *traces,
             const struct record_sink *sink, const struct sim_observer *observer,
             struct figures *out_figures, struct error *err);

#endif
