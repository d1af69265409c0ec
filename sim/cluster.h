/* The ECS cluster: what its container instances register and what its tasks reserve.
 *
 * docs/model.md, "ECS cluster". Without services nothing is simulated here: every joined instance
 * serves its units, and there is no reservation.
 */
#ifndef SIM_CLUSTER_H
#define SIM_CLUSTER_H

#include <stdint.h>

struct world;

/* Over the container instances that are ACTIVE or DRAINING, and their running tasks. CPU in ECS's
 * units of 1/1024 vCPU, memory in MiB. */
struct cluster_reservation {
    int64_t registered_cpu;
    int64_t reserved_cpu;
    int64_t registered_memory_mib;
    int64_t reserved_memory_mib;
};

/* As of now; all zero where no instance is registered. */
struct cluster_reservation cluster_reservation(const struct world *world);

#endif
