/* A sweep's page: words a picture never sees, the order of values, worlds put together, what is
 * laid out by itself, and colours.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/pcg64.h"
#include "reports/labels.h"
#include "reports/ramp.h"
#include "reports/sweep_parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- words ------------------------------------------------------------------------------------
 */

static void gnuplot_never_sees_the_words(void **state)
{
    (void)state;
    static const char *const words[] = {"</text><script>\"`$(reboot)`", "Zq0Z", "ü\n\\", "12"};
    struct labels labels = {0};
    struct text script = {0};
    for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
        labels_add(&labels, words[i], 30, &script);
    /* Letters, digits and our own quotes; as wide as the words. */
    assert_int_equal(strspn(script.data, "\"Zq0123456789"), script.size);
    assert_non_null(strstr(script.data, "\"Zq0qqqqqqqqqqqqqqqqqqqqqqqZ\""));
    struct text page = {0};
    labels_fill(&labels, &script, &page);
    assert_string_equal(page.data, "\"&lt;/text&gt;&lt;script&gt;&quot;`$(reboot)`\"\"Zq0Z\"\"ü\n\\"
                                   "\"\"12\"");
    labels_clean_up(&labels);
    text_clean_up(&script);
    text_clean_up(&page);
}

/* What only looks like a stand-in stays what it is. */
static void other_text_is_left_alone(void **state)
{
    (void)state;
    struct labels labels = {0};
    struct text script = {0};
    struct text page = {0};
    labels_add(&labels, "abcdefghiüüü", 11, &script);
    text_add(&script, "Zq1Z Zqq Zq0q Zq99999999999999999999Z Zq");
    labels_fill(&labels, &script, &page);
    assert_string_equal(page.data, "\"abcdefghiü…\"Zq1Z Zqq Zq0q Zq99999999999999999999Z Zq");
    labels_clean_up(&labels);
    text_clean_up(&script);
    text_clean_up(&page);
}

/* ---- points -----------------------------------------------------------------------------------
 */

struct table {
    const char *const *paths;
    size_t path_count;
    const char *const *texts;
    const int64_t *costs;
    size_t count;
};

static void make(const struct table *table, const char *const shown[2], struct sweep_data *out)
{
    struct sweep_rows rows = {.path_count = table->path_count, .count = table->count};
    rows.paths = (char **)table->paths;
    rows.texts = (char **)table->texts;
    rows.items = memory_new(table->count, sizeof *rows.items);
    rows.numbers = memory_new(table->count, sizeof *rows.numbers);
    for (size_t i = 0; i < table->count; i++) {
        rows.items[i] = (struct front_item){table->costs[i], 10 * table->costs[i]};
        rows.numbers[i] = i;
    }
    *out = (struct sweep_data){0};
    sweep_make_points(out, &rows, shown);
    free(rows.items);
    free(rows.numbers);
}

static void names_are_paths_or_their_ends(void **state)
{
    (void)state;
    assert_true(sweep_is_called("a.b.window_s", "window_s"));
    assert_true(sweep_is_called("a.b.window_s", "b.window_s"));
    assert_true(sweep_is_called("from,a.to", "to"));
    assert_true(sweep_is_called("from,a.to", "from,to"));
    assert_false(sweep_is_called("a.in_window_s", "window_s"));
    assert_false(sweep_is_called("a.b", ""));
    assert_false(sweep_is_called("a.b", "a"));
    assert_false(sweep_is_called("b", "a.b"));
}

static void values_stand_in_order(void **state)
{
    (void)state;
    static const char *const paths[] = {"a", "policy"};
    static const char *const texts[] = {"900", "none", "60", "none", "900", "all", "60", "all"};
    static const int64_t costs[] = {1, 2, 3, 4};
    static const char *const shown[2] = {NULL, NULL};
    struct sweep_data data;
    make(&(struct table){paths, 2, texts, costs, 4}, shown, &data);
    assert_int_equal(data.dimension_count, 2);
    assert_true(data.dimensions[0].numbers);
    assert_string_equal(data.dimensions[0].values[0], "60");
    assert_string_equal(data.dimensions[0].values[1], "900");
    assert_false(data.dimensions[1].numbers);
    assert_string_equal(data.dimensions[1].values[0], "none"); /* as they came */
    assert_int_equal(data.count, 4);
    assert_int_equal(data.values[0], 1); /* the first point has 900 */
    assert_int_equal(data.items[2].cost_micro_usd, 3);
    sweep_data_clean_up(&data);
}

