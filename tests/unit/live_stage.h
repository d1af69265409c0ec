/* AWS without a network, for tests of the calls and of what is made of them. */
#ifndef TESTS_LIVE_STAGE_H
#define TESTS_LIVE_STAGE_H

#include "live_fixture.h"

#include "base/text.h"
#include "live/calls.h"

enum { REPLIES_MAX = 16 };

/* Replies in the order planned; what was sent is noted. */
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

static inline int stage_send(const struct http_request *request, struct http_response *out_response,
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

static inline int64_t stage_now(void *context)
{
    (void)context;
    return 1767323045; /* 2026-01-02T03:04:05Z */
}

static inline void stage_sleep(int64_t duration_ms, void *context)
{
    (void)duration_ms;
    (void)context;
}

static inline uint64_t stage_luck(void *context)
{
    (void)context;
    return 0;
}

static inline int stage_open(void **state)
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

static inline int stage_close(void **state)
{
    struct stage *stage = *state;
    settings_clean_up(&stage->settings);
    free(stage->variables[0]);
    free(stage);
    return 0;
}

static inline void reply(struct stage *stage, const char *body)
{
    stage->statuses[stage->planned] = 200;
    stage->replies[stage->planned++] = body;
}

static inline void refuse(struct stage *stage, const char *code)
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

static inline void check(struct stage *stage, int status)
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

static const char GROUP[] =
    "<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult><AutoScalingGroups>"
    "<member><AutoScalingGroupName>other</AutoScalingGroupName></member><member>"
    "<AutoScalingGroupName>grp</AutoScalingGroupName><MinSize>0</MinSize><MaxSize>200</MaxSize>"
    "<DesiredCapacity>3</DesiredCapacity><Instances><member><LifecycleState>InService"
    "</LifecycleState></member><member><LifecycleState>Pending:Wait</LifecycleState></member>"
    "<member><LifecycleState>Terminating</LifecycleState></member></Instances></member>"
    "</AutoScalingGroups></DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>";

#define STAGE_CASE(name) cmocka_unit_test_setup_teardown(name, stage_open, stage_close)

#endif
