/* Exact numbers: reading, writing, rounding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/decimal.h"

struct sample {
    const char *text;
    enum decimal_result result;
    int64_t micro;
};

static void reads_exactly_or_refuses(void **state)
{
    (void)state;
    const struct sample samples[] = {
        {"0.087000", DECIMAL_OK, 87000},
        {"0", DECIMAL_OK, 0},
        {"-0", DECIMAL_OK, 0},
        {"32", DECIMAL_OK, 32000000},
        {"100", DECIMAL_OK, 100000000},
        {".5", DECIMAL_OK, 500000},
        {"5.", DECIMAL_OK, 5000000},
        {"-4", DECIMAL_OK, -4000000},
        {"+1.5", DECIMAL_OK, 1500000},
        {"1e3", DECIMAL_OK, 1000000000},
        {"25e-1", DECIMAL_OK, 2500000},
        {"1.0E+2", DECIMAL_OK, 100000000},
        {"0.000001", DECIMAL_OK, 1},
        {"0.0000010000000000000000000000000000000", DECIMAL_OK, 1},
        {"000000000000000000000000000000000000001.50", DECIMAL_OK, 1500000},
        {"9200000000000", DECIMAL_OK, 9200000000000000000},
        {"0.0000001", DECIMAL_TOO_FINE, 0},
        {"1.2345678", DECIMAL_TOO_FINE, 0},
        {"1e-7", DECIMAL_TOO_FINE, 0},
        {"0.10000000000000000000000000000000000000000001", DECIMAL_TOO_FINE, 0},
        {"9200000000001", DECIMAL_OUT_OF_RANGE, 0},
        {"1e30", DECIMAL_OUT_OF_RANGE, 0},
        {"1e999999999999", DECIMAL_OUT_OF_RANGE, 0},
        {"99999999999999999999999999999999999999999999", DECIMAL_OUT_OF_RANGE, 0},
        {"", DECIMAL_NOT_A_NUMBER, 0},
        {"-", DECIMAL_NOT_A_NUMBER, 0},
        {".", DECIMAL_NOT_A_NUMBER, 0},
        {"1.2.3", DECIMAL_NOT_A_NUMBER, 0},
        {"1e", DECIMAL_NOT_A_NUMBER, 0},
        {"e5", DECIMAL_NOT_A_NUMBER, 0},
        {"nan", DECIMAL_NOT_A_NUMBER, 0},
        {"inf", DECIMAL_NOT_A_NUMBER, 0},
        {"0x10", DECIMAL_NOT_A_NUMBER, 0},
        {" 1", DECIMAL_NOT_A_NUMBER, 0},
        {"1,5", DECIMAL_NOT_A_NUMBER, 0},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        int64_t micro = 0;
        enum decimal_result result =
            decimal_parse(samples[i].text, strlen(samples[i].text), &micro);
        if (result != samples[i].result || micro != samples[i].micro)
            fail_msg("\"%s\": result %d, micro %lld", samples[i].text, (int)result,
                     (long long)micro);
    }
}

static void nothing_is_no_number(void **state)
{
    (void)state;
    int64_t micro = 0;
    assert_int_equal(decimal_parse(NULL, 0, &micro), DECIMAL_NOT_A_NUMBER);
}

static void doubles_of_six_decimals_are_exact(void **state)
{
    (void)state;
    int64_t micro = 0;
    const double fine[] = {0.252, 0.04725, 4.0, 1.0 / 3.0, 4.0000001, 0.1 + 0.2};
    const int64_t expected[] = {252000, 47250, 4000000};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(decimal_from_double(fine[i], &micro), DECIMAL_OK);
        assert_true(micro == expected[i]);
    }
    for (size_t i = 3; i < 6; i++)
        assert_int_equal(decimal_from_double(fine[i], &micro), DECIMAL_TOO_FINE);
    assert_int_equal(decimal_from_double(1e300, &micro), DECIMAL_OUT_OF_RANGE);
    assert_int_equal(decimal_from_double(__builtin_nan(""), &micro), DECIMAL_NOT_A_NUMBER);
    for (int64_t k = 0; k < 2000000; k += 7) {
        assert_int_equal(decimal_from_double((double)k / 1e6, &micro), DECIMAL_OK);
        assert_true(micro == k);
    }
}

static void writes_the_shortest_exact_form(void **state)
{
    (void)state;
    char text[DECIMAL_TEXT_SIZE];
    assert_string_equal(decimal_format(12500000, text), "12.5");
    assert_string_equal(decimal_format(0, text), "0");
    assert_string_equal(decimal_format(1, text), "0.000001");
    assert_string_equal(decimal_format(-1500000, text), "-1.5");
    assert_string_equal(decimal_format(-1, text), "-0.000001");
    assert_string_equal(decimal_format((int128)4000000 * 1000000 * 1000000 * 1000000, text),
                        "4000000000000000000");
    int128 most = (int128)(((uint128)1 << 127) - 1);
    assert_string_equal(int128_format(most, text), "170141183460469231731687303715884105727");
    assert_string_equal(int128_format(-most - 1, text), "-170141183460469231731687303715884105728");
    assert_string_equal(decimal_format(-most - 1, text),
                        "-170141183460469231731687303715884.105728");
}

static void divides_half_to_even(void **state)
{
    (void)state;
    assert_true(divide_half_even(5, 2) == 2);
    assert_true(divide_half_even(7, 2) == 4);
    assert_true(divide_half_even(-5, 2) == -2);
    assert_true(divide_half_even(-7, 2) == -4);
    assert_true(divide_half_even(6, 4) == 2);
    assert_true(divide_half_even(1799, 3600) == 0);
    assert_true(divide_half_even(1800, 3600) == 0);
    assert_true(divide_half_even(1801, 3600) == 1);
    assert_true(divide_half_even(5400, 3600) == 2);
    assert_true(divide_ceiling(8, 4) == 2);
    assert_true(divide_ceiling(9, 4) == 3);
    assert_true(divide_ceiling(-9, 4) == -2);
    assert_true(divide_ceiling(0, 4) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_exactly_or_refuses),
        cmocka_unit_test(nothing_is_no_number),
        cmocka_unit_test(doubles_of_six_decimals_are_exact),
        cmocka_unit_test(writes_the_shortest_exact_form),
        cmocka_unit_test(divides_half_to_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
