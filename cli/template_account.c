/* ballast live template: the ECS cluster, the Spot Fleet, the backup group. */
#include "base/decimal.h"
#include "template.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ECS_POLICY                                                                                 \
    "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
#define FLEET_POLICY                                                                               \
    "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonEC2SpotFleetTaggingRole"
#define IMAGE "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id"

/* Instances whose zone is drained before they end: the agent is told, or tasks die unwarned. */
static void user_data(cJSON *to)
{
    cJSON *encoded = template_object(template_object(to, "UserData"), "Fn::Base64");
    template_text(encoded, "Fn::Sub",
                  "#!/bin/sh\n"
                  "echo ECS_CLUSTER=${Cluster} >>/etc/ecs/ecs.config\n"
                  "echo ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >>/etc/ecs/ecs.config\n");
}

/* What a launch specification and a launch template's data have in common. */
static void launch(cJSON *to)
{
    template_ref(to, "ImageId", "ImageId");
    template_attribute(template_object(to, "IamInstanceProfile"), "Arn", "InstanceProfile", "Arn");
    user_data(to);
}

static void instances(struct template *template)
{
    const struct scenario *scenario = template->scenario;
    cJSON *cluster = template_resource(template, "Cluster", "AWS::ECS::Cluster");
    if (scenario->cluster.name)
        template_text(cluster, "ClusterName", scenario->cluster.name);
    template_parameter(template, "ImageId", "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>",
                       IMAGE, "The image of all instances: ECS-optimised");
    template_parameter(template, "SecurityGroup", "AWS::EC2::SecurityGroup::Id", NULL,
                       "The security group of all instances");
    cJSON *role = template_role(template, "InstanceRole", "ec2.amazonaws.com");
    template_sub(template_list(role, "ManagedPolicyArns"), NULL, ECS_POLICY);
    cJSON *profile = template_resource(template, "InstanceProfile", "AWS::IAM::InstanceProfile");
    template_ref(template_list(profile, "Roles"), NULL, "InstanceRole");
}

/* ---- the fleet --------------------------------------------------------------------------------
 */

static void specification(struct template *template, const struct fleet_pool *pool, cJSON *list)
{
    char subnet[80];
    cJSON *item = template_object(list, NULL);
    template_text(item, "InstanceType", pool->instance_type);
    template_micro(item, "WeightedCapacity", pool->weight_micro, false);
    if (pool->cap_per_unit_micro_usd >= 0)
        template_micro(item, "SpotPrice", pool->cap_per_unit_micro_usd, true);
    template_subnet(template, pool->zone, subnet);
    template_ref(item, "SubnetId", subnet);
    if (template->scenario->fleet.launch_templates) {
        if (pool->priority != PRIORITY_NONE)
            template_whole(item, "Priority", pool->priority);
        return;
    }
    launch(item);
    cJSON_AddBoolToObject(template_object(item, "Monitoring"), "Enabled", true);
    cJSON *groups = template_list(item, "SecurityGroups");
    template_ref(template_object(groups, NULL), "GroupId", "SecurityGroup");
}

/* A launch template with what all have in common; `type` may be NULL. */
static void launch_template(struct template *template, const char *name, const char *type)
{
    cJSON *properties = template_resource(template, name, "AWS::EC2::LaunchTemplate");
    cJSON *data = template_object(properties, "LaunchTemplateData");
    if (type)
        template_text(data, "InstanceType", type);
    launch(data);
    cJSON_AddBoolToObject(template_object(data, "Monitoring"), "Enabled", true);
    template_ref(template_list(data, "SecurityGroupIds"), NULL, "SecurityGroup");
}

static void version_of(cJSON *to, const char *template)
{
    template_ref(to, "LaunchTemplateId", template);
    template_attribute(to, "Version", template, "LatestVersionNumber");
}

