#include "run_prices.h"

#include "base/memory.h"
#include "record/told.h"

#include <stdlib.h>
#include <string.h>

/* As the simulation compares prices with it, but for fractions of a micro-USD. */
static int64_t cap_of(const struct fleet_pool *pool)
{
    if (pool->cap_per_unit_micro_usd < 0)
        return pool->on_demand_micro_usd;
    int128 cap = (int128)pool->cap_per_unit_micro_usd * pool->weight_micro / MICRO;
    return cap < INT64_MAX ? (int64_t)cap : INT64_MAX;
}

static bool same_market(const struct pool_prices *pool, const char *zone, const char *instance_type)
{
    return strcmp(pool->zone, zone) == 0 && strcmp(pool->instance_type, instance_type) == 0;
}

static bool is_there(const struct run_prices *prices, const struct pool_prices *pool)
{
    for (size_t i = 0; i < prices->count; i++) {
        const struct pool_prices *other = &prices->pools[i];
        if (same_market(other, pool->zone, pool->instance_type) &&
            other->weight_micro == pool->weight_micro &&
            other->cap_micro_usd == pool->cap_micro_usd)
            return true;
    }
    return false;
}

static void sum_steps(struct pool_prices *pool, const struct market *market, int64_t from_s,
                      int64_t to_s)
{
    size_t first = price_step_after(market->steps, market->step_count, 0, from_s);
    first -= first > 0; /* what was in force at from_s */
    for (size_t i = first; i < market->step_count && market->steps[i].time_s < to_s; i++) {
        const struct price_step *step = &market->steps[i];
        int64_t begin_s = step->time_s > from_s ? step->time_s : from_s;
        int64_t end_s = i + 1 < market->step_count ? market->steps[i + 1].time_s : to_s;
        end_s = end_s < to_s ? end_s : to_s;
        int64_t price = step->micro_usd_per_hour;
        if (pool->step_count == 0 || price < pool->lowest_micro_usd)
            pool->lowest_micro_usd = price;
        if (pool->step_count == 0 || price > pool->highest_micro_usd)
            pool->highest_micro_usd = price;
        pool->sum_micro_usd_s += (int128)price * (end_s - begin_s);
        pool->known_s += end_s - begin_s;
        pool->above_s += price > pool->cap_micro_usd ? end_s - begin_s : 0;
        pool->step_count++;
    }
    pool->steps = &market->steps[first];
}

static void take_interrupted(const struct told_interrupted *interrupted, void *context)
{
    struct run_prices *prices = context;
    for (size_t i = 0; i < prices->count; i++) {
        struct pool_prices *pool = &prices->pools[i];
        if (!same_market(pool, interrupted->zone, interrupted->instance_type))
            continue;
        ARRAY_PUSH(pool->notices, pool->notice_count, pool->notice_capacity, interrupted->notice_s);
        ARRAY_PUSH(pool->notices, pool->notice_count, pool->notice_capacity,
                   interrupted->instances);
        pool->interrupted += interrupted->instances;
    }
}

int run_prices_read(struct run_prices *prices, struct results *results, int64_t run,
                    const struct run_market *market, int64_t from_s, int64_t to_s,
                    struct error *err)
{
    const struct scenario *scenario = market->scenario;
    *prices = (struct run_prices){.interrupt = scenario->interruptions == INTERRUPTIONS_PRICE};
    prices->pools = memory_new(scenario->fleet.pool_count, sizeof *prices->pools);
    for (size_t i = 0; i < scenario->fleet.pool_count; i++) {
        const struct fleet_pool *fleet_pool = &scenario->fleet.pools[i];
        struct pool_prices pool = {.zone = fleet_pool->zone,
                                   .instance_type = fleet_pool->instance_type,
                                   .weight_micro = fleet_pool->weight_micro,
                                   .cap_micro_usd = cap_of(fleet_pool)};
        if (is_there(prices, &pool))
            continue;
        for (size_t m = 0; m < market->traces->market_count; m++) {
            const struct market *traced = &market->traces->markets[m];
            if (same_market(&pool, traced->zone, traced->instance_type) &&
                strcmp(traced->product, scenario->product) == 0)
                sum_steps(&pool, traced, from_s, to_s);
        }
        prices->pools[prices->count++] = pool;
    }
    return results_each_interrupted(results, run, from_s, to_s, take_interrupted, prices, err);
}

void run_prices_clean_up(struct run_prices *prices)
{
    for (size_t i = 0; i < prices->count; i++)
        free(prices->pools[i].notices);
    free(prices->pools);
}

size_t run_prices_drawn(const struct run_prices *prices,
                        const struct pool_prices *out_pools[POOLS_DRAWN_MOST])
{
    size_t drawn = 0;
    for (size_t i = 0; i < prices->count; i++) {
        const struct pool_prices *pool = &prices->pools[i];
        size_t before = 0; /* pools that have more, or as many and come first */
        for (size_t k = 0; k < prices->count; k++) {
            const struct pool_prices *other = &prices->pools[k];
            before += other->step_count > 0 && (other->interrupted > pool->interrupted ||
                                                (other->interrupted == pool->interrupted && k < i));
        }
        if (pool->step_count > 0 && before < POOLS_DRAWN_MOST)
            out_pools[drawn++] = pool;
    }
    return drawn;
}
