/* What a sweep came to: its points set against each other. Inside cli/ only. */
#ifndef CLI_SWEEP_H
#define CLI_SWEEP_H

#include "record/database.h"
#include "study/sweep.h"

#include <stdio.h>

/* The two figures that points are ordered by; of every point of the sweep. */
struct sweep_outcome {
    int128 cost_micro_usd;
    int128 unfulfilled_micro_unit_s;
};

struct sweep_outcomes {
    const struct sweep *sweep;
    const struct grid *grid;
    const struct sweep_outcome *items; /* sweep->count */
    const char *db;
    const char *name; /* the scenario's */
    size_t computed;  /* by this command */
};

/* The points that no other beats in both figures, or in one with the other equal: by cost, of equal
 * ones the first. *out_points is to be freed. */
void sweep_front(const struct sweep_outcomes *outcomes, size_t **out_points, size_t *out_count);

void sweep_print(const struct sweep_outcomes *outcomes, FILE *out);
/* Of one shard of several: how far it came, and nothing about the points, most of which it does not
 * have. */
void sweep_print_shard(const struct sweep_outcomes *outcomes, bool json, FILE *out);
/* One JSON object; the figures are read from `results`, point by point. */
int sweep_json(const struct sweep_outcomes *outcomes, struct results *results, FILE *out,
               struct error *err);

#endif
