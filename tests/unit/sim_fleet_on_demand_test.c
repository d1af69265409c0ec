/* What of the fleet is on-demand, and what it may cost an hour. Proves docs/model.md, "Spot Fleet".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim_fixture.h"

/* Two pools of weight 1, the target 10 and 8 of it on-demand: the guide's example. */
static void set_up(struct fixture *f)
{
    fixture_set_up(f, MODERN_T0);
    for (size_t i = 0; i < 2; i++)
        f->pools[i].weight_micro = UNIT;
    f->scenario.fleet.strategy = STRATEGY_LOWEST_PRICE;
    for (size_t i = 0; i < 2; i++)
        f->pools[i].cap_per_unit_micro_usd = 210000;
    f->scenario.fleet.pool_count = 2;
    f->scenario.fleet.target_micro = 10 * UNIT;
    f->scenario.fleet.on_demand_micro = 8 * UNIT;
    f->demand[0].required_micro = 10 * UNIT;
}

static int count(const struct fixture *f, enum record_market_kind kind, const char *zone,
                 enum record_end end)
{
    int found = 0;
    for (size_t i = 0; i < f->instance_count; i++) {
        const struct record_instance *one = &f->instances[i];
        found +=
            one->kind == kind && one->end == end && (!zone || strcmp(one->zone, zone) == 0) ? 1 : 0;
    }
    return found;
}

static void modify(struct fixture *f, int64_t after_s, int64_t target, int64_t on_demand)
{
    f->modifications[0] = (struct fleet_modification){.time_s = MODERN_T0 + after_s,
                                                      .target_micro = target * UNIT,
                                                      .on_demand_micro = on_demand * UNIT};
    f->scenario.modification_count = 1;
}

static void the_guides_example(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_STILL_RUNNING), 8);
    assert_int_equal(count(&f, RECORD_SPOT, NULL, END_STILL_RUNNING), 2);
    /* both are fulfilled capacity, and each is paid by its own price for four hours */
    assert_int_equal(f.capacities[0].fleet_fulfilled_micro, 10 * UNIT);
    assert_int_equal(f.capacities[0].on_demand_up_micro, 8 * UNIT);
    assert_int_equal(f.capacities[0].group_running, 0);
    assert_int_equal(FIGURE_VALUE(&f, cost_on_demand_micro_usd), 8 * 4 * 210000);
    assert_int_equal(FIGURE_VALUE(&f, cost_spot_micro_usd), 2 * 4 * 50000);
    assert_int_equal(FIGURE_VALUE(&f, capacity_recovery_s), 0);
    f.scenario.price_terms =
        (struct price_terms){.on_demand_discount_permille = 500, .prepaid_instances = 8};
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, cost_on_demand_micro_usd), 8 * 4 * 105000);
}

static void each_part_is_filled_by_itself(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    for (size_t i = 0; i < 2; i++)
        f.pools[i].weight_micro = 5 * UNIT;
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_STILL_RUNNING), 2); /* 10 for 8 */
    assert_int_equal(count(&f, RECORD_SPOT, NULL, END_STILL_RUNNING), 1);      /* 5 for 2 */
}

static void cheapest_on_demand_or_first_in_priority(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.pools[1].on_demand_micro_usd = 200000;
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, zone_b, END_STILL_RUNNING), 8);
    f.pools[1].weight_micro = UNIT / 2; /* twice as dear per unit */
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, zone_a, END_STILL_RUNNING), 8);
    f.scenario.fleet.on_demand_prioritized = true;
    f.pools[0].priority = PRIORITY_NONE;
    f.pools[1].priority = 7;
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, zone_b, END_STILL_RUNNING), 16);
    f.pools[1].priority = PRIORITY_NONE; /* equal: the price decides */
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, zone_a, END_STILL_RUNNING), 8);
}

