/* The pools a Spot Fleet may launch in: launch specifications and launch templates' overrides, zone
 * by zone. */
#include "base/decimal.h"
#include "base/memory.h"
#include "scenario/parts.h"

#include <stdlib.h>
#include <string.h>

/* One launch specification or override, before its zones are told apart. */
struct specification {
    const cJSON *node;
    const char *instance_type;
    int64_t weight_micro;
    int64_t cap_micro_usd;
    const cJSON *subnets; /* "subnet-1, subnet-2", or NULL */
    const cJSON *zones;   /* "us-east-1a, us-east-1b", or NULL */
    int64_t priority;
    size_t index;
};

/* Which subnet was seen first in a zone: a fleet may use one per zone. */
struct used_subnet {
    char *subnet;
    char *zone;
};

struct pool_list {
    struct used_subnet *used;
    size_t used_count;
    size_t used_capacity;
};

bool next_piece(const char **cursor, char out_piece[256])
{
    const char *at = *cursor + strspn(*cursor, ", \t");
    size_t length = strcspn(at, ",");
    *cursor = at + length;
    while (length && strchr(" \t", at[length - 1]))
        length--;
    if (length == 0)
        return false;
    length = length < 255 ? length : 255;
    memcpy(out_piece, at, length);
    out_piece[length] = '\0';
    return true;
}

int subnet_zone(struct reader *reader, const cJSON *node, const char *subnet, const char **out_zone)
{
    const cJSON *map = reader_at(reader, "subnets");
    const cJSON *zone = map ? member(map, subnet) : NULL;
    if (!zone)
        return reader_fail(reader, node,
                           "the zone of subnet \"%s\" is not known: add \"subnets\": {\"%s\": "
                           "\"us-east-1a\"} to the scenario",
                           subnet, subnet);
    return reader_string(reader, zone, out_zone);
}

static int add_pool(struct reader *reader, const struct specification *spec, const char *zone)
{
    struct spot_fleet *fleet = &reader->scenario->fleet;
    if (fleet->pool_count == POOLS_MAX)
        return reader_fail(reader, spec->node, "more than %d pools, which is AWS's limit",
                           POOLS_MAX);
    struct fleet_pool pool = {
        .instance_type = memory_copy_text(spec->instance_type),
        .zone = memory_copy_text(zone),
        .weight_micro = spec->weight_micro,
        .cap_per_unit_micro_usd = spec->cap_micro_usd,
        .on_demand_micro_usd = -1,
        .priority = spec->priority,
        .specification = spec->index,
    };
    size_t nodes = fleet->pool_count;
    ARRAY_PUSH(reader->pool_nodes, nodes, reader->pool_node_capacity, spec->node);
    ARRAY_PUSH(fleet->pools, fleet->pool_count, reader->pool_capacity, pool);
    return STATUS_OK;
}

static int use_subnet(struct reader *reader, struct pool_list *list, const cJSON *node,
                      const char *subnet, const char *zone)
{
    for (size_t i = 0; i < list->used_count; i++) {
        if (strcmp(list->used[i].zone, zone) == 0 && strcmp(list->used[i].subnet, subnet) != 0)
            return reader_fail(reader, node,
                               "subnets %s and %s are both in %s, and a fleet may use one subnet "
                               "per zone: keep one",
                               list->used[i].subnet, subnet, zone);
    }
    struct used_subnet used = {memory_copy_text(subnet), memory_copy_text(zone)};
    ARRAY_PUSH(list->used, list->used_count, list->used_capacity, used);
    return STATUS_OK;
}

static int pools_of_subnets(struct reader *reader, struct pool_list *list,
                            const struct specification *spec)
{
    const char *cursor = NULL;
    int status = reader_string(reader, spec->subnets, &cursor);
    char subnet[256];
    size_t count = 0;
    while (!status && next_piece(&cursor, subnet)) {
        const char *zone = NULL;
        status = subnet_zone(reader, spec->subnets, subnet, &zone);
        if (!status)
            status = use_subnet(reader, list, spec->subnets, subnet, zone);
        if (!status)
            status = add_pool(reader, spec, zone);
        count++;
    }
    if (!status && count == 0)
        status = reader_fail(reader, spec->subnets, "names no subnet");
    return status;
}

