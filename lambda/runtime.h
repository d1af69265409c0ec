/* Lambda's runtime API, version 2018-06-01: how a custom runtime is given invocations and answers
 * them, over HTTP on the machine itself. */
#ifndef LAMBDA_RUNTIME_H
#define LAMBDA_RUNTIME_H

#include "base/text.h"

#include <stdint.h>

struct runtime; /* a connection to it */

/* `address` is AWS_LAMBDA_RUNTIME_API: HOST:PORT. */
int runtime_open(struct runtime **out_runtime, const char *address, struct error *err);
void runtime_close(struct runtime *runtime); /* may be NULL */

struct invocation {
    char id[128];
    int64_t deadline_ms; /* since the epoch, by the wall clock; 0: not said */
    struct text event;   /* its bytes */
};

/* Wait for the next one, as long as it takes. Clean up in any case. */
int runtime_next(struct runtime *runtime, struct invocation *out_invocation, struct error *err);
void invocation_clean_up(struct invocation *invocation);

/* The answer to it: JSON. */
int runtime_respond(struct runtime *runtime, const struct invocation *invocation, const char *json,
                    struct error *err);
/* It failed; NULL: nothing could be invoked at all (an error of the initialisation). `type` is a
 * name such as "Ballast.EvaluationFailed". */
int runtime_fail(struct runtime *runtime, const struct invocation *invocation, const char *type,
                 const char *message, struct error *err);

#endif
