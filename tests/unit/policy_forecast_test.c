/* forecast: an hour's largest lack comes back with its hour, smoothed, started ahead. */
#include "policy_fixture.h"

enum { HOUR = 3600, DAY = 24 * HOUR, WEEK = 7 * DAY };

static struct ballast_decision decide_at(struct policy_fixture *f, int64_t now_s, int64_t pending)
{
    f->observation.now_s = now_s;
    set_point(f, 0, pending);
    return decide(f);
}

/* What is expected at now_s, while nothing is pending. */
static int64_t expected(struct policy_fixture *f, int64_t now_s)
{
    return decide_at(f, now_s, 0).figures[3];
}

static void without_a_past_it_is_what_is_pending(void **state)
{
    (void)state;
    struct policy_fixture f;
    policy_set_up(&f, &policy_forecast);
    set_point(&f, 0, 20);
    expect_set(&f, 5, "scale-out");
    expect_words(&f, "20 units pending, 0 expected: 5 instances within MinSize and MaxSize, the "
                     "group wants 3: more at once");
    set_point(&f, 0, 12);
    expect_hold(&f, "size-fits");
    set_point(&f, 0, -4);
    expect_set(&f, 0, "scale-in");
}

static void the_most_of_an_hour_is_expected_a_day_later(void **state)
{
    (void)state;
    struct policy_fixture f;
    policy_set_up(&f, &policy_forecast);
    decide_at(&f, 10 * HOUR + 60, 4);
    decide_at(&f, 10 * HOUR + 120, 20);
    decide_at(&f, 10 * HOUR + 180, 8);
    assert_int_equal(expected(&f, 11 * HOUR), 0);
    assert_int_equal(expected(&f, DAY + 10 * HOUR - 301), 0);
    assert_int_equal(expected(&f, DAY + 10 * HOUR - 300), 20 * U); /* started ahead */
    assert_int_equal(expected(&f, DAY + 11 * HOUR - 1), 20 * U);
    /* and nothing having been pending then, less a day later: 70 % of it */
    assert_int_equal(expected(&f, 2 * DAY + 10 * HOUR), 14 * U);
    decide_at(&f, 2 * DAY + 10 * HOUR + 60, 24);
    assert_int_equal(expected(&f, 3 * DAY + 10 * HOUR), 17 * U); /* 14 * 70 % + 24 * 30 % */
}

static void what_is_more_counts(void **state)
{
    (void)state;
    struct policy_fixture f;
    policy_set_up(&f, &policy_forecast);
    decide_at(&f, 10 * HOUR, 20);
    assert_int_equal(decide_at(&f, DAY + 10 * HOUR, 8).desired_capacity, 5);
    assert_int_equal(decide_at(&f, DAY + 10 * HOUR, 40).desired_capacity, 10);
    f.observation.group.max_size = 7;
    assert_int_equal(decide_at(&f, DAY + 10 * HOUR, 40).desired_capacity, 7);
}

static void a_week_has_slots_of_its_own(void **state)
{
    (void)state;
    struct policy_fixture f;
    policy_set_up(&f, &policy_forecast);
    set_parameter(&f, "season", 1);
    decide_at(&f, 10 * HOUR, 20);
    assert_int_equal(expected(&f, DAY + 10 * HOUR), 0);
    assert_int_equal(expected(&f, WEEK + 10 * HOUR), 20 * U);
    policy_set_up(&f, &policy_forecast); /* before 1970, too */
    set_parameter(&f, "season", 1);
    decide_at(&f, -WEEK + 10 * HOUR, 20);
    assert_int_equal(expected(&f, 10 * HOUR), 20 * U);
}

static void small_forecasts_are_none(void **state)
{
    (void)state;
    struct policy_fixture f;
    policy_set_up(&f, &policy_forecast);
    set_parameter(&f, "least_units", 20 * U);
    decide_at(&f, 10 * HOUR, 20);
    assert_int_equal(expected(&f, DAY + 10 * HOUR), 20 * U);
    assert_int_equal(expected(&f, 2 * DAY + 10 * HOUR), 0);
}

