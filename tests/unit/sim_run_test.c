/* The simulated account, behaviour by behaviour, on worlds small enough to work out by hand.
 *
 * Proves docs/model.md, "Time".
 * Proves docs/model.md, "Backup group".
 * Proves docs/model.md, "CloudWatch and the controller".
 * Proves docs/model.md, "Figures".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim_fixture.h"

enum { HOUR = 3600 };

/* ---- the backup, with the seed's policy -------------------------------------------------------
 */

static void seed_backs_up_and_the_cooldown_holds_45_minutes(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    set_policy(&f, &policy_pending_capacity, "seed");
    price(&f, 0, 1000, 300000);
    price(&f, 0, 1500, 50000);
    simulate_fixture(&f);
    /* Down at 1120. The point of the minute 1080 (second 1139) can be read from 1155 on: the alarm
     * fires then, and the seed asks for 8. InService 1185, joined 1245. Spot is back at 1530: the
     * point of 1500 (second 1559) can be read at 1575; at 1590 the seed first wants to scale in.
     * The last launch ended at 1185: accepted from 1185 + 2700 = 3885 on, that is at 3930 (second
     * 30 of a minute). */
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launches), 8);
    assert_int_equal(FIGURE_VALUE(&f, events_scale_out), 1);
    assert_int_equal(FIGURE_VALUE(&f, events_scale_in), 1);
    assert_int_equal(FIGURE_VALUE(&f, capacity_shortfall_s), 1245 - 1120);
    assert_int_equal(FIGURE_VALUE(&f, events_scale_in_refused), (3930 - 1590) / 60);
    assert_int_equal(FIGURE_VALUE(&f, events_scale_in_refused_episodes), 1);
    assert_int_equal(FIGURE_VALUE(&f, events_scale_in_blocked_s), 3930 - 1590);
    /* spot alone serves again from 1590 on, the backup runs until 3930 */
    assert_int_equal(FIGURE_VALUE(&f, capacity_recovery_s), 3930 - 1590);
    /* 1185 to 3930: one hour each */
    assert_int_equal(FIGURE_VALUE(&f, cost_on_demand_micro_usd), 8 * 252000);
    /* up 1245 to 3930, of which it served until 1590 */
    assert_true(f.figures.value[FIGURE_capacity_served_on_demand_unit_s] ==
                (int128)32 * UNIT * (1590 - 1245));
    assert_int_equal(FIGURE_VALUE(&f, cost_on_demand_surplus_micro_usd),
                     (int64_t)divide_half_even((int128)8 * 252000 * (3930 - 1590), 3930 - 1245));
}

static void at_the_very_second_a_cooldown_ends_scale_in_is_accepted(void **state)
{
    (void)state;
    for (int64_t late = 0; late < 2; late++) {
        struct fixture f;
        fixture_set_up(&f, T0);
        set_policy(&f, &policy_pending_capacity, "seed");
        price(&f, 0, 1000, 300000);
        price(&f, 0, 1500, 50000);
        /* InService at 1185: a cooldown of 2745 ends at 3930 */
        f.scenario.group.default_cooldown_s = 2745 + late;
        simulate_fixture(&f);
        assert_int_equal(FIGURE_VALUE(&f, events_scale_in_blocked_s), 3930 + 60 * late - 1590);
    }
}

static void a_scale_in_restarts_the_cooldown(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    set_policy(&f, &policy_pending_capacity, "seed");
    f.scenario.group.desired_capacity = 8; /* warm: no activity, no cooldown */
    f.scenario.fleet.pool_count = 2;
    f.steps[0][0].micro_usd_per_hour = 300000;
    f.steps[1][0].micro_usd_per_hour = 300000;
    /* First one pool comes back with room for ... both do, at different times. */
    f.pools[0].weight_micro = 4 * UNIT;
    price(&f, 0, 600, 50000);
    simulate_fixture(&f);
    /* 8 spot instances requested at 600, running at 630: the point of 600 can be read at 675,
     * scale-in to 0 at 690 at once */
    assert_int_equal(FIGURE_VALUE(&f, events_scale_in), 1);
    assert_int_equal(FIGURE_VALUE(&f, events_scale_in_refused), 0);
    /* then a target that rises and falls: the second scale-in waits for 2700 s after the first
     * one's end */
    fixture_set_up(&f, T0);
    set_policy(&f, &policy_pending_capacity, "seed");
    f.scenario.group.desired_capacity = 2;
    f.scenario.demand_given = true;
    f.modifications[0] = (struct fleet_modification){T0 + 60, 32 * UNIT, false, 0};
    f.scenario.modification_count = 1;
    f.steps[0][0].micro_usd_per_hour = 300000;
    f.scenario.fleet.target_micro = 8 * UNIT; /* two instances pending from the start: holds at 2 */
    f.modifications[0].target_micro = 4 * UNIT; /* one too many, from 60 on */
    f.modifications[1] = (struct fleet_modification){T0 + 1800, 0, false, 0};
    f.scenario.modification_count = 2;
    simulate_fixture(&f);
    /* The window sees the change for 600 s: the first scale-in comes at 690, its activity ends at
     * 750, so the second waits until 3450: first asked at 2430, accepted at 3450 (second 30: 3450
     * is one) */
    assert_int_equal(FIGURE_VALUE(&f, events_scale_in), 2);
    assert_int_equal(f.instances[0].ended_s - T0, 690);
    assert_int_equal(f.instances[1].ended_s - T0, 3450);
}

