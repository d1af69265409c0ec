#include "base/decimal.h"
#include "base/timestamp.h"
#include "traces/reader.h"

#include <string.h>
#include <strings.h>

/* No instance was ever near this price; a larger one is a broken row. */
static const int64_t price_limit_micro = INT64_C(10000) * MICRO;

bool reader_is(struct field field, const char *word)
{
    return field.length == strlen(word) && strncasecmp(field.text, word, field.length) == 0;
}

/* Letters, digits and what stands in zone, type and product names; no control characters. */
static bool copy_name(char out[NAME_LIMIT], struct field field, bool spaces)
{
    if (field.length == 0 || field.length >= NAME_LIMIT)
        return false;
    for (size_t i = 0; i < field.length; i++) {
        unsigned char c = (unsigned char)field.text[i];
        if (c < 0x20 || c == 0x7f || (c == ' ' && !spaces))
            return false;
    }
    memcpy(out, field.text, field.length);
    out[field.length] = '\0';
    return true;
}

const char *reader_price(struct price_record *out_record, struct field zone, struct field type,
                         struct field product, struct field price, struct field time)
{
    if (!copy_name(out_record->zone, zone, false))
        return "no availability zone";
    if (!copy_name(out_record->instance_type, type, false))
        return "no instance type";
    if (product.length == 0)
        memcpy(out_record->product, "Linux/UNIX", sizeof "Linux/UNIX");
    else if (!copy_name(out_record->product, product, true))
        return "the product description is not a name";
    if (!timestamp_parse(time.text, time.length, true, &out_record->time_s))
        return time.length ? "the time is not ISO 8601" : "no time";
    enum decimal_result result =
        decimal_parse(price.text, price.length, &out_record->micro_usd_per_hour);
    if (result == DECIMAL_TOO_FINE)
        return "the price has more than six decimals";
    if (result)
        return price.length ? "the price is not a number" : "no price";
    if (out_record->micro_usd_per_hour <= 0)
        return "the price is not above zero";
    if (out_record->micro_usd_per_hour > price_limit_micro)
        return "the price is above 10,000 USD per hour";
    return NULL;
}

size_t reader_split(const char *line, size_t length, char separator, bool quotes, char *scratch,
                    struct field *out_fields, size_t capacity)
{
    size_t count = 0;
    const char *at = line;
    const char *end = line + length;
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
            const char *stop = memchr(at, separator, (size_t)(end - at));
            stop = stop ? stop : end;
            *field = (struct field){at, (size_t)(stop - at)};
            at = stop;
        }
        if (at >= end)
            return count;
        at++;
    }
}
