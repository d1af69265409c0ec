/* `scaling.alarms`, as `aws cloudwatch put-metric-alarm --cli-input-json` takes each, and the
 * metrics that can be watched. */
#include "base/memory.h"
#include "base/nearest.h"
#include "scenario/parts.h"
#include "scenario/scaling_parts.h"

#include <string.h>

enum { PERIOD_MAX_S = 86400 };

static const char *const alarm_modelled[] = {
    "ActionsEnabled",
    "AlarmActions",
    "AlarmName",
    "ComparisonOperator",
    "DatapointsToAlarm",
    "Dimensions",
    "EvaluationCriteria",
    "EvaluationPeriods",
    "ExtendedStatistic",
    "MetricName",
    "Metrics",
    "Namespace",
    "Period",
    "Statistic",
    "Threshold",
    "ThresholdMetricId",
    "TreatMissingData",
    "Unit",
    NULL,
};

const char *const watched_metric_names[] = {"CPUReservation",
                                            "MemoryReservation",
                                            "TargetCapacity",
                                            "PendingCapacity",
                                            "FulfilledCapacity",
                                            "TerminatingCapacity",
                                            NULL};
const char *const alarm_comparison_names[] = {"GreaterThanOrEqualToThreshold",
                                              "GreaterThanThreshold", "LessThanThreshold",
                                              "LessThanOrEqualToThreshold", NULL};
const char *const missing_data_names[] = {"missing", "ignore", "breaching", "notBreaching", NULL};
const char *const alarm_statistic_names[] = {"Maximum", "Minimum",     "Average",
                                             "Sum",     "SampleCount", NULL};

const cJSON *scaling_need(struct reader *reader, const cJSON *object, const char *key)
{
    const cJSON *node = member(object, key);
    if (!node)
        reader_complain(reader, object, "no \"%s\": add it", key);
    return node;
}

/* ---- metrics ------------------------------------------------------------------------------------
 */

/* Exactly one dimension, the cluster's or the fleet's name: other sets are other metrics. */
static int check_dimensions(struct reader *reader, const cJSON *node, const char *dimension)
{
    const cJSON *list = scaling_need(reader, node, "Dimensions");
    if (!list)
        return STATUS_BAD_INPUT;
    int status = reader_list(reader, list, 30);
    const cJSON *name = !status && list->child ? member(list->child, "Name") : NULL;
    if (!status && (!name || list->child->next || !cJSON_IsString(name) ||
                    strcmp(name->valuestring, dimension) != 0))
        status = reader_fail(reader, list,
                             "only this metric's points by %s alone are simulated: write "
                             "[{\"Name\": \"%s\", \"Value\": ...}]",
                             dimension, dimension);
    const char *value = NULL;
    const cJSON *value_node = status ? NULL : scaling_need(reader, list->child, "Value");
    if (!status)
        status = value_node ? reader_string(reader, value_node, &value) : STATUS_BAD_INPUT;
    return status;
}

int read_watched_metric(struct reader *reader, const cJSON *node, enum watched_metric *out_metric,
                        enum ballast_statistic *out_statistic)
{
    static const char *const namespaces[] = {"AWS/ECS", "AWS/EC2Spot", NULL};
    static const char *const needed[] = {"Namespace", "MetricName", "Statistic"};
    static const char *const *const words[] = {namespaces, watched_metric_names,
                                               alarm_statistic_names};
    int found[3] = {0};
    int status = STATUS_OK;
    for (size_t i = 0; i < 3 && !status; i++) {
        const cJSON *value = scaling_need(reader, node, needed[i]);
        status = value ? reader_word(reader, value, words[i], &found[i]) : STATUS_BAD_INPUT;
    }
    if (status)
        return status;
    *out_metric = (enum watched_metric)found[1];
    *out_statistic = (enum ballast_statistic)found[2];
    bool of_cluster = watched_is_of_cluster(*out_metric);
    if (of_cluster != (found[0] == 0))
        return reader_fail(reader, member(node, "MetricName"), "%s is a metric of %s, not of %s",
                           watched_metric_names[*out_metric], namespaces[!of_cluster],
                           namespaces[found[0]]);
    status = check_dimensions(reader, node, of_cluster ? "ClusterName" : "FleetRequestId");
    const cJSON *unit = member(node, "Unit");
    const char *text = NULL;
    if (!status && unit)
        status = reader_string(reader, unit, &text);
    const char *published = of_cluster ? "Percent" : "Count";
    if (!status && unit && strcmp(text, published) != 0)
        status = reader_fail(reader, unit, "%s is published in %s: there are no points in %s",
                             watched_metric_names[*out_metric], published, text);
    return status;
}

