/* Readers of line-shaped histories: CLI text, ec2-api-tools, headerless TSV, CSV; catalogues and
 * demand. */
#include "base/decimal.h"
#include "base/timestamp.h"
#include "traces/reader.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { FIELDS_MAX = 64 };

static const char too_long[] = "the line is longer than 65,536 bytes";

/* ---- prices without a header
 * --------------------------------------------------------------------- */

/* Split at runs of blanks, as the ec2-api-tools print. */
static size_t split_blanks(const char *line, size_t length, struct field *fields, size_t capacity)
{
    size_t count = 0;
    for (size_t i = 0; i < length;) {
        while (i < length && (line[i] == ' ' || line[i] == '\t'))
            i++;
        size_t start = i;
        while (i < length && line[i] != ' ' && line[i] != '\t')
            i++;
        if (i > start) {
            if (count == capacity)
                return 0;
            fields[count++] = (struct field){line + start, i - start};
        }
    }
    return count;
}

/* SPOTINSTANCEPRICE 0.0042 2009-12-09T05:26:54-0800 m1.small Linux/UNIX [(Amazon VPC)] us-east-1a
 */
static const char *legacy_price(const char *line, size_t length, struct price_record *out_record)
{
    struct field f[FIELDS_MAX];
    size_t count = split_blanks(line, length, f, FIELDS_MAX);
    if (count < 5)
        return "fewer than five columns";
    /* The product may hold blanks: it is what stands between the type and the zone. */
    size_t last = count - 1;
    const char *end = f[last].text + f[last].length;
    bool zoned = count > 5 && strchr("abcdefghijklmnopqrstuvwxyz", f[last].text[0]) &&
                 memchr(f[last].text, '-', f[last].length);
    if (!zoned)
        return "no availability zone: the oldest tools did not print one";
    end = f[last - 1].text + f[last - 1].length;
    struct field product = {f[4].text, (size_t)(end - f[4].text)};
    return reader_price(out_record, f[last], f[3], product, f[1], f[2]);
}

static bool starts_with(const char *line, size_t length, const char *word)
{
    size_t size = strlen(word);
    return length >= size && memcmp(line, word, size) == 0;
}

/* NULL, or why it is refused. *out_skip: the line is no record and no fault. */
static const char *line_price(enum trace_kind kind, const char *line, size_t length,
                              struct price_record *out_record, bool *out_skip)
{
    struct field f[FIELDS_MAX];
    *out_skip = length == 0;
    if (*out_skip)
        return NULL;
    if (kind == KIND_PRICES_LEGACY) {
        *out_skip = !starts_with(line, length, "SPOTINSTANCEPRICE");
        return *out_skip ? NULL : legacy_price(line, length, out_record);
    }
    if (kind == KIND_PRICES_TEXT) {
        *out_skip = !starts_with(line, length, "SPOTPRICEHISTORY\t");
        if (*out_skip)
            return NULL;
    }
    size_t count = reader_split(line, length, '\t', false, NULL, f, FIELDS_MAX);
    size_t first = kind == KIND_PRICES_TEXT ? 1 : 0;
    if (count != first + 5)
        return "not five columns: zone, type, product, price, time";
    return reader_price(out_record, f[first], f[first + 1], f[first + 2], f[first + 3],
                        f[first + 4]);
}

int read_prices_lines(struct input *input, enum trace_kind kind,
                      const struct record_receiver *receiver, struct error *err)
{
    (void)err;
    const char *line = NULL;
    size_t length = 0;
    int got = 0;
    int status = STATUS_OK;
    while (!status && (got = input_line(input, &line, &length)) != 0) {
        struct price_record record;
        bool skip = false;
        const char *reason = got < 0 ? too_long : line_price(kind, line, length, &record, &skip);
        int64_t number = input->line - 1;
        if (reason)
            status = receiver->refused(number, reason, receiver->context);
        else if (!skip)
            status = receiver->price(&record, number, receiver->context);
    }
    return status ? status : input->status;
}

/* ---- CSV
 * ------------------------------------------------------------------------------------------ */

