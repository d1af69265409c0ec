/* What a run leaves behind, as it happens.
 *
 * A simulation tells a *record sink* of every capacity change point, instance, interruption,
 * replacement and decision. The results database (record/database.h) is one sink; a run without
 * --db has none. Structs are borrowed for the length of the call. Times in seconds, capacity in
 * micro-units.
 */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include "base/decimal.h"
#include "policy/controller.h"

#include <stdint.h>

enum { RECORD_NEVER = -1 }; /* a time that did not come */

/* The account as it stands from time_s on, until the next one. Written when anything in it changes.
 */
struct record_capacity {
    int64_t time_s;
    int64_t required_micro;
    int64_t spot_up_micro;
    int64_t on_demand_up_micro;
    int64_t fleet_target_micro;    /* TargetCapacity */
    int64_t fleet_fulfilled_micro; /* AWS's FulfilledCapacity, with overshoot */
    int64_t group_desired;         /* DesiredCapacity, instances */
    int64_t group_running;         /* backup instances running, joined or not */
};

enum record_market_kind { RECORD_SPOT = 0, RECORD_ON_DEMAND };

/* Why an instance ended. */
enum record_end {
    END_STILL_RUNNING = 0, /* at the end of the run */
    END_PRICE,             /* interrupted by EC2: spot price above the cap */
    END_CAPACITY,          /* interrupted by EC2: an interruption of the trace */
    END_FLEET_SCALE_IN,    /* the fleet was above target */
    END_FLEET_EXPIRED,     /* ValidUntil with TerminateInstancesWithExpiration */
    END_GROUP_SCALE_IN,    /* the backup group's desired capacity was lowered */
    END_LAUNCH_CANCELLED,  /* ended before it was running */
    END_FLEET_CANCELLED,   /* CancelSpotFleetRequests with TerminateInstances */
    END_REBALANCE,         /* the fleet replaced it after a rebalance recommendation */
};

/* "still-running", "price", ... */
const char *record_end_name(enum record_end end);

/* One instance, told when it ends or when the run does. */
struct record_instance {
    int64_t instance; /* 1, 2, ... in order of request within the run */
    enum record_market_kind kind;
    const char *instance_type;
    const char *zone;
    int64_t weight_micro; /* what it serves when up */
    int64_t slot;         /* occupied slot of its pool, from 0; -1 for on-demand */
    int64_t requested_s;  /* accepted; for a warm instance the run's start */
    int64_t running_s;    /* billing starts; or RECORD_NEVER, as all below */
    int64_t joined_s;     /* serves from here */
    int64_t notice_s;     /* interruption or termination notice */
    int64_t ended_s;      /* billing stops */
    enum record_end end;
    bool warm; /* part of a warm start, not a launch */
    int128
        cost_micro_usd_s; /* within the measured window, micro-USD-seconds/hour: divide by 3600 */
};

/* One price or capacity interruption of one instance. */
struct record_interruption {
    int64_t instance;
    int64_t notice_s;
    int64_t ended_s; /* RECORD_NEVER if the run ended first */
    enum record_end cause;
};

/* One spot instance that has to do with capacity rebalancing, told with its end. */
struct record_rebalance {
    int64_t instance;
    int64_t recommended_s; /* its rebalance recommendation; RECORD_NEVER if it had none */
    int64_t released_s;    /* the fleet had its replacement: it ends it TerminationDelay later;
                              RECORD_NEVER */
    bool replacement;      /* launched for another before that one had ended */
};

/* Which of the bounds (study/bound.h) something belongs to. */
enum record_bound { BOUND_LOWER = 0, BOUND_FULL_SERVICE };

/* "lower", "full-service" */
const char *record_bound_name(enum record_bound bound);

/* Instances that are alike, of what perfect knowledge would have had instead. */
struct record_scheduled {
    enum record_bound bound;
    int64_t item; /* 1, 2, ... in order of request, of each bound */
    enum record_market_kind kind;
    const char *instance_type;
    const char *zone; /* on-demand: the group's first */
    int64_t instances;
    int64_t weight_micro; /* of each */
    bool warm;
    int64_t requested_s;
    int64_t running_s;
    int64_t joined_s;
    int64_t ended_s; /* the measured window's end where they still run then */
    int64_t serves_until_s;
    bool ended_by_ec2;
    int128 cost_micro_usd_s; /* of each, as of an instance */
};

/* A run of identical consecutive decisions: same trigger's action, argument, reason, figures,
 * guard, outcome. */
struct record_decision {
    int64_t ordinal; /* of the first, counting evaluations from 0 */
    int64_t first_s;
    int64_t last_s;
    int64_t evaluations; /* how many, >= 1 */
    enum ballast_trigger trigger;
    struct ballast_decision
        decision; /* valid_until_s is the first one's and is not compared or stored */
    enum controller_guard guard;
    enum ballast_action action; /* after the guards */
    int64_t desired_capacity;   /* after the guards */
    int64_t desired_before;     /* the group's desired capacity seen; BALLAST_UNKNOWN */
    enum cloud_outcome outcome;
    enum cloud_outcome fleet_outcome;
};

struct record_sink {
    void *context;
    /* Each returns STATUS_OK, or stops the run with its error. Any may be NULL. */
    int (*capacity)(const struct record_capacity *capacity, void *context);
    int (*instance)(const struct record_instance *instance, void *context);
    int (*interruption)(const struct record_interruption *interruption, void *context);
    int (*decision)(const struct record_decision *decision, void *context);
    /* Only of fleets that rebalance their capacity. */
    int (*rebalance)(const struct record_rebalance *rebalance, void *context);
    /* Only where bounds were asked for: after all else. */
    int (*scheduled)(const struct record_scheduled *scheduled, void *context);
};

#endif
