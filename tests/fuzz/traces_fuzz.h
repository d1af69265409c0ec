/* What the fuzzers of the trace readers share: a receiver that checks whatever a reader lets
 * through, and a run over bytes. */
#ifndef TESTS_TRACES_FUZZ_H
#define TESTS_TRACES_FUZZ_H

#include "traces/reader.h"

#include <stdlib.h>
#include <string.h>

/* Wrong whatever the input was. */
static inline void must(bool holds)
{
    if (!holds)
        abort();
}

static inline void must_be_name(const char *name, bool blanks)
{
    size_t length = strnlen(name, NAME_LIMIT);
    must(length > 0 && length < NAME_LIMIT);
    for (size_t i = 0; i < length; i++)
        must(name[i] >= (blanks ? ' ' : '!') && name[i] <= '~');
}

static inline int fuzz_price(const struct price_record *record, int64_t line, void *context)
{
    (void)context;
    must(line >= 1 && record->time_s >= 0);
    must(record->micro_usd_per_hour > 0 && record->micro_usd_per_hour <= INT64_C(10000000000));
    must_be_name(record->zone, false);
    must_be_name(record->instance_type, false);
    must_be_name(record->product, true);
    return STATUS_OK;
}

static inline int fuzz_catalog(const struct catalog_record *record, int64_t line, void *context)
{
    (void)context;
    must(line >= 1 && record->micro_usd_per_hour > 0);
    must(record->vcpu_micro >= -1 && record->memory_gib_micro >= -1);
    must_be_name(record->region, false);
    must_be_name(record->instance_type, false);
    return STATUS_OK;
}

static inline int fuzz_demand(const struct demand_record *record, int64_t line, void *context)
{
    (void)context;
    must(line >= 1 && record->time_s >= 0 && record->required_micro >= 0);
    return STATUS_OK;
}

static inline int fuzz_capacity(const struct capacity_step *step, int64_t line, void *context)
{
    (void)context;
    must(line >= 1 && step->time_s >= 0 && step->instances >= 0);
    must_be_name(step->zone, false);
    must_be_name(step->instance_type, false);
    return STATUS_OK;
}

static inline int fuzz_interruption(const struct interruption_step *step, int64_t line,
                                    void *context)
{
    (void)context;
    must(line >= 1 && step->time_s >= 0 && step->instances > 0 && step->of >= step->instances);
    must_be_name(step->zone, false);
    must_be_name(step->instance_type, false);
    return STATUS_OK;
}

static inline int fuzz_coverage(const struct trace_coverage *known, void *context)
{
    (void)context;
    must(known->first_s >= 0 && known->end_s > known->first_s);
    must_be_name(known->zone, false);
    must_be_name(known->instance_type, false);
    return STATUS_OK;
}

static inline int fuzz_lifetimes(int64_t expired, int64_t stopped, void *context)
{
    (void)context;
    must(expired >= 0 && stopped >= 0);
    return STATUS_OK;
}

static inline int fuzz_type(const struct type_record *record, int64_t line, void *context)
{
    (void)context;
    must(line >= 1 && record->vcpu_micro >= -1 && record->memory_mib >= -1);
    must_be_name(record->instance_type, false);
    return STATUS_OK;
}

static inline int fuzz_advisor(const struct advisor_record *record, int64_t line, void *context)
{
    (void)context;
    must(line >= 1 && record->low_percent >= 0 && record->low_percent < record->high_percent);
    must(record->high_percent <= 100 && record->savings_percent <= 100);
    must_be_name(record->region, false);
    must_be_name(record->os, false);
    must_be_name(record->instance_type, false);
    return STATUS_OK;
}

static inline int fuzz_refused(int64_t line, const char *reason, void *context)
{
    (void)context;
    must(line >= 1 && reason && *reason);
    return STATUS_OK;
}

static const struct record_receiver fuzz_receiver = {.price = fuzz_price,
                                                     .catalog = fuzz_catalog,
                                                     .demand = fuzz_demand,
                                                     .capacity = fuzz_capacity,
                                                     .interruption = fuzz_interruption,
                                                     .coverage = fuzz_coverage,
                                                     .lifetimes = fuzz_lifetimes,
                                                     .type = fuzz_type,
                                                     .advisor = fuzz_advisor,
                                                     .refused = fuzz_refused};

/* Read the bytes as a file of this kind, or, for KIND_UNKNOWN, of the kind they look like, with all
 * that a file may leave unsaid stated. A reader that fails says why in one line. */
static inline void fuzz_reader(const uint8_t *bytes, size_t count, enum trace_kind kind,
                               const char *columns)
{
    static const char *const polarities[] = {"available", "up", "preempted"};
    const char *stated[FACT_COUNT] = {
        [FACT_ZONE] = "us-east-1a",
        [FACT_TYPE] = "p3.2xlarge",
        [FACT_START] = "2023-02-15T00:00:00Z",
        [FACT_POLARITY] = polarities[count % 3],
        [FACT_PROBED] = "4",
        [FACT_TIME_UNIT] = "h",
        [FACT_UTC_OFFSET] = "-05:00",
        [FACT_PROVIDER] = "gcp",
        [FACT_MAX_LIFETIME] = "24h",
        [FACT_COLUMNS] = columns,
    };
    struct facts facts;
    struct input input;
    struct error err = {0};
    must(facts_read(&facts, stated, &err) == STATUS_OK);
    char hash[HASH_TEXT_SIZE];
    int status = input_open_bytes(&input, "fuzz", bytes, count, &err);
    if (!status) {
        if (kind == KIND_UNKNOWN)
            kind = reader_detect(&input, columns);
        status = input.status;
        if (!status)
            status = reader_read(&input, kind, &facts, &fuzz_receiver, &err);
        input_close(&input, hash);
    }
    must(status == STATUS_OK || (status == STATUS_BAD_INPUT && err.text[0]));
    must(status == STATUS_OK || !strchr(err.text, '\n'));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

#endif