static void outside_min_and_max_nothing_changes(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    set_policy(&f, &policy_pending_capacity, "seed");
    f.scenario.group.max_size = 7;
    price(&f, 0, 1000, 300000);
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launches), 0);
    assert_int_equal(FIGURE_VALUE(&f, events_scale_out), 0);
    set_policy(&f, &policy_pending_capacity, NULL); /* clamps */
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launches), 7);
}

static void a_launch_under_way_refuses_scale_in_too(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    set_policy(&f, &policy_pending_capacity, "seed");
    f.scenario.group.default_cooldown_s = 0;
    f.scenario.account.on_demand_launch_delay.min_s = 3000;
    price(&f, 0, 1000, 300000);
    price(&f, 0, 1500, 50000);
    simulate_fixture(&f);
    /* asked at 1155, InService at 4155: scale-in is refused from 1590 on until 4170 */
    assert_int_equal(FIGURE_VALUE(&f, events_scale_in_blocked_s), 4170 - 1590);
}

static void guards_stand_between(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    set_policy(&f, &policy_pending_capacity, NULL);
    price(&f, 0, 1000, 300000);
    f.scenario.controller.guards.max_step_instances = 3;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_scale_out), 3); /* 3, 6, 8 */
    f.scenario.controller.guards.max_desired_instances = 5;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launches), 5);
    f.scenario.controller.guards.dry_run = true;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launches), 0);
}

static void late_metrics_make_the_seed_assume_a_lost_fleet(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    set_policy(&f, &policy_pending_capacity, "seed");
    f.scenario.account.metric_delay.min_s = 90; /* P1: nothing in the last minute can be read yet */
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launches), 8);
    assert_true(FIGURE_VALUE(&f, cost_on_demand_micro_usd) > 8 * 3 * 252000);
    set_policy(&f, &policy_pending_capacity, NULL);
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launches), 0);
}

static void gaps_in_the_metrics_are_missing_data(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    set_policy(&f, &policy_pending_capacity, "seed");
    f.scenario.account.metric_gap_permille = 1000; /* nothing is ever published */
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launches), 8);
    /* One point in three is lost: the original takes a lost one for a lost fleet, again and again.
     */
    f.scenario.account.metric_gap_permille = 333;
    f.scenario.group.default_cooldown_s = 0;
    simulate_fixture(&f);
    int64_t assumed = FIGURE_VALUE(&f, events_scale_out);
    assert_true(assumed > 20 && assumed < 80);
    /* The safe form looks back further than a gap is long. */
    set_policy(&f, &policy_pending_capacity, NULL);
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launches), 0);
    price(&f, 0, 1000, 300000);
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launches), 8);
}

static void the_alarm_acts_on_transition_only(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    price(&f, 0, 1000, 300000);
    price(&f, 0, 5000, 50000);
    price(&f, 0, 7000, 300000);
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_evaluations), 240 + 2);
    f.scenario.controller.alarm = false;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_evaluations), 240);
}

static void the_measured_window_bounds_every_figure(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    set_policy(&f, &policy_pending_capacity, "seed");
    price(&f, 0, 1000, 300000);
    price(&f, 0, 1500, 50000);
    f.scenario.measure_from_s = T0 + 1200;
    f.scenario.measure_to_s = T0 + 1700;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, capacity_shortfall_s), 45);
    assert_int_equal(FIGURE_VALUE(&f, capacity_shortfall_episodes), 1);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_interruptions), 0);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 8);
    assert_int_equal(FIGURE_VALUE(&f, events_evaluations), 8); /* 1230 ... 1650 */
    assert_int_equal(FIGURE_VALUE(&f, events_scale_in_refused), 2);
    assert_int_equal(FIGURE_VALUE(&f, events_scale_in_blocked_s), 1700 - 1590);
    assert_int_equal(FIGURE_VALUE(&f, cost_on_demand_micro_usd),
                     (int64_t)divide_half_even((int128)8 * 252000 * 500, HOUR));
    assert_true(f.figures.value[FIGURE_capacity_required_unit_s] == (int128)32 * UNIT * 500);
}

