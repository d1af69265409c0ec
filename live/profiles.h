/* AWS's shared config and credentials files, read as its own clients read them.
 *
 *   config        $AWS_CONFIG_FILE, else ~/.aws/config; profiles are [default] and [profile NAME]
 *   credentials   $AWS_SHARED_CREDENTIALS_FILE, else ~/.aws/credentials; profiles are [NAME]
 *
 * A file that is not there is empty. A file that holds keys and that others can read is warned
 * about, not refused: AWS's own tools write them with mode 600 and read them with any.
 */
#ifndef LIVE_PROFILES_H
#define LIVE_PROFILES_H

#include "live/ini.h"

/* Who is told what is odd but no error. Texts are one line and hold no secret. */
struct live_log {
    void (*warn)(const char *text, void *context); /* or NULL */
    void *context;
};

void live_warn(const struct live_log *log, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

struct profiles {
    struct ini config;
    struct ini credentials;
    char *config_path;
    char *credentials_path;
};

int profiles_read(struct profiles *out_profiles, char *const *environment,
                  const struct live_log *log, struct error *err);
void profiles_clean_up(struct profiles *profiles);

bool profiles_has(const struct profiles *profiles, const char *profile);

/* A setting of the profile; NULL where it is absent or empty. `profiles_get` prefers the
 * credentials file, as AWS's clients do for everything that may stand in both. */
const char *profiles_get(const struct profiles *profiles, const char *profile, const char *key);
const char *profiles_in_config(const struct profiles *profiles, const char *profile,
                               const char *key);
const char *profiles_in_credentials(const struct profiles *profiles, const char *profile,
                                    const char *key);

/* endpoint_url of a service ("auto_scaling") in the [services NAME] section that the profile names,
 * or NULL. */
const char *profiles_service_endpoint(const struct profiles *profiles, const char *profile,
                                      const char *service);

#endif
