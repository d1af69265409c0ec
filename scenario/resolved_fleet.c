/* The resolved scenario's Spot Fleet and how it is modified. */
#include "base/decimal.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "scenario/parts.h"
#include "scenario/writer.h"

#include <stdio.h>
#include <stdlib.h>

/* Pools are written as launch specifications unless the request has what these cannot say. */
static bool written_as_templates(const struct scenario *scenario)
{
    return scenario->fleet.strategy == STRATEGY_CAPACITY_OPTIMIZED_PRIORITIZED ||
           fleet_uses_on_demand(scenario);
}

/* What the request may cost an hour, and what of it is on-demand. */
static void write_on_demand(struct writer *writer, const cJSON *node)
{
    const struct spot_fleet *fleet = &writer->reader->scenario->fleet;
    const int64_t budgets[] = {fleet->spot_budget_micro_usd, fleet->on_demand_budget_micro_usd};
    static const char *const keys[] = {"SpotMaxTotalPrice", "OnDemandMaxTotalPrice"};
    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
        char price[DECIMAL_TEXT_SIZE];
        if (budgets[i] > 0)
            write_string(writer, keys[i], decimal_format(budgets[i], price), member(node, keys[i]));
    }
    if (!fleet_uses_on_demand(writer->reader->scenario))
        return;
    write_decimal(writer, "OnDemandTargetCapacity", fleet->on_demand_micro,
                  member(node, "OnDemandTargetCapacity"));
    write_string(writer, "OnDemandAllocationStrategy",
                 fleet->on_demand_prioritized ? "prioritized" : "lowestPrice",
                 member(node, "OnDemandAllocationStrategy"));
}

static void write_pool(struct writer *writer, size_t index, const cJSON *fleet_node)
{
    const struct spot_fleet *fleet = &writer->reader->scenario->fleet;
    const struct fleet_pool *pool = &fleet->pools[index];
    const cJSON *node = writer->reader->pool_nodes[index];
    const cJSON *zone = member(member(node, "Placement"), "AvailabilityZone");
    if (!zone)
        zone = member(node, "AvailabilityZone");
    bool as_override = written_as_templates(writer->reader->scenario);
    write_open_item(writer, index, '{');
    write_string(writer, "InstanceType", pool->instance_type, member(node, "InstanceType"));
    if (!as_override)
        write_open(writer, "Placement", '{');
    struct text quoted = {0};
    text_add_json_string(&quoted, pool->zone);
    if (zone && !member(node, "SubnetId"))
        write_string(writer, "AvailabilityZone", pool->zone, zone);
    else
        write_json(writer, "AvailabilityZone", quoted.data, VALUE_DERIVED,
                   member(node, "SubnetId") || member(node, "NetworkInterfaces")
                       ? "the zone of its subnet"
                       : "the zones of the traces");
    text_clean_up(&quoted);
    if (!as_override)
        write_close(writer, '}');
    write_decimal(writer, "WeightedCapacity", pool->weight_micro, member(node, "WeightedCapacity"));
    if (pool->cap_per_unit_micro_usd >= 0) {
        const cJSON *own = member(node, "SpotPrice");
        char price[DECIMAL_TEXT_SIZE];
        char text[DECIMAL_TEXT_SIZE + 2];
        decimal_format(pool->cap_per_unit_micro_usd, price);
        snprintf(text, sizeof text, "\"%s\"", price);
        const cJSON *given = own ? own : member(fleet_node, "SpotPrice");
        bool set = reader_kind(writer->reader, given) == DOCUMENT_SET;
        write_json(writer, "SpotPrice", text, set ? VALUE_SET : VALUE_USER,
                   own ? "" : "the request's SpotPrice");
    }
    if (as_override) {
        if (pool->priority != PRIORITY_NONE)
            write_integer(writer, "Priority", pool->priority, member(node, "Priority"));
        write_close(writer, '}');
        return;
    }
    write_user_data(writer, pool->cluster, member(node, "UserData"));
    write_open(writer, "Monitoring", '{');
    const cJSON *monitoring = member(member(node, "Monitoring"), "Enabled");
    if (cJSON_IsTrue(monitoring) && !fleet->detailed_monitoring)
        write_json(writer, "Enabled", "false", VALUE_DERIVED,
                   "counted only if every launch specification enables it");
    else
        write_bool(writer, "Enabled", fleet->detailed_monitoring, monitoring);
    write_close(writer, '}');
    write_close(writer, '}');
}

