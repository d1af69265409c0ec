/* The bounds, on worlds that can be worked out by hand or searched exhaustively.
 *
 * Proves docs/bounds.md, "What is bounded".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/pcg64.h"
#include "sim_fixture.h"
#include "study/bound.h"
#include "study/bound_parts.h"
#include "study/schedule.h"
#include "valgrind.h"

enum { HOUR = 3600, HALF = 1800, CENT = 10000 };

/* A pool of weight 1 at 0.10 USD, no delays, a cold start, an hour and a half. */
static void cold(struct fixture *f, int64_t from_s)
{
    fixture_set_up(f, from_s);
    f->pools[0].weight_micro = f->pools[1].weight_micro = UNIT;
    f->pools[0].cap_per_unit_micro_usd = f->pools[1].cap_per_unit_micro_usd = 50 * CENT;
    f->steps[0][0].micro_usd_per_hour = f->steps[1][0].micro_usd_per_hour = 10 * CENT;
    f->scenario.cold = true;
    f->scenario.to_s = f->scenario.measure_to_s = from_s + 3 * HALF;
    f->scenario.fleet.target_micro = 2 * UNIT;
    f->scenario.group.units_per_instance_micro = UNIT;
    f->scenario.account.spot_launch_delay.min_s = 0;
    f->scenario.account.on_demand_launch_delay.min_s = 0;
    f->scenario.account.join_delay.min_s = 0;
    f->demand[0].required_micro = UNIT;
}

static void demand(struct fixture *f, int64_t after_s, int64_t units)
{
    f->demand[f->scenario.demand_count++] =
        (struct demand_step){f->scenario.from_s + after_s, units * UNIT};
}

/* Run, bound; the reason for what is unknown. */
static const char *bound(struct fixture *f)
{
    struct error err = {0};
    f->instance_count = f->capacity_count = f->decision_count = 0;
    struct bounds *bounds = bounds_new(&f->scenario, &f->traces, &f->sink);
    const struct record_sink sink = bounds_sink(bounds);
    int status = simulate(&f->scenario, &f->traces, &sink, NULL, &f->figures, &err);
    if (!status)
        status = bounds_fill(bounds, 1, &f->figures, &err);
    if (status)
        fail_msg("%s", err.text);
    const char *reason = bounds_reason(bounds, FIGURE_cost_full_service_bound_micro_usd);
    bounds_free(bounds);
    return reason;
}

/* What the curves of a run of so many units come to: three sums, and how many are bought for both.
 */
static void found_for(struct fixture *f, int64_t units, struct bounds_memory *memory,
                      int64_t out_found[5])
{
    static const enum figure sums[] = {FIGURE_cost_lower_bound_micro_usd,
                                       FIGURE_cost_full_service_bound_micro_usd,
                                       FIGURE_cost_regret_micro_usd};
    struct error err = {0};
    f->instance_count = f->capacity_count = f->decision_count = 0;
    f->demand[0].required_micro = units * UNIT;
    struct bounds *bounds = bounds_new(&f->scenario, &f->traces, &f->sink);
    bounds_share(bounds, memory);
    const struct record_sink sink = bounds_sink(bounds);
    assert_int_equal(simulate(&f->scenario, &f->traces, &sink, NULL, &f->figures, &err), 0);
    assert_int_equal(bounds_fill(bounds, 1, &f->figures, &err), 0);
    for (size_t i = 0; i < ARRAY_LENGTH(sums); i++)
        out_found[i] = f->figures.known[sums[i]] ? (int64_t)f->figures.value[sums[i]] : -1;
    for (size_t i = 0; i < 2; i++)
        out_found[3 + i] = (int64_t)bounds_schedule(bounds, sums[i])->cost_micro_usd;
    bounds_free(bounds);
}

