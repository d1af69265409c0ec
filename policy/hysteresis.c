/* hysteresis: pending capacity with two thresholds, so that small and short lacks move nothing.
 *
 *  1. As pending-capacity: hold while TargetCapacity changed within window_s, or where that cannot
 *     be told (the call failed, or there is no point).
 *  2. pending = the newest point of PendingCapacity within lookback_s; none: hold. target = the
 *     newest point of TargetCapacity in the window. need = the instances that pending takes.
 *  3. pending above out_above_percent of target: the group grows to need, and does not shrink.
 *     Else nothing pending, or below in_below_percent of target: it shrinks to need, and does not
 *     grow. Else it stays. All within MinSize..MaxSize.
 */
#include "policy/builtin.h"
#include "policy/sizing.h"

enum parameter {
    OUT_ABOVE_PERCENT,
    IN_BELOW_PERCENT,
    WINDOW_S,
    LOOKBACK_S,
    UNITS_PER_INSTANCE,
    PARAMETER_COUNT
};

static const struct ballast_parameter parameters_table[PARAMETER_COUNT] = {
    [OUT_ABOVE_PERCENT] = {"out_above_percent", BALLAST_INTEGER, "% of the target", 10, 0, 100,
                           NULL,
                           "grow only when more than this is pending; 10 is the tolerance of "
                           "Kubernetes' autoscaler"},
    [IN_BELOW_PERCENT] = {"in_below_percent", BALLAST_INTEGER, "% of the target", 5, 0, 100, NULL,
                          "shrink only when less than this is pending, or nothing; half of the "
                          "other leaves a band in which nothing moves"},
    [WINDOW_S] = {"window_s", BALLAST_DURATION, "s", 600, 60, 86400, NULL,
                  "hold while the fleet's target capacity changed within this window"},
    [LOOKBACK_S] = {"lookback_s", BALLAST_DURATION, "s", 900, 60, 86400, NULL,
                    "how far back a point of PendingCapacity may be taken from"},
    [UNITS_PER_INSTANCE] = SIZING_UNITS_PER_INSTANCE_PARAMETER,
};

enum { READ_WINDOW, READ_PENDING, READ_COUNT };

static const struct ballast_read reads[READ_COUNT] = {
    [READ_WINDOW] = {.kind = BALLAST_READ_METRIC,
                     .metric = "TargetCapacity",
                     .statistic = BALLAST_MAXIMUM,
                     .period_s = 60,
                     .lookback_parameter = BALLAST_PARAMETER(WINDOW_S)},
    [READ_PENDING] = {.kind = BALLAST_READ_METRIC,
                      .metric = "PendingCapacity",
                      .statistic = BALLAST_MAXIMUM,
                      .period_s = 60,
                      .lookback_parameter = BALLAST_PARAMETER(LOOKBACK_S)},
};

enum reason {
    GROUP_UNKNOWN,
    WINDOW_UNKNOWN,
    TARGET_CHANGED,
    PENDING_MISSING,
    IN_BAND,
    SIZE_FITS,
    SCALE_OUT,
    SCALE_IN,
    REASON_COUNT
};

static const struct ballast_reason reasons[REASON_COUNT] = {
    [GROUP_UNKNOWN] = SIZING_GROUP_UNKNOWN_REASON,
    [WINDOW_UNKNOWN] = {"window-unknown", "whether the target changed in the last {0s} s cannot be "
                                          "told: the call failed or returned nothing"},
    [TARGET_CHANGED] =
        {"target-changed",
         "the fleet's target capacity changed between {0u} and {1u} units within the "
         "last {2s} s, so its instances are still starting"},
    [PENDING_MISSING] = {"pending-missing", "no point of PendingCapacity in the last {0s} s: what "
                                            "is pending is unknown"},
    [IN_BAND] = {"in-band", "{0u} of {3u} units pending are not above {4} % and not below {5} %: "
                            "the group's {2} instances stay"},
    [SIZE_FITS] = {"size-fits", "{0u} of {3u} units pending: the group's {2} instances stay"},
    [SCALE_OUT] = {"scale-out", "{0u} of {3u} units pending are above {4} %: {1} instances within "
                                "MinSize and MaxSize, the group wants {2}: more at once"},
    [SCALE_IN] = {"scale-in", "{0u} of {3u} units pending are below {5} %: {1} instances within "
                              "MinSize and MaxSize, the group wants {2}: fewer, once the cooldown "
                              "allows"},
};

