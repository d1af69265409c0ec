/* Text and numbers of a page. */
#include "run_parts.h"

#include <string.h>

void html_add(struct text *page, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            text_add(page, "&amp;");
            break;
        case '<':
            text_add(page, "&lt;");
            break;
        case '>':
            text_add(page, "&gt;");
            break;
        case '"':
            text_add(page, "&quot;");
            break;
        case '\'':
            text_add(page, "&#39;");
            break;
        default:
            text_add_bytes(page, text, 1);
        }
    }
}

/* numerator / denominator with two decimals and thousands apart. */
void page_number(struct text *page, int128 numerator, int128 denominator)
{
    char digits[DECIMAL_TEXT_SIZE];
    int128 hundredths = divide_half_even(numerator * 100, denominator);
    if (hundredths < 0) {
        text_add(page, "−");
        hundredths = -hundredths;
    }
    int128_format(hundredths / 100, digits);
    size_t length = strlen(digits);
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text_add(page, ",");
        text_add_bytes(page, &digits[i], 1);
    }
    text_addf(page, ".%02d", (int)(hundredths % 100));
}

void page_usd(struct text *page, int128 micro_usd)
{
    page_number(page, micro_usd, MICRO);
}

void page_unit_hours(struct text *page, int128 micro_unit_s)
{
    page_number(page, micro_unit_s, (int128)MICRO * 3600);
}
