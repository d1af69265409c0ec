#include "capacity.h"

#include "base/memory.h"
#include "draw.h"
#include "world.h"

#include <string.h>

struct place *find_place(struct fleet *fleet, const char *zone, const char *instance_type)
{
    for (size_t i = 0; i < fleet->place_count; i++) {
        struct place *place = &fleet->places[i];
        if (strcmp(place->zone, zone) == 0 && strcmp(place->instance_type, instance_type) == 0)
            return place;
    }
    return NULL;
}

size_t place_index(struct fleet *fleet, const char *zone, const char *instance_type)
{
    struct place *place = find_place(fleet, zone, instance_type);
    if (!place) {
        place = &fleet->places[fleet->place_count++];
        *place = (struct place){.zone = zone,
                                .instance_type = instance_type,
                                .key = draw_market(instance_type, zone),
                                .limit = CAPACITY_UNLIMITED};
    }
    return (size_t)(place - fleet->places);
}

void capacity_init(struct world *world)
{
    struct fleet *fleet = &world->fleet;
    fleet->places =
        memory_new(fleet->pool_count + world->scenario->group.zone_count, sizeof *fleet->places);
    for (size_t i = 0; i < fleet->pool_count; i++) {
        const struct fleet_pool *specification = fleet->pools[i].specification;
        fleet->pools[i].place =
            place_index(fleet, specification->zone, specification->instance_type);
    }
    bool read_trace = world->scenario->interruptions == INTERRUPTIONS_TRACE;
    world->capacity_count = read_trace ? world->traces->capacity_count : 0;
}

int64_t capacity_next_s(const struct world *world)
{
    return world->next_capacity < world->capacity_count
               ? world->traces->capacities[world->next_capacity].time_s
               : INT64_MAX;
}

void capacity_changes(struct world *world)
{
    for (; capacity_next_s(world) <= world->now_s; world->next_capacity++) {
        const struct capacity_step *step = &world->traces->capacities[world->next_capacity];
        struct place *place = find_place(&world->fleet, step->zone, step->instance_type);
        if (!place)
            continue;
        place->fell = place->fell || step->instances < place->limit;
        world->limits_fell = world->limits_fell || place->fell;
        place->limit = step->instances;
        place->step = world->next_capacity;
    }
}

int64_t pool_free_capacity(const struct world *world, const struct pool *pool)
{
    const struct place *place = &world->fleet.places[pool->place];
    if (world->now_s < place->short_until_s)
        return 0;
    if (place->limit == CAPACITY_UNLIMITED)
        return INT64_MAX;
    return place->limit > place->occupied ? place->limit - place->occupied : 0;
}

int64_t place_staying(const struct world *world, const struct place *place)
{
    const struct fleet *fleet = &world->fleet;
    int64_t staying = 0;
    for (size_t i = 0; i < fleet->pool_count; i++) {
        const struct pool *pool = &fleet->pools[i];
        if (&fleet->places[pool->place] != place)
            continue;
        for (size_t slot = 0; slot < pool->slot_count; slot++)
            staying += pool->slots[slot] != NO_INSTANCE &&
                       world->instances[pool->slots[slot]].notice_s == RECORD_NEVER;
    }
    return staying;
}
