#include "twin/custom.h"

#include "base/memory.h"
#include "base/text.h"
#include "base/timestamp.h"

#include <stdlib.h>
#include <string.h>

enum { KEPT_S = 15 * 86400, MINUTE_S = 60 };

/* Between the parts of a key: no text of a request has it in it that XML could carry. */
static const char PART[] = "\x1f";

void custom_clean_up(struct custom_metrics *metrics)
{
    for (size_t i = 0; i < metrics->count; i++) {
        free(metrics->list[i].key);
        free(metrics->list[i].parts);
        free(metrics->list[i].minutes);
    }
    free(metrics->list);
}

struct dimension {
    const char *name;
    const char *value;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct dimension *)a)->name, ((const struct dimension *)b)->name);
}

static bool plain(const char *text)
{
    return *text && !strstr(text, PART);
}

const char *custom_key(struct call *call, const char *namespace, const char *name,
                       const struct tree *dimensions)
{
    struct dimension list[CUSTOM_DIMENSIONS_MAX];
    size_t count = 0;
    bool right = plain(namespace) && plain(name);
    for (const struct tree *at = dimensions; at && right; at = at->next) {
        right = count < CUSTOM_DIMENSIONS_MAX &&
                tree_text(tree_find(at, "Name"), &list[count].name) &&
                tree_text(tree_find(at, "Value"), &list[count].value) && plain(list[count].name) &&
                plain(list[count].value);
        count += right;
    }
    if (count > 1)
        qsort(list, count, sizeof *list, by_name);
    for (size_t i = 1; i < count; i++)
        right = right && strcmp(list[i - 1].name, list[i].name) != 0;
    if (!right) {
        call_bad_value(call,
                       "Namespace, MetricName and each of at most %d Dimensions need a text, "
                       "and no dimension comes twice.",
                       CUSTOM_DIMENSIONS_MAX);
        return NULL;
    }
    const char *key = arena_format(&call->arena, "%s%s%s", namespace, PART, name);
    for (size_t i = 0; i < count; i++)
        key =
            arena_format(&call->arena, "%s%s%s%s%s", key, PART, list[i].name, PART, list[i].value);
    return key;
}

const struct custom_metric *custom_find(const struct custom_metrics *metrics, const char *key)
{
    for (size_t i = 0; i < metrics->count; i++) {
        if (strcmp(metrics->list[i].key, key) == 0)
            return &metrics->list[i];
    }
    return NULL;
}

struct custom_metric *custom_make(struct custom_metrics *metrics, const char *key)
{
    for (size_t i = 0; i < metrics->count; i++) {
        if (strcmp(metrics->list[i].key, key) == 0)
            return &metrics->list[i];
    }
    struct custom_metric metric = {
        .key = memory_copy_text(key), .parts = memory_copy_text(key), .unit = "None"};
    char *rest = NULL;
    metric.namespace = strtok_r(metric.parts, PART, &rest);
    metric.name = strtok_r(NULL, PART, &rest);
    for (char *part = strtok_r(NULL, PART, &rest); part; part = strtok_r(NULL, PART, &rest))
        metric.dimensions[metric.dimension_count++] = part;
    metric.dimension_count /= 2;
    ARRAY_PUSH(metrics->list, metrics->count, metrics->capacity, metric);
    return &metrics->list[metrics->count - 1];
}

static void forget(struct custom_metrics *metrics, struct custom_metric *metric, int64_t before_s)
{
    size_t old = 0;
    while (old < metric->count && metric->minutes[old].time_s < before_s)
        old++;
    if (old == 0)
        return;
    metric->count -= old;
    metrics->minutes -= old;
    memmove(metric->minutes, metric->minutes + old, metric->count * sizeof *metric->minutes);
}

bool custom_add(struct custom_metrics *metrics, struct custom_metric *metric, int64_t now_s,
                const struct custom_minute *minute)
{
    int64_t time_s = timestamp_floor(minute->time_s, MINUTE_S);
    forget(metrics, metric, now_s - KEPT_S);
    size_t at = metric->count;
    while (at > 0 && metric->minutes[at - 1].time_s > time_s)
        at--;
    if (at > 0 && metric->minutes[at - 1].time_s == time_s) {
        struct custom_minute *same = &metric->minutes[at - 1];
        same->count += minute->count;
        same->sum += minute->sum;
        same->min = minute->min < same->min ? minute->min : same->min;
        same->max = minute->max > same->max ? minute->max : same->max;
        return true;
    }
    if (metrics->minutes >= CUSTOM_MINUTES_MAX)
        return false;
    metrics->minutes++;
    ARRAY_PUSH(metric->minutes, metric->count, metric->capacity, *minute);
    memmove(metric->minutes + at + 1, metric->minutes + at,
            (metric->count - 1 - at) * sizeof *metric->minutes);
    metric->minutes[at] = *minute;
    metric->minutes[at].time_s = time_s;
    return true;
}
