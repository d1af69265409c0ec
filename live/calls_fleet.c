#include "live/calls.h"
#include "live/form.h"
#include "live/lists.h"

#include "base/decimal.h"
#include "base/json.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- fleets -----------------------------------------------------------------------------------
 */

struct fleet_reading {
    const char *fleet_id;
    struct aws_spot_fleet fleet;
    size_t pool_capacity;
    size_t launch_capacity;
    bool found;
};

/* The next name of a list with commas, moved past; false at its end, or where a name is too long.
 */
static bool next_name(const char **list, char out_name[64])
{
    *list += strspn(*list, ", ");
    size_t length = strcspn(*list, ", ");
    if (length == 0 || length >= 64)
        return false;
    memcpy(out_name, *list, length);
    out_name[length] = '\0';
    *list += length;
    return true;
}

static void push_pool(struct fleet_reading *reading, const struct aws_pool *pool)
{
    ARRAY_PUSH(reading->fleet.pools, reading->fleet.pool_count, reading->pool_capacity, *pool);
}

/* A specification may list several zones, or subnets, as "us-east-1a, us-east-1b". */
static void add_pool(struct fleet_reading *reading, const struct _xmlNode *node)
{
    struct aws_pool pool = {.weight_micro = MICRO};
    char names[1024];
    const char *rest = names;
    if (!xml_text(node, "instanceType", pool.instance_type, sizeof pool.instance_type))
        return;
    xml_micro(node, "weightedCapacity", &pool.weight_micro);
    bool zones = xml_text(node, "availabilityZone", names, sizeof names) ||
                 xml_text(node, "placement/availabilityZone", names, sizeof names);
    if (!zones && !xml_text(node, "subnetId", names, sizeof names))
        xml_text(node, "networkInterfaceSet/item/subnetId", names, sizeof names);
    size_t before = reading->fleet.pool_count;
    while (next_name(&rest, zones ? pool.zone : pool.subnet))
        push_pool(reading, &pool);
    if (reading->fleet.pool_count == before)
        push_pool(reading, &pool);
}

static struct aws_launch *add_launch(struct fleet_reading *reading)
{
    struct aws_launches *launches = &reading->fleet.launches;
    const struct aws_launch none = {0};
    ARRAY_PUSH(launches->list, launches->count, reading->launch_capacity, none);
    return &launches->list[launches->count - 1];
}

static void read_specifications(struct fleet_reading *reading, const struct _xmlNode *config)
{
    for (const struct _xmlNode *at = xml_find(config, "launchSpecifications/item"); at;
         at = xml_next(at)) {
        struct aws_launch *launch = add_launch(reading);
        xml_text(at, "instanceType", launch->instance_type, sizeof launch->instance_type);
        launch_user_data(at, "userData", launch);
        launch->monitoring = launch_setting(at, "monitoring/enabled");
        add_pool(reading, at);
    }
}

static void read_templates(struct fleet_reading *reading, const struct _xmlNode *config)
{
    for (const struct _xmlNode *at = xml_find(config, "launchTemplateConfigs/item"); at;
         at = xml_next(at)) {
        launch_template_named(xml_find(at, "launchTemplateSpecification"), false,
                              add_launch(reading));
        for (const struct _xmlNode *over = xml_find(at, "overrides/item"); over;
             over = xml_next(over))
            add_pool(reading, over);
    }
}

static int read_fleet(const struct _xmlNode *root, void *context, struct error *err)
{
    struct fleet_reading *reading = context;
    for (const struct _xmlNode *at = xml_find(root, "spotFleetRequestConfigSet/item"); at;
         at = xml_next(at)) {
        char id[80];
        xml_text(at, "spotFleetRequestId", id, sizeof id);
        if (reading->found || strcmp(id, reading->fleet_id) != 0)
            continue;
        reading->found = true;
        struct aws_spot_fleet *fleet = &reading->fleet;
        const struct _xmlNode *config = xml_find(at, "spotFleetRequestConfig");
        if (!xml_micro(config, "targetCapacity", &fleet->target_micro) ||
            !xml_text(at, "spotFleetRequestState", fleet->state, sizeof fleet->state))
            return error_set(err, STATUS_FAILURE, "the reply has a fleet without target or state");
        if (!xml_micro(config, "fulfilledCapacity", &fleet->fulfilled_micro))
            return error_set(err, STATUS_FAILURE, "the reply has no fulfilledCapacity");
        xml_text(at, "activityStatus", fleet->activity, sizeof fleet->activity);
        xml_time(config, "validUntil", &fleet->valid_until_s);
        fleet->ends_instances =
            launch_setting(config, "terminateInstancesWithExpiration") == AWS_ON;
        read_specifications(reading, config);
        read_templates(reading, config);
    }
    return STATUS_OK;
}

int aws_describe_spot_fleet_request(struct client *client, const char *fleet_id,
                                    struct aws_spot_fleet *out_fleet, bool *out_found,
                                    struct aws_error *out_error, struct error *err)
{
    struct fleet_reading reading = {.fleet_id = fleet_id, .fleet = {.valid_until_s = INT64_MAX}};
    struct text body = {0};
    form_begin(&body, AWS_EC2, "DescribeSpotFleetRequests");
    form_add(&body, "SpotFleetRequestId.1", fleet_id);
    const struct paged_call call = {.service = AWS_EC2,
                                    .operation = "DescribeSpotFleetRequests",
                                    .body = &body,
                                    .read = read_fleet,
                                    .context = &reading};
    int status = call_pages(client, &call, out_error, err);
    text_clean_up(&body);
    if (status)
        aws_spot_fleet_clean_up(&reading.fleet);
    *out_fleet = reading.fleet;
    *out_found = !status && reading.found;
    return status;
}

