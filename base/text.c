#include "base/text.h"

#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_LIMIT = 1 << 30 };

static bool room_for(struct text *text, size_t count)
{
    size_t limit = text->limit ? text->limit : DEFAULT_LIMIT;
    if (text->failed || count > limit || text->size > limit - count) {
        text->failed = true;
        return false;
    }
    size_t wanted = text->size + count + 1;
    if (wanted > text->capacity) {
        size_t capacity = text->capacity ? text->capacity : 256;
        while (capacity < wanted)
            capacity *= 2;
        text->data = memory_resize(text->data, capacity, 1);
        text->capacity = capacity;
    }
    return true;
}

void text_add_bytes(struct text *text, const char *bytes, size_t count)
{
    bool fits = !text->limit && !text->failed && count < text->capacity - text->size;
    if (!fits && !room_for(text, count))
        return;
    if (count)
        memcpy(text->data + text->size, bytes, count);
    text->size += count;
    text->data[text->size] = '\0';
}

void text_add(struct text *text, const char *string)
{
    text_add_bytes(text, string, strlen(string));
}

void text_addf(struct text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int count = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (count < 0)
        text->failed = true;
    else if (room_for(text, (size_t)count)) {
        vsnprintf(text->data + text->size, (size_t)count + 1, format, again);
        text->size += (size_t)count;
    }
    va_end(again);
}

/* Length of the well-formed UTF-8 sequence at `s`, or 0. The text is NUL-terminated. */
static size_t utf8_length(const unsigned char *s)
{
    if (s[0] < 0x80)
        return 1;
    size_t length = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    if (s[0] < 0xc2 || s[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    }
    bool overlong = (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xf0 && s[1] < 0x90);
    bool surrogate = s[0] == 0xed && s[1] > 0x9f;
    bool beyond = s[0] == 0xf4 && s[1] > 0x8f;
    return overlong || surrogate || beyond ? 0 : length;
}

/* How many bytes from `s` on stand for themselves. */
static size_t plain_length(const unsigned char *s)
{
    size_t length = 0;
    while (s[length] >= 0x20 && s[length] < 0x7f && s[length] != '"' && s[length] != '\\')
        length++;
    return length;
}

void text_add_json_string(struct text *text, const char *string)
{
    text_add_bytes(text, "\"", 1);
    for (const unsigned char *s = (const unsigned char *)string; *s;) {
        size_t length = plain_length(s);
        if (length > 0) {
            text_add_bytes(text, (const char *)s, length);
            s += length;
            continue;
        }
        length = utf8_length(s);
        if (length == 0) {
            text_add(text, "\\ufffd");
            s++;
            continue;
        }
        if (*s == '"' || *s == '\\')
            text_addf(text, "\\%c", *s);
        else if (*s == '\n')
            text_add(text, "\\n");
        else if (*s == '\t')
            text_add(text, "\\t");
        else if (*s < 0x20 || *s == 0x7f)
            text_addf(text, "\\u%04x", *s);
        else
            text_add_bytes(text, (const char *)s, length);
        s += length;
    }
    text_add_bytes(text, "\"", 1);
}

int text_status(const struct text *text, struct error *err)
{
    if (text->failed)
        return error_set(err, STATUS_FAILURE, "a text grew beyond its limit of %zu bytes",
                         text->limit ? text->limit : (size_t)DEFAULT_LIMIT);
    return STATUS_OK;
}

void text_clean_up(struct text *text)
{
    free(text->data);
    *text = (struct text){.limit = text->limit};
}
