/* Shortages of a run, and which of them are independent: docs/compare.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "study/shortage.h"

static struct shortages of(int64_t from_s, int64_t to_s, const int64_t *changes, size_t count)
{
    struct shortages shortages = {.from_s = from_s, .to_s = to_s};
    for (size_t i = 0; i < count; i++) { /* short and not, by turns */
        const struct record_capacity capacity = {.time_s = changes[i],
                                                 .required_micro = 5 * (int64_t)MICRO,
                                                 .spot_up_micro = i % 2 ? 4 * (int64_t)MICRO
                                                                        : 2 * (int64_t)MICRO,
                                                 .on_demand_up_micro = MICRO};
        shortages_take(&shortages, &capacity);
        shortages_take(&shortages, &capacity); /* something else changed */
    }
    shortages_end(&shortages);
    return shortages;
}

static void what_is_short(void **state)
{
    (void)state;
    const int64_t changes[] = {0, 90, 95, 110, 200, 300, 990, 1010, 1020, 1030, 1040};
    struct shortages seen = of(100, 1000, changes, ARRAY_LENGTH(changes));
    const struct shortage expected[] = {{100, 110}, {200, 300}, {990, 1000}};
    assert_int_equal(seen.count, ARRAY_LENGTH(expected));
    for (size_t i = 0; i < seen.count; i++) {
        assert_int_equal(seen.items[i].from_s, expected[i].from_s);
        assert_int_equal(seen.items[i].to_s, expected[i].to_s);
    }
    shortages_clean_up(&seen);
    /* Short to the end, and never. */
    struct shortages last = of(0, 50, (const int64_t[]){40}, 1);
    assert_true(last.count == 1 && last.items[0].to_s == 50);
    shortages_clean_up(&last);
    struct shortages none = of(0, 50, NULL, 0);
    assert_int_equal(none.count, 0);
    const struct shortages *const lists[] = {&none};
    assert_int_equal(shortages_independent(lists, 1), 0);
}

static void independent(void **state)
{
    (void)state;
    enum { A = SHORTAGE_APART_S };
    struct shortages a = of(0, 100 * (int64_t)A, (const int64_t[]){0, 10, 5 * A, 5 * A + 10}, 4);
    /* A second less than an hour after the first of a; and an hour after the second. */
    struct shortages b =
        of(0, 100 * (int64_t)A, (const int64_t[]){10 + A - 1, 2 * A, 6 * A + 10, 7 * A}, 4);
    const struct shortages *const lists[] = {&a, &b};
    assert_int_equal(shortages_independent(lists, 1), 2);
    assert_int_equal(shortages_independent(lists, 2), 3);
    shortages_clean_up(&a);
    shortages_clean_up(&b);
}

/* One that is short all the time joins those of the others: then those of whoever shows most. */
static void always_short(void **state)
{
    (void)state;
    enum { A = SHORTAGE_APART_S, END = 100 * A };
    struct shortages always = of(0, END, (const int64_t[]){0}, 1);
    struct shortages first = of(0, END, (const int64_t[]){A, A + 10, 9 * A, 9 * A + 10}, 4);
    struct shortages second = of(0, END, (const int64_t[]){20 * A, 20 * A + 10}, 2);
    const struct shortages *const lists[] = {&always, &first, &always, &second};
    assert_int_equal(shortages_independent(lists, 4), 1);
    assert_int_equal(shortages_behind(lists, (const size_t[]){0, 1, 0, 1}, 4), 3);
    assert_int_equal(shortages_behind(lists, (const size_t[]){0, 1, 0, 2}, 4), 2);
    assert_int_equal(shortages_behind(lists, (const size_t[]){0, 0, 0, 0}, 4), 1);
    const struct shortages *const apart[] = {&first, &second};
    assert_int_equal(shortages_behind(apart, (const size_t[]){0, 1}, 2), 3);
    assert_int_equal(shortages_behind(apart, NULL, 0), 0);
    shortages_clean_up(&always);
    shortages_clean_up(&first);
    shortages_clean_up(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_short),
                                       cmocka_unit_test(independent),
                                       cmocka_unit_test(always_short)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
