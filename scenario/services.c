/* `demand.services`: ECS services, and what they require together. */
#include "base/decimal.h"
#include "base/memory.h"
#include "scenario/parts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    SERVICES_MAX = 100,
    CPU_PER_VCPU = 1024,
    LIST_MAX = 100,
    PERCENT_MAX = 100000,
};

static const char *const service_modelled[] = {
    "availabilityZoneRebalancing",
    "capacityProviderStrategy",
    "deploymentConfiguration.maximumPercent",
    "deploymentConfiguration.minimumHealthyPercent",
    "deploymentController.type",
    "desiredCount",
    "launchType",
    "loadBalancers",
    "placementConstraints",
    "placementStrategy",
    "schedulingStrategy",
    "serviceName",
    NULL,
};

/* ---- the service -------------------------------------------------------------------------------
 */

/* A word of the service that must be `only`, if it is there. */
static int need_word(struct reader *reader, const cJSON *node, const char *only)
{
    const char *text = only;
    int status = node ? reader_string(reader, node, &text) : STATUS_OK;
    if (!status && strcmp(text, only) != 0)
        return reader_fail(reader, node, "\"%s\" is not simulated by this version: \"%s\" is", text,
                           only);
    return status;
}

static int refuse_unsimulated(struct reader *reader, const cJSON *node)
{
    int status = need_word(reader, member(node, "schedulingStrategy"), "REPLICA");
    if (!status)
        status = need_word(reader, member(node, "launchType"), "EC2");
    if (!status)
        status = need_word(reader, member(member(node, "deploymentController"), "type"), "ECS");
    const cJSON *provider = member(node, "capacityProviderStrategy");
    if (!status && provider && !(cJSON_IsArray(provider) && !provider->child))
        status = reader_fail(reader, provider,
                             "capacity providers are not simulated by this version: use launchType "
                             "\"EC2\", and tasks go to every instance of the cluster");
    return status;
}

static int read_percents(struct reader *reader, const cJSON *node, struct cluster_service *service)
{
    const cJSON *deployment = member(node, "deploymentConfiguration");
    const cJSON *least = member(deployment, "minimumHealthyPercent");
    const cJSON *most = member(deployment, "maximumPercent");
    service->minimum_healthy_percent = 100;
    service->maximum_percent = 200;
    int status = deployment ? reader_object(reader, deployment) : STATUS_OK;
    if (!status && least)
        status = reader_int64(reader, least, 0, 100, &service->minimum_healthy_percent);
    if (!status && most)
        status = reader_int64(reader, most, 100, PERCENT_MAX, &service->maximum_percent);
    if (!status && service->minimum_healthy_percent == 100 && service->maximum_percent == 100)
        add_note(reader->scenario, true,
                 "service %s: minimumHealthyPercent and maximumPercent are both 100: no task can "
                 "be replaced before its draining instance is gone",
                 service->name);
    return status;
}

static int read_placement(struct reader *reader, const cJSON *node, enum placement *out)
{
    static const char *const keys[] = {"type", "field", NULL};
    int status = reader_keys(reader, node, keys);
    if (!status && !member(node, "type"))
        status = reader_fail(reader, node, "no \"type\": name spread, binpack or random");
    const char *type = "";
    const char *field = "";
    if (!status)
        status = reader_string(reader, member(node, "type"), &type);
    if (!status && member(node, "field") && strcmp(type, "random") != 0)
        status = reader_string(reader, member(node, "field"), &field);
    if (status)
        return status;
    static const struct {
        const char *type;
        const char *field;
        enum placement placement;
    } known[] = {
        {"spread", "attribute:ecs.availability-zone", PLACEMENT_SPREAD_ZONES},
        {"spread", "instanceId", PLACEMENT_SPREAD_INSTANCES},
        {"spread", "host", PLACEMENT_SPREAD_INSTANCES},
        {"binpack", "cpu", PLACEMENT_BINPACK_CPU},
        {"binpack", "memory", PLACEMENT_BINPACK_MEMORY},
        {"random", "", PLACEMENT_RANDOM},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(known); i++) {
        if (strcmp(type, known[i].type) == 0 && strcasecmp(field, known[i].field) == 0) {
            *out = known[i].placement;
            return STATUS_OK;
        }
    }
    return reader_fail(reader, node,
                       "\"%s\" by \"%s\" is not simulated by this version: spread by "
                       "attribute:ecs.availability-zone or instanceId, binpack by cpu or memory, "
                       "and random are",
                       type, field);
}

