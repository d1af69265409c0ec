/* What is kept of imported demand series. Inside scenario/ only; its maker and its end are in
 * scenario.h. */
#ifndef SCENARIO_DEMAND_MEMORY_H
#define SCENARIO_DEMAND_MEMORY_H

#include "scenario/scenario.h"

/* trace_demand, from memory where it was asked for the same before. `memory` may be NULL. The steps
 * are the caller's, to be freed. */
int demand_memory_read(struct demand_memory *memory, const char *path, const char *name,
                       int64_t from_s, int64_t to_s, struct demand_step **out_steps,
                       size_t *out_count, struct error *err);

#endif
