#include "traces/known_names.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { SLOT_BITS = 10, SLOTS = 1 << SLOT_BITS };

struct known_names {
    struct price_record records[SLOTS];
    uint64_t marks[SLOTS];
};

struct known_names *known_names_new(void)
{
    return memory_new(1, sizeof(struct known_names));
}

void known_names_destroy(struct known_names *known)
{
    free(known);
}

/* Of up to sixteen bytes all count, of more the first and the last eight. */
static uint64_t hash_field(uint64_t hash, struct field field)
{
    const uint64_t odd = 0x9e3779b97f4a7c15;
    uint64_t first = field.length;
    uint64_t last = 0;
    if (field.length >= sizeof first) {
        memcpy(&first, field.text, sizeof first);
        memcpy(&last, field.text + field.length - sizeof last, sizeof last);
    } else {
        for (size_t i = 0; i < field.length; i++)
            first = first << 8 | (unsigned char)field.text[i];
    }
    hash = (hash ^ first) * odd;
    return (hash ^ hash >> 32 ^ last) * odd;
}

static size_t slot_of(const struct price_fields *fields)
{
    uint64_t hash = hash_field(0, fields->zone);
    hash = hash_field(hash, fields->type);
    return (size_t)(hash_field(hash, fields->product) >> (64 - SLOT_BITS));
}

static bool is_name(const char name[NAME_LIMIT], struct field field)
{
    return field.length > 0 && field.length < NAME_LIMIT && name[field.length] == '\0' &&
           memcmp(name, field.text, field.length) == 0;
}

const char *known_names_price(struct known_names *known, const struct price_fields *fields,
                              struct price_record **out_record)
{
    size_t slot = slot_of(fields);
    struct price_record *record = &known->records[slot];
    const char *reason = NULL;
    *out_record = record;
    if (!is_name(record->zone, fields->zone) || !is_name(record->instance_type, fields->type) ||
        !is_name(record->product, fields->product)) {
        record->mark = &known->marks[slot];
        *record->mark = 0;
        reason = row_names(record, fields->zone, fields->type, fields->product);
    }
    return reason ? reason : row_figures(record, fields->price, fields->time);
}
