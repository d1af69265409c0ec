/* Price histories as tables: columns found by their header, or named by the user. */
#include "traces/reader.h"

#include <string.h>

enum column { COLUMN_ZONE, COLUMN_TYPE, COLUMN_PRODUCT, COLUMN_PRICE, COLUMN_TIME, COLUMNS };

static const struct {
    const char *name;
    enum column column;
} column_names[] = {
    {"AvailabilityZone", COLUMN_ZONE},
    {"availability_zone", COLUMN_ZONE},
    {"availability zone", COLUMN_ZONE},
    {"AvailabilityZoneId", COLUMN_ZONE},
    {"zone", COLUMN_ZONE},
    {"az", COLUMN_ZONE},
    {"InstanceType", COLUMN_TYPE},
    {"instance_type", COLUMN_TYPE},
    {"instance type", COLUMN_TYPE},
    {"type", COLUMN_TYPE},
    {"ProductDescription", COLUMN_PRODUCT},
    {"product_description", COLUMN_PRODUCT},
    {"product description", COLUMN_PRODUCT},
    {"product", COLUMN_PRODUCT},
    {"os", COLUMN_PRODUCT},
    {"SpotPrice", COLUMN_PRICE},
    {"spot_price", COLUMN_PRICE},
    {"spot price", COLUMN_PRICE},
    {"price", COLUMN_PRICE},
    {"Timestamp", COLUMN_TIME},
    {"time", COLUMN_TIME},
    {"date", COLUMN_TIME},
    {"datetime", COLUMN_TIME},
};

/* Where each of our columns stands (-1: nowhere), or what it always is. */
struct columns {
    int positions[COLUMNS];
    struct field constants[COLUMNS]; /* of the caller's text */
};

static int column_of(struct field name)
{
    for (size_t i = 0; i < sizeof column_names / sizeof column_names[0]; i++) {
        if (row_is(name, column_names[i].name))
            return (int)column_names[i].column;
    }
    return -1;
}

static void no_columns(struct columns *columns)
{
    memset(columns, 0, sizeof *columns);
    for (int c = 0; c < COLUMNS; c++)
        columns->positions[c] = -1;
}

static bool complete(const struct columns *columns)
{
    for (int c = 0; c < COLUMNS; c++) {
        if (c != COLUMN_PRODUCT && columns->positions[c] < 0 && !columns->constants[c].length)
            return false;
    }
    return true;
}

/* A header names zone, type, price and time. A zone's name goes before its id. */
static bool read_header(const struct field *fields, size_t count, struct columns *out_columns)
{
    no_columns(out_columns);
    for (size_t i = 0; i < count; i++) {
        struct field name = row_trim(fields[i]);
        int column = column_of(name);
        bool id = row_is(name, "AvailabilityZoneId");
        if (column >= 0 && (out_columns->positions[column] < 0 || (column == COLUMN_ZONE && !id)))
            out_columns->positions[column] = (int)i;
    }
    return complete(out_columns);
}

/* The user's "--columns": names in order, "-", and NAME=VALUE. */
static int read_columns(const char *text, struct columns *out_columns, struct error *err)
{
    struct field f[READER_FIELDS_MAX];
    size_t count =
        row_split((struct field){text, strlen(text)}, ',', false, NULL, f, READER_FIELDS_MAX);
    int position = 0;
    no_columns(out_columns);
    for (size_t i = 0; i < count; i++) {
        struct field name = row_trim(f[i]);
        const char *equals = name.length ? memchr(name.text, '=', name.length) : NULL;
        struct field value = {0};
        if (equals) {
            value = (struct field){equals + 1, (size_t)(name.text + name.length - equals) - 1};
            name.length = (size_t)(equals - name.text);
        }
        int column = column_of(name);
        if (column < 0 && !(row_is(name, "-") && !equals))
            return error_set(err, STATUS_BAD_INPUT,
                             "--columns: \"%.*s\" is no column: name zone, type, product, price, "
                             "time, or - to pass one over",
                             (int)(name.length < 100 ? name.length : 100), name.text);
        if (equals)
            out_columns->constants[column] = value;
        else if (column >= 0)
            out_columns->positions[column] = position;
        position += !equals;
    }
    if (!complete(out_columns))
        return error_set(err, STATUS_BAD_INPUT,
                         "--columns \"%s\": name at least zone, type, price and time, in the "
                         "file's order (zone=us-east-1a for what no column says)",
                         text);
    return STATUS_OK;
}

