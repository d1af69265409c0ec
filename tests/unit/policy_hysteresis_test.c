/* hysteresis: grows above one threshold, shrinks below the other, and stays between them. */
#include "policy_fixture.h"

enum { WINDOW, PENDING };

static void set_up(struct policy_fixture *f)
{
    const int64_t target[] = {100, 100, 100};
    policy_set_up(f, &policy_hysteresis);
    set_points(f, WINDOW, 3, target);
}

static void grows_only_above_the_first_threshold(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f);
    f.observation.group.desired_capacity = 0;
    set_point(&f, PENDING, 10);
    expect_hold(&f, "in-band"); /* 10 % is not above 10 % */
    set_point(&f, PENDING, 11);
    expect_set(&f, 3, "scale-out");
    f.observation.group.desired_capacity = 5;
    expect_hold(&f, "size-fits"); /* it does not shrink there */
    set_parameter(&f, "out_above_percent", 11);
    expect_hold(&f, "in-band");
}

static void shrinks_only_below_the_second(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f);
    set_point(&f, PENDING, 5);
    expect_hold(&f, "in-band"); /* 5 % is not below 5 % */
    set_point(&f, PENDING, 4);
    expect_set(&f, 1, "scale-in");
    f.observation.group.desired_capacity = 0;
    expect_hold(&f, "size-fits"); /* it does not grow there */
    f.observation.group.desired_capacity = 3;
    set_parameter(&f, "in_below_percent", 0);
    expect_hold(&f, "in-band");
    set_point(&f, PENDING, 0); /* nothing pending is below any threshold */
    expect_set(&f, 0, "scale-in");
    set_point(&f, PENDING, -8); /* more than the target is there */
    expect_set(&f, 0, "scale-in");
}

static void says_the_band_in_words(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f);
    set_point(&f, PENDING, 7);
    expect_words(&f, "7 of 100 units pending are not above 10 % and not below 5 %: the group's 3 "
                     "instances stay");
    assert_true(decide(&f).valid_until_s == BALLAST_FOREVER);
}

static void takes_the_newest_point_and_the_group_s_bounds(void **state)
{
    (void)state;
    struct policy_fixture f;
    const int64_t pending[] = {40, 0, 60};
    set_up(&f);
    set_points(&f, PENDING, 3, pending);
    expect_set(&f, 15, "scale-out");
    f.observation.group.max_size = 10;
    expect_set(&f, 10, "scale-out");
    f.observation.group.max_size = 3;
    expect_hold(&f, "size-fits");
}

static void a_changed_target_holds_until_it_leaves_the_window(void **state)
{
    (void)state;
    struct policy_fixture f;
    const int64_t target[] = {100, 120, 120};
    set_up(&f);
    set_points(&f, WINDOW, 3, target);
    set_point(&f, PENDING, 60);
    expect_hold(&f, "target-changed");
    assert_int_equal(decide(&f).valid_until_s, 6000 + 60 + 600);
}

static void holds_on_what_it_does_not_know(void **state)
{
    (void)state;
    struct policy_fixture f;
    set_up(&f);
    expect_hold(&f, "pending-missing");
    set_error(&f, PENDING);
    expect_hold(&f, "pending-missing");
    set_point(&f, PENDING, 0);
    set_group_unknown(&f);
    expect_hold(&f, "group-unknown");
    set_up(&f);
    set_point(&f, PENDING, 0);
    set_error(&f, WINDOW);
    expect_hold(&f, "window-unknown");
    set_points(&f, WINDOW, 0, NULL);
    expect_hold(&f, "window-unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_only_above_the_first_threshold),
        cmocka_unit_test(shrinks_only_below_the_second),
        cmocka_unit_test(says_the_band_in_words),
        cmocka_unit_test(takes_the_newest_point_and_the_group_s_bounds),
        cmocka_unit_test(a_changed_target_holds_until_it_leaves_the_window),
        cmocka_unit_test(holds_on_what_it_does_not_know),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
