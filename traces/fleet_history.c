#include "traces/fleet_history.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char none[] = "";

static const char *text(const char *said)
{
    return said ? said : "";
}

void fleet_history_event(struct fleet_history *history, int64_t time_s, const char *type,
                         const char *sub_type, const char *instance)
{
    struct fleet_event event = {.time_s = time_s};
    snprintf(event.type, sizeof event.type, "%s", text(type));
    snprintf(event.sub_type, sizeof event.sub_type, "%s", text(sub_type));
    snprintf(event.instance, sizeof event.instance, "%s", text(instance));
    ARRAY_PUSH(history->events, history->event_count, history->event_capacity, event);
}

void fleet_history_instance(struct fleet_history *history, const char *instance, const char *zone,
                            const char *instance_type)
{
    struct fleet_instance place = {0};
    if (!*text(instance) || !*text(zone) || !*text(instance_type))
        return;
    snprintf(place.instance, sizeof place.instance, "%s", instance);
    snprintf(place.zone, sizeof place.zone, "%s", zone);
    snprintf(place.instance_type, sizeof place.instance_type, "%s", instance_type);
    ARRAY_PUSH(history->instances, history->instance_count, history->instance_capacity, place);
}

void fleet_history_clean_up(struct fleet_history *history)
{
    free(history->events);
    free(history->instances);
    *history = (struct fleet_history){0};
}

/* ---- the request ------------------------------------------------------------------------------
 */

static bool is(const struct fleet_event *event, const char *type, const char *sub_type)
{
    return strcmp(event->type, type) == 0 && strcmp(event->sub_type, sub_type) == 0;
}

int64_t fleet_history_begin(const struct fleet_history *history)
{
    int64_t begin_s = INT64_MIN;
    for (size_t i = 0; i < history->event_count; i++) {
        if (is(&history->events[i], "fleetRequestChange", "submitted"))
            begin_s = history->events[i].time_s;
    }
    return begin_s;
}

int64_t fleet_history_end(const struct fleet_history *history)
{
    int64_t end_s = INT64_MAX;
    for (size_t i = 0; i < history->event_count; i++) {
        const struct fleet_event *event = &history->events[i];
        if ((is(event, "fleetRequestChange", "cancelled_terminating") ||
             is(event, "fleetRequestChange", "expired")) &&
            event->time_s < end_s)
            end_s = event->time_s;
    }
    return end_s;
}

/* ---- its interruptions ------------------------------------------------------------------------
 */

/* By instance; of one, a notice of the fleet's own comes first, then the earliest end. */
static int by_instance(const void *a, const void *b)
{
    const struct fleet_event *x = a;
    const struct fleet_event *y = b;
    int order = strcmp(x->instance, y->instance);
    if (!order)
        order = is(y, "instanceChange", "termination_notified") -
                is(x, "instanceChange", "termination_notified");
    if (!order)
        order = is(y, "instanceChange", "terminated") - is(x, "instanceChange", "terminated");
    return order ? order : (x->time_s > y->time_s) - (x->time_s < y->time_s);
}

static int by_name(const void *a, const void *b)
{
    const struct fleet_instance *x = a;
    const struct fleet_instance *y = b;
    int order = strcmp(x->instance, y->instance);
    if (!order)
        order = strcmp(x->zone, y->zone);
    return order ? order : strcmp(x->instance_type, y->instance_type);
}

/* Where the instance was; both lists are walked in the order of the names. */
static void place(struct fleet_history *history, const char *instance, size_t *at,
                  struct interruption_step *step)
{
    while (*at < history->instance_count && strcmp(history->instances[*at].instance, instance) < 0)
        ++*at;
    if (*at < history->instance_count && strcmp(history->instances[*at].instance, instance) == 0) {
        step->zone = history->instances[*at].zone;
        step->instance_type = history->instances[*at].instance_type;
    }
}

/* Those of one time and place are one step. */
static size_t join(struct interruption_step *steps, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept && interruption_by_time(&steps[kept - 1], &steps[i]) == 0)
            steps[kept - 1].instances += steps[i].instances;
        else
            steps[kept++] = steps[i];
    }
    return kept;
}

struct interruption_step *fleet_history_interruptions(struct fleet_history *history,
                                                      size_t *out_count)
{
    struct interruption_step *steps = memory_new(history->event_count + 1, sizeof *steps);
    size_t count = 0;
    size_t at = 0;
    int64_t end_s = fleet_history_end(history);
    if (history->event_count)
        qsort(history->events, history->event_count, sizeof *history->events, by_instance);
    if (history->instance_count)
        qsort(history->instances, history->instance_count, sizeof *history->instances, by_name);
    for (size_t i = 0; i < history->event_count; i++) {
        const struct fleet_event *event = &history->events[i];
        /* The first of each instance decides. */
        if ((i && strcmp(history->events[i - 1].instance, event->instance) == 0) ||
            !is(event, "instanceChange", "terminated") || event->time_s >= end_s)
            continue;
        struct interruption_step step = {.time_s = event->time_s - FLEET_NOTICE_S,
                                         .zone = none,
                                         .instance_type = none,
                                         .instances = 1};
        place(history, event->instance, &at, &step);
        steps[count++] = step;
    }
    if (count)
        qsort(steps, count, sizeof *steps, interruption_by_time);
    *out_count = join(steps, count);
    return steps;
}
