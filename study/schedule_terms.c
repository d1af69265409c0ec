#include "study/schedule_terms.h"

#include "base/memory.h"
#include "sim/billing.h"

/* ---- prepaid ------------------------------------------------------------------------------------
 */

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* As many as can be of use at the same time. */
static int64_t prepaid_count(const struct purchases *purchases, const struct scenario *scenario,
                             const struct demand_step *demand, size_t demand_count)
{
    int64_t weight_micro = scenario->group.units_per_instance_micro;
    int64_t most_micro = 0;
    for (size_t i = 0; i < demand_count; i++)
        most_micro = demand[i].required_micro > most_micro ? demand[i].required_micro : most_micro;
    if (scenario->price_terms.prepaid_instances == 0)
        return 0;
    return least(prepaid_micro(purchases, scenario) / weight_micro,
                 (int64_t)divide_ceiling(most_micro, weight_micro));
}

/* Of the group's that run at `from`, so many at most. */
static int64_t take_warm(const struct purchases *purchases, int64_t *warm_left, int64_t count)
{
    int64_t taken = 0;
    for (size_t p = 0; p < purchases->count; p++) {
        int64_t here = purchases->items[p].pool ? 0 : least(warm_left[p], count - taken);
        warm_left[p] -= here;
        taken += here;
    }
    return taken;
}

static void add_left(struct curve *left, int64_t time_s, int64_t micro)
{
    curve_add(left, time_s, micro > 0 ? micro : 0);
}

void schedule_prepaid(struct schedule *schedule, const struct purchases *purchases,
                      const struct scenario *scenario, const struct demand_step *demand,
                      size_t demand_count, int64_t *warm_left, struct curve *out_left)
{
    const struct account *account = &scenario->account;
    int64_t count = prepaid_count(purchases, scenario, demand, demand_count);
    int64_t warm = take_warm(purchases, warm_left, count);
    int64_t running_s = scenario->from_s + delay_least(&account->on_demand_launch_delay);
    int64_t joined_s = running_s + delay_least(&account->join_delay);
    struct schedule_item item = {.kind = RECORD_ON_DEMAND,
                                 .instance_type = scenario->group.instance_type,
                                 .zone = scenario->group.zone_count ? scenario->group.zones[0] : "",
                                 .count = warm,
                                 .weight_micro = scenario->group.units_per_instance_micro,
                                 .warm = true,
                                 .prepaid = true,
                                 .requested_s = scenario->from_s,
                                 .running_s = scenario->from_s,
                                 .joined_s = scenario->from_s,
                                 .ended_s = scenario->measure_to_s,
                                 .serves_until_s = scenario->measure_to_s};
    if (joined_s >= scenario->measure_to_s)
        count = warm; /* what is launched comes too late */
    if (warm > 0)
        ARRAY_PUSH(schedule->items, schedule->count, schedule->capacity, item);
    item.count = count - warm;
    item.warm = false;
    item.running_s = running_s;
    item.joined_s = joined_s;
    if (item.count > 0)
        ARRAY_PUSH(schedule->items, schedule->count, schedule->capacity, item);
    for (size_t i = 0; i < demand_count; i++) {
        int64_t micro = demand[i].required_micro;
        int64_t until_s = i + 1 < demand_count ? demand[i + 1].time_s : INT64_MAX;
        if (demand[i].time_s < joined_s)
            add_left(out_left, demand[i].time_s, micro - warm * item.weight_micro);
        if (joined_s < until_s)
            add_left(out_left, demand[i].time_s > joined_s ? demand[i].time_s : joined_s,
                     micro - count * item.weight_micro);
    }
}

/* ---- limits -------------------------------------------------------------------------------------
 */

static bool alive(const struct schedule_item *item, int64_t time_s)
{
    return item->requested_s <= time_s && time_s < item->ended_s;
}

