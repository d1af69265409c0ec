/* CBOR (wire.h), over libcbor's streaming coder: it allocates nothing by what the input claims. */
#include "twin/wire.h"

#include <cbor.h>
#include <string.h>

/* An array or map that is open. */
struct level {
    struct tree *tree;
    uint64_t remaining; /* items still to come; of a map, keys and values */
    bool indefinite;
    const char *key; /* of the member whose value comes next; NULL: a key comes */
};

struct builder {
    struct arena *arena;
    struct level levels[TREE_DEPTH_MAX];
    size_t depth;
    struct tree *root;
    bool epoch; /* the next value is tagged as seconds since 1970 */
    bool in_chunks;
    struct text chunks; /* of a text of indefinite length */
    bool failed;
};

/* ---- reading ------------------------------------------------------------------------------------
 */

/* Definite arrays and maps end with their last item, and that may end the one around them. */
static void close_full(struct builder *b)
{
    while (b->depth > 0) {
        const struct level *level = &b->levels[b->depth - 1];
        if (level->indefinite || level->remaining > 0)
            return;
        b->depth--;
    }
}

static void take(struct builder *b, struct level *level)
{
    if (level->indefinite)
        return;
    if (level->remaining == 0)
        b->failed = true;
    else
        level->remaining--;
}

static void add(struct builder *b, struct tree *tree)
{
    bool epoch = b->epoch;
    b->epoch = false;
    if (b->failed || b->in_chunks || (b->depth == 0 && b->root)) {
        b->failed = true;
        return;
    }
    if (epoch && tree->kind == TREE_INTEGER)
        tree->kind = TREE_TIME;
    if (epoch && tree->kind == TREE_NUMBER && tree->value.number >= 0 &&
        tree->value.number < 1e15) {
        tree->kind = TREE_TIME;
        tree->value.integer = (int64_t)tree->value.number;
    }
    if (b->depth == 0) {
        b->root = tree;
        return;
    }
    struct level *level = &b->levels[b->depth - 1];
    take(b, level);
    if (level->tree->kind == TREE_LIST) {
        b->failed = b->failed || level->tree->count == TREE_ITEMS_MAX;
        tree_append(level->tree, NULL, tree);
    } else if (!level->key) {
        b->failed = b->failed || tree->kind != TREE_TEXT;
        level->key = tree->kind == TREE_TEXT ? tree->value.text : "";
    } else {
        b->failed = b->failed || level->tree->count == TREE_MEMBERS_MAX;
        tree_append(level->tree, level->key, tree);
        level->key = NULL;
    }
}

static void add_leaf(struct builder *b, struct tree *tree)
{
    add(b, tree);
    close_full(b);
}

static void open_level(struct builder *b, enum tree_kind kind, uint64_t items, bool indefinite)
{
    struct tree *tree = tree_new(b->arena, kind);
    add(b, tree);
    if (b->failed || b->depth == TREE_DEPTH_MAX) {
        b->failed = true;
        return;
    }
    b->levels[b->depth++] =
        (struct level){.tree = tree, .remaining = items, .indefinite = indefinite};
    close_full(b);
}

static void on_integer(struct builder *b, uint64_t value, bool negative)
{
    struct tree *tree = tree_new(b->arena, TREE_INTEGER);
    if (value > INT64_MAX)
        b->failed = true;
    else
        tree->value.integer = negative ? -1 - (int64_t)value : (int64_t)value;
    add_leaf(b, tree);
}

static void on_uint8(void *context, uint8_t value)
{
    on_integer(context, value, false);
}

static void on_uint16(void *context, uint16_t value)
{
    on_integer(context, value, false);
}

static void on_uint32(void *context, uint32_t value)
{
    on_integer(context, value, false);
}

static void on_uint64(void *context, uint64_t value)
{
    on_integer(context, value, false);
}

static void on_negint8(void *context, uint8_t value)
{
    on_integer(context, value, true);
}

static void on_negint16(void *context, uint16_t value)
{
    on_integer(context, value, true);
}

static void on_negint32(void *context, uint32_t value)
{
    on_integer(context, value, true);
}

static void on_negint64(void *context, uint64_t value)
{
    on_integer(context, value, true);
}

static void on_double(void *context, double value)
{
    struct builder *b = context;
    struct tree *tree = tree_new(b->arena, TREE_NUMBER);
    tree->value.number = value;
    add_leaf(b, tree);
}

static void on_float(void *context, float value)
{
    on_double(context, (double)value);
}

static void on_null(void *context)
{
    struct builder *b = context;
    add_leaf(b, tree_new(b->arena, TREE_NULL));
}

static void on_boolean(void *context, bool value)
{
    struct builder *b = context;
    struct tree *tree = tree_new(b->arena, TREE_BOOL);
    tree->value.truth = value;
    add_leaf(b, tree);
}

static void add_text(struct builder *b, const char *bytes, size_t size)
{
    struct tree *tree = tree_new(b->arena, TREE_TEXT);
    b->failed = b->failed || (size && memchr(bytes, '\0', size));
    tree->value.text = arena_text(b->arena, bytes, size);
    add_leaf(b, tree);
}

static void on_string(void *context, cbor_data bytes, size_t size)
{
    struct builder *b = context;
    if (b->in_chunks)
        text_add_bytes(&b->chunks, (const char *)bytes, size);
    else
        add_text(b, (const char *)bytes, size);
}