static int pools_of_zones(struct reader *reader, const struct specification *spec)
{
    const char *cursor = NULL;
    int status = reader_string(reader, spec->zones, &cursor);
    char zone[256];
    size_t count = 0;
    while (!status && next_piece(&cursor, zone)) {
        status = add_pool(reader, spec, zone);
        count++;
    }
    if (!status && count == 0)
        status = reader_fail(reader, spec->zones, "names no zone");
    return status;
}

/* Neither subnet nor zone: AWS would use the account's default subnets; here, the traces' zones. */
static int pools_of_traces(struct reader *reader, const struct specification *spec)
{
    char **zones = NULL;
    size_t count = 0;
    int status =
        known_zones(reader->scenario, reader, spec->instance_type, &zones, &count, reader->err);
    if (!status && count == 0)
        status = reader_fail(reader, spec->node,
                             "names neither SubnetId nor Placement.AvailabilityZone, and the "
                             "traces know no zone of %s (%s): name one",
                             spec->instance_type, reader->scenario->product);
    struct text names = {.limit = 512};
    for (size_t i = 0; !status && i < count; i++) {
        status = add_pool(reader, spec, zones[i]);
        text_addf(&names, "%s%s", i ? ", " : "", zones[i]);
    }
    if (!status)
        add_note(reader->scenario, false,
                 "launch specification %zu (%s) names neither subnet nor zone: it gets one pool "
                 "in each zone of the traces: %s",
                 spec->index, spec->instance_type, names.data);
    text_clean_up(&names);
    for (size_t i = 0; i < count; i++)
        free(zones[i]);
    free(zones);
    return status;
}

/* AWS types it as a decimal and takes whole numbers only. */
static int read_priority(struct reader *reader, const cJSON *node, int64_t *out_priority)
{
    int64_t micro = 0;
    int status = reader_decimal(reader, node, 0, INT64_C(1000000) * MICRO, &micro);
    if (!status && micro % MICRO)
        status = reader_fail(reader, node, "must be a whole number: AWS takes no other priority");
    *out_priority = micro / MICRO;
    return status;
}

/* What a launch specification and an override have in common. `outer_cap` is the request's. */
static int read_specification(struct reader *reader, struct pool_list *list, const cJSON *node,
                              int64_t outer_cap, size_t index, bool is_override)
{
    const char *what = is_override ? "an override" : "a launch specification";
    int status = reader_object(reader, node);
    if (status)
        return status;
    if (member(node, "InstanceRequirements"))
        return reader_fail(reader, member(node, "InstanceRequirements"),
                           "instance types chosen by their attributes are not simulated by this "
                           "version: name each InstanceType");
    const cJSON *type = member(node, "InstanceType");
    if (!type)
        return reader_fail(reader, node,
                           is_override ? "an override without InstanceType takes it from the "
                                         "launch template, which is not in this file: add it here"
                                       : "%s without InstanceType: add it",
                           what);
    struct specification spec = {.node = node,
                                 .weight_micro = MICRO,
                                 .cap_micro_usd = outer_cap,
                                 .priority = PRIORITY_NONE,
                                 .index = index};
    status = reader_string(reader, type, &spec.instance_type);
    const cJSON *weight = member(node, "WeightedCapacity");
    if (!status && weight)
        status = reader_decimal(reader, weight, 1, TARGET_MAX_UNITS * (int64_t)MICRO,
                                &spec.weight_micro);
    const cJSON *price = member(node, "SpotPrice");
    if (!status && price)
        status = reader_decimal(reader, price, 1, PRICE_MAX_MICRO, &spec.cap_micro_usd);
    const cJSON *priority = is_override ? member(node, "Priority") : NULL;
    if (!status && priority)
        status = read_priority(reader, priority, &spec.priority);
    const cJSON *placement = is_override ? NULL : member(node, "Placement");
    if (!status && placement)
        status = reader_object(reader, placement);
    spec.subnets = member(node, "SubnetId");
    const cJSON *interfaces = member(node, "NetworkInterfaces");
    if (!spec.subnets && cJSON_IsArray(interfaces) && interfaces->child)
        spec.subnets = member(interfaces->child, "SubnetId");
    spec.zones = member(is_override ? node : placement, "AvailabilityZone");
    if (status)
        return status;
    if (spec.subnets)
        return pools_of_subnets(reader, list, &spec);
    return spec.zones ? pools_of_zones(reader, &spec) : pools_of_traces(reader, &spec);
}

