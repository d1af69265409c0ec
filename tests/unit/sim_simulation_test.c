/* A simulation held open: in steps it is what it is in one go, and a controller outside, asking and
 * acting in the scenario's seconds, leaves what the one inside leaves.
 *
 * Proves docs/model.md, "Time".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim_fixture.h"

#include "policy/controller.h"
#include "sim/simulation.h"

static struct simulation *open_fixture(struct fixture *f, bool no_controller)
{
    const struct simulation_options options = {.scenario = &f->scenario,
                                               .traces = &f->traces,
                                               .sink = &f->sink,
                                               .no_controller = no_controller,
                                               .metrics_reach_s = 3 * 3600};
    struct simulation *simulation = NULL;
    struct error err = {0};
    f->instance_count = f->capacity_count = f->decision_count = 0;
    if (simulation_open(&simulation, &options, &err))
        fail_msg("simulation_open: %s", err.text);
    return simulation;
}

static void advance(struct simulation *simulation, int64_t second_s)
{
    struct error err = {0};
    assert_int_equal(simulation_advance(simulation, second_s, &err), 0);
}

static void close_fixture(struct fixture *f, struct simulation *simulation)
{
    struct error err = {0};
    assert_int_equal(simulation_close(simulation, 0, &f->figures, &err), 0);
}

/* The fleet loses everything after an hour and has it back after another; backup comes and goes. */
static void shortage(struct fixture *f, int64_t from_s)
{
    fixture_set_up(f, from_s);
    set_policy(f, &policy_pending_capacity, NULL);
    f->scenario.controller.alarm = false;
    f->scenario.group.default_cooldown_s = 1200;
    price(f, 0, 3600, 900000);
    price(f, 0, 7200, 50000);
}

enum { BEFORE_EVENTS = FIGURE_events_evaluations * sizeof(int128) };

static void same_run(const struct fixture *a, const struct fixture *b)
{
    assert_int_equal(a->instance_count, b->instance_count);
    for (size_t i = 0; i < a->instance_count; i++) {
        assert_int_equal(a->instances[i].instance, b->instances[i].instance);
        assert_int_equal(a->instances[i].requested_s, b->instances[i].requested_s);
        assert_int_equal(a->instances[i].joined_s, b->instances[i].joined_s);
        assert_int_equal(a->instances[i].ended_s, b->instances[i].ended_s);
        assert_int_equal(a->instances[i].end, b->instances[i].end);
    }
    assert_true(memcmp(a->figures.value, b->figures.value, BEFORE_EVENTS) == 0);
}

static void steps_change_nothing(void **state)
{
    (void)state;
    static struct fixture whole;
    static struct fixture stepped;
    shortage(&whole, T0);
    whole.scenario.controller.alarm = true;
    whole.scenario.group.default_cooldown_s = 5000; /* so that scaling in is refused */
    shortage(&stepped, T0);
    stepped.scenario.controller.alarm = true;
    stepped.scenario.group.default_cooldown_s = 5000;
    simulate_fixture(&whole);
    struct simulation *simulation = open_fixture(&stepped, false);
    assert_int_equal(simulation_now(simulation), T0);
    for (int64_t at_s = T0; at_s < T0 + 2 * 3600; at_s += 7) {
        advance(simulation, at_s);
        assert_int_equal(simulation_now(simulation), at_s);
    }
    advance(simulation, T0 + 99 * 3600);
    assert_int_equal(simulation_now(simulation), whole.scenario.to_s - 1);
    close_fixture(&stepped, simulation);
    same_run(&whole, &stepped);
    assert_int_equal(whole.decision_count, stepped.decision_count);
    assert_true(memcmp(whole.figures.value, stepped.figures.value, sizeof whole.figures.value) ==
                0);
    assert_true(FIGURE_VALUE(&whole, events_scale_in_refused) > 0);
}

/* ---- a controller outside -----------------------------------------------------------------------
 */

static int64_t now(void *context)
{
    return simulation_now(context);
}

static void get_metric(const struct cloud_metric_query *query, struct ballast_point *out_points,
                       size_t capacity, struct ballast_answer *out_answer, void *context)
{
    simulation_metric(context, query, false, out_points, capacity, out_answer);
}

