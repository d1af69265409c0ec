/* scaling.policies: step scaling and target tracking. */
#include "base/memory.h"
#include "scenario/parts.h"
#include "scenario/scaling_parts.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS_PER_POLICY_MAX = 20, ADJUSTMENT_MAX = 1000000, DEFAULT_COOLDOWN_S = 300 };

#define CONFIGURATION "TargetTrackingScalingPolicyConfiguration"
static const char *const policy_modelled[] = {
    "PolicyName",
    "PolicyType",
    "PredictiveScalingPolicyConfiguration",
    "ResourceId",
    "ScalableDimension",
    "ServiceNamespace",
    "StepScalingPolicyConfiguration",
    CONFIGURATION ".CustomizedMetricSpecification.Dimensions",
    CONFIGURATION ".CustomizedMetricSpecification.MetricName",
    CONFIGURATION ".CustomizedMetricSpecification.Metrics",
    CONFIGURATION ".CustomizedMetricSpecification.Namespace",
    CONFIGURATION ".CustomizedMetricSpecification.Statistic",
    CONFIGURATION ".CustomizedMetricSpecification.Unit",
    CONFIGURATION ".DisableScaleIn",
    CONFIGURATION ".PredefinedMetricSpecification",
    CONFIGURATION ".ScaleInCooldown",
    CONFIGURATION ".ScaleOutCooldown",
    CONFIGURATION ".TargetValue",
    NULL,
};

const char *const adjustment_type_names[] = {"ChangeInCapacity", "ExactCapacity",
                                             "PercentChangeInCapacity", NULL};

/* ---- step scaling -------------------------------------------------------------------------------
 */

static int by_lower_bound(const void *a, const void *b)
{
    const struct step_adjustment *x = a;
    const struct step_adjustment *y = b;
    return (x->lower_micro > y->lower_micro) - (x->lower_micro < y->lower_micro);
}

static int read_bound(struct reader *reader, const cJSON *node, int64_t *out_micro)
{
    if (!node || cJSON_IsNull(node))
        return STATUS_OK;
    return reader_decimal(reader, node, -METRIC_VALUE_MAX_MICRO, METRIC_VALUE_MAX_MICRO, out_micro);
}

static int read_step_adjustment(struct reader *reader, const cJSON *node,
                                struct scaling_policy *policy)
{
    struct step_adjustment *step = &policy->steps[policy->step_count++];
    step->lower_micro = INT64_MIN;
    step->upper_micro = INT64_MAX;
    int status = reader_object(reader, node);
    const cJSON *adjustment = status ? NULL : scaling_need(reader, node, "ScalingAdjustment");
    if (!adjustment)
        return STATUS_BAD_INPUT;
    int64_t least = policy->adjustment_type == ADJUST_EXACT ? 0 : -ADJUSTMENT_MAX;
    status = reader_int64(reader, adjustment, least, ADJUSTMENT_MAX, &step->adjustment);
    if (!status)
        status = read_bound(reader, member(node, "MetricIntervalLowerBound"), &step->lower_micro);
    if (!status)
        status = read_bound(reader, member(node, "MetricIntervalUpperBound"), &step->upper_micro);
    if (!status && step->lower_micro >= step->upper_micro)
        status = reader_fail(reader, node,
                             "MetricIntervalUpperBound is not above MetricIntervalLowerBound");
    return status;
}

/* AWS refuses steps that overlap or leave a gap, and bounds that end away from the threshold. */
static int check_steps(struct reader *reader, const cJSON *list, struct scaling_policy *policy)
{
    qsort(policy->steps, policy->step_count, sizeof *policy->steps, by_lower_bound);
    for (size_t i = 1; i < policy->step_count; i++) {
        if (policy->steps[i - 1].upper_micro != policy->steps[i].lower_micro)
            return reader_fail(
                reader, list, "the steps %s: each must begin where the one below it ends",
                policy->steps[i - 1].upper_micro > policy->steps[i].lower_micro ? "overlap"
                                                                                : "leave a gap");
    }
    const struct step_adjustment *first = &policy->steps[0];
    const struct step_adjustment *last = &policy->steps[policy->step_count - 1];
    if (first->lower_micro != INT64_MIN && first->lower_micro < 0)
        return reader_fail(reader, list,
                           "the lowest step ends at a negative MetricIntervalLowerBound: leave it "
                           "out, so that the step has no lower end");
    if (last->upper_micro != INT64_MAX && last->upper_micro > 0)
        return reader_fail(reader, list,
                           "the highest step ends at a positive MetricIntervalUpperBound: leave it "
                           "out, so that the step has no upper end");
    return STATUS_OK;
}

