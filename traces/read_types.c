/* What AWS says of instance types: describe-instance-types (vCPU and memory), and the Spot Instance
 * Advisor's data (bands, savings, and sizes too). */
#include "base/decimal.h"
#include "traces/reader.h"

#include <stdlib.h>
#include <string.h>

enum { BANDS_MAX = 16, SAVINGS_MIN = -1000 };
static const int64_t cores_max = 1000000;
static const int64_t memory_max_mib = INT64_C(1) << 40;

/* One file while it is read. */
struct types {
    struct json_document document;
    const struct record_receiver *receiver;
    struct error *err;
    size_t bands;
    int64_t low[BANDS_MAX];
    int64_t high[BANDS_MAX];
};

bool instance_types_is(struct field start)
{
    static const char *const keys[] = {"InstanceTypes", NULL};
    return document_starts_with(start, keys);
}

bool advisor_is(struct field start)
{
    static const char *const keys[] = {"spot_advisor", "instance_types", "ranges", "global_rate",
                                       NULL};
    return document_starts_with(start, keys);
}

static const cJSON *get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

static int fail(struct types *types, const cJSON *node, const char *what)
{
    return json_fail(&types->document, node, types->err, "%s", what);
}

static int copy_type(struct types *types, const cJSON *node, const char *name, char out[NAME_LIMIT])
{
    return row_copy_type(out, (struct field){name, strlen(name)})
               ? STATUS_OK
               : fail(types, node, "is not an instance type's name");
}

/* ---- describe-instance-types --------------------------------------------------------------------
 */

static int read_type(struct types *types, const cJSON *node)
{
    struct type_record record = {.vcpu_micro = -1, .memory_mib = -1};
    const cJSON *name = get(node, "InstanceType");
    const cJSON *vcpu = get(get(node, "VCpuInfo"), "DefaultVCpus");
    const cJSON *memory = get(get(node, "MemoryInfo"), "SizeInMiB");
    if (!cJSON_IsString(name))
        return fail(types, node, "no InstanceType");
    int status = copy_type(types, name, name->valuestring, record.instance_type);
    if (!status && vcpu) {
        status = json_int64(&types->document, vcpu, 1, cores_max, &record.vcpu_micro, types->err);
        record.vcpu_micro *= MICRO;
    }
    if (!status && memory)
        status =
            json_int64(&types->document, memory, 1, memory_max_mib, &record.memory_mib, types->err);
    if (status)
        return status;
    return types->receiver->type(&record, 1, types->receiver->context);
}

int reader_instance_types(struct input *input, const struct record_receiver *receiver,
                          struct error *err)
{
    struct types types = {.receiver = receiver, .err = err};
    int status = reader_document(input, &types.document, err);
    const cJSON *list = status ? NULL : get(types.document.root, "InstanceTypes");
    if (!status && !cJSON_IsArray(list))
        status = fail(&types, types.document.root, "no list \"InstanceTypes\"");
    for (const cJSON *node = status ? NULL : list->child; node && !status; node = node->next)
        status = read_type(&types, node);
    json_clean_up(&types.document);
    return status;
}

/* ---- the Spot Instance Advisor ------------------------------------------------------------------
 */

/* "<5%", "5-10%", ">20%". The numbers in `max` beside it (5, 11, 16, 22, 100) say otherwise. */
static bool read_label(const char *label, int64_t *low, int64_t *high)
{
    char *end = NULL;
    const char *digits = label + (*label == '<' || *label == '>');
    if (*digits < '0' || *digits > '9')
        return false;
    long first = strtol(digits, &end, 10);
    long second = 100;
    if (*label == '<') {
        second = first;
        first = 0;
    } else if (*label != '>') {
        if (*end != '-' || end[1] < '0' || end[1] > '9')
            return false;
        second = strtol(end + 1, &end, 10);
    }
    *low = first;
    *high = second;
    return strcmp(end, "%") == 0 && first < second && second <= 100;
}

