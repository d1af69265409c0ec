/* A run's page: no extreme is lost in its pictures, and no name can break out of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/pcg64.h"
#include "reports/page.h"
#include "reports/reduce.h"
#include "reports/run_plot.h"

#include <string.h>

enum { LEVELS = 4000, SPAN = 86400 };

/* Of every column of the picture the most and the least of each value stay, as do the first and
 * the last level; no level is made up, none changes places. */
static void no_extreme_is_lost(void **state)
{
    (void)state;
    static struct level all[LEVELS];
    static struct level kept[LEVELS];
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct pcg64 rng;
        pcg64_seed(&rng, seed, 5);
        size_t count = 1 + pcg64_below(&rng, LEVELS);
        size_t columns = 1 + pcg64_below(&rng, 300);
        int64_t time_s = 0;
        for (size_t i = 0; i < count; i++) {
            all[i] = (struct level){.time_s = time_s,
                                    .missing_micro = (int64_t)pcg64_below(&rng, 1000),
                                    .on_demand_micro = (int64_t)pcg64_below(&rng, 1000),
                                    .desired = (int64_t)pcg64_below(&rng, 1000)};
            time_s += (int64_t)pcg64_below(&rng, 2 * SPAN / LEVELS);
            time_s = time_s < SPAN ? time_s : SPAN - 1;
        }
        memcpy(kept, all, count * sizeof *all);
        size_t left = levels_reduce(kept, count, 0, SPAN, columns);
        assert_true(left <= 8 * columns && left <= count);
        assert_memory_equal(&kept[0], &all[0], sizeof all[0]);
        assert_memory_equal(&kept[left - 1], &all[count - 1], sizeof all[0]);
        size_t at = 0;
        for (size_t i = 0; i < left; i++) {
            while (at < count && memcmp(&all[at], &kept[i], sizeof all[0]) != 0)
                at++;
            if (at++ >= count)
                fail_msg("seed %d: level %zu was made up, or has moved", (int)seed, i);
        }
        for (size_t i = 0; i < count; i++) {
            int64_t column = all[i].time_s * (int64_t)columns / SPAN;
            bool above = false;
            bool below = false;
            for (size_t k = 0; k < left; k++) {
                if (kept[k].time_s * (int64_t)columns / SPAN != column)
                    continue;
                above = above || kept[k].missing_micro >= all[i].missing_micro;
                below = below || kept[k].missing_micro <= all[i].missing_micro;
            }
            if (!above || !below)
                fail_msg("seed %d: what is missing at level %zu is lost", (int)seed, i);
        }
    }
}

/* Of prices likewise, and what was in force when the picture begins. */
static void no_price_is_lost(void **state)
{
    (void)state;
    enum { FROM = 1000 };
    static struct price_step all[LEVELS];
    static struct price_step kept[LEVELS];
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct pcg64 rng;
        pcg64_seed(&rng, seed, 6);
        size_t count = 1 + pcg64_below(&rng, LEVELS);
        size_t columns = 1 + pcg64_below(&rng, 300);
        int64_t time_s = FROM - (int64_t)pcg64_below(&rng, 500);
        for (size_t i = 0; i < count; i++) {
            all[i] = (struct price_step){time_s, 1 + (int64_t)pcg64_below(&rng, 1000)};
            time_s += 1 + (int64_t)pcg64_below(&rng, 2 * SPAN / LEVELS);
        }
        size_t left = prices_reduce(all, count, FROM, FROM + SPAN, columns, kept);
        assert_true(left <= 4 * columns + 1);
        size_t at = 0;
        for (size_t i = 0; i < count && all[i].time_s < FROM + SPAN; i++) {
            bool before = i + 1 < count && all[i + 1].time_s <= FROM;
            if (before)
                continue;
            int64_t begin_s = all[i].time_s > FROM ? all[i].time_s : FROM;
            int64_t column = (begin_s - FROM) * (int64_t)columns / SPAN;
            bool above = false;
            bool below = false;
            for (size_t k = 0; k < left; k++) {
                if ((kept[k].time_s - FROM) * (int64_t)columns / SPAN != column)
                    continue;
                above = above || kept[k].micro_usd_per_hour >= all[i].micro_usd_per_hour;
                below = below || kept[k].micro_usd_per_hour <= all[i].micro_usd_per_hour;
            }
            if (!above || !below)
                fail_msg("seed %d: the price of step %zu is lost", (int)seed, i);
            if (at < left && kept[at].time_s == begin_s &&
                kept[at].micro_usd_per_hour == all[i].micro_usd_per_hour)
                at++;
        }
        if (at != left)
            fail_msg("seed %d: kept price %zu was made up, or has moved", (int)seed, at);
    }
}

static void names_stay_names(void **state)
{
    (void)state;
    struct text page = {0};
    html_add(&page, "</svg><script>alert(\"'&\")</script>$(reboot)\n");
    assert_string_equal(page.data, "&lt;/svg&gt;&lt;script&gt;alert(&quot;&#39;&amp;&quot;)&lt;/"
                                   "script&gt;$(reboot)\n");
    text_clean_up(&page);
}

/* What reaches gnuplot and terminals of a name has no meaning there. */
static void names_have_no_meaning(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *drawn;
    } cases[] = {
        {"us-east-1a c3.xlarge (2015), 50 %", "us-east-1a c3.xlarge (2015), 50 %"},
        {"\"; system 'reboot' #\n`id` $x \\", "?; system ?reboot? ???id? ?x ?"},
        {"</text>&{}^@|<", "?/text????????"},
        {"\033[2J\007t\303\244glich \346\227\245", "??2J?t\303\244glich \346\227\245"},
        /* what turns the direction of writing, an overlong form, half a character */
        {"\342\200\256a\340\202\257b\303", "?a?b?"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct text text = {0};
        plot_add_name(&text, cases[i].name);
        assert_string_equal(text.data, cases[i].drawn);
        text_clean_up(&text);
    }
    char longer[500];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    struct text text = {0};
    plot_add_name(&text, longer);
    assert_int_equal(text.size, 100);
    text_clean_up(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_extreme_is_lost), cmocka_unit_test(no_price_is_lost),
        cmocka_unit_test(names_stay_names), cmocka_unit_test(names_have_no_meaning)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
