/* The Spot Fleet's on-demand part: how much of the target it is, what is launched for it, what is
 * given up when it gets smaller. docs/model.md, "Spot Fleet". */
#include "base/memory.h"
#include "fleet.h"
#include "instances.h"

#include <string.h>

void fleet_set_target(struct world *world, int64_t target_micro)
{
    struct fleet *fleet = &world->fleet;
    fleet->target_micro = target_micro;
    fleet->on_demand_target_micro =
        fleet->on_demand_base_micro < target_micro ? fleet->on_demand_base_micro : target_micro;
}

static bool cheaper_on_demand(const struct pool *a, const struct pool *b)
{
    const struct fleet_pool *x = a->specification;
    const struct fleet_pool *y = b->specification;
    return (int128)x->on_demand_micro_usd * y->weight_micro <
           (int128)y->on_demand_micro_usd * x->weight_micro;
}

/* Whether on-demand capacity comes rather from `pool` than from `best`. */
static bool goes_before(const struct world *world, const struct pool *pool, const struct pool *best)
{
    if (world->fleet.request->on_demand_prioritized &&
        pool->specification->priority != best->specification->priority)
        return pool->specification->priority < best->specification->priority;
    return cheaper_on_demand(pool, best);
}

static struct pool *choose_pool(const struct world *world)
{
    struct pool *best = NULL;
    for (size_t i = 0; i < world->fleet.pool_count; i++) {
        struct pool *pool = &world->fleet.pools[i];
        if (!pool->retired && (!best || goes_before(world, pool, best)))
            best = pool;
    }
    return best;
}

/* Whether OnDemandMaxTotalPrice leaves room for one more instance of the pool. */
static bool within_budget(const struct world *world, const struct pool *pool)
{
    const struct fleet *fleet = &world->fleet;
    int64_t budget = world->fleet.request->on_demand_budget_micro_usd;
    if (budget == 0)
        return true;
    int128 sum = pool->specification->on_demand_micro_usd;
    for (size_t i = 0; i < fleet->on_demand_count; i++)
        sum += fleet->pools[world->instances[fleet->on_demand[i]].pool]
                   .specification->on_demand_micro_usd;
    return sum <= budget;
}

void fleet_launch_on_demand(struct world *world, bool warm)
{
    struct fleet *fleet = &world->fleet;
    while (fleet_lacks_on_demand(fleet)) {
        struct pool *pool = choose_pool(world);
        if (!within_budget(world, pool))
            return;
        const struct instance wanted = {
            .kind = RECORD_ON_DEMAND,
            .of_fleet = true,
            .pool = (int32_t)(pool - fleet->pools),
            .slot = -1,
            .weight_micro = pool->specification->weight_micro,
        };
        fleet->on_demand_micro += wanted.weight_micro;
        uint32_t index = instance_request(world, &wanted, &pool->on_demand_launches, warm);
        ARRAY_PUSH(fleet->on_demand, fleet->on_demand_count, fleet->on_demand_capacity, index);
    }
}

void fleet_on_demand_gone(struct world *world, uint32_t index)
{
    struct fleet *fleet = &world->fleet;
    size_t i = 0;
    while (fleet->on_demand[i] != index)
        i++;
    fleet->on_demand_count--;
    memmove(&fleet->on_demand[i], &fleet->on_demand[i + 1],
            (fleet->on_demand_count - i) * sizeof *fleet->on_demand);
    fleet->on_demand_micro -= world->instances[index].weight_micro;
}

/* Whether `a` is given up before `b`: what is still being launched, the newest first; then what
 * would be launched last, the first in the request among equals, the newest of a pool first. */
static bool given_up_first(const struct world *world, uint32_t a, uint32_t b)
{
    const struct instance *x = &world->instances[a];
    const struct instance *y = &world->instances[b];
    if (x->running != y->running)
        return !x->running;
    if (!x->running || x->pool == y->pool)
        return a > b;
    const struct pool *pool_x = &world->fleet.pools[x->pool];
    const struct pool *pool_y = &world->fleet.pools[y->pool];
    if (goes_before(world, pool_y, pool_x))
        return true;
    return !goes_before(world, pool_x, pool_y) && x->pool < y->pool;
}

void fleet_shrink_on_demand(struct world *world, int64_t keep_micro, bool only_in_flight,
                            enum record_end cause)
{
    struct fleet *fleet = &world->fleet;
    for (;;) {
        int32_t chosen = NO_INSTANCE;
        for (size_t i = 0; i < fleet->on_demand_count; i++) {
            uint32_t index = fleet->on_demand[i];
            const struct instance *instance = &world->instances[index];
            if (instance->weight_micro > fleet->on_demand_micro - keep_micro ||
                (only_in_flight && instance->running))
                continue;
            if (chosen == NO_INSTANCE || given_up_first(world, index, (uint32_t)chosen))
                chosen = (int32_t)index;
        }
        if (chosen == NO_INSTANCE)
            return;
        instance_end(world, (uint32_t)chosen,
                     world->instances[chosen].running ? cause : END_LAUNCH_CANCELLED);
    }
}
