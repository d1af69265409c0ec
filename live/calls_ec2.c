#include "live/calls.h"
#include "live/form.h"
#include "live/lists.h"

#include <stdio.h>

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
    int status = call_items(client, "DescribeInstances", &body, read_spot_instances, &list, &items,
                            out_count, out_error, err);
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
    int status = call_items(client, "DescribeSubnets", &body, read_subnets, &list, &items,
                            out_count, out_error, err);
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
    int status = call_items(client, "DescribeSpotPriceHistory", &body, read_prices, &list, &items,
                            out_count, out_error, err);
    *out_list = items;
    text_clean_up(&body);
    return status;
}
