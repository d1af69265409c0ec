#include "base/memory.h"
#include "traces/trace.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int interruption_by_time(const void *a, const void *b)
{
    const struct interruption_step *x = a;
    const struct interruption_step *y = b;
    if (x->time_s != y->time_s)
        return x->time_s < y->time_s ? -1 : 1;
    int order = strcmp(x->zone, y->zone);
    return order ? order : strcmp(x->instance_type, y->instance_type);
}

int capacity_by_time(const void *a, const void *b)
{
    const struct capacity_step *x = a;
    const struct capacity_step *y = b;
    if (x->time_s != y->time_s)
        return x->time_s < y->time_s ? -1 : 1;
    int order = strcmp(x->zone, y->zone);
    return order ? order : strcmp(x->instance_type, y->instance_type);
}

void trace_set_clean_up(struct trace_set *set)
{
    for (size_t i = 0; i < set->market_count; i++) {
        free(set->markets[i].zone);
        free(set->markets[i].instance_type);
        free(set->markets[i].product);
        free(set->markets[i].steps);
        free(set->markets[i].peaks);
    }
    for (size_t i = 0; i < set->interruption_count; i++) {
        free(set->interruptions[i].zone);
        free(set->interruptions[i].instance_type);
    }
    for (size_t i = 0; i < set->capacity_count; i++) {
        free(set->capacities[i].zone);
        free(set->capacities[i].instance_type);
    }
    free(set->markets);
    free(set->interruptions);
    free(set->capacities);
    *set = (struct trace_set){0};
}

static void find_peaks(struct market *market)
{
    free(market->peaks);
    market->peaks =
        memory_new((market->step_count + PEAK_STEPS - 1) / PEAK_STEPS, sizeof *market->peaks);
    for (size_t i = 0; i < market->step_count; i++) {
        int64_t price = market->steps[i].micro_usd_per_hour;
        int64_t *peak = &market->peaks[i / PEAK_STEPS];
        if (i % PEAK_STEPS == 0 || price > *peak)
            *peak = price;
    }
}

void trace_set_seal(struct trace_set *set)
{
    for (size_t i = 0; i < set->market_count; i++)
        find_peaks(&set->markets[i]);
    struct hash *hash = hash_new();
    for (size_t i = 0; i < set->market_count; i++) {
        const struct market *market = &set->markets[i];
        hash_add_string(hash, market->zone);
        hash_add_string(hash, market->instance_type);
        hash_add_string(hash, market->product);
        hash_add_int64(hash, (int64_t)market->step_count);
        static_assert(sizeof *market->steps == 2 * sizeof(int64_t), "a step is its two values");
        if (market->step_count > 0)
            hash_add_int64s(hash, (const int64_t *)market->steps, 2 * market->step_count);
    }
    hash_add_int64(hash, (int64_t)set->interruption_count);
    for (size_t i = 0; i < set->interruption_count; i++) {
        hash_add_int64(hash, set->interruptions[i].time_s);
        hash_add_string(hash, set->interruptions[i].zone);
        hash_add_string(hash, set->interruptions[i].instance_type);
        hash_add_int64(hash, set->interruptions[i].instances);
        if (set->interruptions[i].of) /* so that what knows nothing of it keeps its hash */
            hash_add_int64(hash, -set->interruptions[i].of);
    }
    for (size_t i = 0; i < set->capacity_count; i++) {
        hash_add_int64(hash, set->capacities[i].time_s);
        hash_add_string(hash, set->capacities[i].zone);
        hash_add_string(hash, set->capacities[i].instance_type);
        hash_add_int64(hash, set->capacities[i].instances);
    }
    hash_finish(hash, set->hash);
}
