/* `interruptions`: who says when instances are interrupted, and what comes with it. */
#include "scenario_fixture.h"

static void recommendations(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "interruptions={\"source\":\"trace\",\"rebalance_permille\":300,"
             "\"rebalance_lead_s\":{\"distribution\":\"uniform\",\"min_s\":0,\"max_s\":900}}");
    assert_int_equal(s.interruption_terms.rebalance_permille, 300);
    assert_int_equal(s.interruption_terms.rebalance_lead.max_s, 900);
    assert_true(has_note(&s, true, "since 2020-11-05 only"));
    scenario_clean_up(&s);
    READ(&s, "interruptions.rebalance_permille=1");
    assert_int_equal(s.interruption_terms.rebalance_lead.min_s, 600);
    assert_true(has_note(&s, true, "\"price\" there are none"));
    assert_non_null(strstr(s.resolved.data, "\"interruptions\":{\"source\":\"price\","
                                            "\"rebalance_permille\":1,\"rebalance_lead_s\":600}"));
    scenario_clean_up(&s);
    expect_read(&s, NULL, 0);
    assert_int_equal(s.interruption_terms.rebalance_permille, 0);
    assert_non_null(strstr(s.resolved.data, "\"interruptions\":{\"source\":\"price\"}"));
    scenario_clean_up(&s);
}

static void shortage_and_failures(void **state)
{
    (void)state;
    struct scenario s;
    struct trace_set traces;
    struct error err = {0};
    READ(&s, "interruptions={\"source\":\"trace\",\"shortage_s\":600}",
         "account.on_demand_failure_permille=300",
         "traces[0].capacity=[{\"at\":\"2015-03-12\",\"zone\":\"us-east-1a\",\"type\":"
         "\"m4.xlarge\",\"instances\":0}]");
    assert_int_equal(s.interruption_terms.shortage.min_s, 600);
    assert_int_equal(s.launch_failures.permille, 300);
    assert_int_equal(s.launch_failures.retry_s, 60);
    assert_int_equal(s.launch_failures.retry_max_s, 900);
    assert_non_null(strstr(s.resolved.data, "\"shortage_s\":600}"));
    assert_non_null(strstr(s.resolved.data, "\"on_demand_failure_permille\":300,"
                                            "\"launch_failure_s\":5,"));
    /* What is known of the backup's own place is loaded as well. */
    assert_int_equal(scenario_load_traces(&s, &traces, &err), STATUS_OK);
    assert_int_equal(traces.capacity_count, 1);
    assert_false(has_note(&s, true, "know nothing of m4.xlarge"));
    trace_set_clean_up(&traces);
    scenario_clean_up(&s);
    READ(&s, "account.on_demand_failure_permille=300");
    assert_int_equal(scenario_load_traces(&s, &traces, &err), STATUS_OK);
    assert_int_equal(traces.market_count, 1);
    assert_true(has_note(&s, true, "know nothing of m4.xlarge"));
    trace_set_clean_up(&traces);
    scenario_clean_up(&s);
    expect_read(&s, NULL, 0);
    assert_null(strstr(s.resolved.data, "launch_retry"));
    scenario_clean_up(&s);
}

static void refusals(void **state)
{
    (void)state;
    static const struct refused_set cases[] = {
        {"interruptions.rebalance_permile=3", "did you mean \"rebalance_permille\"?"},
        {"interruptions.rebalance_permille=1001", "out of range"},
        {"interruptions.rebalance_lead_s=-1", "out of range"},
        {"interruptions.shortage_s=86401", "out of range"},
        {"account.notice_lost_permille=1001", "out of range"},
        {"account.launch_retry_max_s=59", "is below launch_retry_s 60"},
        {"account.launch_retry_s=901", "launch_retry_max_s 900 is below"},
        {"account.launch_retries_s=9", "did you mean \"launch_retry_s\"?"},
        {"interruptions=trace", "must be an object"},
        {"interruptions.source=luck", "interruptions.source"},
    };
    expect_refusals(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recommendations),
        cmocka_unit_test(shortage_and_failures),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
