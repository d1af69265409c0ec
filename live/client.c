#include "live/client.h"

#include "base/memory.h"
#include "live/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADERS_MAX = 8, RETRY_COST = 5, TIMEOUT_COST = 10, SKEW_AT_LEAST_S = 60 };

struct client client_new(const struct settings *settings, const struct http *http,
                         const struct live_clock *clock,
                         const struct credential_source *credentials)
{
    return (struct client){.settings = settings,
                           .http = *http,
                           .clock = *clock,
                           .credentials = *credentials,
                           .budget = CLIENT_BUDGET};
}

struct wire_headers {
    struct sigv4_header list[HEADERS_MAX];
    size_t count;
};

static void add(struct wire_headers *headers, const char *name, const char *value)
{
    headers->list[headers->count++] = (struct sigv4_header){name, value};
}

static int64_t time_left_ms(const struct client *client)
{
    if (!client->deadline_ms)
        return INT64_MAX;
    return client->deadline_ms - client->clock.monotonic_ms(client->clock.context);
}

/* One try, signed for now; none where the time is over: to libcurl no time left is no limit. */
static int send_once(struct client *client, const struct call *call,
                     const struct endpoint *endpoint, const struct credentials *credentials,
                     struct http_response *out_response, struct error *err)
{
    int64_t left = time_left_ms(client);
    if (left <= 0) {
        *out_response = (struct http_response){.failure = HTTP_TIMEOUT};
        return error_set(err, STATUS_FAILURE,
                         "not begun: the calls before took all the time there was");
    }
    const struct aws_service_facts *facts = &aws_service_facts[call->service];
    bool json = call->service == AWS_ECS;
    char *target = memory_format("%s.%s", facts->version, call->operation);
    char *url = memory_format("%s%s", endpoint->base, endpoint->path);
    char date[SIGV4_DATE_SIZE];
    const struct sigv4_signer signer = {
        .access_key = credentials ? credentials->access_key : "",
        .secret_key = credentials ? credentials->secret_key : "",
        .region = client->settings->region,
        .service = facts->signing_name,
        .time_s = client->clock.now_s(client->clock.context) + client->skew_s,
    };
    sigv4_date(signer.time_s, date);
    struct wire_headers headers = {.count = 0};
    add(&headers, "Content-Type",
        json ? "application/x-amz-json-1.1" : "application/x-www-form-urlencoded; charset=utf-8");
    add(&headers, "Host", endpoint->host);
    if (json)
        add(&headers, "X-Amz-Target", target);
    if (client->simulated)
        add(&headers, "X-Ballast-Clock", "simulated");
    if (credentials) {
        add(&headers, "X-Amz-Date", date);
        if (credentials->session_token)
            add(&headers, "X-Amz-Security-Token", credentials->session_token);
    }
    struct sigv4_request to_sign = {.method = "POST",
                                    .path = endpoint->path,
                                    .headers = headers.list,
                                    .header_count = headers.count,
                                    .body = call->body,
                                    .body_size = strlen(call->body)};
    struct sigv4_result signature = {0};
    if (credentials) {
        sigv4_sign(&to_sign, &signer, &signature);
        add(&headers, "Authorization", signature.authorization);
    }
    struct http_request request = {
        .method = "POST",
        .url = url,
        .headers = headers.list,
        .header_count = headers.count,
        .body = call->body,
        .body_size = to_sign.body_size,
        .connect_timeout_ms = CLIENT_CONNECT_TIMEOUT_MS,
        .timeout_ms = left < CLIENT_TIMEOUT_MS ? left : CLIENT_TIMEOUT_MS,
        .secret = call->secret,
    };
    client->attempts++;
    int status = client->http.send(&request, out_response, err, client->http.context);
    if (signature.canonical_request) /* it holds the session token */
        explicit_bzero(signature.canonical_request, strlen(signature.canonical_request));
    sigv4_clean_up(&signature);
    free(target);
    free(url);
    return status;
}