enum column { COLUMN_ZONE, COLUMN_TYPE, COLUMN_PRODUCT, COLUMN_PRICE, COLUMN_TIME, COLUMNS };

struct column_name {
    const char *name;
    enum column column;
};

static const struct column_name price_columns[] = {
    {"AvailabilityZone", COLUMN_ZONE},
    {"availability_zone", COLUMN_ZONE},
    {"AvailabilityZoneId", COLUMN_ZONE},
    {"zone", COLUMN_ZONE},
    {"az", COLUMN_ZONE},
    {"InstanceType", COLUMN_TYPE},
    {"instance_type", COLUMN_TYPE},
    {"type", COLUMN_TYPE},
    {"ProductDescription", COLUMN_PRODUCT},
    {"product_description", COLUMN_PRODUCT},
    {"product", COLUMN_PRODUCT},
    {"os", COLUMN_PRODUCT},
    {"SpotPrice", COLUMN_PRICE},
    {"spot_price", COLUMN_PRICE},
    {"price", COLUMN_PRICE},
    {"Timestamp", COLUMN_TIME},
    {"time", COLUMN_TIME},
    {"date", COLUMN_TIME},
};

static int price_column(struct field field)
{
    for (size_t i = 0; i < sizeof price_columns / sizeof price_columns[0]; i++) {
        if (reader_is(field, price_columns[i].name))
            return (int)price_columns[i].column;
    }
    return -1;
}

static struct field trimmed(struct field field)
{
    while (field.length && isspace((unsigned char)field.text[0])) {
        field.text++;
        field.length--;
    }
    while (field.length && isspace((unsigned char)field.text[field.length - 1]))
        field.length--;
    return field;
}

/* Positions of our columns in a header, -1 where missing. Returns how many were recognised. */
static size_t map_columns(const struct field *fields, size_t count, int *positions)
{
    size_t known = 0;
    for (int c = 0; c < COLUMNS; c++)
        positions[c] = -1;
    for (size_t i = 0; i < count; i++) {
        int column = price_column(trimmed(fields[i]));
        if (column >= 0 && positions[column] < 0) {
            positions[column] = (int)i;
            known++;
        }
    }
    return known;
}

static const char *csv_price(const struct field *fields, size_t count, const int *positions,
                             struct price_record *out_record)
{
    struct field values[COLUMNS];
    for (int c = 0; c < COLUMNS; c++) {
        values[c] = (struct field){"", 0};
        if (positions[c] >= 0 && (size_t)positions[c] < count)
            values[c] = trimmed(fields[positions[c]]);
    }
    return reader_price(out_record, values[COLUMN_ZONE], values[COLUMN_TYPE],
                        values[COLUMN_PRODUCT], values[COLUMN_PRICE], values[COLUMN_TIME]);
}

static char separator_of(const char *line, size_t length)
{
    if (memchr(line, '\t', length))
        return '\t';
    return memchr(line, ';', length) && !memchr(line, ',', length) ? ';' : ',';
}

int read_prices_csv(struct input *input, const char *columns,
                    const struct record_receiver *receiver, struct error *err)
{
    int positions[COLUMNS];
    struct field f[FIELDS_MAX];
    char scratch[INPUT_LINE_LIMIT];
    bool have_header = columns != NULL;
    char separator = 0;
    if (columns) {
        size_t count = reader_split(columns, strlen(columns), ',', false, NULL, f, FIELDS_MAX);
        map_columns(f, count, positions);
        if (positions[COLUMN_ZONE] < 0 || positions[COLUMN_TYPE] < 0 ||
            positions[COLUMN_PRICE] < 0 || positions[COLUMN_TIME] < 0)
            return error_set(err, STATUS_BAD_INPUT,
                             "--columns \"%s\": name at least zone, type, price and time, in the "
                             "file's order",
                             columns);
    }
    const char *line = NULL;
    size_t length = 0;
    int got = 0;
    int status = STATUS_OK;
    while (!status && (got = input_line(input, &line, &length)) != 0) {
        int64_t number = input->line - 1;
        if (got < 0) {
            status = receiver->refused(number, too_long, receiver->context);
            continue;
        }
        if (length >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0) {
            line += 3;
            length -= 3;
        }
        if (length == 0)
            continue;
        if (!separator)
            separator = separator_of(line, length);
        size_t count = reader_split(line, length, separator, true, scratch, f, FIELDS_MAX);
        int mapped[COLUMNS];
        if (map_columns(f, count, mapped) >= 3 && mapped[COLUMN_PRICE] >= 0) {
            /* A header, the first one or one repeated inside the file. */
            memcpy(positions, mapped, sizeof positions);
            have_header = true;
            continue;
        }
        struct price_record record;
        const char *reason = have_header ? csv_price(f, count, positions, &record) : "no header";
        status = reason ? receiver->refused(number, reason, receiver->context)
                        : receiver->price(&record, number, receiver->context);
    }
    return status ? status : input->status;
}