/* Whatever else was read, it holds while the target changes. */
static struct sized hold(struct ballast_decision held, uint32_t said)
{
    struct sized sized = sized_hold(held, said);
    sized.differ = SIZED_READ(READ_WINDOW);
    return sized;
}

struct sized policy_hysteresis_sized(const struct ballast_observation *observation,
                                     const int64_t *parameters, void *state)
{
    (void)state;
    const struct ballast_answer *window = &observation->answers[READ_WINDOW];
    const struct ballast_answer *answer = &observation->answers[READ_PENDING];
    const uint32_t both = SIZED_READ(READ_WINDOW) | SIZED_READ(READ_PENDING);
    if (window->status != BALLAST_OK)
        return hold(sizing_hold(WINDOW_UNKNOWN, parameters[WINDOW_S]), SIZED_READ(READ_WINDOW));
    if (sizing_points_differ(window))
        return hold(sizing_hold_changed(window, parameters[WINDOW_S], TARGET_CHANGED),
                    SIZED_READ(READ_WINDOW));
    if (answer->status != BALLAST_OK)
        return hold(sizing_hold(PENDING_MISSING, parameters[LOOKBACK_S]), both);
    int64_t pending = answer->points[sizing_newest_point(answer)].value_micro;
    int64_t target = window->points[0].value_micro;
    bool above = pending * 100 > target * parameters[OUT_ABOVE_PERCENT];
    bool below = pending <= 0 || pending * 100 < target * parameters[IN_BELOW_PERCENT];
    bool in_band = !above && !below;
    return (struct sized){
        .holds = false,
        .sizing =
            {
                .need = sizing_instances(pending, sizing_units_per_instance(
                                                      observation, parameters[UNITS_PER_INSTANCE])),
                .unclamped = false,
                .out_only = false,
                .keeps_larger = above || in_band,
                .keeps_smaller = !above,
                .group_unknown = GROUP_UNKNOWN,
                .fits = in_band ? IN_BAND : SIZE_FITS,
                .out = SCALE_OUT,
                .in = SCALE_IN,
                .held = 0,
                .figures = {pending, 0, 0, target, parameters[OUT_ABOVE_PERCENT],
                            parameters[IN_BELOW_PERCENT]},
                .valid_until_s = BALLAST_FOREVER,
            },
        .reads = both,
        .differ = SIZED_READ(READ_WINDOW),
        .banded = 0,
        .band = {0, 0},
    };
}

static struct ballast_decision decide(const struct ballast_observation *observation,
                                      const int64_t *parameters, void *state)
{
    const struct sized sized = policy_hysteresis_sized(observation, parameters, state);
    return sized_decide(&observation->group, &sized);
}

const struct ballast_policy policy_hysteresis = {
    .abi = BALLAST_POLICY_ABI,
    .name = "hysteresis",
    .description = "pending capacity with two thresholds: the group grows above one and shrinks "
                   "below the other",
    .source = "AWS's advice to keep a margin between the thresholds of a scale-out and a scale-in "
              "policy (Application Auto Scaling, step scaling), and the tolerance of 0.1 of "
              "Kubernetes' HorizontalPodAutoscaler",
    .parameters = parameters_table,
    .parameter_count = PARAMETER_COUNT,
    .reads = reads,
    .read_count = READ_COUNT,
    .reasons = reasons,
    .reason_count = REASON_COUNT,
    .decide = decide,
};
