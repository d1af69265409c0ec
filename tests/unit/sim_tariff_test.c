/* What is paid beside list prices, worked out by hand on a small world.
 *
 * Proves docs/model.md, "Discounts, prepaid instances, volumes and addresses".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/billing.h"
#include "sim_fixture.h"

enum { HOUR = 3600 };

static const struct ballast_reason reasons[] = {{"plan", "as the clock says"}};

/* Three backup instances from the first hour on, one from the third on. */
static struct ballast_decision decide(const struct ballast_observation *observation,
                                      const int64_t *parameters, void *state)
{
    (void)parameters;
    (void)state;
    int64_t into_s = observation->now_s - MODERN_T0;
    int64_t wanted = into_s < HOUR ? 2 : into_s < 2 * HOUR ? 4 : 1;
    if (wanted == observation->group.desired_capacity)
        return (struct ballast_decision){.action = BALLAST_HOLD,
                                         .valid_until_s = observation->now_s};
    return (struct ballast_decision){.action = BALLAST_SET_DESIRED,
                                     .desired_capacity = wanted,
                                     .valid_until_s = observation->now_s};
}

static const struct ballast_policy plan = {
    .abi = BALLAST_POLICY_ABI,
    .name = "plan",
    .description = "by the clock",
    .source = "this test",
    .reasons = reasons,
    .reason_count = 1,
    .decide = decide,
};

/* Two backup instances run from the start; two more are asked for at 1 h + 30 s and run 30 s later;
 * three are ended at 2 h + 30 s. */
static void planned(struct fixture *f)
{
    fixture_set_up(f, MODERN_T0);
    f->scenario.billing = BILLING_PER_SECOND;
    f->scenario.interruptions = INTERRUPTIONS_NONE;
    f->scenario.group.desired_capacity = 2;
    f->scenario.group.default_cooldown_s = 0;
    set_policy(f, &plan, NULL);
}

static int64_t rounded(int128 micro_usd_s)
{
    return (int64_t)divide_half_even(micro_usd_s, HOUR);
}

static void a_discount_is_taken_off_each_price_per_hour(void **state)
{
    (void)state;
    assert_int_equal(billing_discounted(250001, 0), 250001);
    assert_int_equal(billing_discounted(250001, 300), 175001); /* 175000.7 */
    assert_int_equal(billing_discounted(5, 500), 2);           /* 2.5: half to even */
    assert_int_equal(billing_discounted(7, 500), 4);           /* 3.5 */
    assert_int_equal(billing_discounted(250001, 1000), 0);
    struct fixture f;
    planned(&f);
    simulate_fixture(&f);
    int64_t spot = FIGURE_VALUE(&f, cost_spot_micro_usd);
    int64_t paid = FIGURE_VALUE(&f, cost_on_demand_micro_usd);
    /* 4 h + 2 h 30 s of those from the start, twice 59 min 30 s of the others, one of them. */
    assert_int_equal(paid, rounded((int128)252000 * (4 * HOUR + 2 * HOUR + 30 + 2 * (HOUR - 30))));
    assert_int_equal(spot, 8 * 4 * 50000);
    f.scenario.price_terms.on_demand_discount_permille = 250;
    f.scenario.price_terms.spot_discount_permille = 100;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, cost_on_demand_micro_usd),
                     rounded((int128)189000 * (6 * HOUR + 30 + 2 * (HOUR - 30))));
    assert_int_equal(FIGURE_VALUE(&f, cost_spot_micro_usd), 8 * 4 * 45000);
    assert_int_equal(FIGURE_VALUE(&f, cost_all_on_demand_micro_usd), 8 * 4 * 189000);
    assert_int_equal(FIGURE_VALUE(&f, cost_total_micro_usd),
                     FIGURE_VALUE(&f, cost_on_demand_micro_usd) + 8 * 4 * 45000);
}

