/* --set: paths, what is created on the way, and how values are read. */
#include "scenario_fixture.h"

#include "base/decimal.h"

static void creates_what_is_missing(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "controller.guards.max_step_instances=3");
    assert_int_equal(s.controller.guards.max_step_instances, 3);
    scenario_clean_up(&s);
}

static void later_ones_win(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "account.join_delay_s=3", "account={\"fleet_tick_s\":30}", "account.join_delay_s=4");
    assert_int_equal(s.account.join_delay.min_s, 4);
    assert_int_equal(s.account.fleet_tick_s, 30);
    scenario_clean_up(&s);
}

/* JSON where it is JSON, else a bare word; quotes make a string of anything. */
static void values(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "name=c3 in two zones", "billing=hourly", "controller.alarm=false",
         "spot_fleet.SpotPrice=0.06", "backup_group.group.AutoScalingGroupName=\"7\"");
    assert_string_equal(s.name, "c3 in two zones");
    assert_int_equal(s.billing, BILLING_HOURLY);
    assert_false(s.controller.alarm);
    assert_int_equal(s.fleet.pools[0].cap_per_unit_micro_usd, 60000);
    assert_string_equal(s.group.name, "7");
    scenario_clean_up(&s);
    static const char *const broken[] = {"account={\"join_delay_s\":3"};
    expect_refusal(broken, 1, "not valid JSON");
    static const char *const twice[] = {"account={\"join_delay_s\":3,\"join_delay_s\":4}"};
    expect_refusal(twice, 1, "there twice");
    static const char *const number[] = {"name=7"};
    expect_refusal(number, 1, "must be a string");
}

static void lists(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "spot_fleet.LaunchSpecifications[0].WeightedCapacity=2",
         "spot_fleet.LaunchSpecifications.0.SubnetId=subnet-b",
         "spot_fleet.LaunchSpecifications[1]={\"InstanceType\":\"c3.xlarge\",\"SubnetId\":"
         "\"subnet-a\"}",
         "traces[0].prices.us-east-1a/c3.xlarge[1][1]=0.4");
    assert_int_equal(s.fleet.pool_count, 2);
    assert_int_equal(s.fleet.pools[0].weight_micro, 2 * MICRO);
    assert_string_equal(s.fleet.pools[0].zone, "us-east-1b");
    assert_int_equal(s.inline_traces.markets[0].steps[1].micro_usd_per_hour, 400000);
    scenario_clean_up(&s);
    static const char *const beyond[] = {"spot_fleet.LaunchSpecifications[2].SubnetId=x"};
    expect_refusal(beyond, 1, "[2] is beyond its end");
    static const char *const word[] = {"spot_fleet.LaunchSpecifications.first.SubnetId=x"};
    expect_refusal(word, 1, "is a list: name its item as [0]");
    static const char *const open[] = {"spot_fleet.LaunchSpecifications[0.SubnetId=x"};
    expect_refusal(open, 1, "is a list: name its item as [0]");
}

/* Instance types and markets hold dots. */
static void keys_with_dots(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "on_demand_usd_per_hour.m4.xlarge=0.5", "on_demand_usd_per_hour.r3.large=0.1",
         "traces[0].prices.us-east-1c/r3.large=[[\"2015-03-01\",0.02]]");
    assert_int_equal(s.group.on_demand_micro_usd, 500000);
    assert_int_equal(s.inline_traces.market_count, 3);
    assert_string_equal(s.inline_traces.markets[2].instance_type, "r3.large");
    scenario_clean_up(&s);
}

static void paths_that_lead_nowhere(void **state)
{
    (void)state;
    static const struct refused_set rows[] = {
        {"spot_fleet.TargetCapacity.x=1", "spot_fleet.TargetCapacity is a single value"},
        {"=1", "not a path"},
        {"..=1", "not a path"},
        {"account..x=1", "not a path"},
        {"[0]=1", "not a path"},
        {"account.=5", "not a path"},
        {"spot_fleet.LaunchSpecifications[0]x=1", "AWS has no key"},
        {"acount.join_delay_s=1", "--set acount.join_delay_s=1: unknown key \"acount\""},
    };
    expect_refusals(rows, sizeof rows / sizeof *rows);
}

static void envelopes_are_open(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s,
         "spot_fleet={\"SpotFleetRequestConfig\":{\"TargetCapacity\":1,\"LaunchSpecifications\":"
         "[{\"InstanceType\":\"c3.xlarge\",\"SubnetId\":\"subnet-a\"}]}}",
         "spot_fleet.TargetCapacity=9", "spot_fleet.LaunchSpecifications[0].SubnetId=subnet-b",
         "backup_group.launch={\"LaunchTemplateName\":\"t\",\"LaunchTemplateData\":{"
         "\"InstanceType\":"
         "\"x\"}}",
         "backup_group.launch.InstanceType=m4.xlarge");
    assert_int_equal(s.fleet.target_micro, 9 * MICRO);
    assert_string_equal(s.fleet.pools[0].zone, "us-east-1b");
    assert_string_equal(s.group.instance_type, "m4.xlarge");
    scenario_clean_up(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(creates_what_is_missing),
        cmocka_unit_test(later_ones_win),
        cmocka_unit_test(values),
        cmocka_unit_test(lists),
        cmocka_unit_test(keys_with_dots),
        cmocka_unit_test(paths_that_lead_nowhere),
        cmocka_unit_test(envelopes_are_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
