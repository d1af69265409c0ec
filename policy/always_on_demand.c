/* always-on-demand: the backup carries the whole target capacity all the time.
 *
 * need = the fleet's target (or `units`, where given) in instances, within MinSize..MaxSize. A
 * fleet that is not active or cannot be described: hold, unless `units` is given, which needs no
 * fleet.
 */
#include "policy/builtin.h"
#include "policy/sizing.h"

enum parameter { UNITS, UNITS_PER_INSTANCE, PARAMETER_COUNT };

static const struct ballast_parameter parameters_table[PARAMETER_COUNT] = {
    [UNITS] = {"units", BALLAST_CAPACITY, "units", BALLAST_UNKNOWN, 0,
               10000 * (int64_t)BALLAST_MICRO, NULL,
               "capacity to carry; from the observation, it is the fleet's target"},
    [UNITS_PER_INSTANCE] = SIZING_UNITS_PER_INSTANCE_PARAMETER,
};

static const struct ballast_read reads[] = {{.kind = BALLAST_READ_FLEET}};

static const struct ballast_reason reasons[SIZING_REASONS] = {
    [SIZING_GROUP_UNKNOWN] = SIZING_GROUP_UNKNOWN_REASON,
    [SIZING_FLEET_UNKNOWN] = SIZING_FLEET_UNKNOWN_REASON,
    [SIZING_FLEET_INACTIVE] = SIZING_FLEET_INACTIVE_REASON,
    [SIZING_FITS] = {"size-fits", "{0u} units are to be on demand always: {1} instances within "
                                  "MinSize and MaxSize, as many as the group wants"},
    [SIZING_OUT] = {"scale-out", "{0u} units are to be on demand always: {1} instances within "
                                 "MinSize and MaxSize, the group wants {2}: more at once"},
    [SIZING_IN] = {"scale-in",
                   "{0u} units are to be on demand always: {1} instances within MinSize and "
                   "MaxSize, the group wants {2}: fewer, once the cooldown allows"},
};

struct sized policy_always_on_demand_sized(const struct ballast_observation *observation,
                                           const int64_t *parameters, void *state)
{
    (void)state;
    uint32_t said = 0;
    int64_t units_micro = parameters[UNITS];
    if (units_micro == BALLAST_UNKNOWN) {
        said = SIZED_READ(0);
        uint32_t reason = 0;
        const struct ballast_fleet *fleet = sizing_fleet(&observation->answers[0], &reason);
        if (!fleet)
            return sized_hold(sizing_hold(reason, 0), said);
        units_micro = fleet->target_micro;
    }
    int64_t per_micro = sizing_units_per_instance(observation, parameters[UNITS_PER_INSTANCE]);
    struct sized sized = sized_for(sizing_instances(units_micro, per_micro), said);
    sized.sizing.figures[0] = units_micro;
    return sized;
}

struct sized_band policy_always_on_demand_targets(const int64_t *figures,
                                                  const struct ballast_observation *observation,
                                                  const int64_t *parameters)
{
    const struct sized_slope slope = {
        .target_micro = figures[0],
        .units_micro = figures[0],
        .units_per_instance_micro =
            sizing_units_per_instance(observation, parameters[UNITS_PER_INSTANCE]),
    };
    return sized_targets(&slope);
}

static struct ballast_decision decide(const struct ballast_observation *observation,
                                      const int64_t *parameters, void *state)
{
    const struct sized sized = policy_always_on_demand_sized(observation, parameters, state);
    return sized_decide(&observation->group, &sized);
}

const struct ballast_policy policy_always_on_demand = {
    .abi = BALLAST_POLICY_ABI,
    .name = "always-on-demand",
    .description = "the backup carries the fleet's whole target capacity all the time",
    .source = "the other end of the scale from none: what the same capacity costs when no spot "
              "instance is relied upon",
    .parameters = parameters_table,
    .parameter_count = PARAMETER_COUNT,
    .reads = reads,
    .read_count = sizeof reads / sizeof reads[0],
    .reasons = reasons,
    .reason_count = SIZING_REASONS,
    .decide = decide,
};
