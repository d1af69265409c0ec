#include "worlds.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { SEEDS_MOST = 100000 };
#define SEED_MOST (UINT64_C(1) << 53) /* as a scenario may have */

static bool read_seed(const char *text, size_t length, uint64_t *out_seed)
{
    uint64_t seed = 0;
    bool right = length > 0 && length < 17;
    for (size_t i = 0; i < length && right; i++) {
        right = isdigit((unsigned char)text[i]);
        seed = seed * 10 + (uint64_t)(text[i] - '0');
    }
    *out_seed = seed;
    return right && seed <= SEED_MOST;
}

int worlds_read_seeds(const char *text, uint64_t *out_from, size_t *out_count, struct error *err)
{
    if (!text)
        return STATUS_OK;
    uint64_t from = 1;
    uint64_t to = 0;
    const char *dots = strstr(text, "..");
    bool right = dots ? read_seed(text, (size_t)(dots - text), &from) &&
                            read_seed(dots + 2, strlen(dots + 2), &to)
                      : read_seed(text, strlen(text), &to);
    if (!right || to < from || to - from >= SEEDS_MOST)
        return error_set(err, STATUS_BAD_INPUT,
                         "--seeds %s: write how many, such as 30 (seeds 1 to 30), or FROM..TO, "
                         "such as 101..130; at most %d",
                         text, SEEDS_MOST);
    *out_from = from;
    *out_count = (size_t)(to - from + 1);
    return STATUS_OK;
}

/* A whole number and s, min, h, d or w: "36h". */
static bool read_duration(const char *text, int64_t *out_s)
{
    static const struct {
        const char *unit;
        int64_t seconds;
    } units[] = {{"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}, {"w", 604800}};
    enum { DIGITS_MOST = 9 };
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > DIGITS_MOST)
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++) {
        if (strcmp(text + digits, units[i].unit) == 0) {
            *out_s = strtoll(text, NULL, 10) * units[i].seconds;
            return true;
        }
    }
    return false;
}

int worlds_read_windows(const char *text, int64_t *out_length_s, struct error *err)
{
    if (!text)
        return STATUS_OK;
    const char *length = strcmp(text, "day") == 0 ? "1d" : strcmp(text, "week") == 0 ? "1w" : text;
    *out_length_s = 0;
    if (strcmp(text, "month") == 0 || (read_duration(length, out_length_s) && *out_length_s > 0))
        return STATUS_OK;
    return error_set(err, STATUS_BAD_INPUT,
                     "--windows %s: write day, week, month, or a duration such as 36h or 10d",
                     text);
}

int worlds_read_lead(const char *text, int64_t *out_lead_s, struct error *err)
{
    if (!text || read_duration(text, out_lead_s))
        return STATUS_OK;
    return error_set(err, STATUS_BAD_INPUT, "--lead %s: write a duration such as 6h or 1d", text);
}
