/* Application Auto Scaling's arithmetic, with the examples of AWS's guides.
 * Proves docs/model.md, "Scaling of the fleet". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/decimal.h"
#include "sim/adjustment.h"

static const int64_t UNIT = MICRO;

static int64_t change(int64_t base_micro, int64_t adjustment)
{
    const struct scaling_policy policy = {.adjustment_type = ADJUST_CHANGE};
    return adjusted_capacity(&policy, base_micro, adjustment);
}

static int64_t percent(int64_t base_micro, int64_t adjustment, int64_t min_magnitude)
{
    const struct scaling_policy policy = {.adjustment_type = ADJUST_PERCENT,
                                          .min_magnitude = min_magnitude};
    return adjusted_capacity(&policy, base_micro, adjustment);
}

/* 30.1 fulfilled less 1 is 29.1, rounded up 30; 12 less 20 percent is 9.6, rounded up 10. */
static void the_guides_examples(void **state)
{
    (void)state;
    assert_int_equal(change(30 * UNIT + 100000, -1), 30);
    assert_int_equal(percent(12 * UNIT, -20, 0), 10);
}

static void changes_round_up(void **state)
{
    (void)state;
    assert_int_equal(change(32 * UNIT, 4), 36);
    assert_int_equal(change(32 * UNIT + 1, 4), 37);
    assert_int_equal(change(3 * UNIT, -5), 0);
    const struct scaling_policy exact = {.adjustment_type = ADJUST_EXACT};
    assert_int_equal(adjusted_capacity(&exact, 32 * UNIT, 7), 7);
}

/* Above 1 down, between 0 and 1 to 1, between -1 and 0 to -1, below -1 toward zero. */
static void percentages_round_by_size(void **state)
{
    (void)state;
    assert_int_equal(percent(10 * UNIT, 25, 0), 12); /* 2.5: 2 */
    assert_int_equal(percent(10 * UNIT, 19, 0), 11); /* 1.9: 1 */
    assert_int_equal(percent(10 * UNIT, 4, 0), 11);  /* 0.4: 1 */
    assert_int_equal(percent(10 * UNIT, -4, 0), 9);  /* -0.4: -1 */
    assert_int_equal(percent(10 * UNIT, -19, 0), 9); /* -1.9: -1 */
    assert_int_equal(percent(10 * UNIT, -29, 0), 8); /* -2.9: -2 */
    assert_int_equal(percent(10 * UNIT, 0, 3), 10);  /* nothing stays nothing */
    assert_int_equal(percent(0, 50, 0), 0);
    assert_int_equal(percent(30 * UNIT + 100000, 10, 0), 34); /* 3.01: 3; 33.1 rounded up */
}

/* The API reference's example: 25 percent of 4 is 1, but at least 2. */
static void a_least_magnitude(void **state)
{
    (void)state;
    assert_int_equal(percent(4 * UNIT, 25, 2), 6);
    assert_int_equal(percent(4 * UNIT, -25, 2), 2);
    assert_int_equal(percent(40 * UNIT, 25, 2), 50);
    assert_int_equal(percent(0, 25, 2), 2);
    assert_int_equal(percent(1 * UNIT, -25, 2), 0);
}

/* Bounds are offsets from the threshold. Above it the lower is in and the upper is not; below it
 * the other way round. */
static void bounds_of_steps(void **state)
{
    (void)state;
    struct step_adjustment steps[] = {{INT64_MIN, -10 * UNIT, -3},
                                      {-10 * UNIT, 0, -1},
                                      {0, 10 * UNIT, 1},
                                      {10 * UNIT, INT64_MAX, 3}};
    const struct scaling_policy policy = {.steps = steps, .step_count = 4};
    assert_int_equal(adjustment_step(&policy, 0, true)->adjustment, 1);
    assert_int_equal(adjustment_step(&policy, 10 * UNIT - 1, true)->adjustment, 1);
    assert_int_equal(adjustment_step(&policy, 10 * UNIT, true)->adjustment, 3);
    assert_int_equal(adjustment_step(&policy, 0, false)->adjustment, -1);
    assert_int_equal(adjustment_step(&policy, -10 * UNIT + 1, false)->adjustment, -1);
    assert_int_equal(adjustment_step(&policy, -10 * UNIT, false)->adjustment, -3);
    assert_int_equal(adjustment_step(&policy, -11 * UNIT, false)->adjustment, -3);
    /* which side it is follows from the metric, not from the alarm */
    assert_int_equal(adjustment_step(&policy, 10 * UNIT, false)->adjustment, 3);
    const struct scaling_policy upper = {.steps = &steps[2], .step_count = 1};
    assert_null(adjustment_step(&upper, -1, true));
    assert_null(adjustment_step(&upper, 10 * UNIT, true));
}

static void tracking_is_proportional_and_rounds_up(void **state)
{
    (void)state;
    assert_int_equal(tracked_capacity(32 * UNIT, 90 * UNIT, 80 * UNIT), 36);
    assert_int_equal(tracked_capacity(32 * UNIT, 90 * UNIT + 1, 80 * UNIT), 37);
    assert_int_equal(tracked_capacity(32 * UNIT, 40 * UNIT, 80 * UNIT), 16);
    assert_int_equal(tracked_capacity(30 * UNIT + 500000, 80 * UNIT, 80 * UNIT), 31);
    assert_int_equal(tracked_capacity(0, 90 * UNIT, 80 * UNIT), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_guides_examples),
        cmocka_unit_test(changes_round_up),
        cmocka_unit_test(percentages_round_by_size),
        cmocka_unit_test(a_least_magnitude),
        cmocka_unit_test(bounds_of_steps),
        cmocka_unit_test(tracking_is_proportional_and_rounds_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
