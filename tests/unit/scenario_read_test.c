/* What a scenario says arrives in the struct, and what it does not say has its default. */
#include "scenario_fixture.h"

#include "base/decimal.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { DAY = 1426118400 }; /* 2015-03-12T00:00:00Z */

static void defaults(void **state)
{
    (void)state;
    struct scenario s;
    expect_read(&s, NULL, 0);
    assert_string_equal(s.name, "base.json");
    assert_int_equal(s.from_s, DAY);
    assert_int_equal(s.to_s, DAY + 86400);
    assert_int_equal(s.measure_from_s, s.from_s);
    assert_int_equal(s.measure_to_s, s.to_s);
    assert_int_equal(s.seed, 1);
    assert_false(s.cold);
    assert_string_equal(s.product, "Linux/UNIX");
    assert_null(s.catalog);
    assert_int_equal(s.fleet.strategy, STRATEGY_LOWEST_PRICE);
    assert_int_equal(s.fleet.type, FLEET_MAINTAIN);
    assert_int_equal(s.fleet.target_micro, 32 * MICRO);
    assert_false(s.fleet.excess_no_termination);
    assert_false(s.fleet.terminate_with_expiration);
    assert_true(s.fleet.valid_from_s == INT64_MIN && s.fleet.valid_until_s == INT64_MAX);
    assert_true(s.fleet.detailed_monitoring);
    assert_int_equal(s.fleet.pool_count, 1);
    assert_string_equal(s.fleet.pools[0].zone, "us-east-1a");
    assert_int_equal(s.fleet.pools[0].weight_micro, 4 * MICRO);
    assert_int_equal(s.fleet.pools[0].cap_per_unit_micro_usd, 54000);
    assert_int_equal(s.fleet.pools[0].on_demand_micro_usd, 210000);
    assert_string_equal(s.group.name, "g");
    assert_int_equal(s.group.min_size, 0);
    assert_int_equal(s.group.max_size, 200);
    assert_int_equal(s.group.desired_capacity, 0);
    assert_int_equal(s.group.default_cooldown_s, 300);
    assert_int_equal(s.group.zone_count, 1);
    assert_string_equal(s.group.zones[0], "us-east-1a");
    assert_int_equal(s.group.units_per_instance_micro, 4 * MICRO);
    assert_int_equal(s.group.on_demand_micro_usd, 252000);
    assert_false(s.demand_given);
    assert_int_equal(s.demand_count, 1);
    assert_int_equal(s.demand[0].time_s, DAY);
    assert_int_equal(s.demand[0].required_micro, 32 * MICRO);
    assert_int_equal(s.billing, BILLING_BY_DATE);
    assert_int_equal(s.interruptions, INTERRUPTIONS_PRICE);
    assert_int_equal(s.account.spot_launch_delay.min_s, 30);
    assert_int_equal(s.account.on_demand_launch_delay.min_s, 30);
    assert_int_equal(s.account.join_delay.min_s, 60);
    assert_int_equal(s.account.metric_delay.min_s, 15);
    assert_int_equal(s.account.fleet_tick_s, 60);
    assert_int_equal(s.account.metric_period_s, 0);
    assert_int_equal(s.account.interruption_notice_s, 120);
    assert_int_equal(s.account.group_termination_s, 60);
    assert_false(s.account.replace_on_notice || s.account.drain_on_notice ||
                 s.account.clamp_pending || s.account.launch_at_equal ||
                 s.account.price_lock_continuous);
    assert_int_equal(s.controller.every_s, 60);
    assert_int_equal(s.controller.phase_s, 30);
    assert_int_equal(s.controller.jitter.min_s, 0);
    assert_true(s.controller.alarm);
    assert_int_equal(s.controller.guards.max_step_instances, 0);
    assert_string_equal(s.policy.name, "pending-capacity");
    assert_int_equal(s.policy.values[0], 600);
    assert_int_equal(s.note_count, 0);
    scenario_clean_up(&s);
    scenario_clean_up(&s); /* again does no harm */
}