/* ---- alarms -------------------------------------------------------------------------------------
 */

static int refuse_unmodelled(struct reader *reader, const cJSON *node)
{
    static const char *const keys[] = {"Metrics", "ThresholdMetricId", "ExtendedStatistic",
                                       "EvaluationCriteria"};
    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
        const cJSON *value = member(node, keys[i]);
        if (value)
            return reader_fail(reader, value,
                               "an alarm on one metric with a Statistic and a Threshold is what is "
                               "simulated: metric math, percentiles, anomaly bands and queries are "
                               "not");
    }
    return STATUS_OK;
}

static int read_periods(struct reader *reader, const cJSON *node, struct alarm_terms *terms)
{
    const cJSON *period = scaling_need(reader, node, "Period");
    const cJSON *periods = period ? scaling_need(reader, node, "EvaluationPeriods") : NULL;
    if (!periods)
        return STATUS_BAD_INPUT;
    int status = reader_int64(reader, period, 60, PERIOD_MAX_S, &terms->period_s);
    if (!status && terms->period_s % 60 != 0)
        status =
            reader_fail(reader, period, "%lld is not a multiple of 60", (long long)terms->period_s);
    if (!status)
        status = reader_int64(reader, periods, 1, PERIOD_MAX_S, &terms->periods);
    if (!status && terms->periods * terms->period_s > PERIOD_MAX_S)
        status =
            reader_fail(reader, periods,
                        "%lld periods of %lld s are more than a day: such alarms are evaluated "
                        "once an hour, which is not simulated",
                        (long long)terms->periods, (long long)terms->period_s);
    terms->points = terms->periods;
    const cJSON *points = member(node, "DatapointsToAlarm");
    if (!status && points)
        status = reader_int64(reader, points, 1, terms->periods, &terms->points);
    return status;
}

static int read_terms(struct reader *reader, const cJSON *node, struct alarm_terms *terms)
{
    int status = read_watched_metric(reader, node, &terms->metric, &terms->statistic);
    if (!status)
        status = read_periods(reader, node, terms);
    if (status)
        return status;
    const cJSON *threshold = scaling_need(reader, node, "Threshold");
    const cJSON *comparison = threshold ? scaling_need(reader, node, "ComparisonOperator") : NULL;
    if (!comparison)
        return STATUS_BAD_INPUT;
    status = reader_decimal(reader, threshold, -METRIC_VALUE_MAX_MICRO, METRIC_VALUE_MAX_MICRO,
                            &terms->threshold_micro);
    int word = 0;
    if (!status)
        status = reader_word(reader, comparison, alarm_comparison_names, &word);
    terms->comparison = (enum alarm_comparison)word;
    const cJSON *missing = member(node, "TreatMissingData");
    word = 0;
    if (!status && missing)
        status = reader_word(reader, missing, missing_data_names, &word);
    terms->missing = (enum missing_data)word;
    return status;
}

/* The policy an action names, by its name or at the end of its ARN; *out_index stays SIZE_MAX where
 * the action is none of Application Auto Scaling's. */
