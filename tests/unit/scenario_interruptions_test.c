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

static void refusals(void **state)
{
    (void)state;
    static const struct {
        const char *set;
        const char *words;
    } cases[] = {
        {"interruptions.rebalance_permile=3", "did you mean \"rebalance_permille\"?"},
        {"interruptions.rebalance_permille=1001", "out of range"},
        {"interruptions.rebalance_lead_s=-1", "out of range"},
        {"interruptions=trace", "must be an object"},
        {"interruptions.source=luck", "interruptions.source"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_refusal(&cases[i].set, 1, cases[i].words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recommendations),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
