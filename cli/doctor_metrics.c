/* ballast live doctor: whether the metrics that the policy reads are there when it reads them. */
#include "base/memory.h"
#include "base/timestamp.h"
#include "doctor.h"
#include "show.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_S = 3600, MINUTE_S = 60, DELAYED_S = 900 };

static int64_t setting(const struct doctor *doctor, int32_t fixed, int32_t parameter)
{
    return parameter ? doctor->policy->values[parameter - 1] : fixed;
}

static int by_time(const void *a, const void *b)
{
    const struct ballast_point *x = a;
    const struct ballast_point *y = b;
    return (x->time_s > y->time_s) - (x->time_s < y->time_s);
}

/* What it is published with: gaps only make distances longer. */
static int64_t smallest_distance(const struct ballast_point *points, size_t count)
{
    int64_t smallest = INT64_MAX;
    for (size_t i = 1; i < count; i++) {
        int64_t distance = points[i].time_s - points[i - 1].time_s;
        smallest = distance > 0 && distance < smallest ? distance : smallest;
    }
    return smallest;
}

static void judge(struct doctor *doctor, const struct ballast_read *read,
                  const struct ballast_point *points, size_t count, int64_t now_s)
{
    char text[SHOW_SIZE];
    char window[SHOW_SIZE];
    int64_t lookback_s = setting(doctor, read->lookback_s, read->lookback_parameter);
    if (count == 0) {
        doctor_add(doctor, "metrics", DOCTOR_FINDING,
                   "see whether the fleet is new (then wait), and whether its launch "
                   "specifications have Monitoring.Enabled",
                   "%s of AWS/EC2Spot has no point in the last hour", read->metric);
        return;
    }
    int64_t age_s = now_s - points[count - 1].time_s;
    int64_t distance_s = smallest_distance(points, count);
    if (age_s > DELAYED_S)
        doctor_add(
            doctor, "metrics", DOCTOR_FINDING,
            "see whether the fleet is still active: AWS publishes nothing of one that is not",
            "%s was last published %s ago", read->metric, show_duration(age_s, text));
    else if (distance_s != INT64_MAX && distance_s > MINUTE_S && lookback_s < 2 * distance_s)
        doctor_add(doctor, "metrics", DOCTOR_FINDING,
                   "set Monitoring.Enabled in every launch specification of the fleet, or let the "
                   "policy look further back (ballast policy show)",
                   "%s is published every %s, and the policy looks back %s: it often sees nothing",
                   read->metric, show_duration(distance_s, text),
                   show_duration(lookback_s, window));
    else
        doctor_add(doctor, "metrics", DOCTOR_FINE, NULL,
                   "%s: %zu points in the last hour, the newest of %s ago", read->metric, count,
                   show_duration(age_s, text));
}

static bool seen_before(const struct ballast_policy *policy, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (policy->reads[i].kind == BALLAST_READ_METRIC &&
            policy->reads[i].api == policy->reads[index].api &&
            strcmp(policy->reads[i].metric, policy->reads[index].metric) == 0)
            return true;
    }
    return false;
}

void doctor_metrics(struct doctor *doctor)
{
    const struct ballast_policy *policy = doctor->policy->policy;
    int64_t now_s = doctor->client->clock.now_s(doctor->client->clock.context);
    for (size_t i = 0; i < policy->read_count; i++) {
        const struct ballast_read *read = &policy->reads[i];
        if (read->kind != BALLAST_READ_METRIC || seen_before(policy, i))
            continue;
        struct ballast_point points[LOOK_S / MINUTE_S + 2];
        size_t count = 0;
        struct aws_error error;
        struct error err = {0};
        const struct cloud_metric_query query = {.api = read->api,
                                                 .metric = read->metric,
                                                 .statistic = BALLAST_MAXIMUM,
                                                 .period_s = MINUTE_S,
                                                 .start_s =
                                                     timestamp_floor(now_s, MINUTE_S) - LOOK_S,
                                                 .end_s = now_s};
        int status = aws_get_metric(doctor->client, doctor->names->fleet_id, &query, points,
                                    ARRAY_LENGTH(points), &count, &error, &err);
        doctor_called(doctor, "metrics",
                      read->api == BALLAST_GET_METRIC_DATA ? "cloudwatch:GetMetricData"
                                                           : "cloudwatch:GetMetricStatistics",
                      true, status ? &error : NULL, &err);
        if (status)
            continue;
        if (count)
            qsort(points, count, sizeof points[0], by_time);
        judge(doctor, read, points, count, now_s);
    }
}
