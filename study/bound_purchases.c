/* What could be bought: pools with the stretches in which their price and their place allow it,
 * and on-demand capacity. */
#include "base/memory.h"
#include "bound_parts.h"
#include "sim/billing.h"

#include <stdlib.h>
#include <string.h>

enum { COST_SCALE_MOST = 10000 };

int64_t delay_least(const struct delay *delay)
{
    if (delay->kind != DELAY_EMPIRICAL)
        return delay->min_s;
    int64_t least = delay->value_count ? delay->values_s[0] : 0;
    for (size_t i = 1; i < delay->value_count; i++)
        least = delay->values_s[i] < least ? delay->values_s[i] : least;
    return least;
}

int64_t delay_most(const struct delay *delay)
{
    if (delay->kind == DELAY_EXPONENTIAL)
        return INT64_MAX;
    if (delay->kind == DELAY_UNIFORM)
        return delay->max_s;
    int64_t most = delay_least(delay);
    for (size_t i = 0; delay->kind == DELAY_EMPIRICAL && i < delay->value_count; i++)
        most = delay->values_s[i] > most ? delay->values_s[i] : most;
    return most;
}

static int64_t greatest_divisor(int64_t a, int64_t b)
{
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

bool purchase_in_place(const struct fleet_pool *pool, const char *zone, const char *type)
{
    return strcmp(pool->zone, zone) == 0 && strcmp(pool->instance_type, type) == 0;
}

/* Once for each regime under which it can be launched, or has been. */
static void add_purchase(struct purchases *purchases, const struct scenario *scenario,
                         const struct purchase *like, bool prepaid)
{
    const struct account *account = &scenario->account;
    int64_t launched_s =
        scenario->from_s +
        delay_least(like->spot ? &account->spot_launch_delay : &account->on_demand_launch_delay);
    int64_t since_s = scenario_per_second_since(scenario);
    for (int per_second = 0; per_second < 2; per_second++) {
        struct purchase item = *like;
        item.per_second = per_second;
        item.join_s = delay_least(&account->join_delay);
        item.first_running_s = launched_s;
        item.last_running_s = INT64_MAX;
        bool begins = true; /* what runs at `from` is of this regime */
        if (prepaid) {
            if (!per_second)
                continue;
        } else if (scenario->billing == BILLING_BY_DATE && per_second) {
            begins = scenario->from_s >= since_s;
            if (launched_s < since_s)
                item.first_running_s = since_s;
        } else if (scenario->billing == BILLING_BY_DATE) {
            begins = scenario->from_s < since_s;
            item.last_running_s = since_s - 1;
        } else if ((scenario->billing == BILLING_PER_SECOND) != (per_second == 1)) {
            continue;
        }
        item.warm_possible = begins;
        if (begins || item.first_running_s < scenario->measure_to_s)
            ARRAY_PUSH(purchases->items, purchases->count, purchases->capacity, item);
    }
}

static void add_spot(struct purchases *purchases, const struct scenario *scenario,
                     const struct trace_set *traces)
{
    for (size_t i = 0; i < scenario->fleet.pool_count; i++) {
        const struct fleet_pool *pool = &scenario->fleet.pools[i];
        const struct market *market = NULL;
        for (size_t m = 0; m < traces->market_count; m++) {
            if (purchase_in_place(pool, traces->markets[m].zone,
                                  traces->markets[m].instance_type) &&
                strcmp(traces->markets[m].product, scenario->product) == 0)
                market = &traces->markets[m];
        }
        if (!market || outside_cluster(scenario, pool->cluster))
            continue;
        add_purchase(
            purchases, scenario,
            &(struct purchase){.pool = pool,
                               .spot = true,
                               .continuous = scenario->account.price_lock_continuous,
                               .weight_micro = pool->weight_micro,
                               .steps = market->steps,
                               .step_count = market->step_count,
                               .discount_permille = scenario->price_terms.spot_discount_permille},
            false);
    }
    for (size_t i = 0; i < purchases->count; i++) {
        struct purchase *item = &purchases->items[i];
        const struct market market = {.steps = (struct price_step *)item->steps,
                                      .step_count = item->step_count};
        purchase_find_stretches(item, scenario, traces, &market);
        purchase_find_losses(item, scenario, traces);
    }
}

static void add_on_demand(struct purchases *purchases, const struct scenario *scenario,
                          bool prepaid)
{
    const struct backup_group *group = &scenario->group;
    int64_t discount = scenario->price_terms.on_demand_discount_permille;
    size_t first = purchases->count;
    if (group->max_size > 0 && !outside_cluster(scenario, group->cluster))
        add_purchase(purchases, scenario,
                     &(struct purchase){.weight_micro = group->units_per_instance_micro,
                                        .constant = {scenario->from_s, group->on_demand_micro_usd},
                                        .discount_permille = discount},
                     prepaid);
    bool fleet_too = scenario->fleet.on_demand_micro > 0;
    for (size_t i = 0; i < scenario->modification_count; i++)
        fleet_too = fleet_too || scenario->modifications[i].on_demand_micro > 0;
    for (size_t i = 0; fleet_too && i < scenario->fleet.pool_count; i++) {
        const struct fleet_pool *pool = &scenario->fleet.pools[i];
        if (pool->on_demand_micro_usd >= 0 && !outside_cluster(scenario, pool->cluster))
            add_purchase(
                purchases, scenario,
                &(struct purchase){.pool = pool,
                                   .weight_micro = pool->weight_micro,
                                   .constant = {scenario->from_s, pool->on_demand_micro_usd},
                                   .discount_permille = discount},
                false);
    }
    for (size_t i = first; i < purchases->count; i++) {
        const struct stretch always = {scenario->from_s, INT64_MAX, INT64_MAX, INT64_MAX};
        struct purchase *item = &purchases->items[i];
        item->step_count = 1;
        ARRAY_PUSH(item->stretches, item->stretch_count, item->stretch_capacity, always);
    }
}

/* What each second up to a step has cost, for prices of every second. */
static void add_up_prices(struct purchase *item)
{
    int128 sum = 0;
    if (!item->continuous)
        return;
    item->paid_before = memory_new(item->step_count, sizeof *item->paid_before);
    for (size_t s = 0; s < item->step_count; s++) {
        item->paid_before[s] = sum;
        if (s + 1 < item->step_count)
            sum += (int128)billing_discounted(item->steps[s].micro_usd_per_hour,
                                              item->discount_permille) *
                   (item->steps[s + 1].time_s - item->steps[s].time_s);
    }
}

void purchases_set_up(struct purchases *purchases, const struct scenario *scenario,
                      const struct trace_set *traces, bool prepaid)
{
    *purchases = (struct purchases){0};
    add_spot(purchases, scenario, traces);
    add_on_demand(purchases, scenario, prepaid);
    for (size_t i = 0; i < purchases->count; i++) {
        struct purchase *item = &purchases->items[i];
        if (!item->spot) /* only now does it stay where it is */
            item->steps = &item->constant;
        add_up_prices(item);
        purchases->flow_unit_micro =
            greatest_divisor(item->weight_micro, purchases->flow_unit_micro);
        for (size_t s = 0; s < item->step_count; s++) {
            if (item->steps[s].micro_usd_per_hour > purchases->dearest_micro)
                purchases->dearest_micro = item->steps[s].micro_usd_per_hour;
        }
    }
    purchases->cost_scale = 1;
    for (size_t i = 0; i < purchases->count; i++) {
        struct purchase *item = &purchases->items[i];
        item->units = item->weight_micro / purchases->flow_unit_micro;
        int64_t times = item->units / greatest_divisor(item->units, purchases->cost_scale);
        if (times > COST_SCALE_MOST / purchases->cost_scale)
            times = COST_SCALE_MOST / purchases->cost_scale; /* then costs are rounded down */
        purchases->cost_scale *= times;
    }
}

void purchases_clean_up(struct purchases *purchases)
{
    for (size_t i = 0; i < purchases->count; i++) {
        free(purchases->items[i].stretches);
        free(purchases->items[i].losses);
        free(purchases->items[i].limits);
        free(purchases->items[i].paid_before);
    }
    free(purchases->items);
    *purchases = (struct purchases){0};
}

void purchases_warm(struct purchases *purchases, bool spot, const char *type, const char *zone,
                    int64_t weight_micro)
{
    for (size_t i = 0; i < purchases->count; i++) {
        struct purchase *item = &purchases->items[i];
        if (item->warm_possible && item->spot == spot && item->weight_micro == weight_micro &&
            (!item->pool || purchase_in_place(item->pool, zone, type)))
            item->warm_micro += weight_micro;
    }
}

int64_t prepaid_micro(const struct purchases *purchases, const struct scenario *scenario)
{
    const struct backup_group *group = &scenario->group;
    int64_t instances = scenario->price_terms.prepaid_instances;
    instances = instances < group->max_size ? instances : group->max_size;
    for (size_t i = 0; i < purchases->count; i++) {
        if (!purchases->items[i].pool)
            return instances * group->units_per_instance_micro;
    }
    return 0; /* the backup cannot serve */
}

/* The step in force; the first holds before it too. */
static size_t step_at(const struct purchase *purchase, int64_t time_s)
{
    size_t low = 0;
    size_t high = purchase->step_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (purchase->steps[middle].time_s <= time_s)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static int128 paid_until(const struct purchase *purchase, int64_t time_s)
{
    size_t at = step_at(purchase, time_s);
    return purchase->paid_before[at] +
           (int128)billing_discounted(purchase->steps[at].micro_usd_per_hour,
                                      purchase->discount_permille) *
               (time_s - purchase->steps[at].time_s);
}

int128 purchase_paid(const struct purchase *purchase, int64_t from_s, int64_t until_s)
{
    return paid_until(purchase, until_s) - paid_until(purchase, from_s);
}

int64_t purchase_lowest(const struct purchase *purchase, int64_t from_s, int64_t last_s)
{
    size_t low = step_at(purchase, from_s);
    int64_t lowest = purchase->steps[low].micro_usd_per_hour;
    for (size_t i = low + 1; i < purchase->step_count && purchase->steps[i].time_s <= last_s; i++) {
        if (purchase->steps[i].micro_usd_per_hour < lowest)
            lowest = purchase->steps[i].micro_usd_per_hour;
    }
    return billing_discounted(lowest, purchase->discount_permille);
}
