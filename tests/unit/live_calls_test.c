/* Each call of AWS: what is sent, as AWS's own clients send it, and what is read from replies as
 * AWS writes them; then the cloud port over them. */
#include "live_fixture.h"

#include "base/text.h"
#include "live/account.h"

enum { REPLIES_MAX = 16 };

/* AWS without a network: replies in the order planned, bodies noted. */
struct stage {
    struct settings settings;
    struct http http;
    struct client client;
    struct credentials keys;
    char *variables[4];
    const char *replies[REPLIES_MAX];
    int statuses[REPLIES_MAX];
    size_t planned;
    size_t count;
    char bodies[REPLIES_MAX][1024];
    char headers[REPLIES_MAX][1024];
    char warned[1024];
    struct aws_error error;
    struct error err;
};

static int stage_send(const struct http_request *request, struct http_response *out_response,
                      struct error *err, void *context)
{
    struct stage *stage = context;
    *out_response = (struct http_response){.date_s = -1, .retry_after_ms = -1};
    if (stage->count == stage->planned) {
        out_response->failure = HTTP_REFUSED;
        return error_set(err, STATUS_FAILURE, "an unplanned request: %s",
                         (const char *)request->body);
    }
    size_t i = stage->count++;
    snprintf(stage->bodies[i], sizeof stage->bodies[i], "%s", (const char *)request->body);
    struct text headers = {0};
    for (size_t h = 0; h < request->header_count; h++)
        text_addf(&headers, "%s: %s\n", request->headers[h].name, request->headers[h].value);
    snprintf(stage->headers[i], sizeof stage->headers[i], "%s %s", request->url, headers.data);
    text_clean_up(&headers);
    out_response->status = stage->statuses[i];
    out_response->body = memory_copy_text(stage->replies[i]);
    out_response->body_size = strlen(stage->replies[i]);
    return STATUS_OK;
}

static int64_t stage_now(void *context)
{
    (void)context;
    return 1767323045; /* 2026-01-02T03:04:05Z */
}

static void stage_sleep(int64_t duration_ms, void *context)
{
    (void)duration_ms;
    (void)context;
}

static uint64_t stage_luck(void *context)
{
    (void)context;
    return 0;
}

static int stage_open(void **state)
{
    struct stage *stage = memory_new(1, sizeof *stage);
    stage->variables[0] = memory_copy_text("AWS_REGION=us-east-1");
    const struct settings_options options = {0};
    if (settings_read(&stage->settings, &options, stage->variables, NULL, &stage->err))
        fail_msg("%s", stage->err.text);
    stage->http = (struct http){stage_send, stage};
    stage->keys = (struct credentials){.access_key = (char *)(uintptr_t)EXAMPLE_ACCESS_KEY,
                                       .secret_key = (char *)(uintptr_t)EXAMPLE_SECRET_KEY,
                                       .expires_s = INT64_MAX};
    const struct credential_source source = credential_source_of(&stage->keys);
    const struct live_clock clock = {stage_now, stage_now, stage_sleep, stage_luck, NULL};
    stage->client = client_new(&stage->settings, &stage->http, &clock, &source);
    *state = stage;
    return 0;
}

static int stage_close(void **state)
{
    struct stage *stage = *state;
    settings_clean_up(&stage->settings);
    free(stage->variables[0]);
    free(stage);
    return 0;
}

static void reply(struct stage *stage, const char *body)
{
    stage->statuses[stage->planned] = 200;
    stage->replies[stage->planned++] = body;
}

static void refuse(struct stage *stage, const char *code)
{
    static char bodies[4][200];
    static size_t next;
    char *body = bodies[next++ % 4];
    snprintf(body, 200,
             "<ErrorResponse><Error><Code>%s</Code><Message>m</Message></Error></ErrorResponse>",
             code);
    stage->statuses[stage->planned] = 400;
    stage->replies[stage->planned++] = body;
}

static void check(struct stage *stage, int status)
{
    if (status)
        fail_msg("%s", stage->err.text);
    assert_string_equal(stage->error.code, "");
    assert_int_equal(stage->count, stage->planned);
}

static const struct cloud_metric_query pending = {.api = BALLAST_GET_METRIC_STATISTICS,
                                                  .metric = "PendingCapacity",
                                                  .statistic = BALLAST_MAXIMUM,
                                                  .period_s = 60,
                                                  .start_s = 1767322445,
                                                  .end_s = 1767323045};

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

