#include "live/providers.h"

#include "base/memory.h"
#include "live/client.h"
#include "live/form.h"
#include "live/secret.h"
#include "live/xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_SIZE = 128 << 10 };

/* The credentials in the reply to either call. */
static int read_reply(struct credentials *out_credentials, const struct http_response *response,
                      const char *result, struct error *err)
{
    struct xml xml;
    int status = xml_parse(&xml, response->body, response->body_size, true, err);
    if (status)
        return status;
    char *path = memory_format("%s/Credentials", result);
    const struct _xmlNode *node = xml_find(xml.root, path);
    free(path);
    *out_credentials = (struct credentials){
        .access_key = xml_secret(node, "AccessKeyId"),
        .secret_key = xml_secret(node, "SecretAccessKey"),
        .session_token = xml_secret(node, "SessionToken"),
    };
    if (!node || !out_credentials->access_key || !out_credentials->secret_key ||
        !out_credentials->session_token ||
        !xml_time(node, "Expiration", &out_credentials->expires_s)) {
        credentials_clean_up(out_credentials);
        status = error_set(err, STATUS_FAILURE, "the reply has no credentials");
    }
    xml_clean_up(&xml);
    return status;
}

static int call_sts(struct credentials *out_credentials, const char *operation, const char *body,
                    const struct credentials *base, const struct provider_context *context,
                    struct error *err)
{
    const struct credential_source source = credential_source_of(base);
    struct client client = client_new(context->settings, context->http, context->clock, &source);
    const struct call call = {.service = AWS_STS,
                              .operation = operation,
                              .body = body,
                              .anonymous = base == NULL,
                              .secret = true};
    struct http_response response;
    struct aws_error failure;
    int status = client_call(&client, &call, &response, &failure, err);
    if (status)
        return status;
    char *result = memory_format("%sResult", operation);
    status = read_reply(out_credentials, &response, result, err);
    if (status)
        error_prefix(err, "%s", operation);
    free(result);
    http_response_clean_up(&response);
    return status;
}

static void add_role(struct text *body, const struct role *role,
                     const struct provider_context *context)
{
    char name[48];
    snprintf(name, sizeof name, "ballast-%lld",
             (long long)context->clock->now_s(context->clock->context));
    form_add(body, "RoleArn", role->arn);
    form_add(body, "RoleSessionName", role->session_name ? role->session_name : name);
    if (role->duration)
        form_add(body, "DurationSeconds", role->duration);
}

int credentials_of_role(struct credentials *out_credentials, const struct role *role,
                        const struct credentials *base, const struct provider_context *context,
                        struct error *err)
{
    struct text body = {0};
    form_begin(&body, AWS_STS, "AssumeRole");
    add_role(&body, role, context);
    if (role->external_id)
        form_add(&body, "ExternalId", role->external_id);
    int status = call_sts(out_credentials, "AssumeRole", body.data, base, context, err);
    if (!status)
        snprintf(out_credentials->source, sizeof out_credentials->source, "role");
    text_clean_up(&body);
    return status;
}

int credentials_of_web_identity(struct credentials *out_credentials, const struct role *role,
                                const struct provider_context *context, struct error *err)
{
    char *token = NULL;
    int status = read_token_file(&token, role->token_file, err);
    if (status)
        return status;
    /* All the room at once: growing would leave copies of the token behind. */
    struct text body = {
        .data = memory_new(BODY_SIZE, 1), .capacity = BODY_SIZE, .limit = BODY_SIZE - 1};
    form_begin(&body, AWS_STS, "AssumeRoleWithWebIdentity");
    add_role(&body, role, context);
    form_add(&body, "WebIdentityToken", token);
    status = text_status(&body, err);
    if (!status)
        status =
            call_sts(out_credentials, "AssumeRoleWithWebIdentity", body.data, NULL, context, err);
    if (!status)
        snprintf(out_credentials->source, sizeof out_credentials->source, "web identity");
    explicit_bzero(body.data, BODY_SIZE);
    text_clean_up(&body);
    secret_free(token);
    return status;
}
