/* CloudWatch: PutMetricData and ListMetrics. */
#include "twin/custom.h"
#include "twin/twin_parts.h"

#include "base/memory.h"

#include <stdio.h>
#include <string.h>

enum {
    DATA_MAX = 1000,     /* metrics of one PutMetricData (AWS quota) */
    VALUES_MAX = 150,    /* values of one metric (AWS quota) */
    PAST_S = 14 * 86400, /* a timestamp may be as old as this, */
    FUTURE_S = 2 * 3600, /* or as far ahead (documented) */
    LISTED_MAX = 500,    /* metrics of one page */
};

/* ---- PutMetricData ------------------------------------------------------------------------------
 */

/* AWS takes no infinities, and nothing that is no number. */
static bool read_number(struct call *call, const struct tree *leaf, double *out_value)
{
    if (!tree_number(leaf, out_value) || !(*out_value > -1e300 && *out_value < 1e300))
        return call_bad_value(call, "A value of MetricData is no number that is taken.");
    return true;
}

static void take(struct custom_minute *minute, double value, double count)
{
    minute->min = minute->count == 0 || value < minute->min ? value : minute->min;
    minute->max = minute->count == 0 || value > minute->max ? value : minute->max;
    minute->count += count;
    minute->sum += value * count;
}

/* Values, and how often each: Counts, where given. */
static bool read_values(struct call *call, const struct tree *datum, struct custom_minute *minute)
{
    const struct tree *values = NULL;
    const struct tree *counts = NULL;
    size_t number = 0;
    if (!call_list(call, datum, "Values", &values) || !call_list(call, datum, "Counts", &counts))
        return false;
    bool counted = counts;
    for (; values; values = values->next) {
        double value = 0;
        double count = 1;
        if (++number > VALUES_MAX || (counted && !counts))
            return call_bad_value(call, "Values are at most 150, and Counts as many as Values.");
        if (!read_number(call, values, &value) || (counted && !read_number(call, counts, &count)))
            return false;
        take(minute, value, count);
        counts = counts ? counts->next : NULL;
    }
    return !counts || call_bad_value(call, "Counts are as many as Values.");
}

static bool read_statistics(struct call *call, const struct tree *set, struct custom_minute *minute)
{
    return read_number(call, tree_find(set, "SampleCount"), &minute->count) &&
           read_number(call, tree_find(set, "Sum"), &minute->sum) &&
           read_number(call, tree_find(set, "Minimum"), &minute->min) &&
           read_number(call, tree_find(set, "Maximum"), &minute->max);
}

struct datum {
    const char *key;
    const char *unit;
    struct custom_minute minute;
};

static bool read_datum(struct call *call, const char *namespace, const struct tree *said,
                       struct datum *datum)
{
    const struct tree *dimensions = NULL;
    const char *name = "";
    *datum = (struct datum){.unit = "None", .minute = {.time_s = call->now_s}};
    struct custom_minute *minute = &datum->minute;
    if (!call_need(call, said, "MetricName") || !call_text(call, said, "MetricName", &name) ||
        !call_list(call, said, "Dimensions", &dimensions) ||
        !call_text(call, said, "Unit", &datum->unit) ||
        !call_time(call, said, "Timestamp", &minute->time_s))
        return false;
    if (minute->time_s < call->now_s - PAST_S || minute->time_s > call->now_s + FUTURE_S)
        return call_bad_value(call, "The parameter Timestamp must be within the past two weeks and "
                                    "the next two hours.");
    datum->key = custom_key(call, namespace, name, dimensions);
    if (!datum->key)
        return false;
    const struct tree *value = tree_find(said, "Value");
    const struct tree *set = tree_find(said, "StatisticValues");
    double number = 0;
    if (set)
        return read_statistics(call, set, minute);
    if (!value)
        return read_values(call, said, minute) &&
               (minute->count > 0 ||
                call_fail(call, 400, "InvalidParameterCombination",
                          "MetricData needs Value, Values or StatisticValues."));
    if (!read_number(call, value, &number))
        return false;
    take(minute, number, 1);
    return true;
}

