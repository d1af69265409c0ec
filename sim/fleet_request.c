/* RequestSpotFleet on an open simulation: a new request in the place of one that has ended
 * (simulation.h). The old one's pools stay, retired: its instances, all ended, are known by them.
 */
#include "base/memory.h"
#include "capacity.h"
#include "fleet.h"
#include "seconds.h"

#include <stdlib.h>
#include <string.h>

static int check_request(const struct world *world, const struct fleet_seen *before,
                         struct error *err)
{
    const struct scenario *scenario = world->scenario;
    if (before->ended == END_STILL_RUNNING || before->instances > 0)
        return error_set(err, STATUS_CHECK_FAILED,
                         "there is one Spot Fleet at a time: cancel the other, and wait until none "
                         "of its instances runs");
    if (world->cluster || world->scaling || scenario->target_follows_demand ||
        scenario->distribution.given)
        return error_set(err, STATUS_CHECK_FAILED,
                         "the scenario's cluster, scaling or demand is bound to its own fleet");
    return STATUS_OK;
}

/* As if its place had been there all the time: with the newest limit that came for it. */
static void catch_up(const struct world *world, struct place *place)
{
    for (size_t i = 0; i < world->next_capacity; i++) {
        const struct capacity_step *step = &world->traces->capacities[i];
        if (strcmp(step->zone, place->zone) == 0 &&
            strcmp(step->instance_type, place->instance_type) == 0) {
            place->limit = step->instances;
            place->step = i;
        }
    }
}

static void add_pools(struct world *world, const struct pool *pools, size_t count)
{
    struct fleet *fleet = &world->fleet;
    fleet->places = memory_resize(fleet->places, fleet->place_count + count, sizeof *fleet->places);
    fleet->pools = memory_resize(fleet->pools, fleet->pool_count + count, sizeof *fleet->pools);
    fleet->price_due_s =
        memory_resize(fleet->price_due_s, fleet->pool_count + count, sizeof *fleet->price_due_s);
    for (size_t i = 0; i < fleet->pool_count; i++)
        fleet->pools[i].retired = true;
    for (size_t i = 0; i < count; i++) {
        struct pool *pool = &fleet->pools[fleet->pool_count + i];
        const struct fleet_pool *specification = pools[i].specification;
        size_t known = fleet->place_count;
        *pool = pools[i];
        fleet->price_due_s[fleet->pool_count + i] = INT64_MIN;
        pool->place = place_index(fleet, specification->zone, specification->instance_type);
        if (pool->place == known)
            catch_up(world, &fleet->places[known]);
    }
    fleet->pool_count += count;
    fleet_weigh(fleet);
}

int simulation_request_fleet(struct simulation *simulation, const struct spot_fleet *request,
                             struct error *err)
{
    struct world *world = &simulation->world;
    struct fleet *fleet = &world->fleet;
    struct fleet_seen before;
    simulation_fleet(simulation, &before);
    int status = check_request(world, &before, err);
    struct pool *pools = memory_new(request->pool_count, sizeof *pools);
    for (size_t i = 0; i < request->pool_count && !status; i++)
        status = fleet_make_pool(world, &request->pools[i], world->now_s, &pools[i], err);
    if (!status) {
        add_pools(world, pools, request->pool_count);
        fleet->request = request;
        fleet->closed = false;
        fleet->launched_once = false;
        fleet->end_s = request->valid_until_s;
        fleet->end_cause = END_FLEET_EXPIRED;
        fleet->end_terminates = request->terminate_with_expiration;
        fleet->excess_no_termination = request->excess_no_termination;
        fleet->on_demand_base_micro = request->on_demand_micro;
        fleet_set_target(world, request->target_micro);
        /* What the scenario would still do was meant for the other. */
        fleet->next_modification = world->scenario->modification_count;
        fleet->next_price_s = world->now_s;
        fleet_prices(world);
        /* The metrics of another request are other metrics. */
        world->metrics.count = 0;
        world_settle(world);
    }
    free(pools);
    return status;
}
