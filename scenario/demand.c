/* What is required, and how the fleet's target follows: `demand` and `modify_spot_fleet`. */
#include "base/decimal.h"
#include "base/memory.h"
#include "scenario/parts.h"
#include "scenario/scenario_memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { MODIFICATIONS_MAX = 100000, FLEET_INSTANCES_MAX = 100000 };

/* ---- demand -------------------------------------------------------------------------------------
 */

static int read_demand_object(struct reader *reader, const cJSON *node)
{
    struct scenario *scenario = reader->scenario;
    int status = reader_object(reader, node);
    if (!status && member(node, "services"))
        return read_services(reader, node);
    struct demand_series series;
    if (!status)
        status = read_demand_form(reader, node, DEMAND_UNITS, &series);
    if (status)
        return status;
    scenario->demand_given = true;
    scenario->demand = series.steps;
    scenario->demand_count = series.count;
    scenario->demand_json = series.json;
    return STATUS_OK;
}

/* ---- the target ---------------------------------------------------------------------------------
 */

/* What of the target is on-demand, which *change has as it was before. */
static int read_on_demand_change(struct reader *reader, const cJSON *node,
                                 struct fleet_modification *change)
{
    const cJSON *on_demand = member(node, "OnDemandTargetCapacity");
    int64_t units = 0;
    if (!on_demand)
        return STATUS_OK;
    int status = reader_int64(reader, on_demand, 0, TARGET_MAX_UNITS, &units);
    change->on_demand_micro = units * MICRO;
    if (!status && units > 0 && !reader->scenario->fleet.launch_templates)
        status = reader_fail(reader, on_demand,
                             "AWS takes on-demand capacity with LaunchTemplateConfigs only");
    if (!status && change->on_demand_micro > change->target_micro)
        status = reader_fail(reader, on_demand, "is above TargetCapacity, which it is a part of");
    return status;
}

/* *change has what was in force before. */
static int read_modification(struct reader *reader, const cJSON *node,
                             struct fleet_modification *change, int64_t after_s)
{
    static const char *const keys[] = {"at", "TargetCapacity", "OnDemandTargetCapacity",
                                       "ExcessCapacityTerminationPolicy", NULL};
    struct scenario *scenario = reader->scenario;
    if (member(node, "LaunchTemplateConfigs"))
        return reader_fail(reader, member(node, "LaunchTemplateConfigs"),
                           "other launch templates in the course of a run are not simulated by "
                           "this version");
    int status = reader_keys(reader, node, keys);
    if (!status && !member(node, "at"))
        status = reader_fail(reader, node, "no \"at\": add it");
    if (!status && !member(node, keys[1]) && !member(node, keys[2]) && !member(node, keys[3]))
        status = reader_fail(reader, node, "changes nothing: no \"TargetCapacity\": add it");
    const cJSON *target = member(node, "TargetCapacity");
    int64_t units = change->target_micro / MICRO;
    if (!status)
        status = reader_time(reader, member(node, "at"), &change->time_s);
    if (!status && change->time_s < scenario->from_s)
        status = reader_fail(reader, member(node, "at"),
                             "is before the scenario's \"from\": set "
                             "spot_fleet.TargetCapacity instead");
    if (!status && change->time_s <= after_s)
        status = reader_fail(reader, member(node, "at"), "is not after the one before it");
    if (!status && target)
        status = reader_int64(reader, target, 0, TARGET_MAX_UNITS, &units);
    const cJSON *excess = member(node, "ExcessCapacityTerminationPolicy");
    if (!status && excess)
        status = read_excess_policy(reader, excess, &change->excess_no_termination);
    change->target_micro = units * MICRO;
    return status ? status : read_on_demand_change(reader, node, change);
}

static int read_modifications(struct reader *reader, const cJSON *node)
{
    struct scenario *scenario = reader->scenario;
    if (cJSON_IsString(node)) {
        if (strcmp(node->valuestring, "follow-demand") != 0)
            return reader_fail(reader, node,
                               "must be \"follow-demand\" or a list of {\"at\": "
                               "time, \"TargetCapacity\": N}");
        scenario->target_follows_demand = true;
        return STATUS_OK;
    }
    int status = reader_list(reader, node, MODIFICATIONS_MAX);
    if (status || !node->child)
        return status;
    scenario->modifications =
        memory_new((size_t)cJSON_GetArraySize(node), sizeof *scenario->modifications);
    /* ModifySpotFleetRequest keeps what it does not name. */
    struct fleet_modification change = {
        .time_s = INT64_MIN,
        .target_micro = scenario->fleet.target_micro,
        .on_demand_micro = scenario->fleet.on_demand_micro,
        .excess_no_termination = scenario->fleet.excess_no_termination,
    };
    for (const cJSON *child = node->child; child && !status; child = child->next) {
        status = read_modification(reader, child, &change, change.time_s);
        struct fleet_modification *read = &scenario->modifications[scenario->modification_count++];
        *read = change;
        if (!member(child, "TargetCapacity"))
            read->target_micro = TARGET_KEPT;
    }
    if (!status &&
        scenario->modifications[scenario->modification_count - 1].time_s >= scenario->to_s)
        add_note(reader->scenario, false,
                 "modify_spot_fleet: what comes at or after \"to\" is not seen");
    return status;
}

