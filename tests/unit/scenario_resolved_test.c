/* The resolved scenario: read again it gives the same bytes; equal scenarios give equal bytes;
 * every shipped one does, and fits the schema; each of its values says truly where it comes from.
 */
#include "scenario_fixture.h"

#include "base/json.h"
#include "base/memory.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static char *resolve_again(const char *text, size_t size)
{
    struct scenario s;
    struct error err = {0};
    if (scenario_parse(&s, "again.json", ".", text, size, NULL, &err))
        fail_msg("%s", err.text);
    char *copy = memory_copy_bytes(s.resolved.data, s.resolved.size);
    scenario_clean_up(&s);
    return copy;
}

static void expect_round_trip(const struct scenario *s)
{
    char *again = resolve_again(s->resolved.data, s->resolved.size);
    assert_string_equal(again, s->resolved.data);
    free(again);
}

static const char *const variants[][SET_MAX] = {
    {"name=x"},
    {"cancel_spot_fleet={\"at\":\"2015-03-12T01:00:00Z\",\"TerminateInstances\":true}"},
    {"prices={\"prepaid_instances\":3,\"volume_gib\":\"30.50\",\"volume_usd_per_gib_month\":0.08}"},
    {"demand={\"services\":[{\"service\":{\"serviceName\":\"web\",\"loadBalancers\":[{}],"
     "\"placementStrategy\":[{\"type\":\"binpack\",\"field\":\"cpu\"}]},\"task\":{\"cpu\":\"512\","
     "\"memory\":\"100\"},\"tasks\":{\"shape\":{\"mean\":9,\"noise_permille\":5}}}]}",
     "cluster={\"instance_types\":{\"c3.xlarge\":{\"vcpu\":4,\"memory_mib\":7680},"
     "\"m4.xlarge\":{\"vcpu\":4,\"memory_mib\":16384}},\"lb_registration_s\":{\"distribution\":"
     "\"uniform\",\"min_s\":5,\"max_s\":60}}"},
    {"cluster.name=web", "backup_group.launch.UserData=ECS_CLUSTER=other"},
    {"demand.units=12.5", "modify_spot_fleet=follow-demand", "start=cold"},
    {"instances_distribution={\"OnDemandBaseCapacity\":8}", "demand.units=12.5"},
    {"demand={\"step\":{\"from\":1,\"to\":2,\"at\":\"2015-03-12T01:00:00Z\"}}"},
    {"demand={\"sum\":[{\"spike\":{\"base\":1,\"to\":2,\"at\":\"2015-03-12T01:00:00Z\","
     "\"length_s\":9}},{\"shape\":{\"mean\":9,\"noise_permille\":5}},{\"units\":3}]}"},
    {"demand.series=[[\"2015-03-12\",4],[\"2015-03-12T05:00:00Z\",0.000001]]",
     "modify_spot_fleet=[{\"at\":\"2015-03-12T01:00:00Z\",\"TargetCapacity\":8}]"},
    {"account.preset=[\"slow\",\"late\"]", "controller.jitter_s={\"distribution\":\"empirical\","
                                           "\"values_s\":[0,1,5]}"},
    {"account.join_delay_s={\"distribution\":\"exponential\",\"min_s\":10,\"mean_s\":40}",
     "account.price_lock=continuous", "account.replace_on=notice", "controller.every_s=20"},
    {"policy.name=pending-capacity:seed", "policy.parameters.units_per_instance=2.5"},
    {"policy.name=none", "interruptions.source=none", "billing=hourly"},
    {"interruptions.source=trace", "interruptions.shortage_s=60",
     "account.on_demand_failure_permille=300", "account.notice_lost_permille=7",
     "account.launch_retry_s=30"},
    {"interruptions={\"source\":\"advisor\",\"advisor\":{\"bands\":{\"m1.small\":\">20%\","
     "\"c3.xlarge\":\"5-10%\"},\"frequency\":\"high\"}}"},
    {"interruptions={\"source\":\"trace\",\"rebalance_permille\":300}",
     "spot_fleet.SpotMaintenanceStrategies={\"CapacityRebalance\":{\"ReplacementStrategy\":"
     "\"launch-before-terminate\",\"TerminationDelay\":720}}"},
    {"spot_fleet.SpotMaintenanceStrategies={\"CapacityRebalance\":{\"ReplacementStrategy\":"
     "\"launch\"}}",
     "account.marked_fulfilled=false"},
    {"spot_fleet.LaunchSpecifications=[{\"InstanceType\":\"c3.xlarge\"}]", "catalog=x",
     "spot_fleet.ValidUntil=2015-04-01", "spot_fleet.Type=request"},
    {"traces[1]={\"synth\":{\"regime\":\"modern\",\"noise\":0.125,\"spike_length_s\":77,"
     "\"interruptions_per_30_days\":0.5,\"markets\":{\"us-east-1d/c3.xlarge\":0.21,"
     "\"us-east-1c/c3.xlarge\":0.21}}}",
     "traces[2]={\"prices\":{\"us-east-1e/c3.xlarge/Windows\":[[\"2015-01-01\",1]]},"
     "\"interruptions\":[{\"at\":\"2015-03-12\",\"zone\":\"us-east-1a\",\"type\":\"c3.xlarge\","
     "\"instances\":3}]}"},
    {"demand.units=32", "account.aas_base=target",
     "scaling={\"target\":{\"MinCapacity\":4,\"MaxCapacity\":100},\"policies\":[{\"PolicyName\":"
     "\"out\","
     "\"StepScalingPolicyConfiguration\":{\"AdjustmentType\":\"PercentChangeInCapacity\","
     "\"StepAdjustments\":[{\"MetricIntervalLowerBound\":0,\"MetricIntervalUpperBound\":2.5,"
     "\"ScalingAdjustment\":5},{\"MetricIntervalLowerBound\":2.5,\"ScalingAdjustment\":9}]}},"
     "{\"PolicyName\":\"track\",\"TargetTrackingScalingPolicyConfiguration\":{\"TargetValue\":70,"
     "\"CustomizedMetricSpecification\":{\"Namespace\":\"AWS/ECS\",\"MetricName\":"
     "\"MemoryReservation\",\"Dimensions\":[{\"Name\":\"ClusterName\",\"Value\":\"jobs\"}],"
     "\"Statistic\":\"Average\"}}}],\"alarms\":[{\"AlarmName\":\"pending\",\"Namespace\":"
     "\"AWS/EC2Spot\",\"MetricName\":\"PendingCapacity\",\"Dimensions\":[{\"Name\":"
     "\"FleetRequestId\",\"Value\":\"f\"}],\"Statistic\":\"Maximum\",\"Period\":300,"
     "\"EvaluationPeriods\":2,\"Threshold\":0.5,\"ComparisonOperator\":"
     "\"GreaterThanThreshold\",\"AlarmActions\":[\"out\"]}]}"},
    {"spot_fleet={\"TargetCapacity\":8,\"AllocationStrategy\":\"capacityOptimizedPrioritized\","
     "\"LaunchTemplateConfigs\":[{\"Overrides\":[{\"InstanceType\":\"c3.xlarge\","
     "\"AvailabilityZone\":\"us-east-1b\",\"Priority\":3.0,\"SpotPrice\":\"0.1\"},{"
     "\"InstanceType\":\"c3.xlarge\",\"SubnetId\":\"subnet-a\"}]}]}"},
    {"spot_fleet={\"TargetCapacity\":8,\"SpotMaxTotalPrice\":\"0.50\",\"OnDemandMaxTotalPrice\":7,"
     "\"LaunchTemplateConfigs\":[{\"Overrides\":[{\"InstanceType\":\"c3.xlarge\","
     "\"SubnetId\":\"subnet-a\"}]}]}",
     "demand.units=9",
     "modify_spot_fleet=[{\"at\":\"2015-03-12T01:00:00Z\",\"OnDemandTargetCapacity\":3}]"},
    {"backup_group.group={\"MinSize\":1,\"MaxSize\":9}", "seed=9007199254740992",
     "measure.from=2015-03-12T01:00:00Z", "description=\"a \\\"quoted\\\" word\""},
};

