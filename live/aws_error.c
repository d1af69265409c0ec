#include "live/aws_error.h"

#include "base/memory.h"
#include "live/xml.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

static bool one_of(const char *code, const char *const *names)
{
    for (; *names; names++) {
        if (strcmp(code, *names) == 0)
            return true;
    }
    return false;
}

static void read_json(struct aws_error *error, const struct http_response *response)
{
    cJSON *root = cJSON_ParseWithLength(response->body, response->body_size);
    const cJSON *type = cJSON_GetObjectItemCaseSensitive(root, "__type");
    if (cJSON_IsString(type)) {
        const char *hash = strrchr(type->valuestring, '#');
        snprintf(error->code, sizeof error->code, "%s", hash ? hash + 1 : type->valuestring);
    }
    const cJSON *message = cJSON_GetObjectItemCaseSensitive(root, "message");
    if (!cJSON_IsString(message))
        message = cJSON_GetObjectItemCaseSensitive(root, "Message");
    if (cJSON_IsString(message))
        snprintf(error->message, sizeof error->message, "%s", message->valuestring);
    cJSON_Delete(root);
}

static void read_xml(struct aws_error *error, const struct http_response *response)
{
    struct xml xml;
    if (xml_parse(&xml, response->body, response->body_size, false, NULL))
        return;
    const struct _xmlNode *node = xml_find(xml.root, "Error");
    if (!node)
        node = xml_find(xml.root, "Errors/Error");
    xml_text(node, "Code", error->code, sizeof error->code);
    if (!xml_text(node, "Message", error->message, sizeof error->message) &&
        xml_find(node, "Message"))
        snprintf(error->message, sizeof error->message, "(a message too long to repeat)");
    xml_clean_up(&xml);
}

void aws_error_read(struct aws_error *out_error, const struct http_response *response)
{
    *out_error = (struct aws_error){.status = response->status};
    const char *body = response->body ? response->body : "";
    body += strspn(body, " \t\r\n");
    if (*body == '{')
        read_json(out_error, response);
    else if (*body == '<')
        read_xml(out_error, response);
    size_t length = strcspn(response->query_error, ";");
    if (length > 0)
        snprintf(out_error->code, sizeof out_error->code, "%.*s", (int)length,
                 response->query_error);
    if (!out_error->code[0])
        snprintf(out_error->code, sizeof out_error->code, "HTTP %d", response->status);
    for (char *c = out_error->message; *c; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = ' ';
    }
}

bool aws_error_denied(const struct aws_error *error)
{
    static const char *const codes[] = {"AccessDenied", "AccessDeniedException",
                                        "UnauthorizedOperation", "NotAuthorized", NULL};
    return one_of(error->code, codes);
}

enum aws_remedy aws_error_remedy(const struct aws_error *error)
{
    static const char *const throttled[] = {"Throttling",
                                            "ThrottlingException",
                                            "ThrottledException",
                                            "RequestThrottled",
                                            "RequestThrottledException",
                                            "TooManyRequestsException",
                                            "RequestLimitExceeded",
                                            "EC2ThrottledException",
                                            "BandwidthLimitExceeded",
                                            "LimitExceededException",
                                            "SlowDown",
                                            "PriorRequestNotComplete",
                                            NULL};
    static const char *const expired[] = {"ExpiredToken", "ExpiredTokenException", NULL};
    static const char *const clocks[] = {"RequestExpired",
                                         "RequestTimeTooSkewed",
                                         "SignatureDoesNotMatch",
                                         "RequestInTheFuture",
                                         "InvalidSignatureException",
                                         "AuthFailure",
                                         NULL};
    static const char *const transient[] = {"RequestTimeout",
                                            "RequestTimeoutException",
                                            "InternalFailure",
                                            "InternalError",
                                            "ServiceUnavailable",
                                            "ResourceContention",
                                            NULL};
    if (one_of(error->code, throttled) || error->status == 429)
        return AWS_SLOW_DOWN;
    if (one_of(error->code, expired))
        return AWS_REFRESH;
    if (one_of(error->code, clocks))
        return AWS_SET_CLOCK;
    bool failing = error->status == 500 || error->status == 502 || error->status == 503 ||
                   error->status == 504 || error->status == 509 || error->status == 0;
    return failing || one_of(error->code, transient) ? AWS_RETRY : AWS_GIVE_UP;
}

int64_t retry_delay_ms(int attempt, uint64_t luck)
{
    int64_t most = attempt >= 6 ? 20000 : INT64_C(1000) << (attempt - 1);
    if (most > 20000)
        most = 20000;
    return (int64_t)(luck % (uint64_t)(most + 1));
}
