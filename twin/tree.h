/* What a request says and a reply tells, whichever protocol carries it: a tree of plain values.
 *
 * The readers (form.h, json.h, cbor.h) make trees of requests, the writers (xml.h, json.h, cbor.h)
 * texts of replies. A leaf keeps what its protocol gave: a form has texts only, JSON numbers, CBOR
 * times; tree_int64 and the like read any of these. Money and capacity are exact (TREE_MICRO); only
 * what users put into CloudWatch may be a TREE_NUMBER.
 *
 * All memory of one request is one arena: nothing is freed by itself.
 */
#ifndef TWIN_TREE_H
#define TWIN_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- memory -------------------------------------------------------------------------------------
 */

struct arena_chunk;
struct arena {
    struct arena_chunk *chunks;
};

void *arena_get(struct arena *arena, size_t size); /* zeroed, aligned for any type */
char *arena_text(struct arena *arena, const char *bytes, size_t count);
char *arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void arena_clean_up(struct arena *arena);

/* ---- trees --------------------------------------------------------------------------------------
 */

enum tree_kind {
    TREE_NULL = 0,
    TREE_OBJECT, /* members, by name */
    TREE_LIST,
    TREE_TEXT,
    TREE_BOOL,
    TREE_INTEGER,
    TREE_MICRO,  /* an exact decimal, in millionths */
    TREE_NUMBER, /* a double */
    TREE_TIME,   /* seconds since 1970 */
};

enum {
    TREE_DEPTH_MAX = 32,     /* readers refuse what is nested deeper */
    TREE_MEMBERS_MAX = 256,  /* of one object */
    TREE_ITEMS_MAX = 100000, /* of one list */
};

struct tree {
    enum tree_kind kind;
    const char *name; /* of a member; else NULL */
    uint32_t index;   /* of an item read from a form */
    union {
        const char *text;
        bool truth;
        int64_t integer; /* also micro and time */
        double number;
    } value;
    struct tree *first; /* of members or items */
    struct tree *last;
    struct tree *next;
    size_t count;
};

struct tree *tree_new(struct arena *arena, enum tree_kind kind);
/* Append to an object (with a name, borrowed) or a list (name NULL). */
void tree_append(struct tree *parent, const char *name, struct tree *child);

/* The member, or NULL where there is none, it is null, or `object` is none. */
const struct tree *tree_find(const struct tree *object, const char *name);

/* Read a leaf; false if it is not of that kind. Of NULL: false. */
bool tree_text(const struct tree *leaf, const char **out_text);
bool tree_int64(const struct tree *leaf, int64_t *out_value); /* 4, 4.0, "4" */
bool tree_number(const struct tree *leaf, double *out_value); /* 0.5, "0.5", "1e-7", "nan" */
bool tree_bool(const struct tree *leaf, bool *out_value);     /* true, "true" */
bool tree_time(const struct tree *leaf, int64_t *out_time_s); /* ISO 8601, or epoch seconds */
bool tree_is_list(const struct tree *node); /* a list, or the form's empty one: "" */

/* Append to an object under a name, or to a list with name NULL. Texts are copied. */
struct put {
    struct arena *arena;
    struct tree *to;
};
struct put put_object(struct put to, const char *name);
struct put put_list(struct put to, const char *name);
void put_text(struct put to, const char *name, const char *text);
void put_textf(struct put to, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void put_integer(struct put to, const char *name, int64_t value);
void put_micro(struct put to, const char *name, int64_t micro);
void put_number(struct put to, const char *name, double value);
void put_bool(struct put to, const char *name, bool value);
void put_time(struct put to, const char *name, int64_t time_s);

#endif
