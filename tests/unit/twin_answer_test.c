/* The twin without a port: its clock, who may call, what is answered to what is no call at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "twin_fixture.h"

static void open_twin(struct twin_fixture *f, int64_t speed)
{
    const char *trouble = twin_fixture_open(f, speed);
    if (trouble)
        fail_msg("%s", trouble);
}

static void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no \"%s\" in: %s", part, text);
}

static const char *control(struct twin_fixture *f, const char *path, const char *body)
{
    return twin_send(f, body ? "POST" : "GET", path, NULL, NULL, body ? body : "",
                     body ? strlen(body) : 0);
}

static void stepped_clock(void **state)
{
    (void)state;
    struct twin_fixture f;
    open_twin(&f, 0);
    f.monotonic_ms += 999000; /* is nothing to it */
    assert_string_equal(control(&f, "/_ballast/clock", NULL), "{\"now\":1509494400}\n");
    assert_string_equal(control(&f, "/prefix/_ballast/clock", "{\"advance_s\":90}"),
                        "{\"now\":1509494490}\n");
    has(control(&f, "/_ballast/clock", "{\"advance_s\":0.5}"), "error");
    assert_int_equal(f.reply.status, 400);
    has(control(&f, "/_ballast/clock", "{\"advance_s\":43200}"), "43109 s are left");
    assert_int_equal(f.reply.status, 409);
    assert_string_equal(control(&f, "/_ballast/clock", "{\"advance_s\":43109}"),
                        "{\"now\":1509537599}\n");
    has(control(&f, "/_ballast/other", NULL), "error");
    assert_int_equal(f.reply.status, 404);
    twin_fixture_close(&f);
}

static void running_clock(void **state)
{
    (void)state;
    struct twin_fixture f;
    open_twin(&f, 60);
    /* It begins at the wall clock's second of the minute. */
    assert_string_equal(control(&f, "/_ballast/clock", NULL), "{\"now\":1509494401}\n");
    f.monotonic_ms += 1500;
    assert_string_equal(control(&f, "/_ballast/clock", NULL), "{\"now\":1509494491}\n");
    control(&f, "/_ballast/clock", "{\"advance_s\":9}");
    assert_string_equal(control(&f, "/_ballast/clock", NULL), "{\"now\":1509494500}\n");
    f.monotonic_ms += 99999000; /* beyond the scenario's end: it stays there */
    assert_string_equal(control(&f, "/_ballast/clock", NULL), "{\"now\":1509537599}\n");
    twin_fixture_close(&f);
}

static void shifted_times(void **state)
{
    (void)state;
    struct twin_fixture f;
    static const char form[] = "Action=DescribeSpotFleetRequests&Version=2016-11-15";
    open_twin(&f, 0);
    has(twin_call(&f, "ec2", form), "<createTime>2017-11-01T00:00:00Z</createTime>");
    has(twin_send(&f, "POST", "/", "ec2", NULL, form, strlen(form)),
        "<createTime>2026-11-25T18:40:01Z</createTime>");
    twin_fixture_close(&f);
}

static void pages_keep_their_clock(void **state)
{
    (void)state;
    struct twin_fixture f;
    open_twin(&f, 0);
    control(&f, "/_ballast/clock", "{\"advance_s\":9000}");
    static const char form[] = "Action=DescribeSpotPriceHistory&Version=2016-11-15&MaxResults=1"
                               "&InstanceType.1=c3.xlarge";
    char next[256];
    char token[128];
    const char *first = twin_send(&f, "POST", "/", "ec2", NULL, form, strlen(form));
    has(first, "<spotPrice>0.500000</spotPrice>");
    assert_int_equal(sscanf(strstr(first, "<nextToken>"), "<nextToken>%127[^<]", token), 1);
    /* A minute and half an hour later, the price has changed again; the second page goes on. */
    f.wall_s += 60;
    control(&f, "/_ballast/clock", "{\"advance_s\":3600}");
    snprintf(next, sizeof next, "%s&NextToken=%s", form, token);
    const char *second = twin_send(&f, "POST", "/", "ec2", NULL, next, strlen(next));
    has(second, "<spotPrice>0.050000</spotPrice><timestamp>2026-11-25T16:10:01Z</timestamp>");
    has(second, "<nextToken></nextToken>");
    twin_fixture_close(&f);
}

