/* Where the target of a fleet follows the demand, and points and evaluations that tell nothing new
 * wait: most seconds have but one thing in them, and take no more than it. What the account does,
 * which nobody looks at; where the fleet neither launches nor ends anything for a new target, what
 * will be seen of it; or an evaluation. */
#include "world.h"

/* Whether the fleet has nothing to do about this target but take it. */
static bool suffices(const struct fleet *fleet, int64_t target_micro)
{
    int64_t change_micro = target_micro - fleet->target_micro;
    int64_t spare_micro = fleet->kept_micro - fleet_spot_target(fleet) - change_micro;
    return target_micro >= fleet->on_demand_base_micro &&
           fleet_spot_lacking(fleet) + change_micro <= 0 &&
           (change_micro >= 0 || spare_micro < fleet->lightest_micro);
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
    world->now_s = step_s(steps);
    fleet_set_target(world, target_micro);
    steps->unsettled++;
    bool rests = skipping_goes_on(world);
    if (world->sink)
        settle_steps(world, steps);
    return rests;
}

/* The end of such a second. Whether all rests after it. */
static bool settle(struct world *world, struct steps *steps)
{
    world_settle(world);
    *steps = steps_from(world);
    return !fleet_lacks(&world->fleet) && skipping_rests(world);
}

/* A second in which the account does something. */
static bool act(struct world *world, struct steps *steps, int64_t time_s)
{
    settle_steps(world, steps);
    skipping_catch_up(world, time_s);
    world->now_s = time_s;
    world_act(world);
    if (world->next_schedule_s == time_s || event_next_time(&world->queue) == time_s)
        world_decide(world);
    else
        skipping_settle(world);
    return settle(world, steps);
}

/* A second in which nothing changes, but an evaluation has to be made or to be spared. */
static bool decide(struct world *world, struct steps *steps, int64_t time_s)
{
    settle_steps(world, steps);
    skipping_catch_up(world, time_s);
    world->now_s = time_s;
    world_decide(world);
    return settle(world, steps);
}

/* Whether nothing happens in a second but that the target changes, for which the fleet does nothing.
 */
static bool is_alone(const struct world *world, int64_t target_micro, int64_t event_s,
                     int64_t time_s)
{
    const struct fleet *fleet = &world->fleet;
    return time_s < event_s && fleet->target_micro >= fleet->on_demand_base_micro &&
           suffices(fleet, target_micro) && !world->tape &&
           (world->skipping.ticks_wait || world->next_schedule_s != time_s);
}

void seconds_unseen(struct world *world, int64_t before_s)
{
    if (world->fleet.closed || fleet_lacks(&world->fleet))
        return;
    struct steps steps = steps_from(world);
    bool rests = skipping_rests(world);
    while (rests && !world->status) {
        int64_t event_s = event_next_time(&world->queue);
        int64_t next_s = step_s(&steps) < event_s ? step_s(&steps) : event_s;
        int64_t tick_s = skipping_due_s(world, next_s);
        int64_t time_s = tick_s < next_s ? tick_s : next_s;
        if (time_s >= before_s || !skipping_passes(world, time_s))
            break;
        int64_t target_micro = world->fleet.target_micro;
        if (time_s == step_s(&steps))
            target_micro = fleet_target_of_demand(steps.list[steps.unsettled].required_micro);
        if (time_s < next_s)
            rests = decide(world, &steps, time_s);
        else if (time_s < tick_s && is_alone(world, target_micro, event_s, time_s))
            rests = take_target(world, &steps, target_micro);
        else
            rests = act(world, &steps, time_s);
    }
    settle_steps(world, &steps);
}