static void describe_group(struct ballast_group *out_group, void *context)
{
    struct group_seen group;
    bool after = false;
    simulation_group(context, &group);
    const char *code = simulation_fault(context, CALL_DESCRIBE_AUTO_SCALING_GROUPS, &after);
    *out_group = (struct ballast_group){.status = code ? BALLAST_ERROR : BALLAST_OK,
                                        .error_code = code,
                                        .min_size = group.min_size,
                                        .max_size = group.max_size,
                                        .desired_capacity = group.desired_capacity,
                                        .units_per_instance_micro = 4 * UNIT};
    if (code)
        out_group->min_size = out_group->max_size = out_group->desired_capacity = BALLAST_UNKNOWN;
    for (size_t i = 0; i < simulation_instance_count(context) && !code; i++) {
        struct instance_seen instance;
        simulation_instance(context, i, &instance);
        if (instance.of_fleet || instance.ended_s != RECORD_NEVER)
            continue;
        assert_string_equal(instance.instance_type, backup_type);
        if (instance.running_s != RECORD_NEVER)
            out_group->in_service++;
        else
            out_group->pending++;
    }
}

static enum cloud_outcome set_desired(int64_t desired, bool honor_cooldown, void *context)
{
    bool after = false;
    const char *code = simulation_fault(context, CALL_SET_DESIRED_CAPACITY, &after);
    enum cloud_outcome outcome = CLOUD_FAILED;
    if (!code || after)
        outcome = simulation_set_desired(context, desired, honor_cooldown);
    return code ? CLOUD_FAILED : outcome;
}

static void notices(int64_t *out_interruption, int64_t *out_rebalance, void *context)
{
    (void)context;
    *out_interruption = *out_rebalance = BALLAST_UNKNOWN;
}

static void run_outside(struct fixture *f)
{
    struct simulation *simulation = open_fixture(f, true);
    const struct cloud cloud = {.context = simulation,
                                .now = now,
                                .get_metric = get_metric,
                                .describe_group = describe_group,
                                .set_desired_capacity = set_desired,
                                .notices = notices};
    const struct policy_choice *policy = &f->scenario.policy;
    struct controller *controller =
        controller_new(policy->policy, policy->values, &f->scenario.controller.guards);
    const struct controller_recorder nobody = {0};
    for (int64_t at_s = f->scenario.from_s + 30; at_s < f->scenario.to_s; at_s += 60) {
        advance(simulation, at_s);
        controller_tick(controller, &cloud, BALLAST_SCHEDULE, &nobody);
    }
    controller_destroy(controller);
    close_fixture(f, simulation);
}

static void outside_as_inside(void **state)
{
    (void)state;
    static struct fixture inside;
    static struct fixture outside;
    shortage(&inside, T0);
    shortage(&outside, T0);
    simulate_fixture(&inside);
    run_outside(&outside);
    same_run(&inside, &outside);
    assert_int_equal(outside.decision_count, 0); /* nobody inside decided */
    assert_true(FIGURE_VALUE(&inside, events_scale_out) > 0);
    assert_true(FIGURE_VALUE(&inside, events_scale_in) > 0);
}

/* Instances that run at once: the second acted in goes on. */
static void outside_as_inside_without_delays(void **state)
{
    (void)state;
    static struct fixture inside;
    static struct fixture outside;
    shortage(&inside, MODERN_T0);
    inside.scenario.account.on_demand_launch_delay.min_s = 0;
    inside.scenario.account.join_delay.min_s = 0;
    shortage(&outside, MODERN_T0);
    outside.scenario.account = inside.scenario.account;
    simulate_fixture(&inside);
    run_outside(&outside);
    same_run(&inside, &outside);
}

/* Faults of the account's calls fall on those from outside in the same minutes. */
static void outside_as_inside_with_faults(void **state)
{
    (void)state;
    static struct fixture inside;
    static struct fixture outside;
    static char throttling[] = "Throttling";
    static struct fault list[] = {
        {.kind = FAULT_API_ERROR,
         .permille = 300,
         .from_s = INT64_MIN,
         .to_s = INT64_MAX,
         .code = throttling},
        {.kind = FAULT_API_ERROR,
         .permille = 200,
         .from_s = INT64_MIN,
         .to_s = INT64_MAX,
         .call = CALL_SET_DESIRED_CAPACITY,
         .after_effect = true,
         .code = throttling},
    };
    shortage(&inside, T0);
    inside.scenario.controller.faults = (struct faults){.list = list, .count = 2};
    shortage(&outside, T0);
    simulate_fixture(&inside);
    run_outside(&outside);
    assert_true(memcmp(inside.figures.value, outside.figures.value, BEFORE_EVENTS) != 0);
    outside.scenario.controller.faults = inside.scenario.controller.faults;
    run_outside(&outside);
    same_run(&inside, &outside);
}

/* ---- acts ---------------------------------------------------------------------------------------
 */

