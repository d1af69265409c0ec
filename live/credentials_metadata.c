#include "live/providers.h"

#include "base/memory.h"
#include "live/aws_error.h"
#include "live/environment.h"
#include "live/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CONTAINER_TIMEOUT_MS = 2000, CONTAINER_TRIES = 3, TOKEN_LIMIT = 32 << 10 };

int read_token_file(char **out_token, const char *path, struct error *err)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return error_set(err, STATUS_FAILURE, "%s: cannot be read: %s", path, strerror(errno));
    char *token = secret_new(TOKEN_LIMIT);
    size_t size = 0;
    ssize_t count = 0;
    while (size < TOKEN_LIMIT && (count = read(file, token + size, TOKEN_LIMIT - size)) > 0)
        size += (size_t)count;
    int cause = errno;
    close(file);
    size_t length = strlen(token);
    while (length > 0 && strchr(" \t\r\n", token[length - 1]))
        token[--length] = '\0';
    int status = STATUS_OK;
    if (count < 0)
        status = error_set(err, STATUS_FAILURE, "%s: cannot be read: %s", path, strerror(cause));
    else if (size == TOKEN_LIMIT)
        status = error_set(err, STATUS_FAILURE, "%s: too large for a token", path);
    else if (length == 0 || strpbrk(token, "\r\n"))
        status = error_set(err, STATUS_FAILURE, "%s: does not hold one token", path);
    if (status)
        secret_free(token);
    else
        *out_token = token;
    return status;
}

/* Send one of these requests until there is a good reply, a few times at most. */
static int fetch(const struct provider_context *context, const struct http_request *request,
                 int tries, struct http_response *out_response, struct error *err)
{
    int status = STATUS_FAILURE;
    for (int i = 1; i <= tries; i++) {
        status = context->http->send(request, out_response, err, context->http->context);
        bool good = !status && out_response->status == 200;
        bool final = !status && out_response->status / 100 == 4;
        if (good)
            return STATUS_OK;
        if (!status)
            status =
                error_set(err, STATUS_FAILURE, "answered with status %d", out_response->status);
        if (final)
            return status; /* with the reply, whose status may mean something */
        http_response_clean_up(out_response);
        if (i < tries) {
            const struct live_clock *clock = context->clock;
            clock->sleep_ms(retry_delay_ms(i, clock->luck(clock->context)), clock->context);
        }
    }
    return status;
}

/* ---- container --------------------------------------------------------------------------------
 */

