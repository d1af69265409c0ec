/* From an event to an evaluation: deliveries of the schedule's and the alarm's events to the
 * function, and what faults make of them (docs/model.md, "Faults").
 */
#include "base/memory.h"
#include "world.h"

#include <stdlib.h>

enum { RETRIES = 2 };

/* Lambda, asynchronous invocation: one minute after the first failure, two after the second. */
static const int64_t retry_waits_s[RETRIES] = {60, 120};

/* A place for an invocation to come; those done leave theirs to others. */
static uint32_t put_away(struct world *world, const struct invocation *invocation)
{
    struct invocations *all = &world->invocations;
    if (all->free_count) {
        uint32_t index = all->free[--all->free_count];
        all->list[index] = *invocation;
        return index;
    }
    ARRAY_PUSH(all->list, all->count, all->capacity, *invocation);
    return (uint32_t)(all->count - 1);
}

static struct invocation take_out(struct world *world, uint32_t index)
{
    struct invocations *all = &world->invocations;
    ARRAY_PUSH(all->free, all->free_count, all->free_capacity, index);
    return all->list[index];
}

static void later(struct world *world, const struct invocation *invocation, int64_t after_s)
{
    event_push(&world->queue, world->now_s + after_s, EVENT_INVOCATION,
               put_away(world, invocation));
}

/* The function failed, `after_s` from now: Lambda tries again, or nobody told it. */
static void failed(struct world *world, const struct invocation *invocation,
                   const struct fault *fault, int64_t after_s)
{
    if (!fault->retried || invocation->attempt == RETRIES)
        return;
    struct invocation next = *invocation;
    int64_t wait_s = retry_waits_s[next.attempt++];
    later(world, &next, after_s + wait_s);
}

/* The first fault that makes this invocation of the function fail, or NULL. */
static const struct fault *failure_of(struct world *world, const struct invocation *invocation)
{
    const struct faults *faults = &world->scenario->controller.faults;
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *fault = &faults->list[i];
        if ((fault->kind == FAULT_FUNCTION_ERROR || fault->kind == FAULT_FUNCTION_TIMEOUT) &&
            fault_of_invocation(world, i, invocation))
            return fault;
    }
    return NULL;
}

static void invoke(struct world *world, const struct invocation *invocation)
{
    const struct fault *failure = failure_of(world, invocation);
    if (failure) {
        failed(world, invocation, failure,
               failure->kind == FAULT_FUNCTION_TIMEOUT ? failure->delay_s : 0);
        return;
    }
    world->invocation = *invocation;
    controller_tick(world->controller, &world->cloud, invocation->trigger, &world->recorder);
}

void invocation_event(struct world *world, enum ballast_trigger trigger, uint64_t event)
{
    const struct faults *faults = &world->scenario->controller.faults;
    const struct invocation first = {.trigger = trigger, .event = event};
    for (size_t i = 0; i < faults->count; i++) {
        if (faults->list[i].kind == FAULT_INVOCATION_DROPPED &&
            fault_of_invocation(world, i, &first))
            return;
    }
    for (size_t i = 0; i < faults->count; i++) {
        if (faults->list[i].kind != FAULT_DUPLICATE_INVOCATION ||
            !fault_of_invocation(world, i, &first))
            continue;
        struct invocation copy = first;
        copy.copy = i + 1;
        later(world, &copy, faults->list[i].delay_s);
    }
    invoke(world, &first);
}

void invocation_again(struct world *world, uint32_t index)
{
    const struct invocation invocation = take_out(world, index);
    invoke(world, &invocation);
}

void invocations_clean_up(struct invocations *invocations)
{
    free(invocations->list);
    free(invocations->free);
}
