/* pending-capacity: size the backup to the fleet's pending capacity.
 *
 * The rule is that of the function in github.com/andyfase/ecsSpotFleet (2016), which this project
 * generalises; its preset "seed" is the original with its quirks. In order:
 *
 *  1. Was the fleet's target changed lately? Then its instances are still starting, and what is
 * pending will come by itself: hold. Two points of TargetCapacity within window_s that differ say
 * so. A failed call counts as "changed". No points at all count as on_missing_window says.
 *  2. What is pending? The newest point of PendingCapacity within lookback_s (the seed: whichever
 * point the API returned first), provided TargetCapacity has one too. If either is missing:
 * on_missing.
 *  3. need = trunc(pending / units_per_instance + 0.999999), the seed's own rounding up; clamped to
 * the group's MinSize and MaxSize unless clamp is off.
 *  4. need above desired capacity: set it at once, ignoring the cooldown. Below: ask, honouring the
 * cooldown. A refusal is normal; the next evaluation asks again.
 */
#include "policy/builtin.h"
#include "policy/sizing.h"

enum parameter {
    WINDOW_S,
    LOOKBACK_S,
    PERIOD_S,
    STATISTIC,
    UNITS_PER_INSTANCE,
    ON_MISSING_WINDOW,
    ON_MISSING,
    ASSUMED_UNITS,
    NEWEST,
    CLAMP,
    PARAMETER_COUNT
};

enum on_missing_window { WINDOW_GO_ON = 0, WINDOW_HOLD };
enum on_missing { MISSING_ASSUME = 0, MISSING_HOLD, MISSING_LAST };

static const char *const statistics[] = {"Maximum", "Minimum",     "Average",
                                         "Sum",     "SampleCount", NULL};
static const char *const on_missing_window_choices[] = {"go-on", "hold", NULL};
static const char *const on_missing_choices[] = {"assume", "hold", "last", NULL};

static const struct ballast_parameter parameters_table[PARAMETER_COUNT] = {
    [WINDOW_S] = {"window_s", BALLAST_DURATION, "s", 600, 60, 86400, NULL,
                  "hold while the fleet's target capacity changed within this window"},
    [LOOKBACK_S] = {"lookback_s", BALLAST_DURATION, "s", 900, 60, 86400, NULL,
                    "how far back a point of PendingCapacity may be taken from"},
    [PERIOD_S] = {"period_s", BALLAST_DURATION, "s", 60, 60, 3600, NULL,
                  "period of the metric queries; a multiple of 60"},
    [STATISTIC] = {"statistic", BALLAST_CHOICE, "", BALLAST_MAXIMUM, 0, 0, statistics,
                   "CloudWatch statistic of the metric queries"},
    [UNITS_PER_INSTANCE] = {"units_per_instance", BALLAST_CAPACITY, "units", BALLAST_UNKNOWN, 1,
                            10000 * (int64_t)BALLAST_MICRO, NULL,
                            "capacity units one backup instance stands in for"},
    [ON_MISSING_WINDOW] = {"on_missing_window", BALLAST_CHOICE, "", WINDOW_HOLD, 0, 0,
                           on_missing_window_choices,
                           "when the window holds no point of TargetCapacity"},
    [ON_MISSING] = {"on_missing", BALLAST_CHOICE, "", MISSING_HOLD, 0, 0, on_missing_choices,
                    "when PendingCapacity or TargetCapacity has no point: assume assumed_units are "
                    "pending, hold, or use the last value seen"},
    [ASSUMED_UNITS] = {"assumed_units", BALLAST_CAPACITY, "units", 32 * (int64_t)BALLAST_MICRO, 0,
                       10000 * (int64_t)BALLAST_MICRO, NULL,
                       "what on_missing=assume takes to be pending"},
    [NEWEST] = {"newest", BALLAST_BOOLEAN, "", 1, 0, 1, NULL,
                "take the newest point; off: the first one returned, in no order"},
    [CLAMP] = {"clamp", BALLAST_BOOLEAN, "", 1, 0, 1, NULL,
               "keep the set-point within the group's MinSize and MaxSize"},
};

static const int64_t seed_values[PARAMETER_COUNT] = {
    [WINDOW_S] = 600,
    [LOOKBACK_S] = 60,
    [PERIOD_S] = 60,
    [STATISTIC] = BALLAST_MAXIMUM,
    [UNITS_PER_INSTANCE] = 4 * (int64_t)BALLAST_MICRO,
    [ON_MISSING_WINDOW] = WINDOW_GO_ON,
    [ON_MISSING] = MISSING_ASSUME,
    [ASSUMED_UNITS] = 32 * (int64_t)BALLAST_MICRO,
    [NEWEST] = 0,
    [CLAMP] = 0,
};

