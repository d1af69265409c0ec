/* Times: every form that price histories come in, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"

static void reads_every_form(void **state)
{
    (void)state;
    const char *const same[] = {
        "2015-05-08T18:32:48Z",        "2015-05-08T18:32:48.000Z", "2015-05-08T18:32:48.999Z",
        "2015-05-08T18:32:48+00:00",   "2015-05-08T18:32:48+0000", "2015-05-08T10:32:48-0800",
        "2015-05-08T20:32:48+02:00",   "2015-05-08 18:32:48Z",     "2015-05-08t18:32:48z",
        "2015-05-09T00:02:48.5+05:30", "2015-05-08T18:32:48+00",
    };
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        int64_t time_s = 0;
        if (!timestamp_parse(same[i], strlen(same[i]), false, &time_s) || time_s != 1431109968)
            fail_msg("%s read as %lld", same[i], (long long)time_s);
    }
    int64_t time_s = 0;
    assert_true(timestamp_parse("2015-05-08", 10, false, &time_s));
    assert_true(time_s == 1431043200);
    assert_true(timestamp_parse("2015-05-08 18:32:48", 19, true, &time_s));
    assert_true(time_s == 1431109968);
    assert_true(timestamp_parse("2016-02-29T00:00:00Z", 20, false, &time_s));
    assert_true(timestamp_parse("2000-02-29T00:00:00Z", 20, false, &time_s));
}

static void refuses_what_is_no_time(void **state)
{
    (void)state;
    const char *const bad[] = {
        "",
        "2015",
        "2015-5-8",
        "2015-13-01",
        "2015-02-29",
        "2100-02-29",
        "2015-05-08T24:00:00Z",
        "2015-05-08T23:60:00Z",
        "2015-05-08T23:59:60Z",
        "2015-05-08T18:32Z",
        "2015-05-08T18:32:48",
        "2015-05-08T18:32:48.Z",
        "2015-05-08T18:32:48+1",
        "2015-05-08T18:32:48+24:00",
        "2015-05-08T18:32:48Zx",
        "2015-05-08T18:32:48Z ",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+01:00",
        "-2015-05-08",
        "2015/05/08",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t time_s = 0;
        if (timestamp_parse(bad[i], strlen(bad[i]), false, &time_s))
            fail_msg("%s was accepted", bad[i]);
    }
}

static void says_what_is_wrong(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"1969-12-31T23:59:59Z", "the time is before 1970"},
        {"0001-01-01", "the time is before 1970"},
        {"1970-01-01T00:00:00+01:00", "the time is before 1970"},
        {"9999-12-31T23:59:59-00:01", "the time is after 9999"},
        {"2015-02-29", "there is no such time"},
        {"2015-05-08T24:00:00Z", "there is no such time"},
        {"2015-05-08T18:32:48", "the time has no zone: end it with Z if it is UTC"},
        {"2015-05-08T18:32Z", "the time is not ISO 8601, such as 2015-03-12T00:00:00Z"},
        {"tomorrow", "the time is not ISO 8601, such as 2015-03-12T00:00:00Z"},
        {"", "there is no time"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        int64_t time_s = 0;
        size_t length = strlen(wrong[i][0]);
        assert_false(timestamp_parse(wrong[i][0], length, false, &time_s));
        assert_string_equal(timestamp_wrong(wrong[i][0], length, false), wrong[i][1]);
    }
    assert_string_equal(timestamp_wrong("1969-12-31T23:59:59", 19, true),
                        "the time is before 1970");
}

static void nothing_is_no_time(void **state)
{
    (void)state;
    int64_t time_s = 0;
    assert_false(timestamp_parse(NULL, 0, true, &time_s));
}

static void writes_what_it_reads(void **state)
{
    (void)state;
    char text[TIMESTAMP_TEXT_SIZE];
    assert_string_equal(timestamp_format(0, text), "1970-01-01T00:00:00Z");
    assert_string_equal(timestamp_format(1431109968, text), "2015-05-08T18:32:48Z");
    assert_string_equal(timestamp_format(253402300799, text), "9999-12-31T23:59:59Z");
    assert_string_equal(timestamp_format(-1, text), "(out of range)");
    for (int64_t time_s = 86399; time_s < 253402300799; time_s += 86400 * 59 + 3671) {
        int64_t again = 0;
        timestamp_format(time_s, text);
        assert_true(timestamp_parse(text, strlen(text), false, &again));
        assert_true(again == time_s);
    }
}

static void floors_also_below_zero(void **state)
{
    (void)state;
    assert_true(timestamp_floor(119, 60) == 60);
    assert_true(timestamp_floor(120, 60) == 120);
    assert_true(timestamp_floor(-1, 60) == -60);
    assert_true(timestamp_floor(-60, 60) == -60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_form),     cmocka_unit_test(refuses_what_is_no_time),
        cmocka_unit_test(says_what_is_wrong),   cmocka_unit_test(nothing_is_no_time),
        cmocka_unit_test(writes_what_it_reads), cmocka_unit_test(floors_also_below_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
