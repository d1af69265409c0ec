/* The Spot Instance data feed: "#Version", "#Fields" and a line for each hour of an instance. */
#include "base/decimal.h"
#include "traces/charges.h"

#include <string.h>

enum column {
    COLUMN_TIME = 0,
    COLUMN_USAGE,
    COLUMN_INSTANCE,
    COLUMN_PRICE,
    COLUMN_CHARGE,
    COLUMNS
};

static const char *const names[COLUMNS] = {"Timestamp", "UsageType", "InstanceID", "MarketPrice",
                                           "Charge"};

struct feed {
    struct charges_reading *reading;
    size_t positions[COLUMNS];
    size_t column_count; /* 0: no #Fields yet */
};

/* "#Fields: Timestamp UsageType ...", parted by blanks. */
static int read_fields(struct feed *feed, struct field line, int64_t number)
{
    size_t column = 0;
    bool found[COLUMNS] = {false};
    for (size_t i = strlen("#Fields:"); i < line.length;) {
        while (i < line.length && (line.text[i] == ' ' || line.text[i] == '\t'))
            i++;
        size_t start = i;
        while (i < line.length && line.text[i] != ' ' && line.text[i] != '\t')
            i++;
        for (size_t c = 0; i > start && c < COLUMNS; c++) {
            if (row_is((struct field){line.text + start, i - start}, names[c])) {
                feed->positions[c] = column;
                found[c] = true;
            }
        }
        column += i > start;
    }
    feed->column_count = column;
    for (size_t c = 0; c < COLUMNS; c++) {
        if (!found[c])
            return charges_fail(feed->reading, number, names[c], "#Fields does not name it");
    }
    return STATUS_OK;
}

/* "2023-12-09 07:13:47 UTC" */
static bool read_time(struct field field, int64_t *out_time_s)
{
    bool assumed = false;
    if (field.length > 4 && memcmp(field.text + field.length - 4, " UTC", 4) == 0)
        field.length -= 4;
    return row_time(field, out_time_s, &assumed);
}

/* "0.0142000000 USD" */
static bool read_amount(struct field field, int64_t *out_parts)
{
    if (field.length <= 4 || memcmp(field.text + field.length - 4, " USD", 4) != 0)
        return false;
    field.length -= 4;
    return charges_number(row_trim(field), out_parts) && *out_parts >= 0;
}

static int take_row(struct field line, int64_t number, void *context)
{
    struct feed *feed = context;
    struct charges_reading *reading = feed->reading;
    struct field fields[READER_FIELDS_MAX];
    struct charge charge = {.spot = true};
    if (row_starts_with(line, "#Fields:"))
        return read_fields(feed, line, number);
    if (row_trim(line).length == 0 || line.text[0] == '#')
        return STATUS_OK;
    reading->file->lines++;
    if (feed->column_count == 0)
        return charges_fail(reading, number, "row", "no #Fields came before it");
    size_t count = row_split(line, '\t', false, NULL, fields, READER_FIELDS_MAX);
    if (count < feed->column_count)
        return charges_fail(reading, number, "row", "fewer columns than #Fields names");
    struct field of[COLUMNS];
    for (size_t c = 0; c < COLUMNS; c++)
        of[c] = row_trim(fields[feed->positions[c]]);
    if (!read_time(of[COLUMN_TIME], &charge.start_s))
        return charges_fail(reading, number, names[COLUMN_TIME], "not a time");
    bool spot = false;
    if (!charges_usage_type(of[COLUMN_USAGE], &spot, charge.instance_type) || !spot)
        return charges_fail(reading, number, names[COLUMN_USAGE], "not SpotUsage of a type");
    if (!charges_instance(of[COLUMN_INSTANCE], charge.instance))
        return charges_fail(reading, number, names[COLUMN_INSTANCE], "not an instance's id");
    if (!read_amount(of[COLUMN_PRICE], &charge.rate) || charge.rate == 0)
        return charges_fail(reading, number, names[COLUMN_PRICE], "not an amount in USD");
    if (!read_amount(of[COLUMN_CHARGE], &charge.cost))
        return charges_fail(reading, number, names[COLUMN_CHARGE], "not an amount in USD");
    int128 used = divide_half_even((int128)charge.cost * CHARGE_PARTS, charge.rate);
    if (used > CHARGE_PARTS * 2)
        return charges_fail(reading, number, names[COLUMN_CHARGE], "more than an hour's price");
    charge.used = (int64_t)used;
    charge.end_s = charge.start_s + 3600;
    charges_span(reading->file, charge.start_s, charge.end_s);
    reading->file->taken++;
    return reading->take(&charge, number, reading->context);
}

static int refused(int64_t line, const char *reason, void *context)
{
    struct feed *feed = context;
    return charges_fail(feed->reading, line, "row", reason);
}

int charges_read_feed(struct charges_reading *reading)
{
    struct feed feed = {.reading = reading};
    const struct record_receiver receiver = {.context = &feed, .refused = refused};
    return row_each_line(reading->input, &receiver, take_row, &feed);
}
