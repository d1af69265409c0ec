/* A recording as an account. */
#include "base/decimal.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "policy/spot_pools.h"
#include "record/recorded_rows.h"

#include <stdlib.h>
#include <string.h>

static const char not_recorded[] = "NotRecorded";

int64_t row_micro(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    int64_t micro = 0;
    if (text)
        decimal_parse(text, strlen(text), &micro);
    return micro;
}

static struct series *series_of(struct recorded *recorded, const struct cloud_metric_query *query)
{
    for (size_t i = 0; i < recorded->series_count; i++) {
        if (series_is(&recorded->series[i], query))
            return &recorded->series[i];
    }
    return NULL;
}

void recorded_remember(struct recorded *recorded)
{
    for (size_t i = 0; i < recorded->row.read_count; i++) {
        const struct recorded_read *read = &recorded->row.reads[i];
        if (read->read.kind != BALLAST_READ_METRIC || read->status == BALLAST_ERROR)
            continue;
        struct series *series = series_of(recorded, &read->query);
        if (!series) {
            ARRAY_PUSH(recorded->series, recorded->series_count, recorded->series_capacity,
                       (struct series){0});
            series = &recorded->series[recorded->series_count - 1];
        }
        bool known = read->status == BALLAST_OK;
        series_add(series, &read->query, read->answer.points, known ? read->answer.point_count : 0);
    }
}

static void fail(struct recorded *recorded, struct ballast_answer *out_answer)
{
    recorded->unanswered++;
    *out_answer = (struct ballast_answer){.status = BALLAST_ERROR, .error_code = not_recorded};
}

/* The read that was asked the same, else the widest answered one of this series, else one of it
 * that failed; NULL if it was not asked for. */
static const struct recorded_read *best_read(const struct recorded *recorded,
                                             const struct cloud_metric_query *query)
{
    const struct recorded_read *best = NULL;
    for (size_t i = 0; i < recorded->row.read_count; i++) {
        const struct recorded_read *read = &recorded->row.reads[i];
        const struct cloud_metric_query *asked = &read->query;
        if (read->read.kind != BALLAST_READ_METRIC || asked->period_s != query->period_s ||
            asked->statistic != query->statistic || strcmp(asked->metric, query->metric) != 0)
            continue;
        if (asked->api == query->api && asked->start_s == query->start_s &&
            asked->end_s == query->end_s)
            return read;
        bool better = !best || (best->status == BALLAST_ERROR && read->status != BALLAST_ERROR) ||
                      (read->status != BALLAST_ERROR && asked->start_s < best->query.start_s);
        best = better ? read : best;
    }
    return best;
}

static int newest_first(const void *a, const void *b)
{
    const struct ballast_point *left = a;
    const struct ballast_point *right = b;
    return (left->time_s < right->time_s) - (left->time_s > right->time_s);
}

static void get_metric(const struct cloud_metric_query *query, struct ballast_point *out_points,
                       size_t capacity, struct ballast_answer *out_answer, void *context)
{
    struct recorded *recorded = context;
    const struct recorded_read *read = best_read(recorded, query);
    const struct series *series = series_of(recorded, query);
    int64_t start_s = timestamp_floor(query->start_s, 60);
    size_t count = 0;
    if (read && read->status == BALLAST_ERROR) {
        *out_answer = (struct ballast_answer){.status = BALLAST_ERROR, .error_code = read->error};
        return;
    }
    if (!read || !series || series->from_s > start_s) {
        fail(recorded, out_answer);
        return;
    }
    bool same = read->query.start_s == query->start_s;
    for (size_t i = 0; i < read->answer.point_count && count < capacity; i++) {
        if (same || read->answer.points[i].time_s >= start_s)
            out_points[count++] = read->answer.points[i];
    }
    if (query->start_s < read->query.start_s)
        count = series_older(series, start_s, timestamp_floor(read->query.start_s, 60), out_points,
                             count, capacity);
    if (query->api == BALLAST_GET_METRIC_DATA && read->query.api != query->api)
        qsort(out_points, count, sizeof *out_points, newest_first);
    *out_answer = (struct ballast_answer){
        .status = count ? BALLAST_OK : BALLAST_EMPTY, .points = out_points, .point_count = count};
}

/* The first read of this kind; NULL, answered, where there is none or it has no answer. */
static const struct recorded_read *answered(struct recorded *recorded, enum ballast_read_kind kind,
                                            struct ballast_answer *out_answer)
{
    for (size_t i = 0; i < recorded->row.read_count; i++) {
        const struct recorded_read *read = &recorded->row.reads[i];
        if (read->read.kind != kind)
            continue;
        *out_answer = (struct ballast_answer){
            .status = read->status,
            .error_code = read->status == BALLAST_ERROR ? read->error : NULL};
        return read->status == BALLAST_OK ? read : NULL;
    }
    fail(recorded, out_answer);
    return NULL;
}

static void describe_fleet(struct ballast_fleet *out_fleet, struct ballast_answer *out_answer,
                           void *context)
{
    const struct recorded_read *read = answered(context, BALLAST_READ_FLEET, out_answer);
    if (!read)
        return;
    *out_fleet = read->answer.fleet;
    out_answer->fleet = out_fleet;
}

static void describe_cluster(struct ballast_cluster *out_cluster, struct ballast_answer *out_answer,
                             void *context)
{
    const struct recorded_read *read = answered(context, BALLAST_READ_CLUSTER, out_answer);
    if (!read)
        return;
    *out_cluster = read->answer.cluster;
    out_answer->cluster = out_cluster;
}

static bool describe_spot_prices(struct ballast_spot_price *out_prices, size_t capacity,
                                 struct ballast_answer *out_answer, void *context)
{
    const struct recorded_read *read = answered(context, BALLAST_READ_SPOT_PRICES, out_answer);
    if (!read)
        return false;
    size_t count = read->answer.price_count < capacity ? read->answer.price_count : capacity;
    if (count)
        memcpy(out_prices, read->answer.prices, count * sizeof *out_prices);
    out_answer->spot_prices = out_prices;
    out_answer->spot_price_count = count;
    return spot_pools_distinct(out_prices, count); /* as who recorded them told */
}

static void describe_group(struct ballast_group *out_group, void *context)
{
    const struct recorded *recorded = context;
    *out_group = recorded->row.group;
}

static int64_t now(void *context)
{
    const struct recorded *recorded = context;
    return recorded->row.time_s;
}

static enum cloud_outcome set_desired_capacity(int64_t desired_capacity, bool honor_cooldown,
                                               void *context)
{
    (void)desired_capacity;
    (void)honor_cooldown;
    (void)context;
    return CLOUD_NOT_CALLED;
}

static enum cloud_outcome set_fleet_target(int64_t target_units, void *context)
{
    return set_desired_capacity(target_units, false, context);
}

static void notices(int64_t *out_interruption, int64_t *out_rebalance, void *context)
{
    const struct recorded *recorded = context;
    *out_interruption = recorded->row.interruption_notices;
    *out_rebalance = recorded->row.rebalance_notices;
}

struct cloud recorded_cloud(struct recorded *recorded)
{
    return (struct cloud){.context = recorded,
                          .now = now,
                          .get_metric = get_metric,
                          .describe_fleet = describe_fleet,
                          .describe_group = describe_group,
                          .describe_cluster = describe_cluster,
                          .describe_spot_prices = describe_spot_prices,
                          .set_desired_capacity = set_desired_capacity,
                          .set_fleet_target = set_fleet_target,
                          .notices = notices};
}

int64_t recorded_unanswered(const struct recorded *recorded)
{
    return recorded->unanswered;
}