static void terms(const struct spot_fleet *fleet, cJSON *config)
{
    if (fleet->strategy == STRATEGY_LOWEST_PRICE)
        template_whole(config, "InstancePoolsToUseCount", fleet->pools_to_use);
    if (fleet->on_demand_micro)
        template_whole(config, "OnDemandTargetCapacity", fleet->on_demand_micro / MICRO);
    if (fleet->on_demand_prioritized)
        template_text(config, "OnDemandAllocationStrategy", "prioritized");
    if (fleet->spot_budget_micro_usd)
        template_micro(config, "SpotMaxTotalPrice", fleet->spot_budget_micro_usd, true);
    if (fleet->on_demand_budget_micro_usd)
        template_micro(config, "OnDemandMaxTotalPrice", fleet->on_demand_budget_micro_usd, true);
    if (fleet->replacement == REPLACEMENT_NONE)
        return;
    bool wait = fleet->replacement == REPLACEMENT_LAUNCH_BEFORE_TERMINATE;
    cJSON *rebalance =
        template_object(template_object(config, "SpotMaintenanceStrategies"), "CapacityRebalance");
    template_text(rebalance, "ReplacementStrategy", wait ? "launch-before-terminate" : "launch");
    if (wait)
        template_whole(rebalance, "TerminationDelay", fleet->termination_delay_s);
}

static void spot_fleet(struct template *template)
{
    const struct spot_fleet *fleet = &template->scenario->fleet;
    cJSON *role = template_role(template, "FleetRole", "spotfleet.amazonaws.com");
    template_sub(template_list(role, "ManagedPolicyArns"), NULL, FLEET_POLICY);
    cJSON *properties = template_resource(template, "SpotFleet", "AWS::EC2::SpotFleet");
    cJSON *config = template_object(properties, "SpotFleetRequestConfigData");
    template_attribute(config, "IamFleetRole", "FleetRole", "Arn");
    template_whole(config, "TargetCapacity", fleet->target_micro / MICRO);
    template_text(config, "AllocationStrategy", allocation_strategy_names[fleet->strategy]);
    template_text(config, "Type", fleet->type == FLEET_REQUEST ? "request" : "maintain");
    template_text(config, "ExcessCapacityTerminationPolicy",
                  fleet->excess_no_termination ? "noTermination" : "default");
    cJSON_AddBoolToObject(config, "TerminateInstancesWithExpiration",
                          fleet->terminate_with_expiration);
    terms(fleet, config);
    cJSON *list = NULL;
    if (fleet->launch_templates) {
        launch_template(template, "FleetTemplate", NULL);
        cJSON *item = template_object(template_list(config, "LaunchTemplateConfigs"), NULL);
        version_of(template_object(item, "LaunchTemplateSpecification"), "FleetTemplate");
        list = template_list(item, "Overrides");
    } else {
        list = template_list(config, "LaunchSpecifications");
    }
    for (size_t i = 0; i < fleet->pool_count; i++)
        specification(template, &fleet->pools[i], list);
    template_ref(template_object(template->outputs, "Fleet"), "Value", "SpotFleet");
}

/* ---- the group --------------------------------------------------------------------------------
 */

static void count(cJSON *to, const char *name, int64_t value)
{
    template_micro(to, name, value * MICRO, true);
}

static void backup_group(struct template *template)
{
    const struct backup_group *group = &template->scenario->group;
    launch_template(template, "BackupTemplate", group->instance_type);
    cJSON *properties =
        template_resource(template, "BackupGroup", "AWS::AutoScaling::AutoScalingGroup");
    if (group->name && *group->name)
        template_text(properties, "AutoScalingGroupName", group->name);
    count(properties, "MinSize", group->min_size);
    count(properties, "MaxSize", group->max_size);
    count(properties, "Cooldown", group->default_cooldown_s);
    version_of(template_object(properties, "LaunchTemplate"), "BackupTemplate");
    cJSON *subnets = template_list(properties, "VPCZoneIdentifier");
    for (size_t i = 0; i < group->zone_count; i++) {
        char subnet[80];
        template_subnet(template, group->zones[i], subnet);
        template_ref(subnets, NULL, subnet);
    }
    template_ref(template_object(template->outputs, "Group"), "Value", "BackupGroup");
}

void template_account(struct template *template)
{
    instances(template);
    spot_fleet(template);
    backup_group(template);
    template_ref(template_object(template->outputs, "ClusterName"), "Value", "Cluster");
}