bool cloudwatch_put_metric_data(struct call *call)
{
    struct custom_metrics *custom = &call->twin->custom;
    const struct tree *data = NULL;
    const char *namespace = "";
    size_t count = 0;
    if (!call_need(call, call->input, "Namespace") ||
        !call_text(call, call->input, "Namespace", &namespace) ||
        !call_list(call, call->input, "MetricData", &data))
        return false;
    if (strncmp(namespace, "AWS/", 4) == 0)
        return call_bad_value(call, "The value AWS/ for parameter Namespace is invalid.");
    struct datum *read = arena_get(&call->arena, DATA_MAX * sizeof *read);
    /* All of it, or nothing. */
    for (const struct tree *at = data; at; at = at->next) {
        if (count == DATA_MAX)
            return call_bad_value(call, "MetricData are at most %d.", DATA_MAX);
        if (!read_datum(call, namespace, at, &read[count++]))
            return false;
    }
    if (count == 0)
        return call_need(call, call->input, "MetricData") &&
               call_bad_value(call, "MetricData is empty.");
    for (size_t i = 0; i < count; i++) {
        struct custom_metric *metric = custom_make(custom, read[i].key);
        snprintf(metric->unit, sizeof metric->unit, "%s", read[i].unit);
        if (!custom_add(custom, metric, call->now_s, &read[i].minute))
            return call_fail(call, 400, "LimitExceeded", "The twin keeps no more metrics.");
    }
    return true;
}

/* ---- ListMetrics --------------------------------------------------------------------------------
 */

struct listing {
    const char *namespace; /* "": any */
    const char *name;
    const struct tree *dimensions;
    struct page page;
    size_t seen;
};

/* Each dimension asked for is there, with that value where one was given. */
static bool has_dimensions(const struct tree *asked, const char *const *dimensions, size_t count)
{
    for (const struct tree *at = asked; at; at = at->next) {
        const char *name = "";
        const char *value = NULL;
        tree_text(tree_find(at, "Name"), &name);
        tree_text(tree_find(at, "Value"), &value);
        size_t i = 0;
        while (i < count && (strcmp(dimensions[2 * i], name) != 0 ||
                             (value && strcmp(dimensions[2 * i + 1], value) != 0)))
            i++;
        if (i == count)
            return false;
    }
    return true;
}

static void list_metric(struct listing *listing, struct put list, const char *namespace,
                        const char *name, const char *const *dimensions, size_t dimension_count)
{
    const struct page *page = &listing->page;
    if ((*listing->namespace && strcmp(listing->namespace, namespace) != 0) ||
        (*listing->name && strcmp(listing->name, name) != 0) ||
        !has_dimensions(listing->dimensions, dimensions, dimension_count) ||
        listing->seen++ < page->from || listing->seen > page->from + page->limit)
        return;
    struct put item = put_object(list, NULL);
    put_text(item, "Namespace", namespace);
    put_text(item, "MetricName", name);
    struct put put = put_list(item, "Dimensions");
    for (size_t i = 0; i < dimension_count; i++) {
        struct put dimension = put_object(put, NULL);
        put_text(dimension, "Name", dimensions[2 * i]);
        put_text(dimension, "Value", dimensions[2 * i + 1]);
    }
}

bool cloudwatch_list_metrics(struct call *call)
{
    static const char *const of_fleet[] = {"FulfilledCapacity", "PendingCapacity", "TargetCapacity",
                                           "TerminatingCapacity"};
    const struct custom_metrics *custom = &call->twin->custom;
    struct listing listing = {.namespace = "", .name = ""};
    if (!call_text(call, call->input, "Namespace", &listing.namespace) ||
        !call_text(call, call->input, "MetricName", &listing.name) ||
        !call_list(call, call->input, "Dimensions", &listing.dimensions) ||
        !call_page(call, "", LISTED_MAX, 1, LISTED_MAX, "NextToken", &listing.page))
        return false;
    struct put list = put_list(call->output, "Metrics");
    const char *const fleet[] = {"FleetRequestId", call->twin->names.fleet};
    for (size_t i = 0; i < ARRAY_LENGTH(of_fleet); i++)
        list_metric(&listing, list, "AWS/EC2Spot", of_fleet[i], fleet, 1);
    const char *const cluster[] = {"ClusterName", call->twin->names.cluster};
    struct reservation_seen seen;
    bool readable = false;
    for (int i = 0; i < WATCHED_TARGET_CAPACITY; i++) {
        if (cluster[1] && simulation_reservation(call->twin->simulation, (enum watched_metric)i, 0,
                                                 &seen, &readable))
            list_metric(&listing, list, "AWS/ECS", watched_metric_names[i], cluster, 1);
    }
    for (size_t i = 0; i < custom->count; i++) {
        const struct custom_metric *metric = &custom->list[i];
        list_metric(&listing, list, metric->namespace, metric->name, metric->dimensions,
                    metric->dimension_count);
    }
    if (listing.seen > listing.page.from + listing.page.limit)
        call_put_token(call, "NextToken", &listing.page, listing.page.from + listing.page.limit);
    return true;
}
