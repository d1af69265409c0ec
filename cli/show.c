#include "show.h"

#include <stdbool.h>
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

char *show_micro(int128 micro, char out[SHOW_SIZE])
{
    return grouped(divide_half_even(micro, MICRO / 100), 2, out);
}

char *show_usd(int128 micro_usd, char out[SHOW_SIZE])
{
    return show_micro(micro_usd, out);
}

char *show_unit_hours(int128 micro_unit_s, char out[SHOW_SIZE])
{
    return grouped(divide_half_even(micro_unit_s, (int128)MICRO * SECONDS_PER_HOUR / 100), 2, out);
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
    const struct {
        int64_t amount;
        const char *unit;
    } parts[] = {{seconds / 3600, "h"}, {seconds / 60 % 60, "min"}, {seconds % 60, "s"}};
    size_t used = 0;
    for (size_t i = 0; i < 3; i++) {
        bool last_resort = i == 2 && used == 0;
        if (parts[i].amount != 0 || last_resort)
            used += (size_t)snprintf(out + used, SHOW_SIZE - used, "%s%lld %s", used ? " " : "",
                                     (long long)parts[i].amount, parts[i].unit);
    }
    return out;
}

char *show_count(int128 value, char out[SHOW_SIZE])
{
    return grouped(value, 0, out);
}

static int columns_of(const char *word, size_t length)
{
    int columns = 0;
    for (size_t i = 0; i < length; i++)
        columns += ((unsigned char)word[i] & 0xc0) != 0x80;
    return columns;
}

void show_wrapped(FILE *out, const char *head, const char *text)
{
    enum { WIDTH = 80 };
    int indent = columns_of(head, strlen(head));
    int column = indent;
    fputs(head, out);
    for (const char *at = text + strspn(text, " "); *at; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        int columns = columns_of(at, length);
        if (column > indent && column + 1 + columns > WIDTH) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            fputc(' ', out);
            column++;
        }
        fwrite(at, 1, length, out);
        column += columns;
        at += length;
    }
    fputc('\n', out);
}
