#include "live/deployment.h"

#include "base/memory.h"
#include "live/form.h"
#include "live/pages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { USER_DATA_MAX = 65536 }; /* AWS takes 16 KiB before it is encoded */

/* ---- launches ---------------------------------------------------------------------------------
 */

void aws_launches_clean_up(struct aws_launches *launches)
{
    for (size_t i = 0; i < launches->count; i++)
        free(launches->list[i].user_data);
    free(launches->list);
    *launches = (struct aws_launches){0};
}

static enum aws_setting setting(const struct _xmlNode *node, const char *path)
{
    char text[8];
    if (!xml_text(node, path, text, sizeof text))
        return AWS_UNSAID;
    return strcmp(text, "true") == 0 ? AWS_ON : AWS_OFF;
}

static void read_user_data(const struct _xmlNode *node, const char *path, struct aws_launch *launch)
{
    char *text = memory_new(USER_DATA_MAX, 1);
    xml_text(node, path, text, USER_DATA_MAX);
    free(launch->user_data);
    launch->user_data = *text ? memory_copy_text(text) : NULL;
    free(text);
}

/* Where a template is named: EC2 and Auto Scaling differ in the first letter. */
static void read_template(const struct _xmlNode *node, bool of_group, struct aws_launch *launch)
{
    launch->template_is_id = xml_text(node, of_group ? "LaunchTemplateId" : "launchTemplateId",
                                      launch->template, sizeof launch->template);
    if (!launch->template_is_id)
        xml_text(node, of_group ? "LaunchTemplateName" : "launchTemplateName", launch->template,
                 sizeof launch->template);
    if (!xml_text(node, of_group ? "Version" : "version", launch->version, sizeof launch->version))
        snprintf(launch->version, sizeof launch->version, "$Default");
}

/* ---- the fleet --------------------------------------------------------------------------------
 */

struct fleet_reading {
    const char *fleet_id;
    struct aws_fleet_setup setup;
    size_t capacity;
    bool found;
};

static struct aws_launch *add_launch(struct fleet_reading *reading)
{
    struct aws_launches *launches = &reading->setup.launches;
    const struct aws_launch none = {0};
    ARRAY_PUSH(launches->list, launches->count, reading->capacity, none);
    return &launches->list[launches->count - 1];
}

static int read_fleet(const struct _xmlNode *root, void *context, struct error *err)
{
    struct fleet_reading *reading = context;
    for (const struct _xmlNode *at = xml_find(root, "spotFleetRequestConfigSet/item"); at;
         at = xml_next(at)) {
        char id[80];
        xml_text(at, "spotFleetRequestId", id, sizeof id);
        if (reading->found || strcmp(id, reading->fleet_id) != 0)
            continue;
        reading->found = true;
        struct aws_fleet_setup *setup = &reading->setup;
        const struct _xmlNode *config = xml_find(at, "spotFleetRequestConfig");
        if (!xml_micro(config, "targetCapacity", &setup->target_micro) ||
            !xml_text(at, "spotFleetRequestState", setup->state, sizeof setup->state))
            return error_set(err, STATUS_FAILURE, "the reply has a fleet without target or state");
        xml_time(config, "validUntil", &setup->valid_until_s);
        setup->ends_instances = setting(config, "terminateInstancesWithExpiration") == AWS_ON;
        for (const struct _xmlNode *of = xml_find(config, "launchSpecifications/item"); of;
             of = xml_next(of)) {
            struct aws_launch *launch = add_launch(reading);
            xml_text(of, "instanceType", launch->instance_type, sizeof launch->instance_type);
            read_user_data(of, "userData", launch);
            launch->monitoring = setting(of, "monitoring/enabled");
        }
        for (const struct _xmlNode *of = xml_find(config, "launchTemplateConfigs/item"); of;
             of = xml_next(of))
            read_template(xml_find(of, "launchTemplateSpecification"), false, add_launch(reading));
    }
    return STATUS_OK;
}

