/* ballast live doctor: the fleet, the group, its cooldown, and whether both fall together. */
#include "base/decimal.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "doctor.h"
#include "show.h"

#include <inttypes.h>
#include <string.h>

enum {
    EXPIRY_S = 14 * 86400,  /* near enough to be told */
    SHORT_COOLDOWN_S = 120, /* an instance hardly serves before it may go again */
    HOURLY_COOLDOWN_S = 1800
};

/* ---- the fleet --------------------------------------------------------------------------------
 */

static void fleet_ends(struct doctor *doctor)
{
    const struct aws_spot_fleet *fleet = &doctor->fleet;
    int64_t now_s = doctor->client->clock.now_s(doctor->client->clock.context);
    char until[TIMESTAMP_TEXT_SIZE];
    if (fleet->valid_until_s > now_s + EXPIRY_S)
        return;
    doctor_add(doctor, "fleet", DOCTOR_FINDING,
               "request a new fleet before: a request's end cannot be moved",
               "the request %s at %s%s", fleet->valid_until_s <= now_s ? "ended" : "ends",
               timestamp_format(fleet->valid_until_s, until),
               fleet->ends_instances ? ", and its instances with it" : "");
}

void doctor_fleet(struct doctor *doctor)
{
    struct aws_error error;
    struct error err = {0};
    char units[SHOW_SIZE];
    const char *id = doctor->names->fleet_id;
    struct aws_spot_fleet *fleet = &doctor->fleet;
    bool found = false;
    int status = aws_describe_spot_fleet_request(doctor->client, id, fleet, &found, &error, &err);
    if (!status && !found)
        error_set(&err, STATUS_FAILURE, "there is no Spot Fleet request %.80s in %s", id,
                  doctor->client->settings->region);
    if (status ? strncmp(error.code, "InvalidSpotFleetRequestId", 25) == 0 : !found) {
        doctor_add(doctor, "fleet", DOCTOR_FINDING,
                   "see whether --fleet and --region are right (aws ec2 "
                   "describe-spot-fleet-requests)",
                   "%s", err.text);
        return;
    }
    doctor_called(doctor, "fleet", "ec2:DescribeSpotFleetRequests",
                  doctor_reads(doctor, BALLAST_READ_FLEET) ||
                      doctor_reads(doctor, BALLAST_READ_SPOT_PRICES),
                  status ? &error : NULL, &err);
    if (status)
        return;
    doctor->have_fleet = true;
    bool active = strcmp(fleet->state, "active") == 0 || strcmp(fleet->state, "modifying") == 0;
    doctor_add(doctor, "fleet", active ? DOCTOR_FINE : DOCTOR_FINDING,
               active ? NULL : "name a fleet that is active: this one replaces nothing any more",
               "%s is %s, with a target of %s units", id, fleet->state,
               show_micro(fleet->target_micro, units));
    fleet_ends(doctor);
    status = live_account_pools(doctor->account, &doctor->pools, &error, &err);
    doctor->have_pools = !status;
    if (status)
        doctor_called(doctor, "places", "ec2:DescribeSubnets",
                      doctor_reads(doctor, BALLAST_READ_SPOT_PRICES), &error, &err);
}

/* ---- the group --------------------------------------------------------------------------------
 */

static void group_covers(struct doctor *doctor)
{
    const struct aws_group *group = &doctor->group;
    char could[SHOW_SIZE];
    char target[SHOW_SIZE];
    int128 most = (int128)group->max_size * doctor->names->units_per_instance_micro;
    if (!doctor->have_fleet || most >= doctor->fleet.target_micro)
        return;
    doctor_add(doctor, "group", DOCTOR_FINDING, "raise MaxSize",
               "at MaxSize %" PRId64 " it stands for %s units, less than the fleet's %s: it cannot "
               "replace it, and a call that asks for more is refused whole",
               group->max_size, show_micro(most, could),
               show_micro(doctor->fleet.target_micro, target));
}

static void find_launch(struct doctor *doctor)
{
    static const char TEMPLATES[] = "ec2:DescribeLaunchTemplateVersions";
    static const char CONFIGURATIONS[] = "autoscaling:DescribeLaunchConfigurations";
    const struct aws_group *group = &doctor->group;
    struct aws_error error;
    struct error err = {0};
    int status = STATUS_OK;
    bool template = group->launch.template[0];
    doctor->launch = group->launch;
    if (template)
        status = aws_describe_launch_template(doctor->client, &doctor->launch, &error, &err);
    else if (group->configuration[0])
        status = aws_describe_launch_configuration(doctor->client, group->configuration,
                                                   &doctor->launch, &error, &err);
    else
        return;
    doctor->have_launch = !status;
    if (status)
        doctor_called(doctor, "group", template ? TEMPLATES : CONFIGURATIONS, false, &error, &err);
}

