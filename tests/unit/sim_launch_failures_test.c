/* Backup launches that find no capacity, and when they are tried again, worked out by hand.
 * Proves docs/model.md, "Launches that fail". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim_fixture.h"

static struct capacity_step limits[4];
static char *both_zones[] = {zone_a, zone_b};

/* Asks for `wanted[i]` instances at the evaluation of minute i. */
static int64_t wanted[16];
static bool honors;

static struct ballast_decision as_wanted(const struct ballast_observation *observation,
                                         const int64_t *parameters, void *state)
{
    (void)parameters;
    (void)state;
    int64_t minute = (observation->now_s - MODERN_T0) / 60;
    struct ballast_decision decision = {.action = BALLAST_HOLD,
                                        .valid_until_s = observation->now_s};
    if (minute < 16 && wanted[minute] >= 0) {
        decision.action = BALLAST_SET_DESIRED;
        decision.desired_capacity = wanted[minute];
        decision.honor_cooldown = honors;
    }
    return decision;
}

static const struct ballast_reason reasons[] = {{"as-wanted", "as the test says"}};
static const struct ballast_policy as_wanted_policy = {
    .abi = BALLAST_POLICY_ABI,
    .name = "as-wanted",
    .description = "the test's",
    .source = "the test",
    .reasons = reasons,
    .reason_count = 1,
    .decide = as_wanted,
};

/* A cold start of two backup instances where, by default, every launch fails in a short place. */
static void set_up(struct fixture *f)
{
    fixture_set_up(f, MODERN_T0);
    f->scenario.interruptions = INTERRUPTIONS_TRACE;
    f->scenario.cold = true;
    f->scenario.controller.alarm = false;
    f->scenario.fleet.target_micro = 0;
    f->scenario.group.desired_capacity = 2;
    f->scenario.group.default_cooldown_s = 0;
    f->scenario.launch_failures = (struct launch_failures){
        .permille = 1000, .failure_s = 5, .retry_s = 60, .retry_max_s = 900};
    f->traces.capacities = limits;
    f->traces.capacity_count = 0;
    for (size_t i = 0; i < 16; i++)
        wanted[i] = -1;
    honors = true;
    set_policy(f, &as_wanted_policy, NULL);
}

static void limit(struct fixture *f, int64_t after_s, int64_t instances)
{
    limits[f->traces.capacity_count++] =
        (struct capacity_step){MODERN_T0 + after_s, zone_a, backup_type, instances};
}

static int64_t requested(const struct fixture *f, size_t i)
{
    return f->instances[i].requested_s - MODERN_T0;
}

/* 0, 5 + 60, 65 + 5 + 120, 190 + 5 + 240: by then there is room. */
static void retries_are_spaced_further_and_further(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    limit(&f, -10, 0);
    limit(&f, 400, 1); /* of spot instances: on-demand launches take nothing of it */
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launch_failures), 6);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launches), 2);
    assert_int_equal(requested(&f, 0), 435);
    assert_int_equal(requested(&f, 1), 435);
}

static void up_to_the_longest(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    limit(&f, -10, 0);
    f.scenario.launch_failures.retry_max_s = 100;
    limit(&f, 300, 1);
    simulate_fixture(&f); /* 0, 65, 170, 275, 380 */
    assert_int_equal(requested(&f, 0), 380);
}

static void another_zone_takes_them(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.group.zones = both_zones;
    f.scenario.group.zone_count = 2;
    limit(&f, -10, 0);
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launch_failures), 0);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(requested(&f, i), 0);
        assert_string_equal(f.instances[i].zone, zone_b);
    }
}

static void short_after_an_interruption(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.interruption_terms.shortage = (struct delay){.min_s = 300};
    limit(&f, -10, 0);
    limit(&f, 50, 9);
    f.interruptions[0] = (struct interruption_step){MODERN_T0 + 60, zone_a, backup_type, 1, 0};
    f.traces.interruption_count = 1;
    simulate_fixture(&f);
    assert_int_equal(requested(&f, 0), 435); /* 65 and 190 lie within 60 to 360 */
}

static void short_while_spot_costs_as_much(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.interruptions = INTERRUPTIONS_PRICE;
    f.markets[1].zone = zone_a;
    f.markets[1].instance_type = backup_type;
    f.steps[1][0].micro_usd_per_hour = 252000;
    price(&f, 1, 100, 251999);
    simulate_fixture(&f);
    assert_int_equal(requested(&f, 0), 190);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launch_failures), 4);
    f.scenario.interruptions = INTERRUPTIONS_NONE;
    simulate_fixture(&f);
    assert_int_equal(requested(&f, 0), 0);
}

static void a_failing_launch_blocks_and_does_not_cool(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.group.default_cooldown_s = 2700;
    f.scenario.launch_failures.failure_s = 100;
    limit(&f, -10, 0);
    wanted[1] = 1; /* at 90: an attempt is in progress */
    wanted[2] = 1; /* at 150: none is, and nothing cools: the retry would come at 160 */
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_scale_in_refused), 1);
    assert_int_equal(FIGURE_VALUE(&f, events_scale_in), 1);
    set_up(&f);
    f.scenario.group.default_cooldown_s = 2700;
    f.scenario.launch_failures.cools = true;
    limit(&f, -10, 0);
    wanted[0] = 1;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_scale_in_refused), 1);
}

