/* `cluster`: the ECS cluster the instances of fleet and backup join. */
#include "base/memory.h"
#include "scenario/fields.h"
#include "scenario/parts.h"
#include "scenario/writer.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PERMILLE = 1000, TICK_MAX_S = 3600 };

static const char name_characters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#define CLUSTER(member) offsetof(struct cluster_settings, member)

const struct field cluster_fields[] = {
    {"registered_memory_permille", FIELD_INTEGER, CLUSTER(registered_memory_permille), 981, 1,
     PERMILLE, NULL},
    {"task_start_s", FIELD_DELAY, CLUSTER(task_start), 20, 0, DELAY_MAX_S, NULL},
    {"lb_registration_s", FIELD_DELAY, CLUSTER(lb_registration), 30, 0, DELAY_MAX_S, NULL},
    {"deregistration_delay_s", FIELD_INTEGER, CLUSTER(deregistration_delay_s), 300, 0, DELAY_MAX_S,
     NULL},
    {"task_stop_s", FIELD_INTEGER, CLUSTER(task_stop_s), 30, 0, DELAY_MAX_S, NULL},
    {"service_tick_s", FIELD_INTEGER, CLUSTER(service_tick_s), 10, 1, TICK_MAX_S, NULL},
    {NULL, FIELD_INTEGER, 0, 0, 0, 0, NULL},
};

static int read_type(struct reader *reader, const cJSON *node, struct cluster_type *type)
{
    static const char *const keys[] = {"vcpu", "memory_mib", NULL};
    int status = reader_keys(reader, node, keys);
    for (size_t i = 0; i < 2 && !status; i++) {
        if (!member(node, keys[i]))
            status = reader_fail(reader, node, "no \"%s\": add it", keys[i]);
    }
    if (!status)
        status = reader_int64(reader, member(node, "vcpu"), 1, VCPU_MAX, &type->vcpu);
    if (!status)
        status =
            reader_int64(reader, member(node, "memory_mib"), 1, MEMORY_MAX_MIB, &type->memory_mib);
    return status;
}

static bool has_type(const struct cluster_settings *cluster, const char *name)
{
    for (size_t i = 0; i < cluster->type_count; i++) {
        if (strcmp(cluster->types[i].instance_type, name) == 0)
            return true;
    }
    return false;
}

static int unknown_size(struct reader *reader, const char *name)
{
    return reader_fail(reader, member(member(reader->root, "demand"), "services"),
                       "what an instance of %s has for tasks is not known: add \"cluster\": "
                       "{\"instance_types\": {\"%s\": {\"vcpu\": 4, \"memory_mib\": 7680}}} "
                       "with its size, or import a catalogue that has it, or what aws ec2 "
                       "describe-instance-types prints",
                       name, name);
}

/* What an instance of the type has, where tasks ask for it; by the scenario, else by the traces. */
static int add_type(struct reader *reader, const char *name)
{
    struct scenario *scenario = reader->scenario;
    struct cluster_settings *cluster = &scenario->cluster;
    const cJSON *node = member(reader_at(reader, "cluster.instance_types"), name);
    if (has_type(cluster, name) || (!node && scenario->service_count == 0))
        return STATUS_OK;
    struct cluster_type type = {.instance_type = memory_copy_text(name)};
    bool known = true;
    int status = node ? read_type(reader, node, &type) : find_instance_size(reader, &type, &known);
    if (!status && !known)
        status = unknown_size(reader, name);
    if (status)
        free(type.instance_type);
    else
        cluster->types[cluster->type_count++] = type;
    return status;
}

static int by_name(const void *a, const void *b)
{
    const struct cluster_type *x = a;
    const struct cluster_type *y = b;
    return strcmp(x->instance_type, y->instance_type);
}

