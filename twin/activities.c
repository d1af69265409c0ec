/* Auto Scaling: DescribeScalingActivities, made of the group's instances and its failed launches.
 */
#include "twin/twin_parts.h"

#include "base/memory.h"
#include "base/timestamp.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT_S = 42 * 86400 }; /* six weeks (documented) */

enum activity_kind { LAUNCH = 1, TERMINATION, FAILED_LAUNCH };

struct activity {
    enum activity_kind kind;
    size_t number; /* of the instance, or of the failure */
    int64_t start_s;
    int64_t end_s; /* RECORD_NEVER while it is in progress */
    bool cancelled;
};

struct activities {
    struct activity *list;
    size_t count;
    size_t capacity;
};

/* In progress first, then the newest. */
static int in_order(const void *a, const void *b)
{
    const struct activity *x = a;
    const struct activity *y = b;
    if ((x->end_s == RECORD_NEVER) != (y->end_s == RECORD_NEVER))
        return x->end_s == RECORD_NEVER ? -1 : 1;
    if (x->start_s != y->start_s)
        return x->start_s > y->start_s ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind > y->kind ? -1 : 1;
    return (x->number < y->number) - (x->number > y->number);
}

static void add(struct activities *all, const struct call *call, struct activity activity)
{
    if (activity.end_s > call->now_s)
        activity.end_s = RECORD_NEVER;
    if (activity.end_s == RECORD_NEVER || activity.end_s >= call->now_s - KEPT_S)
        ARRAY_PUSH(all->list, all->count, all->capacity, activity);
}

static void collect(const struct call *call, struct activities *all)
{
    const struct twin *twin = call->twin;
    int64_t going_s = twin->options.scenario->account.group_termination_s;
    size_t count = simulation_instance_count(twin->simulation);
    for (size_t i = 0; i < count; i++) {
        struct instance_seen instance;
        simulation_instance(twin->simulation, i, &instance);
        if (instance.of_fleet)
            continue;
        bool ended = instance.ended_s != RECORD_NEVER;
        bool cancelled = ended && instance.running_s == RECORD_NEVER;
        add(all, call,
            (struct activity){.kind = LAUNCH,
                              .number = i,
                              .start_s = instance.requested_s,
                              .end_s = cancelled ? instance.ended_s : instance.running_s,
                              .cancelled = cancelled});
        if (ended)
            add(all, call,
                (struct activity){.kind = TERMINATION,
                                  .number = i,
                                  .start_s = instance.ended_s,
                                  .end_s = instance.ended_s + going_s});
    }
    for (size_t i = 0; i < twin->failures.count; i++)
        add(all, call,
            (struct activity){.kind = FAILED_LAUNCH,
                              .number = i,
                              .start_s = twin->failures.list[i].time_s,
                              .end_s = twin->failures.list[i].value});
    if (all->count)
        qsort(all->list, all->count, sizeof *all->list, in_order);
}

static const char *activity_id(struct call *call, const struct activity *activity)
{
    return arena_format(&call->arena, "%08x-0000-4000-8000-%012zx", (unsigned)activity->kind,
                        activity->number + 1);
}

const char *activity_that_blocks(struct call *call)
{
    struct activities all = {0};
    collect(call, &all);
    const char *id = all.count ? activity_id(call, &all.list[0]) : "";
    free(all.list);
    return id;
}

/* Who wanted it: the last change of desired capacity until then. */
static const char *cause(struct call *call, const struct activity *activity)
{
    const struct changes *desired = &call->twin->desired;
    char at[TIMESTAMP_TEXT_SIZE];
    char began[TIMESTAMP_TEXT_SIZE];
    const char *what = activity->kind == TERMINATION ? "taken out of service" : "started";
    size_t i = desired->count;
    while (i > 0 && desired->list[i - 1].time_s > activity->start_s)
        i--;
    timestamp_format(activity->start_s + call->shift_s, began);
    if (i < 2)
        return arena_format(&call->arena,
                            "At %s an instance was %s in response to a difference between desired "
                            "and actual capacity.",
                            began, what);
    return arena_format(
        &call->arena,
        "At %s a user request explicitly set group desired capacity changing the desired capacity "
        "from %" PRId64 " to %" PRId64 ".  At %s an instance was %s in response to a difference "
        "between desired and actual capacity.",
        timestamp_format(desired->list[i - 1].time_s + call->shift_s, at),
        desired->list[i - 2].value, desired->list[i - 1].value, began, what);
}

static void put_status(struct call *call, struct put item, const struct activity *activity)
{
    const struct backup_group *group = &call->twin->options.scenario->group;
    bool going = activity->end_s == RECORD_NEVER;
    bool failed = !going && activity->kind == FAILED_LAUNCH;
    put_text(item, "StatusCode",
             going                 ? "InProgress"
             : activity->cancelled ? "Cancelled"
             : failed              ? "Failed"
                                   : "Successful");
    if (failed)
        put_textf(item, "StatusMessage",
                  "We currently do not have sufficient %s capacity in the Availability Zone you "
                  "requested. Launching EC2 instance failed.",
                  group->instance_type);
    put_integer(item, "Progress", going ? 50 : 100);
}

static void put_activity(struct call *call, struct put list, const struct activity *activity)
{
    char id[ID_SIZE];
    struct put item = put_object(list, NULL);
    put_text(item, "ActivityId", activity_id(call, activity));
    put_text(item, "AutoScalingGroupName", call->twin->names.group);
    if (activity->kind == FAILED_LAUNCH)
        put_text(item, "Description", "Launching a new EC2 instance");
    else
        put_textf(item, "Description", "%s: %s",
                  activity->kind == LAUNCH ? "Launching a new EC2 instance"
                                           : "Terminating EC2 instance",
                  instance_id(activity->number, id));
    put_text(item, "Cause", cause(call, activity));
    call_put_time(call, item, "StartTime", activity->start_s);
    if (activity->end_s != RECORD_NEVER)
        call_put_time(call, item, "EndTime", activity->end_s);
    put_status(call, item, activity);
    put_text(item, "Details", "{}");
}

bool group_activities(struct call *call)
{
    const struct tree *ids = NULL;
    const char *name = call->twin->names.group;
    struct activities all = {0};
    struct page page;
    size_t seen = 0;
    if (!call_text(call, call->input, "AutoScalingGroupName", &name) ||
        !call_list(call, call->input, "ActivityIds", &ids) ||
        !call_page(call, "MaxRecords", 100, 1, 100, "NextToken", &page))
        return false;
    struct put list = put_list(call->output, "Activities");
    if (strcmp(name, call->twin->names.group) == 0)
        collect(call, &all);
    for (size_t i = 0; i < all.count; i++) {
        if (!call_among(ids, activity_id(call, &all.list[i])) || seen++ < page.from)
            continue;
        if (seen > page.from + page.limit) {
            call_put_token(call, "NextToken", &page, page.from + page.limit);
            break;
        }
        put_activity(call, list, &all.list[i]);
    }
    free(all.list);
    return true;
}
