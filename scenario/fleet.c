/* The Spot Fleet's request file, as `aws ec2 request-spot-fleet --spot-fleet-request-config` takes
 * it. */
#include "base/decimal.h"
#include "base/memory.h"
#include "scenario/parts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const modelled[] = {
    "LaunchSpecifications.UserData", /* left out where nobody looks at it */
    "AllocationStrategy",
    "ExcessCapacityTerminationPolicy",
    "InstanceInterruptionBehavior",
    "InstancePoolsToUseCount",
    "LaunchSpecifications.InstanceType",
    "LaunchSpecifications.Monitoring.Enabled",
    "LaunchSpecifications.NetworkInterfaces.SubnetId",
    "LaunchSpecifications.Placement.AvailabilityZone",
    "LaunchSpecifications.SpotPrice",
    "LaunchSpecifications.SubnetId",
    "LaunchSpecifications.WeightedCapacity",
    "LaunchTemplateConfigs.Overrides.AvailabilityZone",
    "LaunchTemplateConfigs.Overrides.InstanceType",
    "LaunchTemplateConfigs.Overrides.SpotPrice",
    "LaunchTemplateConfigs.Overrides.SubnetId",
    "LaunchTemplateConfigs.Overrides.WeightedCapacity",
    "OnDemandTargetCapacity",
    "SpotMaxTotalPrice",
    "SpotPrice",
    "TargetCapacity",
    "TargetCapacityUnitType",
    "TerminateInstancesWithExpiration",
    "Type",
    "ValidFrom",
    "ValidUntil",
    NULL,
};

/* ---- pools -------------------------------------------------------------------------------------
 */

