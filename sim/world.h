/* The simulated account, inside: one struct per part, and the run that holds them together.
 *
 * Read in this order: event_queue.h (the future), instances (below), fleet.c and group.c (who
 * launches and ends them), interruptions.c (who is interrupted), accounting.h (what they served and
 * cost), metrics.h and cloud.c (what the controller sees), run.c (the loop over seconds). Nothing
 * outside sim/ includes this header.
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

struct fleet {
    const struct spot_fleet *request; /* in force: the scenario's */
    int64_t end_s;                    /* when it expires or is cancelled; INT64_MAX: never */
    bool end_terminates;              /* its instances end with it */
    enum record_end end_cause;
    struct pool *pools;
    size_t pool_count;
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
    bool strays;               /* it follows the demand, but a call has set its target: the next
                                  second that is gone through undoes that */
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

/* ---- instances (instances.c): the life common to both kinds ------------------------------------
 */

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

/* ---- fleet (fleet.c, allocation.c) ------------------------------------------------------------
 */

const struct market *find_market(const struct trace_set *traces, const char *zone, const char *type,
                                 const char *product);
int fleet_init(struct world *world, struct error *err);
/* Its pools have changed. */
void fleet_weigh(struct fleet *fleet);
/* The part of it that is known of the request alone. */
void fleet_begin(struct world *world);
/* A pool without a place; refused where no price is known at known_s. */
int fleet_make_pool(const struct world *world, const struct fleet_pool *specification,
                    int64_t known_s, struct pool *out_pool, struct error *err);
void fleet_clean_up(struct fleet *fleet);
static inline bool fleet_active(const struct world *world)
{
    return world->now_s >= world->fleet.request->valid_from_s && world->now_s < world->fleet.end_s;
}
/* Phase 0: price steps up to now. Before prices are looked at from outside the loop, too: a step
 * that interrupts nobody is gone through when somebody asks. */
void fleet_prices(struct world *world);
/* Phase "the fleet's own actions". A change of on_demand_base_micro takes effect with it. */
void fleet_modify(struct world *world, int64_t target_micro, bool excess_no_termination);
/* The same by a call of somebody's. */
void fleet_modify_by_call(struct world *world, int64_t target_micro, bool excess_no_termination);
void fleet_close(struct world *world);
/* Launch what is missing as of now; `warm` instances are up at once. */
void fleet_launch(struct world *world, bool warm);
void fleet_free_slot(struct world *world, const struct instance *instance);
/* Pool to launch the next instance in, or NULL if none is eligible (allocation.c). A `replacement`
 * goes to no place that is at risk itself. */
struct pool *fleet_choose_pool(const struct world *world, bool replacement);
/* What of the target is to be spot. */
static inline int64_t fleet_spot_target(const struct fleet *fleet)
{
    return fleet->target_micro - fleet->on_demand_target_micro;
}

/* What of that is neither fulfilled nor in flight, or marked. */
static inline int64_t fleet_spot_lacking(const struct fleet *fleet)
{
    int64_t size_micro = fleet->fulfilled_micro + fleet->in_flight_micro - fleet->on_demand_micro -
                         fleet->marked_micro;
    return fleet_spot_target(fleet) - size_micro;
}

static inline bool fleet_lacks_on_demand(const struct fleet *fleet)
{
    return fleet->on_demand_target_micro > fleet->on_demand_micro;
}

/* Whether ticks have anything to do: less is fulfilled and in flight than the target, or marked
 * instances wait for their replacement. */
static inline bool fleet_lacks(const struct fleet *fleet)
{
    return fleet_spot_lacking(fleet) > 0 || fleet_lacks_on_demand(fleet) || fleet->marked_count > 0;
}

/* Whether SpotMaxTotalPrice leaves room for one more instance of the pool (allocation.c). */
bool fleet_within_spot_budget(const struct world *world, const struct pool *pool);
/* The highest price that is not above the pool's cap (allocation.c). */
int64_t pool_cap_micro_usd(const struct pool *pool);
/* Whether its price allows launches in the pool (allocation.c). */
bool pool_affordable(const struct world *world, const struct pool *pool);
/* Instance to end next, of more kept spot than its target; or NO_INSTANCE (allocation.c). */
int32_t fleet_choose_excess(const struct world *world);

/* ---- the fleet's on-demand part (fleet_on_demand.c)
 * --------------------------------------------- */

/* The target, and with it the part that is to be on-demand. */
void fleet_set_target(struct world *world, int64_t target_micro);
void fleet_launch_on_demand(struct world *world, bool warm);
/* End instances, at once, as far as keep_micro stays: those being launched, then unless
 * only_in_flight running ones, for `cause`. */
void fleet_shrink_on_demand(struct world *world, int64_t keep_micro, bool only_in_flight,
                            enum record_end cause);
