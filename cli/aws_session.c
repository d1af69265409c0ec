#include "aws_session.h"

#include "live/secret.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static void warn(const char *text, void *context)
{
    const struct aws_session *session = context;
    fprintf(stderr, "ballast %s: warning: %s\n", session->command, text);
}

void aws_session_specs(struct settings_options *options,
                       struct option_spec out_specs[AWS_SESSION_SPECS])
{
    out_specs[0] = (struct option_spec){
        .name = "region", .placeholder = "NAME", .help = "the region", .value = &options->region};
    out_specs[1] = (struct option_spec){.name = "profile",
                                        .placeholder = "NAME",
                                        .help = "profile of the shared config files",
                                        .value = &options->profile};
    out_specs[2] = (struct option_spec){.name = "endpoint-url",
                                        .placeholder = "URL",
                                        .help = "where all services are, instead of AWS",
                                        .value = &options->endpoint_url};
}

int aws_session_open(struct aws_session *session, const char *command,
                     const struct settings_options *options, struct error *err)
{
    *session = (struct aws_session){.command = command};
    session->log = (struct live_log){warn, session};
    /* A connection that breaks is an error to handle, not the end. */
    signal(SIGPIPE, SIG_IGN);
    secrets_no_core();
    int status = settings_read(&session->settings, options, environ, &session->log, err);
    if (!status)
        status = http_curl_open(&session->http, session->settings.ca_bundle, err);
    if (status)
        return status;
    session->clock = live_clock_of_machine();
    session->chain =
        credential_chain_new(&session->settings, &session->http, &session->clock, &session->log);
    const struct credential_source source = credential_chain_source(session->chain);
    session->client = client_new(&session->settings, &session->http, &session->clock, &source);
    return STATUS_OK;
}

void aws_session_close(struct aws_session *session)
{
    if (session->chain)
        credential_chain_destroy(session->chain);
    http_curl_close(&session->http);
    settings_clean_up(&session->settings);
}
