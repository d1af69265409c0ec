/* `policy`: which one, and its parameters, checked against the policy's own table. */
#include "base/decimal.h"
#include "base/memory.h"
#include "base/text.h"
#include "scenario/parts.h"

#include <stdlib.h>
#include <string.h>

static int read_value(struct reader *reader, const struct ballast_parameter *parameter,
                      const cJSON *node, int64_t *out_value)
{
    if (cJSON_IsNull(node) && parameter->default_value == BALLAST_UNKNOWN) {
        *out_value = BALLAST_UNKNOWN;
        return STATUS_OK;
    }
    bool on = false;
    int index = 0;
    int status = STATUS_OK;
    switch (parameter->type) {
    case BALLAST_INTEGER:
    case BALLAST_DURATION:
        return reader_int64(reader, node, parameter->min, parameter->max, out_value);
    case BALLAST_CAPACITY:
        return reader_decimal(reader, node, parameter->min, parameter->max, out_value);
    case BALLAST_BOOLEAN:
        status = reader_bool(reader, node, &on);
        *out_value = on;
        return status;
    case BALLAST_CHOICE:
        status = reader_word(reader, node, parameter->choices, &index);
        *out_value = index;
        return status;
    }
    return status;
}

static int read_parameters(struct reader *reader, const cJSON *object)
{
    struct policy_choice *choice = &reader->scenario->policy;
    const struct ballast_policy *policy = choice->policy;
    const char *keys[BALLAST_PARAMETERS_MAX + 1] = {0};
    for (size_t i = 0; i < policy->parameter_count; i++)
        keys[i] = policy->parameters[i].name;
    int status = reader_keys(reader, object, keys);
    for (size_t i = 0; i < policy->parameter_count && !status; i++) {
        const cJSON *node = member(object, keys[i]);
        if (node)
            status = read_value(reader, &policy->parameters[i], node, &choice->values[i]);
    }
    return status;
}

/* CloudWatch's own limits on the queries the parameters make. */
static int check_reads(struct reader *reader, const cJSON *node)
{
    struct error err = {0};
    if (policy_choice_check_reads(&reader->scenario->policy, &err))
        return reader_fail(reader, node, "%s", err.text);
    return STATUS_OK;
}

/* The path of `file` from the absolute path `folder`; both are in their simplest form. */
static char *path_from(const char *folder, const char *file)
{
    size_t common = 0; /* bytes of folders that both have, up to their last '/' */
    size_t i = 0;
    while (file[i] && file[i] == folder[i]) {
        if (file[i] == '/')
            common = i;
        i++;
    }
    if (!folder[i] && file[i] == '/')
        common = i;
    struct text path = {0};
    for (const char *rest = folder + common; *rest; rest++) {
        if (*rest == '/' && rest[1])
            text_add(&path, "../");
    }
    if (!path.size)
        text_add(&path, "./");
    text_add(&path, file + common + 1);
    return path.data;
}

char *policy_from_here(const char *written, const char *folder)
{
    size_t length = policy_file_length(written);
    if (length == 0 || *written == '/')
        return memory_copy_text(written);
    char *file = memory_copy_bytes(written, length);
    const char *slash = strrchr(file, '/');
    char *inner = slash ? memory_copy_bytes(file, (size_t)(slash - file)) : memory_copy_text(".");
    char *its_folder = realpath(inner, NULL);
    char *its_start = realpath(*folder ? folder : ".", NULL);
    char *path = NULL;
    if (its_folder && its_start) {
        const char *root = strcmp(its_folder, "/") == 0 ? "" : its_folder;
        char *whole = memory_format("%s/%s", root, slash ? slash + 1 : file);
        char *from = path_from(its_start, whole);
        path = memory_format("%s%s", from, written + length);
        free(from);
        free(whole);
    }
    free(its_start);
    free(its_folder);
    free(inner);
    free(file);
    return path ? path : memory_copy_text(written);
}

int read_policy(struct reader *reader)
{
    static const char *const keys[] = {"name", "sha256", "parameters", NULL};
    const cJSON *node = member(reader->root, "policy");
    const char *name = reader->scenario->distribution.given ? "none" : "pending-capacity";
    int status = node ? reader_keys(reader, node, keys) : STATUS_OK;
    const cJSON *name_node = node ? member(node, "name") : NULL;
    if (!status && name_node)
        status = reader_string(reader, name_node, &name);
    struct error err = {0};
    struct policy_place place = {.folder = reader->folder};
    const cJSON *hash = node ? member(node, "sha256") : NULL;
    if (!status && hash)
        status = reader_string(reader, hash, &place.sha256);
    if (!status && hash && !policy_file_length(name) && !policy_command_begin(name))
        status =
            reader_fail(reader, hash, "goes with a policy out of a file, and \"%s\" is none", name);
    if (!status && policy_choose_from(&reader->scenario->policy, name, &place, &err))
        status = reader_fail(reader, name_node ? name_node : node, "%s", err.text);
    const cJSON *parameters = node ? member(node, "parameters") : NULL;
    if (!status && parameters)
        status = read_parameters(reader, parameters);
    return status ? status : check_reads(reader, parameters ? parameters : node);
}
