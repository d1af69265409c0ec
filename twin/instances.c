/* EC2: DescribeInstances, the fleet's and the group's. */
#include "twin/filters.h"
#include "twin/twin_parts.h"

#include "base/memory.h"

#include <string.h>

enum { KEPT_S = 3600 }; /* terminated ones are seen for about an hour (documented) */

struct state {
    int code;
    const char *name; /* NULL: not seen any more */
};

static struct state state_of(const struct call *call, const struct instance_seen *instance)
{
    int64_t going_s = call->twin->options.scenario->account.group_termination_s;
    if (instance->ended_s == RECORD_NEVER)
        return instance->running_s == RECORD_NEVER ? (struct state){0, "pending"}
                                                   : (struct state){16, "running"};
    if (!instance->of_fleet && call->now_s < instance->ended_s + going_s)
        return (struct state){32, "shutting-down"};
    return (struct state){48, call->now_s < instance->ended_s + KEPT_S ? "terminated" : NULL};
}

/* What it bears from whoever launched it. */
static const char *tag_key(const struct instance_seen *instance)
{
    return instance->of_fleet ? "aws:ec2spot:fleet-request-id" : "aws:autoscaling:groupName";
}

static const char *tag_value(const struct call *call, const struct instance_seen *instance,
                             size_t number)
{
    const struct twin *twin = call->twin;
    if (!instance->of_fleet)
        return twin->names.group;
    return number < twin->fleet_first ? twin->fleet_before : twin->names.fleet;
}

static const char *const filter_names[] = {"availability-zone",
                                           "instance-id",
                                           "instance-lifecycle",
                                           "instance-state-name",
                                           "instance-type",
                                           "tag-key",
                                           "tag:aws:autoscaling:groupName",
                                           "tag:aws:ec2spot:fleet-request-id",
                                           NULL};

static bool wanted(const struct call *call, const struct tree *filters, size_t number,
                   const struct instance_seen *instance)
{
    char id[ID_SIZE];
    const char *const values[] = {instance->zone,
                                  instance_id(number, id),
                                  instance->kind == RECORD_SPOT ? "spot" : "",
                                  state_of(call, instance).name,
                                  instance->instance_type,
                                  tag_key(instance),
                                  instance->of_fleet ? "" : tag_value(call, instance, number),
                                  instance->of_fleet ? tag_value(call, instance, number) : ""};
    for (size_t i = 0; filter_names[i]; i++) {
        if (!filters_pass(filters, filter_names[i], values[i]))
            return false;
    }
    return true;
}

static void put_reason(struct put item, const struct instance_seen *instance)
{
    if (instance->ended_s == RECORD_NEVER)
        return;
    bool by_ec2 = instance->end == END_PRICE || instance->end == END_CAPACITY;
    struct put reason = put_object(item, "stateReason");
    put_text(reason, "code",
             by_ec2 ? "Server.SpotInstanceTermination" : "Client.UserInitiatedShutdown");
    put_text(reason, "message",
             by_ec2 ? "Server.SpotInstanceTermination: Spot instance termination"
                    : "Client.UserInitiatedShutdown: User initiated shutdown");
}

static void put_instance(struct call *call, struct put list, size_t number,
                         const struct instance_seen *instance)
{
    struct state state = state_of(call, instance);
    char id[ID_SIZE];
    struct put reservation = put_object(list, NULL);
    put_textf(reservation, "reservationId", "r-%017zx", number + 1);
    put_text(reservation, "ownerId", call->twin->names.account);
    put_list(reservation, "groupSet");
    struct put item = put_object(put_list(reservation, "instancesSet"), NULL);
    put_text(item, "instanceId", instance_id(number, id));
    put_text(item, "imageId", "ami-00000000000000000");
    struct put said = put_object(item, "instanceState");
    put_integer(said, "code", state.code);
    put_text(said, "name", state.name);
    put_reason(item, instance);
    put_text(item, "instanceType", instance->instance_type);
    call_put_time(call, item, "launchTime", instance->requested_s);
    struct put placement = put_object(item, "placement");
    put_text(placement, "availabilityZone", instance->zone);
    put_text(placement, "tenancy", "default");
    put_text(put_object(item, "monitoring"), "state",
             call->twin->options.scenario->fleet.detailed_monitoring ? "enabled" : "disabled");
    if (instance->kind == RECORD_SPOT) {
        put_text(item, "instanceLifecycle", "spot");
        put_textf(item, "spotInstanceRequestId", "sir-%08zx", number + 1);
    }
    struct put tag = put_object(put_list(item, "tagSet"), NULL);
    put_text(tag, "key", tag_key(instance));
    put_text(tag, "value", tag_value(call, instance, number));
}

/* Each id that is asked for must be one. */
static bool check_ids(struct call *call, const struct tree *ids)
{
    size_t count = simulation_instance_count(call->twin->simulation);
    for (const struct tree *at = ids; at; at = at->next) {
        struct instance_seen instance = {0};
        const char *id = "";
        if (!tree_text(at, &id) || instance_number(id) == SIZE_MAX)
            return call_fail(call, 400, "InvalidInstanceID.Malformed", "Invalid id: \"%.64s\"", id);
        bool there = instance_number(id) < count;
        if (there)
            simulation_instance(call->twin->simulation, instance_number(id), &instance);
        if (!there || !state_of(call, &instance).name)
            return call_fail(call, 400, "InvalidInstanceID.NotFound",
                             "The instance ID '%.64s' does not exist", id);
    }
    return true;
}

bool instances_describe(struct call *call)
{
    const struct simulation *simulation = call->twin->simulation;
    const struct tree *ids = NULL;
    const struct tree *filters = NULL;
    struct page page;
    size_t seen = 0;
    if (!call_list(call, call->input, "InstanceId", &ids) ||
        !filters_read(call, filter_names, &filters) ||
        !call_page(call, "MaxResults", 1000, 5, 1000, "NextToken", &page) || !check_ids(call, ids))
        return false;
    if (ids && tree_find(call->input, "MaxResults"))
        return call_fail(call, 400, "InvalidParameterCombination",
                         "The parameter instancesSet cannot be used with the parameter maxResults");
    struct put list = put_list(call->output, "reservationSet");
    size_t count = simulation_instance_count(simulation);
    for (size_t i = 0; i < count; i++) {
        struct instance_seen instance;
        char id[ID_SIZE];
        simulation_instance(simulation, i, &instance);
        if (!state_of(call, &instance).name || !call_among(ids, instance_id(i, id)) ||
            !wanted(call, filters, i, &instance) || seen++ < page.from)
            continue;
        if (seen > page.from + page.limit) {
            call_put_token(call, "nextToken", &page, page.from + page.limit);
            break;
        }
        put_instance(call, list, i, &instance);
    }
    return true;
}
