/* The books of a backup group beside a fleet that comes from a tape. */
#ifndef SIM_BESIDE_H
#define SIM_BESIDE_H

#include "fleet_tape.h"
#include "record/figures.h"

enum { BESIDE_LEVELS = 64 };

struct beside {
    struct fleet_tape *tape;
    const struct scenario *scenario;
    int64_t held_up_micro; /* of the group, since held_since_s */
    bool held_runs;        /* whether any of it runs */
    int64_t held_since_s;
    struct gap_sums sums;
    int128 up_unit_s;                              /* of the group, measured */
    const struct gap_level *levels[BESIDE_LEVELS]; /* those met lately */
};

/* So much of the group is up, and whether any of it runs, before the first second. */
void beside_begin(struct beside *beside, struct fleet_tape *tape, const struct scenario *scenario,
                  int64_t up_micro, bool runs);
/* The same as second time_s is over. */
void beside_settle(struct beside *beside, int64_t time_s, int64_t up_micro, bool runs);
/* The run is over: fleet and group together. `own`: the group's bills and events. */
void beside_finish(struct beside *beside, const struct accounting *own,
                   struct figures *out_figures);

#endif