static int read_ranges(struct types *types)
{
    const cJSON *ranges = get(types->document.root, "ranges");
    if (!cJSON_IsArray(ranges) || cJSON_GetArraySize(ranges) > BANDS_MAX)
        return fail(types, ranges ? ranges : types->document.root, "no list \"ranges\" of bands");
    for (const cJSON *node = ranges->child; node; node = node->next) {
        const cJSON *label = get(node, "label");
        const cJSON *index = get(node, "index");
        int64_t band = -1;
        if (!index || !cJSON_IsString(label))
            return fail(types, node, "a band without index or label");
        int status = json_int64(&types->document, index, 0, BANDS_MAX - 1, &band, types->err);
        if (status)
            return status;
        if (band != (int64_t)types->bands)
            return fail(types, index, "the bands are not in order");
        if (!read_label(label->valuestring, &types->low[band], &types->high[band]))
            return fail(types, label, "is not a band such as \"<5%\", \"5-10%\", \">20%\"");
        types->bands++;
    }
    return types->bands ? STATUS_OK : fail(types, ranges, "no bands");
}

static int read_entry(struct types *types, const cJSON *node, struct advisor_record *record)
{
    const cJSON *band = get(node, "r");
    const cJSON *savings = get(node, "s");
    int64_t index = 0;
    if (!band || !savings)
        return fail(types, node, "no band \"r\" or no savings \"s\"");
    int status = copy_type(types, node, node->string, record->instance_type);
    if (!status)
        status =
            json_int64(&types->document, band, 0, (int64_t)types->bands - 1, &index, types->err);
    if (!status)
        status = json_int64(&types->document, savings, SAVINGS_MIN, 100, &record->savings_percent,
                            types->err);
    if (status)
        return status;
    record->low_percent = types->low[index];
    record->high_percent = types->high[index];
    return types->receiver->advisor(record, 1, types->receiver->context);
}

static int read_region(struct types *types, const cJSON *region)
{
    struct advisor_record record = {0};
    if (!row_copy_zone(record.region, (struct field){region->string, strlen(region->string)}))
        return fail(types, region, "is not a region's name");
    for (const cJSON *os = region->child; os; os = os->next) {
        if (!os->string ||
            !row_copy_zone(record.os, (struct field){os->string, strlen(os->string)}))
            return fail(types, os, "is not an operating system's name");
        for (const cJSON *node = os->child; node; node = node->next) {
            int status = node->string ? read_entry(types, node, &record)
                                      : fail(types, node, "is not an entry of a type");
            if (status)
                return status;
        }
    }
    return STATUS_OK;
}

/* Sizes: {"cores": 2, "ram_gb": 15.25}. */
static int read_size(struct types *types, const cJSON *node)
{
    struct type_record record = {.vcpu_micro = -1, .memory_mib = -1};
    const cJSON *cores = get(node, "cores");
    const cJSON *memory = get(node, "ram_gb");
    int64_t gib_micro = 0;
    int status = copy_type(types, node, node->string, record.instance_type);
    if (!status && cores)
        status = json_decimal(&types->document, cores, 0, cores_max * MICRO, &record.vcpu_micro,
                              types->err);
    if (!status && memory) {
        status =
            json_decimal(&types->document, memory, 0, cores_max * MICRO, &gib_micro, types->err);
        record.memory_mib = gib_micro * 1024 / MICRO;
    }
    if (status)
        return status;
    return types->receiver->type(&record, 1, types->receiver->context);
}

int reader_advisor(struct input *input, const struct record_receiver *receiver, struct error *err)
{
    struct types types = {.receiver = receiver, .err = err};
    int status = reader_document(input, &types.document, err);
    const cJSON *regions = status ? NULL : get(types.document.root, "spot_advisor");
    const cJSON *sizes = status ? NULL : get(types.document.root, "instance_types");
    if (!status && !cJSON_IsObject(regions))
        status = fail(&types, types.document.root, "no object \"spot_advisor\"");
    if (!status && sizes && !cJSON_IsObject(sizes))
        status = fail(&types, sizes, "must be an object of types");
    if (!status)
        status = read_ranges(&types);
    for (const cJSON *node = status ? NULL : regions->child; node && !status; node = node->next)
        status = read_region(&types, node);
    for (const cJSON *node = status || !sizes ? NULL : sizes->child; node && !status;
         node = node->next)
        status = read_size(&types, node);
    json_clean_up(&types.document);
    return status;
}
