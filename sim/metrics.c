#include "metrics.h"

#include "base/decimal.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "draw.h"
#include "faults.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    BASIC_PERIOD_S = 300,   /* assumption: as EC2's basic monitoring */
    DETAILED_PERIOD_S = 60, /* assumption: as EC2's detailed monitoring */
};

static const char *const metric_names[METRICS] = {
    [METRIC_TARGET] = "TargetCapacity",
    [METRIC_PENDING] = "PendingCapacity",
    [METRIC_FULFILLED] = "FulfilledCapacity",
    [METRIC_TERMINATING] = "TerminatingCapacity",
};

void metrics_init(struct metrics *metrics, const struct scenario *scenario, int64_t reach_s)
{
    int64_t period_s = scenario->account.metric_period_s;
    if (period_s == 0)
        period_s = scenario->fleet.detailed_monitoring ? DETAILED_PERIOD_S : BASIC_PERIOD_S;
    const struct faults *faults = &scenario->controller.faults;
    const struct delay *delay = &scenario->account.metric_delay;
    bool known = delay->kind == DELAY_CONSTANT && delay->min_s < METRIC_LATEST_S;
    int64_t latest_s = known ? delay->min_s : METRIC_LATEST_S;
    for (size_t i = 0; i < faults->count; i++)
        latest_s += faults->list[i].kind == FAULT_LATE_METRICS ? faults->list[i].delay_s : 0;
    size_t capacity = 16;
    while (capacity < (size_t)((reach_s + latest_s) / period_s + 16))
        capacity *= 2;
    *metrics = (struct metrics){
        .capacity = capacity,
        .period_s = period_s,
        .seed = scenario->seed,
        .delay = delay,
        .gap_permille = scenario->account.metric_gap_permille,
        .clamp_pending = scenario->account.clamp_pending,
        .faults = faults_touch_points(faults) ? faults : NULL,
    };
    metrics->ring = memory_new(metrics->capacity, sizeof *metrics->ring);
}

void metrics_clean_up(struct metrics *metrics)
{
    free(metrics->ring);
}

int64_t metrics_sample_time(const struct metrics *metrics, int64_t time_s)
{
    return timestamp_floor(time_s, metrics->period_s) + metrics->period_s - 1;
}

/* The faults that fall on a sample: it comes later, or without some of its points. Returns whether
 * any point is left. */
static bool meet_faults(const struct metrics *metrics, struct metric_sample *sample)
{
    const struct faults *faults = metrics->faults;
    bool any = false;
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *fault = &faults->list[i];
        bool late = fault->kind == FAULT_LATE_METRICS;
        if ((!late && fault->kind != FAULT_MISSING_METRICS) ||
            !fault_of_points(faults, i, metrics->seed, sample->stamp_s, metrics->period_s))
            continue;
        sample->readable_s += late ? fault->delay_s : 0;
        for (int metric = 0; metric < METRICS && !late; metric++) {
            if (!fault->metric || strcmp(fault->metric, metric_names[metric]) == 0)
                sample->values.micro[metric] = BALLAST_UNKNOWN;
        }
    }
    for (int metric = 0; metric < METRICS; metric++)
        any = any || sample->values.micro[metric] != BALLAST_UNKNOWN;
    return any;
}

struct metric_values metrics_values(const struct metrics *metrics, int64_t target_micro,
                                    int64_t fulfilled_micro, int64_t terminating_micro)
{
    int64_t pending_micro = target_micro - fulfilled_micro;
    if (metrics->clamp_pending && pending_micro < 0)
        pending_micro = 0;
    return (struct metric_values){{[METRIC_TARGET] = target_micro,
                                   [METRIC_PENDING] = pending_micro,
                                   [METRIC_FULFILLED] = fulfilled_micro,
                                   [METRIC_TERMINATING] = terminating_micro}};
}

int64_t metrics_sample(struct metrics *metrics, int64_t time_s, int64_t target_micro,
                       int64_t fulfilled_micro, int64_t terminating_micro)
{
    int64_t stamp_s = time_s + 1 - metrics->period_s;
    if (draw_chance(metrics->gap_permille, metrics->seed, DRAW_METRIC_GAP, (uint64_t)stamp_s))
        return RECORD_NEVER;
    struct metric_sample *sample = &metrics->ring[metrics->count & (metrics->capacity - 1)];
    *sample = (struct metric_sample){
        .stamp_s = stamp_s,
        .readable_s =
            time_s + 1 +
            draw_delay(metrics->delay, metrics->seed, DRAW_METRIC, (uint64_t)stamp_s, 0, 0),
        .values = metrics_values(metrics, target_micro, fulfilled_micro, terminating_micro),
    };
    if (metrics->faults && !meet_faults(metrics, sample))
        return RECORD_NEVER;
    const struct metric_sample *before = metrics_back(metrics, 0);
    if (!before || before->stamp_s + metrics->period_s != stamp_s)
        metrics->since_s = stamp_s;
    for (int metric = 0; metric < METRICS; metric++) {
        bool same = before && before->values.micro[metric] == sample->values.micro[metric];
        metrics->same[metric] = same ? metrics->same[metric] + 1 : 1;
    }
    metrics->count++;
    return sample->values.micro[METRIC_PENDING] == BALLAST_UNKNOWN ? RECORD_NEVER
                                                                   : sample->readable_s;
}

