#include "base/decimal.h"

#include <string.h>

static const int64_t limit_micro = 9200000000000000000; /* 9.2e12 units */

/* The exponent after 'e', bounded so that scaling below cannot run long. */
static bool exponent(const char *at, const char *end, int *out_exponent)
{
    int sign = 1;
    if (at != end && (*at == '+' || *at == '-')) {
        sign = *at == '-' ? -1 : 1;
        at++;
    }
    if (at == end)
        return false;
    int value = 0;
    for (; at != end; at++) {
        if (*at < '0' || *at > '9')
            return false;
        if (value < 1000)
            value = value * 10 + (*at - '0');
    }
    *out_exponent = sign * value;
    return true;
}

/* Twelve bytes or less of digits, at most six of them behind a point, as prices are written: no
 * more than a register holds. What is anything else is no fault. */
static bool short_decimal(const char *text, size_t length, int64_t *out_micro)
{
    enum { SHORT = 12 };
    static const int32_t powers[7] = {MICRO, 100000, 10000, 1000, 100, 10, 1};
    const char *end = text + length;
    const char *point = NULL;
    int64_t value = 0;
    if (length > SHORT)
        return false;
    for (const char *at = text; at != end; at++) {
        if (*at >= '0' && *at <= '9')
            value = value * 10 + (*at - '0');
        else if (*at == '.' && !point)
            point = at;
        else
            return false;
    }
    size_t decimals = point ? (size_t)(end - point) - 1 : 0;
    if (decimals >= sizeof powers / sizeof *powers || length == (point != NULL))
        return false;
    *out_micro = value * powers[decimals];
    return true;
}

enum decimal_result decimal_parse(const char *text, size_t length, int64_t *out_micro)
{
    if (length == 0)
        return DECIMAL_NOT_A_NUMBER; /* an empty field may have no text at all */
    if (short_decimal(text, length, out_micro))
        return DECIMAL_OK;
    const char *at = text;
    const char *end = text + length;
    bool negative = false;
    if (at != end && (*at == '-' || *at == '+')) {
        negative = *at == '-';
        at++;
    }
    int128 mantissa = 0;
    int scale = 0; /* value = mantissa * 10^scale */
    bool any = false;
    bool point = false;
    bool too_large = false;
    int zeros = 0; /* zeros read and not yet put into the mantissa */
    for (; at != end && *at != 'e' && *at != 'E'; at++) {
        if (*at == '.' && !point) {
            point = true;
            continue;
        }
        if (*at < '0' || *at > '9')
            return DECIMAL_NOT_A_NUMBER;
        any = true;
        if (*at == '0') {
            zeros += zeros < 1000;
            scale -= point && scale > -1000;
            continue;
        }
        for (; zeros && !too_large; zeros--) {
            mantissa *= 10;
            too_large = mantissa > (int128)limit_micro * MICRO;
        }
        mantissa = too_large ? mantissa : mantissa * 10 + (*at - '0');
        too_large = too_large || mantissa > (int128)limit_micro * MICRO;
        scale -= point && scale > -1000;
    }
    if (!any)
        return DECIMAL_NOT_A_NUMBER;
    /* Trailing zeros stay out of the mantissa: they only shift it. */
    scale += zeros;
    int shift = 0;
    if (at != end && !exponent(at + 1, end, &shift))
        return DECIMAL_NOT_A_NUMBER;
    if (too_large)
        return scale + shift > 0 || !point ? DECIMAL_OUT_OF_RANGE : DECIMAL_TOO_FINE;
    if (mantissa == 0) {
        *out_micro = 0;
        return DECIMAL_OK;
    }
    scale += shift + 6;
    if (scale < 0)
        return DECIMAL_TOO_FINE; /* the last digit of the mantissa is not zero */
    for (; scale > 0 && mantissa <= limit_micro; scale--)
        mantissa *= 10;
    if (mantissa > limit_micro)
        return DECIMAL_OUT_OF_RANGE;
    *out_micro = (int64_t)(negative ? -mantissa : mantissa);
    return DECIMAL_OK;
}

