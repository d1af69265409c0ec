/* Calls over a real connection: what is sent, when it is tried again, and that a server which
 * misbehaves does no harm. */
#include "live_fixture.h"

#include <sys/stat.h>

#include "live/client.h"
#include "live/xml.h"
#include "live_server.h"

static const char BODY[] = "Action=DescribeAutoScalingGroups&Version=2011-01-01";
static const char GOOD[] = "<R><DescribeAutoScalingGroupsResult/></R>";

struct outcome {
    int status;
    struct aws_error error;
    struct error err;
    char body[256];
};

/* Make one call; the server must be planned. `client` keeps what it learnt. */
static struct outcome call_with(struct world *world, struct client *client,
                                struct settings *settings, struct http *http)
{
    struct outcome outcome = {0};
    const struct call call = {AWS_AUTO_SCALING, "DescribeAutoScalingGroups", BODY, false, false};
    struct http_response response;
    (void)world;
    client->settings = settings;
    client->http = *http;
    outcome.status = client_call(client, &call, &response, &outcome.error, &outcome.err);
    if (!outcome.status)
        snprintf(outcome.body, sizeof outcome.body, "%s", response.body);
    http_response_clean_up(&response);
    return outcome;
}

static struct outcome call_once(struct world *world, struct client *out_client,
                                int64_t deadline_in_ms)
{
    struct settings settings;
    struct http http;
    const struct credentials keys = {.access_key = (char *)(uintptr_t)EXAMPLE_ACCESS_KEY,
                                     .secret_key = (char *)(uintptr_t)EXAMPLE_SECRET_KEY,
                                     .session_token = (char *)(uintptr_t) "TOKENTOKEN",
                                     .expires_s = INT64_MAX};
    const struct credential_source source = credential_source_of(&keys);
    const struct settings_options options = {0};
    if (settings_read(&settings, &options, world->variables, NULL, &world->err))
        fail_msg("%s", world->err.text);
    assert_int_equal(http_curl_open(&http, NULL, &world->err), STATUS_OK);
    struct client client = client_new(&settings, &http, &world->clock, &source);
    if (deadline_in_ms)
        client.deadline_ms = world->fake.now_ms + deadline_in_ms;
    server_start(&world->server);
    struct outcome outcome = call_with(world, &client, &settings, &http);
    server_close(&world->server);
    http_curl_close(&http);
    settings_clean_up(&settings);
    assert_null(strstr(outcome.err.text, EXAMPLE_SECRET_KEY));
    assert_null(strstr(outcome.err.text, "TOKENTOKEN"));
    assert_null(strstr(outcome.err.text, "Signature="));
    if (out_client)
        *out_client = client;
    return outcome;
}

static void plan(struct world *world, const char *status, const char *headers, const char *body)
{
    server_plan(&world->server, (struct exchange){"POST / HTTP/1.1", status, headers, body, 0, 0});
}

static void signed_as_aws_wants(void **state)
{
    struct world *world = *state;
    plan(world, "200 OK", NULL, GOOD);
    struct outcome outcome = call_once(world, NULL, 0);
    assert_int_equal(outcome.status, STATUS_OK);
    assert_string_equal(outcome.body, GOOD);
    const char *seen = world->server.seen[0];
    assert_non_null(strstr(seen, "Content-Type: application/x-www-form-urlencoded; charset=utf-8"));
    assert_non_null(strstr(seen, "X-Amz-Date: 20261125T120000Z\r\n"));
    assert_non_null(strstr(seen, "X-Amz-Security-Token: TOKENTOKEN\r\n"));
    assert_non_null(strstr(seen, "Credential=AKIDEXAMPLE/20261125/us-east-1/autoscaling/"
                                 "aws4_request, SignedHeaders=content-type;host;x-amz-date;"
                                 "x-amz-security-token, Signature="));
    assert_non_null(strstr(seen, BODY));
    assert_null(strstr(seen, "Expect:"));
}

static void tries_again_after_failures(void **state)
{
    struct world *world = *state;
    plan(world, "500 Internal Server Error", NULL, "");
    plan(world, "503 Service Unavailable", NULL, "<html>busy</html>");
    plan(world, "200 OK", NULL, GOOD);
    struct client client;
    struct outcome outcome = call_once(world, &client, 0);
    assert_int_equal(outcome.status, STATUS_OK);
    assert_int_equal(client.attempts, 3);
    assert_int_equal(world->fake.sleeps, 2);
    /* Luck is 999: of 0 to 1000 ms, then of 0 to 2000 ms. */
    assert_int_equal(world->fake.slept_ms, 999 + 999);
    assert_int_equal(client.budget, CLIENT_BUDGET - 2 * 5 + 1);
}

