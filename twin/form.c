/* Forms (wire.h). */
#include "twin/wire.h"

#include <ctype.h>
#include <string.h>

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* NULL: a NUL, or a percent sign without two digits. */
static char *decode(struct arena *arena, const char *bytes, size_t count)
{
    char *text = arena_text(arena, bytes, count);
    size_t out = 0;
    for (size_t i = 0; i < count; i++) {
        char c = bytes[i];
        if (c == '+') {
            c = ' ';
        } else if (c == '%') {
            int high = count - i > 2 ? hex(bytes[i + 1]) : -1;
            int low = count - i > 2 ? hex(bytes[i + 2]) : -1;
            if (high < 0 || low < 0)
                return NULL;
            c = (char)(high * 16 + low);
            i += 2;
        }
        if (c == '\0')
            return NULL;
        text[out++] = c;
    }
    text[out] = '\0';
    return text;
}

/* The number a segment is, from 1, or 0. */
static uint32_t number_of(const char *segment)
{
    uint32_t number = 0;
    for (const char *c = segment; *c; c++) {
        if (!isdigit((unsigned char)*c) || number > TREE_ITEMS_MAX)
            return 0;
        number = number * 10 + (uint32_t)(*c - '0');
    }
    return number <= TREE_ITEMS_MAX ? number : 0;
}

/* Make an empty node the kind that is needed; false if it is another already. */
static bool become(struct tree *node, enum tree_kind kind)
{
    if (node->kind == TREE_NULL)
        node->kind = kind;
    return node->kind == kind;
}

static struct tree *member(struct arena *arena, struct tree *object, const char *name)
{
    if (object->last && strcmp(object->last->name, name) == 0)
        return object->last;
    for (struct tree *at = object->first; at; at = at->next) {
        if (strcmp(at->name, name) == 0)
            return at;
    }
    if (object->count == TREE_MEMBERS_MAX)
        return NULL;
    struct tree *child = tree_new(arena, TREE_NULL);
    tree_append(object, name, child);
    return child;
}

static struct tree *item(struct arena *arena, struct tree *list, uint32_t index)
{
    struct tree *before = NULL;
    if (list->last && list->last->index <= index)
        before = list->last;
    for (struct tree *at = list->first; !before && at && at->index <= index; at = at->next) {
        if (!at->next || at->next->index > index)
            before = at;
    }
    if (before && before->index == index)
        return before;
    struct tree *child = tree_new(arena, TREE_NULL);
    child->index = index;
    list->count++;
    if (before) {
        child->next = before->next;
        before->next = child;
    } else {
        child->next = list->first;
        list->first = child;
    }
    if (!child->next)
        list->last = child;
    return child;
}

/* The node that the dotted name means, or NULL where it contradicts what came before. */
static struct tree *node_of(struct arena *arena, struct tree *root, char *name)
{
    struct tree *node = root;
    char *rest = name;
    for (int depth = 0; rest; depth++) {
        char *dot = strchr(rest, '.');
        char *segment = rest;
        rest = dot ? dot + 1 : NULL;
        if (dot)
            *dot = '\0';
        if (depth == 2 * TREE_DEPTH_MAX)
            return NULL;
        uint32_t number = node == root ? 0 : number_of(segment);
        /* "member" stands before a number, and says nothing. */
        if (strcmp(segment, "member") == 0 && rest && node != root && isdigit((unsigned char)*rest))
            continue;
        if (number ? !become(node, TREE_LIST) : !become(node, TREE_OBJECT))
            return NULL;
        node = number ? item(arena, node, number) : member(arena, node, segment);
        if (!node)
            return NULL;
    }
    return node;
}

struct tree *form_read(struct arena *arena, const char *bytes, size_t size)
{
    struct tree *root = tree_new(arena, TREE_OBJECT);
    const char *end = bytes + size;
    while (bytes < end) {
        const char *field_end = memchr(bytes, '&', (size_t)(end - bytes));
        if (!field_end)
            field_end = end;
        const char *equals = memchr(bytes, '=', (size_t)(field_end - bytes));
        const char *name_end = equals ? equals : field_end;
        if (field_end > bytes) {
            char *name = decode(arena, bytes, (size_t)(name_end - bytes));
            const char *value =
                equals ? decode(arena, equals + 1, (size_t)(field_end - equals - 1)) : "";
            struct tree *node = name && value ? node_of(arena, root, name) : NULL;
            if (!node || !become(node, TREE_TEXT))
                return NULL;
            node->value.text = value;
        }
        bytes = field_end + (field_end < end);
    }
    return root;
}
