/* Each shipped scenario shows the defect it is named after: beside its counterpart the figures
 * differ, and in the direction its description says. */
#include "scenario_fixture.h"

#include "sim/sim.h"
#include "valgrind.h"

#include <stdio.h>

/* The example with a policy (or NULL) and overrides, simulated. */
static void run(struct figures *figures, const char *name, const char *policy, const char *path,
                const char *value)
{
    char file[512];
    snprintf(file, sizeof file, "%s/examples/%s.json", BALLAST_SOURCE_DIR, name);
    const struct scenario_override set = {path, value};
    const struct scenario_options options = {
        .overrides = &set, .override_count = path ? 1 : 0, .policy = policy};
    struct scenario scenario;
    struct trace_set traces;
    struct error err = {0};
    if (scenario_read(&scenario, file, &options, &err) ||
        scenario_load_traces(&scenario, &traces, &err) ||
        simulate(&scenario, &traces, NULL, NULL, figures, &err))
        fail_msg("%s: %s", name, err.text);
    trace_set_clean_up(&traces);
    scenario_clean_up(&scenario);
}

#define VALUE(figures, name) ((int64_t)(figures).value[FIGURE_##name])

static void p1_empty_window(void **state)
{
    (void)state;
    struct figures seed;
    struct figures other;
    run(&seed, "p1-empty-window", NULL, NULL, NULL);
    assert_int_equal(VALUE(seed, events_on_demand_launches), 8);
    assert_int_equal(VALUE(seed, cost_on_demand_surplus_micro_usd),
                     VALUE(seed, cost_on_demand_micro_usd));
    assert_true(VALUE(seed, cost_total_micro_usd) > VALUE(seed, cost_all_on_demand_micro_usd));
    run(&other, "p1-empty-window", "pending-capacity", NULL, NULL);
    assert_int_equal(VALUE(other, events_on_demand_launches), 0);
    assert_int_equal(VALUE(other, capacity_unfulfilled_unit_s), 0);
    run(&other, "p1-empty-window", NULL, "spot_fleet.LaunchSpecifications[0].Monitoring.Enabled",
        "true");
    assert_int_equal(VALUE(other, events_on_demand_launches), 0);
}

static void p2_unordered_points(void **state)
{
    (void)state;
    struct figures seed;
    struct figures other;
    run(&seed, "p2-unordered-points", NULL, NULL, NULL);
    run(&other, "p2-unordered-points", NULL, "policy.parameters.newest", "true");
    assert_true(VALUE(seed, capacity_unfulfilled_unit_s) >
                VALUE(other, capacity_unfulfilled_unit_s));
    assert_true(VALUE(seed, cost_total_micro_usd) > VALUE(other, cost_total_micro_usd));
    assert_true(VALUE(seed, events_scale_out) > VALUE(other, events_scale_out));
}

static void p3_above_max_size(void **state)
{
    (void)state;
    struct figures seed;
    struct figures other;
    run(&seed, "p3-above-max-size", NULL, NULL, NULL);
    assert_int_equal(VALUE(seed, events_on_demand_launches), 0);
    assert_int_equal(VALUE(seed, capacity_served_on_demand_unit_s), 0);
    run(&other, "p3-above-max-size", "pending-capacity", NULL, NULL);
    assert_int_equal(VALUE(other, events_on_demand_launches), 6);
    assert_true(VALUE(other, capacity_unfulfilled_unit_s) * 3 <
                VALUE(seed, capacity_unfulfilled_unit_s));
}

static void p4_negative_set_point(void **state)
{
    (void)state;
    struct figures seed;
    struct figures other;
    run(&seed, "p4-negative-set-point", NULL, NULL, NULL);
    assert_int_equal(VALUE(seed, events_scale_in), 0);
    assert_true(VALUE(seed, events_scale_in_refused) > 500);
    run(&other, "p4-negative-set-point", "pending-capacity", NULL, NULL);
    assert_int_equal(VALUE(other, events_scale_in), 1);
    assert_true(VALUE(other, cost_on_demand_micro_usd) * 5 < VALUE(seed, cost_on_demand_micro_usd));
}

static void p5_stuck_launch(void **state)
{
    (void)state;
    struct figures stuck;
    struct figures other;
    run(&stuck, "p5-stuck-launch", NULL, NULL, NULL);
    run(&other, "p5-stuck-launch", NULL, "account.on_demand_launch_delay_s", "30");
    assert_true(VALUE(stuck, events_scale_in_blocked_s) > 2700 + 3600);
    assert_true(VALUE(other, events_scale_in_blocked_s) < 2700);
    assert_true(VALUE(stuck, cost_on_demand_micro_usd) >
                2 * VALUE(other, cost_on_demand_micro_usd));
}

