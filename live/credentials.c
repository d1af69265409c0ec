#include "live/credentials.h"

#include "base/memory.h"
#include "live/environment.h"
#include "live/providers.h"
#include "live/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REFRESH_BEFORE_S = 15 * 60, REFRESH_EVERY_S = 60, PROFILES_DEEP = 10 };

void credentials_clean_up(struct credentials *credentials)
{
    secret_free(credentials->access_key);
    secret_free(credentials->secret_key);
    secret_free(credentials->session_token);
    *credentials = (struct credentials){0};
}

static void static_keys(struct credentials *out, const char *access_key, const char *secret_key,
                        const char *session_token, const char *source)
{
    *out = (struct credentials){.access_key = secret_copy(access_key),
                                .secret_key = secret_copy(secret_key),
                                .session_token = secret_copy(session_token),
                                .expires_s = INT64_MAX};
    snprintf(out->source, sizeof out->source, "%s", source);
}

/* ---- one place after the other ----------------------------------------------------------------
 * Each sets *out_found where the place is set up, whether or not it then fails.
 */

static int from_environment(struct credentials *out, char *const *environment, bool *out_found,
                            struct error *err)
{
    const char *access_key = environment_get(environment, "AWS_ACCESS_KEY_ID");
    const char *secret_key = environment_get(environment, "AWS_SECRET_ACCESS_KEY");
    *out_found = access_key != NULL;
    if (!access_key)
        return STATUS_OK;
    if (!secret_key)
        return error_set(err, STATUS_BAD_INPUT,
                         "AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY: set both");
    static_keys(out, access_key, secret_key, environment_get(environment, "AWS_SESSION_TOKEN"),
                "environment");
    return STATUS_OK;
}

typedef const char *(*profile_getter)(const struct profiles *, const char *, const char *);

static int from_keys(struct credentials *out, const struct profiles *profiles, const char *profile,
                     profile_getter get, const char *source, bool *out_found, struct error *err)
{
    const char *access_key = get(profiles, profile, "aws_access_key_id");
    const char *secret_key = get(profiles, profile, "aws_secret_access_key");
    *out_found = access_key != NULL;
    if (!access_key)
        return STATUS_OK;
    if (!secret_key)
        return error_set(err, STATUS_BAD_INPUT,
                         "profile %s has aws_access_key_id without aws_secret_access_key", profile);
    static_keys(out, access_key, secret_key, get(profiles, profile, "aws_session_token"), source);
    return STATUS_OK;
}

static int from_environment_role(struct credentials *out, const struct provider_context *context,
                                 bool *out_found, struct error *err)
{
    char *const *environment = context->settings->environment;
    const struct role role = {
        .token_file = environment_get(environment, "AWS_WEB_IDENTITY_TOKEN_FILE"),
        .arn = environment_get(environment, "AWS_ROLE_ARN"),
        .session_name = environment_get(environment, "AWS_ROLE_SESSION_NAME"),
    };
    *out_found = role.token_file != NULL;
    if (!role.token_file)
        return STATUS_OK;
    if (!role.arn)
        return error_set(err, STATUS_BAD_INPUT,
                         "AWS_WEB_IDENTITY_TOKEN_FILE is set without AWS_ROLE_ARN: set both");
    return credentials_of_web_identity(out, &role, context, err);
}

static int from_instance(struct credentials *out, const struct provider_context *context,
                         bool *out_found, struct error *err)
{
    bool absent = environment_true(context->settings->environment, "AWS_EC2_METADATA_DISABLED");
    int status = absent ? STATUS_OK : credentials_from_instance(out, context, &absent, err);
    *out_found = !absent;
    return status;
}

/* credential_source of a role. */
static int from_named_source(struct credentials *out, const char *name,
                             const struct provider_context *context, struct error *err)
{
    bool found = false;
    int status = STATUS_OK;
    if (strcmp(name, "Environment") == 0) {
        status = from_environment(out, context->settings->environment, &found, err);
    } else if (strcmp(name, "EcsContainer") == 0) {
        found = container_credentials_wanted(context);
        if (found)
            status = credentials_from_container(out, context, err);
    } else if (strcmp(name, "Ec2InstanceMetadata") == 0) {
        status = from_instance(out, context, &found, err);
    } else {
        return error_set(err, STATUS_BAD_INPUT,
                         "credential_source is Environment, EcsContainer or Ec2InstanceMetadata, "
                         "not \"%.40s\"",
                         name);
    }
    if (!status && !found)
        return error_set(err, STATUS_FAILURE, "credential_source %s has no credentials here", name);
    return status;
}

