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

enum {
    PASSES_MOST = 3,            /* over all lanes, to improve them */
    LOOKED_AT_MOST = 200000000, /* after that nothing further is tried: some seconds */
};

/* What serves `width_micro` while more than `offset_micro` is missing. */
struct lane {
    int64_t offset_micro;
    int64_t width_micro;
    int warm; /* purchase of what runs at `from`, or LANE_COLD */
    struct schedule chain;
};

struct maker {
    struct lanes lanes;
    struct lane *list; /* the lowest first */
    size_t count;
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

/* Of so many of each purchase that run at `from` the heaviest; -1: there are none. */
static int heaviest_warm(const struct maker *maker, const int64_t *left)
{
    const struct purchases *purchases = maker->lanes.purchases;
    int found = LANE_COLD;
    for (size_t p = 0; p < purchases->count; p++) {
        if (left[p] > 0 && (found == LANE_COLD || purchases->items[p].weight_micro >
                                                      purchases->items[found].weight_micro))
            found = (int)p;
    }
    return found;
}

/* Wide lanes as far as the demand never falls below them, for which there is most to choose from;
 * above them narrow ones for what comes and goes. With `warm` one first for each instance that runs
 * at `from`, as wide as it, the widest lowest: else some of those may fit nowhere. */
static struct lane *lay_lanes(const struct maker *maker, bool warm, size_t *out_count)
{
    struct lane *list = NULL;
    size_t capacity = 0;
    int64_t least_micro = 0;
    int64_t most_micro = 0;
    int64_t widest_micro = weight(maker, true);
    size_t purchases = maker->lanes.purchases->count;
    int64_t *left = memory_new(purchases, sizeof *left);
    for (size_t p = 0; p < purchases && warm; p++)
        left[p] = maker->warm_left[p];
    find_range(maker, &least_micro, &most_micro);
    *out_count = 0;
    for (int64_t offset_micro = 0; offset_micro < most_micro;) {
        int first = heaviest_warm(maker, left);
        struct lane lane = {
            .offset_micro = offset_micro, .width_micro = weight(maker, false), .warm = LANE_COLD};
        if (first != LANE_COLD) {
            lane.width_micro = maker->lanes.purchases->items[first].weight_micro;
            left[first]--;
        } else if (offset_micro + widest_micro <= least_micro) {
            lane.width_micro = widest_micro;
        }
        ARRAY_PUSH(list, *out_count, capacity, lane);
        offset_micro += lane.width_micro;
    }
    free(left);
    return list;
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

static int128 cost_of(const struct schedule *chain)
{
    int128 sum = 0;
    for (size_t i = 0; i < chain->count; i++)
        sum += chain->items[i].cost_micro_usd_s * chain->items[i].count;
    return sum;
}

/* The most instances at once, of a lane, in the place of a purchase. */
static int64_t most_in_place(const struct maker *maker, const struct schedule *chain,
                             size_t purchase)
{
    const struct fleet_pool *pool = maker->lanes.purchases->items[purchase].pool;
    int64_t most = 0;
    for (size_t i = 0; i < chain->count && pool; i++) {
        int64_t here = schedule_in_place(chain, pool, chain->items[i].requested_s);
        most = here > most ? here : most;
    }
    return most;
}

/* Whether a chain has no more in any limited place than there was room for. */
static bool fits_places(const struct maker *maker, const struct schedule *chain, int64_t times)
{
    for (size_t p = 0; p < maker->lanes.purchases->count; p++) {
        int64_t room = times * lane_count(&maker->lanes, p, maker->lanes.width_micro);
        if (maker->lanes.purchases->items[p].limit_count > 0 &&
            most_in_place(maker, chain, p) > room)
            return false;
    }
    return true;
}

/* The cheapest chain of a lane, beside all the others. False: there is none. */
static bool solve(struct maker *maker, struct lane *lane)
{
    int64_t cost = 0;
    bool fits = false;
    for (int64_t times = 1; !fits && times <= OVERLAP_MOST; times++) {
        lane_solve(&maker->lanes, lane->offset_micro, lane->width_micro, times);
        lane->warm = begin_of(maker, &cost);
        if (cost >= LANE_NEVER)
            return false;
        lane->chain.count = 0;
        lane_write(&maker->lanes, lane->warm, &lane->chain);
        assert(cost_of(&lane->chain) == cost);
        fits = !maker->limited || fits_places(maker, &lane->chain, times);
    }
    return true;
}

/* The lane takes its part of what there is, or gives it back. */
static void take(struct maker *maker, struct lane *lane, bool back)
{
    int64_t sign = back ? -1 : 1;
    lanes_serve(&maker->lanes, &lane->chain, back);
    if (lane->warm != LANE_COLD)
        maker->warm_left[lane->warm] -=
            sign * lane_count(&maker->lanes, (size_t)lane->warm, lane->width_micro);
    for (size_t p = 0; p < maker->lanes.purchases->count && maker->limited; p++)
        maker->lanes.used[p] += sign * most_in_place(maker, &lane->chain, p);
}

static void take_all(struct maker *maker, bool back)
{
    for (size_t i = 0; i < maker->count; i++)
        take(maker, &maker->list[i], back);
}

static void free_lanes(struct lane *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(list[i].chain.items);
    free(list);
}

/* Solve lanes from the topmost, which is needed for the shortest time, down, or from the lowest up:
 * either way hours that are paid and not needed serve the lanes that follow. What they cost, or -1:
 * they cannot be had. Nothing is taken in the end. */
static int128 solve_all(struct maker *maker, struct lane *list, size_t count, bool down)
{
    int128 cost = 0;
    size_t taken = 0;
    for (; taken < count && cost >= 0; taken++) {
        struct lane *lane = &list[down ? count - 1 - taken : taken];
        if (!down)
            lane->offset_micro = 0; /* all that is missing, as far as it is wide */
        if (!solve(maker, lane)) {
            cost = -1;
            break;
        }
        take(maker, lane, false);
        cost += cost_of(&lane->chain);
    }
    for (size_t i = 0; i < taken; i++)
        take(maker, &list[down ? count - 1 - i : i], true);
    return cost;
}

/* Lanes laid and solved in the way that is cheapest. False: there is none. */
static bool make_lanes(struct maker *maker)
{
    int128 best = -1;
    for (unsigned way = 0; way < 4 && (best < 0 || maker->lanes.looked_at < LOOKED_AT_MOST);
         way++) {
        size_t count = 0;
        struct lane *list = lay_lanes(maker, !(way & 1), &count);
        int128 cost = solve_all(maker, list, count, !(way & 2));
        if (cost >= 0 && (best < 0 || cost < best)) {
            free_lanes(maker->list, maker->count);
            maker->list = list;
            maker->count = count;
            best = cost;
        } else {
            free_lanes(list, count);
        }
    }
    take_all(maker, false);
    return best >= 0;
}

/* Take one lane after the other away, and serve what is missing then in the best way. Whether
 * anything was gained. */
static bool improve(struct maker *maker)
{
    bool gained = false;
    for (size_t i = maker->count; i-- > 0 && maker->lanes.looked_at < LOOKED_AT_MOST;) {
        struct lane *lane = &maker->list[i];
        if (lane->chain.count == 0)
            continue;
        take(maker, lane, true);
        struct lane better = {.width_micro = lanes_most_missing(&maker->lanes), .warm = LANE_COLD};
        bool found = better.width_micro == 0 || solve(maker, &better);
        if (found && cost_of(&better.chain) < cost_of(&lane->chain)) {
            free(lane->chain.items);
            *lane = better;
            gained = true;
        } else {
            free(better.chain.items);
        }
        take(maker, lane, false);
    }
    return gained;
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
    lanes_set_up(&maker.lanes, purchases, scenario);
    maker.warm_left = memory_new(purchases->count, sizeof *maker.warm_left);
    for (size_t p = 0; p < purchases->count; p++) {
        maker.warm_left[p] = purchases->items[p].warm_micro / purchases->items[p].weight_micro;
        maker.limited = maker.limited || purchases->items[p].limit_count > 0;
    }
    schedule_prepaid(out_schedule, purchases, scenario, demand, demand_count, maker.warm_left,
                     &maker.demand);
    lanes_require(&maker.lanes, maker.demand.steps, maker.demand.count);
    if (!make_lanes(&maker))
        out_schedule->reason = "none was found that serves it";
    for (int pass = 0; !out_schedule->reason && pass < PASSES_MOST && improve(&maker); pass++)
        ;
    for (size_t i = 0; i < maker.count; i++) {
        for (size_t k = 0; k < maker.list[i].chain.count; k++)
            ARRAY_PUSH(out_schedule->items, out_schedule->count, out_schedule->capacity,
                       maker.list[i].chain.items[k]);
    }
    free_lanes(maker.list, maker.count);
    free(maker.warm_left);
    free(maker.demand.steps);
    out_schedule->dear = maker.lanes.looked_at >= LOOKED_AT_MOST;
    lanes_clean_up(&maker.lanes);
    gather(out_schedule);
    add_up(out_schedule, scenario);
    if (!out_schedule->reason)
        out_schedule->reason = schedule_breach(out_schedule, purchases, scenario);
    if (out_schedule->reason)
        schedule_refuse(out_schedule, out_schedule->reason);
}

void schedule_copy(struct schedule *schedule, const struct schedule *other)
{
    schedule_clean_up(schedule);
    for (size_t i = 0; i < other->count; i++)
        ARRAY_PUSH(schedule->items, schedule->count, schedule->capacity, other->items[i]);
    schedule->cost_micro_usd = other->cost_micro_usd;
    schedule->reason = other->reason;
    schedule->dear = other->dear;
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