static void draining_and_replacing_on_notice_are_options(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    f.scenario.fleet.pool_count = 2; /* four instances in each */
    price(&f, 0, 1000, 300000);
    simulate_fixture(&f);
    /* ended at 1120, requested at 1140, joined at 1230 */
    assert_int_equal(FIGURE_VALUE(&f, capacity_shortfall_s), 1230 - 1120);
    f.scenario.account.replace_on_notice = true;
    simulate_fixture(&f);
    /* requested at the tick of 1020, joined at 1110: before the old ones end */
    assert_int_equal(FIGURE_VALUE(&f, capacity_shortfall_s), 0);
    f.scenario.account.drain_on_notice = true;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, capacity_shortfall_s), 1110 - 1000);
}

static void cold_starts_begin_with_nothing(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    f.scenario.cold = true;
    f.scenario.group.desired_capacity = 1;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 8);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launches), 1);
    assert_int_equal(FIGURE_VALUE(&f, capacity_shortfall_s), 90);
    assert_int_equal(f.capacities[0].time_s, T0);
    assert_int_equal(f.capacities[0].spot_up_micro, 0);
}

static void demand_moves_required_and_may_lead_the_target(void **state)
{
    (void)state;
    struct fixture f;
    fixture_set_up(&f, T0);
    f.demand[1] = (struct demand_step){T0 + 1000, 40 * UNIT + UNIT / 2};
    f.scenario.demand_count = 2;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 0);
    assert_int_equal(FIGURE_VALUE(&f, capacity_worst_shortfall_units), 8 * UNIT + UNIT / 2);
    f.scenario.target_follows_demand = true;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 3); /* 41 units wanted, 44 there */
    assert_int_equal(FIGURE_VALUE(&f, capacity_shortfall_s), 1020 + 90 - 1000);
}

/* Wants more of the fleet, once. */
static struct ballast_decision raise_the_target(const struct ballast_observation *observation,
                                                const int64_t *parameters, void *state)
{
    (void)parameters;
    (void)state;
    return (struct ballast_decision){.set_fleet_target = observation->now_s == T0 + 90,
                                     .fleet_target = 40,
                                     .valid_until_s = observation->now_s};
}

static void a_target_the_policy_sets_is_launched_at_the_next_tick(void **state)
{
    (void)state;
    struct ballast_policy raising = policy_none;
    raising.decide = raise_the_target;
    for (int stepping = 0; stepping < 2; stepping++) {
        struct fixture f;
        struct error err = {0};
        const struct sim_observer observer = {.stepping = stepping};
        fixture_set_up(&f, T0);
        f.scenario.policy.policy = &raising;
        f.scenario.controller.alarm = false; /* nothing else happens in that minute */
        assert_int_equal(simulate(&f.scenario, &f.traces, &f.sink, &observer, &f.figures, &err), 0);
        assert_int_equal(f.instance_count, 8 + 2);
        int64_t first_s = INT64_MAX; /* of those that were not there from the start */
        for (size_t i = 0; i < f.instance_count; i++) {
            if (!f.instances[i].warm && f.instances[i].requested_s < first_s)
                first_s = f.instances[i].requested_s;
        }
        assert_int_equal(first_s, T0 + 120);
        bool told = false;
        for (size_t i = 0; i < f.capacity_count; i++)
            told = told || (f.capacities[i].time_s == T0 + 90 &&
                            f.capacities[i].fleet_target_micro == 40 * UNIT);
        assert_true(told);
    }
}

static int64_t target_at(const struct fixture *f, int64_t time_s)
{
    int64_t target_micro = 0;
    for (size_t i = 0; i < f->capacity_count && f->capacities[i].time_s <= time_s; i++)
        target_micro = f->capacities[i].fleet_target_micro;
    return target_micro;
}

/* Whichever seconds are gone through: what a call has set is not put right in the next of them. */
static void
a_fleet_that_follows_the_demand_forgets_what_the_policy_set_when_it_changes(void **state)
{
    (void)state;
    struct demand_step steps[] = {{T0, 32 * UNIT}, {T0 + 1000, 33 * UNIT - 1}};
    struct ballast_policy raising = policy_none;
    raising.decide = raise_the_target;
    for (int stepping = 0; stepping < 2; stepping++) {
        struct fixture f;
        struct error err = {0};
        const struct sim_observer observer = {.stepping = stepping};
        fixture_set_up(&f, T0);
        f.scenario.policy.policy = &raising;
        f.scenario.demand_given = true;
        f.scenario.demand = steps;
        f.scenario.demand_count = sizeof steps / sizeof steps[0];
        f.scenario.target_follows_demand = true;
        assert_int_equal(simulate(&f.scenario, &f.traces, &f.sink, &observer, &f.figures, &err), 0);
        assert_int_equal(target_at(&f, T0 + 89), 32 * UNIT);
        assert_int_equal(target_at(&f, T0 + 90), 40 * UNIT);
        assert_int_equal(target_at(&f, T0 + 999), 40 * UNIT);
        assert_int_equal(target_at(&f, T0 + 1000), 33 * UNIT);
    }
}