void write_fleet(struct writer *writer)
{
    const struct spot_fleet *fleet = &writer->reader->scenario->fleet;
    const cJSON *node = reader_at(writer->reader, "spot_fleet");
    write_open(writer, "spot_fleet", '{');
    write_string(writer, "Type", fleet->type == FLEET_MAINTAIN ? "maintain" : "request",
                 member(node, "Type"));
    write_string(writer, "AllocationStrategy", allocation_strategy_names[fleet->strategy],
                 member(node, "AllocationStrategy"));
    if (fleet->pools_to_use > 1)
        write_integer(writer, "InstancePoolsToUseCount", fleet->pools_to_use,
                      member(node, "InstancePoolsToUseCount"));
    write_decimal(writer, "TargetCapacity", fleet->target_micro, member(node, "TargetCapacity"));
    write_on_demand(writer, node);
    write_capacity_rebalance(writer, node);
    write_string(writer, "ExcessCapacityTerminationPolicy",
                 fleet->excess_no_termination ? "noTermination" : "default",
                 member(node, "ExcessCapacityTerminationPolicy"));
    write_bool(writer, "TerminateInstancesWithExpiration", fleet->terminate_with_expiration,
               member(node, "TerminateInstancesWithExpiration"));
    if (fleet->valid_from_s != INT64_MIN)
        write_time(writer, "ValidFrom", fleet->valid_from_s, member(node, "ValidFrom"));
    if (fleet->valid_until_s != INT64_MAX)
        write_time(writer, "ValidUntil", fleet->valid_until_s, member(node, "ValidUntil"));
    bool templates = written_as_templates(writer->reader->scenario);
    write_open(writer, templates ? "LaunchTemplateConfigs" : "LaunchSpecifications", '[');
    if (templates) {
        write_open_item(writer, 0, '{');
        write_open(writer, "Overrides", '[');
    }
    for (size_t i = 0; i < fleet->pool_count; i++)
        write_pool(writer, i, node);
    if (templates) {
        write_close(writer, ']');
        write_close(writer, '}');
    }
    write_close(writer, ']');
    write_close(writer, '}');
}

void write_modifications(struct writer *writer)
{
    const struct scenario *scenario = writer->reader->scenario;
    const cJSON *given = reader_at(writer->reader, "modify_spot_fleet");
    if (scenario->target_follows_demand) {
        write_string(writer, "modify_spot_fleet", "follow-demand", given);
        return;
    }
    bool on_demand = fleet_uses_on_demand(scenario);
    struct text json = {0};
    text_add(&json, "[");
    for (size_t i = 0; i < scenario->modification_count; i++) {
        const struct fleet_modification *change = &scenario->modifications[i];
        char time[TIMESTAMP_TEXT_SIZE];
        char target[DECIMAL_TEXT_SIZE];
        text_addf(&json, "%s{\"at\":\"%s\"", i ? "," : "", timestamp_format(change->time_s, time));
        if (change->target_micro != TARGET_KEPT)
            text_addf(&json, ",\"TargetCapacity\":%s",
                      decimal_format(change->target_micro, target));
        if (on_demand)
            text_addf(&json, ",\"OnDemandTargetCapacity\":%s",
                      decimal_format(change->on_demand_micro, target));
        text_addf(&json, ",\"ExcessCapacityTerminationPolicy\":\"%s\"}",
                  change->excess_no_termination ? "noTermination" : "default");
    }
    text_add(&json, "]");
    char *summary = memory_format("%zu changes", scenario->modification_count);
    write_long(writer, "modify_spot_fleet", json.data, summary, given);
    free(summary);
    text_clean_up(&json);
}

void write_cancellation(struct writer *writer)
{
    const struct fleet_cancellation *cancellation = &writer->reader->scenario->cancellation;
    const cJSON *given = reader_at(writer->reader, "cancel_spot_fleet");
    if (!cancellation->given)
        return;
    write_open(writer, "cancel_spot_fleet", '{');
    write_time(writer, "at", cancellation->time_s, member(given, "at"));
    write_bool(writer, "TerminateInstances", cancellation->terminate_instances,
               member(given, "TerminateInstances"));
    write_close(writer, '}');
}
