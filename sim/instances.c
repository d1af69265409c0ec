/* The life of an instance, spot or on-demand: requested, running, joined, noticed, ended. */
#include "instances.h"

#include "base/memory.h"
#include "billing.h"
#include "cluster.h"
#include "draw.h"
#include "fleet.h"
#include "group.h"

/* Whether it counts as fulfilled or in flight. */
static bool counts_as_capacity(const struct world *world, const struct instance *instance)
{
    return instance->notice_s == RECORD_NEVER || !world->scenario->account.replace_on_notice;
}

bool instance_drains(const struct world *world, const struct instance *instance)
{
    return instance->notice_s != RECORD_NEVER && !instance->notice_lost &&
           world->scenario->account.drain_on_notice;
}

/* Whether it serves once it has joined. */
static bool serves(const struct world *world, const struct instance *instance)
{
    return !instance_drains(world, instance);
}

/* Notices are best effort: EC2 ends the instance all the same. */
static bool is_lost(const struct world *world, const struct instance *instance)
{
    int64_t permille = world->scenario->account.notice_lost_permille;
    if (permille == 0)
        return false;
    uint64_t pool_slot = ((uint64_t)instance->pool << 32) | (uint64_t)instance->slot;
    return draw_chance_of(permille, world->scenario->seed, DRAW_NOTICE_LOST,
                          world->fleet.pools[instance->pool].launches.key, (uint64_t)world->now_s,
                          pool_slot);
}

static void add_up(struct world *world, const struct instance *instance, int64_t weight_micro)
{
    struct standing *now = &world->accounting.now;
    if (instance->kind == RECORD_SPOT)
        now->spot_up_micro += weight_micro;
    else
        now->on_demand_up_micro += weight_micro;
}

uint32_t instance_request(struct world *world, const struct instance *wanted,
                          struct launch_counter *launches, bool warm)
{
    bool spot = wanted->kind == RECORD_SPOT;
    const struct account *account = &world->scenario->account;
    int64_t now_s = world->now_s;
    struct instance instance = *wanted;
    instance.requested_s = now_s;
    instance.running_at_s = now_s;
    instance.join_at_s = now_s;
    instance.notice_s = RECORD_NEVER;
    instance.rebalance_s = RECORD_NEVER;
    instance.released_s = RECORD_NEVER;
    instance.ended_s = RECORD_NEVER;
    instance.prepaid_since_s = RECORD_NEVER;
    instance.warm = warm;
    instance.container = NO_INSTANCE;
    if (!warm) {
        if (launches->second_s != now_s) {
            launches->second_s = now_s;
            launches->count = 0;
        }
        uint64_t index = launches->count++;
        uint64_t seed = world->scenario->seed;
        uint64_t second = (uint64_t)now_s;
        instance.running_at_s += draw_delay(
            spot ? &account->spot_launch_delay : &account->on_demand_launch_delay, seed,
            spot ? DRAW_SPOT_LAUNCH : DRAW_ON_DEMAND_LAUNCH, launches->key, second, index);
        instance.join_at_s =
            instance.running_at_s + draw_delay(&account->join_delay, seed,
                                               spot ? DRAW_SPOT_JOIN : DRAW_ON_DEMAND_JOIN,
                                               launches->key, second, index);
    }
    ARRAY_PUSH(world->instances, world->instance_count, world->instance_capacity, instance);
    uint32_t number = (uint32_t)(world->instance_count - 1);
    if (instance.of_fleet)
        world->fleet.in_flight_micro += instance.weight_micro;
    if (warm) {
        instance_run(world, number);
        instance_join(world, number);
        return number;
    }
    /* The fleet's own on-demand instances are no backup: no figure counts their launches. */
    if (spot)
        accounting_count(&world->accounting, FIGURE_events_spot_launches, now_s);
    else if (!instance.of_fleet)
        accounting_count(&world->accounting, FIGURE_events_on_demand_launches, now_s);
    event_push(&world->queue, instance.running_at_s, EVENT_RUNNING, number);
    return number;
}

