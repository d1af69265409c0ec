/* The service scheduler: what starts and what stops, service by service. */
#include "cluster_parts.h"

/* The newest of the service's tasks in the slot, of the PENDING ones or of all that are not being
 * stopped, or NO_TASK. */
static int32_t newest_task(const struct cluster *cluster, size_t service, int32_t slot,
                           bool pending_only)
{
    int32_t i = cluster->instances[slot].first_task;
    for (; i != NO_TASK; i = cluster->tasks[i].next) {
        const struct task *task = &cluster->tasks[i];
        if (task->service == service && task->state != TASK_STOPPING &&
            (!pending_only || task->state == TASK_PENDING))
            break;
    }
    return i;
}

/* The newest that is PENDING, on whichever instance. */
static int32_t newest_pending(const struct cluster *cluster, size_t service)
{
    int32_t found = NO_TASK;
    for (size_t i = 0; i < cluster->order_count; i++) {
        int32_t slot = cluster->order[i];
        if (cluster->services[service].on_slot[slot] == 0)
            continue;
        int32_t task = newest_task(cluster, service, slot, true);
        if (task != NO_TASK &&
            (found == NO_TASK || cluster->tasks[task].ordinal > cluster->tasks[found].ordinal))
            found = task;
    }
    return found;
}

/* Zones are kept balanced: of the zone with most tasks of the service, on the instance with most,
 * ties by the highest number, the newest. Instances that drain are none of it. */
static int32_t choose_to_stop(const struct cluster *cluster, size_t index)
{
    const struct ecs_service *service = &cluster->services[index];
    if (service->counts.pending > 0)
        return newest_pending(cluster, index);
    int32_t best = NO_INSTANCE;
    for (size_t i = 0; i < cluster->order_count; i++) {
        int32_t slot = cluster->order[i];
        const struct container_instance *instance = &cluster->instances[slot];
        if (instance->draining || service->on_slot[slot] == 0)
            continue;
        int32_t zone = service->on_zone[instance->zone];
        int32_t best_zone =
            best == NO_INSTANCE ? 0 : service->on_zone[cluster->instances[best].zone];
        if (best == NO_INSTANCE || zone > best_zone ||
            (zone == best_zone && service->on_slot[slot] >= service->on_slot[best]))
            best = slot;
    }
    return newest_task(cluster, index, best, false);
}

/* Tasks on DRAINING instances stop as far as enough others are healthy; those that are not healthy
 * themselves in any case. Instances by number, the newest first. */
static void stop_draining(struct world *world, size_t index)
{
    struct cluster *cluster = world->cluster;
    const struct ecs_service *service = &cluster->services[index];
    int64_t percent = service->described->minimum_healthy_percent;
    int64_t healthy_least = (service->desired * percent + 99) / 100;
    for (size_t i = 0; i < cluster->order_count && service->counts.draining > 0; i++) {
        int32_t slot = cluster->order[i];
        int32_t next = NO_TASK;
        if (!cluster->instances[slot].draining)
            continue;
        for (int32_t t = cluster->instances[slot].first_task; t != NO_TASK; t = next) {
            const struct task *task = &cluster->tasks[t];
            next = task->next;
            if (task->service == index &&
                (task->state == TASK_RUNNING ||
                 (task->state == TASK_SERVING && service->counts.serving > healthy_least)))
                task_stop(world, t);
        }
    }
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* With everything in its place and serving: start one task in an emptier zone, if it would be the
 * emptier one even then. The scheduler stops one of the fullest zone once the new one serves. */
static void rebalance(struct world *world, size_t index)
{
    struct cluster *cluster = world->cluster;
    struct ecs_service *service = &cluster->services[index];
    const struct task_counts *counts = &service->counts;
    int64_t most = service->desired * service->described->maximum_percent / 100;
    bool settled = counts->pending + counts->running + counts->draining == 0 &&
                   counts->serving == service->desired;
    if (!service->described->zone_rebalancing || !settled || most <= service->desired)
        return;
    int32_t fullest = 0;
    for (size_t zone = 0; zone < cluster->zone_count; zone++)
        fullest = service->on_zone[zone] > fullest ? service->on_zone[zone] : fullest;
    int32_t slot = placement_choose(world, index);
    if (slot == NO_INSTANCE || service->on_zone[cluster->instances[slot].zone] + 2 > fullest)
        return;
    task_place(world, index, slot, false);
    service->moving = true;
}

static void act_for(struct world *world, size_t index, bool at_once)
{
    struct cluster *cluster = world->cluster;
    struct ecs_service *service = &cluster->services[index];
    const struct task_counts *counts = &service->counts;
    stop_draining(world, index);
    int64_t all = counts->pending + counts->running + counts->serving;
    int64_t kept = all - counts->draining;
    if (kept <= service->desired || counts->pending + counts->running == 0)
        service->moving = false;
    for (; kept > service->desired + service->moving; kept--, all--)
        task_stop(world, choose_to_stop(cluster, index));
    int64_t most = service->desired * service->described->maximum_percent / 100;
    int64_t start = least(service->desired - kept, most - all);
    for (int64_t i = 0; i < start; i++) {
        int32_t slot = placement_choose(world, index);
        if (slot == NO_INSTANCE)
            break;
        task_place(world, index, slot, at_once);
    }
    if (!at_once)
        rebalance(world, index);
}

void scheduler_act(struct world *world, bool at_once)
{
    struct cluster *cluster = world->cluster;
    /* Before it acts: a task of a later service that stops may make room for an earlier one's. */
    cluster->changed = false;
    for (size_t i = 0; i < cluster->service_count; i++)
        act_for(world, i, at_once);
    cluster->acted_s = world->now_s;
}
