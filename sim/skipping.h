/* Evaluations that need not be made, for they would end as the last one did.
 *
 * A decision promises until when it holds if the account goes on as it was seen (policy/policy.h,
 * VALID_UNTIL). Until then the schedule's ticks are counted and told as if they had been gone
 * through, and a second in which nothing else happens is not looked at. What ends it: the promise
 * itself; a point of a metric the policy reads that differs becomes readable; a price that is not
 * all one to it, which is known beforehand; anything else it reads, the group, or a count of
 * notices is no longer as it was; a refused call would be accepted; a fault may fall on an
 * invocation. Where it cannot be told cheaply that the points arrive as before, every evaluation is
 * made: with a metric delay or a jitter that is drawn, an evaluation that takes time, periods that
 * are lost, faults of points, queries of longer periods. Where the policy tells what had a say in
 * its decision (policy/sizing.h), nothing else ends the promise; and where it holds as long as
 * points differ, and nobody is told the figures it holds with, it is not asked when they begin to,
 * and new points renew the promise; and where nobody is told more than what becomes of it, a fleet
 * that changes does not end it as long as nothing else becomes of it.
 *
 * A run in which nothing is skipped ("stepping") gives the same bytes: tests compare the two.
 */
#ifndef SIM_SKIPPING_H
#define SIM_SKIPPING_H

#include "metrics.h"
#include "policy/controller.h"

#include <stdbool.h>
#include <stdint.h>

struct world;

/* Zero: every evaluation is made, and every point taken in its second. */
struct skipping {
    bool on;            /* evaluations may be skipped: fixed for the run, as the next ten are */
    bool keeps_step;    /* metric_keeps_step */
    bool demand_unseen; /* nothing but the accounting goes by what is required */
    bool metrics_alone; /* the policy reads nothing else, but for the group */
    bool fleet_alone;   /* nothing else but metrics, the fleet and its pools */
    bool asks_again;    /* where only the fleet has changed, whether that changes the decision */
    bool reads_points;  /* it reads metrics at all, */
    bool reads_pools;   /* or spot prices */
    bool target_moves;  /* nothing but the accounting and the fleet's target does */
    bool lazy;          /* points may be taken late: when something changes, or somebody looks */
    bool ticks_wait;    /* ticks that hold may be counted late, for nobody is told of them */

    bool holds;        /* the last evaluation would go as it did, before until_s */
    int64_t until_s;   /* if nothing happens */
    int64_t promise_s; /* the same, but for the end of a cooldown */
    int64_t limit_s;   /* where other reads and faults end it */
    bool differs;      /* it holds while points differ; */
    bool may_differ;   /* it does as soon as they do: points of this metric, */
    int differing;     /* in so many seconds */
    int64_t differ_within_s;
    int64_t foreseen_s;               /* from then on they do by points that were foreseen, */
    int64_t foreseen_until_s;         /* until then */
    bool refused;                     /* it met an activity or a cooldown */
    bool refused_in;                  /* it was a scale-in, and refused for any reason */
    bool active;                      /* the fleet was */
    bool watches;                     /* it read metrics that had points: */
    struct sized_band bands[METRICS]; /* others than these may end it; all, if it was not read */
    int metrics[BALLAST_READS_MAX];   /* what each read asks for: enum metric, -1: nobody has it */
    size_t samples; /* metrics.count up to which later ones were compared with them, */
    size_t settled; /* and up to which they were asked how long they differ */
    struct ballast_observation seen; /* as it was made; of the answers the newest are left */
    bool any_group;                  /* the group has no say, and nobody is told of it */
    bool watches_fleet;              /* the fleet has a say: as it was described */
    struct sized_band targets;       /* or another one that is all the same */
    int64_t fulfilled_micro;
    bool watches_pools;      /* what each pool has does: */
    uint64_t pool_changes;   /* those so far when they were described, */
    uint64_t priced_changes; /* and when it was looked up how long their prices stay the same */
    int64_t priced_until_s;  /* to the policy */
    bool again;              /* it ended, and may be asked again for what it saw but the fleet */
    bool needs_call;         /* and with the fleet as it was noted then the group is called */
    bool calls;              /* it asked something of the group, */
    int64_t wants;           /* to be so large */
};

