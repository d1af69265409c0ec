/* EC2: the Spot Fleet as it is described, and its instances. */
#include "twin/twin_parts.h"

#include "base/decimal.h"
#include "base/memory.h"

#include <string.h>

/* What AWS calls the state of the request. */
const char *fleet_state(const struct fleet_seen *fleet)
{
    if (fleet->ended == END_STILL_RUNNING)
        return fleet->active ? "active" : "submitted";
    if (fleet->instances == 0)
        return "cancelled";
    return fleet->end_terminates ? "cancelled_terminating" : "cancelled_running";
}

static const char *activity_status(const struct fleet_seen *fleet)
{
    if (fleet->noticed)
        return "pending_termination";
    return fleet->fulfilled_micro >= fleet->target_micro ? "fulfilled" : "pending_fulfillment";
}

static void put_usd(struct put to, const char *name, int64_t micro_usd)
{
    put_textf(to, name, "%lld.%06lld", (long long)(micro_usd / MICRO),
              (long long)(micro_usd % MICRO));
}

/* One specification for each pool, with its zone: what the request's list comes to. */
static void put_specifications(struct call *call, const struct spot_fleet *request,
                               struct put config)
{
    struct put list = put_list(config, "launchSpecifications");
    for (size_t i = 0; i < request->pool_count; i++) {
        const struct fleet_pool *pool = &request->pools[i];
        struct put item = put_object(list, NULL);
        put_text(item, "instanceType", pool->instance_type);
        put_micro(item, "weightedCapacity", pool->weight_micro);
        if (pool->cap_per_unit_micro_usd >= 0)
            put_usd(item, "spotPrice", pool->cap_per_unit_micro_usd);
        put_text(put_object(item, "placement"), "availabilityZone", pool->zone);
        put_bool(put_object(item, "monitoring"), "enabled", request->detailed_monitoring);
        put_user_data(call, item, "userData", pool->cluster);
    }
}

/* The same as the overrides of one launch template. */
static void put_overrides(const struct spot_fleet *request, struct put config)
{
    struct put item = put_object(put_list(config, "launchTemplateConfigs"), NULL);
    struct put template = put_object(item, "launchTemplateSpecification");
    put_text(template, "launchTemplateName", "twin");
    put_text(template, "version", "1");
    struct put list = put_list(item, "overrides");
    for (size_t i = 0; i < request->pool_count; i++) {
        const struct fleet_pool *pool = &request->pools[i];
        struct put override = put_object(list, NULL);
        put_text(override, "instanceType", pool->instance_type);
        if (pool->cap_per_unit_micro_usd >= 0)
            put_usd(override, "spotPrice", pool->cap_per_unit_micro_usd);
        put_text(override, "availabilityZone", pool->zone);
        put_micro(override, "weightedCapacity", pool->weight_micro);
        if (pool->priority != PRIORITY_NONE)
            put_integer(override, "priority", pool->priority);
    }
}

/* What a request seldom has. */
static void put_terms(const struct spot_fleet *request, struct put config)
{
    if (request->replacement != REPLACEMENT_NONE) {
        bool launch = request->replacement == REPLACEMENT_LAUNCH;
        struct put rebalance =
            put_object(put_object(config, "spotMaintenanceStrategies"), "capacityRebalance");
        put_text(rebalance, "replacementStrategy", launch ? "launch" : "launch-before-terminate");
        if (!launch)
            put_integer(rebalance, "terminationDelay", request->termination_delay_s);
    }
    if (request->spot_budget_micro_usd)
        put_usd(config, "spotMaxTotalPrice", request->spot_budget_micro_usd);
    if (request->on_demand_budget_micro_usd)
        put_usd(config, "onDemandMaxTotalPrice", request->on_demand_budget_micro_usd);
    if (request->on_demand_prioritized)
        put_text(config, "onDemandAllocationStrategy", "prioritized");
}

