#include "study/schedule_lane.h"

#include "base/memory.h"
#include "sim/billing.h"

#include <stdlib.h>

enum { CELLS_MOST = 3000000 }; /* points times purchases */

/* ---- points -------------------------------------------------------------------------------------
 */

static int64_t point_time(const struct lanes *lanes, int64_t point)
{
    return lanes->scenario->from_s + point * lanes->step_s;
}

/* The last point at or before time_s; what lies beyond the window is all one. */
static int64_t point_before(const struct lanes *lanes, int64_t time_s)
{
    if (time_s >= point_time(lanes, lanes->last))
        return lanes->last;
    return (time_s - lanes->scenario->from_s) / lanes->step_s;
}

static int64_t clip(const struct lanes *lanes, int64_t point)
{
    return point < lanes->last ? point : lanes->last;
}

static int64_t price_at(const struct lanes *lanes, size_t purchase, int64_t point)
{
    return lanes->prices[(int64_t)purchase * (lanes->last + 1) + clip(lanes, point)];
}

static int64_t *on_at(const struct lanes *lanes, size_t purchase, int64_t point)
{
    return &lanes->on[(int64_t)purchase * (lanes->last + 1) + clip(lanes, point)];
}

static void find_prices(struct lanes *lanes, size_t purchase)
{
    const struct purchase *item = &lanes->purchases->items[purchase];
    size_t after = 0;
    for (int64_t i = 0; i <= lanes->last; i++) {
        after = price_step_after(item->steps, item->step_count, after, point_time(lanes, i));
        lanes->prices[(int64_t)purchase * (lanes->last + 1) + i] = billing_discounted(
            item->steps[after ? after - 1 : 0].micro_usd_per_hour, item->discount_permille);
    }
}

void lanes_set_up(struct lanes *lanes, const struct purchases *purchases,
                  const struct scenario *scenario)
{
    static const int64_t steps[] = {60, 120, 300, 600, 1200, 3600};
    *lanes = (struct lanes){.purchases = purchases, .scenario = scenario};
    int64_t length_s = scenario->measure_to_s - scenario->from_s;
    size_t s = 0;
    while (s + 1 < ARRAY_LENGTH(steps) &&
           length_s / steps[s] * (int64_t)purchases->count > CELLS_MOST)
        s++;
    lanes->step_s = steps[s];
    lanes->per_hour = SECONDS_PER_HOUR / steps[s];
    lanes->last = (length_s + steps[s] - 1) / steps[s];
    size_t points = (size_t)lanes->last + 1;
    lanes->segments = memory_new(purchases->count, sizeof *lanes->segments);
    lanes->prices = memory_new(points * purchases->count, sizeof *lanes->prices);
    lanes->on = memory_new(points * purchases->count, sizeof *lanes->on);
    lanes->used = memory_new(purchases->count, sizeof *lanes->used);
    lanes->served = memory_new(points, sizeof *lanes->served);
    lanes->needed = memory_new(points, sizeof *lanes->needed);
    lanes->missing = memory_new(points, sizeof *lanes->missing);
    for (size_t p = 0; p < purchases->count; p++) {
        segments_find(&lanes->segments[p], &purchases->items[p], scenario, 0);
        find_prices(lanes, p);
    }
}

void lanes_clean_up(struct lanes *lanes)
{
    for (size_t p = 0; lanes->segments && p < lanes->purchases->count; p++)
        free(lanes->segments[p].list);
    free(lanes->segments);
    free(lanes->used);
    free(lanes->prices);
    free(lanes->on);
    free(lanes->served);
    free(lanes->needed);
    free(lanes->missing);
}

int64_t lane_count(const struct lanes *lanes, size_t purchase, int64_t width_micro)
{
    return (int64_t)divide_ceiling(width_micro, lanes->purchases->items[purchase].weight_micro);
}

/* ---- hours --------------------------------------------------------------------------------------
 */