/* A price lower than the cap with the discount does not change who may launch. */
static void a_discount_moves_no_cap(void **state)
{
    (void)state;
    struct fixture f;
    planned(&f);
    f.scenario.interruptions = INTERRUPTIONS_PRICE;
    price(&f, 0, 1000, 220000); /* above 4 x 0.054, with the discount below */
    f.scenario.price_terms.spot_discount_permille = 900;
    f.scenario.price_terms.on_demand_discount_permille = 900;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 8);
}

/* The first N running are free; when one of them ends, the one that began next takes its place. */
static void prepaid_instances_pass_on(void **state)
{
    (void)state;
    struct fixture f;
    planned(&f);
    f.scenario.price_terms.prepaid_instances = 3;
    simulate_fixture(&f);
    /* Instances 9 and 10 are the group's from the start, 11 is prepaid as it begins to run; 12 pays
     * until three of them end at 2 h 30 s. Which one stays is the group's matter. */
    int128 paid = 0;
    for (size_t i = 0; i < f.instance_count; i++) {
        const struct record_instance *instance = &f.instances[i];
        if (instance->kind == RECORD_ON_DEMAND && instance->instance != 12)
            assert_true(instance->cost_micro_usd_s == 0);
        if (instance->instance == 12) {
            assert_int_equal(instance->running_s, MODERN_T0 + HOUR + 60);
            paid = instance->cost_micro_usd_s;
        }
    }
    assert_true(paid == (int128)252000 * (HOUR - 30));
    assert_int_equal(FIGURE_VALUE(&f, cost_on_demand_micro_usd), rounded(paid));
    assert_int_equal(FIGURE_VALUE(&f, cost_all_on_demand_micro_usd), (8 - 3) * 4 * 252000);
    /* With one, the group's oldest is free for as long as it lives, then the next. */
    f.scenario.price_terms.prepaid_instances = 1;
    simulate_fixture(&f);
    int128 sum = 0;
    int64_t running_s = 0;
    for (size_t i = 0; i < f.instance_count; i++) {
        const struct record_instance *instance = &f.instances[i];
        if (instance->kind != RECORD_ON_DEMAND)
            continue;
        sum += instance->cost_micro_usd_s;
        running_s += (instance->ended_s == RECORD_NEVER ? f.scenario.to_s : instance->ended_s) -
                     instance->running_s;
    }
    assert_true(sum == (int128)252000 * (running_s - 4 * HOUR)); /* one runs at every second */
    /* More than ever run: nothing is paid. */
    f.scenario.price_terms.prepaid_instances = 100;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, cost_on_demand_micro_usd), 0);
    assert_int_equal(FIGURE_VALUE(&f, cost_on_demand_surplus_micro_usd), 0);
    assert_int_equal(FIGURE_VALUE(&f, cost_all_on_demand_micro_usd), 0);
}

static int64_t paid(struct fixture *f, enum billing_regime billing, char *product)
{
    f->scenario.billing = billing;
    f->scenario.product = f->markets[0].product = f->markets[1].product = product;
    simulate_fixture(f);
    return FIGURE_VALUE(f, cost_on_demand_micro_usd);
}

/* In 2018 Linux is billed by the second, all else by the hour. */
static void each_product_is_billed_by_the_second_from_its_own_date(void **state)
{
    (void)state;
    static char names[][48] = {"Linux/UNIX", "Linux/UNIX (Amazon VPC)",  "Windows",
                               "SUSE Linux", "Red Hat Enterprise Linux", "Windows (Amazon VPC)"};
    static const int64_t since_s[] = {1506902400, 1506902400, 1623369600,
                                      INT64_MAX,  1711929600, 1623369600};
    struct fixture f;
    planned(&f);
    int64_t by_second = paid(&f, BILLING_PER_SECOND, names[0]);
    int64_t by_hour = paid(&f, BILLING_HOURLY, names[0]);
    assert_true(by_second < by_hour);
    for (size_t i = 0; i < sizeof since_s / sizeof *since_s; i++) {
        assert_int_equal(paid(&f, BILLING_BY_DATE, names[i]), i < 2 ? by_second : by_hour);
        assert_int_equal(paid(&f, BILLING_PER_SECOND, names[i]), by_second);
        f.scenario.billing = BILLING_BY_DATE;
        assert_false(scenario_per_second(&f.scenario, since_s[i] - 1));
        assert_true(scenario_per_second(&f.scenario, since_s[i]));
    }
}

