/* Which points may share the traces that were loaded once: those whose values leave them alone, and
 * which look for the same markets. */
#include "study/sweep.h"

#include "scenario_fixture.h"

static void paths(void **state)
{
    (void)state;
    static const char *const alone[] = {
        "account.join_delay_s",       "backup_group.group.MaxSize", "policy",
        "policy.parameters.window_s", "controller.every_s",         "demand.units"};
    static const char *const other[] = {"from",   "seed",    "spot_fleet.TargetCapacity",
                                        "traces", "subnets", "interruptions.source"};
    for (size_t i = 0; i < sizeof alone / sizeof alone[0]; i++)
        assert_true(sweep_leaves_traces_alone(alone[i]));
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
        assert_false(sweep_leaves_traces_alone(other[i]));
}

/* Whether the base scenario with `set` looks for the markets that it looks for with `before`. */
static bool same_markets(const char *before, const char *set)
{
    struct scenario a;
    struct scenario b;
    struct error err;
    const char *both[] = {before, set};
    assert_int_equal(read_with(&a, both, 1, NULL, &err), STATUS_OK);
    if (read_with(&b, both, 2, NULL, &err))
        fail_msg("%s", err.text);
    bool same = scenario_same_markets(&a, &b);
    scenario_clean_up(&a);
    scenario_clean_up(&b);
    return same;
}

static void markets(void **state)
{
    (void)state;
    static const char never[] = "account.on_demand_failure_permille=0";
    static const char fails[] = "account.on_demand_failure_permille=500";
    static const char other_type[] = "backup_group.launch.InstanceType=\"c3.xlarge\"";
    static const char other_zone[] = "backup_group.group.VPCZoneIdentifier=\"subnet-b\"";
    /* The backup's places count once its launches can fail. */
    assert_false(same_markets(never, fails));
    assert_true(same_markets(never, other_type));
    assert_true(same_markets(never, other_zone));
    assert_false(same_markets(fails, other_type));
    assert_false(same_markets(fails, other_zone));
    assert_true(same_markets(fails, "account.on_demand_failure_permille=900"));
    assert_true(same_markets(fails, "backup_group.group.DefaultCooldown=60"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(paths), cmocka_unit_test(markets)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
