/* Always-on checks of debug builds: the cluster's sums, summed again from its tasks. */
#include "base/memory.h"
#include "cluster_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#ifndef NDEBUG

static void check_instance(const struct world *world, int32_t slot, struct task_counts *counts,
                           struct cluster_reservation *sums)
{
    const struct cluster *cluster = world->cluster;
    const struct container_instance *instance = &cluster->instances[slot];
    const struct instance *machine = &world->instances[instance->number];
    assert(instance->registered && machine->joined && !machine->ended);
    assert(machine->container == slot);
    int64_t cpu = 0;
    int64_t memory_mib = 0;
    for (int32_t i = instance->first_task; i != NO_TASK; i = cluster->tasks[i].next) {
        const struct task *task = &cluster->tasks[i];
        const struct cluster_service *service = cluster->services[task->service].described;
        struct task_counts *count = &counts[task->service];
        assert(task->state != TASK_DEAD && task->slot == slot);
        assert(!(instance->draining && task->state == TASK_PENDING));
        cpu += service->cpu;
        memory_mib += service->memory_mib;
        count->pending += task->state == TASK_PENDING;
        count->running += task->state == TASK_RUNNING;
        count->serving += task->state == TASK_SERVING;
        count->stopping += task->state == TASK_STOPPING;
        count->draining += instance->draining && task->state != TASK_STOPPING;
        if (task->state != TASK_PENDING) {
            sums->reserved_cpu += service->cpu;
            sums->reserved_memory_mib += service->memory_mib;
        }
    }
    assert(instance->free_cpu >= 0 && instance->free_cpu == instance->cpu - cpu);
    assert(instance->free_memory_mib >= 0);
    assert(instance->free_memory_mib == instance->memory_mib - memory_mib);
    sums->registered_cpu += instance->cpu;
    sums->registered_memory_mib += instance->memory_mib;
    (void)machine;
}

static void check_service(const struct cluster *cluster, const struct ecs_service *service,
                          const struct task_counts *counts)
{
    assert(memcmp(counts, &service->counts, sizeof *counts) == 0);
    int64_t present = 0;
    int64_t staying = 0;
    for (size_t slot = 0; slot < cluster->slot_count; slot++) {
        assert(service->on_slot[slot] >= 0 && service->on_slot[slot] <= service->present[slot]);
        assert(cluster->instances[slot].registered || service->present[slot] == 0);
        assert(!service->described->distinct_instance || service->present[slot] <= 1);
        present += service->present[slot];
        staying += service->on_slot[slot];
    }
    for (size_t zone = 0; zone < cluster->zone_count; zone++)
        staying -= service->on_zone[zone];
    assert(staying == 0);
    assert(!service->moving || service->described->zone_rebalancing);
    assert(present == counts->pending + counts->running + counts->serving + counts->stopping);
    (void)present;
}

void cluster_check(const struct world *world)
{
    const struct cluster *cluster = world->cluster;
    if (!cluster)
        return;
    struct task_counts *counts = memory_new(cluster->service_count, sizeof *counts);
    struct cluster_reservation sums = {0};
    for (size_t i = 0; i < cluster->order_count; i++) {
        check_instance(world, cluster->order[i], counts, &sums);
        assert(i == 0 || cluster->instances[cluster->order[i - 1]].number <
                             cluster->instances[cluster->order[i]].number);
    }
    assert(memcmp(&sums, &cluster->sums, sizeof sums) == 0);
    for (size_t i = 0; i < cluster->service_count; i++)
        check_service(cluster, &cluster->services[i], &counts[i]);
    free(counts);
    size_t joined = 0;
    for (size_t i = 0; i < world->instance_count; i++)
        joined += world->instances[i].joined && !world->instances[i].ended;
    assert(joined == cluster->order_count);
    (void)joined;
}

#else

void cluster_check(const struct world *world)
{
    (void)world;
}

#endif
