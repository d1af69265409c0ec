/* The points of a metric, whoever keeps them. */
#include "twin/twin_parts.h"

#include "base/timestamp.h"

#include <string.h>

enum {
    METRICS_KEPT_S = 16 * 86400, /* more than what the simulator is asked to keep */
    POINTS_IN_ALL = 2000000,     /* of one call */
};

bool metric_statistic(const char *name, enum ballast_statistic *out_statistic)
{
    static const char *const names[BALLAST_STATISTICS] = {
        [BALLAST_MAXIMUM] = "Maximum",          [BALLAST_MINIMUM] = "Minimum",
        [BALLAST_AVERAGE] = "Average",          [BALLAST_SUM] = "Sum",
        [BALLAST_SAMPLE_COUNT] = "SampleCount",
    };
    for (enum ballast_statistic i = 0; i < BALLAST_STATISTICS; i++) {
        if (strcmp(names[i], name) == 0) {
            *out_statistic = i;
            return true;
        }
    }
    return false;
}

/* Exactly the one dimension: each combination is a metric of its own. */
static bool is_of(const struct metric_query *query, const char *namespace, const char *dimension,
                  const char *of)
{
    const char *name = "";
    const char *value = "";
    const struct tree *first = query->dimensions;
    return of && strcmp(query->namespace, namespace) == 0 && first && !first->next &&
           tree_text(tree_find(first, "Name"), &name) &&
           tree_text(tree_find(first, "Value"), &value) && strcmp(name, dimension) == 0 &&
           strcmp(value, of) == 0;
}

static bool is_of_cluster(const struct call *call, const struct metric_query *query,
                          enum watched_metric *out_metric)
{
    *out_metric = strcmp(query->name, "MemoryReservation") == 0 ? WATCHED_MEMORY_RESERVATION
                                                                : WATCHED_CPU_RESERVATION;
    return is_of(query, "AWS/ECS", "ClusterName", call->twin->names.cluster) &&
           strcmp(query->name, watched_metric_names[*out_metric]) == 0;
}

static bool answer_error(struct call *call, const char *code)
{
    if (strcmp(code, "InvalidParameterValue") == 0)
        return call_bad_value(call, "The parameter Period must be a multiple of 60.");
    if (strcmp(code, "InvalidParameterCombination") == 0)
        return call_fail(call, 400, code, "The request asks for too many datapoints.");
    return call_injected(call, code);
}

void put_point(struct put to, const char *name, const struct metric_point *point)
{
    if (point->exact)
        put_micro(to, name, point->micro);
    else
        put_number(to, name, point->number);
}

/* Nothing is known before this, nor after now. Returns false where nothing is left. */
static bool clamp(const struct call *call, struct metric_query *query)
{
    int64_t known_s = call->now_s - METRICS_KEPT_S;
    query->start_s = query->start_s > known_s ? query->start_s : known_s;
    query->end_s = query->end_s <= call->now_s ? query->end_s : call->now_s + 1;
    return query->start_s < query->end_s;
}

static bool make_room(struct call *call, size_t count, struct points *points)
{
    if (count > POINTS_IN_ALL - call->points)
        return call_fail(call, 400, "ValidationError",
                         "The twin gives out no more than %d datapoints to one call.",
                         POINTS_IN_ALL);
    call->points += count;
    points->list = arena_get(&call->arena, count * sizeof *points->list);
    return true;
}

/* The simulator gives BALLAST_POINTS_MAX at a time: more are asked for in windows, newest first. */
static bool fleet_points(struct call *call, enum ballast_api api, const struct metric_query *query,
                         enum ballast_statistic statistic, bool further, struct points *points)
{
    struct simulation *simulation = call->twin->simulation;
    struct ballast_point window[BALLAST_POINTS_MAX];
    int64_t own_s = simulation_metric_period(simulation);
    int64_t bucket_s = query->period_s > own_s ? query->period_s : own_s;
    size_t most = (size_t)((query->end_s - query->start_s) / bucket_s) + 2;
    if (!make_room(call, most, points))
        return false;
    for (int64_t end_s = query->end_s; end_s > query->start_s;) {
        int64_t start_s =
            timestamp_floor(end_s - 1, bucket_s) - (BALLAST_POINTS_MAX - 2) * bucket_s;
        if (start_s < query->start_s)
            start_s = query->start_s;
        const struct cloud_metric_query asked = {.api = api,
                                                 .metric = query->name,
                                                 .statistic = statistic,
                                                 .period_s = query->period_s,
                                                 .start_s = start_s,
                                                 .end_s = end_s};
        struct ballast_answer answer;
        simulation_metric(simulation, &asked, further, window, BALLAST_POINTS_MAX, &answer);
        if (answer.status == BALLAST_ERROR)
            return answer_error(call, answer.error_code);
        for (size_t i = 0; i < answer.point_count && points->count < most; i++)
            points->list[points->count++] =
                (struct metric_point){.time_s = answer.points[i].time_s,
                                      .exact = true,
                                      .micro = answer.points[i].value_micro};
        further = true;
        end_s = start_s;
    }
    return true;
}

