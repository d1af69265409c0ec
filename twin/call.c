#include "twin/call.h"

#include "base/memory.h"
#include "base/pcg64.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *wire_header(const struct wire_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++) {
        if (strcasecmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    }
    return NULL;
}

void wire_reply_header(struct wire_reply *reply, const char *name, const char *format, ...)
{
    struct reply_header *header = &reply->headers[reply->header_count++];
    va_list args;
    va_start(args, format);
    header->name = name;
    vsnprintf(header->value, sizeof header->value, format, args);
    va_end(args);
}

/* ---- errors -------------------------------------------------------------------------------------
 */

static bool fail(struct call *call, int status, const char *code, const char *format, va_list args)
{
    call->error.status = status;
    snprintf(call->error.code, sizeof call->error.code, "%s", code);
    vsnprintf(call->error.message, sizeof call->error.message, format, args);
    return false;
}

bool call_fail(struct call *call, int status, const char *code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fail(call, status, code, format, args);
    va_end(args);
    return false;
}

static const char *const bad_value[AWS_SERVICES] = {
    [AWS_AUTO_SCALING] = "ValidationError", [AWS_CLOUDWATCH] = "InvalidParameterValue",
    [AWS_EC2] = "InvalidParameterValue",    [AWS_ECS] = "InvalidParameterException",
    [AWS_STS] = "ValidationError",
};

bool call_bad_value(struct call *call, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fail(call, 400, bad_value[call->service], format, args);
    va_end(args);
    return false;
}

bool call_injected(struct call *call, const char *code)
{
    static const char *const receivers[] = {"InternalFailure",      "InternalError",
                                            "InternalServiceError", "ServiceUnavailable",
                                            "Unavailable",          "RequestLimitExceeded"};
    call_fail(call, 400, code, "An error that the scenario's faults inject.");
    for (size_t i = 0; i < ARRAY_LENGTH(receivers); i++) {
        if (strcmp(code, receivers[i]) == 0)
            call->error.status = i < 3 ? 500 : 503;
    }
    return false;
}

bool call_throttled(struct call *call)
{
    if (call->protocol == PROTOCOL_EC2)
        return call_fail(call, 503, "RequestLimitExceeded", "Request limit exceeded.");
    if (call->protocol == PROTOCOL_JSON_11)
        return call_fail(call, 400, "ThrottlingException", "Rate exceeded");
    return call_fail(call, 400, "Throttling", "Rate exceeded");
}

bool call_denied(struct call *call)
{
    if (call->protocol == PROTOCOL_EC2)
        return call_fail(call, 403, "UnauthorizedOperation",
                         "You are not authorized to perform this operation.");
    return call_fail(call, call->protocol == PROTOCOL_QUERY ? 403 : 400,
                     call->protocol == PROTOCOL_QUERY ? "AccessDenied" : "AccessDeniedException",
                     "No identity-based policy allows the action %s.", call->name);
}

/* ---- input --------------------------------------------------------------------------------------
 */

bool call_need(struct call *call, const struct tree *object, const char *name)
{
    static const char *const missing[AWS_SERVICES] = {
        [AWS_AUTO_SCALING] = "ValidationError", [AWS_CLOUDWATCH] = "MissingParameter",
        [AWS_EC2] = "MissingParameter",         [AWS_ECS] = "InvalidParameterException",
        [AWS_STS] = "ValidationError",
    };
    if (tree_find(object, name))
        return true;
    return call_fail(call, 400, missing[call->service], "The request must contain the parameter %s",
                     name);
}

bool call_text(struct call *call, const struct tree *object, const char *name,
               const char **out_text)
{
    const struct tree *leaf = tree_find(object, name);
    if (leaf && !tree_text(leaf, out_text))
        return call_bad_value(call, "The parameter %s is not a text.", name);
    return true;
}

bool call_int64(struct call *call, const struct tree *object, const char *name, int64_t min,
                int64_t max, int64_t *out_value)
{
    const struct tree *leaf = tree_find(object, name);
    int64_t value = 0;
    if (!leaf)
        return true;
    if (!tree_int64(leaf, &value) || value < min || value > max)
        return call_bad_value(
            call, "The parameter %s must be a whole number from %" PRId64 " to %" PRId64 ".", name,
            min, max);
    *out_value = value;
    return true;
}

