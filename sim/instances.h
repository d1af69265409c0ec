/* The life that spot and on-demand instances have in common, from request to end (instances.c). */
#ifndef SIM_INSTANCES_H
#define SIM_INSTANCES_H

#include "world.h"

/* Request an instance now: its delays are drawn and its events scheduled; a `warm` one is up at
 * once. Kind, pool, slot, weight are taken from `wanted`. Its index stays valid for the run. */
uint32_t instance_request(struct world *world, const struct instance *wanted,
                          struct launch_counter *launches, bool warm);
/* Its events, as their seconds come. */
void instance_run(struct world *world, uint32_t index);
void instance_join(struct world *world, uint32_t index);
/* A notice: it ends interruption_notice_s later, for `cause`. */
void instance_notice(struct world *world, uint32_t index, enum record_end cause);
/* Whether it has a notice that somebody knows of, and serves nothing for it. */
bool instance_drains(const struct world *world, const struct instance *instance);
/* It is at elevated risk of interruption: a rebalance recommendation comes for it. */
void instance_rebalance(struct world *world, uint32_t index);
const char *instance_type_of(const struct world *world, const struct instance *instance);
const char *instance_zone_of(const struct world *world, const struct instance *instance);
/* End it now: bill it, tell the sink. */
void instance_end(struct world *world, uint32_t index, enum record_end cause);
/* What it costs within the measured window, as far as it has run: micro-USD-seconds per hour. */
int128 instance_cost(const struct world *world, const struct instance *instance);
/* The run is over: bill and tell those still running. */
void instance_close_all(struct world *world);

#endif
