#include "shelf.h"

#include "memory.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    char *key;
    void *thing;
    size_t bytes;
    size_t holders; /* and those who wait for it */
    uint64_t last_use;
    bool made;
};

struct shelf {
    const struct shelf_kind *kind;
    size_t bytes_most;
    size_t bytes;
    struct entry **entries; /* each stays where it is: others wait for it */
    size_t count;
    size_t capacity;
    uint64_t uses;
    pthread_mutex_t lock;
    pthread_cond_t made;
};

struct shelf *shelf_new(const struct shelf_kind *kind, size_t bytes_most)
{
    struct shelf *shelf = memory_new(1, sizeof *shelf);
    shelf->kind = kind;
    shelf->bytes_most = bytes_most;
    pthread_mutex_init(&shelf->lock, NULL);
    pthread_cond_init(&shelf->made, NULL);
    return shelf;
}

static void throw_away(struct shelf *shelf, size_t index)
{
    struct entry *entry = shelf->entries[index];
    shelf->entries[index] = shelf->entries[--shelf->count];
    shelf->bytes -= entry->bytes;
    if (entry->thing)
        shelf->kind->destroy(entry->thing);
    free(entry->key);
    free(entry);
}

void shelf_free(struct shelf *shelf)
{
    if (!shelf)
        return;
    while (shelf->count)
        throw_away(shelf, shelf->count - 1);
    free(shelf->entries);
    pthread_cond_destroy(&shelf->made);
    pthread_mutex_destroy(&shelf->lock);
    free(shelf);
}

/* The entry that nobody holds and that was wanted longest ago, but for the one that was wanted
 * last; shelf->count: none. */
static size_t oldest(const struct shelf *shelf)
{
    size_t found = shelf->count;
    for (size_t i = 0; i < shelf->count; i++) {
        if (shelf->entries[i]->holders == 0 && shelf->entries[i]->last_use != shelf->uses &&
            (found == shelf->count ||
             shelf->entries[i]->last_use < shelf->entries[found]->last_use))
            found = i;
    }
    return found;
}

static void make_room(struct shelf *shelf)
{
    while (shelf->bytes > shelf->bytes_most) {
        size_t index = oldest(shelf);
        if (index == shelf->count)
            return;
        throw_away(shelf, index);
    }
}

static struct entry *find(const struct shelf *shelf, const char *key)
{
    for (size_t i = 0; i < shelf->count; i++) {
        if (strcmp(shelf->entries[i]->key, key) == 0)
            return shelf->entries[i];
    }
    return NULL;
}

/* Called with the lock held, which is given up meanwhile. */
static void make(struct shelf *shelf, struct entry *entry, const void *argument)
{
    pthread_mutex_unlock(&shelf->lock);
    void *thing = shelf->kind->make(argument);
    pthread_mutex_lock(&shelf->lock);
    entry->thing = thing;
    entry->bytes = sizeof *entry + (thing ? shelf->kind->bytes(thing) : 0);
    entry->made = true;
    shelf->bytes += entry->bytes;
    pthread_cond_broadcast(&shelf->made);
}

void *shelf_take(struct shelf *shelf, const char *key, const void *argument)
{
    pthread_mutex_lock(&shelf->lock);
    struct entry *entry = find(shelf, key);
    bool mine = !entry;
    if (mine) {
        entry = memory_new(1, sizeof *entry);
        entry->key = memory_copy_text(key);
        ARRAY_PUSH(shelf->entries, shelf->count, shelf->capacity, entry);
    }
    entry->holders++;
    entry->last_use = ++shelf->uses;
    if (mine)
        make(shelf, entry, argument);
    while (!entry->made)
        pthread_cond_wait(&shelf->made, &shelf->lock);
    void *thing = entry->thing;
    if (!thing)
        entry->holders--;
    make_room(shelf);
    pthread_mutex_unlock(&shelf->lock);
    return thing;
}

void shelf_give_back(struct shelf *shelf, const void *thing)
{
    pthread_mutex_lock(&shelf->lock);
    for (size_t i = 0; i < shelf->count; i++) {
        if (shelf->entries[i]->thing == thing)
            shelf->entries[i]->holders--;
    }
    make_room(shelf);
    pthread_mutex_unlock(&shelf->lock);
}
