/* The points of a metric, whoever keeps them. */
#include "twin/twin_parts.h"

#include "base/timestamp.h"

#include <string.h>

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

/* Exactly the one dimension FleetRequestId: each combination is a metric of its own. */
static bool is_of_fleet(const struct call *call, const struct metric_query *query)
{
    const char *name = "";
    const char *value = "";
    const struct tree *first = query->dimensions;
    return strcmp(query->namespace, "AWS/EC2Spot") == 0 && first && !first->next &&
           tree_text(tree_find(first, "Name"), &name) &&
           tree_text(tree_find(first, "Value"), &value) && strcmp(name, "FleetRequestId") == 0 &&
           strcmp(value, call->twin->names.fleet) == 0;
}

static bool answer_error(struct call *call, const char *code)
{
    if (strcmp(code, "InvalidParameterValue") == 0)
        return call_bad_value(call, "The parameter Period must be a multiple of 60.");
    if (strcmp(code, "InvalidParameterCombination") == 0)
        return call_fail(call, 400, code, "The request asks for too many datapoints.");
    return call_injected(call, code);
}

/* The simulator gives BALLAST_POINTS_MAX at a time: more are asked for in windows, newest first. */
static bool fleet_points(struct call *call, enum ballast_api api, const struct metric_query *query,
                         enum ballast_statistic statistic, bool further, struct points *points)
{
    struct simulation *simulation = call->twin->simulation;
    int64_t own_s = simulation_metric_period(simulation);
    int64_t bucket_s = query->period_s > own_s ? query->period_s : own_s;
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
        size_t room = points->capacity - points->count;
        if (room > BALLAST_POINTS_MAX)
            room = BALLAST_POINTS_MAX;
        simulation_metric(simulation, &asked, further, points->list + points->count, room, &answer);
        if (answer.status == BALLAST_ERROR)
            return answer_error(call, answer.error_code);
        points->count += answer.point_count;
        further = true;
        end_s = start_s;
    }
    return true;
}

bool metric_points(struct call *call, enum ballast_api api, const struct metric_query *query,
                   enum ballast_statistic statistic, bool further, struct points *out_points)
{
    *out_points = (struct points){0};
    if (query->period_s < 60 || query->period_s % 60)
        return call_bad_value(call, "The parameter Period must be a multiple of 60.");
    int64_t most = (query->end_s - query->start_s) / query->period_s + 2;
    if (most > DATAPOINTS_MAX)
        most = DATAPOINTS_MAX;
    out_points->capacity = (size_t)most;
    out_points->list = arena_get(&call->arena, out_points->capacity * sizeof *out_points->list);
    return !is_of_fleet(call, query) ||
           fleet_points(call, api, query, statistic, further, out_points);
}
