#include "show.h"

#include <stdio.h>
#include <string.h>

/* A value in units of 10^-decimals, with thousands apart. */
static char *grouped(int128 value, int decimals, char out[SHOW_SIZE])
{
    char digits[DECIMAL_TEXT_SIZE];
    int128_format(value < 0 ? -value : value, digits);
    char padded[DECIMAL_TEXT_SIZE + 8] = "";
    for (int missing = decimals + 1 - (int)strlen(digits); missing > 0; missing--)
        strcat(padded, "0");
    strcat(padded, digits);
    size_t length = strlen(padded);
    size_t whole = length - (size_t)decimals;
    char *to = out;
    if (value < 0)
        *to++ = '-';
    for (size_t i = 0; i < length; i++) {
        if (i == whole)
            *to++ = '.';
        else if (i > 0 && i < whole && (whole - i) % 3 == 0)
            *to++ = ',';
        *to++ = padded[i];
    }
    *to = '\0';
    return out;
}

char *show_usd(int128 micro_usd, char out[SHOW_SIZE])
{
    return grouped(divide_half_even(micro_usd, MICRO / 100), 2, out);
}

char *show_unit_hours(int128 micro_unit_s, char out[SHOW_SIZE])
{
    return grouped(divide_half_even(micro_unit_s, (int128)MICRO * SECONDS_PER_HOUR / 10), 1, out);
}

char *show_percent(int128 part, int128 whole, char out[SHOW_SIZE])
{
    if (whole == 0) {
        memcpy(out, "-", 2);
        return out;
    }
    /* Scaled down together where the product would not fit. */
    while (whole > ((int128)1 << 100)) {
        whole >>= 1;
        part >>= 1;
    }
    grouped(divide_half_even(part * 10000, whole), 2, out);
    strcat(out, " %");
    return out;
}

char *show_duration(int64_t seconds, char out[SHOW_SIZE])
{
    char *to = out;
    size_t room = SHOW_SIZE;
    int used = 0;
    if (seconds >= 3600)
        used = snprintf(to, room, "%lld h ", (long long)(seconds / 3600));
    if (seconds >= 60)
        used +=
            snprintf(to + used, room - (size_t)used, "%lld min ", (long long)(seconds / 60 % 60));
    snprintf(to + used, room - (size_t)used, "%lld s", (long long)(seconds % 60));
    return out;
}

char *show_count(int128 value, char out[SHOW_SIZE])
{
    return grouped(value, 0, out);
}
