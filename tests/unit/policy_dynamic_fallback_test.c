/* dynamic-fallback: the target less spot that has been there for the warm-up, over a base. */
#include "policy_fixture.h"

enum { FLEET, FULFILLED };

static void set_up(struct policy_fixture *f, int64_t fulfilled)
{
    policy_set_up(f, &policy_dynamic_fallback);
    set_fleet(f, FLEET, 32, fulfilled);
    set_point(f, FULFILLED, fulfilled);
}

static void falls_back_by_what_is_not_ready(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f, 12);
    expect_set(&f, 5, "scale-out");
    expect_words(&f, "12 of 32 units of spot are ready, and 1 instances are the base: 5 within "
                     "MinSize and MaxSize, the group wants 3: more at once");
    assert_true(decide(&f).valid_until_s == BALLAST_FOREVER);
    set_up(&f, 20);
    expect_hold(&f, "size-fits");
    set_up(&f, 24);
    expect_set(&f, 2, "scale-in");
    f.observation.group.min_size = 3;
    expect_hold(&f, "size-fits");
}

static void the_base_stays_and_is_part_of_the_target(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f, 32);
    expect_set(&f, 1, "scale-in");
    set_parameter(&f, "base_instances", 4);
    expect_set(&f, 4, "scale-out");
    set_up(&f, 12);
    set_parameter(&f, "base_instances", 4);
    expect_set(&f, 5, "scale-out");
    set_parameter(&f, "base_instances", 0);
    set_up(&f, 40);
    set_parameter(&f, "base_instances", 0);
    expect_set(&f, 0, "scale-in");
}

static void what_came_lately_is_not_ready(void **state)
{
    (void)state;
    struct policy_fixture f;
    /* stamped 6000, 6060, 6120, so they end 6060, 6120, 6180; it is 6210 */
    const int64_t rising[] = {8, 16, 32};
    set_up(&f, 32);
    set_points(&f, FULFILLED, 3, rising);
    struct ballast_decision decision = decide(&f);
    assert_int_equal(decision.figures[0], 16 * U); /* 8 is 150 s old */
    assert_int_equal(decision.valid_until_s, 6120 + 120);
    set_parameter(&f, "warmup_s", 151);
    decision = decide(&f);
    assert_int_equal(decision.figures[0], 8 * U);
    assert_int_equal(decision.valid_until_s, 6060 + 151);
    set_parameter(&f, "warmup_s", 90); /* 6120 + 90 is now: over */
    decision = decide(&f);
    assert_int_equal(decision.figures[0], 32 * U);
    assert_true(decision.valid_until_s == BALLAST_FOREVER);
    set_parameter(&f, "warmup_s", 500);
    set_parameter(&f, "lookback_s", 200);
    assert_int_equal(decide(&f).valid_until_s, 6060 + 200); /* the answer loses the point sooner */
}

static void the_last_of_equal_points_counts(void **state)
{
    (void)state;
    struct policy_fixture f;
    const int64_t dip[] = {16, 16, 32};
    set_up(&f, 32);
    set_points(&f, FULFILLED, 3, dip);
    set_parameter(&f, "warmup_s", 300);
    assert_int_equal(decide(&f).valid_until_s, 6120 + 300);
}

static void a_loss_counts_at_once(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f, 32);
    f.fleet.fulfilled_micro = 4 * U; /* no point shows it yet */
    expect_set(&f, 7, "scale-out");
    set_up(&f, 4);
    f.fleet.fulfilled_micro = 32 * U; /* nor may it be up already */
    expect_set(&f, 7, "scale-out");
}

static void without_points_it_only_grows(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f, 32);
    f.answers[FULFILLED].status = BALLAST_EMPTY;
    expect_hold(&f, "ready-unknown");
    set_error(&f, FULFILLED);
    expect_hold(&f, "ready-unknown");
    f.fleet.fulfilled_micro = 4 * U;
    expect_set(&f, 7, "scale-out");
    set_up(&f, 32);
    expect_fleet_needed(&f, FLEET);
    set_group_unknown(&f);
    expect_hold(&f, "group-unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(falls_back_by_what_is_not_ready),
        cmocka_unit_test(the_base_stays_and_is_part_of_the_target),
        cmocka_unit_test(what_came_lately_is_not_ready),
        cmocka_unit_test(the_last_of_equal_points_counts),
        cmocka_unit_test(a_loss_counts_at_once),
        cmocka_unit_test(without_points_it_only_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