static const char FLEET[] =
    "<DescribeSpotFleetRequestsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"
    "<spotFleetRequestConfigSet><item><spotFleetRequestId>sfr-0</spotFleetRequestId></item><item>"
    "<spotFleetRequestId>sfr-1</spotFleetRequestId><spotFleetRequestState>modifying"
    "</spotFleetRequestState><activityStatus>pending_fulfillment</activityStatus>"
    "<spotFleetRequestConfig><targetCapacity>32</targetCapacity><fulfilledCapacity>24.0"
    "</fulfilledCapacity><launchSpecifications><item><instanceType>c3.xlarge</instanceType>"
    "<weightedCapacity>4.0</weightedCapacity><placement><availabilityZone>us-east-1a"
    "</availabilityZone></placement></item></launchSpecifications><launchTemplateConfigs><item>"
    "<overrides><item><instanceType>m4.large</instanceType></item></overrides></item>"
    "</launchTemplateConfigs></spotFleetRequestConfig></item></spotFleetRequestConfigSet>"
    "</DescribeSpotFleetRequestsResponse>";

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

static const char PRICES[] =
    "<DescribeSpotPriceHistoryResponse><spotPriceHistorySet><item><instanceType>c3.xlarge"
    "</instanceType><productDescription>Linux/UNIX</productDescription><spotPrice>0.087000"
    "</spotPrice><timestamp>2026-01-02T03:00:00.000Z</timestamp><availabilityZone>us-east-1a"
    "</availabilityZone></item><item><instanceType>c3.xlarge</instanceType><productDescription>"
    "Linux/UNIX</productDescription><spotPrice>0.09</spotPrice><timestamp>2026-01-02T02:00:00.000Z"
    "</timestamp><availabilityZone>us-east-1a</availabilityZone></item><item><instanceType>"
    "c3.xlarge</instanceType><productDescription>Linux/UNIX</productDescription><spotPrice>0.01"
    "</spotPrice><timestamp>2026-01-02T02:00:00.000Z</timestamp><availabilityZone>us-east-1b"
    "</availabilityZone></item></spotPriceHistorySet><nextToken></nextToken>"
    "</DescribeSpotPriceHistoryResponse>";

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

/* A request that names subnets, and two zones in one specification. */
static const char SUBNET_FLEET[] =
    "<DescribeSpotFleetRequestsResponse><spotFleetRequestConfigSet><item><spotFleetRequestId>sfr-1"
    "</spotFleetRequestId><spotFleetRequestState>active</spotFleetRequestState>"
    "<spotFleetRequestConfig><targetCapacity>32</targetCapacity><fulfilledCapacity>24.0"
    "</fulfilledCapacity><launchSpecifications><item><instanceType>c3.xlarge</instanceType>"
    "<subnetId>subnet-1, subnet-2</subnetId></item><item><instanceType>m4.large</instanceType>"
    "<placement><availabilityZone>us-east-1a,us-east-1c</availabilityZone></placement></item>"
    "<item><instanceType>m4.large</instanceType><subnetId>subnet-1</subnetId></item>"
    "</launchSpecifications></spotFleetRequestConfig></item></spotFleetRequestConfigSet>"
    "</DescribeSpotFleetRequestsResponse>";
static const char SUBNETS[] =
    "<DescribeSubnetsResponse><subnetSet><item><subnetId>subnet-1</subnetId><availabilityZone>"
    "us-east-1b</availabilityZone></item><item><subnetId>subnet-2</subnetId><availabilityZone>"
    "us-east-1a</availabilityZone></item></subnetSet></DescribeSubnetsResponse>";

static const char GROUP[] =
    "<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult><AutoScalingGroups>"
    "<member><AutoScalingGroupName>other</AutoScalingGroupName></member><member>"
    "<AutoScalingGroupName>grp</AutoScalingGroupName><MinSize>0</MinSize><MaxSize>200</MaxSize>"
    "<DesiredCapacity>3</DesiredCapacity><Instances><member><LifecycleState>InService"
    "</LifecycleState></member><member><LifecycleState>Pending:Wait</LifecycleState></member>"
    "<member><LifecycleState>Terminating</LifecycleState></member></Instances></member>"
    "</AutoScalingGroups></DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>";

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

/* ---- the cloud port ---------------------------------------------------------------------------
 */

static void warn(const char *text, void *context)
{
    struct stage *stage = context;
    snprintf(stage->warned, sizeof stage->warned, "%s", text);
}

/* Two in the pool, one of another type. */
#define INSTANCE(type, zone)                                                                       \
    "<item><instancesSet><item><instanceId>i-1</instanceId><instanceType>" type                    \
    "</instanceType><placement><availabilityZone>" zone                                            \
    "</availabilityZone></placement></item></instancesSet></item>"