static void it_is_launched_and_never_interrupted(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.cold = true;
    f.scenario.account.on_demand_launch_delay.min_s = 45;
    price(&f, 0, 3600, 900000);
    price(&f, 1, 3600, 900000);
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launches), 0); /* they are no backup */
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_STILL_RUNNING), 8);
    assert_int_equal(count(&f, RECORD_SPOT, NULL, END_PRICE), 2);
    for (size_t i = 0; i < f.instance_count; i++) {
        const struct record_instance *one = &f.instances[i];
        if (one->kind != RECORD_ON_DEMAND)
            continue;
        assert_int_equal(one->instance <= 8, true); /* requested before the spot ones */
        assert_int_equal(one->running_s, MODERN_T0 + 45);
        assert_int_equal(one->joined_s, MODERN_T0 + 105);
        assert_int_equal(one->slot, -1);
    }
}

static void a_smaller_part_ends_at_once(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    modify(&f, 100, 10, 3);
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_FLEET_SCALE_IN), 5);
    assert_int_equal(count(&f, RECORD_SPOT, NULL, END_STILL_RUNNING), 7);
    for (size_t i = 0; i < f.instance_count; i++) {
        if (f.instances[i].end != END_FLEET_SCALE_IN)
            continue;
        assert_int_equal(f.instances[i].ended_s, MODERN_T0 + 100);
        assert_int_equal(f.instances[i].notice_s, RECORD_NEVER);
        assert_true(f.instances[i].instance > 3); /* the newest go */
    }
    f.modifications[0].excess_no_termination = true;
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_STILL_RUNNING), 8);
}

static void never_below_its_part(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    for (size_t i = 0; i < 2; i++)
        f.pools[i].weight_micro = 5 * UNIT;
    modify(&f, 100, 10, 6); /* 10 run: 5 would be too little */
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_STILL_RUNNING), 2);
    modify(&f, 100, 10, 5);
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_STILL_RUNNING), 1);
}

static void launches_in_flight_are_cancelled(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.fleet.on_demand_micro = 2 * UNIT;
    f.scenario.cold = true;
    modify(&f, 30, 10, 0); /* they have run since this second */
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_LAUNCH_CANCELLED), 0);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_FLEET_SCALE_IN), 2);
    f.scenario.account.on_demand_launch_delay.min_s = 31;
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_LAUNCH_CANCELLED), 2);
}

/* Two are being launched beside eight that run: they go, though both could. */
static void what_is_in_flight_goes_before_what_runs(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    modify(&f, 55, 12, 10);
    f.modifications[1] = (struct fleet_modification){
        .time_s = MODERN_T0 + 70, .target_micro = 12 * UNIT, .on_demand_micro = 8 * UNIT};
    f.scenario.modification_count = 2;
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_LAUNCH_CANCELLED), 2);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_FLEET_SCALE_IN), 0);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_STILL_RUNNING), 8);
}

static void a_target_below_the_part_is_all_on_demand(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    modify(&f, 100, 6, 8);
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_STILL_RUNNING), 6);
    assert_int_equal(count(&f, RECORD_SPOT, NULL, END_STILL_RUNNING), 0);
}

/* 14 units wanted, all on-demand: four instances of 4 are two units too many, and when the demand
 * falls by two one of them goes, though no spot instance is as light as that. */
static void a_target_that_falls_a_little_below_the_part(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    for (size_t i = 0; i < 2; i++)
        f.pools[i].weight_micro = 4 * UNIT;
    f.scenario.fleet.target_micro = f.scenario.fleet.on_demand_micro = 14 * UNIT;
    f.demand[0].required_micro = 14 * UNIT;
    f.demand[1] = (struct demand_step){MODERN_T0 + 3610, 12 * UNIT};
    f.scenario.demand_count = 2;
    f.scenario.target_follows_demand = true;
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_STILL_RUNNING), 3);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_FLEET_SCALE_IN), 1);
}

