/* Each call of AWS: what is sent, as AWS's own clients send it, and what is read from replies as
 * AWS writes them. */
#include "live_stage.h"

static void metric_statistics(void **state)
{
    struct stage *stage = *state;
    struct ballast_point points[11];
    size_t count = 0;
    reply(stage, "<GetMetricStatisticsResponse xmlns=\"http://monitoring.amazonaws.com/doc/"
                 "2010-08-01/\"><GetMetricStatisticsResult><Datapoints>"
                 "<member><Maximum>4.0</Maximum><Unit>Count</Unit><Timestamp>2026-01-02T03:00:00Z"
                 "</Timestamp></member><member><Unit>Count</Unit><Maximum>-1.25</Maximum>"
                 "<Timestamp>2026-01-02T02:59:00.000Z</Timestamp></member></Datapoints>"
                 "<Label>PendingCapacity</Label></GetMetricStatisticsResult></"
                 "GetMetricStatisticsResponse>");
    check(stage, aws_get_metric(&stage->client, "sfr-1", &pending, points, 11, &count,
                                &stage->error, &stage->err));
    assert_string_equal(
        stage->bodies[0],
        "Action=GetMetricStatistics&Version=2010-08-01&Namespace=AWS%2FEC2Spot&MetricName="
        "PendingCapacity&Dimensions.member.1.Name=FleetRequestId&Dimensions.member.1.Value=sfr-1&"
        "StartTime=2026-01-02T02%3A54%3A05Z&EndTime=2026-01-02T03%3A04%3A05Z&Period=60&Statistics."
        "member.1=Maximum");
    assert_non_null(strstr(stage->headers[0], "https://monitoring.us-east-1.amazonaws.com/ "));
    assert_non_null(strstr(stage->headers[0], "/us-east-1/monitoring/aws4_request"));
    assert_int_equal(count, 2);
    assert_int_equal(points[0].time_s, 1767322800);
    assert_int_equal(points[0].value_micro, 4000000);
    assert_int_equal(points[1].value_micro, -1250000);
}

static void metric_data_in_pages(void **state)
{
    struct stage *stage = *state;
    struct cloud_metric_query query = pending;
    struct ballast_point points[11];
    size_t count = 0;
    query.api = BALLAST_GET_METRIC_DATA;
    query.statistic = BALLAST_AVERAGE;
    reply(stage, "<R><GetMetricDataResult><MetricDataResults><member><Id>m1</Id><StatusCode>"
                 "PartialData</StatusCode><Timestamps><member>2026-01-02T03:00:00Z</member>"
                 "</Timestamps><Values><member>0.3333333333333333</member></Values></member>"
                 "</MetricDataResults><NextToken>t/+=</NextToken></GetMetricDataResult></R>");
    reply(stage, "<R><GetMetricDataResult><MetricDataResults><member><Id>m1</Id><StatusCode>"
                 "Complete</StatusCode><Timestamps><member>2026-01-02T02:59:00Z</member>"
                 "</Timestamps><Values><member>1.0E1</member></Values></member>"
                 "</MetricDataResults><NextToken/></GetMetricDataResult></R>");
    check(stage, aws_get_metric(&stage->client, "sfr-1", &query, points, 11, &count, &stage->error,
                                &stage->err));
    assert_int_equal(count, 2);
    assert_int_equal(points[0].value_micro, 333333);
    assert_int_equal(points[1].value_micro, 10000000);
    assert_non_null(strstr(stage->bodies[0], "&MetricDataQueries.member.1.MetricStat.Stat=Average"
                                             "&MetricDataQueries.member.1.ReturnData=true&"));
    assert_non_null(strstr(stage->bodies[0], "&ScanBy=TimestampDescending"));
    assert_non_null(strstr(stage->bodies[1], "&NextToken=t%2F%2B%3D"));
}