static void round_trip(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
        size_t count = 0;
        while (count < SET_MAX && variants[i][count])
            count++;
        struct scenario s;
        expect_read(&s, variants[i], count);
        expect_round_trip(&s);
        scenario_clean_up(&s);
    }
}

/* Spelling, order and envelopes make no difference. */
static void equal_scenarios_give_equal_bytes(void **state)
{
    (void)state;
    static const char *const a[] = {"account={\"join_delay_s\":60,\"fleet_tick_s\":60}",
                                    "on_demand_usd_per_hour={\"c3.xlarge\":0.21,"
                                    "\"m4.xlarge\":\"0.2520\",\"x1.large\":9}"};
    static const char *const b[] = {
        "account={\"fleet_tick_s\":60,\"join_delay_s\":{\"distribution\":\"constant\","
        "\"value_s\":60}}",
        "from=2015-03-12T01:00:00+01:00",
        "spot_fleet={\"SpotFleetRequestConfig\":{\"LaunchSpecifications\":[{\"Monitoring\":{"
        "\"Enabled\":true},\"SpotPrice\":\"0.054000\",\"WeightedCapacity\":4.0,\"InstanceType\":"
        "\"c3.xlarge\",\"Placement\":{\"AvailabilityZone\":\"us-east-1a\"}}],"
        "\"TargetCapacity\":32}}"};
    struct scenario x;
    struct scenario y;
    expect_read(&x, a, 2);
    expect_read(&y, b, 3);
    assert_string_equal(x.resolved.data, y.resolved.data);
    scenario_clean_up(&x);
    scenario_clean_up(&y);
    static const char *const c[] = {"account.join_delay_s=61"};
    expect_read(&y, c, 1);
    expect_read(&x, NULL, 0);
    assert_string_not_equal(x.resolved.data, y.resolved.data);
    scenario_clean_up(&x);
    scenario_clean_up(&y);
}

