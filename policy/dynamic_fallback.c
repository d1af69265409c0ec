/* dynamic-fallback: a base on demand always, and whatever ready spot lacks of the target.
 *
 *  ready = the least of the fleet's fulfilled capacity now and the points of FulfilledCapacity
 * whose minute ended less than warmup_s ago, the newest of all in any case: what has been there
 *          that long. Where the metric is missing, fulfilled capacity now; then nothing scales in.
 *  need  = the larger of base_instances and the instances that target - ready takes, within
 *          MinSize..MaxSize.
 *
 * SkyServe counts its base as part of the target, and falls back by the target less ready spot:
 * base + max(0, (target - base) - ready), which is the larger of the two.
 */
#include "policy/builtin.h"
#include "policy/sizing.h"

enum parameter { BASE_INSTANCES, WARMUP_S, LOOKBACK_S, UNITS_PER_INSTANCE, PARAMETER_COUNT };

static const struct ballast_parameter parameters_table[PARAMETER_COUNT] = {
    [BASE_INSTANCES] = {"base_instances", BALLAST_INTEGER, "instances", 1, 0, 10000, NULL,
                        "on demand always; 1 is the example of SkyServe's guide "
                        "(base_ondemand_fallback_replicas)"},
    [WARMUP_S] = {"warmup_s", BALLAST_DURATION, "s", 120, 0, 86400, NULL,
                  "spot capacity is ready when it has been there that long; 120 is what SkyServe's "
                  "example of its SpotHedge gives a replica (initial_delay_seconds)"},
    [LOOKBACK_S] = {"lookback_s", BALLAST_DURATION, "s", 900, 60, 86400, NULL,
                    "how far back points of FulfilledCapacity are asked for"},
    [UNITS_PER_INSTANCE] = SIZING_UNITS_PER_INSTANCE_PARAMETER,
};

enum { PERIOD_S = 60 };

enum { READ_FLEET, READ_FULFILLED, READ_COUNT };

static const struct ballast_read reads[READ_COUNT] = {
    [READ_FLEET] = {.kind = BALLAST_READ_FLEET},
    [READ_FULFILLED] = {.kind = BALLAST_READ_METRIC,
                        .metric = "FulfilledCapacity",
                        .statistic = BALLAST_MINIMUM,
                        .period_s = PERIOD_S,
                        .lookback_parameter = BALLAST_PARAMETER(LOOKBACK_S)},
};

enum reason { READY_UNKNOWN = SIZING_REASONS, REASON_COUNT };

static const struct ballast_reason reasons[REASON_COUNT] = {
    [SIZING_GROUP_UNKNOWN] = SIZING_GROUP_UNKNOWN_REASON,
    [SIZING_FLEET_UNKNOWN] = SIZING_FLEET_UNKNOWN_REASON,
    [SIZING_FLEET_INACTIVE] = SIZING_FLEET_INACTIVE_REASON,
    [SIZING_FITS] = {"size-fits",
                     "{0u} of {3u} units of spot are ready, and {4} instances are the base: {1} "
                     "within MinSize and MaxSize, as many as the group wants"},
    [SIZING_OUT] = {"scale-out",
                    "{0u} of {3u} units of spot are ready, and {4} instances are the base: {1} "
                    "within MinSize and MaxSize, the group wants {2}: more at once"},
    [SIZING_IN] = {"scale-in",
                   "{0u} of {3u} units of spot are ready, and {4} instances are the base: {1} "
                   "within MinSize and MaxSize, the group wants {2}: fewer, once the cooldown "
                   "allows"},
    [READY_UNKNOWN] = {"ready-unknown",
                       "the fleet has {0u} of {3u} units, but since when cannot be told, for no "
                       "point of FulfilledCapacity was returned: the group's {2} instances stay"},
};

struct ready {
    int64_t micro;
    int64_t until_s; /* then it may be more, if all goes on */
};

/* A point leaves with the end of the warm-up or of the lookback, whose start is rounded down to the
 * minute. */