/* ---- catalogue and demand
 * ------------------------------------------------------------------------- */

static bool copy_field(char out[NAME_LIMIT], struct field field)
{
    if (field.length == 0 || field.length >= NAME_LIMIT)
        return false;
    for (size_t i = 0; i < field.length; i++) {
        if ((unsigned char)field.text[i] <= 0x20 || field.text[i] == 0x7f)
            return false;
    }
    memcpy(out, field.text, field.length);
    out[field.length] = '\0';
    return true;
}

static bool optional_decimal(struct field field, int64_t *out_micro)
{
    *out_micro = -1;
    return field.length == 0 || decimal_parse(field.text, field.length, out_micro) == DECIMAL_OK;
}

static const char *catalog_row(const struct field *f, size_t count, struct catalog_record *record)
{
    if (count != 5)
        return "not five columns: region, instance_type, vcpu, memory_gib, price";
    if (!copy_field(record->region, f[0]) || !copy_field(record->instance_type, f[1]))
        return "no region or instance type";
    if (!optional_decimal(f[2], &record->vcpu_micro) ||
        !optional_decimal(f[3], &record->memory_gib_micro))
        return "vCPU or memory is not a number";
    if (decimal_parse(f[4].text, f[4].length, &record->micro_usd_per_hour) ||
        record->micro_usd_per_hour <= 0)
        return "the price is not a positive number of at most six decimals";
    return NULL;
}

static const char *demand_row(const struct field *f, size_t count, struct demand_record *record)
{
    if (count != 2)
        return "not two columns: time and units";
    struct field time = trimmed(f[0]);
    struct field units = trimmed(f[1]);
    if (!timestamp_parse(time.text, time.length, true, &record->time_s))
        return "the time is not ISO 8601";
    enum decimal_result result = decimal_parse(units.text, units.length, &record->required_micro);
    if (result == DECIMAL_TOO_FINE) {
        /* Measured series come with the noise of binary fractions; a demand is not exact to a
         * millionth: six decimals are kept. */
        const char *point = memchr(units.text, '.', units.length);
        size_t whole = point ? (size_t)(point - units.text) : units.length;
        if (!memchr(units.text, 'e', units.length) && !memchr(units.text, 'E', units.length))
            result = decimal_parse(units.text, whole + 7, &record->required_micro);
    }
    if (result)
        return "the units are not a number";
    return record->required_micro < 0 ? "the units are negative" : NULL;
}

/* Both tables: a header line, then rows. */
static int read_table(struct input *input, bool catalog, const struct record_receiver *receiver)
{
    struct field f[FIELDS_MAX];
    char scratch[INPUT_LINE_LIMIT];
    const char *line = NULL;
    size_t length = 0;
    int got = 0;
    int status = STATUS_OK;
    bool header = true;
    while (!status && (got = input_line(input, &line, &length)) != 0) {
        int64_t number = input->line - 1;
        if (got < 0) {
            status = receiver->refused(number, too_long, receiver->context);
            continue;
        }
        if (length == 0)
            continue;
        if (header) {
            header = false;
            continue;
        }
        size_t count = reader_split(line, length, ',', true, scratch, f, FIELDS_MAX);
        if (catalog) {
            struct catalog_record record;
            const char *reason = catalog_row(f, count, &record);
            status = reason ? receiver->refused(number, reason, receiver->context)
                            : receiver->catalog(&record, number, receiver->context);
        } else {
            struct demand_record record;
            const char *reason = demand_row(f, count, &record);
            status = reason ? receiver->refused(number, reason, receiver->context)
                            : receiver->demand(&record, number, receiver->context);
        }
    }
    return status ? status : input->status;
}

