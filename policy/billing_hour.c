/* billing-hour: give an instance back only shortly before an hour it has been paid for ends.
 *
 * Under hourly billing an instance given back early is paid to the end of its hour all the same.
 * An observation holds no launch times, so they are remembered: as many as InService has grown by
 * since the last evaluation began then, those there at first at the first evaluation. When it
 * shrinks, those whose hour ended next two minutes ago are taken to be gone, as the group's default
 * termination policy has it. Instances that are wanted and not yet in service have cost nothing and
 * may go.
 */
#include "policy/modifier.h"

enum parameter { PAID_S, MARGIN_S, PARAMETER_COUNT };

static const struct ballast_parameter parameters_table[PARAMETER_COUNT] = {
    [PAID_S] = {"paid_s", BALLAST_DURATION, "s", 3600, 60, 86400, NULL,
                "what is paid for at a time"},
    [MARGIN_S] = {"margin_s", BALLAST_DURATION, "s", 300, 60, 86400, NULL,
                  "how long before its paid time ends an instance may be given back: the time from "
                  "one evaluation to the next and the call must fit in"},
};

enum reason { PAID, SOME_PAID };

static const struct ballast_reason reasons[] = {
    [PAID] = {"paid-for", "{0} instances are wanted instead of {1}: all are paid for beyond {2t}"},
    [SOME_PAID] = {"some-paid-for",
                   "{0} instances are wanted instead of {1}: the paid time of {2} of "
                   "them is about to end"},
};

enum {
    SEEN_LATE_S = 120,
    BATCHES_MAX = 64
}; /* of instances that began together; the newest two share the last */

struct batch {
    int64_t since_s;
    int64_t instances;
};

struct memory {
    int64_t count;
    struct batch batches[BATCHES_MAX]; /* oldest first */
};

static int64_t left_of_paid_s(const struct batch *batch, int64_t now_s, int64_t paid_s)
{
    return paid_s - (now_s - batch->since_s) % paid_s;
}

static void remove_batch(struct memory *memory, int64_t index)
{
    for (int64_t i = index; i + 1 < memory->count; i++)
        memory->batches[i] = memory->batches[i + 1];
    memory->batches[--memory->count] = (struct batch){0};
}

/* What is gone went before it was seen, so that its hour may be over by now. */
static void take_away(struct memory *memory, int64_t gone, int64_t now_s, int64_t paid_s)
{
    int64_t then_s = now_s - SEEN_LATE_S;
    while (gone > 0 && memory->count > 0) {
        int64_t soonest = 0;
        for (int64_t i = 1; i < memory->count; i++) {
            if (left_of_paid_s(&memory->batches[i], then_s, paid_s) <
                left_of_paid_s(&memory->batches[soonest], then_s, paid_s))
                soonest = i;
        }
        struct batch *batch = &memory->batches[soonest];
        int64_t taken = gone < batch->instances ? gone : batch->instances;
        batch->instances -= taken;
        gone -= taken;
        if (batch->instances == 0)
            remove_batch(memory, soonest);
    }
}

static void follow(struct memory *memory, int64_t in_service, int64_t now_s, int64_t paid_s)
{
    int64_t remembered = 0;
    for (int64_t i = 0; i < memory->count; i++)
        remembered += memory->batches[i].instances;
    if (in_service < remembered)
        take_away(memory, remembered - in_service, now_s, paid_s);
    if (in_service <= remembered)
        return;
    if (memory->count == BATCHES_MAX)
        memory->batches[BATCHES_MAX - 1].instances += in_service - remembered;
    else
        memory->batches[memory->count++] = (struct batch){now_s, in_service - remembered};
}

static int64_t at_least_none(int64_t instances)
{
    return instances > 0 ? instances : 0;
}

static bool apply(const struct ballast_observation *observation, const int64_t *parameters,
                  void *state, struct ballast_decision *decision)
{
    struct memory *memory = state;
    const struct ballast_group *group = &observation->group;
    if (group->status != BALLAST_OK)
        return false;
    int64_t now_s = observation->now_s;
    follow(memory, group->in_service, now_s, parameters[PAID_S]);
    if (modifier_direction(observation, decision) != DIRECTION_IN)
        return false;
    int64_t due = at_least_none(group->desired_capacity - group->in_service);
    int64_t changes_s = BALLAST_FOREVER; /* when `due` next differs */
    int64_t paid_until_s = BALLAST_FOREVER;
    for (int64_t i = 0; i < memory->count; i++) {
        int64_t left_s = left_of_paid_s(&memory->batches[i], now_s, parameters[PAID_S]);
        bool ends = left_s <= parameters[MARGIN_S];
        due += ends ? memory->batches[i].instances : 0;
        int64_t change_s = now_s + (ends ? left_s : left_s - parameters[MARGIN_S]);
        changes_s = change_s < changes_s ? change_s : changes_s;
        paid_until_s = now_s + left_s < paid_until_s ? now_s + left_s : paid_until_s;
    }
    modifier_until(decision, changes_s);
    int64_t wanted = decision->desired_capacity;
    if (group->desired_capacity - wanted <= due)
        return false;
    if (due == 0) {
        const int64_t figures[3] = {wanted, group->desired_capacity, paid_until_s};
        return modifier_hold(decision, PAID, figures, changes_s);
    }
    const int64_t figures[3] = {wanted, group->desired_capacity, due};
    bool honor = decision->honor_cooldown;
    modifier_hold(decision, SOME_PAID, figures, changes_s);
    decision->action = BALLAST_SET_DESIRED;
    decision->desired_capacity = group->desired_capacity - due;
    decision->honor_cooldown = honor;
    return true;
}

const struct policy_modifier modifier_billing_hour = {
    .name = "billing-hour",
    .description = "give an instance back only shortly before the hour it is paid for ends",
    .source = "Amazon EC2 Auto Scaling, default termination policy (closest to the next billing "
              "hour); EC2 billed by the hour until 2017-10-02",
    .parameters = parameters_table,
    .parameter_count = PARAMETER_COUNT,
    .reasons = reasons,
    .reason_count = sizeof reasons / sizeof reasons[0],
    .state_version = 1,
    .state_size = sizeof(struct memory),
    .apply = apply,
};