static void gives_up_in_the_end(void **state)
{
    struct world *world = *state;
    for (int i = 0; i < 3; i++)
        plan(world, "400 Bad Request", "Retry-After: 3\r\nx-amzn-requestid: r-1\r\n",
             "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate\nexceeded</Message>"
             "</Error></ErrorResponse>");
    struct outcome outcome = call_once(world, NULL, 0);
    assert_int_equal(outcome.status, STATUS_FAILURE);
    assert_string_equal(outcome.error.code, "Throttling");
    assert_string_equal(outcome.err.text,
                        "DescribeAutoScalingGroups: Throttling: Rate exceeded (request r-1)");
    assert_int_equal(world->fake.slept_ms, 6000);
}

static void no_retry_where_it_cannot_help(void **state)
{
    struct world *world = *state;
    plan(world, "400 Bad Request", NULL,
         "<ErrorResponse><Error><Code>ValidationError</Code><Message>no</Message></Error>"
         "</ErrorResponse>");
    struct outcome outcome = call_once(world, NULL, 0);
    assert_string_equal(outcome.error.code, "ValidationError");
    assert_int_equal(world->fake.sleeps, 0);
}

static void no_retry_past_the_deadline(void **state)
{
    struct world *world = *state;
    plan(world, "500 Internal Server Error", NULL, "");
    struct outcome outcome = call_once(world, NULL, 900);
    assert_string_equal(outcome.error.code, "HTTP 500");
    assert_int_equal(world->fake.sleeps, 0);
}

/* Not even a first try: the calls before took all the time there was. */
static void no_call_past_the_deadline(void **state)
{
    struct world *world = *state;
    struct client client;
    struct outcome outcome = call_once(world, &client, -1);
    assert_int_equal(outcome.status, STATUS_FAILURE);
    assert_string_equal(outcome.error.code, "Timeout");
    assert_string_equal(outcome.err.text, "DescribeAutoScalingGroups: not begun: the calls before "
                                          "took all the time there was");
    assert_int_equal(client.attempts, 0);
    assert_int_equal(client.budget, CLIENT_BUDGET);
}

/* Nor a second one at another time of day. */
static void no_new_signature_past_the_deadline(void **state)
{
    struct world *world = *state;
    world->fake.step_ms = 20000; /* before each try */
    plan(world, "403 Forbidden", "Date: Wed, 25 Nov 2026 12:10:00 GMT\r\n",
         "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>");
    struct outcome outcome = call_once(world, NULL, 30000);
    assert_int_equal(outcome.status, STATUS_FAILURE);
    assert_string_equal(outcome.error.code, "Timeout");
}

static void takes_over_the_servers_clock(void **state)
{
    struct world *world = *state;
    static const char REFUSED[] =
        "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>";
    plan(world, "403 Forbidden", "Date: Wed, 25 Nov 2026 12:10:00 GMT\r\n", REFUSED);
    plan(world, "200 OK", NULL, GOOD);
    struct client client;
    struct outcome outcome = call_once(world, &client, 0);
    assert_int_equal(outcome.status, STATUS_OK);
    assert_int_equal(client.skew_s, 600);
    assert_non_null(strstr(world->server.seen[1], "X-Amz-Date: 20261125T121000Z"));
    assert_int_equal(world->fake.sleeps, 0);
}

/* The key is wrong, not the clock. */
static void a_wrong_signature_is_said(void **state)
{
    struct world *world = *state;
    plan(world, "403 Forbidden", "Date: Wed, 25 Nov 2026 12:00:30 GMT\r\n",
         "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>");
    struct outcome outcome = call_once(world, NULL, 0);
    assert_string_equal(outcome.error.code, "SignatureDoesNotMatch");
}

static void expired_keys_that_cannot_be_renewed(void **state)
{
    struct world *world = *state;
    plan(world, "403 Forbidden", NULL,
         "<ErrorResponse><Error><Code>ExpiredToken</Code></Error></ErrorResponse>");
    struct outcome outcome = call_once(world, NULL, 0);
    assert_int_equal(outcome.status, STATUS_FAILURE);
    assert_string_equal(outcome.error.code, "NoCredentials");
}

static void redirects_are_not_followed(void **state)
{
    struct world *world = *state;
    plan(world, "301 Moved", "Location: http://127.0.0.1:1/\r\n", "");
    struct outcome outcome = call_once(world, NULL, 0);
    assert_string_equal(outcome.error.code, "HTTP 301");
}

