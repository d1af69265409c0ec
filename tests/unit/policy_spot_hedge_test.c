/* spot-hedge: the share of each pool that its price puts at risk is backed. */
#include "policy_fixture.h"

enum { FLEET, PRICES };

/* A limit of 0.1 USD a unit: 0.4 USD for an instance of 4. */
static void set_up(struct policy_fixture *f, int64_t micro_usd)
{
    policy_set_up(f, &policy_spot_hedge);
    set_parameter(f, "limit_usd_per_unit_hour", 100000);
    f->observation.group.desired_capacity = 0;
    set_fleet(f, FLEET, 80, 80);
    add_pool(f, PRICES, "us-east-1a", 10000, 40 * U);
    add_pool(f, PRICES, "us-east-1b", micro_usd, 40 * U);
}

static int64_t at_risk(int64_t micro_usd)
{
    struct policy_fixture f;
    set_up(&f, micro_usd);
    return decide(&f).figures[4];
}

static void the_share_rises_in_a_straight_line(void **state)
{
    (void)state;
    assert_int_equal(at_risk(0), 0);
    assert_int_equal(at_risk(200000), 0); /* 50 % of the limit */
    assert_int_equal(at_risk(200001), 0); /* not a thousandth of the way to 90 % */
    assert_int_equal(at_risk(200160), 40 * U / 1000);
    assert_int_equal(at_risk(280000), 20 * U); /* 70 % */
    assert_int_equal(at_risk(359999), 40 * U - 40 * U / 1000);
    assert_int_equal(at_risk(360000), 40 * U); /* 90 % */
    assert_int_equal(at_risk(9000000), 40 * U);
}

static void at_risk_is_rounded_up(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f, 280000);
    f.prices[1].fulfilled_micro = 3;
    assert_int_equal(decide(&f).figures[4], 2); /* half of three micro-units */
}

static void backs_what_is_at_risk_and_what_is_lacking(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f, 280000);
    expect_set(&f, 5, "scale-out");
    expect_words(&f, "the fleet has 80 of 80 units, 20 of them at prices close to the limit: 5 "
                     "instances within MinSize and MaxSize, the group wants 0: more at once");
    assert_true(decide(&f).valid_until_s == BALLAST_FOREVER);
    f.observation.group.desired_capacity = 5;
    expect_hold(&f, "size-fits");
    f.observation.group.desired_capacity = 9;
    expect_set(&f, 5, "scale-in");
    f.fleet.fulfilled_micro = 72 * U;
    expect_set(&f, 7, "scale-in");
    f.fleet.fulfilled_micro = 8 * U; /* no more can be at risk than is there */
    f.observation.group.max_size = 19;
    expect_set(&f, 19, "scale-out");
    assert_int_equal(decide(&f).figures[4], 8 * U);
}

static void thresholds_that_meet_make_a_leap(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f, 280000);
    set_parameter(&f, "start_percent", 70);
    set_parameter(&f, "full_percent", 70);
    expect_hold(&f, "size-fits"); /* at it, not above */
    f.prices[1].micro_usd_per_hour++;
    expect_set(&f, 10, "scale-out");
    set_parameter(&f, "full_percent", 20);
    expect_set(&f, 10, "scale-out");
}

static void pools_of_unknown_capacity_hold_or_are_taken_for_even(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f, 360000);
    f.prices[1].fulfilled_micro = BALLAST_UNKNOWN;
    expect_hold(&f, "pools-unknown");
    set_parameter(&f, "unknown_pools", 1);
    expect_set(&f, 10, "scale-out");
}

static void holds_on_what_it_does_not_know(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f, 10000);
    f.observation.group.desired_capacity = 5;
    expect_fleet_needed(&f, FLEET);
    set_error(&f, PRICES);
    expect_hold(&f, "pools-missing");
    f.answers[PRICES].status = BALLAST_EMPTY;
    expect_hold(&f, "pools-missing");
    set_up(&f, 10000);
    set_group_unknown(&f);
    expect_hold(&f, "group-unknown");
}