static int from_profile(struct credentials *out, const char *profile, int depth,
                        const struct provider_context *context, bool *out_found, struct error *err);

/* The identity that assumes the role. */
static int base_of_role(struct credentials *out, const char *profile, // NOLINT(misc-no-recursion)
                        int depth, const struct provider_context *context, struct error *err)
{
    const struct profiles *profiles = &context->settings->profiles;
    const char *source = profiles_get(profiles, profile, "source_profile");
    const char *named = profiles_get(profiles, profile, "credential_source");
    if (source && named)
        return error_set(err, STATUS_BAD_INPUT,
                         "profile %s has both source_profile and credential_source: keep one",
                         profile);
    if (named)
        return from_named_source(out, named, context, err);
    if (!source)
        return error_set(err, STATUS_BAD_INPUT,
                         "profile %s has a role_arn without source_profile, credential_source or "
                         "web_identity_token_file",
                         profile);
    if (!profiles_has(profiles, source))
        return error_set(err, STATUS_BAD_INPUT, "source_profile of profile %s: there is no \"%s\"",
                         profile, source);
    bool found = false;
    /* A profile may name itself: its own keys then assume the role. */
    int status = STATUS_OK;
    if (strcmp(source, profile) == 0)
        status = from_keys(out, profiles, source, profiles_get, "profile", &found, err);
    else
        status = from_profile(out, source, depth + 1, context, &found, err);
    if (!status && !found)
        return error_set(err, STATUS_BAD_INPUT,
                         "source_profile of profile %s: \"%s\" has no credentials", profile,
                         source);
    return status;
}

static int from_role(struct credentials *out, const char *profile, // NOLINT(misc-no-recursion)
                     int depth, const struct provider_context *context, bool *out_found,
                     struct error *err)
{
    const struct profiles *profiles = &context->settings->profiles;
    const struct role role = {
        .arn = profiles_get(profiles, profile, "role_arn"),
        .session_name = profiles_get(profiles, profile, "role_session_name"),
        .external_id = profiles_get(profiles, profile, "external_id"),
        .duration = profiles_get(profiles, profile, "duration_seconds"),
        .token_file = profiles_get(profiles, profile, "web_identity_token_file"),
    };
    *out_found = role.arn != NULL;
    if (!role.arn)
        return STATUS_OK;
    if (role.token_file)
        return credentials_of_web_identity(out, &role, context, err);
    if (profiles_get(profiles, profile, "mfa_serial"))
        return error_set(err, STATUS_BAD_INPUT,
                         "profile %s wants a code from an MFA device (mfa_serial), which nobody "
                         "can give here: use another profile",
                         profile);
    struct credentials base = {0};
    int status = base_of_role(&base, profile, depth, context, err);
    if (!status) {
        status = credentials_of_role(out, &role, &base, context, err);
        credentials_clean_up(&base);
    }
    return status;
}

/* Everything that a profile itself can say. Depth is bounded. */
static int from_profile(struct credentials *out, const char *profile, // NOLINT(misc-no-recursion)
                        int depth, const struct provider_context *context, bool *out_found,
                        struct error *err)
{
    const struct profiles *profiles = &context->settings->profiles;
    if (depth > PROFILES_DEEP)
        return error_set(err, STATUS_BAD_INPUT,
                         "source_profile leads in a circle, or further than %d profiles",
                         PROFILES_DEEP);
    int status = from_role(out, profile, depth, context, out_found, err);
    if (status || *out_found)
        return status;
    if (depth == 0) {
        status = from_environment_role(out, context, out_found, err);
        if (status || *out_found)
            return status;
    }
    static const char *const signed_in[] = {"sso_session", "sso_start_url", "login_session"};
    for (size_t i = 0; i < ARRAY_LENGTH(signed_in); i++) {
        if (profiles_get(profiles, profile, signed_in[i]))
            return error_set(err, STATUS_BAD_INPUT,
                             "profile %s signs in through %s, which is not supported: give it "
                             "credential_process = aws configure export-credentials --profile "
                             "NAME --format process in a profile of its own",
                             profile, signed_in[i]);
    }
    status = from_keys(out, profiles, profile, profiles_in_credentials, "credentials file",
                       out_found, err);
    if (status || *out_found)
        return status;
    const char *command = profiles_get(profiles, profile, "credential_process");
    *out_found = command != NULL;
    if (command)
        return credentials_from_process(out, command, context->settings->environment,
                                        PROCESS_TIMEOUT_MS, err);
    return from_keys(out, profiles, profile, profiles_in_config, "config file", out_found, err);
}