/* The target moves every five minutes, 44 times, and the fleet need do nothing about it; then it
 * stays, with all of the fleet interrupted and new instances long in flight. */
static void a_hold_ends_in_the_minute_in_which_the_last_change_leaves_the_window(void **state)
{
    (void)state;
    struct demand_step demand[45];
    for (int world = 0; world < 4; world++) {
        bool told = world % 2;
        struct fixture f;
        struct error err = {0};
        fixture_set_up(&f, MODERN_T0);
        set_policy(&f, world < 2 ? &policy_pending_capacity : &policy_hysteresis, NULL);
        for (int i = 0; i < 45; i++)
            demand[i] = (struct demand_step){MODERN_T0 + 300 * i, (i % 2 ? 31 : 32) * UNIT};
        f.scenario.demand = demand;
        f.scenario.demand_count = 45;
        f.scenario.target_follows_demand = true;
        f.scenario.account.spot_launch_delay.min_s = 5000;
        price(&f, 0, 12000, 900000);
        price(&f, 0, 12100, 50000);
        f.scenario.to_s = MODERN_T0 + 16000;
        f.scenario.measure_to_s = MODERN_T0 + 16000;
        assert_int_equal(
            simulate(&f.scenario, &f.traces, told ? &f.sink : NULL, NULL, &f.figures, &err), 0);
        /* Stamped 13140, the last point of 31 units is seen until the tick at 13770. */
        assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launches), 8);
        assert_int_equal(FIGURE_VALUE(&f, cost_on_demand_micro_usd),
                         8LL * 252000 * (16000 - 13830 - 30) / HOUR);
        assert_int_equal(FIGURE_VALUE(&f, events_evaluations),
                         (16000 - 1 - 30) / 60 + 1 + 1); /* one is the alarm's */
    }
}

/* Nobody looks at prices before the first evaluation, but that policy; the first instance is
 * launched after it. */
static void a_rise_interrupts_in_its_second_whoever_looked_at_prices_before(void **state)
{
    (void)state;
    for (int stepping = 0; stepping < 2; stepping++) {
        struct fixture f;
        struct error err = {0};
        const struct sim_observer observer = {.stepping = stepping};
        fixture_set_up(&f, MODERN_T0);
        set_policy(&f, &policy_n_plus_one, NULL);
        f.scenario.cold = true;
        f.scenario.controller =
            (struct controller_settings){.every_s = 3600, .phase_s = 600, .alarm = false};
        f.scenario.target_follows_demand = true;
        f.demand[0].required_micro = 0;
        f.demand[1] = (struct demand_step){MODERN_T0 + 900, 32 * UNIT};
        f.scenario.demand_count = 2;
        f.scenario.to_s = f.scenario.measure_to_s = MODERN_T0 + 3600;
        price(&f, 0, 950, 900000);
        assert_int_equal(simulate(&f.scenario, &f.traces, &f.sink, &observer, &f.figures, &err), 0);
        assert_int_equal(f.instance_count, 8);
        assert_int_equal(f.instances[0].requested_s, MODERN_T0 + 900);
        assert_int_equal(f.instances[0].notice_s, MODERN_T0 + 950);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seed_backs_up_and_the_cooldown_holds_45_minutes),
        cmocka_unit_test(at_the_very_second_a_cooldown_ends_scale_in_is_accepted),
        cmocka_unit_test(a_scale_in_restarts_the_cooldown),
        cmocka_unit_test(outside_min_and_max_nothing_changes),
        cmocka_unit_test(a_launch_under_way_refuses_scale_in_too),
        cmocka_unit_test(guards_stand_between),
        cmocka_unit_test(late_metrics_make_the_seed_assume_a_lost_fleet),
        cmocka_unit_test(gaps_in_the_metrics_are_missing_data),
        cmocka_unit_test(the_alarm_acts_on_transition_only),
        cmocka_unit_test(the_measured_window_bounds_every_figure),
        cmocka_unit_test(draining_and_replacing_on_notice_are_options),
        cmocka_unit_test(cold_starts_begin_with_nothing),
        cmocka_unit_test(demand_moves_required_and_may_lead_the_target),
        cmocka_unit_test(a_rise_interrupts_in_its_second_whoever_looked_at_prices_before),
        cmocka_unit_test(a_target_the_policy_sets_is_launched_at_the_next_tick),
        cmocka_unit_test(
            a_fleet_that_follows_the_demand_forgets_what_the_policy_set_when_it_changes),
        cmocka_unit_test(a_hold_ends_in_the_minute_in_which_the_last_change_leaves_the_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
