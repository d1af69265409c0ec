/* ballast trace fetch --demand: a metric of CloudWatch as a demand series. */
#include "base/decimal.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "policy/cloud.h"
#include "trace.h"
#include "trace_fetch.h"
#include "traces/fetched.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DAY_S = 86400,
    UNSETTLED_S = 600, /* younger points may still change */
    PIECE_POINTS = 1440,
    EDGE_S = 3600, /* kept away from where AWS forgets */
    PERCENT = 100,
    DIMENSIONS_MAX = 30, /* of a metric (AWS quota) */
};

static const int64_t most_required_micro = INT64_C(100000) * MICRO;

/* How long CloudWatch keeps points of a period. */
struct level {
    int64_t period_s;
    int64_t kept_s;
};

static const struct level levels[] = {
    {60, 15 * DAY_S}, {300, 63 * DAY_S}, {3600, 455 * (int64_t)DAY_S}};
enum { LEVELS = ARRAY_LENGTH(levels) };

/* ---- which metric -----------------------------------------------------------------------------
 */

struct metric {
    struct aws_series_query query; /* without its times */
    struct aws_dimension dimensions[DIMENSIONS_MAX];
    char *names[DIMENSIONS_MAX]; /* of dimensions that the options say, owned */
    bool percent;                /* of what the fleet has */
    char *series;                /* the demand's name */
};

static void clean_up(struct metric *metric)
{
    for (size_t i = 0; i < DIMENSIONS_MAX; i++)
        free(metric->names[i]);
    free(metric->series);
}

static bool is_reservation(const char *name)
{
    return strcmp(name, "CPUReservation") == 0 || strcmp(name, "MemoryReservation") == 0;
}

static int find_statistic(const char *name, enum ballast_statistic *out_statistic,
                          struct error *err)
{
    for (int i = 0; i < BALLAST_STATISTICS; i++) {
        *out_statistic = (enum ballast_statistic)i;
        if (strcmp(cloud_statistic_name(*out_statistic), name) == 0)
            return STATUS_OK;
    }
    return error_set(err, STATUS_BAD_INPUT,
                     "--statistic %.40s: there are Average, Maximum, Minimum, Sum, SampleCount",
                     name);
}

int fetch_demand_check(const struct fetch_request *request, struct error *err)
{
    enum ballast_statistic statistic = BALLAST_AVERAGE;
    const char *names[] = {request->demand_name, request->cluster, request->namespace};
    static const char *const options[] = {"demand-name", "cluster", "namespace"};
    for (size_t i = 0; i < ARRAY_LENGTH(names) && !request->demand; i++) {
        if (names[i])
            return error_set(err, STATUS_BAD_INPUT, "--%s is of a demand: name its --demand METRIC",
                             options[i]);
    }
    if (!request->demand)
        return STATUS_OK;
    for (size_t i = 0; i < request->dimensions.count; i++) {
        const char *equals = strchr(request->dimensions.values[i], '=');
        if (!equals || equals == request->dimensions.values[i] || !equals[1])
            return error_set(err, STATUS_BAD_INPUT, "--dimension %.80s: write it NAME=VALUE",
                             request->dimensions.values[i]);
    }
    if (request->dimensions.count > DIMENSIONS_MAX)
        return error_set(err, STATUS_BAD_INPUT, "--dimension: a metric has at most %d",
                         DIMENSIONS_MAX);
    if (request->dimensions.count && !request->namespace)
        return error_set(err, STATUS_BAD_INPUT, "--dimension: name the metric's --namespace too");
    if (request->namespace && request->cluster)
        return error_set(err, STATUS_BAD_INPUT,
                         "--namespace and --cluster: a cluster's metrics are in AWS/ECS; give one "
                         "of the two");
    if (request->cluster && !is_reservation(request->demand))
        return error_set(err, STATUS_BAD_INPUT,
                         "--demand %.80s: of a cluster, only CPUReservation and MemoryReservation "
                         "say how much is asked for",
                         request->demand);
    if (!request->namespace && !request->fleet)
        return error_set(err, STATUS_BAD_INPUT, "--demand %.80s: of which fleet? Name it: --fleet",
                         request->demand);
    return find_statistic(request->statistic, &statistic, err);
}

