/* The Spot Fleet: what it launches and gives up, and who is interrupted. */
#ifndef SIM_FLEET_H
#define SIM_FLEET_H

#include "world.h"

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

#endif
