/* Always-on checks of debug builds: every sum that is kept is summed again from the instances.
 *
 * Capacity balances at every instant; nothing serves before it has joined or after it has ended; an
 * interrupted instance had its notice; the sum over instances is the run's total.
 */
#include "base/decimal.h"
#include "capacity.h"
#include "cluster.h"
#include "fleet.h"
#include "instances.h"
#include "seconds.h"

#include <assert.h>

#ifndef NDEBUG

struct sums {
    int64_t fulfilled, in_flight, terminating, spot_up, on_demand_up;
    int64_t fleet_on_demand;
    int64_t marked;
    int64_t group_alive, group_running, group_prepaid;
};

static void check_times(const struct world *world, const struct instance *instance)
{
    assert(instance->requested_s <= instance->running_at_s);
    assert(instance->running_at_s <= instance->join_at_s);
    assert(!instance->joined || instance->running);
    assert(!instance->running || instance->running_at_s <= world->now_s);
    assert(!instance->joined || instance->join_at_s <= world->now_s);
    if (instance->rebalance_s != RECORD_NEVER)
        assert(instance->requested_s <= instance->rebalance_s &&
               instance->rebalance_s <= world->now_s && rebalance_possible(instance));
    /* Released: marked, and without a notice by then; the end comes TerminationDelay later. */
    if (instance->released_s != RECORD_NEVER)
        assert(instance_marked(world, instance) && instance->running &&
               instance->rebalance_s <= instance->released_s &&
               (instance->notice_s == RECORD_NEVER || instance->notice_s >= instance->released_s));
    if (instance->ended && instance->cause == END_REBALANCE)
        assert(instance->released_s != RECORD_NEVER && instance->notice_s == RECORD_NEVER &&
               instance->ended_s ==
                   instance->released_s + world->fleet.request->termination_delay_s);
    if (instance->ended && instance->kind == RECORD_SPOT && by_ec2(instance->cause))
        assert(instance->ended_s ==
               instance->notice_s + world->scenario->account.interruption_notice_s);
}

static struct sums sum_again(const struct world *world)
{
    const struct account *account = &world->scenario->account;
    struct sums sums = {0};
    for (size_t i = 0; i < world->instance_count; i++) {
        const struct instance *instance = &world->instances[i];
        check_times(world, instance);
        if (instance->ended)
            continue;
        int64_t weight = instance->weight_micro;
        bool noticed = instance->notice_s != RECORD_NEVER;
        if (!instance->of_fleet) {
            sums.group_alive++;
            sums.group_running += instance->running;
            sums.group_prepaid += instance->prepaid_since_s != RECORD_NEVER;
            sums.on_demand_up += instance->joined ? weight : 0;
            continue;
        }
        if (!noticed || !account->replace_on_notice) {
            sums.fulfilled += instance->running ? weight : 0;
            sums.in_flight += instance->running ? 0 : weight;
            sums.marked += instance_marked(world, instance) ? weight : 0;
        }
        if (instance->kind == RECORD_ON_DEMAND) {
            assert(!noticed);
            sums.fleet_on_demand += weight;
            sums.on_demand_up += instance->joined ? weight : 0;
            continue;
        }
        if (noticed && instance->running && !by_ec2(instance->cause))
            sums.terminating += weight;
        if (instance->joined && !instance_drains(world, instance))
            sums.spot_up += weight;
    }
    return sums;
}

/* What is kept of each pool. */
static void check_kept(const struct world *world)
{
    int64_t sum_micro = 0;
    for (size_t i = 0; i < world->fleet.pool_count; i++) {
        const struct pool *pool = &world->fleet.pools[i];
        int64_t kept_micro = 0;
        int64_t kept_running = 0;
        int64_t running_micro = 0;
        for (size_t slot = 0; slot < pool->slot_count; slot++) {
            int32_t index = pool->slots[slot];
            assert(index == NO_INSTANCE ? slot >= pool->first_free : true);
            if (index != NO_INSTANCE && world->instances[index].running)
                running_micro += world->instances[index].weight_micro;
            if (index != NO_INSTANCE && instance_kept(world, &world->instances[index])) {
                kept_micro += world->instances[index].weight_micro;
                kept_running += world->instances[index].running;
            }
        }
        assert(kept_micro == pool->kept_micro);
        assert(kept_running == pool->kept_running);
        assert(running_micro == pool->running_micro);
        sum_micro += kept_micro;
        (void)kept_running;
        (void)running_micro;
    }
    assert(sum_micro == world->fleet.kept_micro);
    (void)sum_micro;
}

