/* Where the target of a fleet follows the demand, and points and evaluations that tell nothing new
 * wait: most seconds have but one thing in them, and take no more than it. What the account does,
 * which nobody looks at; where the fleet neither launches nor ends anything for a new target, what
 * will be seen of it; or an evaluation. */
#include "fleet.h"
#include "late_points.h"
#include "seconds.h"

/* Whether the fleet lacks nothing for this target. */
static bool suffices(const struct fleet *fleet, int64_t target_micro)
{
    return fleet->target_micro >= fleet->on_demand_base_micro &&
           target_micro >= fleet->on_demand_base_micro &&
           fleet_spot_lacking(fleet) + target_micro - fleet->target_micro <= 0;
}

/* Whether it then gives something up. */
static bool exceeds(const struct fleet *fleet, int64_t target_micro)
{
    int64_t change_micro = target_micro - fleet->target_micro;
    int64_t spare_micro = fleet->kept_micro - fleet_spot_target(fleet) - change_micro;
    return change_micro < 0 && spare_micro >= fleet->lightest_micro;
}

/* Whether what it gives up serves on, and ends in a later second. */
static bool ends_later(const struct world *world)
{
    const struct account *account = &world->scenario->account;
    return !account->drain_on_notice && account->interruption_notice_s > 0;
}

/* The steps to come of what is required, and how many of them were gone through but not settled. */
struct steps {
    const struct demand_step *list;
    size_t count;
    size_t unsettled;
};

static struct steps steps_from(const struct world *world)
{
    return (struct steps){.list = &world->scenario->demand[world->next_demand],
                          .count = world->scenario->demand_count - world->next_demand};
}

static int64_t step_s(const struct steps *steps)
{
    return steps->unsettled < steps->count ? steps->list[steps->unsettled].time_s : INT64_MAX;
}

static void settle_steps(struct world *world, struct steps *steps)
{
    if (steps->unsettled == 0)
        return;
    world_settle_demand(world, steps->list, steps->unsettled);
    skipping_catch_up(world, world->now_s);
    *steps = steps_from(world);
}

/* A second in which nothing but the target changes. Whether all rests after it. */
static bool take_target(struct world *world, struct steps *steps, int64_t target_micro)
{
    struct fleet *fleet = &world->fleet;
    world->now_s = step_s(steps);
    if (exceeds(fleet, target_micro))
        fleet_modify(world, target_micro, fleet->excess_no_termination);
    else
        fleet_set_target(world, target_micro);
    steps->unsettled++;
    if (world->tape)
        fleet_tape_sight(world->tape, world);
    bool rests = skipping_goes_on(world);
    if (world->sink)
        settle_steps(world, steps);
    return rests;
}

/* The end of such a second. Whether all rests after it. */
static bool settle(struct world *world, struct steps *steps, const struct late_points *late)
{
    world_settle(world);
    *steps = steps_from(world);
    return !fleet_lacks(&world->fleet) &&
           (late->count ? skipping_goes_on(world) : skipping_rests(world));
}

/* A second in which the account does something. */
static bool act(struct world *world, struct steps *steps, struct late_points *late, int64_t time_s)
{
    settle_steps(world, steps);
    skipping_catch_up(world, time_s);
    world->now_s = time_s;
    world_act(world);
    if (world->next_schedule_s == time_s || event_next_time(&world->queue) == time_s) {
        late_evaluation(world, late);
        world_decide(world);
    } else {
        skipping_settle(world);
    }
    return settle(world, steps, late);
}

/* A second in which nothing changes, but an evaluation has to be made or to be spared. */
static bool decide(struct world *world, struct steps *steps, struct late_points *late,
                   int64_t time_s)
{
    settle_steps(world, steps);
    skipping_catch_up(world, time_s);
    world->now_s = time_s;
    if (late->count && skipping_begins_to_differ(world))
        return skipping_goes_on(world);
    if (skipping_decides_again(world))
        return skipping_goes_on(world);
    late_evaluation(world, late);
    world_decide(world);
    return settle(world, steps, late);
}

/* Whether nothing happens in a second but that the target changes, and what is up stays. */
static bool is_alone(const struct world *world, int64_t target_micro, int64_t time_s)
{
    const struct fleet *fleet = &world->fleet;
    return suffices(fleet, target_micro) && (!exceeds(fleet, target_micro) || ends_later(world)) &&
           (world->skipping.ticks_wait || world->next_schedule_s != time_s);
}

/* The target as a step has it. */
static int64_t target_of(const struct steps *steps)
{
    return fleet_target_of_demand(steps->list[steps->unsettled].required_micro);
}

/* Points and ticks before time_s, up to which nothing changes, are over. Whether nobody looks at
 * anything then but for an evaluation: neither is a point taken nor does the alarm look. */
static bool pass(struct world *world, struct late_points *late, int64_t time_s)
{
    if (world->skipping.ticks_wait)
        late_put(world, late, time_s);
    else
        skipping_catch_up(world, time_s);
    return world->next_sample_s != time_s && (late->count || world->alarm.expires_s > time_s);
}

void seconds_unseen(struct world *world, int64_t before_s)
{
    if (world->fleet.closed || fleet_lacks(&world->fleet))
        return;
    struct steps steps = steps_from(world);
    struct late_points late;
    late.count = 0;
    bool rests = skipping_rests(world);
    while (rests && !world->status) {
        int64_t event_s = event_next_time(&world->queue);
        int64_t change_s = step_s(&steps);
        int64_t next_s = change_s < event_s ? change_s : event_s;
        int64_t tick_s = skipping_due_s(world, next_s);
        int64_t time_s = tick_s < next_s ? tick_s : next_s;
        if (time_s >= before_s || !pass(world, &late, time_s))
            break;
        if (time_s < next_s)
            rests = decide(world, &steps, &late, time_s);
        else if (time_s < event_s && time_s < tick_s && is_alone(world, target_of(&steps), time_s))
            rests = take_target(world, &steps, target_of(&steps));
        else
            rests = act(world, &steps, &late, time_s);
    }
    settle_steps(world, &steps);
    late_take(world, &late);
    /* Points may have been taken for a second that is not gone through here. */
    skipping_renew(world);
}
