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

static inline int fuzz_refused(int64_t line, const char *reason, void *context)
{
    (void)context;
    must(line >= 1 && reason && *reason);
    return STATUS_OK;
}

static const struct record_receiver fuzz_receiver = {
    .price = fuzz_price, .catalog = fuzz_catalog, .demand = fuzz_demand, .refused = fuzz_refused};

/* Read the bytes as a file of this kind, or, for KIND_UNKNOWN, of the kind they look like. A reader
 * that fails says why in one line. */
static inline void fuzz_reader(const uint8_t *bytes, size_t count, enum trace_kind kind,
                               const char *columns)
{
    struct input input;
    struct error err = {0};
    char hash[HASH_TEXT_SIZE];
    int status = input_open_bytes(&input, "fuzz", bytes, count, &err);
    if (!status) {
        if (kind == KIND_UNKNOWN)
            kind = reader_detect(&input, columns);
        status = input.status;
        if (!status)
            status = reader_read(&input, kind, columns, &fuzz_receiver, &err);
        input_close(&input, hash);
    }
    must(status == STATUS_OK || (status == STATUS_BAD_INPUT && err.text[0]));
    must(status == STATUS_OK || !strchr(err.text, '\n'));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

#endif
