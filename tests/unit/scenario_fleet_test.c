/* The request file becomes pools: subnets, zones, weights, caps, templates. */
#include "scenario_fixture.h"

#include "base/decimal.h"

static void expect_pool(const struct scenario *s, size_t index, const char *zone, int64_t weight,
                        int64_t cap)
{
    assert_true(index < s->fleet.pool_count);
    const struct fleet_pool *pool = &s->fleet.pools[index];
    assert_string_equal(pool->instance_type, "c3.xlarge");
    assert_string_equal(pool->zone, zone);
    assert_int_equal(pool->weight_micro, weight);
    assert_int_equal(pool->cap_per_unit_micro_usd, cap);
}

#define SPECIFICATIONS "spot_fleet.LaunchSpecifications="

static void subnets_in_order(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, SPECIFICATIONS "[{\"InstanceType\":\"c3.xlarge\",\"SubnetId\":\"subnet-b, subnet-a\","
                            "\"WeightedCapacity\":2.000001},"
                            "{\"InstanceType\":\"c3.xlarge\",\"SubnetId\":\"subnet-a\","
                            "\"SpotPrice\":\"0.1\"}]");
    assert_int_equal(s.fleet.pool_count, 3);
    expect_pool(&s, 0, "us-east-1b", 2000001, 54000);
    expect_pool(&s, 1, "us-east-1a", 2000001, 54000);
    expect_pool(&s, 2, "us-east-1a", MICRO, 100000);
    assert_int_equal(s.fleet.pools[1].specification, 0);
    assert_int_equal(s.fleet.pools[2].specification, 1);
    assert_false(s.fleet.detailed_monitoring);
    scenario_clean_up(&s);
}

static void zones_in_order(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, SPECIFICATIONS "[{\"InstanceType\":\"c3.xlarge\",\"Placement\":{\"AvailabilityZone\":"
                            "\"us-east-1b,us-east-1a\"}}]");
    assert_int_equal(s.fleet.pool_count, 2);
    expect_pool(&s, 0, "us-east-1b", MICRO, 54000);
    expect_pool(&s, 1, "us-east-1a", MICRO, 54000);
    scenario_clean_up(&s);
}

static void subnet_of_the_interface(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, SPECIFICATIONS "[{\"InstanceType\":\"c3.xlarge\",\"NetworkInterfaces\":[{"
                            "\"DeviceIndex\":0,\"SubnetId\":\"subnet-b\"}]}]");
    assert_int_equal(s.fleet.pool_count, 1);
    expect_pool(&s, 0, "us-east-1b", MICRO, 54000);
    scenario_clean_up(&s);
}

/* Neither subnet nor zone: every zone of the traces, sorted, said in a note. */
static void zones_of_the_traces(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, SPECIFICATIONS "[{\"InstanceType\":\"c3.xlarge\"}]",
         "traces[1]={\"synth\":{\"markets\":{\"us-east-1c/c3.xlarge\":0.21,"
         "\"us-east-1d/m4.large\":0.1}}}");
    assert_int_equal(s.fleet.pool_count, 3);
    expect_pool(&s, 0, "us-east-1a", MICRO, 54000);
    expect_pool(&s, 1, "us-east-1b", MICRO, 54000);
    expect_pool(&s, 2, "us-east-1c", MICRO, 54000);
    assert_true(has_note(&s, false, "us-east-1a, us-east-1b, us-east-1c"));
    scenario_clean_up(&s);
}

static void templates_with_overrides(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "spot_fleet={\"TargetCapacity\":10,\"AllocationStrategy\":\"diversified\","
             "\"LaunchTemplateConfigs\":[{\"LaunchTemplateSpecification\":{\"LaunchTemplateId\":"
             "\"lt\",\"Version\":\"1\"},\"Overrides\":[{\"InstanceType\":\"c3.xlarge\","
             "\"AvailabilityZone\":\"us-east-1b\",\"SpotPrice\":\"0.06\",\"WeightedCapacity\":4,"
             "\"Priority\":1.0},{\"InstanceType\":\"c3.xlarge\",\"SubnetId\":\"subnet-a\"}]}]}");
    assert_int_equal(s.fleet.strategy, STRATEGY_DIVERSIFIED);
    assert_int_equal(s.fleet.pool_count, 2);
    expect_pool(&s, 0, "us-east-1b", 4 * MICRO, 60000);
    expect_pool(&s, 1, "us-east-1a", MICRO, -1);
    assert_false(s.fleet.detailed_monitoring);
    assert_true(has_note(&s, false, "keep their monitoring to themselves"));
    assert_int_equal(s.fleet.pools[0].priority, 1);
    assert_true(s.fleet.pools[1].priority == PRIORITY_NONE);
    assert_true(has_note(&s, false, "Priority is not looked at"));
    scenario_clean_up(&s);
}