static int read_launch_specifications(struct reader *reader, struct pool_list *list,
                                      const cJSON *specifications, int64_t cap)
{
    int status = reader_list(reader, specifications, POOLS_MAX);
    size_t index = 0;
    size_t detailed = 0;
    for (const cJSON *node = status ? NULL : specifications->child; node && !status;
         node = node->next) {
        status = read_specification(reader, list, node, cap, index++, false);
        const cJSON *monitoring = member(node, "Monitoring");
        if (!status && monitoring)
            status = reader_object(reader, monitoring);
        const cJSON *enabled = member(monitoring, "Enabled");
        bool on = false;
        if (!status && enabled)
            status = reader_bool(reader, enabled, &on);
        detailed += on;
    }
    reader->scenario->fleet.detailed_monitoring = index > 0 && detailed == index;
    return status;
}

static int read_template_configs(struct reader *reader, struct pool_list *list,
                                 const cJSON *configs, int64_t cap)
{
    int status = reader_list(reader, configs, POOLS_MAX);
    size_t index = 0;
    for (const cJSON *config = status ? NULL : configs->child; config && !status;
         config = config->next) {
        status = reader_object(reader, config);
        const cJSON *overrides = status ? NULL : member(config, "Overrides");
        if (!status && (!overrides || (cJSON_IsArray(overrides) && !overrides->child)))
            status = reader_fail(reader, config,
                                 "no Overrides: the instance type then stands in the launch "
                                 "template, which is not in this file: add an override that names "
                                 "InstanceType");
        if (!status)
            status = reader_list(reader, overrides, POOLS_MAX);
        for (const cJSON *node = status ? NULL : overrides->child; node && !status;
             node = node->next)
            status = read_specification(reader, list, node, cap, index++, true);
    }
    if (!status && reader->scenario->account.metric_period_s == 0)
        add_note(reader->scenario, false,
                 "launch templates keep their monitoring to themselves: taken as basic, so the "
                 "fleet's metrics come every 300 s; with detailed monitoring set "
                 "account.metric_period_s to 60");
    return status;
}

int read_fleet_pools(struct reader *reader, const cJSON *fleet, int64_t cap)
{
    const cJSON *specifications = member(fleet, "LaunchSpecifications");
    const cJSON *configs = member(fleet, "LaunchTemplateConfigs");
    bool has_specifications =
        specifications && !(cJSON_IsArray(specifications) && !specifications->child);
    bool has_configs = configs && !(cJSON_IsArray(configs) && !configs->child);
    if (has_specifications && has_configs)
        return reader_fail(reader, configs,
                           "LaunchSpecifications and LaunchTemplateConfigs exclude each other: "
                           "keep one");
    if (!has_specifications && !has_configs)
        return reader_fail(reader,
                           specifications ? specifications
                           : configs      ? configs
                                          : fleet,
                           "no LaunchSpecifications or LaunchTemplateConfigs: the fleet has "
                           "nothing to launch");
    reader->scenario->fleet.launch_templates = has_configs;
    struct pool_list list = {0};
    int status = has_specifications ? read_launch_specifications(reader, &list, specifications, cap)
                                    : read_template_configs(reader, &list, configs, cap);
    for (size_t i = 0; i < list.used_count; i++) {
        free(list.used[i].subnet);
        free(list.used[i].zone);
    }
    free(list.used);
    return status;
}
