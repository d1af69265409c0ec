#include "reduce.h"

#include "base/decimal.h"

#include <stdbool.h>

enum { EXTREMES = 6, KEPT_MOST = EXTREMES + 2 };

static int64_t column_of(int64_t time_s, int64_t from_s, int64_t to_s, size_t columns)
{
    int128 share = (int128)(time_s - from_s) * (int64_t)columns;
    return to_s > from_s ? (int64_t)(share / (to_s - from_s)) : 0;
}

/* Whether a is further out than b: 0 and 1 the most and the least missing, ... */
static bool further(int which, const struct level *a, const struct level *b)
{
    const int64_t values[][2] = {{a->missing_micro, b->missing_micro},
                                 {a->on_demand_micro, b->on_demand_micro},
                                 {a->desired, b->desired}};
    const int64_t *pair = values[which / 2];
    return which % 2 ? pair[0] < pair[1] : pair[0] > pair[1];
}

/* The levels [begin, end) of one column; puts those that are kept at *out. */
static void keep(struct level *levels, size_t begin, size_t end, size_t *out)
{
    size_t kept[KEPT_MOST] = {begin, end - 1};
    for (int which = 0; which < EXTREMES; which++) {
        size_t best = begin;
        for (size_t i = begin + 1; i < end; i++) {
            if (further(which, &levels[i], &levels[best]))
                best = i;
        }
        kept[which + 2] = best;
    }
    for (size_t i = begin; i < end; i++) {
        bool wanted = false;
        for (size_t k = 0; k < KEPT_MOST; k++)
            wanted = wanted || kept[k] == i;
        if (wanted)
            levels[(*out)++] = levels[i]; /* never before it was read: *out <= i */
    }
}

size_t levels_reduce(struct level *levels, size_t count, int64_t from_s, int64_t to_s,
                     size_t columns)
{
    size_t out = 0;
    for (size_t begin = 0; begin < count;) {
        size_t end = begin + 1;
        int64_t column = column_of(levels[begin].time_s, from_s, to_s, columns);
        while (end < count && column_of(levels[end].time_s, from_s, to_s, columns) == column)
            end++;
        keep(levels, begin, end, &out);
        begin = end;
    }
    return out;
}

/* Steps [begin, end) of one column; puts those that are kept at *count of `out`. */
static void keep_prices(const struct price_step *steps, size_t begin, size_t end,
                        struct price_step *out, size_t *count)
{
    size_t lowest = begin;
    size_t highest = begin;
    for (size_t i = begin; i < end; i++) {
        if (steps[i].micro_usd_per_hour < steps[lowest].micro_usd_per_hour)
            lowest = i;
        if (steps[i].micro_usd_per_hour > steps[highest].micro_usd_per_hour)
            highest = i;
    }
    for (size_t i = begin; i < end; i++) {
        if (i == begin || i + 1 == end || i == lowest || i == highest)
            out[(*count)++] = steps[i];
    }
}

size_t prices_reduce(const struct price_step *steps, size_t count, int64_t from_s, int64_t to_s,
                     size_t columns, struct price_step *out)
{
    size_t kept = 0;
    size_t begin = price_step_after(steps, count, 0, from_s);
    begin -= begin > 0;
    while (begin < count && steps[begin].time_s < to_s) {
        size_t end = begin + 1;
        int64_t time_s = steps[begin].time_s > from_s ? steps[begin].time_s : from_s;
        int64_t column = column_of(time_s, from_s, to_s, columns);
        while (end < count && steps[end].time_s < to_s &&
               column_of(steps[end].time_s, from_s, to_s, columns) == column)
            end++;
        keep_prices(steps, begin, end, out, &kept);
        begin = end;
    }
    if (kept && out[0].time_s < from_s)
        out[0].time_s = from_s;
    return kept;
}
