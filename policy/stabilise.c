/* stabilise: out only to the least, in only to the most that was wanted within a window.
 *
 * What the policy wants at an evaluation is the size it sets, or where it holds the size that is
 * there; it counts as wanted until it wants another. Evaluations that do not see everything and set
 * nothing are passed over. With a window of 0 s the policy's wish of the moment is taken.
 */
#include "policy/modifier.h"

enum parameter { OUT_WINDOW_S, IN_WINDOW_S, PARAMETER_COUNT };

static const struct ballast_parameter parameters_table[PARAMETER_COUNT] = {
    [OUT_WINDOW_S] = {"out_window_s", BALLAST_DURATION, "s", 0, 0, 3600, NULL,
                      "the group grows only to the least that was wanted within this window"},
    [IN_WINDOW_S] = {"in_window_s", BALLAST_DURATION, "s", 300, 0, 3600, NULL,
                     "the group shrinks only to the most that was wanted within this window"},
};

enum reason { STABLE_HOLD, STABLE_OUT, STABLE_IN };

static const struct ballast_reason reasons[] = {
    [STABLE_HOLD] = {"stabilise-hold",
                     "{0} instances are wanted, but between {1} and {2} were within "
                     "the windows: no change yet"},
    [STABLE_OUT] = {"stabilise-out",
                    "{0} instances are wanted, and no fewer than {1} were within the window"},
    [STABLE_IN] = {"stabilise-in",
                   "{0} instances are wanted, and no more than {2} were within the window"},
};

enum { WISHES_MAX = 96 }; /* changes within an hour; of more, the oldest are forgotten */

struct wish {
    int64_t from_s;
    int64_t instances;
};

struct memory {
    int64_t count;
    struct wish wishes[WISHES_MAX]; /* oldest first */
};

static void add(struct memory *memory, int64_t now_s, int64_t instances, int64_t window_s)
{
    if (memory->count && memory->wishes[memory->count - 1].instances == instances)
        return;
    int64_t gone = memory->count == WISHES_MAX;
    while (gone + 1 < memory->count && memory->wishes[gone + 1].from_s <= now_s - window_s)
        gone++; /* its successor stood before the window began */
    for (int64_t i = gone; i < memory->count; i++)
        memory->wishes[i - gone] = memory->wishes[i];
    for (int64_t i = memory->count - gone; i < memory->count; i++)
        memory->wishes[i] = (struct wish){0};
    memory->count -= gone;
    memory->wishes[memory->count++] = (struct wish){now_s, instances};
}

/* The least and the most within each window, and until when that stays so if nothing new is wanted.
 */
static void look_back(const struct memory *memory, int64_t now_s, const int64_t *parameters,
                      int64_t *out_least, int64_t *out_most, int64_t *out_until_s)
{
    *out_least = *out_most = memory->wishes[memory->count - 1].instances;
    *out_until_s = BALLAST_FOREVER;
    for (int64_t i = 0; i + 1 < memory->count; i++) {
        int64_t instances = memory->wishes[i].instances;
        int64_t ended_s = memory->wishes[i + 1].from_s;
        const int64_t leaves_s[] = {ended_s + parameters[OUT_WINDOW_S],
                                    ended_s + parameters[IN_WINDOW_S]};
        if (now_s < leaves_s[0] && instances < *out_least)
            *out_least = instances;
        if (now_s < leaves_s[1] && instances > *out_most)
            *out_most = instances;
        for (int w = 0; w < 2; w++) {
            if (now_s < leaves_s[w] && leaves_s[w] < *out_until_s)
                *out_until_s = leaves_s[w];
        }
    }
}

static bool apply(const struct ballast_observation *observation, const int64_t *parameters,
                  void *state, struct ballast_decision *decision)
{
    struct memory *memory = state;
    const struct ballast_group *group = &observation->group;
    bool sets = decision->action == BALLAST_SET_DESIRED;
    if (group->status != BALLAST_OK || (!sets && !modifier_sees(observation)))
        return false;
    int64_t wanted = sets ? decision->desired_capacity : group->desired_capacity;
    int64_t longest_s = parameters[OUT_WINDOW_S] > parameters[IN_WINDOW_S]
                            ? parameters[OUT_WINDOW_S]
                            : parameters[IN_WINDOW_S];
    add(memory, observation->now_s, wanted, longest_s);
    int64_t least = 0;
    int64_t most = 0;
    int64_t until_s = 0;
    look_back(memory, observation->now_s, parameters, &least, &most, &until_s);
    modifier_until(decision, until_s);

    int64_t size = group->desired_capacity;
    if (least > size)
        size = least;
    else if (most < size)
        size = most;
    if (size == wanted)
        return false;
    const int64_t figures[3] = {wanted, least, most};
    if (size == group->desired_capacity)
        return modifier_hold(decision, STABLE_HOLD, figures, until_s);
    bool out = size > group->desired_capacity;
    modifier_hold(decision, out ? STABLE_OUT : STABLE_IN, figures, until_s);
    decision->action = BALLAST_SET_DESIRED;
    decision->desired_capacity = size;
    decision->honor_cooldown = !out;
    return true;
}

const struct policy_modifier modifier_stabilise = {
    .name = "stabilise",
    .description = "scale out only to the least, and in only to the most, that was wanted within a "
                   "window of time",
    .source = "Kubernetes, Horizontal Pod Autoscaler, behavior.scaleUp and scaleDown "
              "stabilizationWindowSeconds (0 and 300 s)",
    .parameters = parameters_table,
    .parameter_count = PARAMETER_COUNT,
    .reasons = reasons,
    .reason_count = sizeof reasons / sizeof reasons[0],
    .state_version = 1,
    .state_size = sizeof(struct memory),
    .apply = apply,
};
