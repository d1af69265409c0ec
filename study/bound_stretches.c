/* When a pool can be had, and when EC2 ends what runs there. */
#include "base/memory.h"
#include "bound_parts.h"

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
           !purchase_in_place(places->pool, traces->capacities[places->next_limit].zone,
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

void purchase_find_stretches(struct purchase *purchase, const struct scenario *scenario,
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
void purchase_find_losses(struct purchase *purchase, const struct scenario *scenario,
                          const struct trace_set *traces)
{
    bool limits = scenario->interruptions == INTERRUPTIONS_TRACE;
    bool records = limits || scenario->interruptions == INTERRUPTIONS_ADVISOR;
    struct stretch none = {.begun_s = INT64_MAX, .ended_s = INT64_MAX};
    for (size_t i = 0; records && i < traces->interruption_count; i++) {
        const struct interruption_step *step = &traces->interruptions[i];
        struct stretch loss = none;
        if (step->time_s >= scenario->from_s &&
            purchase_in_place(purchase->pool, step->zone, step->instance_type))
            give_notice(&loss, scenario, step->time_s);
        if (loss.ended_s != INT64_MAX)
            ARRAY_PUSH(purchase->losses, purchase->loss_count, purchase->loss_capacity, loss);
    }
    purchase->recorded_count = purchase->loss_count;
    for (size_t i = 0; limits && i < traces->capacity_count; i++) {
        const struct capacity_step *step = &traces->capacities[i];
        struct stretch loss = none;
        if (!purchase_in_place(purchase->pool, step->zone, step->instance_type))
            continue;
        ARRAY_PUSH(purchase->limits, purchase->limit_count, purchase->limit_capacity,
                   ((struct place_limit){step->time_s, step->instances}));
        if (step->time_s >= scenario->from_s && step->instances != CAPACITY_UNLIMITED)
            give_notice(&loss, scenario, step->time_s);
        if (loss.ended_s != INT64_MAX)
            ARRAY_PUSH(purchase->losses, purchase->loss_count, purchase->loss_capacity, loss);
    }
}
