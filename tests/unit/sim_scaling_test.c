/* The fleet's target scaled by alarms, second by second, on worlds small enough to work out by
 * hand. Proves docs/model.md, "Scaling of the fleet". Proves docs/model.md, "Alarms". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/reservation.h"
#include "sim_fixture.h"

static struct scaling_policy policies[4];
static struct scaling_alarm alarms[4];
static struct step_adjustment steps[4][3];
static size_t named[4][1];

static void set_up(struct fixture *f)
{
    fixture_set_up(f, MODERN_T0);
    f->scenario.interruptions = INTERRUPTIONS_PRICE;
    f->scenario.scaling = (struct fleet_scaling){
        .given = true,
        .max_capacity = 100,
        .policies = policies,
        .alarms = alarms,
        .habits = {.never_decrease_on_scale_out = true,
                   .high_alarm_points = 3,
                   .low_alarm_points = 15,
                   .low_alarm_percent = 90,
                   .alarm_extra_points = 2,
                   .alarm_phase_s = 30},
    };
}

/* A step policy of one step for any breach, on an alarm of one period of a minute. */
static struct scaling_policy *add(struct fixture *f, enum watched_metric metric,
                                  enum alarm_comparison comparison, int64_t threshold,
                                  int64_t adjustment, int64_t cooldown_s)
{
    struct fleet_scaling *scaling = &f->scenario.scaling;
    size_t i = scaling->policy_count++;
    scaling->alarm_count++;
    steps[i][0] = (struct step_adjustment){INT64_MIN, INT64_MAX, adjustment};
    policies[i] = (struct scaling_policy){.type = SCALING_STEP,
                                          .adjustment_type = ADJUST_CHANGE,
                                          .steps = steps[i],
                                          .step_count = 1,
                                          .aggregation = BALLAST_AVERAGE,
                                          .out_cooldown_s = cooldown_s,
                                          .in_cooldown_s = cooldown_s};
    named[i][0] = i;
    alarms[i] = (struct scaling_alarm){.terms = {.metric = metric,
                                                 .statistic = BALLAST_AVERAGE,
                                                 .period_s = 60,
                                                 .periods = 1,
                                                 .points = 1,
                                                 .threshold_micro = threshold * UNIT,
                                                 .comparison = comparison},
                                       .actions_enabled = true,
                                       .policies = named[i],
                                       .policy_count = 1};
    return &policies[i];
}

static int64_t target_at(const struct fixture *f, int64_t after_s)
{
    int64_t target = -1;
    for (size_t i = 0; i < f->capacity_count && f->capacities[i].time_s <= MODERN_T0 + after_s; i++)
        target = f->capacities[i].fleet_target_micro / UNIT;
    return target;
}

/* The target changes to `target` at just this second. */
static void expect_change(const struct fixture *f, int64_t after_s, int64_t target)
{
    assert_int_not_equal(target_at(f, after_s - 1), target);
    assert_int_equal(target_at(f, after_s), target);
}

static void expect_last(const struct fixture *f, int64_t target)
{
    assert_int_equal(f->capacities[f->capacity_count - 1].fleet_target_micro, target * UNIT);
}

/* Point -60 can be read at 15, so the look at 30 sees it. The base is what is fulfilled. */
static void steps_out_once_a_cooldown(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    add(&f, WATCHED_FULFILLED_CAPACITY, COMPARE_LESS, 40, 4, 300);
    simulate_fixture(&f);
    assert_int_equal(target_at(&f, 29), 32);
    expect_change(&f, 30, 36);
    expect_change(&f, 330, 40); /* the very second the cooldown ends */
    expect_last(&f, 40);
    assert_int_equal(FIGURE_VALUE(&f, events_spot_launches), 2);
}

static void alarms_have_their_own_second(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.scaling.habits.alarm_phase_s = 14;
    add(&f, WATCHED_FULFILLED_CAPACITY, COMPARE_LESS, 40, 4, 300);
    simulate_fixture(&f);
    expect_change(&f, 14, 36); /* an older point will do */
    expect_change(&f, 314, 40);
}

