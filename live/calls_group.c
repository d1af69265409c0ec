#include "live/calls.h"
#include "live/form.h"
#include "live/pages.h"

#include <cjson/cJSON.h>
#include <string.h>

/* ---- Auto Scaling -----------------------------------------------------------------------------
 */

struct group_reading {
    const char *name;
    struct aws_group *group;
    bool found;
};

/* A type that is not there yet. */
static void add_type(struct aws_group *group, const struct _xmlNode *node)
{
    char type[64];
    if (!xml_text(node, "InstanceType", type, sizeof type))
        return;
    for (size_t i = 0; i < group->type_count; i++) {
        if (strcmp(group->types[i], type) == 0)
            return;
    }
    if (group->type_count < AWS_TYPES_MAX)
        memcpy(group->types[group->type_count++], type, sizeof type);
}

static void read_instances(struct aws_group *group, const struct _xmlNode *node)
{
    for (const struct _xmlNode *at = xml_find(node, "Instances/member"); at; at = xml_next(at)) {
        char state[40];
        xml_text(at, "LifecycleState", state, sizeof state);
        group->in_service += strcmp(state, "InService") == 0;
        group->pending += strncmp(state, "Pending", 7) == 0;
        add_type(group, at);
    }
}

static void read_setup(struct aws_group *group, const struct _xmlNode *node)
{
    for (const struct _xmlNode *zone = xml_find(node, "AvailabilityZones/member");
         zone && group->zone_count < AWS_ZONES_MAX; zone = xml_next(zone))
        group->zone_count += xml_text(zone, "", group->zones[group->zone_count], 64);
    for (const struct _xmlNode *process = xml_find(node, "SuspendedProcesses/member");
         process && group->suspended_count < AWS_PROCESSES_MAX; process = xml_next(process))
        group->suspended_count +=
            xml_text(process, "ProcessName", group->suspended[group->suspended_count], 40);
    const struct _xmlNode *mixed = xml_find(node, "MixedInstancesPolicy/LaunchTemplate");
    for (const struct _xmlNode *over = xml_find(mixed, "Overrides/member"); over;
         over = xml_next(over))
        add_type(group, over);
    const struct _xmlNode *template = xml_find(node, "LaunchTemplate");
    launch_template_named(template ? template : xml_find(mixed, "LaunchTemplateSpecification"),
                          true, &group->launch);
    xml_text(node, "LaunchConfigurationName", group->configuration, sizeof group->configuration);
}

static int read_group(const struct _xmlNode *result, void *context, struct error *err)
{
    struct group_reading *reading = context;
    if (!xml_find(result, "AutoScalingGroups"))
        return error_set(err, STATUS_FAILURE, "the reply has no AutoScalingGroups");
    for (const struct _xmlNode *at = xml_find(result, "AutoScalingGroups/member"); at;
         at = xml_next(at)) {
        char name[256];
        xml_text(at, "AutoScalingGroupName", name, sizeof name);
        if (reading->found || strcmp(name, reading->name) != 0)
            continue;
        reading->found = true;
        struct aws_group *group = reading->group;
        if (!xml_int64(at, "MinSize", &group->min_size) ||
            !xml_int64(at, "MaxSize", &group->max_size) ||
            !xml_int64(at, "DesiredCapacity", &group->desired_capacity))
            return error_set(err, STATUS_FAILURE,
                             "the reply has a group without MinSize, MaxSize or DesiredCapacity");
        xml_int64(at, "DefaultCooldown", &group->default_cooldown_s);
        read_instances(group, at);
        read_setup(group, at);
    }
    return STATUS_OK;
}

int aws_describe_auto_scaling_group(struct client *client, const char *name,
                                    struct aws_group *out_group, bool *out_found,
                                    struct aws_error *out_error, struct error *err)
{
    struct group_reading reading = {.name = name, .group = out_group};
    struct text body = {0};
    *out_group = (struct aws_group){.default_cooldown_s = BALLAST_UNKNOWN};
    form_begin(&body, AWS_AUTO_SCALING, "DescribeAutoScalingGroups");
    form_add(&body, "AutoScalingGroupNames.member.1", name);
    const struct paged_call call = {.service = AWS_AUTO_SCALING,
                                    .operation = "DescribeAutoScalingGroups",
                                    .body = &body,
                                    .read = read_group,
                                    .context = &reading};
    int status = call_pages(client, &call, out_error, err);
    *out_found = !status && reading.found;
    text_clean_up(&body);
    return status;
}

