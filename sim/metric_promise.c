/* Until when the answers to a metric query stay as they are, but for their time. */
#include "base/timestamp.h"
#include "skipping.h"

enum { MINUTE_S = 60 };

bool metric_plain(const struct metrics *metrics, const struct cloud_metric_query *query)
{
    return metrics->regular && query->period_s <= metrics->period_s &&
           query->statistic != BALLAST_SAMPLE_COUNT;
}

bool metric_keeps_step(const struct metrics *metrics, int64_t every_s)
{
    return every_s % MINUTE_S == 0 && every_s % metrics->period_s == 0;
}

/* Whether the newest readable point, which is up to two periods and the delay old, is within reach
 * at every evaluation; or, with `none`, at none. Periods are whole minutes, and so is what the
 * query begins with. */
static bool always_in_reach(const struct metrics *metrics, const struct cloud_metric_query *query,
                            const struct metric_outlook *outlook)
{
    int64_t oldest_s = outlook->now_s - 2 * metrics->period_s - metrics->delay->min_s + 1;
    if (outlook->every_s % MINUTE_S != 0)
        return oldest_s >= query->start_s;
    return timestamp_floor(oldest_s + MINUTE_S - 1, MINUTE_S) >=
           timestamp_floor(query->start_s, MINUTE_S);
}

static bool never_in_reach(const struct metrics *metrics, const struct cloud_metric_query *query,
                           const struct metric_outlook *outlook)
{
    int64_t youngest_s = outlook->now_s - metrics->period_s - metrics->delay->min_s;
    return youngest_s < query->start_s - (MINUTE_S - 1);
}

static bool within(const struct sized_band *band, int64_t value_micro)
{
    return value_micro >= band->low_micro && value_micro <= band->high_micro;
}

/* When the first point becomes readable whose value is another than that of the newest readable
 * one, or if that is within `band`, not. */
static int64_t differs_s(const struct metrics *metrics, int metric, int64_t now_s,
                         const struct sized_band *band, struct sized_band *out_band)
{
    size_t newest = 0;
    const struct metric_sample *sample = metrics_back(metrics, newest);
    while (sample && sample->readable_s > now_s)
        sample = metrics_back(metrics, ++newest);
    if (!sample)
        return now_s;
    int64_t value_micro = sample->values.micro[metric];
    *out_band =
        band && within(band, value_micro) ? *band : (struct sized_band){value_micro, value_micro};
    while (newest > 0) {
        sample = metrics_back(metrics, --newest);
        if (!within(out_band, sample->values.micro[metric]))
            return sample->readable_s;
    }
    return INT64_MAX;
}

int64_t metric_promise(const struct metrics *metrics, int metric,
                       const struct cloud_metric_query *query, const struct metric_outlook *outlook,
                       const struct ballast_answer *answer, const struct sized_band *band,
                       struct sized_band *out_band)
{
    *out_band = (struct sized_band){INT64_MAX, INT64_MIN};
    int64_t now_s = outlook->now_s;
    if (metric < 0)
        return INT64_MAX;
    const struct metric_sample *newest = metrics_back(metrics, 0);
    if (!outlook->active)
        return answer->status == BALLAST_EMPTY && (!newest || newest->readable_s <= now_s)
                   ? INT64_MAX
                   : now_s;
    /* Points without a hole from before what was asked for until now. */
    if (!newest || metrics->since_s > timestamp_floor(query->start_s, MINUTE_S) ||
        newest->stamp_s + 2 * metrics->period_s - 1 != outlook->next_sample_s)
        return now_s;
    if (answer->status == BALLAST_EMPTY)
        return outlook->keeps_step || never_in_reach(metrics, query, outlook) ? INT64_MAX : now_s;
    if (answer->status != BALLAST_OK ||
        (!outlook->keeps_step && !always_in_reach(metrics, query, outlook)))
        return now_s;
    return differs_s(metrics, metric, now_s, band, out_band);
}

int64_t metric_differs_until(const struct metrics *metrics, int metric, int64_t within_s,
                             int64_t until_s)
{
    size_t same = metrics->count - metrics->alike_from[metric];
    const struct metric_sample *before = metrics_back(metrics, same);
    if (!before || metrics_back(metrics, same - 1)->readable_s > until_s)
        return until_s;
    int64_t leaves_s = before->stamp_s + within_s;
    return leaves_s > until_s ? leaves_s : until_s;
}
