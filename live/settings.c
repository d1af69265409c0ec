#include "live/settings.h"

#include "base/memory.h"
#include "live/environment.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const struct aws_service_facts aws_service_facts[AWS_SERVICES] = {
    [AWS_AUTO_SCALING] = {"AUTO_SCALING", "auto_scaling", "autoscaling", "autoscaling",
                          "2011-01-01"},
    [AWS_CLOUDWATCH] = {"CLOUDWATCH", "cloudwatch", "monitoring", "monitoring", "2010-08-01"},
    [AWS_EC2] = {"EC2", "ec2", "ec2", "ec2", "2016-11-15"},
    [AWS_ECS] = {"ECS", "ecs", "ecs", "ecs", "AmazonEC2ContainerServiceV20141113"},
    [AWS_STS] = {"STS", "sts", "sts", "sts", "2011-06-15"},
};

/* The name goes into host names and signatures. */
static int check_region(const char *region, struct error *err)
{
    size_t length = strspn(region, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (region[length] || length == 0 || length > 63 || region[0] == '-')
        return error_set(err, STATUS_BAD_INPUT,
                         "\"%.64s\" is not a region: it is written as us-east-1", region);
    return STATUS_OK;
}

static int set_region(struct settings *settings, const char *option, struct error *err)
{
    const char *region = option;
    if (!region)
        region = environment_get(settings->environment, "AWS_REGION");
    if (!region)
        region = environment_get(settings->environment, "AWS_DEFAULT_REGION");
    if (!region)
        region = profiles_get(&settings->profiles, settings->profile, "region");
    if (!region)
        return error_set(err, STATUS_BAD_INPUT,
                         "no region: give --region, set AWS_REGION, or write region = NAME into "
                         "profile %s of %s",
                         settings->profile,
                         settings->profiles.config_path ? settings->profiles.config_path
                                                        : "the config file");
    settings->region = memory_copy_text(region);
    return check_region(region, err);
}

static int set_attempts(struct settings *settings, struct error *err)
{
    const char *text = environment_get(settings->environment, "AWS_MAX_ATTEMPTS");
    const char *where = "AWS_MAX_ATTEMPTS";
    if (!text) {
        text = profiles_get(&settings->profiles, settings->profile, "max_attempts");
        where = "max_attempts";
    }
    settings->max_attempts = 3;
    if (!text)
        return STATUS_OK;
    size_t length = strspn(text, "0123456789");
    if (text[length] || length == 0 || length > 3 || atoi(text) < 1)
        return error_set(err, STATUS_BAD_INPUT, "%s: \"%.20s\" is not a number from 1 to 999",
                         where, text);
    settings->max_attempts = atoi(text);
    return STATUS_OK;
}

static int refuse_variants(const struct settings *settings, struct error *err)
{
    static const char *const variants[][2] = {
        {"AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"},
        {"AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(variants); i++) {
        const char *said = environment_get(settings->environment, variants[i][0]);
        if (!said)
            said = profiles_get(&settings->profiles, settings->profile, variants[i][1]);
        if (said && strcasecmp(said, "true") == 0)
            return error_set(err, STATUS_BAD_INPUT,
                             "%s is not supported: unset it and name the endpoints by "
                             "AWS_ENDPOINT_URL_EC2 and the like",
                             variants[i][0]);
    }
    return STATUS_OK;
}

int settings_read(struct settings *out_settings, const struct settings_options *options,
                  char *const *environment, const struct live_log *log, struct error *err)
{
    *out_settings =
        (struct settings){.environment = environment, .profile_option = options->profile != NULL};
    int status = profiles_read(&out_settings->profiles, environment, log, err);
    if (status)
        return status;
    const char *profile = options->profile;
    if (!profile)
        profile = environment_get(environment, "AWS_PROFILE");
    if (!profile)
        profile = environment_get(environment, "AWS_DEFAULT_PROFILE");
    out_settings->profile = memory_copy_text(profile ? profile : "default");
    if (options->endpoint_url)
        out_settings->endpoint_url = memory_copy_text(options->endpoint_url);
    const char *bundle = environment_get(environment, "AWS_CA_BUNDLE");
    if (!bundle)
        bundle = profiles_get(&out_settings->profiles, out_settings->profile, "ca_bundle");
    if (!bundle)
        bundle = environment_get(environment, "SSL_CERT_FILE");
    out_settings->ca_bundle = bundle;
    if (profile && !profiles_has(&out_settings->profiles, profile))
        status = error_set(
            err, STATUS_BAD_INPUT, "there is no profile \"%.64s\" in %s or %s", profile,
            out_settings->profiles.config_path ? out_settings->profiles.config_path
                                               : "the config file",
            out_settings->profiles.credentials_path ? out_settings->profiles.credentials_path
                                                    : "the credentials file");
    if (!status)
        status = set_region(out_settings, options->region, err);
    if (!status)
        status = set_attempts(out_settings, err);
    if (!status)
        status = refuse_variants(out_settings, err);
    if (status)
        settings_clean_up(out_settings);
    return status;
}

void settings_clean_up(struct settings *settings)
{
    profiles_clean_up(&settings->profiles);
    free(settings->profile);
    free(settings->region);
    free(settings->endpoint_url);
    *settings = (struct settings){0};
}

/* ---- endpoints --------------------------------------------------------------------------------
 */

static int bad_url(const char *what, struct error *err)
{
    return error_set(err, STATUS_BAD_INPUT,
                     "an endpoint's URL %s: write it as https://HOST or http://HOST:PORT/PATH",
                     what);
}

int endpoint_parse(struct endpoint *out_endpoint, const char *url, struct error *err)
{
    *out_endpoint = (struct endpoint){0};
    bool https = strncasecmp(url, "https://", 8) == 0;
    if (!https && strncasecmp(url, "http://", 7) != 0)
        return bad_url("is neither http nor https", err);
    const char *host = url + (https ? 8 : 7);
    size_t length = strcspn(host, "/?#");
    for (const char *c = url; *c; c++) {
        if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f || strchr("?#\\\"<>", *c))
            return bad_url("has a character that does not belong there", err);
    }
    if (length == 0)
        return bad_url("names no host", err);
    if (memchr(host, '@', length))
        return bad_url("names a user", err);
    char *authority = memory_copy_bytes(host, length);
    for (char *c = authority; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    const char *own = https ? ":443" : ":80";
    if (length > strlen(own) && strcmp(authority + length - strlen(own), own) == 0)
        authority[length - strlen(own)] = '\0';
    out_endpoint->host = authority;
    out_endpoint->base = memory_format("%s://%s", https ? "https" : "http", authority);
    out_endpoint->path = memory_copy_text(host[length] ? host + length : "/");
    return STATUS_OK;
}

void endpoint_clean_up(struct endpoint *endpoint)
{
    free(endpoint->base);
    free(endpoint->host);
    free(endpoint->path);
    *endpoint = (struct endpoint){0};
}

/* What follows the region in a host name, by AWS's partitions. */
static const char *domain_of(const char *region)
{
    static const char *const domains[][2] = {
        {"cn-", "amazonaws.com.cn"},    {"us-iso-", "c2s.ic.gov"},
        {"us-isob-", "sc2s.sgov.gov"},  {"eu-isoe-", "cloud.adc-e.uk"},
        {"us-isof-", "csp.hci.ic.gov"}, {"eusc-", "amazonaws.eu"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(domains); i++) {
        if (strncmp(region, domains[i][0], strlen(domains[i][0])) == 0)
            return domains[i][1];
    }
    return "amazonaws.com";
}

/* The URL that was named for a service, and what named it; NULL: none was. */
static const char *named_endpoint(const struct settings *settings, enum aws_service service,
                                  char out_where[64])
{
    const struct aws_service_facts *facts = &aws_service_facts[service];
    const struct profiles *profiles = &settings->profiles;
    snprintf(out_where, 64, "--endpoint-url");
    if (settings->endpoint_url)
        return settings->endpoint_url;
    const char *ignore =
        environment_get(settings->environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
    if (!ignore)
        ignore = profiles_get(profiles, settings->profile, "ignore_configured_endpoint_urls");
    if (ignore && strcasecmp(ignore, "true") == 0)
        return NULL;
    snprintf(out_where, 64, "AWS_ENDPOINT_URL_%s", facts->id);
    const char *url = environment_get(settings->environment, out_where);
    if (url)
        return url;
    snprintf(out_where, 64, "AWS_ENDPOINT_URL");
    url = environment_get(settings->environment, out_where);
    if (url)
        return url;
    snprintf(out_where, 64, "endpoint_url of the profile");
    url = profiles_service_endpoint(profiles, settings->profile, facts->config_id);
    return url ? url : profiles_in_config(profiles, settings->profile, "endpoint_url");
}

bool settings_endpoint_is_named(const struct settings *settings, enum aws_service service)
{
    char where[64];
    return named_endpoint(settings, service, where) != NULL;
}

int settings_endpoint(const struct settings *settings, enum aws_service service,
                      struct endpoint *out_endpoint, struct error *err)
{
    char where[64];
    const char *url = named_endpoint(settings, service, where);
    char *own = memory_format("https://%s.%s.%s/", aws_service_facts[service].host,
                              settings->region, domain_of(settings->region));
    int status = endpoint_parse(out_endpoint, url ? url : own, err);
    if (status)
        error_prefix(err, "%s", where);
    free(own);
    return status;
}
