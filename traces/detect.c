/* What a file is, from its first bytes and lines; never from its name. */
#include "traces/reader.h"

#include <string.h>

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
        return "on-demand prices (CSV)";
    case KIND_DEMAND:
        return "demand (CSV)";
    case KIND_AVAILABILITY:
        return "availability (JSON)";
    case KIND_EVENTS:
        return "instances coming and going (CSV)";
    case KIND_COUNTS:
    case KIND_CLOCK_COUNTS:
        return "instances up (CSV)";
    case KIND_LIFETIMES:
        return "lifetimes of instances (CSV)";
    case KIND_ADVISOR:
        return "Spot Advisor (JSON)";
    case KIND_TYPES:
        return "instance types (JSON)";
    case KIND_RECORDING:
        return "recording";
    case KIND_FLEET_HISTORY:
        return "history of a Spot Fleet";
    case KIND_METRIC:
        return "CloudWatch metric";
    case KIND_SYNTHETIC:
        return "synthetic (generated)";
    case KIND_UNKNOWN:
        break;
    }
    return "unknown";
}

static enum trace_kind kind_of_line(struct field line)
{
    struct price_record record;
    struct price_fields f;
    bool skip = false;
    if (row_trim(line).length == 0)
        return KIND_UNKNOWN;
    if (row_starts_with(line, "SPOTPRICEHISTORY\t"))
        return KIND_PRICES_TEXT;
    if (row_starts_with(line, "SPOTINSTANCEPRICE"))
        return KIND_PRICES_LEGACY;
    if (!row_line_fields(KIND_PRICES_TSV, line, &f, &skip) && !skip &&
        !row_price(&record, f.zone, f.type, f.product, f.price, f.time))
        return KIND_PRICES_TSV;
    if (lifetimes_is_header(line))
        return KIND_LIFETIMES;
    if (catalog_is_header(line))
        return KIND_CATALOG;
    if (csv_is_header(line))
        return KIND_PRICES_CSV;
    return demand_is_header(line) ? KIND_DEMAND : log_kind(line);
}

static enum trace_kind kind_of_json(struct field start)
{
    if (availability_is(start))
        return KIND_AVAILABILITY;
    if (advisor_is(start))
        return KIND_ADVISOR;
    return instance_types_is(start) ? KIND_TYPES : KIND_PRICES_JSON;
}

enum trace_kind reader_detect(struct input *input, const char *columns)
{
    struct field rest = {0};
    rest.length = input_look(input, &rest.text);
    if (columns)
        return KIND_PRICES_CSV;
    if (rest.length >= 3 && row_starts_with(rest, "\xef\xbb\xbf")) {
        rest.text += 3;
        rest.length -= 3;
    }
    size_t blank = 0;
    while (blank < rest.length && memchr(" \t\r\n", rest.text[blank], 4))
        blank++;
    if (blank < rest.length && (rest.text[blank] == '{' || rest.text[blank] == '['))
        return kind_of_json((struct field){rest.text + blank, rest.length - blank});
    /* The first line that is of a known kind tells; other lines may come before it. */
    while (rest.length) {
        const char *end = memchr(rest.text, '\n', rest.length);
        struct field line = {rest.text, end ? (size_t)(end - rest.text) : rest.length};
        size_t taken = line.length + (end != NULL);
        if (line.length && line.text[line.length - 1] == '\r')
            line.length--;
        enum trace_kind kind = kind_of_line(line);
        if (kind)
            return kind;
        rest.text += taken;
        rest.length -= taken;
    }
    return KIND_UNKNOWN;
}

int reader_read(struct input *input, enum trace_kind kind, const struct facts *facts,
                const struct record_receiver *receiver, struct error *err)
{
    switch (kind) {
    case KIND_PRICES_JSON:
        return reader_prices_json(input, receiver, err);
    case KIND_PRICES_TEXT:
    case KIND_PRICES_LEGACY:
    case KIND_PRICES_TSV:
        return reader_prices_lines(input, kind, receiver, err);
    case KIND_PRICES_CSV:
        return reader_prices_csv(input, facts->stated[FACT_COLUMNS], receiver, err);
    case KIND_CATALOG:
        return reader_catalog(input, receiver, err);
    case KIND_DEMAND:
        return reader_demand(input, receiver, err);
    case KIND_AVAILABILITY:
        return reader_availability(input, facts, receiver, err);
    case KIND_EVENTS:
    case KIND_COUNTS:
    case KIND_CLOCK_COUNTS:
        return reader_log(input, kind, facts, receiver, err);
    case KIND_LIFETIMES:
        return reader_lifetimes(input, facts, receiver, err);
    case KIND_ADVISOR:
        return reader_advisor(input, receiver, err);
    case KIND_TYPES:
        return reader_instance_types(input, receiver, err);
    case KIND_RECORDING:
    case KIND_FLEET_HISTORY:
    case KIND_METRIC:
    case KIND_SYNTHETIC:
    case KIND_UNKNOWN:
        break;
    }
    return error_set(err, STATUS_BAD_INPUT, "%s: nothing known is in it", input->name);
}
