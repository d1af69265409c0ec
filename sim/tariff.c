/* What is paid beside and instead of list prices: prepaid backup instances, volumes, addresses
 * (docs/model.md, "Discounts, prepaid instances, volumes and addresses"). */
#include "base/decimal.h"
#include "group.h"

enum { HOURS_PER_MONTH = 730 }; /* as AWS's calculators have it */

/* The group's running instance that began to run first of those that are paid, ties by number. */
static struct instance *first_paid(struct world *world)
{
    struct instance *first = NULL;
    for (size_t i = 0; i < world->group.alive_count; i++) {
        struct instance *instance = &world->instances[world->group.alive[i]];
        if (instance->running && instance->prepaid_since_s == RECORD_NEVER &&
            (!first || instance->running_at_s < first->running_at_s))
            first = instance;
    }
    return first;
}

/* Once prepaid an instance stays so: those before it only end, and what comes runs later. */
void tariff_cover(struct world *world)
{
    while (world->group.prepaid < world->scenario->price_terms.prepaid_instances) {
        struct instance *instance = first_paid(world);
        if (!instance)
            return;
        instance->prepaid_since_s = world->now_s;
        world->group.prepaid++;
    }
}

struct bill tariff_bill(const struct scenario *scenario, int64_t running_s, int64_t ended_s)
{
    return (struct bill){
        .running_s = running_s,
        .ended_s = ended_s,
        .per_second = scenario_per_second(scenario, running_s),
        .lock_continuous = scenario->account.price_lock_continuous,
        .window_from_s = scenario->measure_from_s,
        .window_to_s = scenario->measure_to_s,
    };
}

/* One that becomes prepaid in the very second in which it ends, as the one before it ended in it
 * too, was prepaid in no state that is seen: its started hour is paid. */
void tariff_prepay(struct bill *bill, int64_t prepaid_since_s)
{
    bill->prepaid = prepaid_since_s != RECORD_NEVER && prepaid_since_s < bill->ended_s;
    bill->prepaid_since_s = prepaid_since_s;
}

int64_t tariff_running_s(const struct world *world, const struct instance *instance)
{
    if (!instance->running)
        return 0;
    const struct scenario *scenario = world->scenario;
    int64_t from_s = instance->running_at_s > scenario->measure_from_s ? instance->running_at_s
                                                                       : scenario->measure_from_s;
    int64_t to_s = instance->ended && instance->ended_s < scenario->measure_to_s
                       ? instance->ended_s
                       : scenario->measure_to_s;
    return to_s > from_s ? to_s - from_s : 0;
}

/* Volumes are priced per month and addresses per hour, both paid by the second: one fraction, so
 * that the sum is rounded once. */
static struct other_rate other_rate(const struct price_terms *terms)
{
    /* Below 7e18 + 8e18 by the scenario's bounds, and 10^16 instance-seconds of it fit. */
    return (struct other_rate){
        .numerator = (int128)terms->volume_gib_micro * terms->volume_micro_usd_per_gib_month +
                     (int128)terms->address_micro_usd_per_hour * HOURS_PER_MONTH * MICRO,
        .denominator = (int128)HOURS_PER_MONTH * SECONDS_PER_HOUR * MICRO,
    };
}

struct tariff tariff_of(const struct scenario *scenario)
{
    const struct price_terms *terms = &scenario->price_terms;
    return (struct tariff){
        .on_demand_micro_usd = billing_discounted(scenario->group.on_demand_micro_usd,
                                                  terms->on_demand_discount_permille),
        .other = other_rate(terms),
    };
}