void fleet_on_demand_gone(struct world *world, uint32_t index);

/* ---- capacity rebalancing (fleet_rebalance.c)
 * ------------------------------------------------- */

/* Whether the fleet does not count on the instance any more, for its rebalance recommendation. */
static inline bool instance_marked(const struct world *world, const struct instance *instance)
{
    return instance->rebalance_s != RECORD_NEVER &&
           world->fleet.request->replacement != REPLACEMENT_NONE;
}

/* Whether the fleet counts on it where its target is made smaller. */
static inline bool instance_kept(const struct world *world, const struct instance *instance)
{
    return instance->notice_s == RECORD_NEVER && !instance_marked(world, instance);
}

/* One that is kept comes (1) or goes (-1). */
static inline void fleet_keep(struct fleet *fleet, const struct instance *instance, int change)
{
    struct pool *pool = &fleet->pools[instance->pool];
    pool->kept_micro += change * instance->weight_micro;
    pool->kept_running += instance->running ? change : 0;
    fleet->kept_micro += change * instance->weight_micro;
}

/* A recommendation has come for a spot instance. */
void fleet_mark(struct world *world, uint32_t index);
/* Whether what is launched next replaces what is still there. */
bool fleet_replaces(const struct fleet *fleet);
/* Whether one more instance of the pool stays within twice the target. */
bool fleet_within_double(const struct fleet *fleet, const struct pool *pool);
/* At a tick: settle the end of marked instances the fleet can do without. */
void fleet_release(struct world *world);
/* EVENT_REPLACED comes. */
void fleet_end_replaced(struct world *world, uint32_t index);
/* FulfilledCapacity less what is marked. */
int64_t fleet_fulfilled_unmarked(const struct world *world);

/* FulfilledCapacity as it is published. */
static inline int64_t fleet_fulfilled(const struct world *world)
{
    return world->fleet.marked_micro == 0 || world->scenario->account.marked_fulfilled
               ? world->fleet.fulfilled_micro
               : fleet_fulfilled_unmarked(world);
}

/* ---- interruptions (interruptions.c) -----------------------------------------------------------
 */

/* Whether records say who is interrupted: the traces', or those made from the advisor's bands. */
bool interruptions_recorded(const struct world *world);
void interruptions_init(struct world *world);
/* The first second of the future in which something is interrupted for another reason than price,
 * or INT64_MAX. */
int64_t interruptions_next_s(const struct world *world);
/* Whether anything may be interrupted in this second. */
static inline bool interruptions_due(const struct world *world)
{
    return world->fleet.interrupts || world->limits_fell ||
           world->rebalance.next < world->rebalance.count ||
           world->next_interruption < world->interruption_count;
}

/* Phase 1: notices for price and for what the traces say of this second. */
void interruptions_notices(struct world *world);
/* How many of `up` instances of the place a record takes. Where it knows of how many they were
 * lost, it takes that share: the whole part, and one more with the fraction's chance. */
int64_t record_share(const struct world *world, const struct interruption_step *step,
                     const struct place *place, int64_t up);
/* Notices for up to `limit` instances of the pool without one, lowest slots first. Returns how
 * many. */
int64_t pool_notice(struct world *world, struct pool *pool, int64_t limit, enum record_end cause);

/* ---- group (group.c) --------------------------------------------------------------------------
 */

void group_init(struct world *world);
void group_clean_up(struct group *group);
enum cloud_outcome group_set_desired(struct world *world, int64_t desired, bool honor_cooldown);
/* From which second on a call that honours the cooldown is accepted, if no other activity ends or
 * begins; INT64_MAX while one is in progress. */
int64_t group_cool_s(const struct world *world);
void group_activity_ended(struct world *world);
/* `count` launches asked for together have failed. */
void group_launches_failed(struct world *world, int64_t count);
/* Launch again what waits. */
void group_retry(struct world *world);
/* Whether the zone's place is short, and refuses the launch (launch_failures.c). */
bool launch_refused(struct world *world, size_t zone, uint64_t attempt);
/* Find out what is known of the group's places, if launches can fail. */
void launch_failures_init(struct world *world);
void group_instance_gone(struct world *world, uint32_t index);

/* ---- fleet and group as one (distribution.c) ---------------------------------------------------
 */

/* With `instances_distribution`: set the fleet's target at the start; returns the group's size. */
int64_t distribution_begin(struct world *world);
/* Have both follow what is required now. */
void distribution_follow(struct world *world);

/* ---- what is paid (tariff.c) -------------------------------------------------------------------
 */

/* Which of the group's running instances are prepaid, after one began to run or has ended. */
void tariff_cover(struct world *world);
/* What is billed for a life from running_s to ended_s, INT64_MAX while it goes on, that whoever
 * launched it has ended: at list price and not prepaid. */
