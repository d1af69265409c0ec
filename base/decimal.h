/* Exact numbers: money, capacity and weights are integers in millionths.
 *
 * money     micro-USD per hour for prices; micro-USD for amounts; micro-USD-seconds while summing
 * capacity  micro-units (6 decimals); unit-seconds are summed as micro-unit-seconds in __int128
 *
 * No floating point takes part in a result. A decimal text finer than a millionth is refused, not
 * rounded (zeros beyond the sixth decimal are fine).
 */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

enum { MICRO = 1000000 };        /* micro-units per unit, micro-USD per USD */
enum { DECIMAL_TEXT_SIZE = 48 }; /* any int128 in millionths, sign, point, NUL */
enum { SECONDS_PER_HOUR = 3600 };

enum decimal_result {
    DECIMAL_OK = 0,
    DECIMAL_NOT_A_NUMBER, /* not digits with at most one point and an optional exponent */
    DECIMAL_TOO_FINE,     /* more than six decimals that matter */
    DECIMAL_OUT_OF_RANGE, /* beyond +-9.2e12 */
};

/* Read exactly `length` bytes of decimal text, such as "0.087000", "-4", "1e3", as millionths. */
enum decimal_result decimal_parse(const char *text, size_t length, int64_t *out_micro);

/* The millionths a double read from JSON stands for: exact for every decimal text of at most six
 * decimals below 9e9; DECIMAL_TOO_FINE where no such text gives this double. */
enum decimal_result decimal_from_double(double value, int64_t *out_micro);

/* In words for an error line: "is not a number", "has more than six decimals", ... */
const char *decimal_result_text(enum decimal_result result);

/* Write millionths as the shortest exact decimal: 12500000 is "12.5", 0 is "0". Returns `out_text`.
 */
char *decimal_format(int128 micro, char out_text[DECIMAL_TEXT_SIZE]);

/* Write a plain integer. Returns `out_text`. */
char *int128_format(int128 value, char out_text[DECIMAL_TEXT_SIZE]);

/* numerator / denominator (> 0), rounded half to even. */
int128 divide_half_even(int128 numerator, int128 denominator);

/* numerator / denominator (> 0), rounded up (toward +infinity). */
int128 divide_ceiling(int128 numerator, int128 denominator);

#endif