static void own_keys(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "name=x", "description=why", "measure={\"from\":\"2015-03-12T01:00:00+01:00\"}",
         "seed=9007199254740992", "start=cold", "billing=per-second", "interruptions.source=trace",
         "catalog=old");
    assert_string_equal(s.name, "x");
    assert_string_equal(s.description, "why");
    assert_int_equal(s.measure_from_s, DAY);
    assert_int_equal(s.measure_to_s, DAY + 86400);
    assert_true(s.seed == UINT64_C(9007199254740992));
    assert_true(s.cold);
    assert_int_equal(s.billing, BILLING_PER_SECOND);
    assert_int_equal(s.interruptions, INTERRUPTIONS_TRACE);
    assert_string_equal(s.catalog, "old");
    scenario_clean_up(&s);
}

static void account_keys(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "account.spot_launch_delay_s={\"distribution\":\"uniform\",\"min_s\":5,\"max_s\":60}",
         "account.join_delay_s={\"distribution\":\"exponential\",\"min_s\":10,\"mean_s\":40}",
         "account.metric_delay_s={\"distribution\":\"empirical\",\"values_s\":[3,1,2]}",
         "account.on_demand_launch_delay_s={\"distribution\":\"constant\",\"value_s\":7}",
         "account.replace_on=notice", "account.price_lock=continuous",
         "account.metric_period_s=300", "controller.jitter_s=5");
    assert_int_equal(s.account.spot_launch_delay.kind, DELAY_UNIFORM);
    assert_int_equal(s.account.spot_launch_delay.min_s, 5);
    assert_int_equal(s.account.spot_launch_delay.max_s, 60);
    assert_int_equal(s.account.join_delay.kind, DELAY_EXPONENTIAL);
    assert_int_equal(s.account.join_delay.min_s, 10);
    assert_int_equal(s.account.join_delay.max_s, 40);
    assert_int_equal(s.account.metric_delay.kind, DELAY_EMPIRICAL);
    assert_int_equal(s.account.metric_delay.value_count, 3);
    assert_int_equal(s.account.metric_delay.values_s[1], 1);
    assert_int_equal(s.account.on_demand_launch_delay.kind, DELAY_CONSTANT);
    assert_int_equal(s.account.on_demand_launch_delay.min_s, 7);
    assert_true(s.account.replace_on_notice && s.account.price_lock_continuous);
    assert_int_equal(s.account.metric_period_s, 300);
    assert_int_equal(s.controller.jitter.min_s, 5);
    scenario_clean_up(&s);
}

static void presets_yield_to_explicit_keys(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "account.preset=[\"slow\",\"late\"]", "account.join_delay_s=5");
    assert_int_equal(s.account.spot_launch_delay.min_s, 120);
    assert_int_equal(s.account.on_demand_launch_delay.min_s, 120);
    assert_int_equal(s.account.join_delay.min_s, 5);
    assert_int_equal(s.account.metric_delay.kind, DELAY_UNIFORM);
    assert_int_equal(s.account.metric_delay.min_s, 60);
    assert_int_equal(s.account.metric_delay.max_s, 120);
    scenario_clean_up(&s);
    READ(&s, "account.preset=late", "spot_fleet.LaunchSpecifications[0].Monitoring.Enabled=false");
    assert_int_equal(s.account.metric_delay.min_s, 300);
    assert_int_equal(s.account.metric_delay.max_s, 600);
    scenario_clean_up(&s);
}

static void policy_keys(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "policy.name=pending-capacity:seed", "policy.parameters.lookback_s=300",
         "policy.parameters.assumed_units=1.5", "policy.parameters.on_missing=last",
         "policy.parameters.units_per_instance=null");
    assert_int_equal(s.policy.values[0], 600);
    assert_int_equal(s.policy.values[1], 300);
    assert_true(s.policy.values[4] == BALLAST_UNKNOWN);
    assert_int_equal(s.policy.values[6], 2);
    assert_int_equal(s.policy.values[7], 1500000);
    assert_int_equal(s.policy.values[8], 0);
    scenario_clean_up(&s);
}

