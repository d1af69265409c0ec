/* A schedule of launches that serves a demand, bought with perfect knowledge: what the bounds'
 * money can be turned into. The bound is what it costs at least, the schedule is one that can be
 * had; the least there is lies between the two.
 *
 * It keeps to what binds the bounds (docs/bounds.md) and, where records take instances of a place
 * without saying which, to the worst: who is there gives its instance back, and has paid for it.
 *
 * Prepaid instances are there from the first second on. The rest of the demand is cut into lanes,
 * as wide as an instance. For each lane the cheapest chain of launches is found by dynamic
 * programming over points of time, from the end: what it costs to be served from here on, and to
 * have an instance of a pool that begins another hour here.
 */
#ifndef STUDY_SCHEDULE_H
#define STUDY_SCHEDULE_H

#include "record/record.h"
#include "scenario/scenario.h"
#include "study/bound_parts.h"

/* Instances that are alike. Names are borrowed from the scenario. */
struct schedule_item {
    enum record_market_kind kind;
    const struct fleet_pool *pool; /* NULL: the backup group's */
    const char *instance_type;
    const char *zone; /* of the group the first one */
    int64_t count;
    int64_t weight_micro; /* of each */
    bool warm;            /* runs at `from`: not launched */
    bool prepaid;         /* costs nothing but what `other` is */
    int64_t requested_s;
    int64_t running_s; /* billed from here */
    int64_t joined_s;  /* serve from here */
    int64_t ended_s;   /* billed until here; the window's end where they still run then */
    int64_t serves_until_s;
    bool ended_by_ec2;
    int128 cost_micro_usd_s; /* of each, in the measured window, without `other`: divide by 3600 */
};

struct schedule {
    struct schedule_item *items; /* by requested_s */
    size_t count;
    size_t capacity;
    int128 cost_micro_usd; /* of all, its components rounded as a run's are, `other` among them */
    const char *reason;    /* why there is none; NULL if there is one */
    bool dear;             /* it took so long to find that not everything was tried */
};

/* For the demand, capacity in steps that hold until the next one. To be cleaned up. */
void schedule_make(struct schedule *out_schedule, const struct purchases *purchases,
                   const struct scenario *scenario, const struct demand_step *demand,
                   size_t demand_count);
/* Take over what another schedule has bought, of the same world. */
void schedule_copy(struct schedule *schedule, const struct schedule *other);
/* There is none after all, and why. */
void schedule_refuse(struct schedule *schedule, const char *reason);
void schedule_clean_up(struct schedule *schedule);

#endif