static struct ready ready_spot(const struct ballast_answer *answer, int64_t fulfilled_micro,
                               int64_t now_s, const int64_t *parameters)
{
    size_t newest = sizing_newest_point(answer);
    int64_t newest_micro = answer->points[newest].value_micro;
    int64_t settled_micro = newest_micro < fulfilled_micro ? newest_micro : fulfilled_micro;
    struct ready ready = {settled_micro, BALLAST_FOREVER};
    int64_t stays_s =
        PERIOD_S + (parameters[WARMUP_S] < parameters[LOOKBACK_S] ? parameters[WARMUP_S]
                                                                  : parameters[LOOKBACK_S]);
    if (sizing_least(answer) >= settled_micro) /* as nearly always */
        return ready;
    for (size_t i = 0; i < answer->point_count; i++) {
        int64_t value_micro = answer->points[i].value_micro;
        int64_t leaves_s = answer->points[i].time_s + stays_s;
        if (leaves_s <= now_s || value_micro >= settled_micro)
            continue;
        /* Of the least values the last to leave counts. */
        if (value_micro < ready.micro || (value_micro == ready.micro && leaves_s > ready.until_s))
            ready = (struct ready){value_micro, leaves_s};
    }
    return ready;
}

struct sized policy_dynamic_fallback_sized(const struct ballast_observation *observation,
                                           const int64_t *parameters, void *state)
{
    (void)state;
    uint32_t reason = 0;
    const struct ballast_fleet *fleet = sizing_fleet(&observation->answers[READ_FLEET], &reason);
    if (!fleet)
        return sized_hold(sizing_hold(reason, 0), SIZED_READ(READ_FLEET));
    const struct ballast_answer *fulfilled = &observation->answers[READ_FULFILLED];
    bool known = fulfilled->status == BALLAST_OK;
    struct ready ready = {fleet->fulfilled_micro, BALLAST_FOREVER};
    if (known)
        ready = ready_spot(fulfilled, fleet->fulfilled_micro, observation->now_s, parameters);
    int64_t per_micro = sizing_units_per_instance(observation, parameters[UNITS_PER_INSTANCE]);
    int64_t units_micro = fleet->target_micro - ready.micro;
    int64_t need = sizing_instances(units_micro, per_micro);
    struct sized sized =
        sized_for(need > parameters[BASE_INSTANCES] ? need : parameters[BASE_INSTANCES],
                  SIZED_READ(READ_FLEET) | SIZED_READ(READ_FULFILLED));
    sized.sizing.out_only = !known;
    sized.sizing.held = READY_UNKNOWN;
    sized.sizing.figures[0] = ready.micro;
    sized.sizing.figures[3] = fleet->target_micro;
    sized.sizing.figures[4] = parameters[BASE_INSTANCES];
    sized.sizing.valid_until_s = ready.until_s;
    /* Points that are no less than what there is now make no difference. */
    sized.banded = SIZED_READ(READ_FULFILLED);
    sized.band = (struct sized_band){fleet->fulfilled_micro, INT64_MAX};
    return sized;
}

struct sized_band policy_dynamic_fallback_targets(const int64_t *figures,
                                                  const struct ballast_observation *observation,
                                                  const int64_t *parameters)
{
    const struct sized_slope slope = {
        .target_micro = figures[3],
        .units_micro = figures[3] - figures[0],
        .units_per_instance_micro =
            sizing_units_per_instance(observation, parameters[UNITS_PER_INSTANCE]),
        .least = parameters[BASE_INSTANCES],
    };
    return sized_targets(&slope);
}

static struct ballast_decision decide(const struct ballast_observation *observation,
                                      const int64_t *parameters, void *state)
{
    const struct sized sized = policy_dynamic_fallback_sized(observation, parameters, state);
    return sized_decide(&observation->group, &sized);
}

const struct ballast_policy policy_dynamic_fallback = {
    .abi = BALLAST_POLICY_ABI,
    .name = "dynamic-fallback",
    .description = "a base on demand always, and on demand whatever ready spot lacks of the target",
    .source = "SkyServe (Mao et al., EuroSys 2025, arXiv 2411.01438): dynamic fallback, and "
              "base_ondemand_fallback_replicas and dynamic_ondemand_fallback of its guide",
    .parameters = parameters_table,
    .parameter_count = PARAMETER_COUNT,
    .reads = reads,
    .read_count = READ_COUNT,
    .reasons = reasons,
    .reason_count = REASON_COUNT,
    .decide = decide,
};
