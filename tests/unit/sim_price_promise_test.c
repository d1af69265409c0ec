/* Prices that matter to a policy end what holds, and in time: as where every evaluation is made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim_fixture.h"

static void set_parameter(struct fixture *f, const char *name, int64_t value)
{
    int index = policy_find_parameter(f->scenario.policy.policy, name);
    assert_true(index >= 0);
    f->scenario.policy.values[index] = value;
}

/* spot-hedge with 0.04 USD for an instance of 4 units as the limit: nothing is at risk up to 0.02,
 * all from 0.036 on. Two pools, of which the fleet launches in the cheaper. */
static void set_up(struct fixture *f)
{
    fixture_set_up(f, MODERN_T0);
    set_policy(f, &policy_spot_hedge, NULL);
    set_parameter(f, "limit_usd_per_unit_hour", 10000);
    f->scenario.fleet.strategy = STRATEGY_LOWEST_PRICE;
    f->scenario.fleet.pool_count = 2;
    f->scenario.controller.alarm = false;
    f->steps[0][0].micro_usd_per_hour = 19000;
    f->steps[1][0].micro_usd_per_hour = 19500;
}

/* How many backup instances were launched, stepping or skipping alike. */
static int64_t launches(struct fixture *f)
{
    struct figures stepped;
    struct error err = {0};
    const struct sim_observer stepping = {.stepping = true};
    assert_int_equal(simulate(&f->scenario, &f->traces, NULL, &stepping, &stepped, &err), 0);
    assert_int_equal(simulate(&f->scenario, &f->traces, NULL, NULL, &f->figures, &err), 0);
    assert_memory_equal(&stepped, &f->figures, sizeof stepped);
    return FIGURE_VALUE(f, events_on_demand_launches);
}

static void a_price_at_the_limit_is_calm_and_the_next_is_not(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    price(&f, 0, 1000, 20000);
    assert_int_equal(launches(&f), 0);
    set_up(&f);
    price(&f, 0, 1000, 20016); /* a thousandth of the way */
    assert_int_equal(launches(&f), 1);
    set_up(&f);
    f.scenario.group.default_cooldown_s = 0;
    price(&f, 0, 1000, 36000);
    price(&f, 0, 2000, 900);
    price(&f, 0, 3000, 35999); /* all but a thousandth */
    assert_int_equal(launches(&f), 16);
}

static void a_price_that_is_back_before_the_next_evaluation_was_never_seen(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    price(&f, 0, 991, 36000);
    price(&f, 0, 1049, 19000);
    assert_int_equal(launches(&f), 0);
    set_up(&f);
    price(&f, 0, 991, 36000);
    price(&f, 0, 1051, 19000);
    assert_int_equal(launches(&f), 8);
}

static void what_an_empty_pool_costs_matters_once_it_is_no_longer_empty(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    set_parameter(&f, "units_per_instance", 22 * UNIT);
    f.steps[0][0].micro_usd_per_hour = 28000; /* half of 32 units: an instance */
    f.steps[1][0].micro_usd_per_hour = 29000;
    price(&f, 1, 1000, 15000);
    /* Two times an instance there, and still one is needed until they run. */
    f.scenario.target_follows_demand = true;
    f.demand[1] = (struct demand_step){MODERN_T0 + 1020, 36 * UNIT};
    f.demand[2] = (struct demand_step){MODERN_T0 + 1620, 40 * UNIT};
    f.scenario.demand_count = 3;
    assert_int_equal(launches(&f), 1);
    price(&f, 1, 2000, 36000); /* 24 units */
    assert_int_equal(launches(&f), 2);
}

/* An instance runs in a pool that was empty, so that the backup is too much; before that is
 * evaluated, the price there has made it right again. */
static void a_price_matters_that_moves_before_what_has_changed_is_evaluated(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    set_parameter(&f, "units_per_instance", 22 * UNIT);
    price(&f, 1, 1000, 15000);
    f.scenario.account.spot_launch_delay = (struct delay){.min_s = 40};
    f.scenario.target_follows_demand = true;
    f.demand[1] = (struct demand_step){MODERN_T0 + 1020, 36 * UNIT};
    f.scenario.demand_count = 2;
    price(&f, 1, 1080, 36000);
    assert_int_equal(launches(&f), 1);
    assert_int_equal(FIGURE_VALUE(&f, events_scale_in_refused), 0);
    f.steps[1][2].time_s = MODERN_T0 + 1140; /* after it */
    assert_int_equal(launches(&f), 1);
    assert_int_equal(FIGURE_VALUE(&f, events_scale_in_refused), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_price_at_the_limit_is_calm_and_the_next_is_not),
        cmocka_unit_test(a_price_that_is_back_before_the_next_evaluation_was_never_seen),
        cmocka_unit_test(what_an_empty_pool_costs_matters_once_it_is_no_longer_empty),
        cmocka_unit_test(a_price_matters_that_moves_before_what_has_changed_is_evaluated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
