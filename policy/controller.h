/* The controller: the whole loop body, and the only one there is.
 *
 * controller_tick reads what the policy declares, asks it, applies the guards, acts, and tells the
 * recorder. The simulator calls it at simulated minutes, the live adapter at real ones, replay at
 * recorded ones. Where time passes between reading and acting, its two halves are called one by
 * one.
 *
 * GUARDS stand between the policy's decision and the account, so that they are simulated too.
 * Unnamed they are off. A guard may hold a decision or lower its desired capacity, never raise it:
 *   max_step_instances     one call raises desired capacity by at most this many
 *   max_desired_instances  a call never asks for more than this
 *   stale_after_s          when any metric read is EMPTY or ERROR, or its newest point's period
 * ended longer ago than this, nothing is scaled in dry_run                nothing is called; the
 * outcome is CLOUD_DRY_RUN
 */
#ifndef POLICY_CONTROLLER_H
#define POLICY_CONTROLLER_H

#include "policy/cloud.h"
#include "policy/policy.h"
#include "policy/sizing.h"

struct controller_guards {
    int64_t max_step_instances;    /* 0: off */
    int64_t max_desired_instances; /* 0: off */
    int64_t stale_after_s;         /* 0: off */
    bool dry_run;
};

enum controller_guard {
    GUARD_NONE = 0,
    GUARD_MAX_STEP,    /* the step was shortened */
    GUARD_MAX_DESIRED, /* the set-point was lowered, or the call dropped */
    GUARD_STALE,       /* a scale-in was held */
};

const char *controller_guard_name(enum controller_guard guard);

/* One evaluation, whole: what was seen, decided and done. Borrowed during the recorder's call. */
struct controller_evaluation {
    const struct ballast_observation *observation;
    const struct ballast_decision *decision; /* the policy's */
    enum ballast_action action;              /* after the guards */
    int64_t desired_capacity;                /* after the guards; the call's argument */
    enum controller_guard guard;
    enum cloud_outcome outcome;       /* of SetDesiredCapacity */
    enum cloud_outcome fleet_outcome; /* of ModifySpotFleetRequest */
};

/* Who is told of every evaluation. */
struct controller_recorder {
    void *context;
    void (*evaluation)(const struct controller_evaluation *evaluation, void *context); /* or NULL */
};

/* What an evaluation has decided and not yet done, in plain values. The answers that `observation`
 * points to are the controller's, and hold until it decides again. */
struct controller_decided {
    struct ballast_observation observation;
    struct ballast_decision decision; /* the policy's */
    enum controller_guard guard;
    enum ballast_action action; /* after the guards, as is desired_capacity */
    int64_t desired_capacity;
};

/* A controller's memory: make one with controller_new, which allocates all that ticks will need. */
struct controller;

/* `policy` is borrowed; `parameters` (policy->parameter_count values) and `guards` are copied. */
struct controller *controller_new(const struct ballast_policy *policy, const int64_t *parameters,
                                  const struct controller_guards *guards);
void controller_destroy(struct controller *controller);

/* The policy's state bytes (policy->state_size of them), to store and restore. */
void *controller_state(struct controller *controller);

/* What the last decision went by, as far as the policy tells it (policy/sizing.h); of one that does
 * not, everything had a say, and nothing more is known. Whether read `index` had a say; whether
 * notices had none; whether the group had none; whether it holds at any evaluation at which not all
 * points of read `index` are alike. */
bool controller_heard(const struct controller *controller, size_t index);
bool controller_ignores_notices(const struct controller *controller);
bool controller_ignores_group(const struct controller *controller);
bool controller_holds_while_differ(const struct controller *controller, size_t index);

/* Within which values points of read `index`, a METRIC, have no say, if all else stays; or NULL. */
const struct sized_band *controller_band(const struct controller *controller, size_t index);

/* Within which prices the price of `row`, of the last answer, has no say, if all else stays, nor
 * its time (policy/sizing.h). False: the policy does not tell. */
bool controller_price_band(const struct controller *controller,
                           const struct ballast_spot_price *row, struct price_band *out_band);

/* Whether the policy can be asked again: it sizes the group, and remembers nothing. Then what it
 * makes of `observation`, which the last decision went by, but of the fleet, and with `pools` of
 * its pools, as they are described now. Until the next decision these are the fleet and the pools.
 * False in *out_known: something else has a say in it, and nothing is known. */
bool controller_forgets(const struct controller *controller);
struct sized controller_size_again(struct controller *controller, const struct cloud *cloud,
                                   const struct ballast_observation *observation, bool pools,
                                   bool *out_known);
/* For which targets of the described fleet what is needed would be the same, if all else stays; low
 * above high: none is known. It was sized for `observation`, with these figures. */
struct sized_band controller_targets(const struct controller *controller,
                                     const struct ballast_observation *observation,
                                     const int64_t *figures);

/* What read `index` of the policy, a METRIC, asks at now_s. */
struct cloud_metric_query controller_query(const struct controller *controller, size_t index,
                                           int64_t now_s);

/* Whether all that had a say in the last decision, but for metrics and for the price and the time
 * of a row of spot prices, would be answered as it was then, when `group` was described; NULL: it
 * is not looked at. Notices are left alone. */
bool controller_sees_the_same(const struct controller *controller, const struct cloud *cloud,
                              const struct ballast_group *group);

/* One evaluation. Returns the decision's valid_until_s. Allocates nothing. */
int64_t controller_tick(struct controller *controller, const struct cloud *cloud,
                        enum ballast_trigger trigger, const struct controller_recorder *recorder);

/* Only the reads. The answers hold until the controller reads again. */
void controller_observe(struct controller *controller, const struct cloud *cloud,
                        enum ballast_trigger trigger, struct ballast_observation *out_observation);

/* What the policy, whose function `size` is, makes of that. It counts as the last decision. */
struct sized controller_size(struct controller *controller, sized_function *size,
                             const struct ballast_observation *observation, void *state);

/* Apply the guards that go by nothing but the group, as observed: all but stale_after_s. A decision
 * to set desired capacity may be lowered or dropped. */
void controller_limit(const struct controller_guards *guards, struct controller_decided *decided);

/* Its halves. Read, ask the policy, whose memory is `state` (controller_state, or a copy of it),
 * and apply the guards to what was read. */
void controller_decide(struct controller *controller, const struct cloud *cloud,
                       enum ballast_trigger trigger, void *state,
                       struct controller_decided *out_decided);
/* Call, and tell the recorder. Returns the decision's valid_until_s. */
int64_t controller_act(const struct controller *controller, const struct cloud *cloud,
                       const struct controller_decided *decided,
                       const struct controller_recorder *recorder);

#endif
