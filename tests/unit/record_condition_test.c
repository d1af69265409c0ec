/* Conditions over figures: what they mean, exactly, and what is refused where. */
#include "record/condition.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h> /* after what it needs */

static struct figures figures(int128 total, int128 unfulfilled_micro)
{
    struct figures made = {0};
    made.value[FIGURE_cost_total_micro_usd] = total;
    made.known[FIGURE_cost_total_micro_usd] = true;
    made.value[FIGURE_capacity_unfulfilled_unit_s] = unfulfilled_micro;
    made.known[FIGURE_capacity_unfulfilled_unit_s] = true;
    return made;
}

static bool holds(const char *text, const struct figures *now, const struct figures *before)
{
    struct condition condition;
    struct condition_result result = {0};
    struct error err = {0};
    if (condition_parse(&condition, text, &err) ||
        condition_judge(&condition, now, before, &result, &err))
        fail_msg("%s: %s", text, err.text);
    condition_clean_up(&condition);
    return result.holds;
}

static void judges_exactly(void **state)
{
    (void)state;
    struct figures now = figures(1010000, 2500000);
    struct figures before = figures(1000000, 2000000);
    assert_true(holds("cost.total_micro_usd <= baseline * 1.01", &now, &before));
    assert_false(holds("cost.total_micro_usd < baseline * 1.01", &now, &before));
    assert_false(holds("cost.total_micro_usd <= baseline * 1.009999", &now, &before));
    /* As it is printed: 2.5 unit-seconds. */
    assert_true(holds("capacity.unfulfilled_unit_s == 2.5", &now, &before));
    assert_true(holds("capacity_unfulfilled_unit_s - baseline >= 0.5", &now, &before));
    assert_true(holds("cost.total_micro_usd / 3 * 3 == cost.total_micro_usd", &now, NULL));
    assert_true(holds("baseline.capacity.unfulfilled_unit_s == 2", &now, &before));
    assert_true(holds("1 != 2", &now, NULL));
    assert_true(holds("1e3 > 999", &now, NULL));
}

static void binds_as_arithmetic_does(void **state)
{
    (void)state;
    struct figures now = figures(0, 0);
    assert_true(holds("1 + 2 * 3 == 7", &now, NULL));
    assert_true(holds("(1 + 2) * 3 == 9", &now, NULL));
    assert_true(holds("10 - 4 - 3 == 3", &now, NULL));
    assert_true(holds("24 / 4 / 2 == 3", &now, NULL));
    assert_true(holds("-2 * -3 == 6", &now, NULL));
    assert_true(holds("1 / -4 == -0.25", &now, NULL));
    assert_true(holds("-(1 - 2)==1", &now, NULL));
}

static void large_money_is_exact(void **state)
{
    (void)state;
    struct figures now = figures((int128)9007199254740993 * 1000, 0);
    struct figures before = figures((int128)9007199254740992 * 1000, 0);
    assert_true(holds("cost.total_micro_usd > baseline", &now, &before));
    assert_true(holds("cost.total_micro_usd * 1.000001 > baseline * 1.000001", &now, &before));
}

static void shows_both_sides(void **state)
{
    (void)state;
    struct figures now = figures(10, 0);
    struct condition condition;
    struct condition_result result;
    struct error err = {0};
    assert_int_equal(condition_parse(&condition, "cost.total_micro_usd / 3 <= 2.5", &err), 0);
    assert_int_equal(condition_judge(&condition, &now, NULL, &result, &err), 0);
    assert_string_equal(result.left, "3.333333");
    assert_string_equal(result.right, "2.5");
    assert_false(result.holds);
    assert_false(condition_uses_baseline(&condition));
    condition_clean_up(&condition);
}

static void refuses(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *why;
    } cases[] = {
        {"", "column 1: a figure"},
        {"cost.total_micro_usd", "column 21: one of <="},
        {"cost.totl_micro_usd <= 1", "did you mean \"cost.total_micro_usd\"?"},
        {"baseline.cost.nothing <= 1", "column 10: unknown figure"},
        {"baseline <= 1", "here is none"},
        {"cost.total_micro_usd + cost.spot_micro_usd <= baseline", "here is several"},
        {"1 <= 2 <= 3", "column 8: nothing may follow"},
        {"(1 <= 2", "a \")\" is missing"},
        {"1 <= 2)", "column 7: nothing may follow"},
        {"1 = 1", "column 3: one of <="},
        {"0.1234567 <= 1", "column 1: the number has more than six decimals"},
        {"1.2.3 <= 1", "column 1: the number is not a decimal number"},
        {"1 <= $", "column 6: a figure"},
        {"((((((((((((((((((1)))))))))))))))))) <= 2", "more than 16"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct condition condition;
        struct error err = {0};
        assert_int_equal(condition_parse(&condition, cases[i].text, &err), STATUS_BAD_INPUT);
        if (!strstr(err.text, cases[i].why))
            fail_msg("\"%s\": %s", cases[i].text, err.text);
    }
    char longer[512] = "1";
    for (int i = 0; i < 50; i++)
        strcat(longer, "+1");
    strcat(longer, "<=1");
    struct condition condition;
    struct error err = {0};
    assert_int_equal(condition_parse(&condition, longer, &err), STATUS_BAD_INPUT);
}