/* What waits is given up first, and comes no more; a new wish is launched at once and joins the
 * retry that is set. */
static void a_lower_wish_gives_up_what_waits(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    limit(&f, -10, 0);
    limit(&f, 60, 1);
    wanted[0] = 0;
    wanted[4] = 3;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launch_failures), 2);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launches), 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(requested(&f, i), 270);
    set_up(&f);
    limit(&f, -10, 0);
    limit(&f, 60, 1);
    wanted[0] = 3;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launch_failures), 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(requested(&f, i), 65);
}

/* Failed at 0 and, tried again, at 120; given up at 150, before that failure ends at 180: no retry
 * comes. What fails at 270, until 330, is tried again 60 s after, not 120 s. */
static void what_was_given_up_does_not_space_what_fails_later(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.launch_failures.failure_s = 60;
    honors = false;
    limit(&f, -10, 0);
    limit(&f, 300, 9);
    wanted[2] = 0;
    wanted[4] = 2;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launch_failures), 6);
    assert_int_equal(f.instance_count, 2);
    assert_int_equal(requested(&f, 0), 390);
    /* The retry that is set when all is given up stays set: it takes what came to wait since. */
    set_up(&f);
    f.scenario.launch_failures.retry_s = 200;
    limit(&f, -10, 0);
    limit(&f, 160, 9);
    wanted[1] = 0;
    wanted[2] = 1;
    simulate_fixture(&f);
    assert_int_equal(requested(&f, 0), 205);
}

/* Within a second in the order in which they were set: the retry of 95, set at 5, before the
 * failure that ends then, of what was wanted at 90. It takes that, too, in vain; so what ends there
 * finds no retry set, and sets the one after 180 s. */
static void a_retry_and_a_failure_of_one_second(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.launch_failures.retry_s = 90;
    limit(&f, -10, 0);
    limit(&f, 270, 9);
    wanted[1] = 3;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launch_failures), 6);
    assert_int_equal(f.instance_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(requested(&f, i), 275);
}

static void a_warm_start_is_in_place(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.cold = false;
    limit(&f, -10, 0);
    simulate_fixture(&f);
    assert_int_equal(f.instance_count, 2);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launch_failures), 0);
}

static void some_by_chance(void **state)
{
    (void)state;
    int64_t failed = 0;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        struct fixture f;
        set_up(&f);
        f.scenario.to_s = f.scenario.measure_to_s = MODERN_T0 + 20;
        f.scenario.seed = seed;
        f.scenario.launch_failures.permille = 300;
        limit(&f, -10, 0);
        simulate_fixture(&f);
        failed += FIGURE_VALUE(&f, events_on_demand_launch_failures);
    }
    /* 240 expected of 800, standard deviation 13 */
    assert_in_range(failed, 190, 290);
}

/* Of spot: nothing is launched in a place while it is short, whether it lost something or not. */
static void spot_goes_elsewhere_meanwhile(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, MODERN_T0);
    f.scenario.interruptions = INTERRUPTIONS_TRACE;
    f.scenario.interruption_terms.shortage = (struct delay){.min_s = 600};
    f.interruptions[0] = (struct interruption_step){MODERN_T0 + 100, zone_a, spot_type, 3, 0};
    f.interruptions[1] = (struct interruption_step){MODERN_T0 + 130, zone_a, spot_type, 1, 9};
    f.traces.interruption_count = 2;
    simulate_fixture(&f);
    /* short until 730; the last of the three, and of five no ninth or one */
    for (size_t i = 8; i < f.instance_count; i++)
        assert_true(f.instances[i].warm || requested(&f, i) == 780);
    f.scenario.fleet.pool_count = 2;
    f.scenario.fleet.strategy = STRATEGY_LOWEST_PRICE;
    simulate_fixture(&f);
    size_t elsewhere = 0;
    for (size_t i = 0; i < f.instance_count; i++) {
        elsewhere += strcmp(f.instances[i].zone, zone_b) == 0;
        if (strcmp(f.instances[i].zone, zone_b) == 0)
            assert_in_range(requested(&f, i), 240, 300);
    }
    assert_in_range(elsewhere, 3, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(retries_are_spaced_further_and_further),
        cmocka_unit_test(up_to_the_longest),
        cmocka_unit_test(another_zone_takes_them),
        cmocka_unit_test(short_after_an_interruption),
        cmocka_unit_test(short_while_spot_costs_as_much),
        cmocka_unit_test(a_failing_launch_blocks_and_does_not_cool),
        cmocka_unit_test(a_lower_wish_gives_up_what_waits),
        cmocka_unit_test(what_was_given_up_does_not_space_what_fails_later),
        cmocka_unit_test(a_retry_and_a_failure_of_one_second),
        cmocka_unit_test(a_warm_start_is_in_place),
        cmocka_unit_test(some_by_chance),
        cmocka_unit_test(spot_goes_elsewhere_meanwhile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
