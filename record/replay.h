/* Replay: a policy decides again at each evaluation of a recording, on what was recorded.
 *
 * The same controller, with the recorded guards, over the recording's cloud port. A policy with the
 * parameters that were recorded is given the state that was recorded, at each evaluation; any other
 * remembers what it came to itself, from its first evaluation on. Nothing that comes of a decision
 * is simulated: after the first one that differs, what the account would have been is unknown.
 */
#ifndef RECORD_REPLAY_H
#define RECORD_REPLAY_H

#include "record/recorded.h"

/* One evaluation, decided twice. Borrowed during the call. */
struct replay_step {
    const struct recorded_evaluation *recorded;
    const struct ballast_policy *policy;
    const struct controller_decided *decided; /* with what was seen */
    struct said_decision said;
    bool own;     /* by the recorded policy with the recorded parameters */
    bool differs; /* other calls; for its own policy, anything else too */
};

struct replay_options {
    /* NULL: at each evaluation the policy it was recorded with, with the parameters recorded. */
    const struct ballast_policy *policy;
    const int64_t *parameters;
    void (*step)(const struct replay_step *step, void *context);
    void *context;
};

/* Through the whole recording. A recorded policy that this program does not have is
 * STATUS_BAD_INPUT. */
int replay_run(struct recorded *recorded, const struct replay_options *options, struct error *err);

#endif