int aws_fleet_setup(struct client *client, const char *fleet_id, struct aws_fleet_setup *out_setup,
                    struct aws_error *out_error, struct error *err)
{
    struct fleet_reading reading = {.fleet_id = fleet_id, .setup = {.valid_until_s = INT64_MAX}};
    struct text body = {0};
    form_begin(&body, AWS_EC2, "DescribeSpotFleetRequests");
    form_add(&body, "SpotFleetRequestId.1", fleet_id);
    const struct paged_call call = {.service = AWS_EC2,
                                    .operation = "DescribeSpotFleetRequests",
                                    .body = &body,
                                    .read = read_fleet,
                                    .context = &reading};
    int status = call_pages(client, &call, out_error, err);
    text_clean_up(&body);
    if (!status && !reading.found) {
        snprintf(out_error->code, sizeof out_error->code, "NotFound");
        status = error_set(err, STATUS_FAILURE, "there is no Spot Fleet request %.80s in %s",
                           fleet_id, client->settings->region);
    }
    if (status)
        aws_launches_clean_up(&reading.setup.launches);
    *out_setup = reading.setup;
    return status;
}

/* ---- the group --------------------------------------------------------------------------------
 */

struct group_reading {
    const char *name;
    struct aws_group_setup *setup;
    bool found;
};

/* A type that is not there yet. */
static void add_type(struct aws_group_setup *setup, const struct _xmlNode *node)
{
    char type[64];
    if (!xml_text(node, "InstanceType", type, sizeof type))
        return;
    for (size_t i = 0; i < setup->type_count; i++) {
        if (strcmp(setup->types[i], type) == 0)
            return;
    }
    if (setup->type_count < AWS_TYPES_MAX)
        memcpy(setup->types[setup->type_count++], type, sizeof type);
}

static void read_group_lists(const struct _xmlNode *at, struct aws_group_setup *setup)
{
    for (const struct _xmlNode *zone = xml_find(at, "AvailabilityZones/member");
         zone && setup->zone_count < AWS_ZONES_MAX; zone = xml_next(zone))
        setup->zone_count += xml_text(zone, "", setup->zones[setup->zone_count], 64);
    for (const struct _xmlNode *process = xml_find(at, "SuspendedProcesses/member");
         process && setup->suspended_count < AWS_PROCESSES_MAX; process = xml_next(process))
        setup->suspended_count +=
            xml_text(process, "ProcessName", setup->suspended[setup->suspended_count], 40);
    for (const struct _xmlNode *instance = xml_find(at, "Instances/member"); instance;
         instance = xml_next(instance))
        add_type(setup, instance);
    const struct _xmlNode *mixed = xml_find(at, "MixedInstancesPolicy/LaunchTemplate");
    for (const struct _xmlNode *over = xml_find(mixed, "Overrides/member"); over;
         over = xml_next(over))
        add_type(setup, over);
    const struct _xmlNode *template = xml_find(at, "LaunchTemplate");
    read_template(template ? template : xml_find(mixed, "LaunchTemplateSpecification"), true,
                  &setup->launch);
    xml_text(at, "LaunchConfigurationName", setup->configuration, sizeof setup->configuration);
}

static int read_group(const struct _xmlNode *result, void *context, struct error *err)
{
    struct group_reading *reading = context;
    struct aws_group_setup *setup = reading->setup;
    for (const struct _xmlNode *at = xml_find(result, "AutoScalingGroups/member"); at;
         at = xml_next(at)) {
        char name[256];
        xml_text(at, "AutoScalingGroupName", name, sizeof name);
        if (reading->found || strcmp(name, reading->name) != 0)
            continue;
        reading->found = true;
        if (!xml_int64(at, "MinSize", &setup->min_size) ||
            !xml_int64(at, "MaxSize", &setup->max_size) ||
            !xml_int64(at, "DefaultCooldown", &setup->default_cooldown_s))
            return error_set(err, STATUS_FAILURE,
                             "the reply has a group without MinSize, MaxSize or DefaultCooldown");
        read_group_lists(at, setup);
    }
    return STATUS_OK;
}

