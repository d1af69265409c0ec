/* The market and the spot fleet, behaviour by behaviour, on worlds small enough to work out by
 * hand.
 *
 * Proves docs/model.md, "Market".
 * Proves docs/model.md, "Spot Fleet".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim_fixture.h"

enum { HOUR = 3600 };

static void calm_market_costs_spot_price_only(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    simulate_fixture(&f);
    /* 8 instances, 4 hours, 0.05 USD */
    assert_int_equal(FIGURE_VALUE(&f, cost_spot_micro_usd), 8 * 4 * 50000);
    assert_int_equal(FIGURE_VALUE(&f, cost_on_demand_micro_usd), 0);
    assert_int_equal(FIGURE_VALUE(&f, cost_all_on_demand_micro_usd), 8 * 4 * 252000);
    assert_true(f.figures.value[FIGURE_capacity_required_unit_s] == (int128)32 * UNIT * 4 * HOUR);
    assert_true(f.figures.value[FIGURE_capacity_served_spot_unit_s] ==
                (int128)32 * UNIT * 4 * HOUR);
    assert_int_equal(FIGURE_VALUE(&f, capacity_shortfall_s), 0);
    assert_int_equal(FIGURE_VALUE(&f, events_evaluations), 240);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 0);
    assert_false(f.figures.known[FIGURE_cost_lower_bound_micro_usd]);
    assert_int_equal(f.instance_count, 8);
    assert_true(f.instances[0].warm && f.instances[0].end == END_STILL_RUNNING);
}

static void a_spike_interrupts_after_two_minutes_and_is_replaced(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    price(&f, 0, 1000, 300000); /* above 4 x 0.054 */
    price(&f, 0, 1500, 50000);
    simulate_fixture(&f);
    /* notice at 1000, end at 1120; down until the tick at 1500, running 1530, joined 1590 */
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 8);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 8);
    assert_int_equal(FIGURE_VALUE(&f, capacity_shortfall_s), 1590 - 1120);
    assert_int_equal(FIGURE_VALUE(&f, capacity_shortfall_episodes), 1);
    assert_int_equal(FIGURE_VALUE(&f, capacity_worst_shortfall_units), 32 * UNIT);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(f.instances[i].notice_s, T0 + 1000);
        assert_int_equal(f.instances[i].ended_s, T0 + 1120);
        assert_int_equal(f.instances[i].end, END_PRICE);
        assert_true(f.instances[i].cost_micro_usd_s == 0); /* the interrupted hour is free */
        assert_int_equal(f.instances[8 + i].requested_s, T0 + 1500);
        assert_int_equal(f.instances[8 + i].running_s, T0 + 1530);
        assert_int_equal(f.instances[8 + i].joined_s, T0 + 1590);
        assert_int_equal(f.instances[8 + i].slot, (int64_t)i);
    }
    /* the replacements run from 1530 to the end: pro rata at their locked price */
    assert_int_equal(FIGURE_VALUE(&f, cost_spot_micro_usd),
                     (8 * 50000LL * (4 * HOUR - 1530) + HOUR / 2) / HOUR);
}

static void a_price_equal_to_the_cap_neither_interrupts_nor_launches(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    f.pools[0].on_demand_micro_usd = 1000000;
    price(&f, 0, 1000, 216000); /* 4 x 0.054 */
    f.modifications[0] = (struct fleet_modification){T0 + 2000, 36 * UNIT, false, 0};
    f.scenario.modification_count = 1;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 0);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 0);
    f.scenario.account.launch_at_equal = true;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 1);
}

static void diversified_stays_out_of_pools_above_on_demand(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    f.pools[0].cap_per_unit_micro_usd = 1000000;
    f.scenario.cold = true;
    f.steps[0][0].micro_usd_per_hour = 210000; /* the on-demand price itself */
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 0);
    f.scenario.fleet.strategy = STRATEGY_LOWEST_PRICE;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 8);
}

struct guide_example {
    int64_t target;
    int64_t weight;
    int64_t instances;
};

static void the_guides_weighting_examples(void **state)
{
    (void)state;
    const struct guide_example examples[] = {{10, 2, 5}, {10, 8, 2}, {24, 6, 4}, {24, 5, 5}};
    for (size_t i = 0; i < 4; i++) {
        struct fixture f;
        fixture_set_up(&f, T0);
        f.scenario.fleet.target_micro = examples[i].target * UNIT;
        f.pools[0].weight_micro = examples[i].weight * UNIT;
        simulate_fixture(&f);
        assert_int_equal(f.instance_count, examples[i].instances);
    }
    /* target 30, three pools of weight 8: four in the cheapest, or one each and the fourth in the
     * cheapest; with two pools here: two each */
    struct fixture f;
    fixture_set_up(&f, T0);
    f.scenario.fleet.pool_count = 2;
    f.scenario.fleet.target_micro = 30 * UNIT;
    f.pools[0].weight_micro = f.pools[1].weight_micro = 8 * UNIT;
    f.steps[0][0].micro_usd_per_hour = 52000; /* pool 1, at 0.051, is cheaper */
    simulate_fixture(&f);
    assert_int_equal(f.instance_count, 4);
    assert_string_equal(f.instances[0].zone, zone_b);
    assert_string_equal(f.instances[1].zone, zone_a);
    assert_string_equal(f.instances[2].zone, zone_b);
    assert_string_equal(f.instances[3].zone, zone_a);
    f.scenario.fleet.strategy = STRATEGY_LOWEST_PRICE;
    simulate_fixture(&f);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(f.instances[i].zone, zone_b);
}

