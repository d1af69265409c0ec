#include "scenario/overrides.h"

#include "base/memory.h"
#include "scenario/parts.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_MAX = 120, ITEMS_MAX = 100000 };

/* ---- files, and the wrappers of AWS's calls ----------------------------------------------------
 */

/* AWS puts a document into an envelope: `key` holds it, or a list of exactly one. */
struct wrapper {
    const char *key;
    bool list;
    const char *const *beside; /* what else may be in the envelope */
};

struct mount {
    const char *path;
    const char *what;
    struct wrapper wrappers[3];
};

static const char *const page_keys[] = {"SpotFleetRequestConfigs",
                                        "AutoScalingGroups",
                                        "LaunchConfigurations",
                                        "LaunchTemplateVersions",
                                        "NextToken",
                                        "ResponseMetadata",
                                        NULL};
static const char *const fleet_keys[] = {"DryRun",
                                         "SpotFleetRequestConfig",
                                         "ActivityStatus",
                                         "CreateTime",
                                         "SpotFleetRequestId",
                                         "SpotFleetRequestState",
                                         "Tags",
                                         NULL};
static const char *const template_keys[] = {"DryRun",
                                            "ClientToken",
                                            "LaunchTemplateId",
                                            "LaunchTemplateName",
                                            "SourceVersion",
                                            "VersionNumber",
                                            "VersionDescription",
                                            "CreateTime",
                                            "CreatedBy",
                                            "DefaultVersion",
                                            "ResolveAlias",
                                            "LaunchTemplateData",
                                            "Operator",
                                            "TagSpecifications",
                                            NULL};

static const struct mount mounts[] = {
    {"spot_fleet",
     "Spot Fleet request",
     {{"SpotFleetRequestConfigs", true, page_keys}, {"SpotFleetRequestConfig", false, fleet_keys}}},
    {"backup_group.group", "Auto Scaling group", {{"AutoScalingGroups", true, page_keys}}},
    {"mixed_group", "Auto Scaling group", {{"AutoScalingGroups", true, page_keys}}},
    {"backup_group.launch",
     "launch configuration or template",
     {{"LaunchConfigurations", true, page_keys},
      {"LaunchTemplateVersions", true, page_keys},
      {"LaunchTemplateData", false, template_keys}}},
};

static const char *const service_keys[] = {"services",  "service",          "failures",
                                           "nextToken", "ResponseMetadata", NULL};
static const char *const task_keys[] = {"taskDefinition", "tags", "ResponseMetadata", NULL};

/* Of each of demand.services; paths within it. */
static const struct mount service_mounts[] = {
    {"service", "service", {{"services", true, service_keys}, {"service", false, service_keys}}},
    {"task", "task definition", {{"taskDefinition", false, task_keys}}},
};

/* *node may be replaced by what is within it. */
static int unwrap(struct reader *reader, const struct mount *mount, const struct wrapper *wrapper,
                  cJSON **node)
{
    cJSON *outer = *node;
    cJSON *parent = cJSON_IsObject(outer) ? (cJSON *)member(outer, wrapper->key) : NULL;
    if (!parent)
        return STATUS_OK;
    int status = reader_keys(reader, outer, wrapper->beside);
    if (status)
        return status;
    cJSON *inner = parent;
    parent = outer;
    if (wrapper->list) {
        status = reader_list(reader, inner, ITEMS_MAX);
        if (status)
            return status;
        int count = cJSON_GetArraySize(inner);
        if (count != 1)
            return reader_fail(reader, inner, "holds %d items: keep the one %s to simulate", count,
                               mount->what);
        parent = inner;
        inner = inner->child;
    }
    status = reader_object(reader, inner);
    if (status)
        return status;
    cJSON_DetachItemViaPointer(parent, inner);
    reader_replace(reader, outer, inner);
    *node = inner;
    return STATUS_OK;
}

/* Load the file if `node` names one, and open its envelope. Doing it again does nothing. */
static int prepare_mount(struct reader *reader, const struct mount *mount, cJSON *node)
{
    if (!node)
        return STATUS_OK;
    if (cJSON_IsString(node)) {
        const char *path = NULL;
        cJSON *fresh = NULL;
        int status = reader_string(reader, node, &path);
        if (!status)
            status = reader_read_file(reader, node, path, &fresh);
        if (status)
            return status;
        reader_replace(reader, node, fresh);
        node = fresh;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(mount->wrappers) && mount->wrappers[i].key; i++) {
        int status = unwrap(reader, mount, &mount->wrappers[i], &node);
        if (status)
            return status;
    }
    return STATUS_OK;
}

