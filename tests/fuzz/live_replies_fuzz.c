/* Replies of AWS, XML and JSON, to every call of the adapter: the first byte chooses the call. */
#include "live/calls.h"

#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

struct reply {
    const uint8_t *bytes;
    size_t count;
};

static int send_reply(const struct http_request *request, struct http_response *out_response,
                      struct error *err, void *context)
{
    const struct reply *reply = context;
    (void)request;
    (void)err;
    *out_response = (struct http_response){.status = 200, .date_s = -1, .retry_after_ms = -1};
    out_response->body = memory_new(reply->count + 1, 1);
    if (reply->count)
        memcpy(out_response->body, reply->bytes, reply->count);
    out_response->body_size = reply->count;
    return STATUS_OK;
}

static int64_t standing(void *context)
{
    (void)context;
    return 1767323045;
}

static void no_wait(int64_t duration_ms, void *context)
{
    (void)duration_ms;
    (void)context;
}

static uint64_t no_luck(void *context)
{
    (void)context;
    return 0;
}

static int metric(struct client *client, enum ballast_api api, struct aws_error *error,
                  struct error *err)
{
    const struct cloud_metric_query query = {.api = api,
                                             .metric = "PendingCapacity",
                                             .statistic = BALLAST_MAXIMUM,
                                             .period_s = 60,
                                             .start_s = 1767322445,
                                             .end_s = 1767323045};
    struct ballast_point points[12];
    size_t count = 0;
    int status =
        aws_get_metric(client, "sfr-1", &query, points, ARRAY_LENGTH(points), &count, error, err);
    if (!status && count > ARRAY_LENGTH(points))
        abort();
    return status;
}

static int lists(struct client *client, int which, struct aws_error *error, struct error *err)
{
    static const char *const names[] = {"c3.xlarge"};
    const struct aws_price_query query = {
        .instance_types = names, .type_count = 1, .product = "Linux/UNIX", .end_s = 1767323045};
    size_t count = 0;
    struct aws_fleet_instance *instances = NULL;
    struct aws_fleet_event *events = NULL;
    struct aws_spot_price *prices = NULL;
    struct aws_subnet *subnets = NULL;
    int status =
        which == 0
            ? aws_describe_spot_fleet_instances(client, "sfr-1", &instances, &count, error, err)
        : which == 1 ? aws_describe_spot_fleet_request_history(client, "sfr-1", 0, &events, &count,
                                                               error, err)
        : which == 2 ? aws_describe_spot_price_history(client, &query, &prices, &count, error, err)
                     : aws_describe_subnets(client, names, 1, &subnets, &count, error, err);
    free(instances);
    free(events);
    free(prices);
    free(subnets);
    return status;
}

static int call(struct client *client, int which, struct aws_error *error, struct error *err)
{
    bool found = false;
    struct aws_spot_fleet fleet;
    struct aws_group group;
    struct ballast_cluster cluster;
    struct aws_identity identity;
    int status = STATUS_OK;
    switch (which) {
    case 0:
        return metric(client, BALLAST_GET_METRIC_STATISTICS, error, err);
    case 1:
        return metric(client, BALLAST_GET_METRIC_DATA, error, err);
    case 2:
        status = aws_describe_spot_fleet_request(client, "sfr-1", &fleet, &found, error, err);
        aws_spot_fleet_clean_up(&fleet);
        return status;
    case 3:
        return aws_describe_auto_scaling_group(client, "grp", &group, &found, error, err);
    case 4:
        return aws_set_desired_capacity(client, "grp", 3, true, error, err);
    case 5:
        return aws_modify_spot_fleet_request(client, "sfr-1", 3, error, err);
    case 6:
        return aws_describe_cluster(client, "c", &cluster, &found, error, err);
    case 7:
        return aws_get_caller_identity(client, &identity, error, err);
    default:
        return lists(client, which - 8, error, err);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    enum { CALLS = 12 };
    if (count == 0)
        return 0;
    char *environment[] = {NULL};
    struct reply reply = {bytes + 1, count - 1};
    const struct settings settings = {.environment = environment,
                                      .region = "us-east-1",
                                      .endpoint_url = "http://here/",
                                      .max_attempts = 1};
    const struct http http = {send_reply, &reply};
    const struct live_clock clock = {standing, standing, no_wait, no_luck, NULL};
    struct credentials keys = {.access_key = "A", .secret_key = "B", .expires_s = INT64_MAX};
    const struct credential_source source = credential_source_of(&keys);
    struct client client = client_new(&settings, &http, &clock, &source);
    struct aws_error error = {0};
    struct error err = {0};
    if (call(&client, bytes[0] % CALLS, &error, &err) && (!error.code[0] || !err.text[0]))
        abort();
    return 0;
}