/* Three of four are prepaid. One of them is ended, and then the fourth in the same second: that it
 * was prepaid for no second saves nothing of its started hour. */
static void who_ends_with_a_prepaid_one_pays_its_hour(void **state)
{
    (void)state;
    struct fixture f;
    planned(&f);
    f.scenario.billing = BILLING_HOURLY;
    f.scenario.price_terms.prepaid_instances = 3;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, cost_on_demand_micro_usd), 252000);
}

/* What a started hour is charged beyond its end is not prepaid by who comes after. */
static void a_started_hour_is_cut_where_it_becomes_prepaid(void **state)
{
    (void)state;
    struct bill bill = {.running_s = 1000,
                        .ended_s = 1000 + 5000,
                        .prepaid = true,
                        .prepaid_since_s = 1000 + 4000,
                        .window_to_s = INT64_C(4000000000)};
    assert_true(billing_on_demand(&bill, 10) == 10 * 4000);
    bill.prepaid_since_s = 1000;
    assert_true(billing_on_demand(&bill, 10) == 0);
    bill.prepaid = false;
    assert_true(billing_on_demand(&bill, 10) == 10 * 7200);
}

/* 8 spot instances for 4 h, the backup's as planned: by the second they run, whatever is billed. */
static void volumes_and_addresses_by_the_running_second(void **state)
{
    (void)state;
    struct fixture f;
    planned(&f);
    int64_t running_s = 8 * 4 * HOUR + 6 * HOUR + 30 + 2 * (HOUR - 30);
    f.scenario.price_terms.address_micro_usd_per_hour = 5000;
    simulate_fixture(&f);
    int64_t instances =
        FIGURE_VALUE(&f, cost_spot_micro_usd) + FIGURE_VALUE(&f, cost_on_demand_micro_usd);
    assert_int_equal(FIGURE_VALUE(&f, cost_other_micro_usd), rounded((int128)5000 * running_s));
    assert_int_equal(FIGURE_VALUE(&f, cost_total_micro_usd),
                     instances + FIGURE_VALUE(&f, cost_other_micro_usd));
    f.scenario.price_terms.address_micro_usd_per_hour = 0;
    f.scenario.price_terms.volume_gib_micro = 30500000; /* 30.5 GiB at 0.08 USD a month of 730 h */
    f.scenario.price_terms.volume_micro_usd_per_gib_month = 80000;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, cost_other_micro_usd),
                     (int64_t)divide_half_even((int128)2440000 * running_s, 730 * HOUR));
    /* Prepaid instances have volumes, too; those interrupted in their first hour as well. */
    f.scenario.price_terms.prepaid_instances = 100;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, cost_other_micro_usd),
                     (int64_t)divide_half_even((int128)2440000 * running_s, 730 * HOUR));
    price(&f, 0, 1000, 220000);
    f.scenario.interruptions = INTERRUPTIONS_PRICE;
    f.scenario.price_terms.prepaid_instances = 0;
    f.scenario.measure_from_s = MODERN_T0 + 500;
    f.scenario.measure_to_s = MODERN_T0 + 2000;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, cost_spot_micro_usd), 0);
    assert_int_equal(FIGURE_VALUE(&f, cost_other_micro_usd),
                     (int64_t)divide_half_even((int128)2440000 * (8 * 620 + 2 * 1500), 730 * HOUR));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_discount_is_taken_off_each_price_per_hour),
        cmocka_unit_test(a_discount_moves_no_cap),
        cmocka_unit_test(prepaid_instances_pass_on),
        cmocka_unit_test(each_product_is_billed_by_the_second_from_its_own_date),
        cmocka_unit_test(who_ends_with_a_prepaid_one_pays_its_hour),
        cmocka_unit_test(a_started_hour_is_cut_where_it_becomes_prepaid),
        cmocka_unit_test(volumes_and_addresses_by_the_running_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