static int find_policy(struct reader *reader, const cJSON *node, size_t *out_index)
{
    const struct fleet_scaling *scaling = &reader->scenario->scaling;
    static const char mark[] = ":policyName/";
    const char *name = NULL;
    int status = reader_string(reader, node, &name);
    if (status)
        return status;
    const char *in_arn = strstr(name, mark);
    if (!in_arn && strncmp(name, "arn:", 4) == 0)
        return STATUS_OK;
    name = in_arn ? in_arn + strlen(mark) : name;
    const char *names[SCALING_POLICIES_MAX + 1] = {0};
    for (size_t i = 0; i < scaling->policy_count; i++) {
        names[i] = scaling->policies[i].name;
        if (strcmp(names[i], name) == 0)
            *out_index = i;
    }
    if (*out_index == SIZE_MAX) {
        const char *nearest = nearest_word(name, names);
        if (nearest)
            return reader_fail(reader, node, "no policy is named \"%s\": did you mean \"%s\"?",
                               name, nearest);
        return reader_fail(reader, node, "no policy is named \"%s\"", name);
    }
    if (scaling->policies[*out_index].type == SCALING_TARGET_TRACKING)
        return reader_fail(reader, node,
                           "\"%s\" is a target tracking policy, which makes its own alarms", name);
    return STATUS_OK;
}

static int read_actions(struct reader *reader, const cJSON *node, struct scaling_alarm *alarm)
{
    const cJSON *list = member(node, "AlarmActions");
    int status = list ? reader_list(reader, list, 5) : STATUS_OK; /* AWS's limit */
    if (list && !status && list->child)
        alarm->policies = memory_new((size_t)cJSON_GetArraySize(list), sizeof *alarm->policies);
    for (const cJSON *item = list && !status ? list->child : NULL; item && !status;
         item = item->next) {
        size_t index = SIZE_MAX;
        status = find_policy(reader, item, &index);
        bool known = index == SIZE_MAX;
        for (size_t i = 0; i < alarm->policy_count; i++)
            known = known || alarm->policies[i] == index;
        if (!status && !known)
            alarm->policies[alarm->policy_count++] = index;
    }
    if (!status && alarm->policy_count == 0)
        add_note(reader->scenario, true,
                 "scaling.alarms: \"%s\" names no policy in its AlarmActions: it scales nothing",
                 alarm->name);
    return status;
}

static int read_alarm(struct reader *reader, const cJSON *node)
{
    struct fleet_scaling *scaling = &reader->scenario->scaling;
    int status = reader_aws(reader, node, "PutMetricAlarmInput", alarm_modelled, "scaling.alarms");
    if (!status)
        status = refuse_unmodelled(reader, node);
    const cJSON *name_node = status ? NULL : scaling_need(reader, node, "AlarmName");
    if (!name_node)
        return STATUS_BAD_INPUT;
    const char *name = NULL;
    status = reader_string(reader, name_node, &name);
    for (size_t i = 0; i < scaling->alarm_count && !status; i++) {
        if (strcmp(scaling->alarms[i].name, name) == 0)
            status = reader_fail(reader, name_node, "there are two alarms \"%s\"", name);
    }
    if (status)
        return status;
    struct scaling_alarm *alarm = &scaling->alarms[scaling->alarm_count++];
    alarm->name = memory_copy_text(name);
    alarm->actions_enabled = true;
    status = read_terms(reader, node, &alarm->terms);
    const cJSON *enabled = member(node, "ActionsEnabled");
    if (!status && enabled)
        status = reader_bool(reader, enabled, &alarm->actions_enabled);
    return status ? status : read_actions(reader, node, alarm);
}

int read_scaling_alarms(struct reader *reader, const cJSON *list)
{
    struct fleet_scaling *scaling = &reader->scenario->scaling;
    int status = reader_list(reader, list, SCALING_ALARMS_MAX);
    if (status || !list->child)
        return status;
    scaling->alarms = memory_new((size_t)cJSON_GetArraySize(list), sizeof *scaling->alarms);
    for (const cJSON *node = list->child; node && !status; node = node->next)
        status = read_alarm(reader, node);
    return status;
}
