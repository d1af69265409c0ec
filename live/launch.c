#include "live/launch.h"

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

enum aws_setting launch_setting(const struct _xmlNode *node, const char *path)
{
    char text[8];
    if (!xml_text(node, path, text, sizeof text))
        return AWS_UNSAID;
    return strcmp(text, "true") == 0 ? AWS_ON : AWS_OFF;
}

void launch_user_data(const struct _xmlNode *node, const char *path, struct aws_launch *launch)
{
    char *text = memory_new(USER_DATA_MAX, 1);
    xml_text(node, path, text, USER_DATA_MAX);
    free(launch->user_data);
    launch->user_data = *text ? memory_copy_text(text) : NULL;
    free(text);
}

void launch_template_named(const struct _xmlNode *node, bool of_group, struct aws_launch *launch)
{
    launch->template_is_id = xml_text(node, of_group ? "LaunchTemplateId" : "launchTemplateId",
                                      launch->template, sizeof launch->template);
    if (!launch->template_is_id)
        xml_text(node, of_group ? "LaunchTemplateName" : "launchTemplateName", launch->template,
                 sizeof launch->template);
    if (!xml_text(node, of_group ? "Version" : "version", launch->version, sizeof launch->version))
        snprintf(launch->version, sizeof launch->version, "$Default");
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
    launch_user_data(data, "userData", reading->launch);
    reading->launch->monitoring = launch_setting(data, "monitoring/enabled");
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
    launch_user_data(at, "UserData", reading->launch);
    reading->launch->monitoring = launch_setting(at, "InstanceMonitoring/Enabled");
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
