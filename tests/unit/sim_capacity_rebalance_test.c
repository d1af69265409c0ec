/* A fleet that replaces instances before they are interrupted, on worlds small enough to work out
 * by hand. Proves docs/model.md, "Capacity rebalancing". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim_fixture.h"

enum { SINCE = 1604620800 /* 2020-11-06T00:00:00Z */, DUE_S = 1200, LEAD_S = 600 };

/* Eight instances of 4 units in zone a, and room in zone b; every record is announced ten minutes
 * before. Ticks are whole minutes, an instance runs after 30 s and serves after 90 s. */
static void set_up(struct fixture *f, enum replacement_strategy replacement, int64_t delay_s)
{
    fixture_set_up(f, SINCE);
    f->scenario.fleet.pool_count = 2;
    f->scenario.fleet.strategy = STRATEGY_CAPACITY_OPTIMIZED;
    f->scenario.fleet.replacement = replacement;
    f->scenario.fleet.termination_delay_s = delay_s;
    f->scenario.interruptions = INTERRUPTIONS_TRACE;
    f->scenario.interruption_terms.rebalance_permille = 1000;
    f->scenario.interruption_terms.rebalance_lead = (struct delay){.min_s = LEAD_S};
    f->scenario.account.marked_fulfilled = true;
    f->scenario.controller.alarm = false;
}

static void record(struct fixture *f, int64_t after_s, char *zone, int64_t instances, int64_t of)
{
    f->interruptions[f->traces.interruption_count++] =
        (struct interruption_step){f->scenario.from_s + after_s, zone, spot_type, instances, of};
}

static void modify(struct fixture *f, int64_t after_s, int64_t units)
{
    f->modifications[f->scenario.modification_count++] =
        (struct fleet_modification){f->scenario.from_s + after_s, units * UNIT, false, 0};
}

/* Instances that fit; -1 and NULL fit any. */
static size_t count(const struct fixture *f, const char *zone, int64_t requested_after_s, int end,
                    int64_t ended_after_s)
{
    size_t found = 0;
    for (size_t i = 0; i < f->instance_count; i++) {
        const struct record_instance *one = &f->instances[i];
        found += (!zone || strcmp(one->zone, zone) == 0) &&
                 (requested_after_s < 0 || one->requested_s == SINCE + requested_after_s) &&
                 (end < 0 || one->end == (enum record_end)end) &&
                 (ended_after_s < 0 || one->ended_s == SINCE + ended_after_s);
    }
    return found;
}

static int64_t fulfilled_at(const struct fixture *f, int64_t after_s)
{
    int64_t fulfilled_micro = 0;
    for (size_t i = 0; i < f->capacity_count && f->capacities[i].time_s <= SINCE + after_s; i++)
        fulfilled_micro = f->capacities[i].fleet_fulfilled_micro;
    return fulfilled_micro / UNIT;
}

static void without_it_nothing_is_replaced_early(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, REPLACEMENT_NONE, 0);
    record(&f, DUE_S, zone_a, 3, 0);
    simulate_fixture(&f);
    assert_int_equal(count(&f, NULL, 1320, -1, -1), 3); /* once they have ended */
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 3);
    assert_int_equal(FIGURE_VALUE(&f, capacity_shortfall_s), 90);
}

static void launch_replaces_and_ends_nothing(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, REPLACEMENT_LAUNCH, 0);
    record(&f, DUE_S, zone_a, 3, 0);
    simulate_fixture(&f);
    assert_int_equal(count(&f, zone_b, 600, END_STILL_RUNNING, -1),
                     3); /* not where it is at risk */
    assert_int_equal(count(&f, zone_a, 0, END_CAPACITY, 1320), 3);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 3);
    assert_int_equal(FIGURE_VALUE(&f, capacity_shortfall_s), 0);
    assert_int_equal(fulfilled_at(&f, 629), 32);
    assert_int_equal(fulfilled_at(&f, 630), 44); /* and all of it is paid */
    assert_int_equal(fulfilled_at(&f, 1320), 32);
}

