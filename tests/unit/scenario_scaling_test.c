/* `scaling`: AWS's inputs read, refused with their place, and written again.
 * Proves docs/model.md, "Scaling of the fleet". */
#include "scenario_fixture.h"

#include "base/decimal.h"

#define TARGET "\"target\":{\"MinCapacity\":4,\"MaxCapacity\":100}"
#define CPU                                                                                        \
    "\"Namespace\":\"AWS/ECS\",\"MetricName\":\"CPUReservation\",\"Statistic\":\"Average\","       \
    "\"Dimensions\":[{\"Name\":\"ClusterName\",\"Value\":\"jobs\"}]"
#define TRACKING(more)                                                                             \
    "{\"PolicyName\":\"track\",\"TargetTrackingScalingPolicyConfiguration\":{\"TargetValue\":75,"  \
    "\"CustomizedMetricSpecification\":{" CPU "}" more "}}"
#define STEP(more)                                                                                 \
    "{\"PolicyName\":\"out\",\"StepScalingPolicyConfiguration\":{\"AdjustmentType\":"              \
    "\"ChangeInCapacity\",\"StepAdjustments\":[{\"MetricIntervalLowerBound\":0,"                   \
    "\"ScalingAdjustment\":4}]" more "}}"
#define ALARM(more)                                                                                \
    "{\"AlarmName\":\"high\"," CPU ",\"Period\":60,\"EvaluationPeriods\":3,\"Threshold\":80.5,"    \
    "\"ComparisonOperator\":\"GreaterThanThreshold\",\"AlarmActions\":[\"out\"]" more "}"
#define SCALING(policies, alarms)                                                                  \
    "scaling={" TARGET ",\"policies\":[" policies "],\"alarms\":[" alarms "]}"
#define DEMAND "demand.units=32"

static void expect_again(const struct scenario *s)
{
    struct scenario again;
    struct error err = {0};
    if (scenario_parse(&again, "again.json", ".", s->resolved.data, s->resolved.size, NULL, &err))
        fail_msg("%s", err.text);
    assert_string_equal(again.resolved.data, s->resolved.data);
    scenario_clean_up(&again);
}

static void tracking_with_its_defaults(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, DEMAND, SCALING(TRACKING(""), ""));
    assert_true(s.scaling.given);
    assert_int_equal(s.scaling.min_capacity, 4);
    assert_int_equal(s.scaling.max_capacity, 100);
    assert_int_equal(s.scaling.policy_count, 1);
    const struct scaling_policy *policy = &s.scaling.policies[0];
    assert_int_equal(policy->type, SCALING_TARGET_TRACKING);
    assert_int_equal(policy->metric, WATCHED_CPU_RESERVATION);
    assert_int_equal(policy->target_micro, 75 * (int64_t)MICRO);
    assert_int_equal(policy->out_cooldown_s, 300);
    assert_int_equal(policy->in_cooldown_s, 300);
    assert_false(policy->disable_scale_in);
    assert_false(s.scaling.habits.base_is_target);
    assert_true(s.scaling.habits.never_decrease_on_scale_out);
    assert_int_equal(s.scaling.habits.low_alarm_points, 15);
    assert_non_null(strstr(s.resolved.data, "\"aas_base\":\"fulfilled\""));
    assert_true(has_note(&s, true, "the demand has no services"));
    expect_again(&s);
    scenario_clean_up(&s);
}

static void steps_and_their_alarm(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, DEMAND, "account.aas_base=target", "account.alarm_phase_s=5",
         SCALING(STEP(",\"Cooldown\":60,\"MetricAggregationType\":\"Maximum\""),
                 ALARM(",\"DatapointsToAlarm\":2,\"TreatMissingData\":\"notBreaching\"")));
    const struct scaling_policy *policy = &s.scaling.policies[0];
    assert_int_equal(policy->type, SCALING_STEP);
    assert_int_equal(policy->out_cooldown_s, 60);
    assert_int_equal(policy->in_cooldown_s, 60);
    assert_int_equal(policy->aggregation, BALLAST_MAXIMUM);
    assert_int_equal(policy->steps[0].lower_micro, 0);
    assert_true(policy->steps[0].upper_micro == INT64_MAX);
    const struct scaling_alarm *alarm = &s.scaling.alarms[0];
    assert_int_equal(alarm->terms.periods, 3);
    assert_int_equal(alarm->terms.points, 2);
    assert_int_equal(alarm->terms.threshold_micro, 80500000);
    assert_int_equal(alarm->terms.comparison, COMPARE_GREATER);
    assert_int_equal(alarm->terms.missing, MISSING_IS_NOT_BREACHING);
    assert_int_equal(alarm->policy_count, 1);
    assert_int_equal(alarm->policies[0], 0);
    assert_true(s.scaling.habits.base_is_target);
    assert_int_equal(s.scaling.habits.alarm_phase_s, 5);
    expect_again(&s);
    scenario_clean_up(&s);
}

