/* `instances_distribution`: what is read, what is implied, what is refused. */
#include "scenario_fixture.h"

static void defaults_are_awss(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "instances_distribution={}");
    assert_true(s.distribution.given);
    assert_int_equal(s.distribution.on_demand_base, 0);
    assert_int_equal(s.distribution.on_demand_percentage, 100);
    assert_string_equal(s.policy.name, "none"); /* the group sizes itself */
    scenario_clean_up(&s);
    READ(&s, "instances_distribution.OnDemandBaseCapacity=8",
         "instances_distribution.OnDemandPercentageAboveBaseCapacity=25", "policy.name=none");
    assert_int_equal(s.distribution.on_demand_base, 8);
    assert_int_equal(s.distribution.on_demand_percentage, 25);
    scenario_clean_up(&s);
    expect_read(&s, NULL, 0);
    assert_false(s.distribution.given);
    assert_null(strstr(s.resolved.data, "instances_distribution"));
    scenario_clean_up(&s);
}

static void what_sizes_it_otherwise_is_refused(void **state)
{
    (void)state;
    static const char *const rows[][4] = {
        {"instances_distribution={\"OnDemandBaseCapacitty\":1}",
         "did you mean \"OnDemandBaseCapacity\""},
        {"instances_distribution={\"OnDemandBaseCapacity\":-1}", "out of range"},
        {"instances_distribution={\"OnDemandPercentageAboveBaseCapacity\":101}", "out of range"},
        {"instances_distribution={}", "sets the fleet's target", "demand.units=3",
         "modify_spot_fleet=follow-demand"},
        {"instances_distribution={}", "--set scaling={}: \"instances_distribution\" sets",
         "demand.units=3", "scaling={}"},
        {"instances_distribution={}", "keeps its size", "spot_fleet.Type=request"},
        {"instances_distribution={}", "only the policy none", "policy.name=pending-capacity"},
        {"instances_distribution={}", "exceeds 10000", "demand.units=10001"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *const sets[] = {rows[i][0], rows[i][2], rows[i][3]};
        size_t count = 1;
        while (count < 3 && sets[count])
            count++;
        expect_refusal(sets, count, rows[i][1]);
    }
}

static void a_group_too_small_is_said(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "instances_distribution={}", "backup_group.group.MaxSize=7");
    bool said = false;
    for (size_t i = 0; i < s.note_count; i++)
        said = said || (s.notes[i].warning && strstr(s.notes[i].text, "8 instances"));
    assert_true(said);
    scenario_clean_up(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_awss),
        cmocka_unit_test(what_sizes_it_otherwise_is_refused),
        cmocka_unit_test(a_group_too_small_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