static void values_name_their_sources(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "account.join_delay_s=5", "account.preset=slow", "policy.name=pending-capacity:seed");
    assert_int_equal(value_at(&s, "from")->source, VALUE_USER);
    assert_int_equal(value_at(&s, "account.join_delay_s")->source, VALUE_SET);
    assert_string_equal(value_at(&s, "account.join_delay_s")->value, "5");
    assert_int_equal(value_at(&s, "account.spot_launch_delay_s")->source, VALUE_PRESET);
    assert_int_equal(value_at(&s, "account.metric_delay_s")->source, VALUE_ASSUMED);
    assert_int_equal(value_at(&s, "account.interruption_notice_s")->source, VALUE_DOCUMENTED);
    assert_int_equal(value_at(&s, "measure.to")->source, VALUE_DERIVED);
    assert_int_equal(value_at(&s, "policy.parameters.lookback_s")->source, VALUE_PRESET);
    assert_int_equal(
        value_at(&s, "spot_fleet.LaunchSpecifications[0].Placement.AvailabilityZone")->source,
        VALUE_DERIVED);
    scenario_clean_up(&s);
}

/* What is assumed has two other values to try, and a scenario takes them (docs/results.md,
 * "Assumptions"). */
static void assumptions_can_be_tried(void **state)
{
    (void)state;
    struct scenario s;
    expect_read(&s, NULL, 0);
    size_t tried = 0;
    for (size_t i = 0; i < s.value_count; i++) {
        const struct scenario_value *value = &s.values[i];
        if (value->source != VALUE_ASSUMED) {
            assert_null(value->low);
            continue;
        }
        if (!value->low || !value->high)
            fail_msg("%s has no low and high", value->path);
        assert_string_not_equal(value->low, value->high);
        const char *const ends[] = {value->low, value->high};
        for (size_t k = 0; k < 2; k++) {
            char *set = memory_format("%s=%s", value->path, ends[k]);
            struct scenario other;
            READ(&other, set);
            if (strcmp(ends[k], value->value) != 0)
                assert_string_not_equal(other.resolved.data, s.resolved.data);
            scenario_clean_up(&other);
            free(set);
            tried++;
        }
    }
    assert_true(tried >= 20);
    scenario_clean_up(&s);
}

/* ---- every leaf has a source -------------------------------------------------------------------
 */

