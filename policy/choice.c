#include "policy/choice.h"

#include "base/memory.h"
#include "base/nearest.h"
#include "base/text.h"
#include "policy/builtin.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MAX = 64, MODIFIERS_MAX = 16 };

static const char usual_base[] = "pending-capacity";

/* Say that there is no such thing, with the nearest of `names` or all of them. */
static int unknown(struct error *err, const char *kind, const char *name, const char *const *names)
{
    const char *nearest = nearest_word(name, names);
    if (nearest)
        return error_set(err, STATUS_BAD_INPUT, "unknown %s \"%s\": did you mean \"%s\"?", kind,
                         name, nearest);
    struct text list = {.limit = 512};
    for (size_t i = 0; names[i]; i++)
        text_addf(&list, "%s%s", i ? ", " : "", names[i]);
    int status = error_set(err, STATUS_BAD_INPUT, "unknown %s \"%s\": there are %s", kind, name,
                           list.data ? list.data : "none");
    text_clean_up(&list);
    return status;
}

/* Names of policies, where wanted, and of modifiers. */
static void all_names(const char *names[NAMES_MAX], bool policies)
{
    size_t count = 0;
    for (size_t i = 0; policies && policy_builtin[i] && count + 1 < NAMES_MAX; i++)
        names[count++] = policy_builtin[i]->name;
    for (size_t i = 0; policy_modifiers[i] && count + 1 < NAMES_MAX; i++)
        names[count++] = policy_modifiers[i]->name;
    names[count] = NULL;
}

static int load(struct policy_choice *choice, const char *path, const struct policy_place *place,
                struct error *err)
{
    const char *folder = place->folder;
    bool absolute = *path == '/' || !folder;
    char *whole = memory_format("%s%s%s", absolute ? "" : folder, absolute ? "" : "/", path);
    if (!strchr(whole, '/')) { /* else the system's folders would be searched */
        char *here = memory_format("./%s", whole);
        free(whole);
        whole = here;
    }
    int status = policy_load(&choice->loaded, whole, place->sha256, err);
    free(whole);
    return status;
}

static int find_base(struct policy_choice *choice, const char *written,
                     const struct policy_place *place, struct error *err)
{
    size_t file = policy_file_length(written);
    size_t length = file ? file : strcspn(written, ":");
    const char *colon = written[length] == ':' ? written + length : NULL;
    char *base = memory_copy_bytes(written, length);
    int status = file ? load(choice, base, place, err) : STATUS_OK;
    if (status) {
        free(base);
        return status;
    }
    const struct ballast_policy *policy =
        choice->loaded ? policy_loaded_policy(choice->loaded) : policy_find(base);
    const struct ballast_preset *preset =
        policy && colon ? policy_find_preset(policy, colon + 1) : NULL;
    if (!policy) {
        const char *names[NAMES_MAX];
        all_names(names, true);
        status = unknown(err, "policy", base, names);
    } else if (colon && !preset) {
        struct text list = {.limit = 512};
        for (size_t i = 0; i < policy->preset_count; i++)
            text_addf(&list, "%s%s:%s", i ? ", " : "", base, policy->presets[i].name);
        status = error_set(err, STATUS_BAD_INPUT, "%s has no preset \"%s\"%s%s", base, colon + 1,
                           list.size ? ": there is " : "", list.size ? list.data : "");
        text_clean_up(&list);
    } else {
        choice->policy = policy;
        choice->preset_count = preset ? policy->parameter_count : 0;
        policy_default_values(policy, preset, choice->values);
    }
    free(base);
    return status;
}

static int find_modifier(const struct policy_modifier **out_modifier, const char *name,
                         struct error *err)
{
    *out_modifier = modifier_find(name);
    if (*out_modifier)
        return STATUS_OK;
    const char *names[NAMES_MAX];
    all_names(names, false);
    return unknown(err, "modifier", name, names);
}

static int compose(struct policy_choice *choice, const struct policy_modifier *const *modifiers,
                   size_t count, struct error *err)
{
    size_t own = choice->policy->parameter_count;
    int status =
        policy_compose(&choice->composed, choice->name, choice->policy, modifiers, count, err);
    if (status)
        return status;
    choice->policy = policy_composed_whole(choice->composed);
    for (size_t i = own; i < choice->policy->parameter_count; i++)
        choice->values[i] = choice->policy->parameters[i].default_value;
    return STATUS_OK;
}

static int find_command(struct policy_choice *choice, const char *text,
                        const struct policy_place *place, struct error *err)
{
    int status = policy_command_new(&choice->command, text, place->sha256, err);
    if (status)
        return status;
    choice->policy = policy_command_policy(choice->command);
    policy_default_values(choice->policy, NULL, choice->values);
    return STATUS_OK;
}