/* Of any namespace, and as many points as there are. */
static void metric_series(void **state)
{
    struct stage *stage = *state;
    static const struct aws_dimension dimensions[] = {{"Shop", "eu"}, {"Kind", "a b"}};
    const struct aws_series_query query = {.namespace = "Shop/Orders",
                                           .metric = "Open",
                                           .dimensions = dimensions,
                                           .dimension_count = 2,
                                           .statistic = BALLAST_SUM,
                                           .period_s = 300,
                                           .start_s = 1767322500,
                                           .end_s = 1767322800};
    struct ballast_point *points = NULL;
    size_t count = 0;
    reply(stage, "<R><GetMetricDataResult><MetricDataResults><member><Id>m1</Id><StatusCode>"
                 "PartialData</StatusCode><Timestamps><member>2026-01-02T02:55:00Z</member>"
                 "</Timestamps><Values><member>1.5</member></Values></member>"
                 "</MetricDataResults><NextToken>t</NextToken></GetMetricDataResult></R>");
    reply(stage, "<R><GetMetricDataResult><MetricDataResults><member><Id>m1</Id><StatusCode>"
                 "Complete</StatusCode><Timestamps><member>2026-01-02T03:00:00Z</member>"
                 "</Timestamps><Values><member>2</member></Values></member>"
                 "</MetricDataResults></GetMetricDataResult></R>");
    check(stage, aws_get_metric_series(&stage->client, &query, &points, &count, &stage->error,
                                       &stage->err));
    assert_int_equal(count, 2);
    assert_int_equal(points[0].value_micro, 1500000);
    assert_int_equal(points[1].time_s - points[0].time_s, 300);
    free(points);
    assert_non_null(strstr(stage->bodies[0], "Metric.Namespace=Shop%2FOrders&"));
    assert_non_null(strstr(stage->bodies[0], "Dimensions.member.2.Name=Kind&"));
    assert_non_null(strstr(stage->bodies[0], "Dimensions.member.2.Value=a%20b&"));
    assert_non_null(strstr(stage->bodies[0], "&ScanBy=TimestampAscending"));
    stage->planned = stage->count = 0;
    reply(stage, "<R><GetMetricDataResult><MetricDataResults><member><Id>m1</Id><StatusCode>"
                 "InternalError</StatusCode></member></MetricDataResults></GetMetricDataResult>"
                 "</R>");
    assert_int_equal(
        aws_get_metric_series(&stage->client, &query, &points, &count, &stage->error, &stage->err),
        STATUS_FAILURE);
    assert_null(points);
    assert_int_equal(count, 0);
}

/* A reply of status 200 is not believed for its status. */
static void replies_that_are_none(void **state)
{
    struct stage *stage = *state;
    static const char *const bad[] = {
        "",
        "{}",
        "<html/>",
        "<Response><Errors><Error><Code>X</Code></Error></Errors></Response>",
        "<R><GetMetricStatisticsResult/></R>",
        "<R><GetMetricStatisticsResult><Datapoints><member><Maximum>x</Maximum><Timestamp>"
        "2026-01-02T03:00:00Z</Timestamp></member></Datapoints></GetMetricStatisticsResult></R>",
        "<R><GetMetricStatisticsResult><Datapoints><member><Maximum>1</Maximum></member>"
        "</Datapoints></GetMetricStatisticsResult></R>",
        "<R><GetMetricStatisticsResult><Datapoints><member><Maximum>1</Maximum><Timestamp>"
        "2026-01-02T03:00:00Z</Timestamp></member><member><Maximum>1</Maximum><Timestamp>"
        "2026-01-02T03:01:00Z</Timestamp></member></Datapoints></GetMetricStatisticsResult></R>",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        struct ballast_point point;
        size_t count = 7;
        stage->planned = stage->count = 0;
        reply(stage, bad[i]);
        assert_int_equal(aws_get_metric(&stage->client, "sfr-1", &pending, &point, 1, &count,
                                        &stage->error, &stage->err),
                         STATUS_FAILURE);
        assert_string_equal(stage->error.code, "BadReply");
        assert_int_equal(strncmp(stage->err.text, "GetMetricStatistics: the reply ", 31), 0);
        assert_int_equal(count, 0);
    }
}

static void fleet_request(void **state)
{
    struct stage *stage = *state;
    struct aws_spot_fleet fleet;
    bool found = false;
    reply(stage, FLEET);
    check(stage, aws_describe_spot_fleet_request(&stage->client, "sfr-1", &fleet, &found,
                                                 &stage->error, &stage->err));
    assert_string_equal(
        stage->bodies[0],
        "Action=DescribeSpotFleetRequests&Version=2016-11-15&SpotFleetRequestId.1=sfr-1");
    assert_true(found);
    assert_int_equal(fleet.target_micro, 32000000);
    assert_int_equal(fleet.fulfilled_micro, 24000000);
    assert_string_equal(fleet.state, "modifying");
    assert_string_equal(fleet.activity, "pending_fulfillment");
    assert_int_equal(fleet.pool_count, 2);
    assert_int_equal(fleet.pools[0].weight_micro, 4000000);
    assert_string_equal(fleet.pools[0].zone, "us-east-1a");
    assert_string_equal(fleet.pools[1].instance_type, "m4.large");
    assert_int_equal(fleet.pools[1].weight_micro, 1000000);
    aws_spot_fleet_clean_up(&fleet);
}

