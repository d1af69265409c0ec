/* Fleet and backup as one group that follows the demand, worked out by hand on a small world.
 *
 * Proves docs/model.md, "Mixed-instances group".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim_fixture.h"

enum { HOUR = 3600 };

/* 8 units on demand, and half of what is above: of 32 these are 20, of five instances; three of
 * spot have the other 12. */
static void set_up(struct fixture *f)
{
    fixture_set_up(f, T0);
    f->scenario.distribution = (struct instances_distribution){true, 8, 50};
}

static size_t count(const struct fixture *f, enum record_market_kind kind)
{
    size_t found = 0;
    for (size_t i = 0; i < f->instance_count; i++)
        found += f->instances[i].kind == kind;
    return found;
}

static void the_on_demand_part_is_rounded_up(void **state)
{
    (void)state;
    static const struct {
        int64_t base;
        int64_t percentage;
        int64_t units;
        int64_t expected;
    } rows[] = {
        {0, 100, 32, 32}, {0, 0, 32, 0},  {8, 50, 32, 20},   {8, 50, 33, 21},
        {8, 50, 8, 8},    {8, 50, 3, 3},  {8, 50, 9, 9},     {8, 0, 9, 8},
        {0, 1, 1, 1},     {0, 25, 10, 3}, {5, 99, 105, 104}, {0, 50, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct instances_distribution distribution = {true, rows[i].base, rows[i].percentage};
        assert_int_equal(distribution_on_demand(&distribution, rows[i].units), rows[i].expected);
    }
}

static void each_part_is_there_from_the_start(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND), 5);
    assert_int_equal(count(&f, RECORD_SPOT), 3);
    assert_int_equal(FIGURE_VALUE(&f, cost_on_demand_micro_usd), 5 * 4 * 252000);
    assert_int_equal(FIGURE_VALUE(&f, cost_spot_micro_usd), 3 * 4 * 50000);
    assert_int_equal(FIGURE_VALUE(&f, capacity_unfulfilled_unit_s), 0);
    assert_int_equal(f.capacities[0].fleet_target_micro, 12 * UNIT);
    assert_int_equal(f.capacities[0].group_desired, 5);
}

static void a_cold_start_launches_both(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.cold = true;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launches), 5);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 3);
    assert_int_equal(FIGURE_VALUE(&f, capacity_shortfall_s), 90);
}

/* One unit more: the on-demand part becomes 21 units, which take a sixth instance, at once and not
 * at a tick of the fleet's. */
static void growth_is_launched_in_its_second(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.demand[f.scenario.demand_count++] = (struct demand_step){T0 + HOUR + 1, 33 * UNIT};
    simulate_fixture(&f);
    const struct record_instance *last = NULL;
    for (size_t i = 0; i < f.instance_count; i++) {
        if (!f.instances[i].warm) {
            assert_null(last);
            last = &f.instances[i];
        }
    }
    assert_non_null(last);
    assert_int_equal(last->kind, RECORD_ON_DEMAND);
    assert_int_equal(last->requested_s, T0 + HOUR + 1);
    assert_int_equal(last->joined_s, T0 + HOUR + 1 + 90);
    assert_true(FIGURE_VALUE(&f, capacity_unfulfilled_unit_s) == 90 * UNIT);
}

/* Both parts shrink in the second of the change, without a notice's two minutes. */
static void what_is_too_much_ends_at_once(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.demand[f.scenario.demand_count++] = (struct demand_step){T0 + HOUR + 1, 8 * UNIT};
    simulate_fixture(&f);
    size_t spot = 0;
    size_t on_demand = 0;
    for (size_t i = 0; i < f.instance_count; i++) {
        const struct record_instance *instance = &f.instances[i];
        if (instance->ended_s == RECORD_NEVER)
            continue;
        assert_int_equal(instance->ended_s, T0 + HOUR + 1);
        bool is_spot = instance->kind == RECORD_SPOT;
        assert_int_equal(instance->end, is_spot ? END_FLEET_SCALE_IN : END_GROUP_SCALE_IN);
        spot += is_spot;
        on_demand += !is_spot;
    }
    assert_int_equal(spot, 3);
    assert_int_equal(on_demand, 3);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 0);
}

/* The group's cooldown is the controller's business: it holds nothing here. */
static void no_cooldown_holds_it(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.demand[f.scenario.demand_count++] = (struct demand_step){T0 + HOUR, 40 * UNIT};
    f.demand[f.scenario.demand_count++] = (struct demand_step){T0 + HOUR + 10, 8 * UNIT};
    simulate_fixture(&f);
    assert_int_equal(f.capacities[f.capacity_count - 1].group_desired, 2);
    assert_int_equal(f.capacities[f.capacity_count - 1].fleet_target_micro, 0);
    for (size_t i = 0; i < f.instance_count; i++)
        assert_true(f.instances[i].ended_s <= T0 + HOUR + 10 ||
                    f.instances[i].end == END_STILL_RUNNING);
}

/* The group does not stand in for spot that the market takes away. */
static void an_interruption_moves_neither_part(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    price(&f, 0, HOUR, 300000);
    price(&f, 0, 2 * HOUR, 50000);
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND), 5);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 3);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 3);
    /* From the end of the notices to the replacements' joining, a tick's second after the hour. */
    assert_int_equal(FIGURE_VALUE(&f, capacity_shortfall_s), HOUR - 120 + 90);
    assert_int_equal(FIGURE_VALUE(&f, capacity_worst_shortfall_units), 12 * UNIT);
}

static void the_groups_bounds_hold(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.group.max_size = 3;
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND), 3);
    assert_int_equal(count(&f, RECORD_SPOT), 3);
    assert_int_equal(FIGURE_VALUE(&f, capacity_worst_shortfall_units), 8 * UNIT);
    f.scenario.group.max_size = 200;
    f.scenario.group.min_size = 7;
    simulate_fixture(&f);
    assert_int_equal(count(&f, RECORD_ON_DEMAND), 7);
    assert_int_equal(count(&f, RECORD_SPOT), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_on_demand_part_is_rounded_up),
        cmocka_unit_test(each_part_is_there_from_the_start),
        cmocka_unit_test(a_cold_start_launches_both),
        cmocka_unit_test(growth_is_launched_in_its_second),
        cmocka_unit_test(what_is_too_much_ends_at_once),
        cmocka_unit_test(no_cooldown_holds_it),
        cmocka_unit_test(an_interruption_moves_neither_part),
        cmocka_unit_test(the_groups_bounds_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
