/* The future of one run: 16-byte events, ordered by second, then phase, then the order of
 * scheduling. Traces and periodic things keep cursors of their own, so the queue holds only what
 * instances and activities have under way.
 *
 * What is scheduled behind all that stands in line goes to the line's end, as most does where
 * delays are constant; the rest goes into a 4-ary heap.
 */
#ifndef SIM_EVENT_QUEUE_H
#define SIM_EVENT_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The phases of a second that events of the heap belong to, in order. */
enum event_kind {
    EVENT_INTERRUPTION = 0,  /* EC2 ends a spot instance */
    EVENT_TERMINATION,       /* the fleet's own termination of a spot instance */
    EVENT_REPLACED,          /* the fleet ends an instance it has replaced before */
    EVENT_RUNNING,           /* an instance is running (InService) */
    EVENT_JOIN,              /* an instance serves */
    EVENT_LAUNCH_ENDED,      /* a launch activity of the group ends */
    EVENT_TERMINATION_ENDED, /* a termination activity of the group ends */
    EVENT_LAUNCHES,          /* so many launch activities of the group fail as the subject says; 0:
                                it launches again what failed. Of one second as they were set */
    EVENT_FUNCTION_ENDED,    /* an invocation that took time acts, or dies */
    EVENT_METRIC_READABLE,   /* a PendingCapacity point can be read: the alarm looks */
    EVENT_SCHEDULE,          /* the schedule, delayed by jitter; the subject is its ordinal */
    EVENT_INVOCATION,        /* a further delivery of an event to the function */
    EVENT_TASK,              /* an ECS task's state changes; in the cluster's own queue */
};

struct event {
    int64_t order;     /* second << 4 | kind */
    uint32_t sequence; /* of scheduling */
    uint32_t subject;  /* index of the instance or invocation, where there is one */
};

struct event_queue {
    struct event *heap;
    size_t count;
    size_t capacity;
    struct event *line;
    size_t line_first; /* those before it are gone */
    size_t line_count; /* with them */
    size_t line_capacity;
    uint32_t sequence;
};

void event_push(struct event_queue *queue, int64_t time_s, enum event_kind kind, uint32_t subject);
/* Remove the first. The queue must not be empty. */
struct event event_pop(struct event_queue *queue);
void event_queue_clean_up(struct event_queue *queue);

static inline int64_t event_time(const struct event *event)
{
    return event->order >> 4;
}

static inline enum event_kind event_kind(const struct event *event)
{
    return (enum event_kind)(event->order & 15);
}

static inline bool event_earlier(const struct event *a, const struct event *b)
{
    /* Sequence numbers may wrap: what is pending spans far less than half of them. */
    return a->order != b->order ? a->order < b->order : (int32_t)(a->sequence - b->sequence) < 0;
}

/* The first event, or NULL. */
static inline const struct event *event_first(const struct event_queue *queue)
{
    const struct event *waiting =
        queue->line_first < queue->line_count ? &queue->line[queue->line_first] : NULL;
    if (queue->count == 0)
        return waiting;
    return waiting && event_earlier(waiting, queue->heap) ? waiting : queue->heap;
}

/* Second of the first event, or INT64_MAX. */
static inline int64_t event_next_time(const struct event_queue *queue)
{
    const struct event *first = event_first(queue);
    return first ? event_time(first) : INT64_MAX;
}

#endif
