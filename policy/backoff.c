/* backoff: trust a pool that was unavailable only once it has been back for a time, which doubles
 * when it is lost again soon.
 *
 * An episode begins when the policy first wants more, and ends when it first wants less. From then
 * on it must go on wanting less for first_s, twice that after the second episode within forget_s,
 * and so on up to max_s; then it gets its way. An episode that begins later than forget_s after the
 * one before it counts as the first.
 */
#include "policy/modifier.h"

enum parameter { FIRST_S, MAX_S, FORGET_S, PARAMETER_COUNT };

static const struct ballast_parameter parameters_table[PARAMETER_COUNT] = {
    [FIRST_S] = {"first_s", BALLAST_DURATION, "s", 600, 60, 86400, NULL,
                 "how long less must have been wanted after a first episode"},
    [MAX_S] = {"max_s", BALLAST_DURATION, "s", 7200, 60, 86400, NULL,
               "and at most, however many there were"},
    [FORGET_S] = {"forget_s", BALLAST_DURATION, "s", 21600, 60, 604800, NULL,
                  "an episode is forgotten where none begins within this time"},
};

enum reason { NOT_TRUSTED };

static const struct ballast_reason reasons[] = {
    [NOT_TRUSTED] = {"backoff",
                     "{0} instances are wanted instead of {1}, since {2t}: after so many "
                     "losses that is not yet trusted"},
};

enum { EPISODES_MAX = 20 }; /* twice first_s so often is beyond any max_s */

struct memory {
    int64_t short_now; /* 1: within an episode */
    int64_t episodes;  /* how many in a row */
    int64_t began_s;   /* the last one */
    int64_t back;      /* 1: less is wanted, since back_s */
    int64_t back_s;
};

static void lose(struct memory *memory, int64_t now_s, int64_t forget_s)
{
    memory->back = 0;
    memory->back_s = 0;
    if (memory->short_now)
        return;
    memory->short_now = 1;
    if (memory->episodes && now_s - memory->began_s > forget_s)
        memory->episodes = 0;
    if (memory->episodes < EPISODES_MAX)
        memory->episodes++;
    memory->began_s = now_s;
}

static int64_t wait_s(const struct memory *memory, const int64_t *parameters)
{
    int64_t time_s = parameters[FIRST_S];
    for (int64_t i = 1; i < memory->episodes && time_s < parameters[MAX_S]; i++)
        time_s *= 2;
    return time_s < parameters[MAX_S] ? time_s : parameters[MAX_S];
}

static bool apply(const struct ballast_observation *observation, const int64_t *parameters,
                  void *state, struct ballast_decision *decision)
{
    struct memory *memory = state;
    int64_t now_s = observation->now_s;
    enum modifier_direction direction = modifier_direction(observation, decision);
    if (direction == DIRECTION_OUT) {
        lose(memory, now_s, parameters[FORGET_S]);
        return false;
    }
    if (direction == DIRECTION_NONE) {
        if (modifier_sees(observation)) {
            memory->back = 0;
            memory->back_s = 0;
        }
        return false;
    }
    memory->short_now = 0;
    if (!memory->back) {
        memory->back = 1;
        memory->back_s = now_s;
    }
    int64_t until_s = memory->back_s + wait_s(memory, parameters);
    if (memory->episodes == 0 || now_s >= until_s)
        return false;
    const int64_t figures[3] = {decision->desired_capacity, observation->group.desired_capacity,
                                memory->back_s};
    return modifier_hold(decision, NOT_TRUSTED, figures, until_s);
}

const struct policy_modifier modifier_backoff = {
    .name = "backoff",
    .description = "give back only once spot has been back for a time, which doubles with each "
                   "further loss",
    .source = "exponential backoff, as Kubernetes restarts containers (CrashLoopBackOff)",
    .parameters = parameters_table,
    .parameter_count = PARAMETER_COUNT,
    .reasons = reasons,
    .reason_count = sizeof reasons / sizeof reasons[0],
    .state_version = 1,
    .state_size = sizeof(struct memory),
    .apply = apply,
};