bool call_bool(struct call *call, const struct tree *object, const char *name, bool *out_value)
{
    const struct tree *leaf = tree_find(object, name);
    bool value = false;
    if (!leaf)
        return true;
    if (!tree_bool(leaf, &value))
        return call_bad_value(call, "The parameter %s must be true or false.", name);
    *out_value = value;
    return true;
}

bool call_time(struct call *call, const struct tree *object, const char *name, int64_t *out_time_s)
{
    const struct tree *leaf = tree_find(object, name);
    int64_t time_s = 0;
    if (!leaf)
        return true;
    if (!tree_time(leaf, &time_s))
        return call_bad_value(call, "The parameter %s is not a time.", name);
    *out_time_s = time_s - call->shift_s;
    return true;
}

bool call_list(struct call *call, const struct tree *object, const char *name,
               const struct tree **out_first)
{
    const struct tree *list = tree_find(object, name);
    *out_first = list && list->kind == TREE_LIST ? list->first : NULL;
    if (list && !tree_is_list(list))
        return call_bad_value(call, "The parameter %s is not a list.", name);
    return true;
}

bool call_among(const struct tree *first, const char *text)
{
    const char *item = NULL;
    for (const struct tree *at = first; at; at = at->next) {
        if (tree_text(at, &item) && strcmp(item, text) == 0)
            return true;
    }
    return !first;
}

/* ---- output, pages ------------------------------------------------------------------------------
 */

void call_put_time(struct call *call, struct put to, const char *name, int64_t simulated_s)
{
    put_time(to, name, simulated_s + call->shift_s);
}

/* The number at *at, up to `end`; moves behind it. */
static bool number_until(const char **at, char end, int64_t max, int64_t *out_value)
{
    char *stop = NULL;
    errno = 0;
    *out_value = strtoll(*at, &stop, 10);
    if (stop == *at || *stop != end || errno || *out_value > max || *out_value < -max)
        return false;
    *at = stop + (end != '\0');
    return true;
}

/* A token says whose it is, where the page begins, and both clocks of the first page: while pages
 * are asked for, time goes on. */
static bool read_token(struct call *call, const char *token, struct page *page)
{
    static const int64_t ITEMS_MAX = INT64_C(1) << 40;
    static const int64_t TIME_MAX = INT64_C(1) << 40;
    int64_t from = 0;
    int64_t shift_s = 0;
    char whose[20];
    snprintf(whose, sizeof whose, "%016" PRIx64 ".", pcg64_word(call->operation->name));
    if (strncmp(token, whose, strlen(whose)) != 0)
        return false;
    token += strlen(whose);
    if (!number_until(&token, '.', ITEMS_MAX, &from) ||
        !number_until(&token, '.', TIME_MAX, &page->now_s) ||
        !number_until(&token, '\0', TIME_MAX, &shift_s) || from < 0 || page->now_s > call->now_s)
        return false;
    page->from = (size_t)from;
    if (call->shift_s)
        call->shift_s = shift_s;
    return true;
}

bool call_page(struct call *call, const char *limit_name, int64_t default_limit, int64_t min,
               int64_t max, const char *token_name, struct page *out_page)
{
    int64_t limit = default_limit;
    const char *token = "";
    if (!call_int64(call, call->input, limit_name, min, max, &limit) ||
        !call_text(call, call->input, token_name, &token))
        return false;
    *out_page = (struct page){.limit = (size_t)limit, .now_s = call->now_s};
    if (!*token || read_token(call, token, out_page))
        return true;
    return call_fail(call, 400,
                     call->service == AWS_EC2 ? "InvalidPaginationToken" : "InvalidNextToken",
                     "The pagination token is not one that this operation gave out.");
}

void call_put_token(struct call *call, const char *name, const struct page *page, size_t from)
{
    put_textf(call->output, name, "%016" PRIx64 ".%zu.%" PRId64 ".%" PRId64,
              pcg64_word(call->operation->name), from, page->now_s, call->shift_s);
}
