#include "event_queue.h"

#include "base/memory.h"

#include <stdlib.h>

enum { ARITY = 4 };

static bool earlier(const struct event *a, const struct event *b)
{
    /* Sequence numbers may wrap: what is pending spans far less than half of them. */
    return a->order != b->order ? a->order < b->order : (int32_t)(a->sequence - b->sequence) < 0;
}

void event_push(struct event_queue *queue, int64_t time_s, enum event_kind kind, uint32_t subject)
{
    struct event event = {
        .order = (time_s << 4) | (int64_t)kind, .sequence = queue->sequence++, .subject = subject};
    ARRAY_PUSH(queue->events, queue->count, queue->capacity, event);
    size_t hole = queue->count - 1;
    while (hole > 0) {
        size_t parent = (hole - 1) / ARITY;
        if (!earlier(&event, &queue->events[parent]))
            break;
        queue->events[hole] = queue->events[parent];
        hole = parent;
    }
    queue->events[hole] = event;
}

struct event event_pop(struct event_queue *queue)
{
    struct event first = queue->events[0];
    struct event moved = queue->events[--queue->count];
    size_t hole = 0;
    for (;;) {
        size_t child = hole * ARITY + 1;
        if (child >= queue->count)
            break;
        size_t end = child + ARITY < queue->count ? child + ARITY : queue->count;
        size_t best = child;
        for (size_t i = child + 1; i < end; i++) {
            if (earlier(&queue->events[i], &queue->events[best]))
                best = i;
        }
        if (!earlier(&queue->events[best], &moved))
            break;
        queue->events[hole] = queue->events[best];
        hole = best;
    }
    queue->events[hole] = moved;
    return first;
}

void event_queue_clean_up(struct event_queue *queue)
{
    free(queue->events);
    *queue = (struct event_queue){0};
}