bool container_credentials_wanted(const struct provider_context *context)
{
    char *const *environment = context->settings->environment;
    return environment_get(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") ||
           environment_get(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
}

/* Over plain HTTP only to this machine and to the addresses of AWS's agents. */
static bool may_be_plain(const char *host)
{
    static const char *const hosts[] = {"localhost",     "127.0.0.1",      "[::1]",
                                        "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"};
    size_t length = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
    for (size_t i = 0; i < ARRAY_LENGTH(hosts); i++) {
        if (strlen(hosts[i]) == length && strncmp(host, hosts[i], length) == 0)
            return true;
    }
    return false;
}

static int container_url(const struct provider_context *context, char **out_url, bool *out_plain,
                         struct error *err)
{
    char *const *environment = context->settings->environment;
    const char *relative = environment_get(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const char *full = environment_get(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    *out_plain = true;
    if (relative) {
        if (relative[0] != '/')
            return error_set(err, STATUS_BAD_INPUT,
                             "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with a slash");
        *out_url = memory_format("http://169.254.170.2%s", relative);
        return STATUS_OK;
    }
    /* The path may have a query: only scheme and host are looked at. */
    char *front = memory_copy_bytes(full, strcspn(full, "?#"));
    struct endpoint endpoint;
    int status = endpoint_parse(&endpoint, front, err);
    if (status) {
        error_prefix(err, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    } else {
        *out_plain = strncmp(endpoint.base, "https:", 6) != 0;
        if (*out_plain && !may_be_plain(endpoint.host))
            status = error_set(err, STATUS_BAD_INPUT,
                               "AWS_CONTAINER_CREDENTIALS_FULL_URI: plain http may only lead to "
                               "this machine or to AWS's own agents, not to %.80s",
                               endpoint.host);
        else
            *out_url = memory_copy_text(full);
        endpoint_clean_up(&endpoint);
    }
    free(front);
    return status;
}

/* The value of the Authorization header, or NULL; secret memory. */
static int container_token(const struct provider_context *context, char **out_token,
                           struct error *err)
{
    char *const *environment = context->settings->environment;
    const char *file = environment_get(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    if (file)
        return read_token_file(out_token, file, err);
    *out_token = secret_copy(environment_get(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN"));
    return STATUS_OK;
}

int credentials_from_container(struct credentials *out_credentials,
                               const struct provider_context *context, struct error *err)
{
    char *url = NULL;
    char *token = NULL;
    bool plain = true;
    int status = container_url(context, &url, &plain, err);
    if (!status)
        status = container_token(context, &token, err);
    struct http_response response = {0};
    if (!status) {
        const struct sigv4_header headers[] = {{"Accept", "application/json"},
                                               {"Authorization", token}};
        const struct http_request request = {.method = "GET",
                                             .url = url,
                                             .headers = headers,
                                             .header_count = token ? 2 : 1,
                                             .connect_timeout_ms = CONTAINER_TIMEOUT_MS,
                                             .timeout_ms = CONTAINER_TIMEOUT_MS,
                                             .secret = true,
                                             .direct = plain};
        status = fetch(context, &request, CONTAINER_TRIES, &response, err);
        if (!status)
            status = credentials_from_json(out_credentials, response.body, response.body_size,
                                           "Token", true, err);
        if (status)
            error_prefix(err, "credentials of the container");
        else
            snprintf(out_credentials->source, sizeof out_credentials->source, "container");
    }
    http_response_clean_up(&response);
    secret_free(token);
    free(url);
    return status;
}

/* ---- instance ---------------------------------------------------------------------------------
 */

struct metadata {
    const struct provider_context *context;
    char *base;
    char *token; /* secret memory */
    int64_t timeout_ms;
    int tries;
};

static int64_t small_number(char *const *environment, const char *name, int64_t otherwise)
{
    const char *text = environment_get(environment, name);
    size_t digits = text ? strspn(text, "0123456789") : 0;
    int64_t value = digits > 0 && digits < 4 && !text[digits] ? strtoll(text, NULL, 10) : 0;
    return value > 0 ? value : otherwise;
}

static int metadata_get(const struct metadata *metadata, const char *path,
                        struct http_response *out_response, struct error *err)
{
    char *url = memory_format("%s/latest/%s", metadata->base, path);
    const struct sigv4_header headers[] = {{"X-aws-ec2-metadata-token", metadata->token}};
    const struct http_request request = {.method = "GET",
                                         .url = url,
                                         .headers = headers,
                                         .header_count = 1,
                                         .connect_timeout_ms = metadata->timeout_ms,
                                         .timeout_ms = metadata->timeout_ms,
                                         .secret = true,
                                         .direct = true};
    int status = fetch(metadata->context, &request, metadata->tries, out_response, err);
    free(url);
    return status;
}

/* *out_absent: nobody there speaks IMDSv2. */
static int metadata_token(struct metadata *metadata, bool *out_absent, struct error *err)
{
    char *url = memory_format("%s/latest/api/token", metadata->base);
    const struct sigv4_header headers[] = {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}};
    const struct http_request request = {.method = "PUT",
                                         .url = url,
                                         .headers = headers,
                                         .header_count = 1,
                                         .body = "",
                                         .connect_timeout_ms = metadata->timeout_ms,
                                         .timeout_ms = metadata->timeout_ms,
                                         .secret = true,
                                         .direct = true};
    struct http_response response = {0};
    int status = fetch(metadata->context, &request, metadata->tries, &response, err);
    *out_absent = status != STATUS_OK;
    if (!status && (!response.body[0] || strpbrk(response.body, "\r\n")))
        status = error_set(err, STATUS_FAILURE, "its token is not one");
    else if (!status)
        metadata->token = secret_copy(response.body);
    http_response_clean_up(&response);
    free(url);
    return *out_absent ? STATUS_OK : status;
}

/* The role's name is one word of a path. */
static int metadata_role(const struct metadata *metadata, char *out_role, size_t size,
                         bool *out_absent, struct error *err)
{
    struct http_response response = {0};
    int status = metadata_get(metadata, "meta-data/iam/security-credentials/", &response, err);
    *out_absent = status && response.status == 404;
    if (!status) {
        size_t length = strcspn(response.body, "\r\n");
        if (length == 0 || length >= size ||
            strspn(response.body, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                  "+=,.@_-") < length)
            status = error_set(err, STATUS_FAILURE, "its role has no proper name");
        else
            snprintf(out_role, size, "%.*s", (int)length, response.body);
    }
    http_response_clean_up(&response);
    return *out_absent ? STATUS_OK : status;
}

int credentials_from_instance(struct credentials *out_credentials,
                              const struct provider_context *context, bool *out_absent,
                              struct error *err)
{
    char *const *environment = context->settings->environment;
    const char *said = environment_get(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
    struct metadata metadata = {
        .context = context,
        .base = memory_copy_text(said ? said : "http://169.254.169.254"),
        .timeout_ms = 1000 * small_number(environment, "AWS_METADATA_SERVICE_TIMEOUT", 1),
        .tries = (int)small_number(environment, "AWS_METADATA_SERVICE_NUM_ATTEMPTS", 1),
    };
    size_t length = strlen(metadata.base);
    if (length > 0 && metadata.base[length - 1] == '/')
        metadata.base[length - 1] = '\0';
    char role[129];
    int status = metadata_token(&metadata, out_absent, err);
    if (!status && !*out_absent)
        status = metadata_role(&metadata, role, sizeof role, out_absent, err);
    if (!status && !*out_absent) {
        char *path = memory_format("meta-data/iam/security-credentials/%s", role);
        struct http_response response = {0};
        status = metadata_get(&metadata, path, &response, err);
        if (!status)
            status = credentials_from_json(out_credentials, response.body, response.body_size,
                                           "Token", true, err);
        if (!status)
            snprintf(out_credentials->source, sizeof out_credentials->source, "instance");
        http_response_clean_up(&response);
        free(path);
    }
    if (status)
        error_prefix(err, "credentials of the instance");
    secret_free(metadata.token);
    free(metadata.base);
    return status;
}
