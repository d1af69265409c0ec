/* Auto Scaling: CreateAutoScalingGroup and DeleteAutoScalingGroup. */
#include "twin/twin_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool group_delete(struct call *call)
{
    struct simulation *simulation = call->twin->simulation;
    struct group_seen group;
    bool force = false;
    if (!group_named(call) || !call_bool(call, call->input, "ForceDelete", &force))
        return false;
    simulation_group(simulation, &group);
    if (!force && group.activities > 0)
        return call_fail(call, 400, "ScalingActivityInProgress",
                         "Scaling activity %s is in progress and blocks this action",
                         activity_that_blocks(call));
    if (!force && group.desired_capacity > 0)
        return call_fail(call, 400, "ResourceInUse",
                         "You cannot delete an AutoScalingGroup while there are instances in it.");
    simulation_update_group(simulation, 0, 0, group.default_cooldown_s);
    call->twin->group_deleted = true;
    return true;
}

/* The sizes; desired is the least where it is not given. */
static bool read_sizes(struct call *call, struct group_seen *group, int64_t *desired)
{
    if (!call_need(call, call->input, "MinSize") || !call_need(call, call->input, "MaxSize") ||
        !call_int64(call, call->input, "MinSize", 0, INT32_MAX, &group->min_size) ||
        !call_int64(call, call->input, "MaxSize", 0, INT32_MAX, &group->max_size))
        return false;
    *desired = group->min_size;
    group->default_cooldown_s = 300; /* documented */
    if (!call_int64(call, call->input, "DesiredCapacity", 0, INT32_MAX, desired) ||
        !call_int64(call, call->input, "DefaultCooldown", 0, INT32_MAX, &group->default_cooldown_s))
        return false;
    if (group->min_size > group->max_size)
        return call_bad_value(
            call, "Max bound, %" PRId64 ", must be greater than or equal to min bound, %" PRId64,
            group->max_size, group->min_size);
    if (*desired < group->min_size || *desired > group->max_size)
        return call_bad_value(call,
                              "Desired capacity:%" PRId64
                              " must be between the specified min size:%" PRId64
                              " and max size:%" PRId64,
                              *desired, group->min_size, group->max_size);
    return true;
}

bool group_create(struct call *call)
{
    struct twin *twin = call->twin;
    struct group_seen group;
    const char *name = "";
    int64_t desired = 0;
    if (!call_need(call, call->input, "AutoScalingGroupName") ||
        !call_text(call, call->input, "AutoScalingGroupName", &name) ||
        !read_sizes(call, &group, &desired))
        return false;
    if (!*name || strlen(name) >= sizeof twin->group_name)
        return call_bad_value(call, "AutoScalingGroupName has 1 to 255 characters.");
    if (strcmp(name, twin->names.group) == 0 && !twin->group_deleted)
        return call_fail(call, 400, "AlreadyExists",
                         "AutoScalingGroup by this name already exists - A group with the name %s "
                         "already exists",
                         name);
    if (!twin->group_deleted || !simulation_renew_group(twin->simulation))
        return call_fail(call, 400, "LimitExceeded",
                         "There is one Auto Scaling group at a time: delete the other, and wait "
                         "until its instances are gone.");
    snprintf(twin->group_name, sizeof twin->group_name, "%s", name);
    twin->names.group = twin->group_name;
    twin->group_deleted = false;
    twin->group_since_s = call->now_s;
    simulation_update_group(twin->simulation, group.min_size, group.max_size,
                            group.default_cooldown_s);
    simulation_set_desired(twin->simulation, desired, false);
    return true;
}
