/* The zones in which a scenario's traces know a type. */
#include "base/memory.h"
#include "scenario/parts.h"
#include "scenario/trace_answers.h"

#include <stdlib.h>
#include <string.h>

struct zone_list {
    char **zones;
    size_t count;
    size_t capacity;
};

static void add_zone(struct zone_list *list, const char *zone)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->zones[i], zone) == 0)
            return;
    }
    ARRAY_PUSH(list->zones, list->count, list->capacity, memory_copy_text(zone));
}

static int by_text(const void *a, const void *b)
{
    const char *const *x = a;
    const char *const *y = b;
    return strcmp(*x, *y);
}

int known_zones(const struct scenario *scenario, struct reader *reader, const char *instance_type,
                char ***out_zones, size_t *out_count, struct error *err)
{
    bool unseen = false;
    struct zone_list list = {0};
    int status = STATUS_OK;
    for (size_t i = 0; i < scenario->trace_path_count && !status; i++) {
        const struct trace_question question = {.kind = QUESTION_ZONES,
                                                .path = scenario->trace_paths[i],
                                                .instance_type = instance_type,
                                                .product = scenario->product};
        struct trace_answer answer;
        status = trace_ask(reader ? reader->memory : NULL, &question, &answer,
                           reader ? &reader->all_kept : &unseen, err);
        for (char **zone = answer.zones; zone && *zone; zone++)
            add_zone(&list, *zone);
        trace_answer_clean_up(&answer);
    }
    for (size_t i = 0; i < scenario->inline_traces.market_count; i++) {
        const struct market *market = &scenario->inline_traces.markets[i];
        if (strcmp(market->instance_type, instance_type) == 0 &&
            strcmp(market->product, scenario->product) == 0)
            add_zone(&list, market->zone);
    }
    for (size_t i = 0; i < scenario->synth_count; i++) {
        for (size_t m = 0; m < scenario->synth[i].market_count; m++) {
            const struct synth_market *market = &scenario->synth[i].markets[m];
            if (strcmp(market->instance_type, instance_type) == 0)
                add_zone(&list, market->zone);
        }
    }
    if (list.count)
        qsort(list.zones, list.count, sizeof *list.zones, by_text);
    *out_zones = list.zones;
    *out_count = list.count;
    return status;
}