static void bounds_and_cooldown(void **state)
{
    (void)state;
    static struct fixture f;
    struct group_seen group;
    fixture_set_up(&f, T0);
    struct simulation *simulation = open_fixture(&f, true);
    advance(simulation, T0 + 100);
    assert_int_equal(simulation_set_desired(simulation, 201, true), CLOUD_VALIDATION_ERROR);
    assert_int_equal(simulation_set_desired(simulation, 3, true), CLOUD_ACCEPTED);
    assert_int_equal(simulation_set_desired(simulation, 2, true),
                     CLOUD_SCALING_ACTIVITY_IN_PROGRESS);
    advance(simulation, T0 + 130);
    simulation_group(simulation, &group);
    assert_int_equal(group.activities, 0);
    assert_int_equal(group.last_activity_end_s, T0 + 130);
    simulation_update_group(simulation, 0, 200, 600);
    advance(simulation, T0 + 130 + 599);
    assert_int_equal(simulation_set_desired(simulation, 2, true),
                     CLOUD_SCALING_ACTIVITY_IN_PROGRESS);
    advance(simulation, T0 + 130 + 600);
    assert_int_equal(simulation_set_desired(simulation, 2, true), CLOUD_ACCEPTED);
    simulation_update_group(simulation, 4, 200, 600);
    simulation_group(simulation, &group);
    assert_int_equal(group.desired_capacity, 4);
    simulation_update_group(simulation, 0, 1, 600);
    simulation_group(simulation, &group);
    assert_int_equal(group.desired_capacity, 1);
    close_fixture(&f, simulation);
}

static void fleet_modified_and_cancelled(void **state)
{
    (void)state;
    static struct fixture f;
    struct fleet_seen fleet;
    fixture_set_up(&f, T0);
    struct simulation *simulation = open_fixture(&f, true);
    advance(simulation, T0 + 100);
    assert_int_equal(simulation_modify_fleet(simulation, 40 * UNIT, 0, false), CLOUD_ACCEPTED);
    advance(simulation, T0 + 400);
    simulation_fleet(simulation, &fleet);
    assert_int_equal(fleet.fulfilled_micro, 40 * UNIT);
    assert_int_equal(fleet.instances, 10);
    assert_int_equal(simulation_modify_fleet(simulation, 8 * UNIT, 0, false), CLOUD_ACCEPTED);
    simulation_fleet(simulation, &fleet);
    assert_int_equal(fleet.noticed, 8);
    assert_int_equal(simulation_modify_fleet(simulation, INT64_C(10001) * MICRO, 0, false),
                     CLOUD_VALIDATION_ERROR);
    assert_true(simulation_cancel_fleet(simulation, true));
    assert_false(simulation_cancel_fleet(simulation, true));
    assert_int_equal(simulation_modify_fleet(simulation, 8 * UNIT, 0, false),
                     CLOUD_VALIDATION_ERROR);
    advance(simulation, T0 + 400 + 121);
    simulation_fleet(simulation, &fleet);
    assert_int_equal(fleet.instances, 0);
    assert_false(fleet.active);
    assert_int_equal(fleet.ended, END_FLEET_CANCELLED);
    assert_int_equal(fleet.end_s, T0 + 400);
    close_fixture(&f, simulation);
}

/* In the second in which the demand changes the target is set by a call after it, and something is
 * launched that is there at once, for which the second is gone through again. */
static void what_a_call_sets_stays_in_the_second_of_a_change(void **state)
{
    (void)state;
    static struct fixture f;
    struct fleet_seen fleet;
    fixture_set_up(&f, T0);
    f.demand[0] = (struct demand_step){T0, 8 * UNIT};
    f.demand[1] = (struct demand_step){T0 + 3600, 12 * UNIT};
    f.scenario.demand_count = 2;
    f.scenario.demand_given = true;
    f.scenario.target_follows_demand = true;
    f.scenario.account.on_demand_launch_delay = (struct delay){0};
    struct simulation *simulation = open_fixture(&f, true);
    advance(simulation, T0 + 3600);
    assert_int_equal(simulation_modify_fleet(simulation, 40 * UNIT, 0, false), CLOUD_ACCEPTED);
    assert_int_equal(simulation_set_desired(simulation, 1, true), CLOUD_ACCEPTED);
    advance(simulation, T0 + 3605);
    simulation_fleet(simulation, &fleet);
    assert_int_equal(fleet.target_micro, 40 * UNIT);
    close_fixture(&f, simulation);
}

