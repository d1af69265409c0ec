#include "scenario/writer.h"

#include "base/decimal.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "scenario/defaults.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_key(struct writer *writer, const char *key)
{
    if (writer->comma)
        text_add(writer->out, ",");
    if (key) {
        text_add_json_string(writer->out, key);
        text_add(writer->out, ":");
    }
}

void write_open(struct writer *writer, const char *key, char bracket)
{
    add_key(writer, key);
    text_addf(writer->out, "%c", bracket);
    if (key)
        text_addf(&writer->path, "%s%s", writer->path.size ? "." : "", key);
    writer->comma = false;
}

void write_close(struct writer *writer, char bracket, const char *key)
{
    text_addf(writer->out, "%c", bracket);
    size_t length = key ? strlen(key) : 0;
    if (key && writer->path.size >= length) {
        writer->path.size -= length;
        if (writer->path.size)
            writer->path.size--;
        writer->path.data[writer->path.size] = '\0';
    }
    writer->comma = true;
}

static char *path_of(const struct writer *writer, const char *key)
{
    const char *path = writer->path.size ? writer->path.data : "";
    return memory_format("%s%s%s", path, *path && key ? "." : "", key ? key : "");
}

static void add_value(struct writer *writer, const char *key, const char *value,
                      enum value_source source, const char *why)
{
    struct scenario *scenario = writer->reader->scenario;
    struct scenario_value leaf = {path_of(writer, key), memory_copy_text(value), source, why};
    ARRAY_PUSH(scenario->values, scenario->value_count, writer->value_capacity, leaf);
}

/* Where the value at `key` comes from. */
static void find_source(const struct writer *writer, const char *key, const cJSON *given,
                        enum value_source *out_source, const char **out_why)
{
    if (given) {
        *out_source = reader_kind(writer->reader, given) == DOCUMENT_SET ? VALUE_SET : VALUE_USER;
        *out_why = "";
        return;
    }
    char *path = path_of(writer, key);
    const struct default_source *found = default_source_of(path);
    free(path);
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

static void write_given(struct writer *writer, const char *key, const char *json,
                        const cJSON *given)
{
    enum value_source source = VALUE_USER;
    const char *why = NULL;
    find_source(writer, key, given, &source, &why);
    write_json(writer, key, json, source, why);
}

void write_integer(struct writer *writer, const char *key, int64_t value, const cJSON *given)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64, value);
    write_given(writer, key, text, given);
}

void write_decimal(struct writer *writer, const char *key, int64_t micro, const cJSON *given)
{
    char text[DECIMAL_TEXT_SIZE];
    write_given(writer, key, decimal_format(micro, text), given);
}

void write_string(struct writer *writer, const char *key, const char *string, const cJSON *given)
{
    struct text quoted = {0};
    text_add_json_string(&quoted, string);
    write_given(writer, key, quoted.data, given);
    text_clean_up(&quoted);
}

void write_bool(struct writer *writer, const char *key, bool value, const cJSON *given)
{
    write_given(writer, key, value ? "true" : "false", given);
}

void write_time(struct writer *writer, const char *key, int64_t time_s, const cJSON *given)
{
    char text[TIMESTAMP_TEXT_SIZE];
    char quoted[TIMESTAMP_TEXT_SIZE + 2];
    snprintf(quoted, sizeof quoted, "\"%s\"", timestamp_format(time_s, text));
    write_given(writer, key, quoted, given);
}
