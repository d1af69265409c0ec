/* Answers to queries: which points a call returns, folded to its periods, and in which order. */
#include "metrics.h"

#include "base/decimal.h"
#include "base/timestamp.h"
#include "draw.h"

#include <assert.h>
#include <string.h>

/* Fold a sample into the point of its bucket. Samples come newest first. */
static void fold(struct ballast_point *point, enum ballast_statistic statistic, int64_t value_micro)
{
    switch (statistic) {
    case BALLAST_MAXIMUM:
        point->value_micro = value_micro > point->value_micro ? value_micro : point->value_micro;
        break;
    case BALLAST_MINIMUM:
        point->value_micro = value_micro < point->value_micro ? value_micro : point->value_micro;
        break;
    case BALLAST_AVERAGE: /* a sum until the bucket is complete */
    case BALLAST_SUM:
        point->value_micro += value_micro;
        break;
    case BALLAST_SAMPLE_COUNT:
        point->value_micro += MICRO;
        break;
    case BALLAST_STATISTICS:
        break;
    }
}

static void put_in_order(struct ballast_point *points, size_t count, struct order order)
{
    struct ballast_point copy[BALLAST_POINTS_MAX];
    memcpy(copy, points, count * sizeof *points);
    for (size_t i = 0, from = order.first; i < count; i++) {
        points[i] = copy[from];
        if (order.backward)
            from = from ? from - 1 : count - 1;
        else
            from = from + 1 < count ? from + 1 : 0;
    }
}

/* The order as steps back from the newest point. The step to the next one wraps without a branch,
 * for where it will is drawn anew in every call. */
static inline size_t order_next(struct order order, size_t back, size_t count)
{
    back += order.backward ? count - 1 : 1;
    return back >= count ? back - count : back;
}

/* `count` samples back from `newest`, one point each. */
static void put_samples(const struct metrics *metrics, int metric, size_t newest, size_t count,
                        struct order order, struct ballast_point *out_points)
{
    size_t mask = metrics->capacity - 1;
    size_t back = order.first;
    for (size_t i = 0; i < count; i++) {
        const struct metric_sample *sample = &metrics->ring[(newest - back) & mask];
        out_points[i] = (struct ballast_point){sample->stamp_s, sample->values.micro[metric]};
        back = order_next(order, back, count);
    }
}

/* The same where all of them, a period apart, have one value: nothing need be looked up. */
static void put_alike(const struct metrics *metrics, int metric, size_t newest, size_t count,
                      struct order order, struct ballast_point *out_points)
{
    const struct metric_sample *sample = &metrics->ring[newest & (metrics->capacity - 1)];
    int64_t value_micro = sample->values.micro[metric];
    size_t back = order.first;
    for (size_t i = 0; i < count; i++) {
        int64_t stamp_s = sample->stamp_s - (int64_t)back * metrics->period_s;
        out_points[i] = (struct ballast_point){stamp_s, value_micro};
        back = order_next(order, back, count);
    }
}

/* Where every sample is one point, none is missing, and each becomes readable in its turn, the
 * points asked for are one stretch of the ring (a fleet is active in one stretch of time): written
 * straight in the order drawn. Returns their number. */
static size_t stretch_of_samples(struct metrics *metrics, const struct cloud_metric_query *query,
                                 int metric, int64_t start_s, int64_t now_s,
                                 struct ballast_point *out_points, size_t capacity)
{
    size_t reach = metrics->count < metrics->capacity ? metrics->count : metrics->capacity;
    size_t mask = metrics->capacity - 1;
    size_t newest = metrics->count - 1;
    for (; reach > 0; newest--, reach--) {
        const struct metric_sample *sample = &metrics->ring[newest & mask];
        if (sample->readable_s <= now_s && sample->stamp_s < query->end_s)
            break;
    }
    int64_t newest_s = reach ? metrics->ring[newest & mask].stamp_s : INT64_MIN;
    if (newest_s < start_s)
        return 0;
    size_t count = (size_t)((newest_s - start_s) / metrics->period_s) + 1;
    count = count < reach ? count : reach;
    assert(metrics->ring[(newest - count + 1) & mask].stamp_s ==
           newest_s - (int64_t)(count - 1) * metrics->period_s);
    if (count > capacity)
        return count;
    if (query->read && query->end_s == now_s)
        metric_view_begin(metrics, query, metric, count);
    struct order order = draw_order(query->api, metrics->seed, metric, now_s, count);
    bool alike = metrics->alike_from[metric] + count <= newest + 1;
    (alike ? put_alike : put_samples)(metrics, metric, newest, count, order, out_points);
    return count;
}

