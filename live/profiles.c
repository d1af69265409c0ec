#include "live/profiles.h"

#include "base/memory.h"
#include "live/environment.h"
#include "live/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void live_warn(const struct live_log *log, const char *format, ...)
{
    if (!log || !log->warn)
        return;
    struct error line;
    va_list args;
    va_start(args, format);
    vsnprintf(line.text, sizeof line.text, format, args);
    va_end(args);
    struct error clean;
    error_set(&clean, STATUS_OK, "%s", line.text);
    log->warn(clean.text, log->context);
}

static char *path_of(char *const *environment, const char *variable, const char *standard)
{
    const char *said = environment_get(environment, variable);
    const char *home = environment_get(environment, "HOME");
    if (said && said[0] == '~' && said[1] == '/' && home)
        return memory_format("%s%s", home, said + 1);
    if (said)
        return memory_copy_text(said);
    return home ? memory_format("%s/.aws/%s", home, standard) : NULL;
}

/* The whole file in secret memory; *out_text stays NULL if there is none. */
static int read_whole(const char *path, char **out_text, size_t *out_size, mode_t *out_mode,
                      struct error *err)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0 && (errno == ENOENT || errno == ENOTDIR))
        return STATUS_OK;
    struct stat about;
    int status = STATUS_OK;
    if (file < 0 || fstat(file, &about) < 0) {
        status = error_set(err, STATUS_FAILURE, "%s: cannot be read: %s", path, strerror(errno));
    } else if (!S_ISREG(about.st_mode)) {
        status = error_set(err, STATUS_BAD_INPUT, "%s: is not a file", path);
    } else if (about.st_size > INI_FILE_LIMIT) {
        status =
            error_set(err, STATUS_BAD_INPUT, "%s: larger than %d KiB", path, INI_FILE_LIMIT >> 10);
    } else {
        *out_mode = about.st_mode;
        *out_text = secret_new(INI_FILE_LIMIT);
        *out_size = 0;
        ssize_t count = 0;
        while (*out_size < INI_FILE_LIMIT &&
               (count = read(file, *out_text + *out_size, INI_FILE_LIMIT - *out_size)) > 0)
            *out_size += (size_t)count;
        if (count < 0) {
            status =
                error_set(err, STATUS_FAILURE, "%s: cannot be read: %s", path, strerror(errno));
            secret_free(*out_text);
            *out_text = NULL;
        }
    }
    if (file >= 0)
        close(file);
    return status;
}

static bool holds_keys(const struct ini *ini)
{
    for (size_t i = 0; i < ini->count; i++) {
        const char *key = ini->entries[i].key;
        if (strcmp(key, "aws_secret_access_key") == 0 || strcmp(key, "aws_session_token") == 0)
            return true;
    }
    return false;
}

static int read_file(struct ini *out_ini, const char *path, const struct live_log *log,
                     struct error *err)
{
    char *text = NULL;
    size_t size = 0;
    mode_t mode = 0;
    if (!path)
        return STATUS_OK;
    int status = read_whole(path, &text, &size, &mode, err);
    if (status || !text)
        return status;
    status = ini_parse(out_ini, path, text, size, err);
    if (!status && (mode & (S_IRWXG | S_IRWXO)) && holds_keys(out_ini))
        live_warn(log, "%s holds keys and is open to others (mode %03o): chmod 600 it", path,
                  (unsigned)(mode & 0777));
    return status;
}

int profiles_read(struct profiles *out_profiles, char *const *environment,
                  const struct live_log *log, struct error *err)
{
    *out_profiles = (struct profiles){
        .config_path = path_of(environment, "AWS_CONFIG_FILE", "config"),
        .credentials_path = path_of(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials"),
    };
    int status = read_file(&out_profiles->config, out_profiles->config_path, log, err);
    if (!status)
        status = read_file(&out_profiles->credentials, out_profiles->credentials_path, log, err);
    if (status)
        profiles_clean_up(out_profiles);
    return status;
}

void profiles_clean_up(struct profiles *profiles)
{
    ini_clean_up(&profiles->config);
    ini_clean_up(&profiles->credentials);
    free(profiles->config_path);
    free(profiles->credentials_path);
    *profiles = (struct profiles){0};
}

/* [default] is also found as [profile default], which counts more. */
static const char *config_get(const struct profiles *profiles, const char *profile, const char *key)
{
    char *section = memory_format("profile %s", profile);
    const char *value = ini_get(&profiles->config, section, NULL, key);
    if (!value && strcmp(profile, "default") == 0)
        value = ini_get(&profiles->config, profile, NULL, key);
    free(section);
    return value;
}

bool profiles_has(const struct profiles *profiles, const char *profile)
{
    return config_get(profiles, profile, "") || ini_has_section(&profiles->credentials, profile);
}

const char *profiles_in_config(const struct profiles *profiles, const char *profile,
                               const char *key)
{
    const char *value = config_get(profiles, profile, key);
    return value && *value ? value : NULL;
}

const char *profiles_in_credentials(const struct profiles *profiles, const char *profile,
                                    const char *key)
{
    const char *value = ini_get(&profiles->credentials, profile, NULL, key);
    return value && *value ? value : NULL;
}

const char *profiles_get(const struct profiles *profiles, const char *profile, const char *key)
{
    const char *value = profiles_in_credentials(profiles, profile, key);
    return value ? value : profiles_in_config(profiles, profile, key);
}

const char *profiles_service_endpoint(const struct profiles *profiles, const char *profile,
                                      const char *service)
{
    const char *services = profiles_in_config(profiles, profile, "services");
    if (!services)
        return NULL;
    char *section = memory_format("services %s", services);
    const char *value = ini_get(&profiles->config, section, service, "endpoint_url");
    free(section);
    return value && *value ? value : NULL;
}
