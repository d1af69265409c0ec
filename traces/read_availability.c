/* Series of how many instances could be had, or were running, at each tick:
 * {"metadata": {"gap_seconds": N}, "data": [n, ...]}. */
#include "traces/reader.h"

#include <string.h>

enum { GAP_MAX_S = 86400 };
static const int64_t last_second_s = INT64_C(253402300799); /* of the year 9999 */

struct series {
    const struct json_document *document;
    const struct facts *facts;
    const struct record_receiver *receiver;
    struct error *err;
    int64_t gap_s;
    int64_t ticks;
};

bool availability_is(struct field start)
{
    static const char *const keys[] = {"metadata", "data", NULL};
    return document_starts_with(start, keys);
}

/* The limit that holds from this tick on, if it is another than before. */
static int limit_at(const struct series *series, int64_t tick, int64_t value, int64_t previous)
{
    const struct facts *facts = series->facts;
    if (tick && value == previous)
        return STATUS_OK;
    struct capacity_step step = {.time_s = facts->start_s + tick * series->gap_s,
                                 .zone = (char *)(uintptr_t)facts->zone,
                                 .instance_type = (char *)(uintptr_t)facts->instance_type,
                                 .instances = value < facts->probed ? value : CAPACITY_UNLIMITED};
    return series->receiver->capacity(&step, 1, series->receiver->context);
}

/* A fall of the number that is up is so many lost of those that were. */
static int loss_at(const struct series *series, int64_t tick, int64_t value, int64_t previous)
{
    const struct facts *facts = series->facts;
    if (facts->polarity == POLARITY_PREEMPTED) {
        value = facts->probed - value;
        previous = facts->probed - previous;
    }
    if (tick == 0 || value >= previous)
        return STATUS_OK;
    struct interruption_step step = {.time_s = facts->start_s + tick * series->gap_s,
                                     .zone = (char *)(uintptr_t)facts->zone,
                                     .instance_type = (char *)(uintptr_t)facts->instance_type,
                                     .instances = previous - value,
                                     .of = previous};
    return series->receiver->interruption(&step, 1, series->receiver->context);
}

static int read_ticks(struct series *series, const cJSON *data)
{
    const struct facts *facts = series->facts;
    bool limits = facts->polarity == POLARITY_AVAILABLE;
    int64_t max = facts->polarity == POLARITY_UP && !facts->probed ? PROBED_MAX : facts->probed;
    int64_t previous = 0;
    int status = STATUS_OK;
    for (const cJSON *node = data->child; node && !status; node = node->next) {
        int64_t value = 0;
        status = json_int64(series->document, node, 0, max, &value, series->err);
        if (!status)
            status = limits ? limit_at(series, series->ticks, value, previous)
                            : loss_at(series, series->ticks, value, previous);
        previous = value;
        series->ticks++;
    }
    return status;
}

static int read_series(struct series *series)
{
    const struct json_document *document = series->document;
    const struct facts *facts = series->facts;
    const cJSON *metadata = cJSON_GetObjectItemCaseSensitive(document->root, "metadata");
    const cJSON *gap = cJSON_GetObjectItemCaseSensitive(metadata, "gap_seconds");
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(document->root, "data");
    if (!gap)
        return json_fail(document, document->root, series->err,
                         "no metadata.gap_seconds: the time between two values is not known");
    if (!cJSON_IsArray(data) || !data->child)
        return json_fail(document, data ? data : document->root, series->err,
                         "no list \"data\" with a value in it");
    int status = json_int64(document, gap, 1, GAP_MAX_S, &series->gap_s, series->err);
    if (!status &&
        (last_second_s - facts->start_s) / series->gap_s < (int64_t)cJSON_GetArraySize(data))
        status = json_fail(document, data, series->err, "goes on beyond the year 9999");
    if (!status)
        status = read_ticks(series, data);
    if (status)
        return status;
    struct trace_coverage known = {
        .what = facts->polarity == POLARITY_AVAILABLE ? COVERS_CAPACITY : COVERS_INTERRUPTIONS,
        .first_s = facts->start_s,
        .end_s = facts->start_s + series->ticks * series->gap_s,
    };
    memcpy(known.zone, facts->zone, NAME_LIMIT);
    memcpy(known.instance_type, facts->instance_type, NAME_LIMIT);
    return series->receiver->coverage(&known, series->receiver->context);
}

int reader_availability(struct input *input, const struct facts *facts,
                        const struct record_receiver *receiver, struct error *err)
{
    static const enum fact needed[] = {FACT_ZONE, FACT_TYPE, FACT_START, FACT_POLARITY, FACT_COUNT};
    static const enum fact needed_probed[] = {FACT_ZONE,     FACT_TYPE,   FACT_START,
                                              FACT_POLARITY, FACT_PROBED, FACT_COUNT};
    /* Of instances up it need not be known how many were wanted. */
    bool up = facts->stated[FACT_POLARITY] && facts->polarity == POLARITY_UP;
    int status =
        facts_need(facts, input->name, "an availability series", up ? needed : needed_probed, err);
    if (status)
        return status;
    struct json_document document;
    status = reader_document(input, &document, err);
    if (!status) {
        struct series series = {
            .document = &document, .facts = facts, .receiver = receiver, .err = err};
        status = read_series(&series);
    }
    json_clean_up(&document);
    return status;
}
