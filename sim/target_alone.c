/* Seconds in which nothing happens but that the target of a fleet follows the demand, and the fleet
 * neither launches nor ends anything for it: they take no more than what is seen of the target. */
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

void target_alone(struct world *world, int64_t before_s)
{
    const struct scenario *scenario = world->scenario;
    struct fleet *fleet = &world->fleet;
    if (fleet->closed || fleet->target_micro < fleet->on_demand_base_micro || fleet_lacks(fleet))
        return;
    const struct demand_step *steps = &scenario->demand[world->next_demand];
    size_t most = scenario->demand_count - world->next_demand;
    size_t count = 0; /* gone through */
    size_t told = 0;
    while (count < most && !world->status && steps[count].time_s < before_s) {
        int64_t target_micro = fleet_target_of_demand(steps[count].required_micro);
        if (!suffices(fleet, target_micro) || !skipping_rests(world, steps[count].time_s))
            break;
        world->now_s = steps[count++].time_s;
        fleet_set_target(world, target_micro);
        skipping_settle(world);
        if (!world->sink)
            continue;
        world_settle_demand(world, &steps[told], count - told);
        told = count;
    }
    if (told < count)
        world_settle_demand(world, &steps[told], count - told);
}