static int read_placements(struct reader *reader, const cJSON *node,
                           struct cluster_service *service)
{
    const cJSON *list = member(node, "placementStrategy");
    int status = list ? reader_list(reader, list, PLACEMENTS_MAX) : STATUS_OK;
    for (const cJSON *item = list && !status ? list->child : NULL; item && !status;
         item = item->next)
        status = read_placement(reader, item, &service->placements[service->placement_count++]);
    if (service->placement_count == 0)
        service->placements[service->placement_count++] = PLACEMENT_SPREAD_ZONES;
    list = member(node, "placementConstraints");
    if (!status && list)
        status = reader_list(reader, list, LIST_MAX);
    for (const cJSON *item = list && !status ? list->child : NULL; item && !status;
         item = item->next) {
        const char *type = "";
        status = reader_object(reader, item);
        if (!status && member(item, "type"))
            status = reader_string(reader, member(item, "type"), &type);
        if (!status && strcmp(type, "distinctInstance") != 0)
            status = reader_fail(reader, item,
                                 "the constraint \"%s\" is not simulated by this version: "
                                 "\"distinctInstance\" is",
                                 type);
        service->distinct_instance = true;
    }
    return status;
}

/* ECS rebalances only what it spreads over zones, and what may have a task more for a while. */
static int read_rebalancing(struct reader *reader, const cJSON *node,
                            struct cluster_service *service)
{
    static const char *const words[] = {"DISABLED", "ENABLED", NULL};
    int index = 0;
    int status = node ? reader_word(reader, node, words, &index) : STATUS_OK;
    service->zone_rebalancing = index == 1;
    if (status || !service->zone_rebalancing)
        return status;
    if (service->placements[0] != PLACEMENT_SPREAD_ZONES)
        return reader_fail(reader, node,
                           "needs spread over attribute:ecs.availability-zone as its first "
                           "placementStrategy, or none");
    if (service->maximum_percent <= 100)
        return reader_fail(reader, node, "needs a maximumPercent above 100");
    return STATUS_OK;
}

static int read_service(struct reader *reader, const cJSON *node, struct cluster_service *service)
{
    int status = reader_aws(reader, node, "EcsService", service_modelled, "demand.services");
    const cJSON *name_node = member(node, "serviceName");
    if (!status && !name_node)
        status = reader_fail(reader, node, "no serviceName: add it");
    const char *name = "";
    if (!status)
        status = reader_string(reader, name_node, &name);
    if (status)
        return status;
    service->name = memory_copy_text(name);
    for (const struct cluster_service *other = reader->scenario->services; other < service;
         other++) {
        if (strcmp(other->name, name) == 0)
            return reader_fail(reader, name_node, "two services have this name");
    }
    const cJSON *balancers = member(node, "loadBalancers");
    if (balancers)
        status = reader_list(reader, balancers, LIST_MAX);
    service->load_balanced = !status && balancers && balancers->child;
    if (!status)
        status = refuse_unsimulated(reader, node);
    if (!status)
        status = read_percents(reader, node, service);
    if (!status)
        status = read_placements(reader, node, service);
    return status ? status
                  : read_rebalancing(reader, member(node, "availabilityZoneRebalancing"), service);
}

/* ---- how many ----------------------------------------------------------------------------------
 */

