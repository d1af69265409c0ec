/* `mixed_group`: an Auto Scaling group with a mixed-instances policy, as
 * `aws autoscaling create-auto-scaling-group --cli-input-json` takes it.
 *
 * It is another way to say `spot_fleet`, `backup_group` and `instances_distribution`: those are put
 * into the working tree in its place, before anything of them is read. Each node so made stands,
 * for complaints and sources, where the one it is made from stood.
 */
#include "base/decimal.h"
#include "scenario/parts.h"

#include <assert.h>
#include <string.h>

static const char *const modelled[] = {
    "AutoScalingGroupName",
    "AvailabilityZones",
    "DesiredCapacity",
    "MaxSize",
    "MinSize",
    "VPCZoneIdentifier",
    "MixedInstancesPolicy.InstancesDistribution.OnDemandAllocationStrategy",
    "MixedInstancesPolicy.InstancesDistribution.OnDemandBaseCapacity",
    "MixedInstancesPolicy.InstancesDistribution.OnDemandPercentageAboveBaseCapacity",
    "MixedInstancesPolicy.InstancesDistribution.SpotAllocationStrategy",
    "MixedInstancesPolicy.InstancesDistribution.SpotInstancePools",
    "MixedInstancesPolicy.InstancesDistribution.SpotMaxPrice",
    "MixedInstancesPolicy.LaunchTemplate.Overrides.InstanceType",
    "MixedInstancesPolicy.LaunchTemplate.Overrides.WeightedCapacity",
    NULL,
};

/* What stands in the group's document. */
struct source {
    struct reader *reader;
    const cJSON *group;
    const cJSON *distribution; /* may be NULL */
    const cJSON *overrides;    /* at least one */
};

/* `node` is a copy of `like`. */
static void same_origins(struct reader *reader, const cJSON *node, const cJSON *like)
{
    reader_same_origin(reader, node, like);
    const cJSON *of = like->child;
    for (const cJSON *child = node->child; child; child = child->next, of = of->next)
        same_origins(reader, child, of);
}

/* An object or list to be filled, at the place of `like`. */
static cJSON *put_empty(struct reader *reader, cJSON *object, const char *key, cJSON *fresh,
                        const cJSON *like)
{
    reader_same_origin(reader, fresh, like);
    cJSON_AddItemToObject(object, key, fresh);
    return fresh;
}

/* A value made here: what is read is the text of a document, so it gets one. */
static cJSON *put_made(struct reader *reader, cJSON *object, const char *key, const char *json)
{
    struct json_document document;
    int status = json_parse(&document, "mixed_group", json, strlen(json), reader->err);
    assert(!status);
    (void)status;
    cJSON *fresh = reader_adopt(reader, DOCUMENT_FILE, &document);
    cJSON_AddItemToObject(object, key, fresh);
    return fresh;
}

static void put_string(struct reader *reader, cJSON *object, const char *key, const char *string)
{
    struct text quoted = {0};
    text_add_json_string(&quoted, string);
    put_made(reader, object, key, quoted.data);
    text_clean_up(&quoted);
}

/* The same of a value that no one wrote: it is not shown as the user's. */
static void put_implied(struct reader *reader, cJSON *object, const char *key, const char *json)
{
    reader->implied[reader->implied_count++] = put_made(reader, object, key, json);
}

static void put_copy(struct reader *reader, cJSON *object, const char *key, const cJSON *node)
{
    if (!node)
        return;
    cJSON *copy = cJSON_Duplicate(node, true);
    same_origins(reader, copy, node);
    cJSON_AddItemToObject(object, key, copy);
}

/* ---- the fleet ---------------------------------------------------------------------------------
 */

