/* What perfect knowledge would have bought, judged second by second: it serves what it is for,
 * keeps to caps and delays, is billed as told, and costs no less than the bound.
 *
 * Proves docs/bounds.md, "The schedule".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/pcg64.h"
#include "sim/billing.h"
#include "sim_fixture.h"
#include "study/bound.h"
#include "study/schedule.h"
#include "valgrind.h"

enum { HOUR = 3600, CENT = 10000, LIMITS_MOST = 5 };

static const struct price_step *step_at(const struct fixture *f, size_t pool, int64_t time_s)
{
    const struct price_step *step = &f->steps[pool][0];
    for (size_t i = 1; i < f->markets[pool].step_count; i++) {
        if (f->steps[pool][i].time_s <= time_s)
            step = &f->steps[pool][i];
    }
    return step;
}

static size_t pool_of(const struct schedule_item *item)
{
    return strcmp(item->zone, zone_b) == 0;
}

static bool above_cap(const struct fixture *f, size_t pool, int64_t time_s)
{
    return (int128)step_at(f, pool, time_s)->micro_usd_per_hour * MICRO >
           (int128)f->pools[pool].cap_per_unit_micro_usd * f->pools[pool].weight_micro;
}

static int64_t price_of(const struct fixture *f, const struct schedule_item *item, int64_t time_s)
{
    return item->kind == RECORD_SPOT ? step_at(f, pool_of(item), time_s)->micro_usd_per_hour
                                     : f->scenario.group.on_demand_micro_usd;
}

/* The bill of one instance, a second at a time. */
static int128 bill(const struct fixture *f, const struct schedule_item *item)
{
    const struct scenario *scenario = &f->scenario;
    bool per_second = item->running_s >= MODERN_T0 - 86400;
    bool continuous = scenario->account.price_lock_continuous && item->kind == RECORD_SPOT;
    int128 sum = 0;
    if (item->prepaid)
        return 0;
    for (int64_t hour_s = item->running_s; hour_s < item->ended_s; hour_s += HOUR) {
        bool cut_short = item->ended_s < hour_s + HOUR;
        int64_t until_s = cut_short && per_second ? item->ended_s : hour_s + HOUR;
        if (until_s < item->running_s + BILLING_MINIMUM_S)
            until_s = item->running_s + BILLING_MINIMUM_S;
        if (cut_short && item->ended_by_ec2 && (!per_second || hour_s == item->running_s))
            continue;
        for (int64_t s = hour_s; s < until_s; s++) {
            /* what has ended within the window is paid in full */
            if (s >= scenario->measure_from_s && item->ended_s > scenario->measure_from_s &&
                (s < scenario->measure_to_s || item->ended_s < scenario->measure_to_s))
                sum += price_of(f, item, continuous ? s : hour_s);
        }
    }
    return sum;
}

static int64_t limit_at(const struct fixture *f, const char *zone, int64_t time_s)
{
    int64_t limit = CAPACITY_UNLIMITED;
    for (size_t i = 0; i < f->traces.capacity_count; i++) {
        const struct capacity_step *step = &f->traces.capacities[i];
        if (step->time_s <= time_s && strcmp(step->zone, zone) == 0)
            limit = step->instances;
    }
    return limit;
}

static void judge_item(const struct fixture *f, const struct schedule_item *item)
{
    const struct scenario *scenario = &f->scenario;
    const struct account *account = &scenario->account;
    bool spot = item->kind == RECORD_SPOT;
    int64_t delay_s =
        spot ? account->spot_launch_delay.min_s : account->on_demand_launch_delay.min_s;
    assert_true(item->requested_s >= scenario->from_s);
    assert_int_equal(item->running_s, item->requested_s + (item->warm ? 0 : delay_s));
    assert_int_equal(item->joined_s,
                     item->running_s + (item->warm ? 0 : account->join_delay.min_s));
    assert_true(item->ended_s > item->running_s && item->ended_s <= scenario->measure_to_s);
    assert_true(item->serves_until_s <= item->ended_s);
    assert_true(item->cost_micro_usd_s == bill(f, item));
    if (!spot) {
        assert_false(item->ended_by_ec2);
        return;
    }
    size_t pool = pool_of(item);
    int64_t notice_s = INT64_MAX;
    assert_true(item->warm || !above_cap(f, pool, item->requested_s));
    assert_true(item->warm || limit_at(f, item->zone, item->requested_s) > 0);
    for (int64_t s = item->requested_s; s < item->ended_s && notice_s == INT64_MAX; s++) {
        if (above_cap(f, pool, s) || limit_at(f, item->zone, s) == 0)
            notice_s = s;
    }
    if (item->ended_by_ec2)
        assert_int_equal(item->ended_s, notice_s + account->interruption_notice_s);
    else if (notice_s != INT64_MAX)
        assert_true(item->ended_s <= notice_s + account->interruption_notice_s);
    if (account->drain_on_notice)
        assert_true(item->serves_until_s <= notice_s);
}

