/* Numbers as people read them: rounded half to even from exact integers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/show.h"

#include <stdlib.h>
#include <string.h>

static char text[SHOW_SIZE];

static void dollars_are_rounded_half_to_even(void **state)
{
    (void)state;
    assert_string_equal(show_usd(0, text), "0.00");
    assert_string_equal(show_usd(4999, text), "0.00");
    assert_string_equal(show_usd(5000, text), "0.00");
    assert_string_equal(show_usd(15000, text), "0.02");
    assert_string_equal(show_usd(25000, text), "0.02");
    assert_string_equal(show_usd(25001, text), "0.03");
    assert_string_equal(show_usd(-1234567890, text), "-1,234.57");
    assert_string_equal(show_usd(999999999, text), "1,000.00");
    assert_string_equal(show_usd((int128)123456789 * MICRO, text), "123,456,789.00");
}

static void unit_hours_have_two_decimals(void **state)
{
    (void)state;
    assert_string_equal(show_unit_hours((int128)3600 * MICRO, text), "1.00");
    assert_string_equal(show_unit_hours((int128)36 * MICRO, text), "0.01");
    assert_string_equal(show_unit_hours((int128)132096 * 3600 * MICRO, text), "132,096.00");
}

static void percents_are_of_anything_but_nothing(void **state)
{
    (void)state;
    assert_string_equal(show_percent(1, 3, text), "33.33 %");
    assert_string_equal(show_percent(-1, 8, text), "-12.50 %");
    assert_string_equal(show_percent(5, 5, text), "100.00 %");
    assert_string_equal(show_percent(0, 7, text), "0.00 %");
    assert_string_equal(show_percent(1, 0, text), "-");
    /* Sums so large that the product alone would overflow. */
    int128 large = (int128)1 << 120;
    assert_string_equal(show_percent(large / 4, large, text), "25.00 %");
}

static void durations_leave_out_what_is_zero(void **state)
{
    (void)state;
    assert_string_equal(show_duration(0, text), "0 s");
    assert_string_equal(show_duration(59, text), "59 s");
    assert_string_equal(show_duration(60, text), "1 min");
    assert_string_equal(show_duration(3600, text), "1 h");
    assert_string_equal(show_duration(3601, text), "1 h 1 s");
    assert_string_equal(show_duration(4128 * 3600 + 61, text), "4128 h 1 min 1 s");
}

static void wrapped(const char *head, const char *words, const char *expected)
{
    char *got = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&got, &size);
    show_wrapped(out, head, words);
    fclose(out);
    assert_string_equal(got, expected);
    free(got);
}

static void sentences_are_wrapped_under_their_head(void **state)
{
    (void)state;
    wrapped("a: ", "b  c", "a: b c\n");
    wrapped("a: ", "", "a: \n");
    char words[200] = "";
    for (int i = 0; i < 16; i++)
        strcat(words, "12345678 ");
    wrapped("head: ", words,
            "head: 12345678 12345678 12345678 12345678 12345678 12345678 12345678 12345678\n"
            "      12345678 12345678 12345678 12345678 12345678 12345678 12345678 12345678\n");
    /* A word longer than a line stands alone and whole. */
    char expected[200];
    memset(words, 'x', 100);
    words[100] = '\0';
    strcat(strcpy(expected, "- "), words);
    strcat(expected, "\n");
    wrapped("- ", words, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dollars_are_rounded_half_to_even),
        cmocka_unit_test(unit_hours_have_two_decimals),
        cmocka_unit_test(percents_are_of_anything_but_nothing),
        cmocka_unit_test(durations_leave_out_what_is_zero),
        cmocka_unit_test(sentences_are_wrapped_under_their_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
