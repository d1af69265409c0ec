/* `controller.faults`. */
#include "scenario/faults.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "scenario/parts.h"
#include "scenario/writer.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    FAULTS_MAX = 100,
    TIMES_MAX = 10000,
    PERMILLE = 1000,
    TIMEOUT_MAX_S = 900, /* of a Lambda function */
};

const char *const fault_kind_names[] = {
    "api-error",       "invocation-dropped", "duplicate-invocation",
    "function-error",  "function-timeout",   "late-metrics",
    "missing-metrics", "metric-order",       NULL};

const char *const fault_call_names[] = {"every call",
                                        "GetMetricStatistics",
                                        "GetMetricData",
                                        "DescribeSpotFleetRequests",
                                        "DescribeAutoScalingGroups",
                                        "DescribeClusters",
                                        "DescribeSpotPriceHistory",
                                        "SetDesiredCapacity",
                                        "ModifySpotFleetRequest",
                                        NULL};

static const char *const metric_names[] = {"TargetCapacity", "PendingCapacity", "FulfilledCapacity",
                                           "TerminatingCapacity", NULL};
static const char *const order_names[] = {"newest-first", "oldest-first", NULL};

/* What each kind takes beside `kind` and when it happens. */
#define WHEN "kind", "at", "permille", "from", "to"
static const char *const kind_keys[FAULT_KINDS][9] = {
    [FAULT_API_ERROR] = {WHEN, "call", "code", "after_effect", NULL},
    [FAULT_INVOCATION_DROPPED] = {WHEN, NULL},
    [FAULT_DUPLICATE_INVOCATION] = {WHEN, "after_s", NULL},
    [FAULT_FUNCTION_ERROR] = {WHEN, "retried", NULL},
    [FAULT_FUNCTION_TIMEOUT] = {WHEN, "after_s", "retried", NULL},
    [FAULT_LATE_METRICS] = {WHEN, "delay_s", NULL},
    [FAULT_MISSING_METRICS] = {WHEN, "metric", NULL},
    [FAULT_METRIC_ORDER] = {WHEN, "order", NULL},
};

void faults_clean_up(struct faults *faults)
{
    for (size_t i = 0; i < faults->count; i++) {
        free(faults->list[i].at_s);
        free(faults->list[i].code);
    }
    free(faults->list);
    free(faults->json);
    *faults = (struct faults){0};
}

int64_t fault_next_s(const struct fault *fault, int64_t time_s, int64_t span_s)
{
    if (!fault->at_s) {
        int64_t first_s = time_s < fault->from_s ? fault->from_s : time_s;
        return first_s < fault->to_s ? first_s : INT64_MAX;
    }
    /* The first time given that lies in this span or later. */
    int64_t start_s = timestamp_floor(time_s, span_s);
    size_t low = 0;
    size_t high = fault->at_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (fault->at_s[middle] < start_s)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == fault->at_count)
        return INT64_MAX;
    int64_t first_s = timestamp_floor(fault->at_s[low], span_s);
    return first_s < time_s ? time_s : first_s;
}

bool fault_is_due(const struct fault *fault, int64_t time_s, int64_t span_s)
{
    return fault_next_s(fault, time_s, span_s) == time_s;
}

/* ---- reading ------------------------------------------------------------------------------------
 */

static int read_times(struct reader *reader, const cJSON *node, struct fault *fault)
{
    int status = reader_list(reader, node, TIMES_MAX);
    if (status)
        return status;
    if (!node->child)
        return reader_fail(reader, node, "must not be empty: leave it out for \"by chance\"");
    fault->at_s = memory_new((size_t)cJSON_GetArraySize(node), sizeof *fault->at_s);
    for (const cJSON *item = node->child; item && !status; item = item->next) {
        int64_t time_s = 0;
        status = reader_time(reader, item, &time_s);
        if (!status && fault->at_count && time_s <= fault->at_s[fault->at_count - 1])
            status = reader_fail(reader, item, "is not later than the one before");
        if (!status)
            fault->at_s[fault->at_count++] = time_s;
    }
    return status;
}