/* Two spans at two seeds: the sum over spans, the mean of seeds. A point that lacks a world is left
 * out; and where the seed is asked for, it is a dimension. */
static void worlds_are_put_together(void **state)
{
    (void)state;
    static const char *const paths[] = {"from", "to", "seed", "a"};
    static const char *const texts[] = {"1", "2", "7", "x", "1", "2", "8", "x", "2", "3", "7", "x",
                                        "2", "3", "8", "x", "1", "2", "7", "y", "1", "2", "8", "y",
                                        "2", "3", "7", "y", "2", "3", "8", "y", "1", "2", "7", "z"};
    static const int64_t costs[] = {1, 2, 3, 4, 10, 20, 30, 41, 5};
    static const char *const none[2] = {NULL, NULL};
    static const char *const seed[2] = {NULL, "seed"};
    struct sweep_data data;
    make(&(struct table){paths, 4, texts, costs, 9}, none, &data);
    assert_int_equal(data.dimension_count, 1);
    assert_int_equal(data.spans, 2);
    assert_int_equal(data.seeds, 2);
    assert_int_equal(data.count, 2);
    assert_int_equal(data.left_out, 1);
    assert_int_equal(data.items[0].cost_micro_usd, 5);
    assert_int_equal(data.items[1].cost_micro_usd, 50); /* 50.5, half to even */
    assert_int_equal(data.items[1].unfulfilled_micro_unit_s, 505);
    sweep_data_clean_up(&data);
    make(&(struct table){paths, 4, texts, costs, 9}, seed, &data);
    assert_int_equal(data.dimension_count, 2);
    assert_string_equal(data.dimensions[0].name, "seed");
    assert_int_equal(data.count, 4);
    sweep_data_clean_up(&data);
    static const char *const span[2] = {"to", NULL};
    make(&(struct table){paths, 4, texts, costs, 9}, span, &data);
    assert_int_equal(data.dimension_count, 2);
    assert_string_equal(data.dimensions[0].name, "from,to");
    assert_string_equal(data.dimensions[0].values[1], "2..3");
    assert_int_equal(data.seeds, 2);
    sweep_data_clean_up(&data);
}

/* Paths that were varied together are one dimension; a drawn space, in which they only never come
 * again, is not taken for that. Where nothing but the seed is varied it is what is shown. */
static void joined_paths_are_one(void **state)
{
    (void)state;
    static const char *const none[2] = {NULL, NULL};
    static const char *const paths[] = {"p", "q", "a"};
    static const char *const grid[] = {"1", "9", "0", "2", "8", "0", "1", "9", "5", "2", "8", "5"};
    static const char *const drawn[] = {"1", "9", "0", "2", "7", "5", "3", "8", "2"};
    static const int64_t costs[] = {1, 2, 3, 4};
    struct sweep_data data;
    make(&(struct table){paths, 3, grid, costs, 4}, none, &data);
    assert_int_equal(data.dimension_count, 2);
    assert_string_equal(data.dimensions[0].name, "p,q");
    assert_string_equal(data.dimensions[0].values[1], "2..8");
    sweep_data_clean_up(&data);
    make(&(struct table){paths, 3, drawn, costs, 3}, none, &data);
    assert_int_equal(data.dimension_count, 3);
    sweep_data_clean_up(&data);
    static const char *const seeds[] = {"seed"};
    static const char *const numbers[] = {"1", "2", "3"};
    make(&(struct table){seeds, 1, numbers, costs, 3}, none, &data);
    assert_int_equal(data.dimension_count, 1);
    assert_int_equal(data.count, 3);
    sweep_data_clean_up(&data);
}

