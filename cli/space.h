/* The options of commands that run the points of a space into a results database. */
#ifndef CLI_SPACE_H
#define CLI_SPACE_H

#include "options.h"
#include "study/grid.h"

struct space_options {
    const char *db;          /* --db FILE */
    struct option_list vary; /* --vary PATH=VALUES */
    const char *sample;      /* --sample random:N|lhs:N, or NULL */
    const char *sample_seed; /* --sample-seed N, or NULL */
};

/* Read and draw the space, and check what all such commands need: a database, something that is
 * varied, and at `path` a scenario that can be read more than once. `out_grid` is zeroed before and
 * cleaned up by the caller, also after an error. */
int space_read(struct grid *out_grid, const struct space_options *options, const char *path,
               struct error *err);

#endif
