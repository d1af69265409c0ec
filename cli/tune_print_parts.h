/* How a tuning's values are written in its table, and the part of it that is out of sample. Inside
 * cli/tune_print*.c only. */
#ifndef CLI_TUNE_PRINT_PARTS_H
#define CLI_TUNE_PRINT_PARTS_H

#include "show.h"
#include "tune.h"

/* What stands behind a point that does not meet the limits. */
extern const char tune_beyond[];

/* Of an objective: "USD", "unit-h", "s", or nothing. */
const char *tune_unit_of(const struct tune_told *told, size_t objective);
/* A value of it in that unit; returns out. */
char *tune_show_value(const struct tune_told *told, size_t objective, int128 value,
                      char out[SHOW_SIZE]);

void tune_print_walk(const struct tune_told *told, FILE *out);

#endif