/* What follows an hour. */
struct onward {
    int64_t cost; /* from the hour's beginning to the end of all */
    bool on;      /* another hour follows; else: */
    bool by_ec2;  /* ended, not given back */
    int64_t ended_s;
    int64_t serves_until_s;
};

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* What [from_s, until_s) costs as far as it is measured, at the price of an hour's start or, where
 * that is the rule, of each second. What ends at ended_s, before the window does, is charged for
 * all of it. */
static int64_t cost_of(const struct lanes *lanes, const struct purchase *item, int64_t price,
                       int64_t from_s, int64_t until_s, int64_t ended_s)
{
    const struct scenario *scenario = lanes->scenario;
    from_s = from_s > scenario->measure_from_s ? from_s : scenario->measure_from_s;
    if (ended_s >= scenario->measure_to_s)
        until_s = least(until_s, scenario->measure_to_s);
    if (until_s <= from_s || ended_s <= scenario->measure_from_s)
        return 0;
    return item->continuous ? (int64_t)purchase_paid(item, from_s, until_s)
                            : price * (until_s - from_s);
}

static void stop(const struct lanes *lanes, struct onward *best, int64_t beyond,
                 const struct onward *way)
{
    int64_t until = point_before(lanes, way->serves_until_s);
    struct onward all = *way;
    all.cost += lanes->served[until];
    if (until > beyond && all.cost < best->cost)
        *best = all;
}

/* The cheapest way on with instances of a purchase that begin an hour at `point`, their `first` or
 * another, and have to serve beyond the point `beyond`. */
static struct onward hour(const struct lanes *lanes, size_t purchase, int64_t point, bool first,
                          int64_t beyond)
{
    const struct purchase *item = &lanes->purchases->items[purchase];
    struct onward best = {.cost = LANE_NEVER};
    int64_t now_s = point_time(lanes, point);
    const struct segment *segment =
        segment_of(&lanes->segments[purchase], now_s, first ? now_s : now_s - SECONDS_PER_HOUR);
    if (!segment)
        return best;
    int64_t count = lane_count(lanes, purchase, lanes->width_micro);
    int64_t price = price_at(lanes, purchase, point);
    int64_t next_s = now_s + SECONDS_PER_HOUR;
    int64_t whole = count * cost_of(lanes, item, price, now_s, next_s, next_s);
    if (segment->ended_s < next_s) {
        int64_t until_s = item->per_second ? segment->ended_s : next_s;
        if (first && until_s < now_s + BILLING_MINIMUM_S)
            until_s = now_s + BILLING_MINIMUM_S;
        int64_t paid = count * cost_of(lanes, item, price, now_s, until_s, segment->ended_s);
        bool is_free = segment->by_ec2 && (!item->per_second || first);
        stop(lanes, &best, beyond,
             &(struct onward){.cost = is_free ? 0 : paid,
                              .by_ec2 = segment->by_ec2,
                              .ended_s = segment->ended_s,
                              .serves_until_s = segment->serves_until_s});
    } else {
        int64_t next = clip(lanes, point + lanes->per_hour);
        stop(lanes, &best, beyond,
             &(struct onward){.cost = whole,
                              .ended_s = next_s,
                              .serves_until_s = least(next_s, segment->serves_until_s)});
        int64_t cost = whole + (next < lanes->last ? *on_at(lanes, purchase, next) : 0);
        if (next < lanes->last && segment->serves_until_s > next_s && cost < best.cost)
            best = (struct onward){.cost = cost, .on = true};
    }
    int64_t most = point_before(lanes, least(segment->serves_until_s, next_s) - 1);
    for (int64_t m = beyond > point ? beyond + 1 : point + 1; item->per_second && m <= most; m++) {
        int64_t end_s = point_time(lanes, m);
        stop(lanes, &best, beyond,
             &(struct onward){.cost = count * cost_of(lanes, item, price, now_s, end_s, end_s),
                              .ended_s = end_s,
                              .serves_until_s = end_s});
    }
    return best;
}

/* The point at which instances of a purchase begin to run that are to serve from `point` on; below
 * 0: they cannot. */