static void what_was_found_serves_the_next_run_of_that_curve_only(void **state)
{
    (void)state;
    struct fixture f;
    cold(&f, T0);
    demand(&f, HALF, 2);
    struct bounds_memory *memory = bounds_memory_new();
    const int64_t units[] = {1, 2, 1, 2};
    int64_t before = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++) {
        int64_t alone[5];
        int64_t shared[5];
        found_for(&f, units[i], NULL, alone);
        found_for(&f, units[i], memory, shared);
        assert_memory_equal(alone, shared, sizeof alone);
        assert_true(alone[1] > 0 && alone[4] > 0 && alone[1] != before);
        before = alone[1];
    }
    bounds_memory_free(memory);
}

static void staggered_hours_cost_less_than_slices_of_demand(void **state)
{
    (void)state;
    struct fixture f;
    cold(&f, T0);
    demand(&f, HALF, 2);
    demand(&f, 2 * HALF, 1);
    assert_null(bound(&f));
    assert_int_equal(FIGURE_VALUE(&f, cost_full_service_bound_micro_usd), 20 * CENT);
    assert_true(f.instance_count > 0 && f.capacity_count > 0); /* what is told is passed on */
}

static void what_is_required_later_than_the_delays_can_be_served(void **state)
{
    (void)state;
    struct fixture f;
    cold(&f, T0);
    f.scenario.account.join_delay.min_s = 60;
    f.demand[0].required_micro = 0;
    demand(&f, 60, 1);
    /* one instance from the first second to the end, measured pro rata: 5400 s */
    assert_null(bound(&f));
    assert_int_equal(FIGURE_VALUE(&f, cost_full_service_bound_micro_usd), 15 * CENT);
    /* a minute earlier nothing can have joined */
    f.demand[1].time_s -= 1;
    assert_non_null(bound(&f));
    assert_false(f.figures.known[FIGURE_cost_full_service_bound_micro_usd]);
    assert_true(f.figures.known[FIGURE_cost_lower_bound_micro_usd]);
}

static void an_hour_that_ec2_interrupts_is_free(void **state)
{
    (void)state;
    struct fixture f;
    cold(&f, T0);
    price(&f, 0, 1000, 60 * CENT); /* above the cap: ends 1120 s after the start */
    f.demand[0].required_micro = UNIT;
    demand(&f, 1120, 0);
    assert_null(bound(&f));
    assert_int_equal(FIGURE_VALUE(&f, cost_full_service_bound_micro_usd), 0);
    assert_int_equal(FIGURE_VALUE(&f, cost_lower_bound_micro_usd), 0);
    /* by the second too, as it is the first hour */
    cold(&f, MODERN_T0);
    price(&f, 0, 1000, 60 * CENT);
    demand(&f, 1120, 0);
    assert_null(bound(&f));
    assert_int_equal(FIGURE_VALUE(&f, cost_full_service_bound_micro_usd), 0);
    /* in its second hour it is paid to the end: 4120 s, unless another is launched for the rest */
    cold(&f, MODERN_T0);
    price(&f, 0, 4000, 60 * CENT);
    demand(&f, 4120, 0);
    assert_null(bound(&f));
    assert_int_equal(FIGURE_VALUE(&f, cost_full_service_bound_micro_usd),
                     (4120 - 3599) * 10 * CENT / HOUR);
}

static void whole_hours_that_ec2_ends_are_paid_and_serve(void **state)
{
    (void)state;
    struct fixture f;
    cold(&f, T0);
    f.scenario.fleet.pool_count = 2;
    f.steps[1][0].micro_usd_per_hour = 40 * CENT;
    price(&f, 0, HOUR - 120, 60 * CENT); /* ends an hour after the start */
    price(&f, 1, HOUR, 41 * CENT);
    demand(&f, HOUR, 0);
    assert_null(bound(&f));
    assert_int_equal(FIGURE_VALUE(&f, cost_full_service_bound_micro_usd), 10 * CENT);
}

