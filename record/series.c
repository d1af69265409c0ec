#include "record/series.h"

#include "base/memory.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT_S = 2 * 86400 }; /* more than any policy looks back */

bool series_is(const struct series *series, const struct cloud_metric_query *query)
{
    return series->period_s == query->period_s && series->statistic == query->statistic &&
           strcmp(series->metric, query->metric) == 0;
}

/* Where a point of this stamp stands or would. */
static size_t place(const struct series *series, int64_t time_s)
{
    size_t at = series->count;
    while (at > 0 && series->points[at - 1].time_s >= time_s)
        at--;
    return at;
}

static void put(struct series *series, struct ballast_point point)
{
    size_t at = place(series, point.time_s);
    if (at == series->count || series->points[at].time_s != point.time_s) {
        ARRAY_PUSH(series->points, series->count, series->capacity, point);
        memmove(&series->points[at + 1], &series->points[at],
                (series->count - 1 - at) * sizeof *series->points);
    }
    series->points[at] = point;
}

static void forget_before(struct series *series, int64_t time_s)
{
    size_t gone = place(series, time_s);
    if (gone)
        memmove(series->points, &series->points[gone],
                (series->count - gone) * sizeof *series->points);
    series->count -= gone;
    if (series->from_s < time_s)
        series->from_s = time_s;
}

void series_add(struct series *series, const struct cloud_metric_query *query,
                const struct ballast_point *points, size_t count)
{
    int64_t start_s = timestamp_floor(query->start_s, 60);
    if (!series->period_s) {
        snprintf(series->metric, sizeof series->metric, "%s", query->metric);
        series->statistic = query->statistic;
        series->period_s = query->period_s;
        series->from_s = start_s;
    } else if (start_s > series->to_s) {
        series->count = 0;
        series->from_s = start_s;
    } else if (start_s < series->from_s) {
        series->from_s = start_s;
    }
    if (query->end_s > series->to_s)
        series->to_s = query->end_s;
    for (size_t i = 0; i < count; i++)
        put(series, points[i]);
    if (series->count > 2 * KEPT_S / 60)
        forget_before(series, series->to_s - KEPT_S);
}

size_t series_older(const struct series *series, int64_t start_s, int64_t before_s,
                    struct ballast_point *out_points, size_t count, size_t capacity)
{
    for (size_t i = place(series, before_s); i > 0 && count < capacity; i--) {
        if (series->points[i - 1].time_s < start_s)
            break;
        out_points[count++] = series->points[i - 1];
    }
    return count;
}

void series_clean_up(struct series *series)
{
    free(series->points);
    *series = (struct series){0};
}
