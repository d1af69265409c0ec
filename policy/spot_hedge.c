/* spot-hedge: the dearer a pool, the more of what the fleet has there is backed before it is lost.
 *
 * Of each pool, by the newest price: ratio = price per unit and hour / limit. The share of the
 * pool's capacity that is at risk is 0 up to start_percent, 1 from full_percent on, and rises in a
 * straight line between (in thousandths, rounded down; with full_percent not above start_percent it
 * leaps at start_percent). at risk = the sum of share * fulfilled, each rounded up to a micro-unit,
 * at most what the fleet has. The backup is target - (fulfilled - at risk), in instances, within
 * MinSize..MaxSize. A pool without a row in the answer is taken to be safe.
 *
 * Not SkyServe's SpotHedge, which hedges by readiness: see dynamic-fallback.
 */
#include "policy/builtin.h"
#include "policy/sizing.h"
#include "policy/spot_pools.h"

enum parameter {
    LIMIT,
    START_PERCENT,
    FULL_PERCENT,
    UNKNOWN_POOLS,
    UNITS_PER_INSTANCE,
    PARAMETER_COUNT
};

static const char *const unknown_choices[] = {"hold", "even", NULL};

static const struct ballast_parameter parameters_table[PARAMETER_COUNT] = {
    [LIMIT] = {"limit_usd_per_unit_hour", BALLAST_CAPACITY, "USD", 48000, 1,
               1000 * (int64_t)BALLAST_MICRO, NULL,
               "price of a unit and hour at which spot is lost or pointless: the fleet's own cap "
               "(SpotPrice), or on demand; give yours (0.048 is m5.xlarge on demand in us-east-1, "
               "a unit a vCPU)"},
    [START_PERCENT] = {"start_percent", BALLAST_INTEGER, "% of the limit", 50, 0, 1000, NULL,
                       "up to this price nothing is at risk: on a quiet market spot costs less "
                       "than half"},
    [FULL_PERCENT] = {"full_percent", BALLAST_INTEGER, "% of the limit", 90, 0, 1000, NULL,
                      "from this price on all of the pool is: the backup is up before the limit "
                      "is reached"},
    [UNKNOWN_POOLS] = SPOT_POOLS_UNKNOWN_PARAMETER(unknown_choices),
    [UNITS_PER_INSTANCE] = SIZING_UNITS_PER_INSTANCE_PARAMETER,
};

enum { READ_FLEET, READ_PRICES, READ_COUNT };

static const struct ballast_read reads[READ_COUNT] = {
    [READ_FLEET] = {.kind = BALLAST_READ_FLEET},
    [READ_PRICES] = {.kind = BALLAST_READ_SPOT_PRICES},
};

enum reason { POOLS_MISSING = SIZING_REASONS, POOLS_UNKNOWN, REASON_COUNT };

static const struct ballast_reason reasons[REASON_COUNT] = {
    [SIZING_GROUP_UNKNOWN] = SIZING_GROUP_UNKNOWN_REASON,
    [SIZING_FLEET_UNKNOWN] = SIZING_FLEET_UNKNOWN_REASON,
    [SIZING_FLEET_INACTIVE] = SIZING_FLEET_INACTIVE_REASON,
    [SIZING_FITS] = {"size-fits",
                     "the fleet has {0u} of {3u} units, {4u} of them at prices close to the limit: "
                     "{1} instances within MinSize and MaxSize, as many as the group wants"},
    [SIZING_OUT] = {"scale-out",
                    "the fleet has {0u} of {3u} units, {4u} of them at prices close to the limit: "
                    "{1} instances within MinSize and MaxSize, the group wants {2}: more at once"},
    [SIZING_IN] = {"scale-in",
                   "the fleet has {0u} of {3u} units, {4u} of them at prices close to the limit: "
                   "{1} instances within MinSize and MaxSize, the group wants {2}: fewer, once "
                   "the cooldown allows"},
    [POOLS_MISSING] = SPOT_POOLS_MISSING_REASON,
    [POOLS_UNKNOWN] = SPOT_POOLS_UNKNOWN_REASON,
};

__extension__ typedef __int128 wide;

static const int64_t hundred = 100 * (int64_t)BALLAST_MICRO; /* per cent of a micro-unit */

/* Whether nothing of a pool is at risk, as most of the time: where 64 bits suffice to say so. */
static bool is_calm(const struct ballast_spot_price *row, const int64_t *parameters)
{
    int64_t price = 0;
    int64_t start = 0;
    return !__builtin_mul_overflow(row->micro_usd_per_hour, hundred, &price) &&
           !__builtin_mul_overflow(parameters[LIMIT] * parameters[START_PERCENT], row->weight_micro,
                                   &start) &&
           price <= start;
}

/* How much of a pool is at risk, in thousandths. Prices are compared multiplied out, so nothing is
 * rounded before the end. */
static int64_t share_at_risk(const struct ballast_spot_price *row, const int64_t *parameters)
{
    wide limit = (wide)parameters[LIMIT] * row->weight_micro;
    wide above = (wide)row->micro_usd_per_hour * hundred - limit * parameters[START_PERCENT];
    wide range = limit * (parameters[FULL_PERCENT] - parameters[START_PERCENT]);
    if (above <= 0)
        return 0;
    return above >= range ? 1000 : (int64_t)(above * 1000 / range);
}

