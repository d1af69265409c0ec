/* How much can be launched: what limits a market beside its price.
 *
 * A *place* is an instance type in a zone. It may be limited to a number of instances, and it may
 * be short for a while, when nothing can be launched there at all. docs/model.md, "Lack of
 * capacity".
 */
#ifndef SIM_CAPACITY_H
#define SIM_CAPACITY_H

#include <stdint.h>

struct pool;
struct world;

/* Spot instances that could be launched in the pool's place now: INT64_MAX where nothing limits it,
 * 0 where it is short. */
int64_t pool_free_capacity(const struct world *world, const struct pool *pool);

#endif
