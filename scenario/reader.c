#include "scenario/reader.h"

#include "base/memory.h"
#include "scenario/file_memory.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { STRING_LIMIT = 1000 };

/* ---- complaints and notes ---------------------------------------------------------------------
 */

/* "--set a=b:1:1: (top): text" becomes "--set a=b: text": a place in one word helps nobody. */
static int tidy(struct reader *reader, size_t document)
{
    const struct document *from = &reader->documents[document];
    struct error *err = reader->err;
    size_t name = strlen(from->json->name);
    if (from->kind == DOCUMENT_FILE || !err || strncmp(err->text, from->json->name, name) != 0)
        return STATUS_BAD_INPUT;
    const char *rest = err->text + name;
    int skip = 0;
    if (sscanf(rest, ":%*d:%*d: %n", &skip) != 0 || skip == 0)
        return STATUS_BAD_INPUT;
    rest += skip;
    if (strncmp(rest, "(top): ", 7) == 0)
        rest += 7;
    char *copy = memory_copy_text(rest);
    error_set(err, STATUS_BAD_INPUT, "%s: %s", from->json->name, copy);
    free(copy);
    return STATUS_BAD_INPUT;
}

void reader_complain(struct reader *reader, const cJSON *node, const char *format, ...)
{
    char message[sizeof reader->err->text];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    struct origin origin;
    if (!node || !reader_origin(reader, node, &origin)) {
        error_set(reader->err, STATUS_BAD_INPUT, "%s: %s", reader->documents[0].json->name,
                  message);
        return;
    }
    json_fail(reader->documents[origin.document].json, origin.pristine, reader->err, "%s", message);
    tidy(reader, origin.document);
}

/* Length of the UTF-8 sequence at `at`, or 0 if it is none. The text ends with a NUL. */
static size_t sequence_length(const unsigned char *at)
{
    size_t length = *at < 0x80 ? 1 : *at < 0xc2 ? 0 : *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : 4;
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    }
    bool overlong = (*at == 0xe0 && at[1] < 0xa0) || (*at == 0xf0 && at[1] < 0x90);
    bool surrogate = *at == 0xed && at[1] > 0x9f;
    bool beyond = *at > 0xf4 || (*at == 0xf4 && at[1] > 0x8f);
    return overlong || surrogate || beyond ? 0 : length;
}

static int check_text(const struct json_document *document, struct error *err)
{
    size_t line = 1;
    const unsigned char *at = (const unsigned char *)document->text;
    while (*at) {
        size_t length = sequence_length(at);
        if (length == 0)
            return error_set(err, STATUS_BAD_INPUT, "%s:%zu: not UTF-8 text: byte 0x%02x",
                             document->name, line, *at);
        line += *at == '\n';
        at += length;
    }
    return STATUS_OK;
}

int reader_check_text(struct reader *reader)
{
    int status = STATUS_OK;
    for (size_t i = 0; i < reader->document_count && !status; i++) {
        const struct document *document = &reader->documents[i];
        if (!document->is_utf8)
            status = check_text(document->json, reader->err);
    }
    return status;
}

bool reader_is_utf8(const struct json_document *document)
{
    return check_text(document, NULL) == STATUS_OK;
}

/* ---- values -----------------------------------------------------------------------------------
 */

/* Read `node` with one of base/json.h's readers, in the document it comes from. */
#define READ(reader, node, function, ...)                                                          \
    do {                                                                                           \
        struct origin origin;                                                                      \
        if (!reader_origin(reader, node, &origin))                                                 \
            return reader_fail(reader, node, "has no place");                                      \
        int status = function((reader)->documents[origin.document].json, origin.pristine,          \
                              __VA_ARGS__, (reader)->err);                                         \
        return status ? tidy(reader, origin.document) : STATUS_OK;                                 \
    } while (0)

int reader_int64(struct reader *reader, const cJSON *node, int64_t min, int64_t max,
                 int64_t *out_value)
{
    READ(reader, node, json_int64, min, max, out_value);
}

int reader_decimal(struct reader *reader, const cJSON *node, int64_t min_micro, int64_t max_micro,
                   int64_t *out_micro)
{
    READ(reader, node, json_decimal, min_micro, max_micro, out_micro);
}

