#include "lambda/runtime.h"

#include "base/memory.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { EVENT_LIMIT = 6 << 20 /* Lambda's own */, ANSWER_TIMEOUT_MS = 5000 };

struct runtime {
    CURL *curl;
    char *base; /* "http://HOST:PORT/2018-06-01/runtime/" */
};

int runtime_open(struct runtime **out_runtime, const char *address, struct error *err)
{
    CURL *curl = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_easy_init() : NULL;
    if (!curl)
        return error_set(err, STATUS_FAILURE, "libcurl could not be set up");
    struct runtime *runtime = memory_new(1, sizeof *runtime);
    runtime->curl = curl;
    runtime->base = memory_format("http://%s/2018-06-01/runtime/", address);
    *out_runtime = runtime;
    return STATUS_OK;
}

void runtime_close(struct runtime *runtime)
{
    if (!runtime)
        return;
    curl_easy_cleanup(runtime->curl);
    free(runtime->base);
    free(runtime);
}

void invocation_clean_up(struct invocation *invocation)
{
    text_clean_up(&invocation->event);
}

static size_t on_body(char *bytes, size_t one, size_t count, void *context)
{
    struct text *text = context;
    (void)one;
    text_add_bytes(text, bytes, count);
    return text->failed ? 0 : count;
}

/* The value of a header line, if it is of this name; not ended by a NUL. */
static const char *header(const char *line, size_t length, const char *name, size_t *out_size)
{
    size_t size = strlen(name);
    if (length <= size || strncasecmp(line, name, size) != 0 || line[size] != ':')
        return NULL;
    const char *value = line + size + 1;
    const char *end = line + length;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && (end[-1] == '\r' || end[-1] == '\n' || end[-1] == ' '))
        end--;
    *out_size = (size_t)(end - value);
    return value;
}

static size_t on_header(char *line, size_t one, size_t count, void *context)
{
    struct invocation *invocation = context;
    char number[24];
    size_t size = 0;
    (void)one;
    const char *value = header(line, count, "Lambda-Runtime-Aws-Request-Id", &size);
    if (value && size < sizeof invocation->id)
        snprintf(invocation->id, sizeof invocation->id, "%.*s", (int)size, value);
    value = header(line, count, "Lambda-Runtime-Deadline-Ms", &size);
    if (value && size < sizeof number) {
        snprintf(number, sizeof number, "%.*s", (int)size, value);
        invocation->deadline_ms = strtoll(number, NULL, 10);
    }
    return count;
}

/* One exchange; a status that is not 2xx is an error. */
static int exchange(struct runtime *runtime, const char *path, struct curl_slist *headers,
                    struct text *out_body, struct error *err)
{
    char *url = memory_format("%s%s", runtime->base, path);
    CURL *curl = runtime->curl;
    long status = 0;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* it is on this machine */
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, out_body);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_reset(curl); /* the connection stays */
    free(url);
    if (code != CURLE_OK)
        return error_set(err, STATUS_FAILURE, "the runtime API (%s): %s", path,
                         curl_easy_strerror(code));
    if (status < 200 || status > 299)
        return error_set(err, STATUS_FAILURE, "the runtime API (%s): HTTP %ld", path, status);
    return STATUS_OK;
}

int runtime_next(struct runtime *runtime, struct invocation *out_invocation, struct error *err)
{
    *out_invocation = (struct invocation){.event = {.limit = EVENT_LIMIT}};
    curl_easy_setopt(runtime->curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(runtime->curl, CURLOPT_HEADERDATA, out_invocation);
    /* The environment is frozen until there is one: no time is too long. */
    curl_easy_setopt(runtime->curl, CURLOPT_TIMEOUT_MS, 0L);
    int status = exchange(runtime, "invocation/next", NULL, &out_invocation->event, err);
    if (!status &&
        (!out_invocation->id[0] ||
         strspn(out_invocation->id, "0123456789abcdefABCDEF-") != strlen(out_invocation->id)))
        status = error_set(err, STATUS_FAILURE, "the runtime API gave an invocation without an id");
    return status;
}

static int post(struct runtime *runtime, const char *path, const char *json, const char *type,
                struct error *err)
{
    struct text reply = {.limit = 64 << 10};
    char *line = memory_format("Lambda-Runtime-Function-Error-Type: %s", type ? type : "");
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    if (type)
        headers = curl_slist_append(headers, line);
    curl_easy_setopt(runtime->curl, CURLOPT_POSTFIELDS, json);
    curl_easy_setopt(runtime->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(json));
    curl_easy_setopt(runtime->curl, CURLOPT_TIMEOUT_MS, (long)ANSWER_TIMEOUT_MS);
    int status = exchange(runtime, path, headers, &reply, err);
    curl_slist_free_all(headers);
    free(line);
    text_clean_up(&reply);
    return status;
}

int runtime_respond(struct runtime *runtime, const struct invocation *invocation, const char *json,
                    struct error *err)
{
    char *path = memory_format("invocation/%s/response", invocation->id);
    int status = post(runtime, path, json, NULL, err);
    free(path);
    return status;
}

int runtime_fail(struct runtime *runtime, const struct invocation *invocation, const char *type,
                 const char *message, struct error *err)
{
    struct text json = {0};
    text_add(&json, "{\"errorMessage\":");
    text_add_json_string(&json, message);
    text_add(&json, ",\"errorType\":");
    text_add_json_string(&json, type);
    text_add(&json, ",\"stackTrace\":[]}");
    char *path = invocation ? memory_format("invocation/%s/error", invocation->id)
                            : memory_copy_text("init/error");
    int status = post(runtime, path, json.data, type, err);
    free(path);
    text_clean_up(&json);
    return status;
}
