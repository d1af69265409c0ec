/* `scaling` in the resolved scenario: AWS's inputs, as far as they are modelled, every default
 * filled in. */
#include "base/decimal.h"
#include "base/memory.h"
#include "scenario/parts.h"
#include "scenario/scaling_parts.h"
#include "scenario/writer.h"

#include <inttypes.h>
#include <stdlib.h>

static const cJSON *item_of(const cJSON *list, size_t index)
{
    const cJSON *node = list ? list->child : NULL;
    while (node && index--)
        node = node->next;
    return node;
}

static void write_target(struct writer *writer, const struct fleet_scaling *scaling,
                         const cJSON *node)
{
    const cJSON *suspended = member(node, "SuspendedState");
    write_open(writer, "target", '{');
    write_integer(writer, "MinCapacity", scaling->min_capacity, member(node, "MinCapacity"));
    write_integer(writer, "MaxCapacity", scaling->max_capacity, member(node, "MaxCapacity"));
    write_open(writer, "SuspendedState", '{');
    write_bool(writer, "DynamicScalingInSuspended", scaling->in_suspended,
               member(suspended, "DynamicScalingInSuspended"));
    write_bool(writer, "DynamicScalingOutSuspended", scaling->out_suspended,
               member(suspended, "DynamicScalingOutSuspended"));
    write_close(writer, '}');
    write_close(writer, '}');
}

/* Namespace, MetricName, Dimensions, Statistic. */
static void write_metric(struct writer *writer, enum watched_metric metric,
                         enum ballast_statistic statistic, const cJSON *node)
{
    bool of_cluster = watched_is_of_cluster(metric);
    const cJSON *dimensions = member(node, "Dimensions");
    struct text json = {0};
    text_addf(&json, "[{\"Name\":\"%s\",\"Value\":", of_cluster ? "ClusterName" : "FleetRequestId");
    text_add_json_string(&json, member(dimensions->child, "Value")->valuestring);
    text_add(&json, "}]");
    write_string(writer, "Namespace", of_cluster ? "AWS/ECS" : "AWS/EC2Spot",
                 member(node, "Namespace"));
    write_string(writer, "MetricName", watched_metric_names[metric], member(node, "MetricName"));
    write_value(writer, "Dimensions", json.data, dimensions);
    write_string(writer, "Statistic", alarm_statistic_names[statistic], member(node, "Statistic"));
    text_clean_up(&json);
}

static void write_steps(struct writer *writer, const struct scaling_policy *policy,
                        const cJSON *given)
{
    struct text json = {0};
    char number[DECIMAL_TEXT_SIZE];
    text_add(&json, "[");
    for (size_t i = 0; i < policy->step_count; i++) {
        const struct step_adjustment *step = &policy->steps[i];
        text_add(&json, i ? ",{" : "{");
        if (step->lower_micro != INT64_MIN)
            text_addf(&json, "\"MetricIntervalLowerBound\":%s,",
                      decimal_format(step->lower_micro, number));
        if (step->upper_micro != INT64_MAX)
            text_addf(&json, "\"MetricIntervalUpperBound\":%s,",
                      decimal_format(step->upper_micro, number));
        text_addf(&json, "\"ScalingAdjustment\":%" PRId64 "}", step->adjustment);
    }
    text_add(&json, "]");
    write_value(writer, "StepAdjustments", json.data, given);
    text_clean_up(&json);
}

static void write_step_policy(struct writer *writer, const struct scaling_policy *policy,
                              const cJSON *node)
{
    write_open(writer, "StepScalingPolicyConfiguration", '{');
    write_string(writer, "AdjustmentType", adjustment_type_names[policy->adjustment_type],
                 member(node, "AdjustmentType"));
    write_steps(writer, policy, member(node, "StepAdjustments"));
    if (policy->adjustment_type == ADJUST_PERCENT)
        write_integer(writer, "MinAdjustmentMagnitude", policy->min_magnitude,
                      member(node, "MinAdjustmentMagnitude"));
    write_integer(writer, "Cooldown", policy->out_cooldown_s, member(node, "Cooldown"));
    write_string(writer, "MetricAggregationType", alarm_statistic_names[policy->aggregation],
                 member(node, "MetricAggregationType"));
    write_close(writer, '}');
}

