/* What the readers of billing files share: telling the kinds apart, and the fields. */
#include "traces/charges.h"

#include "base/decimal.h"

#include <stdlib.h>
#include <string.h>

int charges_fail(const struct charges_reading *reading, int64_t line, const char *field,
                 const char *text)
{
    return error_set(reading->err, STATUS_BAD_INPUT, "%s:%lld: %s: %s", reading->input->name,
                     (long long)line, field, text);
}

bool charges_usage_type(struct field field, bool *out_spot, char out_type[NAME_LIMIT])
{
    static const struct {
        const char *word;
        bool spot;
    } kinds[] = {{"SpotUsage", true}, {"BoxUsage", false}};
    const char *colon = field.length ? memchr(field.text, ':', field.length) : NULL;
    size_t length = colon ? (size_t)(colon - field.text) : field.length;
    /* A region stands before it: "USE2-". */
    const char *dash = length ? memchr(field.text, '-', length) : NULL;
    size_t before = dash ? (size_t)(dash - field.text) + 1 : 0;
    struct field word = {field.text + before, length - before};
    struct field type = {colon ? colon + 1 : "m1.small",
                         colon ? field.length - length - 1 : strlen("m1.small")};
    for (size_t i = 0; field.length && i < sizeof kinds / sizeof kinds[0]; i++) {
        if (word.length == strlen(kinds[i].word) &&
            memcmp(word.text, kinds[i].word, word.length) == 0) {
            *out_spot = kinds[i].spot;
            return row_copy_type(out_type, type);
        }
    }
    return false;
}

/* An exponent, "-12", up to the end of the text. */
static bool exponent(const char *at, const char *end, int *out_exponent)
{
    bool negative = at < end && *at == '-';
    int value = 0;
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (at == end || end - at > 3)
        return false;
    for (; at < end; at++) {
        if (*at < '0' || *at > '9')
            return false;
        value = value * 10 + (*at - '0');
    }
    *out_exponent = negative ? -value : value;
    return true;
}

bool charges_number(struct field field, int64_t *out_parts)
{
    enum { PLACES = 10, DIGITS_MOST = 28 };
    const char *at = field.text;
    const char *end = field.length ? field.text + field.length : field.text;
    int128 value = 0;
    int digits = 0;
    int shift = PLACES; /* what the value is still to be multiplied by, as a power of ten */
    bool point = false;
    bool negative = at < end && *at == '-';
    at += negative;
    const char *first = at;
    for (; at < end && ((*at >= '0' && *at <= '9') || (*at == '.' && !point)); at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        shift -= point;
        if (value && ++digits >= DIGITS_MOST)
            return false;
        value = value * 10 + (*at - '0');
    }
    if (at - first <= (point ? 1 : 0))
        return false;
    int power = 0;
    if (at < end && ((*at != 'e' && *at != 'E') || !exponent(at + 1, end, &power)))
        return false;
    shift += power;
    for (; shift > 0 && value; shift--) {
        if (value > INT64_MAX)
            return false;
        value *= 10;
    }
    int128 divisor = 1;
    for (; shift < 0 && divisor < (int128)INT64_MAX * INT64_MAX / 10; shift++)
        divisor *= 10;
    value = divide_half_even(value, divisor);
    /* No line of any bill is dearer than ten million USD. */
    if (value > (int128)10000000 * CHARGE_PARTS)
        return false;
    *out_parts = negative ? -(int64_t)value : (int64_t)value;
    return true;
}

bool charges_instance(struct field field, char out_instance[CHARGE_INSTANCE_SIZE])
{
    if (field.length < 3 || field.length >= CHARGE_INSTANCE_SIZE ||
        memcmp(field.text, "i-", 2) != 0)
        return false;
    for (size_t i = 0; i < field.length; i++) {
        char c = field.text[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-'))
            return false;
        out_instance[i] = c;
    }
    out_instance[field.length] = '\0';
    return true;
}

void charges_span(struct charges_file *file, int64_t start_s, int64_t end_s)
{
    if (file->end_s == 0 || start_s < file->first_s)
        file->first_s = start_s;
    if (end_s > file->end_s)
        file->end_s = end_s;
}

static bool starts_with(const char *start, size_t size, const char *word)
{
    return size >= strlen(word) && memcmp(start, word, strlen(word)) == 0;
}

static int read_either(struct charges_reading *reading)
{
    const char *start = NULL;
    size_t size = input_look(reading->input, &start);
    if (reading->input->status)
        return reading->input->status;
    if (starts_with(start, size, "PAR1") || starts_with(start, size, "PK\x03\x04"))
        return error_set(reading->err, STATUS_BAD_INPUT,
                         "%s: a Parquet or ZIP file: have the report delivered as CSV with gzip, "
                         "or unpack it",
                         reading->input->name);
    bool feed = starts_with(start, size, "#");
    reading->file->kind = feed ? CHARGES_FEED : CHARGES_CUR;
    return feed ? charges_read_feed(reading) : charges_read_cur(reading);
}

static int read_opened(struct input *input, charge_taker *take, void *context,
                       struct charges_file *out_file, struct error *err)
{
    struct charges_reading reading = {input, take, context, out_file, err};
    int status = read_either(&reading);
    if (!status)
        status = input->status;
    input_close(input, out_file->hash);
    return status;
}

int charges_read(const char *path, charge_taker *take, void *context, struct charges_file *out_file,
                 struct error *err)
{
    struct input input;
    *out_file = (struct charges_file){0};
    int status = input_open(&input, path, err);
    return status ? status : read_opened(&input, take, context, out_file, err);
}

int charges_read_bytes(const char *name, const void *bytes, size_t count, charge_taker *take,
                       void *context, struct charges_file *out_file, struct error *err)
{
    struct input input;
    *out_file = (struct charges_file){0};
    int status = input_open_bytes(&input, name, bytes, count, err);
    return status ? status : read_opened(&input, take, context, out_file, err);
}