static int read_tasks(struct reader *reader, const cJSON *entry, struct cluster_service *service)
{
    const cJSON *tasks = member(entry, "tasks");
    const cJSON *count = member(member(entry, "service"), "desiredCount");
    if (tasks)
        return read_demand_form(reader, tasks, DEMAND_TASKS, &service->tasks);
    if (!count)
        return reader_fail(reader, entry,
                           "neither \"tasks\", a demand form in tasks, nor the service's "
                           "desiredCount: add one");
    int64_t desired = 0;
    int status = reader_int64(reader, count, 0, DEMAND_MAX_MICRO / MICRO, &desired);
    if (status)
        return status;
    service->tasks = (struct demand_series){
        .steps = memory_new(1, sizeof *service->tasks.steps),
        .count = 1,
        .json = memory_format("{\"tasks\":%lld}", (long long)desired),
    };
    service->tasks.steps[0] =
        (struct demand_step){reader->scenario->from_s, desired * (int64_t)MICRO};
    return STATUS_OK;
}

static int read_entry(struct reader *reader, const cJSON *entry)
{
    static const char *const keys[] = {"service", "task", "tasks", NULL};
    struct scenario *scenario = reader->scenario;
    struct cluster_service *service = &scenario->services[scenario->service_count++];
    int status = reader_keys(reader, entry, keys);
    for (size_t i = 0; i < 2 && !status; i++) {
        if (!member(entry, keys[i]))
            status = reader_fail(reader, entry, "no \"%s\": add it", keys[i]);
    }
    if (!status)
        status = read_service(reader, member(entry, "service"), service);
    if (!status)
        status = read_task_definition(reader, member(entry, "task"), service);
    return status ? status : read_tasks(reader, entry, service);
}

/* One service's number of tasks changes. */
struct change {
    int64_t time_s;
    size_t service;
    int64_t tasks;
};

static int by_time(const void *a, const void *b)
{
    const struct change *x = a;
    const struct change *y = b;
    return (x->time_s > y->time_s) - (x->time_s < y->time_s);
}

static struct change *all_changes(const struct scenario *scenario, size_t *out_count)
{
    size_t count = 0;
    for (size_t i = 0; i < scenario->service_count; i++)
        count += scenario->services[i].tasks.count;
    struct change *changes = memory_new(count, sizeof *changes);
    size_t next = 0;
    for (size_t i = 0; i < scenario->service_count; i++) {
        const struct demand_series *tasks = &scenario->services[i].tasks;
        for (size_t k = 0; k < tasks->count; k++)
            changes[next++] =
                (struct change){tasks->steps[k].time_s, i, tasks->steps[k].required_micro / MICRO};
    }
    qsort(changes, count, sizeof *changes, by_time);
    *out_count = count;
    return changes;
}

/* The units all services require at every second: their tasks' CPU. */
static int sum_up(struct reader *reader, const cJSON *node, int64_t units_per_vcpu_micro)
{
    struct scenario *scenario = reader->scenario;
    size_t count = 0;
    struct change *changes = all_changes(scenario, &count);
    int64_t *tasks = memory_new(scenario->service_count, sizeof *tasks);
    scenario->demand = memory_new(count, sizeof *scenario->demand);
    int128 cpu = 0;
    int128 greatest = 0;
    for (size_t i = 0; i < count; i++) {
        const struct change *change = &changes[i];
        cpu += (int128)(change->tasks - tasks[change->service]) *
               scenario->services[change->service].cpu;
        tasks[change->service] = change->tasks;
        if (i + 1 < count && changes[i + 1].time_s == change->time_s)
            continue;
        int128 units = divide_ceiling(cpu * units_per_vcpu_micro, CPU_PER_VCPU);
        greatest = units > greatest ? units : greatest;
        if (units > DEMAND_MAX_MICRO)
            break;
        size_t last = scenario->demand_count;
        if (last == 0 || scenario->demand[last - 1].required_micro != (int64_t)units)
            scenario->demand[scenario->demand_count++] =
                (struct demand_step){change->time_s, (int64_t)units};
    }
    free(changes);
    free(tasks);
    return greatest > DEMAND_MAX_MICRO
               ? reader_fail(reader, node, "the services require more than 100000 units")
               : STATUS_OK;
}

