/* Catalogues of on-demand prices and demand series: CSV with a header. */
#include "base/decimal.h"
#include "traces/reader.h"

#include <string.h>

/* Which fields a file's header names; -1: not there. */
enum { CATALOG_REGION, CATALOG_TYPE, CATALOG_VCPU, CATALOG_MEMORY, CATALOG_PRICE, CATALOG_COLUMNS };

static const char *const catalog_columns[CATALOG_COLUMNS] = {
    "region", "instance_type", "vcpu", "memory_gib", "linux_on_demand_usd_per_hour"};

struct table {
    const struct record_receiver *receiver;
    bool catalog;
    bool have_header;
    int positions[CATALOG_COLUMNS]; /* demand: time, units */
    char scratch[INPUT_LINE_LIMIT];
};

static size_t split(struct field line, char *scratch, struct field *fields)
{
    size_t count = row_split(line, ',', true, scratch, fields, READER_FIELDS_MAX);
    for (size_t i = 0; i < count; i++)
        fields[i] = row_trim(fields[i]);
    return count;
}

static bool map_catalog(const struct field *fields, size_t count, int *positions)
{
    for (int c = 0; c < CATALOG_COLUMNS; c++) {
        positions[c] = -1;
        for (size_t i = 0; i < count; i++) {
            if (row_is(fields[i], catalog_columns[c]))
                positions[c] = (int)i;
        }
    }
    return positions[CATALOG_REGION] >= 0 && positions[CATALOG_TYPE] >= 0 &&
           positions[CATALOG_PRICE] >= 0;
}

static bool is_one_of(struct field field, const char *const *words)
{
    for (; *words; words++) {
        if (row_is(field, *words))
            return true;
    }
    return false;
}

/* Two columns, a time and a number, whichever is first. */
static bool map_demand(const struct field *fields, size_t count, int *positions)
{
    static const char *const times[] = {"time", "timestamp", "period", "date", "datetime", NULL};
    static const char *const units[] = {"units",    "value",    "count", "demand",
                                        "capacity", "required", NULL};
    if (count != 2)
        return false;
    positions[0] = is_one_of(fields[0], times) ? 0 : 1;
    positions[1] = 1 - positions[0];
    return is_one_of(fields[positions[0]], times) && is_one_of(fields[positions[1]], units);
}

bool catalog_is_header(struct field line)
{
    struct field f[READER_FIELDS_MAX];
    char scratch[INPUT_LINE_LIMIT];
    int positions[CATALOG_COLUMNS];
    return map_catalog(f, split(line, scratch, f), positions);
}

bool demand_is_header(struct field line)
{
    struct field f[READER_FIELDS_MAX];
    char scratch[INPUT_LINE_LIMIT];
    int positions[2];
    return map_demand(f, split(line, scratch, f), positions);
}

/* ---- rows --------------------------------------------------------------------------------------
 */

static bool optional_decimal(struct field field, int64_t *out_micro)
{
    *out_micro = -1;
    if (field.length == 0)
        return true;
    return decimal_parse(field.text, field.length, out_micro) == DECIMAL_OK && *out_micro >= 0;
}

static const char *catalog_row(const struct field *fields, size_t count, const int *positions,
                               struct catalog_record *record)
{
    struct field f[CATALOG_COLUMNS];
    for (int c = 0; c < CATALOG_COLUMNS; c++) {
        bool there = positions[c] >= 0 && (size_t)positions[c] < count;
        f[c] = there ? fields[positions[c]] : (struct field){"", 0};
    }
    if (!row_copy_zone(record->region, f[CATALOG_REGION]))
        return f[CATALOG_REGION].length ? "the region is not a region's name" : "no region";
    if (!row_copy_type(record->instance_type, f[CATALOG_TYPE]))
        return f[CATALOG_TYPE].length ? "the instance type is not a type's name"
                                      : "no instance type";
    if (!optional_decimal(f[CATALOG_VCPU], &record->vcpu_micro))
        return "vcpu is not a number";
    if (!optional_decimal(f[CATALOG_MEMORY], &record->memory_gib_micro))
        return "memory_gib is not a number";
    struct field price = f[CATALOG_PRICE];
    enum decimal_result result =
        decimal_parse(price.text, price.length, &record->micro_usd_per_hour);
    if (result == DECIMAL_TOO_FINE)
        return "the price has more than six decimals";
    if (result)
        return price.length ? "the price is not a number" : "no price";
    if (record->micro_usd_per_hour > INT64_C(100000) * MICRO)
        return "the price is above 100,000 USD per hour";
    return record->micro_usd_per_hour > 0 ? NULL : "the price is not above zero";
}

