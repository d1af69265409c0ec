/* Looking things up in a market's steps. */
#include "traces/trace.h"

size_t price_step_after(const struct price_step *steps, size_t count, size_t from, int64_t time_s)
{
    size_t reach = 1;
    for (; from + reach <= count && steps[from + reach - 1].time_s <= time_s; reach *= 2)
        from += reach;
    while (reach > 1) {
        reach /= 2;
        if (from + reach <= count && steps[from + reach - 1].time_s <= time_s)
            from += reach;
    }
    return from;
}

size_t market_step_above(const struct market *market, size_t from, int64_t micro_usd_per_hour)
{
    const struct price_step *steps = market->steps;
    size_t count = market->step_count;
    size_t i = from;
    while (i < count && steps[i].micro_usd_per_hour <= micro_usd_per_hour) {
        i++;
        while (market->peaks && i % PEAK_STEPS == 0 && i < count &&
               market->peaks[i / PEAK_STEPS] <= micro_usd_per_hour)
            i += PEAK_STEPS;
    }
    return i < count ? i : count;
}

size_t market_step_outside(const struct market *market, size_t from, int64_t low_micro_usd,
                           int64_t high_micro_usd)
{
    size_t above = high_micro_usd == INT64_MAX ? market->step_count
                                               : market_step_above(market, from, high_micro_usd);
    if (low_micro_usd == INT64_MIN)
        return above;
    size_t i = from;
    while (i < above && market->steps[i].micro_usd_per_hour >= low_micro_usd)
        i++;
    return i;
}
