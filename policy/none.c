#include "policy/builtin.h"

struct sized policy_none_sized(const struct ballast_observation *observation,
                               const int64_t *parameters, void *state)
{
    (void)observation;
    (void)parameters;
    (void)state;
    return sized_hold(sizing_hold(0, 0), 0);
}

static struct ballast_decision decide(const struct ballast_observation *observation,
                                      const int64_t *parameters, void *state)
{
    const struct sized sized = policy_none_sized(observation, parameters, state);
    return sized_decide(&observation->group, &sized);
}

static const struct ballast_reason reasons[] = {
    {"no-backup", "this policy never touches the backup group"},
};

const struct ballast_policy policy_none = {
    .abi = BALLAST_POLICY_ABI,
    .name = "none",
    .description = "no backup: the group is left as it is",
    .source = "the reference every other policy is measured against",
    .reasons = reasons,
    .reason_count = sizeof reasons / sizeof reasons[0],
    .decide = decide,
};
