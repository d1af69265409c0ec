#include "live/http.h"

#include "live/secret.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void http_response_clean_up(struct http_response *response)
{
    if (response->secret)
        secret_free(response->body);
    else
        free(response->body);
    *response = (struct http_response){0};
}

static void copy_value(char *out, size_t size, const char *value, size_t length)
{
    snprintf(out, size, "%.*s", (int)(length < size ? length : size - 1), value);
}

void http_response_header(struct http_response *response, const char *line, size_t length)
{
    const char *colon = length ? memchr(line, ':', length) : NULL;
    if (!colon)
        return;
    size_t name = (size_t)(colon - line);
    const char *value = colon + 1;
    const char *end = line + length;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && strchr(" \t\r\n", end[-1]))
        end--;
    size_t size = (size_t)(end - value);
    char text[64];
    copy_value(text, sizeof text, value, size);
#define IS(header) (name == strlen(header) && strncasecmp(line, header, name) == 0)
    if (IS("date")) {
        response->date_s = (int64_t)curl_getdate(text, NULL);
    } else if (IS("retry-after") || IS("x-amz-retry-after")) {
        size_t digits = strspn(text, "0123456789");
        if (digits > 0 && digits < 8 && !text[digits])
            response->retry_after_ms = strtoll(text, NULL, 10) * (IS("retry-after") ? 1000 : 1);
    } else if (IS("x-amzn-requestid") || IS("x-amz-request-id")) {
        copy_value(response->request_id, sizeof response->request_id, value, size);
    } else if (IS("x-amzn-query-error")) {
        copy_value(response->query_error, sizeof response->query_error, value, size);
    }
#undef IS
}