/* What fetch_demand_check let pass. */
static void make_metric(const struct fetch_request *request, struct metric *metric)
{
    struct aws_series_query *query = &metric->query;
    struct error err;
    query->metric = request->demand;
    query->dimensions = metric->dimensions;
    query->dimension_count = 1;
    (void)find_statistic(request->statistic, &query->statistic, &err);
    if (request->namespace) {
        query->namespace = request->namespace;
        query->dimension_count = request->dimensions.count;
        for (size_t i = 0; i < request->dimensions.count; i++) {
            const char *said = request->dimensions.values[i];
            const char *equals = strchr(said, '=');
            metric->names[i] = memory_copy_bytes(said, (size_t)(equals - said));
            metric->dimensions[i] = (struct aws_dimension){metric->names[i], equals + 1};
        }
    } else if (request->cluster) {
        query->namespace = "AWS/ECS";
        metric->dimensions[0] = (struct aws_dimension){"ClusterName", request->cluster};
        metric->percent = true;
    } else {
        query->namespace = "AWS/EC2Spot";
        metric->dimensions[0] = (struct aws_dimension){"FleetRequestId", request->fleet};
    }
    metric->series = request->demand_name ? memory_copy_text(request->demand_name)
                                          : memory_format("%s of %s", request->demand,
                                                          request->namespace ? request->namespace
                                                          : request->cluster ? request->cluster
                                                                             : request->fleet);
}

/* ---- one piece --------------------------------------------------------------------------------
 */

struct piece {
    const struct metric *metric;
    int64_t period_s;
    struct ballast_point *points;
    size_t count;
    struct ballast_point *fulfilled; /* by time; of a percentage */
    size_t fulfilled_count;
};

static int by_time(const void *a, const void *b)
{
    const struct ballast_point *x = a;
    const struct ballast_point *y = b;
    return (x->time_s > y->time_s) - (x->time_s < y->time_s);
}

/* The units that a point stands for; NULL, or why that cannot be told. */
static const char *units(const struct piece *piece, const struct ballast_point *point,
                         int64_t *out_micro)
{
    *out_micro = point->value_micro;
    if (piece->metric->percent) {
        const struct ballast_point *of = NULL;
        if (piece->fulfilled_count)
            of = bsearch(point, piece->fulfilled, piece->fulfilled_count, sizeof *point, by_time);
        if (!of)
            return "there is no FulfilledCapacity of this time: of what the percentage is, is not "
                   "known";
        *out_micro = (int64_t)divide_half_even((int128)point->value_micro * of->value_micro,
                                               (int128)PERCENT * MICRO);
    }
    return *out_micro < 0 || *out_micro > most_required_micro ? "it is not from 0 to 100,000 units"
                                                              : NULL;
}

static int tell(const struct record_receiver *receiver, char out_hash[HASH_TEXT_SIZE],
                struct error *err, void *context)
{
    (void)err;
    const struct piece *piece = context;
    struct hash *hash = hash_new();
    int status = STATUS_OK;
    hash_add_string(hash, piece->metric->series);
    hash_add_int64(hash, piece->period_s);
    for (size_t i = 0; !status && i < piece->count; i++) {
        struct demand_record record = {.time_s = piece->points[i].time_s};
        const char *fault = units(piece, &piece->points[i], &record.required_micro);
        hash_add_int64(hash, record.time_s);
        hash_add_int64(hash, record.required_micro);
        status = fault ? receiver->refused((int64_t)i + 1, fault, receiver->context)
                       : receiver->demand(&record, (int64_t)i + 1, receiver->context);
    }
    hash_finish(hash, out_hash);
    return status;
}

static int ask(struct fetch *fetch, const struct aws_series_query *query,
               struct ballast_point **out_points, size_t *out_count, struct error *err)
{
    struct aws_error error;
    int status =
        aws_get_metric_series(&fetch->session.client, query, out_points, out_count, &error, err);
    if (status)
        return fetch_failed(&error, "cloudwatch:GetMetricData", err);
    if (*out_count)
        qsort(*out_points, *out_count, sizeof **out_points, by_time);
    return STATUS_OK;
}

/* Fetched, then stored in one transaction. */
static int fetch_piece(struct fetch *fetch, const struct metric *metric, int64_t period_s,
                       int64_t start_s, int64_t end_s, struct error *err)
{
    struct piece piece = {.metric = metric, .period_s = period_s};
    struct aws_series_query query = metric->query;
    query.period_s = period_s;
    query.start_s = start_s;
    query.end_s = end_s;
    int status = ask(fetch, &query, &piece.points, &piece.count, err);
    if (!status && piece.count && metric->percent) {
        const struct aws_dimension fleet = {"FleetRequestId", fetch->request->fleet};
        query.namespace = "AWS/EC2Spot";
        query.metric = "FulfilledCapacity";
        query.dimensions = &fleet;
        query.dimension_count = 1;
        status = ask(fetch, &query, &piece.fulfilled, &piece.fulfilled_count, err);
    }
    char from[TIMESTAMP_TEXT_SIZE];
    char *source = memory_format(
        "%s %s, %s of %" PRId64 " s, from %s", fetch->session.settings.region, metric->series,
        cloud_statistic_name(metric->query.statistic), period_s, timestamp_format(start_s, from));
    const struct record_teller teller = {KIND_METRIC, tell, &piece};
    if (!status && piece.count)
        status = fetch_store(fetch, source, metric->series, &teller, err);
    free(source);
    free(piece.points);
    free(piece.fulfilled);
    return status;
}

