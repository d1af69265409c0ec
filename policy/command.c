#include "policy/command.h"

#include "base/coprocess.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "policy/observed.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    REASONS = 256, /* different ones it may give */
    REASON_MAX_BYTES = 400,
    STATE_SIZE = 3072, /* so that modifiers have room */
    DESIRED_MAX = 1000000,
};

enum parameter { LOOKBACK_S, PERIOD_S, TIME_LIMIT_S, PARAMETER_COUNT };

const char policy_command_time_limit[] = "time_limit_s";

static const struct ballast_parameter parameters_table[PARAMETER_COUNT] = {
    [LOOKBACK_S] = {"lookback_s", BALLAST_DURATION, "s", 900, 60, 86400, NULL,
                    "how far back the metrics are asked for"},
    [PERIOD_S] = {"period_s", BALLAST_DURATION, "s", 60, 60, 3600, NULL,
                  "the period of their points, a multiple of 60"},
    [TIME_LIMIT_S] = {policy_command_time_limit, BALLAST_DURATION, "s", 10, 1, 3600, NULL,
                      "how long the command may take for a line"},
};

#define METRIC(name)                                                                               \
    {                                                                                              \
        .kind = BALLAST_READ_METRIC, .metric = (name), .statistic = BALLAST_MAXIMUM,               \
        .period_parameter = BALLAST_PARAMETER(PERIOD_S),                                           \
        .lookback_parameter = BALLAST_PARAMETER(LOOKBACK_S),                                       \
    }

static const struct ballast_read reads[] = {
    {.kind = BALLAST_READ_FLEET},
    METRIC("TargetCapacity"),
    METRIC("PendingCapacity"),
    METRIC("FulfilledCapacity"),
};

struct policy_command {
    struct ballast_policy policy; /* first: who asks finds the rest by it */
    char *text;
    char sha256[HASH_TEXT_SIZE];
    pthread_mutex_t turn; /* one question at a time */
    struct coprocess *process;
    int64_t lines; /* sent since it was started */
    /* A slot is filled before its index is given away, and then stays. The last two are ours. */
    struct ballast_reason reasons[REASONS];
    size_t reasons_used;
    struct error failure;
};

enum { REASON_FAILED = REASONS - 1, REASON_ANY = REASONS - 2 };

/* It marks a command, and is never called: policy_decide asks it. */
static struct ballast_decision is_command(const struct ballast_observation *observation,
                                          const int64_t *parameters, void *state)
{
    (void)parameters;
    (void)state;
    assert(false);
    return (struct ballast_decision){.valid_until_s = observation->now_s};
}

bool policy_is_command(const struct ballast_policy *policy)
{
    return policy->decide == is_command;
}

/* ---- what it is -------------------------------------------------------------------------------
 */

const char *policy_command_begin(const char *written)
{
    static const char mark[] = "exec:";
    for (const char *at = written; at; at = *at ? at + 1 : NULL) {
        if (strncmp(at, mark, strlen(mark)) == 0)
            return at;
        at += strcspn(at, "+");
    }
    return NULL;
}

/* Whether there was such a file. */
static bool add_file(struct hash *hash, const char *path)
{
    struct stat stat_of;
    if (stat(path, &stat_of) < 0 || !S_ISREG(stat_of.st_mode))
        return false;
    FILE *file = fopen(path, "rb");
    char block[4096];
    size_t count = 0;
    if (!file)
        return false;
    while ((count = fread(block, 1, sizeof block, file)) > 0)
        hash_add(hash, block, count);
    fclose(file);
    return true;
}

static void hash_files(const char *text, char out_sha256[HASH_TEXT_SIZE])
{
    struct hash *hash = hash_new();
    bool any = false;
    char *words = memory_copy_text(text);
    char *rest = NULL;
    for (char *word = strtok_r(words, " \t'\"", &rest); word;
         word = strtok_r(NULL, " \t'\"", &rest))
        any = add_file(hash, word) || any;
    free(words);
    hash_finish(hash, out_sha256);
    if (!any)
        out_sha256[0] = '\0';
}

int policy_command_new(struct policy_command **out, const char *text, const char *sha256,
                       struct error *err)
{
    if (!text[strspn(text, " \t")])
        return error_set(err, STATUS_BAD_INPUT,
                         "exec: names no command: write exec:python3 policy.py");
    struct policy_command *command = memory_new(1, sizeof *command);
    command->text = memory_copy_text(text);
    hash_files(text, command->sha256);
    if (sha256 && strcmp(sha256, command->sha256) != 0) {
        int status = error_set(err, STATUS_BAD_INPUT,
                               "exec:%.200s: it is another file now: the SHA-256 of what it names "
                               "is %s, not %.64s",
                               text, *command->sha256 ? command->sha256 : "of nothing", sha256);
        free(command->text);
        free(command);
        return status;
    }
    pthread_mutex_init(&command->turn, NULL);
    for (size_t i = 0; i < REASONS; i++)
        command->reasons[i] = (struct ballast_reason){"command", "as the command says"};
    command->reasons[REASON_FAILED].text = "the command failed: hold";
    command->policy = (struct ballast_policy){
        .abi = BALLAST_POLICY_ABI,
        .name = "exec",
        .description = "what a command answers, a JSON line for each evaluation",
        .source = "the command of whoever runs it; docs/exec-policy.md",
        .parameters = parameters_table,
        .parameter_count = PARAMETER_COUNT,
        .reads = reads,
        .read_count = ARRAY_LENGTH(reads),
        .reasons = command->reasons,
        .reason_count = REASONS,
        .state_version = 1,
        .state_size = STATE_SIZE,
        .decide = is_command,
    };
    *out = command;
    return STATUS_OK;
}

