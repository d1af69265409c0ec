#include "live/providers.h"

#include "base/child.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "live/secret.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- JSON -------------------------------------------------------------------------------------
 */

static const char *member(const cJSON *object, const char *name)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsString(found) && found->valuestring[0] ? found->valuestring : NULL;
}

int credentials_from_json(struct credentials *out_credentials, const char *json, size_t size,
                          const char *token_name, bool must_expire, struct error *err)
{
    *out_credentials = (struct credentials){.expires_s = INT64_MAX};
    cJSON *root = cJSON_ParseWithLength(json, size);
    const char *access_key = member(root, "AccessKeyId");
    const char *secret_key = member(root, "SecretAccessKey");
    const char *expiration = member(root, "Expiration");
    int status = STATUS_OK;
    if (!cJSON_IsObject(root))
        status = error_set(err, STATUS_FAILURE, "what it gave is not a JSON object");
    else if (!access_key || !secret_key)
        status =
            error_set(err, STATUS_FAILURE, "what it gave has no AccessKeyId or no SecretAccessKey");
    else if (expiration &&
             !timestamp_parse(expiration, strlen(expiration), false, &out_credentials->expires_s))
        status = error_set(err, STATUS_FAILURE, "its Expiration is not a time");
    else if (!expiration && must_expire)
        status = error_set(err, STATUS_FAILURE, "what it gave has no Expiration");
    if (!status) {
        out_credentials->access_key = secret_copy(access_key);
        out_credentials->secret_key = secret_copy(secret_key);
        out_credentials->session_token = secret_copy(member(root, token_name));
    }
    secret_json_delete(root);
    return status;
}

/* ---- words ------------------------------------------------------------------------------------
 */

char **command_words(const char *command_line)
{
    size_t length = strlen(command_line);
    size_t most = length / 2 + 2;
    char **words = memory_new(1, most * sizeof *words + length + 1);
    char *out = (char *)(words + most);
    size_t count = 0;
    char quote = '\0';
    bool inside = false;
    for (const char *c = command_line; *c; c++) {
        bool gap = !quote && (*c == ' ' || *c == '\t' || *c == '\n' || *c == '\r');
        if (gap) {
            if (inside)
                *out++ = '\0';
            inside = false;
            continue;
        }
        if (!inside)
            words[count++] = out;
        inside = true;
        if (quote ? *c == quote : *c == '"' || *c == '\'') {
            quote = quote ? '\0' : *c;
            continue;
        }
        bool escapes =
            *c == '\\' && quote != '\'' && c[1] && (!quote || c[1] == '"' || c[1] == '\\');
        if (escapes)
            c++;
        *out++ = *c;
    }
    *out = '\0';
    if (!quote && count > 0)
        return words;
    free(words);
    return NULL;
}

/* ---- the process ------------------------------------------------------------------------------
 */

/* All that the process writes until then. Returns the size, or -1. */
static ssize_t read_output(int pipe_end, int64_t end_ms, char *out, size_t limit)
{
    size_t size = 0;
    while (true) {
        int64_t left = end_ms - monotonic_ms();
        struct pollfd wait = {.fd = pipe_end, .events = POLLIN};
        int ready = left > 0 ? poll(&wait, 1, (int)left) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return -1;
        ssize_t count = read(pipe_end, out + size, limit - size);
        if (count == 0)
            return (ssize_t)size;
        if (count < 0 || (size += (size_t)count) == limit)
            return -1;
    }
}

/* Run it; the output is in secret memory. */
static int run(char **words, char *const *environment, int64_t limit_ms, char *out_output,
               size_t *out_size, struct error *err)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return error_set(err, STATUS_FAILURE, "cannot be run: %s", strerror(errno));
    /* Not in a group of its own: it may ask for a code at the terminal. */
    const struct child_spec spec = {.program = words[0],
                                    .arguments = words,
                                    .environment = environment,
                                    .input = -1,
                                    .output = ends[1]};
    int64_t end_ms = monotonic_ms() + limit_ms;
    pid_t child = 0;
    int cause = child_start(&child, &spec);
    close(ends[1]);
    if (cause) {
        close(ends[0]);
        return error_set(err, STATUS_FAILURE, "cannot be run: %s", strerror(cause));
    }
    int how = 0;
    ssize_t size = read_output(ends[0], end_ms, out_output, HTTP_SECRET_LIMIT);
    close(ends[0]);
    bool ended = size >= 0 && child_ends(child, end_ms - monotonic_ms(), &how);
    if (!ended) {
        child_kill(child);
        return error_set(err, STATUS_FAILURE, "%s within %lld s%s",
                         size < 0 ? "gave no answer" : "closed its output and did not end",
                         (long long)limit_ms / 1000, size < 0 ? ", or one without end" : "");
    }
    if (!WIFEXITED(how) || WEXITSTATUS(how) != 0)
        return error_set(err, STATUS_FAILURE, "failed (%s %d)",
                         WIFEXITED(how) ? "exit code" : "signal",
                         WIFEXITED(how) ? WEXITSTATUS(how) : WTERMSIG(how));
    *out_size = (size_t)size;
    return STATUS_OK;
}

static int check_version(const char *json, size_t size, struct error *err)
{
    cJSON *root = cJSON_ParseWithLength(json, size);
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(root, "Version");
    bool fine = cJSON_IsNumber(version) && version->valueint == 1;
    bool object = cJSON_IsObject(root);
    secret_json_delete(root);
    return fine || !object ? STATUS_OK
                           : error_set(err, STATUS_FAILURE, "what it gave is not of Version 1");
}

int credentials_from_process(struct credentials *out_credentials, const char *command_line,
                             char *const *environment, int64_t limit_ms, struct error *err)
{
    char **words = command_words(command_line);
    if (!words)
        return error_set(err, STATUS_BAD_INPUT,
                         "credential_process is empty, or a quote in it is not closed");
    char *output = secret_new(HTTP_SECRET_LIMIT);
    size_t size = 0;
    int status = run(words, environment, limit_ms, output, &size, err);
    if (!status)
        status = check_version(output, size, err);
    if (!status)
        status = credentials_from_json(out_credentials, output, size, "SessionToken", false, err);
    if (status)
        error_prefix(err, "credential_process %s", words[0]);
    else
        snprintf(out_credentials->source, sizeof out_credentials->source, "credential_process");
    secret_free(output);
    free(words);
    return status;
}
