/* Keys: unknown ones are refused with their place and the nearest known one. */
#include "base/memory.h"
#include "scenario/aws_members.h"
#include "scenario/parts.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_MAX = 64 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edit distance without regard to case, where swapping two neighbours counts once. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][WORD_MAX + 1];
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        const size_t *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            int x = tolower((unsigned char)a[i - 1]);
            int y = tolower((unsigned char)b[j - 1]);
            row[j] = smaller(smaller(above[j] + 1, row[j - 1] + 1), above[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == tolower((unsigned char)b[j - 2]) &&
                y == tolower((unsigned char)a[i - 2]))
                row[j] = smaller(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

/* Whether `candidate` is nearer to `word` than *best, and near enough to suggest. */
static bool nearer(const char *word, const char *candidate, size_t length, size_t *best)
{
    size_t word_length = strlen(word);
    if (word_length > WORD_MAX || length > WORD_MAX || length == 0)
        return false;
    size_t d = distance(word, word_length, candidate, length);
    if (d >= *best || d > 1 + smaller(word_length, length) / 4)
        return false;
    *best = d;
    return true;
}

const char *nearest_word(const char *word, const char *const *words)
{
    const char *nearest = NULL;
    size_t best = SIZE_MAX;
    for (; *words; words++) {
        if (nearer(word, *words, strlen(*words), &best))
            nearest = *words;
    }
    return nearest;
}

int reader_keys(struct reader *reader, const cJSON *object, const char *const *keys)
{
    int status = reader_object(reader, object);
    const cJSON *child = NULL;
    for (child = status ? NULL : object->child; child; child = child->next) {
        const char *const *key = keys;
        while (*key && strcmp(*key, child->string) != 0)
            key++;
        if (*key)
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
    struct text ignored; /* "A, B.C" */
};

enum modelled { NOT_MODELLED, MODELLED, PARTLY_MODELLED };

static enum modelled is_modelled(const struct aws_check *check)
{
    size_t length = strlen(check->path);
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

static void ignore(struct aws_check *check)
{
    size_t length = strlen(check->path);
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
        if (nearer(node->string, candidate.name, candidate.length, &best))
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
        size_t length = strlen(check->path);
        snprintf(check->path + length, sizeof check->path - length, "%s%s", length ? "." : "",
                 child->string);
        enum modelled modelled = quiet ? NOT_MODELLED : is_modelled(check);
        if (!quiet && modelled == NOT_MODELLED)
            ignore(check);
        int status = found.members ? check_value(check, child, found.members,
                                                 quiet || modelled != PARTLY_MODELLED)
                                   : STATUS_OK;
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
    int status = reader_object(reader, object);
    if (status)
        return status;
    struct aws_check check = {.reader = reader, .modelled = modelled, .ignored = {.limit = 1500}};
    status = check_object(&check, object, aws_shape(shape), false);
    if (!status && check.ignored.size)
        add_note(reader->scenario, false, "ignored in %s, as it is not modelled: %s%s", what,
                 check.ignored.data, check.ignored.failed ? ", ..." : "");
    text_clean_up(&check.ignored);
    return status;
}
