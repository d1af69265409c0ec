/* How many instances can run in a place, and the share of them that a record takes, on worlds small
 * enough to work out by hand. Proves docs/model.md, "Lack of capacity". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim_fixture.h"

static struct capacity_step limits[4];

/* Both zones have the type; the traces say what can run there. */
static void set_up(struct fixture *f, size_t pools)
{
    fixture_set_up(f, MODERN_T0);
    f->scenario.interruptions = INTERRUPTIONS_TRACE;
    f->scenario.fleet.strategy = STRATEGY_LOWEST_PRICE;
    f->scenario.fleet.pool_count = pools;
    f->traces.capacities = limits;
    f->traces.capacity_count = 0;
}

static void limit(struct fixture *f, int64_t after_s, char *zone, int64_t instances)
{
    limits[f->traces.capacity_count++] =
        (struct capacity_step){MODERN_T0 + after_s, zone, spot_type, instances};
}

static size_t count_in(const struct fixture *f, const char *zone)
{
    size_t count = 0;
    for (size_t i = 0; i < f->instance_count; i++)
        count += strcmp(f->instances[i].zone, zone) == 0;
    return count;
}

static void a_falling_limit_takes_the_lowest_slots(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, 1);
    limit(&f, 100, zone_a, 5);
    limit(&f, 1000, zone_a, CAPACITY_UNLIMITED);
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(f.instances[i].slot, (int64_t)i);
        assert_int_equal(f.instances[i].notice_s, MODERN_T0 + 100);
        assert_int_equal(f.instances[i].ended_s, MODERN_T0 + 220);
        assert_int_equal(f.instances[i].end, END_CAPACITY);
    }
    /* nothing comes until there is room: at the first tick at or after 1000 */
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 3);
    assert_int_equal(f.instance_count, 11);
    for (size_t i = 0; i < f.instance_count; i++)
        assert_true(f.instances[i].warm || f.instances[i].requested_s == MODERN_T0 + 1020);
    assert_int_equal(FIGURE_VALUE(&f, capacity_shortfall_s), 1020 + 90 - 220);
}

static void a_noticed_instance_still_takes_its_place(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, 1);
    limit(&f, 100, zone_a, 5);
    limit(&f, 110, zone_a, 9); /* of nine, eight are taken until 220 */
    f.scenario.fleet.target_micro = 32 * UNIT;
    f.scenario.account.replace_on_notice = true;
    simulate_fixture(&f);
    size_t at_120 = 0;
    size_t at_240 = 0;
    for (size_t i = 0; i < f.instance_count; i++) {
        at_120 += f.instances[i].requested_s == MODERN_T0 + 120;
        at_240 += f.instances[i].requested_s == MODERN_T0 + 240;
    }
    assert_int_equal(at_120, 1);
    assert_int_equal(at_240, 2);
}

static void a_limit_at_the_start_bounds_a_warm_start(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, 1);
    limit(&f, -500, zone_a, 7);
    limit(&f, -10, zone_a, 3);
    simulate_fixture(&f);
    assert_int_equal(f.instance_count, 3);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 0);
}

static void what_does_not_fit_goes_to_the_next_pool(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, 2);
    limit(&f, -10, zone_a, 2);
    simulate_fixture(&f);
    assert_int_equal(count_in(&f, zone_a), 2);
    assert_int_equal(count_in(&f, zone_b), 6);
}

static void pools_of_one_market_share_its_limit(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, 2);
    f.pools[1].zone = zone_a;
    f.pools[1].weight_micro = 2 * UNIT;
    limit(&f, -10, zone_a, 5);
    limit(&f, 60, zone_a, 4);
    simulate_fixture(&f);
    assert_int_equal(f.instance_count, 5);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 1);
}

static void only_the_source_trace_reads_limits(void **state)
{
    (void)state;
    const enum interruption_source sources[] = {INTERRUPTIONS_PRICE, INTERRUPTIONS_NONE};
    for (size_t i = 0; i < 2; i++) {
        struct fixture f;
        set_up(&f, 1);
        f.scenario.interruptions = sources[i];
        limit(&f, 100, zone_a, 0);
        simulate_fixture(&f);
        assert_int_equal(f.instance_count, 8);
        assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 0);
    }
}

static int64_t interrupted_by(uint64_t seed, int64_t instances, int64_t of)
{
    struct fixture f;
    set_up(&f, 1);
    f.scenario.to_s = f.scenario.measure_to_s = MODERN_T0 + 300;
    f.scenario.seed = seed;
    f.interruptions[0] =
        (struct interruption_step){MODERN_T0 + 100, zone_a, spot_type, instances, of};
    f.traces.interruption_count = 1;
    simulate_fixture(&f);
    return FIGURE_VALUE(&f, events_spot_interruptions);
}

static void a_share_takes_its_whole_part_and_the_rest_by_chance(void **state)
{
    (void)state;
    assert_int_equal(interrupted_by(1, 1, 4), 2); /* of 8 */
    assert_int_equal(interrupted_by(1, 16, 16), 8);
    assert_int_equal(interrupted_by(1, 3, 0), 3); /* not known of how many: so many */
    int64_t sum = 0;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        int64_t lost = interrupted_by(seed, 1, 3); /* 2 2/3 */
        assert_true(lost == 2 || lost == 3);
        sum += lost;
    }
    /* 1066.7 expected, standard deviation 9.4 */
    assert_in_range(sum, 1030, 1103);
}

/* What is made from the advisor's bands are records like others; limits are the traces' own. */
static void the_source_advisor_reads_records_alone(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, 1);
    f.scenario.interruptions = INTERRUPTIONS_ADVISOR;
    limit(&f, 100, zone_a, 0);
    f.interruptions[0] = (struct interruption_step){MODERN_T0 + 200, zone_a, spot_type, 1, 4};
    f.traces.interruption_count = 1;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_falling_limit_takes_the_lowest_slots),
        cmocka_unit_test(a_noticed_instance_still_takes_its_place),
        cmocka_unit_test(a_limit_at_the_start_bounds_a_warm_start),
        cmocka_unit_test(what_does_not_fit_goes_to_the_next_pool),
        cmocka_unit_test(pools_of_one_market_share_its_limit),
        cmocka_unit_test(only_the_source_trace_reads_limits),
        cmocka_unit_test(the_source_advisor_reads_records_alone),
        cmocka_unit_test(a_share_takes_its_whole_part_and_the_rest_by_chance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
