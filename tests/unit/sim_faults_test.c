/* Faults of the controller's world, on worlds small enough to work out by hand.
 * Proves docs/model.md, "Faults". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim_fixture.h"

static struct fault list[4];
static int64_t at_times[4];
static char throttling[] = "Throttling";

/* An hour; 32 units go at 1000 + 120 and cannot come back; the schedule evaluates at :30, no alarm:
 * without a fault the first point that says 32 pending is stamped 1080, readable at 1155, and the
 * evaluation of 1170 launches eight. */
static void set_up(struct fixture *f)
{
    fixture_set_up(f, MODERN_T0);
    set_policy(f, &policy_pending_capacity, NULL);
    f->scenario.to_s = f->scenario.measure_to_s = MODERN_T0 + 3600;
    f->scenario.controller.alarm = false;
    f->scenario.controller.faults = (struct faults){.list = list};
    price(f, 0, 1000, 300000);
}

static struct fault *add(struct fixture *f, enum fault_kind kind)
{
    struct fault *fault = &list[f->scenario.controller.faults.count++];
    *fault = (struct fault){
        .kind = kind, .permille = 1000, .from_s = INT64_MIN, .to_s = INT64_MAX, .code = throttling};
    return fault;
}

static void at(struct fault *fault, int64_t after_s)
{
    at_times[fault - list] = MODERN_T0 + after_s;
    fault->at_s = &at_times[fault - list];
    fault->at_count = 1;
}

/* Seconds after the start of the first backup launch, or -1. */
static int64_t backup_at(const struct fixture *f)
{
    for (size_t i = 0; i < f->instance_count; i++) {
        if (f->instances[i].kind == RECORD_ON_DEMAND)
            return f->instances[i].requested_s - MODERN_T0;
    }
    return -1;
}

static void without_faults(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1170);
    assert_int_equal(FIGURE_VALUE(&f, events_evaluations), 60);
    assert_int_equal(FIGURE_VALUE(&f, events_scale_out), 1);
}

static void a_dropped_event_is_not_evaluated(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    at(add(&f, FAULT_INVOCATION_DROPPED), 1140); /* the minute of 1170 */
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1230);
    assert_int_equal(FIGURE_VALUE(&f, events_evaluations), 59);
}

static void the_alarm_can_be_dropped_too(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.controller.alarm = true;
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1155);
    struct fault *fault = add(&f, FAULT_INVOCATION_DROPPED);
    fault->from_s = MODERN_T0 + 1155;
    fault->to_s = MODERN_T0 + 1156;
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1170);
}

static void a_duplicate_is_evaluated_again(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct fault *fault = add(&f, FAULT_DUPLICATE_INVOCATION);
    at(fault, 1110);
    fault->delay_s = 45; /* the evaluation of 1110 again at 1155, when the point can be read */
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1155);
    assert_int_equal(FIGURE_VALUE(&f, events_evaluations), 61);
}

static void a_lost_event_has_no_duplicate(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct fault *fault = add(&f, FAULT_DUPLICATE_INVOCATION);
    fault->delay_s = 20;
    add(&f, FAULT_INVOCATION_DROPPED);
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_evaluations), 0);
}

static void a_duplicate_after_nothing_comes_in_the_same_second(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    add(&f, FAULT_DUPLICATE_INVOCATION);
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_evaluations), 120);
    assert_int_equal(backup_at(&f), 1170);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launches), 8);
}

static void a_failed_read_is_an_error(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct fault *fault = add(&f, FAULT_API_ERROR);
    at(fault, 1170);
    fault->call = CALL_GET_METRIC_STATISTICS;
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1230); /* the safe policy holds */
    assert_int_equal(FIGURE_VALUE(&f, events_evaluations), 60);
    fault->call = CALL_GET_METRIC_DATA; /* which the policy does not call */
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1170);
}