void instance_run(struct world *world, uint32_t index)
{
    struct instance *instance = &world->instances[index];
    if (instance->ended)
        return;
    instance->running = true;
    if (!instance->of_fleet) {
        world->group.running++;
        world->accounting.now.on_demand_running++;
        tariff_cover(world);
    } else if (counts_as_capacity(world, instance)) {
        world->fleet.in_flight_micro -= instance->weight_micro;
        world->fleet.fulfilled_micro += instance->weight_micro;
    }
    if (instance->kind == RECORD_SPOT) {
        struct pool *pool = &world->fleet.pools[instance->pool];
        pool->running_micro += instance->weight_micro;
        world->fleet.pool_changes++;
        pool->kept_running += instance_kept(world, instance);
    }
    if (!instance->warm)
        event_push(&world->queue, instance->join_at_s, EVENT_JOIN, index);
}

/* Whether its user data has it join another cluster. */
static bool outside(const struct world *world, const struct instance *instance)
{
    const struct scenario *scenario = world->scenario;
    return outside_cluster(scenario, instance->of_fleet
                                         ? world->fleet.pools[instance->pool].specification->cluster
                                         : scenario->group.cluster);
}

void instance_join(struct world *world, uint32_t index)
{
    struct instance *instance = &world->instances[index];
    if (instance->ended || outside(world, instance))
        return;
    instance->joined = true;
    if (serves(world, instance))
        add_up(world, instance, instance->weight_micro);
    cluster_register(world, index);
}

/* Take its weight out of what the fleet counts as its capacity. */
static void leave_capacity(struct world *world, const struct instance *instance)
{
    if (instance->running)
        world->fleet.fulfilled_micro -= instance->weight_micro;
    else
        world->fleet.in_flight_micro -= instance->weight_micro;
    if (instance_marked(world, instance))
        world->fleet.marked_micro -= instance->weight_micro;
}

void instance_notice(struct world *world, uint32_t index, enum record_end cause)
{
    struct instance *instance = &world->instances[index];
    const struct account *account = &world->scenario->account;
    if (instance_kept(world, instance))
        fleet_keep(&world->fleet, instance, -1);
    instance->notice_s = world->now_s;
    instance->cause = cause;
    instance->notice_lost = by_ec2(cause) && is_lost(world, instance);
    if (account->replace_on_notice)
        leave_capacity(world, instance);
    if (instance->joined && instance_drains(world, instance))
        add_up(world, instance, -instance->weight_micro);
    if (by_ec2(cause)) {
        world->interruption_notices += !instance->notice_lost;
        accounting_count(&world->accounting, FIGURE_events_spot_interruptions, world->now_s);
    } else if (instance->running) {
        world->fleet.terminating_micro += instance->weight_micro;
    }
    if (instance_drains(world, instance))
        cluster_drain(world, index);
    /* A group ends its instances without warning them. */
    bool at_once = cause == END_FLEET_SCALE_IN && world->scenario->distribution.given;
    event_push(&world->queue, world->now_s + (at_once ? 0 : account->interruption_notice_s),
               by_ec2(cause) ? EVENT_INTERRUPTION : EVENT_TERMINATION, index);
}

void instance_rebalance(struct world *world, uint32_t index)
{
    world->instances[index].rebalance_s = world->now_s;
    world->rebalance_notices++;
    if (world->fleet.request->replacement != REPLACEMENT_NONE)
        fleet_mark(world, index);
}

const char *instance_zone_of(const struct world *world, const struct instance *instance)
{
    return instance->of_fleet ? world->fleet.pools[instance->pool].specification->zone
                              : world->scenario->group.zones[instance->pool];
}

const char *instance_type_of(const struct world *world, const struct instance *instance)
{
    return instance->of_fleet ? world->fleet.pools[instance->pool].specification->instance_type
                              : world->scenario->group.instance_type;
}

int128 instance_cost(const struct world *world, const struct instance *instance)
{
    if (!instance->running)
        return 0;
    const struct scenario *scenario = world->scenario;
    struct bill bill = tariff_bill(scenario, instance->running_at_s,
                                   instance->ended ? instance->ended_s : INT64_MAX);
    bill.ended_by_ec2 = instance->ended && by_ec2(instance->cause);
    bill.discount_permille = instance->kind == RECORD_ON_DEMAND
                                 ? scenario->price_terms.on_demand_discount_permille
                                 : scenario->price_terms.spot_discount_permille;
    tariff_prepay(&bill, instance->prepaid_since_s);
    if (instance->kind == RECORD_ON_DEMAND)
        return billing_on_demand(
            &bill, instance->of_fleet
                       ? world->fleet.pools[instance->pool].specification->on_demand_micro_usd
                       : scenario->group.on_demand_micro_usd);
    const struct pool *pool = &world->fleet.pools[instance->pool];
    const struct market *market = pool->market;
    bill.near_step = pool->next_step; /* few have come since most began to run */
    return billing_spot(&bill, market->steps, market->step_count);
}

