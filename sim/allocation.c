/* Where a Spot Fleet launches, and what it gives up: the allocation strategies.
 *
 * lowestPrice and diversified as the EC2 guide describes them; the order among equals is an
 * assumption (docs/model.md, "Spot Fleet").
 */
#include "base/decimal.h"
#include "capacity.h"
#include "world.h"

/* Price per unit of a below that of b: p_a / w_a < p_b / w_b, without dividing. */
static bool cheaper_per_unit(const struct pool *a, const struct pool *b)
{
    return (int128)a->micro_usd_per_hour * b->specification->weight_micro <
           (int128)b->micro_usd_per_hour * a->specification->weight_micro;
}

static bool dearer_per_unit(const struct pool *a, const struct pool *b)
{
    return cheaper_per_unit(b, a);
}

/* Negative, zero or positive as the pool's price is below, at or above its cap. */
static int price_against_cap(const struct pool *pool)
{
    const struct fleet_pool *specification = pool->specification;
    int128 price = (int128)pool->micro_usd_per_hour * MICRO;
    int128 cap = specification->cap_per_unit_micro_usd >= 0
                     ? (int128)specification->cap_per_unit_micro_usd * specification->weight_micro
                     : (int128)specification->on_demand_micro_usd * MICRO;
    return price < cap ? -1 : price > cap;
}

static bool eligible(const struct world *world, const struct pool *pool)
{
    int against_cap = price_against_cap(pool);
    if (against_cap > 0 || (against_cap == 0 && !world->scenario->account.launch_at_equal))
        return false;
    if (pool_free_capacity(world, pool) <= 0)
        return false;
    /* diversified never launches at or above the on-demand price, whatever the cap. */
    return world->scenario->fleet.strategy != STRATEGY_DIVERSIFIED ||
           pool->micro_usd_per_hour < pool->specification->on_demand_micro_usd;
}

struct pool *fleet_choose_pool(const struct world *world)
{
    bool diversified = world->scenario->fleet.strategy == STRATEGY_DIVERSIFIED;
    struct pool *best = NULL;
    for (size_t i = 0; i < world->fleet.pool_count; i++) {
        struct pool *pool = &world->fleet.pools[i];
        if (!eligible(world, pool))
            continue;
        bool better = !best || cheaper_per_unit(pool, best);
        if (best && diversified && pool->allocated_micro != best->allocated_micro)
            better = pool->allocated_micro < best->allocated_micro;
        if (better)
            best = pool;
    }
    return best;
}

/* Newest running instance of the pool without a notice that the fleet can do without, or
 * NO_INSTANCE. */
static int32_t newest_spare(const struct world *world, const struct pool *pool, int64_t spare_micro)
{
    int32_t newest = NO_INSTANCE;
    if (pool->specification->weight_micro > spare_micro)
        return NO_INSTANCE;
    for (size_t slot = 0; slot < pool->slot_count; slot++) {
        int32_t index = pool->slots[slot];
        if (index == NO_INSTANCE || index < newest)
            continue;
        const struct instance *instance = &world->instances[index];
        if (instance->running && instance->notice_s == RECORD_NEVER)
            newest = index;
    }
    return newest;
}

/* Weights of the pool's instances that will stay: those without a notice. */
static int64_t staying_micro(const struct world *world, const struct pool *pool)
{
    int64_t sum_micro = 0;
    for (size_t slot = 0; slot < pool->slot_count; slot++) {
        int32_t index = pool->slots[slot];
        if (index != NO_INSTANCE && world->instances[index].notice_s == RECORD_NEVER)
            sum_micro += world->instances[index].weight_micro;
    }
    return sum_micro;
}

int32_t fleet_choose_excess(const struct world *world, int64_t size_micro)
{
    bool diversified = world->scenario->fleet.strategy == STRATEGY_DIVERSIFIED;
    int64_t spare_micro = size_micro - world->fleet.target_micro;
    const struct pool *best = NULL;
    int64_t best_staying = 0;
    int32_t chosen = NO_INSTANCE;
    for (size_t i = 0; i < world->fleet.pool_count; i++) {
        const struct pool *pool = &world->fleet.pools[i];
        int32_t candidate = newest_spare(world, pool, spare_micro);
        if (candidate == NO_INSTANCE)
            continue;
        int64_t staying = staying_micro(world, pool);
        bool better = !best || dearer_per_unit(pool, best);
        if (best && diversified && staying != best_staying)
            better = staying > best_staying;
        if (better) {
            best = pool;
            best_staying = staying;
            chosen = candidate;
        }
    }
    return chosen;
}

bool pool_above_cap(const struct pool *pool)
{
    return price_against_cap(pool) > 0;
}
