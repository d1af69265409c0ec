/* How much can be launched: what limits a market beside its price.
 *
 * A *place* is an instance type in a zone. Capacity steps of the traces say how many spot instances
 * can run there; what is above a limit that falls is interrupted, and nothing is launched above it.
 * docs/model.md, "Lack of capacity".
 */
#ifndef SIM_CAPACITY_H
#define SIM_CAPACITY_H

#include <stddef.h>
#include <stdint.h>

struct fleet;
struct place;
struct pool;
struct world;

/* The place of that zone and type, made if it is not there: as capacity_init begins there is room
 * for one of each pool and each zone of the group. */
size_t place_index(struct fleet *fleet, const char *zone, const char *instance_type);
/* Make the places of the fleet's pools; nothing limits them yet. */
void capacity_init(struct world *world);
/* Second of the first capacity step that has not come, or INT64_MAX. */
int64_t capacity_next_s(const struct world *world);
/* Phase 0: limits up to now. */
void capacity_changes(struct world *world);

/* Spot instances that could be launched in the pool's place now: INT64_MAX where nothing limits it,
 * 0 where it is full or short. */
int64_t pool_free_capacity(const struct world *world, const struct pool *pool);

/* The fleet's place of that zone and type, or NULL. */
struct place *find_place(struct fleet *fleet, const char *zone, const char *instance_type);

/* Instances of the place without a notice, running or being launched. */
int64_t place_staying(const struct world *world, const struct place *place);

#endif