static void p6_cooldown_restarts(void **state)
{
    (void)state;
    struct figures held;
    struct figures other;
    run(&held, "p6-cooldown-restarts", NULL, NULL, NULL);
    run(&other, "p6-cooldown-restarts", NULL, "backup_group.group.DefaultCooldown", "0");
    assert_true(VALUE(held, events_scale_in) > 1); /* in steps */
    assert_true(VALUE(other, events_scale_in) > VALUE(held, events_scale_in));
    assert_true(VALUE(held, events_scale_in_blocked_s) > 3600);
    assert_true(VALUE(held, cost_on_demand_surplus_micro_usd) >
                10 * VALUE(other, cost_on_demand_surplus_micro_usd));
    assert_true(VALUE(held, cost_total_micro_usd) > VALUE(other, cost_total_micro_usd));
}

static void p7_reservation_feedback(void **state)
{
    (void)state;
    struct figures fed_back;
    struct figures other;
    run(&fed_back, "p7-reservation-feedback", NULL, NULL, NULL);
    run(&other, "p7-reservation-feedback", NULL,
        "scaling.policies[0].TargetTrackingScalingPolicyConfiguration.DisableScaleIn", "true");
    /* The same market, the same policy; the fleet shrinks by itself, and has to be launched anew.
     */
    assert_int_equal(VALUE(fed_back, events_spot_interruptions), 24);
    assert_int_equal(VALUE(other, events_spot_interruptions), 24);
    assert_int_equal(VALUE(other, events_spot_launches), 24);
    assert_true(VALUE(fed_back, events_spot_launches) > 40);
    assert_true(VALUE(fed_back, capacity_unfulfilled_unit_s) >
                4 * VALUE(other, capacity_unfulfilled_unit_s));
    assert_true(VALUE(fed_back, capacity_task_unserved_s) >
                3 * VALUE(other, capacity_task_unserved_s));
}

static void p8_hold_under_per_second_billing(void **state)
{
    (void)state;
    static const char name[] = "p8-hold-under-per-second-billing";
    struct figures held;
    struct figures released;
    run(&held, name, NULL, NULL, NULL);
    run(&released, name, NULL, "backup_group.group.DefaultCooldown", "0");
    assert_true(VALUE(held, cost_on_demand_micro_usd) >
                4 * VALUE(released, cost_on_demand_micro_usd));
    assert_int_equal(VALUE(held, capacity_unfulfilled_unit_s),
                     VALUE(released, capacity_unfulfilled_unit_s));
    /* Billed by the hour, the very same hold is free: every launch is a whole hour anyhow. */
    struct figures hourly;
    run(&hourly, name, NULL, "billing", "hourly");
    assert_int_equal(VALUE(hourly, events_on_demand_launches), 24);
    assert_int_equal(VALUE(hourly, cost_on_demand_micro_usd), 24 * 252000);
}

static void quickstart(void **state)
{
    (void)state;
    if (under_valgrind())
        return; /* two half years: the others take the same paths in days */
    struct figures none;
    struct figures backed;
    run(&none, "quickstart/scenario", "none", NULL, NULL);
    run(&backed, "quickstart/scenario", NULL, NULL, NULL);
    assert_int_equal(VALUE(none, cost_on_demand_micro_usd), 0);
    assert_true(VALUE(none, events_spot_interruptions) > 0);
    assert_true(VALUE(backed, capacity_unfulfilled_unit_s) <
                VALUE(none, capacity_unfulfilled_unit_s));
    assert_true(VALUE(backed, cost_total_micro_usd) < VALUE(backed, cost_all_on_demand_micro_usd));
}

static void faulty_week(void **state)
{
    (void)state;
    struct figures seed;
    struct figures safe;
    struct figures well;
    run(&seed, "faulty-week", NULL, NULL, NULL);
    run(&safe, "faulty-week", "pending-capacity", NULL, NULL);
    run(&well, "faulty-week", NULL, "controller.faults", "[]");
    /* Two hours without metrics buy eight instances each, beside a healthy fleet. */
    assert_int_equal(VALUE(seed, events_scale_out), VALUE(safe, events_scale_out) + 2);
    assert_int_equal(VALUE(seed, cost_on_demand_micro_usd),
                     VALUE(safe, cost_on_demand_micro_usd) + 2 * 8 * 252000);
    /* Two lost hours are missed by either: 32 unit-hours each, less the first minutes. */
    int64_t lost_micro_unit_s =
        VALUE(safe, capacity_unfulfilled_unit_s) - VALUE(well, capacity_unfulfilled_unit_s);
    assert_in_range(lost_micro_unit_s / MICRO, 2 * 32 * 3400, 2 * 32 * 3600);
    assert_int_equal(VALUE(seed, capacity_unfulfilled_unit_s),
                     VALUE(safe, capacity_unfulfilled_unit_s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p1_empty_window),
        cmocka_unit_test(p2_unordered_points),
        cmocka_unit_test(p3_above_max_size),
        cmocka_unit_test(p4_negative_set_point),
        cmocka_unit_test(p5_stuck_launch),
        cmocka_unit_test(p6_cooldown_restarts),
        cmocka_unit_test(p7_reservation_feedback),
        cmocka_unit_test(p8_hold_under_per_second_billing),
        cmocka_unit_test(faulty_week),
        cmocka_unit_test(quickstart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
