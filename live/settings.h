/* What a client of AWS is set to: profile, region, endpoints, trust and retries, each from the
 * place that AWS's own clients take it from.
 *
 *   profile     the option, AWS_PROFILE, AWS_DEFAULT_PROFILE, "default"
 *   region      the option, AWS_REGION, AWS_DEFAULT_REGION, the profile's `region`; else an error
 *   endpoint    AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the profile's [services] section, its
 *               `endpoint_url`; all ignored with AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true; else the
 *               service's own in the region. The option comes before all of them.
 *   CA bundle   AWS_CA_BUNDLE, the profile's `ca_bundle`, SSL_CERT_FILE; else the system's
 *   attempts    AWS_MAX_ATTEMPTS, the profile's `max_attempts`; else 3
 *
 * Proxies are libcurl's business, which takes them from http_proxy, HTTPS_PROXY, ALL_PROXY and
 * NO_PROXY (all but the first in either case). FIPS and dual-stack endpoints are refused: name such
 * an endpoint by its URL.
 */
#ifndef LIVE_SETTINGS_H
#define LIVE_SETTINGS_H

#include "live/profiles.h"
#include "live/service.h"

struct settings_options {
    const char *profile;      /* NULL: not said */
    const char *region;       /* NULL: not said */
    const char *endpoint_url; /* NULL: not said */
};

struct settings {
    char *const *environment; /* borrowed */
    struct profiles profiles;
    char *profile;
    bool profile_option; /* by the option, which puts the profile before the environment's keys */
    char *region;
    char *endpoint_url; /* of the option, or NULL */
    const char *ca_bundle;
    int max_attempts;
};

/* `environment` must outlive the settings. On error nothing needs cleaning up. */
int settings_read(struct settings *out_settings, const struct settings_options *options,
                  char *const *environment, const struct live_log *log, struct error *err);
void settings_clean_up(struct settings *settings);

/* Where a service is: "https://ec2.us-east-1.amazonaws.com/" in three. Heap texts. */
struct endpoint {
    char *base; /* scheme and authority: "https://ec2.us-east-1.amazonaws.com" */
    char *host; /* as the Host header has it: with the port where it is not the scheme's own */
    char *path; /* "/" at least */
};

int settings_endpoint(const struct settings *settings, enum aws_service service,
                      struct endpoint *out_endpoint, struct error *err);

/* Was it named by anyone, or is it AWS's own? */
bool settings_endpoint_is_named(const struct settings *settings, enum aws_service service);

/* Take a URL apart. http or https, a host, no user, no query, no fragment. */
int endpoint_parse(struct endpoint *out_endpoint, const char *url, struct error *err);
void endpoint_clean_up(struct endpoint *endpoint);

#endif