static void by_the_second_only_what_is_needed_is_paid(void **state)
{
    (void)state;
    struct fixture f;
    cold(&f, MODERN_T0);
    demand(&f, 900, 3);
    demand(&f, 1800, 1);
    assert_null(bound(&f));
    assert_int_equal(FIGURE_VALUE(&f, cost_full_service_bound_micro_usd),
                     (5400 + 2 * 900) * 10 * CENT / HOUR);
}

static void the_price_of_the_hour_start_counts(void **state)
{
    (void)state;
    struct fixture f;
    cold(&f, T0);
    f.scenario.to_s = f.scenario.measure_to_s = T0 + 2 * HOUR;
    price(&f, 0, 1800, 4 * CENT);
    price(&f, 0, 1801, 20 * CENT);
    /* from the start on at 0.10, from the cheap second on an hour at 0.04; then half an hour at
     * 0.20, as against a second hour of the first at 0.20 */
    assert_null(bound(&f));
    assert_int_equal(FIGURE_VALUE(&f, cost_full_service_bound_micro_usd), (10 + 4 + 10) * CENT);
}

static void without_spot_the_backup_serves_up_to_its_maximum(void **state)
{
    (void)state;
    struct fixture f;
    cold(&f, T0);
    f.steps[0][0].micro_usd_per_hour = 60 * CENT;
    f.scenario.group.max_size = 3;
    f.demand[0].required_micro = 3 * UNIT;
    assert_null(bound(&f));
    assert_int_equal(FIGURE_VALUE(&f, cost_full_service_bound_micro_usd), 3 * 3 * 252000 / 2);
    assert_int_equal(FIGURE_VALUE(&f, cost_lower_bound_micro_usd), 0);
    f.scenario.group.max_size = 2;
    assert_non_null(bound(&f));
}

static void what_runs_at_the_start_serves_at_once(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0); /* warm: 8 instances, delays of 30 and 60 s */
    assert_null(bound(&f));
    assert_int_equal(FIGURE_VALUE(&f, cost_lower_bound_micro_usd), 8 * 4 * 50000);
    assert_int_equal(FIGURE_VALUE(&f, cost_full_service_bound_micro_usd), 8 * 4 * 50000);
    assert_int_equal(FIGURE_VALUE(&f, cost_regret_micro_usd), 0);
}

static void weights_may_differ(void **state)
{
    (void)state;
    struct fixture f;
    cold(&f, T0);
    f.scenario.fleet.pool_count = 2;
    f.pools[1].weight_micro = 3 * UNIT; /* 0.20 for 3 units, 0.10 for 1 */
    f.steps[1][0].micro_usd_per_hour = 20 * CENT;
    f.demand[0].required_micro = 4 * UNIT;
    assert_null(bound(&f));
    /* One of each costs 0.45 for an hour and a half; a third more of the larger one would cost
     * 0.40, and is not to be had: the bound is below what can be bought. */
    assert_int_equal(FIGURE_VALUE(&f, cost_full_service_bound_micro_usd), 40 * CENT);
}

static void what_cannot_be_bounded_is_told(void **state)
{
    (void)state;
    struct fixture f;
    cold(&f, T0);
    f.scenario.fleet.pool_count = 0;
    f.scenario.group.max_size = 0;
    assert_non_null(strstr(bound(&f), "could ever serve"));
    assert_false(f.figures.known[FIGURE_cost_lower_bound_micro_usd]);
    assert_false(f.figures.known[FIGURE_cost_regret_micro_usd]);
}

static void prepaid_instances_serve_for_nothing(void **state)
{
    (void)state;
    struct fixture f;
    cold(&f, T0);
    demand(&f, HALF, 3);
    f.scenario.price_terms.prepaid_instances = 2;
    /* the third unit for an hour; all before it is prepaid */
    assert_null(bound(&f));
    assert_int_equal(FIGURE_VALUE(&f, cost_full_service_bound_micro_usd), 10 * CENT);
    /* no more of them than the group may have */
    f.scenario.group.max_size = 1;
    assert_null(bound(&f));
    assert_int_equal(FIGURE_VALUE(&f, cost_full_service_bound_micro_usd), 20 * CENT);
    /* an hour on demand that becomes prepaid half-way is paid for its half alone */
    cold(&f, T0);
    f.steps[0][0].micro_usd_per_hour = 60 * CENT; /* above the cap */
    f.scenario.price_terms.prepaid_instances = 1;
    f.demand[0].required_micro = 2 * UNIT;
    demand(&f, HALF, 1);
    assert_null(bound(&f));
    assert_int_equal(FIGURE_VALUE(&f, cost_full_service_bound_micro_usd), 252000 / 2);
}

