/* The books of a backup group beside a fleet that comes from a tape. */
#ifndef SIM_BESIDE_H
#define SIM_BESIDE_H

#include "fleet_tape.h"
#include "record/figures.h"

struct world;

enum { BESIDE_LEVELS = 64 };

/* Begin with the tape, and zero but for sums.until_s: beside_begin. */
struct beside {
    struct fleet_tape *tape;
    struct gap_sums sums;
    int128 up_unit_s;                              /* of the group, measured */
    const struct gap_level *levels[BESIDE_LEVELS]; /* those met lately */
};

/* The group comes into being in `world`, as it is before the first second. */
void beside_begin(struct beside *beside, struct fleet_tape *tape, struct world *world);
/* A second is over. */
void beside_settle(struct beside *beside, struct world *world);
/* The run is over: fleet and group together. */
void beside_finish(struct beside *beside, struct world *world, struct figures *out_figures);

#endif
