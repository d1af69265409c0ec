/* The paired test and its interval: docs/compare.md, "The statistics". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/pcg64.h"
#include "study/statistics.h"
#include "valgrind.h"

enum { WORLDS_MOST = 40 };

static void compare(const int *d, size_t count, struct paired_result *out)
{
    int128 zeros[WORLDS_MOST] = {0};
    int128 values[WORLDS_MOST];
    for (size_t i = 0; i < count; i++)
        values[i] = d[i];
    paired_compare(zeros, values, count, out);
}

static bool mean_is(const struct paired_mean *mean, int sum, int count)
{
    const struct paired_mean other = {.sum = sum, .count = (size_t)count};
    return paired_mean_compare(mean, &other) == 0;
}

/* ---- by hand ---------------------------------------------------------------------------------
 */

static void by_hand(void **state)
{
    (void)state;
    struct paired_result result;
    /* All the same way: only the choice itself and its opposite are as far out: 2 of 64. Of 63
     * means of subsets the first and the last lie outside: the smallest and the largest d. */
    compare((const int[]){1, 2, 3, 4, 5, 6}, 6, &result);
    assert_true(result.p_part == 2 && result.p_whole == 64 && result.significant);
    assert_true(result.bounded && mean_is(&result.low, 1, 1) && mean_is(&result.high, 6, 1));
    assert_true(result.higher == 6 && result.lower == 0 && result.same == 0);
    assert_true(result.largest == 6 && result.largest_at == 5 && result.absolute_sum == 21);
    /* Five worlds can show nothing: 2 of 32. */
    compare((const int[]){1, 2, 3, 4, 5}, 5, &result);
    assert_true(result.p_part == 2 && result.p_whole == 32 && !result.significant);
    assert_false(result.bounded);
    /* Three choices reach 19 or more: {}, {1 turned}, {-1 turned}... of -1, 2, 3, 4, 5, 6 the sum
     * is 19; turning a subset with a sum of at most 0 keeps it: none, {-1}. Twice 2 of 64. */
    compare((const int[]){-1, 2, 3, 4, 5, 6}, 6, &result);
    assert_true(result.p_part == 4 && result.p_whole == 64 && !result.significant);
    assert_true(mean_is(&result.low, -1, 1) && mean_is(&result.high, 6, 1));
    /* Worlds without any difference say nothing for one, however many. */
    compare((const int[]){0, 0, 0, 0, 0, 0, 0, 7, 8, 9}, 10, &result);
    assert_true(result.p_part * 4 == result.p_whole && !result.significant);
    compare((const int[]){0, 0, 0, 0, 0, 0}, 6, &result);
    assert_true(result.p_part == result.p_whole && !result.significant && result.same == 6);
    assert_true(mean_is(&result.low, 0, 1) && mean_is(&result.high, 0, 1));
    paired_compare(NULL, NULL, 0, &result);
    assert_true(!result.bounded && !result.significant);
}

/* ---- by another way --------------------------------------------------------------------------
 */

/* The randomisation test as it is told in words: the signs of d - shift are turned in all ways;
 * how often is the sum as far out, on the nearer side? `shift` is in 1/scale. */
static bool refused(const int *d, size_t count, int64_t shift, int64_t scale)
{
    int64_t seen = 0;
    for (size_t i = 0; i < count; i++)
        seen += d[i] * scale - shift;
    size_t above = 0;
    size_t below = 0;
    for (size_t signs = 0; signs < (size_t)1 << count; signs++) {
        int64_t sum = 0;
        for (size_t i = 0; i < count; i++)
            sum += (signs >> i & 1 ? -1 : 1) * (d[i] * scale - shift);
        above += sum >= seen;
        below += sum <= seen;
    }
    size_t fewer = above < below ? above : below;
    return 2 * fewer * 20 <= (size_t)1 << count;
}

static void by_another_way(void **state)
{
    (void)state;
    enum { SCALE = 8 * 7 * 9 * 5 * 10 }; /* means of up to ten are whole */
    struct pcg64 rng;
    pcg64_seed_key(&rng, (const uint64_t[]){pcg64_word("study_statistics"), 1}, 2);
    int trials = under_valgrind() ? 6 : 120;
    for (int trial = 0; trial < trials; trial++) {
        int d[10];
        size_t count = (size_t)pcg64_between(&rng, 5, 10);
        for (size_t i = 0; i < count; i++)
            d[i] = (int)pcg64_between(&rng, -3, trial % 3 ? 20 : 4);
        struct paired_result result;
        compare(d, count, &result);
        assert_int_equal(result.significant, refused(d, count, 0, SCALE));
        assert_int_equal(result.bounded, count >= PAIRED_WORLDS_LEAST);
        if (!result.bounded)
            continue;
        int64_t low = (int64_t)(result.low.sum * SCALE / (int64_t)result.low.count);
        int64_t high = (int64_t)(result.high.sum * SCALE / (int64_t)result.high.count);
        assert_false(refused(d, count, low, SCALE));
        assert_false(refused(d, count, high, SCALE));
        assert_true(refused(d, count, low - 1, SCALE));
        assert_true(refused(d, count, high + 1, SCALE));
    }
}

