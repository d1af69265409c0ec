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
    while (world->next_demand < scenario->demand_count && !world->status) {
        const struct demand_step *step = &scenario->demand[world->next_demand];
        int64_t target_micro = fleet_target_of_demand(step->required_micro);
        if (step->time_s >= before_s || !suffices(fleet, target_micro) ||
            !skipping_rests(world, step->time_s))
            return;
        fleet_set_target(world, target_micro);
        world_settle_demand(world, step, 1);
        skipping_settle(world);
    }
}
