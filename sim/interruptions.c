/* Who is interrupted: by a price above the cap, and by what the traces say of a market. */
#include "world.h"

#include <string.h>

int64_t pool_notice(struct world *world, struct pool *pool, int64_t limit, enum record_end cause)
{
    int64_t noticed = 0;
    for (size_t slot = 0; slot < pool->slot_count && noticed < limit; slot++) {
        int32_t index = pool->slots[slot];
        if (index == NO_INSTANCE || world->instances[index].notice_s != RECORD_NEVER)
            continue;
        instance_notice(world, (uint32_t)index, cause);
        noticed++;
    }
    return noticed;
}

void interruptions_init(struct world *world)
{
    const struct trace_set *traces = world->traces;
    bool read_trace = world->scenario->interruptions == INTERRUPTIONS_TRACE;
    world->interruption_count = read_trace ? traces->interruption_count : 0;
    while (world->next_interruption < world->interruption_count &&
           traces->interruptions[world->next_interruption].time_s < world->from_s)
        world->next_interruption++;
}

int64_t interruptions_next_s(const struct world *world)
{
    return world->next_interruption < world->interruption_count
               ? world->traces->interruptions[world->next_interruption].time_s
               : INT64_MAX;
}

static bool pool_is_of(const struct pool *pool, const char *zone, const char *instance_type)
{
    return strcmp(pool->specification->zone, zone) == 0 &&
           strcmp(pool->specification->instance_type, instance_type) == 0;
}

static void notice_for_price(struct world *world)
{
    struct fleet *fleet = &world->fleet;
    for (size_t i = 0; fleet->interrupts && i < fleet->pool_count; i++) {
        struct pool *pool = &fleet->pools[i];
        if (!pool->interrupts)
            continue;
        pool_notice(world, pool, INT64_MAX, END_PRICE);
        pool->interrupts = false;
    }
    fleet->interrupts = false;
}

static void notice_for_records(struct world *world)
{
    struct fleet *fleet = &world->fleet;
    for (; world->next_interruption < world->interruption_count; world->next_interruption++) {
        const struct interruption_step *step =
            &world->traces->interruptions[world->next_interruption];
        if (step->time_s > world->now_s)
            break;
        int64_t left = step->instances;
        for (size_t i = 0; i < fleet->pool_count; i++) {
            if (pool_is_of(&fleet->pools[i], step->zone, step->instance_type))
                left -= pool_notice(world, &fleet->pools[i], left, END_CAPACITY);
        }
    }
}

void interruptions_notices(struct world *world)
{
    notice_for_price(world);
    notice_for_records(world);
}