/* Tell of what it has to do with capacity rebalancing, if anything. */
static void tell_rebalance(struct world *world, uint32_t index)
{
    const struct instance *instance = &world->instances[index];
    if (!world->sink->rebalance || world->status ||
        (!instance->replacement && !instance_marked(world, instance)))
        return;
    const struct record_rebalance rebalance = {
        .instance = (int64_t)index + 1,
        .recommended_s = instance->rebalance_s,
        .released_s = instance->released_s,
        .replacement = instance->replacement,
    };
    world->status = world->sink->rebalance(&rebalance, world->sink->context);
}

/* The bill of a spot instance. They begin and end together more often than not. */
static int128 spot_bill(struct world *world, const struct instance *instance)
{
    struct billed *billed = &world->fleet.pools[instance->pool].billed;
    int64_t ended_s = instance->ended ? instance->ended_s : INT64_MAX;
    if (!instance->running)
        return 0;
    if (!billed->known || billed->running_at_s != instance->running_at_s ||
        billed->ended_s != ended_s || billed->cause != instance->cause)
        *billed = (struct billed){
            .known = true,
            .running_at_s = instance->running_at_s,
            .ended_s = ended_s,
            .cause = instance->cause,
            .cost = instance_cost(world, instance),
        };
    return billed->cost;
}

/* Bill it and tell the sink: its life within this run is over. */
static void close_books(struct world *world, uint32_t index)
{
    const struct instance *instance = &world->instances[index];
    int128 cost =
        instance->kind == RECORD_SPOT ? spot_bill(world, instance) : instance_cost(world, instance);
    if (instance->kind == RECORD_SPOT)
        world->accounting.spot_cost += cost;
    else
        world->accounting.on_demand_cost += cost;
    world->accounting.running_instance_s += tariff_running_s(world, instance);
    const struct record_sink *sink = world->sink;
    if (!sink || world->status)
        return;
    if (sink->interruption && instance->notice_s != RECORD_NEVER && by_ec2(instance->cause)) {
        const struct record_interruption interruption = {
            .instance = (int64_t)index + 1,
            .notice_s = instance->notice_s,
            .ended_s = instance->ended_s,
            .cause = instance->cause,
        };
        world->status = sink->interruption(&interruption, sink->context);
    }
    tell_rebalance(world, index);
    if (!sink->instance || world->status)
        return;
    const struct record_instance record = {
        .instance = (int64_t)index + 1,
        .kind = instance->kind,
        .instance_type = instance_type_of(world, instance),
        .zone = instance_zone_of(world, instance),
        .weight_micro = instance->weight_micro,
        .slot = instance->slot,
        .requested_s = instance->requested_s,
        .running_s = instance->running ? instance->running_at_s : RECORD_NEVER,
        .joined_s = instance->joined ? instance->join_at_s : RECORD_NEVER,
        .notice_s = instance->notice_s,
        .ended_s = instance->ended_s,
        .end = instance->ended ? instance->cause : END_STILL_RUNNING,
        .warm = instance->warm,
        .cost_micro_usd_s = cost,
    };
    world->status = sink->instance(&record, sink->context);
}

void instance_end(struct world *world, uint32_t index, enum record_end cause)
{
    struct instance *instance = &world->instances[index];
    if (instance->of_fleet) {
        if (counts_as_capacity(world, instance))
            leave_capacity(world, instance);
        if (instance->notice_s != RECORD_NEVER && !by_ec2(instance->cause) && instance->running)
            world->fleet.terminating_micro -= instance->weight_micro;
    } else if (instance->running) {
        world->group.running--;
        world->accounting.now.on_demand_running--;
    }
    if (instance->joined && serves(world, instance))
        add_up(world, instance, -instance->weight_micro);
    cluster_deregister(world, index);
    instance->ended = true;
    instance->ended_s = world->now_s;
    instance->cause = cause;
    if (instance->kind == RECORD_SPOT)
        fleet_free_slot(world, instance);
    else if (instance->of_fleet)
        fleet_on_demand_gone(world, index);
    else
        group_instance_gone(world, index);
    close_books(world, index);
}

void instance_close_all(struct world *world)
{
    for (size_t i = 0; i < world->instance_count; i++) {
        if (!world->instances[i].ended)
            close_books(world, (uint32_t)i);
    }
}