static void put_config(struct call *call, const struct fleet_seen *fleet, struct put item)
{
    const struct spot_fleet *request = fleet->request;
    struct put config = put_object(item, "spotFleetRequestConfig");
    put_text(config, "allocationStrategy", allocation_strategy_names[request->strategy]);
    put_text(config, "type", request->type == FLEET_REQUEST ? "request" : "maintain");
    put_integer(config, "targetCapacity", fleet->target_micro / MICRO);
    put_micro(config, "fulfilledCapacity", fleet->fulfilled_micro);
    put_integer(config, "onDemandTargetCapacity", fleet->on_demand_target_micro / MICRO);
    put_micro(config, "onDemandFulfilledCapacity", fleet->on_demand_fulfilled_micro);
    put_text(config, "excessCapacityTerminationPolicy",
             fleet->excess_no_termination ? "noTermination" : "default");
    put_bool(config, "terminateInstancesWithExpiration", request->terminate_with_expiration);
    put_textf(config, "iamFleetRole", "arn:aws:iam::%s:role/aws-ec2-spot-fleet-tagging-role",
              call->twin->names.account);
    if (request->valid_from_s != INT64_MIN)
        call_put_time(call, config, "validFrom", request->valid_from_s);
    if (request->valid_until_s != INT64_MAX)
        call_put_time(call, config, "validUntil", request->valid_until_s);
    if (request->strategy == STRATEGY_LOWEST_PRICE)
        put_integer(config, "instancePoolsToUseCount", request->pools_to_use);
    put_terms(request, config);
    if (request->launch_templates)
        put_overrides(request, config);
    else
        put_specifications(call, request, config);
}

bool fleet_known(struct call *call, const char *id)
{
    if (strcmp(id, call->twin->names.fleet) == 0)
        return true;
    if (strncmp(id, "sfr-", 4) != 0)
        return call_fail(call, 400, "InvalidSpotFleetRequestId.Malformed",
                         "The spot fleet request ID '%.64s' is malformed", id);
    return call_fail(call, 400, "InvalidSpotFleetRequestId.NotFound",
                     "The spot fleet request ID '%.64s' does not exist", id);
}

bool fleet_named(struct call *call)
{
    const char *id = "";
    return call_need(call, call->input, "SpotFleetRequestId") &&
           call_text(call, call->input, "SpotFleetRequestId", &id) && fleet_known(call, id);
}

bool fleet_describe(struct call *call)
{
    const struct tree *ids = NULL;
    const char *id = NULL;
    struct page page;
    struct fleet_seen fleet;
    if (!call_list(call, call->input, "SpotFleetRequestId", &ids) ||
        !call_page(call, "MaxResults", 1000, 1, 1000, "NextToken", &page))
        return false;
    for (const struct tree *at = ids; at; at = at->next) {
        if (!tree_text(at, &id))
            return call_bad_value(call, "SpotFleetRequestId is a list of texts.");
        if (!fleet_known(call, id))
            return false;
    }
    simulation_fleet(call->twin->simulation, &fleet);
    struct put list = put_list(call->output, "spotFleetRequestConfigSet");
    if (page.from == 0) {
        struct put item = put_object(list, NULL);
        put_text(item, "spotFleetRequestId", call->twin->names.fleet);
        put_text(item, "spotFleetRequestState", fleet_state(&fleet));
        if (fleet.active)
            put_text(item, "activityStatus", activity_status(&fleet));
        call_put_time(call, item, "createTime", call->twin->fleet_since_s);
        put_config(call, &fleet, item);
    }
    return true;
}

bool fleet_instances(struct call *call)
{
    const struct simulation *simulation = call->twin->simulation;
    struct page page;
    size_t seen = 0;
    if (!fleet_named(call) || !call_page(call, "MaxResults", 1000, 1, 1000, "NextToken", &page))
        return false;
    put_text(call->output, "spotFleetRequestId", call->twin->names.fleet);
    struct put list = put_list(call->output, "activeInstanceSet");
    size_t count = simulation_instance_count(simulation);
    for (size_t i = 0; i < count; i++) {
        struct instance_seen instance;
        char id[ID_SIZE];
        simulation_instance(simulation, i, &instance);
        if (!instance.of_fleet || instance.running_s == RECORD_NEVER ||
            instance.ended_s != RECORD_NEVER || seen++ < page.from)
            continue;
        if (seen > page.from + page.limit) {
            call_put_token(call, "nextToken", &page, page.from + page.limit);
            break;
        }
        struct put item = put_object(list, NULL);
        put_text(item, "instanceId", instance_id(i, id));
        put_text(item, "instanceType", instance.instance_type);
        if (instance.kind == RECORD_SPOT)
            put_textf(item, "spotInstanceRequestId", "sir-%08zx", i + 1);
        put_text(item, "instanceHealth", "healthy");
    }
    return true;
}
