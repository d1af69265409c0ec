#include "study/policy_asked.h"

#include "policy/words.h"

#include <inttypes.h>
#include <string.h>

struct policy_whereabouts policy_asked_where(const struct policy_asked *a)
{
    return (struct policy_whereabouts){a->world.seed, 0, a->world.now_s};
}

static bool is_incomplete(const struct ballast_observation *seen)
{
    for (size_t i = 0; i < seen->answer_count; i++) {
        if (seen->answers[i].status != BALLAST_OK)
            return true;
    }
    return seen->group.status != BALLAST_OK;
}

static void judge_bounds(const struct policy_asked *a)
{
    const struct ballast_group *group = &a->trial->room->sight.observation.group;
    const struct ballast_decision *decision = &a->decision;
    const struct policy_whereabouts where = policy_asked_where(a);
    int64_t desired = decision->desired_capacity;
    if (decision->action != BALLAST_HOLD && decision->action != BALLAST_SET_DESIRED)
        policy_trial_breach(a->trial->result, DEMAND_BOUNDS, &where, "there is no action %d",
                            (int)decision->action);
    else if (decision->action == BALLAST_SET_DESIRED && group->status == BALLAST_OK &&
             (desired < group->min_size || desired > group->max_size))
        policy_trial_breach(a->trial->result, DEMAND_BOUNDS, &where,
                            "it asks for %" PRId64 " instances, where the group may have %" PRId64
                            " to %" PRId64,
                            desired, group->min_size, group->max_size);
    if (decision->set_fleet_target && decision->fleet_target < 0)
        policy_trial_breach(a->trial->result, DEMAND_BOUNDS, &where,
                            "it sets the fleet's target to %" PRId64, decision->fleet_target);
}

static void judge_reason(const struct policy_asked *a)
{
    const struct ballast_policy *policy = a->trial->policy;
    const struct policy_whereabouts where = policy_asked_where(a);
    char words[1024];
    if (a->decision.reason >= policy->reason_count) {
        policy_trial_breach(a->trial->result, DEMAND_REASON, &where,
                            "reason %u: it names %zu, the first is 0", (unsigned)a->decision.reason,
                            policy->reason_count);
        return;
    }
    policy_reason_words(policy, a->decision.reason, a->decision.figures, words, sizeof words);
    const char *brace = strchr(words, '{');
    if (brace && brace[1] >= '0' && brace[1] <= '9')
        policy_trial_breach(a->trial->result, DEMAND_REASON, &where,
                            "reason %s: its text asks for \"%.4s\", and there are %d figures, as "
                            "{0}, {0u}, {0s}, {0t}",
                            policy->reasons[a->decision.reason].name, brace, BALLAST_FIGURES_MAX);
}

static void judge_missing(const struct policy_asked *a)
{
    const struct ballast_group *group = &a->trial->room->sight.observation.group;
    const struct policy_whereabouts where = policy_asked_where(a);
    int64_t desired = a->decision.desired_capacity;
    if (a->decision.action != BALLAST_SET_DESIRED)
        return;
    if (group->status != BALLAST_OK)
        policy_trial_breach(
            a->trial->result, DEMAND_MISSING, &where,
            "the group could not be described, and it asks for %" PRId64 " instances", desired);
    else if (desired < group->desired_capacity)
        policy_trial_breach(a->trial->result, DEMAND_MISSING, &where,
                            "a read failed or returned nothing, and the group shrinks from %" PRId64
                            " to %" PRId64 " instances",
                            group->desired_capacity, desired);
}

static void count_kind(const struct policy_asked *a)
{
    const struct ballast_group *group = &a->trial->room->sight.observation.group;
    struct policy_trial_result *result = a->trial->result;
    bool moves = a->decision.action == BALLAST_SET_DESIRED && group->status == BALLAST_OK;
    if (moves && a->decision.desired_capacity > group->desired_capacity)
        result->grew++;
    else if (moves && a->decision.desired_capacity < group->desired_capacity)
        result->shrank++;
    else
        result->held++;
}

void policy_asked_judge(const struct policy_asked *a)
{
    struct policy_trial_result *result = a->trial->result;
    count_kind(a);
    result->worlds[DEMAND_REASON]++;
    judge_reason(a);
    if (!a->world.careful)
        return;
    result->worlds[DEMAND_BOUNDS]++;
    judge_bounds(a);
    if (!is_incomplete(&a->trial->room->sight.observation))
        return;
    result->worlds[DEMAND_MISSING]++;
    judge_missing(a);
}
