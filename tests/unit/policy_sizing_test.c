/* The arithmetic of the policies that size the group, against the definitions in 128 bits: also
 * where a product does not fit in 64. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/pcg64.h"
#include "policy/sizing.h"

__extension__ typedef __int128 wide;

/* Of any magnitude: each number of digits is as likely. */
static int64_t any(struct pcg64 *rng, int64_t least, int digits)
{
    int64_t bound = 1;
    for (int64_t i = pcg64_between(rng, 1, digits); i > 0; i--)
        bound *= 10;
    return pcg64_between(rng, least, bound);
}

/* r = trunc(n / d), by what truncation means: |r| d is the largest multiple not above |n|. */
static void assert_truncated(wide n, wide d, wide r)
{
    wide left = n - r * d;
    assert_true(n >= 0 ? left >= 0 && left < d : left <= 0 && left > -d);
}

static void instances_are_rounded_as_the_seed_rounds(void **state)
{
    (void)state;
    struct pcg64 rng;
    const uint64_t key[] = {pcg64_word("sizing")};
    pcg64_seed_key(&rng, key, 1);
    int beyond = 0;
    for (int i = 0; i < 20000; i++) {
        int64_t units = any(&rng, 0, 17) * (pcg64_between(&rng, 0, 3) ? 1 : -1);
        int64_t per_instance = any(&rng, 1, 10);
        beyond += (wide)units * BALLAST_MICRO > INT64_MAX;
        assert_truncated((wide)units * BALLAST_MICRO + (wide)per_instance * (BALLAST_MICRO - 1),
                         (wide)per_instance * BALLAST_MICRO, sizing_instances(units, per_instance));
    }
    assert_true(beyond > 1000);
    assert_int_equal(sizing_instances(0, 4000000), 0);
    assert_int_equal(sizing_instances(4000000, 4000000), 1);
    assert_int_equal(sizing_instances(4000004, 4000000), 2);
    assert_int_equal(sizing_instances(4000003, 4000000), 1);
    assert_int_equal(sizing_instances(-1, 4000000), 0);
}

static void shares_are_exact(void **state)
{
    (void)state;
    struct pcg64 rng;
    const uint64_t key[] = {pcg64_word("share")};
    pcg64_seed_key(&rng, key, 1);
    int beyond = 0;
    for (int i = 0; i < 20000; i++) {
        int64_t value = any(&rng, 0, 17);
        int64_t numerator = any(&rng, 0, 6);
        int64_t denominator = numerator + any(&rng, 1, 3);
        beyond += (wide)value * numerator > INT64_MAX;
        assert_truncated((wide)value * numerator, denominator,
                         sizing_share(value, numerator, denominator));
    }
    assert_true(beyond > 1000);
}

/* Points in an order of their own, of any number, some with the stamp of another. */
static void the_newest_point_is_the_first_with_the_latest_stamp(void **state)
{
    (void)state;
    struct pcg64 rng;
    const uint64_t key[] = {pcg64_word("newest")};
    pcg64_seed_key(&rng, key, 1);
    struct ballast_point points[40];
    for (int i = 0; i < 5000; i++) {
        struct ballast_answer answer = {.points = points,
                                        .point_count = (size_t)pcg64_between(&rng, 1, 40)};
        size_t newest = 0;
        bool differ = false;
        for (size_t p = 0; p < answer.point_count; p++) {
            points[p] = (struct ballast_point){pcg64_between(&rng, -30, 30) * 60,
                                               pcg64_between(&rng, 0, 40) / 40};
            newest = points[p].time_s > points[newest].time_s ? p : newest;
            differ = differ || points[p].value_micro != points[0].value_micro;
        }
        assert_int_equal(sizing_newest_point(&answer), newest);
        assert_int_equal(sizing_points_differ(&answer), differ);
    }
    assert_false(sizing_points_differ(&(struct ballast_answer){.status = BALLAST_EMPTY}));
}

struct expected {
    enum ballast_answer_status status;
    bool unclamped;
    bool out_only;
    int64_t need;
    int64_t desired;
    struct ballast_decision decision;
};