enum decimal_result decimal_from_double(double value, int64_t *out_micro)
{
    if (!(value > -9e9 && value < 9e9)) {
        /* Beyond 9e9 a double no longer tells millionths apart; whole numbers are still exact. */
        if (!(value > -9.2e12 && value < 9.2e12))
            return value != value ? DECIMAL_NOT_A_NUMBER : DECIMAL_OUT_OF_RANGE;
        int64_t whole = (int64_t)value;
        if ((double)whole != value)
            return DECIMAL_TOO_FINE;
        *out_micro = whole * MICRO;
        return DECIMAL_OK;
    }
    double scaled = value * 1e6;
    int64_t micro = (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    /* Correctly rounded division gives the very double that the decimal text gives. */
    for (int64_t candidate = micro - 1; candidate <= micro + 1; candidate++) {
        if ((double)candidate / 1e6 == value) {
            *out_micro = candidate;
            return DECIMAL_OK;
        }
    }
    return DECIMAL_TOO_FINE;
}

const char *decimal_result_text(enum decimal_result result)
{
    switch (result) {
    case DECIMAL_OK:
        return "is fine";
    case DECIMAL_NOT_A_NUMBER:
        return "is not a decimal number";
    case DECIMAL_TOO_FINE:
        return "has more than six decimals";
    case DECIMAL_OUT_OF_RANGE:
        return "is out of range";
    }
    return "is not a decimal number";
}

char *int128_format(int128 value, char out_text[DECIMAL_TEXT_SIZE])
{
    char digits[DECIMAL_TEXT_SIZE];
    size_t count = 0;
    uint128 wide = value < 0 ? -(uint128)value : (uint128)value;
    for (; wide > UINT64_MAX; wide /= 10)
        digits[count++] = (char)('0' + (int)(wide % 10));
    uint64_t rest = (uint64_t)wide; /* divided in a tenth of the time */
    do {
        digits[count++] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    } while (rest);
    char *out = out_text;
    if (value < 0)
        *out++ = '-';
    while (count)
        *out++ = digits[--count];
    *out = '\0';
    return out_text;
}

char *decimal_format(int128 micro, char out_text[DECIMAL_TEXT_SIZE])
{
    uint128 magnitude = micro < 0 ? -(uint128)micro : (uint128)micro;
    bool small = magnitude <= UINT64_MAX;
    uint128 whole = small ? (uint64_t)magnitude / MICRO : magnitude / MICRO;
    unsigned fraction = (unsigned)(magnitude - whole * MICRO);
    char *out = out_text;
    if (micro < 0)
        *out++ = '-';
    int128_format((int128)whole, out);
    out += strlen(out);
    if (fraction) {
        *out++ = '.';
        for (unsigned place = MICRO / 10; fraction; place /= 10) {
            *out++ = (char)('0' + fraction / place);
            fraction %= place;
        }
    }
    *out = '\0';
    return out_text;
}

int128 divide_half_even(int128 numerator, int128 denominator)
{
    bool negative = numerator < 0;
    uint128 n = negative ? -(uint128)numerator : (uint128)numerator;
    uint128 d = (uint128)denominator;
    uint128 quotient = n / d;
    uint128 rest = n % d;
    if (rest > d - rest || (rest == d - rest && (quotient & 1)))
        quotient++;
    return negative ? -(int128)quotient : (int128)quotient;
}

int128 divide_ceiling(int128 numerator, int128 denominator)
{
    /* Most of what is divided fits in a register, where a division takes a fifth of the time. */
    int64_t small = (int64_t)numerator;
    int64_t by = (int64_t)denominator;
    if (small == numerator && by == denominator)
        return small / by + (small % by > 0);
    int128 quotient = numerator / denominator;
    return quotient + (numerator % denominator > 0);
}