static bool is_value(const struct scenario *s, const char *path)
{
    for (size_t i = 0; i < s->value_count; i++) {
        if (strcmp(s->values[i].path, path) == 0)
            return true;
    }
    return false;
}

/* Each scalar below `node` stands among the values, or within one that is told as a whole. Returns
 * how many values there are below. */
static size_t count_values(const struct scenario *s, const cJSON *node, const char *path)
{
    if (is_value(s, path))
        return 1;
    bool list = cJSON_IsArray(node);
    if (!list && !cJSON_IsObject(node))
        fail_msg("%s has no source", path);
    size_t count = 0;
    size_t index = 0;
    for (const cJSON *child = node->child; child; child = child->next) {
        char *below = list    ? memory_format("%s[%zu]", path, index++)
                      : *path ? memory_format("%s.%s", path, child->string)
                              : memory_copy_text(child->string);
        count += count_values(s, child, below);
        free(below);
    }
    return count;
}

static void expect_sources(const struct scenario *s)
{
    cJSON *root = cJSON_Parse(s->resolved.data);
    assert_non_null(root);
    assert_int_equal(count_values(s, root, ""), s->value_count);
    cJSON_Delete(root);
    for (size_t i = 0; i < s->value_count; i++) {
        const struct scenario_value *value = &s->values[i];
        assert_non_null(value->why);
        if (value->source != VALUE_USER && value->source != VALUE_SET && *value->why == '\0')
            fail_msg("%s does not say where its value comes from", value->path);
        if (strstr(value->why, "Ballast's own default"))
            fail_msg("%s has no source of its own in scenario/defaults.c", value->path);
        if (value->source == VALUE_ASSUMED && (!value->low || !value->high))
            fail_msg("%s is assumed, but has no low and high in scenario/defaults.c", value->path);
    }
}

static void every_leaf_has_a_source(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
        size_t count = 0;
        while (count < SET_MAX && variants[i][count])
            count++;
        struct scenario s;
        expect_read(&s, variants[i], count);
        expect_sources(&s);
        scenario_clean_up(&s);
    }
}

/* To name a default changes nothing but that it is named; and what counts as the user's was said by
 * the user. */
static void sources_are_true(void **state)
{
    (void)state;
    struct scenario s;
    size_t named = 0;
    static const char prices[] = "on_demand_usd_per_hour.";
    expect_read(&s, NULL, 0);
    for (size_t i = 0; i < s.value_count; i++) {
        const struct scenario_value *value = &s.values[i];
        if (value->source == VALUE_USER) {
            const char *key = strrchr(value->path, '.');
            key = key ? key + 1 : value->path;
            if (strncmp(value->path, prices, strlen(prices)) == 0)
                key = value->path + strlen(prices); /* types have dots of their own */
            char *quoted = memory_format("\"%.*s\"", (int)strcspn(key, "["), key);
            bool market = strncmp(value->path, "traces", 6) == 0; /* keys are completed */
            if (!market && !strstr(base_scenario, quoted))
                fail_msg("%s is not said by the user", value->path);
            free(quoted);
        } else if (!strchr(value->path, '[') && strcmp(value->path, "modify_spot_fleet") != 0) {
            char *set = memory_format("%s=%s", value->path, value->value);
            struct scenario again;
            READ(&again, set);
            assert_string_equal(again.resolved.data, s.resolved.data);
            if (value_at(&again, value->path)->source != VALUE_SET)
                fail_msg("%s was set, but is said to be a default", value->path);
            scenario_clean_up(&again);
            free(set);
            named++;
        }
    }
    assert_true(named >= 40);
    scenario_clean_up(&s);
    READ(&s, "spot_fleet.LaunchSpecifications[1]={\"InstanceType\":\"c3.xlarge\",\"SubnetId\":"
             "\"subnet-b\"}");
    assert_int_equal(value_at(&s, "spot_fleet.LaunchSpecifications[0].Monitoring.Enabled")->source,
                     VALUE_DERIVED);
    assert_int_equal(value_at(&s, "spot_fleet.LaunchSpecifications[1].Monitoring.Enabled")->source,
                     VALUE_DOCUMENTED);
    scenario_clean_up(&s);
}

