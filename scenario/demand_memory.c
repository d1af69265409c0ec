#include "scenario/demand_memory.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* A scenario sums up a few series at most. Where the span varies each is another: the oldest goes.
 */
enum { KEPT_MAX = 16 };

struct kept {
    char *path;
    char *name;
    int64_t from_s;
    int64_t to_s;
    struct demand_step *steps;
    size_t count;
};

struct demand_memory {
    struct kept kept[KEPT_MAX];
    size_t next; /* where the next one is put */
};

struct demand_memory *demand_memory_new(void)
{
    return memory_new(1, sizeof(struct demand_memory));
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
    for (size_t i = 0; memory && i < KEPT_MAX; i++)
        forget(&memory->kept[i]);
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

int demand_memory_read(struct demand_memory *memory, const char *path, const char *name,
                       int64_t from_s, int64_t to_s, struct demand_step **out_steps,
                       size_t *out_count, struct error *err)
{
    const struct kept asked = {
        .path = (char *)path, .name = (char *)name, .from_s = from_s, .to_s = to_s};
    const struct kept *known = memory ? find(memory, &asked) : NULL;
    if (known) {
        *out_steps = copy_of(known->steps, known->count);
        *out_count = known->count;
        return STATUS_OK;
    }
    int status = trace_demand(path, name, from_s, to_s, out_steps, out_count, err);
    if (status || !memory)
        return status;
    struct kept *place = &memory->kept[memory->next++ % KEPT_MAX];
    forget(place);
    *place = asked;
    place->path = memory_copy_text(path);
    place->name = memory_copy_text(name);
    place->steps = copy_of(*out_steps, *out_count);
    place->count = *out_count;
    return STATUS_OK;
}