int64_t schedule_in_place(const struct schedule *schedule, const struct fleet_pool *pool,
                          int64_t time_s)
{
    int64_t sum = 0;
    for (size_t i = 0; i < schedule->count; i++) {
        const struct schedule_item *item = &schedule->items[i];
        if (item->kind == RECORD_SPOT && alive(item, time_s) &&
            purchase_in_place(pool, item->zone, item->instance_type))
            sum += item->count;
    }
    return sum;
}

/* More than a place may have, as one is launched or as its limit falls. */
static bool overfull(const struct schedule *schedule, const struct purchase *purchase)
{
    for (size_t l = 0; l < purchase->limit_count; l++) {
        int64_t most = purchase->limits[l].instances;
        int64_t from_s = purchase->limits[l].time_s;
        int64_t until_s =
            l + 1 < purchase->limit_count ? purchase->limits[l + 1].time_s : INT64_MAX;
        if (most == 0 || most == CAPACITY_UNLIMITED)
            continue;
        if (schedule_in_place(schedule, purchase->pool, from_s) > most)
            return true;
        for (size_t i = 0; i < schedule->count; i++) {
            int64_t at_s = schedule->items[i].requested_s;
            if (at_s >= from_s && at_s < until_s &&
                schedule_in_place(schedule, purchase->pool, at_s) > most)
                return true;
        }
    }
    return false;
}

/* The most of the group's instances at any time. */
static int64_t most_of_group(const struct schedule *schedule)
{
    int64_t most = 0;
    for (size_t i = 0; i < schedule->count; i++) {
        int64_t here = 0;
        for (size_t k = 0; k < schedule->count && !schedule->items[i].pool; k++) {
            const struct schedule_item *other = &schedule->items[k];
            if (!other->pool && alive(other, schedule->items[i].requested_s))
                here += other->count;
        }
        most = here > most ? here : most;
    }
    return most;
}

/* The list price of an instance at a time. */
static int64_t price_of(const struct schedule_item *item, const struct purchases *purchases,
                        int64_t time_s)
{
    for (size_t p = 0; p < purchases->count; p++) {
        const struct purchase *purchase = &purchases->items[p];
        if (purchase->pool != item->pool || purchase->spot != (item->kind == RECORD_SPOT))
            continue;
        size_t after = price_step_after(purchase->steps, purchase->step_count, 0, time_s);
        return purchase->steps[after ? after - 1 : 0].micro_usd_per_hour;
    }
    return 0;
}

/* A launch of the fleet's that brings the present prices of all it has of a kind above its budget.
 */
static bool beyond_budget(const struct schedule *schedule, const struct purchases *purchases,
                          enum record_market_kind kind, int64_t budget_micro_usd)
{
    for (size_t i = 0; i < schedule->count && budget_micro_usd > 0; i++) {
        const struct schedule_item *item = &schedule->items[i];
        int128 sum = 0;
        for (size_t k = 0; k < schedule->count; k++) {
            const struct schedule_item *other = &schedule->items[k];
            if (other->kind == kind && other->pool && alive(other, item->requested_s))
                sum += (int128)price_of(other, purchases, item->requested_s) * other->count;
        }
        if (item->kind == kind && item->pool && !item->warm && sum > budget_micro_usd)
            return true;
    }
    return false;
}

const char *schedule_breach(const struct schedule *schedule, const struct purchases *purchases,
                            const struct scenario *scenario)
{
    if (most_of_group(schedule) > scenario->group.max_size)
        return "the one that was found needs more than MaxSize";
    for (size_t p = 0; p < purchases->count; p++) {
        if (overfull(schedule, &purchases->items[p]))
            return "the one that was found needs more than a place has";
    }
    if (beyond_budget(schedule, purchases, RECORD_SPOT, scenario->fleet.spot_budget_micro_usd))
        return "the one that was found costs more per hour than SpotMaxTotalPrice";
    if (beyond_budget(schedule, purchases, RECORD_ON_DEMAND,
                      scenario->fleet.on_demand_budget_micro_usd))
        return "the one that was found costs more per hour than OnDemandMaxTotalPrice";
    return NULL;
}
