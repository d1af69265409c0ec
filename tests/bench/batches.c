/* Runs of one year that share their fleet, beside the same runs alone. */
#include "base/memory.h"
#include "bench.h"

#include <stdio.h>

enum { LANES = 64, MANY = 1024 };

/* Beside stepping and skipping alone, and with so many runs that what is shared costs nothing. */
static void bench_batch(int runs, const char *what, struct year year)
{
    year.lanes = 0;
    struct measured stepping = measure(simulate_years, &year, 1);
    year.skipping = true;
    struct measured skipping = measure(simulate_years, &year, runs);
    year.lanes = MANY;
    struct measured many =
        year.windows ? (struct measured){0} : measure(simulate_batch, &year, runs);
    year.lanes = LANES;
    struct measured batch = measure(simulate_batch, &year, runs);
    char beside[160];
    int length =
        snprintf(beside, sizeof beside, "%.0fx stepping (%.1f a second), %.1fx skipping (%.1f)",
                 batch.median / stepping.median, stepping.median, batch.median / skipping.median,
                 skipping.median);
    if (!year.windows)
        snprintf(beside + length, sizeof beside - (size_t)length, "; of %d: %.0f a second", MANY,
                 many.median);
    tell(what, batch, beside);
}

void bench_batches(int runs)
{
    static const struct {
        const char *what;
        int64_t every_s;
        bool target_stays;
    } demands[] = {{"demand constant", 0, false},
                   {"demand every hour, target stays", 3600, true},
                   {"demand every 5 min, target stays", 300, true},
                   {"demand every minute, target stays", 60, true},
                   {"demand and target every hour", 3600, false},
                   {"demand and target every 5 min", 300, false}};
    for (size_t d = 0; d < ARRAY_LENGTH(demands); d++) {
        struct year year = {.policy = "pending-capacity",
                            .demand_every_s = demands[d].every_s,
                            .target_stays = demands[d].target_stays};
        char what[96];
        snprintf(what, sizeof what, "64 cooldowns in a batch: %s", demands[d].what);
        bench_batch(runs, what, year);
        year.windows = true;
        snprintf(what, sizeof what, "64 windows in a batch: %s", demands[d].what);
        bench_batch(runs, what, year);
    }
}
