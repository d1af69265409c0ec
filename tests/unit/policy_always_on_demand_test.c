/* always-on-demand: the whole target, always. */
#include "policy_fixture.h"

static void carries_the_target_whatever_spot_has(void **state)
{
    (void)state;
    struct policy_fixture f;
    policy_set_up(&f, &policy_always_on_demand);
    set_fleet(&f, 0, 32, 32);
    expect_set(&f, 8, "scale-out");
    set_fleet(&f, 0, 33, 0);
    expect_set(&f, 9, "scale-out"); /* rounded up */
    set_fleet(&f, 0, 8, 0);
    expect_set(&f, 2, "scale-in");
    set_fleet(&f, 0, 12, 12);
    expect_hold(&f, "size-fits");
    expect_words(&f, "12 units are to be on demand always: 3 instances within MinSize and MaxSize, "
                     "as many as the group wants");
    assert_true(decide(&f).valid_until_s == BALLAST_FOREVER);
}

static void keeps_within_the_group_s_bounds(void **state)
{
    (void)state;
    struct policy_fixture f;
    policy_set_up(&f, &policy_always_on_demand);
    set_fleet(&f, 0, 32, 32);
    f.observation.group.max_size = 5;
    expect_set(&f, 5, "scale-out");
    set_fleet(&f, 0, 0, 0);
    f.observation.group.min_size = 2;
    expect_set(&f, 2, "scale-in");
}

static void units_given_need_no_fleet(void **state)
{
    (void)state;
    struct policy_fixture f;
    policy_set_up(&f, &policy_always_on_demand);
    set_error(&f, 0);
    set_parameter(&f, "units", 20 * U);
    expect_set(&f, 5, "scale-out");
    set_parameter(&f, "units_per_instance", 10 * U);
    expect_set(&f, 2, "scale-in");
}

static void holds_on_what_it_does_not_know(void **state)
{
    (void)state;
    struct policy_fixture f;
    policy_set_up(&f, &policy_always_on_demand);
    set_fleet(&f, 0, 4, 4);
    expect_fleet_needed(&f, 0);
    set_group_unknown(&f);
    expect_hold(&f, "group-unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(carries_the_target_whatever_spot_has),
        cmocka_unit_test(keeps_within_the_group_s_bounds),
        cmocka_unit_test(units_given_need_no_fleet),
        cmocka_unit_test(holds_on_what_it_does_not_know),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
