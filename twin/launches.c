/* What instances are launched with: Auto Scaling's DescribeLaunchConfigurations and EC2's
 * DescribeLaunchTemplateVersions, of the one of each that there is. */
#include "twin/twin_parts.h"

#include "base/text.h"
#include "scenario/user_data.h"

#include <string.h>

#define TEMPLATE_NAME "twin"

void put_user_data(struct call *call, struct put to, const char *name, const char *cluster)
{
    struct text encoded = {0};
    if (!cluster)
        return;
    user_data_encode(&encoded, arena_format(&call->arena,
                                            "#!/bin/sh\necho ECS_CLUSTER=%s >>"
                                            "/etc/ecs/ecs.config\n",
                                            cluster));
    put_text(to, name, arena_text(&call->arena, encoded.data, encoded.size));
    text_clean_up(&encoded);
}

bool launch_configurations(struct call *call)
{
    const struct tree *names = NULL;
    struct page page;
    const struct backup_group *group = &call->twin->options.scenario->group;
    if (!call_list(call, call->input, "LaunchConfigurationNames", &names) ||
        !call_page(call, "MaxRecords", 50, 1, 100, "NextToken", &page))
        return false;
    struct put list = put_list(call->output, "LaunchConfigurations");
    if (page.from || call->twin->group_deleted || !call_among(names, call->twin->names.group))
        return true;
    struct put item = put_object(list, NULL);
    put_text(item, "LaunchConfigurationName", call->twin->names.group);
    put_text(item, "InstanceType", group->instance_type);
    put_user_data(call, item, "UserData", group->cluster);
    put_bool(put_object(item, "InstanceMonitoring"), "Enabled", true);
    call_put_time(call, item, "CreatedTime", call->twin->group_since_s);
    return true;
}

bool launch_template_versions(struct call *call)
{
    const char *name = "";
    struct page page;
    struct fleet_seen fleet;
    if (!call_need(call, call->input, "LaunchTemplateName") ||
        !call_text(call, call->input, "LaunchTemplateName", &name) ||
        !call_page(call, "MaxResults", 200, 1, 200, "NextToken", &page))
        return false;
    simulation_fleet(call->twin->simulation, &fleet);
    if (!fleet.request->launch_templates || strcmp(name, TEMPLATE_NAME) != 0)
        return call_fail(call, 400, "InvalidLaunchTemplateName.NotFoundException",
                         "The specified launch template, with template name %.64s, does not exist.",
                         name);
    struct put item = put_object(put_list(call->output, "launchTemplateVersionSet"), NULL);
    put_text(item, "launchTemplateName", TEMPLATE_NAME);
    put_integer(item, "versionNumber", 1);
    put_bool(item, "defaultVersion", true);
    struct put data = put_object(item, "launchTemplateData");
    put_bool(put_object(data, "monitoring"), "enabled", fleet.request->detailed_monitoring);
    put_user_data(call, data, "userData", fleet.request->pools[0].cluster);
    return true;
}