static void volumes_and_addresses_are_paid_while_an_instance_serves(void **state)
{
    (void)state;
    struct fixture f;
    cold(&f, T0);
    f.scenario.price_terms.address_micro_usd_per_hour = 5000;
    demand(&f, HALF, 3);
    demand(&f, 2 * HALF, 0);
    assert_null(bound(&f));
    /* hours: one from the start, two from the middle on, to the end; addresses: 2 unit-hours */
    assert_int_equal(FIGURE_VALUE(&f, cost_full_service_bound_micro_usd), 30 * CENT + 2 * 5000);
    /* of the fewest instances that serve it */
    f.scenario.fleet.pool_count = 2;
    f.pools[1].weight_micro = 3 * UNIT;
    f.steps[1][0].micro_usd_per_hour = 30 * CENT;
    assert_null(bound(&f));
    assert_int_equal(FIGURE_VALUE(&f, cost_full_service_bound_micro_usd), 30 * CENT + 5000);
}

static void prices_of_every_second_may_be_paid(void **state)
{
    (void)state;
    struct fixture f;
    cold(&f, T0);
    f.scenario.account.price_lock_continuous = true;
    price(&f, 0, 900, 4 * CENT);
    price(&f, 0, 2 * HALF, 20 * CENT);
    /* 900 s at 0.10, 2700 s at 0.04, and 1800 s at 0.20: of an hour that has begun, or of a new one
     */
    assert_null(bound(&f));
    assert_int_equal(FIGURE_VALUE(&f, cost_full_service_bound_micro_usd),
                     (9 * 10 + 27 * 4 + 18 * 20) * CENT / 36);
    cold(&f, MODERN_T0);
    f.scenario.account.price_lock_continuous = true;
    price(&f, 0, 900, 4 * CENT);
    demand(&f, 1800, 2);
    demand(&f, 2700, 0);
    assert_null(bound(&f));
    assert_int_equal(FIGURE_VALUE(&f, cost_full_service_bound_micro_usd),
                     (9 * 10 + 9 * 4 + 2 * 9 * 4) * CENT / 36);
}

static void a_limited_place_serves_no_more_than_it_has(void **state)
{
    (void)state;
    struct fixture f;
    cold(&f, T0);
    struct capacity_step limits[] = {{T0, zone_a, spot_type, 3}, {T0 + HALF, zone_a, spot_type, 2}};
    f.traces.capacities = limits;
    f.traces.capacity_count = 2;
    f.scenario.interruptions = INTERRUPTIONS_TRACE;
    f.scenario.group.max_size = 1;
    f.demand[0].required_micro = 4 * UNIT;
    demand(&f, HALF + 120, 3);
    assert_null(bound(&f));
    f.demand[1].time_s = T0 + HALF + 121; /* the notice has run out a second before */
    assert_non_null(bound(&f));
    assert_false(f.figures.known[FIGURE_cost_full_service_bound_micro_usd]);
}

/* ---- exhaustive search ------------------------------------------------------------------------
 */

enum { SLOTS = 6, UNITS_MOST = 2 };

/* Prices that only fall, at half-hours; demand changes at half-hours: then nothing is gained by
 * starting anywhere else. Without delays a further hour is the same as another instance. */
struct small_world {
    int64_t price[2][SLOTS];
    int64_t required[SLOTS];
};

