/* The reader: a scenario's JSON while it is being read. Inside scenario/ only.
 *
 * The *working tree* is the scenario with the files it points to put in their places and --set
 * applied. Each of its nodes comes from some document (the scenario file, an embedded file, an
 * override), and every complaint names the place in that document, however the tree was changed.
 *
 * Order of work: reader_open, then overrides_apply, then the readers of each part, which fill in
 * reader->scenario and add notes; reader_close frees all of it. Nodes and strings are borrowed
 * until then.
 */
#ifndef SCENARIO_READER_H
#define SCENARIO_READER_H

#include "base/json.h"
#include "scenario/scenario.h"

#include <stdbool.h>
#include <stddef.h>

enum document_kind {
    DOCUMENT_FILE = 0, /* the scenario or a file it points to */
    DOCUMENT_SET,      /* --set or --policy */
    DOCUMENT_ADDED,    /* made by the reader: a preset's values */
};

/* A document and the working copy of its tree: one block, whose nodes stand in the document's order
 * and borrow their texts from it. So a copy costs little, and a node's place in the block tells
 * where it comes from. */
struct document {
    enum document_kind kind;
    const struct json_document *json;
    struct json_document *owned; /* `json`, unless it is kept elsewhere */
    bool is_utf8;                /* known to be */
    cJSON *nodes;                /* the first is the root */
    const cJSON **pristine;      /* of each, the same in the document */
    size_t count;
};

/* Where a working node comes from. */
struct origin {
    const cJSON *node;
    const cJSON *pristine; /* the same in its document */
    size_t document;
};

struct reader {
    struct scenario *scenario;
    struct error *err;
    const char *folder;             /* relative paths start here */
    struct scenario_memory *memory; /* or NULL */
    bool all_kept;                  /* each file that was read is in the memory */
    bool bare;                      /* as the options say */
    bool again;
    cJSON *root; /* working tree, owned */

    struct document *documents; /* 0 is the scenario's */
    size_t document_count;
    size_t document_capacity;
    struct origin *origins; /* of nodes made by hand; sorted by node once `sorted` */
    size_t origin_count;
    size_t origin_capacity;
    bool sorted;
    cJSON **removed; /* taken out of the tree; kept so that addresses stay unique */
    size_t removed_count;
    size_t removed_capacity;

    size_t pool_capacity;
    const cJSON **pool_nodes; /* what each of the fleet's pools was made from */
    size_t pool_node_capacity;
    uint64_t demand_shapes;  /* read so far: each has noise of its own */
    const cJSON *implied[4]; /* values that mixed_group implies */
    size_t implied_count;
    int64_t mixed_min_micro; /* mixed_group's MinSize and MaxSize; both 0: there is none */
    int64_t mixed_max_micro;
    bool preset_slow; /* account.preset */
    bool preset_late;
};

struct kept_file;

/* Take over a parsed document and make its tree the working tree. */
void reader_open(struct reader *reader, struct json_document *document);
/* The same of one that is kept in memory, and stays there. */
void reader_open_kept(struct reader *reader, const struct kept_file *kept);
void reader_close(struct reader *reader);

/* Take over a document; returns a working copy of its tree, to be put into the tree by the caller.
 */
cJSON *reader_adopt(struct reader *reader, enum document_kind kind, struct json_document *document);
cJSON *reader_adopt_kept(struct reader *reader, const struct kept_file *kept);
/* Put `fresh` (unowned) in the place of `old`, which must not be the root. */
void reader_replace(struct reader *reader, cJSON *old, cJSON *fresh);
/* Say that `node`, made by hand, comes from where `like` does. */
void reader_same_origin(struct reader *reader, const cJSON *node, const cJSON *like);
/* Refuse documents that are not UTF-8: what is read is also written. */
int reader_check_text(struct reader *reader);
bool reader_is_utf8(const struct json_document *document);
/* Keep a detached node until the end. */
void reader_keep(struct reader *reader, cJSON *node);

/* Whether it is known where `node` comes from, and where. */
bool reader_origin(struct reader *reader, const cJSON *node, struct origin *out_origin);

/* The kind of document `node` comes from. */
enum document_kind reader_kind(struct reader *reader, const cJSON *node);

/* Complain at `node`; in all cases STATUS_BAD_INPUT, which a macro lets the compiler see. */
#define reader_fail(reader, node, ...)                                                             \
    (reader_complain(reader, node, __VA_ARGS__), STATUS_BAD_INPUT)
void reader_complain(struct reader *reader, const cJSON *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- values: each refuses another type or range at its place ---- */

int reader_int64(struct reader *reader, const cJSON *node, int64_t min, int64_t max,
                 int64_t *out_value);
int reader_decimal(struct reader *reader, const cJSON *node, int64_t min_micro, int64_t max_micro,
                   int64_t *out_micro);
int reader_bool(struct reader *reader, const cJSON *node, bool *out_value);
int reader_time(struct reader *reader, const cJSON *node, int64_t *out_time_s);
/* Not empty, at most 1000 bytes. */
int reader_string(struct reader *reader, const cJSON *node, const char **out_text);
int reader_object(struct reader *reader, const cJSON *node);
/* A list of at most `limit` items. */
int reader_list(struct reader *reader, const cJSON *node, size_t limit);
/* One of `words` (NULL-terminated); *out_index is its index. */
int reader_word(struct reader *reader, const cJSON *node, const char *const *words, int *out_index);

/* The member of an object, or NULL. `object` may be NULL. */
const cJSON *member(const cJSON *object, const char *key);
/* By path of plain keys: "account.join_delay_s". */
const cJSON *reader_at(const struct reader *reader, const char *path);

/* ---- keys ---- */

/* Refuse members of `object` that are not among `keys` (NULL-terminated), suggesting the nearest.
 */
int reader_keys(struct reader *reader, const cJSON *object, const char *const *keys);

/* Check a document of AWS's against its shape: unknown members are refused; members outside
 * `modelled` (paths such as "LaunchSpecifications.InstanceType", NULL-terminated) are listed in one
 * note. */
int reader_aws(struct reader *reader, const cJSON *object, const char *shape,
               const char *const *modelled, const char *what);

/* Adopt the document in file `path`, relative to the scenario's folder; regular files only. `node`
 * is what names it; *out_node is the working copy, as reader_adopt returns it. */
int reader_read_file(struct reader *reader, const cJSON *node, const char *path, cJSON **out_node);
/* `path` as seen from the scenario's folder; to be freed. */
char *reader_path(const struct reader *reader, const char *path);

#endif