/* One launch specification or override, before its zones are told apart. */
struct specification {
    const cJSON *node;
    const char *instance_type;
    int64_t weight_micro;
    int64_t cap_micro_usd;
    const cJSON *subnets; /* "subnet-1, subnet-2", or NULL */
    const cJSON *zones;   /* "us-east-1a, us-east-1b", or NULL */
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
    int status = known_zones(reader->scenario, spec->instance_type, &zones, &count, reader->err);
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
    struct specification spec = {
        .node = node, .weight_micro = MICRO, .cap_micro_usd = outer_cap, .index = index};
    status = reader_string(reader, type, &spec.instance_type);
    const cJSON *weight = member(node, "WeightedCapacity");
    if (!status && weight)
        status = reader_decimal(reader, weight, 1, TARGET_MAX_UNITS * (int64_t)MICRO,
                                &spec.weight_micro);
    const cJSON *price = member(node, "SpotPrice");
    if (!status && price)
        status = reader_decimal(reader, price, 1, PRICE_MAX_MICRO, &spec.cap_micro_usd);
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

static int read_pools(struct reader *reader, const cJSON *fleet, int64_t cap)
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

/* ---- the request -------------------------------------------------------------------------------
 */

/* Settings this version cannot simulate would change the result in silence: they are refused. */
static int refuse_unsimulated(struct reader *reader, const cJSON *fleet)
{
    static const char *const later = "is not simulated by this version";
    int64_t number = 0;
    const cJSON *node = member(fleet, "OnDemandTargetCapacity");
    if (node) {
        int status = reader_int64(reader, node, 0, INT64_C(1) << 40, &number);
        if (status)
            return status;
        if (number > 0)
            return reader_fail(reader, node, "on-demand capacity within the fleet %s: set it to 0",
                               later);
    }
    node = member(fleet, "InstanceInterruptionBehavior");
    const char *text = NULL;
    if (node) {
        int status = reader_string(reader, node, &text);
        if (status)
            return status;
        if (strcmp(text, "stop") == 0 || strcmp(text, "hibernate") == 0)
            return reader_fail(reader, node, "\"%s\" %s: \"terminate\" is", text, later);
        if (strcmp(text, "terminate") != 0)
            return reader_fail(reader, node,
                               "\"%s\" is unknown: AWS has \"terminate\", \"stop\" "
                               "and \"hibernate\"",
                               text);
    }
    node = member(fleet, "TargetCapacityUnitType");
    if (node) {
        int status = reader_string(reader, node, &text);
        if (status)
            return status;
        if (strcmp(text, "units") != 0)
            return reader_fail(reader, node, "counting capacity in \"%s\" %s: use \"units\"", text,
                               later);
    }
    return STATUS_OK;
}

const char *const allocation_strategy_names[] = {
    [STRATEGY_LOWEST_PRICE] = "lowestPrice",
    [STRATEGY_DIVERSIFIED] = "diversified",
    [STRATEGY_CAPACITY_OPTIMIZED] = "capacityOptimized",
    [STRATEGY_PRICE_CAPACITY_OPTIMIZED] = "priceCapacityOptimized",
    NULL,
};

/* The API reference has InstancePoolsToUseCount valid with lowestPrice only. */
static int read_pools_to_use(struct reader *reader, const cJSON *node)
{
    struct spot_fleet *fleet = &reader->scenario->fleet;
    fleet->pools_to_use = 1;
    int status = node ? reader_int64(reader, node, 1, POOLS_MAX, &fleet->pools_to_use) : STATUS_OK;
    if (!status && fleet->pools_to_use > 1 && fleet->strategy != STRATEGY_LOWEST_PRICE)
        status = reader_fail(reader, node,
                             "AWS takes it with AllocationStrategy lowestPrice only: leave it out, "
                             "or choose that");
    return status;
}

static int read_strategy(struct reader *reader, const cJSON *node)
{
    const char *text = "lowestPrice";
    int status = node ? reader_string(reader, node, &text) : STATUS_OK;
    if (status)
        return status;
    for (size_t i = 0; allocation_strategy_names[i]; i++) {
        if (strcmp(allocation_strategy_names[i], text) == 0) {
            reader->scenario->fleet.strategy = (enum allocation_strategy)i;
            return STATUS_OK;
        }
    }
    if (strcmp(text, "capacityOptimizedPrioritized") == 0)
        return reader_fail(reader, node,
                           "strategy \"%s\" is not simulated by this version: "
                           "\"capacityOptimized\" is, without priorities",
                           text);
    return reader_fail(reader, node,
                       "unknown strategy \"%s\": AWS has lowestPrice, diversified, "
                       "capacityOptimized, capacityOptimizedPrioritized and "
                       "priceCapacityOptimized",
                       text);
}

static int read_type(struct reader *reader, const cJSON *node)
{
    const char *text = "maintain";
    int status = node ? reader_string(reader, node, &text) : STATUS_OK;
    if (status)
        return status;
    if (strcmp(text, "instant") == 0)
        return reader_fail(reader, node,
                           "type \"instant\" is not simulated by this version (Spot Fleet does not "
                           "use it): \"maintain\" and \"request\" are");
    if (strcmp(text, "maintain") != 0 && strcmp(text, "request") != 0)
        return reader_fail(reader, node,
                           "unknown type \"%s\": AWS has maintain, request and instant", text);
    reader->scenario->fleet.type = text[0] == 'm' ? FLEET_MAINTAIN : FLEET_REQUEST;
    return STATUS_OK;
}

int read_excess_policy(struct reader *reader, const cJSON *node, bool *out_no_termination)
{
    const char *text = NULL;
    int status = reader_string(reader, node, &text);
    if (status)
        return status;
    if (strcasecmp(text, "default") == 0)
        *out_no_termination = false;
    else if (strcasecmp(text, "noTermination") == 0)
        *out_no_termination = true;
    else
        return reader_fail(reader, node, "\"%s\" is not one of \"default\", \"noTermination\"",
                           text);
    return STATUS_OK;
}

static int read_validity(struct reader *reader, const cJSON *fleet_node)
{
    struct spot_fleet *fleet = &reader->scenario->fleet;
    fleet->valid_from_s = INT64_MIN;
    fleet->valid_until_s = INT64_MAX;
    const cJSON *from = member(fleet_node, "ValidFrom");
    const cJSON *until = member(fleet_node, "ValidUntil");
    int status = from ? reader_time(reader, from, &fleet->valid_from_s) : STATUS_OK;
    if (!status && until)
        status = reader_time(reader, until, &fleet->valid_until_s);
    if (!status && fleet->valid_until_s <= fleet->valid_from_s)
        status = reader_fail(reader, until, "must be after ValidFrom");
    if (!status && (fleet->valid_until_s <= reader->scenario->from_s ||
                    fleet->valid_from_s >= reader->scenario->to_s))
        add_note(reader->scenario, true,
                 "the fleet is not active at any time of the run: its %s lies %s",
                 fleet->valid_until_s <= reader->scenario->from_s ? "ValidUntil" : "ValidFrom",
                 fleet->valid_until_s <= reader->scenario->from_s ? "before from" : "after to");
    return status;
}

int read_fleet(struct reader *reader)
{
    struct spot_fleet *fleet = &reader->scenario->fleet;
    const cJSON *node = member(reader->root, "spot_fleet");
    if (!node)
        return reader_fail(reader, reader->root,
                           "no \"spot_fleet\": point it to the file that aws ec2 "
                           "request-spot-fleet takes");
    int status = reader_aws(reader, node, "SpotFleetRequestConfigData",
                            modelled + !reader_at(reader, "cluster.name"), "spot_fleet");
    const cJSON *target = status ? NULL : member(node, "TargetCapacity");
    if (!status && !target)
        status = reader_fail(reader, node, "no TargetCapacity: add it");
    int64_t units = 0;
    if (!status)
        status = reader_int64(reader, target, 0, TARGET_MAX_UNITS, &units);
    fleet->target_micro = units * MICRO;
    if (!status)
        status = read_strategy(reader, member(node, "AllocationStrategy"));
    if (!status)
        status = read_pools_to_use(reader, member(node, "InstancePoolsToUseCount"));
    if (!status)
        status = read_type(reader, member(node, "Type"));
    if (!status)
        status = refuse_unsimulated(reader, node);
    const cJSON *excess = member(node, "ExcessCapacityTerminationPolicy");
    if (!status && excess)
        status = read_excess_policy(reader, excess, &fleet->excess_no_termination);
    const cJSON *expire = member(node, "TerminateInstancesWithExpiration");
    if (!status && expire)
        status = reader_bool(reader, expire, &fleet->terminate_with_expiration);
    if (!status)
        status = read_validity(reader, node);
    int64_t cap = -1;
    const cJSON *price = member(node, "SpotPrice");
    if (!status && price)
        status = reader_decimal(reader, price, 1, PRICE_MAX_MICRO, &cap);
    if (!status && member(node, "SpotMaxTotalPrice"))
        add_note(reader->scenario, true,
                 "SpotMaxTotalPrice is not modelled: the simulated fleet has no budget");
    const cJSON *rebalance = member(member(node, "SpotMaintenanceStrategies"), "CapacityRebalance");
    if (!status && rebalance)
        add_note(reader->scenario, true,
                 "capacity rebalancing is not modelled: the simulated fleet replaces instances "
                 "only once they are interrupted");
    return status ? status : read_pools(reader, node, cap);
}