/* No place holds more than it can, but what already has its notice. */
static void check_places(const struct world *world)
{
    const struct fleet *fleet = &world->fleet;
    for (size_t i = 0; i < fleet->place_count; i++) {
        const struct place *place = &fleet->places[i];
        int64_t occupied = 0;
        for (size_t p = 0; p < fleet->pool_count; p++) {
            const struct pool *pool = &fleet->pools[p];
            for (size_t slot = 0; pool->place == i && slot < pool->slot_count; slot++)
                occupied += pool->slots[slot] != NO_INSTANCE;
        }
        assert(occupied == place->occupied);
        assert(place->limit == CAPACITY_UNLIMITED || place_staying(world, place) <= place->limit);
        (void)occupied;
        (void)place;
    }
}

void check_invariants(const struct world *world)
{
    check_places(world);
    check_kept(world);
    cluster_check(world);
    assert(world->accounting.now.tasks_unserved == cluster_tasks_unserved(world));
    struct sums sums = sum_again(world);
    const struct standing *now = &world->accounting.now;
    assert(sums.fulfilled == world->fleet.fulfilled_micro);
    assert(sums.in_flight == world->fleet.in_flight_micro);
    assert(sums.marked == world->fleet.marked_micro);
    assert(sums.fleet_on_demand == world->fleet.on_demand_micro);
    assert(sums.terminating == world->fleet.terminating_micro);
    assert(sums.spot_up == now->spot_up_micro);
    assert(sums.on_demand_up == now->on_demand_up_micro);
    assert(sums.group_alive == (int64_t)world->group.alive_count);
    assert(sums.group_alive + world->group.waiting == world->group.desired_capacity);
    assert(world->group.waiting >= 0);
    assert(sums.group_running == world->group.running);
    assert(sums.group_running == now->on_demand_running);
    int64_t prepaid = world->scenario->price_terms.prepaid_instances;
    assert(sums.group_prepaid == world->group.prepaid);
    assert(sums.group_prepaid == (prepaid < sums.group_running ? prepaid : sums.group_running));
    struct service service = accounting_service(now);
    assert(service.served_spot_micro >= 0 && service.served_on_demand_micro >= 0);
    assert(service.unfulfilled_micro >= 0 && service.surplus_micro >= 0);
    assert(service.served_spot_micro + service.served_on_demand_micro + service.unfulfilled_micro ==
           now->required_micro);
    assert(service.served_spot_micro + service.served_on_demand_micro + service.surplus_micro ==
           now->spot_up_micro + now->on_demand_up_micro);
    (void)now;
    (void)prepaid;
    (void)service;
    (void)sums;
}

void check_money(const struct world *world)
{
    int128 spot = 0;
    int128 on_demand = 0;
    for (size_t i = 0; i < world->instance_count; i++) {
        const struct instance *instance = &world->instances[i];
        int128 cost = instance_cost(world, instance);
        assert(cost >= 0);
        /* Nothing is paid for what never ran, or ended before the measured window. */
        assert(cost == 0 ||
               (instance->running &&
                (!instance->ended || instance->ended_s > world->scenario->measure_from_s)));
        if (instance->kind == RECORD_SPOT)
            spot += cost;
        else
            on_demand += cost;
    }
    assert(spot == world->accounting.spot_cost);
    assert(on_demand == world->accounting.on_demand_cost);
    (void)spot;
    (void)on_demand;
}

#endif