/* The files that are scenarios, of one folder: what names traces. */
static size_t each_example(const char *folder, void (*visit)(const char *path))
{
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    size_t count = 0;
    for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory)) {
        char path[512];
        assert_in_range(snprintf(path, sizeof path, "%s/%s", folder, entry->d_name), 1,
                        sizeof path - 1);
        const char *dot = strrchr(entry->d_name, '.');
        if (entry->d_name[0] != '.' && !dot) {
            count += each_example(path, visit);
        } else if (dot && strcmp(dot, ".json") == 0 && !strstr(path, "spot-fleet") &&
                   !strstr(path, "backup-group") && !strstr(path, "baseline") &&
                   !strstr(path, "aws-batch") && !strstr(path, "dashboard")) {
            visit(path);
            count++;
        }
    }
    closedir(directory);
    return count;
}

static void visit_example(const char *path)
{
    struct scenario s;
    struct error err = {0};
    if (scenario_read(&s, path, NULL, &err)) {
        /* Recorded demand is not shipped; tests/e2e/real_data.sh has it where it is at hand. */
        if (!strstr(err.text, "no such trace database"))
            fail_msg("%s", err.text);
        scenario_clean_up(&s);
        return;
    }
    if (!*s.description)
        fail_msg("%s has no description", path);
    expect_round_trip(&s);
    expect_sources(&s);
    struct trace_set traces;
    if (s.trace_path_count == 0) { /* recorded histories are not shipped */
        if (scenario_load_traces(&s, &traces, &err))
            fail_msg("%s", err.text);
        trace_set_clean_up(&traces);
    }
    scenario_clean_up(&s);
}

static void shipped_scenarios(void **state)
{
    (void)state;
    size_t count = each_example(BALLAST_SOURCE_DIR "/examples", visit_example);
    assert_true(count >= 8);
}

static FILE *python;

static void print_path(const char *path)
{
    fprintf(python, "check(json.load(open(r'''%s''')))\n", path);
}

/* Print the resolved scenario of a variant, for the schema must take that too. */
static void print_variant(const char *const *sets)
{
    size_t count = 0;
    while (count < SET_MAX && sets[count])
        count++;
    struct scenario s;
    expect_read(&s, sets, count);
    fprintf(python, "check(json.loads(r'''%s'''))\n", s.resolved.data);
    scenario_clean_up(&s);
}

static void schema_takes_what_is_shipped(void **state)
{
    (void)state;
    if (system("python3 -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null") !=
        0) {
        print_message(
            "python3's jsonschema (with draft 2020-12) is not here: schema not checked\n");
        skip();
    }
    python = popen("python3 -", "w");
    assert_non_null(python);
    fprintf(python,
            "import json, sys, jsonschema\n"
            "schema = json.loads(r'''%s''')\n"
            "jsonschema.Draft202012Validator.check_schema(schema)\n"
            "validator = jsonschema.Draft202012Validator(schema)\n"
            "def check(scenario, good=True):\n"
            "    errors = [e.message for e in validator.iter_errors(scenario)]\n"
            "    if bool(errors) == good:\n"
            "        print(scenario.get('name'), errors)\n"
            "        sys.exit(1)\n"
            "check({}, False)\n"
            "check({'from': 'now'}, False)\n",
            scenario_schema);
    each_example(BALLAST_SOURCE_DIR "/examples", print_path);
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++)
        print_variant(variants[i]);
    struct scenario s;
    expect_read(&s, NULL, 0);
    fprintf(python,
            "bad = json.loads(r'''%s''')\nbad['account']['join_dealy_s'] = 3\n"
            "check(bad, False)\n",
            s.resolved.data);
    scenario_clean_up(&s);
    assert_int_equal(pclose(python), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(equal_scenarios_give_equal_bytes),
        cmocka_unit_test(values_name_their_sources),
        cmocka_unit_test(every_leaf_has_a_source),
        cmocka_unit_test(sources_are_true),
        cmocka_unit_test(assumptions_can_be_tried),
        cmocka_unit_test(shipped_scenarios),
        cmocka_unit_test(schema_takes_what_is_shipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