/* A modification that names another thing leaves the target where scaling put it. */
static void a_modification_keeps_what_it_does_not_name(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    add(&f, WATCHED_FULFILLED_CAPACITY, COMPARE_LESS, 40, 4, 300);
    f.modifications[0] = (struct fleet_modification){MODERN_T0 + 45, TARGET_KEPT, true, 0};
    f.scenario.modification_count = 1;
    simulate_fixture(&f);
    expect_change(&f, 30, 36);
    assert_int_equal(target_at(&f, 45), 36);
    expect_change(&f, 330, 40);
}

/* Half of the fleet is lost at 220, the rest at 320, and nothing can be launched. */
static void lose_all(struct fixture *f)
{
    f->scenario.fleet.pool_count = 2;
    price(f, 0, 100, 900000);
    price(f, 1, 200, 900000);
}

static void a_larger_step_adds_the_difference(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    lose_all(&f);
    f.scenario.to_s = f.scenario.measure_to_s = MODERN_T0 + 700;
    f.scenario.scaling.habits.base_is_target = true;
    struct scaling_policy *policy = add(&f, WATCHED_PENDING_CAPACITY, COMPARE_GREATER, 0, 2, 300);
    steps[0][0].upper_micro = 20 * UNIT;
    steps[0][1] = (struct step_adjustment){20 * UNIT, INT64_MAX, 6};
    policy->step_count = 2;
    simulate_fixture(&f);
    expect_change(&f, 270, 34); /* 16 pending at 239 */
    assert_int_equal(target_at(&f, 389), 34);
    expect_change(&f, 390, 38); /* 34 pending at 359: 6 on 32, of which 2 are there */
    assert_int_equal(target_at(&f, 689), 38);
    expect_change(&f, 690, 44); /* the cooldown began again at 390 */
}

/* The fleet's excess leaves two minutes later; until then the base is what it was. */
static void scale_in_waits_for_its_cooldown(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.scaling.min_capacity = 22;
    add(&f, WATCHED_FULFILLED_CAPACITY, COMPARE_GREATER, 20, -4, 120);
    simulate_fixture(&f);
    expect_change(&f, 30, 28);
    assert_int_equal(target_at(&f, 149), 28);
    expect_change(&f, 150, 24);
    expect_change(&f, 270, 22); /* MinCapacity */
    expect_last(&f, 22);
    /* 22 of weight 4 are six instances */
    assert_int_equal(f.capacities[f.capacity_count - 1].fleet_fulfilled_micro, 24 * UNIT);
}

static void a_scale_out_cancels_the_scale_in_cooldown(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.scaling.max_capacity = 36;
    f.scenario.scaling.habits.base_is_target = true;
    price(&f, 0, 100, 900000);
    price(&f, 0, 400, 50000);
    add(&f, WATCHED_FULFILLED_CAPACITY, COMPARE_GREATER, 20, -4, 100000);
    add(&f, WATCHED_PENDING_CAPACITY, COMPARE_GREATER, 3, 8, 0);
    simulate_fixture(&f);
    expect_change(&f, 30, 28);
    assert_int_equal(target_at(&f, 269), 28);
    expect_change(&f, 270, 36); /* clamped to MaxCapacity from there on */
    expect_change(&f, 510, 32); /* all is there again at 450, seen at 479 */
    expect_last(&f, 32);
}

static void the_largest_result_wins(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    add(&f, WATCHED_TARGET_CAPACITY, COMPARE_GREATER, 0, -4, 300);
    add(&f, WATCHED_TARGET_CAPACITY, COMPARE_LESS, 40, 4, 300);
    add(&f, WATCHED_TARGET_CAPACITY, COMPARE_LESS, 36, 6, 300);
    simulate_fixture(&f);
    expect_change(&f, 30, 38);
    /* while the second policy only holds what is there, the first does not take it away */
    assert_int_equal(target_at(&f, 329), 38);
    expect_change(&f, 330, 44); /* 40 is fulfilled: ten instances of 4 */
    /* at 44 only the first is left */
    expect_change(&f, 390, 40);
}

