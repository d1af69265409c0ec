/* target-headroom: spot and backup together hold the target and something to spare.
 *
 * headroom = the larger of headroom_units and headroom_percent of the fleet's target (rounded down
 * to a micro-unit). The backup is what target + headroom exceeds the fleet's fulfilled capacity by,
 * in instances, within MinSize..MaxSize. The fleet is described, not read from its metrics, so what
 * it has is not a minute or two old.
 */
#include "policy/builtin.h"
#include "policy/sizing.h"

enum parameter { HEADROOM_UNITS, HEADROOM_PERCENT, UNITS_PER_INSTANCE, PARAMETER_COUNT };

static const struct ballast_parameter parameters_table[PARAMETER_COUNT] = {
    [HEADROOM_UNITS] = {"headroom_units", BALLAST_CAPACITY, "units", 0, 0,
                        10000 * (int64_t)BALLAST_MICRO, NULL,
                        "what is to be there above the target, at least"},
    [HEADROOM_PERCENT] = {"headroom_percent", BALLAST_INTEGER, "% of the target", 10, 0, 1000, NULL,
                          "the same as a share; 10 is the example of AWS's guide to spare capacity "
                          "(targetCapacity 90)"},
    [UNITS_PER_INSTANCE] = SIZING_UNITS_PER_INSTANCE_PARAMETER,
};

static const struct ballast_read reads[] = {{.kind = BALLAST_READ_FLEET}};

static const struct ballast_reason reasons[SIZING_REASONS] = {
    [SIZING_GROUP_UNKNOWN] = SIZING_GROUP_UNKNOWN_REASON,
    [SIZING_FLEET_UNKNOWN] = SIZING_FLEET_UNKNOWN_REASON,
    [SIZING_FLEET_INACTIVE] = SIZING_FLEET_INACTIVE_REASON,
    [SIZING_FITS] = {"size-fits",
                     "the fleet has {0u} of {3u} units, and {4u} are to be spare: {1} instances "
                     "within MinSize and MaxSize, as many as the group wants"},
    [SIZING_OUT] = {"scale-out",
                    "the fleet has {0u} of {3u} units, and {4u} are to be spare: {1} instances "
                    "within MinSize and MaxSize, the group wants {2}: more at once"},
    [SIZING_IN] = {"scale-in",
                   "the fleet has {0u} of {3u} units, and {4u} are to be spare: {1} instances "
                   "within MinSize and MaxSize, the group wants {2}: fewer, once the cooldown "
                   "allows"},
};

struct sized policy_target_headroom_sized(const struct ballast_observation *observation,
                                          const int64_t *parameters, void *state)
{
    (void)state;
    uint32_t reason = 0;
    const struct ballast_fleet *fleet = sizing_fleet(&observation->answers[0], &reason);
    if (!fleet)
        return sized_hold(sizing_hold(reason, 0), SIZED_READ(0));
    int64_t headroom = sizing_share(fleet->target_micro, parameters[HEADROOM_PERCENT], 100);
    if (headroom < parameters[HEADROOM_UNITS])
        headroom = parameters[HEADROOM_UNITS];
    int64_t per_micro = sizing_units_per_instance(observation, parameters[UNITS_PER_INSTANCE]);
    int64_t units_micro = fleet->target_micro + headroom - fleet->fulfilled_micro;
    struct sized sized = sized_for(sizing_instances(units_micro, per_micro), SIZED_READ(0));
    sized.sizing.figures[0] = fleet->fulfilled_micro;
    sized.sizing.figures[3] = fleet->target_micro;
    sized.sizing.figures[4] = headroom;
    return sized;
}

struct sized_band policy_target_headroom_targets(const int64_t *figures,
                                                 const struct ballast_observation *observation,
                                                 const int64_t *parameters)
{
    const struct sized_slope slope = {
        .target_micro = figures[3],
        .percent = parameters[HEADROOM_PERCENT],
        .units_micro = figures[3] + figures[4] - figures[0],
        .units_per_instance_micro =
            sizing_units_per_instance(observation, parameters[UNITS_PER_INSTANCE]),
    };
    return sized_targets(&slope);
}

static struct ballast_decision decide(const struct ballast_observation *observation,
                                      const int64_t *parameters, void *state)
{
    const struct sized sized = policy_target_headroom_sized(observation, parameters, state);
    return sized_decide(&observation->group, &sized);
}

const struct ballast_policy policy_target_headroom = {
    .abi = BALLAST_POLICY_ABI,
    .name = "target-headroom",
    .description = "spot and backup together hold the fleet's target and a headroom above it",
    .source = "spare capacity as AWS's ECS cluster auto scaling has it (ManagedScaling, "
              "targetCapacity below 100)",
    .parameters = parameters_table,
    .parameter_count = PARAMETER_COUNT,
    .reads = reads,
    .read_count = sizeof reads / sizeof reads[0],
    .reasons = reasons,
    .reason_count = SIZING_REASONS,
    .decide = decide,
};
