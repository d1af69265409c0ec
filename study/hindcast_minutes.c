/* Capacity at every whole minute of the window, simulated beside actual. */
#include "base/memory.h"
#include "base/timestamp.h"
#include "study/hindcast_parts.h"

#include <stdlib.h>

enum { MINUTE_S = 60 };

struct change {
    int64_t time_s;
    int64_t micro;
};

struct changes {
    struct change *list;
    size_t count;
    size_t capacity;
    size_t next;
    int64_t micro; /* now */
};

static int by_time(const void *a, const void *b)
{
    const struct change *left = a;
    const struct change *right = b;
    return (left->time_s > right->time_s) - (left->time_s < right->time_s);
}

static struct changes changes_of(const struct hindcast_work *work, const struct lived *lived,
                                 size_t count)
{
    struct changes changes = {0};
    for (size_t i = 0; i < count; i++) {
        if (lived[i].pool == NO_POOL)
            continue;
        int64_t weight = work->scenario->fleet.pools[lived[i].pool].weight_micro;
        const struct change begins = {lived[i].start_s, weight};
        const struct change ends = {lived[i].end_s, -weight};
        ARRAY_PUSH(changes.list, changes.count, changes.capacity, begins);
        if (lived[i].end_s != INT64_MAX)
            ARRAY_PUSH(changes.list, changes.count, changes.capacity, ends);
    }
    if (changes.count)
        qsort(changes.list, changes.count, sizeof *changes.list, by_time);
    return changes;
}

static int64_t at(struct changes *changes, int64_t time_s)
{
    for (; changes->next < changes->count && changes->list[changes->next].time_s <= time_s;
         changes->next++)
        changes->micro += changes->list[changes->next].micro;
    return changes->micro;
}

static int64_t distance(const int64_t pair[2])
{
    return pair[0] > pair[1] ? pair[0] - pair[1] : pair[1] - pair[0];
}

static bool same(const struct hindcast_minute *a, const struct hindcast_minute *b)
{
    return a->spot_micro[0] == b->spot_micro[0] && a->spot_micro[1] == b->spot_micro[1] &&
           a->on_demand[0] == b->on_demand[0] && a->on_demand[1] == b->on_demand[1];
}

void hindcast_minutes(struct hindcast_work *work)
{
    struct hindcast *out = work->out;
    const struct hindcast_sample *samples = work->input->samples;
    struct changes simulated = changes_of(work, work->simulated, work->simulated_count);
    struct changes actual = changes_of(work, work->actual, work->actual_count);
    size_t sample = 0;
    size_t capacity = 0;
    int64_t worst = 0;
    out->worst_s = work->from_s;
    for (int64_t time_s = timestamp_floor(work->from_s + MINUTE_S - 1, MINUTE_S);
         time_s < work->to_s; time_s += MINUTE_S) {
        while (sample + 1 < work->input->sample_count && samples[sample + 1].time_s <= time_s)
            sample++;
        struct hindcast_minute now = {.time_s = time_s};
        now.spot_micro[0] = at(&simulated, time_s);
        now.spot_micro[1] = at(&actual, time_s);
        if (work->input->sample_count) {
            now.on_demand[0] = work->seen[sample].in_service;
            now.on_demand[1] = samples[sample].in_service;
        }
        out->minutes_compared++;
        out->minutes_equal += distance(now.spot_micro) == 0 && distance(now.on_demand) == 0;
        out->spot_distance += distance(now.spot_micro);
        out->on_demand_distance += distance(now.on_demand);
        if (distance(now.spot_micro) > worst) {
            worst = distance(now.spot_micro);
            out->worst_s = time_s;
        }
        if (out->minute_count == 0 || !same(&out->minutes[out->minute_count - 1], &now))
            ARRAY_PUSH(out->minutes, out->minute_count, capacity, now);
    }
    free(simulated.list);
    free(actual.list);
}