static void suspended_or_disabled(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.scaling.out_suspended = true;
    add(&f, WATCHED_FULFILLED_CAPACITY, COMPARE_LESS, 40, 4, 300);
    simulate_fixture(&f);
    expect_last(&f, 32);
    set_up(&f);
    f.scenario.scaling.in_suspended = true;
    add(&f, WATCHED_FULFILLED_CAPACITY, COMPARE_GREATER, 20, -4, 300);
    simulate_fixture(&f);
    expect_last(&f, 32);
    set_up(&f);
    add(&f, WATCHED_FULFILLED_CAPACITY, COMPARE_LESS, 40, 4, 300);
    alarms[0].actions_enabled = false;
    simulate_fixture(&f);
    expect_last(&f, 32);
}

/* Nothing is fulfilled: 4 on top of that is below the target. */
static void a_scale_out_lowers_the_target_only_if_it_may(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.steps[0][0].micro_usd_per_hour = 900000;
    add(&f, WATCHED_PENDING_CAPACITY, COMPARE_GREATER, 0, 4, 300);
    simulate_fixture(&f);
    expect_last(&f, 32);
    f.scenario.scaling.habits.never_decrease_on_scale_out = false;
    simulate_fixture(&f);
    expect_change(&f, 30, 4);
    expect_last(&f, 4);
}

/* 36 are fulfilled of 32 (weight 6): one less is still more than the target. */
static void a_scale_in_never_raises_the_target(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.pools[0].weight_micro = 6 * UNIT;
    add(&f, WATCHED_FULFILLED_CAPACITY, COMPARE_GREATER, 20, -1, 60);
    simulate_fixture(&f);
    expect_last(&f, 32);
}

static void exact_capacity_goes_either_way(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    add(&f, WATCHED_TARGET_CAPACITY, COMPARE_GREATER, 30, 20, 300)->adjustment_type = ADJUST_EXACT;
    add(&f, WATCHED_TARGET_CAPACITY, COMPARE_LESS, 30, 50, 300)->adjustment_type = ADJUST_EXACT;
    simulate_fixture(&f);
    expect_change(&f, 30, 20);
    expect_change(&f, 90, 50);  /* point 0 has 20 */
    expect_change(&f, 390, 20); /* the scale-in's cooldown was cancelled; 50 is seen from 150 on */
}

/* A period of five minutes slides by the minute, and its statistic folds five points. */
static void long_periods_slide(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    price(&f, 0, 100, 900000); /* gone at 220, seen at 239 */
    add(&f, WATCHED_FULFILLED_CAPACITY, COMPARE_LESS, 32, 4, 100000);
    alarms[0].terms.period_s = 300;
    f.scenario.scaling.habits.base_is_target = true;
    alarms[0].terms.statistic = BALLAST_MINIMUM;
    simulate_fixture(&f);
    expect_change(&f, 270, 36);
    /* the average of 32, 32, 32, 0, 0 is the first at or below 20 */
    alarms[0].terms.statistic = BALLAST_AVERAGE;
    alarms[0].terms.threshold_micro = 20 * UNIT;
    simulate_fixture(&f);
    expect_change(&f, 330, 36);
    alarms[0].terms.statistic = BALLAST_SUM;
    alarms[0].terms.threshold_micro = 97 * UNIT;
    simulate_fixture(&f);
    expect_change(&f, 330, 36);
    alarms[0].terms.statistic = BALLAST_MAXIMUM;
    alarms[0].terms.threshold_micro = 1 * UNIT;
    simulate_fixture(&f);
    expect_change(&f, 510, 36);
}

