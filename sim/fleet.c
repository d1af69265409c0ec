/* The Spot Fleet: prices, launches, modifications, expiry and cancellation. */
#include "fleet.h"

#include "base/memory.h"
#include "capacity.h"
#include "draw.h"
#include "instances.h"

#include <stdlib.h>
#include <string.h>

const struct market *find_market(const struct trace_set *traces, const char *zone, const char *type,
                                 const char *product)
{
    for (size_t i = 0; i < traces->market_count; i++) {
        const struct market *market = &traces->markets[i];
        if (strcmp(market->zone, zone) == 0 && strcmp(market->instance_type, type) == 0 &&
            strcmp(market->product, product) == 0)
            return market;
    }
    return NULL;
}

static bool is_cancelled(const struct scenario *scenario)
{
    return scenario->cancellation.given &&
           scenario->cancellation.time_s <= scenario->fleet.valid_until_s;
}

int fleet_make_pool(const struct world *world, const struct fleet_pool *specification,
                    int64_t known_s, struct pool *out_pool, struct error *err)
{
    const char *product = world->scenario->product;
    const struct market *market =
        find_market(world->traces, specification->zone, specification->instance_type, product);
    if (!market || !market->step_count || market->steps[0].time_s > known_s)
        return error_set(err, STATUS_BAD_INPUT,
                         "no price of %s in %s (%s) is known at the start of the run",
                         specification->instance_type, specification->zone, product);
    *out_pool = (struct pool){
        .specification = specification,
        .market = market,
        .launches = {.key = draw_market(specification->instance_type, specification->zone),
                     .second_s = RECORD_NEVER},
        .band = {.until_s = INT64_MIN},
    };
    out_pool->on_demand_launches = out_pool->launches;
    out_pool->cap_micro_usd = pool_cap_micro_usd(out_pool);
    return STATUS_OK;
}

/* Specifications may have the type and the zone in common. */
static bool is_only_one(const struct fleet *fleet, const struct pool *pool)
{
    for (const struct pool *other = fleet->pools; other < pool; other++) {
        if (!other->retired && other->market == pool->market)
            return false;
    }
    return true;
}

void fleet_weigh(struct fleet *fleet)
{
    fleet->pools_distinct = true;
    fleet->rows.count = 0;
    fleet->lightest_micro = INT64_MAX;
    for (size_t i = 0; i < fleet->pool_count; i++) {
        int64_t weight_micro = fleet->pools[i].specification->weight_micro;
        if (weight_micro < fleet->lightest_micro)
            fleet->lightest_micro = weight_micro;
        fleet->pools_distinct &= fleet->pools[i].retired || is_only_one(fleet, &fleet->pools[i]);
    }
}

void fleet_begin(struct world *world)
{
    const struct scenario *scenario = world->scenario;
    struct fleet *fleet = &world->fleet;
    fleet->request = &scenario->fleet;
    bool cancelled = is_cancelled(scenario);
    fleet->end_s = cancelled ? scenario->cancellation.time_s : scenario->fleet.valid_until_s;
    fleet->end_cause = cancelled ? END_FLEET_CANCELLED : END_FLEET_EXPIRED;
    fleet->end_terminates = cancelled ? scenario->cancellation.terminate_instances
                                      : scenario->fleet.terminate_with_expiration;
    fleet->on_demand_base_micro = scenario->fleet.on_demand_micro;
    fleet_set_target(world, scenario->fleet.target_micro);
    fleet->excess_no_termination = scenario->fleet.excess_no_termination;
}

int fleet_init(struct world *world, struct error *err)
{
    const struct scenario *scenario = world->scenario;
    struct fleet *fleet = &world->fleet;
    fleet_begin(world);
    fleet->pool_count = scenario->fleet.pool_count;
    fleet->pools = memory_new(fleet->pool_count, sizeof *fleet->pools);
    fleet->price_due_s = memory_new(fleet->pool_count, sizeof *fleet->price_due_s);
    for (size_t i = 0; i < fleet->pool_count; i++)
        fleet->price_due_s[i] = INT64_MIN;
    for (size_t i = 0; i < fleet->pool_count; i++) {
        int status =
            fleet_make_pool(world, &scenario->fleet.pools[i], world->from_s, &fleet->pools[i], err);
        if (status)
            return status;
    }
    fleet_weigh(fleet);
    capacity_init(world);
    fleet->next_price_s = world->from_s;
    fleet->next_rise_s = fleet->pool_count > 0 ? world->from_s : INT64_MAX;
    fleet->every_price = true;
    return STATUS_OK;
}

