/* A call of AWS's API on its way through the twin: recognised, allowed, answered.
 *
 *     recognise ─► signature ─► throttle, fault ─► the operation's handler ─► rendered
 *
 * A handler reads call->input, acts on the account, puts its result into call->output, and returns
 * true; or call_fail says what AWS's error would be, and it returns false.
 *
 * TIME. A handler lives in simulated time. Where the client does not know of it (no X-Ballast-Clock
 * header), call_time and call_put_time shift what it says and hears by call->shift_s, wall time
 * less simulated time.
 */
#ifndef TWIN_CALL_H
#define TWIN_CALL_H

#include "live/service.h"
#include "scenario/faults.h"
#include "twin/message.h"
#include "twin/tree.h"

#include <stdbool.h>
#include <stdint.h>

struct twin;
struct call;

enum protocol {
    PROTOCOL_QUERY = 0, /* forms and XML: Auto Scaling, CloudWatch, STS */
    PROTOCOL_EC2,       /* EC2's own dialect of it */
    PROTOCOL_JSON_10,   /* CloudWatch */
    PROTOCOL_JSON_11,   /* ECS */
    PROTOCOL_CBOR,      /* CloudWatch: Smithy RPC v2 */
};

struct operation {
    enum aws_service service;
    const char *name;
    bool (*handle)(struct call *call);
    bool empty;            /* its reply has no result element */
    enum fault_call fault; /* what the scenario's faults know it as; CALL_ANY: none falls on it */
};

struct call_error {
    int status;
    char code[96]; /* "ValidationError"; "" while there is none */
    char message[512];
};

struct call {
    struct twin *twin;
    const struct wire_request *request;
    struct arena arena;
    enum protocol protocol;
    enum aws_service service;
    char name[64]; /* of the operation, as the client said it */
    const struct operation *operation;
    const struct tree *input;
    struct put output;
    int64_t now_s; /* simulated */
    int64_t shift_s;
    size_t points;    /* of metrics, found so far */
    bool answer_lost; /* an injected fault: done, but an error is answered */
    struct call_error error;
};

/* Find protocol, service, operation and input. */
bool call_recognise(struct call *call, const char *body, size_t body_size);
/* The operation by that name, or NULL (operations.c). */
const struct operation *operation_find(enum aws_service service, const char *name);

/* Whether its signature is right, at wall_s (signature.c). */
bool call_signature(struct call *call, const char *access_key, const char *secret_key,
                    int64_t wall_s);

/* Always false. */
bool call_fail(struct call *call, int status, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* What the service says where a parameter is wrong. */
bool call_bad_value(struct call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* What the scenario's faults answer with. */
bool call_injected(struct call *call, const char *code);
/* Refused for being one too many. */
bool call_throttled(struct call *call);
/* Refused for want of permission. */
bool call_denied(struct call *call);

/* ---- input: absent leaves *out as it is; wrong fails the call ---- */

bool call_text(struct call *call, const struct tree *object, const char *name,
               const char **out_text);
bool call_int64(struct call *call, const struct tree *object, const char *name, int64_t min,
                int64_t max, int64_t *out_value);
bool call_bool(struct call *call, const struct tree *object, const char *name, bool *out_value);
bool call_time(struct call *call, const struct tree *object, const char *name, int64_t *out_time_s);
/* An object's member must be there: fails the call otherwise. */
bool call_need(struct call *call, const struct tree *object, const char *name);
/* The first item of a list, NULL for none; false, and the call failed, if it is no list. */
bool call_list(struct call *call, const struct tree *object, const char *name,
               const struct tree **out_first);
/* Whether `text` is among the texts of the list that begins at `first`, or the list is empty. */
bool call_among(const struct tree *first, const char *text);

/* ---- output ---- */

void call_put_time(struct call *call, struct put to, const char *name, int64_t simulated_s);

/* ---- pages ---- */

/* Where a page begins, and with what clock the first one was made. */
struct page {
    size_t from;
    size_t limit; /* items of one page */
    int64_t now_s;
};

/* Read `limit_name` (default, bounds) and `token_name`. */
bool call_page(struct call *call, const char *limit_name, int64_t default_limit, int64_t min,
               int64_t max, const char *token_name, struct page *out_page);
/* A token for the page that begins at `from`. */
void call_put_token(struct call *call, const char *name, const struct page *page, size_t from);

/* ---- rendered (render.c) ---- */

void call_render(struct call *call, const char *request_id, struct wire_reply *out_reply);

#endif
