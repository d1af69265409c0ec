#include "live/twin_clock.h"

#include "base/json.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_MS = 5000, TIMEOUT_MS = 60000 /* a long step takes its time */ };
static const int64_t last_s = INT64_C(253402300799); /* the year 9999 */

int twin_clock_open(struct twin_clock *out_clock, const struct settings *settings,
                    const struct http *http, struct error *err)
{
    struct endpoint endpoint;
    *out_clock = (struct twin_clock){.http = http};
    int status = settings_endpoint(settings, AWS_EC2, &endpoint, err);
    if (status)
        return status;
    if (settings_endpoint_is_named(settings, AWS_EC2))
        out_clock->url = memory_format("%s/_ballast/clock", endpoint.base);
    else
        status = error_set(err, STATUS_BAD_INPUT,
                           "--clock twin: name the twin with --endpoint-url or AWS_ENDPOINT_URL: "
                           "AWS has no such clock");
    endpoint_clean_up(&endpoint);
    return status;
}

static int read_now(const struct http_response *response, int64_t *out_now_s, struct error *err)
{
    struct json_document document = {0};
    int status = json_parse(&document, "reply", response->body, response->body_size, err);
    const cJSON *now = status ? NULL : cJSON_GetObjectItemCaseSensitive(document.root, "now");
    if (!status && !now)
        status = json_fail(&document, document.root, err, "there is no \"now\" in it");
    if (!status)
        status = json_int64(&document, now, 0, last_s, out_now_s, err);
    if (document.root)
        json_clean_up(&document);
    return status;
}

/* What the twin says of itself where it refuses: {"error": TEXT}. */
static int refused(const struct http_response *response, struct error *err)
{
    struct json_document document = {0};
    const char *said = NULL;
    if (json_parse(&document, "reply", response->body, response->body_size, NULL) == STATUS_OK)
        said = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(document.root, "error"));
    int status = error_set(err, STATUS_FAILURE, "HTTP %d%s%.200s", response->status,
                           said ? ": " : "", said ? said : "");
    if (document.root)
        json_clean_up(&document);
    return status;
}

static int ask(const struct twin_clock *clock, const char *body, int64_t *out_now_s,
               struct error *err)
{
    static const struct sigv4_header type = {"Content-Type", "application/json"};
    const struct http_request request = {
        .method = body ? "POST" : "GET",
        .url = clock->url,
        .headers = &type,
        .header_count = body ? 1 : 0,
        .body = body,
        .body_size = body ? strlen(body) : 0,
        .connect_timeout_ms = CONNECT_MS,
        .timeout_ms = TIMEOUT_MS,
    };
    struct http_response response = {0};
    int status = clock->http->send(&request, &response, err, clock->http->context);
    if (!status && response.status != 200)
        status = refused(&response, err);
    else if (!status)
        status = read_now(&response, out_now_s, err);
    http_response_clean_up(&response);
    if (status) {
        error_prefix(err, "the twin's clock");
        status = STATUS_FAILURE;
    }
    return status;
}

int twin_clock_now(const struct twin_clock *clock, int64_t *out_now_s, struct error *err)
{
    return ask(clock, NULL, out_now_s, err);
}

int twin_clock_advance(const struct twin_clock *clock, int64_t seconds, int64_t *out_now_s,
                       struct error *err)
{
    char body[48];
    snprintf(body, sizeof body, "{\"advance_s\":%lld}", (long long)seconds);
    return ask(clock, body, out_now_s, err);
}

void twin_clock_close(struct twin_clock *clock)
{
    free(clock->url);
    *clock = (struct twin_clock){0};
}
