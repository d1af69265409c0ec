/* CloudWatch: GetMetricStatistics and GetMetricData. */
#include "twin/twin_parts.h"

#include <inttypes.h>
#include <string.h>

static bool need_all(struct call *call, const struct tree *object, const char *const *names)
{
    for (; *names; names++) {
        if (!call_need(call, object, *names))
            return false;
    }
    return true;
}

/* ---- GetMetricStatistics ------------------------------------------------------------------------
 */

static bool read_query(struct call *call, struct metric_query *query)
{
    static const char *const needed[] = {"Namespace", "MetricName", "StartTime",
                                         "EndTime",   "Period",     NULL};
    const struct tree *input = call->input;
    if (!need_all(call, input, needed) || !call_text(call, input, "Namespace", &query->namespace) ||
        !call_text(call, input, "MetricName", &query->name) ||
        !call_list(call, input, "Dimensions", &query->dimensions) ||
        !call_time(call, input, "StartTime", &query->start_s) ||
        !call_time(call, input, "EndTime", &query->end_s) ||
        !call_int64(call, input, "Period", 1, 86400 * 365, &query->period_s))
        return false;
    if (query->start_s >= query->end_s)
        return call_fail(call, 400, "InvalidParameterCombination",
                         "The parameter StartTime must be less than the parameter EndTime.");
    int64_t points = (query->end_s - query->start_s) / query->period_s;
    if (points > BALLAST_POINTS_MAX)
        return call_fail(call, 400, "InvalidParameterCombination",
                         "You have requested up to %" PRId64
                         " datapoints, which exceeds the limit of 1,440.",
                         points);
    return true;
}

static const struct metric_point *point_at(const struct points *points, int64_t time_s)
{
    for (size_t i = 0; i < points->count; i++) {
        if (points->list[i].time_s == time_s)
            return &points->list[i];
    }
    return NULL;
}

enum { STATISTICS_MAX = 5 };

bool cloudwatch_get_metric_statistics(struct call *call)
{
    struct metric_query query = {0};
    const struct tree *statistics = NULL;
    const char *unit = NULL;
    const char *names[STATISTICS_MAX];
    struct points points[STATISTICS_MAX];
    size_t count = 0;
    if (!read_query(call, &query) || !call_list(call, call->input, "Statistics", &statistics) ||
        !call_text(call, call->input, "Unit", &unit))
        return false;
    if (!statistics)
        return call_fail(call, 400, "MissingParameter",
                         "The request must contain the parameter Statistics; percentiles "
                         "(ExtendedStatistics) are not kept.");
    for (const struct tree *at = statistics; at; at = at->next) {
        enum ballast_statistic statistic = BALLAST_MAXIMUM;
        if (count == STATISTICS_MAX || !tree_text(at, &names[count]) ||
            !metric_statistic(names[count], &statistic))
            return call_bad_value(call,
                                  "The parameter Statistics names no statistic, or too many.");
        if (!metric_points(call, BALLAST_GET_METRIC_STATISTICS, &query, statistic, count > 0,
                           &points[count]))
            return false;
        count++;
    }
    put_text(call->output, "Label", query.name);
    if (unit && strcmp(unit, points[0].unit) != 0)
        points[0].count = 0;
    struct put list = put_list(call->output, "Datapoints");
    for (size_t i = 0; i < points[0].count; i++) {
        int64_t time_s = points[0].list[i].time_s;
        struct put item = put_object(list, NULL);
        call_put_time(call, item, "Timestamp", time_s);
        for (size_t s = 0; s < count; s++) {
            const struct metric_point *point = point_at(&points[s], time_s);
            if (point)
                put_point(item, names[s], point);
        }
        put_text(item, "Unit", points[0].unit);
    }
    return true;
}

/* ---- GetMetricData ------------------------------------------------------------------------------
 */

enum { QUERIES_MAX = 500 };

/* One of the queries, and what it found. */
struct result {
    const char *id;
    const char *label;
    bool returned;
    struct points points;
};