static void launch_before_terminate_ends_what_is_replaced(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, REPLACEMENT_LAUNCH_BEFORE_TERMINATE, 120);
    record(&f, DUE_S, zone_a, 3, 0);
    simulate_fixture(&f);
    assert_int_equal(count(&f, zone_b, 600, END_STILL_RUNNING, -1), 3);
    /* Running at 630, seen at the tick of 660, and 120 s more; without a notice. */
    assert_int_equal(count(&f, zone_a, 0, END_REBALANCE, 780), 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(f.instances[i].notice_s, RECORD_NEVER);
    /* What was given back is not taken again. */
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 0);
    assert_int_equal(FIGURE_VALUE(&f, capacity_shortfall_s), 0);
    /* Billed as ended by the user: all of its 780 s, though it ended in its first hour. */
    assert_true(f.instances[0].cost_micro_usd_s == (int128)50000 * 780);
}

static void nothing_is_launched_where_it_is_no_better(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, REPLACEMENT_LAUNCH_BEFORE_TERMINATE, 120);
    f.scenario.fleet.pool_count = 1;
    record(&f, DUE_S, zone_a, 3, 0);
    simulate_fixture(&f);
    /* From the announced second on it is at risk no more: three in place of those that have their
     * notice. */
    assert_int_equal(count(&f, zone_a, 1200, END_STILL_RUNNING, -1), 3);
    assert_int_equal(count(&f, zone_a, 0, END_CAPACITY, 1320), 3);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 3);
    /* While the place is short as well there is nowhere to go. */
    f.scenario.interruption_terms.shortage = (struct delay){.min_s = 900};
    simulate_fixture(&f);
    assert_int_equal(count(&f, zone_a, 2100, END_STILL_RUNNING, -1), 3);
}

/* What has ended is replaced in a place at risk, too. */
static void what_has_ended_is_replaced_anywhere(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, REPLACEMENT_LAUNCH, 0);
    f.scenario.fleet.pool_count = 1;
    record(&f, DUE_S, zone_a, 3, 0);
    record(&f, DUE_S + 300, zone_a, 2, 0); /* at risk again from 900 to 1500 */
    simulate_fixture(&f);
    assert_int_equal(count(&f, zone_a, 1200, -1, -1), 0);
    assert_int_equal(count(&f, zone_a, 1320, END_STILL_RUNNING, -1), 3);
    assert_int_equal(count(&f, zone_a, 1500, END_STILL_RUNNING, -1), 2);
}

static void lowest_price_goes_where_it_is_cheapest(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, REPLACEMENT_LAUNCH, 0);
    f.scenario.fleet.strategy = STRATEGY_LOWEST_PRICE;
    record(&f, DUE_S, zone_a, 3, 0);
    simulate_fixture(&f);
    assert_int_equal(count(&f, zone_a, 600, -1, -1), 3);
    assert_int_equal(count(&f, zone_b, -1, -1, -1), 0);
}

static void never_above_twice_the_target(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, REPLACEMENT_LAUNCH, 0);
    record(&f, DUE_S, zone_a, 8, 0);
    record(&f, DUE_S + 300, zone_b, 8, 0); /* the replacements are announced at 900 */
    simulate_fixture(&f);
    assert_int_equal(count(&f, zone_b, 600, -1, -1), 8);
    assert_int_equal(fulfilled_at(&f, 900), 64);
    assert_int_equal(count(&f, NULL, 900, -1, -1), 0);
    assert_int_equal(count(&f, zone_a, 1320, END_STILL_RUNNING, -1), 8); /* the first have ended */
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 16);
}

static void a_lower_target_leaves_marked_ones_alone(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, REPLACEMENT_LAUNCH, 0);
    record(&f, 7200, zone_a, 2, 0); /* announced at 6600 */
    modify(&f, 6700, 16);
    simulate_fixture(&f);
    assert_int_equal(count(&f, NULL, 6600, -1, -1), 2);
    assert_int_equal(count(&f, NULL, -1, END_FLEET_SCALE_IN, 6820), 4); /* of the eight others */
    assert_int_equal(fulfilled_at(&f, 6820), 24);
    assert_int_equal(count(&f, zone_a, 0, END_CAPACITY, 7320), 2);
}

static void a_higher_target_does_not_count_marked_ones(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, REPLACEMENT_LAUNCH, 0);
    record(&f, 7200, zone_a, 2, 0);
    modify(&f, 6720, 48);
    simulate_fixture(&f);
    assert_int_equal(count(&f, NULL, 6600, -1, -1), 2);
    assert_int_equal(count(&f, NULL, 6720, -1, -1), 4);
}

