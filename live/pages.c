#include "live/pages.h"

#include "base/memory.h"
#include "live/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGES_MAX = 10000, TOKEN_SIZE = 4096 };

int bad_reply(const char *operation, const char *what, struct aws_error *out_error,
              struct error *err)
{
    *out_error = (struct aws_error){.code = "BadReply", .status = 200};
    return error_set(err, STATUS_FAILURE, "%s: the reply %s", operation, what);
}

/* What the page holds, or NULL where it is not the reply to this call, whatever its status said. */
static const struct _xmlNode *result_of(const struct xml *xml, const struct paged_call *call)
{
    char *name = memory_format("%sResponse", call->operation);
    char *path = memory_format("%sResult", call->operation);
    const struct _xmlNode *result = NULL;
    if (call->service == AWS_EC2)
        result = xml_is(xml->root, name) ? xml->root : NULL;
    else
        result = xml_find(xml->root, path);
    /* A call that returns nothing has no result element either. */
    if (!call->read && xml_is(xml->root, name))
        result = xml->root;
    free(name);
    free(path);
    return result;
}

/* One call; *token is replaced by the reply's. */
static int call_page(struct client *client, const struct paged_call *call, char *token,
                     struct aws_error *out_error, struct error *err)
{
    struct text body = {0};
    text_add_bytes(&body, call->body->data, call->body->size);
    if (*token)
        form_add(&body, "NextToken", token);
    struct http_response response;
    const struct call one = {
        .service = call->service, .operation = call->operation, .body = body.data};
    int status = client_call(client, &one, &response, out_error, err);
    text_clean_up(&body);
    if (status)
        return status;
    struct xml xml;
    status = xml_parse(&xml, response.body, response.body_size, false, err);
    if (!status) {
        const struct _xmlNode *result = result_of(&xml, call);
        if (!result)
            status = error_set(err, STATUS_FAILURE, "the reply is none to this call");
        else if (call->read)
            status = call->read(result, call->context, err);
        const char *name = call->service == AWS_EC2 ? "nextToken" : "NextToken";
        if (!status && !xml_text(result, name, token, TOKEN_SIZE) && xml_find(result, name))
            status = error_set(err, STATUS_FAILURE, "the reply has an endless token");
        xml_clean_up(&xml);
    }
    http_response_clean_up(&response);
    if (status) {
        *out_error = (struct aws_error){.code = "BadReply", .status = 200};
        error_prefix(err, "%s", call->operation);
    }
    return status;
}

int call_pages(struct client *client, const struct paged_call *call, struct aws_error *out_error,
               struct error *err)
{
    char *token = memory_new(TOKEN_SIZE, 1);
    char *last = memory_new(TOKEN_SIZE, 1);
    int status = text_status(call->body, err);
    for (int page = 0; !status; page++) {
        memcpy(last, token, TOKEN_SIZE);
        status = call_page(client, call, token, out_error, err);
        if (status || !*token)
            break;
        if (strcmp(token, last) == 0 || page == PAGES_MAX)
            status = bad_reply(call->operation, "has the same token again, or never ends",
                               out_error, err);
    }
    free(token);
    free(last);
    return status;
}