struct bill tariff_bill(const struct scenario *scenario, int64_t running_s, int64_t ended_s);
/* The instance is prepaid since then, or RECORD_NEVER. */
void tariff_prepay(struct bill *bill, int64_t prepaid_since_s);
/* The seconds it has run within the measured window. */
int64_t tariff_running_s(const struct world *world, const struct instance *instance);

/* ---- what the controller sees (cloud.c, alarm.c) ------------------------------------------------
 */

struct cloud simulated_cloud(struct world *world);
/* What a point says of which it decides. */
static inline enum alarm_state alarm_says(int64_t pending_micro)
{
    return pending_micro > 0 ? ALARM_ALARM : ALARM_OK;
}

void alarm_look(struct world *world);
/* The newest sample becomes readable at readable_s: the alarm will look then, if that can change
 * anything. */
void alarm_expect(struct world *world, int64_t readable_s);
/* Whether points that follow the newest one, a period apart, and say that so much is pending change
 * nothing but when the alarm expires. */
bool alarm_rests(const struct world *world, const struct metric_sample *newest,
                 int64_t pending_micro);
/* Such points were taken while it rested. */
void alarm_goes_on(struct world *world, const struct metric_sample *newest);

/* ---- invocations (invocations.c, faults.c)
 * ---------------------------------------------------- */

/* An event of the schedule or the alarm happens: it is delivered to the function, if it is. */
void invocation_event(struct world *world, enum ballast_trigger trigger, uint64_t event);
/* EVENT_INVOCATION comes. */
void invocation_again(struct world *world, uint32_t index);
/* EVENT_FUNCTION_ENDED comes. */
void invocation_ended(struct world *world, uint32_t index);
void invocations_clean_up(struct invocations *invocations);

/* ---- a run's beginning (start.c), its seconds (run.c), and what is told (told.c) ----------------
 */

/* The account as it is before its first second. `reach_s`: how far back metrics are kept at least.
 */
int world_begin(struct world *world, int64_t reach_s, struct error *err);
/* The part of it that sees and decides. Returns how far back metrics are kept. */
int64_t world_begin_watching(struct world *world, int64_t reach_s);
/* The metric history of a warm start: as if the state at `from` had always been. */
void world_fill_history(struct world *world, int64_t reach_s);
/* As if nothing happened until end_s: the books are closed. */
void world_finish(struct world *world, int64_t end_s);
void world_clean_up(struct world *world);
/* Go through the seconds up to last_s in which anything happens. Stops where world->status says. */
void world_advance(struct world *world, int64_t last_s);
/* Events of this second up to and including `last`, also those that are scheduled meanwhile. */
void world_events(struct world *world, enum event_kind last);
/* The phase "metric publication". */
void world_sample(struct world *world);
/* The phases after it: alarms, evaluation. */
void world_decide(struct world *world);
/* The end of a second, also after something was done to the account in it: what it stands at is
 * held from now on, told and, in debug builds, checked. */
void world_settle(struct world *world);
/* The same of seconds in which what is required changes so, of which only the last is told, and
 * nothing else does. */
void world_settle_demand(struct world *world, const struct demand_step *steps, size_t count);
/* The target of a fleet that follows the demand. */
static inline int64_t fleet_target_of_demand(int64_t required_micro)
{
    int64_t over_micro = required_micro % MICRO;
    return over_micro > 0 ? required_micro - over_micro + MICRO : required_micro - over_micro;
}

/* Where the target follows the demand, go through the coming seconds before before_s, up to which
 * the account does nothing but handle its events and follow, as long as nobody looks at them
 * (unseen.c). */
void seconds_unseen(struct world *world, int64_t before_s);
/* The phases up to the fleet's own actions. */
void world_act(struct world *world);
/* What has come up to now of demand and of limits. */
void world_demand(struct world *world);
/* First t >= time_s with t = phase modulo every. */
int64_t aligned(int64_t time_s, int64_t every_s, int64_t phase_s);
/* An evaluation in the figures. */
void evaluation_count(struct world *world, const struct controller_evaluation *evaluation);
/* The open episode of refused scale-ins, if there is one, ends at time_s. */
void refusals_end(struct refusals *refusals, struct accounting *accounting, int64_t time_s);
/* The controller's evaluation is over: count it, tell it. */
void evaluated(const struct controller_evaluation *evaluation, void *context);

/* ---- always-on checks of debug builds (invariants.c)
 * --------------------------------------------- */

#ifdef NDEBUG
static inline void check_invariants(const struct world *world)
{
    (void)world;
}

static inline void check_money(const struct world *world)
{
    (void)world;
}
#else
void check_invariants(const struct world *world);
/* Once the run is over: money balances, instance by instance. */
void check_money(const struct world *world);
#endif

#endif
