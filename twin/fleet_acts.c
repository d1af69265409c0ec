/* EC2: what can be done to the Spot Fleet. */
#include "twin/twin_parts.h"

#include "base/decimal.h"

#include <string.h>

enum { TARGET_MAX = 1000000 };

/* "default" and "noTermination", also as the CLI spells them. */
static bool read_excess_policy(struct call *call, bool *no_termination)
{
    const char *policy = NULL;
    if (!call_text(call, call->input, "ExcessCapacityTerminationPolicy", &policy))
        return false;
    if (!policy)
        return true;
    *no_termination = strcmp(policy, "noTermination") == 0 || strcmp(policy, "NoTermination") == 0;
    if (*no_termination || strcmp(policy, "default") == 0 || strcmp(policy, "Default") == 0)
        return true;
    return call_bad_value(call,
                          "Value (%.32s) for parameter excessCapacityTerminationPolicy is "
                          "invalid.",
                          policy);
}

bool fleet_modify_request(struct call *call)
{
    struct simulation *simulation = call->twin->simulation;
    struct fleet_seen fleet;
    simulation_fleet(simulation, &fleet);
    int64_t target = fleet.target_micro / MICRO;
    int64_t on_demand = fleet.on_demand_base_micro / MICRO;
    bool no_termination = fleet.excess_no_termination;
    if (!fleet_named(call) ||
        !call_int64(call, call->input, "TargetCapacity", 0, TARGET_MAX, &target) ||
        !call_int64(call, call->input, "OnDemandTargetCapacity", 0, TARGET_MAX, &on_demand) ||
        !read_excess_policy(call, &no_termination))
        return false;
    if (tree_find(call->input, "LaunchTemplateConfig"))
        return call_bad_value(call, "The twin does not change launch templates of a fleet.");
    if (on_demand > 0 && !fleet.request->launch_templates)
        return call_fail(call, 400, "InvalidParameterCombination",
                         "OnDemandTargetCapacity needs a request with LaunchTemplateConfigs.");
    if (fleet.active && fleet.request->type == FLEET_MAINTAIN && target > FLEET_TARGET_MOST)
        return call_fail(call, 400, "MaxSpotFleetRequestCountExceeded",
                         "A fleet's target capacity is at most %d.", FLEET_TARGET_MOST);
    if (simulation_modify_fleet(simulation, target * MICRO, on_demand * MICRO, no_termination) !=
        CLOUD_ACCEPTED)
        return call_fail(call, 400, "fleetNotInModifiableState",
                         "The Spot Fleet request must be active, and of the type maintain, in "
                         "order to be modified.");
    put_bool(call->output, "return", true);
    return true;
}

static void put_unsuccessful(struct call *call, struct put list, const char *id)
{
    bool ours = fleet_known(call, id);
    bool malformed = strcmp(call->error.code, "InvalidSpotFleetRequestId.Malformed") == 0;
    struct put item = put_object(list, NULL);
    struct put error = put_object(item, "error");
    put_text(error, "code",
             ours        ? "fleetRequestNotInCancellableState"
             : malformed ? "fleetRequestIdMalformed"
                         : "fleetRequestIdDoesNotExist");
    put_text(error, "message",
             ours ? "The fleet request is not in a state in which it can be cancelled."
                  : call->error.message);
    put_text(item, "spotFleetRequestId", id);
    call->error.code[0] = '\0';
}

bool fleet_cancel(struct call *call)
{
    struct simulation *simulation = call->twin->simulation;
    const struct tree *ids = NULL;
    bool terminate = false;
    const char *id = "";
    if (!call_need(call, call->input, "SpotFleetRequestId") ||
        !call_need(call, call->input, "TerminateInstances") ||
        !call_list(call, call->input, "SpotFleetRequestId", &ids) ||
        !call_bool(call, call->input, "TerminateInstances", &terminate))
        return false;
    struct put done = put_list(call->output, "successfulFleetRequestSet");
    struct put undone = put_list(call->output, "unsuccessfulFleetRequestSet");
    for (const struct tree *at = ids; at; at = at->next) {
        struct fleet_seen fleet;
        if (!tree_text(at, &id))
            return call_bad_value(call, "SpotFleetRequestId is a list of texts.");
        simulation_fleet(simulation, &fleet);
        const char *before = fleet_state(&fleet);
        if (strcmp(id, call->twin->names.fleet) != 0 ||
            !simulation_cancel_fleet(simulation, terminate)) {
            put_unsuccessful(call, undone, id);
            continue;
        }
        simulation_fleet(simulation, &fleet);
        struct put item = put_object(done, NULL);
        put_text(item, "currentSpotFleetRequestState", fleet_state(&fleet));
        put_text(item, "previousSpotFleetRequestState", before);
        put_text(item, "spotFleetRequestId", id);
    }
    return true;
}