void metrics_repeat(struct metrics *metrics, int64_t count)
{
    struct metric_sample sample = *metrics_back(metrics, 0);
    for (int metric = 0; metric < METRICS; metric++)
        metrics->same[metric] += (size_t)count;
    int64_t kept = count < (int64_t)metrics->capacity ? count : (int64_t)metrics->capacity;
    sample.stamp_s += (count - kept) * metrics->period_s;
    sample.readable_s += (count - kept) * metrics->period_s;
    metrics->count += (size_t)(count - kept);
    for (int64_t i = 0; i < kept; i++) {
        sample.stamp_s += metrics->period_s;
        sample.readable_s += metrics->period_s;
        metrics->ring[metrics->count++ & (metrics->capacity - 1)] = sample;
    }
}

const struct metric_sample *metrics_newest(const struct metrics *metrics, int64_t now_s)
{
    const struct metric_sample *sample = NULL;
    for (size_t i = 0; (sample = metrics_back(metrics, i)); i++) {
        if (sample->readable_s <= now_s && sample->values.micro[METRIC_PENDING] != BALLAST_UNKNOWN)
            return sample;
    }
    return NULL;
}

int metrics_index(const char *name)
{
    for (int i = 0; i < METRICS; i++) {
        /* Equal texts of one program are one text, more often than not. */
        if (name == metric_names[i] ||
            (name[0] == metric_names[i][0] && strcmp(metric_names[i], name) == 0))
            return i;
    }
    return -1;
}

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

/* The order in which a call returns its points: from `first` (counted from the newest) on, round
 * and round. GetMetricStatistics promises none: the first one is uniform over all, which is what a
 * reader who takes the first one depends on. */
struct order {
    size_t first;
    bool backward;
};

static struct order draw_order(const struct metrics *metrics, enum ballast_api api, int metric,
                               int64_t now_s, size_t count)
{
    if (api != BALLAST_GET_METRIC_STATISTICS || count < 2)
        return (struct order){0};
    uint64_t luck = draw_hash(metrics->seed, (uint64_t)now_s, (uint64_t)(metric + 1));
    return (struct order){.first = (size_t)(((uint128)luck * count) >> 64), .backward = luck & 1};
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
static size_t stretch_of_samples(const struct metrics *metrics,
                                 const struct cloud_metric_query *query, int metric,
                                 int64_t start_s, int64_t now_s, struct ballast_point *out_points,
                                 size_t capacity)
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
    struct order order = draw_order(metrics, query->api, metric, now_s, count);
    bool alike = metrics->same[metric] >= metrics->count - 1 - newest + count;
    (alike ? put_alike : put_samples)(metrics, metric, newest, count, order, out_points);
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

void metrics_query(const struct metrics *metrics, const struct cloud_metric_query *query,
                   int64_t now_s, struct ballast_point *out_points, size_t capacity,
                   struct ballast_answer *out_answer)
{
    *out_answer = (struct ballast_answer){.status = BALLAST_ERROR, .points = out_points};
    int metric = metrics_index(query->metric);
    if (query->period_s < 60 || query->period_s % 60) {
        out_answer->error_code = "InvalidParameterValue";
        return;
    }
    int64_t start_s = timestamp_floor(query->start_s, 60);
    /* A metric nobody publishes has no points. A statistic of a single sample is the sample. */
    bool single =
        query->period_s <= metrics->period_s && query->statistic != BALLAST_SAMPLE_COUNT &&
        metrics->delay->kind == DELAY_CONSTANT && metrics->gap_permille == 0 && !metrics->faults;
    size_t count = 0;
    if (metric >= 0)
        count = (single ? stretch_of_samples : collect_periods)(metrics, query, metric, start_s,
                                                                now_s, out_points, capacity);
    if (count > capacity) {
        out_answer->error_code = "InvalidParameterCombination"; /* more than 1,440 points */
        return;
    }
    if (!single)
        put_in_order(out_points, count, draw_order(metrics, query->api, metric, now_s, count));
    out_answer->status = count ? BALLAST_OK : BALLAST_EMPTY;
    out_answer->point_count = count;
}
