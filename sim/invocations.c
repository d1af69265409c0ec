/* From an event to an evaluation: deliveries of the schedule's and the alarm's events to the
 * function, the time it takes, and what faults make of them (docs/model.md, "Faults").
 */
#include "base/memory.h"
#include "draw.h"
#include "seconds.h"

#include <stdlib.h>
#include <string.h>

enum {
    RETRIES = 2,
    THROTTLE_WAIT_MAX_S = 300,
    EVENT_AGE_MAX_S = 6 * 3600, /* Lambda keeps an event no longer */
};

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

/* A place for an invocation that takes time; valid until the next one is taken. */
static uint32_t take_place(struct invocations *all, size_t state_size)
{
    size_t index = 0;
    while (index < all->running_count && all->running[index].used)
        index++;
    if (index == all->running_count) {
        const struct running fresh = {.state = memory_new(state_size, 1)};
        ARRAY_PUSH(all->running, all->running_count, all->running_capacity, fresh);
    }
    all->running[index].used = true;
    all->busy++;
    return (uint32_t)index;
}

static void tell_evaluation(const struct world *world, const struct controller_decided *decided,
                            int64_t acts_s)
{
    const struct sim_observer *observer = world->observer;
    if (!observer || !observer->evaluation)
        return;
    const struct controller_evaluation evaluation = {
        .observation = &decided->observation,
        .decision = &decided->decision,
        .guard = decided->guard,
        .action = decided->action,
        .desired_capacity = decided->desired_capacity,
    };
    observer->evaluation(&evaluation, acts_s, observer->context);
}

/* Read and decide now, act `duration_s` later. */
static void run_for(struct world *world, const struct invocation *invocation, int64_t duration_s)
{
    size_t state_size = world->scenario->policy.policy->state_size;
    uint32_t index = take_place(&world->invocations, state_size);
    struct running *running = &world->invocations.running[index];
    running->acts = true;
    if (state_size)
        memcpy(running->state, controller_state(world->controller), state_size);
    world->invocation = *invocation;
    metrics_turn(&world->metrics, world->now_s);
    controller_decide(world->controller, &world->cloud, invocation->trigger, running->state,
                      &running->decided);
    running->invocation = world->invocation;
    tell_evaluation(world, &running->decided, world->now_s + duration_s);
    running->decided.observation.answers = NULL; /* others will be read into them */
    running->decided.observation.answer_count = 0;
    event_push(&world->queue, world->now_s + duration_s, EVENT_FUNCTION_ENDED, index);
}

void invocation_ended(struct world *world, uint32_t index)
{
    struct running *running = &world->invocations.running[index];
    running->used = false;
    world->invocations.busy--;
    if (!running->acts)
        return;
    world->invocation = running->invocation;
    controller_act(world->controller, &world->cloud, &running->decided, &world->recorder);
    size_t state_size = world->scenario->policy.policy->state_size;
    if (state_size)
        memcpy(controller_state(world->controller), running->state, state_size);
}

static void run_at_once(struct world *world, enum ballast_trigger trigger)
{
    struct controller_decided decided;
    metrics_turn(&world->metrics, world->now_s);
    controller_decide(world->controller, &world->cloud, trigger,
                      controller_state(world->controller), &decided);
    tell_evaluation(world, &decided, world->now_s);
    controller_act(world->controller, &world->cloud, &decided, &world->recorder);
}

/* A function that runs out of time takes its place until then. */
static void die_later(struct world *world, int64_t after_s)
{
    uint32_t index = take_place(&world->invocations, world->scenario->policy.policy->state_size);
    world->invocations.running[index].acts = false;
    event_push(&world->queue, world->now_s + after_s, EVENT_FUNCTION_ENDED, index);
}

/* As many run as may: Lambda tries again with growing waits, while the event is young enough. */
static void throttled(struct world *world, const struct invocation *invocation)
{
    struct invocation next = *invocation;
    int64_t wait_s = THROTTLE_WAIT_MAX_S;
    for (int64_t i = 0, doubled_s = 1; doubled_s < THROTTLE_WAIT_MAX_S; i++, doubled_s *= 2) {
        if (i == next.throttles)
            wait_s = doubled_s;
    }
    next.throttles++;
    if (world->now_s + wait_s - next.delivered_s <= EVENT_AGE_MAX_S)
        later(world, &next, wait_s);
}

/* The event comes to the function. */
static void deliver(struct world *world, struct invocation *invocation)
{
    const struct controller_settings *settings = &world->scenario->controller;
    if (invocation->delivered_s == RECORD_NEVER)
        invocation->delivered_s = world->now_s;
    if (settings->concurrency && world->invocations.busy >= settings->concurrency) {
        throttled(world, invocation);
        return;
    }
    const struct fault *failure = failure_of(world, invocation);
    if (failure) {
        bool takes_time = failure->kind == FAULT_FUNCTION_TIMEOUT;
        if (takes_time)
            die_later(world, failure->delay_s);
        failed(world, invocation, failure, takes_time ? failure->delay_s : 0);
        return;
    }
    int64_t duration_s = draw_delay(&settings->duration, world->scenario->seed, DRAW_DURATION,
                                    invocation->trigger == BALLAST_ALARM, invocation->event,
                                    invocation->copy + (invocation->attempt << 32));
    if (duration_s) {
        run_for(world, invocation, duration_s);
        return;
    }
    world->invocation = *invocation;
    run_at_once(world, invocation->trigger);
}

/* Whether every event is delivered once, and the function runs and ends in its second. */
static bool nothing_between(const struct controller_settings *settings)
{
    return settings->faults.count == 0 && settings->concurrency == 0 &&
           settings->duration.kind == DELAY_CONSTANT && settings->duration.min_s == 0;
}

void invocation_event(struct world *world, enum ballast_trigger trigger, uint64_t event)
{
    const struct faults *faults = &world->scenario->controller.faults;
    if (nothing_between(&world->scenario->controller)) {
        run_at_once(world, trigger);
        return;
    }
    struct invocation first = {.trigger = trigger, .event = event, .delivered_s = RECORD_NEVER};
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
    deliver(world, &first);
}

void invocation_again(struct world *world, uint32_t index)
{
    struct invocation invocation = take_out(world, index);
    deliver(world, &invocation);
}

void invocations_clean_up(struct invocations *invocations)
{
    for (size_t i = 0; i < invocations->running_count; i++)
        free(invocations->running[i].state);
    free(invocations->running);
    free(invocations->list);
    free(invocations->free);
}
