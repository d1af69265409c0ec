/* Demand that is made, not imported, kept in memory for whoever reads much the same scenario again
 * and again. What is kept stays until the memory ends, and scenarios borrow it. Threads may share
 * it. Inside scenario/ only. */
#ifndef SCENARIO_MADE_DEMAND_H
#define SCENARIO_MADE_DEMAND_H

#include "scenario/reader.h"

struct made_demands;
struct made_demands *made_demands_new(void);
void made_demands_free(struct made_demands *all); /* or NULL */

/* What a demand of units comes to depends on this text. NULL: on more, such as a database. To be
 * freed. */
char *made_demand_key(const struct scenario *scenario, const cJSON *demand);

/* If it is kept, lend it to the scenario: steps, canonical JSON and hash. */
bool made_demand_lend(struct made_demands *all, const char *key, struct scenario *scenario);
/* Keep what the scenario has, and lend it to it; not where there is no room. */
void made_demand_keep(struct made_demands *all, const char *key, struct scenario *scenario);

#endif
