/* Which protocol a request speaks, and what it asks for. */
#include "twin/call.h"

#include "twin/wire.h"

#include <stdio.h>
#include <string.h>

static const char CLOUDWATCH_SHAPE[] = "GraniteServiceVersion20100801";

static bool set_name(struct call *call, const char *name)
{
    return (size_t)snprintf(call->name, sizeof call->name, "%s", name) < sizeof call->name;
}

/* POST .../service/SHAPE/operation/NAME */
static bool recognise_cbor(struct call *call, const char *body, size_t body_size)
{
    call->protocol = PROTOCOL_CBOR;
    call->service = AWS_CLOUDWATCH;
    char wanted[64];
    snprintf(wanted, sizeof wanted, "/service/%s/operation/", CLOUDWATCH_SHAPE);
    const char *at = strstr(call->request->path, wanted);
    if (!at || !set_name(call, at + strlen(wanted)) || strchr(call->name, '/') ||
        wire_header(call->request, "X-Amz-Target"))
        return call_fail(call, 404, "UnknownOperationException",
                         "There is no such operation in the protocol rpc-v2-cbor.");
    call->input = cbor_read(&call->arena, (const unsigned char *)body, body_size);
    if (!call->input)
        return call_fail(call, 400, "SerializationException", "The body is not a CBOR map.");
    return true;
}

static bool recognise_json(struct call *call, const char *target, const char *body,
                           size_t body_size)
{
    const char *dot = strchr(target, '.');
    size_t length = dot ? (size_t)(dot - target) : strlen(target);
    const char *ecs = aws_service_facts[AWS_ECS].version;
    bool is_ecs = length == strlen(ecs) && strncmp(target, ecs, length) == 0;
    bool is_cloudwatch =
        length == strlen(CLOUDWATCH_SHAPE) && strncmp(target, CLOUDWATCH_SHAPE, length) == 0;
    call->protocol = is_cloudwatch ? PROTOCOL_JSON_10 : PROTOCOL_JSON_11;
    call->service = is_cloudwatch ? AWS_CLOUDWATCH : AWS_ECS;
    if (!dot || (!is_ecs && !is_cloudwatch) || !set_name(call, dot + 1))
        return call_fail(call, 400, "UnknownOperationException",
                         "There is no service behind the X-Amz-Target \"%.64s\".", target);
    call->input = json_read_tree(&call->arena, body, body_size);
    if (!call->input)
        return call_fail(call, 400, "SerializationException", "The body is not a JSON object.");
    return true;
}

static bool recognise_form(struct call *call, const char *body, size_t body_size)
{
    const char *action = NULL;
    const char *version = NULL;
    call->protocol = PROTOCOL_QUERY;
    call->service = AWS_STS;
    call->input = form_read(&call->arena, body, body_size);
    if (!call->input)
        return call_fail(call, 400, "MalformedQueryString",
                         "The body is not a form, or it contradicts itself.");
    tree_text(tree_find(call->input, "Action"), &action);
    tree_text(tree_find(call->input, "Version"), &version);
    for (enum aws_service service = 0; version && service < AWS_SERVICES; service++) {
        if (service == AWS_ECS || strcmp(version, aws_service_facts[service].version) != 0)
            continue;
        call->service = service;
        call->protocol = service == AWS_EC2 ? PROTOCOL_EC2 : PROTOCOL_QUERY;
        if (!action)
            return call_fail(call, 400, "MissingAction", "The request has no Action.");
        if (!set_name(call, action))
            return call_fail(call, 400, "InvalidAction", "There is no such action.");
        return true;
    }
    if (!version)
        return call_fail(call, 400, "MissingAction", "The request has no Version.");
    return call_fail(call, 400, "NoSuchVersion",
                     "There is no service with the version \"%.32s\" here.", version);
}

bool call_recognise(struct call *call, const char *body, size_t body_size)
{
    const char *smithy = wire_header(call->request, "smithy-protocol");
    const char *target = wire_header(call->request, "X-Amz-Target");
    if (smithy && strcmp(smithy, "rpc-v2-cbor") == 0)
        return recognise_cbor(call, body, body_size);
    if (target)
        return recognise_json(call, target, body, body_size);
    return recognise_form(call, body, body_size);
}
