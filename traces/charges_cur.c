/* The Cost and Usage Report, legacy and 2.0: the same columns by names that differ in case and in
 * what parts their words. */
#include "base/json.h"
#include "traces/charges.h"

#include <stdlib.h>
#include <string.h>

enum { CUR_COLUMNS_MAX = 1024, NAME_SIZE = 64 };

enum column {
    COLUMN_START = 0,
    COLUMN_END,
    COLUMN_USAGE,
    COLUMN_RESOURCE,
    COLUMN_AMOUNT,
    COLUMN_COST,
    COLUMN_RATE, /* from here on a report may be without */
    COLUMN_LINE_TYPE,
    COLUMN_CURRENCY,
    COLUMN_ZONE,
    COLUMN_TAGS, /* 2.0: one column for all */
    COLUMN_GROUP,
    COLUMN_FLEET,
    COLUMNS,
};

/* `name` is as names are compared, letters and digits only; `shown` is for errors. */
static const struct {
    const char *name;
    const char *shown;
} columns[COLUMNS] = {
    [COLUMN_START] = {"lineitemusagestartdate", "lineItem/UsageStartDate"},
    [COLUMN_END] = {"lineitemusageenddate", "lineItem/UsageEndDate"},
    [COLUMN_USAGE] = {"lineitemusagetype", "lineItem/UsageType"},
    [COLUMN_RESOURCE] = {"lineitemresourceid", "lineItem/ResourceId"},
    [COLUMN_AMOUNT] = {"lineitemusageamount", "lineItem/UsageAmount"},
    [COLUMN_COST] = {"lineitemunblendedcost", "lineItem/UnblendedCost"},
    [COLUMN_RATE] = {"lineitemunblendedrate", "lineItem/UnblendedRate"},
    [COLUMN_LINE_TYPE] = {"lineitemlineitemtype", "lineItem/LineItemType"},
    [COLUMN_CURRENCY] = {"lineitemcurrencycode", "lineItem/CurrencyCode"},
    [COLUMN_ZONE] = {"lineitemavailabilityzone", "lineItem/AvailabilityZone"},
    [COLUMN_TAGS] = {"resourcetags", "resource_tags"},
    [COLUMN_GROUP] = {"resourcetagsawsautoscalinggroupname",
                      "resourceTags/aws:autoscaling:groupName"},
    [COLUMN_FLEET] = {"resourcetagsawsec2spotfleetrequestid",
                      "resourceTags/aws:ec2spot:fleet-request-id"},
};

struct report {
    struct charges_reading *reading;
    int positions[COLUMNS]; /* -1: there is none */
    size_t column_count;
    bool have_header;
    struct field fields[CUR_COLUMNS_MAX];
    char scratch[INPUT_LINE_LIMIT];
};