/* ---- all ---------------------------------------------------------------------------------------
 */

static void write_service(struct text *json, const struct cluster_service *service)
{
    static const char *const placements[] = {
        [PLACEMENT_SPREAD_ZONES] = "\"spread\",\"field\":\"attribute:ecs.availability-zone\"",
        [PLACEMENT_SPREAD_INSTANCES] = "\"spread\",\"field\":\"instanceId\"",
        [PLACEMENT_BINPACK_CPU] = "\"binpack\",\"field\":\"cpu\"",
        [PLACEMENT_BINPACK_MEMORY] = "\"binpack\",\"field\":\"memory\"",
        [PLACEMENT_RANDOM] = "\"random\"",
    };
    text_add(json, "{\"service\":{\"serviceName\":");
    text_add_json_string(json, service->name);
    text_addf(json,
              ",\"deploymentConfiguration\":{\"minimumHealthyPercent\":%lld,"
              "\"maximumPercent\":%lld},\"placementStrategy\":[",
              (long long)service->minimum_healthy_percent, (long long)service->maximum_percent);
    for (size_t i = 0; i < service->placement_count; i++)
        text_addf(json, "%s{\"type\":%s}", i ? "," : "", placements[service->placements[i]]);
    text_add(json, "]");
    if (service->distinct_instance)
        text_add(json, ",\"placementConstraints\":[{\"type\":\"distinctInstance\"}]");
    if (service->load_balanced)
        text_add(json, ",\"loadBalancers\":[{}]");
    if (service->zone_rebalancing)
        text_add(json, ",\"availabilityZoneRebalancing\":\"ENABLED\"");
    text_addf(json, "},\"task\":{\"cpu\":\"%lld\",\"memory\":\"%lld\"},\"tasks\":%s}",
              (long long)service->cpu, (long long)service->memory_mib, service->tasks.json);
}

static int write_services(struct reader *reader, int64_t units_per_vcpu_micro)
{
    struct scenario *scenario = reader->scenario;
    struct text json = {0};
    text_add(&json, "{\"services\":[");
    for (size_t i = 0; i < scenario->service_count; i++) {
        text_add(&json, i ? "," : "");
        write_service(&json, &scenario->services[i]);
    }
    char units[DECIMAL_TEXT_SIZE];
    text_addf(&json, "],\"units_per_vcpu\":%s}", decimal_format(units_per_vcpu_micro, units));
    int status = text_status(&json, reader->err);
    if (status)
        text_clean_up(&json);
    else
        scenario->demand_json = json.data;
    return status;
}

int read_services(struct reader *reader, const cJSON *node)
{
    static const char *const keys[] = {"services", "units_per_vcpu", NULL};
    struct scenario *scenario = reader->scenario;
    int status = reader_keys(reader, node, keys);
    const cJSON *list = member(node, "services");
    if (!status)
        status = reader_list(reader, list, SERVICES_MAX);
    if (!status && !list->child)
        status = reader_fail(reader, list, "must hold at least one service");
    int64_t units_per_vcpu_micro = MICRO;
    const cJSON *units = member(node, "units_per_vcpu");
    if (!status && units)
        status = reader_decimal(reader, units, 1, TARGET_MAX_UNITS * (int64_t)MICRO,
                                &units_per_vcpu_micro);
    if (status)
        return status;
    scenario->services = memory_new((size_t)cJSON_GetArraySize(list), sizeof *scenario->services);
    for (const cJSON *entry = list->child; entry && !status; entry = entry->next)
        status = read_entry(reader, entry);
    if (!status)
        status = sum_up(reader, list, units_per_vcpu_micro);
    scenario->demand_given = true;
    return status ? status : write_services(reader, units_per_vcpu_micro);
}
