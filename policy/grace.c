/* grace: scale out only once the policy has wanted to for grace_s.
 *
 * Most shortfalls of a Spot Fleet end by themselves within minutes, when what it launched in place
 * of the lost is running. The clock starts at the first evaluation that wants more, and is
 * forgotten at the first that knows better; those that do not see everything do not know better.
 */
#include "policy/modifier.h"

enum parameter { GRACE_S, PARAMETER_COUNT };

static const struct ballast_parameter parameters_table[PARAMETER_COUNT] = {
    [GRACE_S] = {"grace_s", BALLAST_DURATION, "s", 300, 0, 86400, NULL,
                 "how long a shortfall must have lasted before the backup grows"},
};

enum reason { WAITING };

static const struct ballast_reason reasons[] = {
    [WAITING] = {"grace", "{0} instances are wanted instead of {1}, since {2t}: not yet for long "
                          "enough"},
};

struct memory {
    int64_t wanted; /* 1: more is wanted, since since_s */
    int64_t since_s;
};

static bool apply(const struct ballast_observation *observation, const int64_t *parameters,
                  void *state, struct ballast_decision *decision)
{
    struct memory *memory = state;
    if (modifier_direction(observation, decision) != DIRECTION_OUT) {
        if (modifier_sees(observation))
            *memory = (struct memory){0};
        return false;
    }
    if (!memory->wanted)
        *memory = (struct memory){.wanted = 1, .since_s = observation->now_s};
    int64_t until_s = memory->since_s + parameters[GRACE_S];
    if (observation->now_s >= until_s)
        return false;
    const int64_t figures[3] = {decision->desired_capacity, observation->group.desired_capacity,
                                memory->since_s};
    return modifier_hold(decision, WAITING, figures, until_s);
}

const struct policy_modifier modifier_grace = {
    .name = "grace",
    .description = "scale out only once the shortfall has lasted for a time",
    .source = "as the \"for\" of an alert: Prometheus, alerting rules; CloudWatch alarms' "
              "EvaluationPeriods",
    .parameters = parameters_table,
    .parameter_count = PARAMETER_COUNT,
    .reasons = reasons,
    .reason_count = sizeof reasons / sizeof reasons[0],
    .state_version = 1,
    .state_size = sizeof(struct memory),
    .apply = apply,
};
