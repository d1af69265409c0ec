/* Files that scenarios are made of, read and parsed once. Inside scenario/ only.
 *
 * What is kept stays as it was read until the memory ends; nobody changes it. Threads may share it.
 */
#ifndef SCENARIO_FILE_MEMORY_H
#define SCENARIO_FILE_MEMORY_H

#include "base/json.h"
#include "scenario/scenario.h"

/* Files and bytes of text that are kept; of what is beyond nothing is, and it is read each time. */
enum { KEPT_FILES_MAX = 64, KEPT_BYTES_MAX = 16 * 1024 * 1024 };

struct kept_file {
    struct json_document document;
    size_t nodes; /* in its tree */
    bool is_utf8;
};

/* The file of that path, or NULL: it is not kept, or `memory` is NULL. */
const struct kept_file *file_memory_find(struct scenario_memory *memory, const char *path);

/* Take over a document read from `path`. Where another thread was first, its is returned. NULL: it
 * is not taken, and stays the caller's. */
const struct kept_file *file_memory_keep(struct scenario_memory *memory, const char *path,
                                         struct json_document *document);

#endif
