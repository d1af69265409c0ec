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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instances_are_rounded_as_the_seed_rounds),
        cmocka_unit_test(shares_are_exact),
        cmocka_unit_test(the_newest_point_is_the_first_with_the_latest_stamp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
