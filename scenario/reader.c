#include "scenario/reader.h"

#include "base/memory.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { STRING_LIMIT = 1000 };

/* ---- the tree and where its nodes come from ---------------------------------------------------
 */

static void add_origin(struct reader *reader, const cJSON *node, const cJSON *pristine,
                       size_t document)
{
    struct origin origin = {node, pristine, document};
    ARRAY_PUSH(reader->origins, reader->origin_count, reader->origin_capacity, origin);
    reader->sorted = false;
}

/* Depth is bounded by cJSON's own nesting limit. */
static void add_origins(struct reader *reader, const cJSON *node, // NOLINT(misc-no-recursion)
                        const cJSON *pristine, size_t document)
{
    add_origin(reader, node, pristine, document);
    const cJSON *child = node->child;
    const cJSON *original = pristine->child;
    for (; child; child = child->next, original = original->next)
        add_origins(reader, child, original, document);
}

cJSON *reader_adopt(struct reader *reader, enum document_kind kind, struct json_document *document)
{
    struct document item = {kind, *document};
    *document = (struct json_document){0};
    ARRAY_PUSH(reader->documents, reader->document_count, reader->document_capacity, item);
    cJSON *copy = cJSON_Duplicate(item.json.root, true);
    if (!copy)
        abort();
    add_origins(reader, copy, item.json.root, reader->document_count - 1);
    return copy;
}

void reader_open(struct reader *reader, struct json_document *document)
{
    reader->root = reader_adopt(reader, DOCUMENT_FILE, document);
}

void reader_keep(struct reader *reader, cJSON *node)
{
    ARRAY_PUSH(reader->removed, reader->removed_count, reader->removed_capacity, node);
}

void reader_close(struct reader *reader)
{
    cJSON_Delete(reader->root);
    for (size_t i = 0; i < reader->removed_count; i++)
        cJSON_Delete(reader->removed[i]);
    free(reader->removed);
    for (size_t i = 0; i < reader->document_count; i++)
        json_clean_up(&reader->documents[i].json);
    free(reader->documents);
    free(reader->origins);
    free(reader->pool_nodes);
}

static cJSON *parent_of(cJSON *tree, const cJSON *node) // NOLINT(misc-no-recursion)
{
    for (cJSON *child = tree->child; child; child = child->next) {
        if (child == node)
            return tree;
        cJSON *parent = parent_of(child, node);
        if (parent)
            return parent;
    }
    return NULL;
}

void reader_replace(struct reader *reader, cJSON *old, cJSON *fresh)
{
    cJSON *parent = parent_of(reader->root, old);
    if (old->string) {
        free(fresh->string);
        fresh->string = memory_copy_text(old->string);
        fresh->type &= ~cJSON_StringIsConst;
    }
    fresh->prev = old->prev;
    fresh->next = old->next;
    if (fresh->next)
        fresh->next->prev = fresh;
    else
        parent->child->prev = fresh; /* cJSON: the first child's prev is the last child */
    if (parent->child == old)
        parent->child = fresh;
    else
        fresh->prev->next = fresh;
    if (parent->child == fresh && !fresh->next)
        fresh->prev = fresh;
    old->prev = old->next = NULL;
    reader_keep(reader, old);
}

static int by_node(const void *a, const void *b)
{
    const struct origin *x = a;
    const struct origin *y = b;
    return (x->node > y->node) - (x->node < y->node);
}

static const struct origin *find_origin(struct reader *reader, const cJSON *node)
{
    if (!reader->sorted) {
        qsort(reader->origins, reader->origin_count, sizeof *reader->origins, by_node);
        reader->sorted = true;
    }
    struct origin key = {.node = node};
    return bsearch(&key, reader->origins, reader->origin_count, sizeof *reader->origins, by_node);
}

void reader_same_origin(struct reader *reader, const cJSON *node, const cJSON *like)
{
    const struct origin *origin = find_origin(reader, like);
    if (origin) {
        struct origin copy = *origin;
        add_origin(reader, node, copy.pristine, copy.document);
    }
}

enum document_kind reader_kind(struct reader *reader, const cJSON *node)
{
    const struct origin *origin = find_origin(reader, node);
    return origin ? reader->documents[origin->document].kind : DOCUMENT_FILE;
}

/* ---- complaints and notes ---------------------------------------------------------------------
 */

/* "--set a=b:1:1: (top): text" becomes "--set a=b: text": a place in one word helps nobody. */
static int tidy(struct reader *reader, size_t document)
{
    const struct document *from = &reader->documents[document];
    struct error *err = reader->err;
    size_t name = strlen(from->json.name);
    if (from->kind == DOCUMENT_FILE || !err || strncmp(err->text, from->json.name, name) != 0)
        return STATUS_BAD_INPUT;
    const char *rest = err->text + name;
    int skip = 0;
    if (sscanf(rest, ":%*d:%*d: %n", &skip) != 0 || skip == 0)
        return STATUS_BAD_INPUT;
    rest += skip;
    if (strncmp(rest, "(top): ", 7) == 0)
        rest += 7;
    char *copy = memory_copy_text(rest);
    error_set(err, STATUS_BAD_INPUT, "%s: %s", from->json.name, copy);
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
    const struct origin *origin = node ? find_origin(reader, node) : NULL;
    if (!origin) {
        error_set(reader->err, STATUS_BAD_INPUT, "%s: %s", reader->documents[0].json.name, message);
        return;
    }
    json_fail(&reader->documents[origin->document].json, origin->pristine, reader->err, "%s",
              message);
    tidy(reader, origin->document);
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

int reader_check_text(struct reader *reader)
{
    for (size_t i = 0; i < reader->document_count; i++) {
        const struct json_document *document = &reader->documents[i].json;
        size_t line = 1;
        const unsigned char *at = (const unsigned char *)document->text;
        while (*at) {
            size_t length = sequence_length(at);
            if (length == 0)
                return error_set(reader->err, STATUS_BAD_INPUT,
                                 "%s:%zu: not UTF-8 text: byte 0x%02x", document->name, line, *at);
            line += *at == '\n';
            at += length;
        }
    }
    return STATUS_OK;
}

/* ---- values -----------------------------------------------------------------------------------
 */

/* Read `node` with one of base/json.h's readers, in the document it comes from. */
#define READ(reader, node, function, ...)                                                          \
    do {                                                                                           \
        const struct origin *origin = find_origin(reader, node);                                   \
        if (!origin)                                                                               \
            return reader_fail(reader, node, "has no place");                                      \
        int status = function(&(reader)->documents[origin->document].json, origin->pristine,       \
                              __VA_ARGS__, (reader)->err);                                         \
        return status ? tidy(reader, origin->document) : STATUS_OK;                                \
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
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

const cJSON *reader_at(const struct reader *reader, const char *path)
{
    const cJSON *node = reader->root;
    while (node && *path) {
        size_t length = strcspn(path, ".");
        const cJSON *child = cJSON_IsObject(node) ? node->child : NULL;
        while (child &&
               (strlen(child->string) != length || strncmp(child->string, path, length) != 0))
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

int reader_read_file(struct reader *reader, const cJSON *node, const char *path,
                     struct json_document *out_document)
{
    char *full = reader_path(reader, path);
    struct stat info;
    int status = STATUS_OK;
    if (stat(full, &info) != 0)
        status = reader_fail(reader, node, "\"%s\" cannot be opened: %s", full, strerror(errno));
    else if (!S_ISREG(info.st_mode))
        status = reader_fail(reader, node, "\"%s\" is not a regular file", full);
    else
        status = json_read(out_document, full, reader->err);
    free(full);
    return status;
}
