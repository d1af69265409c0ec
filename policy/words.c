#include "policy/words.h"

#include "base/decimal.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <string.h>

static void append(char *out_text, size_t size, size_t *used, const char *piece, size_t length)
{
    if (*used + length + 1 > size)
        length = size - *used - 1;
    memcpy(out_text + *used, piece, length);
    *used += length;
    out_text[*used] = '\0';
}

char *policy_reason_words(const struct ballast_policy *policy, uint32_t reason,
                          const int64_t *figures, char *out_text, size_t size)
{
    out_text[0] = '\0';
    if (reason >= policy->reason_count) {
        snprintf(out_text, size, "for a reason that the policy does not name");
        return out_text;
    }
    size_t used = 0;
    for (const char *at = policy->reasons[reason].text; *at;) {
        unsigned index = at[0] == '{' ? (unsigned)(unsigned char)at[1] - '0' : 99;
        if (index >= BALLAST_FIGURES_MAX) {
            append(out_text, size, &used, at++, 1);
            continue;
        }
        char kind = at[2];
        const char *close = kind == '}' ? at + 2 : at + 3;
        if (kind == '\0' || *close != '}') {
            append(out_text, size, &used, at++, 1);
            continue;
        }
        char number[DECIMAL_TEXT_SIZE];
        if (kind == 'u')
            decimal_format(figures[index], number);
        else if (kind == 't')
            timestamp_format(figures[index], number);
        else
            int128_format(figures[index], number);
        append(out_text, size, &used, number, strlen(number));
        at = close + 1;
    }
    return out_text;
}
