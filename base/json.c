#include "base/json.h"

#include "base/decimal.h"
#include "base/json_place.h"
#include "base/memory.h"
#include "base/timestamp.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int json_fail(const struct json_document *document, const cJSON *node, struct error *err,
              const char *format, ...)
{
    char message[sizeof err->text];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    struct json_place place;
    json_place_find(&place, document, node);
    int status = 0;
    if (place.found) {
        int line = 0;
        int column = 0;
        json_place_line(document->text, place.at, &line, &column);
        const char *path = place.path.data && *place.path.data ? place.path.data : "(top)";
        status = error_set(err, STATUS_BAD_INPUT, "%s:%d:%d: %s: %s", document->name, line, column,
                           path, message);
    } else {
        status = error_set(err, STATUS_BAD_INPUT, "%s: %s", document->name, message);
    }
    text_clean_up(&place.path);
    return status;
}

/* ---- parsing ----------------------------------------------------------------------------------
 */

static int by_name(const void *a, const void *b)
{
    const cJSON *const *x = a;
    const cJSON *const *y = b;
    return strcmp((*x)->string, (*y)->string);
}

/* cJSON keeps both of two members with one name; which one counts would be a matter of luck. */
static int refuse_repeated_keys(const struct json_document *document, // NOLINT(misc-no-recursion)
                                const cJSON *node, struct error *err)
{
    size_t count = 0;
    size_t capacity = 0;
    const cJSON **members = NULL;
    const cJSON *child = NULL;
    int status = STATUS_OK;
    cJSON_ArrayForEach(child, node)
    {
        status = refuse_repeated_keys(document, child, err);
        if (status)
            break;
        if (cJSON_IsObject(node))
            ARRAY_PUSH(members, count, capacity, child);
    }
    if (count > 1)
        qsort(members, count, sizeof *members, by_name);
    for (size_t i = 1; !status && i < count; i++) {
        if (strcmp(members[i - 1]->string, members[i]->string) == 0)
            status = json_fail(document, members[i], err, "this key is there twice: keep one");
    }
    free(members);
    return status;
}

/* An escaped NUL, which would cut the string it stands in; NULL if there is none. */
static const char *escaped_nul(const char *text)
{
    for (const char *at = strchr(text, '\\'); at && at[1]; at = strchr(at + 2, '\\')) {
        if (strncmp(at + 1, "u0000", 5) == 0)
            return at;
    }
    return NULL;
}

/* cJSON keeps the place of its last error in a global, which it writes also when it is asked for
 * the end: one text at a time. */
static cJSON *parse(const char *text, const char **out_end)
{
    static pthread_mutex_t parsing = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&parsing);
    cJSON *root = cJSON_ParseWithOpts(text, out_end, true);
    pthread_mutex_unlock(&parsing);
    return root;
}

/* A byte order mark becomes white space. */
static void blank_mark(char *text, size_t size)
{
    if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        memset(text, ' ', 3);
}

int json_parse(struct json_document *out_document, const char *name, const char *text, size_t size,
               struct error *err)
{
    *out_document = (struct json_document){
        .name = memory_copy_text(name), .text = memory_copy_bytes(text, size), .size = size};
    int status = STATUS_OK;
    const char *end = NULL;
    const char *body = out_document->text;
    blank_mark(out_document->text, size);
    if (memchr(body, '\0', size)) {
        status = error_set(err, STATUS_BAD_INPUT, "%s: not JSON: it holds a NUL byte", name);
    } else if (escaped_nul(body)) {
        int line = 1;
        int column = 1;
        json_place_line(body, escaped_nul(body), &line, &column);
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s:%d:%d: not a text: it holds a NUL character (\\u0000)", name, line,
                           column);
    } else {
        out_document->root = parse(body, &end);
        if (!out_document->root) {
            int line = 1;
            int column = 1;
            json_place_line(body, end ? end : body, &line, &column);
            bool cut = !end || end >= body + size;
            status = error_set(err, STATUS_BAD_INPUT, "%s:%d:%d: not valid JSON%s", name, line,
                               column, cut ? ": it ends too early" : "");
        } else {
            status = refuse_repeated_keys(out_document, out_document->root, err);
        }
    }
    if (status)
        json_clean_up(out_document);
    return status;
}

/* All of a file; *text is to be cleaned up in any case. */
static int read_text(FILE *file, const char *name, struct text *text, struct error *err)
{
    *text = (struct text){.limit = JSON_FILE_LIMIT};
    char buffer[65536];
    size_t count = 0;
    while ((count = fread(buffer, 1, sizeof buffer, file)) > 0 && !text->failed)
        text_add_bytes(text, buffer, count);
    if (ferror(file))
        return error_set(err, errno == EISDIR ? STATUS_BAD_INPUT : STATUS_FAILURE,
                         "%s: cannot be read: %s", name, strerror(errno));
    if (text->failed)
        return error_set(err, STATUS_BAD_INPUT, "%s: larger than %d MiB, which no scenario is",
                         name, JSON_FILE_LIMIT >> 20);
    return STATUS_OK;
}

