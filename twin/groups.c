/* Auto Scaling: the group. */
#include "twin/twin_parts.h"

#include "base/memory.h"

#include <inttypes.h>
#include <string.h>

/* Its state of life, or NULL where the group does not list it any more. */
static const char *lifecycle(const struct call *call, const struct instance_seen *instance)
{
    int64_t going_s = call->twin->options.scenario->account.group_termination_s;
    if (instance->ended_s != RECORD_NEVER)
        return call->now_s < instance->ended_s + going_s ? "Terminating" : NULL;
    return instance->running_s == RECORD_NEVER ? "Pending" : "InService";
}

static void put_instances(struct call *call, struct put group)
{
    const struct simulation *simulation = call->twin->simulation;
    struct put list = put_list(group, "Instances");
    size_t count = simulation_instance_count(simulation);
    for (size_t i = 0; i < count; i++) {
        struct instance_seen instance;
        char id[ID_SIZE];
        simulation_instance(simulation, i, &instance);
        const char *state = instance.of_fleet ? NULL : lifecycle(call, &instance);
        if (!state)
            continue;
        struct put item = put_object(list, NULL);
        put_text(item, "InstanceId", instance_id(i, id));
        put_text(item, "InstanceType", instance.instance_type);
        put_text(item, "AvailabilityZone", instance.zone);
        put_text(item, "LifecycleState", state);
        put_text(item, "HealthStatus", "Healthy");
        put_bool(item, "ProtectedFromScaleIn", false);
    }
}

static void put_group(struct call *call, struct put list)
{
    const struct twin *twin = call->twin;
    const struct scenario *scenario = twin->options.scenario;
    struct group_seen seen;
    simulation_group(twin->simulation, &seen);
    struct put group = put_object(list, NULL);
    put_text(group, "AutoScalingGroupName", twin->names.group);
    put_textf(group, "AutoScalingGroupARN",
              "arn:aws:autoscaling:%s:%s:autoScalingGroup:00000000-0000-4000-8000-000000000000:"
              "autoScalingGroupName/%s",
              twin->names.region, twin->names.account, twin->names.group);
    put_integer(group, "MinSize", seen.min_size);
    put_integer(group, "MaxSize", seen.max_size);
    put_integer(group, "DesiredCapacity", seen.desired_capacity);
    put_integer(group, "DefaultCooldown", seen.default_cooldown_s);
    put_text(group, "LaunchConfigurationName", twin->names.group);
    struct put zones = put_list(group, "AvailabilityZones");
    for (size_t i = 0; i < scenario->group.zone_count; i++)
        put_text(zones, NULL, scenario->group.zones[i]);
    put_text(group, "HealthCheckType", "EC2");
    put_integer(group, "HealthCheckGracePeriod", 0);
    put_instances(call, group);
    call_put_time(call, group, "CreatedTime", twin->group_since_s);
    put_list(group, "SuspendedProcesses");
    put_text(group, "VPCZoneIdentifier", "");
    put_list(group, "EnabledMetrics");
    put_list(group, "Tags");
    put_text(put_list(group, "TerminationPolicies"), NULL, "Default");
    put_bool(group, "NewInstancesProtectedFromScaleIn", false);
}

bool group_describe(struct call *call)
{
    const struct tree *names = NULL;
    const struct tree *filters = NULL;
    struct page page;
    if (!call_list(call, call->input, "AutoScalingGroupNames", &names) ||
        !call_list(call, call->input, "Filters", &filters) ||
        !call_page(call, "MaxRecords", 50, 1, 100, "NextToken", &page))
        return false;
    struct put list = put_list(call->output, "AutoScalingGroups");
    /* Filters are about tags, and it has none. */
    if (page.from == 0 && !filters && !call->twin->group_deleted &&
        call_among(names, call->twin->names.group))
        put_group(call, list);
    return true;
}

bool group_named(struct call *call)
{
    const char *name = "";
    if (!call_need(call, call->input, "AutoScalingGroupName") ||
        !call_text(call, call->input, "AutoScalingGroupName", &name))
        return false;
    if (strcmp(name, call->twin->names.group) == 0 && !call->twin->group_deleted)
        return true;
    return call_fail(call, 400, "ValidationError", "AutoScalingGroup name not found - null");
}

static bool outcome_of(struct call *call, enum cloud_outcome outcome, int64_t desired)
{
    struct group_seen seen;
    simulation_group(call->twin->simulation, &seen);
    if (outcome == CLOUD_ACCEPTED)
        return true;
    if (outcome == CLOUD_SCALING_ACTIVITY_IN_PROGRESS)
        return call_fail(call, 400, "ScalingActivityInProgress",
                         "Scaling activity %s is in progress and blocks this action",
                         activity_that_blocks(call));
    bool above = desired > seen.max_size;
    return call_fail(call, 400, "ValidationError",
                     "New SetDesiredCapacity value %" PRId64 " is %s value %" PRId64
                     " for the AutoScalingGroup.",
                     desired, above ? "above max" : "below min",
                     above ? seen.max_size : seen.min_size);
}

bool group_set_desired_capacity(struct call *call)
{
    int64_t desired = 0;
    bool honor_cooldown = false;
    if (!group_named(call) || !call_need(call, call->input, "DesiredCapacity") ||
        !call_int64(call, call->input, "DesiredCapacity", INT32_MIN, INT32_MAX, &desired) ||
        !call_bool(call, call->input, "HonorCooldown", &honor_cooldown))
        return false;
    return outcome_of(call, simulation_set_desired(call->twin->simulation, desired, honor_cooldown),
                      desired);
}

/* Other parameters of the group are read over: nothing here depends on them. */
bool group_update(struct call *call)
{
    struct simulation *simulation = call->twin->simulation;
    struct group_seen group;
    simulation_group(simulation, &group);
    int64_t desired = -1;
    if (!group_named(call) ||
        !call_int64(call, call->input, "MinSize", 0, INT32_MAX, &group.min_size) ||
        !call_int64(call, call->input, "MaxSize", 0, INT32_MAX, &group.max_size) ||
        !call_int64(call, call->input, "DefaultCooldown", 0, INT32_MAX,
                    &group.default_cooldown_s) ||
        !call_int64(call, call->input, "DesiredCapacity", 0, INT32_MAX, &desired))
        return false;
    if (group.min_size > group.max_size)
        return call_bad_value(
            call, "Max bound, %" PRId64 ", must be greater than or equal to min bound, %" PRId64,
            group.max_size, group.min_size);
    if (desired >= 0 && (desired < group.min_size || desired > group.max_size))
        return call_bad_value(call,
                              "Desired capacity:%" PRId64
                              " must be between the specified min size:%" PRId64
                              " and max size:%" PRId64,
                              desired, group.min_size, group.max_size);
    simulation_update_group(simulation, group.min_size, group.max_size, group.default_cooldown_s);
    return desired < 0 ||
           outcome_of(call, simulation_set_desired(simulation, desired, false), desired);
}