/* What a try came to: STATUS_OK, or out_error with what may help. */
static enum aws_remedy judge(int status, struct http_response *response,
                             struct aws_error *out_error, struct error *err, const char *operation)
{
    *out_error = (struct aws_error){0};
    if (status) {
        enum http_failure failure = response->failure;
        snprintf(out_error->code, sizeof out_error->code, "%s",
                 failure == HTTP_TIMEOUT                                    ? "Timeout"
                 : failure == HTTP_TOO_LARGE                                ? "BadReply"
                 : failure == HTTP_BROKEN || failure == HTTP_CANNOT_CONNECT ? "ConnectionError"
                                                                            : "Refused");
        error_prefix(err, "%s", operation);
        return failure == HTTP_TOO_LARGE || failure == HTTP_REFUSED ? AWS_GIVE_UP : AWS_RETRY;
    }
    aws_error_read(out_error, response);
    error_set(err, STATUS_FAILURE, "%s: %s%s%.250s%s%s%s", operation, out_error->code,
              out_error->message[0] ? ": " : "", out_error->message,
              response->request_id[0] ? " (request " : "", response->request_id,
              response->request_id[0] ? ")" : "");
    return aws_error_remedy(out_error);
}

/* Wait before another try; false if there is none to be had. */
static bool wait_for_retry(struct client *client, int attempt, enum aws_remedy remedy,
                           const struct aws_error *error, int64_t asked_ms)
{
    int cost = strcmp(error->code, "Timeout") == 0 ? TIMEOUT_COST : RETRY_COST;
    if (attempt >= client->settings->max_attempts || client->budget < cost)
        return false;
    int64_t delay = retry_delay_ms(attempt, client->clock.luck(client->clock.context));
    if (remedy == AWS_SLOW_DOWN && delay < 100)
        delay = 100;
    if (asked_ms > delay)
        delay = asked_ms < 20000 ? asked_ms : 20000;
    if (time_left_ms(client) <= delay)
        return false;
    client->budget -= cost;
    client->clock.sleep_ms(delay, client->clock.context);
    return true;
}

/* Take over the server's time if it is another than ours. */
static bool correct_clock(struct client *client, const struct http_response *response)
{
    if (response->date_s < 0)
        return false;
    int64_t skew = response->date_s - client->clock.now_s(client->clock.context);
    int64_t change = skew - client->skew_s;
    if (change > -SKEW_AT_LEAST_S && change < SKEW_AT_LEAST_S)
        return false;
    client->skew_s = skew;
    return true;
}

int client_call(struct client *client, const struct call *call, struct http_response *out_response,
                struct aws_error *out_error, struct error *err)
{
    struct endpoint endpoint;
    *out_response = (struct http_response){0};
    *out_error = (struct aws_error){.code = "BadEndpoint"};
    int status = settings_endpoint(client->settings, call->service, &endpoint, err);
    if (status)
        return status;
    bool clock_set = false;
    bool refreshed = false;
    bool refresh = false;
    for (int attempt = 1;; attempt++) {
        const struct credentials *credentials = NULL;
        if (!call->anonymous) {
            *out_error = (struct aws_error){.code = "NoCredentials"};
            status =
                client->credentials.get(refresh, &credentials, err, client->credentials.context);
            if (status)
                break;
        }
        refresh = false;
        status = send_once(client, call, &endpoint, credentials, out_response, err);
        if (!status && out_response->status / 100 == 2) {
            *out_error = (struct aws_error){0};
            client->budget += client->budget < CLIENT_BUDGET;
            break;
        }
        enum aws_remedy remedy = judge(status, out_response, out_error, err, call->operation);
        int64_t asked_ms = status ? -1 : out_response->retry_after_ms;
        bool again = false;
        status = STATUS_FAILURE;
        if (remedy == AWS_SET_CLOCK && !clock_set)
            again = clock_set = correct_clock(client, out_response);
        else if (remedy == AWS_REFRESH && !refreshed && !call->anonymous)
            again = refresh = refreshed = true;
        else if (remedy == AWS_RETRY || remedy == AWS_SLOW_DOWN)
            again = wait_for_retry(client, attempt, remedy, out_error, asked_ms);
        http_response_clean_up(out_response);
        if (!again)
            break;
    }
    endpoint_clean_up(&endpoint);
    return status;
}
