/* Fields of a row: splitting, and the checks every price record passes. */
#include "base/decimal.h"
#include "base/timestamp.h"
#include "traces/reader.h"

#include <string.h>
#include <strings.h>

/* No instance was ever near this price; a larger one is a broken row. */
static const int64_t price_limit_micro = INT64_C(10000) * MICRO;

bool row_is(struct field field, const char *word)
{
    return field.length == strlen(word) && strncasecmp(field.text, word, field.length) == 0;
}

bool row_starts_with(struct field field, const char *word)
{
    size_t length = strlen(word);
    return field.length >= length && memcmp(field.text, word, length) == 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

struct field row_trim(struct field field)
{
    while (field.length && is_blank(field.text[0])) {
        field.text++;
        field.length--;
    }
    while (field.length && is_blank(field.text[field.length - 1]))
        field.length--;
    return field;
}

/* What may stand in a name, by byte: 1 in a zone's, 2 in a type's, 4 in a product's. */
enum { NAME = 1, DOTTED = 2, TEXT = 4 };

static const unsigned char allowed[256] = {
    [0x20] = 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 7, 6, 4, /* - . */
    7,          7, 7, 7, 7, 7, 7, 7, 7, 7, 4, 4, 4, 4, 4, 4, /* digits */
    4,          7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, /* A to O */
    7,          7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 4, 4, 4, 4, 6, /* P to Z, _ */
    4,          7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, /* a to o */
    7,          7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 4, 4, 4, 4, 0, /* p to z */
};

static bool copy_allowed(char out[NAME_LIMIT], struct field field, unsigned char what)
{
    if (field.length == 0 || field.length >= NAME_LIMIT)
        return false;
    unsigned char fits = what;
    for (size_t i = 0; i < field.length; i++)
        fits &= allowed[(unsigned char)field.text[i]];
    unsigned char first = (unsigned char)(field.text[0] | 0x20);
    if (!fits || (what != TEXT && (first < 'a' || first > 'z')))
        return false;
    memcpy(out, field.text, field.length);
    out[field.length] = '\0';
    return true;
}

bool row_copy_zone(char out[NAME_LIMIT], struct field field)
{
    return copy_allowed(out, field, NAME);
}

bool row_copy_type(char out[NAME_LIMIT], struct field field)
{
    return copy_allowed(out, field, DOTTED);
}

bool row_time(struct field field, int64_t *out_time_s, bool *out_assumed_utc)
{
    *out_assumed_utc = false;
    if (timestamp_parse(field.text, field.length, false, out_time_s))
        return true;
    *out_assumed_utc = timestamp_parse(field.text, field.length, true, out_time_s);
    return *out_assumed_utc;
}

const char *row_time_wrong(struct field field)
{
    return field.length ? timestamp_wrong(field.text, field.length, true) : "no time";
}

const char *row_names(struct price_record *out_record, struct field zone, struct field type,
                      struct field product)
{
    if (!row_copy_zone(out_record->zone, zone))
        return zone.length ? "the availability zone is not a zone's name or id"
                           : "no availability zone";
    if (!row_copy_type(out_record->instance_type, type))
        return type.length ? "the instance type is not a type's name" : "no instance type";
    if (product.length == 0)
        memcpy(out_record->product, "Linux/UNIX", sizeof "Linux/UNIX");
    else if (!copy_allowed(out_record->product, product, TEXT))
        return "the product description is not a name";
    return NULL;
}

const char *row_figures(struct price_record *out_record, struct field price, struct field time)
{
    if (!row_time(time, &out_record->time_s, &out_record->assumed_utc))
        return row_time_wrong(time);
    enum decimal_result result =
        decimal_parse(price.text, price.length, &out_record->micro_usd_per_hour);
    if (result == DECIMAL_TOO_FINE)
        return "the price has more than six decimals";
    if (result == DECIMAL_NOT_A_NUMBER)
        return price.length ? "the price is not a number" : "no price";
    if (result || out_record->micro_usd_per_hour > price_limit_micro)
        return "the price is above 10,000 USD per hour";
    if (out_record->micro_usd_per_hour <= 0)
        return "the price is not above zero";
    return NULL;
}

const char *row_price(struct price_record *out_record, struct field zone, struct field type,
                      struct field product, struct field price, struct field time)
{
    out_record->mark = NULL;
    const char *reason = row_names(out_record, zone, type, product);
    return reason ? reason : row_figures(out_record, price, time);
}

size_t row_split(struct field line, char separator, bool quotes, char *scratch,
                 struct field *out_fields, size_t capacity)
{
    size_t count = 0;
    const char *at = line.text;
    const char *end = line.text + line.length;
    for (;;) {
        if (count == capacity)
            return 0;
        struct field *field = &out_fields[count++];
        if (quotes && at < end && *at == '"') {
            field->text = scratch;
            for (at++; at < end; at++) {
                if (*at == '"' && at + 1 < end && at[1] == '"')
                    at++;
                else if (*at == '"')
                    break;
                *scratch++ = *at;
            }
            field->length = (size_t)(scratch - field->text);
            while (at < end && *at != separator)
                at++;
        } else {
            const char *stop = at < end ? memchr(at, separator, (size_t)(end - at)) : NULL;
            stop = stop ? stop : end;
            *field = (struct field){at, (size_t)(stop - at)};
            at = stop;
        }
        if (at >= end)
            return count;
        at++;
    }
}
