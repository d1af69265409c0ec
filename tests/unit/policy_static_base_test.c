/* static-base: so many instances, whatever happens. */
#include "policy_fixture.h"

static void keeps_its_number(void **state)
{
    (void)state;
    struct policy_fixture f;
    policy_set_up(&f, &policy_static_base);
    expect_set(&f, 1, "scale-in");
    set_parameter(&f, "instances", 3);
    expect_hold(&f, "size-fits");
    set_parameter(&f, "instances", 7);
    expect_set(&f, 7, "scale-out");
    expect_words(&f, "the base is 7 instances, 7 within MinSize and MaxSize, the group wants 3: "
                     "more at once");
    assert_true(decide(&f).valid_until_s == BALLAST_FOREVER);
    f.observation.group.max_size = 5;
    expect_set(&f, 5, "scale-out");
    set_parameter(&f, "instances", 0);
    f.observation.group.min_size = 2;
    expect_set(&f, 2, "scale-in");
    set_group_unknown(&f);
    expect_hold(&f, "group-unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(keeps_its_number)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