static void broken_replies(void **state)
{
    struct world *world = *state;
    world_set(world, "AWS_MAX_ATTEMPTS", "4");
    server_plan(&world->server, (struct exchange){"POST", "200 OK", NULL, "<R>", 1000, 0});
    server_plan(&world->server, (struct exchange){"POST", NULL, NULL, "", 0, 0});
    server_plan(&world->server, (struct exchange){"POST", NULL, NULL, "SSH-2.0-x\r\n", 0, 0});
    plan(world, "200 OK", NULL, GOOD);
    struct outcome outcome = call_once(world, NULL, 0);
    assert_int_equal(outcome.status, STATUS_OK);
}

/* The time that is left bounds the exchange itself. */
static void slow_replies(void **state)
{
    struct world *world = *state;
    server_plan(&world->server, (struct exchange){"POST", "200 OK", NULL, GOOD, 0, 1500});
    struct outcome outcome = call_once(world, NULL, 300);
    assert_string_equal(outcome.error.code, "Timeout");
}

static void enormous_replies(void **state)
{
    struct world *world = *state;
    char *body = memory_new(HTTP_BODY_LIMIT + 10, 1);
    memset(body, 'x', HTTP_BODY_LIMIT + 9);
    plan(world, "200 OK", NULL, body);
    struct outcome outcome = call_once(world, NULL, 0);
    assert_string_equal(outcome.error.code, "BadReply");
    assert_non_null(strstr(outcome.err.text, "larger than"));
    free(body);
}

static void nobody_there(void **state)
{
    struct world *world = *state;
    world_set(world, "AWS_ENDPOINT_URL_AUTO_SCALING", "http://127.0.0.1:1");
    struct outcome outcome = call_once(world, NULL, 0);
    assert_string_equal(outcome.error.code, "ConnectionError");
    assert_int_equal(world->fake.sleeps, 2);
}

/* libcurl finds the proxy in the environment; the host is never looked up here. */
static void through_a_proxy(void **state)
{
    struct world *world = *state;
    char *proxy = memory_format("http://127.0.0.1:%d", world->server.port);
    world_set(world, "AWS_ENDPOINT_URL_AUTO_SCALING", "http://aws.invalid/twin");
    assert_int_equal(setenv("http_proxy", proxy, 1), 0);
    server_plan(&world->server, (struct exchange){"POST http://aws.invalid/twin HTTP/1.1\r\n",
                                                  "200 OK", NULL, GOOD, 0, 0});
    struct outcome outcome = call_once(world, NULL, 0);
    unsetenv("http_proxy");
    free(proxy);
    assert_int_equal(outcome.status, STATUS_OK);
    assert_non_null(strstr(world->server.seen[0], "Host: aws.invalid\r\n"));
}