/* Measured series carry the noise of binary fractions ("51.846000000000004"): they are rounded to
 * the nearest millionth, half away from zero, and the row is counted as rounded. */
static bool round_units(struct field text, int64_t *out_micro)
{
    const char *point = memchr(text.text, '.', text.length);
    const char *end = text.text + text.length;
    if (!point || end - point < 8 || memchr(text.text, 'e', text.length) ||
        memchr(text.text, 'E', text.length))
        return false;
    size_t kept = (size_t)(point - text.text) + 7;
    if (decimal_parse(text.text, kept, out_micro))
        return false;
    if (point[7] >= '5')
        *out_micro += text.text[0] == '-' ? -1 : 1;
    return true;
}

static const char *demand_row(const struct field *f, size_t count, const int *positions,
                              struct demand_record *record)
{
    if (count != 2)
        return "not two columns: time and units";
    struct field time = f[positions[0]];
    struct field units = f[positions[1]];
    if (!row_time(time, &record->time_s, &record->assumed_utc))
        return row_time_wrong(time);
    enum decimal_result result = decimal_parse(units.text, units.length, &record->required_micro);
    record->rounded = result == DECIMAL_TOO_FINE && round_units(units, &record->required_micro);
    if (result && !record->rounded)
        return units.length ? "the units are not a number" : "no units";
    if (record->required_micro > INT64_C(1000000000) * MICRO)
        return "more than 1,000,000,000 units";
    return record->required_micro < 0 ? "the units are negative" : NULL;
}

static int take_row(struct field line, int64_t number, void *context)
{
    struct table *table = context;
    const struct record_receiver *receiver = table->receiver;
    struct field f[READER_FIELDS_MAX];
    int positions[CATALOG_COLUMNS];
    if (row_trim(line).length == 0)
        return STATUS_OK;
    size_t count = split(line, table->scratch, f);
    bool header =
        table->catalog ? map_catalog(f, count, positions) : map_demand(f, count, positions);
    if (header) {
        memcpy(table->positions, positions, sizeof positions);
        table->have_header = true;
        return STATUS_OK;
    }
    const char *reason = table->have_header ? NULL : "no header came before it";
    if (table->catalog) {
        struct catalog_record record;
        reason = reason ? reason : catalog_row(f, count, table->positions, &record);
        if (!reason)
            return receiver->catalog(&record, number, receiver->context);
    } else {
        struct demand_record record;
        reason = reason ? reason : demand_row(f, count, table->positions, &record);
        if (!reason)
            return receiver->demand(&record, number, receiver->context);
    }
    return receiver->refused(number, reason, receiver->context);
}

static int read_table(struct input *input, bool catalog, const struct record_receiver *receiver)
{
    struct table table = {.receiver = receiver, .catalog = catalog};
    return row_each_line(input, receiver, take_row, &table);
}

int reader_catalog(struct input *input, const struct record_receiver *receiver, struct error *err)
{
    (void)err; /* a line cannot stop the rest */
    return read_table(input, true, receiver);
}

int reader_demand(struct input *input, const struct record_receiver *receiver, struct error *err)
{
    (void)err;
    return read_table(input, false, receiver);
}