/* The mounts of one of demand.services. */
static int prepare_service(struct reader *reader, const cJSON *service)
{
    int status = STATUS_OK;
    for (size_t i = 0; i < ARRAY_LENGTH(service_mounts) && !status; i++)
        status = prepare_mount(reader, &service_mounts[i],
                               (cJSON *)member(service, service_mounts[i].path));
    return status;
}

static int prepare_services(struct reader *reader)
{
    const cJSON *list = reader_at(reader, "demand.services");
    int status = STATUS_OK;
    for (const cJSON *service = cJSON_IsArray(list) ? list->child : NULL; service && !status;
         service = service->next)
        status = cJSON_IsObject(service) ? prepare_service(reader, service) : STATUS_OK;
    return status;
}

/* The same for the mount at `path`, if there is one; *node is what stands there then. `parent`
 * holds it. */
static int prepare_at(struct reader *reader, const char *path, const cJSON *parent, cJSON **node)
{
    for (size_t i = 0; i < ARRAY_LENGTH(mounts); i++) {
        if (strcmp(mounts[i].path, path) == 0) {
            int status = prepare_mount(reader, &mounts[i], *node);
            *node = (cJSON *)reader_at(reader, path);
            return status;
        }
    }
    const char *last = strrchr(path, '.');
    if (strncmp(path, "demand.services[", strlen("demand.services[")) != 0 || !last ||
        last[-1] != ']')
        return STATUS_OK;
    int status = prepare_service(reader, parent);
    *node = (cJSON *)member(parent, last + 1);
    return status;
}

/* ---- --set -------------------------------------------------------------------------------------
 */

/* The value as JSON, else as a bare string. */
static int parse_value(struct reader *reader, const char *name, const char *value, cJSON **out_node)
{
    struct json_document document;
    int status = json_parse(&document, name, value, strlen(value), reader->err);
    if (status && strchr("{[\"", value[0]) && value[0])
        return status;
    if (status) {
        struct text quoted = {.limit = JSON_FILE_LIMIT};
        text_add_json_string(&quoted, value);
        status = text_status(&quoted, reader->err);
        if (!status)
            status = json_parse(&document, name, quoted.data, quoted.size, reader->err);
        text_clean_up(&quoted);
        if (status)
            return status;
    }
    *out_node = reader_adopt(reader, DOCUMENT_SET, &document);
    return STATUS_OK;
}

/* A walk along a path. */
struct walk {
    struct reader *reader;
    const cJSON *value; /* what is to be put: complaints are made there */
    cJSON *node;        /* reached so far */
    const char *rest;
    struct text walked; /* "backup_group.group" */
};

/* Maps whose keys may hold dots: instance types, markets. */
static bool keys_hold_dots(const char *walked)
{
    static const char *const ends[] = {"on_demand_usd_per_hour", "].prices", "].synth.markets",
                                       "cluster.instance_types", NULL};
    size_t length = strlen(walked);
    for (const char *const *end = ends; *end; end++) {
        size_t end_length = strlen(*end);
        if (length >= end_length && strcmp(walked + length - end_length, *end) == 0)
            return true;
    }
    return false;
}

/* Length of the next key: the longest member that is there, else up to the next dot or bracket. */
static size_t key_length(const struct walk *walk)
{
    size_t longest = 0;
    for (const cJSON *child = walk->node->child; child; child = child->next) {
        size_t length = strlen(child->string);
        if (length > longest && strncmp(walk->rest, child->string, length) == 0 &&
            (walk->rest[length] == '\0' || strchr(".[", walk->rest[length])))
            longest = length;
    }
    if (longest)
        return longest;
    bool dots = walk->walked.data && keys_hold_dots(walk->walked.data);
    return strcspn(walk->rest, dots ? "[" : ".[");
}

/* Read "[3]" or "3" at the walk's rest. */
static int take_index(struct walk *walk, int *out_index)
{
    const char *at = walk->rest;
    bool bracket = *at == '[';
    at += bracket;
    int index = 0;
    const char *digits = at;
    while (isdigit((unsigned char)*at) && at - digits < 6)
        index = index * 10 + (*at++ - '0');
    bool good = at != digits && (!bracket || *at == ']') && (bracket || !*at || strchr(".[", *at));
    if (!good)
        return reader_fail(walk->reader, walk->value,
                           "%s is a list: name its item as [0], [1], ...", walk->walked.data);
    walk->rest = at + bracket;
    *out_index = index;
    return STATUS_OK;
}

static bool next_is_index(const char *rest)
{
    return *rest == '[';
}