void aws_spot_fleet_clean_up(struct aws_spot_fleet *fleet)
{
    free(fleet->pools);
    aws_launches_clean_up(&fleet->launches);
    *fleet = (struct aws_spot_fleet){0};
}

static int read_instances(const struct _xmlNode *root, void *context, struct error *err)
{
    struct list *list = context;
    for (const struct _xmlNode *at = xml_find(root, "activeInstanceSet/item"); at;
         at = xml_next(at)) {
        struct aws_fleet_instance *instance = list_add(list);
        if (!xml_text(at, "instanceId", instance->instance_id, sizeof instance->instance_id))
            return error_set(err, STATUS_FAILURE, "the reply has an instance without its id");
        xml_text(at, "instanceType", instance->instance_type, sizeof instance->instance_type);
        xml_text(at, "instanceHealth", instance->health, sizeof instance->health);
    }
    return STATUS_OK;
}

int aws_describe_spot_fleet_instances(struct client *client, const char *fleet_id,
                                      struct aws_fleet_instance **out_list, size_t *out_count,
                                      struct aws_error *out_error, struct error *err)
{
    struct list list = {.size = sizeof **out_list};
    struct text body = {0};
    void *items = NULL;
    form_begin(&body, AWS_EC2, "DescribeSpotFleetInstances");
    form_add(&body, "SpotFleetRequestId", fleet_id);
    form_add_int64(&body, "MaxResults", 1000);
    int status = call_items(client, "DescribeSpotFleetInstances", &body, read_instances, &list,
                            &items, out_count, out_error, err);
    *out_list = items;
    text_clean_up(&body);
    return status;
}

static void copy_member(const cJSON *object, const char *name, char *out, size_t size)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
    if (cJSON_IsString(member) && strlen(member->valuestring) < size)
        strcpy(out, member->valuestring);
}

/* {"instanceType":"…", …, "availabilityZone":"…"} for a launch, and sentences for others. */
static void read_description(const struct _xmlNode *node, struct aws_fleet_event *event)
{
    char description[2048];
    if (!xml_text(node, "eventInformation/eventDescription", description, sizeof description))
        return;
    cJSON *said = cJSON_Parse(description);
    copy_member(said, "instanceType", event->instance_type, sizeof event->instance_type);
    copy_member(said, "availabilityZone", event->zone, sizeof event->zone);
    cJSON_Delete(said);
}

static int read_events(const struct _xmlNode *root, void *context, struct error *err)
{
    struct list *list = context;
    for (const struct _xmlNode *at = xml_find(root, "historyRecordSet/item"); at;
         at = xml_next(at)) {
        struct aws_fleet_event *event = list_add(list);
        if (!xml_time(at, "timestamp", &event->time_s) ||
            !xml_text(at, "eventType", event->type, sizeof event->type))
            return error_set(err, STATUS_FAILURE, "the reply has an event without time or type");
        xml_text(at, "eventInformation/eventSubType", event->sub_type, sizeof event->sub_type);
        xml_text(at, "eventInformation/instanceId", event->instance_id, sizeof event->instance_id);
        read_description(at, event);
    }
    return STATUS_OK;
}

int aws_describe_spot_fleet_request_history(struct client *client, const char *fleet_id,
                                            int64_t start_s, struct aws_fleet_event **out_list,
                                            size_t *out_count, struct aws_error *out_error,
                                            struct error *err)
{
    struct list list = {.size = sizeof **out_list};
    struct text body = {0};
    void *items = NULL;
    form_begin(&body, AWS_EC2, "DescribeSpotFleetRequestHistory");
    form_add(&body, "SpotFleetRequestId", fleet_id);
    form_add_time(&body, "StartTime", start_s);
    form_add_int64(&body, "MaxResults", 1000);
    int status = call_items(client, "DescribeSpotFleetRequestHistory", &body, read_events, &list,
                            &items, out_count, out_error, err);
    *out_list = items;
    text_clean_up(&body);
    return status;
}

/* ---- changes ----------------------------------------------------------------------------------
 */

static int read_return(const struct _xmlNode *root, void *context, struct error *err)
{
    char text[8];
    (void)context;
    xml_text(root, "return", text, sizeof text);
    if (strcmp(text, "true") != 0)
        return error_set(err, STATUS_FAILURE, "the reply does not say that it was done");
    return STATUS_OK;
}

int aws_modify_spot_fleet_request(struct client *client, const char *fleet_id, int64_t target,
                                  struct aws_error *out_error, struct error *err)
{
    struct text body = {0};
    form_begin(&body, AWS_EC2, "ModifySpotFleetRequest");
    form_add(&body, "SpotFleetRequestId", fleet_id);
    form_add_int64(&body, "TargetCapacity", target);
    const struct paged_call call = {.service = AWS_EC2,
                                    .operation = "ModifySpotFleetRequest",
                                    .body = &body,
                                    .read = read_return};
    int status = call_pages(client, &call, out_error, err);
    text_clean_up(&body);
    return status;
}