static int read_steps(struct reader *reader, const cJSON *node, struct scaling_policy *policy)
{
    const cJSON *list = scaling_need(reader, node, "StepAdjustments");
    int status = list ? reader_list(reader, list, STEPS_PER_POLICY_MAX) : STATUS_BAD_INPUT;
    if (!status && !list->child)
        status = reader_fail(reader, list, "must not be empty");
    if (status)
        return status;
    policy->steps = memory_new((size_t)cJSON_GetArraySize(list), sizeof *policy->steps);
    for (const cJSON *item = list->child; item && !status; item = item->next)
        status = read_step_adjustment(reader, item, policy);
    return status ? status : check_steps(reader, list, policy);
}

static int read_step_scaling(struct reader *reader, const cJSON *node,
                             struct scaling_policy *policy)
{
    static const char *const aggregations[] = {"Maximum", "Minimum", "Average", NULL};
    int status = reader_object(reader, node);
    const cJSON *type = status ? NULL : scaling_need(reader, node, "AdjustmentType");
    int word = 0;
    status = type ? reader_word(reader, type, adjustment_type_names, &word) : STATUS_BAD_INPUT;
    policy->type = SCALING_STEP;
    policy->adjustment_type = (enum adjustment_type)word;
    policy->aggregation = BALLAST_AVERAGE;
    if (!status)
        status = read_steps(reader, node, policy);
    const cJSON *cooldown = member(node, "Cooldown");
    if (!status && cooldown)
        status = reader_int64(reader, cooldown, 0, COOLDOWN_MAX_S, &policy->out_cooldown_s);
    policy->in_cooldown_s = policy->out_cooldown_s;
    const cJSON *magnitude = member(node, "MinAdjustmentMagnitude");
    if (!status && magnitude)
        status = reader_int64(reader, magnitude, 0, TARGET_MAX_UNITS, &policy->min_magnitude);
    if (!status && magnitude && policy->adjustment_type != ADJUST_PERCENT)
        status = reader_fail(reader, magnitude, "goes with PercentChangeInCapacity only");
    const cJSON *aggregation = member(node, "MetricAggregationType");
    if (!status && aggregation) {
        status = reader_word(reader, aggregation, aggregations, &word);
        policy->aggregation = (enum ballast_statistic)word;
    }
    return status;
}

/* ---- target tracking ----------------------------------------------------------------------------
 */

static int read_tracking(struct reader *reader, const cJSON *node, struct scaling_policy *policy)
{
    policy->type = SCALING_TARGET_TRACKING;
    int status = reader_object(reader, node);
    if (status)
        return status;
    const cJSON *predefined = member(node, "PredefinedMetricSpecification");
    if (predefined)
        return reader_fail(reader, predefined,
                           "the instances' processor, network and requests are not simulated: give "
                           "a CustomizedMetricSpecification of CPUReservation or "
                           "MemoryReservation");
    const cJSON *metric = scaling_need(reader, node, "CustomizedMetricSpecification");
    const cJSON *target = metric ? scaling_need(reader, node, "TargetValue") : NULL;
    if (!target)
        return STATUS_BAD_INPUT;
    status = reader_object(reader, metric);
    if (!status && member(metric, "Metrics"))
        status = reader_fail(reader, member(metric, "Metrics"), "metric math is not simulated");
    if (!status)
        status = read_watched_metric(reader, metric, &policy->metric, &policy->statistic);
    if (!status && !watched_is_of_cluster(policy->metric))
        status = reader_fail(reader, member(metric, "MetricName"),
                             "%s does not fall as capacity is added, so it cannot be tracked: use "
                             "CPUReservation or MemoryReservation",
                             watched_metric_names[policy->metric]);
    if (!status)
        status = reader_decimal(reader, target, 1, METRIC_VALUE_MAX_MICRO, &policy->target_micro);
    const cJSON *out = member(node, "ScaleOutCooldown");
    const cJSON *in = member(node, "ScaleInCooldown");
    const cJSON *disable = member(node, "DisableScaleIn");
    if (!status && out)
        status = reader_int64(reader, out, 0, COOLDOWN_MAX_S, &policy->out_cooldown_s);
    if (!status && in)
        status = reader_int64(reader, in, 0, COOLDOWN_MAX_S, &policy->in_cooldown_s);
    if (!status && disable)
        status = reader_bool(reader, disable, &policy->disable_scale_in);
    return status;
}