static const char INSTANCES[] =
    "<DescribeInstancesResponse><reservationSet>" INSTANCE("c3.xlarge", "us-east-1a")
        INSTANCE("m4.large", "us-east-1a") INSTANCE("c3.xlarge", "us-east-1a")
            INSTANCE("c3.xlarge", "us-east-1b") "</reservationSet></DescribeInstancesResponse>";

static void port_reads(void **state)
{
    struct stage *stage = *state;
    const struct live_log log = {warn, stage};
    const struct live_account_names names = {"sfr-1", "grp", NULL, "Linux/UNIX", 4000000};
    struct live_account *account = live_account_new(&stage->client, &names, &log);
    const struct cloud cloud = live_account_cloud(account);
    struct ballast_answer answer;
    struct ballast_fleet fleet;
    struct ballast_group group;
    struct ballast_cluster cluster;
    struct ballast_spot_price prices[8];
    struct ballast_point points[11];
    int64_t interruptions = 0;
    int64_t rebalances = 0;
    assert_int_equal(cloud.now(cloud.context), 1767323045);
    reply(stage, FLEET);
    cloud.describe_fleet(&fleet, &answer, cloud.context);
    assert_int_equal(answer.status, BALLAST_OK);
    assert_true(answer.fleet->active);
    reply(stage, GROUP);
    cloud.describe_group(&group, cloud.context);
    assert_int_equal(group.status, BALLAST_OK);
    assert_int_equal(group.units_per_instance_micro, 4000000);
    reply(stage, "<R><DescribeAutoScalingGroupsResult><AutoScalingGroups/>"
                 "</DescribeAutoScalingGroupsResult></R>");
    cloud.describe_group(&group, cloud.context);
    assert_int_equal(group.status, BALLAST_EMPTY);
    assert_true(group.desired_capacity == BALLAST_UNKNOWN);
    cloud.describe_cluster(&cluster, &answer, cloud.context);
    assert_string_equal(answer.error_code, "NotConfigured");
    reply(stage, "<R><GetMetricStatisticsResult><Datapoints/></GetMetricStatisticsResult></R>");
    cloud.get_metric(&pending, points, 11, &answer, cloud.context);
    assert_int_equal(answer.status, BALLAST_EMPTY);
    reply(stage, FLEET);
    reply(stage, PRICES);
    reply(stage, INSTANCES);
    assert_true(cloud.describe_spot_prices(prices, 8, &answer, cloud.context));
    assert_int_equal(answer.status, BALLAST_OK);
    assert_string_equal(stage->bodies[stage->count - 1],
                        "Action=DescribeInstances&Version=2016-11-15&"
                        "Filter.1.Name=tag%3Aaws%3Aec2spot%3Afleet-request-id&"
                        "Filter.1.Value.1=sfr-1&Filter.2.Name=instance-lifecycle&"
                        "Filter.2.Value.1=spot&Filter.3.Name=instance-state-name&"
                        "Filter.3.Value.1=running&MaxResults=1000");
    assert_int_equal(answer.spot_prices[0].fulfilled_micro, 8000000);
    /* The newest in the fleet's zone; a zone that the request does not name is not its pool. */
    assert_int_equal(answer.spot_price_count, 1);
    assert_int_equal(answer.spot_prices[0].micro_usd_per_hour, 87000);
    assert_int_equal(answer.spot_prices[0].weight_micro, 4000000);
    cloud.notices(&interruptions, &rebalances, cloud.context);
    assert_true(interruptions == BALLAST_UNKNOWN && rebalances == BALLAST_UNKNOWN);
    assert_int_equal(live_account_failures(account), 1); /* the group that is not there */
    assert_string_equal(stage->warned, "there is no Auto Scaling group \"grp\" in us-east-1");
    /* Who may not look at the instances gets the prices all the same. */
    reply(stage, FLEET);
    reply(stage, PRICES);
    refuse(stage, "UnauthorizedOperation");
    cloud.describe_spot_prices(prices, 8, &answer, cloud.context);
    assert_int_equal(answer.status, BALLAST_OK);
    assert_true(answer.spot_prices[0].fulfilled_micro == BALLAST_UNKNOWN);
    assert_int_equal(live_account_failures(account), 2);
    live_account_destroy(account);
}