static int read_when(struct reader *reader, const cJSON *node, struct fault *fault)
{
    const cJSON *at = member(node, "at");
    const cJSON *permille = member(node, "permille");
    const cJSON *from = member(node, "from");
    const cJSON *to = member(node, "to");
    const cJSON *other = permille ? permille : from ? from : to;
    if (at && other)
        return reader_fail(reader, other,
                           "stands beside \"at\": a fault falls on given times or "
                           "by chance within [from, to), not both");
    int status = at ? read_times(reader, at, fault) : STATUS_OK;
    if (!status && permille)
        status = reader_int64(reader, permille, 1, PERMILLE, &fault->permille);
    if (!status && from)
        status = reader_time(reader, from, &fault->from_s);
    if (!status && to)
        status = reader_time(reader, to, &fault->to_s);
    if (!status && fault->from_s >= fault->to_s)
        status = reader_fail(reader, to, "must be later than \"from\"");
    return status;
}

static int read_api_error(struct reader *reader, const cJSON *node, struct fault *fault)
{
    const cJSON *call = member(node, "call");
    const cJSON *code = member(node, "code");
    const cJSON *after = member(node, "after_effect");
    const char *text = "Throttling";
    int index = 0;
    int status = call ? reader_word(reader, call, fault_call_names + 1, &index) : STATUS_OK;
    if (!status && call)
        fault->call = (enum fault_call)(index + 1);
    if (!status && code)
        status = reader_string(reader, code, &text);
    if (!status)
        fault->code = memory_copy_text(text);
    if (!status && after)
        status = reader_bool(reader, after, &fault->after_effect);
    if (!status && fault->after_effect && call && fault->call < CALL_SET_DESIRED_CAPACITY)
        status = reader_fail(reader, after, "%s changes nothing: name a call that does",
                             fault_call_names[fault->call]);
    return status;
}

static int read_required_s(struct reader *reader, const cJSON *node, const char *key, int64_t min_s,
                           int64_t max_s, int64_t *out_s)
{
    const cJSON *value = member(node, key);
    if (!value)
        return reader_fail(reader, node, "no \"%s\": add it", key);
    return reader_int64(reader, value, min_s, max_s, out_s);
}

/* What the kind takes. */
static int read_details(struct reader *reader, const cJSON *node, struct fault *fault)
{
    const cJSON *metric = member(node, "metric");
    const cJSON *order = member(node, "order");
    const cJSON *retried = member(node, "retried");
    int index = 0;
    int status = STATUS_OK;
    switch (fault->kind) {
    case FAULT_API_ERROR:
        return read_api_error(reader, node, fault);
    case FAULT_DUPLICATE_INVOCATION:
        return read_required_s(reader, node, "after_s", 0, DELAY_MAX_S, &fault->delay_s);
    case FAULT_FUNCTION_TIMEOUT:
        status = read_required_s(reader, node, "after_s", 1, TIMEOUT_MAX_S, &fault->delay_s);
        return !status && retried ? reader_bool(reader, retried, &fault->retried) : status;
    case FAULT_FUNCTION_ERROR:
        return retried ? reader_bool(reader, retried, &fault->retried) : status;
    case FAULT_LATE_METRICS:
        return read_required_s(reader, node, "delay_s", 1, DELAY_MAX_S, &fault->delay_s);
    case FAULT_MISSING_METRICS:
        status = metric ? reader_word(reader, metric, metric_names, &index) : STATUS_OK;
        fault->metric = metric && !status ? metric_names[index] : NULL;
        return status;
    case FAULT_METRIC_ORDER:
        if (!order)
            return reader_fail(reader, node, "no \"order\": add it");
        status = reader_word(reader, order, order_names, &index);
        fault->oldest_first = index == 1;
        return status;
    case FAULT_INVOCATION_DROPPED:
        break;
    }
    return status;
}

static void note_never(struct reader *reader, const struct fault *fault, size_t index)
{
    const struct scenario *scenario = reader->scenario;
    bool falls = fault->from_s < scenario->to_s && fault->to_s > scenario->from_s;
    if (fault->at_s)
        falls =
            fault->at_s[0] < scenario->to_s && fault->at_s[fault->at_count - 1] >= scenario->from_s;
    if (!falls)
        add_note(reader->scenario, true,
                 "controller.faults[%zu] (%s) lies outside the run: it never happens", index,
                 fault_kind_names[fault->kind]);
}

static int read_fault(struct reader *reader, const cJSON *node, struct fault *fault)
{
    *fault = (struct fault){
        .permille = PERMILLE, .retried = true, .from_s = INT64_MIN, .to_s = INT64_MAX};
    int status = reader_object(reader, node);
    if (status)
        return status;
    const cJSON *kind = member(node, "kind");
    if (!kind)
        return reader_fail(reader, node, "no \"kind\": add it, such as \"%s\"",
                           fault_kind_names[0]);
    int index = 0;
    status = reader_word(reader, kind, fault_kind_names, &index);
    if (!status)
        status = reader_keys(reader, node, kind_keys[index]);
    if (status)
        return status;
    fault->kind = (enum fault_kind)index;
    status = read_when(reader, node, fault);
    return status ? status : read_details(reader, node, fault);
}

