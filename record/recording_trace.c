#include "record/recording_trace.h"
#include "record/watched.h"

#include "base/decimal.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "traces/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t most_required_micro = INT64_C(100000) * MICRO;

bool recording_file_is(const char *path)
{
    enum { HEADER = 72, APPLICATION_AT = 68 };
    static const char magic[] = "SQLite format 3";
    unsigned char header[HEADER];
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    bool whole = fread(header, 1, HEADER, file) == HEADER;
    fclose(file);
    uint32_t application = 0;
    for (int i = 0; whole && i < 4; i++)
        application = application << 8 | header[APPLICATION_AT + i];
    return whole && memcmp(header, magic, sizeof magic) == 0 &&
           application == RESULTS_APPLICATION_ID;
}

/* ---- what the evaluations tell ----------------------------------------------------------------
 */

/* A target that was seen. */
struct seen_target {
    int64_t time_s;
    int64_t micro;
    int64_t evaluation; /* from 1 */
};

/* What a target was seen by; the first that saw any is believed. */
enum source { FROM_FLEET = 0, FROM_MAXIMUM, FROM_AVERAGE, FROM_MINIMUM, SOURCES };

struct seen_price {
    struct price_record record;
    int64_t evaluation;
};

struct told {
    struct seen_target *targets[SOURCES];
    size_t target_counts[SOURCES];
    size_t target_capacities[SOURCES];
    struct seen_price *prices;
    size_t price_count;
    size_t price_capacity;
    const char *product;
    int64_t evaluation;
};

static void see_target(struct told *told, enum source source, int64_t time_s, int64_t micro)
{
    const struct seen_target target = {time_s, micro, told->evaluation};
    ARRAY_PUSH(told->targets[source], told->target_counts[source], told->target_capacities[source],
               target);
}

static void see_metric(struct told *told, const struct recorded_read *read)
{
    static const enum source sources[BALLAST_STATISTICS] = {
        [BALLAST_MAXIMUM] = FROM_MAXIMUM, [BALLAST_AVERAGE] = FROM_AVERAGE,
        [BALLAST_MINIMUM] = FROM_MINIMUM, [BALLAST_SUM] = SOURCES,
        [BALLAST_SAMPLE_COUNT] = SOURCES,
    };
    enum source source = sources[read->query.statistic];
    if (strcmp(read->metric, "TargetCapacity") != 0 || source == SOURCES)
        return;
    for (size_t i = 0; i < read->answer.point_count; i++)
        see_target(told, source, read->answer.points[i].time_s, read->answer.points[i].value_micro);
}

static void see_prices(struct told *told, const struct recorded_read *read)
{
    for (size_t i = 0; i < read->answer.price_count; i++) {
        const struct ballast_spot_price *price = &read->answer.prices[i];
        struct seen_price seen = {
            .record = {.time_s = price->time_s, .micro_usd_per_hour = price->micro_usd_per_hour},
            .evaluation = told->evaluation};
        snprintf(seen.record.zone, sizeof seen.record.zone, "%s", price->zone);
        snprintf(seen.record.instance_type, sizeof seen.record.instance_type, "%s",
                 price->instance_type);
        snprintf(seen.record.product, sizeof seen.record.product, "%s", told->product);
        ARRAY_PUSH(told->prices, told->price_count, told->price_capacity, seen);
    }
}

static void see(struct told *told, const struct recorded_evaluation *evaluation)
{
    told->evaluation++;
    told->product = evaluation->settings->product;
    for (size_t i = 0; i < evaluation->read_count; i++) {
        const struct recorded_read *read = &evaluation->reads[i];
        if (read->status != BALLAST_OK)
            continue;
        if (read->read.kind == BALLAST_READ_METRIC)
            see_metric(told, read);
        else if (read->read.kind == BALLAST_READ_FLEET)
            see_target(told, FROM_FLEET, evaluation->time_s, read->answer.fleet.target_micro);
        else if (read->read.kind == BALLAST_READ_SPOT_PRICES)
            see_prices(told, read);
    }
}

static void see_watched(const struct price_record *price, void *context)
{
    struct told *told = context;
    const struct seen_price seen = {.record = *price, .evaluation = told->evaluation};
    ARRAY_PUSH(told->prices, told->price_count, told->price_capacity, seen);
}

static int by_time(const void *a, const void *b)
{
    const struct seen_target *left = a;
    const struct seen_target *right = b;
    if (left->time_s != right->time_s)
        return left->time_s < right->time_s ? -1 : 1;
    return (left->evaluation > right->evaluation) - (left->evaluation < right->evaluation);
}

static int by_market(const void *a, const void *b)
{
    const struct price_record *left = &((const struct seen_price *)a)->record;
    const struct price_record *right = &((const struct seen_price *)b)->record;
    int order = strcmp(left->zone, right->zone);
    if (!order)
        order = strcmp(left->instance_type, right->instance_type);
    if (!order)
        order = strcmp(left->product, right->product);
    if (!order)
        order = (left->time_s > right->time_s) - (left->time_s < right->time_s);
    if (!order)
        order = (left->micro_usd_per_hour > right->micro_usd_per_hour) -
                (left->micro_usd_per_hour < right->micro_usd_per_hour);
    return order;
}

