/* The pieces that `scaling` is read and written in. Inside scenario/ only. */
#ifndef SCENARIO_SCALING_PARTS_H
#define SCENARIO_SCALING_PARTS_H

#include "scenario/reader.h"
#include "scenario/scaling.h"

/* In AWS's words, by their enums; NULL ends each. */
extern const char *const alarm_comparison_names[];
extern const char *const missing_data_names[];
extern const char *const alarm_statistic_names[]; /* enum ballast_statistic */
extern const char *const adjustment_type_names[];

enum { SCALING_POLICIES_MAX = 50, SCALING_ALARMS_MAX = 100 };
#define METRIC_VALUE_MAX_MICRO (1000000000 * (int64_t)1000000)

/* The member `key` of `object`, which must be there, or NULL after a complaint. */
const cJSON *scaling_need(struct reader *reader, const cJSON *object, const char *key);
/* What AWS is told the target is, where it is said, must be a Spot Fleet's. */
int scaling_check_resource(struct reader *reader, const cJSON *node);
/* Namespace, MetricName, Dimensions, Statistic and Unit of an alarm or a
 * CustomizedMetricSpecification: one of those simulated. */
int read_watched_metric(struct reader *reader, const cJSON *node, enum watched_metric *out_metric,
                        enum ballast_statistic *out_statistic);
/* scaling.policies. */
int read_scaling_policies(struct reader *reader, const cJSON *list);
/* scaling.alarms; the policies have been read. */
int read_scaling_alarms(struct reader *reader, const cJSON *list);

#endif
