/* target-headroom: spot and backup hold target and headroom together. */
#include "policy_fixture.h"

static void keeps_a_share_or_units_whichever_is_more(void **state)
{
    (void)state;
    struct policy_fixture f;
    policy_set_up(&f, &policy_target_headroom);
    f.observation.group.desired_capacity = 0;
    set_fleet(&f, 0, 100, 100);
    expect_set(&f, 3, "scale-out"); /* 10 units */
    set_parameter(&f, "headroom_units", 10 * U);
    expect_set(&f, 3, "scale-out");
    set_parameter(&f, "headroom_units", 13 * U);
    expect_set(&f, 4, "scale-out");
    set_parameter(&f, "headroom_units", 0);
    set_parameter(&f, "headroom_percent", 0);
    expect_hold(&f, "size-fits");
}

static void fills_what_spot_lacks(void **state)
{
    (void)state;
    struct policy_fixture f;
    policy_set_up(&f, &policy_target_headroom);
    set_fleet(&f, 0, 100, 60);
    expect_set(&f, 13, "scale-out"); /* 110 - 60 = 50 units */
    expect_words(&f, "the fleet has 60 of 100 units, and 10 are to be spare: 13 instances within "
                     "MinSize and MaxSize, the group wants 3: more at once");
    assert_true(decide(&f).valid_until_s == BALLAST_FOREVER);
    set_fleet(&f, 0, 100, 104); /* spot's own overshoot counts */
    expect_set(&f, 2, "scale-in");
    set_fleet(&f, 0, 100, 140);
    expect_set(&f, 0, "scale-in");
    f.observation.group.max_size = 5;
    set_fleet(&f, 0, 100, 60);
    expect_set(&f, 5, "scale-out");
    set_parameter(&f, "units_per_instance", 50 * U);
    expect_set(&f, 1, "scale-in");
}

static void holds_on_what_it_does_not_know(void **state)
{
    (void)state;
    struct policy_fixture f;
    policy_set_up(&f, &policy_target_headroom);
    set_fleet(&f, 0, 100, 140);
    expect_fleet_needed(&f, 0);
    set_group_unknown(&f);
    expect_hold(&f, "group-unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_a_share_or_units_whichever_is_more),
        cmocka_unit_test(fills_what_spot_lacks),
        cmocka_unit_test(holds_on_what_it_does_not_know),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
