/* ballast live template: what changes the fleet's target, as the scenario's `scaling` says. */
#include "base/decimal.h"
#include "base/memory.h"
#include "policy/cloud.h"
#include "template.h"

#include <stdio.h>
#include <stdlib.h>

static void metric(cJSON *to, enum watched_metric watched, enum ballast_statistic statistic)
{
    bool cluster = watched_is_of_cluster(watched);
    template_text(to, "Namespace", cluster ? "AWS/ECS" : "AWS/EC2Spot");
    template_text(to, "MetricName", watched_metric_names[watched]);
    template_text(to, "Statistic", cloud_statistic_name(statistic));
    cJSON *dimension = template_object(template_list(to, "Dimensions"), NULL);
    template_text(dimension, "Name", cluster ? "ClusterName" : "FleetRequestId");
    template_ref(dimension, "Value", cluster ? "Cluster" : "SpotFleet");
}

static void tracking(const struct scaling_policy *policy, cJSON *properties)
{
    cJSON *terms = template_object(properties, "TargetTrackingScalingPolicyConfiguration");
    template_micro(terms, "TargetValue", policy->target_micro, false);
    template_whole(terms, "ScaleOutCooldown", policy->out_cooldown_s);
    template_whole(terms, "ScaleInCooldown", policy->in_cooldown_s);
    cJSON_AddBoolToObject(terms, "DisableScaleIn", policy->disable_scale_in);
    metric(template_object(terms, "CustomizedMetricSpecification"), policy->metric,
           policy->statistic);
}

static void steps(const struct scaling_policy *policy, cJSON *properties)
{
    static const char *const types[] = {[ADJUST_CHANGE] = "ChangeInCapacity",
                                        [ADJUST_EXACT] = "ExactCapacity",
                                        [ADJUST_PERCENT] = "PercentChangeInCapacity"};
    cJSON *terms = template_object(properties, "StepScalingPolicyConfiguration");
    template_text(terms, "AdjustmentType", types[policy->adjustment_type]);
    template_whole(terms, "Cooldown", policy->out_cooldown_s);
    template_text(terms, "MetricAggregationType", cloud_statistic_name(policy->aggregation));
    if (policy->min_magnitude)
        template_whole(terms, "MinAdjustmentMagnitude", policy->min_magnitude);
    cJSON *list = template_list(terms, "StepAdjustments");
    for (size_t i = 0; i < policy->step_count; i++) {
        const struct step_adjustment *step = &policy->steps[i];
        cJSON *item = template_object(list, NULL);
        if (step->lower_micro != INT64_MIN)
            template_micro(item, "MetricIntervalLowerBound", step->lower_micro, false);
        if (step->upper_micro != INT64_MAX)
            template_micro(item, "MetricIntervalUpperBound", step->upper_micro, false);
        template_whole(item, "ScalingAdjustment", step->adjustment);
    }
}

static void policy_name(size_t index, char out_name[40])
{
    snprintf(out_name, 40, "ScalingPolicy%zu", index + 1);
}

static void alarm(struct template *template, const struct scaling_alarm *alarm, size_t index)
{
    static const char *const comparisons[] = {
        [COMPARE_GREATER_OR_EQUAL] = "GreaterThanOrEqualToThreshold",
        [COMPARE_GREATER] = "GreaterThanThreshold",
        [COMPARE_LESS] = "LessThanThreshold",
        [COMPARE_LESS_OR_EQUAL] = "LessThanOrEqualToThreshold"};
    static const char *const missing[] = {[MISSING_IS_MISSING] = "missing",
                                          [MISSING_IS_IGNORED] = "ignore",
                                          [MISSING_IS_BREACHING] = "breaching",
                                          [MISSING_IS_NOT_BREACHING] = "notBreaching"};
    const struct alarm_terms *terms = &alarm->terms;
    char name[40];
    snprintf(name, sizeof name, "ScalingAlarm%zu", index + 1);
    cJSON *properties = template_resource(template, name, "AWS::CloudWatch::Alarm");
    metric(properties, terms->metric, terms->statistic);
    template_whole(properties, "Period", terms->period_s);
    template_whole(properties, "EvaluationPeriods", terms->periods);
    template_whole(properties, "DatapointsToAlarm", terms->points);
    template_micro(properties, "Threshold", terms->threshold_micro, false);
    template_text(properties, "ComparisonOperator", comparisons[terms->comparison]);
    template_text(properties, "TreatMissingData", missing[terms->missing]);
    cJSON_AddBoolToObject(properties, "ActionsEnabled", alarm->actions_enabled);
    cJSON *actions = template_list(properties, "AlarmActions");
    for (size_t i = 0; i < alarm->policy_count; i++) {
        policy_name(alarm->policies[i], name);
        template_ref(actions, NULL, name);
    }
}

void template_scaling(struct template *template)
{
    const struct fleet_scaling *scaling = template->scaling;
    if (!scaling->given)
        return;
    cJSON *target = template_resource(template, "ScalableTarget",
                                      "AWS::ApplicationAutoScaling::ScalableTarget");
    template_text(target, "ServiceNamespace", "ec2");
    template_text(target, "ScalableDimension", "ec2:spot-fleet-request:TargetCapacity");
    template_sub(target, "ResourceId", "spot-fleet-request/${SpotFleet}");
    template_whole(target, "MinCapacity", scaling->min_capacity);
    template_whole(target, "MaxCapacity", scaling->max_capacity);
    cJSON *suspended = template_object(target, "SuspendedState");
    cJSON_AddBoolToObject(suspended, "DynamicScalingInSuspended", scaling->in_suspended);
    cJSON_AddBoolToObject(suspended, "DynamicScalingOutSuspended", scaling->out_suspended);
    for (size_t i = 0; i < scaling->policy_count; i++) {
        const struct scaling_policy *policy = &scaling->policies[i];
        char name[40];
        policy_name(i, name);
        cJSON *properties =
            template_resource(template, name, "AWS::ApplicationAutoScaling::ScalingPolicy");
        template_text(properties, "PolicyName", policy->name);
        template_text(properties, "PolicyType",
                      policy->type == SCALING_STEP ? "StepScaling" : "TargetTrackingScaling");
        template_ref(properties, "ScalingTargetId", "ScalableTarget");
        if (policy->type == SCALING_STEP)
            steps(policy, properties);
        else
            tracking(policy, properties);
    }
    for (size_t i = 0; i < scaling->alarm_count; i++)
        alarm(template, &scaling->alarms[i], i);
}
