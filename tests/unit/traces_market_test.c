/* Looking a market's steps up: the same as going through them one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/pcg64.h"
#include "traces/trace.h"

#include <stdio.h>
#include <stdlib.h>

enum { STEPS_MAX = 5 * PEAK_STEPS };

static size_t first_after(const struct market *market, size_t from, int64_t time_s)
{
    while (from < market->step_count && market->steps[from].time_s <= time_s)
        from++;
    return from;
}

static size_t first_above(const struct market *market, size_t from, int64_t micro_usd_per_hour)
{
    while (from < market->step_count &&
           market->steps[from].micro_usd_per_hour <= micro_usd_per_hour)
        from++;
    return from;
}

static size_t first_outside(const struct market *market, size_t from, int64_t low, int64_t high)
{
    while (from < market->step_count && market->steps[from].micro_usd_per_hour >= low &&
           market->steps[from].micro_usd_per_hour <= high)
        from++;
    return from;
}

/* Few different prices, so that they are met exactly; long stretches below, and peaks at the edges
 * of what is known together. */
static void make(struct market *market, struct pcg64 *rng)
{
    int64_t time_s = 0;
    market->step_count = pcg64_below(rng, STEPS_MAX + 1);
    for (size_t i = 0; i < market->step_count; i++) {
        time_s += 1 + (int64_t)pcg64_below(rng, 4);
        bool edge = i % PEAK_STEPS == 0 || i % PEAK_STEPS == PEAK_STEPS - 1;
        bool high = pcg64_below(rng, edge ? 4 : 100) == 0;
        market->steps[i] = (struct price_step){time_s, high ? 10 : (int64_t)pcg64_below(rng, 6)};
    }
}

static void lookups_agree_with_going_through(void **state)
{
    (void)state;
    struct price_step steps[STEPS_MAX];
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct pcg64 rng;
        struct market market = {.steps = steps};
        struct trace_set set = {.markets = &market, .market_count = 1};
        pcg64_seed(&rng, seed, 1);
        make(&market, &rng);
        market.zone = market.instance_type = market.product = (char *)"x";
        if (seed % 2)
            trace_set_seal(&set);
        for (int question = 0; question < 200; question++) {
            size_t from = pcg64_below(&rng, market.step_count + 1);
            int64_t time_s = (int64_t)pcg64_below(&rng, 3 * STEPS_MAX) - 1;
            int64_t price = (int64_t)pcg64_below(&rng, 12) - 1;
            size_t after = price_step_after(steps, market.step_count, from, time_s);
            size_t above = market_step_above(&market, from, price);
            if (after != first_after(&market, from, time_s) ||
                above != first_above(&market, from, price))
                fail_msg("seed %d: from %zu, %lld s, price %lld: %zu and %zu", (int)seed, from,
                         (long long)time_s, (long long)price, after, above);
            int64_t low = question % 3 ? price - (int64_t)pcg64_below(&rng, 6) : INT64_MIN;
            int64_t high = question % 5 ? price : INT64_MAX;
            size_t outside = market_step_outside(&market, from, low, high);
            if (outside != first_outside(&market, from, low, high))
                fail_msg("seed %d: from %zu, prices %lld to %lld: %zu", (int)seed, from,
                         (long long)low, (long long)high, outside);
        }
        free(market.peaks);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lookups_agree_with_going_through)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
