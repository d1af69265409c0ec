#include "bound_memory.h"

#include "base/memory.h"
#include "bound.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    struct demand_step *steps;
    size_t count;
    struct bound_found found;
};

struct bounds_memory {
    struct entry *entries;
    size_t count;
    size_t capacity;
};

struct bounds_memory *bounds_memory_new(void)
{
    return memory_new(1, sizeof(struct bounds_memory));
}

void bounds_memory_free(struct bounds_memory *memory)
{
    if (!memory)
        return;
    for (size_t i = 0; i < memory->count; i++) {
        free(memory->entries[i].steps);
        schedule_clean_up(&memory->entries[i].found.schedule);
    }
    free(memory->entries);
    free(memory);
}

static bool is_same(const struct entry *entry, const struct curve *curve)
{
    if (entry->count != curve->count)
        return false;
    for (size_t i = 0; i < curve->count; i++) {
        if (entry->steps[i].time_s != curve->steps[i].time_s ||
            entry->steps[i].required_micro != curve->steps[i].required_micro)
            return false;
    }
    return true;
}

struct bound_found *bounds_memory_find(const struct bounds_memory *memory,
                                       const struct curve *curve)
{
    for (size_t i = 0; memory && i < memory->count; i++) {
        if (is_same(&memory->entries[i], curve))
            return &memory->entries[i].found;
    }
    return NULL;
}

struct bound_found *bounds_memory_keep(struct bounds_memory *memory, const struct curve *curve)
{
    struct entry entry = {.steps = memory_new(curve->count, sizeof *entry.steps),
                          .count = curve->count};
    if (curve->count)
        memcpy(entry.steps, curve->steps, curve->count * sizeof *entry.steps);
    ARRAY_PUSH(memory->entries, memory->count, memory->capacity, entry);
    return &memory->entries[memory->count - 1].found;
}
