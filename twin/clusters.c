/* ECS: DescribeClusters. */
#include "twin/twin_parts.h"

#include "base/memory.h"

#include <string.h>

static const char *arn_of(struct call *call, const char *name)
{
    const struct twin_names *names = &call->twin->names;
    return arena_format(&call->arena, "arn:aws:ecs:%s:%s:cluster/%s", names->region, names->account,
                        name);
}

static void put_cluster(struct call *call, struct put list, const struct ballast_cluster *cluster)
{
    const char *name = call->twin->names.cluster;
    struct put item = put_object(list, NULL);
    put_text(item, "clusterArn", arn_of(call, name));
    put_text(item, "clusterName", name);
    put_text(item, "status", "ACTIVE");
    put_integer(item, "registeredContainerInstancesCount", cluster->registered_instances);
    put_integer(item, "runningTasksCount", cluster->running_tasks);
    put_integer(item, "pendingTasksCount", cluster->pending_tasks);
    put_integer(item, "activeServicesCount", (int64_t)call->twin->options.scenario->service_count);
    put_list(item, "statistics");
    put_list(item, "tags");
    put_list(item, "settings");
    put_list(item, "capacityProviders");
    put_list(item, "defaultCapacityProviderStrategy");
}

/* A name, or an ARN that ends in it. */
static bool is_ours(struct call *call, const char *asked)
{
    const char *name = call->twin->names.cluster;
    return name && (strcmp(asked, name) == 0 || strcmp(asked, arn_of(call, name)) == 0);
}

bool ecs_describe_clusters(struct call *call)
{
    enum { CLUSTERS_MAX = 100 };
    const struct tree *asked = NULL;
    struct ballast_cluster cluster;
    const char *name = "default";
    size_t count = 0;
    if (!call_list(call, call->input, "clusters", &asked))
        return false;
    bool simulated = simulation_cluster(call->twin->simulation, &cluster);
    struct put found = put_list(call->output, "clusters");
    struct put failures = put_list(call->output, "failures");
    for (const struct tree *at = asked; at || count == 0; at = at->next) {
        if (++count > CLUSTERS_MAX || (at && !tree_text(at, &name)))
            return call_bad_value(call, "clusters must be a list of at most 100 names or ARNs.");
        if (simulated && is_ours(call, name)) {
            put_cluster(call, found, &cluster);
        } else {
            struct put failure = put_object(failures, NULL);
            put_text(failure, "arn", strncmp(name, "arn:", 4) == 0 ? name : arn_of(call, name));
            put_text(failure, "reason", "MISSING");
        }
        if (!at)
            break;
    }
    return true;
}
