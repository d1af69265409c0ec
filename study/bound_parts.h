/* The parts of a bound: what could be bought, on which grid of seconds, and the flow network of it.
 * Inside study/ only; docs/bounds.md has the mathematics.
 */
#ifndef STUDY_BOUND_PARTS_H
#define STUDY_BOUND_PARTS_H

#include "base/decimal.h"
#include "base/error.h"
#include "scenario/scenario.h"
#include "study/bound_flow.h"
#include "traces/trace.h"

/* Instances can run from first_s on and are ended by EC2 at ended_s, INT64_MAX if never (or not
 * before what is charged ends); they serve until serves_until_s, and none begins to run after
 * begun_s. */
struct stretch {
    int64_t first_s;
    int64_t begun_s;
    int64_t ended_s;
    int64_t serves_until_s;
};

/* From time_s on so many instances can run in a place, or CAPACITY_UNLIMITED. */
struct place_limit {
    int64_t time_s;
    int64_t instances;
};

/* One thing that can be bought: instances of a pool, or on demand, under one billing regime. */
struct purchase {
    const struct fleet_pool *pool; /* NULL: the backup group's */
    bool spot;
    bool per_second;
    int64_t weight_micro;
    int64_t units; /* weight in units of flow */
    const struct price_step *steps;
    size_t step_count;
    struct price_step constant; /* what `steps` is of an on-demand price */
    int64_t discount_permille;
    bool continuous;           /* the price of each second is paid, not that of the hour's start */
    int128 *paid_before;       /* then: from the first step to each, micro-USD-seconds per hour */
    int64_t first_running_s;   /* a launch runs at or after this ... */
    int64_t last_running_s;    /* ... and at or before this */
    int64_t join_s;            /* from running to serving */
    bool warm_possible;        /* what runs at `from` is billed by this regime */
    int64_t warm_micro;        /* capacity that runs and serves at `from`, launched before */
    struct stretch *stretches; /* by first_s; mandatory ends */
    size_t stretch_count;
    size_t stretch_capacity;
    struct stretch *losses; /* an instance may be ended by EC2 then, or not; first_s is not used */
    size_t recorded_count;  /* the first so many by records, the others as a limit changes */
    size_t loss_count;
    size_t loss_capacity;
    struct place_limit *limits; /* of the place, by time; 0 has ended a stretch */
    size_t limit_count;
    size_t limit_capacity;
};

struct purchases {
    struct purchase *items;
    size_t count;
    size_t capacity;
    int64_t flow_unit_micro; /* greatest common divisor of all weights */
    int64_t cost_scale;      /* costs of a unit of flow are multiplied by this */
    int64_t dearest_micro;   /* highest price per hour */
};

/* All that could be bought under the scenario; what runs at `from` is added by purchases_warm. With
 * `prepaid` the backup is billed as what may become prepaid at any second: by the second, without a
 * minimum. */
void purchases_set_up(struct purchases *purchases, const struct scenario *scenario,
                      const struct trace_set *traces, bool prepaid);
void purchases_clean_up(struct purchases *purchases);
/* Note an instance that ran at `from`. */
void purchases_warm(struct purchases *purchases, bool spot, const char *type, const char *zone,
                    int64_t weight_micro);

/* Whether a place is the pool's. */
bool purchase_in_place(const struct fleet_pool *pool, const char *zone, const char *type);
/* Fill in the stretches, and the losses and limits (bound_stretches.c). */
void purchase_find_stretches(struct purchase *purchase, const struct scenario *scenario,
                             const struct trace_set *traces, const struct market *market);
void purchase_find_losses(struct purchase *purchase, const struct scenario *scenario,
                          const struct trace_set *traces);

/* The least a delay can be, and the most: INT64_MAX if nothing bounds it. */
int64_t delay_least(const struct delay *delay);
int64_t delay_most(const struct delay *delay);

/* The lowest price, discounted, of the seconds from_s to last_s. */
int64_t purchase_lowest(const struct purchase *purchase, int64_t from_s, int64_t last_s);

/* What [from_s, until_s) costs at the price of each second; of a continuous one only. */
int128 purchase_paid(const struct purchase *purchase, int64_t from_s, int64_t until_s);

/* Capacity that prepaid instances of the backup can serve. */
int64_t prepaid_micro(const struct purchases *purchases, const struct scenario *scenario);

/* Capacity over time, in steps. */
struct curve {
    struct demand_step *steps;
    size_t count;
    size_t capacity;
};

void curve_add(struct curve *curve, int64_t time_s, int64_t micro);

/* What a bound knows. */
struct bound_world {
    const struct scenario *scenario;
    struct purchases purchases;
    struct purchases prepaid; /* the same, with the backup's as may be prepaid; empty: none is */
};

/* Whether prices, weights and what is required are small enough to be reckoned with. */
bool bound_solvable(const struct bound_world *world, const struct curve *required);
/* The bound for a curve, in micro-USD, rounded down; not covered: it cannot be served. What it
 * would have cost may have been rounded down by half a micro-USD for each of its components.
 * `threads` as in parallel_run. */
int bound_solve(const struct bound_world *world, const struct curve *curve, size_t threads,
                int128 *out_micro_usd, bool *out_covered, struct error *err);

/* A stretch of time to be bounded, by itself: what is paid within it. */
struct bound_task {
    const struct scenario *scenario;
    const struct demand_step *demand; /* capacity to be covered: steps, the last up to to_s */
    size_t demand_count;
    int64_t from_s;
    int64_t to_s;
};

/* Seconds from `first_s` to `end_s` at the same phases of every hour, counted from first_s. */
struct grid {
    int64_t first_s;
    int64_t end_s;
    int64_t phases[SECONDS_PER_HOUR]; /* ascending; the first is 0 */
    int64_t phase_count;
    int64_t last;   /* index of end_s */
    int64_t step_s; /* what it was made with */
};

int64_t grid_time(const struct grid *grid, int64_t index);
int64_t grid_floor(const struct grid *grid, int64_t time_s);   /* last point at or before */
int64_t grid_ceiling(const struct grid *grid, int64_t time_s); /* first point at or after */

/* Points at every `step_s` seconds from `from_s` to `to_s`, and one hour before; with step_s 0
 * wherever anything changes, as it must be for the bound to be exact. False if those are more than
 * `most` in an hour. */
bool grid_make(struct grid *grid, const struct purchases *purchases, const struct bound_task *task,
               int64_t step_s, int64_t most);

/* Above the cost of any path through the network of a task of so many seconds, with the hour before
 * it. Below FLOW_DEAREST, or the task cannot be solved. */
int128 bound_dearest(const struct purchases *purchases, int64_t length_s);

/* The least cost of covering the demand of the task, in micro-USD-seconds per hour, rounded down.
 * False if it cannot be covered. */
bool bound_network(const struct purchases *purchases, const struct bound_task *task,
                   const struct grid *grid, int128 *out_cost);

#endif