int aws_group_setup(struct client *client, const char *name, struct aws_group_setup *out_setup,
                    bool *out_found, struct aws_error *out_error, struct error *err)
{
    struct group_reading reading = {.name = name, .setup = out_setup};
    struct text body = {0};
    *out_setup = (struct aws_group_setup){0};
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

/* ---- templates and configurations -------------------------------------------------------------
 */

struct launch_reading {
    struct aws_launch *launch;
    bool found;
};

static int read_template_version(const struct _xmlNode *root, void *context, struct error *err)
{
    (void)err;
    struct launch_reading *reading = context;
    const struct _xmlNode *data =
        xml_find(root, "launchTemplateVersionSet/item/launchTemplateData");
    if (!data || reading->found)
        return STATUS_OK;
    reading->found = true;
    xml_text(data, "instanceType", reading->launch->instance_type,
             sizeof reading->launch->instance_type);
    read_user_data(data, "userData", reading->launch);
    reading->launch->monitoring = setting(data, "monitoring/enabled");
    return STATUS_OK;
}

static int read_configuration(const struct _xmlNode *result, void *context, struct error *err)
{
    (void)err;
    struct launch_reading *reading = context;
    const struct _xmlNode *at = xml_find(result, "LaunchConfigurations/member");
    if (!at || reading->found)
        return STATUS_OK;
    reading->found = true;
    xml_text(at, "InstanceType", reading->launch->instance_type,
             sizeof reading->launch->instance_type);
    read_user_data(at, "UserData", reading->launch);
    reading->launch->monitoring = setting(at, "InstanceMonitoring/Enabled");
    return STATUS_OK;
}

static int read_launch(struct client *client, const struct paged_call *call, const char *name,
                       struct aws_error *out_error, struct error *err)
{
    const struct launch_reading *reading = call->context;
    int status = call_pages(client, call, out_error, err);
    if (status || reading->found)
        return status;
    snprintf(out_error->code, sizeof out_error->code, "NotFound");
    return error_set(err, STATUS_FAILURE, "%s: there is no \"%.200s\"", call->operation, name);
}

int aws_describe_launch_template(struct client *client, struct aws_launch *launch,
                                 struct aws_error *out_error, struct error *err)
{
    struct launch_reading reading = {.launch = launch};
    struct text body = {0};
    form_begin(&body, AWS_EC2, "DescribeLaunchTemplateVersions");
    form_add(&body, launch->template_is_id ? "LaunchTemplateId" : "LaunchTemplateName",
             launch->template);
    form_add(&body, "LaunchTemplateVersion.1", launch->version);
    const struct paged_call call = {.service = AWS_EC2,
                                    .operation = "DescribeLaunchTemplateVersions",
                                    .body = &body,
                                    .read = read_template_version,
                                    .context = &reading};
    int status = read_launch(client, &call, launch->template, out_error, err);
    text_clean_up(&body);
    return status;
}

int aws_describe_launch_configuration(struct client *client, const char *name,
                                      struct aws_launch *out_launch, struct aws_error *out_error,
                                      struct error *err)
{
    struct launch_reading reading = {.launch = out_launch};
    struct text body = {0};
    *out_launch = (struct aws_launch){0};
    form_begin(&body, AWS_AUTO_SCALING, "DescribeLaunchConfigurations");
    form_add(&body, "LaunchConfigurationNames.member.1", name);
    const struct paged_call call = {.service = AWS_AUTO_SCALING,
                                    .operation = "DescribeLaunchConfigurations",
                                    .body = &body,
                                    .read = read_configuration,
                                    .context = &reading};
    int status = read_launch(client, &call, name, out_error, err);
    text_clean_up(&body);
    return status;
}

/* ---- the clock --------------------------------------------------------------------------------
 */

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
