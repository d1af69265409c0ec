/* A minimum-cost flow in whole numbers, by the network simplex method.
 *
 * The libraries at hand compute with 32-bit costs (RELAX-IV in GLPK) or in floating point; a bound
 * has to be exact, and the same on every machine.
 */
#ifndef STUDY_BOUND_FLOW_H
#define STUDY_BOUND_FLOW_H

#include "base/decimal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FLOW_UNLIMITED INT64_MAX
#define FLOW_DEAREST   (INT64_C(1) << 60) /* no path may cost as much */
#define FLOW_MOST      (INT64_C(1) << 62) /* all supplies above zero together may not be more */

struct flow_arc {
    int32_t source;
    int32_t target;
    int64_t cost;     /* of one unit, >= 0 */
    int64_t capacity; /* > 0 */
};

struct flow_network {
    int32_t node_count;
    int64_t *supply; /* of each node; they sum to 0 */
    struct flow_arc *arcs;
    size_t arc_count;
    size_t arc_capacity;
};

/* A network of so many nodes without supplies and arcs. */
void flow_set_up(struct flow_network *network, int32_t node_count);
void flow_clean_up(struct flow_network *network);
void flow_add_arc(struct flow_network *network, const struct flow_arc *arc);

/* The least cost of carrying all supplies, where `dearest` is above the cost of any path. False if
 * they cannot be carried. */
bool flow_solve(const struct flow_network *network, int64_t dearest, int128 *out_cost);

#endif
