/* Points put off while nobody looks at them: what is seen of the account in a stretch of time is
 * one entry, and only those that the metrics keep are ever written.
 *
 * Where all rests (skipping_rests) and ticks wait, for how long it holds is known from the entries
 * alone. The metrics know nothing of them: points have to be taken before anybody looks.
 */
#ifndef SIM_LATE_POINTS_H
#define SIM_LATE_POINTS_H

#include "metrics.h"

#include <stddef.h>
#include <stdint.h>

struct world;

enum { LATE_STRETCHES = 32 };

/* Zero: there are none. */
struct late_points {
    size_t count;
    struct late_stretch {
        int64_t points;
        struct metric_values values;
    } stretches[LATE_STRETCHES];
};

/* Put off the points of the seconds before time_s, since which nothing has changed. The fleet is
 * active. */
void late_put(struct world *world, struct late_points *late, int64_t time_s);
/* Take them. */
void late_take(struct world *world, struct late_points *late);
/* An evaluation is made: take them if it may read them. */
void late_evaluation(struct world *world, struct late_points *late);

#endif