static void a_group_that_cannot_be_described_is_unknown(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct fault *fault = add(&f, FAULT_API_ERROR);
    at(fault, 1170);
    fault->call = CALL_DESCRIBE_AUTO_SCALING_GROUPS;
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1230);
    size_t unknown = 0;
    for (size_t i = 0; i < f.decision_count; i++) {
        if (f.decisions[i].desired_before != BALLAST_UNKNOWN)
            continue;
        unknown++;
        assert_int_equal(f.decisions[i].first_s, MODERN_T0 + 1170);
        assert_int_equal(f.decisions[i].action, BALLAST_HOLD);
    }
    assert_int_equal(unknown, 1);
}

static void a_failed_write_changes_nothing(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct fault *fault = add(&f, FAULT_API_ERROR);
    at(fault, 1170);
    fault->call = CALL_SET_DESIRED_CAPACITY;
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1230);
    assert_int_equal(FIGURE_VALUE(&f, events_scale_out), 1);
    assert_int_equal(FIGURE_VALUE(&f, events_scale_in_refused), 0);
    size_t failed = 0;
    for (size_t i = 0; i < f.decision_count; i++)
        failed += f.decisions[i].outcome == CLOUD_FAILED;
    assert_int_equal(failed, 1);
}

static void an_answer_can_be_lost_alone(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct fault *fault = add(&f, FAULT_API_ERROR);
    at(fault, 1170);
    fault->after_effect = true; /* of every call: reads fail plainly */
    fault->call = CALL_SET_DESIRED_CAPACITY;
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1170);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launches), 8);
    assert_int_equal(FIGURE_VALUE(&f, events_scale_out), 1); /* the account did it */
    size_t failed = 0;
    for (size_t i = 0; i < f.decision_count; i++)
        failed += f.decisions[i].outcome == CLOUD_FAILED;
    assert_int_equal(failed, 1);
}

static void without_a_call_all_fail(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct fault *fault = add(&f, FAULT_API_ERROR);
    fault->from_s = MODERN_T0 + 1100;
    fault->to_s = MODERN_T0 + 1500;
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1530); /* the first evaluation at or after 1500 */
}

static void late_points(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct fault *fault = add(&f, FAULT_LATE_METRICS);
    at(fault, 1139); /* the period stamped 1080 */
    fault->delay_s = 60;
    simulate_fixture(&f); /* 1140's point is readable at 1215, 1080's at 1215 too */
    assert_int_equal(backup_at(&f), 1230);
    fault->at_s = NULL;
    fault->delay_s = 200; /* 1080's at 1355 */
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1410);
    struct fault *more = add(&f, FAULT_LATE_METRICS);
    more->delay_s = 100; /* 1455 */
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1470);
}

static void missing_points(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct fault *fault = add(&f, FAULT_MISSING_METRICS);
    at(fault, 1080);
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1230);
    fault->metric = "PendingCapacity";
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1230);
    fault->metric = "FulfilledCapacity"; /* which the policy does not read */
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1170);
}

static void the_alarm_misses_them_too(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.controller.alarm = true;
    f.scenario.controller.every_s = 3600; /* the alarm alone, from 1155 on */
    struct fault *fault = add(&f, FAULT_MISSING_METRICS);
    fault->metric = "PendingCapacity";
    at(fault, 1080);
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1215);
    fault->metric = "TargetCapacity"; /* the alarm fires; the policy sees target's older points */
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1155);
}

static void points_that_come_again_raise_the_alarm_again(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.controller.alarm = true;
    /* From 1120 on 32 units are pending, from 1200 on they are being launched: for long. */
    price(&f, 0, 1200, 50000);
    f.scenario.account.spot_launch_delay = (struct delay){.min_s = 7200};
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_evaluations), 60 + 1);
    struct fault *fault = add(&f, FAULT_MISSING_METRICS);
    fault->metric = "PendingCapacity";
    fault->from_s = MODERN_T0 + 1500;
    fault->to_s = MODERN_T0 + 2100;
    simulate_fixture(&f); /* the alarm knows nothing any more, and then that they are pending */
    assert_int_equal(FIGURE_VALUE(&f, events_evaluations), 60 + 2);
}