/* --policy drops the scenario's parameters, and --set comes after it. */
static void policy_option(void **state)
{
    (void)state;
    static const char text[] =
        "{\"from\":\"2015-03-12\",\"to\":\"2015-03-13\",\"traces\":[{\"prices\":{" MARKET(
            "us-east-1a") "}}],\"spot_fleet\":{\"TargetCapacity\":4,\"LaunchSpecifications\":[{"
                          "\"InstanceType\":\"c3.xlarge\"}]},\"backup_group\":{\"group\":{"
                          "\"MinSize\":0,\"MaxSize\":1},\"launch\":{\"InstanceType\":\"m4.xlarge\"}"
                          "},\"on_demand_usd_per_hour\":{\"m4.xlarge\":1,\"c3.xlarge\":1},"
                          "\"policy\":{\"name\":\"pending-capacity\",\"parameters\":{\"window_s\":"
                          "120,\"newest\":false}}}";
    const struct scenario_override set = {"policy.parameters.window_s", "180"};
    const struct scenario_options options = {
        .overrides = &set, .override_count = 1, .policy = "pending-capacity"};
    struct scenario s;
    struct error err = {0};
    if (scenario_parse(&s, "t.json", ".", text, strlen(text), &options, &err))
        fail_msg("%s", err.text);
    assert_int_equal(s.policy.values[0], 180);
    assert_int_equal(s.policy.values[8], 1);
    scenario_clean_up(&s);
}

static void demand_series(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "demand.series=[[\"2015-03-10\",9],[\"2015-03-11\",10],[\"2015-03-12T01:00:00Z\",10],"
             "[\"2015-03-12T02:00:00Z\",\"12.5\"],[\"2015-03-13\",99]]");
    assert_true(s.demand_given);
    assert_int_equal(s.demand_count, 2);
    assert_int_equal(s.demand[0].time_s, DAY);
    assert_int_equal(s.demand[0].required_micro, 10 * MICRO);
    assert_int_equal(s.demand[1].time_s, DAY + 7200);
    assert_int_equal(s.demand[1].required_micro, 12500000);
    scenario_clean_up(&s);
}

static void fleet_modifications(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "demand.units=32",
         "modify_spot_fleet=[{\"at\":\"2015-03-12T01:00:00Z\",\"TargetCapacity\":8,"
         "\"ExcessCapacityTerminationPolicy\":\"NoTermination\"},"
         "{\"at\":\"2015-03-12T02:00:00Z\",\"TargetCapacity\":0}]");
    assert_int_equal(s.modification_count, 2);
    assert_int_equal(s.modifications[0].time_s, DAY + 3600);
    assert_int_equal(s.modifications[0].target_micro, 8 * MICRO);
    assert_true(s.modifications[0].excess_no_termination);
    assert_int_equal(s.modifications[1].target_micro, 0);
    assert_true(s.modifications[1].excess_no_termination); /* kept where none is named */
    scenario_clean_up(&s);
    READ(&s, "demand.units=32", "modify_spot_fleet=follow-demand");
    assert_true(s.target_follows_demand);
    scenario_clean_up(&s);
}

static void group_documents(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s,
         "backup_group.group={\"AutoScalingGroups\":[{\"AutoScalingGroupName\":\"n\","
         "\"AutoScalingGroupARN\":\"arn\",\"MinSize\":1,\"MaxSize\":9,\"DesiredCapacity\":2,"
         "\"DefaultCooldown\":2700,\"AvailabilityZones\":[\"us-east-1b\",\"us-east-1a\"],"
         "\"VPCZoneIdentifier\":\"subnet-unmapped\",\"Instances\":[],\"CreatedTime\":\"x\"}]}",
         "backup_group.launch={\"LaunchTemplateVersions\":[{\"LaunchTemplateId\":\"lt\","
         "\"VersionNumber\":1,\"LaunchTemplateData\":{\"InstanceType\":\"m4.xlarge\","
         "\"ImageId\":\"ami\"}}]}",
         "backup_group.units_per_instance=2.5");
    assert_int_equal(s.group.desired_capacity, 2);
    assert_int_equal(s.group.default_cooldown_s, 2700);
    assert_int_equal(s.group.zone_count, 2);
    assert_string_equal(s.group.zones[0], "us-east-1b");
    assert_int_equal(s.group.units_per_instance_micro, 2500000);
    assert_true(has_note(&s, false, "Instances"));
    assert_true(has_note(&s, false, "ImageId"));
    scenario_clean_up(&s);
    READ(&s, "backup_group.group={\"MinSize\":1,\"MaxSize\":9}");
    assert_int_equal(s.group.desired_capacity, 1);
    assert_int_equal(s.group.zone_count, 1);
    assert_string_equal(s.group.zones[0], "");
    assert_true(has_note(&s, false, "one zone without a name"));
    scenario_clean_up(&s);
}

