/* The traces of points whose values change what is loaded: made once for all points that load the
 * same, and kept while there is room. Inside study/sweep*.c only.
 *
 * Points load the same where all values that have a say in it (sweep_leaves_traces_alone) and the
 * markets they look for are the same.
 */
#ifndef STUDY_SWEEP_MARKETS_H
#define STUDY_SWEEP_MARKETS_H

#include "scenario/scenario.h"
#include "study/grid.h"

enum { SWEEP_MARKETS_BYTES_MOST = 64 << 20 }; /* of those that no point holds */

struct sweep_markets;

/* The points in an order in which those that load the same come one after another; to be freed. */
size_t *sweep_markets_order(const struct grid *grid);

struct sweep_markets *sweep_markets_new(void);
void sweep_markets_free(struct sweep_markets *markets); /* or NULL */

/* Hold the traces of a point, whose scenario this is. On error nothing is held. */
int sweep_markets_take(struct sweep_markets *markets, const struct grid *grid, size_t point,
                       struct scenario *scenario, const struct trace_set **out_traces,
                       struct error *err);
void sweep_markets_give_back(struct sweep_markets *markets, const struct trace_set *traces);

#endif
