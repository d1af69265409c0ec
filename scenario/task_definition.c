/* `demand.services[].task`: what one task of a service needs. */
#include "base/decimal.h"
#include "base/memory.h"
#include "scenario/parts.h"

#include <string.h>
#include <strings.h>

enum {
    CPU_MAX = 1 << 20,    /* of one task: 1,024 vCPU */
    MEMORY_MAX = 1 << 25, /* of one task, in MiB: 32 TiB */
    SIZE_UNIT = 1024,     /* CPU units of a vCPU, MiB of a GB */
    CONTAINERS_MAX = 100,
};

static const char *const task_modelled[] = {
    "containerDefinitions.cpu",
    "containerDefinitions.memory",
    "containerDefinitions.memoryReservation",
    "containerDefinitions.portMappings.hostPort",
    "cpu",
    "memory",
    "networkMode",
    NULL,
};

/* A task's own size: a number, "1024", "1 vCPU", "2GB". `unit` stands for 1024. */
static int read_size(struct reader *reader, const cJSON *node, const char *unit, int64_t min,
                     int64_t max, int64_t *out_value)
{
    if (!cJSON_IsString(node))
        return reader_int64(reader, node, min, max, out_value);
    const char *text = NULL;
    int status = reader_string(reader, node, &text);
    if (status)
        return status;
    size_t length = strlen(text);
    size_t unit_length = strlen(unit);
    bool scaled = length > unit_length && strcasecmp(text + length - unit_length, unit) == 0;
    length -= scaled ? unit_length : 0;
    while (length && text[length - 1] == ' ')
        length--;
    int64_t micro = 0;
    if (decimal_parse(text, length, &micro) != DECIMAL_OK || micro > (int64_t)max * MICRO)
        return reader_fail(reader, node, "must be a number of at most %lld, or one of %s",
                           (long long)max, unit);
    micro *= scaled ? SIZE_UNIT : 1;
    if (micro % MICRO != 0 || micro < min * MICRO || micro > max * MICRO)
        return reader_fail(reader, node, "must be whole and within %lld to %lld", (long long)min,
                           (long long)max);
    *out_value = micro / MICRO;
    return STATUS_OK;
}

/* What the containers ask for together. */
struct containers {
    int64_t cpu;
    int64_t memory_mib;
    bool fixed_port;
};

static int read_container(struct reader *reader, const cJSON *node, bool need_memory,
                          struct containers *sum)
{
    int64_t cpu = 0;
    int64_t memory = 0;
    int status = reader_object(reader, node);
    if (!status && member(node, "cpu"))
        status = reader_int64(reader, member(node, "cpu"), 0, CPU_MAX, &cpu);
    /* The soft limit counts where there is one. */
    const cJSON *reserved = member(node, "memoryReservation");
    if (!status && member(node, "memory"))
        status = reader_int64(reader, member(node, "memory"), 1, MEMORY_MAX, &memory);
    if (!status && reserved)
        status = reader_int64(reader, reserved, 1, MEMORY_MAX, &memory);
    if (!status && need_memory && memory == 0)
        status = reader_fail(reader, node, "neither memory nor memoryReservation: add one");
    const cJSON *ports = status ? NULL : member(node, "portMappings");
    if (ports)
        status = reader_list(reader, ports, CONTAINERS_MAX);
    for (const cJSON *port = ports && !status ? ports->child : NULL; port; port = port->next) {
        const cJSON *host = member(port, "hostPort");
        sum->fixed_port = sum->fixed_port || (cJSON_IsNumber(host) && host->valuedouble > 0);
    }
    sum->cpu += cpu;
    sum->memory_mib += memory;
    return status;
}

static void note_network(struct reader *reader, const char *mode, const struct containers *sum,
                         struct cluster_service *service)
{
    if (strcmp(mode, "awsvpc") == 0) {
        add_note(reader->scenario, true,
                 "service %s: awsvpc tasks each need a network interface, of which an instance has "
                 "few; that limit is not modelled",
                 service->name);
    } else if (sum->fixed_port && !service->distinct_instance) {
        service->distinct_instance = true;
        add_note(reader->scenario, false,
                 "service %s: its task has a fixed hostPort, so an instance holds only one of its "
                 "tasks",
                 service->name);
    }
}

int read_task_definition(struct reader *reader, const cJSON *node, struct cluster_service *service)
{
    int status = reader_aws(reader, node, "EcsTaskDefinition", task_modelled, "demand.services");
    const cJSON *cpu = member(node, "cpu");
    const cJSON *memory = member(node, "memory");
    const cJSON *list = status ? NULL : member(node, "containerDefinitions");
    if (!status && !list && !(cpu && memory))
        status = reader_fail(reader, node,
                             "no containerDefinitions, and not both cpu and memory: add them");
    if (!status && list)
        status = reader_list(reader, list, CONTAINERS_MAX);
    struct containers sum = {0};
    for (const cJSON *item = list && !status ? list->child : NULL; item && !status;
         item = item->next)
        status = read_container(reader, item, !memory, &sum);
    service->cpu = sum.cpu;
    service->memory_mib = sum.memory_mib;
    if (!status && cpu)
        status = read_size(reader, cpu, "vCPU", 0, CPU_MAX, &service->cpu);
    if (!status && memory)
        status = read_size(reader, memory, "GB", 1, MEMORY_MAX, &service->memory_mib);
    if (!status &&
        (service->memory_mib == 0 || service->cpu > CPU_MAX || service->memory_mib > MEMORY_MAX))
        status = reader_fail(reader, node,
                             "its containers must ask for 1 to %d MiB and at most "
                             "%d CPU units together",
                             MEMORY_MAX, CPU_MAX);
    const char *mode = "bridge";
    if (!status && member(node, "networkMode"))
        status = reader_string(reader, member(node, "networkMode"), &mode);
    if (!status)
        note_network(reader, mode, &sum, service);
    if (!status && service->cpu == 0)
        add_note(reader->scenario, true,
                 "service %s: its tasks reserve no CPU, so they require no units", service->name);
    return status;
}