/* The least cost from `slot` on, where `running` hours are in their second half. */
static int64_t least(const struct small_world *world, int slot, int64_t running)
{
    if (slot == SLOTS)
        return 0;
    int64_t best = INT64_MAX;
    int64_t slots = slot + 1 < SLOTS ? 2 : 1;
    for (int64_t first = 0; first <= UNITS_MOST; first++) {
        for (int64_t second = 0; first + second <= UNITS_MOST; second++) {
            if (running + first + second < world->required[slot])
                continue;
            int64_t cost =
                (first * world->price[0][slot] + second * world->price[1][slot]) * slots / 2 +
                least(world, slot + 1, first + second);
            best = cost < best ? cost : best;
        }
    }
    return best;
}

static void exhaustive_search_finds_the_same(void **state)
{
    (void)state;
    enum { SEED = 5 };
    printf("seed %d\n", SEED);
    struct pcg64 rng;
    const uint64_t key[] = {SEED};
    pcg64_seed_key(&rng, key, 1);
    for (int w = 0; w < (under_valgrind() ? 5 : 150); w++) {
        struct fixture f;
        struct small_world world;
        cold(&f, T0);
        f.scenario.fleet.pool_count = 2;
        f.scenario.group.max_size = 0;
        f.scenario.to_s = f.scenario.measure_to_s = T0 + SLOTS * HALF;
        int64_t now[2] = {30 * CENT, 30 * CENT};
        for (int slot = 0; slot < SLOTS; slot++) {
            for (int p = 0; p < 2; p++) {
                if (slot == 0 || pcg64_below(&rng, 3) == 0)
                    now[p] -= pcg64_between(&rng, 0, 6) * CENT;
                now[p] = now[p] < CENT ? CENT : now[p];
                world.price[p][slot] = now[p];
                if (slot == 0)
                    f.steps[p][0].micro_usd_per_hour = now[p];
                else if (now[p] != world.price[p][slot - 1])
                    price(&f, (size_t)p, slot * HALF, now[p]);
            }
            world.required[slot] = pcg64_between(&rng, 0, UNITS_MOST);
            if (slot == 0)
                f.demand[0].required_micro = world.required[0] * UNIT;
            else if (world.required[slot] != world.required[slot - 1])
                demand(&f, slot * HALF, world.required[slot]);
        }
        assert_null(bound(&f));
        if (FIGURE_VALUE(&f, cost_full_service_bound_micro_usd) != least(&world, 0, 0))
            fail_msg("world %d: %lld, searched %lld", w,
                     (long long)FIGURE_VALUE(&f, cost_full_service_bound_micro_usd),
                     (long long)least(&world, 0, 0));
    }
}

/* A window too long for one task is cut; what is lost at the cuts is little, and never gained. */
static void a_long_window_is_bounded_by_its_days(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    int64_t days = under_valgrind() ? 2 : 8;
    f.scenario.to_s = f.scenario.measure_to_s = T0 + days * 24 * HOUR + 5;
    f.demand[0].required_micro = 4 * UNIT;
    for (int i = 1; i < 8; i++) {
        demand(&f, i * 17011, i % 2 ? 8 : 4);
        price(&f, 0, i * 7919, 50000 + 500 * i);
    }
    f.scenario.fleet.target_micro = 8 * UNIT;
    assert_null(bound(&f));
    int64_t total = FIGURE_VALUE(&f, cost_total_micro_usd);
    int64_t lower = FIGURE_VALUE(&f, cost_full_service_bound_micro_usd);
    assert_true(lower <= total);
    assert_true(lower * 100 >= 50 * total);
}

/* ---- grids ------------------------------------------------------------------------------------
 */