/* Random tables: each row's figures come back at its values. */
static void nothing_is_lost(void **state)
{
    (void)state;
    static const char *const none[2] = {NULL, NULL};
    static const char *const paths[] = {"a", "b"};
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct pcg64 rng;
        pcg64_seed(&rng, seed, 9);
        size_t a_count = 2 + pcg64_below(&rng, 9);
        size_t b_count = 2 + pcg64_below(&rng, 9);
        size_t count = a_count * b_count;
        char **texts = memory_new(2 * count, sizeof *texts);
        int64_t *costs = memory_new(count, sizeof *costs);
        for (size_t i = 0; i < count; i++) {
            texts[2 * i] = memory_format("%zu", 7 * (i / b_count));
            texts[2 * i + 1] = memory_format("v%zu", i % b_count);
            costs[i] = (int64_t)pcg64_below(&rng, 1000);
        }
        struct sweep_data data;
        make(&(struct table){paths, 2, (const char *const *)texts, costs, count}, none, &data);
        if (data.count != count)
            fail_msg("seed %d: %zu points of %zu", (int)seed, data.count, count);
        for (size_t i = 0; i < count; i++) {
            for (size_t d = 0; d < 2; d++) {
                const char *value = data.dimensions[d].values[data.values[2 * i + d]];
                if (strcmp(value, texts[2 * i + d]) != 0)
                    fail_msg("seed %d: row %zu has %s", (int)seed, i, value);
            }
            assert_int_equal(data.items[i].cost_micro_usd, costs[i]);
        }
        for (size_t i = 0; i < 2 * count; i++)
            free(texts[i]);
        free(texts);
        free(costs);
        sweep_data_clean_up(&data);
    }
}

/* ---- what is laid out -------------------------------------------------------------------------
 */

static void axes_are_what_tells_most(void **state)
{
    (void)state;
    static const char *const none[2] = {NULL, NULL};
    static const char *const paths[] = {"g.dull", "p.telling", "p.some"};
    static const char *const texts[] = {"1", "1", "1", "1", "1", "2", "1", "2", "1", "1", "2", "2",
                                        "2", "1", "1", "2", "1", "2", "2", "2", "1", "2", "2", "2"};
    static const int64_t costs[] = {10, 20, 110, 120, 10, 20, 110, 120};
    struct sweep_data data;
    struct sweep_axes axes;
    struct error err;
    make(&(struct table){paths, 3, texts, costs, 8}, none, &data);
    assert_int_equal(sweep_axes_choose(&data, none, false, &axes, &err), STATUS_OK);
    assert_int_equal(axes.x, 1);
    assert_int_equal(axes.y, 2);
    assert_int_equal(axes.panel, 0); /* two values: a panel for each */
    static const char *const asked[2] = {"dull", NULL};
    assert_int_equal(sweep_axes_choose(&data, asked, false, &axes, &err), STATUS_OK);
    assert_int_equal(axes.x, 0);
    assert_int_equal(axes.y, 1);
    static const char *const wrong[2] = {"dul", NULL};
    assert_int_equal(sweep_axes_choose(&data, wrong, false, &axes, &err), STATUS_BAD_INPUT);
    assert_string_equal(err.text,
                        "--x dul: names nothing of what was varied: g.dull, p.telling, p.some");
    static const char *const twice[2] = {"some", "p.some"};
    assert_int_equal(sweep_axes_choose(&data, twice, false, &axes, &err), STATUS_BAD_INPUT);
    sweep_data_clean_up(&data);
}

/* What else was tried is told by the least, or by the median, of an even number the lower one. */
static void cells_tell_the_least_or_the_median(void **state)
{
    (void)state;
    static const char *const none[2] = {NULL, NULL};
    static const char *const paths[] = {"x", "y", "z"};
    static const char *const texts[] = {"1", "1", "1", "1", "1", "2", "1", "1", "3", "1",
                                        "1", "4", "1", "1", "5", "2", "1", "1", "2", "2",
                                        "1", "2", "2", "2", "2", "2", "3", "2", "2", "4"};
    static const int64_t costs[] = {50, 10, 30, 20, 40, 7, 4, 1, 3, 2};
    static const char *const asked[2] = {"x", "y"};
    for (int median = 0; median < 2; median++) {
        struct sweep_data data;
        struct sweep_axes axes;
        struct error err;
        size_t count = 0;
        make(&(struct table){paths, 3, texts, costs, ARRAY_LENGTH(costs)}, none, &data);
        assert_int_equal(sweep_axes_choose(&data, asked, median, &axes, &err), STATUS_OK);
        assert_true(axes.others); /* five values have no panels */
        struct sweep_cell *cells = sweep_cells(&data, &axes, SWEEP_COST, &count);
        assert_int_equal(count, 4);
        assert_int_equal(cells[0].value, median ? 30 : 10);
        assert_int_equal(cells[1].value, 7);
        assert_false(cells[2].any);
        assert_int_equal(cells[3].value, median ? 2 : 1);
        free(cells);
        sweep_data_clean_up(&data);
    }
}

