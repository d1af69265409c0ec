/* What an evaluation was made of, and until when it would end the same again. */
#include "fleet.h"
#include "policy/sizing.h"
#include "seconds.h"

enum { MINUTE_S = 60 };

static int64_t earliest(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Whether it was made in a second of the schedule, where the next ones see points at the same age:
 * one that Lambda tries again, or that comes twice, need not be. */
static bool in_step(const struct world *world)
{
    return (world->now_s - world->next_schedule_s) % world->scenario->controller.every_s == 0;
}

/* Whether the group, which was called, now wants what is needed, so that from now on it is left
 * alone. */
static bool fits_now(const struct world *world, const struct controller_evaluation *evaluation)
{
    return !world->sink && controller_ignores_notices(world->controller) &&
           evaluation->decision->desired_capacity == world->group.desired_capacity;
}

/* Whether an evaluation that sees and wants the same would end as this one did. */
static bool repeats(const struct world *world, const struct controller_evaluation *evaluation)
{
    const struct ballast_observation *observation = evaluation->observation;
    switch (evaluation->outcome) {
    case CLOUD_NOT_CALLED:
    case CLOUD_SCALING_ACTIVITY_IN_PROGRESS:
    case CLOUD_VALIDATION_ERROR:
    case CLOUD_DRY_RUN:
        break;
    case CLOUD_ACCEPTED:
        if (!fits_now(world, evaluation))
            return false;
        break;
    case CLOUD_FAILED:
        return false;
    }
    if (evaluation->fleet_outcome != CLOUD_NOT_CALLED && evaluation->fleet_outcome != CLOUD_DRY_RUN)
        return false;
    bool unnoticed =
        observation->interruption_notices == 0 &&
        (observation->rebalance_notices == 0 || observation->rebalance_notices == BALLAST_UNKNOWN);
    return observation->trigger == BALLAST_SCHEDULE &&
           (unnoticed || controller_ignores_notices(world->controller)) &&
           (!world->sink || world->decision_run.is_open);
}

/* Whether the guard against stale data, which goes by the age of points, may be asked. */
static bool minds_age(const struct world *world, const struct controller_evaluation *evaluation)
{
    return world->scenario->controller.guards.stale_after_s > 0 &&
           evaluation->decision->action == BALLAST_SET_DESIRED &&
           world->scenario->controller.every_s % world->metrics.period_s != 0;
}

/* What is within either. */
static struct sized_band both(const struct sized_band *a, const struct sized_band *b)
{
    return (struct sized_band){a->low_micro > b->low_micro ? a->low_micro : b->low_micro,
                               earliest(a->high_micro, b->high_micro)};
}

/* Before which second the metrics that were read stay as they are. */
static int64_t metrics_hold_s(struct world *world, const struct ballast_observation *observation)
{
    struct skipping *skipping = &world->skipping;
    const struct ballast_policy *policy = world->scenario->policy.policy;
    const struct metric_outlook outlook = {
        .now_s = world->now_s,
        .every_s = world->scenario->controller.every_s,
        .keeps_step = skipping->keeps_step,
        .next_sample_s = world->next_sample_s,
        .active = skipping->active,
    };
    int64_t until_s = INT64_MAX;
    for (size_t i = 0; i < policy->read_count; i++) {
        if (policy->reads[i].kind != BALLAST_READ_METRIC || !controller_heard(world->controller, i))
            continue;
        const struct cloud_metric_query query =
            controller_query(world->controller, i, world->now_s);
        struct sized_band band;
        int metric = skipping->metrics[i];
        if (!world->sink && controller_holds_while_differ(world->controller, i)) {
            skipping->may_differ = skipping->metrics_alone;
            skipping->differing = metric;
            skipping->differ_within_s = query.end_s - query.start_s + MINUTE_S;
            skipping->differs = sizing_points_differ(&observation->answers[i]);
            if (skipping->differs)
                continue;
        }
        until_s = earliest(
            until_s,
            metric_promise(&world->metrics, metric, &query, &outlook, &observation->answers[i],
                           world->sink ? NULL : controller_band(world->controller, i), &band));
        if (band.low_micro > band.high_micro)
            continue;
        skipping->watches = true;
        skipping->bands[metric] = both(&skipping->bands[metric], &band);
    }
    return until_s;
}

void skipping_learn(struct world *world, const struct controller_evaluation *evaluation)
{
    struct skipping *skipping = &world->skipping;
    const struct ballast_observation *observation = evaluation->observation;
    int64_t promise_s = evaluation->decision->valid_until_s;
    skipping->holds = false;
    skipping->again = false;
    skipping->needs_call = false;
    skipping->may_differ = false;
    if (!skipping->on || promise_s <= world->now_s || !in_step(world) ||
        !repeats(world, evaluation) || minds_age(world, evaluation))
        return;
    skipping->active = fleet_active(world);
    skipping->watches = false;
    skipping->differs = false;
    for (int metric = 0; metric < METRICS; metric++)
        skipping->bands[metric] = (struct sized_band){INT64_MIN, INT64_MAX};
    skipping->limit_s = faults_next_s(&world->scenario->controller.faults, world->now_s);
    if (skipping->limit_s > world->now_s)
        skipping->limit_s = earliest(skipping->limit_s, metrics_hold_s(world, observation));
    if (skipping->reads_pools && skipping->limit_s > world->now_s)
        skipping->limit_s = earliest(skipping->limit_s, price_promise(world, observation));
    promise_s = earliest(promise_s, skipping->limit_s);
    if (promise_s <= world->now_s)
        return;
    bool refused = evaluation->outcome == CLOUD_SCALING_ACTIVITY_IN_PROGRESS;
    skipping->holds = true;
    skipping->promise_s = promise_s;
    skipping->refused = refused;
    skipping->refused_in = (refused || evaluation->outcome == CLOUD_VALIDATION_ERROR) &&
                           evaluation->desired_capacity < world->group.desired_capacity;
    skipping->samples = world->metrics.count;
    skipping->settled = SIZE_MAX;
    seen_learn(world, evaluation);
}
