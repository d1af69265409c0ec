/* `controller.faults`: reading, refusing, round trip. Proves docs/model.md, "Faults". */
#include "scenario_fixture.h"

static const char all_kinds[] =
    "controller.faults=[{\"kind\":\"api-error\"},"
    "{\"kind\":\"api-error\",\"call\":\"SetDesiredCapacity\",\"code\":\"ResourceContention\","
    "\"after_effect\":true,\"permille\":5,\"from\":\"2015-03-12T01:00:00Z\","
    "\"to\":\"2015-03-12T02:00:00Z\"},"
    "{\"kind\":\"invocation-dropped\",\"at\":[\"2015-03-12T03:00:00Z\",\"2015-03-12T04:00:00Z\"]},"
    "{\"kind\":\"duplicate-invocation\",\"after_s\":7},"
    "{\"kind\":\"function-error\"},"
    "{\"kind\":\"function-timeout\",\"after_s\":30,\"retried\":false},"
    "{\"kind\":\"late-metrics\",\"delay_s\":600},"
    "{\"kind\":\"missing-metrics\",\"metric\":\"PendingCapacity\"},"
    "{\"kind\":\"metric-order\",\"order\":\"oldest-first\"}]";

static void every_kind_is_read(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, all_kinds);
    const struct faults *faults = &s.controller.faults;
    assert_int_equal(faults->count, 9);
    assert_int_equal(faults->list[0].call, CALL_ANY);
    assert_string_equal(faults->list[0].code, "Throttling");
    assert_int_equal(faults->list[0].permille, 1000);
    assert_int_equal(faults->list[1].call, CALL_SET_DESIRED_CAPACITY);
    assert_true(faults->list[1].after_effect);
    assert_int_equal(faults->list[1].to_s - faults->list[1].from_s, 3600);
    assert_int_equal(faults->list[2].at_count, 2);
    assert_int_equal(faults->list[3].delay_s, 7);
    assert_true(faults->list[4].retried);
    assert_int_equal(faults->list[5].delay_s, 30);
    assert_false(faults->list[5].retried);
    assert_string_equal(faults->list[7].metric, "PendingCapacity");
    assert_true(faults->list[8].oldest_first);
    assert_true(has_note(&s, true, "faults are injected"));
    assert_non_null(strstr(s.resolved.data,
                           "\"faults\":[{\"kind\":\"api-error\",\"code\":\"Throttling\","
                           "\"after_effect\":false,\"permille\":1000},"));
    scenario_clean_up(&s);
}

static void a_resolved_list_resolves_to_itself(void **state)
{
    (void)state;
    struct scenario first;
    struct scenario second;
    struct error err;
    READ(&first, all_kinds);
    const struct scenario_options none = {0};
    if (scenario_parse(&second, "again.json", ".", first.resolved.data, first.resolved.size, &none,
                       &err))
        fail_msg("refused: %s", err.text);
    assert_string_equal(first.resolved.data, second.resolved.data);
    scenario_clean_up(&first);
    scenario_clean_up(&second);
}

static void none_leaves_no_trace(void **state)
{
    (void)state;
    struct scenario plain;
    struct scenario empty;
    expect_read(&plain, NULL, 0);
    READ(&empty, "controller.faults=[]");
    assert_string_equal(plain.resolved.data, empty.resolved.data);
    assert_null(strstr(plain.resolved.data, "faults"));
    assert_false(has_note(&empty, true, "faults"));
    scenario_clean_up(&plain);
    scenario_clean_up(&empty);
}

static void a_fault_outside_the_run_is_remarked(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "controller.faults=[{\"kind\":\"invocation-dropped\",\"at\":[\"2016-01-01\"]}]");
    assert_true(has_note(&s, true, "controller.faults[0] (invocation-dropped) lies outside"));
    scenario_clean_up(&s);
}

static void times_and_windows(void **state)
{
    (void)state;
    int64_t times[] = {119, 240, 241, 1000};
    const struct fault at = {.at_s = times, .at_count = 4};
    assert_false(fault_is_due(&at, 59, 60));
    assert_true(fault_is_due(&at, 60, 60)); /* the minute of 119 */
    assert_true(fault_is_due(&at, 119, 60));
    assert_false(fault_is_due(&at, 120, 60));
    assert_true(fault_is_due(&at, 299, 60));
    assert_true(fault_is_due(&at, 0, 300)); /* the period of 119 */
    assert_true(fault_is_due(&at, 900, 300));
    assert_false(fault_is_due(&at, 1200, 300));
    const struct fault window = {.from_s = 100, .to_s = 200};
    assert_false(fault_is_due(&window, 99, 60));
    assert_true(fault_is_due(&window, 100, 60));
    assert_true(fault_is_due(&window, 199, 60));
    assert_false(fault_is_due(&window, 200, 60));
}