void fleet_clean_up(struct fleet *fleet)
{
    for (size_t i = 0; fleet->pools && i < fleet->pool_count; i++)
        free(fleet->pools[i].slots);
    free(fleet->pools);
    free(fleet->price_due_s);
    free(fleet->rows.list);
    free(fleet->places);
    free(fleet->on_demand);
    free(fleet->marked);
}

/* The pool's next step that has to be gone through in its second: a rise above the cap, which
 * interrupts. Where somebody goes by prices as they are, any. */
static size_t next_rise(const struct world *world, const struct pool *pool)
{
    const struct market *market = pool->market;
    size_t i = pool->next_step;
    if (world->fleet.every_price)
        return i;
    if (world->scenario->interruptions == INTERRUPTIONS_NONE)
        return market->step_count;
    while (i < market->step_count && market->steps[i - 1].micro_usd_per_hour > pool->cap_micro_usd)
        i++;
    return market_step_above(market, i, pool->cap_micro_usd);
}

static int64_t step_s(const struct market *market, size_t step)
{
    return step < market->step_count ? market->steps[step].time_s : INT64_MAX;
}

/* The steps of a pool's market up to now. Returns the second of the next one. */
static int64_t pool_prices(struct world *world, struct pool *pool)
{
    const struct market *market = pool->market;
    size_t before = pool->next_step;
    if (step_s(market, before) <= world->now_s) {
        pool->next_step++;
        if (step_s(market, pool->next_step) <= world->now_s) /* more than one: seldom */
            pool->next_step =
                price_step_after(market->steps, market->step_count, pool->next_step, world->now_s);
        pool->micro_usd_per_hour = market->steps[pool->next_step - 1].micro_usd_per_hour;
        pool->interrupts = world->scenario->interruptions != INTERRUPTIONS_NONE &&
                           pool->micro_usd_per_hour > pool->cap_micro_usd;
        pool->affordable = pool_affordable(world, pool);
        world->fleet.interrupts = world->fleet.interrupts || pool->interrupts;
        if (before == 0 || pool->rise < pool->next_step) {
            pool->rise = next_rise(world, pool);
            pool->rise_s = step_s(market, pool->rise);
        }
    }
    return step_s(market, pool->next_step);
}

static int64_t first_rise_s(const struct fleet *fleet)
{
    int64_t first_s = INT64_MAX;
    for (size_t i = 0; i < fleet->pool_count; i++) {
        int64_t rise_s = fleet->pools[i].rise_s;
        first_s = rise_s < first_s ? rise_s : first_s;
    }
    return first_s;
}

void fleet_prices(struct world *world)
{
    struct fleet *fleet = &world->fleet;
    int64_t now_s = world->now_s;
    if (fleet->next_price_s > now_s)
        return;
    int64_t next_s = INT64_MAX;
    bool rises_alike = true;
    for (size_t i = 0; i < fleet->pool_count; i++) {
        int64_t due_s = fleet->price_due_s[i];
        if (due_s <= now_s) {
            int64_t rise_s = fleet->pools[i].rise_s;
            due_s = pool_prices(world, &fleet->pools[i]);
            fleet->price_due_s[i] = due_s;
            rises_alike = rises_alike && fleet->pools[i].rise_s == rise_s;
        }
        next_s = due_s < next_s ? due_s : next_s;
    }
    fleet->next_price_s = next_s;
    if (!rises_alike)
        fleet->next_rise_s = first_rise_s(fleet);
}

/* The lowest free slot of the pool, taken for instance `index`. */
static int32_t take_slot(struct pool *pool, int32_t index)
{
    size_t slot = pool->first_free;
    while (slot < pool->slot_count && pool->slots[slot] != NO_INSTANCE)
        slot++;
    pool->first_free = slot + 1;
    if (slot == pool->slot_count)
        ARRAY_PUSH(pool->slots, pool->slot_count, pool->slot_capacity, index);
    else
        pool->slots[slot] = index;
    return (int32_t)slot;
}

void fleet_free_slot(struct world *world, const struct instance *instance)
{
    struct pool *pool = &world->fleet.pools[instance->pool];
    pool->slots[instance->slot] = NO_INSTANCE;
    if ((size_t)instance->slot < pool->first_free)
        pool->first_free = (size_t)instance->slot;
    world->fleet.places[pool->place].occupied--;
    pool->allocated_micro -= instance->weight_micro;
    pool->running_micro -= instance->running ? instance->weight_micro : 0;
    world->fleet.pool_changes++;
    if (instance_kept(world, instance))
        fleet_keep(&world->fleet, instance, -1);
}

