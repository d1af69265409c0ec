/* Price histories of one record a line, without a header: the CLI's text, ec2-api-tools, TSV. */
#include "traces/known_names.h"

#include <string.h>

int row_each_line(struct input *input, const struct record_receiver *receiver, row_taker *take,
                  void *context)
{
    struct field line = {0};
    int got = 0;
    int status = STATUS_OK;
    while (!status && (got = input_line(input, &line.text, &line.length)) != 0) {
        int64_t number = input->line - 1;
        if (got < 0) {
            status = receiver->refused(number, "the line is longer than 65,536 bytes",
                                       receiver->context);
            continue;
        }
        if (number == 1 && row_starts_with(line, "\xef\xbb\xbf")) {
            line.text += 3;
            line.length -= 3;
        }
        status = take(line, number, context);
    }
    return status ? status : input->status;
}

/* Split at runs of blanks, as the ec2-api-tools print. */
static size_t split_blanks(struct field line, struct field *fields, size_t capacity)
{
    size_t count = 0;
    for (size_t i = 0; i < line.length;) {
        while (i < line.length && (line.text[i] == ' ' || line.text[i] == '\t'))
            i++;
        size_t start = i;
        while (i < line.length && line.text[i] != ' ' && line.text[i] != '\t')
            i++;
        if (i > start) {
            if (count == capacity)
                return 0;
            fields[count++] = (struct field){line.text + start, i - start};
        }
    }
    return count;
}

/* Lower-case letter first and a '-' in it: what a zone is and no product's last word is. */
static bool looks_like_zone(struct field field)
{
    return field.length && field.text[0] >= 'a' && field.text[0] <= 'z' &&
           memchr(field.text, '-', field.length);
}

/* SPOTINSTANCEPRICE 0.0042 2009-12-09T05:26:54-0800 m1.small Linux/UNIX (Amazon VPC) us-east-1a */
static const char *legacy_fields(struct field line, struct price_fields *out_fields)
{
    struct field f[READER_FIELDS_MAX];
    size_t count = split_blanks(line, f, READER_FIELDS_MAX);
    if (count < 5)
        return "fewer than five columns";
    /* The product may hold blanks: it is what stands between the type and the zone. */
    size_t last = count - 1;
    if (count < 6 || !looks_like_zone(f[last]))
        return "no availability zone: the oldest tools did not print one";
    const char *end = f[last - 1].text + f[last - 1].length;
    struct field product = {f[4].text, (size_t)(end - f[4].text)};
    *out_fields = (struct price_fields){f[last], f[3], product, f[1], f[2]};
    return NULL;
}

/* "use1-az4" after the zone's name, as newer command lines print. */
static bool is_zone_id(struct field field)
{
    const char *dash = field.length ? memchr(field.text, '-', field.length) : NULL;
    size_t rest = dash ? (size_t)(field.text + field.length - dash) : 0;
    return rest > 3 && memcmp(dash, "-az", 3) == 0;
}

const char *row_line_fields(enum trace_kind kind, struct field line,
                            struct price_fields *out_fields, bool *out_skip)
{
    struct field f[READER_FIELDS_MAX];
    *out_skip = row_trim(line).length == 0;
    if (!*out_skip && kind == KIND_PRICES_LEGACY)
        *out_skip = !row_starts_with(line, "SPOTINSTANCEPRICE");
    if (!*out_skip && kind == KIND_PRICES_TEXT)
        *out_skip = !row_starts_with(line, "SPOTPRICEHISTORY\t");
    if (*out_skip)
        return NULL;
    if (kind == KIND_PRICES_LEGACY)
        return legacy_fields(line, out_fields);
    size_t count = row_split(line, '\t', false, NULL, f, READER_FIELDS_MAX);
    size_t first = kind == KIND_PRICES_TEXT ? 1 : 0;
    size_t id = count == first + 6 && is_zone_id(f[first + 1]) ? 1 : 0;
    if (count != first + 5 + id)
        return "not five columns: zone, type, product, price, time";
    const struct field *rest = f + first + id;
    *out_fields = (struct price_fields){f[first], rest[1], rest[2], rest[3], rest[4]};
    return NULL;
}

struct lines {
    const struct record_receiver *receiver;
    enum trace_kind kind;
    struct known_names *known;
};

static int take_line(struct field line, int64_t number, void *context)
{
    const struct lines *lines = context;
    const struct record_receiver *receiver = lines->receiver;
    struct price_fields fields;
    struct price_record *record = NULL;
    bool skip = false;
    const char *reason = row_line_fields(lines->kind, line, &fields, &skip);
    if (skip)
        return STATUS_OK;
    if (!reason)
        reason = known_names_price(lines->known, &fields, &record);
    return reason ? receiver->refused(number, reason, receiver->context)
                  : receiver->price(record, number, receiver->context);
}

int reader_prices_lines(struct input *input, enum trace_kind kind,
                        const struct record_receiver *receiver, struct error *err)
{
    (void)err; /* a line cannot stop the rest */
    struct lines lines = {receiver, kind, known_names_new()};
    int status = row_each_line(input, receiver, take_line, &lines);
    known_names_destroy(lines.known);
    return status;
}
