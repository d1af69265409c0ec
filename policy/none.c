#include "policy/builtin.h"

static struct ballast_decision decide(const struct ballast_observation *observation,
                                      const int64_t *parameters, void *state)
{
    (void)observation;
    (void)parameters;
    (void)state;
    return (struct ballast_decision){.action = BALLAST_HOLD, .valid_until_s = BALLAST_FOREVER};
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
