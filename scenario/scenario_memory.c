#include "scenario/scenario_memory.h"

#include "base/memory.h"
#include "scenario/reader.h"

#include <stdlib.h>
#include <string.h>

struct scenario_memory *scenario_memory_new(void)
{
    struct scenario_memory *memory = memory_new(1, sizeof *memory);
    memory->demands = demand_memory_new();
    memory->made_demands = made_demands_new();
    memory->answers = trace_answers_new();
    memory->using = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
    return memory;
}

void scenario_memory_free(struct scenario_memory *memory)
{
    if (!memory)
        return;
    for (size_t i = 0; i < memory->file_count; i++) {
        json_clean_up(&memory->files[i]->document);
        free(memory->files[i]);
    }
    for (size_t i = 0; i < memory->database_count; i++)
        free(memory->databases[i].path);
    free(memory->databases);
    trace_answers_free(memory->answers);
    made_demands_free(memory->made_demands);
    demand_memory_free(memory->demands);
    pthread_mutex_destroy(&memory->using);
    free(memory);
}

static const struct kept_file *find(const struct scenario_memory *memory, const char *path)
{
    for (size_t i = 0; i < memory->file_count; i++) {
        if (strcmp(memory->files[i]->document.name, path) == 0)
            return memory->files[i];
    }
    return NULL;
}

const struct kept_file *file_memory_find(struct scenario_memory *memory, const char *path)
{
    if (!memory)
        return NULL;
    pthread_mutex_lock(&memory->using);
    const struct kept_file *found = find(memory, path);
    pthread_mutex_unlock(&memory->using);
    return found;
}

static const struct kept_file *keep(struct scenario_memory *memory, struct json_document *document)
{
    if (memory->file_count == KEPT_FILES_MAX || document->size > KEPT_BYTES_MAX - memory->bytes)
        return NULL;
    struct kept_file *kept = memory_new(1, sizeof *kept);
    kept->document = *document;
    kept->nodes = json_nodes(document->root);
    kept->is_utf8 = reader_is_utf8(document);
    *document = (struct json_document){0};
    memory->files[memory->file_count++] = kept;
    memory->bytes += kept->document.size;
    return kept;
}

const struct kept_file *file_memory_keep(struct scenario_memory *memory, const char *path,
                                         struct json_document *document)
{
    if (!memory)
        return NULL;
    pthread_mutex_lock(&memory->using);
    const struct kept_file *kept = find(memory, path);
    if (kept)
        json_clean_up(document);
    else
        kept = keep(memory, document);
    pthread_mutex_unlock(&memory->using);
    return kept;
}

/* A file that is not there is as none is. */
static struct stat look_at(const char *path)
{
    struct stat seen;
    if (stat(path, &seen) != 0)
        memset(&seen, 0, sizeof seen);
    return seen;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

void scenario_memory_watch(struct scenario_memory *memory, const char *path)
{
    for (size_t i = 0; i < memory->database_count; i++) {
        if (strcmp(memory->databases[i].path, path) == 0)
            return;
    }
    const struct kept_database database = {memory_copy_text(path), look_at(path)};
    ARRAY_PUSH(memory->databases, memory->database_count, memory->database_capacity, database);
}

/* A database is written to while it is read from: what counts is what was asked of it. */
static bool databases_are_current(struct scenario_memory *memory)
{
    bool current = true;
    for (size_t i = 0; i < memory->database_count && current; i++) {
        struct kept_database *database = &memory->databases[i];
        const struct stat now = look_at(database->path);
        if (same_file(&database->seen, &now))
            continue;
        current = trace_answers_are_current(memory->answers, database->path) &&
                  demand_memory_is_current(memory->demands, database->path);
        database->seen = now;
    }
    return current;
}

bool scenario_memory_is_current(struct scenario_memory *memory)
{
    /* Files that are kept stay as they are, so that of them only the list needs the lock. */
    pthread_mutex_lock(&memory->using);
    size_t count = memory->file_count;
    bool current = databases_are_current(memory);
    pthread_mutex_unlock(&memory->using);
    for (size_t i = 0; i < count && current; i++)
        current = json_is_still(&memory->files[i]->document);
    return current;
}
