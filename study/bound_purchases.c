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

/* ---- when a pool can be had -------------------------------------------------------------------
 */

/* What forces every instance of a pool out, as time goes on. */
struct places {
    const struct scenario *scenario;
    const struct trace_set *traces;
    const struct fleet_pool *pool;
    const struct market *market;
    size_t next_price;
    size_t next_limit;
    int64_t price;
    bool closed; /* the place's limit is 0 */
};

static bool same_place(const struct fleet_pool *pool, const char *zone, const char *type)
{
    return strcmp(pool->zone, zone) == 0 && strcmp(pool->instance_type, type) == 0;
}

/* Below 0, at, or above the cap. */
static int against_cap(const struct fleet_pool *pool, int64_t price)
{
    int128 cap = pool->cap_per_unit_micro_usd >= 0
                     ? (int128)pool->cap_per_unit_micro_usd * pool->weight_micro
                     : (int128)pool->on_demand_micro_usd * MICRO;
    int128 asked = (int128)price * MICRO;
    return asked < cap ? -1 : asked > cap;
}

/* The second of the next price or limit, or INT64_MAX; and take it in. */
static int64_t places_step(struct places *places)
{
    const struct trace_set *traces = places->traces;
    bool limited = places->scenario->interruptions == INTERRUPTIONS_TRACE;
    while (limited && places->next_limit < traces->capacity_count &&
           !same_place(places->pool, traces->capacities[places->next_limit].zone,
                       traces->capacities[places->next_limit].instance_type))
        places->next_limit++;
    int64_t price_s = places->next_price < places->market->step_count
                          ? places->market->steps[places->next_price].time_s
                          : INT64_MAX;
    int64_t limit_s = limited && places->next_limit < traces->capacity_count
                          ? traces->capacities[places->next_limit].time_s
                          : INT64_MAX;
    int64_t time_s = price_s < limit_s ? price_s : limit_s;
    if (time_s == INT64_MAX)
        return time_s;
    if (price_s == time_s)
        places->price = places->market->steps[places->next_price++].micro_usd_per_hour;
    if (limit_s == time_s)
        places->closed = traces->capacities[places->next_limit++].instances == 0;
    return time_s;
}

/* Whom EC2 gives notice at notice_s; what comes after the measured window does not matter. */
static void give_notice(struct stretch *stretch, const struct scenario *scenario, int64_t notice_s)
{
    int64_t ended_s = notice_s + scenario->account.interruption_notice_s;
    int64_t delay_s = delay_most(&scenario->account.spot_launch_delay);
    /* Launches come after the notices of their second, but for a start's. */
    if (delay_s != INT64_MAX)
        stretch->begun_s = notice_s - (notice_s > scenario->from_s) + delay_s;
    bool drains = scenario->account.drain_on_notice && scenario->account.notice_lost_permille == 0;
    if (ended_s >= scenario->measure_to_s)
        return;
    stretch->ended_s = ended_s;
    stretch->serves_until_s = drains ? notice_s : ended_s;
}

static void add_stretch(struct purchase *purchase, const struct scenario *scenario, int64_t asked_s,
                        int64_t notice_s)
{
    int64_t asked_first_s = asked_s > scenario->from_s ? asked_s : scenario->from_s;
    struct stretch stretch = {.first_s =
                                  asked_first_s + delay_least(&scenario->account.spot_launch_delay),
                              .begun_s = INT64_MAX,
                              .ended_s = INT64_MAX,
                              .serves_until_s = INT64_MAX};
    if (asked_first_s == scenario->from_s)
        stretch.first_s = scenario->from_s; /* what is warm runs already */
    if (notice_s != INT64_MAX)
        give_notice(&stretch, scenario, notice_s);
    if (stretch.first_s < stretch.ended_s && notice_s >= scenario->from_s)
        ARRAY_PUSH(purchase->stretches, purchase->stretch_count, purchase->stretch_capacity,
                   stretch);
}

static void find_stretches(struct purchase *purchase, const struct scenario *scenario,
                           const struct trace_set *traces, const struct market *market)
{
    struct places places = {.scenario = scenario,
                            .traces = traces,
                            .pool = purchase->pool,
                            .market = market,
                            .price = INT64_MAX};
    bool price_interrupts = scenario->interruptions != INTERRUPTIONS_NONE;
    int64_t open_s = INT64_MAX; /* since when one could have asked; INT64_MAX: one could not */
    for (int64_t time_s = places_step(&places); time_s < scenario->to_s;
         time_s = places_step(&places)) {
        if (places.price == INT64_MAX)
            continue;
        int side = against_cap(purchase->pool, places.price);
        bool ends = places.closed || (side > 0 && price_interrupts);
        bool begins =
            !places.closed &&
            (side < 0 || (side == 0 && scenario->account.launch_at_equal) ||
             time_s <= scenario->from_s); /* what is warm may run where none is launched */
        if (open_s != INT64_MAX && ends) {
            add_stretch(purchase, scenario, open_s, time_s);
            open_s = INT64_MAX;
        } else if (open_s == INT64_MAX && begins && !ends) {
            open_s = time_s;
        }
    }
    if (open_s != INT64_MAX)
        add_stretch(purchase, scenario, open_s, INT64_MAX);
}

