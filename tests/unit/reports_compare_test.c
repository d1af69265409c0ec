/* The page of two runs: what they differ by so far is what was missing in each, second by second.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/pcg64.h"
#include "reports/compare_parts.h"

#include <stdlib.h>

enum { FROM = 1000, LEVELS_MOST = 300 };

static struct run_data *random_run(struct pcg64 *rng, int64_t to_s)
{
    struct run_data *data = memory_new(1, sizeof *data);
    data->from_s = FROM;
    data->to_s = to_s;
    size_t count = 1 + pcg64_below(rng, LEVELS_MOST);
    int64_t time_s = FROM;
    for (size_t i = 0; i < count && time_s < to_s; i++) {
        const struct level level = {.time_s = time_s,
                                    .missing_micro = (int64_t)pcg64_below(rng, 5) * MICRO};
        ARRAY_PUSH(data->levels, data->level_count, data->level_capacity, level);
        time_s += 1 + (int64_t)pcg64_below(rng, 2 * (uint64_t)(to_s - FROM) / count + 1);
    }
    for (int i = 0; i < COST_POINTS; i++)
        data->spent[i] = (int128)pcg64_below(rng, 1000);
    return data;
}

static void sums_are_what_was_missing(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct pcg64 rng;
        pcg64_seed(&rng, seed, 11);
        /* Also spans of fewer seconds than there are parts. */
        int64_t to_s = FROM + 1 + (int64_t)pcg64_below(&rng, seed % 2 ? 500 : 500000);
        struct two_runs *two = memory_new(1, sizeof *two);
        for (size_t which = 0; which < COMPARE_SIDES; which++)
            two->data[which] = random_run(&rng, to_s);
        two_runs_add_up(two);
        assert_int_equal(part_end(two, -1), FROM);
        assert_int_equal(part_end(two, COST_POINTS - 1), to_s);
        int128 cost = 0;
        for (int i = 0; i < COST_POINTS; i++) {
            int128 missing[COMPARE_SIDES];
            for (size_t which = 0; which < COMPARE_SIDES; which++)
                missing[which] = run_data_served(two->data[which], FROM, part_end(two, i)).missing;
            cost += two->data[COMPARE_NEW]->spent[i] - two->data[COMPARE_OLD]->spent[i];
            if (two->unfulfilled[i] != missing[COMPARE_NEW] - missing[COMPARE_OLD] ||
                two->cost[i] != cost)
                fail_msg("seed %d: part %d of the span to %d is not the sum", (int)seed, i,
                         (int)to_s);
        }
        for (size_t which = 0; which < COMPARE_SIDES; which++) {
            run_data_clean_up(two->data[which]);
            free(two->data[which]);
        }
        free(two);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sums_are_what_was_missing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
