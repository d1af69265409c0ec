/* n-plus-one: what is left without the largest pool, and the backup, are the target. */
#include "policy/spot_pools.h"
#include "policy_fixture.h"

enum { FLEET, PRICES };

/* 40 units: 12 and 16 in one zone, 12 in the other. */
static void set_up(struct policy_fixture *f)
{
    policy_set_up(f, &policy_n_plus_one);
    set_fleet(f, FLEET, 40, 40);
    add_pool(f, PRICES, "us-east-1a", 30000, 12 * U);
    add_pool(f, PRICES, "us-east-1b", 30000, 12 * U);
    add_pool(f, PRICES, "us-east-1a", 30000, 16 * U);
    f->prices[2].instance_type = "c3.xlarge";
}

static void backs_the_largest_pool(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f);
    expect_set(&f, 4, "scale-out");
    expect_words(&f, "the fleet has 40 of 40 units, 16 of them where they can be lost at once: 4 "
                     "instances within MinSize and MaxSize, the group wants 3: more at once");
    assert_true(decide(&f).valid_until_s == BALLAST_FOREVER);
    f.observation.group.desired_capacity = 4;
    expect_hold(&f, "size-fits");
    f.fleet.fulfilled_micro = 36 * U; /* and what is lacking already */
    expect_set(&f, 5, "scale-out");
    f.fleet.fulfilled_micro = 48 * U; /* less what is too much */
    expect_set(&f, 2, "scale-in");
    f.fleet.fulfilled_micro = 60 * U;
    expect_set(&f, 0, "scale-in");
    f.fleet.fulfilled_micro = 0;
    f.observation.group.max_size = 9;
    expect_set(&f, 9, "scale-out");
}

/* Specifications of one type in one zone, with weights or caps of their own. */
static void rows_of_one_pool_are_lost_together(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f);
    f.prices[2].instance_type = "c4.xlarge";
    expect_set(&f, 7, "scale-out"); /* 28 units */
}

/* Where no two rows are of one pool, names need not be told apart but for zones. */
static void rows_that_are_said_to_be_pools_of_their_own_are(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f);
    f.prices[2].instance_type = "c4.xlarge";
    f.observation.pools_distinct = true;
    expect_set(&f, 4, "scale-out"); /* 16 units */
    set_parameter(&f, "domain", 1);
    expect_set(&f, 7, "scale-out"); /* 28 units */
    set_parameter(&f, "domain", 0);
    set_parameter(&f, "unknown_pools", 1); /* what is taken for there counts, too */
    f.prices[1].fulfilled_micro = BALLAST_UNKNOWN;
    f.fleet.fulfilled_micro = 52 * U;
    f.fleet.target_micro = 52 * U;
    expect_set(&f, 6, "scale-out"); /* 24 units */
}

static void or_the_largest_zone(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f);
    set_parameter(&f, "domain", 1);
    expect_set(&f, 7, "scale-out"); /* 28 units */
}

static void pools_of_unknown_capacity_hold_or_are_taken_for_even(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f);
    f.prices[0].fulfilled_micro = BALLAST_UNKNOWN;
    f.prices[2].fulfilled_micro = BALLAST_UNKNOWN;
    expect_hold(&f, "pools-unknown");
    expect_words(&f, "what the fleet has in 2 of its 3 pools is unknown");
    set_parameter(&f, "unknown_pools", 1); /* 28 units are left for two */
    expect_set(&f, 4, "scale-out");
    f.fleet.fulfilled_micro = 40 * U + 1; /* rounded up to the micro-unit */
    assert_int_equal(decide(&f).figures[4], 14 * U + 1);
    f.fleet.fulfilled_micro = 8 * U; /* the rows are older than the fleet: nothing is left */
    assert_int_equal(decide(&f).figures[4], 12 * U);
}

static void holds_on_what_it_does_not_know(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f);
    f.fleet.fulfilled_micro = 60 * U;
    expect_fleet_needed(&f, FLEET);
    f.answers[PRICES].status = BALLAST_EMPTY;
    expect_hold(&f, "pools-missing");
    set_error(&f, PRICES);
    expect_hold(&f, "pools-missing");
    set_up(&f);
    set_group_unknown(&f);
    expect_hold(&f, "group-unknown");
}

static void rows_of_one_type_and_zone_are_not_distinct(void **state)
{
    (void)state;
    struct ballast_spot_price rows[] = {{.instance_type = "c3.large", .zone = "us-east-1a"},
                                        {.instance_type = "c3.large", .zone = "us-east-1b"},
                                        {.instance_type = "r3.large", .zone = "us-east-1a"}};
    assert_true(spot_pools_distinct(rows, 3));
    assert_true(spot_pools_distinct(NULL, 0));
    rows[2].instance_type = "c3.large";
    assert_false(spot_pools_distinct(rows, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_one_type_and_zone_are_not_distinct),
        cmocka_unit_test(backs_the_largest_pool),
        cmocka_unit_test(rows_of_one_pool_are_lost_together),
        cmocka_unit_test(rows_that_are_said_to_be_pools_of_their_own_are),
        cmocka_unit_test(or_the_largest_zone),
        cmocka_unit_test(pools_of_unknown_capacity_hold_or_are_taken_for_even),
        cmocka_unit_test(holds_on_what_it_does_not_know),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
