/* EC2: RequestSpotFleet. The form becomes the JSON that a scenario holds, and is read as one. */
#include "twin/twin_parts.h"

#include "base/memory.h"
#include "base/timestamp.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum member_kind { MEMBER_TEXT = 0, MEMBER_NUMBER, MEMBER_BOOL, MEMBER_TIME, MEMBER_INSIDE };

/* What the simulator knows of a request, wherever it stands; the rest is read over. */
static const struct {
    const char *name;
    enum member_kind kind;
} members[] = {
    {"AllocationStrategy", MEMBER_TEXT},
    {"AvailabilityZone", MEMBER_TEXT},
    {"CapacityRebalance", MEMBER_INSIDE},
    {"Enabled", MEMBER_BOOL},
    {"ExcessCapacityTerminationPolicy", MEMBER_TEXT},
    {"InstanceInterruptionBehavior", MEMBER_TEXT},
    {"InstancePoolsToUseCount", MEMBER_NUMBER},
    {"InstanceType", MEMBER_TEXT},
    {"LaunchSpecifications", MEMBER_INSIDE},
    {"LaunchTemplateConfigs", MEMBER_INSIDE},
    {"Monitoring", MEMBER_INSIDE},
    {"OnDemandAllocationStrategy", MEMBER_TEXT},
    {"OnDemandMaxTotalPrice", MEMBER_TEXT},
    {"OnDemandTargetCapacity", MEMBER_NUMBER},
    {"Overrides", MEMBER_INSIDE},
    {"Placement", MEMBER_INSIDE},
    {"Priority", MEMBER_NUMBER},
    {"ReplacementStrategy", MEMBER_TEXT},
    {"SpotMaintenanceStrategies", MEMBER_INSIDE},
    {"SpotMaxTotalPrice", MEMBER_TEXT},
    {"SpotPrice", MEMBER_TEXT},
    {"SubnetId", MEMBER_TEXT},
    {"TargetCapacity", MEMBER_NUMBER},
    {"TargetCapacityUnitType", MEMBER_TEXT},
    {"TerminateInstancesWithExpiration", MEMBER_BOOL},
    {"TerminationDelay", MEMBER_NUMBER},
    {"Type", MEMBER_TEXT},
    {"ValidFrom", MEMBER_TIME},
    {"ValidUntil", MEMBER_TIME},
    {"WeightedCapacity", MEMBER_NUMBER},
};

static bool add_leaf(struct call *call, struct text *json, const struct tree *leaf,
                     enum member_kind kind)
{
    const char *text = "";
    double number = 0;
    bool truth = false;
    int64_t time_s = 0;
    char time[TIMESTAMP_TEXT_SIZE];
    bool right = tree_text(leaf, &text);
    if (kind == MEMBER_NUMBER)
        right =
            right && tree_number(leaf, &number) && strspn(text, "0123456789.eE+-") == strlen(text);
    else if (kind == MEMBER_BOOL)
        right = right && tree_bool(leaf, &truth);
    else if (kind == MEMBER_TIME)
        right = right && tree_time(leaf, &time_s) && time_s - call->shift_s >= 0;
    if (!right)
        return call_fail(call, 400, "InvalidSpotFleetRequestConfig",
                         "The value \"%.64s\" of the parameter %s is not valid.", text, leaf->name);
    /* The names of strategies are a form's leaf, and so are numbers: 4.0 as well as 4. */
    if (kind == MEMBER_TIME)
        text_add_json_string(json, timestamp_format(time_s - call->shift_s, time));
    else if (kind == MEMBER_NUMBER)
        text_addf(json, "%.17g", number);
    else if (kind == MEMBER_BOOL)
        text_add(json, truth ? "true" : "false");
    else
        text_add_json_string(json, text);
    return true;
}

static bool add_node(struct call *call, struct text *json, const struct tree *node, int depth);

static bool add_member(struct call *call, struct text *json, const struct tree *child, bool *first,
                       int depth)
{
    for (size_t i = 0; i < ARRAY_LENGTH(members); i++) {
        if (strcmp(members[i].name, child->name) != 0)
            continue;
        text_add(json, *first ? "" : ",");
        text_add_json_string(json, child->name);
        text_add(json, ":");
        *first = false;
        return members[i].kind == MEMBER_INSIDE ? add_node(call, json, child, depth + 1)
                                                : add_leaf(call, json, child, members[i].kind);
    }
    return true;
}

static bool add_node(struct call *call, struct text *json, const struct tree *node, int depth)
{
    bool fine = depth < TREE_DEPTH_MAX;
    bool first = true;
    if (!fine || (node->kind != TREE_OBJECT && node->kind != TREE_LIST))
        return call_fail(call, 400, "InvalidSpotFleetRequestConfig",
                         "The request is not built as a SpotFleetRequestConfig is.");
    text_add(json, node->kind == TREE_OBJECT ? "{" : "[");
    for (const struct tree *at = node->first; at && fine; at = at->next) {
        if (node->kind == TREE_OBJECT) {
            fine = add_member(call, json, at, &first, depth);
        } else {
            text_add(json, first ? "" : ",");
            first = false;
            fine = add_node(call, json, at, depth + 1);
        }
    }
    text_add(json, node->kind == TREE_OBJECT ? "}" : "]");
    return fine;
}

/* A request of its own, with an id of its own. */
static bool take_over(struct call *call, const char *json)
{
    struct twin *twin = call->twin;
    struct error err;
    struct scenario *scenario = memory_new(1, sizeof *scenario);
    int status = twin->options.with_fleet
                     ? twin->options.with_fleet(scenario, json, twin->options.context, &err)
                     : error_set(&err, STATUS_CHECK_FAILED, "this twin takes no other fleet");
    if (!status) {
        status = simulation_request_fleet(twin->simulation, &scenario->fleet, &err);
        if (status)
            scenario_clean_up(scenario);
    }
    if (status) {
        free(scenario);
        return call_fail(call, 400,
                         status == STATUS_CHECK_FAILED ? "MaxSpotFleetRequestCountExceeded"
                                                       : "InvalidSpotFleetRequestConfig",
                         "%.500s", err.text);
    }
    ARRAY_PUSH(twin->requested, twin->requested_count, twin->requested_capacity, scenario);
    memcpy(twin->fleet_before, twin->names.fleet, sizeof twin->fleet_before);
    twin->fleet_since_s = call->now_s;
    twin->fleet_first = simulation_instance_count(twin->simulation);
    twin->fleet_changes = twin->targets.count;
    names_fleet(&twin->names, twin->options.scenario, twin->requested_count);
    return true;
}

bool fleet_request(struct call *call)
{
    struct twin *twin = call->twin;
    const struct tree *config = tree_find(call->input, "SpotFleetRequestConfig");
    const char *token = "";
    struct text json = {0};
    if (!call_need(call, call->input, "SpotFleetRequestConfig") ||
        !call_text(call, config, "ClientToken", &token))
        return false;
    /* Asked again with the token of the request that stands: the same answer. */
    bool again = *token && strcmp(token, twin->client_token) == 0;
    bool fine = again || (add_node(call, &json, config, 0) && take_over(call, json.data));
    text_clean_up(&json);
    if (!fine)
        return false;
    snprintf(twin->client_token, sizeof twin->client_token, "%s", token);
    put_text(call->output, "spotFleetRequestId", twin->names.fleet);
    return true;
}