static void doubts_become_warnings(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "backup_group.launch.InstanceType=c3.xlarge");
    assert_true(has_note(&s, true, "a different type is advised"));
    scenario_clean_up(&s);
    READ(&s, "policy.name=pending-capacity:seed",
         "spot_fleet.LaunchSpecifications[0].Monitoring.Enabled=false");
    assert_true(has_note(&s, true, "looks back 60 s"));
    scenario_clean_up(&s);
    READ(&s, "policy.name=pending-capacity:seed", "backup_group.units_per_instance=1.5");
    assert_true(has_note(&s, true, "for 4 units, the group says 1.5: it buys less"));
    scenario_clean_up(&s);
    READ(&s, "policy.name=pending-capacity:seed", "backup_group.units_per_instance=8");
    assert_true(has_note(&s, true, "it buys more"));
    scenario_clean_up(&s);
    READ(&s, "policy.name=pending-capacity", "backup_group.units_per_instance=8");
    assert_false(has_note(&s, true, "the group says"));
    scenario_clean_up(&s);
    READ(&s, "billing=per-second", "backup_group.group.DefaultCooldown=2700");
    assert_true(has_note(&s, true, "holding only costs"));
    scenario_clean_up(&s);
    READ(&s, "billing=hourly", "backup_group.group.DefaultCooldown=2700");
    assert_false(has_note(&s, true, "holding only costs"));
    scenario_clean_up(&s);
    READ(&s, "from=2017-11-01", "to=2017-11-02", "backup_group.group.DefaultCooldown=2700");
    assert_true(has_note(&s, true, "holding only costs"));
    scenario_clean_up(&s);
    READ(&s, "from=2017-11-01", "to=2017-11-02", "backup_group.group.DefaultCooldown=2700",
         "product=Windows");
    assert_false(has_note(&s, true, "holding only costs"));
    scenario_clean_up(&s);
    READ(&s, "interruptions.source=none");
    assert_true(has_note(&s, true, "interruptions are switched off"));
    scenario_clean_up(&s);
    READ(&s, "from=2017-11-20", "to=2017-12-01");
    assert_true(has_note(&s, true, "crosses 2017-11-28"));
    scenario_clean_up(&s);
    READ(&s, "spot_fleet.ValidUntil=2015-03-01");
    assert_true(has_note(&s, true, "not active at any time"));
    scenario_clean_up(&s);
    READ(&s, "backup_group.group.TerminationPolicies=[\"OldestInstance\"]",
         "backup_group.group.SuspendedProcesses=[{\"ProcessName\":\"Launch\"}]");
    assert_true(has_note(&s, true, "termination policy"));
    assert_true(has_note(&s, true, "suspended processes"));
    scenario_clean_up(&s);
}