int aws_set_desired_capacity(struct client *client, const char *name, int64_t desired_capacity,
                             bool honor_cooldown, struct aws_error *out_error, struct error *err)
{
    struct text body = {0};
    form_begin(&body, AWS_AUTO_SCALING, "SetDesiredCapacity");
    form_add(&body, "AutoScalingGroupName", name);
    form_add_int64(&body, "DesiredCapacity", desired_capacity);
    form_add(&body, "HonorCooldown", honor_cooldown ? "true" : "false");
    const struct paged_call call = {
        .service = AWS_AUTO_SCALING, .operation = "SetDesiredCapacity", .body = &body};
    int status = call_pages(client, &call, out_error, err);
    text_clean_up(&body);
    return status;
}

/* ---- STS --------------------------------------------------------------------------------------
 */

static int read_identity(const struct _xmlNode *result, void *context, struct error *err)
{
    struct aws_identity *identity = context;
    if (!xml_text(result, "Account", identity->account, sizeof identity->account) ||
        !xml_text(result, "Arn", identity->arn, sizeof identity->arn))
        return error_set(err, STATUS_FAILURE, "the reply has no Account or no Arn");
    return STATUS_OK;
}

int aws_get_caller_identity(struct client *client, struct aws_identity *out_identity,
                            struct aws_error *out_error, struct error *err)
{
    struct text body = {0};
    *out_identity = (struct aws_identity){0};
    form_begin(&body, AWS_STS, "GetCallerIdentity");
    const struct paged_call call = {.service = AWS_STS,
                                    .operation = "GetCallerIdentity",
                                    .body = &body,
                                    .read = read_identity,
                                    .context = out_identity};
    int status = call_pages(client, &call, out_error, err);
    text_clean_up(&body);
    return status;
}

int aws_clock_difference(struct client *client, int64_t *out_difference_s,
                         struct aws_error *out_error, struct error *err)
{
    static const char OPERATION[] = "GetCallerIdentity";
    struct text body = {0};
    struct http_response response;
    form_begin(&body, AWS_STS, OPERATION);
    const struct call call = {.service = AWS_STS, .operation = OPERATION, .body = body.data};
    int status = client_call(client, &call, &response, out_error, err);
    text_clean_up(&body);
    if (status)
        return status;
    int64_t now_s = client->clock.now_s(client->clock.context);
    if (response.date_s < 0)
        status = bad_reply(OPERATION, "has no Date", out_error, err);
    else
        *out_difference_s = response.date_s - now_s;
    http_response_clean_up(&response);
    return status;
}

/* ---- ECS --------------------------------------------------------------------------------------
 */

static bool count_of(const cJSON *cluster, const char *name, int64_t *out_count)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(cluster, name);
    if (!cJSON_IsNumber(member) || !(member->valuedouble >= 0 && member->valuedouble < 1e12))
        return false;
    *out_count = (int64_t)member->valuedouble;
    return true;
}

int aws_describe_cluster(struct client *client, const char *name,
                         struct ballast_cluster *out_cluster, bool *out_found,
                         struct aws_error *out_error, struct error *err)
{
    static const char OPERATION[] = "DescribeClusters";
    struct text body = {0};
    text_add(&body, "{\"clusters\":[");
    text_add_json_string(&body, name);
    text_add(&body, "]}");
    *out_cluster = (struct ballast_cluster){0};
    *out_found = false;
    const struct call call = {.service = AWS_ECS, .operation = OPERATION, .body = body.data};
    struct http_response response;
    int status = client_call(client, &call, &response, out_error, err);
    text_clean_up(&body);
    if (status)
        return status;
    cJSON *root = cJSON_ParseWithLength(response.body, response.body_size);
    const cJSON *clusters = cJSON_GetObjectItemCaseSensitive(root, "clusters");
    const cJSON *failures = cJSON_GetObjectItemCaseSensitive(root, "failures");
    const cJSON *cluster = cJSON_GetArrayItem(clusters, 0);
    if (!cJSON_IsArray(clusters) && !cJSON_IsArray(failures))
        status = bad_reply(OPERATION, "is not JSON with clusters", out_error, err);
    else if (cluster && (!count_of(cluster, "registeredContainerInstancesCount",
                                   &out_cluster->registered_instances) ||
                         !count_of(cluster, "runningTasksCount", &out_cluster->running_tasks) ||
                         !count_of(cluster, "pendingTasksCount", &out_cluster->pending_tasks)))
        status = bad_reply(OPERATION, "has a cluster without its counts", out_error, err);
    else
        *out_found = cluster != NULL;
    cJSON_Delete(root);
    http_response_clean_up(&response);
    return status;
}