static void fleet_instances_and_history(void **state)
{
    struct stage *stage = *state;
    struct aws_fleet_instance *instances = NULL;
    struct aws_fleet_event *events = NULL;
    size_t count = 0;
    reply(stage, "<DescribeSpotFleetInstancesResponse><activeInstanceSet/><nextToken>a</nextToken>"
                 "</DescribeSpotFleetInstancesResponse>");
    reply(stage, "<DescribeSpotFleetInstancesResponse><activeInstanceSet><item><instanceId>i-1"
                 "</instanceId><instanceType>c3.xlarge</instanceType><instanceHealth>healthy"
                 "</instanceHealth></item></activeInstanceSet>"
                 "</DescribeSpotFleetInstancesResponse>");
    check(stage, aws_describe_spot_fleet_instances(&stage->client, "sfr-1", &instances, &count,
                                                   &stage->error, &stage->err));
    assert_int_equal(count, 1);
    assert_string_equal(instances[0].instance_id, "i-1");
    assert_string_equal(stage->bodies[0], "Action=DescribeSpotFleetInstances&Version=2016-11-15&"
                                          "SpotFleetRequestId=sfr-1&MaxResults=1000");
    free(instances);
    reply(stage, "<DescribeSpotFleetRequestHistoryResponse><historyRecordSet><item><timestamp>"
                 "2026-01-02T03:00:00.123Z</timestamp><eventType>instanceChange</eventType>"
                 "<eventInformation><eventSubType>launched</eventSubType><instanceId>i-1"
                 "</instanceId><eventDescription>{\"instanceType\":\"c3.xlarge\",\"image\":1,"
                 "\"availabilityZone\":\"us-east-1a\"}</eventDescription></eventInformation></item>"
                 "<item><timestamp>2026-01-02T03:01:00Z</timestamp><eventType>error</eventType>"
                 "<eventInformation><eventSubType>spotInstanceCountLimitExceeded</eventSubType>"
                 "<eventDescription>too many {</eventDescription></eventInformation></item>"
                 "</historyRecordSet>"
                 "</DescribeSpotFleetRequestHistoryResponse>");
    check(stage,
          aws_describe_spot_fleet_request_history(&stage->client, "sfr-1", 1767322445, &events,
                                                  &count, &stage->error, &stage->err));
    assert_int_equal(count, 2);
    assert_int_equal(events[0].time_s, 1767322800);
    assert_string_equal(events[0].sub_type, "launched");
    assert_string_equal(events[0].instance_type, "c3.xlarge");
    assert_string_equal(events[0].zone, "us-east-1a");
    assert_string_equal(events[1].zone, "");
    assert_non_null(strstr(stage->bodies[2], "&StartTime=2026-01-02T02%3A54%3A05Z"));
    free(events);
}

static void price_history(void **state)
{
    struct stage *stage = *state;
    static const char *const types[] = {"c3.xlarge", "m4.large"};
    const struct aws_price_query query = {types,        2,          "Linux/UNIX",
                                          "us-east-1a", 1767322445, 1767323045};
    struct aws_spot_price *prices = NULL;
    size_t count = 0;
    reply(stage, PRICES);
    check(stage, aws_describe_spot_price_history(&stage->client, &query, &prices, &count,
                                                 &stage->error, &stage->err));
    assert_string_equal(
        stage->bodies[0],
        "Action=DescribeSpotPriceHistory&Version=2016-11-15&InstanceType.1=c3.xlarge&InstanceType."
        "2=m4.large&ProductDescription.1=Linux%2FUNIX&StartTime=2026-01-02T02%3A54%3A05Z&EndTime="
        "2026-01-02T03%3A04%3A05Z&Filter.1.Name=availability-zone&Filter.1.Value.1=us-east-1a&"
        "MaxResults=1000");
    assert_int_equal(count, 3);
    assert_int_equal(prices[0].micro_usd_per_hour, 87000);
    free(prices);
}

