/* The working tree, and where its nodes come from. */
#include "base/memory.h"
#include "scenario/file_memory.h"
#include "scenario/reader.h"

#include <stdlib.h>

/* ---- copies -------------------------------------------------------------------------------------
 */

/* Depth is bounded by cJSON's own nesting limit. */
static cJSON *copy(struct document *document, const cJSON *node) // NOLINT(misc-no-recursion)
{
    document->pristine[document->count] = node;
    cJSON *fresh = &document->nodes[document->count++];
    *fresh = *node;
    fresh->next = fresh->prev = fresh->child = NULL;
    /* Borrowed: whoever names the node anew leaves what it was named alone. */
    fresh->type |= cJSON_StringIsConst | (node->valuestring ? cJSON_IsReference : 0);
    cJSON *last = NULL;
    for (const cJSON *child = node->child; child; child = child->next) {
        cJSON *own = copy(document, child);
        if (last)
            last->next = own;
        else
            fresh->child = own;
        own->prev = last;
        last = own;
    }
    if (last)
        fresh->child->prev = last; /* cJSON: the first child's prev is the last child */
    return fresh;
}

static cJSON *add_document(struct reader *reader, struct document *document, size_t nodes)
{
    document->nodes = memory_resize(NULL, nodes, sizeof *document->nodes);
    document->pristine = memory_resize(NULL, nodes, sizeof *document->pristine);
    cJSON *root = copy(document, document->json->root);
    ARRAY_PUSH(reader->documents, reader->document_count, reader->document_capacity, *document);
    return root;
}

cJSON *reader_adopt(struct reader *reader, enum document_kind kind, struct json_document *document)
{
    struct document item = {.kind = kind, .owned = memory_new(1, sizeof *item.owned)};
    *item.owned = *document;
    item.json = item.owned;
    *document = (struct json_document){0};
    return add_document(reader, &item, json_nodes(item.json->root));
}

cJSON *reader_adopt_kept(struct reader *reader, const struct kept_file *kept)
{
    struct document item = {
        .kind = DOCUMENT_FILE, .json = &kept->document, .is_utf8 = kept->is_utf8};
    return add_document(reader, &item, kept->nodes);
}

void reader_open(struct reader *reader, struct json_document *document)
{
    reader->root = reader_adopt(reader, DOCUMENT_FILE, document);
}

void reader_open_kept(struct reader *reader, const struct kept_file *kept)
{
    reader->root = reader_adopt_kept(reader, kept);
}

void reader_keep(struct reader *reader, cJSON *node)
{
    ARRAY_PUSH(reader->removed, reader->removed_count, reader->removed_capacity, node);
}

/* ---- the end ------------------------------------------------------------------------------------
 */

/* The document whose copy the node is of, or document_count. */
static size_t document_of(const struct reader *reader, const cJSON *node)
{
    size_t i = 0;
    for (; i < reader->document_count; i++) {
        const struct document *document = &reader->documents[i];
        uintptr_t first = (uintptr_t)document->nodes;
        if ((uintptr_t)node - first < document->count * sizeof *node)
            break;
    }
    return i;
}

/* The node, those behind it and all within them: what was made by hand is freed, and names that
 * nodes were given. */
static void free_nodes(const struct reader *reader, cJSON *node) // NOLINT(misc-no-recursion)
{
    while (node) {
        cJSON *next = node->next;
        free_nodes(reader, node->child);
        if (!(node->type & cJSON_IsReference))
            cJSON_free(node->valuestring);
        if (!(node->type & cJSON_StringIsConst))
            cJSON_free(node->string);
        if (document_of(reader, node) == reader->document_count)
            cJSON_free(node);
        node = next;
    }
}

void reader_close(struct reader *reader)
{
    free_nodes(reader, reader->root);
    for (size_t i = 0; i < reader->removed_count; i++)
        free_nodes(reader, reader->removed[i]);
    free(reader->removed);
    for (size_t i = 0; i < reader->document_count; i++) {
        struct document *document = &reader->documents[i];
        if (document->owned)
            json_clean_up(document->owned);
        free(document->owned);
        free(document->nodes);
        free(document->pristine);
    }
    free(reader->documents);
    free(reader->origins);
    free(reader->pool_nodes);
}

/* ---- changes ------------------------------------------------------------------------------------
 */

static cJSON *parent_of(cJSON *tree, const cJSON *node) // NOLINT(misc-no-recursion)
{
    for (cJSON *child = tree->child; child; child = child->next) {
        if (child == node)
            return tree;
        cJSON *parent = parent_of(child, node);
        if (parent)
            return parent;
    }
    return NULL;
}

void reader_replace(struct reader *reader, cJSON *old, cJSON *fresh)
{
    cJSON *parent = parent_of(reader->root, old);
    if (old->string) {
        if (!(fresh->type & cJSON_StringIsConst))
            cJSON_free(fresh->string);
        fresh->string = memory_copy_text(old->string);
        fresh->type &= ~cJSON_StringIsConst;
    }
    fresh->prev = old->prev;
    fresh->next = old->next;
    if (fresh->next)
        fresh->next->prev = fresh;
    else
        parent->child->prev = fresh; /* cJSON: the first child's prev is the last child */
    if (parent->child == old)
        parent->child = fresh;
    else
        fresh->prev->next = fresh;
    if (parent->child == fresh && !fresh->next)
        fresh->prev = fresh;
    old->prev = old->next = NULL;
    reader_keep(reader, old);
}

/* ---- origins ------------------------------------------------------------------------------------
 */

static int by_node(const void *a, const void *b)
{
    const struct origin *x = a;
    const struct origin *y = b;
    return (x->node > y->node) - (x->node < y->node);
}

bool reader_origin(struct reader *reader, const cJSON *node, struct origin *out_origin)
{
    size_t i = document_of(reader, node);
    if (i < reader->document_count) {
        const struct document *document = &reader->documents[i];
        *out_origin = (struct origin){node, document->pristine[node - document->nodes], i};
        return true;
    }
    if (!reader->sorted && reader->origin_count)
        qsort(reader->origins, reader->origin_count, sizeof *reader->origins, by_node);
    reader->sorted = true;
    const struct origin key = {.node = node};
    const struct origin *found =
        reader->origin_count
            ? bsearch(&key, reader->origins, reader->origin_count, sizeof *reader->origins, by_node)
            : NULL;
    if (found)
        *out_origin = *found;
    return found != NULL;
}

void reader_same_origin(struct reader *reader, const cJSON *node, const cJSON *like)
{
    struct origin origin;
    if (!reader_origin(reader, like, &origin))
        return;
    origin.node = node;
    ARRAY_PUSH(reader->origins, reader->origin_count, reader->origin_capacity, origin);
    reader->sorted = false;
}

enum document_kind reader_kind(struct reader *reader, const cJSON *node)
{
    struct origin origin;
    return reader_origin(reader, node, &origin) ? reader->documents[origin.document].kind
                                                : DOCUMENT_FILE;
}
