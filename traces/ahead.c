#include "traces/ahead.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

/* Two are the taker's, with what is left of the one and with the other. */
enum { BLOCKS = 4 };

struct block {
    unsigned char *bytes; /* the room first */
    size_t count;         /* none: the end */
};

struct ahead {
    struct decoder *decoder;
    pthread_t thread;
    struct block blocks[BLOCKS];
    int status; /* the thread's until it has made the last block, as the error */
    struct error error;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t changed;
    uint64_t made;
    uint64_t taken;
    uint64_t released;
    bool stopped;
};

/* Whole, but for the last before the end or an error. */
static size_t fill(struct ahead *ahead, unsigned char *block)
{
    size_t filled = 0;
    size_t count = 1;
    while (!ahead->status && count > 0 && filled < AHEAD_BLOCK) {
        ahead->status = decoder_read(ahead->decoder, block + filled, AHEAD_BLOCK - filled, &count,
                                     &ahead->error);
        filled += count;
    }
    return filled;
}

static void *read_ahead(void *argument)
{
    struct ahead *ahead = argument;
    bool ended = false;
    pthread_mutex_lock(&ahead->lock);
    while (!ahead->stopped && !ended) {
        if (ahead->made - ahead->released == BLOCKS) {
            pthread_cond_wait(&ahead->changed, &ahead->lock);
            continue;
        }
        struct block *block = &ahead->blocks[ahead->made % BLOCKS];
        pthread_mutex_unlock(&ahead->lock);
        block->count = fill(ahead, block->bytes + AHEAD_ROOM);
        ended = block->count == 0;
        pthread_mutex_lock(&ahead->lock);
        ahead->made++;
        pthread_cond_signal(&ahead->changed);
    }
    pthread_mutex_unlock(&ahead->lock);
    return NULL;
}

int ahead_next(struct ahead *ahead, unsigned char **out_block, size_t *out_count, struct error *err)
{
    pthread_mutex_lock(&ahead->lock);
    ahead->released = ahead->taken > 0 ? ahead->taken - 1 : 0;
    pthread_cond_signal(&ahead->changed);
    while (ahead->made == ahead->taken)
        pthread_cond_wait(&ahead->changed, &ahead->lock);
    const struct block *block = &ahead->blocks[ahead->taken % BLOCKS];
    ahead->taken += block->count > 0;
    pthread_mutex_unlock(&ahead->lock);
    *out_block = block->bytes + AHEAD_ROOM;
    *out_count = block->count;
    if (block->count > 0 || !ahead->status)
        return STATUS_OK;
    if (err)
        *err = ahead->error;
    return ahead->status;
}

static void clean_up(struct ahead *ahead)
{
    pthread_mutex_destroy(&ahead->lock);
    pthread_cond_destroy(&ahead->changed);
    for (size_t i = 0; i < BLOCKS; i++)
        free(ahead->blocks[i].bytes);
    free(ahead);
}

struct ahead *ahead_begin(struct decoder *decoder)
{
    struct ahead *ahead = memory_new(1, sizeof *ahead);
    ahead->decoder = decoder;
    for (size_t i = 0; i < BLOCKS; i++)
        ahead->blocks[i].bytes = memory_new(AHEAD_ROOM + AHEAD_BLOCK, 1);
    pthread_mutex_init(&ahead->lock, NULL);
    pthread_cond_init(&ahead->changed, NULL);
    if (pthread_create(&ahead->thread, NULL, read_ahead, ahead) == 0)
        return ahead;
    clean_up(ahead);
    return NULL;
}

void ahead_end(struct ahead *ahead)
{
    if (!ahead)
        return;
    pthread_mutex_lock(&ahead->lock);
    ahead->stopped = true;
    pthread_cond_signal(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
    pthread_join(ahead->thread, NULL);
    clean_up(ahead);
}