static void promises_end_when_the_next_hour_comes_into_view(void **state)
{
    (void)state;
    struct policy_fixture f;
    policy_set_up(&f, &policy_forecast);
    decide_at(&f, 11 * HOUR, 20);
    assert_int_equal(decide_at(&f, DAY + 10 * HOUR, 0).valid_until_s, DAY + 11 * HOUR - 300);
    assert_int_equal(decide_at(&f, DAY + 11 * HOUR - 300, 0).valid_until_s, DAY + 11 * HOUR);
    set_parameter(&f, "lead_s", 0);
    assert_int_equal(decide_at(&f, DAY + 11 * HOUR - 300, 0).valid_until_s, DAY + 11 * HOUR);
}

static void promises_last_to_the_hour_if_no_more_is_expected_of_the_next(void **state)
{
    (void)state;
    struct policy_fixture f;
    policy_set_up(&f, &policy_forecast);
    assert_int_equal(decide_at(&f, 10 * HOUR, 0).valid_until_s, 11 * HOUR);
    decide_at(&f, 11 * HOUR, 20);
    decide_at(&f, 12 * HOUR, 20);
    assert_int_equal(decide_at(&f, DAY + 11 * HOUR, 0).valid_until_s, DAY + 12 * HOUR);
    assert_int_equal(decide_at(&f, DAY + 12 * HOUR, 0).valid_until_s, DAY + 13 * HOUR);
    set_parameter(&f, "least_units", 21 * U);
    assert_int_equal(decide_at(&f, DAY + 34 * HOUR, 0).valid_until_s, DAY + 35 * HOUR);
}

static void what_is_unknown_teaches_nothing_and_shrinks_nothing(void **state)
{
    (void)state;
    struct policy_fixture f;
    policy_set_up(&f, &policy_forecast);
    decide_at(&f, 10 * HOUR, 20);
    decide_at(&f, 11 * HOUR, 0);
    f.answers[0].status = BALLAST_EMPTY;
    f.observation.now_s = DAY + 10 * HOUR;
    expect_set(&f, 5, "scale-out"); /* by the forecast alone */
    f.observation.group.desired_capacity = 6;
    expect_hold(&f, "pending-missing");
    f.observation.group.desired_capacity = 5;
    set_error(&f, 0);
    expect_hold(&f, "pending-missing");
    assert_int_equal(expected(&f, 2 * DAY + 10 * HOUR), 20 * U); /* as it was */
}

static void an_evaluation_of_an_hour_that_is_over_teaches_nothing(void **state)
{
    (void)state;
    struct policy_fixture f;
    policy_set_up(&f, &policy_forecast);
    decide_at(&f, 10 * HOUR, 8);
    decide_at(&f, 11 * HOUR, 0);
    decide_at(&f, 11 * HOUR - 1, 20);
    assert_int_equal(expected(&f, DAY + 10 * HOUR), 8 * U);
    assert_int_equal(expected(&f, DAY + 11 * HOUR), 0);
    set_group_unknown(&f);
    expect_hold(&f, "group-unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_past_it_is_what_is_pending),
        cmocka_unit_test(the_most_of_an_hour_is_expected_a_day_later),
        cmocka_unit_test(what_is_more_counts),
        cmocka_unit_test(a_week_has_slots_of_its_own),
        cmocka_unit_test(small_forecasts_are_none),
        cmocka_unit_test(promises_end_when_the_next_hour_comes_into_view),
        cmocka_unit_test(promises_last_to_the_hour_if_no_more_is_expected_of_the_next),
        cmocka_unit_test(what_is_unknown_teaches_nothing_and_shrinks_nothing),
        cmocka_unit_test(an_evaluation_of_an_hour_that_is_over_teaches_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