/* Records take some instances, and perfect knowledge may choose which: each may be taken or not. */
static void find_losses(struct purchase *purchase, const struct scenario *scenario,
                        const struct trace_set *traces)
{
    bool limits = scenario->interruptions == INTERRUPTIONS_TRACE;
    bool records = limits || scenario->interruptions == INTERRUPTIONS_ADVISOR;
    struct stretch none = {.begun_s = INT64_MAX, .ended_s = INT64_MAX};
    for (size_t i = 0; records && i < traces->interruption_count; i++) {
        const struct interruption_step *step = &traces->interruptions[i];
        struct stretch loss = none;
        if (step->time_s >= scenario->from_s &&
            same_place(purchase->pool, step->zone, step->instance_type))
            give_notice(&loss, scenario, step->time_s);
        if (loss.ended_s != INT64_MAX)
            ARRAY_PUSH(purchase->losses, purchase->loss_count, purchase->loss_capacity, loss);
    }
    for (size_t i = 0; limits && i < traces->capacity_count; i++) {
        const struct capacity_step *step = &traces->capacities[i];
        struct stretch loss = none;
        if (step->time_s >= scenario->from_s && step->instances != CAPACITY_UNLIMITED &&
            same_place(purchase->pool, step->zone, step->instance_type))
            give_notice(&loss, scenario, step->time_s);
        if (loss.ended_s != INT64_MAX)
            ARRAY_PUSH(purchase->losses, purchase->loss_count, purchase->loss_capacity, loss);
    }
}

/* ---- what there is ----------------------------------------------------------------------------
 */

/* Once for each regime under which it can be launched, or has been. */
static void add_purchase(struct purchases *purchases, const struct scenario *scenario,
                         const struct purchase *like)
{
    const struct account *account = &scenario->account;
    int64_t launched_s =
        scenario->from_s +
        delay_least(like->spot ? &account->spot_launch_delay : &account->on_demand_launch_delay);
    for (int per_second = 0; per_second < 2; per_second++) {
        struct purchase item = *like;
        item.per_second = per_second;
        item.join_s = delay_least(&account->join_delay);
        item.first_running_s = launched_s;
        item.last_running_s = INT64_MAX;
        bool begins = true; /* what runs at `from` is of this regime */
        if (scenario->billing == BILLING_BY_DATE && per_second) {
            begins = scenario->from_s >= BILLING_PER_SECOND_SINCE_S;
            if (launched_s < BILLING_PER_SECOND_SINCE_S)
                item.first_running_s = BILLING_PER_SECOND_SINCE_S;
        } else if (scenario->billing == BILLING_BY_DATE) {
            begins = scenario->from_s < BILLING_PER_SECOND_SINCE_S;
            item.last_running_s = BILLING_PER_SECOND_SINCE_S - 1;
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
            if (same_place(pool, traces->markets[m].zone, traces->markets[m].instance_type) &&
                strcmp(traces->markets[m].product, scenario->product) == 0)
                market = &traces->markets[m];
        }
        if (!market || outside_cluster(scenario, pool->cluster))
            continue;
        add_purchase(
            purchases, scenario,
            &(struct purchase){.pool = pool,
                               .spot = true,
                               .weight_micro = pool->weight_micro,
                               .steps = market->steps,
                               .step_count = market->step_count,
                               .discount_permille = scenario->price_terms.spot_discount_permille});
    }
    for (size_t i = 0; i < purchases->count; i++) {
        struct purchase *item = &purchases->items[i];
        const struct market market = {.steps = (struct price_step *)item->steps,
                                      .step_count = item->step_count};
        find_stretches(item, scenario, traces, &market);
        find_losses(item, scenario, traces);
    }
}

static void add_on_demand(struct purchases *purchases, const struct scenario *scenario)
{
    const struct backup_group *group = &scenario->group;
    int64_t discount = scenario->price_terms.on_demand_discount_permille;
    size_t first = purchases->count;
    if (group->max_size > 0 && !outside_cluster(scenario, group->cluster))
        add_purchase(purchases, scenario,
                     &(struct purchase){.weight_micro = group->units_per_instance_micro,
                                        .constant = {scenario->from_s, group->on_demand_micro_usd},
                                        .discount_permille = discount});
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
                                   .discount_permille = discount});
    }
    for (size_t i = first; i < purchases->count; i++) {
        const struct stretch always = {scenario->from_s, INT64_MAX, INT64_MAX, INT64_MAX};
        struct purchase *item = &purchases->items[i];
        item->step_count = 1;
        ARRAY_PUSH(item->stretches, item->stretch_count, item->stretch_capacity, always);
    }
}

void purchases_set_up(struct purchases *purchases, const struct scenario *scenario,
                      const struct trace_set *traces)
{
    *purchases = (struct purchases){0};
    add_spot(purchases, scenario, traces);
    add_on_demand(purchases, scenario);
    for (size_t i = 0; i < purchases->count; i++) {
        struct purchase *item = &purchases->items[i];
        if (!item->spot) /* only now does it stay where it is */
            item->steps = &item->constant;
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
            (!item->pool || same_place(item->pool, zone, type)))
            item->warm_micro += weight_micro;
    }
}

int64_t purchase_lowest(const struct purchase *purchase, int64_t from_s, int64_t last_s)
{
    size_t low = 0;
    size_t high = purchase->step_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (purchase->steps[middle].time_s <= from_s)
            low = middle;
        else
            high = middle;
    }
    int64_t lowest = purchase->steps[low].micro_usd_per_hour;
    for (size_t i = low + 1; i < purchase->step_count && purchase->steps[i].time_s <= last_s; i++) {
        if (purchase->steps[i].micro_usd_per_hour < lowest)
            lowest = purchase->steps[i].micro_usd_per_hour;
    }
    return billing_discounted(lowest, purchase->discount_permille);
}