/* Of a command they stand before it: what follows is all its own. */
static int find_modifiers_before(const char *command, const char *name,
                                 const struct policy_modifier *modifiers[MODIFIERS_MAX],
                                 size_t *count, struct error *err)
{
    int status = STATUS_OK;
    for (const char *at = name; at < command && !status;) {
        size_t length = strcspn(at, "+");
        char *word = memory_copy_bytes(at, length);
        if (*count == MODIFIERS_MAX)
            status =
                error_set(err, STATUS_BAD_INPUT, "policy \"%.100s\": too many modifiers", name);
        else
            status = find_modifier(&modifiers[(*count)++], word, err);
        free(word);
        at += length + 1;
    }
    return status;
}

int policy_choose(struct policy_choice *out_choice, const char *name, struct error *err)
{
    return policy_choose_from(out_choice, name, &(struct policy_place){0}, err);
}

int policy_choose_from(struct policy_choice *out_choice, const char *name,
                       const struct policy_place *place, struct error *err)
{
    *out_choice = (struct policy_choice){.name = memory_copy_text(name)};
    const struct policy_modifier *modifiers[MODIFIERS_MAX];
    size_t count = 0;
    int status = STATUS_OK;
    size_t file = policy_file_length(name);
    const char *command = policy_command_begin(name);
    if (command) {
        status = find_command(out_choice, command + strlen("exec:"), place, err);
        if (!status)
            status = find_modifiers_before(command, name, modifiers, &count, err);
    }
    for (const char *at = command ? NULL : name; at && !status; at = *at ? at + 1 : NULL) {
        const char *end = at == name ? at + file : at; /* a path may have any of these in it */
        end += strcspn(end, "+");
        char *word = memory_copy_bytes(at, (size_t)(end - at));
        bool first = at == name;
        if (first && !modifier_find(word))
            status = find_base(out_choice, word, place, err);
        else if (first)
            status = find_base(out_choice, usual_base, place, err);
        if (!status && (!first || modifier_find(word))) {
            if (count == MODIFIERS_MAX)
                status =
                    error_set(err, STATUS_BAD_INPUT, "policy \"%.100s\": too many modifiers", name);
            else
                status = find_modifier(&modifiers[count++], word, err);
        }
        free(word);
        at = end;
    }
    if (!status && count)
        status = compose(out_choice, modifiers, count, err);
    if (status)
        policy_choice_clean_up(out_choice);
    return status;
}

void policy_choice_clean_up(struct policy_choice *choice)
{
    policy_composed_destroy(choice->composed);
    policy_unload(choice->loaded);
    policy_command_destroy(choice->command);
    free(choice->name);
    *choice = (struct policy_choice){0};
}

int policy_choice_check_reads(const struct policy_choice *choice, struct error *err)
{
    for (size_t i = 0; i < choice->policy->read_count; i++) {
        const struct ballast_read *read = &choice->policy->reads[i];
        if (read->kind != BALLAST_READ_METRIC)
            continue;
        int64_t period_s =
            read->period_parameter ? choice->values[read->period_parameter - 1] : read->period_s;
        int64_t lookback_s = read->lookback_parameter ? choice->values[read->lookback_parameter - 1]
                                                      : read->lookback_s;
        if (period_s <= 0 || period_s % 60 != 0)
            return error_set(err, STATUS_BAD_INPUT,
                             "a metric period of %" PRId64 " s is not a multiple of 60", period_s);
        if (lookback_s / period_s > BALLAST_POINTS_MAX)
            return error_set(err, STATUS_BAD_INPUT,
                             "%" PRId64 " s at a period of %" PRId64
                             " s are more than the %d points CloudWatch returns",
                             lookback_s, period_s, BALLAST_POINTS_MAX);
    }
    return STATUS_OK;
}

const char *policy_choice_sha256(const struct policy_choice *choice)
{
    if (choice->loaded)
        return policy_loaded_sha256(choice->loaded);
    const char *of_files = choice->command ? policy_command_sha256(choice->command) : "";
    return *of_files ? of_files : NULL;
}

/* Not the command's text: nobody is to run it because a recording has it. */
static char *command_identity(const struct policy_choice *choice)
{
    char sha256[HASH_TEXT_SIZE];
    const char *command = policy_command_begin(choice->name);
    struct hash *hash = hash_new();
    hash_add_string(hash, policy_command_text(choice->command));
    hash_add_string(hash, policy_command_sha256(choice->command));
    hash_finish(hash, sha256);
    return memory_format("%.*sexec@%s", (int)(command - choice->name), choice->name, sha256);
}

char *policy_choice_identity(const struct policy_choice *choice)
{
    if (choice->command)
        return command_identity(choice);
    if (!choice->loaded)
        return memory_copy_text(choice->name);
    return memory_format("%s@%s%s", policy_loaded_policy(choice->loaded)->name,
                         policy_loaded_sha256(choice->loaded),
                         choice->name + policy_file_length(choice->name));
}
