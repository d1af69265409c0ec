/* The values of a dimension from what the user wrote. Inside study/ only. */
#ifndef STUDY_GRID_VALUES_H
#define STUDY_GRID_VALUES_H

#include "study/grid.h"

/* Fill in the values; name and paths are there. */
int grid_read_values(struct grid_dimension *dimension, const char *text, struct error *err);

#endif
