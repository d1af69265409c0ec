/* HTTP, one request and one reply: the seam between what is said to AWS and how it travels.
 *
 * `send` fails (STATUS_FAILURE, with `failure` set) only where there is no whole reply; a reply of
 * any status is a success here. It follows no redirect, decodes no compression, and refuses a body
 * larger than the request's limit. Tests put their own function in its place.
 */
#ifndef LIVE_HTTP_H
#define LIVE_HTTP_H

#include "base/error.h"
#include "live/sigv4.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HTTP_BODY_LIMIT = 16 << 20, HTTP_SECRET_LIMIT = 64 << 10 }; /* bytes of a reply */

struct http_request {
    const char *method;
    const char *url; /* with the path as signed */
    const struct sigv4_header *headers;
    size_t header_count;
    const void *body; /* NULL for none */
    size_t body_size;
    int64_t connect_timeout_ms;
    int64_t timeout_ms; /* of the whole exchange */
    bool secret;        /* the reply holds keys: secret memory, HTTP_SECRET_LIMIT */
    bool direct;        /* past any proxy: addresses that only this machine can reach */
};

enum http_failure {
    HTTP_NO_FAILURE = 0,
    HTTP_CANNOT_CONNECT, /* no address, refused, no route */
    HTTP_TIMEOUT,
    HTTP_BROKEN,    /* closed early, not HTTP, shorter than announced */
    HTTP_TOO_LARGE, /* beyond the limit; asking again would not help */
    HTTP_REFUSED,   /* the certificate is not trusted, or the URL is wrong; likewise */
};

struct http_response {
    enum http_failure failure;
    int status;
    char *body; /* NUL-terminated, never NULL on success */
    size_t body_size;
    bool secret;
    int64_t date_s;         /* of the Date header; -1 without one */
    int64_t retry_after_ms; /* x-amz-retry-after or Retry-After; -1 without one */
    char request_id[80];    /* x-amzn-requestid or x-amz-request-id; "" without one */
    char query_error[128];  /* x-amzn-query-error; "" without one */
};

struct http {
    int (*send)(const struct http_request *request, struct http_response *out_response,
                struct error *err, void *context);
    void *context;
};

/* Wipes what was secret. Also right for a response that send did not fill. */
void http_response_clean_up(struct http_response *response);

/* Take note of one header line of a reply ("Name: value", no line end needed). */
void http_response_header(struct http_response *response, const char *line, size_t length);

/* Over libcurl. One connection is kept and used again. Verification of certificates is always on;
 * `ca_bundle` (NULL: the system's) is borrowed. */
int http_curl_open(struct http *out_http, const char *ca_bundle, struct error *err);
void http_curl_close(struct http *http);

#endif
