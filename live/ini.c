#include "live/ini.h"

#include "base/memory.h"
#include "live/secret.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/* Cut blanks off both ends, in place. */
static char *trimmed(char *start, char *end)
{
    while (start < end && blank(*start))
        start++;
    while (end > start && blank(end[-1]))
        end--;
    *end = '\0';
    return start;
}

static void one_blank(char *name)
{
    char *out = name;
    for (const char *in = name; *in; in++) {
        if (!blank(*in))
            *out++ = *in;
        else if (!blank(in[1]))
            *out++ = ' ';
    }
    *out = '\0';
}

struct reader {
    struct ini *ini;
    const char *name;
    const char *section;
    const char *parent; /* the last key without a value, for the indented lines below it */
    int line;
};

static int bad(const struct reader *reader, const char *what, struct error *err)
{
    return error_set(err, STATUS_BAD_INPUT, "%s:%d: %s", reader->name, reader->line, what);
}

static void add(struct reader *reader, const char *parent, const char *key, const char *value)
{
    const struct ini_entry entry = {reader->section, parent, key, value};
    ARRAY_PUSH(reader->ini->entries, reader->ini->count, reader->ini->capacity, entry);
}

static int read_section(struct reader *reader, char *start, char *end, struct error *err)
{
    char *close = memchr(start, ']', (size_t)(end - start));
    if (!close)
        return bad(reader, "a section's name ends with ]", err);
    char *rest = close + 1;
    while (rest < end && blank(*rest))
        rest++;
    if (rest < end && *rest != '#' && *rest != ';')
        return bad(reader, "only a comment may follow a section's name", err);
    char *name = trimmed(start + 1, close);
    one_blank(name);
    if (!*name)
        return bad(reader, "a section has no name", err);
    reader->section = name;
    reader->parent = NULL;
    add(reader, NULL, "", "");
    return STATUS_OK;
}

static int read_setting(struct reader *reader, char *start, char *end, bool indented,
                        struct error *err)
{
    char *equals = memchr(start, '=', (size_t)(end - start));
    if (indented && !reader->parent)
        return STATUS_OK; /* a value that goes on: none that is read here has more than one line */
    if (!equals)
        return bad(reader, "expected [section], key = value, or a comment", err);
    if (!reader->section)
        return bad(reader, "a setting stands before any [section]", err);
    char *value = trimmed(equals + 1, end);
    char *key = trimmed(start, equals);
    if (!*key)
        return bad(reader, "a setting has no name", err);
    for (char *c = key; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    if (!indented)
        reader->parent = *value ? NULL : key;
    add(reader, indented ? reader->parent : NULL, key, value);
    return STATUS_OK;
}

static int read_line(struct reader *reader, char *start, char *end, struct error *err)
{
    bool indented = start < end && blank(*start);
    while (start < end && blank(*start))
        start++;
    if (start == end || *start == '#' || *start == ';')
        return STATUS_OK;
    if (*start == '[' && !indented)
        return read_section(reader, start, end, err);
    return read_setting(reader, start, end, indented, err);
}

int ini_parse(struct ini *out_ini, const char *name, char *text, size_t size, struct error *err)
{
    *out_ini = (struct ini){.text = text};
    struct reader reader = {.ini = out_ini, .name = name, .line = 0};
    int status = STATUS_OK;
    if (memchr(text, '\0', size))
        status =
            error_set(err, STATUS_BAD_INPUT, "%s: not a settings file: it holds a NUL byte", name);
    char *at = text;
    if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        at += 3;
    while (!status && at < text + size) {
        char *end = memchr(at, '\n', (size_t)(text + size - at));
        if (!end)
            end = text + size;
        reader.line++;
        status = read_line(&reader, at, end, err);
        at = end + 1;
    }
    if (status)
        ini_clean_up(out_ini);
    return status;
}

const char *ini_get(const struct ini *ini, const char *section, const char *parent, const char *key)
{
    for (size_t i = ini->count; i > 0; i--) {
        const struct ini_entry *entry = &ini->entries[i - 1];
        bool inside = parent ? entry->parent && strcmp(entry->parent, parent) == 0 : !entry->parent;
        if (inside && strcmp(entry->section, section) == 0 && strcmp(entry->key, key) == 0)
            return entry->value;
    }
    return NULL;
}

bool ini_has_section(const struct ini *ini, const char *section)
{
    return ini_get(ini, section, NULL, "") != NULL;
}

void ini_clean_up(struct ini *ini)
{
    secret_free(ini->text);
    free(ini->entries);
    *ini = (struct ini){0};
}