static void refusals(void **state)
{
    (void)state;
    struct twin_fixture f;
    open_twin(&f, 0);
    static const char form[] = "Action=GetCallerIdentity&Version=2011-06-15";
    has(twin_call(&f, "sts", form), "<Account>123456789012</Account>");
    has(twin_call(&f, "ec2", form), "<Code>SignatureDoesNotMatch</Code>");
    has(twin_call(&f, NULL, form), "<Code>MissingAuthenticationToken</Code>");
    assert_int_equal(f.reply.status, 403);
    has(twin_call(&f, "ec2", "Action=RunInstances&Version=2016-11-15"),
        "<Code>InvalidAction</Code>");
    has(twin_call(&f, "ec2", "Action=RunInstances&Version=1"), "<Code>NoSuchVersion</Code>");
    has(twin_call(&f, "ec2", "Version=2016-11-15"), "<Code>MissingAction</Code>");
    has(twin_call(&f, "sts", "%"), "<Code>MalformedQueryString</Code>");
    assert_int_equal(f.reply.status, 400);
    static const struct sigv4_header gzip[] = {{"Content-Encoding", "gzip"}, {0}};
    has(twin_send(&f, "POST", "/", "monitoring", gzip, "no gzip", 7), "SerializationException");
    twin_send(&f, "GET", "/", NULL, NULL, "", 0);
    assert_int_equal(f.reply.status, 405);
    twin_fixture_close(&f);
}

static void broken_signatures(void **state)
{
    (void)state;
    struct twin_fixture f;
    open_twin(&f, 0);
    static const char form[] = "Action=GetCallerIdentity&Version=2011-06-15";
    static const char *const headers[] = {
        "",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential=twin/20261125/us-east-1/sts/aws4_request",
        "AWS4-HMAC-SHA256 Credential=twin, SignedHeaders=host;x-amz-date, Signature=0",
        "AWS4-HMAC-SHA256 Credential=twin/20261124/us-east-1/sts/aws4_request, "
        "SignedHeaders=host;x-amz-date, Signature=00",
        "AWS4-HMAC-SHA256 Credential=twin/20261125/us-east-1/sts/aws4_request, "
        "SignedHeaders=host, Signature=00",
        "AWS4-HMAC-SHA256 Credential=twin/20261125/us-east-1/sts/aws4_request, "
        "SignedHeaders=host;x-amz-date;absent, Signature=00",
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        const struct sigv4_header given[] = {{"Authorization", headers[i]}, {0}};
        const char *reply = twin_send(&f, "POST", "/", NULL, given, form, strlen(form));
        has(reply, i < 5 ? "IncompleteSignature" : "SignatureDoesNotMatch");
    }
    twin_fixture_close(&f);
}

static const char *reply_header(const struct twin_fixture *f, const char *name)
{
    for (size_t i = 0; i < f->reply.header_count; i++) {
        if (strcmp(f->reply.headers[i].name, name) == 0)
            return f->reply.headers[i].value;
    }
    return "";
}