static int put_strategy(const struct source *from, cJSON *fleet)
{
    static const char *const words[] = {"lowest-price", "capacity-optimized",
                                        "price-capacity-optimized",
                                        "capacity-optimized-prioritized", NULL};
    static const char *const fleets[] = {"lowestPrice", "capacityOptimized",
                                         "priceCapacityOptimized"};
    static const char usual_pools[] = "2";
    enum { PRIORITIZED = 3 };
    struct reader *reader = from->reader;
    const cJSON *node = member(from->distribution, "SpotAllocationStrategy");
    const cJSON *pools = member(from->distribution, "SpotInstancePools");
    int index = 0;
    int status = node ? reader_word(reader, node, words, &index) : STATUS_OK;
    if (!status && index == PRIORITIZED)
        status =
            reader_fail(reader, node,
                        "\"capacity-optimized-prioritized\" is not simulated for a mixed group: "
                        "\"capacity-optimized\" is, without priorities");
    if (status)
        return status;
    if (node)
        put_string(reader, fleet, "AllocationStrategy", fleets[index]);
    if (index == 0 && pools)
        put_copy(reader, fleet, "InstancePoolsToUseCount", pools);
    else if (index == 0)
        put_implied(reader, fleet, "InstancePoolsToUseCount", usual_pools);
    return STATUS_OK;
}

/* Where each override may be launched. */
static void put_place(const struct source *from, cJSON *specification)
{
    struct reader *reader = from->reader;
    const cJSON *zones = member(from->group, "AvailabilityZones");
    const cJSON *subnets = member(from->group, "VPCZoneIdentifier");
    struct text list = {0};
    for (const cJSON *zone = cJSON_IsArray(zones) ? zones->child : NULL; zone; zone = zone->next) {
        if (cJSON_IsString(zone))
            text_addf(&list, "%s%s", list.size ? ", " : "", zone->valuestring);
    }
    if (list.size) {
        cJSON *placement =
            put_empty(reader, specification, "Placement", cJSON_CreateObject(), zones);
        put_string(reader, placement, "AvailabilityZone", list.data);
    } else if (cJSON_IsString(subnets) && *subnets->valuestring) {
        put_copy(reader, specification, "SubnetId", subnets);
    }
    text_clean_up(&list);
}

static int put_specifications(const struct source *from, cJSON *fleet)
{
    struct reader *reader = from->reader;
    cJSON *list =
        put_empty(reader, fleet, "LaunchSpecifications", cJSON_CreateArray(), from->overrides);
    for (const cJSON *node = from->overrides->child; node; node = node->next) {
        const cJSON *type = member(node, "InstanceType");
        if (!type)
            return reader_fail(
                reader, node,
                "no InstanceType: name one (types chosen by InstanceRequirements are "
                "not simulated)");
        cJSON *specification = cJSON_CreateObject();
        cJSON_AddItemToArray(list, specification);
        reader_same_origin(reader, specification, node);
        put_copy(reader, specification, "InstanceType", type);
        put_copy(reader, specification, "WeightedCapacity", member(node, "WeightedCapacity"));
        put_place(from, specification);
    }
    return STATUS_OK;
}

static int put_fleet(const struct source *from)
{
    struct reader *reader = from->reader;
    const cJSON *desired = member(from->group, "DesiredCapacity");
    if (!desired)
        desired = member(from->group, "MinSize");
    cJSON *fleet = put_empty(reader, reader->root, "spot_fleet", cJSON_CreateObject(), from->group);
    put_copy(reader, fleet, "TargetCapacity", desired);
    const cJSON *price = member(from->distribution, "SpotMaxPrice");
    if (price && !(cJSON_IsString(price) && !*price->valuestring)) /* "" takes a price away */
        put_copy(reader, fleet, "SpotPrice", price);
    int status = put_strategy(from, fleet);
    return status ? status : put_specifications(from, fleet);
}

/* ---- the on-demand part ------------------------------------------------------------------------
 */

static int put_group(const struct source *from)
{
    struct reader *reader = from->reader;
    const cJSON *strategy = member(from->distribution, "OnDemandAllocationStrategy");
    const cJSON *first = from->overrides->child;
    if (strategy && first->next &&
        !(cJSON_IsString(strategy) && strcmp(strategy->valuestring, "prioritized") == 0))
        return reader_fail(
            reader, strategy,
            "only \"prioritized\" is simulated: on-demand instances are of the first "
            "override's type");
    cJSON *backup =
        put_empty(reader, reader->root, "backup_group", cJSON_CreateObject(), from->group);
    cJSON *group = put_empty(reader, backup, "group", cJSON_CreateObject(), from->group);
    static const char *const keys[] = {"AutoScalingGroupName", "AvailabilityZones",
                                       "VPCZoneIdentifier", "MaxSize", NULL};
    for (const char *const *key = keys; *key; key++)
        put_copy(reader, group, *key, member(from->group, *key));
    put_implied(reader, group, "MinSize", "0");
    cJSON *launch = put_empty(reader, backup, "launch", cJSON_CreateObject(), first);
    put_copy(reader, launch, "InstanceType", member(first, "InstanceType"));
    const cJSON *weight = member(first, "WeightedCapacity");
    if (weight)
        put_copy(reader, backup, "units_per_instance", weight);
    else
        put_implied(reader, backup, "units_per_instance", "1");
    cJSON *distribution =
        put_empty(reader, reader->root, "instances_distribution", cJSON_CreateObject(),
                  from->distribution ? from->distribution : from->group);
    static const char *const parts[] = {"OnDemandBaseCapacity",
                                        "OnDemandPercentageAboveBaseCapacity", NULL};
    for (const char *const *key = parts; *key; key++)
        put_copy(reader, distribution, *key, member(from->distribution, *key));
    return STATUS_OK;
}

