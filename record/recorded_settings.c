/* What recordings of one account were made with: policy, parameters, guards, read back. */
#include "base/memory.h"
#include "policy/builtin.h"
#include "policy/parameters.h"
#include "record/recorded_rows.h"
#include "record/results.h"

#include <stdlib.h>
#include <string.h>

static int64_t number_or(const cJSON *object, const char *name, int64_t otherwise)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
    if (cJSON_IsNull(member))
        return BALLAST_UNKNOWN;
    return cJSON_IsNumber(member) && member->valuedouble > -9e15 && member->valuedouble < 9e15
               ? (int64_t)member->valuedouble
               : otherwise;
}

/* With modifiers around it, as it was written. */
static void find_composed(struct recorded_settings *settings, int64_t state_version)
{
    if (policy_choose(&settings->choice, settings->policy_name, NULL))
        return;
    if (settings->choice.policy->state_version == state_version)
        settings->policy = settings->choice.policy;
}

/* A user's own, file or command. */
static void find_own(struct recorded_settings *settings, int64_t state_version,
                     const struct policy_choice *asked)
{
    if (!asked || !(asked->loaded || asked->command) ||
        asked->policy->state_version != state_version)
        return;
    char *identity = policy_choice_identity(asked);
    if (strcmp(identity, settings->policy_name) == 0)
        settings->policy = asked->policy;
    free(identity);
}

/* The policy by the name before a colon; parameters that a newer program added, or no longer takes
 * so, have their default. */
static void find_policy(struct recorded_settings *settings, const cJSON *parameters,
                        int64_t state_version, const struct recorded_choice *wanted)
{
    const struct ballast_policy *const *policies = wanted->policies;
    size_t length = strcspn(settings->policy_name, ":");
    bool composed = strchr(settings->policy_name, '+');
    if (strchr(settings->policy_name, '@') || policy_file_length(settings->policy_name) ||
        policy_command_begin(settings->policy_name))
        find_own(settings, state_version, wanted->asked);
    else if (composed || modifier_find(settings->policy_name))
        find_composed(settings, state_version);
    for (; *policies && !composed; policies++) {
        const struct ballast_policy *policy = *policies;
        if (strlen(policy->name) == length &&
            strncmp(policy->name, settings->policy_name, length) == 0 &&
            policy->state_version == state_version)
            settings->policy = policy;
    }
    if (!settings->policy)
        return;
    policy_default_values(settings->policy, NULL, settings->parameters);
    for (size_t i = 0; i < settings->policy->parameter_count; i++) {
        const struct ballast_parameter *parameter = &settings->policy->parameters[i];
        int64_t value = number_or(parameters, parameter->name, settings->parameters[i]);
        if (policy_value_allowed(parameter, value))
            settings->parameters[i] = value;
    }
}

static int64_t guard_of(const cJSON *guards, const char *name)
{
    int64_t value = number_or(guards, name, 0);
    return value > 0 ? value : 0;
}

static int add_settings(struct recorded *recorded, sqlite3_stmt *row,
                        const struct recorded_choice *choice, struct error *err)
{
    struct json_document parameters = {0};
    struct json_document guards = {0};
    struct recorded_settings settings = {
        .recording = sqlite3_column_int64(row, 0),
        .region = results_copy(row, 1),
        .fleet_id = results_copy(row, 2),
        .group = results_copy(row, 3),
        .policy_name = results_copy(row, 4),
        .units_per_instance_micro = row_micro(row, 5),
        .every_s = sqlite3_column_int64(row, 9),
        .product = results_copy(row, 11),
    };
    const char *const texts[] = {(const char *)sqlite3_column_text(row, 6),
                                 (const char *)sqlite3_column_text(row, 7)};
    struct json_document *const documents[] = {&parameters, &guards};
    int status = STATUS_OK;
    for (size_t i = 0; !status && i < 2; i++)
        status = json_parse(documents[i], recorded->results->path, texts[i] ? texts[i] : "",
                            texts[i] ? strlen(texts[i]) : 0, err);
    if (!status) {
        find_policy(&settings, parameters.root, sqlite3_column_int64(row, 8), choice);
        settings.guards = (struct controller_guards){
            .max_step_instances = guard_of(guards.root, "max_step_instances"),
            .max_desired_instances = guard_of(guards.root, "max_desired_instances"),
            .stale_after_s = guard_of(guards.root, "stale_after_s"),
        };
        if (settings.units_per_instance_micro <= 0)
            status = error_set(err, STATUS_BAD_INPUT, "%s: recording %lld is damaged",
                               recorded->results->path, (long long)settings.recording);
    }
    for (size_t i = 0; i < 2; i++) {
        if (documents[i]->root)
            json_clean_up(documents[i]);
    }
    ARRAY_PUSH(recorded->settings, recorded->settings_count, recorded->settings_capacity, settings);
    return status;
}

int recorded_read_settings(struct recorded *recorded, const struct recorded_choice *choice,
                           struct error *err)
{
    sqlite3_stmt *row = NULL;
    int status = results_prepare(
        recorded->results, &row,
        "SELECT recording, region, fleet, backup_group, policy, units_per_instance, parameters,"
        " guards, state_version, every_s, clock, product FROM recording"
        " WHERE (?1 IS NULL OR fleet=?1) AND (?2 IS NULL OR backup_group=?2)"
        " AND recording IN (SELECT recording FROM evaluation) ORDER BY recording",
        err);
    if (status)
        return status;
    results_bind(row, 1, choice->fleet_id);
    results_bind(row, 2, choice->group);
    int code = SQLITE_DONE;
    while (!status && (code = sqlite3_step(row)) == SQLITE_ROW) {
        char *account = memory_format(
            "fleet %s and group %s in %s (clock: %s)", (const char *)sqlite3_column_text(row, 2),
            (const char *)sqlite3_column_text(row, 3), (const char *)sqlite3_column_text(row, 1),
            (const char *)sqlite3_column_text(row, 10));
        if (recorded->account && strcmp(account, recorded->account) != 0)
            status = error_set(err, STATUS_BAD_INPUT,
                               "%s: holds recordings of %.200s, of %.200s, ...: choose with "
                               "--fleet and --group",
                               recorded->results->path, recorded->account, account);
        else
            status = add_settings(recorded, row, choice, err);
        free(recorded->account);
        recorded->account = account;
    }
    if (!status && code != SQLITE_DONE)
        status = results_fail(recorded->results, err);
    if (!status && recorded->settings_count == 0)
        status = error_set(err, STATUS_BAD_INPUT, "%s: holds no recorded evaluation%s",
                           recorded->results->path,
                           choice->fleet_id || choice->group ? " of that fleet and group" : "");
    sqlite3_finalize(row);
    return status;
}

void recorded_settings_clean_up(struct recorded *recorded)
{
    for (size_t i = 0; i < recorded->settings_count; i++) {
        free(recorded->settings[i].region);
        free(recorded->settings[i].fleet_id);
        free(recorded->settings[i].group);
        free(recorded->settings[i].product);
        free(recorded->settings[i].policy_name);
        policy_choice_clean_up(&recorded->settings[i].choice);
    }
    free(recorded->settings);
    free(recorded->account);
}