/* Steps come in any order, actions as ARNs, some of them none of ours. */
static void aws_ways_of_writing(void **state)
{
    (void)state;
    struct scenario s;
    READ(
        &s, DEMAND,
        "scaling={\"target\":{\"ServiceNamespace\":\"ec2\",\"ResourceId\":\"spot-fleet-request/"
        "sfr-1\",\"ScalableDimension\":\"ec2:spot-fleet-request:TargetCapacity\",\"RoleARN\":\"r\","
        "\"MinCapacity\":1,\"MaxCapacity\":9,\"SuspendedState\":{\"DynamicScalingInSuspended\":"
        "true}},\"policies\":[{\"PolicyName\":\"p\",\"PolicyType\":\"StepScaling\","
        "\"StepScalingPolicyConfiguration\":{\"AdjustmentType\":\"PercentChangeInCapacity\","
        "\"MinAdjustmentMagnitude\":2,\"StepAdjustments\":[{\"MetricIntervalLowerBound\":10,"
        "\"ScalingAdjustment\":20},{\"MetricIntervalLowerBound\":0,\"MetricIntervalUpperBound\":10,"
        "\"ScalingAdjustment\":5}]}}],\"alarms\":[{\"AlarmName\":\"a\",\"Namespace\":"
        "\"AWS/EC2Spot\",\"MetricName\":\"PendingCapacity\",\"Dimensions\":[{\"Name\":"
        "\"FleetRequestId\",\"Value\":\"sfr-1\"}],\"Statistic\":\"Maximum\",\"Unit\":\"Count\","
        "\"Period\":300,\"EvaluationPeriods\":1,\"Threshold\":\"0\",\"ComparisonOperator\":"
        "\"GreaterThanOrEqualToThreshold\",\"AlarmActions\":[\"arn:aws:sns:us-east-1:1:t\","
        "\"arn:aws:autoscaling:us-east-1:1:scalingPolicy:u:resource/ec2/spot-fleet-request/sfr-1:"
        "policyName/p\"],\"OKActions\":[\"arn:aws:sns:us-east-1:1:t\"]}]}");
    assert_true(s.scaling.in_suspended);
    assert_false(s.scaling.out_suspended);
    assert_int_equal(s.scaling.policies[0].steps[0].adjustment, 5);
    assert_int_equal(s.scaling.policies[0].steps[1].adjustment, 20);
    assert_int_equal(s.scaling.policies[0].min_magnitude, 2);
    assert_int_equal(s.scaling.alarms[0].policy_count, 1);
    assert_int_equal(s.scaling.alarms[0].terms.metric, WATCHED_PENDING_CAPACITY);
    assert_true(has_note(&s, false, "ignored in scaling.target, as it is not modelled: RoleARN"));
    assert_true(has_note(&s, false, "ignored in scaling.alarms, as it is not modelled: OKActions"));
    assert_true(has_note(&s, true, "TargetCapacity lies outside MinCapacity 1 to MaxCapacity 9"));
    expect_again(&s);
    scenario_clean_up(&s);
}

static void none_by_default(void **state)
{
    (void)state;
    struct scenario s;
    expect_read(&s, NULL, 0);
    assert_false(s.scaling.given);
    assert_null(strstr(s.resolved.data, "scaling"));
    assert_null(strstr(s.resolved.data, "aas_"));
    scenario_clean_up(&s);
    READ(&s, SCALING(TRACKING(""), ""), "scaling=null");
    assert_false(s.scaling.given);
    assert_null(strstr(s.resolved.data, "scaling"));
    scenario_clean_up(&s);
    READ(&s, "account.aas_base=target");
    assert_true(has_note(&s, true, "account.aas_base says how the fleet is scaled, but nothing"));
    assert_null(strstr(s.resolved.data, "aas_"));
    scenario_clean_up(&s);
}