/* ---- the canonical list -------------------------------------------------------------------------
 */

static void add_time(struct text *json, const char *before, int64_t time_s)
{
    char time[TIMESTAMP_TEXT_SIZE];
    text_addf(json, "%s\"%s\"", before, timestamp_format(time_s, time));
}

static void add_when(struct text *json, const struct fault *fault)
{
    if (fault->at_s) {
        for (size_t i = 0; i < fault->at_count; i++)
            add_time(json, i ? "," : ",\"at\":[", fault->at_s[i]);
        text_add(json, "]");
        return;
    }
    text_addf(json, ",\"permille\":%" PRId64, fault->permille);
    if (fault->from_s != INT64_MIN)
        add_time(json, ",\"from\":", fault->from_s);
    if (fault->to_s != INT64_MAX)
        add_time(json, ",\"to\":", fault->to_s);
}

static void add_details(struct text *json, const struct fault *fault)
{
    switch (fault->kind) {
    case FAULT_API_ERROR:
        if (fault->call != CALL_ANY)
            text_addf(json, ",\"call\":\"%s\"", fault_call_names[fault->call]);
        text_add(json, ",\"code\":");
        text_add_json_string(json, fault->code);
        text_addf(json, ",\"after_effect\":%s", fault->after_effect ? "true" : "false");
        break;
    case FAULT_DUPLICATE_INVOCATION:
        text_addf(json, ",\"after_s\":%" PRId64, fault->delay_s);
        break;
    case FAULT_FUNCTION_TIMEOUT:
        text_addf(json, ",\"after_s\":%" PRId64, fault->delay_s);
        text_addf(json, ",\"retried\":%s", fault->retried ? "true" : "false");
        break;
    case FAULT_FUNCTION_ERROR:
        text_addf(json, ",\"retried\":%s", fault->retried ? "true" : "false");
        break;
    case FAULT_LATE_METRICS:
        text_addf(json, ",\"delay_s\":%" PRId64, fault->delay_s);
        break;
    case FAULT_MISSING_METRICS:
        if (fault->metric)
            text_addf(json, ",\"metric\":\"%s\"", fault->metric);
        break;
    case FAULT_METRIC_ORDER:
        text_addf(json, ",\"order\":\"%s\"", order_names[fault->oldest_first]);
        break;
    case FAULT_INVOCATION_DROPPED:
        break;
    }
}

static char *list_json(const struct faults *faults)
{
    struct text json = {0};
    for (size_t i = 0; i < faults->count; i++) {
        text_addf(&json, "%s{\"kind\":\"%s\"", i ? "," : "[",
                  fault_kind_names[faults->list[i].kind]);
        add_details(&json, &faults->list[i]);
        add_when(&json, &faults->list[i]);
        text_add(&json, "}");
    }
    text_add(&json, "]");
    return json.data;
}

int read_faults(struct reader *reader)
{
    const cJSON *node = reader_at(reader, "controller.faults");
    struct faults *faults = &reader->scenario->controller.faults;
    if (!node)
        return STATUS_OK;
    int status = reader_list(reader, node, FAULTS_MAX);
    if (status || !node->child)
        return status;
    faults->list = memory_new((size_t)cJSON_GetArraySize(node), sizeof *faults->list);
    for (const cJSON *item = node->child; item && !status; item = item->next) {
        status = read_fault(reader, item, &faults->list[faults->count]);
        if (!status)
            note_never(reader, &faults->list[faults->count], faults->count);
        faults->count++;
    }
    if (status)
        return status;
    faults->json = list_json(faults);
    add_note(reader->scenario, true,
             "faults are injected into the controller's world (controller.faults): %zu of them",
             faults->count);
    return STATUS_OK;
}

void write_faults(struct writer *writer)
{
    const struct faults *faults = &writer->reader->scenario->controller.faults;
    if (!faults->count)
        return;
    const cJSON *given = reader_at(writer->reader, "controller.faults");
    char *summary = memory_format("%zu faults", faults->count);
    write_long(writer, "faults", faults->json, summary, given);
    free(summary);
}