static int64_t required_at(const struct demand_step *steps, size_t count, int64_t time_s)
{
    int64_t required_micro = 0;
    for (size_t i = 0; i < count; i++) {
        if (steps[i].time_s <= time_s)
            required_micro = steps[i].required_micro;
    }
    return required_micro;
}

/* Prepaid are those of the group that began first, for as long as they run. */
static void judge_prepaid(const struct fixture *f, const struct schedule *schedule)
{
    int64_t prepaid = 0;
    for (size_t i = 0; i < schedule->count; i++) {
        const struct schedule_item *item = &schedule->items[i];
        if (!item->prepaid)
            continue;
        prepaid += item->count;
        assert_true(!item->pool && item->ended_s == f->scenario.measure_to_s);
        for (size_t k = 0; k < schedule->count; k++) {
            const struct schedule_item *other = &schedule->items[k];
            assert_true(other->pool || other->prepaid || other->running_s >= item->running_s ||
                        other->warm);
        }
    }
    assert_true(prepaid <= f->scenario.price_terms.prepaid_instances);
}

/* Nothing is over a limit, but what has its notice since the place closed. */
static void judge_limits(const struct fixture *f, const struct schedule *schedule)
{
    const struct scenario *scenario = &f->scenario;
    for (int64_t s = scenario->from_s; s < scenario->measure_to_s; s++) {
        int64_t group = 0;
        int64_t pools[2] = {0, 0};
        for (size_t i = 0; i < schedule->count; i++) {
            const struct schedule_item *item = &schedule->items[i];
            if (item->requested_s > s || item->ended_s <= s)
                continue;
            group += item->pool ? 0 : item->count;
            if (item->kind == RECORD_SPOT)
                pools[pool_of(item)] += item->count;
        }
        assert_true(group <= scenario->group.max_size);
        for (size_t p = 0; p < 2; p++) {
            int64_t limit = limit_at(f, f->pools[p].zone, s);
            assert_true(limit == 0 || pools[p] <= limit);
        }
    }
}

static int128 other_cost(const struct fixture *f, const struct schedule *schedule)
{
    const struct scenario *scenario = &f->scenario;
    int128 running_s = 0;
    for (size_t i = 0; i < schedule->count; i++) {
        for (int64_t s = schedule->items[i].running_s; s < schedule->items[i].ended_s; s++)
            running_s += s >= scenario->measure_from_s ? schedule->items[i].count : 0;
    }
    return divide_half_even(running_s * scenario->price_terms.address_micro_usd_per_hour, HOUR);
}

static void judge(const struct fixture *f, const struct schedule *schedule,
                  const struct demand_step *steps, size_t count, int64_t bound)
{
    const struct scenario *scenario = &f->scenario;
    int128 sums[2] = {0, 0};
    for (size_t i = 0; i < schedule->count; i++) {
        const struct schedule_item *item = &schedule->items[i];
        judge_item(f, item);
        sums[item->kind] += item->cost_micro_usd_s * item->count;
    }
    assert_true(schedule->cost_micro_usd == divide_half_even(sums[0], HOUR) +
                                                divide_half_even(sums[1], HOUR) +
                                                other_cost(f, schedule));
    judge_prepaid(f, schedule);
    judge_limits(f, schedule);
    assert_true(schedule->cost_micro_usd >= bound);
    for (int64_t s = scenario->measure_from_s; s < scenario->measure_to_s; s++) {
        int64_t up_micro = 0;
        for (size_t i = 0; i < schedule->count; i++) {
            const struct schedule_item *item = &schedule->items[i];
            if (item->joined_s <= s && s < item->serves_until_s)
                up_micro += item->count * item->weight_micro;
        }
        if (up_micro < required_at(steps, count, s))
            fail_msg("%lld s after the start only %lld micro-units",
                     (long long)(s - scenario->from_s), (long long)up_micro);
    }
}