static int64_t launch_point(const struct lanes *lanes, size_t purchase, int64_t point)
{
    const struct purchase *item = &lanes->purchases->items[purchase];
    int64_t begin = point - (item->join_s + lanes->step_s - 1) / lanes->step_s;
    int64_t time_s = point_time(lanes, begin);
    return begin < 0 || time_s < item->first_running_s || time_s > item->last_running_s ||
                   item->join_s >= SECONDS_PER_HOUR
               ? -1
               : begin;
}

/* The cheapest launch by which the lane is served from `point` on. */
static struct onward launch(const struct lanes *lanes, int64_t point, size_t *out_purchase)
{
    struct onward best = {.cost = LANE_NEVER};
    for (size_t p = 0; p < lanes->purchases->count; p++) {
        int64_t begin = launch_point(lanes, p, point);
        if (begin < 0)
            continue;
        struct onward here = hour(lanes, p, begin, true, point);
        if (here.cost < best.cost) {
            best = here;
            *out_purchase = p;
        }
    }
    return best;
}

/* ---- the lane -----------------------------------------------------------------------------------
 */

void lanes_require(struct lanes *lanes, const struct demand_step *demand, size_t demand_count)
{
    const struct scenario *scenario = lanes->scenario;
    for (size_t s = 0; s < demand_count; s++) {
        int64_t from_s = demand[s].time_s > scenario->measure_from_s ? demand[s].time_s
                                                                     : scenario->measure_from_s;
        int64_t to_s = s + 1 < demand_count ? demand[s + 1].time_s : scenario->measure_to_s;
        to_s = least(to_s, scenario->measure_to_s);
        for (int64_t i = from_s < to_s ? point_before(lanes, from_s) : lanes->last;
             i < lanes->last && point_time(lanes, i) < to_s; i++) {
            if (lanes->missing[i] < demand[s].required_micro)
                lanes->missing[i] = demand[s].required_micro;
        }
    }
}

void lanes_serve(struct lanes *lanes, const struct schedule *chain, bool taken_away)
{
    for (size_t k = 0; k < chain->count; k++) {
        const struct schedule_item *item = &chain->items[k];
        int64_t micro = item->count * item->weight_micro * (taken_away ? -1 : 1);
        int64_t until = point_before(lanes, item->serves_until_s);
        int64_t first =
            (item->joined_s - lanes->scenario->from_s + lanes->step_s - 1) / lanes->step_s;
        for (int64_t i = first; i < until; i++)
            lanes->missing[i] -= micro;
    }
}

int64_t lanes_most_missing(const struct lanes *lanes)
{
    int64_t most = 0;
    for (int64_t i = 0; i < lanes->last; i++)
        most = lanes->missing[i] > most ? lanes->missing[i] : most;
    return most;
}

/* Where the lane is needed. Whether that is elsewhere than it was for the one that is solved. */
static bool find_needed(struct lanes *lanes, int64_t offset_micro)
{
    bool differs = false;
    for (int64_t i = 0; i < lanes->last; i++) {
        bool needed = lanes->missing[i] > offset_micro;
        differs = differs || needed != lanes->needed[i];
        lanes->needed[i] = needed;
    }
    return differs;
}

void lane_solve(struct lanes *lanes, int64_t offset_micro, int64_t width_micro, int64_t times)
{
    bool limited = false;
    for (size_t p = 0; p < lanes->purchases->count; p++) {
        const struct purchase *item = &lanes->purchases->items[p];
        limited = limited || item->limit_count > 0;
        if (item->limit_count > 0)
            segments_find(&lanes->segments[p], item, lanes->scenario,
                          lanes->used[p] + times * lane_count(lanes, p, width_micro));
    }
    bool differs = find_needed(lanes, offset_micro);
    if (!differs && !limited && lanes->width_micro == width_micro)
        return; /* as it is solved already */
    lanes->width_micro = width_micro;
    for (size_t p = 0; p < lanes->purchases->count; p++)
        lanes->looked_at +=
            lanes->last * (lanes->purchases->items[p].per_second ? lanes->per_hour : 1);
    lanes->served[lanes->last] = 0;
    for (int64_t i = lanes->last - 1; i >= 0; i--) {
        size_t purchase = 0;
        lanes->served[i] =
            lanes->needed[i] ? launch(lanes, i, &purchase).cost : lanes->served[i + 1];
        for (size_t p = 0; p < lanes->purchases->count; p++)
            *on_at(lanes, p, i) = hour(lanes, p, i, false, i).cost;
    }
}

