/* The Spot Fleet's request file, as `aws ec2 request-spot-fleet --spot-fleet-request-config` takes
 * it. */
#include "base/decimal.h"
#include "scenario/parts.h"

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
    "LaunchTemplateConfigs.Overrides.Priority",
    "LaunchTemplateConfigs.Overrides.SpotPrice",
    "LaunchTemplateConfigs.Overrides.SubnetId",
    "LaunchTemplateConfigs.Overrides.WeightedCapacity",
    "OnDemandAllocationStrategy",
    "OnDemandMaxTotalPrice",
    "OnDemandTargetCapacity",
    "SpotMaintenanceStrategies.CapacityRebalance.ReplacementStrategy",
    "SpotMaintenanceStrategies.CapacityRebalance.TerminationDelay",
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

/* Settings this version cannot simulate would change the result in silence: they are refused. */
static int refuse_unsimulated(struct reader *reader, const cJSON *fleet)
{
    static const char *const later = "is not simulated by this version";
    const cJSON *node = member(fleet, "InstanceInterruptionBehavior");
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
    [STRATEGY_CAPACITY_OPTIMIZED_PRIORITIZED] = "capacityOptimizedPrioritized",
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

/* Priorities stand in the overrides of launch templates. */
static int check_priorities(struct reader *reader, const cJSON *fleet_node)
{
    const struct spot_fleet *fleet = &reader->scenario->fleet;
    bool prioritized = fleet->strategy == STRATEGY_CAPACITY_OPTIMIZED_PRIORITIZED;
    if (fleet->on_demand_micro > 0 && !fleet->launch_templates)
        return reader_fail(
            reader, member(fleet_node, "OnDemandTargetCapacity"),
            "AWS takes on-demand capacity with LaunchTemplateConfigs only: write the "
            "LaunchSpecifications as overrides of a launch template");
    if (prioritized && !fleet->launch_templates)
        return reader_fail(
            reader, member(fleet_node, "AllocationStrategy"),
            "AWS takes \"capacityOptimizedPrioritized\" with LaunchTemplateConfigs "
            "only: write the LaunchSpecifications as overrides of a launch template");
    bool given = false;
    for (size_t i = 0; i < fleet->pool_count; i++)
        given = given || fleet->pools[i].priority != PRIORITY_NONE;
    if (given && !prioritized && !fleet->on_demand_prioritized)
        add_note(reader->scenario, false,
                 "the overrides' Priority is not looked at: neither is AllocationStrategy "
                 "capacityOptimizedPrioritized nor OnDemandAllocationStrategy prioritized");
    return STATUS_OK;
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
    return reader_fail(reader, node,
                       "unknown strategy \"%s\": AWS has lowestPrice, diversified, "
                       "capacityOptimized, capacityOptimizedPrioritized and "
                       "priceCapacityOptimized",
                       text);
}

static int read_on_demand(struct reader *reader, const cJSON *node)
{
    static const char *const strategies[] = {"lowestPrice", "prioritized", NULL};
    struct spot_fleet *fleet = &reader->scenario->fleet;
    const cJSON *target = member(node, "OnDemandTargetCapacity");
    const cJSON *strategy = member(node, "OnDemandAllocationStrategy");
    int64_t units = 0;
    int status = target ? reader_int64(reader, target, 0, TARGET_MAX_UNITS, &units) : STATUS_OK;
    fleet->on_demand_micro = units * MICRO;
    if (!status && fleet->on_demand_micro > fleet->target_micro)
        status = reader_fail(reader, target, "is above TargetCapacity, which it is a part of");
    int word = 0;
    if (!status && strategy)
        status = reader_word(reader, strategy, strategies, &word);
    fleet->on_demand_prioritized = word == 1;
    return status;
}

static int read_budgets(struct reader *reader, const cJSON *node)
{
    struct spot_fleet *fleet = &reader->scenario->fleet;
    const cJSON *spot = member(node, "SpotMaxTotalPrice");
    const cJSON *on_demand = member(node, "OnDemandMaxTotalPrice");
    const int64_t max_micro_usd = PRICE_MAX_MICRO * TARGET_MAX_UNITS;
    int status = STATUS_OK;
    if (spot)
        status = reader_decimal(reader, spot, 1, max_micro_usd, &fleet->spot_budget_micro_usd);
    if (!status && on_demand)
        status =
            reader_decimal(reader, on_demand, 1, max_micro_usd, &fleet->on_demand_budget_micro_usd);
    return status;
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

static int read_cancellation(struct reader *reader)
{
    static const char *const keys[] = {"at", "TerminateInstances", NULL};
    struct scenario *scenario = reader->scenario;
    struct fleet_cancellation *cancellation = &scenario->cancellation;
    const cJSON *node = member(reader->root, "cancel_spot_fleet");
    if (!node)
        return STATUS_OK;
    int status = reader_keys(reader, node, keys);
    /* AWS requires both. */
    for (size_t i = 0; i < 2 && !status; i++) {
        if (!member(node, keys[i]))
            status = reader_fail(reader, node, "no \"%s\": add it", keys[i]);
    }
    const cJSON *at = member(node, "at");
    if (!status)
        status = reader_time(reader, at, &cancellation->time_s);
    if (!status && cancellation->time_s <= scenario->from_s)
        status = reader_fail(reader, at,
                             "is not after the scenario's \"from\": the fleet would never be "
                             "active");
    if (!status)
        status = reader_bool(reader, member(node, "TerminateInstances"),
                             &cancellation->terminate_instances);
    if (!status && cancellation->time_s >= scenario->to_s)
        add_note(scenario, false, "cancel_spot_fleet lies at or after \"to\" and is not seen");
    cancellation->given = true;
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
    if (!status)
        status = read_on_demand(reader, node);
    if (!status)
        status = read_budgets(reader, node);
    if (!status)
        status = read_capacity_rebalance(reader, node);
    if (!status)
        status = read_fleet_pools(reader, node, cap);
    if (!status)
        note_capacity_rebalance(reader);
    if (!status)
        status = check_priorities(reader, node);
    return status ? status : read_cancellation(reader);
}