int read_catalog(struct input *input, const struct record_receiver *receiver, struct error *err)
{
    (void)err;
    return read_table(input, true, receiver);
}

int read_demand(struct input *input, const struct record_receiver *receiver, struct error *err)
{
    (void)err;
    return read_table(input, false, receiver);
}

/* ---- what a file is
 * --------------------------------------------------------------------------------- */

const char *trace_kind_name(enum trace_kind kind)
{
    switch (kind) {
    case KIND_PRICES_JSON:
        return "spot prices (JSON)";
    case KIND_PRICES_TEXT:
        return "spot prices (CLI text)";
    case KIND_PRICES_LEGACY:
        return "spot prices (ec2-api-tools)";
    case KIND_PRICES_TSV:
        return "spot prices (TSV)";
    case KIND_PRICES_CSV:
        return "spot prices (CSV)";
    case KIND_CATALOG:
        return "on-demand catalogue (CSV)";
    case KIND_DEMAND:
        return "demand (CSV)";
    case KIND_UNKNOWN:
        break;
    }
    return "unknown";
}

static enum trace_kind kind_of_line(const char *line, size_t length)
{
    struct field f[FIELDS_MAX];
    char scratch[INPUT_LINE_LIMIT];
    int positions[COLUMNS];
    struct price_record record;
    if (starts_with(line, length, "SPOTPRICEHISTORY\t"))
        return KIND_PRICES_TEXT;
    if (starts_with(line, length, "SPOTINSTANCEPRICE"))
        return KIND_PRICES_LEGACY;
    size_t count = reader_split(line, length, '\t', false, NULL, f, FIELDS_MAX);
    if (count == 5 && !reader_price(&record, f[0], f[1], f[2], f[3], f[4]))
        return KIND_PRICES_TSV;
    count = reader_split(line, length, separator_of(line, length), true, scratch, f, FIELDS_MAX);
    if (count == 5 && reader_is(f[0], "region") && reader_is(f[1], "instance_type"))
        return KIND_CATALOG;
    if (map_columns(f, count, positions) >= 3 && positions[COLUMN_PRICE] >= 0)
        return KIND_PRICES_CSV;
    if (count == 2 &&
        (reader_is(f[0], "time") || reader_is(f[0], "timestamp") || reader_is(f[0], "period")) &&
        (reader_is(f[1], "units") || reader_is(f[1], "value") || reader_is(f[1], "count")))
        return KIND_DEMAND;
    return KIND_UNKNOWN;
}

enum trace_kind reader_detect(struct input *input, const char *columns)
{
    if (columns)
        return KIND_PRICES_CSV;
    const char *start = NULL;
    size_t size = input_look(input, &start);
    size_t at = size >= 3 && memcmp(start, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    size_t token = at;
    while (token < size && isspace((unsigned char)start[token]))
        token++;
    if (token < size && (start[token] == '{' || start[token] == '['))
        return KIND_PRICES_JSON;
    /* The first line that is of a known kind tells; other lines may come before it. */
    while (at < size) {
        const char *end = memchr(start + at, '\n', size - at);
        size_t length = end ? (size_t)(end - start) - at : size - at;
        size_t shown = length && start[at + length - 1] == '\r' ? length - 1 : length;
        enum trace_kind kind = shown ? kind_of_line(start + at, shown) : KIND_UNKNOWN;
        if (kind)
            return kind;
        at += length + 1;
    }
    return KIND_UNKNOWN;
}