static const char *csv_price(const struct field *fields, size_t count,
                             const struct columns *columns, struct price_record *out_record)
{
    struct field values[COLUMNS];
    for (int c = 0; c < COLUMNS; c++) {
        int position = columns->positions[c];
        values[c] = columns->constants[c];
        if (position >= 0)
            values[c] = (size_t)position < count ? row_trim(fields[position]) : (struct field){0};
    }
    return row_price(out_record, values[COLUMN_ZONE], values[COLUMN_TYPE], values[COLUMN_PRODUCT],
                     values[COLUMN_PRICE], values[COLUMN_TIME]);
}

static char separator_of(struct field line)
{
    if (!line.length)
        return ',';
    if (memchr(line.text, '\t', line.length))
        return '\t';
    bool semicolon = memchr(line.text, ';', line.length) && !memchr(line.text, ',', line.length);
    return semicolon ? ';' : ',';
}

bool csv_is_header(struct field line)
{
    struct field f[READER_FIELDS_MAX];
    char scratch[INPUT_LINE_LIMIT];
    struct columns columns;
    size_t count = row_split(line, separator_of(line), true, scratch, f, READER_FIELDS_MAX);
    return read_header(f, count, &columns);
}

struct table {
    const struct record_receiver *receiver;
    struct columns columns;
    bool have_columns;
    char separator; /* 0 until the first line */
    char scratch[INPUT_LINE_LIMIT];
};

/* A header above columns that the user named: it names, where ours stand, just these. */
static bool names_columns(const struct field *fields, size_t count, const struct columns *columns)
{
    for (int c = 0; c < COLUMNS; c++) {
        int position = columns->positions[c];
        if (position >= 0 &&
            ((size_t)position >= count || column_of(row_trim(fields[position])) != c))
            return false;
    }
    return true;
}

static int take_row(struct field line, int64_t number, void *context)
{
    struct table *table = context;
    const struct record_receiver *receiver = table->receiver;
    if (row_trim(line).length == 0)
        return STATUS_OK;
    if (!table->separator)
        table->separator = separator_of(line);
    struct field f[READER_FIELDS_MAX];
    size_t count = row_split(line, table->separator, true, table->scratch, f, READER_FIELDS_MAX);
    if (count == 0)
        return receiver->refused(number, "more than 64 columns", receiver->context);
    struct price_record record;
    const char *reason = table->have_columns ? csv_price(f, count, &table->columns, &record)
                                             : "no header came before it";
    if (!reason)
        return receiver->price(&record, number, receiver->context);
    /* No record: perhaps a header, the first one or one repeated inside the file. */
    struct columns header;
    if (read_header(f, count, &header)) {
        table->columns = header;
        table->have_columns = true;
        return STATUS_OK;
    }
    if (table->have_columns && names_columns(f, count, &table->columns))
        return STATUS_OK;
    if (!table->have_columns)
        table->separator = 0;
    return receiver->refused(number, reason, receiver->context);
}

int reader_prices_csv(struct input *input, const char *columns,
                      const struct record_receiver *receiver, struct error *err)
{
    struct table table = {.receiver = receiver};
    if (columns) {
        int status = read_columns(columns, &table.columns, err);
        if (status)
            return status;
        table.have_columns = true;
    }
    return row_each_line(input, receiver, take_row, &table);
}
