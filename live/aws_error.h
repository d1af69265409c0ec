/* Errors as AWS's services reply them, and what to do about each.
 *
 * Read from all shapes: query (ErrorResponse/Error), EC2 (Response/Errors/Error), JSON ("__type",
 * cut up to its '#'), and the header x-amzn-query-error, which counts more. Without any of them the
 * code is the HTTP status ("HTTP 503").
 */
#ifndef LIVE_AWS_ERROR_H
#define LIVE_AWS_ERROR_H

#include "live/http.h"

#include <stdbool.h>

struct aws_error {
    char code[128];    /* "Throttling"; "" where there is no error */
    char message[256]; /* one line; "" if there was none */
    int status;        /* of HTTP; 0 where there was no reply */
};

enum aws_remedy {
    AWS_GIVE_UP = 0,
    AWS_RETRY,     /* transient: 5xx, timeouts, broken connections */
    AWS_SLOW_DOWN, /* throttled: likewise, but never at once */
    AWS_REFRESH,   /* the credentials have expired */
    AWS_SET_CLOCK, /* the signature's time is not the server's */
};

/* Fill from a reply whose status is not 2xx. */
void aws_error_read(struct aws_error *out_error, const struct http_response *response);
enum aws_remedy aws_error_remedy(const struct aws_error *error);
/* Whether it says that the identity may not do it: each service has its own word for that. */
bool aws_error_denied(const struct aws_error *error);

/* Milliseconds to wait after the attempt-th try (from 1): full jitter, that is `luck` (any 64 bits)
 * spread over 0 to 2^(attempt-1) s, at most 20 s. */
int64_t retry_delay_ms(int attempt, uint64_t luck);

#endif
