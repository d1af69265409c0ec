/* How long prices that a policy read do not matter to it: what comes is known, it is in the traces.
 */
#include "skipping.h"

#include "world.h"

#include <assert.h>

static int64_t earliest(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Before which second the price of a pool, which is looked up, stays within `band`. */
static int64_t within_until_s(struct pool *pool, const struct price_band *band, int64_t now_s)
{
    if (band->low_micro_usd == INT64_MIN && band->high_micro_usd == INT64_MAX)
        return INT64_MAX;
    struct pool_band *known = &pool->band;
    if (known->until_s <= now_s || known->band.low_micro_usd != band->low_micro_usd ||
        known->band.high_micro_usd != band->high_micro_usd) {
        const struct market *market = pool->market;
        size_t step =
            market_step_outside(market, pool->next_step, band->low_micro_usd, band->high_micro_usd);
        known->band = *band;
        known->until_s = step < market->step_count ? market->steps[step].time_s : INT64_MAX;
    }
    return known->until_s;
}

/* The same of all of them, as `answer` tells them to a policy that has bands. */
static int64_t all_within_until_s(struct world *world, const struct ballast_answer *answer)
{
    int64_t until_s = INT64_MAX;
    for (size_t i = 0; i < answer->spot_price_count; i++) {
        struct pool *pool = &world->fleet.pools[i];
        struct price_band band;
        assert(!pool->retired); /* where evaluations are skipped nobody requests another fleet */
        if (!controller_price_band(world->controller, &answer->spot_prices[i], &band))
            return world->fleet.next_price_s;
        until_s = earliest(until_s, within_until_s(pool, &band, world->now_s));
    }
    return until_s;
}

int64_t price_promise(struct world *world, const struct ballast_observation *observation)
{
    struct skipping *skipping = &world->skipping;
    const struct ballast_answer *answer = seen_answer(world, observation, BALLAST_READ_SPOT_PRICES);
    if (!answer)
        return INT64_MAX;
    /* Prices that stayed within their bands say nothing new. */
    if (skipping->priced_changes != world->fleet.pool_changes ||
        skipping->priced_until_s <= world->now_s) {
        skipping->priced_changes = world->fleet.pool_changes;
        skipping->priced_until_s = all_within_until_s(world, answer);
    }
    return skipping->priced_until_s;
}
