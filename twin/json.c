/* JSON (wire.h). */
#include "twin/wire.h"

#include "base/decimal.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static struct tree *convert(struct arena *arena, const cJSON *node, int depth)
{
    if (depth == TREE_DEPTH_MAX)
        return NULL;
    struct tree *tree = tree_new(arena, TREE_NULL);
    if (cJSON_IsString(node)) {
        tree->kind = TREE_TEXT;
        tree->value.text = arena_text(arena, node->valuestring, strlen(node->valuestring));
    } else if (cJSON_IsBool(node)) {
        tree->kind = TREE_BOOL;
        tree->value.truth = cJSON_IsTrue(node);
    } else if (cJSON_IsNumber(node)) {
        tree->kind = TREE_NUMBER;
        tree->value.number = node->valuedouble;
    } else if (cJSON_IsObject(node) || cJSON_IsArray(node)) {
        tree->kind = cJSON_IsObject(node) ? TREE_OBJECT : TREE_LIST;
        size_t most = cJSON_IsObject(node) ? TREE_MEMBERS_MAX : TREE_ITEMS_MAX;
        for (const cJSON *at = node->child; at; at = at->next) {
            struct tree *child = tree->count < most ? convert(arena, at, depth + 1) : NULL;
            if (!child)
                return NULL;
            const char *name =
                at->string ? arena_text(arena, at->string, strlen(at->string)) : NULL;
            tree_append(tree, name, child);
        }
    }
    return tree;
}

struct tree *json_read_tree(struct arena *arena, const char *bytes, size_t size)
{
    if (size == 0)
        return tree_new(arena, TREE_OBJECT);
    /* cJSON would end a text at a NUL that is written as an escape. */
    if (memchr(bytes, '\0', size) || memmem(bytes, size, "\\u0000", 6))
        return NULL;
    const char *end = NULL;
    cJSON *root = cJSON_ParseWithLengthOpts(bytes, size, &end, false);
    struct tree *tree = NULL;
    while (root && end < bytes + size && strchr(" \t\r\n", *end)) /* no NUL is among them */
        end++;
    if (root && cJSON_IsObject(root) && end == bytes + size)
        tree = convert(arena, root, 0);
    cJSON_Delete(root);
    return tree;
}

static void write_number(struct text *out, double number)
{
    if (isnan(number))
        text_add(out, "\"NaN\"");
    else if (isinf(number))
        text_add(out, number > 0 ? "\"Infinity\"" : "\"-Infinity\"");
    else
        text_addf(out, "%.17g", number);
}

void json_write(struct text *out, const struct tree *tree)
{
    char text[DECIMAL_TEXT_SIZE];
    switch (tree->kind) {
    case TREE_NULL:
        text_add(out, "null");
        break;
    case TREE_TEXT:
        text_add_json_string(out, tree->value.text);
        break;
    case TREE_BOOL:
        text_add(out, tree->value.truth ? "true" : "false");
        break;
    case TREE_INTEGER:
    case TREE_TIME:
        text_addf(out, "%" PRId64, tree->value.integer);
        break;
    case TREE_MICRO:
        text_add(out, decimal_format(tree->value.integer, text));
        break;
    case TREE_NUMBER:
        write_number(out, tree->value.number);
        break;
    case TREE_OBJECT:
    case TREE_LIST:
        text_add(out, tree->kind == TREE_OBJECT ? "{" : "[");
        for (const struct tree *at = tree->first; at; at = at->next) {
            if (tree->kind == TREE_OBJECT) {
                text_add_json_string(out, at->name);
                text_add(out, ":");
            }
            json_write(out, at);
            text_add(out, at->next ? "," : "");
        }
        text_add(out, tree->kind == TREE_OBJECT ? "}" : "]");
        break;
    }
}
