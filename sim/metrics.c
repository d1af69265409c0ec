#include "metrics.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "draw.h"
#include "faults.h"

#include <stdlib.h>
#include <string.h>

enum {
    BASIC_PERIOD_S = 300,   /* assumption: as EC2's basic monitoring */
    DETAILED_PERIOD_S = 60, /* assumption: as EC2's detailed monitoring */
};

static const char *const metric_names[METRICS] = {
    [METRIC_TARGET] = "TargetCapacity",
    [METRIC_PENDING] = "PendingCapacity",
    [METRIC_FULFILLED] = "FulfilledCapacity",
    [METRIC_TERMINATING] = "TerminatingCapacity",
};

int64_t metrics_period_s(const struct scenario *scenario)
{
    if (scenario->account.metric_period_s)
        return scenario->account.metric_period_s;
    return scenario->fleet.detailed_monitoring ? DETAILED_PERIOD_S : BASIC_PERIOD_S;
}

void metrics_init(struct metrics *metrics, const struct scenario *scenario, int64_t reach_s)
{
    int64_t period_s = metrics_period_s(scenario);
    const struct faults *faults = &scenario->controller.faults;
    const struct delay *delay = &scenario->account.metric_delay;
    bool known = delay->kind == DELAY_CONSTANT && delay->min_s < METRIC_LATEST_S;
    int64_t latest_s = known ? delay->min_s : METRIC_LATEST_S;
    for (size_t i = 0; i < faults->count; i++)
        latest_s += faults->list[i].kind == FAULT_LATE_METRICS ? faults->list[i].delay_s : 0;
    size_t capacity = 16;
    while (capacity < (size_t)((reach_s + latest_s) / period_s + 16))
        capacity *= 2;
    *metrics = (struct metrics){
        .capacity = capacity,
        .period_s = period_s,
        .seed = scenario->seed,
        .delay = delay,
        .gap_permille = scenario->account.metric_gap_permille,
        .clamp_pending = scenario->account.clamp_pending,
        .faults = faults_touch_points(faults) ? faults : NULL,
    };
    metrics->regular =
        delay->kind == DELAY_CONSTANT && metrics->gap_permille == 0 && !metrics->faults;
    metrics->ring = memory_new(metrics->capacity, sizeof *metrics->ring);
}

void metrics_clean_up(struct metrics *metrics)
{
    metric_views_clean_up(&metrics->views);
    free(metrics->ring);
}

int64_t metrics_sample_time(const struct metrics *metrics, int64_t time_s)
{
    return timestamp_floor(time_s, metrics->period_s) + metrics->period_s - 1;
}

/* The faults that fall on a sample: it comes later, or without some of its points. Returns whether
 * any point is left. */
static bool meet_faults(const struct metrics *metrics, struct metric_sample *sample)
{
    const struct faults *faults = metrics->faults;
    bool any = false;
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *fault = &faults->list[i];
        bool late = fault->kind == FAULT_LATE_METRICS;
        if ((!late && fault->kind != FAULT_MISSING_METRICS) ||
            !fault_of_points(faults, i, metrics->seed, sample->stamp_s, metrics->period_s))
            continue;
        sample->readable_s += late ? fault->delay_s : 0;
        for (int metric = 0; metric < METRICS && !late; metric++) {
            if (!fault->metric || strcmp(fault->metric, metric_names[metric]) == 0)
                sample->values.micro[metric] = BALLAST_UNKNOWN;
        }
    }
    for (int metric = 0; metric < METRICS; metric++)
        any = any || sample->values.micro[metric] != BALLAST_UNKNOWN;
    return any;
}

