/* Imported demand series, kept in memory for whoever reads much the same scenario again and again.
 * What was read once is not looked up again. Threads may share it. Inside scenario/ only. */
#ifndef SCENARIO_DEMAND_MEMORY_H
#define SCENARIO_DEMAND_MEMORY_H

#include "scenario/scenario.h"

struct demand_memory;
struct demand_memory *demand_memory_new(void);
void demand_memory_free(struct demand_memory *memory); /* or NULL */

/* trace_demand, from memory where it was asked for the same before. `memory` may be NULL. *out_kept
 * is cleared, and never set, where it may be read anew the next time. The steps are the caller's,
 * to be freed. */
int demand_memory_read(struct demand_memory *memory, const char *path, const char *name,
                       int64_t from_s, int64_t to_s, struct demand_step **out_steps,
                       size_t *out_count, bool *out_kept, struct error *err);

/* Whether the database still holds what is kept of it. */
bool demand_memory_is_current(struct demand_memory *memory, const char *path);

#endif
