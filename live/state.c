#include "live/state.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/output.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* Policy, version, size and parameters in one word. */
static char *fingerprint(const struct live_state_key *key, char out_text[HASH_TEXT_SIZE])
{
    struct hash *hash = hash_new();
    hash_add_string(hash, key->policy->name);
    hash_add_int64(hash, key->policy->state_version);
    hash_add_int64(hash, (int64_t)key->policy->state_size);
    for (size_t i = 0; i < key->policy->parameter_count; i++)
        hash_add_int64(hash, key->parameters[i]);
    return hash_finish(hash, out_text);
}

static const char *string_of(const cJSON *object, const char *name)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsString(member) ? member->valuestring : "";
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Exactly `size` bytes of lower-case hex. */
static bool from_hex(const char *hex, unsigned char *out, size_t size)
{
    if (strlen(hex) != 2 * size)
        return false;
    for (size_t i = 0; i < size; i++) {
        int high = digit(hex[2 * i]);
        int low = digit(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (unsigned char)(high * 16 + low);
    }
    return true;
}

static int use(struct live_state *state, const cJSON *root, const struct live_state_key *key,
               void *policy_state, const struct live_log *log, struct error *err)
{
    char word[HASH_TEXT_SIZE];
    size_t size = key->policy->state_size;
    unsigned char *bytes = memory_new(size + 1, 1);
    int status = STATUS_OK;
    const cJSON *failures = cJSON_GetObjectItemCaseSensitive(root, "failures");
    if (strcmp(string_of(root, "fleet"), key->fleet_id) != 0 ||
        strcmp(string_of(root, "group"), key->group) != 0) {
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: is the state of another fleet or group: name a file of its own "
                           "for each",
                           state->path);
    } else {
        if (cJSON_IsNumber(failures) && failures->valuedouble >= 0 && failures->valuedouble < 1e9)
            state->failures = (int64_t)failures->valuedouble;
        if (strcmp(string_of(root, "key"), fingerprint(key, word)) == 0 &&
            from_hex(string_of(root, "state"), bytes, size)) {
            if (size)
                memcpy(policy_state, bytes, size);
        } else {
            live_warn(log, "%s: is of another policy or other parameters: the policy starts anew",
                      state->path);
        }
    }
    free(bytes);
    return status;
}

static int lock(struct live_state *state, struct error *err)
{
    char *path = memory_format("%s.lock", state->path);
    int status = output_check_folder(state->path, err);
    state->lock = status ? -1 : open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (!status && state->lock < 0)
        status = error_set(err, STATUS_FAILURE, "%s: cannot be opened: %s", path, strerror(errno));
    else if (!status && flock(state->lock, LOCK_EX | LOCK_NB) < 0)
        status =
            error_set(err, STATUS_FAILURE,
                      errno == EWOULDBLOCK ? "%s: another evaluation with this state is going on"
                                           : "%s: cannot be locked",
                      path);
    free(path);
    return status;
}

int live_state_open(struct live_state *out_state, const char *path,
                    const struct live_state_key *key, void *policy_state,
                    const struct live_log *log, struct error *err)
{
    *out_state = (struct live_state){.path = memory_copy_text(path), .lock = -1};
    struct json_document document = {0};
    int status = lock(out_state, err);
    bool there = !status && (access(path, F_OK) == 0 || errno != ENOENT);
    if (there)
        status = json_read(&document, path, err);
    if (there && !status) {
        status = use(out_state, document.root, key, policy_state, log, err);
        json_clean_up(&document);
    }
    if (status)
        live_state_close(out_state);
    return status;
}

static int write_whole(const char *path, const struct text *text, struct error *err)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool fine = file >= 0;
    for (size_t done = 0; fine && done < text->size;) {
        ssize_t count = write(file, text->data + done, text->size - done);
        fine = count > 0;
        done += fine ? (size_t)count : 0;
    }
    fine = fine && fsync(file) == 0;
    int cause = errno;
    if (file >= 0)
        close(file);
    return fine
               ? STATUS_OK
               : error_set(err, STATUS_FAILURE, "%s: cannot be written: %s", path, strerror(cause));
}

int live_state_save(struct live_state *state, const struct live_state_key *key,
                    const void *policy_state, struct error *err)
{
    char word[HASH_TEXT_SIZE];
    struct text text = {0};
    text_add(&text, "{\"fleet\":");
    text_add_json_string(&text, key->fleet_id);
    text_add(&text, ",\"group\":");
    text_add_json_string(&text, key->group);
    text_addf(&text, ",\"policy\":\"%s\",\"key\":\"%s\",\"failures\":%" PRId64 ",\"state\":\"",
              key->policy->name, fingerprint(key, word), state->failures);
    for (size_t i = 0; i < key->policy->state_size; i++)
        text_addf(&text, "%02x", ((const unsigned char *)policy_state)[i]);
    text_add(&text, "\"}\n");
    char *beside = memory_format("%s.new", state->path);
    int status = write_whole(beside, &text, err);
    if (!status && rename(beside, state->path) < 0)
        status = error_set(err, STATUS_FAILURE, "%s: cannot be put in place: %s", state->path,
                           strerror(errno));
    free(beside);
    text_clean_up(&text);
    return status;
}

void live_state_close(struct live_state *state)
{
    if (state->lock >= 0)
        close(state->lock);
    free(state->path);
    *state = (struct live_state){.lock = -1};
}