/* Files: a path is relative to the scenario's folder, and places name the file. */
static void files(void **state)
{
    (void)state;
    char folder[] = "/tmp/ballast-scenario-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char fleet[64];
    char path[64];
    snprintf(fleet, sizeof fleet, "%s/fleet.json", folder);
    snprintf(path, sizeof path, "%s/s.json", folder);
    FILE *file = fopen(fleet, "w");
    assert_non_null(file);
    fputs("{\"DryRun\":false,\"SpotFleetRequestConfig\":{\"TargetCapacity\":8,\n"
          "\"LaunchSpecifications\":[{\"InstanceType\":\"c3.xlarge\",\"WeightedCapacity\":-1}]}}",
          file);
    fclose(file);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("{\"from\":\"2015-03-12\",\"to\":\"2015-03-13\",\"traces\":[{\"prices\":{" MARKET(
              "us-east-1a") "}}],\"spot_fleet\":\"fleet.json\",\"backup_group\":{\"group\":{"
                            "\"MinSize\":0,\"MaxSize\":1},\"launch\":{\"InstanceType\":"
                            "\"m4.xlarge\"}},\"on_demand_usd_per_hour\":{\"m4.xlarge\":1,"
                            "\"c3.xlarge\":1}}",
          file);
    fclose(file);
    struct scenario s;
    struct error err = {0};
    assert_int_equal(scenario_read(&s, path, NULL, &err), STATUS_BAD_INPUT);
    assert_non_null(strstr(err.text, "/fleet.json:2:53: "));
    assert_non_null(strstr(err.text, "WeightedCapacity: -1 is out of range"));
    /* A path that runs through the file, and through the envelope in it. */
    const struct scenario_override sets[] = {
        {"spot_fleet.LaunchSpecifications[0].WeightedCapacity", "2"},
        {"spot_fleet.TargetCapacity", "6"}};
    const struct scenario_options options = {.overrides = sets, .override_count = 2};
    memset(&err, 0, sizeof err);
    if (scenario_read(&s, path, &options, &err))
        fail_msg("%s", err.text);
    assert_int_equal(s.fleet.target_micro, 6 * MICRO);
    assert_int_equal(s.fleet.pools[0].weight_micro, 2 * MICRO);
    scenario_clean_up(&s);
    assert_int_equal(scenario_read(&s, "/no/such/scenario.json", NULL, &err), STATUS_BAD_INPUT);
    unlink(fleet);
    unlink(path);
    rmdir(folder);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* With a memory files are read once, and it is told when they are others by now. */
static void a_memory_keeps_files(void **state)
{
    (void)state;
    static const char fleet[] = "{\"TargetCapacity\":8,\"LaunchSpecifications\":[{"
                                "\"InstanceType\":\"c3.xlarge\"}],\"SpotPrice\":\"0.1\"}";
    char folder[] = "/tmp/ballast-scenario-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char fleet_path[64];
    char path[64];
    snprintf(fleet_path, sizeof fleet_path, "%s/fleet.json", folder);
    snprintf(path, sizeof path, "%s/s.json", folder);
    write_file(fleet_path, fleet);
    write_file(path, base_scenario);
    const struct scenario_override sets[] = {
        {"spot_fleet", "fleet.json"}, {"spot_fleet.LaunchSpecifications[0].WeightedCapacity", "2"}};
    struct scenario_options options = {.overrides = sets, .override_count = 2};
    struct scenario plain;
    struct scenario kept;
    struct error err = {0};
    assert_int_equal(scenario_read(&plain, path, &options, &err), STATUS_OK);
    assert_false(plain.is_kept);
    options.memory = scenario_memory_new();
    for (int round = 0; round < 2; round++) {
        options.bare = round == 1;
        if (scenario_read(&kept, path, &options, &err))
            fail_msg("%s", err.text);
        assert_true(kept.is_kept);
        assert_string_equal(kept.resolved.data, plain.resolved.data);
        assert_int_equal(kept.value_count, round == 0 ? plain.value_count : 0);
        for (size_t i = 0; i < kept.value_count; i++) {
            assert_string_equal(kept.values[i].value, plain.values[i].value);
            assert_int_equal(kept.values[i].source, plain.values[i].source);
        }
        scenario_clean_up(&kept);
    }
    assert_true(scenario_memory_is_current(options.memory));
    write_file(fleet_path, "{\"TargetCapacity\":9}");
    assert_false(scenario_memory_is_current(options.memory));
    assert_int_equal(scenario_read(&kept, path, &options, &err), STATUS_OK);
    assert_string_equal(kept.resolved.data, plain.resolved.data);
    scenario_clean_up(&kept);
    write_file(fleet_path, fleet);
    assert_true(scenario_memory_is_current(options.memory));
    /* Places are those of the file, however often it is read from memory. */
    const struct scenario_override wrong = {"spot_fleet", "fleet.json"};
    write_file(fleet_path, "{\"TargetCapacity\":8,\n\"LaunchSpecifications\":[{"
                           "\"InstanceType\":7}]}");
    scenario_memory_free(options.memory);
    options = (struct scenario_options){
        .overrides = &wrong, .override_count = 1, .memory = scenario_memory_new()};
    for (int round = 0; round < 2; round++) {
        assert_int_equal(scenario_read(&kept, path, &options, &err), STATUS_BAD_INPUT);
        assert_non_null(strstr(err.text, "/fleet.json:2:26: "));
    }
    unlink(path);
    assert_false(scenario_memory_is_current(options.memory));
    scenario_memory_free(options.memory);
    scenario_clean_up(&plain);
    unlink(fleet_path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults),        cmocka_unit_test(own_keys),
        cmocka_unit_test(account_keys),    cmocka_unit_test(presets_yield_to_explicit_keys),
        cmocka_unit_test(policy_keys),     cmocka_unit_test(policy_option),
        cmocka_unit_test(demand_series),   cmocka_unit_test(fleet_modifications),
        cmocka_unit_test(group_documents), cmocka_unit_test(doubts_become_warnings),
        cmocka_unit_test(files),           cmocka_unit_test(a_memory_keeps_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
