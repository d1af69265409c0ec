/* A policy of one's own: the backup carries a share of what the fleet lacks.
 *
 * docs/your-own-policy.md makes it step by step. To build it:
 *     cc $(pkg-config --cflags ballast) -shared -fPIC -o mine.so mine.c
 */
#include <ballast/policy.h>

/* What users may set: `--set policy.parameters.share_percent=50`. */
enum { SHARE_PERCENT, PARAMETER_COUNT };

static const struct ballast_parameter parameters_table[PARAMETER_COUNT] = {
    [SHARE_PERCENT] = {.name = "share_percent",
                       .type = BALLAST_INTEGER,
                       .unit = "%",
                       .default_value = 100,
                       .min = 0,
                       .max = 200,
                       .help = "how much of what the fleet lacks is replaced"},
};

static const int64_t half[PARAMETER_COUNT] = {[SHARE_PERCENT] = 50};

static const struct ballast_preset presets[] = {
    {"half", "replaces half of it: for work that can wait", half},
};

/* What it looks at before each decision. The backup group is always described. */
enum { FLEET, READ_COUNT };

static const struct ballast_read reads[READ_COUNT] = {
    [FLEET] = {.kind = BALLAST_READ_FLEET},
};

/* Why it decides as it does, in words. */
enum { NOT_SEEN, FITS, MORE, FEWER, REASON_COUNT };

static const struct ballast_reason reasons[REASON_COUNT] = {
    [NOT_SEEN] = {"not-seen", "the fleet or the group could not be described: hold"},
    [FITS] = {"size-fits", "the fleet lacks {0u} units, {1} instances: as many as the group wants"},
    [MORE] = {"scale-out", "the fleet lacks {0u} units, {1} instances, the group wants {2}: more"},
    [FEWER] = {"scale-in", "the fleet lacks {0u} units, {1} instances, the group wants {2}: fewer, "
                           "once the cooldown allows"},
};

static int64_t instances_for(int64_t lack_micro, int64_t share_percent,
                             const struct ballast_group *group)
{
    int64_t share_micro = lack_micro > 0 ? lack_micro / 100 * share_percent : 0;
    int64_t unit = group->units_per_instance_micro;
    int64_t need = share_micro / unit + (share_micro % unit != 0);
    if (need < group->min_size)
        return group->min_size;
    return need > group->max_size ? group->max_size : need;
}

static struct ballast_decision decide(const struct ballast_observation *seen,
                                      const int64_t *parameters, void *state)
{
    const struct ballast_answer *fleet = &seen->answers[FLEET];
    const struct ballast_group *group = &seen->group;
    (void)state; /* it remembers nothing */
    /* Nothing that is missing shrinks the group. Nor is there anything to back without a fleet. */
    if (fleet->status != BALLAST_OK || group->status != BALLAST_OK || !fleet->fleet->active)
        return (struct ballast_decision){
            .action = BALLAST_HOLD, .reason = NOT_SEEN, .valid_until_s = BALLAST_FOREVER};
    int64_t lack_micro = fleet->fleet->target_micro - fleet->fleet->fulfilled_micro;
    int64_t need = instances_for(lack_micro, parameters[SHARE_PERCENT], group);
    struct ballast_decision decision = {
        .reason = FITS,
        .figures = {lack_micro, need, group->desired_capacity},
        /* what it sees is all it goes by: while that stays, so does the decision */
        .valid_until_s = BALLAST_FOREVER,
    };
    if (need == group->desired_capacity)
        return decision;
    decision.action = BALLAST_SET_DESIRED;
    decision.desired_capacity = need;
    decision.honor_cooldown = need < group->desired_capacity;
    decision.reason = decision.honor_cooldown ? FEWER : MORE;
    return decision;
}

static const struct ballast_policy mine = {
    .abi = BALLAST_POLICY_ABI,
    .name = "mine",
    .description = "a share of what the fleet lacks, as it is described",
    .source = "the guide of Ballast, docs/your-own-policy.md",
    .parameters = parameters_table,
    .parameter_count = PARAMETER_COUNT,
    .presets = presets,
    .preset_count = sizeof presets / sizeof presets[0],
    .reads = reads,
    .read_count = READ_COUNT,
    .reasons = reasons,
    .reason_count = REASON_COUNT,
    .decide = decide,
};

/* The one symbol that Ballast looks for. */
const struct ballast_policy *const ballast_policy_v1 = &mine;
