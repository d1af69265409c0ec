/* The backup: an Auto Scaling group as `aws autoscaling create-auto-scaling-group --cli-input-json`
 * takes it, and what it launches. */
#include "base/decimal.h"
#include "base/memory.h"
#include "scenario/parts.h"

#include <stdlib.h>
#include <string.h>

static const char *const group_modelled[] = {
    "AutoScalingGroupName",
    "AvailabilityZoneIds",
    "AvailabilityZones",
    "DefaultCooldown",
    "DesiredCapacity",
    "MaxSize",
    "MinSize",
    "VPCZoneIdentifier",
    "MixedInstancesPolicy",
    NULL,
};

/* User data is left out where nobody looks at it. */
static const char *const launch_modelled[] = {"UserData", "InstanceType", "SpotPrice", NULL};

static bool has_zone(const struct backup_group *group, const char *zone)
{
    for (size_t i = 0; i < group->zone_count; i++) {
        if (strcmp(group->zones[i], zone) == 0)
            return true;
    }
    return false;
}

static void add_zone(struct backup_group *group, size_t *capacity, const char *zone)
{
    if (!has_zone(group, zone))
        ARRAY_PUSH(group->zones, group->zone_count, *capacity, memory_copy_text(zone));
}

static int zones_of_list(struct reader *reader, size_t *capacity, const cJSON *list)
{
    int status = reader_list(reader, list, 100);
    for (const cJSON *node = status ? NULL : list->child; node && !status; node = node->next) {
        const char *zone = NULL;
        status = reader_string(reader, node, &zone);
        if (!status)
            add_zone(&reader->scenario->group, capacity, zone);
    }
    return status;
}

static int zones_of_subnets(struct reader *reader, size_t *capacity, const cJSON *node)
{
    const char *cursor = NULL;
    int status = reader_string(reader, node, &cursor);
    char subnet[256];
    while (!status && next_piece(&cursor, subnet)) {
        const char *zone = NULL;
        status = subnet_zone(reader, node, subnet, &zone);
        if (!status)
            add_zone(&reader->scenario->group, capacity, zone);
    }
    return status;
}

/* AvailabilityZones say it outright (describe output has them beside the subnets); else the
 * subnets. */
static int read_zones(struct reader *reader, const cJSON *node)
{
    struct backup_group *group = &reader->scenario->group;
    size_t capacity = 0;
    int status = STATUS_OK;
    const cJSON *zones = member(node, "AvailabilityZones");
    if (!zones || (cJSON_IsArray(zones) && !zones->child))
        zones = member(node, "AvailabilityZoneIds");
    const cJSON *subnets = member(node, "VPCZoneIdentifier");
    if (zones)
        status = zones_of_list(reader, &capacity, zones);
    if (!status && group->zone_count == 0 && subnets &&
        !(cJSON_IsString(subnets) && !*subnets->valuestring))
        status = zones_of_subnets(reader, &capacity, subnets);
    if (!status && group->zone_count == 0) {
        add_zone(group, &capacity, "");
        add_note(reader->scenario, false,
                 "the backup group names neither AvailabilityZones nor VPCZoneIdentifier: all "
                 "its instances are in one zone without a name");
    }
    return status;
}

