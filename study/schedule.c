#include "study/schedule.h"

#include "base/memory.h"
#include "sim/accounting.h"
#include "study/schedule_lane.h"
#include "study/schedule_terms.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Instances of a lane that follow each other in a place: one is launched while another still runs.
 */
enum { OVERLAP_MOST = 3 };

struct maker {
    struct lanes lanes;
    struct curve demand; /* what prepaid instances leave */
    bool limited;        /* a place is */
    int64_t *warm_left;  /* instances of each purchase that run at `from` and are in no lane */
    struct schedule *schedule;
};

/* ---- how wide the lanes are ---------------------------------------------------------------------
 */

/* The demand's least and greatest value within the window. */
static void find_range(const struct maker *maker, int64_t *out_least, int64_t *out_most)
{
    const struct scenario *scenario = maker->lanes.scenario;
    *out_least = INT64_MAX;
    *out_most = 0;
    for (size_t i = 0; i < maker->demand.count; i++) {
        int64_t to_s = i + 1 < maker->demand.count ? maker->demand.steps[i + 1].time_s
                                                   : scenario->measure_to_s;
        int64_t here = maker->demand.steps[i].required_micro;
        if (to_s <= scenario->measure_from_s ||
            maker->demand.steps[i].time_s >= scenario->measure_to_s)
            continue;
        *out_least = here < *out_least ? here : *out_least;
        *out_most = here > *out_most ? here : *out_most;
    }
}

static int64_t weight(const struct maker *maker, bool heaviest)
{
    const struct purchases *purchases = maker->lanes.purchases;
    int64_t found = purchases->items[0].weight_micro;
    for (size_t p = 1; p < purchases->count; p++) {
        int64_t here = purchases->items[p].weight_micro;
        found = (here > found) == heaviest ? here : found;
    }
    return found;
}

/* Of those that run at `from` and are in no lane the heaviest; -1: there are none. */
static int heaviest_warm(const struct maker *maker)
{
    const struct purchases *purchases = maker->lanes.purchases;
    int found = LANE_COLD;
    for (size_t p = 0; p < purchases->count; p++) {
        if (maker->warm_left[p] > 0 &&
            (found == LANE_COLD ||
             purchases->items[p].weight_micro > purchases->items[found].weight_micro))
            found = (int)p;
    }
    return found;
}

/* A lane for each of those that run at `from`, as wide as it, the widest first; above them wide
 * ones as far as the demand never falls below, narrow ones for what comes and goes. */
static int64_t width_at(const struct maker *maker, int64_t offset_micro, int64_t least_micro)
{
    int warm = heaviest_warm(maker);
    if (warm != LANE_COLD)
        return maker->lanes.purchases->items[warm].weight_micro;
    int64_t widest = weight(maker, true);
    return offset_micro + widest <= least_micro ? widest : weight(maker, false);
}

/* ---- the lanes ----------------------------------------------------------------------------------
 */

/* How the solved lane begins at the least cost. */
static int begin_of(const struct maker *maker, int64_t *out_cost)
{
    int best = LANE_COLD;
    *out_cost = lane_cost(&maker->lanes, LANE_COLD);
    for (size_t p = 0; p < maker->lanes.purchases->count; p++) {
        if (maker->warm_left[p] < lane_count(&maker->lanes, p, maker->lanes.width_micro))
            continue;
        int64_t cost = lane_cost(&maker->lanes, (int)p);
        if (cost < *out_cost) {
            *out_cost = cost;
            best = (int)p;
        }
    }
    return best;
}

/* Whether lanes at both offsets are needed at the same times. */
static bool alike(const struct maker *maker, int64_t offset_micro, int64_t other_micro)
{
    for (size_t i = 0; i < maker->demand.count; i++) {
        int64_t here = maker->demand.steps[i].required_micro;
        if ((here > offset_micro) != (here > other_micro))
            return false;
    }
    return true;
}

#ifndef NDEBUG
static int128 cost_from(const struct schedule *schedule, size_t first)
{
    int128 sum = 0;
    for (size_t i = first; i < schedule->count; i++)
        sum += schedule->items[i].cost_micro_usd_s * schedule->items[i].count;
    return sum;
}
#endif

/* The most instances at once, of those written from `first` on, in the place of a purchase. */
static int64_t most_in_place(const struct maker *maker, size_t first, size_t purchase)
{
    const struct fleet_pool *pool = maker->lanes.purchases->items[purchase].pool;
    const struct schedule lane = {.items = maker->schedule->items + first,
                                  .count = maker->schedule->count - first};
    int64_t most = 0;
    for (size_t i = 0; i < lane.count && pool; i++) {
        int64_t here = schedule_in_place(&lane, pool, lane.items[i].requested_s);
        most = here > most ? here : most;
    }
    return most;
}

/* Whether a lane that was written has no more in any limited place than there was room for. */
static bool fits_places(const struct maker *maker, size_t first, int64_t times)
{
    for (size_t p = 0; p < maker->lanes.purchases->count; p++) {
        int64_t room = times * lane_count(&maker->lanes, p, maker->lanes.width_micro);
        if (maker->lanes.purchases->items[p].limit_count > 0 &&
            most_in_place(maker, first, p) > room)
            return false;
    }
    return true;
}

