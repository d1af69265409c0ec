/* Where a Spot Fleet launches, and what it gives up: the allocation strategies.
 *
 * As the EC2 guide describes them; the order among equals, and what stands for the capacity that
 * AWS sees and nobody else, are assumptions (docs/model.md, "Spot Fleet").
 */
#include "base/decimal.h"
#include "capacity.h"
#include "fleet.h"

/* Price per unit of a below that of b: p_a / w_a < p_b / w_b, without dividing. */
static bool cheaper_per_unit(const struct pool *a, const struct pool *b)
{
    if (a->specification->weight_micro == b->specification->weight_micro)
        return a->micro_usd_per_hour < b->micro_usd_per_hour;
    return (int128)a->micro_usd_per_hour * b->specification->weight_micro <
           (int128)b->micro_usd_per_hour * a->specification->weight_micro;
}

static bool dearer_per_unit(const struct pool *a, const struct pool *b)
{
    return cheaper_per_unit(b, a);
}

/* Of the pool's price, times MICRO. */
static int128 cap_of(const struct fleet_pool *specification)
{
    return specification->cap_per_unit_micro_usd >= 0
               ? (int128)specification->cap_per_unit_micro_usd * specification->weight_micro
               : (int128)specification->on_demand_micro_usd * MICRO;
}

int64_t pool_cap_micro_usd(const struct pool *pool)
{
    int128 cap = cap_of(pool->specification) / MICRO;
    return cap < INT64_MAX ? (int64_t)cap : INT64_MAX;
}

/* Negative, zero or positive as the pool's price is below, at or above its cap. */
static int price_against_cap(const struct pool *pool)
{
    int128 price = (int128)pool->micro_usd_per_hour * MICRO;
    int128 cap = cap_of(pool->specification);
    return price < cap ? -1 : price > cap;
}

bool pool_affordable(const struct world *world, const struct pool *pool)
{
    int against_cap = price_against_cap(pool);
    if (against_cap > 0 || (against_cap == 0 && !world->scenario->account.launch_at_equal))
        return false;
    /* diversified never launches at or above the on-demand price, whatever the cap. */
    return world->fleet.request->strategy != STRATEGY_DIVERSIFIED ||
           pool->micro_usd_per_hour < pool->specification->on_demand_micro_usd;
}

static bool eligible(const struct world *world, const struct pool *pool, bool replacement)
{
    if (pool->retired || !pool->affordable || pool_free_capacity(world, pool) <= 0)
        return false;
    /* A replacement is to be better off; lowestPrice looks at nothing but prices. */
    return !replacement || world->fleet.request->strategy == STRATEGY_LOWEST_PRICE ||
           world->now_s >= world->fleet.places[pool->place].risk_until_s;
}

/* Whether the pool is among the InstancePoolsToUseCount cheapest that can be launched in. */
static bool among_cheapest(const struct world *world, const struct pool *pool, bool replacement)
{
    int64_t before = 0;
    for (size_t i = 0; i < world->fleet.pool_count; i++) {
        const struct pool *other = &world->fleet.pools[i];
        bool first =
            cheaper_per_unit(other, pool) || (other < pool && !cheaper_per_unit(pool, other));
        before += other != pool && first && eligible(world, other, replacement);
    }
    return before < world->fleet.request->pools_to_use;
}

/* Whether the pool's place can take all that the fleet lacks. */
static bool takes_all(const struct world *world, const struct pool *pool)
{
    int64_t lacking = fleet_spot_lacking(&world->fleet);
    int64_t free = pool_free_capacity(world, pool);
    return free == INT64_MAX || (int128)free * pool->specification->weight_micro >= lacking;
}

/* Whether the next instance goes rather to `pool` than to `best`, which stands before it. */
static bool preferred(const struct world *world, const struct pool *pool, const struct pool *best)
{
    const struct spot_fleet *request = world->fleet.request;
    switch (request->strategy) {
    case STRATEGY_LOWEST_PRICE:
        if (request->pools_to_use > 1 && pool->allocated_micro != best->allocated_micro)
            return pool->allocated_micro < best->allocated_micro;
        break;
    case STRATEGY_DIVERSIFIED:
        if (pool->allocated_micro != best->allocated_micro)
            return pool->allocated_micro < best->allocated_micro;
        break;
    case STRATEGY_CAPACITY_OPTIMIZED:
        return pool_free_capacity(world, pool) > pool_free_capacity(world, best);
    case STRATEGY_PRICE_CAPACITY_OPTIMIZED:
        if (takes_all(world, pool) != takes_all(world, best))
            return takes_all(world, pool);
        break;
    case STRATEGY_CAPACITY_OPTIMIZED_PRIORITIZED:
        if (takes_all(world, pool) != takes_all(world, best))
            return takes_all(world, pool);
        if (pool->specification->priority != best->specification->priority)
            return pool->specification->priority < best->specification->priority;
        return pool_free_capacity(world, pool) > pool_free_capacity(world, best);
    }
    return cheaper_per_unit(pool, best);
}

/* With the least allocated, then the cheapest, wherever there is capacity. Which of two pools it is
 * can hardly be foretold, so nothing branches on it. */
