/* The traces of points whose values change what is loaded: made once for all points that load the
 * same, and kept while there is room. Inside study/ only.
 *
 * Points load the same where all values that have a say in it (sweep_leaves_traces_alone), and the
 * markets they look for, are the same. The seed has one only where something is drawn by it.
 */
#ifndef STUDY_SWEEP_MARKETS_H
#define STUDY_SWEEP_MARKETS_H

#include "scenario/scenario.h"
#include "study/grid.h"

enum { SWEEP_MARKETS_BYTES_MOST = 64 << 20 }; /* of those that no point holds */

struct sweep_markets;

/* Whether the seed has a say in what points load: the scenario, with nothing varied, draws some of
 * it, or what it takes its traces and interruptions from is varied, too. */
bool sweep_markets_drawn(const struct grid *grid, const struct scenario *scenario);

/* Whether anything that is varied has a say in what is loaded. `drawn`: the seed has. */
bool sweep_markets_vary(const struct grid *grid, bool drawn);

/* The points in an order in which those that load the same come one after another; to be freed. */
size_t *sweep_markets_order(const struct grid *grid, bool drawn);

struct sweep_markets *sweep_markets_new(bool drawn);
void sweep_markets_free(struct sweep_markets *markets); /* or NULL */

/* Hold the traces of a point, whose scenario this is. On error nothing is held. */
int sweep_markets_take(struct sweep_markets *markets, const struct grid *grid, size_t point,
                       struct scenario *scenario, const struct trace_set **out_traces,
                       struct error *err);
void sweep_markets_give_back(struct sweep_markets *markets, const struct trace_set *traces);

#endif