/* ---- all of it --------------------------------------------------------------------------------
 */

/* From when on points of this level are there: a whole hour, well within what AWS keeps. */
static int64_t edge_of(const struct fetch *fetch, size_t level)
{
    return timestamp_floor(fetch->now_s - levels[level].kept_s, EDGE_S) + 2 * EDGE_S;
}

static int64_t round_up(int64_t time_s, int64_t step_s)
{
    return timestamp_floor(time_s + step_s - 1, step_s);
}

static int find_start(struct fetch *fetch, const struct metric *metric, int64_t *out_start_s,
                      int64_t *out_known_s, struct error *err)
{
    int64_t oldest_s = edge_of(fetch, LEVELS - 1);
    int64_t start_s = INT64_MIN;
    int status = fetched_demand_until(fetch->database, fetch->request->into, metric->series,
                                      out_known_s, err);
    if (!status && fetch->request->since)
        status = trace_option_time("since", fetch->request->since, &start_s, err);
    else if (*out_known_s != INT64_MIN)
        start_s = *out_known_s + 1;
    *out_start_s = start_s > oldest_s ? start_s : oldest_s;
    return status;
}

static int fetch_pieces(struct fetch *fetch, const struct metric *metric, int64_t from_s,
                        int64_t until_s, struct error *err)
{
    int status = STATUS_OK;
    int64_t at_s = from_s;
    fetch_progress(fetch, metric->series, 0, (until_s - from_s) / DAY_S);
    while (!status && at_s < until_s) {
        size_t level = 0;
        while (level < LEVELS - 1 && at_s < edge_of(fetch, level))
            level++;
        int64_t period_s = levels[level].period_s;
        at_s = round_up(at_s, period_s);
        int64_t end_s = at_s + PIECE_POINTS * period_s;
        int64_t last_s = level > 0 ? edge_of(fetch, level - 1) : until_s;
        last_s = last_s < until_s ? last_s : until_s;
        end_s = end_s < last_s ? end_s : last_s;
        if (at_s < end_s)
            status = fetch_piece(fetch, metric, period_s, at_s, end_s, err);
        at_s = end_s > at_s ? end_s : at_s;
        fetch_progress(fetch, metric->series, (at_s - from_s) / DAY_S, (until_s - from_s) / DAY_S);
    }
    return status;
}

static int nothing_there(const struct fetch *fetch, const struct metric *metric, int64_t from_s,
                         struct error *err)
{
    const struct aws_series_query *query = &metric->query;
    char since[TIMESTAMP_TEXT_SIZE];
    return error_set(err, STATUS_BAD_INPUT,
                     "CloudWatch in %s has no point of %.80s %.80s by %.80s %.120s since %s: are "
                     "metric, dimensions and region right?",
                     fetch->session.settings.region, query->namespace, query->metric,
                     query->dimension_count ? query->dimensions[0].name : "no dimension",
                     query->dimension_count ? query->dimensions[0].value : "",
                     timestamp_format(from_s, since));
}

int fetch_demand(struct fetch *fetch, struct error *err)
{
    struct metric metric = {0};
    int64_t known_s = INT64_MIN;
    int64_t from_s = 0;
    int64_t until_s = timestamp_floor(fetch->now_s - UNSETTLED_S, levels[0].period_s);
    int64_t before = fetch->taken + fetch->duplicate + fetch->refused;
    make_metric(fetch->request, &metric);
    int status = find_start(fetch, &metric, &from_s, &known_s, err);
    if (!status)
        status = fetch_pieces(fetch, &metric, from_s, until_s, err);
    if (!status && known_s == INT64_MIN &&
        fetch->taken + fetch->duplicate + fetch->refused == before)
        status = nothing_there(fetch, &metric, from_s, err);
    if (!status && from_s < until_s) {
        char from[TIMESTAMP_TEXT_SIZE];
        char until[TIMESTAMP_TEXT_SIZE];
        printf("demand \"%s\": asked for from %s to %s\n", metric.series,
               timestamp_format(from_s, from), timestamp_format(until_s, until));
    }
    clean_up(&metric);
    return status;
}
