/* The simulated account, inside: one struct per part, and the run that holds them together.
 *
 * Read in this order: event_queue.h (the future), instances.h, fleet.h and group.h (who launches
 * and ends them, who is interrupted), accounting.h (what they served and cost), metrics.h and
 * cloud.c (what the controller sees), seconds.h and run.c (the loop over seconds). Nothing outside
 * sim/ includes these.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "accounting.h"
#include "billing.h"
#include "event_queue.h"
#include "faults.h"
#include "fleet_tape.h"
#include "metrics.h"
#include "policy/controller.h"
#include "rebalance.h"
#include "record/decision_run.h"
#include "record/record.h"
#include "scaling.h"
#include "scenario/scenario.h"
#include "sim.h"
#include "simulation.h"
#include "skipping.h"

enum {
    NO_INSTANCE = -1,
};

/* One instance, spot or on-demand. Times are RECORD_NEVER until they come. */
struct instance {
    enum record_market_kind kind;
    bool of_fleet; /* launched by the Spot Fleet, be it on demand; else by the backup group */
    int32_t pool;  /* index of the fleet's pool, or of the group's zone */
    int32_t slot;  /* spot: its place in the pool */
    int64_t weight_micro;
    int64_t requested_s;
    int64_t running_at_s; /* planned */
    int64_t join_at_s;    /* planned */
    int64_t notice_s;
    int64_t rebalance_s; /* its rebalance recommendation */
    int64_t released_s;  /* the fleet does without it: it ends it TerminationDelay later */
    int64_t ended_s;
    enum record_end cause; /* of the notice, then of the end */
    bool notice_lost;      /* nobody learned of the notice */
    bool replacement;      /* launched before what it replaces has ended */
    bool running;
    bool joined;
    bool ended;
    bool warm;
    int32_t container;       /* its place among the cluster's container instances, or NO_INSTANCE */
    int64_t prepaid_since_s; /* from then on it costs nothing; RECORD_NEVER: always paid */
};

/* Ended, or to be ended, by EC2 itself and not by whoever launched it. */
static inline bool by_ec2(enum record_end cause)
{
    return cause == END_PRICE || cause == END_CAPACITY;
}

/* It has neither ended nor a notice. */
static inline bool instance_stays(const struct instance *instance)
{
    return !instance->ended && instance->notice_s == RECORD_NEVER;
}

/* Numbers the launches of one pool within one second: part of their draws' keys. */
struct launch_counter {
    uint64_t key; /* hash of type and zone */
    int64_t second_s;
    uint64_t count;
};

/* An instance type in a zone: what limits it is common to all pools of that market. */
struct place {
    const char *zone;
    const char *instance_type;
    uint64_t key;          /* hash of type and zone */
    int64_t limit;         /* spot instances that can run there, or CAPACITY_UNLIMITED */
    int64_t occupied;      /* slots taken: instances that have not ended */
    bool fell;             /* its limit fell in this second */
    size_t step;           /* the capacity step in force */
    int64_t short_until_s; /* takes nothing new before */
    int64_t risk_until_s;  /* an interruption is announced for then: no place for a replacement */
};

/* What one instance of a pool cost; others that lived in the same seconds cost the same. */
struct billed {
    bool known;
    int64_t running_at_s;
    int64_t ended_s;
    enum record_end cause;
    int128 cost;
};

/* Before which second a pool's price is known to stay within a band. */
struct pool_band {
    struct price_band band;
    int64_t until_s;
};