void fleet_launch(struct world *world, bool warm)
{
    struct fleet *fleet = &world->fleet;
    bool one_shot = fleet->request->type == FLEET_REQUEST;
    if (one_shot && fleet->launched_once)
        return;
    fleet->launched_once = true;
    fleet_prices(world);
    fleet_launch_on_demand(world, warm);
    while (fleet_spot_lacking(fleet) > 0) {
        bool replacement = fleet_replaces(fleet);
        struct pool *pool = fleet_choose_pool(world, replacement);
        if (!pool || !fleet_within_spot_budget(world, pool) ||
            (replacement && !fleet_within_double(fleet, pool)))
            break;
        const struct instance wanted = {
            .kind = RECORD_SPOT,
            .of_fleet = true,
            .pool = (int32_t)(pool - fleet->pools),
            .slot = take_slot(pool, (int32_t)world->instance_count),
            .weight_micro = pool->specification->weight_micro,
            .replacement = replacement,
        };
        pool->allocated_micro += wanted.weight_micro;
        fleet_keep(fleet, &wanted, 1);
        fleet->places[pool->place].occupied++;
        instance_request(world, &wanted, &pool->launches, warm);
    }
}

/* Newest launch in flight without a notice of at most `spare_micro`, or NO_INSTANCE. Marked ones
 * are looked at with `marked` only. */
static int32_t newest_in_flight(const struct world *world, int64_t spare_micro, bool marked)
{
    int32_t newest = NO_INSTANCE;
    for (size_t i = 0; i < world->fleet.pool_count; i++) {
        const struct pool *pool = &world->fleet.pools[i];
        for (size_t slot = 0; slot < pool->slot_count; slot++) {
            int32_t index = pool->slots[slot];
            if (index == NO_INSTANCE || index < newest)
                continue;
            const struct instance *instance = &world->instances[index];
            if (!instance->running && instance->notice_s == RECORD_NEVER &&
                (marked || !instance_marked(world, instance)) &&
                instance->weight_micro <= spare_micro)
                newest = index;
        }
    }
    return newest;
}

/* End launches in flight, newest first, as far as `keep_micro` of size_micro stays. */
static void cancel_in_flight(struct world *world, int64_t size_micro, int64_t keep_micro,
                             bool marked)
{
    int32_t index = NO_INSTANCE;
    while (world->fleet.in_flight_micro > 0 &&
           (index = newest_in_flight(world, size_micro - keep_micro, marked)) != NO_INSTANCE) {
        size_micro -= world->instances[index].weight_micro;
        instance_end(world, (uint32_t)index, END_LAUNCH_CANCELLED);
    }
}

/* Bring the spot part, what is kept of it, down to its target. */
static void shrink_spot(struct world *world)
{
    const struct fleet *fleet = &world->fleet;
    int64_t target_micro = fleet_spot_target(fleet);
    if (fleet->kept_micro - target_micro < fleet->lightest_micro)
        return;
    /* Open requests above the new target are cancelled under either policy. */
    cancel_in_flight(world, fleet->kept_micro, target_micro, false);
    if (fleet->excess_no_termination)
        return;
    fleet_prices(world);
    int32_t index = NO_INSTANCE;
    while (fleet->kept_micro - target_micro >= fleet->lightest_micro &&
           (index = fleet_choose_excess(world)) != NO_INSTANCE)
        instance_notice(world, (uint32_t)index, END_FLEET_SCALE_IN);
}

void fleet_modify(struct world *world, int64_t target_micro, bool excess_no_termination)
{
    struct fleet *fleet = &world->fleet;
    int64_t spot_before = fleet_spot_target(fleet);
    int64_t on_demand_before = fleet->on_demand_target_micro;
    fleet->excess_no_termination = excess_no_termination;
    fleet_set_target(world, target_micro);
    if (fleet_spot_target(fleet) < spot_before)
        shrink_spot(world);
    if (fleet->on_demand_target_micro < on_demand_before)
        fleet_shrink_on_demand(world, fleet->on_demand_target_micro, excess_no_termination,
                               END_FLEET_SCALE_IN);
}

void fleet_close(struct world *world)
{
    enum record_end cause = world->fleet.end_cause;
    world->fleet.closed = true;
    if (!world->fleet.end_terminates)
        return;
    cancel_in_flight(world, INT64_MAX, 0, true);
    for (size_t i = 0; i < world->fleet.pool_count; i++)
        pool_notice(world, &world->fleet.pools[i], INT64_MAX, cause);
    fleet_shrink_on_demand(world, 0, false, cause);
}