/* The samples to come, from the one stamped stamp_s on, have these values. */
static inline void note_changes(struct metrics *metrics, int64_t stamp_s,
                                const struct metric_values *values)
{
    const size_t count = metrics->count;
    const struct metric_sample *before = &metrics->ring[(count - 1) & (metrics->capacity - 1)];
    if (count == 0)
        metrics->since_s = stamp_s;
#pragma GCC unroll 4
    for (int metric = 0; metric < METRICS; metric++) {
        if (count == 0 || before->values.micro[metric] != values->micro[metric])
            metrics->alike_from[metric] = count;
    }
}

static inline struct metric_sample *next_sample(const struct metrics *metrics)
{
    return &metrics->ring[metrics->count & (metrics->capacity - 1)];
}

/* Where luck or a fault may have a say in it. */
static int64_t sample_by_luck(struct metrics *metrics, int64_t stamp_s, struct metric_values values)
{
    if (draw_chance(metrics->gap_permille, metrics->seed, DRAW_METRIC_GAP, (uint64_t)stamp_s))
        return RECORD_NEVER;
    struct metric_sample *sample = next_sample(metrics);
    *sample = (struct metric_sample){
        .stamp_s = stamp_s,
        .readable_s =
            stamp_s + metrics->period_s +
            draw_delay(metrics->delay, metrics->seed, DRAW_METRIC, (uint64_t)stamp_s, 0, 0),
        .values = values,
    };
    if (metrics->faults && !meet_faults(metrics, sample))
        return RECORD_NEVER;
    note_changes(metrics, stamp_s, &sample->values);
    metrics->count++;
    return sample->values.micro[METRIC_PENDING] == BALLAST_UNKNOWN ? RECORD_NEVER
                                                                   : sample->readable_s;
}

int64_t metrics_sample(struct metrics *metrics, int64_t time_s, int64_t target_micro,
                       int64_t fulfilled_micro, int64_t terminating_micro)
{
    int64_t stamp_s = time_s + 1 - metrics->period_s;
    const struct metric_values values =
        metrics_values(metrics, target_micro, fulfilled_micro, terminating_micro);
    if (!metrics->regular)
        return sample_by_luck(metrics, stamp_s, values);
    int64_t readable_s = time_s + 1 + metrics->delay->min_s;
    note_changes(metrics, stamp_s, &values);
    *next_sample(metrics) = (struct metric_sample){stamp_s, readable_s, values};
    metrics->count++;
    return readable_s;
}

void metrics_samples(struct metrics *metrics, int64_t time_s, int64_t count,
                     const struct metric_values *values)
{
    const int64_t period_s = metrics->period_s;
    int64_t stamp_s = time_s + 1 - period_s;
    note_changes(metrics, stamp_s, values);
    /* What would be overwritten at once is left out. */
    const size_t mask = metrics->capacity - 1;
    int64_t kept = count <= (int64_t)mask ? count : (int64_t)mask + 1;
    size_t at = metrics->count + (size_t)(count - kept);
    stamp_s += (count - kept) * period_s;
    struct metric_sample *ring = metrics->ring;
    struct metric_sample sample = {
        .stamp_s = stamp_s,
        .readable_s = stamp_s + period_s + metrics->delay->min_s,
        .values = *values,
    };
    for (int64_t i = 0; i < kept; i++) {
        ring[at++ & mask] = sample;
        sample.stamp_s += period_s;
        sample.readable_s += period_s;
    }
    metrics->count = at;
}

const struct metric_sample *metrics_newest(const struct metrics *metrics, int64_t now_s)
{
    const struct metric_sample *sample = NULL;
    for (size_t i = 0; (sample = metrics_back(metrics, i)); i++) {
        if (sample->readable_s <= now_s && sample->values.micro[METRIC_PENDING] != BALLAST_UNKNOWN)
            return sample;
    }
    return NULL;
}

int metrics_index(const char *name)
{
    for (int i = 0; i < METRICS; i++) {
        /* Equal texts of one program are one text, more often than not. */
        if (name == metric_names[i] ||
            (name[0] == metric_names[i][0] && strcmp(metric_names[i], name) == 0))
            return i;
    }
    return -1;
}
