/* Which points of a sweep are run one after another by one thread, so that what they share is made
 * by one and found by the others (sim/batch.h). */
#ifndef STUDY_SWEEP_BATCHES_H
#define STUDY_SWEEP_BATCHES_H

#include "sim/batch.h"
#include "study/sweep.h"

/* Number what the points share: equal keys, equal numbers, in the order of the first point. */
void sweep_number(struct sweep_point *points, const struct sim_batch_key *keys, size_t count);

/* A piece of the work: some of `points`, in a row. */
struct sweep_piece {
    size_t first;
    size_t count;
    bool batched; /* others have the same fleet */
};

struct sweep_pieces {
    size_t
        *points; /* those that are to be run, those with one fleet and needs next to each other */
    struct sweep_piece *list;
    size_t count;
};

void sweep_pieces_make(struct sweep_pieces *out, const struct sweep *sweep);
void sweep_pieces_clean_up(struct sweep_pieces *pieces);

#endif
