/* EC2: what has happened to the fleet, made of its instances and of its target's changes. */
#include "twin/twin_parts.h"

#include "base/memory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT_S = 48 * 3600 };

enum event_type { INSTANCE_CHANGE = 0, REQUEST_CHANGE };

struct history_event {
    int64_t time_s;
    size_t order; /* among those of one second */
    enum event_type type;
    const char *sub_type;
    size_t number; /* of the instance; of a request's change SIZE_MAX */
};

struct history {
    struct history_event *list;
    size_t count;
    size_t capacity;
    int64_t from_s;
    int64_t to_s; /* included */
    int type;     /* or -1: all */
};

static void add(struct history *history, int64_t time_s, enum event_type type, const char *sub_type,
                size_t number)
{
    if (time_s == RECORD_NEVER || time_s < history->from_s || time_s > history->to_s ||
        (history->type >= 0 && history->type != (int)type))
        return;
    const struct history_event event = {time_s, history->count, type, sub_type, number};
    ARRAY_PUSH(history->list, history->count, history->capacity, event);
}

static int by_time(const void *a, const void *b)
{
    const struct history_event *x = a;
    const struct history_event *y = b;
    if (x->time_s != y->time_s)
        return x->time_s < y->time_s ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static void collect(const struct twin *twin, struct history *history)
{
    struct fleet_seen fleet;
    simulation_fleet(twin->simulation, &fleet);
    int64_t since_s = twin->fleet_since_s;
    add(history, since_s, REQUEST_CHANGE, "submitted", SIZE_MAX);
    add(history, since_s, REQUEST_CHANGE, "active", SIZE_MAX);
    for (size_t i = twin->fleet_changes; i < twin->targets.count; i++) {
        int64_t time_s = twin->targets.list[i].time_s;
        add(history, time_s, REQUEST_CHANGE, "modify_in_progress", SIZE_MAX);
        add(history, time_s, REQUEST_CHANGE, "modify_succeeded", SIZE_MAX);
    }
    if (fleet.ended != END_STILL_RUNNING)
        add(history, fleet.end_s, REQUEST_CHANGE,
            fleet.ended == END_FLEET_EXPIRED ? "expired"
            : fleet.end_terminates           ? "cancelled_terminating"
                                             : "cancelled_running",
            SIZE_MAX);
    size_t count = simulation_instance_count(twin->simulation);
    for (size_t i = twin->fleet_first; i < count; i++) {
        struct instance_seen instance;
        simulation_instance(twin->simulation, i, &instance);
        if (!instance.of_fleet || instance.running_s == RECORD_NEVER)
            continue;
        add(history, instance.running_s, INSTANCE_CHANGE, "launched", i);
        /* Of a scale-in only, says AWS; who is interrupted is just terminated. */
        if (instance.end == END_FLEET_SCALE_IN)
            add(history, instance.notice_s, INSTANCE_CHANGE, "termination_notified", i);
        add(history, instance.ended_s, INSTANCE_CHANGE, "terminated", i);
    }
    if (history->count)
        qsort(history->list, history->count, sizeof *history->list, by_time);
}

static void put_event(struct call *call, struct put list, const struct history_event *event)
{
    const struct twin *twin = call->twin;
    struct put item = put_object(list, NULL);
    struct put information = put_object(item, "eventInformation");
    put_text(information, "eventSubType", event->sub_type);
    if (event->number != SIZE_MAX) {
        struct instance_seen instance;
        char id[ID_SIZE];
        simulation_instance(twin->simulation, event->number, &instance);
        put_text(information, "instanceId", instance_id(event->number, id));
        /* AWS's examples describe launches; what it says of ends is not documented. */
        if (strcmp(event->sub_type, "launched") == 0)
            put_textf(information, "eventDescription",
                      "{\"instanceType\":\"%s\",\"productDescription\":\"%s\","
                      "\"availabilityZone\":\"%s\"}",
                      instance.instance_type, twin->options.scenario->product, instance.zone);
    }
    put_text(item, "eventType",
             event->type == REQUEST_CHANGE ? "fleetRequestChange" : "instanceChange");
    call_put_time(call, item, "timestamp", event->time_s);
}

static bool read_type(struct call *call, struct history *history)
{
    static const char *const names[] = {"instanceChange", "fleetRequestChange", "error",
                                        "information"};
    const char *type = "";
    history->type = -1;
    if (!call_text(call, call->input, "EventType", &type) || !*type)
        return !call->error.code[0];
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        if (strcmp(names[i], type) == 0) {
            history->type = (int)i;
            return true;
        }
    }
    return call_bad_value(call, "The event type '%.32s' is not valid.", type);
}

bool fleet_history(struct call *call)
{
    struct history history = {0};
    struct page page;
    int64_t start_s = 0;
    if (!fleet_named(call) || !call_need(call, call->input, "StartTime") ||
        !call_page(call, "MaxResults", 1000, 1, 1000, "NextToken", &page) ||
        !call_time(call, call->input, "StartTime", &start_s) || !read_type(call, &history))
        return false;
    history.to_s = page.now_s;
    history.from_s = start_s > page.now_s - KEPT_S ? start_s : page.now_s - KEPT_S;
    collect(call->twin, &history);
    put_text(call->output, "spotFleetRequestId", call->twin->names.fleet);
    call_put_time(call, call->output, "startTime", start_s);
    struct put list = put_list(call->output, "historyRecordSet");
    for (size_t i = page.from; i < history.count && i < page.from + page.limit; i++)
        put_event(call, list, &history.list[i]);
    if (page.from + page.limit < history.count)
        call_put_token(call, "nextToken", &page, page.from + page.limit);
    else
        call_put_time(call, call->output, "lastEvaluatedTime", page.now_s);
    free(history.list);
    return true;
}