static void points_in_order(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    set_policy(&f, &policy_pending_capacity, "seed"); /* takes the first point returned */
    f.scenario.policy.values[1] = 300;                /* lookback_s: 0 stays in reach for long */
    struct fault *fault = add(&f, FAULT_METRIC_ORDER);
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1170);
    fault->oldest_first = true; /* 1080's is the oldest once 1020's has left: from 1380 on */
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1410);
}

static void a_failed_function_is_tried_again(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.controller.every_s = 600; /* at 30, 630, 1230, ... */
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1230);
    assert_int_equal(FIGURE_VALUE(&f, events_evaluations), 6);
    struct fault *fault = add(&f, FAULT_FUNCTION_ERROR);
    fault->retried = true;
    at(fault, 1230);
    simulate_fixture(&f); /* the attempt at 1290 succeeds */
    assert_int_equal(backup_at(&f), 1290);
    assert_int_equal(FIGURE_VALUE(&f, events_evaluations), 6);
    fault->at_s = NULL;
    fault->from_s = MODERN_T0 + 1230;
    fault->to_s = MODERN_T0 + 1300;
    simulate_fixture(&f); /* that one fails too; the last comes at 1410 */
    assert_int_equal(backup_at(&f), 1410);
    fault->to_s = MODERN_T0 + 1411;
    simulate_fixture(&f); /* there is no third: the schedule's next */
    assert_int_equal(backup_at(&f), 1830);
    assert_int_equal(FIGURE_VALUE(&f, events_evaluations), 5);
}

static void a_swallowed_error_is_not_tried_again(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.controller.every_s = 600;
    struct fault *fault = add(&f, FAULT_FUNCTION_ERROR);
    at(fault, 1230);
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1830);
}

static void a_timeout_is_tried_again_later(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.controller.every_s = 600;
    struct fault *fault = add(&f, FAULT_FUNCTION_TIMEOUT);
    fault->retried = true;
    fault->delay_s = 30;
    at(fault, 1230);
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1230 + 30 + 60);
}

static void a_duplicate_saves_a_failed_function(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.controller.every_s = 600;
    struct fault *fault = add(&f, FAULT_FUNCTION_ERROR);
    fault->from_s = MODERN_T0 + 1230;
    fault->to_s = MODERN_T0 + 1231;
    struct fault *twice = add(&f, FAULT_DUPLICATE_INVOCATION);
    twice->delay_s = 7;
    at(twice, 1230);
    simulate_fixture(&f);
    assert_int_equal(backup_at(&f), 1237);
}

static void each_attempt_has_luck_of_its_own(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.to_s = f.scenario.measure_to_s = MODERN_T0 + 1000 * 600;
    f.scenario.controller.every_s = 600;
    struct fault *fault = add(&f, FAULT_FUNCTION_ERROR);
    fault->retried = true;
    fault->permille = 700;
    simulate_fixture(&f); /* 1000 (1 - 0.343) = 657 are evaluated, deviation 15 */
    assert_in_range(FIGURE_VALUE(&f, events_evaluations), 597, 717);
}

static void what_takes_time_acts_on_what_it_saw(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.controller.duration.min_s = 45;
    simulate_fixture(&f); /* 1170 saw 32 pending and acts at 1215 */
    assert_int_equal(backup_at(&f), 1215);
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launches), 8);
    bool found = false;
    for (size_t i = 0; i < f.decision_count; i++)
        found = found || (f.decisions[i].action == BALLAST_SET_DESIRED &&
                          f.decisions[i].first_s == MODERN_T0 + 1170);
    assert_true(found); /* the record has the second of its reads */
    assert_int_equal(FIGURE_VALUE(&f, events_evaluations), 59); /* the last acts at 3615 */
}