int reader_bool(struct reader *reader, const cJSON *node, bool *out_value)
{
    READ(reader, node, json_bool, out_value);
}

int reader_time(struct reader *reader, const cJSON *node, int64_t *out_time_s)
{
    READ(reader, node, json_time, out_time_s);
}

static int any_string(struct reader *reader, const cJSON *node, const char **out_text)
{
    READ(reader, node, json_string, out_text);
}

int reader_string(struct reader *reader, const cJSON *node, const char **out_text)
{
    *out_text = "";
    int status = any_string(reader, node, out_text);
    if (status)
        return status;
    size_t length = strlen(*out_text);
    if (length == 0)
        return reader_fail(reader, node, "must not be empty");
    if (length > STRING_LIMIT)
        return reader_fail(reader, node, "is longer than %d bytes", STRING_LIMIT);
    for (const unsigned char *c = (const unsigned char *)*out_text; *c; c++) {
        if (*c < 0x20 || *c == 0x7f)
            return reader_fail(reader, node, "must not hold control characters");
    }
    return STATUS_OK;
}

int reader_object(struct reader *reader, const cJSON *node)
{
    return cJSON_IsObject(node) ? STATUS_OK : reader_fail(reader, node, "must be an object {...}");
}

int reader_list(struct reader *reader, const cJSON *node, size_t limit)
{
    if (!cJSON_IsArray(node))
        return reader_fail(reader, node, "must be a list [...]");
    size_t count = 0;
    for (const cJSON *child = node->child; child; child = child->next)
        count++;
    if (count > limit)
        return reader_fail(reader, node, "has %zu items, more than %zu", count, limit);
    return STATUS_OK;
}

int reader_word(struct reader *reader, const cJSON *node, const char *const *words, int *out_index)
{
    const char *text = NULL;
    int status = reader_string(reader, node, &text);
    if (status)
        return status;
    char list[256] = "";
    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], text) == 0) {
            *out_index = i;
            return STATUS_OK;
        }
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s\"%s\"", i ? ", " : "", words[i]);
    }
    return reader_fail(reader, node, "\"%s\" is not one of %s", text, list);
}

const cJSON *member(const cJSON *object, const char *key)
{
    const cJSON *child = object ? object->child : NULL;
    /* Most names differ in their first byte. */
    while (child &&
           (!child->string || child->string[0] != key[0] || strcmp(child->string, key) != 0))
        child = child->next;
    return child;
}

const cJSON *reader_at(const struct reader *reader, const char *path)
{
    const cJSON *node = reader->root;
    while (node && *path) {
        size_t length = strcspn(path, ".");
        const cJSON *child = cJSON_IsObject(node) ? node->child : NULL;
        while (child && (child->string[0] != path[0] || strncmp(child->string, path, length) != 0 ||
                         child->string[length]))
            child = child->next;
        node = child;
        path += length + (path[length] == '.');
    }
    return node;
}

/* ---- files ------------------------------------------------------------------------------------
 */

char *reader_path(const struct reader *reader, const char *path)
{
    bool here = path[0] == '/' || !*reader->folder || strcmp(reader->folder, ".") == 0;
    return here ? memory_copy_text(path) : memory_format("%s/%s", reader->folder, path);
}

/* Read anew: never a pipe, which would wait for ever. */
static int read_regular(struct reader *reader, const cJSON *node, const char *path,
                        struct json_document *out_document)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return reader_fail(reader, node, "\"%s\" cannot be opened: %s", path, strerror(errno));
    if (!S_ISREG(info.st_mode))
        return reader_fail(reader, node, "\"%s\" is not a regular file", path);
    return json_read(out_document, path, reader->err);
}

int reader_read_file(struct reader *reader, const cJSON *node, const char *path, cJSON **out_node)
{
    char *full = reader_path(reader, path);
    const struct kept_file *kept = file_memory_find(reader->memory, full);
    struct json_document document;
    int status = kept ? STATUS_OK : read_regular(reader, node, full, &document);
    if (!status && !kept)
        kept = file_memory_keep(reader->memory, full, &document);
    reader->all_kept = reader->all_kept && kept;
    if (!status)
        *out_node =
            kept ? reader_adopt_kept(reader, kept) : reader_adopt(reader, DOCUMENT_FILE, &document);
    free(full);
    return status;
}