static const struct ballast_preset presets[] = {
    {"seed",
     "the original function, quirks included: 60 s lookback, first point returned, 32 units "
     "assumed "
     "when data is missing, no clamping",
     seed_values},
};

enum read { READ_WINDOW, READ_PENDING, READ_TARGET, READ_COUNT };

static const struct ballast_read reads[READ_COUNT] = {
    [READ_WINDOW] = {.kind = BALLAST_READ_METRIC,
                     .metric = "TargetCapacity",
                     .statistic_parameter = BALLAST_PARAMETER(STATISTIC),
                     .period_parameter = BALLAST_PARAMETER(PERIOD_S),
                     .lookback_parameter = BALLAST_PARAMETER(WINDOW_S)},
    [READ_PENDING] = {.kind = BALLAST_READ_METRIC,
                      .metric = "PendingCapacity",
                      .statistic_parameter = BALLAST_PARAMETER(STATISTIC),
                      .period_parameter = BALLAST_PARAMETER(PERIOD_S),
                      .lookback_parameter = BALLAST_PARAMETER(LOOKBACK_S)},
    [READ_TARGET] = {.kind = BALLAST_READ_METRIC,
                     .metric = "TargetCapacity",
                     .statistic_parameter = BALLAST_PARAMETER(STATISTIC),
                     .period_parameter = BALLAST_PARAMETER(PERIOD_S),
                     .lookback_parameter = BALLAST_PARAMETER(LOOKBACK_S)},
};

enum reason {
    TARGET_CHANGED,
    WINDOW_FAILED,
    WINDOW_EMPTY,
    PENDING_MISSING,
    GROUP_UNKNOWN,
    SIZE_FITS,
    SCALE_OUT,
    SCALE_OUT_ASSUMED,
    SCALE_IN,
    SCALE_IN_ASSUMED,
    SIZE_FITS_ASSUMED,
};

static const struct ballast_reason reasons[] = {
    [TARGET_CHANGED] =
        {"target-changed",
         "the fleet's target capacity changed between {0u} and {1u} units within the "
         "last {2s} s, so its instances are still starting"},
    [WINDOW_FAILED] = {"window-failed", "the call that tells whether the target changed failed, "
                                        "which counts as changed"},
    [WINDOW_EMPTY] = {"window-empty", "no point of TargetCapacity in the last {0s} s tells whether "
                                      "the target changed"},
    [PENDING_MISSING] = {"pending-missing",
                         "no point of PendingCapacity and TargetCapacity in the last {0s} s: what "
                         "is pending is unknown"},
    [GROUP_UNKNOWN] = {"group-unknown", "the backup group could not be described"},
    [SIZE_FITS] = {"size-fits",
                   "{0u} units pending need {1} instances, as many as the group wants"},
    [SCALE_OUT] = {"scale-out",
                   "{0u} units pending need {1} instances, the group wants {2}: more at once"},
    [SCALE_OUT_ASSUMED] = {"scale-out-assumed",
                           "metrics are missing, so {0u} units are assumed pending: that needs {1} "
                           "instances, the group wants {2}"},
    [SCALE_IN] = {"scale-in", "{0u} units pending need {1} instances, the group wants {2}: fewer, "
                              "once the cooldown allows"},
    [SCALE_IN_ASSUMED] = {"scale-in-assumed",
                          "metrics are missing, so {0u} units are assumed pending: that needs {1} "
                          "instances, the group wants {2}"},
    [SIZE_FITS_ASSUMED] = {"size-fits-assumed",
                           "metrics are missing, so {0u} units are assumed pending: that needs {1} "
                           "instances, as many as the group wants"},
};

/* What is remembered: the last pending value seen, for on_missing = last. */
struct memory {
    int64_t known;
    int64_t pending_micro;
};

/* `said` is what had a say in it. No member is left out (see sizing_decide). */
static struct sized size_for(const struct ballast_observation *observation,
                             const int64_t *parameters, int64_t pending_micro, bool assumed,
                             int64_t valid_until_s, uint32_t said)
{
    int64_t units_micro = sizing_units_per_instance(observation, parameters[UNITS_PER_INSTANCE]);
    return (struct sized){
        .holds = false,
        .sizing = {.need = sizing_instances(pending_micro, units_micro),
                   .unclamped = !parameters[CLAMP],
                   .out_only = false,
                   .keeps_larger = false,
                   .keeps_smaller = false,
                   .group_unknown = GROUP_UNKNOWN,
                   .fits = assumed ? SIZE_FITS_ASSUMED : SIZE_FITS,
                   .out = assumed ? SCALE_OUT_ASSUMED : SCALE_OUT,
                   .in = assumed ? SCALE_IN_ASSUMED : SCALE_IN,
                   .held = 0,
                   .figures = {pending_micro, 0, 0, 0, 0, 0},
                   .valid_until_s = valid_until_s},
        .reads = said,
        .differ = SIZED_READ(READ_WINDOW),
        .banded = 0,
        .band = {0, 0},
    };
}

