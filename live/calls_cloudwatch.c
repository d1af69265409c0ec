#include "live/calls.h"
#include "live/form.h"
#include "live/pages.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct points {
    const char *statistic;
    struct ballast_point *points;
    size_t capacity;
    size_t count;
    bool grows; /* `points` are owned, and may be more */
};

static int add_point(struct points *points, struct ballast_point point, struct error *err)
{
    if (points->grows) {
        ARRAY_PUSH(points->points, points->count, points->capacity, point);
        return STATUS_OK;
    }
    if (points->count == points->capacity)
        return error_set(err, STATUS_FAILURE, "the reply has more points than the time holds");
    points->points[points->count++] = point;
    return STATUS_OK;
}

static int read_datapoints(const struct _xmlNode *result, void *context, struct error *err)
{
    struct points *points = context;
    if (!xml_find(result, "Datapoints"))
        return error_set(err, STATUS_FAILURE, "the reply has no Datapoints");
    int status = STATUS_OK;
    for (const struct _xmlNode *at = xml_find(result, "Datapoints/member"); at && !status;
         at = xml_next(at)) {
        struct ballast_point point;
        if (!xml_time(at, "Timestamp", &point.time_s) ||
            !xml_micro(at, points->statistic, &point.value_micro))
            return error_set(err, STATUS_FAILURE, "the reply has a point without time or value");
        status = add_point(points, point, err);
    }
    return status;
}

/* Times and values are two lists, equally long. */
static int read_lists(const struct _xmlNode *series, struct points *points, struct error *err)
{
    const struct _xmlNode *time = xml_find(series, "Timestamps/member");
    const struct _xmlNode *value = xml_find(series, "Values/member");
    int status = STATUS_OK;
    while (time && value && !status) {
        struct ballast_point point;
        if (!xml_time(time, "", &point.time_s) || !xml_micro(value, "", &point.value_micro))
            return error_set(err, STATUS_FAILURE, "the reply has a point without time or value");
        status = add_point(points, point, err);
        time = xml_next(time);
        value = xml_next(value);
    }
    if (!status && (time || value))
        status = error_set(err, STATUS_FAILURE, "the reply has more times than values, or fewer");
    return status;
}

static int read_results(const struct _xmlNode *result, void *context, struct error *err)
{
    struct points *points = context;
    if (!xml_find(result, "MetricDataResults"))
        return error_set(err, STATUS_FAILURE, "the reply has no MetricDataResults");
    int status = STATUS_OK;
    for (const struct _xmlNode *at = xml_find(result, "MetricDataResults/member"); at && !status;
         at = xml_next(at)) {
        char code[32];
        xml_text(at, "StatusCode", code, sizeof code);
        if (strcmp(code, "Complete") != 0 && strcmp(code, "PartialData") != 0)
            return error_set(err, STATUS_FAILURE, "the reply's StatusCode is \"%s\"", code);
        status = read_lists(at, points, err);
    }
    return status;
}

static void add_statistics(struct text *body, const char *fleet_id,
                           const struct cloud_metric_query *query)
{
    form_begin(body, AWS_CLOUDWATCH, "GetMetricStatistics");
    form_add(body, "Namespace", "AWS/EC2Spot");
    form_add(body, "MetricName", query->metric);
    form_add(body, "Dimensions.member.1.Name", "FleetRequestId");
    form_add(body, "Dimensions.member.1.Value", fleet_id);
    form_add_time(body, "StartTime", query->start_s);
    form_add_time(body, "EndTime", query->end_s);
    form_add_int64(body, "Period", query->period_s);
    form_add(body, "Statistics.member.1", cloud_statistic_name(query->statistic));
}

#define SERIES "MetricDataQueries.member.1."
#define METRIC SERIES "MetricStat.Metric."

static void add_data(struct text *body, const struct aws_series_query *query, bool newest_first)
{
    form_begin(body, AWS_CLOUDWATCH, "GetMetricData");
    form_add(body, SERIES "Id", "m1");
    form_add(body, METRIC "Namespace", query->namespace);
    form_add(body, METRIC "MetricName", query->metric);
    for (size_t i = 0; i < query->dimension_count; i++) {
        char name[96];
        snprintf(name, sizeof name, METRIC "Dimensions.member.%zu.Name", i + 1);
        form_add(body, name, query->dimensions[i].name);
        snprintf(name, sizeof name, METRIC "Dimensions.member.%zu.Value", i + 1);
        form_add(body, name, query->dimensions[i].value);
    }
    form_add_int64(body, SERIES "MetricStat.Period", query->period_s);
    form_add(body, SERIES "MetricStat.Stat", cloud_statistic_name(query->statistic));
    form_add(body, SERIES "ReturnData", "true");
    form_add_time(body, "StartTime", query->start_s);
    form_add_time(body, "EndTime", query->end_s);
    form_add(body, "ScanBy", newest_first ? "TimestampDescending" : "TimestampAscending");
}

int aws_get_metric(struct client *client, const char *fleet_id,
                   const struct cloud_metric_query *query, struct ballast_point *out_points,
                   size_t capacity, size_t *out_count, struct aws_error *out_error,
                   struct error *err)
{
    bool data = query->api == BALLAST_GET_METRIC_DATA;
    struct points points = {.statistic = cloud_statistic_name(query->statistic),
                            .points = out_points,
                            .capacity = capacity};
    const struct aws_dimension fleet = {"FleetRequestId", fleet_id};
    const struct aws_series_query series = {.namespace = "AWS/EC2Spot",
                                            .metric = query->metric,
                                            .dimensions = &fleet,
                                            .dimension_count = 1,
                                            .statistic = query->statistic,
                                            .period_s = query->period_s,
                                            .start_s = query->start_s,
                                            .end_s = query->end_s};
    struct text body = {0};
    if (data)
        add_data(&body, &series, true);
    else
        add_statistics(&body, fleet_id, query);
    const struct paged_call call = {.service = AWS_CLOUDWATCH,
                                    .operation = data ? "GetMetricData" : "GetMetricStatistics",
                                    .body = &body,
                                    .read = data ? read_results : read_datapoints,
                                    .context = &points};
    int status = call_pages(client, &call, out_error, err);
    *out_count = status ? 0 : points.count;
    text_clean_up(&body);
    return status;
}

int aws_get_metric_series(struct client *client, const struct aws_series_query *query,
                          struct ballast_point **out_points, size_t *out_count,
                          struct aws_error *out_error, struct error *err)
{
    struct points points = {.grows = true};
    struct text body = {0};
    add_data(&body, query, false);
    const struct paged_call call = {.service = AWS_CLOUDWATCH,
                                    .operation = "GetMetricData",
                                    .body = &body,
                                    .read = read_results,
                                    .context = &points};
    int status = call_pages(client, &call, out_error, err);
    text_clean_up(&body);
    if (status) {
        free(points.points);
        points = (struct points){0};
    }
    *out_points = points.points;
    *out_count = points.count;
    return status;
}