/* One of the fleet's pools: a launch specification in a zone, and its market. */
struct pool {
    const struct fleet_pool *specification;
    const struct market *market;
    size_t place; /* index in fleet.places */
    struct launch_counter launches;
    struct launch_counter on_demand_launches;
    int64_t micro_usd_per_hour;
    size_t next_step;        /* of the market, the first that has not come */
    size_t rise;             /* the first to come that has to be gone through in its second */
    int64_t rise_s;          /* that second, or INT64_MAX */
    int64_t cap_micro_usd;   /* the highest price that is not above its cap */
    bool retired;            /* of a request that was followed by another: nothing is launched */
    bool interrupts;         /* price above the cap: look for instances in the notice phase */
    bool affordable;         /* something can be launched at this price */
    int64_t allocated_micro; /* weights of all instances that have not ended, */
    int64_t running_micro;   /* of them those that run */
    int64_t kept_micro;      /* those with neither notice nor mark (fleet_rebalance.c) */
    int64_t kept_running;    /* of these the running ones: instances */
    struct billed billed;    /* the last one */
    struct pool_band band;   /* the last one that was asked for */
    int32_t *slots;          /* instance index or NO_INSTANCE */
    size_t first_free;       /* no slot before it is free */
    size_t slot_count;
    size_t slot_capacity;
};

/* What DescribeSpotPriceHistory shows of the pools, as it was when it was asked last: most of it
 * stays from one minute to the next. */
struct pool_rows {
    struct ballast_spot_price *list; /* of the pools in use, in order */
    size_t count;                    /* 0: to be made */
    uint64_t pool_changes;           /* as of these, */
    int64_t next_price_s;            /* and of this second of the fleet's */
};

struct fleet {
    const struct spot_fleet *request; /* in force: the scenario's */
    int64_t end_s;                    /* when it expires or is cancelled; INT64_MAX: never */
    bool end_terminates;              /* its instances end with it */
    enum record_end end_cause;
    struct pool *pools;
    size_t pool_count;
    bool pools_distinct; /* no two of those in use are of one market */
    struct pool_rows rows;
    struct place *places;
    size_t place_count;
    bool interrupts;                /* a pool's price rose above its cap in this second */
    bool every_price;               /* each price step is gone through, not only rises above caps */
    int64_t next_rise_s;            /* earliest of the pools' rises */
    int64_t next_price_s;           /* earliest price step of any pool that has not come */
    int64_t *price_due_s;           /* the same of each pool; or earlier, then it is looked at */
    int64_t target_micro;           /* fleet_set_target changes it, with the next but one */
    int64_t on_demand_base_micro;   /* OnDemandTargetCapacity in force */
    int64_t on_demand_target_micro; /* the part of the target that is to be on-demand */
    int64_t on_demand_micro;        /* weights of the on-demand instances, running or in flight */
    uint32_t *on_demand;            /* these, by number */
    size_t on_demand_count;
    size_t on_demand_capacity;
    bool excess_no_termination;
    bool launched_once;        /* type request: its one launch is done */
    bool closed;               /* expired or cancelled */
    uint64_t pool_changes;     /* how often what runs in a pool has changed */
    int64_t fulfilled_micro;   /* running, spot and on-demand */
    int64_t in_flight_micro;   /* requested, not running, likewise */
    int64_t terminating_micro; /* running, under a termination notice of the fleet's own */
    int64_t kept_micro;        /* of all pools */
    int64_t lightest_micro;    /* no pool's instances weigh less */
    size_t next_modification;
    int64_t marked_micro; /* of fulfilled and in flight, what is marked (fleet_rebalance.c) */
    uint32_t *marked;     /* launch-before-terminate: these, in order, until they are released */
    size_t marked_count;
    size_t marked_capacity;
};

/* What is known of a zone of the group: how short it is of the group's type. */
struct backup_place {
    size_t place;                /* index in fleet.places */
    const struct market *market; /* NULL where no price is known */
    size_t next_step;            /* of the market, the first that has not come */
};

