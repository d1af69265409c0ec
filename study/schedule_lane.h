/* One lane of a schedule: the cheapest chain of launches by which `width_micro` are served wherever
 * that is needed. Inside study/ only.
 *
 * Time is cut into points `step_s` apart, counted from the scenario's `from`; instances are
 * launched and given back at points. What serves until between two points counts until the one
 * before.
 */
#ifndef STUDY_SCHEDULE_LANE_H
#define STUDY_SCHEDULE_LANE_H

#include "study/schedule.h"

enum { LANE_COLD = -1 };
#define LANE_NEVER (INT64_MAX / 4) /* what cannot be had costs */

/* While instances of a purchase can run, until all of them end; or, at records, may. */
struct segment {
    int64_t first_s;
    int64_t begun_s; /* none begins to run after it */
    int64_t ended_s; /* INT64_MAX: it does not */
    int64_t serves_until_s;
    bool by_ec2; /* all end, and are not charged for the hour */
};

struct segments {
    struct segment *list; /* by first_s */
    size_t count;
    size_t capacity;
};

/* Those of a purchase in whose place there has to be room for `need` instances. */
void segments_find(struct segments *segments, const struct purchase *item,
                   const struct scenario *scenario, int64_t need);
/* The segment of an instance that began at or before latest_s and runs at time_s; NULL: none can.
 */
const struct segment *segment_of(const struct segments *segments, int64_t time_s, int64_t latest_s);

struct lanes {
    const struct purchases *purchases;
    const struct scenario *scenario;
    int64_t step_s;
    int64_t per_hour;          /* points */
    int64_t last;              /* index of the first point at or after the window's end */
    struct segments *segments; /* of each purchase */
    int64_t *used;             /* of each: instances that other lanes have at most in its place */
    int64_t *prices;           /* of each purchase at each point, discounted */
    int64_t *missing;    /* from each point to the next: required, and served by no lane yet */
    bool *needed;        /* there, of the lane */
    int64_t width_micro; /* of the lane */
    int64_t looked_at;   /* ways on that were weighed so far: what solving lanes has cost */
    int64_t *served;     /* what it costs to be served from each point on */
    int64_t *on;         /* of each purchase: with instances that begin another hour there */
};

void lanes_set_up(struct lanes *lanes, const struct purchases *purchases,
                  const struct scenario *scenario);
void lanes_clean_up(struct lanes *lanes);

/* What is to be served, in steps that hold until the next one. */
void lanes_require(struct lanes *lanes, const struct demand_step *demand, size_t demand_count);
/* The items of a chain serve what is missing, or, taken away, do so no more. */
void lanes_serve(struct lanes *lanes, const struct schedule *chain, bool taken_away);
int64_t lanes_most_missing(const struct lanes *lanes);

/* The lane that is needed while more than offset_micro is missing. Where a place is limited it has
 * room beside `used` for `times` the instances the lane needs: more than once as those that follow
 * each other there may overlap. */
void lane_solve(struct lanes *lanes, int64_t offset_micro, int64_t width_micro, int64_t times);
/* What it costs to begin with instances of purchase `warm` that run at `from`, or LANE_COLD. */
int64_t lane_cost(const struct lanes *lanes, int warm);
/* The chain, put behind the schedule's items. */
void lane_write(const struct lanes *lanes, int warm, struct schedule *schedule);
/* Instances of a purchase that serve a lane so wide. */
int64_t lane_count(const struct lanes *lanes, size_t purchase, int64_t width_micro);

#endif
