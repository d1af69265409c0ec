/* `prices`: discounts, what is prepaid, and what is paid beside the instances. */
#include "base/decimal.h"
#include "scenario/parts.h"
#include "scenario/writer.h"

#include <stddef.h>

enum { PERMILLE = 1000 };
#define VOLUME_MAX_MICRO (65536 * (int64_t)MICRO) /* the largest volume, in GiB */
#define RATE_MAX_MICRO   (100 * (int64_t)MICRO)   /* USD */

static const struct term {
    const char *key;
    bool decimal;
    size_t offset;
    int64_t max;
} terms[] = {
    {"on_demand_discount_permille", false,
     offsetof(struct price_terms, on_demand_discount_permille), PERMILLE},
    {"spot_discount_permille", false, offsetof(struct price_terms, spot_discount_permille),
     PERMILLE},
    {"prepaid_instances", false, offsetof(struct price_terms, prepaid_instances), INSTANCES_MAX},
    {"volume_gib", true, offsetof(struct price_terms, volume_gib_micro), VOLUME_MAX_MICRO},
    {"volume_usd_per_gib_month", true, offsetof(struct price_terms, volume_micro_usd_per_gib_month),
     RATE_MAX_MICRO},
    {"address_usd_per_hour", true, offsetof(struct price_terms, address_micro_usd_per_hour),
     RATE_MAX_MICRO},
};

enum { TERMS = sizeof terms / sizeof terms[0] };

int read_price_terms(struct reader *reader)
{
    const cJSON *object = member(reader->root, "prices");
    struct price_terms *out = &reader->scenario->price_terms;
    if (!object)
        return STATUS_OK;
    const char *keys[TERMS + 1] = {0};
    for (size_t i = 0; i < TERMS; i++)
        keys[i] = terms[i].key;
    int status = reader_keys(reader, object, keys);
    for (size_t i = 0; i < TERMS && !status; i++) {
        const cJSON *node = member(object, terms[i].key);
        int64_t *value = (int64_t *)(void *)((char *)out + terms[i].offset);
        if (node && terms[i].decimal)
            status = reader_decimal(reader, node, 0, terms[i].max, value);
        else if (node)
            status = reader_int64(reader, node, 0, terms[i].max, value);
    }
    bool volume = out->volume_gib_micro > 0;
    if (!status && volume && !member(object, "volume_usd_per_gib_month"))
        status = reader_fail(reader, member(object, "volume_gib"),
                             "costs something, but \"volume_usd_per_gib_month\" does not stand "
                             "beside it: add it");
    if (!status && !volume && out->volume_micro_usd_per_gib_month > 0)
        status = reader_fail(reader, member(object, "volume_usd_per_gib_month"),
                             "is the price of no volume: add \"volume_gib\", each instance's");
    return status;
}

void write_price_terms(struct writer *writer)
{
    const cJSON *object = member(writer->reader->root, "prices");
    const struct price_terms *from = &writer->reader->scenario->price_terms;
    if (!object) /* list prices alone: nothing is said */
        return;
    write_open(writer, "prices", '{');
    for (size_t i = 0; i < TERMS; i++) {
        int64_t value = *(const int64_t *)(const void *)((const char *)from + terms[i].offset);
        const cJSON *given = member(object, terms[i].key);
        if (terms[i].decimal)
            write_decimal(writer, terms[i].key, value, given);
        else
            write_integer(writer, terms[i].key, value, given);
    }
    write_close(writer, '}');
}
