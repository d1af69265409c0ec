#include "scenario/demand_memory.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A scenario sums up a few series at most: the first ones stay. Where the span varies each is
 * another: of these the oldest goes. */
enum { KEPT_MAX = 16, STAYING = 8 };

struct kept {
    char *path;
    char *name;
    int64_t from_s;
    int64_t to_s;
    struct demand_step *steps;
    size_t count;
};

struct demand_memory {
    pthread_mutex_t using;
    struct kept kept[KEPT_MAX];
    size_t next; /* how many were put so far */
};

struct demand_memory *demand_memory_new(void)
{
    struct demand_memory *memory = memory_new(1, sizeof *memory);
    memory->using = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
    return memory;
}

static void forget(struct kept *kept)
{
    free(kept->path);
    free(kept->name);
    free(kept->steps);
    *kept = (struct kept){0};
}

void demand_memory_free(struct demand_memory *memory)
{
    if (!memory)
        return;
    for (size_t i = 0; i < KEPT_MAX; i++)
        forget(&memory->kept[i]);
    pthread_mutex_destroy(&memory->using);
    free(memory);
}

static const struct kept *find(const struct demand_memory *memory, const struct kept *asked)
{
    for (size_t i = 0; i < KEPT_MAX; i++) {
        const struct kept *kept = &memory->kept[i];
        if (kept->path && kept->from_s == asked->from_s && kept->to_s == asked->to_s &&
            strcmp(kept->path, asked->path) == 0 && strcmp(kept->name, asked->name) == 0)
            return kept;
    }
    return NULL;
}

static struct demand_step *copy_of(const struct demand_step *steps, size_t count)
{
    struct demand_step *copy = memory_new(count, sizeof *copy);
    if (count > 0)
        memcpy(copy, steps, count * sizeof *copy);
    return copy;
}

/* Where the next one is put. */
static size_t next_place(struct demand_memory *memory)
{
    size_t next = memory->next++;
    return next < KEPT_MAX ? next : STAYING + (next - STAYING) % (KEPT_MAX - STAYING);
}

static int read_kept(struct demand_memory *memory, const struct kept *asked,
                     struct demand_step **out_steps, size_t *out_count, bool *out_kept,
                     struct error *err)
{
    const struct kept *known = find(memory, asked);
    if (known ? known >= &memory->kept[STAYING] : memory->next >= STAYING)
        *out_kept = false;
    if (known) {
        *out_steps = copy_of(known->steps, known->count);
        *out_count = known->count;
        return STATUS_OK;
    }
    int status = trace_demand(asked->path, asked->name, asked->from_s, asked->to_s, out_steps,
                              out_count, err);
    if (status)
        return status;
    struct kept *place = &memory->kept[next_place(memory)];
    forget(place);
    *place = *asked;
    place->path = memory_copy_text(asked->path);
    place->name = memory_copy_text(asked->name);
    place->steps = copy_of(*out_steps, *out_count);
    place->count = *out_count;
    return STATUS_OK;
}

int demand_memory_read(struct demand_memory *memory, const char *path, const char *name,
                       int64_t from_s, int64_t to_s, struct demand_step **out_steps,
                       size_t *out_count, bool *out_kept, struct error *err)
{
    const struct kept asked = {
        .path = (char *)path, .name = (char *)name, .from_s = from_s, .to_s = to_s};
    if (!memory) {
        *out_kept = false;
        return trace_demand(path, name, from_s, to_s, out_steps, out_count, err);
    }
    pthread_mutex_lock(&memory->using);
    int status = read_kept(memory, &asked, out_steps, out_count, out_kept, err);
    pthread_mutex_unlock(&memory->using);
    return status;
}

static bool is_still(const struct kept *kept)
{
    struct demand_step *steps = NULL;
    size_t count = 0;
    if (trace_demand(kept->path, kept->name, kept->from_s, kept->to_s, &steps, &count, NULL))
        return false;
    bool same = count == kept->count;
    for (size_t i = 0; i < count && same; i++)
        same = steps[i].time_s == kept->steps[i].time_s &&
               steps[i].required_micro == kept->steps[i].required_micro;
    free(steps);
    return same;
}

bool demand_memory_is_current(struct demand_memory *memory, const char *path)
{
    bool current = true;
    pthread_mutex_lock(&memory->using);
    for (size_t i = 0; i < KEPT_MAX && current; i++) {
        const struct kept *kept = &memory->kept[i];
        current = !kept->path || strcmp(kept->path, path) != 0 || is_still(kept);
    }
    pthread_mutex_unlock(&memory->using);
    return current;
}
