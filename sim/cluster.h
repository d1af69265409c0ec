/* The ECS cluster: container instances, the tasks of services, and who places them where.
 *
 * docs/model.md, "ECS cluster", has the rules. Without services (scenario->service_count 0) nothing
 * is simulated here: world->cluster is NULL, every call returns at once, and nothing is reserved.
 *
 * The cluster acts in its own phase of a second (cluster_act). Between, it is told of instances as
 * they join, get their notice and end; a task dies with its instance in that very second.
 */
#ifndef SIM_CLUSTER_H
#define SIM_CLUSTER_H

#include <stdbool.h>
#include <stdint.h>

struct ballast_cluster;
struct cluster;
struct world;

/* Over the container instances that are ACTIVE or DRAINING, and the tasks on them that are running
 * or being stopped. CPU in ECS's units of 1/1024 vCPU, memory in MiB. */
struct cluster_reservation {
    int64_t registered_cpu;
    int64_t reserved_cpu;
    int64_t registered_memory_mib;
    int64_t reserved_memory_mib;
};

/* As of now; all zero where no instance is registered. */
struct cluster_reservation cluster_reservation(const struct world *world);

/* As DescribeClusters says it; false without a cluster, and then every number is BALLAST_UNKNOWN.
 */
bool cluster_describe(const struct world *world, struct ballast_cluster *out_cluster);

/* Tasks that are desired and do not serve, summed over the services. */
int64_t cluster_tasks_unserved(const struct world *world);

/* Before the first instance; then, once instances of a warm start have joined, its tasks. */
void cluster_init(struct world *world);
void cluster_start(struct world *world);
void cluster_destroy(struct cluster *cluster);

/* Phase 0: desired numbers of tasks as of now. */
void cluster_demand(struct world *world);
/* Its own phase: tasks whose time has come, then, at its tick, the scheduler. */
void cluster_act(struct world *world);
/* The second it has to act in next, or INT64_MAX. */
int64_t cluster_next_s(const struct world *world);

/* The instance joined; has its notice, with drain_on_notice; is about to end. */
void cluster_register(struct world *world, uint32_t index);
void cluster_drain(struct world *world, uint32_t index);
void cluster_deregister(struct world *world, uint32_t index);

/* Sum everything again; for debug builds (cluster_check.c). */
void cluster_check(const struct world *world);

#endif
