/* The books of the cluster: container instances come, drain and go. */
#include "cluster.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "cluster_parts.h"
#include "instances.h"

#include <stdlib.h>
#include <string.h>

/* ---- what is seen of it -------------------------------------------------------------------------
 */

struct cluster_reservation cluster_reservation(const struct world *world)
{
    return world->cluster ? world->cluster->sums : (struct cluster_reservation){0};
}

bool cluster_describe(const struct world *world, struct ballast_cluster *out_cluster)
{
    const struct cluster *cluster = world->cluster;
    *out_cluster = (struct ballast_cluster){BALLAST_UNKNOWN, BALLAST_UNKNOWN, BALLAST_UNKNOWN};
    if (!cluster)
        return false;
    *out_cluster = (struct ballast_cluster){.registered_instances = (int64_t)cluster->order_count};
    for (size_t i = 0; i < cluster->service_count; i++) {
        const struct task_counts *counts = &cluster->services[i].counts;
        out_cluster->running_tasks += counts->running + counts->serving + counts->stopping;
        out_cluster->pending_tasks += counts->pending;
    }
    return true;
}

int64_t cluster_tasks_unserved(const struct world *world)
{
    const struct cluster *cluster = world->cluster;
    int64_t unserved = 0;
    for (size_t i = 0; cluster && i < cluster->service_count; i++) {
        const struct ecs_service *service = &cluster->services[i];
        if (service->desired > service->counts.serving)
            unserved += service->desired - service->counts.serving;
    }
    return unserved;
}

/* ---- container instances ------------------------------------------------------------------------
 */

static void grow_slots(struct cluster *cluster)
{
    size_t old = cluster->slot_capacity;
    size_t grown = old ? 2 * old : 16;
    cluster->slot_capacity = grown;
    cluster->instances = memory_resize(cluster->instances, grown, sizeof *cluster->instances);
    cluster->free_slots = memory_resize(cluster->free_slots, grown, sizeof *cluster->free_slots);
    cluster->order = memory_resize(cluster->order, grown, sizeof *cluster->order);
    cluster->candidates = memory_resize(cluster->candidates, grown, sizeof *cluster->candidates);
    for (size_t i = 0; i < cluster->service_count; i++) {
        struct ecs_service *service = &cluster->services[i];
        service->on_slot = memory_resize(service->on_slot, grown, sizeof *service->on_slot);
        service->present = memory_resize(service->present, grown, sizeof *service->present);
        memset(service->on_slot + old, 0, (grown - old) * sizeof *service->on_slot);
        memset(service->present + old, 0, (grown - old) * sizeof *service->present);
    }
}

static int32_t take_slot(struct cluster *cluster)
{
    if (cluster->free_slot_count)
        return cluster->free_slots[--cluster->free_slot_count];
    if (cluster->slot_count == cluster->slot_capacity)
        grow_slots(cluster);
    return (int32_t)cluster->slot_count++;
}

/* Put the slot where its instance's number belongs: joins come in nearly that order. */
static void insert_in_order(struct cluster *cluster, int32_t slot)
{
    size_t at = cluster->order_count++;
    for (; at > 0 &&
           cluster->instances[cluster->order[at - 1]].number > cluster->instances[slot].number;
         at--)
        cluster->order[at] = cluster->order[at - 1];
    cluster->order[at] = slot;
}

static const struct cluster_type *type_named(const struct scenario *scenario, const char *name)
{
    const struct cluster_type *type = scenario->cluster.types;
    while (strcmp(type->instance_type, name) != 0)
        type++;
    return type;
}

void cluster_register(struct world *world, uint32_t index)
{
    struct cluster *cluster = world->cluster;
    if (!cluster)
        return;
    struct instance *instance = &world->instances[index];
    const struct scenario *scenario = world->scenario;
    bool of_fleet = instance->kind == RECORD_SPOT || instance->of_fleet;
    const struct cluster_type *type = type_named(
        scenario, of_fleet ? world->fleet.pools[instance->pool].specification->instance_type
                           : scenario->group.instance_type);
    int64_t memory_mib = type->memory_mib * scenario->cluster.registered_memory_permille / 1000;
    int32_t slot = take_slot(cluster);
    size_t pool = (size_t)instance->pool + (of_fleet ? 0 : world->fleet.pool_count);
    cluster->instances[slot] = (struct container_instance){
        .number = index,
        .registered = true,
        .draining = instance_drains(world, instance),
        .zone = cluster->pool_zones[pool],
        .cpu = type->vcpu * CPU_PER_VCPU,
        .memory_mib = memory_mib,
        .free_cpu = type->vcpu * CPU_PER_VCPU,
        .free_memory_mib = memory_mib,
        .first_task = NO_TASK,
    };
    instance->container = slot;
    insert_in_order(cluster, slot);
    cluster->sums.registered_cpu += type->vcpu * CPU_PER_VCPU;
    cluster->sums.registered_memory_mib += memory_mib;
    cluster->changed = true;
}

void cluster_drain(struct world *world, uint32_t index)
{
    struct cluster *cluster = world->cluster;
    int32_t slot = world->instances[index].container;
    if (!cluster || slot == NO_INSTANCE)
        return;
    struct container_instance *instance = &cluster->instances[slot];
    for (int32_t i = instance->first_task; i != NO_TASK; i = cluster->tasks[i].next)
        task_tally(cluster, &cluster->tasks[i], -1);
    instance->draining = true;
    for (int32_t i = instance->first_task; i != NO_TASK; i = cluster->tasks[i].next)
        task_tally(cluster, &cluster->tasks[i], 1);
    int32_t next = NO_TASK;
    for (int32_t i = instance->first_task; i != NO_TASK; i = next) {
        next = cluster->tasks[i].next;
        if (cluster->tasks[i].state == TASK_PENDING)
            task_stop(world, i);
    }
    cluster->changed = true;
}