static void time_and_concurrency_are_written_where_used(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "controller.concurrency=2");
    assert_int_equal(s.controller.concurrency, 2);
    assert_non_null(strstr(s.resolved.data, "\"duration_s\":0,\"concurrency\":2,\"guards\""));
    scenario_clean_up(&s);
    READ(&s, "controller.duration_s={\"distribution\":\"empirical\",\"values_s\":[1,2]}");
    assert_int_equal(s.controller.duration.value_count, 2);
    assert_non_null(strstr(s.resolved.data, "\"concurrency\":0"));
    scenario_clean_up(&s);
    expect_read(&s, NULL, 0);
    assert_null(strstr(s.resolved.data, "concurrency"));
    scenario_clean_up(&s);
    expect_refusal(&(const char *){"controller.concurrency=1001"}, 1, "out of range");
    expect_refusal(&(const char *){"controller.duration=3"}, 1, "did you mean \"duration_s\"?");
}

#define LIST(text) "controller.faults=[" text "]"

static void refusals(void **state)
{
    (void)state;
    static const struct refused_set cases[] = {
        {"controller.faults={}", "must be a list"},
        {LIST("3"), "must be an object"},
        {LIST("{}"), "no \"kind\""},
        {LIST("{\"kind\":\"api-eror\"}"), "is not one of \"api-error\""},
        {LIST("{\"kind\":\"api-error\",\"cal\":1}"), "did you mean \"call\"?"},
        {LIST("{\"kind\":\"invocation-dropped\",\"after_s\":1}"), "unknown key \"after_s\""},
        {LIST("{\"kind\":\"api-error\",\"call\":\"SetDesiredCapacit\"}"), "SetDesiredCapacity"},
        {LIST("{\"kind\":\"api-error\",\"call\":\"GetMetricData\",\"after_effect\":true}"),
         "GetMetricData changes nothing"},
        {LIST("{\"kind\":\"api-error\",\"permille\":0}"), "out of range"},
        {LIST("{\"kind\":\"api-error\",\"permille\":1001}"), "out of range"},
        {LIST("{\"kind\":\"api-error\",\"at\":[\"2015-03-12\"],\"permille\":10}"),
         "stands beside \"at\""},
        {LIST("{\"kind\":\"api-error\",\"at\":[\"2015-03-12\"],\"to\":\"2015-03-13\"}"),
         "stands beside \"at\""},
        {LIST("{\"kind\":\"api-error\",\"at\":[]}"), "must not be empty"},
        {LIST("{\"kind\":\"api-error\",\"at\":[\"2015-03-12\",\"2015-03-12\"]}"),
         "is not later than the one before"},
        {LIST("{\"kind\":\"api-error\",\"from\":\"2015-03-12\",\"to\":\"2015-03-12\"}"),
         "must be later than \"from\""},
        {LIST("{\"kind\":\"duplicate-invocation\"}"), "no \"after_s\""},
        {LIST("{\"kind\":\"function-timeout\",\"after_s\":901}"), "out of range"},
        {LIST("{\"kind\":\"function-timeout\"}"), "no \"after_s\""},
        {LIST("{\"kind\":\"function-error\",\"after_s\":9}"), "unknown key \"after_s\""},
        {LIST("{\"kind\":\"late-metrics\",\"delay_s\":0}"), "out of range"},
        {LIST("{\"kind\":\"missing-metrics\",\"metric\":\"Pending\"}"), "TargetCapacity"},
        {LIST("{\"kind\":\"metric-order\"}"), "no \"order\""},
    };
    expect_refusals(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_read),
        cmocka_unit_test(a_resolved_list_resolves_to_itself),
        cmocka_unit_test(none_leaves_no_trace),
        cmocka_unit_test(a_fault_outside_the_run_is_remarked),
        cmocka_unit_test(times_and_windows),
        cmocka_unit_test(time_and_concurrency_are_written_where_used),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