/* The band of the second pool, which costs 0.2 to 0.36 USD between nothing and all at risk. */
static struct price_band band_at(int64_t micro_usd)
{
    struct policy_fixture f;
    set_up(&f, micro_usd);
    return policy_spot_hedge_band(&f.prices[1], f.parameters);
}

static void expect_band(struct price_band band, int64_t low, int64_t high)
{
    assert_true(band.low_micro_usd == low);
    assert_true(band.high_micro_usd == high);
}

static void prices_on_one_side_of_both_limits_are_all_one(void **state)
{
    (void)state;
    expect_band(band_at(0), INT64_MIN, 200000);
    expect_band(band_at(200000), INT64_MIN, 200000);
    expect_band(band_at(200001), 200001, 200001);
    expect_band(band_at(359999), 359999, 359999);
    expect_band(band_at(360000), 360000, INT64_MAX);
    expect_band(band_at(9000000), 360000, INT64_MAX);
}

static void limits_between_whole_prices_are_kept(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f, 3);
    set_parameter(&f, "limit_usd_per_unit_hour", 7);
    f.prices[1].weight_micro = U; /* 3.5 and 6.3 */
    expect_band(policy_spot_hedge_band(&f.prices[1], f.parameters), INT64_MIN, 3);
    f.prices[1].micro_usd_per_hour = 6;
    expect_band(policy_spot_hedge_band(&f.prices[1], f.parameters), 6, 6);
    f.prices[1].micro_usd_per_hour = 7;
    expect_band(policy_spot_hedge_band(&f.prices[1], f.parameters), 7, INT64_MAX);
    set_parameter(&f, "full_percent", 20);
    expect_band(policy_spot_hedge_band(&f.prices[1], f.parameters), 4, INT64_MAX);
}

static void the_largest_limits_have_bands(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f, 1);
    const int64_t limit = INT64_C(100000000000000); /* ten times 1000 USD a unit, 10,000 units */
    set_parameter(&f, "limit_usd_per_unit_hour", 1000 * U);
    set_parameter(&f, "start_percent", 1000);
    set_parameter(&f, "full_percent", 1000);
    f.prices[1].weight_micro = 10000 * U;
    expect_band(policy_spot_hedge_band(&f.prices[1], f.parameters), INT64_MIN, limit);
    f.prices[1].micro_usd_per_hour = INT64_MAX;
    expect_band(policy_spot_hedge_band(&f.prices[1], f.parameters), limit + 1, INT64_MAX);
}

static void the_largest_limits_have_shares(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f, 5000000 * U); /* half of 1000 USD a unit, 10,000 units */
    set_parameter(&f, "limit_usd_per_unit_hour", 1000 * U);
    f.prices[1].weight_micro = 10000 * U;
    assert_int_equal(decide(&f).figures[4], 0);
    f.prices[1].micro_usd_per_hour = 7000000 * U;
    assert_int_equal(decide(&f).figures[4], 20 * U);
    f.prices[1].micro_usd_per_hour = INT64_MAX;
    assert_int_equal(decide(&f).figures[4], 40 * U);
}

static void an_empty_pool_may_cost_anything(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f, 280000);
    f.prices[1].fulfilled_micro = 0;
    expect_band(policy_spot_hedge_band(&f.prices[1], f.parameters), INT64_MIN, INT64_MAX);
    f.prices[1].fulfilled_micro = BALLAST_UNKNOWN; /* it may have a share of the rest */
    expect_band(policy_spot_hedge_band(&f.prices[1], f.parameters), 280000, 280000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_share_rises_in_a_straight_line),
        cmocka_unit_test(at_risk_is_rounded_up),
        cmocka_unit_test(backs_what_is_at_risk_and_what_is_lacking),
        cmocka_unit_test(thresholds_that_meet_make_a_leap),
        cmocka_unit_test(pools_of_unknown_capacity_hold_or_are_taken_for_even),
        cmocka_unit_test(holds_on_what_it_does_not_know),
        cmocka_unit_test(prices_on_one_side_of_both_limits_are_all_one),
        cmocka_unit_test(limits_between_whole_prices_are_kept),
        cmocka_unit_test(the_largest_limits_have_bands),
        cmocka_unit_test(the_largest_limits_have_shares),
        cmocka_unit_test(an_empty_pool_may_cost_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