static void overlapping_invocations_both_act(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.controller.duration.min_s = 90;
    simulate_fixture(&f); /* 1170 and 1230 both see a group of 0, ask for 8 at 1260 and 1320 */
    assert_int_equal(backup_at(&f), 1260);
    size_t asked = 0;
    for (size_t i = 0; i < f.decision_count; i++)
        asked += f.decisions[i].action == BALLAST_SET_DESIRED &&
                 f.decisions[i].desired_before == 0 && f.decisions[i].outcome == CLOUD_ACCEPTED;
    assert_int_equal(asked, 2);
    assert_int_equal(FIGURE_VALUE(&f, events_scale_out), 1); /* the second changed nothing */
    assert_int_equal(FIGURE_VALUE(&f, events_on_demand_launches), 8);
}

static void one_that_ends_acts_before_one_that_begins(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.controller.duration.min_s = 60;
    simulate_fixture(&f); /* 1170 acts at 1230, and 1230's own reads see it done */
    assert_int_equal(backup_at(&f), 1230);
    for (size_t i = 0; i < f.decision_count; i++) {
        if (f.decisions[i].first_s == MODERN_T0 + 1230)
            assert_int_equal(f.decisions[i].desired_before, 8);
    }
}

static void reserved_concurrency_throttles(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.controller.every_s = 600; /* at 1230 one that takes 100 s */
    f.scenario.controller.duration.min_s = 100;
    struct fault *fault = add(&f, FAULT_DUPLICATE_INVOCATION);
    fault->delay_s = 10;
    at(fault, 1230);
    simulate_fixture(&f); /* both run: one until 1330, one until 1340 */
    assert_int_equal(FIGURE_VALUE(&f, events_evaluations), 7);
    f.scenario.controller.concurrency = 1;
    simulate_fixture(&f); /* tried at 1240, 1241, 1243, 1247, 1255, 1271, 1303, 1367 */
    assert_int_equal(FIGURE_VALUE(&f, events_evaluations), 7);
    bool found = false;
    for (size_t i = 0; i < f.decision_count; i++)
        found = found || f.decisions[i].first_s == MODERN_T0 + 1367 ||
                f.decisions[i].last_s == MODERN_T0 + 1367;
    assert_true(found);
}

static void a_dying_function_takes_its_place(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.controller.every_s = 600;
    f.scenario.controller.concurrency = 1;
    struct fault *fault = add(&f, FAULT_FUNCTION_TIMEOUT);
    fault->from_s = MODERN_T0 + 1230;
    fault->to_s = MODERN_T0 + 1231;
    fault->delay_s = 900; /* until 2130; not retried */
    simulate_fixture(&f); /* 1830's is tried at 1830 + 2^k - 1: 1831, ..., 2085, 2341 */
    assert_int_equal(backup_at(&f), 2341);
}

static void an_event_is_kept_for_six_hours(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.to_s = f.scenario.measure_to_s = MODERN_T0 + 24 * 3600;
    f.scenario.controller.every_s = 86400;
    f.scenario.controller.concurrency = 1;
    f.scenario.controller.duration.min_s = 21600 + 60;
    struct fault *fault = add(&f, FAULT_DUPLICATE_INVOCATION);
    fault->delay_s = 60;  /* would run at 21690 at the earliest; is tried 511 + 300 n after 90 */
    simulate_fixture(&f); /* 511 + 70 x 300 = 21511 is too early, 21811 too late */
    assert_int_equal(FIGURE_VALUE(&f, events_evaluations), 1);
    f.scenario.controller.duration.min_s = 21500;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, events_evaluations), 2);
}

static void drawn_durations_are_the_same_for_every_policy(void **state)
{
    (void)state;
    int64_t first_s[2] = {0};
    const struct ballast_policy *const policies[] = {&policy_none, &policy_pending_capacity};
    for (size_t i = 0; i < 2; i++) {
        struct fixture f;
        set_up(&f);
        set_policy(&f, policies[i], NULL);
        f.scenario.controller.duration =
            (struct delay){.kind = DELAY_UNIFORM, .min_s = 0, .max_s = 300};
        simulate_fixture(&f);
        first_s[i] = FIGURE_VALUE(&f, events_evaluations);
    }
    assert_int_equal(first_s[0], first_s[1]);
    assert_in_range(first_s[0], 50, 60);
}

