/* The tasks of the cluster: they start, serve and stop, each on one container instance. */
#include "base/memory.h"
#include "cluster_parts.h"
#include "draw.h"

void task_tally(struct cluster *cluster, const struct task *task, int32_t sign)
{
    struct ecs_service *service = &cluster->services[task->service];
    struct container_instance *instance = &cluster->instances[task->slot];
    struct task_counts *counts = &service->counts;
    bool stays = task->state != TASK_STOPPING;
    counts->pending += task->state == TASK_PENDING ? sign : 0;
    counts->running += task->state == TASK_RUNNING ? sign : 0;
    counts->serving += task->state == TASK_SERVING ? sign : 0;
    counts->stopping += task->state == TASK_STOPPING ? sign : 0;
    counts->draining += stays && task->state != TASK_PENDING && instance->draining ? sign : 0;
    service->on_slot[task->slot] += stays ? sign : 0;
    service->on_zone[instance->zone] += stays ? sign : 0;
    service->present[task->slot] += sign;
    instance->free_cpu -= sign * service->described->cpu;
    instance->free_memory_mib -= sign * service->described->memory_mib;
    if (task->state != TASK_PENDING) {
        cluster->sums.reserved_cpu += sign * service->described->cpu;
        cluster->sums.reserved_memory_mib += sign * service->described->memory_mib;
    }
}

static void set_state(struct cluster *cluster, struct task *task, enum task_state state)
{
    task_tally(cluster, task, -1);
    task->state = state;
    task_tally(cluster, task, 1);
    cluster->changed = true;
}

/* Its state will change at time_s. */
static void task_expect(struct cluster *cluster, int32_t index, int64_t time_s)
{
    struct task *task = &cluster->tasks[index];
    task->due_s = time_s;
    task->timers++;
    event_push(&cluster->queue, time_s, EVENT_TASK, (uint32_t)index);
}

/* Give its place away, once no event of it is on its way. */
static void forget(struct cluster *cluster, int32_t index)
{
    if (cluster->tasks[index].timers == 0)
        ARRAY_PUSH(cluster->free_tasks, cluster->free_task_count, cluster->free_task_capacity,
                   index);
}

void task_end(struct cluster *cluster, int32_t index)
{
    struct task *task = &cluster->tasks[index];
    task_tally(cluster, task, -1);
    if (task->previous == NO_TASK)
        cluster->instances[task->slot].first_task = task->next;
    else
        cluster->tasks[task->previous].next = task->next;
    if (task->next != NO_TASK)
        cluster->tasks[task->next].previous = task->previous;
    task->state = TASK_DEAD;
    task->due_s = RECORD_NEVER;
    cluster->changed = true;
    forget(cluster, index);
}

/* RUNNING; behind a load balancer it serves later. */
static void task_run(struct world *world, int32_t index)
{
    struct cluster *cluster = world->cluster;
    struct task *task = &cluster->tasks[index];
    if (!cluster->services[task->service].described->load_balanced) {
        set_state(cluster, task, TASK_SERVING);
        task->due_s = RECORD_NEVER;
        return;
    }
    set_state(cluster, task, TASK_RUNNING);
    int64_t delay_s =
        draw_delay(&world->scenario->cluster.lb_registration, world->scenario->seed,
                   DRAW_TASK_REGISTRATION, task->service, (uint64_t)world->now_s, task->ordinal);
    task_expect(cluster, index, world->now_s + delay_s);
}

void task_place(struct world *world, size_t service, int32_t slot, bool at_once)
{
    struct cluster *cluster = world->cluster;
    int32_t index = 0;
    if (cluster->free_task_count) {
        index = cluster->free_tasks[--cluster->free_task_count];
    } else {
        ARRAY_PUSH(cluster->tasks, cluster->task_count, cluster->task_capacity, (struct task){0});
        index = (int32_t)(cluster->task_count - 1);
    }
    struct container_instance *instance = &cluster->instances[slot];
    struct task *task = &cluster->tasks[index];
    *task = (struct task){
        .ordinal = cluster->services[service].placed++,
        .due_s = RECORD_NEVER,
        .service = service,
        .state = at_once ? TASK_SERVING : TASK_PENDING,
        .slot = slot,
        .next = instance->first_task,
        .previous = NO_TASK,
    };
    if (instance->first_task != NO_TASK)
        cluster->tasks[instance->first_task].previous = index;
    instance->first_task = index;
    task_tally(cluster, task, 1);
    if (at_once)
        return;
    int64_t delay_s = draw_delay(&world->scenario->cluster.task_start, world->scenario->seed,
                                 DRAW_TASK_START, service, (uint64_t)world->now_s, task->ordinal);
    task_expect(cluster, index, world->now_s + delay_s);
}

void task_stop(struct world *world, int32_t index)
{
    struct cluster *cluster = world->cluster;
    struct task *task = &cluster->tasks[index];
    if (task->state == TASK_PENDING) {
        task_end(cluster, index);
        return;
    }
    const struct cluster_settings *settings = &world->scenario->cluster;
    set_state(cluster, task, TASK_STOPPING);
    int64_t delay_s = settings->task_stop_s;
    if (cluster->services[task->service].described->load_balanced)
        delay_s += settings->deregistration_delay_s;
    task_expect(cluster, index, world->now_s + delay_s);
}

void task_event(struct world *world, int32_t index)
{
    struct cluster *cluster = world->cluster;
    struct task *task = &cluster->tasks[index];
    task->timers--;
    if (task->state == TASK_DEAD) {
        forget(cluster, index);
        return;
    }
    if (task->due_s != world->now_s) /* of a state it has left meanwhile */
        return;
    if (task->state == TASK_PENDING) {
        task_run(world, index);
    } else if (task->state == TASK_RUNNING) {
        set_state(cluster, task, TASK_SERVING);
        task->due_s = RECORD_NEVER;
    } else if (task->state == TASK_STOPPING) {
        task_end(cluster, index);
    }
}