static bool make_lanes(struct maker *maker, int64_t least_micro, int64_t most_micro)
{
    int64_t solved_micro = -1; /* offset of the lane that is solved */
    for (int64_t offset_micro = 0; offset_micro < most_micro;) {
        int64_t width_micro = width_at(maker, offset_micro, least_micro);
        int64_t cost = 0;
        size_t first = maker->schedule->count;
        int begin = LANE_COLD;
        bool fits = false;
        for (int64_t times = 1; !fits && times <= OVERLAP_MOST; times++) {
            if (maker->limited || times > 1 || solved_micro < 0 ||
                width_micro != maker->lanes.width_micro ||
                !alike(maker, solved_micro, offset_micro)) {
                lane_solve(&maker->lanes, maker->demand.steps, maker->demand.count, offset_micro,
                           width_micro, times);
                solved_micro = offset_micro;
            }
            begin = begin_of(maker, &cost);
            if (cost >= LANE_NEVER)
                return false;
            maker->schedule->count = first;
            lane_write(&maker->lanes, begin, maker->schedule);
            assert(cost_from(maker->schedule, first) == cost);
            fits = !maker->limited || fits_places(maker, first, times);
        }
        if (begin != LANE_COLD)
            maker->warm_left[begin] -= lane_count(&maker->lanes, (size_t)begin, width_micro);
        else if (heaviest_warm(maker) != LANE_COLD)
            maker->warm_left[heaviest_warm(maker)]--; /* it is not worth its money */
        for (size_t p = 0; p < maker->lanes.purchases->count && maker->limited; p++)
            maker->lanes.used[p] += most_in_place(maker, first, p);
        offset_micro += width_micro;
    }
    return true;
}

/* ---- all of it ----------------------------------------------------------------------------------
 */

static int by_time(const void *a, const void *b)
{
    const struct schedule_item *x = a;
    const struct schedule_item *y = b;
    int order = (x->requested_s > y->requested_s) - (x->requested_s < y->requested_s);
    if (!order)
        order = (int)x->kind - (int)y->kind;
    if (!order)
        order = strcmp(x->zone, y->zone);
    if (!order)
        order = strcmp(x->instance_type, y->instance_type);
    if (!order)
        order = (x->ended_s > y->ended_s) - (x->ended_s < y->ended_s);
    return order;
}

/* In order, those that are alike together. */
static void gather(struct schedule *schedule)
{
    size_t count = 0;
    if (schedule->count > 0)
        qsort(schedule->items, schedule->count, sizeof *schedule->items, by_time);
    for (size_t i = 0; i < schedule->count; i++) {
        struct schedule_item *last = count ? &schedule->items[count - 1] : NULL;
        const struct schedule_item *here = &schedule->items[i];
        if (last && by_time(last, here) == 0 && last->warm == here->warm &&
            last->weight_micro == here->weight_micro && last->running_s == here->running_s &&
            last->cost_micro_usd_s == here->cost_micro_usd_s)
            last->count += here->count;
        else
            schedule->items[count++] = *here;
    }
    schedule->count = count;
}

static void add_up(struct schedule *schedule, const struct scenario *scenario)
{
    const struct other_rate rate = tariff_of(scenario).other;
    int128 sums[2] = {0, 0};
    int128 running_s = 0;
    for (size_t i = 0; i < schedule->count; i++) {
        const struct schedule_item *item = &schedule->items[i];
        int64_t from_s =
            item->running_s > scenario->measure_from_s ? item->running_s : scenario->measure_from_s;
        sums[item->kind] += item->cost_micro_usd_s * item->count;
        if (item->ended_s > from_s)
            running_s += (int128)(item->ended_s - from_s) * item->count;
    }
    schedule->cost_micro_usd = divide_half_even(sums[RECORD_SPOT], SECONDS_PER_HOUR) +
                               divide_half_even(sums[RECORD_ON_DEMAND], SECONDS_PER_HOUR);
    if (rate.numerator > 0)
        schedule->cost_micro_usd += divide_half_even(running_s * rate.numerator, rate.denominator);
}

void schedule_make(struct schedule *out_schedule, const struct purchases *purchases,
                   const struct scenario *scenario, const struct demand_step *demand,
                   size_t demand_count)
{
    *out_schedule = (struct schedule){0};
    struct maker maker = {.schedule = out_schedule};
    int64_t least_micro = 0;
    int64_t most_micro = 0;
    lanes_set_up(&maker.lanes, purchases, scenario);
    maker.warm_left = memory_new(purchases->count, sizeof *maker.warm_left);
    for (size_t p = 0; p < purchases->count; p++) {
        maker.warm_left[p] = purchases->items[p].warm_micro / purchases->items[p].weight_micro;
        maker.limited = maker.limited || purchases->items[p].limit_count > 0;
    }
    schedule_prepaid(out_schedule, purchases, scenario, demand, demand_count, maker.warm_left,
                     &maker.demand);
    find_range(&maker, &least_micro, &most_micro);
    if (!make_lanes(&maker, least_micro, most_micro))
        out_schedule->reason = "none was found that serves it";
    free(maker.warm_left);
    free(maker.demand.steps);
    lanes_clean_up(&maker.lanes);
    gather(out_schedule);
    add_up(out_schedule, scenario);
    if (!out_schedule->reason)
        out_schedule->reason = schedule_breach(out_schedule, purchases, scenario);
    if (out_schedule->reason)
        schedule_refuse(out_schedule, out_schedule->reason);
}

void schedule_refuse(struct schedule *schedule, const char *reason)
{
    schedule->reason = reason;
    schedule->count = 0;
}

void schedule_clean_up(struct schedule *schedule)
{
    free(schedule->items);
    *schedule = (struct schedule){0};
}
