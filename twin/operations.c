/* Every operation there is, in one table; and STS's one. */
#include "twin/twin_parts.h"

#include "base/memory.h"

#include <string.h>

static const struct operation operations[] = {
    {AWS_STS, "GetCallerIdentity", sts_get_caller_identity, false, CALL_ANY},
    {AWS_AUTO_SCALING, "DescribeAutoScalingGroups", group_describe, false,
     CALL_DESCRIBE_AUTO_SCALING_GROUPS},
    {AWS_AUTO_SCALING, "SetDesiredCapacity", group_set_desired_capacity, true,
     CALL_SET_DESIRED_CAPACITY},
    {AWS_AUTO_SCALING, "CreateAutoScalingGroup", group_create, true, CALL_ANY},
    {AWS_AUTO_SCALING, "DeleteAutoScalingGroup", group_delete, true, CALL_ANY},
    {AWS_AUTO_SCALING, "UpdateAutoScalingGroup", group_update, true, CALL_ANY},
    {AWS_AUTO_SCALING, "DescribeScalingActivities", group_activities, false, CALL_ANY},
    {AWS_AUTO_SCALING, "DescribeLaunchConfigurations", launch_configurations, false, CALL_ANY},
    /* Faults fall on the metrics these two ask for. */
    {AWS_CLOUDWATCH, "GetMetricStatistics", cloudwatch_get_metric_statistics, false, CALL_ANY},
    {AWS_CLOUDWATCH, "GetMetricData", cloudwatch_get_metric_data, false, CALL_ANY},
    {AWS_CLOUDWATCH, "PutMetricData", cloudwatch_put_metric_data, true, CALL_ANY},
    {AWS_CLOUDWATCH, "ListMetrics", cloudwatch_list_metrics, false, CALL_ANY},
    {AWS_ECS, "DescribeClusters", ecs_describe_clusters, false, CALL_DESCRIBE_CLUSTERS},
    {AWS_EC2, "DescribeSpotFleetRequests", fleet_describe, false,
     CALL_DESCRIBE_SPOT_FLEET_REQUESTS},
    {AWS_EC2, "DescribeSpotFleetInstances", fleet_instances, false, CALL_ANY},
    {AWS_EC2, "DescribeSpotFleetRequestHistory", fleet_history, false, CALL_ANY},
    {AWS_EC2, "ModifySpotFleetRequest", fleet_modify_request, false,
     CALL_MODIFY_SPOT_FLEET_REQUEST},
    {AWS_EC2, "RequestSpotFleet", fleet_request, false, CALL_ANY},
    {AWS_EC2, "CancelSpotFleetRequests", fleet_cancel, false, CALL_ANY},
    {AWS_EC2, "DescribeInstances", instances_describe, false, CALL_ANY},
    {AWS_EC2, "DescribeLaunchTemplateVersions", launch_template_versions, false, CALL_ANY},
    {AWS_EC2, "DescribeSpotPriceHistory", price_history, false, CALL_DESCRIBE_SPOT_PRICE_HISTORY},
};

const struct operation *operation_find(enum aws_service service, const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(operations); i++) {
        if (operations[i].service == service && strcmp(operations[i].name, name) == 0)
            return &operations[i];
    }
    return NULL;
}

bool sts_get_caller_identity(struct call *call)
{
    const char *account = call->twin->names.account;
    put_textf(call->output, "Arn", "arn:aws:iam::%s:user/twin", account);
    put_text(call->output, "UserId", "AIDATWIN000000000000");
    put_text(call->output, "Account", account);
    return true;
}