void doctor_group(struct doctor *doctor)
{
    struct aws_error error;
    struct error err = {0};
    const char *name = doctor->names->group;
    struct aws_group *group = &doctor->group;
    bool found = false;
    int status = aws_describe_auto_scaling_group(doctor->client, name, group, &found, &error, &err);
    doctor_called(doctor, "group", "autoscaling:DescribeAutoScalingGroups", true,
                  status ? &error : NULL, &err);
    if (status)
        return;
    if (!found) {
        doctor_add(doctor, "group", DOCTOR_FINDING,
                   "see whether --group and --region are right (aws autoscaling "
                   "describe-auto-scaling-groups)",
                   "there is no Auto Scaling group \"%s\"", name);
        return;
    }
    doctor->have_group = true;
    doctor_add(doctor, "group", DOCTOR_FINE, NULL,
               "%s, %" PRId64 " to %" PRId64 " instances in %zu zones", name, group->min_size,
               group->max_size, group->zone_count);
    group_covers(doctor);
    for (size_t i = 0; i < group->suspended_count; i++) {
        const char *process = group->suspended[i];
        if (strcmp(process, "Launch") == 0 || strcmp(process, "Terminate") == 0)
            doctor_add(doctor, "group", DOCTOR_FINDING,
                       "resume it (aws autoscaling resume-processes)",
                       "its process %s is suspended: what the controller asks for is accepted and "
                       "does not happen",
                       process);
    }
    find_launch(doctor);
}

/* What the cooldown is for: the policies shrink the group honouring it, so that what was launched
 * stays a while. */
void doctor_cooldown(struct doctor *doctor)
{
    char text[SHOW_SIZE];
    if (!doctor->have_group)
        return;
    int64_t cooldown_s = doctor->group.default_cooldown_s;
    if (cooldown_s == BALLAST_UNKNOWN) {
        doctor_add(doctor, "cooldown", DOCTOR_NOT_LOOKED, NULL,
                   "AWS does not say the group's DefaultCooldown");
        return;
    }
    show_duration(cooldown_s, text);
    if (cooldown_s < SHORT_COOLDOWN_S)
        doctor_add(doctor, "cooldown", DOCTOR_FINDING,
                   "set DefaultCooldown to some minutes, and try it out (ballast sweep --vary "
                   "backup_group.group.DefaultCooldown=...)",
                   "%s holds nothing: what is launched for a gap goes as soon as the gap is "
                   "reported closed",
                   text);
    else if (cooldown_s >= HOURLY_COOLDOWN_S)
        doctor_add(doctor, "cooldown", DOCTOR_FINDING,
                   "shorten DefaultCooldown, and try it out (ballast sweep --vary "
                   "backup_group.group.DefaultCooldown=...)",
                   "%s keeps an hour that is paid anyway, but Linux is billed by the second since "
                   "2017-10-02; and each activity, a scale-in too, starts it again",
                   text);
    else
        doctor_add(doctor, "cooldown", DOCTOR_FINE, NULL, "%s after each activity", text);
}

/* ---- both -------------------------------------------------------------------------------------
 */

static bool group_has(const struct doctor *doctor, const struct aws_pool *pool)
{
    const struct aws_group *group = &doctor->group;
    bool type =
        doctor->have_launch && strcmp(doctor->launch.instance_type, pool->instance_type) == 0;
    for (size_t i = 0; i < group->type_count && !type; i++)
        type = strcmp(group->types[i], pool->instance_type) == 0;
    for (size_t i = 0; i < group->zone_count && type; i++) {
        if (strcmp(group->zones[i], pool->zone) == 0)
            return true;
    }
    return false;
}

/* Spot ends where on-demand demand rises: what launches there then is the same machines. */
void doctor_apart(struct doctor *doctor)
{
    size_t shared = 0;
    if (!doctor->have_group || !doctor->have_pools)
        return;
    if (!doctor->have_launch && doctor->group.type_count == 0) {
        doctor_add(doctor, "places", DOCTOR_NOT_LOOKED,
                   "allow the call named above, or look when the group has an instance",
                   "the group's instance type is not known");
        return;
    }
    for (size_t i = 0; i < doctor->pools.pool_count; i++) {
        const struct aws_pool *pool = &doctor->pools.pools[i];
        if (!pool->zone[0] || !group_has(doctor, pool))
            continue;
        shared++;
        doctor_add(doctor, "places", DOCTOR_FINDING,
                   "give the group a type, or zones, that the fleet has not: a shortage that ends "
                   "spot instances there would also fail its launches",
                   "fleet and group both launch %s in %s", pool->instance_type, pool->zone);
    }
    if (!shared)
        doctor_add(doctor, "places", DOCTOR_FINE, NULL,
                   "fleet and group have no type and zone in common");
}
