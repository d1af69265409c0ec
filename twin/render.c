/* Replies and errors in the protocol the request spoke. */
#include "twin/call.h"

#include "twin/wire.h"

#include <string.h>

static const char *const namespaces[AWS_SERVICES] = {
    [AWS_AUTO_SCALING] = "http://autoscaling.amazonaws.com/doc/2011-01-01/",
    [AWS_CLOUDWATCH] = "http://monitoring.amazonaws.com/doc/2010-08-01/",
    [AWS_EC2] = "http://ec2.amazonaws.com/doc/2016-11-15/",
    [AWS_STS] = "https://sts.amazonaws.com/doc/2011-06-15/",
};

static bool is_json(enum protocol protocol)
{
    return protocol == PROTOCOL_JSON_10 || protocol == PROTOCOL_JSON_11;
}

static void content_type(const struct call *call, struct wire_reply *reply)
{
    static const char *const types[] = {
        [PROTOCOL_QUERY] = "text/xml",
        [PROTOCOL_EC2] = "text/xml;charset=UTF-8",
        [PROTOCOL_JSON_10] = "application/x-amz-json-1.0",
        [PROTOCOL_JSON_11] = "application/x-amz-json-1.1",
        [PROTOCOL_CBOR] = "application/cbor",
    };
    wire_reply_header(reply, "Content-Type", "%s", types[call->protocol]);
}

/* ---- errors -------------------------------------------------------------------------------------
 */

/* CloudWatch's model calls its errors other than the query protocol does. */
static const char *shape_of(struct call *call, const char *code)
{
    static const char *const known[][2] = {
        {"MissingParameter", "MissingRequiredParameterException"},
        {"ResourceNotFound", "ResourceNotFoundException"},
        {"InternalServiceError", "InternalServiceFault"},
        {"InternalFailure", "InternalServiceFault"},
        {"InvalidFormat", "InvalidFormatFault"},
        {"InvalidNextToken", "InvalidNextToken"},
        {"ValidationError", "ValidationError"},
        {"InvalidClientTokenId", "UnrecognizedClientException"},
        {"SignatureDoesNotMatch", "InvalidSignatureException"},
        {"UnknownOperationException", "UnknownOperationException"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i][0], code) == 0)
            return known[i][1];
    }
    size_t length = strlen(code);
    if (length > 9 && strcmp(code + length - 9, "Exception") == 0)
        return code;
    return arena_format(&call->arena, "%sException", code);
}

static void error_tree(struct call *call, struct text *body)
{
    const struct call_error *error = &call->error;
    bool granite = call->service == AWS_CLOUDWATCH;
    struct put root = {&call->arena, tree_new(&call->arena, TREE_OBJECT)};
    put_textf(root, "__type", "%s%s", granite ? "com.amazonaws.cloudwatch#" : "",
              granite ? shape_of(call, error->code) : error->code);
    put_text(root, "message", error->message);
    if (call->protocol == PROTOCOL_CBOR)
        cbor_write(body, root.to);
    else
        json_write(body, root.to);
}

static void error_xml(const struct call *call, const char *request_id, struct text *body)
{
    const struct call_error *error = &call->error;
    bool ec2 = call->protocol == PROTOCOL_EC2;
    if (ec2)
        text_add(body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error>");
    else
        text_addf(body, "<ErrorResponse xmlns=\"%s\"><Error><Type>%s</Type>",
                  namespaces[call->service], error->status < 500 ? "Sender" : "Receiver");
    text_add(body, "<Code>");
    xml_escape(body, error->code);
    text_add(body, "</Code><Message>");
    xml_escape(body, error->message);
    text_addf(body,
              ec2 ? "</Message></Error></Errors><RequestID>%s</RequestID></Response>"
                  : "</Message></Error><RequestId>%s</RequestId></ErrorResponse>",
              request_id);
}

static void render_error(struct call *call, const char *request_id, struct wire_reply *reply)
{
    const struct call_error *error = &call->error;
    reply->status = error->status;
    content_type(call, reply);
    if (call->protocol == PROTOCOL_QUERY || call->protocol == PROTOCOL_EC2) {
        error_xml(call, request_id, &reply->body);
        return;
    }
    if (call->protocol != PROTOCOL_JSON_11)
        wire_reply_header(reply, "x-amzn-query-error", "%s;%s", error->code,
                          error->status < 500 ? "Sender" : "Receiver");
    error_tree(call, &reply->body);
}

/* ---- results ------------------------------------------------------------------------------------
 */

static void render_result(struct call *call, const char *request_id, struct wire_reply *reply)
{
    struct text *body = &reply->body;
    const struct operation *operation = call->operation;
    reply->status = 200;
    if (call->protocol == PROTOCOL_CBOR && operation->empty)
        return;
    content_type(call, reply);
    if (call->protocol == PROTOCOL_CBOR) {
        cbor_write(body, call->output.to);
    } else if (is_json(call->protocol)) {
        json_write(body, call->output.to);
    } else if (call->protocol == PROTOCOL_EC2) {
        text_addf(body,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<%sResponse xmlns=\"%s\"><requestId>%s</requestId>",
                  operation->name, namespaces[AWS_EC2], request_id);
        xml_write(body, call->output.to, "item");
        text_addf(body, "</%sResponse>", operation->name);
    } else {
        text_addf(body, "<%sResponse xmlns=\"%s\">", operation->name, namespaces[call->service]);
        if (!operation->empty) {
            text_addf(body, "<%sResult>", operation->name);
            xml_write(body, call->output.to, "member");
            text_addf(body, "</%sResult>", operation->name);
        }
        text_addf(body,
                  "<ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata></%sResponse>",
                  request_id, operation->name);
    }
}

void call_render(struct call *call, const char *request_id, struct wire_reply *out_reply)
{
    wire_reply_header(out_reply, "x-amzn-RequestId", "%s", request_id);
    if (call->protocol == PROTOCOL_CBOR)
        wire_reply_header(out_reply, "smithy-protocol", "rpc-v2-cbor");
    if (call->error.code[0])
        render_error(call, request_id, out_reply);
    else
        render_result(call, request_id, out_reply);
}
