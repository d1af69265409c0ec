/* Inside study/ only: what was found for a curve, kept for the next run that serves or requires the
 * same. Curves are told apart by their steps; the world they are solved in is the caller's to keep
 * (bound.h).
 */
#ifndef STUDY_BOUND_MEMORY_H
#define STUDY_BOUND_MEMORY_H

#include "bound_parts.h"
#include "schedule.h"

struct bounds_memory;

/* What was found. */
struct bound_found {
    bool covered;
    int128 micro_usd;
    bool scheduled; /* whether a schedule was looked for, too */
    struct schedule schedule;
};

/* Borrowed until the next one is kept; NULL: nothing is known of the curve, or there is no memory.
 */
struct bound_found *bounds_memory_find(const struct bounds_memory *memory,
                                       const struct curve *curve);
/* Keep an empty one for the curve, which is copied; borrowed likewise. */
struct bound_found *bounds_memory_keep(struct bounds_memory *memory, const struct curve *curve);

#endif