/* In about every second world a place is limited, and one price rule or the other is not usual. */
static void make_terms(struct fixture *f, struct capacity_step *limits, struct pcg64 *rng)
{
    struct scenario *scenario = &f->scenario;
    int64_t at_s = scenario->from_s;
    f->traces.capacities = limits;
    scenario->account.price_lock_continuous = pcg64_below(rng, 4) == 0;
    if (pcg64_below(rng, 4) == 0)
        scenario->price_terms.prepaid_instances = pcg64_between(rng, 1, 4);
    if (pcg64_below(rng, 4) == 0)
        scenario->price_terms.address_micro_usd_per_hour = pcg64_between(rng, 1, 9999);
    if (pcg64_below(rng, 2) == 0)
        return;
    scenario->interruptions = INTERRUPTIONS_TRACE;
    for (size_t i = 0; i < LIMITS_MOST; i++) {
        char *zone = pcg64_below(rng, 2) ? zone_a : zone_b;
        int64_t instances = pcg64_below(rng, 5) ? pcg64_between(rng, 0, 5) : CAPACITY_UNLIMITED;
        limits[f->traces.capacity_count++] =
            (struct capacity_step){at_s, zone, spot_type, instances};
        at_s += pcg64_between(rng, 60, HOUR);
    }
}

static void make_world(struct fixture *f, struct capacity_step *limits, struct pcg64 *rng)
{
    bool modern = pcg64_below(rng, 2);
    fixture_set_up(f, modern ? MODERN_T0 : T0);
    struct scenario *scenario = &f->scenario;
    scenario->fleet.pool_count = 2;
    scenario->cold = pcg64_below(rng, 3) == 0;
    scenario->to_s = scenario->from_s + HOUR + pcg64_between(rng, 0, 5 * HOUR);
    scenario->measure_to_s = scenario->to_s - pcg64_between(rng, 0, 1000);
    scenario->measure_from_s = scenario->from_s + pcg64_between(rng, 0, 1) * 700;
    scenario->account.spot_launch_delay.min_s = pcg64_between(rng, 0, 90);
    scenario->account.on_demand_launch_delay.min_s = pcg64_between(rng, 0, 90);
    scenario->account.join_delay.min_s = pcg64_between(rng, 0, 130);
    scenario->account.drain_on_notice = pcg64_below(rng, 2);
    scenario->group.units_per_instance_micro = pcg64_between(rng, 1, 4) * UNIT;
    set_policy(f, pcg64_below(rng, 2) ? &policy_pending_capacity : &policy_none, NULL);
    for (size_t p = 0; p < 2; p++) {
        f->pools[p].weight_micro = pcg64_between(rng, 1, 4) * UNIT;
        f->pools[p].cap_per_unit_micro_usd = 6 * CENT;
        int64_t at_s = 0;
        for (int i = 0; i < 12; i++) {
            int64_t micro = pcg64_between(rng, 1, 7) * CENT * f->pools[p].weight_micro / UNIT;
            at_s += pcg64_between(rng, 1, HOUR);
            if (i == 0)
                f->steps[p][0].micro_usd_per_hour = micro;
            else
                price(f, p, at_s, micro);
        }
    }
    int64_t at_s = 0;
    f->demand[0].required_micro = pcg64_between(rng, 0, 12) * UNIT;
    for (int i = 0; i < 5; i++) {
        at_s += pcg64_between(rng, 1, HOUR);
        f->demand[scenario->demand_count++] =
            (struct demand_step){scenario->from_s + at_s, pcg64_between(rng, 0, 12) * UNIT};
    }
    scenario->fleet.target_micro = pcg64_between(rng, 1, 12) * UNIT;
    make_terms(f, limits, rng);
}