static void zones_of_subnets(void **state)
{
    struct stage *stage = *state;
    struct aws_spot_fleet fleet;
    bool found = false;
    reply(stage, SUBNET_FLEET);
    check(stage, aws_describe_spot_fleet_request(&stage->client, "sfr-1", &fleet, &found,
                                                 &stage->error, &stage->err));
    assert_int_equal(fleet.pool_count, 5);
    assert_string_equal(fleet.pools[1].subnet, "subnet-2");
    assert_string_equal(fleet.pools[3].zone, "us-east-1c");
    aws_spot_fleet_clean_up(&fleet);

    const struct live_log log = {warn, stage};
    const struct live_account_names names = {"sfr-1", "grp", NULL, "Linux/UNIX", 4000000};
    struct live_account *account = live_account_new(&stage->client, &names, &log);
    const struct cloud cloud = live_account_cloud(account);
    struct ballast_spot_price prices[8];
    struct ballast_answer answer;
    cloud.now(cloud.context);
    reply(stage, SUBNET_FLEET);
    reply(stage, SUBNETS);
    reply(stage, PRICES);
    reply(stage, INSTANCES);
    cloud.describe_spot_prices(prices, 8, &answer, cloud.context);
    assert_string_equal(stage->bodies[2], "Action=DescribeSubnets&Version=2016-11-15&"
                                          "SubnetId.1=subnet-1&SubnetId.2=subnet-2");
    assert_int_equal(answer.status, BALLAST_OK);
    for (size_t i = 0; i < answer.spot_price_count; i++)
        assert_true(strcmp(prices[i].zone, "us-east-1a") == 0 ||
                    strcmp(prices[i].zone, "us-east-1b") == 0);
    /* Known now. */
    reply(stage, SUBNET_FLEET);
    reply(stage, PRICES);
    reply(stage, INSTANCES);
    cloud.describe_spot_prices(prices, 8, &answer, cloud.context);
    assert_int_equal(answer.status, BALLAST_OK);
    assert_non_null(strstr(stage->bodies[6], "Action=DescribeSpotPriceHistory"));
    live_account_destroy(account);

    /* A subnet that the reply leaves out, or none at all. */
    account = live_account_new(&stage->client, &names, &log);
    const struct cloud other = live_account_cloud(account);
    other.now(other.context);
    reply(stage, SUBNET_FLEET);
    reply(stage, "<R><subnetSet/></R>");
    other.describe_spot_prices(prices, 8, &answer, other.context);
    assert_int_equal(answer.status, BALLAST_ERROR);
    assert_string_equal(answer.error_code, "BadReply");
    live_account_destroy(account);
}

static void port_failures(void **state)
{
    struct stage *stage = *state;
    const struct live_log log = {warn, stage};
    const struct live_account_names names = {"sfr-1", "grp", "c", "Linux/UNIX", 4000000};
    struct live_account *account = live_account_new(&stage->client, &names, &log);
    const struct cloud cloud = live_account_cloud(account);
    struct ballast_answer answer;
    struct ballast_answer other;
    struct ballast_fleet fleet;
    struct ballast_point points[11];
    cloud.now(cloud.context);
    refuse(stage, "InvalidSpotFleetRequestId.NotFound");
    cloud.describe_fleet(&fleet, &answer, cloud.context);
    refuse(stage, "AccessDenied");
    cloud.get_metric(&pending, points, 11, &other, cloud.context);
    assert_int_equal(answer.status, BALLAST_ERROR);
    assert_string_equal(answer.error_code, "InvalidSpotFleetRequestId.NotFound");
    assert_string_equal(other.error_code, "AccessDenied");
    assert_string_equal(stage->warned, "GetMetricStatistics: AccessDenied: m");
    refuse(stage, "ScalingActivityInProgress");
    assert_int_equal(cloud.set_desired_capacity(1, true, cloud.context),
                     CLOUD_SCALING_ACTIVITY_IN_PROGRESS);
    refuse(stage, "ValidationError");
    assert_int_equal(cloud.set_desired_capacity(999, false, cloud.context), CLOUD_VALIDATION_ERROR);
    refuse(stage, "AccessDenied");
    assert_int_equal(cloud.set_fleet_target(5, cloud.context), CLOUD_FAILED);
    reply(stage, "<ModifySpotFleetRequestResponse><return>true</return>"
                 "</ModifySpotFleetRequestResponse>");
    assert_int_equal(cloud.set_fleet_target(5, cloud.context), CLOUD_ACCEPTED);
    assert_int_equal(live_account_failures(account), 4);
    live_account_destroy(account);
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
#define CASE(name) cmocka_unit_test_setup_teardown(name, stage_open, stage_close)
    const struct CMUnitTest tests[] = {
        CASE(metric_statistics),     CASE(metric_data_in_pages), CASE(metric_series),
        CASE(replies_that_are_none), CASE(fleet_request),        CASE(fleet_instances_and_history),
        CASE(price_history),         CASE(zones_of_subnets),     CASE(a_token_that_repeats),
        CASE(group_and_desired),     CASE(cluster_and_identity), CASE(port_reads),
        CASE(port_failures),         CASE(launch_templates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
