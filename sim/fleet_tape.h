/* What a fleet does where nobody but the scenario touches it, written down once: for runs that
 * differ in their policy, their controller and their backup group only.
 *
 * Two things are kept of it. What can be seen (sights), for those who decide; and what is missing
 * beside it (gaps.h) with what it costs, for those who sum up. A tape is read only once it is made,
 * but for the levels' sums, which are made when they are asked for; threads may share it.
 */
#ifndef SIM_FLEET_TAPE_H
#define SIM_FLEET_TAPE_H

#include "accounting.h"
#include "base/error.h"
#include "gaps.h"

#include <pthread.h>

struct scenario;
struct trace_set;
struct world;

/* The fleet as it is seen from the end of a second on. */
struct fleet_sight {
    int64_t time_s;
    int64_t target_micro;
    int64_t fulfilled_micro; /* as it is published */
    int64_t terminating_micro;
    int64_t interruption_notices; /* that came since the sight before */
    int64_t rebalance_notices;    /* likewise */
};

struct fleet_tape {
    struct fleet_sight begin; /* before the first second */
    struct fleet_sight *sights;
    size_t sight_count;
    size_t sight_capacity;
    struct gaps gaps;
    struct accounting alone; /* what the account comes to without a group */

    pthread_mutex_t levels_lock;
    struct gap_level **levels;
    size_t level_count;
    size_t level_capacity;
};

/* Run the scenario's fleet. NULL: it cannot be run, or not be summed in 64 bits. */
struct fleet_tape *fleet_tape_make(const struct scenario *scenario, const struct trace_set *traces);
void fleet_tape_free(struct fleet_tape *tape); /* or NULL */
size_t fleet_tape_bytes(const struct fleet_tape *tape);

/* Called at the end of each second of the run that makes it, but of those in which only what is
 * required changes. */
void fleet_tape_note(struct fleet_tape *tape, struct world *world);
/* The same where it has as much up as before. */
void fleet_tape_sight(struct fleet_tape *tape, struct world *world);

/* The sums while level_micro of the backup is up, in a run of `scenario`. NULL: there are too many
 * to keep. */
const struct gap_level *fleet_tape_level(struct fleet_tape *tape, const struct scenario *scenario,
                                         int64_t level_micro);

#endif
