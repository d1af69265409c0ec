#include "record/answer.h"

#include "base/decimal.h"
#include "base/memory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ----------------------------------------------------------------------------------
 */

static int bad(const struct json_document *document, const cJSON *node, struct error *err)
{
    return json_fail(document, node, err, "is not what a recording keeps of an answer");
}

static int read_units(const struct json_document *document, const cJSON *node, int64_t *out_micro,
                      struct error *err)
{
    *out_micro = BALLAST_UNKNOWN;
    return cJSON_IsNull(node) ? STATUS_OK
                              : json_decimal(document, node, -INT64_MAX, INT64_MAX, out_micro, err);
}

static int read_points(struct stored_answer *answer, struct error *err)
{
    const struct json_document *document = &answer->document;
    size_t capacity = 0;
    int status = STATUS_OK;
    const cJSON *node = NULL;
    cJSON_ArrayForEach(node, document->root)
    {
        struct ballast_point point = {0};
        if (!cJSON_IsArray(node) || cJSON_GetArraySize(node) != 2)
            return bad(document, node, err);
        status = json_int64(document, node->child, 0, INT64_MAX, &point.time_s, err);
        if (!status)
            status = json_decimal(document, node->child->next, -INT64_MAX, INT64_MAX,
                                  &point.value_micro, err);
        if (status)
            return status;
        ARRAY_PUSH(answer->points, answer->point_count, capacity, point);
    }
    return status;
}

static int read_price(const struct json_document *document, const cJSON *node,
                      struct ballast_spot_price *out_price, struct error *err)
{
    if (!cJSON_IsArray(node) || cJSON_GetArraySize(node) != 6)
        return bad(document, node, err);
    const cJSON *type = node->child;
    const cJSON *zone = type->next;
    const cJSON *time = zone->next;
    const cJSON *price = time->next;
    *out_price = (struct ballast_spot_price){0};
    int status = json_string(document, type, &out_price->instance_type, err);
    if (!status)
        status = json_string(document, zone, &out_price->zone, err);
    if (!status)
        status = json_int64(document, time, 0, INT64_MAX, &out_price->time_s, err);
    if (!status)
        status = json_int64(document, price, 0, INT64_MAX, &out_price->micro_usd_per_hour, err);
    if (!status)
        status = read_units(document, price->next, &out_price->weight_micro, err);
    if (!status)
        status = read_units(document, price->next->next, &out_price->fulfilled_micro, err);
    return status;
}

static int read_prices(struct stored_answer *answer, struct error *err)
{
    size_t capacity = 0;
    const cJSON *node = NULL;
    cJSON_ArrayForEach(node, answer->document.root)
    {
        struct ballast_spot_price price;
        int status = read_price(&answer->document, node, &price, err);
        if (status)
            return status;
        ARRAY_PUSH(answer->prices, answer->price_count, capacity, price);
    }
    return STATUS_OK;
}

static const cJSON *member(const struct json_document *document, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(document->root, name);
}

static int read_fleet(struct stored_answer *answer, struct error *err)
{
    const struct json_document *document = &answer->document;
    const cJSON *target = member(document, "target");
    const cJSON *fulfilled = member(document, "fulfilled");
    const cJSON *active = member(document, "active");
    if (!target || !fulfilled || !active)
        return bad(document, document->root, err);
    int status = read_units(document, target, &answer->fleet.target_micro, err);
    if (!status)
        status = read_units(document, fulfilled, &answer->fleet.fulfilled_micro, err);
    if (!status)
        status = json_bool(document, active, &answer->fleet.active, err);
    return status;
}

static int read_cluster(struct stored_answer *answer, struct error *err)
{
    const struct json_document *document = &answer->document;
    const struct {
        const char *name;
        int64_t *value;
    } members[] = {{"registered_instances", &answer->cluster.registered_instances},
                   {"running_tasks", &answer->cluster.running_tasks},
                   {"pending_tasks", &answer->cluster.pending_tasks}};
    for (size_t i = 0; i < ARRAY_LENGTH(members); i++) {
        const cJSON *node = member(document, members[i].name);
        if (!node)
            return bad(document, document->root, err);
        int status = json_int64(document, node, 0, INT64_MAX, members[i].value, err);
        if (status)
            return status;
    }
    return STATUS_OK;
}

int answer_read(struct stored_answer *answer, enum ballast_read_kind kind, const char *name,
                const char *text, struct error *err)
{
    answer_clean_up(answer);
    int status = json_parse(&answer->document, name, text, strlen(text), err);
    if (status)
        return status;
    bool list = kind == BALLAST_READ_METRIC || kind == BALLAST_READ_SPOT_PRICES;
    if (list ? !cJSON_IsArray(answer->document.root) : !cJSON_IsObject(answer->document.root))
        return bad(&answer->document, answer->document.root, err);
    switch (kind) {
    case BALLAST_READ_METRIC:
        return read_points(answer, err);
    case BALLAST_READ_FLEET:
        return read_fleet(answer, err);
    case BALLAST_READ_CLUSTER:
        return read_cluster(answer, err);
    case BALLAST_READ_SPOT_PRICES:
        return read_prices(answer, err);
    }
    return STATUS_OK;
}

void answer_clean_up(struct stored_answer *answer)
{
    free(answer->points);
    free(answer->prices);
    if (answer->document.root)
        json_clean_up(&answer->document);
    *answer = (struct stored_answer){0};
}