/* The same token twice would never end. */
static void a_token_that_repeats(void **state)
{
    struct stage *stage = *state;
    static const char page[] = "<DescribeSpotPriceHistoryResponse><nextToken>x</nextToken>"
                               "</DescribeSpotPriceHistoryResponse>";
    const struct aws_price_query query = {.product = "Linux/UNIX"};
    struct aws_spot_price *prices = NULL;
    size_t count = 0;
    reply(stage, page);
    reply(stage, page);
    assert_int_equal(aws_describe_spot_price_history(&stage->client, &query, &prices, &count,
                                                     &stage->error, &stage->err),
                     STATUS_FAILURE);
    assert_string_equal(stage->error.code, "BadReply");
    assert_null(prices);
}

static void group_and_desired(void **state)
{
    struct stage *stage = *state;
    struct aws_group group;
    bool found = false;
    reply(stage, GROUP);
    check(stage, aws_describe_auto_scaling_group(&stage->client, "grp", &group, &found,
                                                 &stage->error, &stage->err));
    assert_string_equal(stage->bodies[0], "Action=DescribeAutoScalingGroups&Version=2011-01-01&"
                                          "AutoScalingGroupNames.member.1=grp");
    assert_true(found);
    assert_int_equal(group.max_size, 200);
    assert_int_equal(group.desired_capacity, 3);
    assert_int_equal(group.in_service, 1);
    assert_int_equal(group.pending, 1);
    reply(stage, "<SetDesiredCapacityResponse><ResponseMetadata/></SetDesiredCapacityResponse>");
    check(stage,
          aws_set_desired_capacity(&stage->client, "grp", 3, true, &stage->error, &stage->err));
    assert_string_equal(stage->bodies[1],
                        "Action=SetDesiredCapacity&Version=2011-01-01&AutoScalingGroupName=grp&"
                        "DesiredCapacity=3&HonorCooldown=true");
    reply(stage, "<html/>");
    assert_int_equal(
        aws_set_desired_capacity(&stage->client, "grp", 3, true, &stage->error, &stage->err),
        STATUS_FAILURE);
}

static void cluster_and_identity(void **state)
{
    struct stage *stage = *state;
    struct ballast_cluster cluster;
    struct aws_identity identity;
    bool found = false;
    reply(stage, "{\"clusters\":[{\"clusterName\":\"c\",\"registeredContainerInstancesCount\":5,"
                 "\"runningTasksCount\":40,\"pendingTasksCount\":2}],\"failures\":[]}");
    check(stage,
          aws_describe_cluster(&stage->client, "c", &cluster, &found, &stage->error, &stage->err));
    assert_string_equal(stage->bodies[0], "{\"clusters\":[\"c\"]}");
    assert_non_null(strstr(stage->headers[0], "X-Amz-Target: AmazonEC2ContainerServiceV20141113."
                                              "DescribeClusters\n"));
    assert_non_null(strstr(stage->headers[0], "Content-Type: application/x-amz-json-1.1\n"));
    assert_true(found);
    assert_int_equal(cluster.registered_instances, 5);
    assert_int_equal(cluster.pending_tasks, 2);
    reply(stage, "{\"clusters\":[],\"failures\":[{\"arn\":\"a\",\"reason\":\"MISSING\"}]}");
    check(stage,
          aws_describe_cluster(&stage->client, "d", &cluster, &found, &stage->error, &stage->err));
    assert_false(found);
    reply(stage, "{\"clusters\":[{\"runningTasksCount\":\"x\"}]}");
    assert_int_equal(
        aws_describe_cluster(&stage->client, "d", &cluster, &found, &stage->error, &stage->err),
        STATUS_FAILURE);
    assert_string_equal(stage->error.code, "BadReply");
    reply(stage, "<R><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/u</Arn><UserId>U"
                 "</UserId><Account>123456789012</Account></GetCallerIdentityResult></R>");
    check(stage, aws_get_caller_identity(&stage->client, &identity, &stage->error, &stage->err));
    assert_string_equal(identity.account, "123456789012");
    assert_string_equal(stage->bodies[3], "Action=GetCallerIdentity&Version=2011-06-15");
}

