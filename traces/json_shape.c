#include "traces/json_shape.h"

#include <string.h>

static const char *const member_names[MEMBERS] = {"AvailabilityZone",   "InstanceType",
                                                  "ProductDescription", "SpotPrice",
                                                  "Timestamp",          "AvailabilityZoneId"};

int json_member_of(struct field key)
{
    int member = 0;
    while (member < MEMBERS && (key.length != strlen(member_names[member]) ||
                                memcmp(key.text, member_names[member], key.length) != 0))
        member++;
    return member;
}

bool json_is_history(struct field key)
{
    static const char name[] = "SpotPriceHistory";
    return key.length == sizeof name - 1 && memcmp(key.text, name, key.length) == 0;
}

/* In eight bytes, the top bits of those that do not stand for themselves in a string: its end, an
 * escape, control characters. Bits above the lowest that is set may be wrong. */
static uint64_t stops(uint64_t word)
{
    const uint64_t ones = UINT64_MAX / 255;
    const uint64_t top_bits = ones << 7;
    uint64_t end = word ^ (ones * '"');
    uint64_t escape = word ^ (ones * '\\');
    uint64_t found =
        ((word - ones * 0x20) & ~word) | ((end - ones) & ~end) | ((escape - ones) & ~escape);
    return found & top_bits;
}

/* The bytes before the first that does not stand for itself in a string. */
static size_t plain_length(const unsigned char *at, const unsigned char *end)
{
    const unsigned char *start = at;
    for (; end - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        uint64_t found = stops(word);
        if (found && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
            return (size_t)(at - start) + (size_t)__builtin_ctzll(found) / 8;
        if (found)
            break;
    }
    while (at < end && *at >= 0x20 && *at != '"' && *at != '\\')
        at++;
    return (size_t)(at - start);
}

struct lesson {
    const unsigned char *start;
    const unsigned char *at;
    const unsigned char *end;
};

static bool is_next(struct lesson *lesson, unsigned char wanted)
{
    while (lesson->at < lesson->end && *lesson->at <= ' ')
        lesson->at++; /* blanks: the scanner has let them pass */
    if (lesson->at == lesson->end || *lesson->at != wanted)
        return false;
    lesson->at++;
    return true;
}

/* After its quote, up to the one that ends it. */
static bool plain_string(struct lesson *lesson, struct field *out_string)
{
    size_t length = plain_length(lesson->at, lesson->end);
    *out_string = (struct field){(const char *)lesson->at, length};
    lesson->at += length;
    return lesson->at < lesson->end && *lesson->at == '"';
}

/* The text up to here, from where the value before it ended. */
static bool add_text(struct json_shape *shape, const unsigned char *from, const unsigned char *to)
{
    size_t start = shape->count ? shape->ends[shape->count - 1] : 0;
    size_t length = (size_t)(to - from);
    if (shape->count == SHAPE_PARTS || length > SHAPE_TEXT - start)
        return false;
    memcpy(shape->text + start, from, length);
    shape->ends[shape->count] = start + length;
    for (const unsigned char *at = from; at < to; at++)
        shape->lines += *at == '\n';
    return true;
}

static bool learn(struct json_shape *shape, struct lesson *lesson)
{
    struct field key;
    struct field value;
    const unsigned char *from = lesson->at;
    bool ours = false;
    if (!is_next(lesson, ',') || !is_next(lesson, '{'))
        return false;
    for (const unsigned char *at = from; at < lesson->at; at++)
        shape->lines_before += *at == '\n';
    do {
        if (!is_next(lesson, '"') || !plain_string(lesson, &key) || !is_next(lesson, '"') ||
            !is_next(lesson, ':') || !is_next(lesson, '"') || !add_text(shape, from, lesson->at) ||
            !plain_string(lesson, &value))
            return false;
        int member = json_member_of(key);
        if (member == MEMBERS && json_is_history(key))
            return false;
        ours = ours || member != MEMBERS;
        shape->members[shape->count++] = member;
        from = lesson->at;
        lesson->at++;
    } while (is_next(lesson, ','));
    return ours && is_next(lesson, '}') && add_text(shape, from, lesson->at);
}

void json_shape_learn(struct json_shape *shape, const unsigned char *bytes, size_t length)
{
    struct lesson lesson = {bytes, bytes, bytes + length};
    shape->count = 0;
    shape->lines_before = 0;
    shape->lines = 0;
    if (!learn(shape, &lesson))
        shape->count = 0;
}

size_t json_shape_match(const struct json_shape *shape, const unsigned char *bytes, size_t length,
                        struct field out_values[MEMBERS + 1])
{
    const unsigned char *at = bytes;
    const unsigned char *end = bytes + length;
    const unsigned char *text = shape->text;
    if (shape->count == 0)
        return 0;
    for (int i = 0; i < MEMBERS; i++)
        out_values[i] = (struct field){0};
    for (size_t i = 0;; i++) {
        size_t size = (size_t)(shape->text + shape->ends[i] - text);
        if ((size_t)(end - at) < size || memcmp(at, text, size) != 0)
            return 0;
        at += size;
        text += size;
        if (i == shape->count)
            return (size_t)(at - bytes);
        size_t value = plain_length(at, end);
        out_values[shape->members[i]] = (struct field){(const char *)at, value};
        at += value;
    }
}