/* ---- policies -----------------------------------------------------------------------------------
 */

static int read_name(struct reader *reader, const cJSON *node, const char **out_name)
{
    const struct fleet_scaling *scaling = &reader->scenario->scaling;
    const cJSON *name = scaling_need(reader, node, "PolicyName");
    int status = name ? reader_string(reader, name, out_name) : STATUS_BAD_INPUT;
    for (size_t i = 0; i < scaling->policy_count && !status; i++) {
        if (strcmp(scaling->policies[i].name, *out_name) == 0)
            status = reader_fail(reader, name, "there are two policies \"%s\"", *out_name);
    }
    return status;
}

static int read_scaling_policy(struct reader *reader, const cJSON *node)
{
    static const char *const types[] = {"StepScaling", "TargetTrackingScaling", NULL};
    struct fleet_scaling *scaling = &reader->scenario->scaling;
    const char *name = NULL;
    int status = reader_aws(reader, node, "ScalingPolicy", policy_modelled, "scaling.policies");
    if (!status)
        status = scaling_check_resource(reader, node);
    if (!status)
        status = read_name(reader, node, &name);
    const cJSON *step = member(node, "StepScalingPolicyConfiguration");
    const cJSON *tracking = member(node, CONFIGURATION);
    if (!status && member(node, "PredictiveScalingPolicyConfiguration"))
        status = reader_fail(reader, member(node, "PredictiveScalingPolicyConfiguration"),
                             "predictive scaling is not simulated");
    if (!status && !step == !tracking)
        status = reader_fail(reader, node,
                             "must have either StepScalingPolicyConfiguration or " CONFIGURATION);
    const cJSON *type = member(node, "PolicyType");
    int word = tracking ? SCALING_TARGET_TRACKING : SCALING_STEP;
    if (!status && type)
        status = reader_word(reader, type, types, &word);
    if (!status && (word == SCALING_TARGET_TRACKING) != (tracking != NULL))
        status = reader_fail(reader, type, "does not go with the configuration beside it");
    if (status)
        return status;
    struct scaling_policy *policy = &scaling->policies[scaling->policy_count++];
    *policy = (struct scaling_policy){.name = memory_copy_text(name),
                                      .out_cooldown_s = DEFAULT_COOLDOWN_S,
                                      .in_cooldown_s = DEFAULT_COOLDOWN_S};
    return step ? read_step_scaling(reader, step, policy) : read_tracking(reader, tracking, policy);
}

int read_scaling_policies(struct reader *reader, const cJSON *list)
{
    struct fleet_scaling *scaling = &reader->scenario->scaling;
    int status = reader_list(reader, list, SCALING_POLICIES_MAX);
    if (!status && !list->child)
        status = reader_fail(reader, list, "must not be empty");
    if (status)
        return status;
    scaling->policies = memory_new((size_t)cJSON_GetArraySize(list), sizeof *scaling->policies);
    for (const cJSON *node = list->child; node && !status; node = node->next)
        status = read_scaling_policy(reader, node);
    return status;
}
