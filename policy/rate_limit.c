/* rate-limit: give back at most so many instances in an interval.
 *
 * What has been given back is what is seen to be gone: an interval begins when desired capacity is
 * first seen to be smaller than before, so that a refused scale-in uses nothing up.
 */
#include "policy/modifier.h"

enum parameter { IN_INSTANCES, IN_INTERVAL_S, PARAMETER_COUNT };

static const struct ballast_parameter parameters_table[PARAMETER_COUNT] = {
    [IN_INSTANCES] = {"in_instances", BALLAST_INTEGER, "instances", 1, 1, 10000, NULL,
                      "how many instances may be given back in one interval"},
    [IN_INTERVAL_S] = {"in_interval_s", BALLAST_DURATION, "s", 300, 60, 86400, NULL,
                       "the interval, from the first of them on"},
};

enum reason { LIMITED, SPENT };

static const struct ballast_reason reasons[] = {
    [LIMITED] = {"rate-limited",
                 "{0} instances are wanted instead of {1}: for now {2} of them may be "
                 "given back"},
    [SPENT] = {"rate-limit-spent",
               "{0} instances are wanted instead of {1}: as many as may be have "
               "been given back since {2t}"},
};

struct memory {
    int64_t known; /* 1: the rest means something */
    int64_t desired_capacity;
    int64_t began_s;    /* the interval; BALLAST_UNKNOWN: none has begun */
    int64_t given_back; /* in it */
};

/* Take note of what has become of the group. */
static void follow(struct memory *memory, int64_t now_s, int64_t desired_capacity,
                   int64_t interval_s)
{
    if (!memory->known)
        *memory = (struct memory){1, desired_capacity, BALLAST_UNKNOWN, 0};
    int64_t gone = memory->desired_capacity - desired_capacity;
    memory->desired_capacity = desired_capacity;
    if (gone <= 0)
        return;
    if (memory->began_s == BALLAST_UNKNOWN || now_s >= memory->began_s + interval_s) {
        memory->began_s = now_s;
        memory->given_back = 0;
    }
    memory->given_back += gone;
}

static bool apply(const struct ballast_observation *observation, const int64_t *parameters,
                  void *state, struct ballast_decision *decision)
{
    struct memory *memory = state;
    const struct ballast_group *group = &observation->group;
    if (group->status != BALLAST_OK)
        return false;
    follow(memory, observation->now_s, group->desired_capacity, parameters[IN_INTERVAL_S]);
    if (modifier_direction(observation, decision) != DIRECTION_IN)
        return false;
    int64_t ends_s = memory->began_s == BALLAST_UNKNOWN
                         ? BALLAST_UNKNOWN
                         : memory->began_s + parameters[IN_INTERVAL_S];
    bool within = observation->now_s < ends_s;
    int64_t left = parameters[IN_INSTANCES] - (within ? memory->given_back : 0);
    int64_t wanted = decision->desired_capacity;
    if (within)
        modifier_until(decision, ends_s);
    if (left <= 0) {
        const int64_t figures[3] = {wanted, group->desired_capacity, memory->began_s};
        return modifier_hold(decision, SPENT, figures, ends_s);
    }
    if (group->desired_capacity - wanted <= left)
        return false;
    const int64_t figures[3] = {wanted, group->desired_capacity, left};
    bool honor = decision->honor_cooldown;
    modifier_hold(decision, LIMITED, figures, BALLAST_FOREVER);
    decision->action = BALLAST_SET_DESIRED;
    decision->desired_capacity = group->desired_capacity - left;
    decision->honor_cooldown = honor;
    return true;
}

const struct policy_modifier modifier_rate_limit = {
    .name = "rate-limit",
    .description = "give back at most so many instances in an interval",
    .source = "Kubernetes, Horizontal Pod Autoscaler, behavior.scaleDown.policies (so many pods in "
              "periodSeconds)",
    .parameters = parameters_table,
    .parameter_count = PARAMETER_COUNT,
    .reasons = reasons,
    .reason_count = sizeof reasons / sizeof reasons[0],
    .state_version = 1,
    .state_size = sizeof(struct memory),
    .apply = apply,
};