/* Letters in lower case and digits; what is longer than any name we know becomes "". */
static void plain_name(struct field field, char out[NAME_SIZE])
{
    size_t size = 0;
    for (size_t i = 0; i < field.length && size < NAME_SIZE; i++) {
        char c = field.text[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            out[size++] = c;
    }
    out[size < NAME_SIZE ? size : 0] = '\0';
}

static int read_header(struct report *report, size_t count, int64_t number)
{
    for (size_t c = 0; c < COLUMNS; c++)
        report->positions[c] = -1;
    for (size_t i = 0; i < count; i++) {
        char name[NAME_SIZE];
        plain_name(report->fields[i], name);
        for (size_t c = 0; c < COLUMNS; c++) {
            if (report->positions[c] < 0 && strcmp(name, columns[c].name) == 0)
                report->positions[c] = (int)i;
        }
    }
    if (report->positions[COLUMN_START] < 0)
        return error_set(report->reading->err, STATUS_BAD_INPUT,
                         "%s: neither a Cost and Usage Report (no column %s) nor a Spot data feed "
                         "(which begins with #)",
                         report->reading->input->name, columns[COLUMN_START].shown);
    for (size_t c = 0; c < COLUMN_RATE; c++) {
        if (report->positions[c] < 0)
            return charges_fail(report->reading, number, columns[c].shown,
                                c == COLUMN_RESOURCE
                                    ? "no such column: have the report include resource IDs"
                                    : "no such column: the report lacks it");
    }
    report->column_count = count;
    report->have_header = true;
    return STATUS_OK;
}

static struct field at(const struct report *report, enum column column)
{
    int position = report->positions[column];
    return position < 0 ? (struct field){"", 0} : row_trim(report->fields[position]);
}

static int fail(const struct report *report, int64_t number, enum column column, const char *text)
{
    return charges_fail(report->reading, number, columns[column].shown, text);
}

static void copy_tag(char out[NAME_LIMIT], const char *text, size_t length)
{
    if (length >= NAME_LIMIT)
        return;
    for (size_t i = 0; i < length; i++)
        out[i] = (unsigned char)text[i] < ' ' || text[i] == 127 ? '?' : text[i];
    out[length] = '\0';
}

/* Tags in one column, a JSON object. What cannot be read says nothing. */
static void read_tags(struct field field, struct charge *charge)
{
    struct json_document document;
    if (!field.length || json_parse(&document, "tags", field.text, field.length, NULL))
        return;
    for (const cJSON *tag = cJSON_IsObject(document.root) ? document.root->child : NULL; tag;
         tag = tag->next) {
        char name[NAME_SIZE];
        plain_name((struct field){tag->string, strlen(tag->string)}, name);
        if (!cJSON_IsString(tag))
            continue;
        if (strcmp(name, "awsautoscalinggroupname") == 0)
            copy_tag(charge->group, tag->valuestring, strlen(tag->valuestring));
        else if (strcmp(name, "awsec2spotfleetrequestid") == 0)
            copy_tag(charge->fleet, tag->valuestring, strlen(tag->valuestring));
    }
    json_clean_up(&document);
}

/* Usage, whoever pays for it; credits, discounts and fees are not. */
static bool is_usage(struct field type)
{
    return type.length == 0 || row_is(type, "Usage") || row_is(type, "DiscountedUsage") ||
           row_is(type, "SavingsPlanCoveredUsage");
}

static int read_times(const struct report *report, int64_t number, struct charge *charge)
{
    bool assumed = false;
    if (!row_time(at(report, COLUMN_START), &charge->start_s, &assumed))
        return fail(report, number, COLUMN_START, "not a time (ISO 8601)");
    if (!row_time(at(report, COLUMN_END), &charge->end_s, &assumed) ||
        charge->end_s < charge->start_s)
        return fail(report, number, COLUMN_END, "not a time (ISO 8601) after the start");
    return STATUS_OK;
}

static int read_amounts(const struct report *report, int64_t number, struct charge *charge)
{
    if (!charges_number(at(report, COLUMN_AMOUNT), &charge->used) || charge->used < 0)
        return fail(report, number, COLUMN_AMOUNT, "not a number of hours");
    if (!charges_number(at(report, COLUMN_COST), &charge->cost))
        return fail(report, number, COLUMN_COST, "not an amount");
    struct field rate = at(report, COLUMN_RATE);
    charge->rate = CHARGE_NO_RATE;
    if (rate.length && (!charges_number(rate, &charge->rate) || charge->rate < 0))
        return fail(report, number, COLUMN_RATE, "not an amount");
    struct field currency = at(report, COLUMN_CURRENCY);
    if (currency.length && !row_is(currency, "USD"))
        return fail(report, number, COLUMN_CURRENCY, "only USD can be compared");
    return STATUS_OK;
}

/* A line about an instance, of the usage it is. */
static int take_charge(struct report *report, int64_t number, struct charge *charge)
{
    struct charges_reading *reading = report->reading;
    int status = read_amounts(report, number, charge);
    if (status)
        return status;
    if (!is_usage(at(report, COLUMN_LINE_TYPE))) {
        reading->file->other++;
        reading->file->other_cost += charge->cost;
        return STATUS_OK;
    }
    if (!charges_instance(at(report, COLUMN_RESOURCE), charge->instance))
        return fail(report, number, COLUMN_RESOURCE,
                    "not an instance's id: have the report include resource IDs");
    status = read_times(report, number, charge);
    if (status)
        return status;
    if (charge->end_s - charge->start_s > 3600)
        return fail(report, number, COLUMN_END,
                    "the line is of more than an hour: have the report made hourly");
    struct field zone = at(report, COLUMN_ZONE);
    if (zone.length && !row_copy_zone(charge->zone, zone))
        return fail(report, number, COLUMN_ZONE, "not a zone");
    read_tags(at(report, COLUMN_TAGS), charge);
    if (at(report, COLUMN_GROUP).length)
        copy_tag(charge->group, at(report, COLUMN_GROUP).text, at(report, COLUMN_GROUP).length);
    if (at(report, COLUMN_FLEET).length)
        copy_tag(charge->fleet, at(report, COLUMN_FLEET).text, at(report, COLUMN_FLEET).length);
    charges_span(reading->file, charge->start_s, charge->end_s);
    reading->file->taken++;
    return reading->take(charge, number, reading->context);
}

static int take_row(struct field line, int64_t number, void *context)
{
    struct report *report = context;
    struct charges_reading *reading = report->reading;
    if (row_trim(line).length == 0)
        return STATUS_OK;
    size_t count = row_split(line, ',', true, report->scratch, report->fields, CUR_COLUMNS_MAX);
    if (count == 0)
        return charges_fail(reading, number, "row", "more than 1,024 columns");
    if (!report->have_header)
        return read_header(report, count, number);
    reading->file->lines++;
    if (count != report->column_count)
        return charges_fail(reading, number, "row", "another number of columns than the header");
    struct charge charge = {0};
    if (charges_usage_type(at(report, COLUMN_USAGE), &charge.spot, charge.instance_type))
        return take_charge(report, number, &charge);
    /* Other usage by the hour tells which time the report is of. */
    int64_t start_s = 0;
    int64_t end_s = 0;
    bool assumed = false;
    if (is_usage(at(report, COLUMN_LINE_TYPE)) &&
        row_time(at(report, COLUMN_START), &start_s, &assumed) &&
        row_time(at(report, COLUMN_END), &end_s, &assumed) && end_s > start_s &&
        end_s - start_s <= 3600)
        charges_span(reading->file, start_s, end_s);
    return STATUS_OK;
}

static int refused(int64_t line, const char *reason, void *context)
{
    struct report *report = context;
    return charges_fail(report->reading, line, "row", reason);
}

int charges_read_cur(struct charges_reading *reading)
{
    struct report *report = calloc(1, sizeof *report);
    if (!report)
        return error_no_memory(reading->err);
    report->reading = reading;
    const struct record_receiver receiver = {.context = report, .refused = refused};
    int status = row_each_line(reading->input, &receiver, take_row, report);
    if (!status && !report->have_header)
        status =
            error_set(reading->err, STATUS_BAD_INPUT, "%s: an empty file", reading->input->name);
    free(report);
    return status;
}