/* A fleet and a group that name templates, by id and in a policy of mixed instances. */
static void launch_templates(void **state)
{
    struct stage *stage = *state;
    struct aws_spot_fleet fleet;
    struct aws_group group;
    bool found = false;
    reply(stage,
          "<DescribeSpotFleetRequestsResponse><spotFleetRequestConfigSet><item>"
          "<spotFleetRequestId>sfr-1</spotFleetRequestId><spotFleetRequestState>active"
          "</spotFleetRequestState><spotFleetRequestConfig><targetCapacity>8</targetCapacity>"
          "<fulfilledCapacity>8</fulfilledCapacity><validUntil>2026-02-01T00:00:00.000Z</"
          "validUntil><launchTemplateConfigs><item>"
          "<launchTemplateSpecification><launchTemplateId>lt-1</launchTemplateId><version>3"
          "</version></launchTemplateSpecification></item></launchTemplateConfigs>"
          "</spotFleetRequestConfig></item></spotFleetRequestConfigSet>"
          "</DescribeSpotFleetRequestsResponse>");
    check(stage, aws_describe_spot_fleet_request(&stage->client, "sfr-1", &fleet, &found,
                                                 &stage->error, &stage->err));
    assert_true(found);
    assert_int_equal(fleet.valid_until_s, 1769904000);
    assert_false(fleet.ends_instances);
    assert_int_equal(fleet.launches.count, 1);
    reply(stage, "<DescribeLaunchTemplateVersionsResponse><launchTemplateVersionSet><item>"
                 "<launchTemplateData><instanceType>c5.large</instanceType><userData>QQ=="
                 "</userData><monitoring><enabled>false</enabled></monitoring>"
                 "</launchTemplateData></item></launchTemplateVersionSet>"
                 "</DescribeLaunchTemplateVersionsResponse>");
    check(stage, aws_describe_launch_template(&stage->client, fleet.launches.list, &stage->error,
                                              &stage->err));
    assert_string_equal(stage->bodies[1],
                        "Action=DescribeLaunchTemplateVersions&Version=2016-11-15&"
                        "LaunchTemplateId=lt-1&LaunchTemplateVersion.1=3");
    assert_string_equal(fleet.launches.list[0].user_data, "QQ==");
    assert_int_equal(fleet.launches.list[0].monitoring, AWS_OFF);
    aws_spot_fleet_clean_up(&fleet);
    reply(stage,
          "<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult>"
          "<AutoScalingGroups><member><AutoScalingGroupName>grp</AutoScalingGroupName><MinSize>0"
          "</MinSize><MaxSize>9</MaxSize><DesiredCapacity>1</DesiredCapacity><DefaultCooldown>300</"
          "DefaultCooldown>"
          "<AvailabilityZones><member>us-east-1a</member><member>us-east-1b</member>"
          "</AvailabilityZones><SuspendedProcesses><member><ProcessName>Launch</ProcessName>"
          "</member></SuspendedProcesses><MixedInstancesPolicy><LaunchTemplate>"
          "<LaunchTemplateSpecification><LaunchTemplateName>backup</LaunchTemplateName>"
          "</LaunchTemplateSpecification><Overrides><member><InstanceType>m5.large"
          "</InstanceType></member></Overrides></LaunchTemplate></MixedInstancesPolicy>"
          "<Instances><member><InstanceType>m5.large</InstanceType></member><member>"
          "<InstanceType>m4.large</InstanceType></member></Instances></member>"
          "</AutoScalingGroups></DescribeAutoScalingGroupsResult>"
          "</DescribeAutoScalingGroupsResponse>");
    check(stage, aws_describe_auto_scaling_group(&stage->client, "grp", &group, &found,
                                                 &stage->error, &stage->err));
    assert_true(found);
    assert_string_equal(group.launch.template, "backup");
    assert_string_equal(group.launch.version, "$Default");
    assert_int_equal(group.zone_count, 2);
    assert_int_equal(group.type_count, 2);
    assert_string_equal(group.types[1], "m4.large");
    assert_string_equal(group.suspended[0], "Launch");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_CASE(metric_statistics), STAGE_CASE(metric_data_in_pages),
        STAGE_CASE(metric_series),     STAGE_CASE(replies_that_are_none),
        STAGE_CASE(fleet_request),     STAGE_CASE(fleet_instances_and_history),
        STAGE_CASE(price_history),     STAGE_CASE(a_token_that_repeats),
        STAGE_CASE(group_and_desired), STAGE_CASE(cluster_and_identity),
        STAGE_CASE(launch_templates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
