/* Seconds that nobody looks at, where the target of a fleet follows the demand: neither is a point
 * taken in them nor an evaluation made. They take no more than what the account does; and those in
 * which the fleet neither launches nor ends anything for the new target, no more than what will be
 * seen of it. */
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

/* A second in which the account does something. Whether all rests after it. */
static bool go_through(struct world *world, struct steps *steps, int64_t time_s)
{
    settle_steps(world, steps);
    skipping_catch_up(world, time_s);
    world->now_s = time_s;
    world_act(world);
    if (world->next_schedule_s == time_s || event_next_time(&world->queue) == time_s)
        world_decide(world);
    else
        skipping_settle(world);
    world_settle(world);
    *steps = steps_from(world);
    return !fleet_lacks(&world->fleet) && skipping_rests(world);
}

void seconds_unseen(struct world *world, int64_t before_s)
{
    struct fleet *fleet = &world->fleet;
    if (fleet->closed || fleet_lacks(fleet))
        return;
    struct steps steps = steps_from(world);
    bool rests = skipping_rests(world);
    while (rests && !world->status) {
        int64_t event_s = event_next_time(&world->queue);
        int64_t next_s = step_s(&steps) < event_s ? step_s(&steps) : event_s;
        if (next_s >= before_s || !skipping_passes(world, next_s))
            break;
        int64_t target_micro = fleet->target_micro;
        if (next_s == step_s(&steps))
            target_micro = fleet_target_of_demand(steps.list[steps.unsettled].required_micro);
        bool alone = next_s < event_s && fleet->target_micro >= fleet->on_demand_base_micro &&
                     suffices(fleet, target_micro) && !world->tape;
        rests =
            alone ? take_target(world, &steps, target_micro) : go_through(world, &steps, next_s);
    }
    settle_steps(world, &steps);
}
