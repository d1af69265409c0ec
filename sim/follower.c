#include "follower.h"
#include "fleet.h"
#include "seconds.h"

static int64_t earliest(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void see(struct world *world, const struct fleet_sight *sight)
{
    world->fleet.target_micro = sight->target_micro;
    world->fleet.fulfilled_micro = sight->fulfilled_micro;
    world->fleet.terminating_micro = sight->terminating_micro;
    world->interruption_notices += sight->interruption_notices;
    world->rebalance_notices += sight->rebalance_notices;
}

void follower_begin(struct follower *follower, const struct scenario *scenario,
                    const struct fleet_tape *tape)
{
    struct world *world = &follower->world;
    follower->tape = tape;
    world->scenario = scenario;
    world->controlled = true;
    world->alarmed = scenario->controller.alarm;
    int64_t reach_s = world_begin_watching(world, 0);
    world->account = simulated_cloud(world);
    world->cloud = world->account;
    fleet_begin(world);
    see(world, &tape->begin);
    if (!scenario->cold && fleet_active(world))
        world_fill_history(world, reach_s);
    skipping_init(world);
}

void follower_look(struct follower *follower)
{
    const struct fleet_tape *tape = follower->tape;
    struct world *world = &follower->world;
    while (follower->next_sight < tape->sight_count &&
           tape->sights[follower->next_sight].time_s <= world->now_s)
        see(world, &tape->sights[follower->next_sight++]);
}

int64_t follower_next_s(const struct follower *follower)
{
    const struct world *world = &follower->world;
    const struct fleet_tape *tape = follower->tape;
    int64_t next_s = earliest(event_next_time(&world->queue), skipping_next_s(world));
    if (world->now_s < world->fleet.end_s) /* what is seen of it changes then */
        next_s = earliest(next_s, world->fleet.end_s);
    if (follower->next_sight < tape->sight_count)
        next_s = earliest(next_s, tape->sights[follower->next_sight].time_s);
    return next_s;
}
