/* The ECS cluster, inside. cluster.c keeps the books of instances, cluster_tasks.c those of tasks,
 * cluster_scheduler.c decides what starts and stops, cluster_placement.c where. Nobody else
 * includes this header.
 *
 * A *slot* is a place in the array of container instances: one that is deregistered leaves it to
 * the next. Tasks are places of an array likewise.
 */
#ifndef SIM_CLUSTER_PARTS_H
#define SIM_CLUSTER_PARTS_H

#include "cluster.h"
#include "world.h"

enum { CPU_PER_VCPU = 1024, NO_TASK = -1 };

enum task_state {
    TASK_DEAD = 0, /* its place is free, or will be */
    TASK_PENDING,
    TASK_RUNNING, /* not known to its load balancer yet */
    TASK_SERVING, /* RUNNING, and healthy */
    TASK_STOPPING,
};

struct task {
    uint64_t ordinal; /* among all tasks its service ever placed: part of its draws' keys */
    int64_t due_s;    /* its state changes then, or RECORD_NEVER */
    size_t service;
    enum task_state state;
    int32_t slot;
    int32_t next; /* on its instance, from the newest to the oldest */
    int32_t previous;
    int32_t timers; /* events of it in the queue: its place is not given away before they came */
};

struct container_instance {
    uint32_t number; /* of the instance */
    bool registered;
    bool draining;
    size_t zone;
    int64_t cpu; /* registered */
    int64_t memory_mib;
    int64_t free_cpu; /* less every task that is there, in whatever state */
    int64_t free_memory_mib;
    int32_t first_task;
};

/* A service's tasks by state. */
struct task_counts {
    int64_t pending;
    int64_t running;
    int64_t serving;
    int64_t stopping;
    int64_t draining; /* of the running and serving ones, those on DRAINING instances */
};

struct ecs_service {
    const struct cluster_service *described;
    int64_t desired;
    size_t next_step; /* of its series */
    struct task_counts counts;
    int32_t *on_slot; /* tasks of it that are not being stopped, by slot */
    int32_t *present; /* all tasks of it, by slot */
    int32_t *on_zone; /* as on_slot */
    uint64_t placed;  /* ever */
    bool moving;      /* one task more than desired is there, to take another's place */
};

struct cluster {
    struct ecs_service *services;
    size_t service_count;
    size_t zone_count;
    size_t *pool_zones; /* of the fleet's pools, then of the group's zones */
    struct event_queue queue;

    struct container_instance *instances;
    size_t slot_count;
    size_t slot_capacity;
    int32_t *free_slots;
    size_t free_slot_count;
    int32_t *order; /* registered slots by the instances' numbers */
    size_t order_count;
    int32_t *candidates; /* scratch of the placement */

    struct task *tasks;
    size_t task_count;
    size_t task_capacity;
    int32_t *free_tasks;
    size_t free_task_count;
    size_t free_task_capacity;

    struct cluster_reservation sums;
    bool changed; /* since the scheduler last acted */
    int64_t acted_s;
};

/* Place a task of the service in `slot`; `at_once`: it serves already. */
void task_place(struct world *world, size_t service, int32_t slot, bool at_once);
/* Stop it: a PENDING one is gone at once, another goes on holding its resources for a while. */
void task_stop(struct world *world, int32_t index);
/* It is gone, with all that it held. */
void task_end(struct cluster *cluster, int32_t index);
/* An event of it has come. */
void task_event(struct world *world, int32_t index);
/* Count the task in (1) or out (-1), as it and its instance are now: out before either changes in
 * what is counted, and in again afterwards. */
void task_tally(struct cluster *cluster, const struct task *task, int32_t sign);

/* Where the service's next task goes, or NO_INSTANCE. */
int32_t placement_choose(struct world *world, size_t service);

/* One act of the scheduler; `at_once`: what it starts serves already. */
void scheduler_act(struct world *world, bool at_once);

#endif