/* The highest price that is not above so many percent of the limit; or with `from` the lowest that
 * is not below. */
static int64_t price_at(const struct ballast_spot_price *row, const int64_t *parameters,
                        int64_t percent, bool from)
{
    int64_t product = 0;
    int64_t up = from ? hundred - 1 : 0;
    if (!__builtin_mul_overflow(parameters[LIMIT] * percent, row->weight_micro, &product) &&
        !__builtin_add_overflow(product, up, &product)) /* as nearly always */
        return product / hundred;
    return (int64_t)(((wide)parameters[LIMIT] * percent * row->weight_micro + up) / hundred);
}

struct price_band policy_spot_hedge_band(const struct ballast_spot_price *row,
                                         const int64_t *parameters)
{
    int64_t price = row->micro_usd_per_hour;
    if (row->fulfilled_micro == 0) /* nothing is at risk there, whatever the share */
        return (struct price_band){INT64_MIN, INT64_MAX};
    int64_t calm = price_at(row, parameters, parameters[START_PERCENT], false);
    if (price <= calm)
        return (struct price_band){INT64_MIN, calm};
    int64_t full = parameters[FULL_PERCENT] > parameters[START_PERCENT]
                       ? price_at(row, parameters, parameters[FULL_PERCENT], true)
                       : calm + 1;
    return price >= full ? (struct price_band){full, INT64_MAX} : (struct price_band){price, price};
}

static int64_t capacity_at_risk(const struct spot_pools *pools, const int64_t *parameters)
{
    int64_t sum_micro = 0;
    for (size_t i = 0; i < pools->count; i++) {
        if (is_calm(&pools->rows[i], parameters))
            continue;
        int64_t safe = 1000 - share_at_risk(&pools->rows[i], parameters);
        int64_t there_micro = spot_pools_fulfilled(pools, i);
        sum_micro += there_micro - sizing_share(there_micro, safe, 1000);
    }
    return sum_micro;
}

struct sized policy_spot_hedge_sized(const struct ballast_observation *observation,
                                     const int64_t *parameters, void *state)
{
    (void)state;
    const uint32_t both = SIZED_READ(READ_FLEET) | SIZED_READ(READ_PRICES);
    uint32_t reason = 0;
    const struct ballast_fleet *fleet = sizing_fleet(&observation->answers[READ_FLEET], &reason);
    if (!fleet)
        return sized_hold(sizing_hold(reason, 0), SIZED_READ(READ_FLEET));
    const struct ballast_answer *prices = &observation->answers[READ_PRICES];
    if (prices->status != BALLAST_OK)
        return sized_hold(sizing_hold(POOLS_MISSING, 0), both);
    const struct spot_pools pools = spot_pools_of(prices, fleet->fulfilled_micro);
    if (pools.unknown && parameters[UNKNOWN_POOLS] == SPOT_POOLS_HOLD) {
        struct ballast_decision hold = sizing_hold(POOLS_UNKNOWN, (int64_t)pools.unknown);
        hold.figures[1] = (int64_t)pools.count;
        return sized_hold(hold, both);
    }
    int64_t at_risk_micro = capacity_at_risk(&pools, parameters);
    if (at_risk_micro > fleet->fulfilled_micro)
        at_risk_micro = fleet->fulfilled_micro;
    int64_t per_micro = sizing_units_per_instance(observation, parameters[UNITS_PER_INSTANCE]);
    int64_t units_micro = fleet->target_micro - (fleet->fulfilled_micro - at_risk_micro);
    struct sized sized = sized_for(sizing_instances(units_micro, per_micro), both);
    sized.sizing.figures[0] = fleet->fulfilled_micro;
    sized.sizing.figures[3] = fleet->target_micro;
    sized.sizing.figures[4] = at_risk_micro;
    return sized;
}

struct sized_band policy_spot_hedge_targets(const int64_t *figures,
                                            const struct ballast_observation *observation,
                                            const int64_t *parameters)
{
    const struct sized_slope slope = {
        .target_micro = figures[3],
        .units_micro = figures[3] + figures[4] - figures[0],
        .units_per_instance_micro =
            sizing_units_per_instance(observation, parameters[UNITS_PER_INSTANCE]),
    };
    return sized_targets(&slope);
}

static struct ballast_decision decide(const struct ballast_observation *observation,
                                      const int64_t *parameters, void *state)
{
    const struct sized sized = policy_spot_hedge_sized(observation, parameters, state);
    return sized_decide(&observation->group, &sized);
}

const struct ballast_policy policy_spot_hedge = {
    .abi = BALLAST_POLICY_ABI,
    .name = "spot-hedge",
    .description = "backs what the fleet has in pools whose price comes close to the limit, before "
                   "it is lost",
    .source = "SpotCheck (Sharma et al., EuroSys 2015), which leaves a spot server for an "
              "on-demand one by its price before it is revoked; here in proportion",
    .parameters = parameters_table,
    .parameter_count = PARAMETER_COUNT,
    .reads = reads,
    .read_count = READ_COUNT,
    .reasons = reasons,
    .reason_count = REASON_COUNT,
    .decide = decide,
};