static void random_worlds(void **state)
{
    (void)state;
    int made = 0;
    for (uint64_t seed = 1; seed <= (under_valgrind() ? 3 : 200); seed++) {
        struct fixture f;
        struct capacity_step limits[LIMITS_MOST];
        struct pcg64 rng;
        struct error err = {0};
        pcg64_seed(&rng, seed, 3);
        make_world(&f, limits, &rng);
        printf("seed %d\n", (int)seed);
        struct bounds *bounds = bounds_new(&f.scenario, &f.traces, &f.sink);
        const struct record_sink sink = bounds_sink(bounds);
        assert_int_equal(simulate(&f.scenario, &f.traces, &sink, NULL, &f.figures, &err), 0);
        assert_int_equal(bounds_fill(bounds, 1, &f.figures, &err), 0);
        if (f.figures.known[FIGURE_cost_regret_micro_usd])
            assert_true(FIGURE_VALUE(&f, cost_regret_micro_usd) >= 0);
        struct demand_step served[TOLD_MAX];
        for (size_t i = 0; i < f.capacity_count; i++) {
            const struct record_capacity *at = &f.capacities[i];
            int64_t up_micro = at->spot_up_micro + at->on_demand_up_micro;
            served[i] = (struct demand_step){
                at->time_s, up_micro < at->required_micro ? up_micro : at->required_micro};
        }
        const struct schedule *schedule =
            bounds_schedule(bounds, FIGURE_cost_lower_bound_micro_usd);
        if (!schedule->reason && f.figures.known[FIGURE_cost_lower_bound_micro_usd]) {
            judge(&f, schedule, served, f.capacity_count,
                  FIGURE_VALUE(&f, cost_lower_bound_micro_usd));
            made++;
        }
        schedule = bounds_schedule(bounds, FIGURE_cost_full_service_bound_micro_usd);
        if (!schedule->reason && f.figures.known[FIGURE_cost_full_service_bound_micro_usd]) {
            judge(&f, schedule, f.demand, f.scenario.demand_count,
                  FIGURE_VALUE(&f, cost_full_service_bound_micro_usd));
            made++;
        }
        bounds_free(bounds);
    }
    printf("%d schedules\n", made);
    assert_true(made >= (under_valgrind() ? 2 : 200));
}

/* One pool of weight 1 at 0.10 USD, a backup as wide, no delays, a cold start. */
static void cold(struct fixture *f, int64_t from_s, int64_t length_s)
{
    fixture_set_up(f, from_s);
    f->pools[0].weight_micro = UNIT;
    f->pools[0].cap_per_unit_micro_usd = 50 * CENT;
    f->steps[0][0].micro_usd_per_hour = 10 * CENT;
    f->scenario.cold = true;
    f->scenario.to_s = f->scenario.measure_to_s = from_s + length_s;
    f->scenario.fleet.target_micro = 2 * UNIT;
    f->scenario.group.units_per_instance_micro = UNIT;
    f->scenario.account.spot_launch_delay.min_s = 0;
    f->scenario.account.on_demand_launch_delay.min_s = 0;
    f->scenario.account.join_delay.min_s = 0;
    f->demand[0].required_micro = UNIT;
}

/* The cost of the schedule for all that is required, judged; it has to be there. */
static int64_t full_service(struct fixture *f)
{
    struct error err = {0};
    struct bounds *bounds = bounds_new(&f->scenario, &f->traces, &f->sink);
    const struct record_sink sink = bounds_sink(bounds);
    assert_int_equal(simulate(&f->scenario, &f->traces, &sink, NULL, &f->figures, &err), 0);
    assert_int_equal(bounds_fill(bounds, 1, &f->figures, &err), 0);
    const struct schedule *schedule =
        bounds_schedule(bounds, FIGURE_cost_full_service_bound_micro_usd);
    if (schedule->reason)
        fail_msg("%s", schedule->reason);
    judge(f, schedule, f->demand, f->scenario.demand_count,
          FIGURE_VALUE(f, cost_full_service_bound_micro_usd));
    int64_t cost = (int64_t)schedule->cost_micro_usd;
    bounds_free(bounds);
    return cost;
}

static void hours_that_are_left_over_serve_other_lanes(void **state)
{
    (void)state;
    struct fixture f;
    cold(&f, T0, 3 * HOUR / 2);
    for (int i = 1; i < 3; i++)
        f.demand[f.scenario.demand_count++] =
            (struct demand_step){T0 + i * HOUR / 2, (i == 1 ? 2 : 1) * UNIT};
    assert_int_equal(full_service(&f), 20 * CENT);
}

static void what_a_place_has_no_more_is_bought_elsewhere(void **state)
{
    (void)state;
    struct fixture f;
    struct capacity_step limits[] = {{MODERN_T0, zone_a, spot_type, 2},
                                     {MODERN_T0 + HOUR, zone_a, spot_type, 1}};
    cold(&f, MODERN_T0, 2 * HOUR);
    f.traces.capacities = limits;
    f.traces.capacity_count = 2;
    f.scenario.interruptions = INTERRUPTIONS_TRACE;
    f.demand[0].required_micro = 2 * UNIT;
    /* three hours of spot and one on demand, but for the minute in which the place empties */
    int64_t cost = full_service(&f);
    assert_true(cost >= 30 * CENT + 252000 && cost < 31 * CENT + 252000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hours_that_are_left_over_serve_other_lanes),
        cmocka_unit_test(what_a_place_has_no_more_is_bought_elsewhere),
        cmocka_unit_test(random_worlds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
