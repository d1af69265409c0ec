/* Where a task goes: the instances that can hold it, narrowed by one strategy after the other. */
#include "cluster_parts.h"
#include "draw.h"

/* What the strategy wants least of. */
static int64_t measure(const struct cluster *cluster, const struct ecs_service *service,
                       enum placement placement, int32_t slot)
{
    const struct container_instance *instance = &cluster->instances[slot];
    switch (placement) {
    case PLACEMENT_SPREAD_ZONES:
        return service->on_zone[instance->zone];
    case PLACEMENT_SPREAD_INSTANCES:
        return service->on_slot[slot];
    case PLACEMENT_BINPACK_CPU:
        return instance->free_cpu;
    case PLACEMENT_BINPACK_MEMORY:
        return instance->free_memory_mib;
    case PLACEMENT_RANDOM:
        break;
    }
    return 0;
}

static bool can_hold(const struct cluster *cluster, const struct ecs_service *service, int32_t slot)
{
    const struct container_instance *instance = &cluster->instances[slot];
    return !instance->draining && instance->free_cpu >= service->described->cpu &&
           instance->free_memory_mib >= service->described->memory_mib &&
           !(service->described->distinct_instance && service->present[slot] > 0);
}

/* Keep those of which `placement` wants no other more. */
static size_t narrow(struct cluster *cluster, const struct ecs_service *service,
                     enum placement placement, size_t count)
{
    int64_t least = INT64_MAX;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        int32_t slot = cluster->candidates[i];
        int64_t value = measure(cluster, service, placement, slot);
        if (value > least)
            continue;
        kept = value < least ? 0 : kept;
        least = value;
        cluster->candidates[kept++] = slot;
    }
    return kept;
}

int32_t placement_choose(struct world *world, size_t index)
{
    struct cluster *cluster = world->cluster;
    const struct ecs_service *service = &cluster->services[index];
    size_t count = 0;
    for (size_t i = 0; i < cluster->order_count; i++) {
        if (can_hold(cluster, service, cluster->order[i]))
            cluster->candidates[count++] = cluster->order[i];
    }
    for (size_t i = 0; i < service->described->placement_count && count > 1; i++) {
        enum placement placement = service->described->placements[i];
        if (placement == PLACEMENT_RANDOM)
            return cluster->candidates[draw_below(count, world->scenario->seed, DRAW_PLACEMENT,
                                                  index, service->placed)];
        count = narrow(cluster, service, placement, count);
    }
    return count ? cluster->candidates[0] : NO_INSTANCE;
}