/* At the start of a run in which skipping is wanted. */
void skipping_init(struct world *world);
/* The next second in which a point, the alarm's expiry or the schedule has to be looked at. */
int64_t skipping_next_s(const struct world *world);
/* Count the ticks of the seconds before time_s that were left out, for they held. */
void skipping_count(struct world *world, int64_t time_s);
/* And take their points. */
void skipping_catch_up(struct world *world, int64_t time_s);
/* Whether nothing but evaluations is looked at as long as nothing changes: points wait. */
bool skipping_rests(const struct world *world);
/* The first tick that has to be gone through, if nothing changes before; INT64_MAX: none up to
 * within_s. */
int64_t skipping_due_s(const struct world *world, int64_t within_s);
/* Where it rests, and ticks wait: the point before the next one has the values `before`, and from
 * the next one on they have `values`. */
void skipping_foresee(struct world *world, const struct metric_values *before,
                      const struct metric_values *values);
/* Whether the tick of this second need not be gone through, for by such points it holds from now on
 * because they differ: count it. */
bool skipping_begins_to_differ(struct world *world);
/* Where what held has ended: whether the tick of this second, but for the fleet and what comes of
 * that, goes as the last one that was gone through, and leaves the group alone: count it. */
bool skipping_decides_again(struct world *world);
/* All points that were foreseen were taken. */
void skipping_taken(struct world *world);
/* Whether it rests when in such a second the fleet's target, and nothing else, has changed. */
bool skipping_goes_on(struct world *world);
/* An evaluation was made. */
void skipping_learn(struct world *world, const struct controller_evaluation *evaluation);
/* How long it holds by the points that were taken: `until_s`. */
void skipping_renew(struct world *world);
/* Whether what it found still holds after what has happened: `holds` and `until_s`. */
void skipping_settle(struct world *world);
/* The schedule's tick of this second need not be gone through: count it. False: it must be. */
bool skipping_tick(struct world *world);

/* ---- what was seen (seen.c) ---------------------------------------------------------------------
 */

/* What the policy reads, but for metrics, is known of the run. */
void seen_init(struct world *world);
/* An evaluation was made, and holds. */
void seen_learn(struct world *world, const struct controller_evaluation *evaluation);
/* The answer to a read that had a say, among those of `observation`; NULL: there is none. */
const struct ballast_answer *seen_answer(const struct world *world,
                                         const struct ballast_observation *observation,
                                         enum ballast_read_kind kind);
/* What held has ended. Whether what is needed for the fleet as it is now leaves the group alone, or
 * is refused until the cooldown ends: then that holds. */
bool seen_decides_again(struct world *world);
/* Where nothing but the fleet has changed: whether that ends what holds. */
bool seen_fleet_holds(struct world *world);
/* Whether the policy would find the group, if it has a say, and all that is no metric as it was; or
 * where nobody is told more than what becomes of it, so that nothing else would. */
bool seen_holds(struct world *world);

/* ---- metrics (metric_promise.c) -----------------------------------------------------------------
 */

/* What is known of the metrics as a whole. */
struct metric_outlook {
    int64_t now_s;
    int64_t every_s;       /* between evaluations */
    bool keeps_step;       /* metric_keeps_step: the same for the whole run */
    int64_t next_sample_s; /* of the period that is not over */
    bool active;           /* points are published */
};

/* Whether all of a query's answers can be told from one: one sample is one point, and points become
 * readable in their turn. */
bool metric_plain(const struct metrics *metrics, const struct cloud_metric_query *query);
/* Whether evaluations see the points of every period at the same age. */
bool metric_keeps_step(const struct metrics *metrics, int64_t every_s);
/* `answer` is what the query, for `metric` or -1, was answered at outlook->now_s. Before which
 * second it will be the same at later evaluations: the same status, and points with later stamps
 * and one value, as far as points were taken up to now; or where `band` is given and the newest
 * value within it, values within it. outlook->now_s: nothing can be promised. *out_band is that
 * value, or the band; low above high: there are no points. */
int64_t metric_promise(const struct metrics *metrics, int metric,
                       const struct cloud_metric_query *query, const struct metric_outlook *outlook,
                       const struct ballast_answer *answer, const struct sized_band *band,
                       struct sized_band *out_band);

/* Every second before until_s sees two points that differ, and a point until within_s after its
 * stamp. Before which second that is so too by the newest of the points taken up to now. */
int64_t metric_differs_until(const struct metrics *metrics, int metric, int64_t within_s,
                             int64_t until_s);

/* ---- spot prices (price_promise.c) --------------------------------------------------------------
 */

/* Before which second no price, nor the time of it, will be another to the policy than those of
 * `observation`, made in this second, if they had a say, as long as what runs in the pools stays
 * (price_band_function). */
int64_t price_promise(struct world *world, const struct ballast_observation *observation);

#endif
