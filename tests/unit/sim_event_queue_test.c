/* sim/event_queue.h against a list that is searched: the same order, whatever is scheduled when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/pcg64.h"
#include "sim/event_queue.h"

#include <string.h>

enum { WORLDS = 200, STEPS = 400 };

/* What is pending, in the order of scheduling. */
struct pending {
    int64_t time_s[STEPS];
    enum event_kind kind[STEPS];
    uint32_t subject[STEPS];
    size_t count;
};

static size_t first_of(const struct pending *pending)
{
    size_t first = 0;
    for (size_t i = 1; i < pending->count; i++) {
        if (pending->time_s[i] < pending->time_s[first] ||
            (pending->time_s[i] == pending->time_s[first] &&
             pending->kind[i] < pending->kind[first]))
            first = i;
    }
    return first;
}

static void take_out(struct pending *pending, size_t index)
{
    size_t after = pending->count - index - 1;
    memmove(&pending->time_s[index], &pending->time_s[index + 1], after * sizeof(int64_t));
    memmove(&pending->kind[index], &pending->kind[index + 1], after * sizeof(enum event_kind));
    memmove(&pending->subject[index], &pending->subject[index + 1], after * sizeof(uint32_t));
    pending->count--;
}

static void schedule(struct event_queue *queue, struct pending *pending, struct pcg64 *luck,
                     int64_t now_s, uint32_t subject)
{
    /* Mostly one of three constant delays, as launches, joins and terminations have them. */
    static const int64_t delays_s[] = {0, 30, 90, 120};
    int64_t delay_s =
        pcg64_below(luck, 4) ? delays_s[pcg64_below(luck, 4)] : pcg64_between(luck, 0, 500);
    enum event_kind kind = (enum event_kind)pcg64_below(luck, EVENT_TASK);
    size_t i = pending->count++;
    pending->time_s[i] = now_s + delay_s;
    pending->kind[i] = kind;
    pending->subject[i] = subject;
    event_push(queue, now_s + delay_s, kind, subject);
}

static void events_come_in_order(void **state)
{
    (void)state;
    static struct pending pending;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        struct pcg64 luck;
        struct event_queue queue = {0};
        pcg64_seed_key(&luck, &seed, 1);
        uint64_t eager = 2 + pcg64_below(&luck, 4);
        int64_t now_s = 1700000000;
        pending.count = 0;
        for (uint32_t step = 0; step < STEPS || pending.count; step++) {
            if (step < STEPS && pcg64_below(&luck, eager)) {
                schedule(&queue, &pending, &luck, now_s, step);
                continue;
            }
            assert_true(pending.count
                            ? event_next_time(&queue) == pending.time_s[first_of(&pending)]
                            : event_next_time(&queue) == INT64_MAX);
            if (pending.count == 0)
                continue;
            size_t first = first_of(&pending);
            struct event event = event_pop(&queue);
            if (event_time(&event) != pending.time_s[first] ||
                event_kind(&event) != pending.kind[first] ||
                event.subject != pending.subject[first])
                fail_msg("seed %llu, step %u: event %u comes before event %u",
                         (unsigned long long)seed, step, event.subject, pending.subject[first]);
            now_s = event_time(&event);
            take_out(&pending, first);
        }
        assert_null(event_first(&queue));
        event_queue_clean_up(&queue);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(events_come_in_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