/* What only this machine can reach is not asked of a proxy. */
static void past_a_proxy(void **state)
{
    struct world *world = *state;
    struct http http;
    struct http_response response;
    char *url = memory_format("http://127.0.0.1:%d/x", world->server.port);
    assert_int_equal(setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
    assert_int_equal(http_curl_open(&http, NULL, &world->err), STATUS_OK);
    server_plan(&world->server, (struct exchange){"GET /x ", "200 OK", NULL, "k", 0, 0});
    server_start(&world->server);
    const struct http_request request = {.method = "GET",
                                         .url = url,
                                         .connect_timeout_ms = 60000,
                                         .timeout_ms = 60000,
                                         .secret = true,
                                         .direct = true};
    int status = http.send(&request, &response, &world->err, http.context);
    unsetenv("http_proxy");
    server_close(&world->server);
    assert_int_equal(status, STATUS_OK);
    assert_string_equal(response.body, "k");
    http_response_clean_up(&response);
    http_curl_close(&http);
    free(url);
}

/* A header cannot be smuggled in, whatever a token file holds. */
static void headers_are_lines(void **state)
{
    struct world *world = *state;
    struct http http;
    struct http_response response;
    const struct sigv4_header header = {"Authorization", "a\r\nX-Evil: b"};
    assert_int_equal(http_curl_open(&http, NULL, &world->err), STATUS_OK);
    const struct http_request request = {
        .method = "GET", .url = "http://127.0.0.1:1/", .headers = &header, .header_count = 1};
    assert_int_equal(http.send(&request, &response, &world->err, http.context), STATUS_FAILURE);
    assert_int_equal(response.failure, HTTP_REFUSED);
    http_curl_close(&http);
    close(world->server.listener);
}

static void delays_are_jittered_and_bounded(void **state)
{
    (void)state;
    for (int attempt = 1; attempt < 70; attempt++) {
        assert_in_range(retry_delay_ms(attempt, UINT64_MAX), 0, 20000);
        assert_int_equal(retry_delay_ms(attempt, 0), 0);
    }
    assert_int_equal(retry_delay_ms(1, 1000), 1000);
    assert_int_equal(retry_delay_ms(2, 2000), 2000);
    assert_int_equal(retry_delay_ms(9, 20000), 20000);
}

static void expect_error(const char *body, const char *query_error, const char *code,
                         const char *message)
{
    struct http_response response = {
        .status = 400, .body = (char *)(uintptr_t)body, .body_size = strlen(body)};
    snprintf(response.query_error, sizeof response.query_error, "%s", query_error);
    struct aws_error error;
    aws_error_read(&error, &response);
    assert_string_equal(error.code, code);
    assert_string_equal(error.message, message);
}

static void every_shape_of_error(void **state)
{
    (void)state;
    expect_error("<?xml version=\"1.0\"?><Response><Errors><Error><Code>A.B</Code><Message>m"
                 "</Message></Error></Errors><RequestID>r</RequestID></Response>",
                 "", "A.B", "m");
    expect_error("<a:ErrorResponse xmlns:a=\"u\"><a:Error><a:Code> C </a:Code></a:Error>"
                 "</a:ErrorResponse>",
                 "", "C", "");
    expect_error("{\"__type\":\"p#ClusterNotFoundException\",\"Message\":\"m\"}", "",
                 "ClusterNotFoundException", "m");
    expect_error("{\"__type\":\"p#XException\",\"message\":\"m\"}", "InvalidParameterValue;Sender",
                 "InvalidParameterValue", "m");
    expect_error("", "", "HTTP 400", "");
    expect_error("{", "", "HTTP 400", "");
    expect_error("<!DOCTYPE x [<!ENTITY e \"E\">]><R><Error><Code>&e;</Code></Error></R>", "",
                 "HTTP 400", "");
}

static void xml_is_read_by_local_names(void **state)
{
    (void)state;
    static const char text[] =
        "<R xmlns=\"u\"><!-- c --><L><member><V> 1.5 </V><T>2026-01-02T03:04:05.250Z</T></member>"
        "<other/><member><V>1e-7</V><N>-4</N><S><![CDATA[a&b]]>&amp;&#99;</S></member></L></R>";
    struct xml xml;
    struct error err = {0};
    assert_int_equal(xml_parse(&xml, text, sizeof text - 1, true, &err), STATUS_OK);
    const struct _xmlNode *node = xml_find(xml.root, "L/member");
    int64_t value = 0;
    char out[32];
    assert_true(xml_is(xml.root, "R"));
    assert_true(xml_micro(node, "V", &value));
    assert_int_equal(value, 1500000);
    assert_true(xml_time(node, "T", &value));
    assert_int_equal(value, 1767323045);
    assert_false(xml_text(node, "S", out, sizeof out));
    node = xml_next(node);
    assert_true(xml_micro(node, "V", &value));
    assert_int_equal(value, 0);
    assert_true(xml_int64(node, "N", &value));
    assert_int_equal(value, -4);
    assert_true(xml_text(node, "S", out, sizeof out));
    assert_string_equal(out, "a&b&c");
    assert_false(xml_text(node, "S", out, 4));
    assert_null(xml_next(node));
    assert_null(xml_find(xml.root, "L/nobody/x"));
    xml_clean_up(&xml);
    static const char *const bad[] = {"", "plain", "<R>", "<R></S>",
                                      "<!DOCTYPE R SYSTEM \"http://127.0.0.1:1/x\"><R/>"};
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        assert_int_equal(xml_parse(&xml, bad[i], strlen(bad[i]), false, &err), STATUS_FAILURE);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)
    const struct CMUnitTest tests[] = {
        CASE(signed_as_aws_wants),
        CASE(tries_again_after_failures),
        CASE(gives_up_in_the_end),
        CASE(no_retry_where_it_cannot_help),
        CASE(no_retry_past_the_deadline),
        CASE(no_call_past_the_deadline),
        CASE(no_new_signature_past_the_deadline),
        CASE(takes_over_the_servers_clock),
        CASE(a_wrong_signature_is_said),
        CASE(expired_keys_that_cannot_be_renewed),
        CASE(redirects_are_not_followed),
        CASE(broken_replies),
        CASE(slow_replies),
        CASE(enormous_replies),
        CASE(nobody_there),
        CASE(through_a_proxy),
        CASE(past_a_proxy),
        CASE(headers_are_lines),
        cmocka_unit_test(delays_are_jittered_and_bounded),
        cmocka_unit_test(every_shape_of_error),
        cmocka_unit_test(xml_is_read_by_local_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
