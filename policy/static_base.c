/* static-base: a fixed number of on-demand instances, always, within MinSize..MaxSize. */
#include "policy/builtin.h"
#include "policy/sizing.h"

enum parameter { INSTANCES, PARAMETER_COUNT };

static const struct ballast_parameter parameters_table[PARAMETER_COUNT] = {
    [INSTANCES] = {"instances", BALLAST_INTEGER, "instances", 1, 0, 10000, NULL,
                   "how many; one keeps something up whatever the market does"},
};

enum reason { GROUP_UNKNOWN, FITS, OUT, IN, REASON_COUNT };

static const struct ballast_reason reasons[REASON_COUNT] = {
    [GROUP_UNKNOWN] = SIZING_GROUP_UNKNOWN_REASON,
    [FITS] = {"size-fits", "the base is {0} instances, {1} within MinSize and MaxSize, as many as "
                           "the group wants"},
    [OUT] = {"scale-out", "the base is {0} instances, {1} within MinSize and MaxSize, the group "
                          "wants {2}: more at once"},
    [IN] = {"scale-in", "the base is {0} instances, {1} within MinSize and MaxSize, the group "
                        "wants {2}: fewer, once the cooldown allows"},
};

struct sized policy_static_base_sized(const struct ballast_observation *observation,
                                      const int64_t *parameters, void *state)
{
    (void)observation;
    (void)state;
    return (struct sized){
        .holds = false,
        .sizing =
            {
                .need = parameters[INSTANCES],
                .unclamped = false,
                .out_only = false,
                .keeps_larger = false,
                .keeps_smaller = false,
                .group_unknown = GROUP_UNKNOWN,
                .fits = FITS,
                .out = OUT,
                .in = IN,
                .held = 0,
                .figures = {parameters[INSTANCES], 0, 0, 0, 0, 0},
                .valid_until_s = BALLAST_FOREVER,
            },
        .reads = 0,
        .differ = 0,
        .banded = 0,
        .band = {0, 0},
    };
}

static struct ballast_decision decide(const struct ballast_observation *observation,
                                      const int64_t *parameters, void *state)
{
    const struct sized sized = policy_static_base_sized(observation, parameters, state);
    return sized_decide(&observation->group, &sized);
}

const struct ballast_policy policy_static_base = {
    .abi = BALLAST_POLICY_ABI,
    .name = "static-base",
    .description = "a fixed number of backup instances, always",
    .source = "OnDemandBaseCapacity of EC2 Auto Scaling's InstancesDistribution (API reference), "
              "and base_ondemand_fallback_replicas of SkyServe, whose guide's example is 1",
    .parameters = parameters_table,
    .parameter_count = PARAMETER_COUNT,
    .reasons = reasons,
    .reason_count = REASON_COUNT,
    .decide = decide,
};
