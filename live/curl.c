#include "live/http.h"

#include "base/memory.h"
#include "base/text.h"
#include "live/secret.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct connection {
    CURL *curl;
    const char *ca_bundle;
};

/* A reply as it comes in. A secret body has all its room at once, so that growing leaves no copies
 * behind. */
struct incoming {
    struct http_response *response;
    struct text text;
    bool too_large;
};

static size_t on_body(char *bytes, size_t one, size_t count, void *context)
{
    struct incoming *incoming = context;
    struct http_response *response = incoming->response;
    (void)one;
    if (response->secret) {
        if (count > HTTP_SECRET_LIMIT - response->body_size) {
            incoming->too_large = true;
            return 0;
        }
        memcpy(response->body + response->body_size, bytes, count);
        response->body_size += count;
        return count;
    }
    text_add_bytes(&incoming->text, bytes, count);
    incoming->too_large = incoming->text.failed;
    return incoming->too_large ? 0 : count;
}

static size_t on_header(char *line, size_t one, size_t count, void *context)
{
    struct incoming *incoming = context;
    (void)one;
    http_response_header(incoming->response, line, count);
    return count;
}

static enum http_failure failure_of(CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
        return HTTP_CANNOT_CONNECT;
    case CURLE_OPERATION_TIMEDOUT:
        return HTTP_TIMEOUT;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_URL_MALFORMAT:
        return HTTP_REFUSED;
    default:
        return HTTP_BROKEN;
    }
}

/* NULL if one of the headers cannot be sent as a line. */
static struct curl_slist *header_list(const struct http_request *request)
{
    /* libcurl would ask leave for a large body, which no client of AWS does. */
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    for (size_t i = 0; list && i < request->header_count; i++) {
        const struct sigv4_header *header = &request->headers[i];
        bool fine = !strpbrk(header->value, "\r\n");
        char *line = memory_format("%s: %s", header->name, header->value);
        struct curl_slist *longer = fine ? curl_slist_append(list, line) : NULL;
        explicit_bzero(line, strlen(line));
        free(line);
        if (!longer)
            curl_slist_free_all(list);
        list = longer;
    }
    return list;
}

static void wipe_list(struct curl_slist *list)
{
    for (struct curl_slist *at = list; at; at = at->next)
        explicit_bzero(at->data, strlen(at->data));
    curl_slist_free_all(list);
}

static void set_up(const struct connection *connection, const struct http_request *request,
                   struct curl_slist *headers, struct incoming *incoming, char *reason)
{
    CURL *curl = connection->curl;
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, request->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "ballast");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)request->connect_timeout_ms);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, incoming);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, incoming);
    if (connection->ca_bundle)
        curl_easy_setopt(curl, CURLOPT_CAINFO, connection->ca_bundle);
    if (request->direct)
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
    if (request->body) {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_size);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
}

/* Where a request went, for messages: scheme and host, never a path or a query. */
static int host_length(const char *url)
{
    const char *host = strstr(url, "://");
    host = host ? host + 3 : url;
    return (int)(host - url) + (int)strcspn(host, "/?");
}

static int curl_send(const struct http_request *request, struct http_response *out_response,
                     struct error *err, void *context)
{
    const struct connection *connection = context;
    *out_response =
        (struct http_response){.secret = request->secret, .date_s = -1, .retry_after_ms = -1};
    struct curl_slist *headers = header_list(request);
    if (!headers) {
        out_response->failure = HTTP_REFUSED;
        return error_set(err, STATUS_FAILURE, "a header of the request holds a line break");
    }
    struct incoming incoming = {.response = out_response, .text = {.limit = HTTP_BODY_LIMIT}};
    if (request->secret)
        out_response->body = secret_new(HTTP_SECRET_LIMIT);
    else
        text_add(&incoming.text, "");
    char reason[CURL_ERROR_SIZE] = "";
    set_up(connection, request, headers, &incoming, reason);
    CURLcode code = curl_easy_perform(connection->curl);
    wipe_list(headers);
    if (!request->secret) {
        out_response->body = incoming.text.data;
        out_response->body_size = incoming.text.size;
    }
    if (code == CURLE_OK) {
        long status = 0;
        curl_easy_getinfo(connection->curl, CURLINFO_RESPONSE_CODE, &status);
        out_response->status = (int)status;
        return STATUS_OK;
    }
    enum http_failure failure = incoming.too_large ? HTTP_TOO_LARGE : failure_of(code);
    http_response_clean_up(out_response);
    out_response->failure = failure;
    if (failure == HTTP_TOO_LARGE)
        return error_set(err, STATUS_FAILURE, "%.*s: the reply is larger than %d bytes",
                         host_length(request->url), request->url,
                         request->secret ? HTTP_SECRET_LIMIT : HTTP_BODY_LIMIT);
    return error_set(err, STATUS_FAILURE, "%.*s: %s", host_length(request->url), request->url,
                     reason[0] ? reason : curl_easy_strerror(code));
}

int http_curl_open(struct http *out_http, const char *ca_bundle, struct error *err)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return error_set(err, STATUS_FAILURE, "libcurl cannot be used here");
    struct connection *connection = memory_new(1, sizeof *connection);
    *connection = (struct connection){curl_easy_init(), ca_bundle};
    if (!connection->curl) {
        free(connection);
        return error_set(err, STATUS_FAILURE, "libcurl cannot be used here");
    }
    *out_http = (struct http){curl_send, connection};
    return STATUS_OK;
}

void http_curl_close(struct http *http)
{
    struct connection *connection = http->context;
    if (!connection)
        return;
    curl_easy_cleanup(connection->curl);
    free(connection);
    *http = (struct http){0};
}
