/* CloudWatch's evaluation of an alarm: the tables of its user guide, row by row.
 * Proves docs/model.md, "Alarms". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/metric_alarm.h"

#include <string.h>

/* The state that points written as the guide does (0 fine, X breaching, - missing; oldest first)
 * lead to. */
static enum alarm_state state_of(const char *text, int64_t points, int64_t periods,
                                 enum missing_data missing, enum alarm_state before)
{
    enum alarm_point list[16];
    size_t count = strlen(text);
    assert_true(count <= 16);
    for (size_t i = 0; i < count; i++)
        list[i] = text[i] == 'X' ? POINT_BREACHING : text[i] == '0' ? POINT_FINE : POINT_MISSING;
    const struct alarm_terms terms = {.points = points, .periods = periods, .missing = missing};
    return alarm_evaluate(&terms, list, count, before);
}

/* One row: columns missing, ignore, breaching, notBreaching; A alarm, O ok, I insufficient data, K
 * the state before is kept. */
static void expect_row(const char *text, int64_t points, int64_t periods, const char *columns)
{
    static const enum missing_data treatments[] = {MISSING_IS_MISSING, MISSING_IS_IGNORED,
                                                   MISSING_IS_BREACHING, MISSING_IS_NOT_BREACHING};
    for (size_t i = 0; i < 4; i++) {
        for (int before = ALARM_INSUFFICIENT_DATA; before <= ALARM_ALARM; before++) {
            enum alarm_state wanted = columns[i] == 'A'   ? ALARM_ALARM
                                      : columns[i] == 'O' ? ALARM_OK
                                      : columns[i] == 'I' ? ALARM_INSUFFICIENT_DATA
                                                          : (enum alarm_state)before;
            enum alarm_state found =
                state_of(text, points, periods, treatments[i], (enum alarm_state)before);
            if (found != wanted)
                fail_msg("%s, %d of %d, treatment %zu: %d, not %d", text, (int)points, (int)periods,
                         i, (int)found, (int)wanted);
        }
    }
}

static void three_of_three(void **state)
{
    (void)state;
    expect_row("0-X-X", 3, 3, "OOOO");
    expect_row("0----", 3, 3, "OOOO");
    expect_row("-----", 3, 3, "IKAO");
    expect_row("0XX-X", 3, 3, "AAAA");
    expect_row("--X--", 3, 3, "AKAO");
}

static void two_of_three(void **state)
{
    (void)state;
    expect_row("0-X-X", 2, 3, "AAAA");
    expect_row("00X0X", 2, 3, "AAAA");
    expect_row("0-X--", 2, 3, "OOAO");
    expect_row("----0", 2, 3, "OOAO");
    expect_row("---X-", 2, 3, "AKAO");
}

/* A breach too young to alarm by itself does not: the next point may be fine. */
static void no_premature_alarm(void **state)
{
    (void)state;
    expect_row("----X", 3, 3, "OKAO");
    expect_row("---X-", 3, 3, "OKAO");
    expect_row("---X0", 3, 3, "OOOO");
    expect_row("--X-0", 3, 3, "OOOO");
    expect_row("----X", 1, 1, "AAAA");
}

/* With N real points in the range the newest N decide, older ones do not. */
static void the_newest_real_points_decide(void **state)
{
    (void)state;
    expect_row("XX000", 2, 3, "OOOO");
    expect_row("XXX0-", 3, 3, "OOOO");
    expect_row("0XXX-", 3, 3, "AAAA");
    expect_row("X0-", 1, 1, "OOOO");
    expect_row("0X-", 1, 1, "AAAA");
}

static void comparisons(void **state)
{
    (void)state;
    static const struct {
        enum alarm_comparison comparison;
        bool below, at, above;
    } rows[] = {{COMPARE_GREATER_OR_EQUAL, false, true, true},
                {COMPARE_GREATER, false, false, true},
                {COMPARE_LESS, true, false, false},
                {COMPARE_LESS_OR_EQUAL, true, true, false}};
    for (size_t i = 0; i < 4; i++) {
        const struct alarm_terms terms = {.comparison = rows[i].comparison,
                                          .threshold_micro = -5000000};
        assert_int_equal(alarm_breaches(&terms, -5000001), rows[i].below);
        assert_int_equal(alarm_breaches(&terms, -5000000), rows[i].at);
        assert_int_equal(alarm_breaches(&terms, -4999999), rows[i].above);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_of_three),     cmocka_unit_test(two_of_three),
        cmocka_unit_test(no_premature_alarm), cmocka_unit_test(the_newest_real_points_decide),
        cmocka_unit_test(comparisons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