/* The step goes by MetricAggregationType over the newest period, whatever the alarm's statistic. */
static void steps_have_their_own_aggregation(void **state)
{
    (void)state;
    const struct {
        enum ballast_statistic aggregation;
        int64_t target;
    } rows[] = {{BALLAST_MINIMUM, 33}, {BALLAST_AVERAGE, 34}, {BALLAST_MAXIMUM, 35}};
    for (size_t i = 0; i < 3; i++) {
        struct fixture f;
        set_up(&f);
        price(&f, 0, 100, 900000);
        f.scenario.scaling.habits.base_is_target = true;
        struct scaling_policy *policy =
            add(&f, WATCHED_FULFILLED_CAPACITY, COMPARE_LESS, 32, 1, 100000);
        alarms[0].terms.period_s = 300;
        alarms[0].terms.statistic = BALLAST_MINIMUM;
        policy->aggregation = rows[i].aggregation; /* 0, 25.6 or 32 */
        steps[0][0].upper_micro = -20 * UNIT;
        steps[0][1] = (struct step_adjustment){-20 * UNIT, -1 * UNIT, 2};
        steps[0][2] = (struct step_adjustment){-1 * UNIT, INT64_MAX, 3};
        policy->step_count = 3;
        simulate_fixture(&f);
        expect_change(&f, 270, rows[i].target);
    }
}

/* Points come every five minutes: an alarm of three periods of one minute never has three. */
static void missing_points_are_treated_as_told(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    f.scenario.account.metric_period_s = 300;
    add(&f, WATCHED_FULFILLED_CAPACITY, COMPARE_LESS, 40, 4, 100000);
    alarms[0].terms.periods = alarms[0].terms.points = 3;
    simulate_fixture(&f);
    expect_change(&f, 30, 36); /* the point of -300 is the fifth and oldest of the range */
    alarms[0].terms.missing = MISSING_IS_NOT_BREACHING;
    simulate_fixture(&f);
    expect_last(&f, 32);
}

/* The guide's example: 55 percent of the processors, 60 of the memory; and nothing registered. */
static void reservation_of_a_cluster(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f);
    struct reservations reservations;
    reservations_init(&reservations, &f.scenario, 900);
    const struct cluster_reservation cluster = {.registered_cpu = 16384 + 2048,
                                                .reserved_cpu = 10 * 1024,
                                                .registered_memory_mib = 30158 + 3768,
                                                .reserved_memory_mib = 10 * 2048};
    reservations_sample(&reservations, MODERN_T0 + 59, &cluster);
    reservations_sample(&reservations, MODERN_T0 + 119, &(struct cluster_reservation){0});
    assert_int_equal(reservations.count, 1);
    const struct reservation_sample *sample = reservations_back(&reservations, 0);
    assert_int_equal(sample->stamp_s, MODERN_T0);
    assert_int_equal(sample->readable_s, MODERN_T0 + 75);
    assert_int_equal(sample->percent_micro[WATCHED_CPU_RESERVATION], 55555556);
    assert_int_equal(sample->percent_micro[WATCHED_MEMORY_RESERVATION], 60366680);
    assert_null(reservations_back(&reservations, 1));
    reservations_clean_up(&reservations);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_out_once_a_cooldown),
        cmocka_unit_test(a_modification_keeps_what_it_does_not_name),
        cmocka_unit_test(alarms_have_their_own_second),
        cmocka_unit_test(a_larger_step_adds_the_difference),
        cmocka_unit_test(scale_in_waits_for_its_cooldown),
        cmocka_unit_test(a_scale_out_cancels_the_scale_in_cooldown),
        cmocka_unit_test(the_largest_result_wins),
        cmocka_unit_test(suspended_or_disabled),
        cmocka_unit_test(a_scale_out_lowers_the_target_only_if_it_may),
        cmocka_unit_test(a_scale_in_never_raises_the_target),
        cmocka_unit_test(exact_capacity_goes_either_way),
        cmocka_unit_test(long_periods_slide),
        cmocka_unit_test(steps_have_their_own_aggregation),
        cmocka_unit_test(missing_points_are_treated_as_told),
        cmocka_unit_test(reservation_of_a_cluster),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
