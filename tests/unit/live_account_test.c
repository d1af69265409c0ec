/* The cloud port over AWS's calls: what the controller is answered, and what it is told of
 * failures. */
#include "live_stage.h"

#include "live/account.h"

static void warn(const char *text, void *context)
{
    struct stage *stage = context;
    snprintf(stage->warned, sizeof stage->warned, "%s", text);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_CASE(port_reads),
        STAGE_CASE(zones_of_subnets),
        STAGE_CASE(port_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