/* Another request after the first: its own pools, metrics, end. */
static void another_fleet(void **state)
{
    (void)state;
    static struct fixture f;
    static struct ballast_point points[BALLAST_POINTS_MAX];
    struct ballast_answer answer;
    struct fleet_seen fleet;
    struct instance_seen instance;
    struct error err = {0};
    fixture_set_up(&f, T0);
    struct spot_fleet request = f.scenario.fleet;
    request.pools = &f.pools[1]; /* the other zone, a little dearer */
    request.target_micro = 12 * UNIT;
    request.valid_until_s = T0 + 9000;
    request.terminate_with_expiration = true;
    struct simulation *simulation = open_fixture(&f, true);
    advance(simulation, T0 + 100);
    assert_int_equal(simulation_request_fleet(simulation, &request, &err), STATUS_CHECK_FAILED);
    assert_true(simulation_cancel_fleet(simulation, true));
    assert_int_equal(simulation_request_fleet(simulation, &request, &err), STATUS_CHECK_FAILED);
    advance(simulation, T0 + 300);
    assert_int_equal(simulation_request_fleet(simulation, &request, &err), STATUS_OK);
    advance(simulation, T0 + 800);
    simulation_fleet(simulation, &fleet);
    assert_true(fleet.active);
    assert_int_equal(fleet.fulfilled_micro, 12 * UNIT);
    assert_int_equal(simulation_instance_count(simulation), 8 + 3);
    simulation_instance(simulation, 10, &instance);
    assert_string_equal(instance.zone, zone_b);
    const struct cloud_metric_query query = {.api = BALLAST_GET_METRIC_DATA,
                                             .metric = "TargetCapacity",
                                             .statistic = BALLAST_MAXIMUM,
                                             .period_s = 60,
                                             .start_s = T0,
                                             .end_s = T0 + 800};
    simulation_metric(simulation, &query, false, points, BALLAST_POINTS_MAX, &answer);
    assert_int_equal(answer.point_count, 8); /* of minutes 5 to 12 */
    assert_int_equal(points[7].value_micro, 12 * UNIT);
    advance(simulation, T0 + 9200);
    simulation_fleet(simulation, &fleet);
    assert_int_equal(fleet.ended, END_FLEET_EXPIRED);
    assert_int_equal(fleet.instances, 0);
    struct spot_fleet unknown = request;
    struct fleet_pool pool = f.pools[0];
    pool.zone = linux_product; /* no such zone */
    unknown.pools = &pool;
    assert_int_equal(simulation_request_fleet(simulation, &unknown, &err), STATUS_BAD_INPUT);
    close_fixture(&f, simulation);
}

static void another_group(void **state)
{
    (void)state;
    static struct fixture f;
    fixture_set_up(&f, T0);
    struct simulation *simulation = open_fixture(&f, true);
    advance(simulation, T0 + 100);
    assert_int_equal(simulation_set_desired(simulation, 2, false), CLOUD_ACCEPTED);
    assert_false(simulation_renew_group(simulation));
    advance(simulation, T0 + 200);
    simulation_update_group(simulation, 0, 0, 2700);
    assert_false(simulation_renew_group(simulation));
    advance(simulation, T0 + 260);
    assert_true(simulation_renew_group(simulation));
    simulation_update_group(simulation, 0, 9, 2700);
    assert_int_equal(simulation_set_desired(simulation, 1, true), CLOUD_ACCEPTED); /* no cooldown */
    close_fixture(&f, simulation);
}

/* Of the same three hours as a warm start is given. */
static void metrics_reach_back(void **state)
{
    (void)state;
    static struct fixture f;
    static struct ballast_point points[BALLAST_POINTS_MAX];
    struct ballast_answer answer;
    fixture_set_up(&f, T0);
    struct simulation *simulation = open_fixture(&f, true);
    advance(simulation, T0 + 30);
    const struct cloud_metric_query query = {.api = BALLAST_GET_METRIC_DATA,
                                             .metric = "FulfilledCapacity",
                                             .statistic = BALLAST_AVERAGE,
                                             .period_s = 60,
                                             .start_s = T0 - 3 * 3600,
                                             .end_s = T0};
    simulation_metric(simulation, &query, false, points, BALLAST_POINTS_MAX, &answer);
    assert_int_equal(answer.status, BALLAST_OK);
    assert_int_equal(answer.point_count, 180);
    assert_int_equal(points[179].value_micro, 32 * UNIT);
    assert_int_equal(simulation_metric_period(simulation), 60);
    close_fixture(&f, simulation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_change_nothing),
        cmocka_unit_test(outside_as_inside),
        cmocka_unit_test(outside_as_inside_without_delays),
        cmocka_unit_test(outside_as_inside_with_faults),
        cmocka_unit_test(bounds_and_cooldown),
        cmocka_unit_test(fleet_modified_and_cancelled),
        cmocka_unit_test(what_a_call_sets_stays_in_the_second_of_a_change),
        cmocka_unit_test(another_fleet),
        cmocka_unit_test(another_group),
        cmocka_unit_test(metrics_reach_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