static bool read_stat(struct call *call, const struct tree *said, struct metric_query *query,
                      struct result *result, bool further)
{
    static const char *const needed[] = {"Metric", "Period", "Stat", NULL};
    const struct tree *stat = tree_find(said, "MetricStat");
    const struct tree *metric = tree_find(stat, "Metric");
    const char *name = "";
    enum ballast_statistic statistic = BALLAST_MAXIMUM;
    query->namespace = query->name = "";
    if (!stat)
        return call_fail(call, 400, "ValidationError",
                         "The twin computes no expressions: a query needs MetricStat.");
    if (!need_all(call, stat, needed) || !call_text(call, metric, "Namespace", &query->namespace) ||
        !call_text(call, metric, "MetricName", &query->name) ||
        !call_list(call, metric, "Dimensions", &query->dimensions) ||
        !call_int64(call, stat, "Period", 1, 86400 * 365, &query->period_s) ||
        !call_text(call, stat, "Stat", &name))
        return false;
    if (!metric_statistic(name, &statistic))
        return call_fail(call, 400, "ValidationError",
                         "The value %.32s for parameter MetricStat.Stat is not supported.", name);
    result->label = query->name;
    return call_text(call, said, "Label", &result->label) &&
           metric_points(call, BALLAST_GET_METRIC_DATA, query, statistic, further, &result->points);
}

static bool read_results(struct call *call, struct result *results, size_t *out_count,
                         bool first_page)
{
    struct metric_query query = {0};
    const struct tree *queries = NULL;
    static const char *const needed[] = {"StartTime", "EndTime", NULL};
    if (!need_all(call, call->input, needed) ||
        !call_list(call, call->input, "MetricDataQueries", &queries) ||
        !call_time(call, call->input, "StartTime", &query.start_s) ||
        !call_time(call, call->input, "EndTime", &query.end_s))
        return false;
    if (query.start_s >= query.end_s)
        return call_fail(call, 400, "ValidationError",
                         "The parameter StartTime must be less than the parameter EndTime.");
    for (const struct tree *at = queries; at; at = at->next) {
        if (*out_count == QUERIES_MAX)
            return call_fail(call, 400, "ValidationError", "There are more than 500 queries.");
        struct result *result = &results[(*out_count)++];
        *result = (struct result){.id = "", .returned = true};
        if (!call_need(call, at, "Id") || !call_text(call, at, "Id", &result->id) ||
            !call_bool(call, at, "ReturnData", &result->returned) ||
            !read_stat(call, at, &query, result, !first_page))
            return false;
    }
    if (!queries)
        return call_fail(call, 400, "ValidationError", "There are no MetricDataQueries.");
    return true;
}

/* Points [from, to) of all results one after the other are this page's. */
static void put_result(struct call *call, struct put list, const struct result *result,
                       size_t before, const struct page *page, bool ascending)
{
    size_t count = result->points.count;
    size_t from = page->from > before ? page->from - before : 0;
    size_t to = page->from + page->limit > before ? page->from + page->limit - before : 0;
    to = to < count ? to : count;
    if (from >= to && !(count == 0 && page->from <= before))
        return;
    struct put item = put_object(list, NULL);
    put_text(item, "Id", result->id);
    put_text(item, "Label", result->label);
    struct put times = put_list(item, "Timestamps");
    struct put values = put_list(item, "Values");
    for (size_t i = from; i < to; i++) {
        const struct metric_point *point = &result->points.list[ascending ? count - 1 - i : i];
        call_put_time(call, times, NULL, point->time_s);
        put_point(values, NULL, point);
    }
    put_text(item, "StatusCode", to < count ? "PartialData" : "Complete");
}

bool cloudwatch_get_metric_data(struct call *call)
{
    struct page page;
    const char *order = "TimestampDescending";
    size_t count = 0;
    size_t all = 0;
    if (!call_page(call, "MaxDatapoints", DATAPOINTS_MAX, 1, DATAPOINTS_MAX, "NextToken", &page) ||
        !call_text(call, call->input, "ScanBy", &order))
        return false;
    struct result *results = arena_get(&call->arena, QUERIES_MAX * sizeof *results);
    if (!read_results(call, results, &count, page.from == 0))
        return false;
    struct put list = put_list(call->output, "MetricDataResults");
    for (size_t i = 0; i < count; i++) {
        if (!results[i].returned)
            continue;
        put_result(call, list, &results[i], all, &page, strcmp(order, "TimestampAscending") == 0);
        all += results[i].points.count;
    }
    put_list(call->output, "Messages");
    if (page.from + page.limit < all)
        call_put_token(call, "NextToken", &page, page.from + page.limit);
    return true;
}