static void a_lower_target_takes_the_place_of_replacements(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, REPLACEMENT_LAUNCH_BEFORE_TERMINATE, 300);
    record(&f, 7200, zone_a, 2, 0);
    modify(&f, 6590, 24);
    modify(&f, 6595, 32); /* two get their notice, of the eight; two are launched at 6600 */
    simulate_fixture(&f);
    assert_int_equal(count(&f, NULL, -1, END_FLEET_SCALE_IN, 6710), 2);
    set_up(&f, REPLACEMENT_LAUNCH_BEFORE_TERMINATE, 300);
    record(&f, 7210, zone_a, 2, 0); /* announced at 6610 */
    modify(&f, 6620, 24);
    simulate_fixture(&f);
    /* Six are left that are not marked: no replacement, no notice, and at the next tick the marked
     * ones can be done without. */
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 0);
    assert_int_equal(count(&f, NULL, -1, END_FLEET_SCALE_IN, -1), 0);
    assert_int_equal(count(&f, zone_a, 0, END_REBALANCE, 6960), 2);
}

static void an_interruption_may_come_before_the_delay_has_passed(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, REPLACEMENT_LAUNCH_BEFORE_TERMINATE, 600); /* from 660: 1260 */
    record(&f, DUE_S, zone_a, 3, 0);
    simulate_fixture(&f);
    assert_int_equal(count(&f, zone_a, 0, END_CAPACITY, 1320), 3); /* by its notice of 1200 */
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 3);
}

/* A replacement that is lost is replaced in turn, but what it replaced ends all the same. */
static void what_is_settled_stays_settled(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, REPLACEMENT_LAUNCH_BEFORE_TERMINATE, 3600);
    f.scenario.interruption_terms.rebalance_lead = (struct delay){.min_s = 6600};
    record(&f, 7200, zone_a, 3, 0);                           /* announced at 600 */
    f.steps[1][1] = (struct price_step){SINCE + 700, 900000}; /* zone b: above its cap from 700 */
    f.markets[1].step_count = 2;
    simulate_fixture(&f);
    assert_int_equal(count(&f, zone_b, 600, END_PRICE, 820), 3);
    assert_int_equal(count(&f, zone_a, 0, END_REBALANCE, 660 + 3600), 3);
    /* Zone a is at risk until 7200: there is room only for what has ended. */
    assert_int_equal(count(&f, zone_a, 4260, END_STILL_RUNNING, -1), 3);
}

static void replacements_that_are_late_are_waited_for(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, REPLACEMENT_LAUNCH_BEFORE_TERMINATE, 120);
    f.scenario.account.spot_launch_delay = (struct delay){.min_s = 200}; /* running at 800 */
    record(&f, DUE_S, zone_a, 3, 0);
    simulate_fixture(&f);
    assert_int_equal(count(&f, zone_a, 0, END_REBALANCE, 840 + 120), 3);
}

/* One marked instance for each replacement that is there, the first first. */
static void as_many_end_as_are_replaced(void **state)
{
    (void)state;
    struct fixture f;
    struct capacity_step limits[2];
    set_up(&f, REPLACEMENT_LAUNCH_BEFORE_TERMINATE, 120);
    limits[0] = (struct capacity_step){SINCE - 100, zone_b, spot_type, 2};
    limits[1] = (struct capacity_step){SINCE + 900, zone_b, spot_type, 9};
    f.traces.capacities = limits;
    f.traces.capacity_count = 2;
    record(&f, 1500, zone_a, 3, 0); /* announced at 900 */
    limits[1].time_s = SINCE + 1000;
    simulate_fixture(&f);
    assert_int_equal(count(&f, zone_b, 900, -1, -1), 2);
    assert_int_equal(count(&f, zone_b, 1020, -1, -1), 1);
    assert_int_equal(count(&f, zone_a, 0, END_REBALANCE, 960 + 120), 2);
    assert_int_equal(count(&f, zone_a, 0, END_REBALANCE, 1080 + 120), 1);
    assert_int_equal(f.instances[2].slot, 2); /* told in order of their ends */
}

static void instances_in_flight_are_replaced_too(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, REPLACEMENT_LAUNCH_BEFORE_TERMINATE, 120);
    f.scenario.cold = true;
    f.scenario.account.spot_launch_delay = (struct delay){.min_s = 90};
    record(&f, 620, zone_a, 2, 0); /* announced at 20; they run from 90 on */
    simulate_fixture(&f);
    assert_int_equal(count(&f, zone_b, 60, END_STILL_RUNNING, -1), 2);
    assert_int_equal(count(&f, zone_a, 0, END_REBALANCE, 180 + 120), 2); /* replaced at 150 */
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 10);
}