/* ---- all ---------------------------------------------------------------------------------------
 */

static int check(struct source *from)
{
    static const char *const others[] = {"spot_fleet", "backup_group", "instances_distribution"};
    struct reader *reader = from->reader;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        const cJSON *other = member(reader->root, others[i]);
        if (other)
            return reader_fail(reader, other,
                               "\"mixed_group\" stands in its place: keep one of them");
    }
    int status = reader_aws(reader, from->group, "AutoScalingGroup", modelled, "mixed_group");
    if (status)
        return status;
    const cJSON *policy = member(from->group, "MixedInstancesPolicy");
    if (!policy)
        return reader_fail(reader, from->group,
                           "no MixedInstancesPolicy: a group of one type is a \"backup_group\"");
    if (!member(from->group, "MinSize") || !member(from->group, "MaxSize"))
        return reader_fail(reader, from->group, "no %s: add it",
                           member(from->group, "MinSize") ? "MaxSize" : "MinSize");
    if (member(from->group, "CapacityRebalance") &&
        cJSON_IsTrue(member(from->group, "CapacityRebalance")))
        add_note(reader->scenario, true,
                 "mixed_group: CapacityRebalance is not modelled: instances are replaced only once "
                 "they have ended");
    from->distribution = member(policy, "InstancesDistribution");
    from->overrides = member(member(policy, "LaunchTemplate"), "Overrides");
    if (!cJSON_IsArray(from->overrides) || !from->overrides->child)
        return reader_fail(
            reader, from->overrides ? from->overrides : policy,
            "no LaunchTemplate.Overrides: the instance types then stand in the launch "
            "template, which is not in this file: add an override for each");
    return STATUS_OK;
}

int expand_mixed_group(struct reader *reader)
{
    struct source from = {.reader = reader, .group = member(reader->root, "mixed_group")};
    if (!from.group)
        return STATUS_OK;
    int status = check(&from);
    if (!status)
        status = put_fleet(&from);
    if (!status)
        status = put_group(&from);
    if (status)
        return status;
    int64_t min = 0;
    int64_t max = 0;
    status = reader_int64(reader, member(from.group, "MinSize"), 0, TARGET_MAX_UNITS, &min);
    if (!status)
        status = reader_int64(reader, member(from.group, "MaxSize"), min, TARGET_MAX_UNITS, &max);
    reader->mixed_min_micro = min * MICRO;
    reader->mixed_max_micro = max * MICRO;
    reader_keep(reader, cJSON_DetachItemFromObjectCaseSensitive(reader->root, "mixed_group"));
    return status;
}

int check_mixed_group(struct reader *reader)
{
    const struct scenario *scenario = reader->scenario;
    if (reader->mixed_max_micro == 0)
        return STATUS_OK;
    for (size_t i = 0; i < scenario->demand_count; i++) {
        int64_t required = scenario->demand[i].required_micro;
        if (required > reader->mixed_max_micro || required < reader->mixed_min_micro)
            return reader_fail(reader, member(reader->root, "demand"),
                               "what is required comes to %lld units, outside the mixed group's "
                               "MinSize %lld to MaxSize %lld, which it could not leave",
                               (long long)(required / MICRO),
                               (long long)(reader->mixed_min_micro / MICRO),
                               (long long)(reader->mixed_max_micro / MICRO));
    }
    return STATUS_OK;
}