/* ---- swapped, and drawn ----------------------------------------------------------------------
 */

static int128 heavy(struct pcg64 *rng)
{
    int128 tail = pcg64_exponential(rng, 1000);
    return pcg64_below(rng, 3) ? 0 : tail * tail * tail / 1000;
}

static void swapped(void **state)
{
    (void)state;
    struct pcg64 rng;
    pcg64_seed_key(&rng, (const uint64_t[]){pcg64_word("study_statistics"), 2}, 2);
    for (size_t count = 1; count <= 20; count += 1 + count / 14) {
        int128 a[WORLDS_MOST];
        int128 b[WORLDS_MOST];
        for (size_t i = 0; i < count; i++) {
            a[i] = heavy(&rng);
            b[i] = heavy(&rng) + 500;
        }
        struct paired_result one;
        struct paired_result other;
        paired_compare(a, b, count, &one);
        paired_compare(b, a, count, &other);
        assert_true(one.p_part == other.p_part && one.p_whole == other.p_whole);
        assert_true(one.significant == other.significant && one.bounded == other.bounded);
        assert_true(one.lower == other.higher && one.higher == other.lower);
        const struct paired_mean mirrored = {-other.high.sum, other.high.count};
        assert_true(!one.bounded || paired_mean_compare(&one.low, &mirrored) == 0);
        assert_true(!one.bounded || (one.low.sum > 0 || one.high.sum < 0) == one.significant);
    }
}

/* Of worlds where old and new are drawn alike, about 5 % are claimed and no more; and the interval
 * holds a difference that is put in, about as often as it says. Tails are heavy, zeros many. */
static void rates(void **state)
{
    (void)state;
    struct pcg64 rng;
    pcg64_seed_key(&rng, (const uint64_t[]){pcg64_word("study_statistics"), 3}, 2);
    const struct {
        size_t worlds;
        int trials;
    } rows[] = {{8, 1000}, {11, 100}, {30, 40}};
    for (size_t r = 0; r < ARRAY_LENGTH(rows); r++) {
        int trials = under_valgrind() ? rows[r].trials / 40 : rows[r].trials;
        int claimed = 0;
        int missed = 0;
        for (int trial = 0; trial < trials; trial++) {
            int128 a[WORLDS_MOST];
            int128 b[WORLDS_MOST];
            int128 moved[WORLDS_MOST];
            for (size_t i = 0; i < rows[r].worlds; i++) {
                a[i] = heavy(&rng) + pcg64_between(&rng, 0, 99);
                b[i] = heavy(&rng) + pcg64_between(&rng, 0, 99);
                moved[i] = b[i] + 12345;
            }
            struct paired_result result;
            paired_compare(a, b, rows[r].worlds, &result);
            claimed += result.significant;
            paired_compare(a, moved, rows[r].worlds, &result);
            const struct paired_mean truth = {12345, 1};
            missed += paired_mean_compare(&result.low, &truth) > 0 ||
                      paired_mean_compare(&result.high, &truth) < 0;
        }
        print_message("%zu worlds: claimed %d of %d, missed %d\n", rows[r].worlds, claimed, trials,
                      missed);
        /* 5 % and three deviations of it. */
        int64_t over_permille = 1000 * (int64_t)claimed - 50 * (int64_t)trials;
        assert_true(over_permille <= 0 ||
                    over_permille * over_permille <= 9 * 47500 * (int64_t)trials);
        assert_int_equal(claimed, missed);
        assert_true(trials < 1000 || claimed * 50 >= trials);
    }
}

static void holm(void **state)
{
    (void)state;
    /* 5 % / 4, / 3, / 2, / 1: the third of these by size fails, so the fourth is not asked. */
    const int p[] = {30, 9, 26, 14};
    const bool expected[] = {false, true, false, true};
    struct paired_result results[4] = {0};
    bool holds[4];
    for (size_t i = 0; i < 4; i++)
        results[i] = (struct paired_result){.p_part = p[i], .p_whole = 1000};
    paired_holm(results, 4, holds);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(holds[i], expected[i]);
    paired_holm(results, 1, holds);
    assert_true(holds[0]);
    paired_holm(results, 0, holds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand), cmocka_unit_test(by_another_way), cmocka_unit_test(swapped),
        cmocka_unit_test(rates),   cmocka_unit_test(holm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