bool fleet_uses_on_demand(const struct scenario *scenario)
{
    bool uses = scenario->fleet.on_demand_micro > 0;
    for (size_t i = 0; i < scenario->modification_count; i++)
        uses = uses || scenario->modifications[i].on_demand_micro > 0;
    return uses;
}

/* The greatest target the fleet can come to have. */
static int64_t greatest_target(const struct scenario *scenario)
{
    int64_t greatest = scenario->fleet.target_micro;
    if (scenario->scaling.max_capacity * MICRO > greatest)
        greatest = scenario->scaling.max_capacity * MICRO;
    for (size_t i = 0; i < scenario->modification_count; i++) {
        if (scenario->modifications[i].target_micro > greatest)
            greatest = scenario->modifications[i].target_micro;
    }
    bool follows = scenario->target_follows_demand || scenario->distribution.given;
    for (size_t i = 0; follows && i < scenario->demand_count; i++) {
        if (scenario->demand[i].required_micro > greatest)
            greatest = scenario->demand[i].required_micro;
    }
    return greatest;
}

/* A target that a thousandth of a unit per instance would fill with millions of instances is a
 * mistake. */
static int check_target(struct reader *reader)
{
    const struct scenario *scenario = reader->scenario;
    int64_t target = greatest_target(scenario);
    if (target > TARGET_MAX_UNITS * (int64_t)MICRO)
        return reader_fail(reader, member(reader->root, "demand"),
                           "the fleet's target follows it, but it exceeds %d units, AWS's limit of "
                           "one fleet",
                           TARGET_MAX_UNITS);
    for (size_t i = 0; i < scenario->fleet.pool_count; i++) {
        const struct fleet_pool *pool = &scenario->fleet.pools[i];
        if (target / pool->weight_micro > FLEET_INSTANCES_MAX)
            return reader_fail(reader, member(reader->root, "spot_fleet"),
                               "a target of %lld units needs more than %d instances of %s at this "
                               "WeightedCapacity",
                               (long long)(target / MICRO), FLEET_INSTANCES_MAX,
                               pool->instance_type);
    }
    return STATUS_OK;
}

static void hash_steps(struct hash *hash, const struct demand_step *steps, size_t count)
{
    static_assert(sizeof *steps == 2 * sizeof(int64_t), "a step is its two values");
    if (count > 0)
        hash_add_int64s(hash, (const int64_t *)steps, 2 * count);
}

static void hash_demand(struct scenario *scenario)
{
    struct hash *hash = hash_new();
    hash_steps(hash, scenario->demand, scenario->demand_count);
    for (size_t i = 0; i < scenario->service_count; i++) {
        const struct cluster_service *service = &scenario->services[i];
        hash_add_string(hash, service->name);
        hash_add_int64(hash, service->cpu);
        hash_add_int64(hash, service->memory_mib);
        hash_steps(hash, service->tasks.steps, service->tasks.count);
    }
    hash_finish(hash, scenario->demand_hash);
}

/* What is required, if the scenario says it; from memory, if it was made before. */
static int read_required(struct reader *reader, const cJSON *demand)
{
    struct scenario *scenario = reader->scenario;
    struct made_demands *made = reader->memory ? reader->memory->made_demands : NULL;
    char *key = made ? made_demand_key(scenario, demand) : NULL;
    int status = STATUS_OK;
    if (!key || !made_demand_lend(made, key, scenario)) {
        status = read_demand_object(reader, demand);
        if (!status && !reader->again)
            hash_demand(scenario);
        /* What may be read anew the next time must not seem to stay. */
        if (!status && !reader->again && key && reader->all_kept)
            made_demand_keep(made, key, scenario);
    }
    free(key);
    return status;
}

int read_demand(struct reader *reader)
{
    struct scenario *scenario = reader->scenario;
    const cJSON *demand = member(reader->root, "demand");
    const cJSON *modify = member(reader->root, "modify_spot_fleet");
    int status = demand ? read_required(reader, demand) : STATUS_OK;
    if (!status && modify)
        status = read_modifications(reader, modify);
    bool scales = scenario->modification_count || scenario->target_follows_demand;
    if (!status && scales && scenario->fleet.type == FLEET_REQUEST)
        status = reader_fail(reader, modify, "a fleet of type \"request\" cannot be modified");
    if (!status && scales && !demand)
        status = reader_fail(reader, modify,
                             "the fleet's target changes, so it does not say what is required: add "
                             "\"demand\"");
    if (status)
        return status;
    if (!demand) {
        scenario->demand = memory_new(1, sizeof *scenario->demand);
        scenario->demand_count = 1;
        scenario->demand[0] = (struct demand_step){scenario->from_s, scenario->fleet.target_micro};
        if (!reader->again)
            hash_demand(scenario);
    }
    return check_target(reader);
}
