/* A world whose fleet comes from a tape: it sees the fleet, and nothing it does reaches it.
 */
#ifndef SIM_FOLLOWER_H
#define SIM_FOLLOWER_H

#include "fleet_tape.h"
#include "world.h"

struct follower {
    struct world world;
    const struct fleet_tape *tape;
    size_t next_sight;
};

/* Zeroed before. Afterwards it has metrics, a controller and an alarm, and no group. */
void follower_begin(struct follower *follower, const struct scenario *scenario,
                    const struct fleet_tape *tape);
/* What is seen of the fleet in the world's second. */
void follower_look(struct follower *follower);
/* The next second in which anything happens. */
int64_t follower_next_s(const struct follower *follower);

#endif