int json_read(struct json_document *out_document, const char *path, struct error *err)
{
    *out_document = (struct json_document){0};
    bool standard_input = strcmp(path, "-") == 0;
    const char *name = standard_input ? "(standard input)" : path;
    FILE *file = standard_input ? stdin : fopen(path, "rb");
    if (!file) {
        int cause = errno;
        return error_set(err, cause == EACCES ? STATUS_FAILURE : STATUS_BAD_INPUT,
                         "%s: cannot be opened: %s", name, strerror(cause));
    }
    struct text text;
    int status = read_text(file, name, &text, err);
    if (!status)
        status = json_parse(out_document, name, text.data ? text.data : "", text.size, err);
    if (!standard_input)
        fclose(file);
    text_clean_up(&text);
    return status;
}

bool json_is_still(const struct json_document *document)
{
    FILE *file = fopen(document->name, "rb");
    if (!file)
        return false;
    struct text text;
    bool same = !read_text(file, document->name, &text, NULL) && text.size == document->size;
    fclose(file);
    if (same)
        blank_mark(text.data, text.size);
    same = same && (text.size == 0 || memcmp(text.data, document->text, text.size) == 0);
    text_clean_up(&text);
    return same;
}

size_t json_nodes(const cJSON *root) // NOLINT(misc-no-recursion)
{
    size_t count = 1;
    for (const cJSON *child = root->child; child; child = child->next)
        count += json_nodes(child);
    return count;
}

void json_clean_up(struct json_document *document)
{
    cJSON_Delete(document->root);
    free(document->name);
    free(document->text);
    *document = (struct json_document){0};
}

/* ---- values -----------------------------------------------------------------------------------
 */

/* Whether the text says this number in digits alone. */
static bool is_written_out(const struct json_document *document, const cJSON *node, int64_t whole)
{
    struct json_place place;
    size_t size = 0;
    json_place_find(&place, document, node);
    const char *begin = json_place_scalar(&place, &size);
    text_clean_up(&place.path);
    char digits[DECIMAL_TEXT_SIZE];
    size_t length = strlen(int128_format(whole, digits));
    return size == length && memcmp(begin, digits, length) == 0;
}

int json_int64(const struct json_document *document, const cJSON *node, int64_t min, int64_t max,
               int64_t *out_value, struct error *err)
{
    if (!cJSON_IsNumber(node))
        return json_fail(document, node, err, "must be a whole number");
    double value = node->valuedouble;
    if (!(value >= -9007199254740992.0 && value <= 9007199254740992.0) ||
        (double)(int64_t)value != value)
        return json_fail(document, node, err, "must be a whole number within +-2^53");
    int64_t whole = (int64_t)value;
    /* From 2^52 on a double has no room for decimals: it may stand for another number than was
     * written, as 2^53 does for 2^53 + 1. */
    int64_t limit = INT64_C(1) << 52;
    if ((whole >= limit || whole <= -limit) && !is_written_out(document, node, whole))
        return json_fail(document, node, err,
                         "must be a whole number within +-2^53, written out in digits");
    if (whole < min || whole > max)
        return json_fail(document, node, err, "%lld is out of range: %lld to %lld",
                         (long long)whole, (long long)min, (long long)max);
    *out_value = whole;
    return STATUS_OK;
}

int json_decimal(const struct json_document *document, const cJSON *node, int64_t min_micro,
                 int64_t max_micro, int64_t *out_micro, struct error *err)
{
    enum decimal_result result = DECIMAL_NOT_A_NUMBER;
    int64_t micro = 0;
    if (cJSON_IsNumber(node))
        result = decimal_from_double(node->valuedouble, &micro);
    else if (cJSON_IsString(node))
        result = decimal_parse(node->valuestring, strlen(node->valuestring), &micro);
    if (result)
        return json_fail(document, node, err, "%s", decimal_result_text(result));
    if (micro < min_micro || micro > max_micro) {
        char low[DECIMAL_TEXT_SIZE];
        char high[DECIMAL_TEXT_SIZE];
        char text[DECIMAL_TEXT_SIZE];
        return json_fail(document, node, err, "%s is out of range: %s to %s",
                         decimal_format(micro, text), decimal_format(min_micro, low),
                         decimal_format(max_micro, high));
    }
    *out_micro = micro;
    return STATUS_OK;
}

int json_bool(const struct json_document *document, const cJSON *node, bool *out_value,
              struct error *err)
{
    if (!cJSON_IsBool(node))
        return json_fail(document, node, err, "must be true or false");
    *out_value = cJSON_IsTrue(node);
    return STATUS_OK;
}

int json_string(const struct json_document *document, const cJSON *node, const char **out_text,
                struct error *err)
{
    if (!cJSON_IsString(node))
        return json_fail(document, node, err, "must be a string");
    *out_text = node->valuestring;
    return STATUS_OK;
}

int json_time(const struct json_document *document, const cJSON *node, int64_t *out_time_s,
              struct error *err)
{
    const char *text = NULL;
    int status = json_string(document, node, &text, err);
    if (status)
        return status;
    if (!timestamp_parse(text, strlen(text), false, out_time_s))
        return json_fail(document, node, err, "\"%s\": %s", text,
                         timestamp_wrong(text, strlen(text), false));
    return STATUS_OK;
}