/* What JSON and CBOR clients look for in headers, where the query protocol has it in the body. */
static void json_and_cbor(void **state)
{
    (void)state;
    struct twin_fixture f;
    open_twin(&f, 0);
    static const struct sigv4_header data[] = {
        {"X-Amz-Target", "GraniteServiceVersion20100801.GetMetricData"}, {0}};
    has(twin_send(&f, "POST", "/", "monitoring", data, "{}", 2),
        "{\"__type\":\"com.amazonaws.cloudwatch#MissingRequiredParameterException\",\"message\":");
    assert_string_equal(reply_header(&f, "x-amzn-query-error"), "MissingParameter;Sender");
    assert_string_equal(reply_header(&f, "Content-Type"), "application/x-amz-json-1.0");
    has(twin_send(&f, "POST", "/", "monitoring", data, "[]", 2), "SerializationException");
    static const struct sigv4_header ecs[] = {
        {"X-Amz-Target", "AmazonEC2ContainerServiceV20141113.DescribeClusters"}, {0}};
    has(twin_send(&f, "POST", "/", "ecs", ecs, "{\"clusters\":[3]}", 16),
        "{\"__type\":\"InvalidParameterException\"");
    assert_string_equal(reply_header(&f, "x-amzn-query-error"), "");
    has(twin_send(&f, "POST", "/", "monitoring", ecs, "{}", 2), "InvalidSignatureException");

    static const struct sigv4_header cbor[] = {{"Smithy-Protocol", "rpc-v2-cbor"}, {0}};
    static const struct sigv4_header both[] = {
        {"Smithy-Protocol", "rpc-v2-cbor"}, {"X-Amz-Target", "A.B"}, {0}};
    static const char path[] = "/x/service/GraniteServiceVersion20100801/operation/GetMetricData";
    twin_send(&f, "POST", path, "monitoring", cbor, "\xa0", 1);
    assert_int_equal(f.reply.status, 400);
    assert_string_equal(reply_header(&f, "smithy-protocol"), "rpc-v2-cbor");
    assert_string_equal(reply_header(&f, "Content-Type"), "application/cbor");
    assert_string_equal(reply_header(&f, "x-amzn-query-error"), "MissingParameter;Sender");
    assert_true(memmem(f.reply.body.data, f.reply.body.size, "message", 7) != NULL);
    twin_send(&f, "POST", path, "monitoring", both, "\xa0", 1);
    assert_int_equal(f.reply.status, 404);
    twin_send(&f, "POST", "/service/Other/operation/GetMetricData", "monitoring", cbor, "\xa0", 1);
    assert_int_equal(f.reply.status, 404);
    twin_fixture_close(&f);
}

/* On-demand capacity is short: the activity fails, the group tries again, desired stays. */
static void failed_launches(void **state)
{
    (void)state;
    struct twin_fixture f;
    static const char set[] = "Action=SetDesiredCapacity&Version=2011-01-01&DesiredCapacity=2&"
                              "AutoScalingGroupName=backup";
    static const char list[] = "Action=DescribeScalingActivities&Version=2011-01-01";
    open_twin(&f, 0);
    control(&f, "/_ballast/clock", "{\"advance_s\":21600}");
    has(twin_call(&f, "autoscaling", set), "<RequestId>");
    has(twin_call(&f, "autoscaling", list), "<StatusCode>InProgress</StatusCode>");
    control(&f, "/_ballast/clock", "{\"advance_s\":120}");
    has(twin_call(&f, "autoscaling", list), "<StatusCode>Failed</StatusCode><StatusMessage>We "
                                            "currently do not have sufficient m4.xlarge capacity");
    has(twin_call(&f, "autoscaling", "Action=DescribeAutoScalingGroups&Version=2011-01-01"),
        "<DesiredCapacity>2</DesiredCapacity>");
    twin_fixture_close(&f);
}

/* A zone's id is in a region as its name is, and a local zone in its parent's. */
static void region_of_any_zone(void **state)
{
    (void)state;
    static const char *const zones[][2] = {
        {"use1-az4", "us-east-1"}, {"us-west-2-lax-1a", "us-west-2"}, {"eu-west-3b", "eu-west-3"}};
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        const char *zone = zones[i][0];
        char traces[128];
        char placement[64];
        char group[64];
        snprintf(traces, sizeof traces,
                 "[{\"prices\":{\"%s/c3.xlarge\":[[\"2017-11-01T00:00:00Z\",0.05]]}}]", zone);
        snprintf(placement, sizeof placement, "{\"AvailabilityZone\":\"%s\"}", zone);
        snprintf(group, sizeof group, "[\"%s\"]", zone);
        const struct scenario_override overrides[] = {
            {"traces", traces},
            {"spot_fleet.LaunchSpecifications[0].Placement", placement},
            {"backup_group.group.AvailabilityZones", group},
        };
        const struct scenario_options options = {.overrides = overrides, .override_count = 3};
        struct twin_fixture f;
        const char *trouble = twin_fixture_open_as(&f, 0, &options);
        if (trouble)
            fail_msg("%s", trouble);
        assert_string_equal(twin_names(f.twin)->region, zones[i][1]);
        twin_fixture_close(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stepped_clock),      cmocka_unit_test(running_clock),
        cmocka_unit_test(shifted_times),      cmocka_unit_test(pages_keep_their_clock),
        cmocka_unit_test(refusals),           cmocka_unit_test(broken_signatures),
        cmocka_unit_test(json_and_cbor),      cmocka_unit_test(failed_launches),
        cmocka_unit_test(region_of_any_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