/* Of a hundred drawn points, each with values of its own, several share a step; of a grid of as
 * many none does. */
static void drawn_points_share_steps(void **state)
{
    (void)state;
    enum { DRAWN = 100 };
    static const char *const none[2] = {NULL, NULL};
    static const char *const paths[] = {"x", "y"};
    char *texts[2 * DRAWN];
    int64_t costs[DRAWN];
    for (int drawn = 0; drawn < 2; drawn++) {
        struct sweep_data data;
        struct sweep_axes axes;
        struct error err;
        for (int i = 0; i < DRAWN; i++) {
            texts[2 * i] = memory_format("%d", drawn ? i : i / 10);
            texts[2 * i + 1] = memory_format("%d", drawn ? i * 37 % DRAWN : i % 10);
            costs[i] = i;
        }
        make(&(struct table){paths, 2, (const char *const *)texts, costs, DRAWN}, none, &data);
        assert_int_equal(sweep_is_drawn(&data), drawn);
        assert_int_equal(sweep_axes_choose(&data, none, false, &axes, &err), STATUS_OK);
        assert_int_equal(axes.x_steps, drawn ? 6 : 10); /* 36 cells: the least there are */
        assert_int_equal(axes.y_steps, axes.x_steps);
        for (int i = 0; i < 2 * DRAWN; i++)
            free(texts[i]);
        sweep_data_clean_up(&data);
    }
}

static void steps_cover_all_values(void **state)
{
    (void)state;
    for (size_t values = 1; values <= 130; values++) {
        size_t steps = values < 40 ? values : 40;
        for (size_t step = 0; step < steps; step++) {
            size_t first = axis_first(step, values, steps);
            assert_int_equal(axis_step(first, values, steps), step);
            if (first > 0)
                assert_int_equal(axis_step(first - 1, values, steps), step - 1);
        }
    }
}

static void colours_go_from_dark_to_bright(void **state)
{
    (void)state;
    static const int128 even[] = {0, 25, 50, 75, 100};
    static const int128 skewed[] = {0, 1, 2, 3, 100};
    static const int128 same[] = {7, 7};
    struct ramp ramp = ramp_of(even, ARRAY_LENGTH(even));
    assert_false(ramp.root);
    assert_int_equal(ramp_colour(&ramp, 0), 0x440154);
    assert_int_equal(ramp_colour(&ramp, 100), 0xfde725);
    assert_int_equal(ramp_ink(&ramp, 0), 0xffffff);
    assert_int_equal(ramp_ink(&ramp, 100), 0x111111);
    assert_int_equal(ramp_value(&ramp, 1), 25);
    ramp = ramp_of(skewed, ARRAY_LENGTH(skewed));
    assert_true(ramp.root);
    assert_int_equal(ramp_colour(&ramp, 25), 0x21918c); /* half way by the root */
    assert_int_equal(ramp_value(&ramp, 2), 25);
    ramp = ramp_of(same, ARRAY_LENGTH(same));
    assert_int_equal(ramp_colour(&ramp, 7), 0x440154);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gnuplot_never_sees_the_words),
        cmocka_unit_test(other_text_is_left_alone),
        cmocka_unit_test(names_are_paths_or_their_ends),
        cmocka_unit_test(values_stand_in_order),
        cmocka_unit_test(worlds_are_put_together),
        cmocka_unit_test(joined_paths_are_one),
        cmocka_unit_test(nothing_is_lost),
        cmocka_unit_test(axes_are_what_tells_most),
        cmocka_unit_test(cells_tell_the_least_or_the_median),
        cmocka_unit_test(drawn_points_share_steps),
        cmocka_unit_test(steps_cover_all_values),
        cmocka_unit_test(colours_go_from_dark_to_bright),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
