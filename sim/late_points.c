#include "late_points.h"

#include "fleet.h"
#include "seconds.h"

static bool same_values(const struct metric_values *a, const struct metric_values *b)
{
    int64_t differ = 0;
    for (int metric = 0; metric < METRICS; metric++)
        differ |= a->micro[metric] ^ b->micro[metric];
    return differ == 0;
}

/* What the point before the next one says. */
static const struct metric_values *last_values(const struct world *world,
                                               const struct late_points *late)
{
    return late->count ? &late->stretches[late->count - 1].values
                       : &metrics_back(&world->metrics, 0)->values;
}

void late_put(struct world *world, struct late_points *late, int64_t time_s)
{
    const int64_t period_s = world->metrics.period_s;
    if (world->next_sample_s >= time_s)
        return;
    int64_t points = (time_s - 1 - world->next_sample_s) / period_s + 1;
    const struct metric_values values =
        metrics_values(&world->metrics, world->fleet.target_micro, fleet_fulfilled(world),
                       world->fleet.terminating_micro);
    const struct metric_values *last = last_values(world, late);
    if (late->count > 0 && same_values(last, &values)) {
        late->stretches[late->count - 1].points += points;
    } else {
        skipping_foresee(world, last, &values);
        if (late->count == LATE_STRETCHES)
            late_take(world, late);
        late->stretches[late->count++] = (struct late_stretch){points, values};
    }
    world->next_sample_s += points * period_s;
}

void late_take(struct world *world, struct late_points *late)
{
    struct metrics *metrics = &world->metrics;
    if (late->count == 0)
        return;
    /* Those before the last ones that the metrics keep are not taken at all. */
    int64_t time_s = world->next_sample_s;
    size_t first = late->count;
    for (size_t kept = 0; first > 0 && kept < metrics->capacity;) {
        int64_t points = late->stretches[--first].points;
        kept += (size_t)points;
        time_s -= points * metrics->period_s;
    }
    for (; first < late->count; first++) {
        const struct late_stretch *stretch = &late->stretches[first];
        metrics_samples(metrics, time_s, stretch->points, &stretch->values);
        time_s += stretch->points * metrics->period_s;
    }
    late->count = 0;
    skipping_taken(world);
}

void late_evaluation(struct world *world, struct late_points *late)
{
    const struct metrics *metrics = &world->metrics;
    if (world->skipping.reads_points || !world->skipping.asks_again || late->count == 0) {
        late_take(world, late);
        return;
    }
    /* The alarm, which rests, is looked at with it. */
    const struct metric_sample newest = {
        .stamp_s = world->next_sample_s + 1 - 2 * metrics->period_s,
        .readable_s = world->next_sample_s + 1 - metrics->period_s + metrics->delay->min_s};
    if (world->alarmed)
        alarm_goes_on(world, &newest);
}