/* What would change the simulated group's behaviour but is not modelled is said aloud. */
static void note_unmodelled(struct reader *reader, const cJSON *node)
{
    static const struct {
        const char *key;
        const char *text;
    } doubts[] = {
        {"SuspendedProcesses", "the simulated group has no suspended processes"},
        {"LifecycleHookSpecificationList",
         "lifecycle hooks are not modelled: put the time they take into "
         "account.on_demand_launch_delay_s"},
        {"NewInstancesProtectedFromScaleIn", "scale-in protection is not modelled"},
        {"MaxInstanceLifetime", "a maximum instance lifetime is not modelled"},
        {"WarmPoolConfiguration", "warm pools are not modelled"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(doubts); i++) {
        const cJSON *value = member(node, doubts[i].key);
        bool idle = !value || cJSON_IsFalse(value) || cJSON_IsNull(value) ||
                    (cJSON_IsNumber(value) && value->valuedouble == 0) ||
                    ((cJSON_IsArray(value) || cJSON_IsObject(value)) && !value->child);
        if (!idle)
            add_note(reader->scenario, true, "backup_group: %s: %s", doubts[i].key, doubts[i].text);
    }
    const cJSON *policies = member(node, "TerminationPolicies");
    for (const cJSON *p = policies ? policies->child : NULL; p; p = p->next) {
        if (!cJSON_IsString(p) || strcmp(p->valuestring, "Default") != 0) {
            add_note(reader->scenario, true,
                     "backup_group: only the termination policy Default is modelled; the "
                     "simulated group uses it");
            return;
        }
    }
}

static int read_sizes(struct reader *reader, const cJSON *node)
{
    struct backup_group *group = &reader->scenario->group;
    const cJSON *min = member(node, "MinSize");
    const cJSON *max = member(node, "MaxSize");
    if (!min || !max)
        return reader_fail(reader, node, "no %s: add it", min ? "MaxSize" : "MinSize");
    int status = reader_int64(reader, min, 0, INSTANCES_MAX, &group->min_size);
    if (!status)
        status = reader_int64(reader, max, 0, INSTANCES_MAX, &group->max_size);
    if (!status && group->max_size < group->min_size)
        status = reader_fail(reader, max, "%lld is below MinSize %lld", (long long)group->max_size,
                             (long long)group->min_size);
    group->desired_capacity = group->min_size;
    const cJSON *desired = member(node, "DesiredCapacity");
    if (!status && desired) {
        status = reader_int64(reader, desired, 0, INSTANCES_MAX, &group->desired_capacity);
        if (!status && (group->desired_capacity < group->min_size ||
                        group->desired_capacity > group->max_size))
            status = reader_fail(reader, desired, "%lld is outside MinSize %lld to MaxSize %lld",
                                 (long long)group->desired_capacity, (long long)group->min_size,
                                 (long long)group->max_size);
    }
    group->default_cooldown_s = 300;
    const cJSON *cooldown = member(node, "DefaultCooldown");
    if (!status && cooldown)
        status = reader_int64(reader, cooldown, 0, COOLDOWN_MAX_S, &group->default_cooldown_s);
    return status;
}

static int read_group_file(struct reader *reader, const cJSON *node)
{
    struct backup_group *group = &reader->scenario->group;
    int status = reader_aws(reader, node, "AutoScalingGroup", group_modelled, "backup_group.group");
    if (status)
        return status;
    if (member(node, "MixedInstancesPolicy"))
        return reader_fail(reader, member(node, "MixedInstancesPolicy"),
                           "a backup is a group of one on-demand instance type: a mixed-instances "
                           "group stands in \"mixed_group\", in place of fleet and backup");
    const char *name = "backup";
    const cJSON *name_node = member(node, "AutoScalingGroupName");
    if (name_node)
        status = reader_string(reader, name_node, &name);
    if (!status) {
        group->name = memory_copy_text(name);
        status = read_sizes(reader, node);
    }
    if (!status)
        status = read_zones(reader, node);
    if (!status)
        note_unmodelled(reader, node);
    return status;
}

static int read_launch(struct reader *reader, const cJSON *node)
{
    int status =
        reader_aws(reader, node, "Launch", launch_modelled + !reader_at(reader, "cluster.name"),
                   "backup_group.launch");
    if (status)
        return status;
    const cJSON *spot = member(node, "SpotPrice");
    if (!spot && cJSON_IsObject(member(node, "InstanceMarketOptions")))
        spot = member(member(node, "InstanceMarketOptions"), "MarketType");
    if (spot)
        return reader_fail(reader, spot,
                           "the backup launches spot instances by this: an on-demand group is what "
                           "is simulated");
    const cJSON *type = member(node, "InstanceType");
    if (!type)
        return reader_fail(reader, node, "no InstanceType: name what the backup launches");
    const char *text = NULL;
    status = reader_string(reader, type, &text);
    if (!status)
        reader->scenario->group.instance_type = memory_copy_text(text);
    return status;
}

int read_group(struct reader *reader)
{
    static const char *const keys[] = {"group", "launch", "units_per_instance", NULL};
    struct backup_group *group = &reader->scenario->group;
    const cJSON *node = member(reader->root, "backup_group");
    if (!node)
        return reader_fail(reader, reader->root,
                           "no \"backup_group\": give it a \"group\" and its \"launch\"");
    int status = reader_keys(reader, node, keys);
    if (status)
        return status;
    for (size_t i = 0; i < 2; i++) {
        if (!member(node, keys[i]))
            return reader_fail(reader, node, "no \"%s\": add it", keys[i]);
    }
    status = read_group_file(reader, member(node, "group"));
    if (!status)
        status = read_launch(reader, member(node, "launch"));
    group->units_per_instance_micro = 4 * (int64_t)MICRO;
    const cJSON *units = member(node, "units_per_instance");
    if (!status && units)
        status = reader_decimal(reader, units, 1, TARGET_MAX_UNITS * (int64_t)MICRO,
                                &group->units_per_instance_micro);
    return status;
}
