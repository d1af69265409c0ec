/* `mixed_group`: AWS's document becomes a fleet, a group and their distribution. */
#include "scenario_fixture.h"

#include "base/decimal.h"
#include "base/memory.h"

#include <stdlib.h>

static const char group[] =
    "{\"AutoScalingGroupName\":\"web\",\"MinSize\":0,\"MaxSize\":100,\"DesiredCapacity\":24,"
    "\"AvailabilityZones\":[\"us-east-1a\",\"us-east-1b\"],\"MixedInstancesPolicy\":{"
    "\"InstancesDistribution\":{\"OnDemandBaseCapacity\":8,"
    "\"OnDemandPercentageAboveBaseCapacity\":25},\"LaunchTemplate\":{"
    "\"LaunchTemplateSpecification\":{\"LaunchTemplateName\":\"t\"},\"Overrides\":["
    "{\"InstanceType\":\"c3.xlarge\",\"WeightedCapacity\":\"4\"}]}}}";

static int read_group(struct scenario *s, const char *const *sets, size_t count, struct error *err)
{
    char *whole =
        memory_format("{\"from\":\"2015-03-12\",\"to\":\"2015-03-13T00:00:00Z\",\"traces\":[{"
                      "\"prices\":{%s,%s}}],"
                      "\"mixed_group\":%s,\"on_demand_usd_per_hour\":{\"c3.xlarge\":0.21}}",
                      MARKET("us-east-1a"), MARKET("us-east-1b"), group);
    struct scenario_override list[SET_MAX];
    char paths[SET_MAX][200];
    for (size_t i = 0; i < count; i++) {
        size_t length = strcspn(sets[i], "=");
        memcpy(paths[i], sets[i], length);
        paths[i][length] = '\0';
        list[i] = (struct scenario_override){paths[i], sets[i] + length + 1};
    }
    const struct scenario_options options = {.overrides = list, .override_count = count};
    int status = scenario_parse(s, "mixed.json", ".", whole, strlen(whole), &options, err);
    free(whole);
    return status;
}

static void it_becomes_its_parts(void **state)
{
    (void)state;
    struct scenario s;
    struct error err = {0};
    if (read_group(&s, NULL, 0, &err))
        fail_msg("%s", err.text);
    assert_int_equal(s.fleet.strategy, STRATEGY_LOWEST_PRICE);
    assert_int_equal(s.fleet.pools_to_use, 2); /* AWS's default of SpotInstancePools */
    assert_int_equal(s.fleet.target_micro, 24 * (int64_t)MICRO);
    assert_int_equal(s.fleet.pool_count, 2);
    assert_string_equal(s.fleet.pools[1].zone, "us-east-1b");
    assert_int_equal(s.fleet.pools[0].weight_micro, 4 * (int64_t)MICRO);
    assert_int_equal(s.fleet.pools[0].cap_per_unit_micro_usd, -1); /* the on-demand price */
    assert_int_equal(s.group.min_size, 0);
    assert_int_equal(s.group.zone_count, 2);
    assert_string_equal(s.group.instance_type, "c3.xlarge");
    assert_int_equal(s.group.units_per_instance_micro, 4 * (int64_t)MICRO);
    assert_true(s.distribution.given);
    assert_int_equal(s.distribution.on_demand_base, 8);
    assert_int_equal(s.distribution.on_demand_percentage, 25);
    assert_string_equal(s.policy.name, "none");
    assert_null(strstr(s.resolved.data, "mixed_group"));
    assert_int_equal(value_at(&s, "spot_fleet.TargetCapacity")->source, VALUE_USER);
    assert_int_equal(value_at(&s, "spot_fleet.InstancePoolsToUseCount")->source, VALUE_DERIVED);
    assert_int_equal(value_at(&s, "backup_group.group.MinSize")->source, VALUE_DERIVED);
    struct scenario again;
    if (scenario_parse(&again, "again.json", ".", s.resolved.data, s.resolved.size, NULL, &err))
        fail_msg("%s", err.text);
    assert_string_equal(again.resolved.data, s.resolved.data);
    scenario_clean_up(&again);
    scenario_clean_up(&s);
}

#define DISTRIBUTION "mixed_group.MixedInstancesPolicy.InstancesDistribution."
#define TEMPLATE     "mixed_group.MixedInstancesPolicy.LaunchTemplate."

static void its_words_are_awss(void **state)
{
    (void)state;
    struct scenario s;
    struct error err = {0};
    static const char *const sets[] = {
        DISTRIBUTION "SpotAllocationStrategy=price-capacity-optimized",
        DISTRIBUTION "SpotMaxPrice=0.054", TEMPLATE "Overrides=[{\"InstanceType\":\"c3.xlarge\"}]"};
    if (read_group(&s, sets, 3, &err))
        fail_msg("%s", err.text);
    assert_int_equal(s.fleet.strategy, STRATEGY_PRICE_CAPACITY_OPTIMIZED);
    assert_int_equal(s.fleet.pools[0].cap_per_unit_micro_usd, 54000);
    assert_int_equal(s.fleet.pools[0].weight_micro, MICRO);
    assert_int_equal(s.group.units_per_instance_micro, MICRO);
    scenario_clean_up(&s);
}

static void what_it_cannot_be_is_refused(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"spot_fleet={}", "stands in its place"},
        {"mixed_group.MixedInstancesPolicy=null", "MixedInstancesPolicy"},
        {"mixed_group.MixedInstancesPolicy.Overrides=1", "AWS has no key \"Overrides\""},
        {TEMPLATE "Overrides=[]", "no LaunchTemplate.Overrides"},
        {TEMPLATE "Overrides=[{\"WeightedCapacity\":\"1\"}]", "no InstanceType"},
        {DISTRIBUTION "SpotAllocationStrategy=diversified", "not one of"},
        {DISTRIBUTION "SpotAllocationStrategy=capacity-optimized-prioritized", "not simulated"},
        {DISTRIBUTION "OnDemandPercentageAboveBaseCapacity=101", "out of range"},
        {"demand.units=101", "outside the mixed group's MinSize 0 to MaxSize 100"},
        {"policy.name=pending-capacity", "only the policy none"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scenario s;
        struct error err = {0};
        if (read_group(&s, rows[i], 1, &err) != STATUS_BAD_INPUT)
            fail_msg("%s was not refused", rows[i][0]);
        if (!strstr(err.text, rows[i][1]))
            fail_msg("\"%s\" does not hold \"%s\"", err.text, rows[i][1]);
    }
    static const char *const lowest[] = {
        DISTRIBUTION "OnDemandAllocationStrategy=lowest-price",
        TEMPLATE "Overrides=[{\"InstanceType\":\"c3.xlarge\"},{\"InstanceType\":\"c3.large\"}]"};
    struct scenario s;
    struct error err = {0};
    assert_int_equal(read_group(&s, lowest, 2, &err), STATUS_BAD_INPUT);
    assert_non_null(strstr(err.text, "only \"prioritized\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_becomes_its_parts),
        cmocka_unit_test(its_words_are_awss),
        cmocka_unit_test(what_it_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