static void lowest_price_is_per_unit(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    f.scenario.fleet.strategy = STRATEGY_LOWEST_PRICE;
    f.scenario.fleet.pool_count = 2;
    f.pools[1].weight_micro = 8 * UNIT + UNIT / 2; /* 0.051 / 8.5 is less than 0.05 / 4 */
    simulate_fixture(&f);
    assert_int_equal(f.instance_count, 4); /* 34 units */
    assert_string_equal(f.instances[0].zone, zone_b);
    assert_true(f.figures.value[FIGURE_capacity_surplus_unit_s] == (int128)2 * UNIT * 4 * HOUR);
}

static void request_fleets_launch_once(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    f.scenario.fleet.type = FLEET_REQUEST;
    price(&f, 0, 1000, 300000);
    price(&f, 0, 1500, 50000);
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 0);
    assert_int_equal(FIGURE_VALUE(&f, capacity_shortfall_s), 4 * HOUR - 1120);
}

static void a_lower_target_ends_instances_but_never_goes_below(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    f.scenario.demand_given = true;
    f.modifications[0] = (struct fleet_modification){T0 + 600, 25 * UNIT, false, 0};
    f.scenario.modification_count = 1;
    simulate_fixture(&f);
    size_t ended = 0;
    for (size_t i = 0; i < f.instance_count; i++) {
        if (f.instances[i].end == END_FLEET_SCALE_IN) {
            ended++;
            assert_int_equal(f.instances[i].notice_s, T0 + 600);
            assert_int_equal(f.instances[i].ended_s, T0 + 720);
            assert_true(f.instances[i].cost_micro_usd_s == 50000LL * HOUR); /* a started hour */
        }
    }
    assert_int_equal(ended, 1); /* 32 - 4 = 28; one more would be 24 */
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 0);
    f.modifications[0].excess_no_termination = true;
    simulate_fixture(&f);
    for (size_t i = 0; i < f.instance_count; i++)
        assert_int_equal(f.instances[i].end, END_STILL_RUNNING);
}

static void the_validity_window_ends_both_ways(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    f.scenario.fleet.valid_until_s = T0 + HOUR;
    f.scenario.fleet.terminate_with_expiration = true;
    simulate_fixture(&f);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(f.instances[i].ended_s, T0 + HOUR + 120);
        assert_int_equal(f.instances[i].end, END_FLEET_EXPIRED);
    }
    assert_int_equal(FIGURE_VALUE(&f, capacity_shortfall_s), 3 * HOUR - 120);
    f.scenario.fleet.terminate_with_expiration = false;
    price(&f, 0, 2 * HOUR, 300000); /* what is left is still interruptible, and not replaced */
    price(&f, 0, 2 * HOUR + 60, 50000);
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 8);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 0);
    /* not valid yet: nothing is there, also after a warm start */
    fixture_set_up(&f, T0);
    f.scenario.fleet.valid_from_s = T0 + 90;
    simulate_fixture(&f);
    assert_int_equal(f.instances[0].requested_s, T0 + 120);
}

typedef struct ballast_decision decide_function(const struct ballast_observation *observation,
                                                const int64_t *parameters, void *state);

static struct ballast_policy reads_prices(decide_function *decide)
{
    static const struct ballast_read reads[] = {{.kind = BALLAST_READ_SPOT_PRICES}};
    static const struct ballast_reason reasons[] = {{"looked", "looked at prices"}};
    return (struct ballast_policy){.abi = BALLAST_POLICY_ABI,
                                   .name = "looks",
                                   .description = "the test's",
                                   .source = "the test",
                                   .reads = reads,
                                   .read_count = 1,
                                   .reasons = reasons,
                                   .reason_count = 1,
                                   .decide = decide};
}

static int64_t asked_last_s;

/* Asks for prices, and holds. */
static struct ballast_decision look_at_prices(const struct ballast_observation *observation,
                                              const int64_t *parameters, void *state)
{
    (void)parameters;
    (void)state;
    assert_true(observation->now_s > asked_last_s);
    asked_last_s = observation->now_s;
    assert_int_equal(observation->answers[0].spot_prices[0].micro_usd_per_hour,
                     observation->now_s < T0 + 100 ? 50000 : 60000);
    return (struct ballast_decision){.valid_until_s = observation->now_s};
}