static void refuses_what_cannot_be_computed(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *why;
    } cases[] = {
        {"1 / (2 - 2) <= 1", "divides by zero"},
        {"cost.regret_micro_usd <= 1", "cost.regret_micro_usd has no value"},
        {"cost.total_micro_usd*cost.total_micro_usd*cost.total_micro_usd*9e9<=1", "too large"},
    };
    struct figures now = figures((int128)1 << 60, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct condition condition;
        struct condition_result result;
        struct error err = {0};
        assert_int_equal(condition_parse(&condition, cases[i].text, &err), STATUS_OK);
        assert_int_equal(condition_judge(&condition, &now, NULL, &result, &err), STATUS_BAD_INPUT);
        if (!strstr(err.text, cases[i].why))
            fail_msg("\"%s\": %s", cases[i].text, err.text);
        condition_clean_up(&condition);
    }
}

/* A sum alone, as objectives are written. */
static void sums(void **state)
{
    (void)state;
    struct figures now = figures(1010000, 2500000);
    struct condition sum;
    struct error err = {0};
    int128 value = 0;
    assert_int_equal(
        condition_parse_sum(&sum, "cost.total_micro_usd + capacity.unfulfilled_unit_s / 3", &err),
        STATUS_OK);
    assert_int_equal(condition_value(&sum, &now, &value, &err), STATUS_OK);
    assert_true(value == (int128)1010000 * MICRO + 833333);
    now.known[FIGURE_cost_total_micro_usd] = false;
    assert_int_equal(condition_value(&sum, &now, &value, &err), STATUS_BAD_INPUT);
    condition_clean_up(&sum);
    assert_int_equal(condition_parse_sum(&sum, "cost.total_micro_usd < 1", &err), STATUS_BAD_INPUT);
    assert_string_equal(err.text, "column 22: nothing may follow here");
    assert_int_equal(condition_parse_sum(&sum, "cost.total_micro_usd - baseline", &err),
                     STATUS_BAD_INPUT);
    assert_string_equal(err.text, "there is no baseline here");
}

static enum condition_trend trend(const char *text, bool relation)
{
    static const bool still[FIGURE_COUNT_OF_ALL] = {[FIGURE_capacity_required_unit_s] = true};
    struct condition condition;
    struct error err = {0};
    if (relation ? condition_parse(&condition, text, &err)
                 : condition_parse_sum(&condition, text, &err))
        fail_msg("%s: %s", text, err.text);
    enum condition_trend found = condition_trend(&condition, still);
    condition_clean_up(&condition);
    return found;
}

/* The required capacity stays, all others grow. */
static void trends(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum condition_trend trend;
    } sums[] = {
        {"5", TREND_STILL},
        {"capacity.required_unit_s * -2", TREND_STILL},
        {"cost.total_micro_usd", TREND_GROWS},
        {"cost.total_micro_usd + capacity.unfulfilled_unit_s * 2000000 / 3600", TREND_GROWS},
        {"cost.total_micro_usd * events.scale_out", TREND_GROWS},
        {"cost.total_micro_usd / capacity.required_unit_s - 5", TREND_GROWS},
        {"-cost.total_micro_usd / -2", TREND_GROWS},
        {"5 - cost.total_micro_usd", TREND_SHRINKS},
        {"(2 - 3) * cost.total_micro_usd", TREND_UNKNOWN},
        {"cost.total_micro_usd * (events.scale_out - 3)", TREND_UNKNOWN},
        {"cost.total_micro_usd - cost.spot_micro_usd", TREND_UNKNOWN},
        {"capacity.required_unit_s / cost.total_micro_usd", TREND_UNKNOWN},
        {"cost.total_micro_usd - cost.total_micro_usd * events.scale_out", TREND_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        if (trend(sums[i].text, false) != sums[i].trend)
            fail_msg("%s: %d", sums[i].text, trend(sums[i].text, false));
    }
    assert_int_equal(trend("capacity.unfulfilled_unit_s <= capacity.required_unit_s * 0.1", true),
                     TREND_GROWS);
    assert_int_equal(trend("60 >= events.scale_out", true), TREND_SHRINKS);
    assert_int_equal(trend("events.scale_out <= events.scale_in", true), TREND_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(judges_exactly),
                                       cmocka_unit_test(binds_as_arithmetic_does),
                                       cmocka_unit_test(large_money_is_exact),
                                       cmocka_unit_test(shows_both_sides),
                                       cmocka_unit_test(refuses),
                                       cmocka_unit_test(refuses_what_cannot_be_computed),
                                       cmocka_unit_test(sums),
                                       cmocka_unit_test(trends)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