static struct pool *least_allocated(const struct world *world)
{
    struct pool *best = NULL;
    int64_t least_micro = INT64_MAX;
    struct pool *end = world->fleet.pools + world->fleet.pool_count;
    for (struct pool *pool = world->fleet.pools; pool < end; pool++) {
        if (pool->retired | !pool->affordable)
            continue;
        bool first = !best;
        bool cheaper = cheaper_per_unit(pool, first ? pool : best);
        bool better = (pool->allocated_micro < least_micro) |
                      ((pool->allocated_micro == least_micro) & cheaper) | first;
        least_micro = better ? pool->allocated_micro : least_micro;
        best = better ? pool : best;
    }
    return best;
}

struct pool *fleet_choose_pool(const struct world *world, bool replacement)
{
    const struct spot_fleet *request = world->fleet.request;
    bool some = request->pools_to_use > 1;
    struct pool *best = NULL;
    if (request->strategy == STRATEGY_DIVERSIFIED && !some && !replacement) {
        best = least_allocated(world);
        if (!best || pool_free_capacity(world, best) > 0)
            return best;
        best = NULL; /* another one, where there is capacity */
    }
    for (size_t i = 0; i < world->fleet.pool_count; i++) {
        struct pool *pool = &world->fleet.pools[i];
        if ((!best || preferred(world, pool, best)) && eligible(world, pool, replacement) &&
            (!some || among_cheapest(world, pool, replacement)))
            best = pool;
    }
    return best;
}

bool fleet_within_spot_budget(const struct world *world, const struct pool *pool)
{
    int64_t budget = world->fleet.request->spot_budget_micro_usd;
    if (budget == 0)
        return true;
    int128 sum = pool->micro_usd_per_hour;
    for (size_t i = 0; i < world->fleet.pool_count; i++) {
        const struct pool *other = &world->fleet.pools[i];
        int64_t instances = other->allocated_micro / other->specification->weight_micro;
        sum += (int128)other->micro_usd_per_hour * instances;
    }
    return sum <= budget;
}

/* The newest instance of the pool before `end`, or NO_INSTANCE. */
static int32_t newest_before(const struct pool *pool, int32_t end)
{
    int32_t newest = NO_INSTANCE;
    for (size_t slot = 0; slot < pool->slot_count; slot++) {
        int32_t index = pool->slots[slot];
        bool newer = (index < end) & (index > newest);
        newest = newer ? index : newest;
    }
    return newest;
}

/* Newest running instance of the pool with neither notice nor mark, or NO_INSTANCE. */
static int32_t newest_spare(const struct world *world, const struct pool *pool)
{
    int32_t index = newest_before(pool, INT32_MAX);
    while (index != NO_INSTANCE &&
           !(world->instances[index].running && instance_kept(world, &world->instances[index])))
        index = newest_before(pool, index);
    return index;
}

/* Whether an instance is rather given up in `pool` than in `best`, which stands before it. */
static bool given_up(const struct world *world, const struct pool *pool, const struct pool *best)
{
    switch (world->fleet.request->strategy) {
    case STRATEGY_LOWEST_PRICE:
    case STRATEGY_DIVERSIFIED: /* most_kept */
        break;
    case STRATEGY_CAPACITY_OPTIMIZED:
    case STRATEGY_CAPACITY_OPTIMIZED_PRIORITIZED:
    case STRATEGY_PRICE_CAPACITY_OPTIMIZED: {
        int64_t free = pool_free_capacity(world, pool);
        int64_t best_free = pool_free_capacity(world, best);
        if (free != best_free)
            return free < best_free;
        break;
    }
    }
    return dearer_per_unit(pool, best);
}

static bool spares(const struct pool *pool, int64_t spare_micro)
{
    return (pool->kept_running > 0) & (pool->specification->weight_micro <= spare_micro);
}

/* Of those with the most kept, the dearest. As least_allocated, without branches. */
static const struct pool *most_kept(const struct fleet *fleet, int64_t spare_micro)
{
    const struct pool *best = NULL;
    int64_t most_micro = INT64_MIN;
    const struct pool *end = fleet->pools + fleet->pool_count;
    for (const struct pool *pool = fleet->pools; pool < end; pool++) {
        bool first = !best;
        bool dearer = dearer_per_unit(pool, first ? pool : best);
        bool better =
            (pool->kept_micro > most_micro) | ((pool->kept_micro == most_micro) & dearer) | first;
        better &= spares(pool, spare_micro);
        most_micro = better ? pool->kept_micro : most_micro;
        best = better ? pool : best;
    }
    return best;
}

int32_t fleet_choose_excess(const struct world *world)
{
    const struct fleet *fleet = &world->fleet;
    int64_t spare_micro = fleet->kept_micro - fleet_spot_target(fleet);
    const struct pool *best = NULL;
    if (fleet->request->strategy == STRATEGY_DIVERSIFIED) {
        best = most_kept(fleet, spare_micro);
        return best ? newest_spare(world, best) : NO_INSTANCE;
    }
    for (size_t i = 0; i < fleet->pool_count; i++) {
        const struct pool *pool = &fleet->pools[i];
        if (spares(pool, spare_micro) && (!best || given_up(world, pool, best)))
            best = pool;
    }
    return best ? newest_spare(world, best) : NO_INSTANCE;
}
