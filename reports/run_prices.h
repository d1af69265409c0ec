/* The spot prices that a run's fleet met, against its caps: from the run's traces, which a results
 * database does not hold. Inside reports/ only. */
#ifndef REPORTS_RUN_PRICES_H
#define REPORTS_RUN_PRICES_H

#include "base/decimal.h"
#include "record/database.h"
#include "run_market.h"

struct pool_prices {
    const char *zone; /* this and the next borrowed from the scenario */
    const char *instance_type;
    int64_t weight_micro;
    int64_t cap_micro_usd;          /* of an instance, per hour */
    const struct price_step *steps; /* borrowed from the traces: from the first in force on */
    size_t step_count;
    /* Within the span, where a price was known: */
    int64_t lowest_micro_usd;
    int64_t highest_micro_usd;
    int128 sum_micro_usd_s; /* the mean times known_s */
    int64_t known_s;
    int64_t above_s;  /* above the cap */
    int64_t *notices; /* second, instances, second, instances, ... */
    size_t notice_count;
    size_t notice_capacity;
    int64_t interrupted; /* instances */
};

/* Pools that are alike in all of the above are one. In the fleet's order. */
struct run_prices {
    struct pool_prices *pools;
    size_t count;
    bool interrupt; /* prices are what interrupts in this run */
};

/* `market` is at hand. */
int run_prices_read(struct run_prices *prices, struct results *results, int64_t run,
                    const struct run_market *market, int64_t from_s, int64_t to_s,
                    struct error *err);
void run_prices_clean_up(struct run_prices *prices);

/* The pools that a picture has room for, those with the most interruptions, in the fleet's order;
 * returns how many. */
enum { POOLS_DRAWN_MOST = 12 };
size_t run_prices_drawn(const struct run_prices *prices,
                        const struct pool_prices *out_pools[POOLS_DRAWN_MOST]);

#endif
