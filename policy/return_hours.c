/* return-hours: scale in only within certain hours of the day (UTC). */
#include "policy/modifier.h"

enum { DAY_S = 86400 };

enum parameter { IN_FROM_S, IN_UNTIL_S, PARAMETER_COUNT };

static const struct ballast_parameter parameters_table[PARAMETER_COUNT] = {
    [IN_FROM_S] = {"in_from_s", BALLAST_DURATION, "s", 0, 0, DAY_S, NULL,
                   "second of the day (UTC) from which instances may be given back"},
    [IN_UNTIL_S] = {"in_until_s", BALLAST_DURATION, "s", DAY_S, 0, DAY_S, NULL,
                    "and until which, itself excluded; earlier than in_from_s: of the next day"},
};

enum reason { CLOSED };

static const struct ballast_reason reasons[] = {
    [CLOSED] = {"return-hours",
                "{0} instances are wanted instead of {1}: nothing is given back before {2t}"},
};

/* The second of the day `now_s` falls into, before 1970 too. */
static int64_t second_of_day(int64_t now_s)
{
    return ((now_s % DAY_S) + DAY_S) % DAY_S;
}

/* The next second after now_s at which the day's second is `second`. */
static int64_t next(int64_t now_s, int64_t second)
{
    int64_t ahead_s = (second % DAY_S) - second_of_day(now_s);
    return now_s + (ahead_s > 0 ? ahead_s : ahead_s + DAY_S);
}

static bool open_at(int64_t second, const int64_t *parameters)
{
    int64_t from = parameters[IN_FROM_S];
    int64_t until = parameters[IN_UNTIL_S];
    return from <= until ? second >= from && second < until : second >= from || second < until;
}

static bool apply(const struct ballast_observation *observation, const int64_t *parameters,
                  void *state, struct ballast_decision *decision)
{
    (void)state;
    if (modifier_direction(observation, decision) != DIRECTION_IN)
        return false;
    int64_t now_s = observation->now_s;
    if (open_at(second_of_day(now_s), parameters)) {
        modifier_until(decision, next(now_s, parameters[IN_UNTIL_S]));
        return false;
    }
    int64_t opens_s = next(now_s, parameters[IN_FROM_S]);
    const int64_t figures[3] = {decision->desired_capacity, observation->group.desired_capacity,
                                opens_s};
    return modifier_hold(decision, CLOSED, figures, opens_s);
}

const struct policy_modifier modifier_return_hours = {
    .name = "return-hours",
    .description = "scale in only within certain hours of the day (UTC)",
    .source = "maintenance windows, as AWS Systems Manager has them",
    .parameters = parameters_table,
    .parameter_count = PARAMETER_COUNT,
    .reasons = reasons,
    .reason_count = sizeof reasons / sizeof reasons[0],
    .state_version = 1,
    .apply = apply,
};