static void a_cancelled_fleet_ends_nothing_any_more(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, REPLACEMENT_LAUNCH_BEFORE_TERMINATE, 300); /* from 660: 960 */
    record(&f, DUE_S, zone_a, 3, 0);
    f.scenario.cancellation = (struct fleet_cancellation){true, SINCE + 900, false};
    simulate_fixture(&f);
    assert_int_equal(count(&f, NULL, -1, END_REBALANCE, -1), 0);
    assert_int_equal(count(&f, zone_a, 0, END_CAPACITY, 1320), 3);
    f.scenario.cancellation.terminate_instances = true;
    simulate_fixture(&f);
    assert_int_equal(count(&f, NULL, -1, END_FLEET_CANCELLED, 1020), 11); /* marked ones as well */
}

/* Marked for good: a share of fewer takes fewer, and what was marked stays beside its replacement.
 */
static void a_mark_stays(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, REPLACEMENT_LAUNCH, 0);
    f.steps[1][0].micro_usd_per_hour = 40000;
    record(&f, DUE_S, zone_a, 4, 8); /* marks four of eight */
    modify(&f, 700, 16);             /* the four others there go, the dearest */
    simulate_fixture(&f);
    assert_int_equal(count(&f, zone_b, 600, -1, -1), 4);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 2); /* of the four left */
    assert_int_equal(count(&f, zone_a, 0, END_STILL_RUNNING, -1), 2);
    assert_int_equal(fulfilled_at(&f, 10000), 24);
}

static void what_is_published(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, REPLACEMENT_LAUNCH, 0);
    f.scenario.account.marked_fulfilled = false;
    record(&f, DUE_S, zone_a, 3, 0);
    simulate_fixture(&f);
    assert_int_equal(fulfilled_at(&f, 599), 32);
    assert_int_equal(fulfilled_at(&f, 600), 20);
    assert_int_equal(fulfilled_at(&f, 630), 32);
    assert_int_equal(fulfilled_at(&f, 1320), 32);
    assert_int_equal(count(&f, zone_b, 600, -1, -1), 3); /* the fleet reckons the same */
    f.scenario.account.replace_on_notice = true;
    simulate_fixture(&f);
    assert_int_equal(fulfilled_at(&f, 630), 32);
    assert_int_equal(fulfilled_at(&f, 1200), 32);
}

/* Weights differ: the need decides, not the number. */
static void weights_count_not_instances(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, REPLACEMENT_LAUNCH_BEFORE_TERMINATE, 120);
    f.pools[1].weight_micro = 6 * UNIT;
    record(&f, DUE_S, zone_a, 3, 0); /* 12 units: two of 6 */
    simulate_fixture(&f);
    assert_int_equal(count(&f, zone_b, 600, END_STILL_RUNNING, -1), 2);
    assert_int_equal(count(&f, zone_a, 0, END_REBALANCE, 780), 3);
    f.pools[1].weight_micro = 40 * UNIT; /* would make 72 of at most 64 */
    simulate_fixture(&f);
    assert_int_equal(count(&f, zone_b, 600, -1, -1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_it_nothing_is_replaced_early),
        cmocka_unit_test(launch_replaces_and_ends_nothing),
        cmocka_unit_test(launch_before_terminate_ends_what_is_replaced),
        cmocka_unit_test(nothing_is_launched_where_it_is_no_better),
        cmocka_unit_test(what_has_ended_is_replaced_anywhere),
        cmocka_unit_test(lowest_price_goes_where_it_is_cheapest),
        cmocka_unit_test(never_above_twice_the_target),
        cmocka_unit_test(a_lower_target_leaves_marked_ones_alone),
        cmocka_unit_test(a_higher_target_does_not_count_marked_ones),
        cmocka_unit_test(a_lower_target_takes_the_place_of_replacements),
        cmocka_unit_test(an_interruption_may_come_before_the_delay_has_passed),
        cmocka_unit_test(what_is_settled_stays_settled),
        cmocka_unit_test(replacements_that_are_late_are_waited_for),
        cmocka_unit_test(as_many_end_as_are_replaced),
        cmocka_unit_test(instances_in_flight_are_replaced_too),
        cmocka_unit_test(a_cancelled_fleet_ends_nothing_any_more),
        cmocka_unit_test(a_mark_stays),
        cmocka_unit_test(what_is_published),
        cmocka_unit_test(weights_count_not_instances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