void cluster_deregister(struct world *world, uint32_t index)
{
    struct cluster *cluster = world->cluster;
    int32_t slot = world->instances[index].container;
    if (!cluster || slot == NO_INSTANCE)
        return;
    struct container_instance *instance = &cluster->instances[slot];
    while (instance->first_task != NO_TASK)
        task_end(cluster, instance->first_task);
    cluster->sums.registered_cpu -= instance->cpu;
    cluster->sums.registered_memory_mib -= instance->memory_mib;
    instance->registered = false;
    size_t at = 0;
    while (cluster->order[at] != slot)
        at++;
    cluster->order_count--;
    memmove(&cluster->order[at], &cluster->order[at + 1],
            (cluster->order_count - at) * sizeof *cluster->order);
    cluster->free_slots[cluster->free_slot_count++] = slot;
    world->instances[index].container = NO_INSTANCE;
    cluster->changed = true;
}

/* ---- start, phases, end -------------------------------------------------------------------------
 */

/* Number the zones of pools and group, equal names alike. */
static void number_zones(struct world *world, struct cluster *cluster)
{
    const struct scenario *scenario = world->scenario;
    size_t pools = world->fleet.pool_count;
    size_t count = pools + scenario->group.zone_count;
    const char **names = memory_new(count, sizeof *names);
    cluster->pool_zones = memory_new(count, sizeof *cluster->pool_zones);
    for (size_t i = 0; i < count; i++) {
        const char *zone = i < pools ? world->fleet.pools[i].specification->zone
                                     : scenario->group.zones[i - pools];
        size_t number = 0;
        while (number < cluster->zone_count && strcmp(names[number], zone) != 0)
            number++;
        if (number == cluster->zone_count)
            names[cluster->zone_count++] = zone;
        cluster->pool_zones[i] = number;
    }
    free(names);
}

void cluster_init(struct world *world)
{
    const struct scenario *scenario = world->scenario;
    if (scenario->service_count == 0)
        return;
    struct cluster *cluster = memory_new(1, sizeof *cluster);
    world->cluster = cluster;
    number_zones(world, cluster);
    cluster->acted_s = RECORD_NEVER;
    cluster->service_count = scenario->service_count;
    cluster->services = memory_new(cluster->service_count, sizeof *cluster->services);
    for (size_t i = 0; i < cluster->service_count; i++) {
        struct ecs_service *service = &cluster->services[i];
        service->described = &scenario->services[i];
        service->on_zone = memory_new(cluster->zone_count, sizeof *service->on_zone);
    }
}

void cluster_destroy(struct cluster *cluster)
{
    if (!cluster)
        return;
    for (size_t i = 0; i < cluster->service_count; i++) {
        free(cluster->services[i].on_slot);
        free(cluster->services[i].present);
        free(cluster->services[i].on_zone);
    }
    free(cluster->services);
    free(cluster->pool_zones);
    event_queue_clean_up(&cluster->queue);
    free(cluster->instances);
    free(cluster->free_slots);
    free(cluster->order);
    free(cluster->candidates);
    free(cluster->tasks);
    free(cluster->free_tasks);
    free(cluster);
}

void cluster_start(struct world *world)
{
    if (!world->cluster || world->scenario->cold)
        return;
    scheduler_act(world, true);
    world->cluster->acted_s = RECORD_NEVER; /* the first second is still to come */
}

void cluster_demand(struct world *world)
{
    struct cluster *cluster = world->cluster;
    for (size_t i = 0; cluster && i < cluster->service_count; i++) {
        struct ecs_service *service = &cluster->services[i];
        const struct demand_series *tasks = &service->described->tasks;
        for (; service->next_step < tasks->count &&
               tasks->steps[service->next_step].time_s <= world->now_s;
             service->next_step++) {
            service->desired = tasks->steps[service->next_step].required_micro / MICRO;
            cluster->changed = true;
        }
    }
}

/* The next second after `time_s` at which the scheduler may act. */
static int64_t next_tick(const struct world *world, int64_t time_s)
{
    int64_t tick_s = world->scenario->cluster.service_tick_s;
    return timestamp_floor(time_s, tick_s) + tick_s;
}

static void tasks_due(struct world *world)
{
    struct cluster *cluster = world->cluster;
    while (event_next_time(&cluster->queue) == world->now_s) {
        struct event event = event_pop(&cluster->queue);
        task_event(world, (int32_t)event.subject);
    }
}

void cluster_act(struct world *world)
{
    struct cluster *cluster = world->cluster;
    if (!cluster)
        return;
    tasks_due(world);
    bool tick = world->now_s % world->scenario->cluster.service_tick_s == 0;
    if (!tick || !cluster->changed || cluster->acted_s == world->now_s)
        return;
    scheduler_act(world, false);
    tasks_due(world); /* delays of zero */
}

int64_t cluster_next_s(const struct world *world)
{
    const struct cluster *cluster = world->cluster;
    if (!cluster)
        return INT64_MAX;
    int64_t next_s = event_next_time(&cluster->queue);
    if (cluster->changed && next_tick(world, world->now_s) < next_s)
        next_s = next_tick(world, world->now_s);
    for (size_t i = 0; i < cluster->service_count; i++) {
        const struct ecs_service *service = &cluster->services[i];
        const struct demand_series *tasks = &service->described->tasks;
        if (service->next_step < tasks->count && tasks->steps[service->next_step].time_s < next_s)
            next_s = tasks->steps[service->next_step].time_s;
    }
    return next_s;
}