static void doubts(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, DEMAND, SCALING(STEP(""), ""));
    assert_true(has_note(&s, true, "no alarm names \"out\""));
    scenario_clean_up(&s);
    READ(&s, DEMAND,
         SCALING(STEP(""), "{\"AlarmName\":\"x\"," CPU
                           ",\"Period\":60,\"EvaluationPeriods\":1,\"Threshold\":1,"
                           "\"ComparisonOperator\":\"LessThanThreshold\"}"));
    assert_true(has_note(&s, true, "\"x\" names no policy in its AlarmActions"));
    scenario_clean_up(&s);
}

static void refusals_of_the_whole(void **state)
{
    (void)state;
    const char *no_demand[] = {SCALING(TRACKING(""), "")};
    expect_refusal(no_demand, 1, "it does not say what is required: add \"demand\"");
    const char *request[] = {DEMAND, "spot_fleet.Type=request", SCALING(TRACKING(""), "")};
    expect_refusal(request, 3, "of type \"request\" cannot be scaled");
    const char *mixed[] = {DEMAND, "instances_distribution={}", SCALING(TRACKING(""), "")};
    expect_refusal(mixed, 3, "\"instances_distribution\" sets the fleet's target");
    const char *follow[] = {DEMAND, "modify_spot_fleet=follow-demand", SCALING(TRACKING(""), "")};
    expect_refusal(follow, 3, "cannot follow the demand and be scaled too");
}