struct group {
    int64_t min_size;
    int64_t max_size;
    int64_t default_cooldown_s;
    int64_t desired_capacity;
    int64_t activities;          /* in progress */
    int64_t last_activity_end_s; /* RECORD_NEVER before the first */
    uint32_t *alive;             /* instance indices, by number */
    size_t alive_count;
    size_t alive_capacity;
    int64_t running;     /* of the alive ones */
    int64_t prepaid;     /* of the running ones, those that are prepaid */
    int64_t *zone_count; /* alive ones per zone */
    struct launch_counter launches;
    struct launch_counter attempts;     /* failed ones too */
    struct backup_place *backup_places; /* by zone; NULL where no launch can fail */
    bool *refused;                      /* zones that refused the launch being made */
    int64_t waiting;                    /* instances wanted whose launch failed */
    int64_t retry_delay_s;              /* to the next retry */
    bool retry_pending;
};

struct alarm {
    enum alarm_state state;
    int64_t expires_s; /* when the deciding point leaves the evaluation range; INT64_MAX if none */
    int64_t expected;  /* points that will be looked at when they become readable */
    bool fired;        /* a transition into ALARM in this second */
};

/* Runs of refused scale-ins. */
struct refusals {
    int64_t since_s; /* first refusal of the open episode, or RECORD_NEVER */
};

/* An invocation between its reads and its calls, or on its way to die. */
struct running {
    struct invocation invocation;
    struct controller_decided decided;
    void *state; /* the policy's, as this invocation knows it; stays allocated */
    bool used;
    bool acts; /* else it dies */
};

/* Deliveries to come and invocations that take time, by index; the events are in the queue. */
struct invocations {
    struct invocation *list;
    size_t count;
    size_t capacity;
    uint32_t *free; /* indices that are not in use */
    size_t free_count;
    size_t free_capacity;
    struct running *running;
    size_t running_count; /* places, used or not */
    size_t running_capacity;
    int64_t busy; /* of them used */
};

/* The last call of SetDesiredCapacity, as the account answered it. */
struct desired_call {
    enum cloud_outcome outcome; /* CLOUD_NOT_CALLED: none since the last evaluation */
    int64_t desired_before;
};

struct world {
    const struct scenario *scenario;
    const struct trace_set *traces;
    const struct record_sink *sink;
    const struct sim_observer *observer;
    bool controlled;         /* the schedule and the alarm call the controller */
    bool alarmed;            /* the alarm does */
    bool begun;              /* its first second was gone through */
    struct fleet_tape *tape; /* or NULL; then there is no group, and this is written down */
    int64_t now_s;
    int64_t from_s;

    struct event_queue queue;
    struct instance *instances;
    size_t instance_count;
    size_t instance_capacity;

    struct fleet fleet;
    struct group group;
    struct metrics metrics;
    struct skipping skipping;
    struct alarm alarm;
    struct scaling *scaling; /* NULL: nothing scales the fleet */
    struct accounting accounting;
    struct refusals refusals;
    struct decision_run decision_run;
    struct cluster *cluster; /* NULL without services (cluster_parts.h) */
    struct controller *controller;
    struct cloud cloud;   /* as the controller sees it */
    struct cloud account; /* without injected faults */
    struct controller_recorder recorder;
    struct invocation invocation; /* the one under way */
    struct invocations invocations;
    struct desired_call desired_call;

    size_t next_demand;
    bool demand_moves; /* it changes in this second, which is gone through for the first time */
    size_t next_interruption;
    size_t interruption_count; /* 0 unless the trace's interruptions are to be read */
    size_t next_capacity;
    size_t capacity_count; /* likewise */
    bool limits_fell;      /* some place's limit fell in this second */
    int64_t next_fleet_tick_s;
    int64_t next_sample_s;
    int64_t next_schedule_s; /* without jitter */
    int64_t schedule_ordinal;
    int64_t interruption_notices; /* since the last evaluation */
    struct rebalance rebalance;
    int64_t rebalance_notices; /* likewise */

    struct record_capacity last_capacity; /* the last one told */
    bool capacity_told;
    int status; /* of the first record that failed */
};

/* What is handed out. */
struct simulation {
    struct world world;
    bool called;               /* from outside, ever */
    struct invocation outside; /* whose calls those from outside are */
    struct invocation aside;   /* the controller's, while one is made */
};

#endif
