/* Fleet and backup as one mixed-instances group: each follows its part of the demand. */
#include "base/decimal.h"
#include "fleet.h"
#include "group.h"

struct parts {
    int64_t desired;            /* instances of the group */
    int64_t fleet_target_micro; /* what is left to the fleet */
};

static struct parts parts_of(const struct world *world)
{
    const struct scenario *scenario = world->scenario;
    const struct backup_group *group = &scenario->group;
    int64_t units = (int64_t)divide_ceiling(world->accounting.now.required_micro, MICRO);
    int64_t on_demand = distribution_on_demand(&scenario->distribution, units);
    int64_t desired =
        (int64_t)divide_ceiling((int128)on_demand * MICRO, group->units_per_instance_micro);
    if (desired < world->group.min_size)
        desired = world->group.min_size;
    if (desired > world->group.max_size)
        desired = world->group.max_size;
    return (struct parts){.desired = desired,
                          .fleet_target_micro = (units - on_demand) * (int64_t)MICRO};
}

int64_t distribution_begin(struct world *world)
{
    struct parts parts = parts_of(world);
    fleet_set_target(world, parts.fleet_target_micro);
    return parts.desired;
}

void distribution_follow(struct world *world)
{
    struct parts parts = parts_of(world);
    struct fleet *fleet = &world->fleet;
    if (parts.desired != world->group.desired_capacity)
        group_set_desired(world, parts.desired, false);
    if (!fleet->closed && parts.fleet_target_micro != fleet->target_micro)
        fleet_modify(world, parts.fleet_target_micro, fleet->excess_no_termination);
}
