/* A client of AWS: signs a call, sends it, and tries again where that helps.
 *
 * RETRIES. At most max_attempts tries. After a reply that says so (5xx, throttling) or a broken
 * connection it waits with full jitter (aws_error.h), at least as long as the reply's Retry-After
 * asks. Retries draw on a budget of 500, 5 each and 10 after a timeout, which successes fill up
 * again: where everything fails, calls soon stop multiplying. None starts that could not end before
 * the deadline, and after it no call is begun: it fails with Timeout. Every call made here may be
 * repeated safely: reads, and settings to an absolute value.
 *
 * CLOCK. Where the server refuses the signature's time (or, what some services say instead, the
 * signature) and its Date is more than a minute off ours, the difference is kept and the call
 * signed anew, once.
 *
 * EXPIRY. Credentials refused as expired are fetched anew, once.
 *
 * No message holds a key, a token, a header or a body.
 */
#ifndef LIVE_CLIENT_H
#define LIVE_CLIENT_H

#include "live/aws_error.h"
#include "live/credentials.h"

enum { CLIENT_BUDGET = 500, CLIENT_CONNECT_TIMEOUT_MS = 5000, CLIENT_TIMEOUT_MS = 30000 };

struct client {
    const struct settings *settings;
    struct http http;
    struct live_clock clock;
    struct credential_source credentials;
    int64_t skew_s;      /* the servers' time less ours */
    int budget;          /* CLIENT_BUDGET at first */
    int64_t deadline_ms; /* of clock.monotonic_ms; 0: none */
    int64_t attempts;    /* made so far, of all calls */
    bool simulated;      /* says so to a twin, which then speaks its own time, not ours */
};

struct call {
    enum aws_service service;
    const char *operation;
    const char *body; /* a form for the query protocols, JSON for ECS */
    bool anonymous;   /* unsigned: AssumeRoleWithWebIdentity */
    bool secret;      /* the reply holds keys */
};

struct client client_new(const struct settings *settings, const struct http *http,
                         const struct live_clock *clock,
                         const struct credential_source *credentials);

/* STATUS_OK with a 2xx reply (clean up with http_response_clean_up); else STATUS_FAILURE with
 * out_error->code set: AWS's, "HTTP 502", or "ConnectionError", "Timeout", "BadReply",
 * "NoCredentials". */
int client_call(struct client *client, const struct call *call, struct http_response *out_response,
                struct aws_error *out_error, struct error *err);

#endif
