#include "live/calls.h"
#include "live/form.h"
#include "live/pages.h"

#include "base/decimal.h"
#include "base/json.h"
#include "base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A list that grows page by page. */
struct list {
    void *items;
    size_t size; /* bytes of one */
    size_t count;
    size_t capacity;
};

static void *list_add(struct list *list)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? 2 * list->capacity : 16;
        list->items = memory_resize(list->items, list->capacity, list->size);
    }
    void *item = (char *)list->items + list->count++ * list->size;
    memset(item, 0, list->size);
    return item;
}

/* Call, and hand the list over. */
static int call_list(struct client *client, const char *operation, const struct text *body,
                     page_reader read, struct list *list, void **out_items, size_t *out_count,
                     struct aws_error *out_error, struct error *err)
{
    const struct paged_call call = {
        .service = AWS_EC2, .operation = operation, .body = body, .read = read, .context = list};
    int status = call_pages(client, &call, out_error, err);
    if (status) {
        free(list->items);
        list->items = NULL;
        list->count = 0;
    }
    *out_items = list->items;
    *out_count = list->count;
    return status;
}

/* ---- fleets -----------------------------------------------------------------------------------
 */

struct fleet_reading {
    const char *fleet_id;
    struct aws_spot_fleet fleet;
    size_t pool_capacity;
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

static void read_pools(struct fleet_reading *reading, const struct _xmlNode *config)
{
    for (const struct _xmlNode *at = xml_find(config, "launchSpecifications/item"); at;
         at = xml_next(at))
        add_pool(reading, at);
    for (const struct _xmlNode *at = xml_find(config, "launchTemplateConfigs/item"); at;
         at = xml_next(at)) {
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
        read_pools(reading, config);
    }
    return STATUS_OK;
}

int aws_describe_spot_fleet_request(struct client *client, const char *fleet_id,
                                    struct aws_spot_fleet *out_fleet, bool *out_found,
                                    struct aws_error *out_error, struct error *err)
{
    struct fleet_reading reading = {.fleet_id = fleet_id};
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
    int status = call_list(client, "DescribeSpotFleetInstances", &body, read_instances, &list,
                           &items, out_count, out_error, err);
    *out_list = items;
    text_clean_up(&body);
    return status;
}

static int read_spot_instances(const struct _xmlNode *root, void *context, struct error *err)
{
    struct list *list = context;
    for (const struct _xmlNode *at = xml_find(root, "reservationSet/item"); at; at = xml_next(at)) {
        for (const struct _xmlNode *item = xml_find(at, "instancesSet/item"); item;
             item = xml_next(item)) {
            struct aws_spot_instance *instance = list_add(list);
            if (!xml_text(item, "instanceId", instance->instance_id,
                          sizeof instance->instance_id) ||
                !xml_text(item, "instanceType", instance->instance_type,
                          sizeof instance->instance_type) ||
                !xml_text(item, "placement/availabilityZone", instance->zone,
                          sizeof instance->zone))
                return error_set(err, STATUS_FAILURE,
                                 "the reply has an instance without id, type or zone");
        }
    }
    return STATUS_OK;
}

static void add_filter(struct text *body, int number, const char *name, const char *value)
{
    char key[40];
    snprintf(key, sizeof key, "Filter.%d.Name", number);
    form_add(body, key, name);
    snprintf(key, sizeof key, "Filter.%d.Value.1", number);
    form_add(body, key, value);
}

int aws_describe_spot_instances_of_fleet(struct client *client, const char *fleet_id,
                                         struct aws_spot_instance **out_list, size_t *out_count,
                                         struct aws_error *out_error, struct error *err)
{
    struct list list = {.size = sizeof **out_list};
    struct text body = {0};
    void *items = NULL;
    form_begin(&body, AWS_EC2, "DescribeInstances");
    add_filter(&body, 1, "tag:aws:ec2spot:fleet-request-id", fleet_id);
    add_filter(&body, 2, "instance-lifecycle", "spot");
    add_filter(&body, 3, "instance-state-name", "running");
    form_add_int64(&body, "MaxResults", 1000);
    int status = call_list(client, "DescribeInstances", &body, read_spot_instances, &list, &items,
                           out_count, out_error, err);
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
    int status = call_list(client, "DescribeSpotFleetRequestHistory", &body, read_events, &list,
                           &items, out_count, out_error, err);
    *out_list = items;
    text_clean_up(&body);
    return status;
}

static int read_subnets(const struct _xmlNode *root, void *context, struct error *err)
{
    struct list *list = context;
    for (const struct _xmlNode *at = xml_find(root, "subnetSet/item"); at; at = xml_next(at)) {
        struct aws_subnet *subnet = list_add(list);
        if (!xml_text(at, "subnetId", subnet->subnet, sizeof subnet->subnet) ||
            !xml_text(at, "availabilityZone", subnet->zone, sizeof subnet->zone))
            return error_set(err, STATUS_FAILURE, "the reply has a subnet without id or zone");
    }
    return STATUS_OK;
}

int aws_describe_subnets(struct client *client, const char *const *subnets, size_t subnet_count,
                         struct aws_subnet **out_list, size_t *out_count,
                         struct aws_error *out_error, struct error *err)
{
    struct list list = {.size = sizeof **out_list};
    struct text body = {0};
    void *items = NULL;
    form_begin(&body, AWS_EC2, "DescribeSubnets");
    for (size_t i = 0; i < subnet_count; i++) {
        char name[40];
        snprintf(name, sizeof name, "SubnetId.%zu", i + 1);
        form_add(&body, name, subnets[i]);
    }
    int status = call_list(client, "DescribeSubnets", &body, read_subnets, &list, &items, out_count,
                           out_error, err);
    *out_list = items;
    text_clean_up(&body);
    return status;
}

/* ---- prices -----------------------------------------------------------------------------------
 */

static int read_prices(const struct _xmlNode *root, void *context, struct error *err)
{
    struct list *list = context;
    for (const struct _xmlNode *at = xml_find(root, "spotPriceHistorySet/item"); at;
         at = xml_next(at)) {
        struct aws_spot_price *price = list_add(list);
        if (!xml_text(at, "instanceType", price->instance_type, sizeof price->instance_type) ||
            !xml_text(at, "availabilityZone", price->zone, sizeof price->zone) ||
            !xml_text(at, "productDescription", price->product, sizeof price->product) ||
            !xml_time(at, "timestamp", &price->time_s) ||
            !xml_micro(at, "spotPrice", &price->micro_usd_per_hour))
            return error_set(err, STATUS_FAILURE, "the reply has a price that is not whole");
    }
    return STATUS_OK;
}

int aws_describe_spot_price_history(struct client *client, const struct aws_price_query *query,
                                    struct aws_spot_price **out_list, size_t *out_count,
                                    struct aws_error *out_error, struct error *err)
{
    struct list list = {.size = sizeof **out_list};
    struct text body = {0};
    void *items = NULL;
    form_begin(&body, AWS_EC2, "DescribeSpotPriceHistory");
    for (size_t i = 0; i < query->type_count; i++) {
        char name[40];
        snprintf(name, sizeof name, "InstanceType.%zu", i + 1);
        form_add(&body, name, query->instance_types[i]);
    }
    form_add(&body, "ProductDescription.1", query->product);
    form_add_time(&body, "StartTime", query->start_s);
    form_add_time(&body, "EndTime", query->end_s);
    if (query->zone)
        add_filter(&body, 1, "availability-zone", query->zone);
    form_add_int64(&body, "MaxResults", 1000);
    int status = call_list(client, "DescribeSpotPriceHistory", &body, read_prices, &list, &items,
                           out_count, out_error, err);
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