static struct sized hold(struct ballast_decision held, uint32_t said)
{
    return (struct sized){
        .holds = true,
        .held = held,
        .reads = said,
        .differ = SIZED_READ(READ_WINDOW),
        .banded = 0,
        .band = {0, 0},
    };
}

struct sized policy_pending_capacity_sized(const struct ballast_observation *observation,
                                           const int64_t *parameters, void *state)
{
    struct memory *memory = state;
    const struct ballast_answer *window = &observation->answers[READ_WINDOW];
    if (window->status == BALLAST_ERROR)
        return hold(sizing_hold(WINDOW_FAILED, 0), SIZED_READ(READ_WINDOW));
    if (window->status == BALLAST_OK && sizing_points_differ(window))
        return hold(sizing_hold_changed(window, parameters[WINDOW_S], TARGET_CHANGED),
                    SIZED_READ(READ_WINDOW));
    if (window->status == BALLAST_EMPTY && parameters[ON_MISSING_WINDOW] == WINDOW_HOLD)
        return hold(sizing_hold(WINDOW_EMPTY, parameters[WINDOW_S]), SIZED_READ(READ_WINDOW));

    const struct ballast_answer *pending = &observation->answers[READ_PENDING];
    const struct ballast_answer *target = &observation->answers[READ_TARGET];
    uint32_t said = SIZED_READ(READ_WINDOW) | SIZED_READ(READ_PENDING);
    if (pending->status == BALLAST_OK)
        said |= SIZED_READ(READ_TARGET);
    if (pending->status != BALLAST_OK || target->status != BALLAST_OK) {
        if (parameters[ON_MISSING] == MISSING_ASSUME)
            return size_for(observation, parameters, parameters[ASSUMED_UNITS], true,
                            BALLAST_FOREVER, said);
        if (parameters[ON_MISSING] == MISSING_HOLD || !memory->known)
            return hold(sizing_hold(PENDING_MISSING, parameters[LOOKBACK_S]), said);
        return size_for(observation, parameters, memory->pending_micro, true, BALLAST_FOREVER,
                        said);
    }
    size_t chosen = parameters[NEWEST] ? sizing_newest_point(pending) : 0;
    /* The order of unsorted points may change from call to call: no promise then. */
    bool lottery = !parameters[NEWEST] && sizing_points_differ(pending);
    int64_t pending_micro = pending->points[chosen].value_micro;
    *memory = (struct memory){.known = 1, .pending_micro = pending_micro};
    return size_for(observation, parameters, pending_micro, false,
                    lottery ? observation->now_s : BALLAST_FOREVER, said);
}

/* What is remembered depends on the window, and points that count samples do not tell the target.
 */
bool policy_pending_capacity_window(const int64_t *values, struct policy_window *out_window)
{
    *out_window = (struct policy_window){.parameter = WINDOW_S, .period_s = values[PERIOD_S]};
    return values[ON_MISSING] != MISSING_LAST && values[STATISTIC] != BALLAST_SAMPLE_COUNT;
}

static struct ballast_decision decide(const struct ballast_observation *observation,
                                      const int64_t *parameters, void *state)
{
    const struct sized sized = policy_pending_capacity_sized(observation, parameters, state);
    return sized_decide(&observation->group, &sized);
}

const struct ballast_policy policy_pending_capacity = {
    .abi = BALLAST_POLICY_ABI,
    .name = "pending-capacity",
    .description =
        "size the backup group to the fleet's pending capacity, holding while the fleet's "
        "target has just changed",
    .source = "github.com/andyfase/ecsSpotFleet at b9947db (2016-10-03), the function "
              "this project generalises",
    .parameters = parameters_table,
    .parameter_count = PARAMETER_COUNT,
    .presets = presets,
    .preset_count = sizeof presets / sizeof presets[0],
    .reads = reads,
    .read_count = READ_COUNT,
    .reasons = reasons,
    .reason_count = sizeof reasons / sizeof reasons[0],
    .state_version = 1,
    .state_size = sizeof(struct memory),
    .decide = decide,
};