static void priorities_of_overrides(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "spot_fleet={\"TargetCapacity\":10,\"AllocationStrategy\":"
             "\"capacityOptimizedPrioritized\",\"LaunchTemplateConfigs\":[{\"Overrides\":[{"
             "\"InstanceType\":\"c3.xlarge\",\"AvailabilityZone\":\"us-east-1b, us-east-1a\","
             "\"Priority\":2},{\"InstanceType\":\"c3.xlarge\",\"SubnetId\":\"subnet-a\","
             "\"Priority\":0}]}]}");
    assert_int_equal(s.fleet.strategy, STRATEGY_CAPACITY_OPTIMIZED_PRIORITIZED);
    assert_int_equal(s.fleet.pool_count, 3); /* each zone of an override has its priority */
    assert_int_equal(s.fleet.pools[0].priority, 2);
    assert_int_equal(s.fleet.pools[1].priority, 2);
    assert_int_equal(s.fleet.pools[2].priority, 0);
    assert_false(has_note(&s, false, "Priority is not looked at"));
    scenario_clean_up(&s);
}

#define TEMPLATES                                                                                  \
    "spot_fleet={\"TargetCapacity\":10,\"OnDemandTargetCapacity\":8,"                              \
    "\"OnDemandAllocationStrategy\":"                                                              \
    "\"prioritized\",\"SpotMaxTotalPrice\":\"1.5\",\"OnDemandMaxTotalPrice\":\"2\","               \
    "\"LaunchTemplateConfigs\":[{\"Overrides\":[{\"InstanceType\":\"c3.xlarge\",\"SubnetId\":"     \
    "\"subnet-a\",\"Priority\":2}]}]}"

static void on_demand_part(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, TEMPLATES, "demand.units=10",
         "modify_spot_fleet=[{\"at\":\"2015-03-12T01:00:00Z\",\"OnDemandTargetCapacity\":3},"
         "{\"at\":\"2015-03-12T02:00:00Z\",\"TargetCapacity\":2}]");
    assert_int_equal(s.fleet.on_demand_micro, 8 * MICRO);
    assert_true(s.fleet.on_demand_prioritized);
    assert_int_equal(s.fleet.spot_budget_micro_usd, 1500000);
    assert_int_equal(s.fleet.on_demand_budget_micro_usd, 2000000);
    assert_false(has_note(&s, false, "Priority is not looked at"));
    assert_int_equal(s.modifications[0].target_micro, TARGET_KEPT);
    assert_int_equal(s.modifications[0].on_demand_micro, 3 * MICRO);
    assert_int_equal(s.modifications[1].target_micro, 2 * MICRO);
    assert_int_equal(s.modifications[1].on_demand_micro, 3 * MICRO);
    scenario_clean_up(&s);
    expect_refusal((const char *const[]){TEMPLATES, "on_demand_usd_per_hour={\"m4.xlarge\":0.2}"},
                   2, "chosen and paid by it");
}

static void describe_output(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "spot_fleet={\"SpotFleetRequestConfigs\":[{\"ActivityStatus\":\"fulfilled\","
             "\"SpotFleetRequestId\":\"sfr-1\",\"SpotFleetRequestState\":\"active\","
             "\"CreateTime\":\"2015-01-01T00:00:00Z\",\"SpotFleetRequestConfig\":{"
             "\"TargetCapacity\":0,\"FulfilledCapacity\":8.0,\"Type\":\"request\","
             "\"ExcessCapacityTerminationPolicy\":\"NoTermination\","
             "\"TerminateInstancesWithExpiration\":true,\"OnDemandTargetCapacity\":0,"
             "\"ValidFrom\":\"2015-01-01T00:00:00Z\",\"ValidUntil\":\"2016-01-01T00:00:00.000Z\","
             "\"LaunchSpecifications\":[{\"InstanceType\":\"c3.xlarge\",\"SubnetId\":\"subnet-a\"}"
             "]}}]}");
    assert_int_equal(s.fleet.target_micro, 0);
    assert_int_equal(s.fleet.type, FLEET_REQUEST);
    assert_true(s.fleet.excess_no_termination && s.fleet.terminate_with_expiration);
    assert_int_equal(s.fleet.valid_from_s, 1420070400);
    assert_int_equal(s.fleet.valid_until_s, 1451606400);
    assert_true(has_note(&s, false, "FulfilledCapacity"));
    scenario_clean_up(&s);
}