/* Where every sample is one point, but not each can be read in its turn, newest first. Returns as
 * collect_periods. */
static size_t collect_samples(const struct metrics *metrics, const struct cloud_metric_query *query,
                              int metric, int64_t start_s, int64_t now_s,
                              struct ballast_point *out_points, size_t capacity)
{
    size_t count = 0;
    const struct metric_sample *sample = NULL;
    for (size_t i = 0; (sample = metrics_back(metrics, i)) && sample->stamp_s >= start_s; i++) {
        int64_t value_micro = sample->values.micro[metric];
        if (sample->stamp_s >= query->end_s || sample->readable_s > now_s ||
            value_micro == BALLAST_UNKNOWN)
            continue;
        if (count == capacity)
            return capacity + 1;
        out_points[count++] = (struct ballast_point){sample->stamp_s, value_micro};
    }
    return count;
}

static int64_t average(int64_t sum_micro, int64_t samples)
{
    return (int64_t)divide_half_even(sum_micro, samples);
}

/* One point per period, newest first: its samples folded, those that can be read. Returns how many,
 * or more than `capacity` if they do not fit. */
static size_t collect_periods(const struct metrics *metrics, const struct cloud_metric_query *query,
                              int metric, int64_t start_s, int64_t now_s,
                              struct ballast_point *out_points, size_t capacity)
{
    int64_t bucket_s = query->period_s > metrics->period_s ? query->period_s : metrics->period_s;
    size_t count = 0;
    int64_t samples = 0; /* in the period being filled */
    const struct metric_sample *sample = NULL;
    for (size_t i = 0; (sample = metrics_back(metrics, i)) && sample->stamp_s >= start_s; i++) {
        if (sample->stamp_s >= query->end_s || sample->readable_s > now_s)
            continue;
        int64_t value_micro = sample->values.micro[metric];
        if (value_micro == BALLAST_UNKNOWN)
            continue;
        int64_t stamp_s = timestamp_floor(sample->stamp_s, bucket_s);
        struct ballast_point *open = count ? &out_points[count - 1] : NULL;
        if (open && open->time_s == stamp_s) {
            fold(open, query->statistic, value_micro);
            samples++;
            continue;
        }
        if (open && query->statistic == BALLAST_AVERAGE)
            open->value_micro = average(open->value_micro, samples);
        if (count == capacity)
            return capacity + 1;
        samples = 1;
        out_points[count++] = (struct ballast_point){
            .time_s = stamp_s,
            .value_micro = query->statistic == BALLAST_SAMPLE_COUNT ? MICRO : value_micro};
    }
    if (count && query->statistic == BALLAST_AVERAGE)
        out_points[count - 1].value_micro = average(out_points[count - 1].value_micro, samples);
    return count;
}

void metrics_look_up(struct metrics *metrics, const struct cloud_metric_query *query, int64_t now_s,
                     struct ballast_point *out_points, size_t capacity,
                     struct ballast_answer *out_answer)
{
    int metric = metrics_index(query->metric);
    *out_answer = (struct ballast_answer){.status = BALLAST_ERROR, .points = out_points};
    if (query->period_s < 60 || query->period_s % 60) {
        out_answer->error_code = "InvalidParameterValue";
        return;
    }
    int64_t start_s = timestamp_floor(query->start_s, 60);
    /* A metric nobody publishes has no points. A statistic of a single sample is the sample. */
    bool single = query->period_s <= metrics->period_s && query->statistic != BALLAST_SAMPLE_COUNT;
    bool in_order = single && metrics->regular;
    size_t count = 0;
    if (metric >= 0 && in_order)
        count = stretch_of_samples(metrics, query, metric, start_s, now_s, out_points, capacity);
    else if (metric >= 0)
        count = (single ? collect_samples : collect_periods)(metrics, query, metric, start_s, now_s,
                                                             out_points, capacity);
    if (count > capacity) {
        out_answer->error_code = "InvalidParameterCombination"; /* more than 1,440 points */
        return;
    }
    if (!in_order)
        put_in_order(out_points, count,
                     draw_order(query->api, metrics->seed, metric, now_s, count));
    out_answer->status = count ? BALLAST_OK : BALLAST_EMPTY;
    out_answer->point_count = count;
}
