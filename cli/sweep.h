/* What a sweep came to: its points set against each other. Inside cli/ only. */
#ifndef CLI_SWEEP_H
#define CLI_SWEEP_H

#include "record/database.h"
#include "study/front.h"
#include "study/sweep.h"

#include <stdio.h>

struct sweep_outcomes {
    const struct sweep *sweep;
    const struct grid *grid;
    const struct front_item *items; /* sweep->count */
    const char *db;
    const char *name; /* the scenario's */
    size_t computed;  /* by this command */
};

/* On stderr, where the windows of a space would all meet one generated market. */
void sweep_warn_of_market(const struct scenario *scenario, const struct grid *grid);

void sweep_print(const struct sweep_outcomes *outcomes, FILE *out);
/* Of one shard of several: how far it came, and nothing about the points, most of which it does not
 * have. */
void sweep_print_shard(const struct sweep_outcomes *outcomes, bool json, FILE *out);
/* One JSON object; the figures are read from `results`, point by point. */
int sweep_json(const struct sweep_outcomes *outcomes, struct results *results, FILE *out,
               struct error *err);

#endif