void policy_command_destroy(struct policy_command *command)
{
    if (!command)
        return;
    coprocess_end(command->process);
    for (size_t i = 0; i < command->reasons_used; i++)
        free((char *)(uintptr_t)command->reasons[i].text);
    pthread_mutex_destroy(&command->turn);
    free(command->text);
    free(command);
}

const struct ballast_policy *policy_command_policy(const struct policy_command *command)
{
    return &command->policy;
}

const char *policy_command_text(const struct policy_command *command)
{
    return command->text;
}

const char *policy_command_sha256(const struct policy_command *command)
{
    return command->sha256;
}

/* ---- its answer -------------------------------------------------------------------------------
 */

static uint32_t keep_reason(struct policy_command *command, const char *text)
{
    for (size_t i = 0; i < command->reasons_used; i++) {
        if (strcmp(command->reasons[i].text, text) == 0)
            return (uint32_t)i;
    }
    if (command->reasons_used == REASON_ANY)
        return REASON_ANY;
    command->reasons[command->reasons_used].text = memory_copy_text(text);
    return (uint32_t)command->reasons_used++;
}

static int read_reason(struct policy_command *command, const struct json_document *document,
                       const cJSON *node, uint32_t *out_reason, struct error *err)
{
    const char *text = NULL;
    int status = json_string(document, node, &text, err);
    for (size_t i = 0; !status && text[i]; i++) {
        if ((unsigned char)text[i] < ' ' || text[i] == 127 || i == REASON_MAX_BYTES)
            status = json_fail(document, node, err, "is not one line of at most %d bytes",
                               REASON_MAX_BYTES);
    }
    if (!status && !*text)
        status = json_fail(document, node, err, "is empty: say why");
    if (!status)
        *out_reason = keep_reason(command, text);
    return status;
}

static int read_figures(const struct json_document *document, const cJSON *node,
                        int64_t figures[BALLAST_FIGURES_MAX], struct error *err)
{
    size_t count = 0;
    const cJSON *item = NULL;
    if (!cJSON_IsArray(node))
        return json_fail(document, node, err, "is no list of whole numbers");
    cJSON_ArrayForEach(item, node)
    {
        if (count == BALLAST_FIGURES_MAX)
            return json_fail(document, item, err, "is one too many: %d are shown",
                             BALLAST_FIGURES_MAX);
        int status = json_int64(document, item, -INT64_C(9000000000000000),
                                INT64_C(9000000000000000), &figures[count++], err);
        if (status)
            return status;
    }
    return STATUS_OK;
}

static int read_state(const struct json_document *document, const cJSON *node, char *out_state,
                      struct error *err)
{
    char *text = cJSON_PrintUnformatted(node);
    if (!text)
        return error_no_memory(err);
    int status = STATUS_OK;
    if (strlen(text) >= STATE_SIZE)
        status = json_fail(document, node, err, "is %zu bytes long, at most %d are kept",
                           strlen(text), STATE_SIZE - 1);
    else
        strncpy(out_state, text, STATE_SIZE); /* zeroes to the end: equal states are equal bytes */
    cJSON_free(text);
    return status;
}

static int read_member(struct policy_command *command, const struct json_document *document,
                       const cJSON *node, const struct ballast_observation *seen,
                       struct ballast_decision *decision, char *state, struct error *err)
{
    const char *key = node->string;
    if (strcmp(key, "desired") == 0) {
        if (cJSON_IsNull(node))
            return STATUS_OK;
        decision->action = BALLAST_SET_DESIRED;
        return json_int64(document, node, 0, DESIRED_MAX, &decision->desired_capacity, err);
    }
    if (strcmp(key, "honor_cooldown") == 0)
        return json_bool(document, node, &decision->honor_cooldown, err);
    if (strcmp(key, "reason") == 0)
        return read_reason(command, document, node, &decision->reason, err);
    if (strcmp(key, "figures") == 0)
        return read_figures(document, node, decision->figures, err);
    if (strcmp(key, "valid_until") == 0)
        return json_int64(document, node, seen->now_s, INT64_C(253402300799),
                          &decision->valid_until_s, err);
    if (strcmp(key, "state") == 0)
        return read_state(document, node, state, err);
    return json_fail(document, node, err,
                     "is no field of an answer: these are desired, honor_cooldown, reason, "
                     "figures, valid_until, state");
}

