/* A client of a real account for commands that look at it once: settings, credentials, connection,
 * found as live/settings.h and live/credentials.h say. */
#ifndef CLI_AWS_SESSION_H
#define CLI_AWS_SESSION_H

#include "live/client.h"
#include "options.h"

struct aws_session {
    const char *command; /* before each warning: "live doctor" */
    struct live_log log;
    struct live_clock clock;
    struct settings settings;
    struct http http;
    struct credential_chain *chain;
    struct client client;
};

enum { AWS_SESSION_SPECS = 3 };

/* --region, --profile and --endpoint-url. */
void aws_session_specs(struct settings_options *options,
                       struct option_spec out_specs[AWS_SESSION_SPECS]);

/* No call is made. The session must stay where it is; close it also after an error. */
int aws_session_open(struct aws_session *session, const char *command,
                     const struct settings_options *options, struct error *err);
void aws_session_close(struct aws_session *session);

#endif