/* A call that asks for nothing there can be is a call nevertheless: faults fall on it. */
static bool no_points(struct call *call, enum ballast_api api, bool further)
{
    bool after = false;
    const char *code =
        further ? NULL
                : simulation_fault(call->twin->simulation,
                                   api == BALLAST_GET_METRIC_DATA ? CALL_GET_METRIC_DATA
                                                                  : CALL_GET_METRIC_STATISTICS,
                                   &after);
    return !code || call_injected(call, code);
}

static double value_of(const struct custom_minute *sum, enum ballast_statistic statistic)
{
    switch (statistic) {
    case BALLAST_MAXIMUM:
        return sum->max;
    case BALLAST_MINIMUM:
        return sum->min;
    case BALLAST_AVERAGE:
        return sum->count > 0 ? sum->sum / sum->count : 0;
    case BALLAST_SUM:
        return sum->sum;
    case BALLAST_SAMPLE_COUNT:
    case BALLAST_STATISTICS:
        break;
    }
    return sum->count;
}

/* Newest first. */
static void custom_points(const struct custom_metric *metric, const struct metric_query *query,
                          enum ballast_statistic statistic, struct points *points)
{
    int64_t start_s = timestamp_floor(query->start_s, 60);
    struct custom_minute sum = {.time_s = INT64_MIN};
    for (size_t i = metric->count; i > 0; i--) {
        const struct custom_minute *minute = &metric->minutes[i - 1];
        int64_t stamp_s = timestamp_floor(minute->time_s, query->period_s);
        if (minute->time_s >= query->end_s)
            continue;
        if (minute->time_s < start_s)
            break;
        if (stamp_s != sum.time_s) {
            sum = *minute;
            sum.time_s = stamp_s;
            points->count++;
        } else {
            sum.count += minute->count;
            sum.sum += minute->sum;
            sum.min = minute->min < sum.min ? minute->min : sum.min;
            sum.max = minute->max > sum.max ? minute->max : sum.max;
        }
        points->list[points->count - 1] =
            (struct metric_point){.time_s = stamp_s, .number = value_of(&sum, statistic)};
    }
}

/* Millionths add up without loss in a double as long as they are fewer than 2^53. */
static int64_t whole(double number)
{
    return (int64_t)(number < 0 ? number - 0.5 : number + 0.5);
}

/* The reservation's minutes, folded as those of other metrics, in millionths. */
static bool cluster_points(struct call *call, const struct metric_query *query,
                           enum watched_metric watched, enum ballast_statistic statistic,
                           struct points *points)
{
    const struct simulation *simulation = call->twin->simulation;
    struct reservation_seen seen;
    bool readable = false;
    size_t count = 0;
    while (simulation_reservation(simulation, watched, count, &seen, &readable) &&
           seen.stamp_s >= query->start_s - query->period_s)
        count++;
    struct custom_metric metric = {
        .minutes = arena_get(&call->arena, (count + 1) * sizeof *metric.minutes)};
    for (size_t i = count; i > 0; i--) {
        simulation_reservation(simulation, watched, i - 1, &seen, &readable);
        double micro = (double)seen.percent_micro;
        if (readable)
            metric.minutes[metric.count++] =
                (struct custom_minute){seen.stamp_s, 1, micro, micro, micro};
    }
    if (!make_room(call, metric.count, points))
        return false;
    custom_points(&metric, query, statistic, points);
    for (size_t i = 0; i < points->count; i++) {
        struct metric_point *point = &points->list[i];
        point->exact = statistic != BALLAST_SAMPLE_COUNT;
        point->micro = whole(point->number);
    }
    return true;
}

bool metric_points(struct call *call, enum ballast_api api, const struct metric_query *query,
                   enum ballast_statistic statistic, bool further, struct points *out_points)
{
    *out_points = (struct points){.unit = "None"};
    if (query->period_s < 60 || query->period_s % 60)
        return call_bad_value(call, "The parameter Period must be a multiple of 60.");
    if (is_of(query, "AWS/EC2Spot", "FleetRequestId", call->twin->names.fleet)) {
        struct metric_query known = *query;
        out_points->unit = "Count";
        return clamp(call, &known) ? fleet_points(call, api, &known, statistic, further, out_points)
                                   : no_points(call, api, further);
    }
    enum watched_metric watched = WATCHED_CPU_RESERVATION;
    if (is_of_cluster(call, query, &watched)) {
        out_points->unit = "Percent";
        return cluster_points(call, query, watched, statistic, out_points);
    }
    const char *key = custom_key(call, query->namespace, query->name, query->dimensions);
    const struct custom_metric *metric = key ? custom_find(&call->twin->custom, key) : NULL;
    if (!metric)
        return key;
    out_points->unit = metric->unit;
    if (!make_room(call, metric->count, out_points))
        return false;
    custom_points(metric, query, statistic, out_points);
    return true;
}
