/* n-plus-one: spot and backup together survive the loss of the fleet's largest pool.
 *
 * largest = the most that the fleet has in one failure domain: a pool (an instance type in a zone,
 * whatever specifications it has there) or a zone (all its pools). The backup is target + largest -
 * fulfilled, in instances, within MinSize..MaxSize: with the domain gone, what is left of spot and
 * the backup are the target.
 */
#include "policy/builtin.h"
#include "policy/sizing.h"
#include "policy/spot_pools.h"

#include <string.h>

enum parameter { DOMAIN, UNKNOWN_POOLS, UNITS_PER_INSTANCE, PARAMETER_COUNT };

enum domain { DOMAIN_POOL = 0, DOMAIN_ZONE };

static const char *const domains[] = {"pool", "zone", NULL};
static const char *const unknown_choices[] = {"hold", "even", NULL};

static const struct ballast_parameter parameters_table[PARAMETER_COUNT] = {
    [DOMAIN] = {"domain", BALLAST_CHOICE, "", DOMAIN_POOL, 0, 0, domains,
                "what is lost at once: one instance type in one zone, which is how spot capacity "
                "is lost, or a whole zone"},
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
                     "the fleet has {0u} of {3u} units, {4u} of them where they can be lost at "
                     "once: {1} instances within MinSize and MaxSize, as many as the group wants"},
    [SIZING_OUT] = {"scale-out",
                    "the fleet has {0u} of {3u} units, {4u} of them where they can be lost at "
                    "once: {1} instances within MinSize and MaxSize, the group wants {2}: more at "
                    "once"},
    [SIZING_IN] = {"scale-in",
                   "the fleet has {0u} of {3u} units, {4u} of them where they can be lost at "
                   "once: {1} instances within MinSize and MaxSize, the group wants {2}: fewer, "
                   "once the cooldown allows"},
    [POOLS_MISSING] = SPOT_POOLS_MISSING_REASON,
    [POOLS_UNKNOWN] = SPOT_POOLS_UNKNOWN_REASON,
};

/* Whether what the fleet has in two rows is lost at once. A pool may have several rows: one for
 * each specification of its type and zone. */
static bool lost_together(const struct ballast_spot_price *one,
                          const struct ballast_spot_price *other, int64_t domain)
{
    return (domain == DOMAIN_ZONE || strcmp(one->instance_type, other->instance_type) == 0) &&
           strcmp(one->zone, other->zone) == 0;
}

/* The most in one domain. Summed up from each of its rows on, it is all there in the first. */
static int64_t largest_domain(const struct spot_pools *pools, int64_t domain)
{
    int64_t largest_micro = 0;
    int64_t left_micro = 0; /* in rows that are yet to be looked at */
    for (size_t i = 0; i < pools->count; i++)
        left_micro += spot_pools_fulfilled(pools, i);
    for (size_t i = 0; i < pools->count && left_micro > largest_micro; i++) {
        int64_t there_micro = spot_pools_fulfilled(pools, i);
        left_micro -= there_micro;
        if (there_micro == 0)
            continue;
        for (size_t k = i + 1; k < pools->count; k++) {
            int64_t more_micro = spot_pools_fulfilled(pools, k);
            if (more_micro > 0 && lost_together(&pools->rows[i], &pools->rows[k], domain))
                there_micro += more_micro;
        }
        largest_micro = there_micro > largest_micro ? there_micro : largest_micro;
    }
    return largest_micro;
}

struct sized policy_n_plus_one_sized(const struct ballast_observation *observation,
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
    int64_t largest_micro = observation->pools_distinct && parameters[DOMAIN] == DOMAIN_POOL
                                ? pools.most_micro
                                : largest_domain(&pools, parameters[DOMAIN]);
    int64_t per_micro = sizing_units_per_instance(observation, parameters[UNITS_PER_INSTANCE]);
    int64_t units_micro = fleet->target_micro + largest_micro - fleet->fulfilled_micro;
    struct sized sized = sized_for(sizing_instances(units_micro, per_micro), both);
    sized.sizing.figures[0] = fleet->fulfilled_micro;
    sized.sizing.figures[3] = fleet->target_micro;
    sized.sizing.figures[4] = largest_micro;
    return sized;
}

struct sized_band policy_n_plus_one_targets(const int64_t *figures,
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

/* It looks at what the pools have, not at what they cost. */
struct price_band policy_n_plus_one_band(const struct ballast_spot_price *row,
                                         const int64_t *parameters)
{
    (void)row;
    (void)parameters;
    return (struct price_band){INT64_MIN, INT64_MAX};
}

static struct ballast_decision decide(const struct ballast_observation *observation,
                                      const int64_t *parameters, void *state)
{
    const struct sized sized = policy_n_plus_one_sized(observation, parameters, state);
    return sized_decide(&observation->group, &sized);
}

const struct ballast_policy policy_n_plus_one = {
    .abi = BALLAST_POLICY_ABI,
    .name = "n-plus-one",
    .description = "spot and backup together survive the loss of the fleet's largest pool",
    .source = "N+1 redundancy, as AWS's static stability asks for (the capacity that the loss of "
              "one Availability Zone takes is there before it is lost)",
    .parameters = parameters_table,
    .parameter_count = PARAMETER_COUNT,
    .reads = reads,
    .read_count = READ_COUNT,
    .reasons = reasons,
    .reason_count = REASON_COUNT,
    .decide = decide,
};
