#include "event_queue.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { ARITY = 4 };

static void into_heap(struct event_queue *queue, struct event event)
{
    ARRAY_PUSH(queue->heap, queue->count, queue->capacity, event);
    size_t hole = queue->count - 1;
    while (hole > 0) {
        size_t parent = (hole - 1) / ARITY;
        if (!event_earlier(&event, &queue->heap[parent]))
            break;
        queue->heap[hole] = queue->heap[parent];
        hole = parent;
    }
    queue->heap[hole] = event;
}

/* When the line is full, those that are left move to its beginning, if half of it is free. */
static void into_line(struct event_queue *queue, struct event event)
{
    if (queue->line_first == queue->line_count) {
        queue->line_first = queue->line_count = 0;
    } else if (queue->line_count == queue->line_capacity &&
               queue->line_first > queue->line_capacity / 2) {
        queue->line_count -= queue->line_first;
        memmove(queue->line, queue->line + queue->line_first,
                queue->line_count * sizeof *queue->line);
        queue->line_first = 0;
    }
    ARRAY_PUSH(queue->line, queue->line_count, queue->line_capacity, event);
}

void event_push(struct event_queue *queue, int64_t time_s, enum event_kind kind, uint32_t subject)
{
    const struct event event = {
        .order = (time_s << 4) | (int64_t)kind, .sequence = queue->sequence++, .subject = subject};
    if (queue->line_first == queue->line_count ||
        event.order >= queue->line[queue->line_count - 1].order)
        into_line(queue, event);
    else
        into_heap(queue, event);
}

static struct event out_of_heap(struct event_queue *queue)
{
    const struct event first = queue->heap[0];
    const struct event moved = queue->heap[--queue->count];
    size_t hole = 0;
    for (;;) {
        size_t child = hole * ARITY + 1;
        if (child >= queue->count)
            break;
        size_t end = child + ARITY < queue->count ? child + ARITY : queue->count;
        size_t best = child;
        for (size_t i = child + 1; i < end; i++) {
            if (event_earlier(&queue->heap[i], &queue->heap[best]))
                best = i;
        }
        if (!event_earlier(&queue->heap[best], &moved))
            break;
        queue->heap[hole] = queue->heap[best];
        hole = best;
    }
    queue->heap[hole] = moved;
    return first;
}

struct event event_pop(struct event_queue *queue)
{
    const struct event *first = event_first(queue);
    if (queue->count && first == queue->heap)
        return out_of_heap(queue);
    return queue->line[queue->line_first++];
}

void event_queue_clean_up(struct event_queue *queue)
{
    free(queue->heap);
    free(queue->line);
    *queue = (struct event_queue){0};
}
