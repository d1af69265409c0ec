/* Credentials, and the chain of places they are looked for in.
 *
 * The order is botocore's. The first place that has any wins; one that is set up but fails ends the
 * search with its error, so that a broken role is never papered over by another identity.
 *   1  AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN (not where the profile was named
 *      by the option)
 *   2  the profile's role_arn with source_profile or credential_source (Environment, EcsContainer,
 *      Ec2InstanceMetadata), or with web_identity_token_file
 *   3  AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN
 *   4  the profile's keys in the credentials file
 *   5  the profile's credential_process
 *   6  the profile's keys in the config file
 *   7  the container's: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI
 *   8  the instance's (IMDSv2), unless AWS_EC2_METADATA_DISABLED=true
 * Not spoken: SSO and `login_session` (signed in by a person; export them with
 * `aws configure export-credentials`, or name that as credential_process), mfa_serial.
 *
 * Credentials that expire are fetched anew from 15 minutes before they do, at most once a minute;
 * as long as they last, a fetch that fails leaves the old ones in use.
 */
#ifndef LIVE_CREDENTIALS_H
#define LIVE_CREDENTIALS_H

#include "live/clock.h"
#include "live/http.h"
#include "live/settings.h"

struct credentials {
    char *access_key; /* all three in secret memory */
    char *secret_key;
    char *session_token; /* NULL without one */
    int64_t expires_s;   /* INT64_MAX: never */
    char source[64];     /* where they are from, for messages: "environment" */
};

void credentials_clean_up(struct credentials *credentials);

/* Whoever can give credentials. `refresh`: those given before were refused as expired. What is
 * given is borrowed until the next call. */
struct credential_source {
    int (*get)(bool refresh, const struct credentials **out_credentials, struct error *err,
               void *context);
    void *context;
};

/* The chain above. What is passed must outlive it; close it with credential_chain_close. */
struct credential_chain;
struct credential_chain *credential_chain_new(const struct settings *settings,
                                              const struct http *http,
                                              const struct live_clock *clock,
                                              const struct live_log *log);
struct credential_source credential_chain_source(struct credential_chain *chain);
void credential_chain_destroy(struct credential_chain *chain);

/* One set of credentials that never changes; borrowed. */
struct credential_source credential_source_of(const struct credentials *credentials);

#endif