static int read_types(struct reader *reader)
{
    struct scenario *scenario = reader->scenario;
    struct cluster_settings *cluster = &scenario->cluster;
    const cJSON *map = reader_at(reader, "cluster.instance_types");
    int status = map ? reader_object(reader, map) : STATUS_OK;
    for (const cJSON *node = map && !status ? map->child : NULL; node && !status;
         node = node->next) {
        struct cluster_type unused;
        status = read_type(reader, node, &unused);
    }
    cluster->types = memory_new(scenario->fleet.pool_count + 1, sizeof *cluster->types);
    for (size_t i = 0; i < scenario->fleet.pool_count && !status; i++)
        status = add_type(reader, scenario->fleet.pools[i].instance_type);
    if (!status)
        status = add_type(reader, scenario->group.instance_type);
    if (cluster->type_count)
        qsort(cluster->types, cluster->type_count, sizeof *cluster->types, by_name);
    return status;
}

/* A task that no instance can hold waits for ever. */
static void note_too_large(struct reader *reader)
{
    const struct scenario *scenario = reader->scenario;
    const struct cluster_settings *cluster = &scenario->cluster;
    for (size_t i = 0; i < scenario->service_count; i++) {
        const struct cluster_service *service = &scenario->services[i];
        bool fits = false;
        for (size_t k = 0; k < cluster->type_count; k++) {
            const struct cluster_type *type = &cluster->types[k];
            fits = fits || (service->cpu <= type->vcpu * 1024 &&
                            service->memory_mib <=
                                type->memory_mib * cluster->registered_memory_permille / PERMILLE);
        }
        if (!fits)
            add_note(reader->scenario, true,
                     "service %s: one of its tasks is larger than what any instance type "
                     "registers: it never runs",
                     service->name);
    }
}

int read_cluster(struct reader *reader)
{
    static const char *const others[] = {"name", "instance_types", NULL};
    struct cluster_settings *cluster = &reader->scenario->cluster;
    const cJSON *object = member(reader->root, "cluster");
    int status = read_fields(reader, cluster_fields, object, others, cluster);
    const char *name = NULL;
    if (!status && member(object, "name"))
        status = reader_string(reader, member(object, "name"), &name);
    if (!status && name)
        cluster->name = memory_copy_text(name);
    if (!status && name && strlen(name) != strspn(name, name_characters))
        status = reader_fail(reader, member(object, "name"),
                             "is no name of a cluster: letters, digits, - and _");
    if (!status)
        status = read_user_data(reader);
    if (!status)
        status = read_types(reader);
    if (!status)
        note_too_large(reader);
    return status;
}

static void write_size(struct writer *writer, const char *key, int64_t value,
                       const struct cluster_type *type, const cJSON *given)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64, value);
    if (type->source)
        write_json(writer, key, text, VALUE_DERIVED, type->source);
    else
        write_integer(writer, key, value, member(given, key));
}

void write_cluster(struct writer *writer)
{
    const struct scenario *scenario = writer->reader->scenario;
    const struct cluster_settings *cluster = &scenario->cluster;
    const cJSON *object = member(writer->reader->root, "cluster");
    if (!object && scenario->service_count == 0)
        return;
    write_open(writer, "cluster", '{');
    if (cluster->name)
        write_string(writer, "name", cluster->name, member(object, "name"));
    write_open(writer, "instance_types", '{');
    for (size_t i = 0; i < cluster->type_count; i++) {
        const struct cluster_type *type = &cluster->types[i];
        const cJSON *given = member(member(object, "instance_types"), type->instance_type);
        write_open(writer, type->instance_type, '{');
        write_size(writer, "vcpu", type->vcpu, type, given);
        write_size(writer, "memory_mib", type->memory_mib, type, given);
        write_close(writer, '}');
    }
    write_close(writer, '}');
    write_fields(writer, cluster_fields, cluster, object, false);
    write_close(writer, '}');
}

void cluster_clean_up(struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->service_count; i++) {
        free(scenario->services[i].name);
        demand_series_clean_up(&scenario->services[i].tasks);
    }
    free(scenario->services);
    struct cluster_settings *cluster = &scenario->cluster;
    for (size_t i = 0; i < cluster->type_count; i++)
        free(cluster->types[i].instance_type);
    free(cluster->types);
    free(cluster->name);
    free(cluster->task_start.values_s);
    free(cluster->lb_registration.values_s);
}
