#include "twin/tree.h"

#include "base/memory.h"
#include "base/timestamp.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- memory -------------------------------------------------------------------------------------
 */

enum { CHUNK = 16384 };

struct arena_chunk {
    struct arena_chunk *next;
    size_t used;
    size_t size;
    alignas(max_align_t) unsigned char bytes[];
};

void *arena_get(struct arena *arena, size_t size)
{
    size_t aligned =
        (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
    struct arena_chunk *chunk = arena->chunks;
    if (!chunk || chunk->size - chunk->used < aligned) {
        size_t room = aligned > CHUNK ? aligned : CHUNK;
        chunk = memory_new(1, sizeof *chunk + room);
        chunk->size = room;
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    void *block = chunk->bytes + chunk->used;
    chunk->used += aligned;
    return block;
}

char *arena_text(struct arena *arena, const char *bytes, size_t count)
{
    char *text = arena_get(arena, count + 1);
    if (count)
        memcpy(text, bytes, count);
    return text;
}

static char *format_in(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    char *text = arena_get(arena, (size_t)(size > 0 ? size : 0) + 1);
    vsnprintf(text, (size_t)(size > 0 ? size : 0) + 1, format, again);
    va_end(again);
    return text;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = format_in(arena, format, args);
    va_end(args);
    return text;
}

void arena_clean_up(struct arena *arena)
{
    while (arena->chunks) {
        struct arena_chunk *next = arena->chunks->next;
        free(arena->chunks);
        arena->chunks = next;
    }
}

/* ---- reading ------------------------------------------------------------------------------------
 */

struct tree *tree_new(struct arena *arena, enum tree_kind kind)
{
    struct tree *tree = arena_get(arena, sizeof *tree);
    tree->kind = kind;
    return tree;
}

void tree_append(struct tree *parent, const char *name, struct tree *child)
{
    child->name = name;
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
    parent->count++;
}

const struct tree *tree_find(const struct tree *object, const char *name)
{
    if (!object || object->kind != TREE_OBJECT)
        return NULL;
    for (const struct tree *at = object->first; at; at = at->next) {
        if (strcmp(at->name, name) == 0)
            return at->kind == TREE_NULL ? NULL : at;
    }
    return NULL;
}

bool tree_text(const struct tree *leaf, const char **out_text)
{
    if (!leaf || leaf->kind != TREE_TEXT)
        return false;
    *out_text = leaf->value.text;
    return true;
}

/* A double that is a whole number within what a double holds exactly. */
static bool whole(double number, int64_t *out_value)
{
    if (!(number >= -9007199254740992.0 && number <= 9007199254740992.0))
        return false;
    *out_value = (int64_t)number;
    return (double)*out_value == number;
}

bool tree_int64(const struct tree *leaf, int64_t *out_value)
{
    if (!leaf)
        return false;
    if (leaf->kind == TREE_INTEGER || leaf->kind == TREE_TIME) {
        *out_value = leaf->value.integer;
        return true;
    }
    double number = 0;
    return tree_number(leaf, &number) && whole(number, out_value);
}

bool tree_number(const struct tree *leaf, double *out_value)
{
    if (!leaf)
        return false;
    if (leaf->kind == TREE_NUMBER)
        *out_value = leaf->value.number;
    else if (leaf->kind == TREE_INTEGER)
        *out_value = (double)leaf->value.integer;
    else if (leaf->kind == TREE_TEXT) {
        const char *text = leaf->value.text;
        char *end = NULL;
        *out_value = strtod(text, &end);
        /* strtod also reads blanks before a number, and hexadecimal. */
        return *text && !*end && !strpbrk(text, " \t\r\n\v\fxXpP");
    } else {
        return false;
    }
    return true;
}

bool tree_bool(const struct tree *leaf, bool *out_value)
{
    if (!leaf)
        return false;
    if (leaf->kind == TREE_BOOL) {
        *out_value = leaf->value.truth;
        return true;
    }
    if (leaf->kind != TREE_TEXT)
        return false;
    *out_value = strcmp(leaf->value.text, "true") == 0;
    return *out_value || strcmp(leaf->value.text, "false") == 0;
}

bool tree_time(const struct tree *leaf, int64_t *out_time_s)
{
    static const int64_t LATEST_S = INT64_C(253402300799); /* the year 9999 */
    double number = 0;
    if (!leaf)
        return false;
    if (leaf->kind == TREE_TIME) {
        *out_time_s = leaf->value.integer;
        return *out_time_s >= 0 && *out_time_s <= LATEST_S;
    }
    if (leaf->kind == TREE_TEXT &&
        timestamp_parse(leaf->value.text, strlen(leaf->value.text), true, out_time_s))
        return true;
    if (!tree_number(leaf, &number) || !(number >= 0 && number <= (double)LATEST_S))
        return false;
    *out_time_s = (int64_t)number;
    return true;
}

bool tree_is_list(const struct tree *node)
{
    return node && (node->kind == TREE_LIST || (node->kind == TREE_TEXT && !node->value.text[0]));
}

/* ---- building -----------------------------------------------------------------------------------
 */

static struct tree *put(struct put to, const char *name, enum tree_kind kind)
{
    struct tree *tree = tree_new(to.arena, kind);
    tree_append(to.to, name, tree);
    return tree;
}

struct put put_object(struct put to, const char *name)
{
    return (struct put){to.arena, put(to, name, TREE_OBJECT)};
}

struct put put_list(struct put to, const char *name)
{
    return (struct put){to.arena, put(to, name, TREE_LIST)};
}

void put_text(struct put to, const char *name, const char *text)
{
    put(to, name, TREE_TEXT)->value.text = arena_text(to.arena, text, strlen(text));
}

void put_textf(struct put to, const char *name, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    put(to, name, TREE_TEXT)->value.text = format_in(to.arena, format, args);
    va_end(args);
}

void put_integer(struct put to, const char *name, int64_t value)
{
    put(to, name, TREE_INTEGER)->value.integer = value;
}

void put_micro(struct put to, const char *name, int64_t micro)
{
    put(to, name, TREE_MICRO)->value.integer = micro;
}

void put_number(struct put to, const char *name, double value)
{
    put(to, name, TREE_NUMBER)->value.number = value;
}

void put_bool(struct put to, const char *name, bool value)
{
    put(to, name, TREE_BOOL)->value.truth = value;
}

void put_time(struct put to, const char *name, int64_t time_s)
{
    put(to, name, TREE_TIME)->value.integer = time_s;
}
