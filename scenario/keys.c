/* Keys: unknown ones are refused with their place and the nearest known one. */
#include "base/memory.h"
#include "base/nearest.h"
#include "scenario/aws_members.h"
#include "scenario/parts.h"

#include <stdlib.h>
#include <string.h>

/* At the scenario's top level, whatever begins with "//" is for people. */
static bool is_comment(const struct reader *reader, const cJSON *object, const cJSON *child)
{
    return object == reader->root && strncmp(child->string, "//", 2) == 0;
}

int reader_keys(struct reader *reader, const cJSON *object, const char *const *keys)
{
    int status = reader_object(reader, object);
    const cJSON *child = NULL;
    for (child = status ? NULL : object->child; child; child = child->next) {
        const char *const *key = keys;
        while (*key && strcmp(*key, child->string) != 0)
            key++;
        if (*key || is_comment(reader, object, child))
            continue;
        const char *nearest = nearest_word(child->string, keys);
        if (nearest)
            return reader_fail(reader, child, "unknown key \"%s\": did you mean \"%s\"?",
                               child->string, nearest);
        return reader_fail(reader, child, "unknown key \"%s\"", child->string);
    }
    return status;
}

/* ---- AWS's own documents ----------------------------------------------------------------------
 */

struct aws_check {
    struct reader *reader;
    const char *const *modelled;
    char path[256];
    size_t length;       /* of it */
    struct text ignored; /* "A, B.C" */
};

enum modelled { NOT_MODELLED, MODELLED, PARTLY_MODELLED };

static enum modelled is_modelled(const struct aws_check *check)
{
    size_t length = check->length;
    enum modelled best = NOT_MODELLED;
    for (const char *const *path = check->modelled; *path; path++) {
        if (strncmp(*path, check->path, length) != 0)
            continue;
        if ((*path)[length] == '\0')
            return MODELLED;
        if ((*path)[length] == '.')
            best = PARTLY_MODELLED;
    }
    return best;
}

/* The path of a member of where the check is; cut where it is too long. */
static void go_to(struct aws_check *check, const char *name)
{
    size_t room = sizeof check->path - 1 - check->length;
    size_t length = strlen(name);
    if (check->length && room) {
        check->path[check->length++] = '.';
        room--;
    }
    length = length < room ? length : room;
    memcpy(check->path + check->length, name, length);
    check->length += length;
    check->path[check->length] = '\0';
}

static void ignore(struct aws_check *check)
{
    size_t length = check->length;
    const char *at = check->ignored.data;
    while (at && *at) {
        size_t word = strcspn(at, ",");
        if (word == length && memcmp(at, check->path, length) == 0)
            return;
        at += word + strspn(at + word, ", ");
    }
    text_addf(&check->ignored, "%s%s", check->ignored.size ? ", " : "", check->path);
}

static int unknown_member(struct aws_check *check, const cJSON *node, const char *members)
{
    const char *cursor = members;
    struct aws_member candidate;
    struct aws_member nearest = {0};
    size_t best = SIZE_MAX;
    while (aws_member_next(&cursor, &candidate)) {
        if (nearer_word(node->string, candidate.name, candidate.length, &best))
            nearest = candidate;
    }
    if (nearest.name)
        return reader_fail(check->reader, node,
                           "AWS has no key \"%s\" here: did you mean \"%.*s\"?", node->string,
                           (int)nearest.length, nearest.name);
    return reader_fail(check->reader, node, "AWS has no key \"%s\" here", node->string);
}

static int check_value(struct aws_check *check, const cJSON *node, const char *members, bool quiet);

static int check_object(struct aws_check *check, const cJSON *object, // NOLINT(misc-no-recursion)
                        const char *members, bool quiet)
{
    for (const cJSON *child = object->child; child; child = child->next) {
        struct aws_member found;
        if (!aws_member_find(members, child->string, &found))
            return unknown_member(check, child, members);
        size_t length = check->length;
        go_to(check, child->string);
        enum modelled modelled = quiet ? NOT_MODELLED : is_modelled(check);
        if (!quiet && modelled == NOT_MODELLED)
            ignore(check);
        int status = found.members ? check_value(check, child, found.members,
                                                 quiet || modelled != PARTLY_MODELLED)
                                   : STATUS_OK;
        check->length = length;
        check->path[length] = '\0';
        if (status)
            return status;
    }
    return STATUS_OK;
}

/* A structure, or a list of them. Types that are not modelled are none of our business. */
static int check_value(struct aws_check *check, const cJSON *node, // NOLINT(misc-no-recursion)
                       const char *members, bool quiet)
{
    if (cJSON_IsObject(node))
        return check_object(check, node, members, quiet);
    if (cJSON_IsArray(node)) {
        for (const cJSON *child = node->child; child; child = child->next) {
            int status =
                cJSON_IsObject(child) ? check_object(check, child, members, quiet) : STATUS_OK;
            if (status)
                return status;
        }
    }
    return STATUS_OK;
}

int reader_aws(struct reader *reader, const cJSON *object, const char *shape,
               const char *const *modelled, const char *what)
{
    int status = reader->again ? STATUS_OK : reader_object(reader, object);
    if (status || reader->again)
        return status;
    struct aws_check check = {.reader = reader, .modelled = modelled, .ignored = {.limit = 1500}};
    status = check_object(&check, object, aws_shape(shape), reader->bare);
    if (!status && check.ignored.size)
        add_note(reader->scenario, false, "ignored in %s, as it is not modelled: %s%s", what,
                 check.ignored.data, check.ignored.failed ? ", ..." : "");
    text_clean_up(&check.ignored);
    return status;
}