static int find(struct credentials *out, const struct provider_context *context, struct error *err)
{
    const struct settings *settings = context->settings;
    bool found = false;
    int status = STATUS_OK;
    if (!settings->profile_option)
        status = from_environment(out, settings->environment, &found, err);
    if (!status && !found)
        status = from_profile(out, settings->profile, 0, context, &found, err);
    if (!status && !found && container_credentials_wanted(context)) {
        found = true;
        status = credentials_from_container(out, context, err);
    }
    if (!status && !found)
        status = from_instance(out, context, &found, err);
    if (!status && !found)
        status = error_set(err, STATUS_FAILURE,
                           "no credentials: neither in the environment, nor in profile %s, nor "
                           "from a container or an instance: set AWS_ACCESS_KEY_ID and "
                           "AWS_SECRET_ACCESS_KEY, or name a profile",
                           settings->profile);
    return status;
}

/* ---- the chain --------------------------------------------------------------------------------
 */

struct credential_chain {
    struct provider_context context;
    const struct live_log *log;
    struct credentials current;
    bool have;
    int64_t asked_s; /* when a place was last asked */
};

struct credential_chain *credential_chain_new(const struct settings *settings,
                                              const struct http *http,
                                              const struct live_clock *clock,
                                              const struct live_log *log)
{
    struct credential_chain *chain = memory_new(1, sizeof *chain);
    *chain = (struct credential_chain){.context = {settings, http, clock}, .log = log};
    return chain;
}

void credential_chain_destroy(struct credential_chain *chain)
{
    credentials_clean_up(&chain->current);
    free(chain);
}

static int chain_get(bool refresh, const struct credentials **out_credentials, struct error *err,
                     void *context)
{
    struct credential_chain *chain = context;
    const struct live_clock *clock = chain->context.clock;
    int64_t now_s = clock->now_s(clock->context);
    bool lasts = chain->have && !refresh && chain->current.expires_s > now_s;
    *out_credentials = &chain->current;
    bool soon = chain->current.expires_s - now_s <= REFRESH_BEFORE_S;
    /* Not at every call: a place that is slow would take the time that the calls have. */
    if (lasts && (!soon || now_s - chain->asked_s < REFRESH_EVERY_S))
        return STATUS_OK;
    chain->asked_s = now_s;
    struct credentials fresh = {0};
    int status = find(&fresh, &chain->context, err);
    if (status) {
        credentials_clean_up(&fresh);
        if (!lasts)
            return status;
        live_warn(chain->log, "credentials could not be fetched anew, the old ones last %lld s: %s",
                  (long long)(chain->current.expires_s - now_s), err ? err->text : "");
        return STATUS_OK;
    }
    credentials_clean_up(&chain->current);
    chain->current = fresh;
    chain->have = true;
    return STATUS_OK;
}

struct credential_source credential_chain_source(struct credential_chain *chain)
{
    return (struct credential_source){chain_get, chain};
}

static int fixed_get(bool refresh, const struct credentials **out_credentials, struct error *err,
                     void *context)
{
    *out_credentials = context;
    return refresh ? error_set(err, STATUS_FAILURE, "the credentials have expired") : STATUS_OK;
}

struct credential_source credential_source_of(const struct credentials *credentials)
{
    return (struct credential_source){fixed_get, (void *)(uintptr_t)credentials};
}