/* ---- to the importer --------------------------------------------------------------------------
 */

/* The last of each second. */
static int tell_targets(struct told *told, const struct record_receiver *receiver,
                        struct hash *hash)
{
    int source = 0;
    while (source < SOURCES && told->target_counts[source] == 0)
        source++;
    if (source == SOURCES)
        return STATUS_OK;
    struct seen_target *targets = told->targets[source];
    size_t count = told->target_counts[source];
    int status = STATUS_OK;
    qsort(targets, count, sizeof *targets, by_time);
    for (size_t i = 0; !status && i < count; i++) {
        if (i + 1 < count && targets[i + 1].time_s == targets[i].time_s)
            continue;
        hash_add_int64(hash, targets[i].time_s);
        hash_add_int64(hash, targets[i].micro);
        const struct demand_record record = {.time_s = targets[i].time_s,
                                             .required_micro = targets[i].micro};
        if (targets[i].micro < 0 || targets[i].micro > most_required_micro)
            status = receiver->refused(targets[i].evaluation,
                                       "a target capacity is not from 0 to 100,000 units",
                                       receiver->context);
        else
            status = receiver->demand(&record, targets[i].evaluation, receiver->context);
    }
    return status;
}

static const char *fault_of(const struct price_record *record)
{
    struct price_record checked;
    char price[DECIMAL_TEXT_SIZE];
    char time[TIMESTAMP_TEXT_SIZE];
    decimal_format(record->micro_usd_per_hour, price);
    timestamp_format(record->time_s, time);
#define FIELD(text) ((struct field){(text), strlen(text)})
    return row_price(&checked, FIELD(record->zone), FIELD(record->instance_type),
                     FIELD(record->product), FIELD(price), FIELD(time));
#undef FIELD
}

/* Each once: evaluations see a price again and again. */
static int tell_prices(struct told *told, const struct record_receiver *receiver, struct hash *hash)
{
    int status = STATUS_OK;
    if (told->price_count)
        qsort(told->prices, told->price_count, sizeof *told->prices, by_market);
    for (size_t i = 0; !status && i < told->price_count; i++) {
        const struct price_record *record = &told->prices[i].record;
        if (i && by_market(&told->prices[i - 1], &told->prices[i]) == 0)
            continue;
        hash_add_string(hash, record->zone);
        hash_add_string(hash, record->instance_type);
        hash_add_string(hash, record->product);
        hash_add_int64(hash, record->time_s);
        hash_add_int64(hash, record->micro_usd_per_hour);
        const char *fault = fault_of(record);
        if (fault)
            status = receiver->refused(told->prices[i].evaluation, fault, receiver->context);
        else
            status = receiver->price(record, told->prices[i].evaluation, receiver->context);
    }
    return status;
}

struct source_file {
    struct results *results;
    struct recorded *recorded;
};

/* The numbers of the account's recordings: "3,4". */
static void list_recordings(const struct recorded *recorded, struct text *out_list)
{
    size_t count = 0;
    const struct recorded_settings *settings = recorded_settings(recorded, &count);
    for (size_t i = 0; i < count; i++)
        text_addf(out_list, "%s%lld", i ? "," : "", (long long)settings[i].recording);
}

static int tell(const struct record_receiver *receiver, char out_hash[HASH_TEXT_SIZE],
                struct error *err, void *context)
{
    const struct source_file *file = context;
    struct recorded *recorded = file->recorded;
    struct text recordings = {0};
    list_recordings(recorded, &recordings);
    struct told told = {0};
    const struct recorded_evaluation *evaluation = NULL;
    struct hash *hash = hash_new();
    hash_add_string(hash, "recording");
    int status = recorded_next(recorded, &evaluation, err);
    while (!status && evaluation) {
        see(&told, evaluation);
        status = recorded_next(recorded, &evaluation, err);
    }
    if (!status)
        status = watched_each_price(file->results, recordings.data, see_watched, &told, err);
    if (!status)
        status = tell_targets(&told, receiver, hash);
    if (!status)
        status = tell_prices(&told, receiver, hash);
    if (!status)
        status = watched_tell(file->results, recordings.data, receiver, hash, err);
    text_clean_up(&recordings);
    hash_finish(hash, out_hash);
    for (int i = 0; i < SOURCES; i++)
        free(told.targets[i]);
    free(told.prices);
    return status;
}

int recording_import(sqlite3 *database, const char *database_path, const char *file,
                     const struct recorded_choice *choice, const struct import_options *options,
                     struct import_report *out_report, struct error *err)
{
    struct results *results = NULL;
    struct recorded *recorded = NULL;
    *out_report = (struct import_report){.kind = KIND_RECORDING};
    int status = results_open(&results, file, false, err);
    if (!status)
        status = recorded_open(&recorded, results, choice, err);
    if (!status) {
        struct source_file source = {results, recorded};
        const struct record_teller teller = {KIND_RECORDING, tell, &source};
        status =
            trace_import_told(database, database_path, file, options, &teller, out_report, err);
    }
    recorded_close(recorded);
    results_close(results);
    return status;
}