static void on_string_start(void *context)
{
    struct builder *b = context;
    b->failed = b->failed || b->in_chunks;
    b->in_chunks = true;
}

/* Nothing that CloudWatch takes is bytes: they are read over. */
static void on_bytes(void *context, cbor_data bytes, size_t size)
{
    (void)bytes;
    (void)size;
    on_null(context);
}

static void on_bytes_start(void *context)
{
    struct builder *b = context;
    b->failed = true;
}

static void on_array(void *context, size_t items)
{
    open_level(context, TREE_LIST, items, false);
}

static void on_map(void *context, size_t members)
{
    struct builder *b = context;
    b->failed = b->failed || members > TREE_MEMBERS_MAX;
    open_level(b, TREE_OBJECT, 2 * (uint64_t)members, false);
}

static void on_open_array(void *context)
{
    open_level(context, TREE_LIST, 0, true);
}

static void on_open_map(void *context)
{
    open_level(context, TREE_OBJECT, 0, true);
}

static void on_tag(void *context, uint64_t tag)
{
    struct builder *b = context;
    b->epoch = tag == 1;
}

static void on_break(void *context)
{
    struct builder *b = context;
    if (b->in_chunks) {
        b->in_chunks = false;
        add_text(b, b->chunks.data ? b->chunks.data : "", b->chunks.size);
        b->chunks.size = 0;
        return;
    }
    const struct level *level = b->depth ? &b->levels[b->depth - 1] : NULL;
    if (!level || !level->indefinite || level->key) {
        b->failed = true;
        return;
    }
    b->depth--;
    close_full(b);
}

struct tree *cbor_read(struct arena *arena, const unsigned char *bytes, size_t size)
{
    static const struct cbor_callbacks callbacks = {
        .uint8 = on_uint8,
        .uint16 = on_uint16,
        .uint32 = on_uint32,
        .uint64 = on_uint64,
        .negint8 = on_negint8,
        .negint16 = on_negint16,
        .negint32 = on_negint32,
        .negint64 = on_negint64,
        .byte_string_start = on_bytes_start,
        .byte_string = on_bytes,
        .string = on_string,
        .string_start = on_string_start,
        .indef_array_start = on_open_array,
        .array_start = on_array,
        .indef_map_start = on_open_map,
        .map_start = on_map,
        .tag = on_tag,
        .float2 = on_float,
        .float4 = on_float,
        .float8 = on_double,
        .undefined = on_null,
        .null = on_null,
        .boolean = on_boolean,
        .indef_break = on_break,
    };
    if (size == 0)
        return tree_new(arena, TREE_OBJECT);
    struct builder b = {.arena = arena};
    for (size_t at = 0; at < size && !b.failed;) {
        struct cbor_decoder_result result =
            cbor_stream_decode(bytes + at, size - at, &callbacks, &b);
        if (result.status != CBOR_DECODER_FINISHED || result.read == 0)
            b.failed = true;
        at += result.read;
    }
    text_clean_up(&b.chunks);
    bool whole = !b.failed && b.depth == 0 && !b.in_chunks && b.root;
    return whole && b.root->kind == TREE_OBJECT ? b.root : NULL;
}

/* ---- writing ------------------------------------------------------------------------------------
 */

enum { HEAD = 16 };

static void write_double(struct text *out, double value)
{
    unsigned char head[HEAD];
    text_add_bytes(out, (const char *)head, cbor_encode_double(value, head, sizeof head));
}

static void write_integer(struct text *out, int64_t value)
{
    unsigned char head[HEAD];
    size_t size = value < 0 ? cbor_encode_negint((uint64_t)(-1 - value), head, sizeof head)
                            : cbor_encode_uint((uint64_t)value, head, sizeof head);
    text_add_bytes(out, (const char *)head, size);
}

static void write_string(struct text *out, const char *text)
{
    unsigned char head[HEAD];
    size_t length = strlen(text);
    text_add_bytes(out, (const char *)head, cbor_encode_string_start(length, head, sizeof head));
    text_add_bytes(out, text, length);
}

void cbor_write(struct text *out, const struct tree *tree)
{
    unsigned char head[HEAD];
    size_t size = 0;
    switch (tree->kind) {
    case TREE_NULL:
        size = cbor_encode_null(head, sizeof head);
        break;
    case TREE_TEXT:
        write_string(out, tree->value.text);
        break;
    case TREE_BOOL:
        size = cbor_encode_bool(tree->value.truth, head, sizeof head);
        break;
    case TREE_INTEGER:
        write_integer(out, tree->value.integer);
        break;
    case TREE_TIME:
        text_add_bytes(out, (const char *)head, cbor_encode_tag(1, head, sizeof head));
        write_double(out, (double)tree->value.integer);
        break;
    case TREE_MICRO:
        write_double(out, (double)tree->value.integer / 1e6);
        break;
    case TREE_NUMBER:
        write_double(out, tree->value.number);
        break;
    case TREE_OBJECT:
        size = cbor_encode_map_start(tree->count, head, sizeof head);
        break;
    case TREE_LIST:
        size = cbor_encode_array_start(tree->count, head, sizeof head);
        break;
    }
    text_add_bytes(out, (const char *)head, size);
    for (const struct tree *at = tree->first; at; at = at->next) {
        if (tree->kind == TREE_OBJECT)
            write_string(out, at->name);
        cbor_write(out, at);
    }
}