static void refusals(void **state)
{
    (void)state;
    static const struct {
        const char *set;
        const char *words;
    } cases[] = {
        {"scaling={\"tarjet\":{}}", "did you mean \"target\"?"},
        {"scaling={" TARGET "}", "no \"policies\": add it"},
        {"scaling={" TARGET ",\"policies\":[]}", "must not be empty"},
        {"scaling={\"target\":{\"MinCapacity\":4},\"policies\":[]}", "no \"MaxCapacity\""},
        {"scaling={\"target\":{\"MinCapacity\":4,\"MaxCapacity\":3},\"policies\":[]}",
         "3 is below MinCapacity 4"},
        {"scaling={\"target\":{\"MinCapacity\":4,\"MaxCapacity\":9,\"ServiceNamespace\":\"ecs\"},"
         "\"policies\":[]}",
         "\"ecs\" is not a Spot Fleet's, which is \"ec2\""},
        {SCALING("{\"PolicyName\":\"p\"}", ""), "must have either StepScalingPolicyConfiguration"},
        {SCALING("{\"PolicyName\":\"p\",\"StepScalingPolicyConfigurations\":{}}", ""),
         "did you mean \"StepScalingPolicyConfiguration\"?"},
        {SCALING("{\"PolicyName\":\"p\",\"PredictiveScalingPolicyConfiguration\":{}}", ""),
         "predictive scaling is not simulated"},
        {SCALING("{\"PolicyName\":\"p\",\"TargetTrackingScalingPolicyConfiguration\":{"
                 "\"TargetValue\":50,\"PredefinedMetricSpecification\":{\"PredefinedMetricType\":"
                 "\"EC2SpotFleetRequestAverageCPUUtilization\"}}}",
                 ""),
         "are not simulated: give a CustomizedMetricSpecification"},
        {SCALING(TRACKING("") "," TRACKING(""), ""), "there are two policies \"track\""},
        {SCALING(STEP(",\"MinAdjustmentMagnitude\":2"), ""), "goes with PercentChangeInCapacity"},
        {SCALING("{\"PolicyName\":\"p\",\"StepScalingPolicyConfiguration\":{\"AdjustmentType\":"
                 "\"ExactCapacity\",\"StepAdjustments\":[{\"ScalingAdjustment\":-1}]}}",
                 ""),
         "out of range"},
        {SCALING("{\"PolicyName\":\"p\",\"StepScalingPolicyConfiguration\":{\"AdjustmentType\":"
                 "\"ChangeInCapacity\",\"StepAdjustments\":[{\"MetricIntervalLowerBound\":0,"
                 "\"MetricIntervalUpperBound\":5,\"ScalingAdjustment\":1},"
                 "{\"MetricIntervalLowerBound\":6,\"ScalingAdjustment\":2}]}}",
                 ""),
         "the steps leave a gap"},
        {SCALING("{\"PolicyName\":\"p\",\"StepScalingPolicyConfiguration\":{\"AdjustmentType\":"
                 "\"ChangeInCapacity\",\"StepAdjustments\":[{\"MetricIntervalLowerBound\":0,"
                 "\"ScalingAdjustment\":1},{\"MetricIntervalLowerBound\":6,"
                 "\"ScalingAdjustment\":2}]}}",
                 ""),
         "the steps overlap"},
        {SCALING("{\"PolicyName\":\"p\",\"StepScalingPolicyConfiguration\":{\"AdjustmentType\":"
                 "\"ChangeInCapacity\",\"StepAdjustments\":[{\"MetricIntervalLowerBound\":0,"
                 "\"MetricIntervalUpperBound\":5,\"ScalingAdjustment\":1}]}}",
                 ""),
         "the highest step ends at a positive MetricIntervalUpperBound"},
        {SCALING(STEP(""), ALARM(",\"Metrics\":[]")), "metric math, percentiles"},
        {SCALING(STEP(""), ALARM(",\"DatapointsToAlarm\":4")), "out of range"},
        {SCALING(STEP(""), ALARM("") "," ALARM("")), "there are two alarms \"high\""},
        {SCALING(STEP(""), ALARM(",\"Unit\":\"Count\"")), "is published in Percent"},
        {SCALING(STEP(""), ALARM(",\"TreatMissingData\":\"bad\"")), "is not one of \"missing\""},
        {SCALING(TRACKING(""), ALARM("")), "no policy is named \"out\""},
        {SCALING("{\"PolicyName\":\"outs\",\"StepScalingPolicyConfiguration\":{\"AdjustmentType\":"
                 "\"ChangeInCapacity\",\"StepAdjustments\":[{\"ScalingAdjustment\":1}]}}",
                 ALARM("")),
         "did you mean \"outs\"?"},
        {SCALING(STEP(""), "{\"AlarmName\":\"a\",\"Namespace\":\"AWS/EC2Spot\",\"MetricName\":"
                           "\"CPUReservation\",\"Statistic\":\"Average\"}"),
         "CPUReservation is a metric of AWS/ECS, not of AWS/EC2Spot"},
        {SCALING(STEP(""), "{\"AlarmName\":\"a\",\"Namespace\":\"AWS/ECS\",\"MetricName\":"
                           "\"CPUReservation\",\"Statistic\":\"Average\",\"Dimensions\":[{\"Name\":"
                           "\"ServiceName\",\"Value\":\"s\"}]}"),
         "by ClusterName alone are simulated"},
        {SCALING(STEP(""), "{\"AlarmName\":\"a\"," CPU ",\"Period\":90}"),
         "no \"EvaluationPeriods"},
        {SCALING(STEP(""), "{\"AlarmName\":\"a\"," CPU ",\"Period\":90,\"EvaluationPeriods\":1}"),
         "90 is not a multiple of 60"},
        {SCALING(STEP(""),
                 "{\"AlarmName\":\"a\"," CPU ",\"Period\":3600,\"EvaluationPeriods\":25}"),
         "more than a day"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *sets[] = {DEMAND, cases[i].set};
        expect_refusal(sets, 2, cases[i].words);
    }
    const char *tracked[] = {
        DEMAND,
        "scaling={" TARGET
        ",\"policies\":[{\"PolicyName\":\"p\",\"TargetTrackingScalingPolicyConfiguration\":{"
        "\"TargetValue\":5,\"CustomizedMetricSpecification\":{\"Namespace\":\"AWS/EC2Spot\","
        "\"MetricName\":\"PendingCapacity\",\"Statistic\":\"Average\",\"Dimensions\":[{\"Name\":"
        "\"FleetRequestId\",\"Value\":\"x\"}]}}}]}"};
    expect_refusal(tracked, 2, "so it cannot be tracked");
    const char *habit[] = {"account.aas_bse=target"};
    expect_refusal(habit, 1, "did you mean \"aas_base\"?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tracking_with_its_defaults),
        cmocka_unit_test(steps_and_their_alarm),
        cmocka_unit_test(aws_ways_of_writing),
        cmocka_unit_test(none_by_default),
        cmocka_unit_test(doubts),
        cmocka_unit_test(refusals_of_the_whole),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