/* Everything AWS has is accepted and named once, however deep. */
static void ignored_keys(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s,
         "spot_fleet.LoadBalancersConfig={\"TargetGroupsConfig\":{\"TargetGroups\":[{\"Arn\":"
         "\"x\"}]}}",
         "spot_fleet.SpotMaintenanceStrategies={\"CapacityRebalance\":{\"ReplacementStrategy\":"
         "\"launch\"}}",
         "spot_fleet.LaunchSpecifications[1]={\"InstanceType\":\"c3.xlarge\",\"SubnetId\":"
         "\"subnet-b\",\"ImageId\":\"ami\",\"KeyName\":\"k\",\"BlockDeviceMappings\":[{\"Ebs\":{"
         "\"VolumeSize\":8}}]}");
    assert_true(has_note(&s, false, "LoadBalancersConfig"));
    assert_true(has_note(&s, false, "LaunchSpecifications.BlockDeviceMappings"));
    assert_false(has_note(&s, false, "VolumeSize"));
    assert_true(has_note(&s, true, "nothing to act on"));
    scenario_clean_up(&s);
}

#define REBALANCE "spot_fleet.SpotMaintenanceStrategies.CapacityRebalance={\"ReplacementStrategy\":"

static void capacity_rebalancing(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "interruptions={\"source\":\"trace\",\"rebalance_permille\":500}",
         "spot_fleet.AllocationStrategy=capacityOptimized",
         REBALANCE "\"launch-before-terminate\",\"TerminationDelay\":7200}");
    assert_int_equal(s.fleet.replacement, REPLACEMENT_LAUNCH_BEFORE_TERMINATE);
    assert_int_equal(s.fleet.termination_delay_s, 7200);
    assert_true(s.account.marked_fulfilled);
    assert_true(has_note(&s, true, "of one type in one zone"));
    assert_false(has_note(&s, true, "nothing to act on"));
    assert_non_null(strstr(s.resolved.data, "\"marked_fulfilled\":true"));
    scenario_clean_up(&s);
    READ(&s, "interruptions={\"source\":\"trace\",\"rebalance_permille\":500}",
         REBALANCE "\"launch\"}");
    assert_int_equal(s.fleet.replacement, REPLACEMENT_LAUNCH);
    assert_true(has_note(&s, true, "advises against capacity rebalancing with lowestPrice"));
    assert_false(has_note(&s, true, "of one type in one zone"));
    scenario_clean_up(&s);
    READ(&s, "spot_fleet.SpotMaintenanceStrategies={}");
    assert_int_equal(s.fleet.replacement, REPLACEMENT_NONE);
    assert_null(strstr(s.resolved.data, "marked_fulfilled"));
    assert_null(strstr(s.resolved.data, "SpotMaintenanceStrategies"));
    scenario_clean_up(&s);
}

/* Without prices for the fleet's type nothing is lost if its cap is its own. */
static void on_demand_price_is_optional_under_a_cap(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "on_demand_usd_per_hour={\"m4.xlarge\":\"0.252\"}");
    assert_int_equal(s.fleet.pools[0].on_demand_micro_usd, -1);
    scenario_clean_up(&s);
    READ(&s, "on_demand_usd_per_hour={\"m4.xlarge\":0.252}",
         "traces[1]={\"synth\":{\"markets\":{\"us-east-1c/c3.xlarge\":0.21}}}");
    assert_int_equal(s.fleet.pools[0].on_demand_micro_usd, 210000);
    scenario_clean_up(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subnets_in_order),
        cmocka_unit_test(zones_in_order),
        cmocka_unit_test(subnet_of_the_interface),
        cmocka_unit_test(zones_of_the_traces),
        cmocka_unit_test(capacity_rebalancing),
        cmocka_unit_test(templates_with_overrides),
        cmocka_unit_test(priorities_of_overrides),
        cmocka_unit_test(on_demand_part),
        cmocka_unit_test(describe_output),
        cmocka_unit_test(ignored_keys),
        cmocka_unit_test(on_demand_price_is_optional_under_a_cap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