/* Step into or put at (if the path ends here) item or member `existing` of walk->node. */
static int arrive(struct walk *walk, cJSON *existing, const char *key, cJSON *value)
{
    struct reader *reader = walk->reader;
    if (*walk->rest == '.' && walk->rest[1])
        walk->rest++;
    bool last = *walk->rest == '\0';
    cJSON *fresh = last ? value : NULL;
    if (!last && !existing) {
        fresh = next_is_index(walk->rest) ? cJSON_CreateArray() : cJSON_CreateObject();
        reader_same_origin(reader, fresh, value);
    }
    if (fresh && existing)
        reader_replace(reader, existing, fresh);
    else if (fresh && key)
        cJSON_AddItemToObject(walk->node, key, fresh);
    else if (fresh)
        cJSON_AddItemToArray(walk->node, fresh);
    walk->node = last ? NULL : existing ? existing : fresh;
    return STATUS_OK;
}

static int step(struct walk *walk, cJSON *value)
{
    struct reader *reader = walk->reader;
    if (cJSON_IsArray(walk->node)) {
        int index = 0;
        int status = take_index(walk, &index);
        if (status)
            return status;
        int size = cJSON_GetArraySize(walk->node);
        if (index > size)
            return reader_fail(reader, value, "%s has %d items: [%d] is beyond its end",
                               walk->walked.data ? walk->walked.data : "the scenario", size, index);
        text_addf(&walk->walked, "[%d]", index);
        return arrive(walk, cJSON_GetArrayItem(walk->node, index), NULL, value);
    }
    if (!cJSON_IsObject(walk->node))
        return reader_fail(reader, value, "%s is a single value: nothing can be set within it",
                           walk->walked.data ? walk->walked.data : "the scenario");
    size_t length = key_length(walk);
    if (length == 0)
        return reader_fail(reader, value, "not a path: write it as account.join_delay_s");
    char *key = memory_copy_bytes(walk->rest, length);
    walk->rest += length;
    text_addf(&walk->walked, "%s%s", walk->walked.size ? "." : "", key);
    int status = arrive(walk, (cJSON *)member(walk->node, key), key, value);
    free(key);
    return status;
}

static int set(struct reader *reader, const struct scenario_override *override)
{
    char *name =
        memory_format("--set %.*s=%.*s", SHOWN_MAX, override->path, SHOWN_MAX, override->value);
    cJSON *value = NULL;
    int status = parse_value(reader, name, override->value, &value);
    free(name);
    if (status)
        return status;
    struct walk walk = {.reader = reader,
                        .value = value,
                        .node = reader->root,
                        .rest = override->path,
                        .walked = {.limit = 65536}};
    if (!*walk.rest)
        status = reader_fail(reader, value, "not a path: write it as account.join_delay_s");
    while (!status && walk.node) {
        const cJSON *parent = walk.node;
        status = step(&walk, value);
        if (!status && walk.node && walk.walked.data)
            status = prepare_at(reader, walk.walked.data, parent, &walk.node);
    }
    if (!value->prev) /* the walk failed before it could be put */
        reader_keep(reader, value);
    text_clean_up(&walk.walked);
    return status;
}

static int replace_policy(struct reader *reader, const char *policy)
{
    char *name = memory_format("--policy %.*s", SHOWN_MAX, policy);
    struct text text = {.limit = 65536};
    text_add(&text, "{\"name\":");
    char *seen = policy_from_here(policy, reader->folder);
    text_add_json_string(&text, seen);
    text_add(&text, "}");
    free(seen);
    struct json_document document;
    int status = text_status(&text, reader->err);
    if (!status)
        status = json_parse(&document, name, text.data, text.size, reader->err);
    text_clean_up(&text);
    free(name);
    if (status)
        return status;
    cJSON *fresh = reader_adopt(reader, DOCUMENT_SET, &document);
    cJSON *old = (cJSON *)reader_at(reader, "policy");
    if (old)
        reader_replace(reader, old, fresh);
    else
        cJSON_AddItemToObject(reader->root, "policy", fresh);
    return STATUS_OK;
}

int overrides_apply(struct reader *reader, const struct scenario_options *options)
{
    int status = reader_object(reader, reader->root);
    if (!status && options && options->policy)
        status = replace_policy(reader, options->policy);
    for (size_t i = 0; !status && options && i < options->override_count; i++)
        status = set(reader, &options->overrides[i]);
    for (size_t i = 0; !status && i < ARRAY_LENGTH(mounts); i++)
        status = prepare_mount(reader, &mounts[i], (cJSON *)reader_at(reader, mounts[i].path));
    if (!status)
        status = prepare_services(reader);
    return status ? status : reader_check_text(reader);
}