/* The size the group has already is no call. Only what shrinks it honours its cooldown, unless it
 * says so. */
static void complete(const cJSON *answer, const struct ballast_observation *seen,
                     struct ballast_decision *decision)
{
    const struct ballast_group *group = &seen->group;
    bool known = group->status == BALLAST_OK;
    if (decision->action == BALLAST_SET_DESIRED && known &&
        decision->desired_capacity == group->desired_capacity)
        decision->action = BALLAST_HOLD;
    if (!cJSON_GetObjectItemCaseSensitive(answer, "honor_cooldown"))
        decision->honor_cooldown = known && decision->desired_capacity < group->desired_capacity;
    if (decision->action == BALLAST_HOLD) {
        decision->desired_capacity = 0;
        decision->honor_cooldown = false;
    }
}

static int read_answer(struct policy_command *command, const char *line,
                       const struct ballast_observation *seen,
                       struct ballast_decision *out_decision, char *state, struct error *err)
{
    struct json_document document;
    int status = json_parse(&document, "answer", line, strlen(line), err);
    if (status)
        return status;
    const cJSON *item = NULL;
    *out_decision = (struct ballast_decision){.valid_until_s = seen->now_s};
    if (!cJSON_IsObject(document.root))
        status = json_fail(&document, document.root, err, "is no JSON object");
    else if (!cJSON_GetObjectItemCaseSensitive(document.root, "desired"))
        status = json_fail(&document, document.root, err,
                           "has no \"desired\": a number of instances, or null to hold");
    else if (!cJSON_GetObjectItemCaseSensitive(document.root, "reason"))
        status = json_fail(&document, document.root, err, "has no \"reason\": a line of text");
    if (!status)
        item = document.root->child;
    for (; item && !status; item = item->next)
        status = read_member(command, &document, item, seen, out_decision, state, err);
    if (!status)
        complete(document.root, seen, out_decision);
    json_clean_up(&document);
    return status;
}

/* ---- a question -------------------------------------------------------------------------------
 */

static int ask(struct policy_command *command, const struct ballast_observation *seen,
               const int64_t *parameters, void *state, struct ballast_decision *out_decision,
               struct error *err)
{
    struct text line = {0};
    const char *answer = NULL;
    char kept[STATE_SIZE];
    int status = STATUS_OK;
    memcpy(kept, state, sizeof kept);
    if (!command->process) {
        command->lines = 0;
        status = coprocess_start(&command->process, command->text, err);
    }
    text_add(&line, "{\"observation\":");
    observation_write(&line, &command->policy, parameters, seen);
    text_add(&line, ",\"parameters\":");
    parameters_write(&line, &command->policy, parameters);
    text_addf(&line, ",\"state\":%s}", kept[0] ? kept : "null");
    if (!status)
        status = text_status(&line, err);
    command->lines++;
    if (!status)
        status = coprocess_ask(command->process, line.data, parameters[TIME_LIMIT_S] * 1000,
                               &answer, err);
    if (!status)
        status = read_answer(command, answer, seen, out_decision, kept, err);
    if (!status)
        memcpy(state, kept, sizeof kept);
    text_clean_up(&line);
    return status;
}

struct ballast_decision policy_command_ask(const struct ballast_policy *policy,
                                           const struct ballast_observation *observation,
                                           const int64_t *parameters, void *state)
{
    /* the struct is of policy_command_new, which gives it away as const */
    struct policy_command *command = (struct policy_command *)(uintptr_t)policy;
    struct ballast_decision decision = {0};
    pthread_mutex_lock(&command->turn);
    if (!command->failure.status &&
        ask(command, observation, parameters, state, &decision, &command->failure)) {
        char when[TIMESTAMP_TEXT_SIZE];
        command->failure.status = STATUS_FAILURE;
        error_prefix(&command->failure, "exec:%.200s: line %" PRId64 ", the evaluation at %s",
                     command->text, command->lines, timestamp_format(observation->now_s, when));
        coprocess_end(command->process);
        command->process = NULL;
    }
    if (command->failure.status)
        decision = (struct ballast_decision){
            .action = BALLAST_HOLD, .reason = REASON_FAILED, .valid_until_s = observation->now_s};
    pthread_mutex_unlock(&command->turn);
    return decision;
}

int policy_command_failure(const struct ballast_policy *policy, struct error *err)
{
    struct policy_command *command = (struct policy_command *)(uintptr_t)policy;
    pthread_mutex_lock(&command->turn);
    int status = command->failure.status;
    if (status)
        error_set(err, status, "%s", command->failure.text);
    command->failure = (struct error){0};
    pthread_mutex_unlock(&command->turn);
    return status;
}
