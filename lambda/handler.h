/* The function: the controller set up from the environment, and one evaluation for each invocation.
 */
#ifndef LAMBDA_HANDLER_H
#define LAMBDA_HANDLER_H

#include "lambda/runtime.h"

/* Answer invocations until the runtime API is gone. Returns an exit code: Lambda starts a function
 * that ends anew. */
int lambda_serve(struct runtime *runtime, char *const *environment, struct error *err);

#endif
