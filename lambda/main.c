/* The Lambda function's program (docs/operations.md). */
#include "lambda/handler.h"
#include "live/environment.h"
#include "live/secret.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    struct error err = {0};
    struct runtime *runtime = NULL;
    const char *address = environment_get(environ, "AWS_LAMBDA_RUNTIME_API");
    /* A connection that breaks is an error to handle, not the end. */
    signal(SIGPIPE, SIG_IGN);
    secrets_no_core();
    int status = address ? runtime_open(&runtime, address, &err)
                         : error_set(&err, STATUS_BAD_INPUT,
                                     "AWS_LAMBDA_RUNTIME_API is not set: this is a Lambda function "
                                     "(ballast live daemon runs elsewhere)");
    if (!status)
        status = lambda_serve(runtime, environ, &err);
    fprintf(stderr, "ballast-lambda: %s\n", err.text);
    runtime_close(runtime);
    return status;
}
