/* The allocation strategies that look at capacity or at several cheap pools. Proves docs/model.md,
 * "Spot Fleet". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim_fixture.h"

static struct capacity_step limits[2];

/* Two pools, the first the cheaper; `a` and `b` instances can run there. */
static void set_up(struct fixture *f, enum allocation_strategy strategy, int64_t a, int64_t b)
{
    fixture_set_up(f, MODERN_T0);
    f->scenario.interruptions = INTERRUPTIONS_TRACE;
    f->scenario.fleet.strategy = strategy;
    f->scenario.fleet.pool_count = 2;
    limits[0] = (struct capacity_step){MODERN_T0 - 10, zone_a, spot_type, a};
    limits[1] = (struct capacity_step){MODERN_T0 - 10, zone_b, spot_type, b};
    f->traces.capacities = limits;
    f->traces.capacity_count = 2;
}

/* Instances by zone, in the order launched: "aab". */
static const char *zones_of(const struct fixture *f)
{
    static char zones[TOLD_MAX + 1];
    size_t count = 0;
    for (; count < f->instance_count; count++)
        zones[count] = f->instances[count].zone[strlen(f->instances[count].zone) - 1];
    zones[count] = '\0';
    return zones;
}

static void capacity_optimized_goes_where_most_is_free(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, STRATEGY_CAPACITY_OPTIMIZED, 3, 20);
    simulate_fixture(&f);
    assert_string_equal(zones_of(&f), "bbbbbbbb");
    set_up(&f, STRATEGY_CAPACITY_OPTIMIZED, 8, 6); /* equal: the first in the request */
    simulate_fixture(&f);
    assert_string_equal(zones_of(&f), "aaababab");
}

static void capacity_optimized_does_not_look_at_prices(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, STRATEGY_CAPACITY_OPTIMIZED, CAPACITY_UNLIMITED, CAPACITY_UNLIMITED);
    f.steps[0][0].micro_usd_per_hour = 200000;
    simulate_fixture(&f);
    assert_string_equal(zones_of(&f), "aaaaaaaa");
}

static void price_capacity_optimized_takes_the_cheapest_that_can_take_all(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, STRATEGY_PRICE_CAPACITY_OPTIMIZED, 8, 20);
    simulate_fixture(&f);
    assert_string_equal(zones_of(&f), "aaaaaaaa");
    /* the first can take three: only once three are lacking is it deep enough */
    set_up(&f, STRATEGY_PRICE_CAPACITY_OPTIMIZED, 3, 20);
    simulate_fixture(&f);
    assert_string_equal(zones_of(&f), "bbbbbaaa");
    /* none can: the cheapest first */
    set_up(&f, STRATEGY_PRICE_CAPACITY_OPTIMIZED, 2, 4);
    simulate_fixture(&f);
    assert_string_equal(zones_of(&f), "aabbbb");
}

static void priorities_come_after_capacity(void **state)
{
    (void)state;
    struct fixture f;
    const enum allocation_strategy strategy = STRATEGY_CAPACITY_OPTIMIZED_PRIORITIZED;
    set_up(&f, strategy, 8, 20); /* both can take all: the priority decides, not what is free */
    f.pools[0].priority = 1;
    f.pools[1].priority = 2;
    simulate_fixture(&f);
    assert_string_equal(zones_of(&f), "aaaaaaaa");
    f.pools[0].priority = PRIORITY_NONE; /* comes last */
    simulate_fixture(&f);
    assert_string_equal(zones_of(&f), "bbbbbbbb");
    set_up(&f, strategy, 3, 20); /* the preferred pool is not deep enough until three are lacking */
    f.pools[0].priority = 0;
    f.pools[1].priority = 5;
    simulate_fixture(&f);
    assert_string_equal(zones_of(&f), "bbbbbaaa");
    set_up(&f, strategy, 8, 12); /* equal priorities: where most is free */
    simulate_fixture(&f);
    assert_string_equal(zones_of(&f), "bbbbabab");
}

static void several_cheapest_pools_share_the_target(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, STRATEGY_LOWEST_PRICE, CAPACITY_UNLIMITED, CAPACITY_UNLIMITED);
    simulate_fixture(&f);
    assert_string_equal(zones_of(&f), "aaaaaaaa");
    f.scenario.fleet.pools_to_use = 2;
    simulate_fixture(&f);
    assert_string_equal(zones_of(&f), "abababab");
    /* one that runs out leaves the rest to the other */
    set_up(&f, STRATEGY_LOWEST_PRICE, 1, CAPACITY_UNLIMITED);
    f.scenario.fleet.pools_to_use = 2;
    simulate_fixture(&f);
    assert_string_equal(zones_of(&f), "abbbbbbb");
}

static void only_the_cheapest_pools_are_used(void **state)
{
    (void)state;
    struct fixture f;
    struct fleet_pool pools[3];
    set_up(&f, STRATEGY_LOWEST_PRICE, CAPACITY_UNLIMITED, CAPACITY_UNLIMITED);
    pools[0] = f.pools[0];
    pools[1] = f.pools[1];
    pools[2] = f.pools[0];
    pools[2].weight_micro = UNIT; /* four times as dear per unit */
    pools[2].cap_per_unit_micro_usd = 1000000;
    f.scenario.fleet.pools = pools;
    f.scenario.fleet.pool_count = 3;
    f.scenario.fleet.pools_to_use = 2;
    simulate_fixture(&f);
    assert_string_equal(zones_of(&f), "abababab");
    for (size_t i = 0; i < f.instance_count; i++)
        assert_int_equal(f.instances[i].weight_micro, 4 * UNIT);
}

static void a_smaller_target_gives_up_where_least_is_free(void **state)
{
    (void)state;
    const enum allocation_strategy strategies[] = {STRATEGY_CAPACITY_OPTIMIZED,
                                                   STRATEGY_PRICE_CAPACITY_OPTIMIZED,
                                                   STRATEGY_CAPACITY_OPTIMIZED_PRIORITIZED};
    for (size_t s = 0; s < 3; s++) {
        struct fixture f;
        set_up(&f, strategies[s], 8, 16);
        f.scenario.fleet.target_micro = 28 * UNIT;
        f.modifications[0] = (struct fleet_modification){MODERN_T0 + 100, 20 * UNIT, false, 0};
        f.scenario.modification_count = 1;
        f.pools[1].priority = 1;
        if (s == 0) /* all seven in b, where eight and more are free: put some into a */
            limits[1].instances = 6;
        simulate_fixture(&f);
        size_t ended_in_a = 0;
        for (size_t i = 0; i < f.instance_count; i++)
            ended_in_a += f.instances[i].end == END_FLEET_SCALE_IN &&
                          strcmp(f.instances[i].zone, zone_a) == 0;
        assert_int_equal(ended_in_a, 2); /* the cheaper pool, but with less room */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(capacity_optimized_goes_where_most_is_free),
        cmocka_unit_test(capacity_optimized_does_not_look_at_prices),
        cmocka_unit_test(price_capacity_optimized_takes_the_cheapest_that_can_take_all),
        cmocka_unit_test(priorities_come_after_capacity),
        cmocka_unit_test(several_cheapest_pools_share_the_target),
        cmocka_unit_test(only_the_cheapest_pools_are_used),
        cmocka_unit_test(a_smaller_target_gives_up_where_least_is_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