static void what_is_needed_becomes_a_call_or_none(void **state)
{
    (void)state;
    enum { UNKNOWN = 1, FITS, OUT, IN, HELD };
    const struct expected table[] = {
        {BALLAST_ERROR, false, false, 5, 5, {.reason = UNKNOWN}},
        {BALLAST_OK, false, false, 5, 5, {.reason = FITS, .figures = {7, 5, 5, 8, 9, 10}}},
        {BALLAST_OK, false, true, 5, 5, {.reason = FITS, .figures = {7, 5, 5, 8, 9, 10}}},
        {BALLAST_OK, false, false, 50, 8, {.reason = FITS, .figures = {7, 8, 8, 8, 9, 10}}},
        {BALLAST_OK,
         true,
         true,
         50,
         8,
         {.action = BALLAST_SET_DESIRED,
          .desired_capacity = 50,
          .reason = OUT,
          .figures = {7, 50, 8, 8, 9, 10}}},
        {BALLAST_OK,
         false,
         false,
         0,
         5,
         {.action = BALLAST_SET_DESIRED,
          .honor_cooldown = true,
          .desired_capacity = 2,
          .reason = IN,
          .figures = {7, 2, 5, 8, 9, 10}}},
        {BALLAST_OK, false, true, 0, 5, {.reason = HELD, .figures = {7, 2, 5, 8, 9, 10}}},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct expected *row = &table[i];
        const struct ballast_group group = {
            .status = row->status, .min_size = 2, .max_size = 8, .desired_capacity = row->desired};
        const struct sizing sizing = {.need = row->need,
                                      .unclamped = row->unclamped,
                                      .out_only = row->out_only,
                                      .group_unknown = UNKNOWN,
                                      .fits = FITS,
                                      .out = OUT,
                                      .in = IN,
                                      .held = HELD,
                                      .figures = {7, 0, 0, 8, 9, 10},
                                      .valid_until_s = 60};
        struct ballast_decision decision;
        sizing_decide(&group, &sizing, &decision);
        assert_int_equal(decision.action, row->decision.action);
        assert_int_equal(decision.honor_cooldown, row->decision.honor_cooldown);
        assert_false(decision.set_fleet_target);
        assert_int_equal(decision.desired_capacity, row->decision.desired_capacity);
        assert_int_equal(decision.reason, row->decision.reason);
        for (size_t f = 0; f < BALLAST_FIGURES_MAX; f++)
            assert_int_equal(decision.figures[f], row->decision.figures[f]);
        assert_int_equal(decision.valid_until_s, 60);
    }
}

static void a_group_that_may_be_larger_or_smaller_stays_as_it_is(void **state)
{
    (void)state;
    enum { UNKNOWN = 1, FITS, OUT, IN };
    static const struct {
        bool keeps_larger;
        bool keeps_smaller;
        int64_t need;
        int64_t desired;
        uint32_t reason;
        int64_t wants; /* of MinSize 2 to MaxSize 8 */
    } table[] = {
        {true, false, 5, 6, FITS, 6}, {true, false, 5, 4, OUT, 5}, {false, true, 5, 4, FITS, 4},
        {false, true, 5, 6, IN, 5},   {true, true, 5, 4, FITS, 4}, {true, true, 5, 6, FITS, 6},
        {true, true, 5, 5, FITS, 5},  {true, false, 5, 9, IN, 8},  {false, true, 5, 1, OUT, 2},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct ballast_group group = {.status = BALLAST_OK,
                                            .min_size = 2,
                                            .max_size = 8,
                                            .desired_capacity = table[i].desired};
        const struct sizing sizing = {.need = table[i].need,
                                      .keeps_larger = table[i].keeps_larger,
                                      .keeps_smaller = table[i].keeps_smaller,
                                      .group_unknown = UNKNOWN,
                                      .fits = FITS,
                                      .out = OUT,
                                      .in = IN};
        struct ballast_decision decision;
        sizing_decide(&group, &sizing, &decision);
        assert_int_equal(decision.reason, table[i].reason);
        assert_int_equal(decision.action,
                         table[i].reason == FITS ? BALLAST_HOLD : BALLAST_SET_DESIRED);
        assert_int_equal(decision.figures[1], table[i].wants);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instances_are_rounded_as_the_seed_rounds),
        cmocka_unit_test(shares_are_exact),
        cmocka_unit_test(what_is_needed_becomes_a_call_or_none),
        cmocka_unit_test(a_group_that_may_be_larger_or_smaller_stays_as_it_is),
        cmocka_unit_test(the_newest_point_is_the_first_with_the_latest_stamp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