static void expiry_ends_it(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.fleet.valid_until_s = MODERN_T0 + 600;
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_STILL_RUNNING), 8);
    f.scenario.fleet.terminate_with_expiration = true;
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_FLEET_EXPIRED), 8);
    assert_int_equal(count(&f, RECORD_SPOT, NULL, END_FLEET_EXPIRED), 2);
}

static void cancel(struct fixture *f, int64_t after_s, bool terminate)
{
    f->scenario.cancellation =
        (struct fleet_cancellation){true, f->scenario.from_s + after_s, terminate};
}

static void cancelled_and_terminated(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    cancel(&f, 600, true);
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_FLEET_CANCELLED), 8);
    assert_int_equal(count(&f, RECORD_SPOT, NULL, END_FLEET_CANCELLED), 2);
    for (size_t i = 0; i < f.instance_count; i++) {
        const struct record_instance *one = &f.instances[i];
        bool spot = one->kind == RECORD_SPOT;
        assert_int_equal(one->notice_s, spot ? MODERN_T0 + 600 : RECORD_NEVER);
        assert_int_equal(one->ended_s, MODERN_T0 + (spot ? 720 : 600));
        /* ended by the user: the seconds used */
        assert_true(one->cost_micro_usd_s == (spot ? 720 * 50000 : 600 * 210000));
    }
    assert_int_equal(f.instance_count, 10); /* and nothing was launched after */
}

static void cancelled_and_left_running(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    cancel(&f, 600, false);
    modify(&f, 700, 1, 0); /* of a cancelled fleet: nothing happens */
    price(&f, 0, 1200, 300000);
    simulate_fixture(&f);
    assert_int_equal(f.instance_count, 10);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_STILL_RUNNING), 8);
    assert_int_equal(count(&f, RECORD_SPOT, NULL, END_PRICE), 2); /* interruptible, not replaced */
}

static void whichever_comes_first(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.fleet.valid_until_s = MODERN_T0 + 600;
    cancel(&f, 601, true); /* it has expired */
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_SPOT, NULL, END_STILL_RUNNING), 2);
    cancel(&f, 600, true);
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_SPOT, NULL, END_FLEET_CANCELLED), 2);
}

static void budgets_stop_launches(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.fleet.on_demand_micro = 5 * UNIT;
    f.scenario.fleet.spot_budget_micro_usd = 200000;              /* four at 0.05 */
    f.scenario.fleet.on_demand_budget_micro_usd = 3 * 210000 - 1; /* two at 0.21 */
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_SPOT, NULL, END_STILL_RUNNING), 4);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_STILL_RUNNING), 2);
    f.scenario.fleet.on_demand_budget_micro_usd = 3 * 210000;
    price(&f, 0, 100, 40000); /* room for a fifth at the next tick */
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND, NULL, END_STILL_RUNNING), 3);
    assert_int_equal(count(&f, RECORD_SPOT, NULL, END_STILL_RUNNING), 5);
    for (size_t i = 0; i < f.instance_count; i++) {
        if (!f.instances[i].warm)
            assert_int_equal(f.instances[i].requested_s, MODERN_T0 + 120);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_guides_example),
        cmocka_unit_test(each_part_is_filled_by_itself),
        cmocka_unit_test(cheapest_on_demand_or_first_in_priority),
        cmocka_unit_test(it_is_launched_and_never_interrupted),
        cmocka_unit_test(a_smaller_part_ends_at_once),
        cmocka_unit_test(never_below_its_part),
        cmocka_unit_test(launches_in_flight_are_cancelled),
        cmocka_unit_test(what_is_in_flight_goes_before_what_runs),
        cmocka_unit_test(a_target_below_the_part_is_all_on_demand),
        cmocka_unit_test(a_target_that_falls_a_little_below_the_part),
        cmocka_unit_test(expiry_ends_it),
        cmocka_unit_test(cancelled_and_terminated),
        cmocka_unit_test(cancelled_and_left_running),
        cmocka_unit_test(whichever_comes_first),
        cmocka_unit_test(budgets_stop_launches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