/* A fleet that is not valid yet launches nothing, so nobody but the policy asks what spot costs. */
static void prices_are_gone_through_where_nothing_is_launched(void **state)
{
    (void)state;
    const struct ballast_policy looks = reads_prices(look_at_prices);
    struct fixture f;
    fixture_set_up(&f, T0);
    price(&f, 0, 100, 60000);
    f.scenario.fleet.valid_from_s = T0 + 2 * HOUR;
    f.scenario.account.fleet_tick_s = 600;
    f.scenario.controller.alarm = false;
    f.scenario.controller.every_s = 600;
    set_policy(&f, &looks, NULL);
    asked_last_s = 0;
    const struct sim_observer stepping = {.stepping = true};
    struct error err = {0};
    assert_int_equal(simulate(&f.scenario, &f.traces, NULL, &stepping, &f.figures, &err),
                     STATUS_OK);
    assert_int_equal(asked_last_s, f.scenario.to_s - 570);
}

static bool said_distinct;

static struct ballast_decision look_at_pools(const struct ballast_observation *observation,
                                             const int64_t *parameters, void *state)
{
    (void)parameters;
    (void)state;
    assert_int_equal(observation->answers[0].spot_price_count, 2);
    said_distinct = observation->pools_distinct;
    return (struct ballast_decision){.valid_until_s = observation->now_s};
}

static void two_specifications_of_one_type_and_zone_are_one_pool(void **state)
{
    (void)state;
    const struct ballast_policy looks = reads_prices(look_at_pools);
    struct fixture f;
    fixture_set_up(&f, T0);
    set_policy(&f, &looks, NULL);
    f.scenario.fleet.pool_count = 2;
    simulate_fixture(&f);
    assert_true(said_distinct);
    f.pools[1].zone = zone_a;
    simulate_fixture(&f);
    assert_false(said_distinct);
}

/* Those that EC2 has given a notice end by it, in flight as when they run. */
static void the_end_cancels_launches_in_flight(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, MODERN_T0);
    f.scenario.cold = true;
    f.scenario.account.spot_launch_delay = (struct delay){.min_s = 200};
    f.scenario.interruptions = INTERRUPTIONS_TRACE;
    f.scenario.fleet.valid_until_s = MODERN_T0 + 110;
    f.scenario.fleet.terminate_with_expiration = true;
    f.interruptions[0] = (struct interruption_step){MODERN_T0 + 100, zone_a, spot_type, 2, 0};
    f.traces.interruption_count = 1;
    simulate_fixture(&f);
    size_t noticed = 0;
    for (size_t i = 0; i < f.instance_count; i++) {
        bool by_notice = f.instances[i].notice_s == MODERN_T0 + 100;
        noticed += by_notice;
        assert_int_equal(f.instances[i].ended_s, MODERN_T0 + (by_notice ? 220 : 110));
        assert_int_equal(f.instances[i].end, by_notice ? END_CAPACITY : END_LAUNCH_CANCELLED);
    }
    assert_int_equal(noticed, 2);
    assert_int_equal(f.instance_count, 8);
}

static void trace_interruptions_take_the_lowest_slots(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, MODERN_T0);
    f.scenario.interruptions = INTERRUPTIONS_TRACE;
    f.interruptions[0] = (struct interruption_step){MODERN_T0 + 100, zone_a, spot_type, 2, 0};
    f.interruptions[1] = (struct interruption_step){MODERN_T0 + 110, zone_a, spot_type, 1, 0};
    f.interruptions[2] = (struct interruption_step){MODERN_T0 + 120, zone_b, spot_type, 5, 0};
    f.traces.interruption_count = 3;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 3);
    size_t seen = 0;
    for (size_t i = 0; i < f.instance_count; i++) {
        if (f.instances[i].end != END_CAPACITY)
            continue;
        assert_int_equal(f.instances[i].slot, (int64_t)seen);
        assert_int_equal(f.instances[i].notice_s, MODERN_T0 + (seen < 2 ? 100 : 110));
        seen++;
    }
    assert_int_equal(seen, 3);
}

static void with_interruptions_off_nothing_interrupts(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    f.scenario.interruptions = INTERRUPTIONS_NONE;
    price(&f, 0, 1000, 300000);
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calm_market_costs_spot_price_only),
        cmocka_unit_test(a_spike_interrupts_after_two_minutes_and_is_replaced),
        cmocka_unit_test(a_price_equal_to_the_cap_neither_interrupts_nor_launches),
        cmocka_unit_test(diversified_stays_out_of_pools_above_on_demand),
        cmocka_unit_test(the_guides_weighting_examples),
        cmocka_unit_test(lowest_price_is_per_unit),
        cmocka_unit_test(request_fleets_launch_once),
        cmocka_unit_test(a_lower_target_ends_instances_but_never_goes_below),
        cmocka_unit_test(the_validity_window_ends_both_ways),
        cmocka_unit_test(prices_are_gone_through_where_nothing_is_launched),
        cmocka_unit_test(two_specifications_of_one_type_and_zone_are_one_pool),
        cmocka_unit_test(the_end_cancels_launches_in_flight),
        cmocka_unit_test(trace_interruptions_take_the_lowest_slots),
        cmocka_unit_test(with_interruptions_off_nothing_interrupts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
