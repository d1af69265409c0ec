#include "scenario/writer.h"

#include "base/decimal.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "scenario/defaults.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_SIZE = DECIMAL_TEXT_SIZE + 2 };

/* "[3]" */
static char *index_key(size_t index, char out_key[KEY_SIZE])
{
    out_key[0] = '[';
    int128_format((int128)index, out_key + 1);
    strcat(out_key, "]");
    return out_key;
}

static void add_key(struct writer *writer, const char *key)
{
    if (writer->comma)
        text_add_bytes(writer->out, ",", 1);
    if (key) {
        text_add_json_string(writer->out, key);
        text_add_bytes(writer->out, ":", 1);
    }
}

static void open_bracket(struct writer *writer, char bracket)
{
    assert(writer->depth < ARRAY_LENGTH(writer->parents));
    writer->parents[writer->depth++] = writer->path.size;
    text_add_bytes(writer->out, &bracket, 1);
    writer->comma = false;
}

void write_open(struct writer *writer, const char *key, char bracket)
{
    add_key(writer, key);
    open_bracket(writer, bracket);
    if (key && writer->path.size)
        text_add(&writer->path, ".");
    if (key)
        text_add(&writer->path, key);
}

void write_open_item(struct writer *writer, size_t index, char bracket)
{
    char key[KEY_SIZE];
    add_key(writer, NULL);
    open_bracket(writer, bracket);
    text_add(&writer->path, index_key(index, key));
}

void write_close(struct writer *writer, char bracket)
{
    text_add_bytes(writer->out, &bracket, 1);
    writer->path.size = writer->parents[--writer->depth];
    if (writer->path.data)
        writer->path.data[writer->path.size] = '\0';
    writer->comma = true;
}

/* The path of the leaf at `key`, which is an index where it begins with a bracket. */
static char *path_of(const struct writer *writer, const char *key)
{
    const char *path = writer->path.size ? writer->path.data : "";
    return memory_format("%s%s%s", path, *path && *key != '[' ? "." : "", key);
}

/* The default of the value at `key`. */
static const struct default_source *default_at(const struct writer *writer, const char *key)
{
    char *path = path_of(writer, key);
    char *to = path; /* without indices */
    for (const char *from = path; *from; from++) {
        if (*from == '[')
            from += strcspn(from, "]");
        else
            *to++ = *from;
    }
    *to = '\0';
    const struct default_source *found = default_source_of(path);
    free(path);
    return found;
}

static void add_value(struct writer *writer, const char *key, const char *value,
                      enum value_source source, const char *why)
{
    struct scenario *scenario = writer->reader->scenario;
    if (writer->reader->bare)
        return;
    struct scenario_value leaf = {.path = path_of(writer, key),
                                  .value = memory_copy_text(value),
                                  .source = source,
                                  .why = why};
    if (source == VALUE_ASSUMED) {
        const struct default_source *range = default_at(writer, key);
        leaf.low = range->low;
        leaf.high = range->high;
    }
    ARRAY_PUSH(scenario->values, scenario->value_count, writer->value_capacity, leaf);
}

/* Where the value at `key` comes from. */
static void find_source(const struct writer *writer, const char *key, const cJSON *given,
                        enum value_source *out_source, const char **out_why)
{
    *out_source = VALUE_USER;
    *out_why = "";
    if (writer->reader->bare)
        return;
    for (size_t i = 0; given && i < writer->reader->implied_count; i++) {
        if (writer->reader->implied[i] == given) {
            *out_source = VALUE_DERIVED;
            *out_why = "what a mixed_group has unless it says otherwise";
            return;
        }
    }
    if (given) {
        *out_source = reader_kind(writer->reader, given) == DOCUMENT_SET ? VALUE_SET : VALUE_USER;
        return;
    }
    const struct default_source *found = default_at(writer, key);
    *out_source = found->source;
    *out_why = found->why;
}

void write_json(struct writer *writer, const char *key, const char *json, enum value_source source,
                const char *why)
{
    add_key(writer, key);
    text_add(writer->out, json);
    writer->comma = true;
    add_value(writer, key, json, source, why);
}

void write_long(struct writer *writer, const char *key, const char *json, const char *summary,
                const cJSON *given)
{
    enum value_source source = VALUE_USER;
    const char *why = NULL;
    find_source(writer, key, given, &source, &why);
    add_key(writer, key);
    text_add(writer->out, json);
    writer->comma = true;
    struct text quoted = {0};
    text_add_json_string(&quoted, summary);
    add_value(writer, key, quoted.data, source, why);
    text_clean_up(&quoted);
}

void write_value(struct writer *writer, const char *key, const char *json, const cJSON *given)
{
    enum value_source source = VALUE_USER;
    const char *why = NULL;
    find_source(writer, key, given, &source, &why);
    write_json(writer, key, json, source, why);
}

void write_integer(struct writer *writer, const char *key, int64_t value, const cJSON *given)
{
    char text[DECIMAL_TEXT_SIZE];
    write_value(writer, key, int128_format(value, text), given);
}

void write_decimal(struct writer *writer, const char *key, int64_t micro, const cJSON *given)
{
    char text[DECIMAL_TEXT_SIZE];
    write_value(writer, key, decimal_format(micro, text), given);
}

void write_string(struct writer *writer, const char *key, const char *string, const cJSON *given)
{
    struct text quoted = {0};
    text_add_json_string(&quoted, string);
    write_value(writer, key, quoted.data, given);
    text_clean_up(&quoted);
}

void write_item(struct writer *writer, size_t index, const char *string, const cJSON *given)
{
    struct text quoted = {0};
    text_add_json_string(&quoted, string);
    enum value_source source = VALUE_USER;
    const char *why = NULL;
    char key[KEY_SIZE];
    index_key(index, key);
    find_source(writer, key, given, &source, &why);
    add_key(writer, NULL);
    text_add(writer->out, quoted.data);
    writer->comma = true;
    add_value(writer, key, quoted.data, source, why);
    text_clean_up(&quoted);
}

void write_bool(struct writer *writer, const char *key, bool value, const cJSON *given)
{
    write_value(writer, key, value ? "true" : "false", given);
}

void write_time(struct writer *writer, const char *key, int64_t time_s, const cJSON *given)
{
    char text[TIMESTAMP_TEXT_SIZE];
    write_string(writer, key, timestamp_format(time_s, text), given);
}
