/* ballast live doctor: what instances are launched with: monitoring, user data, and so the cluster
 * that they join. */
#include "base/memory.h"
#include "doctor.h"
#include "scenario/user_data.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* One that the fleet's request only names is asked for here. */
static bool look_into(struct doctor *doctor, struct aws_launch *launch, const char *what)
{
    struct aws_error error;
    struct error err = {0};
    if (!launch->template[0])
        return true;
    if (!aws_describe_launch_template(doctor->client, launch, &error, &err))
        return true;
    doctor_called(doctor, what, "ec2:DescribeLaunchTemplateVersions", false, &error, &err);
    return false;
}

static char *name_of(const struct aws_launch *launch, size_t index)
{
    if (launch->template[0])
        return memory_format("launch template %s", launch->template);
    return memory_format("launch specification %zu (%s)", index + 1, launch->instance_type);
}

/* ---- monitoring -------------------------------------------------------------------------------
 */

static size_t monitoring(struct doctor *doctor, const struct doctor_launch *of)
{
    if (of->launch->monitoring == AWS_ON)
        return 0;
    doctor_add(doctor, "monitoring", DOCTOR_FINDING,
               "set Monitoring.Enabled: metrics then come every minute, not every five",
               "%s has basic monitoring", of->what);
    return 1;
}

/* ---- the cluster ------------------------------------------------------------------------------
 */

struct joining {
    char *wanted; /* the cluster; of the first launch that tells one, where nobody named it */
    const char *from;
    size_t wrong;
    size_t untold;
};

static void join(struct doctor *doctor, const struct doctor_launch *of, struct joining *joining)
{
    char *name = NULL;
    const char *data = of->launch->user_data ? of->launch->user_data : "";
    enum user_data_kind kind = user_data_cluster(data, false, &name);
    if (kind == USER_DATA_NOT_BASE64) {
        joining->wrong++;
        doctor_add(doctor, "user data", DOCTOR_FINDING, "encode it (base64 -w0 FILE)",
                   "%s: its user data is not base64", of->what);
    } else if (kind != USER_DATA_TOLD) {
        joining->untold++;
        doctor_add(doctor, "user data", DOCTOR_NOT_LOOKED,
                   "look at an instance: ECS_CLUSTER in /etc/ecs/ecs.config",
                   "%s: which cluster it joins cannot be told from its text%s", of->what,
                   kind == USER_DATA_PACKED ? ", which is compressed" : "");
    } else if (!joining->wanted) {
        joining->wanted = memory_copy_text(name);
        joining->from = of->what;
    } else if (strcmp(name, joining->wanted) != 0) {
        joining->wrong++;
        doctor_add(doctor, "user data", DOCTOR_FINDING,
                   "write ECS_CLUSTER of the right cluster to /etc/ecs/ecs.config in its user "
                   "data: instances elsewhere are paid for and serve nothing",
                   "%s%s joins the cluster \"%s\", not \"%s\"%s%s", of->what,
                   *data ? "" : ", without user data,", name, joining->wanted,
                   joining->from ? " as does " : "", joining->from ? joining->from : "");
    }
    free(name);
}

static void cluster(struct doctor *doctor)
{
    struct aws_error error;
    struct error err = {0};
    struct ballast_cluster seen;
    bool found = false;
    const char *name = doctor->names->cluster;
    if (!name)
        return;
    bool needed = doctor_reads(doctor, BALLAST_READ_CLUSTER);
    int status = aws_describe_cluster(doctor->client, name, &seen, &found, &error, &err);
    doctor_called(doctor, "cluster", "ecs:DescribeClusters", needed, status ? &error : NULL, &err);
    if (!status && !found)
        doctor_add(doctor, "cluster", DOCTOR_FINDING,
                   "see whether --cluster and --region are right (aws ecs list-clusters)",
                   "there is no ECS cluster \"%s\"", name);
    else if (!status)
        doctor_add(doctor, "cluster", DOCTOR_FINE, NULL,
                   "%s: %" PRId64 " instances registered, %" PRId64 " tasks running, %" PRId64
                   " pending",
                   name, seen.registered_instances, seen.running_tasks, seen.pending_tasks);
}

/* ---- all --------------------------------------------------------------------------------------
 */

void doctor_launches(struct doctor *doctor)
{
    struct aws_launches *launches = &doctor->fleet.launches;
    struct doctor_launch *list = memory_new(launches->count + 1, sizeof *list);
    size_t count = 0;
    for (size_t i = 0; i < launches->count; i++) {
        char *what = name_of(&launches->list[i], i);
        if (look_into(doctor, &launches->list[i], "user data"))
            list[count++] = (struct doctor_launch){what, &launches->list[i]};
        else
            free(what);
    }
    size_t of_fleet = count;
    if (doctor->have_launch)
        list[count++] = (struct doctor_launch){memory_format("group %s", doctor->names->group),
                                               &doctor->launch};
    size_t basic = 0;
    struct joining joining = {0};
    if (doctor->names->cluster)
        joining.wanted = memory_copy_text(doctor->names->cluster);
    for (size_t i = 0; i < of_fleet; i++)
        basic += monitoring(doctor, &list[i]);
    if (of_fleet && !basic)
        doctor_add(doctor, "monitoring", DOCTOR_FINE, NULL,
                   "detailed in all that the fleet launches from");
    for (size_t i = 0; i < count; i++)
        join(doctor, &list[i], &joining);
    if (count && joining.wanted && !joining.wrong && !joining.untold)
        doctor_add(doctor, "user data", DOCTOR_FINE, NULL, "all that is launched joins \"%s\"",
                   joining.wanted);
    cluster(doctor);
    for (size_t i = 0; i < count; i++)
        free(list[i].what);
    free(list);
    free(joining.wanted);
}