int64_t lane_cost(const struct lanes *lanes, int warm)
{
    return warm == LANE_COLD ? lanes->served[0] : hour(lanes, (size_t)warm, 0, true, 0).cost;
}

/* ---- written down -------------------------------------------------------------------------------
 */

static int128 bill_of(const struct lanes *lanes, const struct purchase *item,
                      const struct schedule_item *written)
{
    const struct scenario *scenario = lanes->scenario;
    const struct bill bill = {
        .running_s = written->running_s,
        .ended_s = written->ended_s < scenario->measure_to_s ? written->ended_s : INT64_MAX,
        .ended_by_ec2 = written->ended_by_ec2,
        .per_second = item->per_second,
        .lock_continuous = item->continuous,
        .window_from_s = scenario->measure_from_s,
        .window_to_s = scenario->measure_to_s,
        .discount_permille = item->discount_permille,
    };
    return item->spot ? billing_spot(&bill, item->steps, item->step_count)
                      : billing_on_demand(&bill, item->steps[0].micro_usd_per_hour);
}

/* The instances of a purchase that begin to run at `point`. Returns the point up to which they
 * serve. */
static int64_t write_instances(const struct lanes *lanes, size_t purchase, int64_t point,
                               struct onward onward, struct schedule_item written,
                               struct schedule *schedule)
{
    const struct scenario *scenario = lanes->scenario;
    const struct purchase *item = &lanes->purchases->items[purchase];
    const struct delay *delay = item->spot ? &scenario->account.spot_launch_delay
                                           : &scenario->account.on_demand_launch_delay;
    written.kind = item->spot ? RECORD_SPOT : RECORD_ON_DEMAND;
    written.pool = item->pool;
    written.instance_type = item->pool ? item->pool->instance_type : scenario->group.instance_type;
    written.zone = item->pool ? item->pool->zone : scenario->group.zones[0];
    written.weight_micro = item->weight_micro;
    written.count = lane_count(lanes, purchase, lanes->width_micro);
    written.running_s = point_time(lanes, point);
    written.requested_s = written.running_s - (written.warm ? 0 : delay_least(delay));
    written.joined_s = written.running_s + (written.warm ? 0 : item->join_s);
    for (int64_t here = point; onward.on;) {
        here += lanes->per_hour;
        onward = hour(lanes, purchase, here, false, here);
    }
    written.ended_s = least(onward.ended_s, scenario->measure_to_s);
    written.serves_until_s = least(onward.serves_until_s, scenario->measure_to_s);
    written.ended_by_ec2 = onward.by_ec2;
    written.cost_micro_usd_s = bill_of(lanes, item, &written);
    ARRAY_PUSH(schedule->items, schedule->count, schedule->capacity, written);
    return point_before(lanes, onward.serves_until_s);
}

void lane_write(const struct lanes *lanes, int warm, struct schedule *schedule)
{
    int64_t point = 0;
    if (warm != LANE_COLD)
        point = write_instances(lanes, (size_t)warm, 0, hour(lanes, (size_t)warm, 0, true, 0),
                                (struct schedule_item){.warm = true}, schedule);
    while (point < lanes->last) {
        size_t purchase = 0;
        if (!lanes->needed[point]) {
            point++;
            continue;
        }
        struct onward onward = launch(lanes, point, &purchase);
        point = write_instances(lanes, purchase, launch_point(lanes, purchase, point), onward,
                                (struct schedule_item){0}, schedule);
    }
}
