#include "base/json_place.h"

#include <string.h>

static void skip_space(struct json_place *place)
{
    while (*place->at == ' ' || *place->at == '\t' || *place->at == '\n' || *place->at == '\r')
        place->at++;
}

static void skip_string(struct json_place *place)
{
    for (place->at++; *place->at && *place->at != '"'; place->at++) {
        if (*place->at == '\\' && place->at[1])
            place->at++;
    }
    if (*place->at)
        place->at++;
}

static void skip_scalar(struct json_place *place)
{
    if (*place->at == '"') {
        skip_string(place);
        return;
    }
    while (*place->at && !strchr(",]} \t\r\n", *place->at))
        place->at++;
}

/* Back to what it was, also after a name that was too long for it. */
static void shorten(struct text *path, size_t length)
{
    path->failed = false;
    path->size = length;
    if (path->data)
        path->data[length] = '\0';
}

/* Depth is bounded by cJSON's own nesting limit of 1000. */
static void walk_value(struct json_place *place, const cJSON *node) // NOLINT(misc-no-recursion)
{
    skip_space(place);
    if (node == place->wanted) {
        place->found = true;
        return;
    }
    if (!cJSON_IsObject(node) && !cJSON_IsArray(node)) {
        skip_scalar(place);
        return;
    }
    place->at++;
    int index = 0;
    const cJSON *child = NULL;
    cJSON_ArrayForEach(child, node)
    {
        size_t length = place->path.size;
        skip_space(place);
        if (cJSON_IsObject(node)) {
            const char *key = place->at;
            skip_string(place);
            skip_space(place);
            if (child == place->wanted) {
                text_addf(&place->path, "%s%s", length ? "." : "", child->string);
                place->at = key;
                place->found = true;
                return;
            }
            place->at++; /* the colon */
            text_addf(&place->path, "%s%s", length ? "." : "", child->string);
        } else {
            text_addf(&place->path, "[%d]", index++);
        }
        walk_value(place, child);
        if (place->found)
            return;
        shorten(&place->path, length);
        skip_space(place);
        if (*place->at == ',')
            place->at++;
    }
    skip_space(place);
    place->at++;
}

void json_place_find(struct json_place *out_place, const struct json_document *document,
                     const cJSON *node)
{
    *out_place = (struct json_place){.at = document->text, .wanted = node, .path = {.limit = 512}};
    walk_value(out_place, document->root);
}

const char *json_place_scalar(struct json_place *place, size_t *out_length)
{
    if (place->found && place->wanted->string) {
        skip_string(place);
        skip_space(place);
        place->at++; /* the colon */
        skip_space(place);
    }
    const char *begin = place->at;
    if (place->found)
        skip_scalar(place);
    *out_length = (size_t)(place->at - begin);
    return begin;
}

void json_place_line(const char *text, const char *at, int *out_line, int *out_column)
{
    int line = 1;
    const char *start = text;
    for (const char *c = text; c < at; c++) {
        if (*c == '\n') {
            line++;
            start = c + 1;
        }
    }
    *out_line = line;
    *out_column = (int)(at - start) + 1;
}