static size_t dropped(uint64_t seed, int64_t permille, const struct ballast_policy *policy)
{
    struct fixture f;
    set_up(&f);
    set_policy(&f, policy, NULL);
    f.scenario.to_s = f.scenario.measure_to_s = MODERN_T0 + 100 * 3600;
    f.scenario.seed = seed;
    add(&f, FAULT_INVOCATION_DROPPED)->permille = permille;
    simulate_fixture(&f);
    return (size_t)(6000 - FIGURE_VALUE(&f, events_evaluations));
}

static void by_chance_as_often_as_said(void **state)
{
    (void)state;
    size_t often = dropped(1, 250, &policy_none);
    assert_in_range(often, 1500 - 150, 1500 + 150); /* 4.5 deviations */
    assert_int_not_equal(often, dropped(2, 250, &policy_none));
    assert_int_equal(dropped(1, 1000, &policy_none), 6000);
}

static void the_same_for_every_policy(void **state)
{
    (void)state;
    assert_int_equal(dropped(1, 250, &policy_none), dropped(1, 250, &policy_pending_capacity));
}

static void two_faults_draw_apart(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.to_s = f.scenario.measure_to_s = MODERN_T0 + 100 * 3600;
    add(&f, FAULT_INVOCATION_DROPPED)->permille = 500;
    add(&f, FAULT_INVOCATION_DROPPED)->permille = 500;
    simulate_fixture(&f); /* a quarter is left */
    assert_in_range(FIGURE_VALUE(&f, events_evaluations), 1500 - 150, 1500 + 150);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_faults),
        cmocka_unit_test(a_dropped_event_is_not_evaluated),
        cmocka_unit_test(the_alarm_can_be_dropped_too),
        cmocka_unit_test(a_duplicate_is_evaluated_again),
        cmocka_unit_test(a_lost_event_has_no_duplicate),
        cmocka_unit_test(a_duplicate_after_nothing_comes_in_the_same_second),
        cmocka_unit_test(a_failed_read_is_an_error),
        cmocka_unit_test(a_group_that_cannot_be_described_is_unknown),
        cmocka_unit_test(a_failed_write_changes_nothing),
        cmocka_unit_test(an_answer_can_be_lost_alone),
        cmocka_unit_test(without_a_call_all_fail),
        cmocka_unit_test(late_points),
        cmocka_unit_test(missing_points),
        cmocka_unit_test(the_alarm_misses_them_too),
        cmocka_unit_test(points_that_come_again_raise_the_alarm_again),
        cmocka_unit_test(points_in_order),
        cmocka_unit_test(a_failed_function_is_tried_again),
        cmocka_unit_test(a_swallowed_error_is_not_tried_again),
        cmocka_unit_test(a_timeout_is_tried_again_later),
        cmocka_unit_test(a_duplicate_saves_a_failed_function),
        cmocka_unit_test(each_attempt_has_luck_of_its_own),
        cmocka_unit_test(what_takes_time_acts_on_what_it_saw),
        cmocka_unit_test(overlapping_invocations_both_act),
        cmocka_unit_test(one_that_ends_acts_before_one_that_begins),
        cmocka_unit_test(reserved_concurrency_throttles),
        cmocka_unit_test(a_dying_function_takes_its_place),
        cmocka_unit_test(an_event_is_kept_for_six_hours),
        cmocka_unit_test(drawn_durations_are_the_same_for_every_policy),
        cmocka_unit_test(by_chance_as_often_as_said),
        cmocka_unit_test(the_same_for_every_policy),
        cmocka_unit_test(two_faults_draw_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