static void write_tracking_policy(struct writer *writer, const struct scaling_policy *policy,
                                  const cJSON *node)
{
    write_open(writer, "TargetTrackingScalingPolicyConfiguration", '{');
    write_decimal(writer, "TargetValue", policy->target_micro, member(node, "TargetValue"));
    write_open(writer, "CustomizedMetricSpecification", '{');
    write_metric(writer, policy->metric, policy->statistic,
                 member(node, "CustomizedMetricSpecification"));
    write_close(writer, '}');
    write_integer(writer, "ScaleOutCooldown", policy->out_cooldown_s,
                  member(node, "ScaleOutCooldown"));
    write_integer(writer, "ScaleInCooldown", policy->in_cooldown_s,
                  member(node, "ScaleInCooldown"));
    write_bool(writer, "DisableScaleIn", policy->disable_scale_in, member(node, "DisableScaleIn"));
    write_close(writer, '}');
}

static void write_scaling_policy(struct writer *writer, const struct scaling_policy *policy,
                                 size_t index, const cJSON *node)
{
    write_open_item(writer, index, '{');
    write_string(writer, "PolicyName", policy->name, member(node, "PolicyName"));
    if (policy->type == SCALING_STEP)
        write_step_policy(writer, policy, member(node, "StepScalingPolicyConfiguration"));
    else
        write_tracking_policy(writer, policy,
                              member(node, "TargetTrackingScalingPolicyConfiguration"));
    write_close(writer, '}');
}

static void write_alarm(struct writer *writer, const struct fleet_scaling *scaling, size_t index,
                        const cJSON *node)
{
    const struct scaling_alarm *alarm = &scaling->alarms[index];
    const struct alarm_terms *terms = &alarm->terms;
    write_open_item(writer, index, '{');
    write_string(writer, "AlarmName", alarm->name, member(node, "AlarmName"));
    write_metric(writer, terms->metric, terms->statistic, node);
    write_integer(writer, "Period", terms->period_s, member(node, "Period"));
    write_integer(writer, "EvaluationPeriods", terms->periods, member(node, "EvaluationPeriods"));
    write_integer(writer, "DatapointsToAlarm", terms->points, member(node, "DatapointsToAlarm"));
    write_decimal(writer, "Threshold", terms->threshold_micro, member(node, "Threshold"));
    write_string(writer, "ComparisonOperator", alarm_comparison_names[terms->comparison],
                 member(node, "ComparisonOperator"));
    write_string(writer, "TreatMissingData", missing_data_names[terms->missing],
                 member(node, "TreatMissingData"));
    write_bool(writer, "ActionsEnabled", alarm->actions_enabled, member(node, "ActionsEnabled"));
    write_open(writer, "AlarmActions", '[');
    for (size_t i = 0; i < alarm->policy_count; i++)
        write_item(writer, i, scaling->policies[alarm->policies[i]].name,
                   member(node, "AlarmActions"));
    write_close(writer, ']');
    write_close(writer, '}');
}

void write_scaling(struct writer *writer)
{
    const struct fleet_scaling *scaling = &writer->reader->scenario->scaling;
    const cJSON *node = member(writer->reader->root, "scaling");
    if (!scaling->given)
        return;
    const cJSON *policies = member(node, "policies");
    const cJSON *alarms = member(node, "alarms");
    write_open(writer, "scaling", '{');
    write_target(writer, scaling, member(node, "target"));
    write_open(writer, "policies", '[');
    for (size_t i = 0; i < scaling->policy_count; i++)
        write_scaling_policy(writer, &scaling->policies[i], i, item_of(policies, i));
    write_close(writer, ']');
    write_open(writer, "alarms", '[');
    for (size_t i = 0; i < scaling->alarm_count; i++)
        write_alarm(writer, scaling, i, item_of(alarms, i));
    write_close(writer, ']');
    write_close(writer, '}');
}