static int128 on_grid(const struct fixture *f, int64_t from_s, int64_t to_s, int64_t step_s)
{
    struct purchases purchases;
    struct grid grid;
    int128 cost = 0;
    purchases_set_up(&purchases, &f->scenario, &f->traces, false);
    const struct bound_task task = {.scenario = &f->scenario,
                                    .demand = f->scenario.demand,
                                    .demand_count = f->scenario.demand_count,
                                    .from_s = from_s,
                                    .to_s = to_s};
    assert_true(grid_make(&grid, &purchases, &task, step_s, step_s ? 0 : HOUR));
    assert_true(bound_network(&purchases, &task, &grid, &cost));
    purchases_clean_up(&purchases);
    return cost;
}

/* The whole exactly, on coarser grids, and in two parts. In a flat market with changes at multiples
 * of ten minutes nothing is lost by a grid; elsewhere a bound is lower, and not by much. */
static void a_coarser_grid_and_cuts_only_lower_the_bound(void **state)
{
    (void)state;
    enum { SEED = 11 };
    printf("seed %d\n", SEED);
    struct pcg64 rng;
    const uint64_t key[] = {SEED};
    pcg64_seed_key(&rng, key, 1);
    for (int w = 0; w < (under_valgrind() ? 2 : 24); w++) {
        struct fixture f;
        bool flat = w % 2;
        cold(&f, w % 4 < 2 ? T0 : MODERN_T0);
        /* one that leads to few new phases */
        f.scenario.account.join_delay.min_s = flat ? 0 : HALF * pcg64_between(&rng, 0, 1);
        f.scenario.fleet.pool_count = 2;
        f.scenario.to_s = f.scenario.measure_to_s = f.scenario.from_s + 5 * HOUR;
        f.demand[0].required_micro = 0;
        for (int64_t i = 1; i < 5; i++) {
            int64_t odd = flat ? 0 : pcg64_between(&rng, 0, 599);
            demand(&f, i * 3000 + odd, pcg64_between(&rng, 0, 4));
            if (!flat)
                price(&f, (size_t)i % 2, i * 1800 + odd, pcg64_between(&rng, 2, 60) * CENT);
        }
        int64_t from_s = f.scenario.from_s;
        int64_t cut_s = from_s + 600 * pcg64_between(&rng, 7, 20);
        int128 exact = on_grid(&f, from_s, f.scenario.to_s, 0);
        assert_true(on_grid(&f, from_s, cut_s, 0) + on_grid(&f, cut_s, f.scenario.to_s, 0) <=
                    exact);
        for (int64_t step_s = 60; step_s <= 600; step_s *= step_s == 300 ? 2 : 5) {
            int128 coarse = on_grid(&f, from_s, f.scenario.to_s, step_s);
            assert_true(coarse <= exact);
            assert_true(flat ? coarse == exact : coarse * 2 >= exact);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_found_serves_the_next_run_of_that_curve_only),
        cmocka_unit_test(staggered_hours_cost_less_than_slices_of_demand),
        cmocka_unit_test(what_is_required_later_than_the_delays_can_be_served),
        cmocka_unit_test(an_hour_that_ec2_interrupts_is_free),
        cmocka_unit_test(whole_hours_that_ec2_ends_are_paid_and_serve),
        cmocka_unit_test(by_the_second_only_what_is_needed_is_paid),
        cmocka_unit_test(the_price_of_the_hour_start_counts),
        cmocka_unit_test(without_spot_the_backup_serves_up_to_its_maximum),
        cmocka_unit_test(what_runs_at_the_start_serves_at_once),
        cmocka_unit_test(weights_may_differ),
        cmocka_unit_test(what_cannot_be_bounded_is_told),
        cmocka_unit_test(prepaid_instances_serve_for_nothing),
        cmocka_unit_test(volumes_and_addresses_are_paid_while_an_instance_serves),
        cmocka_unit_test(prices_of_every_second_may_be_paid),
        cmocka_unit_test(a_limited_place_serves_no_more_than_it_has),
        cmocka_unit_test(exhaustive_search_finds_the_same),
        cmocka_unit_test(a_long_window_is_bounded_by_its_days),
        cmocka_unit_test(a_coarser_grid_and_cuts_only_lower_the_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
