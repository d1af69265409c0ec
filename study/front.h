/* Cost against unfulfilled capacity: which points no other beats, and where their line bends.
 *
 * FRONT: the points of which no other is as good in both figures, and better in one; of equal
 * points the first. KNEE: the point of the front that is nearest to the ideal, which has the least
 * of both, each figure laid from 0, its least on the front, to 1, its largest. An end of the front
 * is no knee.
 */
#ifndef STUDY_FRONT_H
#define STUDY_FRONT_H

#include "base/decimal.h"

#include <stddef.h>

#define FRONT_NONE SIZE_MAX

struct front_item {
    int128 cost_micro_usd;
    int128 unfulfilled_micro_unit_s;
};

/* All points, the least of the one figure first, of equal ones the least of the other, then the
 * first. To be freed. */
size_t *front_by_cost(const struct front_item *items, size_t count);
size_t *front_by_unfulfilled(const struct front_item *items, size_t count);

/* The front, by cost; to be freed. */
size_t *front_find(const struct front_item *items, size_t count, size_t *out_count);

/* The knee, as an index into a front; FRONT_NONE: it has none. */
size_t front_knee(const struct front_item *items, const size_t *front, size_t count);

/* Of points with `size` figures each, rows of `values`: the one nearest to the ideal, which has the
 * least of every figure: the sum of its figures is least when each is laid from 0, its least, to
 * 1, its largest. Of equal ones the first. */
size_t front_nearest(const int128 *values, size_t size, size_t count);

#endif
