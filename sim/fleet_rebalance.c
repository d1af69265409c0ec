/* What the fleet does about instances with a rebalance recommendation: it does not count on them
 * any more, launches replacements, and with launch-before-terminate ends what it has replaced.
 * docs/model.md, "Capacity rebalancing". */
#include "base/memory.h"
#include "fleet.h"
#include "instances.h"

static bool ends_replaced(const struct world *world)
{
    return world->fleet.request->replacement == REPLACEMENT_LAUNCH_BEFORE_TERMINATE;
}

void fleet_mark(struct world *world, uint32_t index)
{
    struct fleet *fleet = &world->fleet;
    const struct instance *instance = &world->instances[index];
    fleet->marked_micro += instance->weight_micro;
    fleet_keep(fleet, instance, -1);
    if (ends_replaced(world))
        ARRAY_PUSH(fleet->marked, fleet->marked_count, fleet->marked_capacity, index);
}

bool fleet_replaces(const struct fleet *fleet)
{
    return fleet_spot_lacking(fleet) <= fleet->marked_micro;
}

bool fleet_within_double(const struct fleet *fleet, const struct pool *pool)
{
    return fleet->fulfilled_micro + fleet->in_flight_micro + pool->specification->weight_micro <=
           2 * fleet->target_micro;
}

/* Weights of the running spot instances that are there to stay, marked or not. */
static int64_t kept_micro(const struct world *world)
{
    int64_t sum_micro = 0;
    for (size_t i = 0; i < world->fleet.pool_count; i++) {
        const struct pool *pool = &world->fleet.pools[i];
        for (size_t slot = 0; slot < pool->slot_count; slot++) {
            if (pool->slots[slot] == NO_INSTANCE)
                continue;
            const struct instance *instance = &world->instances[pool->slots[slot]];
            if (instance->running && instance_stays(instance) &&
                instance->released_s == RECORD_NEVER)
                sum_micro += instance->weight_micro;
        }
    }
    return sum_micro;
}

void fleet_release(struct world *world)
{
    struct fleet *fleet = &world->fleet;
    if (fleet->marked_count == 0)
        return;
    int64_t spare_micro = kept_micro(world) - fleet_spot_target(fleet);
    size_t waiting = 0;
    for (size_t i = 0; i < fleet->marked_count; i++) {
        uint32_t index = fleet->marked[i];
        struct instance *instance = &world->instances[index];
        if (!instance_stays(instance))
            continue; /* somebody else ends it */
        if (!instance->running || instance->weight_micro > spare_micro) {
            fleet->marked[waiting++] = index;
            continue;
        }
        spare_micro -= instance->weight_micro;
        instance->released_s = world->now_s;
        event_push(&world->queue, world->now_s + world->fleet.request->termination_delay_s,
                   EVENT_REPLACED, index);
    }
    fleet->marked_count = waiting;
}

void fleet_end_replaced(struct world *world, uint32_t index)
{
    /* With a notice it ends by that; a fleet that is no longer active ends nothing. */
    if (instance_stays(&world->instances[index]) && fleet_active(world))
        instance_end(world, index, END_REBALANCE);
}

int64_t fleet_fulfilled_unmarked(const struct world *world)
{
    const struct fleet *fleet = &world->fleet;
    int64_t fulfilled_micro = fleet->fulfilled_micro;
    bool until_notice = world->scenario->account.replace_on_notice;
    for (size_t i = 0; i < fleet->pool_count; i++) {
        const struct pool *pool = &fleet->pools[i];
        for (size_t slot = 0; slot < pool->slot_count; slot++) {
            if (pool->slots[slot] == NO_INSTANCE)
                continue;
            const struct instance *instance = &world->instances[pool->slots[slot]];
            if (instance->running && instance_marked(world, instance) &&
                (instance_stays(instance) || !until_notice))
                fulfilled_micro -= instance->weight_micro;
        }
    }
    return fulfilled_micro;
}
