/* CloudWatch's AWS/EC2Spot metrics of the fleet: points, when they can be read, and queries.
 *
 * A point stamped m of period P holds the state at the end of second m + P - 1 and can be read from
 * m + P + delay on (docs/model.md, "CloudWatch and the controller"). Points live in a ring that
 * reaches back as far as the policy looks.
 */
#ifndef SIM_METRICS_H
#define SIM_METRICS_H

#include "metric_view.h"
#include "policy/cloud.h"
#include "record/record.h"
#include "scenario/scenario.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum metric { METRIC_TARGET = 0, METRIC_PENDING, METRIC_FULFILLED, METRIC_TERMINATING, METRICS };

enum {
    METRIC_LATEST_S = 86400
}; /* a point that is readable later than this, faults apart, may be lost */

struct metric_values {
    int64_t micro[METRICS];
};

struct metric_sample {
    int64_t stamp_s;
    int64_t readable_s;
    struct metric_values values; /* BALLAST_UNKNOWN: the point was lost */
};

struct metrics {
    struct metric_sample *ring;
    size_t capacity; /* a power of two */
    size_t count;    /* samples ever taken; the newest is ring[(count - 1) & (capacity - 1)] */
    int64_t period_s;
    uint64_t seed;
    const struct delay *delay;
    int64_t gap_permille;
    bool clamp_pending;
    bool regular; /* each sample has all its points, and they become readable in their turn */
    size_t alike_from[METRICS];  /* from this sample on they have the newest one's value */
    int64_t since_s;             /* the first stamp; since then regular ones are without a hole */
    const struct faults *faults; /* NULL unless some are of points */
    struct metric_views views;
};

/* Seconds from one point to the next. */
int64_t metrics_period_s(const struct scenario *scenario);
/* `reach_s` is how far back queries go. */
void metrics_init(struct metrics *metrics, const struct scenario *scenario, int64_t reach_s);
void metrics_clean_up(struct metrics *metrics);

/* Second at which the period that contains `time_s` is sampled: its last one. */
int64_t metrics_sample_time(const struct metrics *metrics, int64_t time_s);

/* PendingCapacity in such a state. */
static inline int64_t metrics_pending(const struct metrics *metrics, int64_t target_micro,
                                      int64_t fulfilled_micro)
{
    int64_t pending_micro = target_micro - fulfilled_micro;
    return metrics->clamp_pending && pending_micro < 0 ? 0 : pending_micro;
}

/* What a point says of it. */
static inline struct metric_values metrics_values(const struct metrics *metrics,
                                                  int64_t target_micro, int64_t fulfilled_micro,
                                                  int64_t terminating_micro)
{
    return (struct metric_values){
        {[METRIC_TARGET] = target_micro,
         [METRIC_PENDING] = metrics_pending(metrics, target_micro, fulfilled_micro),
         [METRIC_FULFILLED] = fulfilled_micro,
         [METRIC_TERMINATING] = terminating_micro}};
}
/* Of a metric's name: its enum metric, or -1. */
int metrics_index(const char *name);

/* Take the sample of the period whose last second is time_s. Returns when it can be read, or
 * RECORD_NEVER if PendingCapacity has no point. */
int64_t metrics_sample(struct metrics *metrics, int64_t time_s, int64_t target_micro,
                       int64_t fulfilled_micro, int64_t terminating_micro);
/* Take `count` samples, all with these values, the first of the period whose last second is time_s.
 * Only where the delay is constant and no point is lost. */
void metrics_samples(struct metrics *metrics, int64_t time_s, int64_t count,
                     const struct metric_values *values);

/* The i-th newest sample, or NULL when the ring holds no more. */
static inline const struct metric_sample *metrics_back(const struct metrics *metrics, size_t i)
{
    if (i >= metrics->count || i >= metrics->capacity)
        return NULL;
    return &metrics->ring[(metrics->count - 1 - i) & (metrics->capacity - 1)];
}

/* Newest sample readable at now_s that has a point of PendingCapacity, or NULL. */
const struct metric_sample *metrics_newest(const struct metrics *metrics, int64_t now_s);

/* Somebody is about to ask, in the pace in which the policy is asked: points that are kept are
 * brought up to now_s, once. Who asks without is answered from the ring. */
static inline void metrics_turn(struct metrics *metrics, int64_t now_s)
{
    if (metrics->views.used && metrics->views.now_s != now_s)
        metric_views_turn(metrics, now_s);
}

/* Answer a query as CloudWatch would (metric_query.c), from the ring. The points are in out_points.
 */
void metrics_look_up(struct metrics *metrics, const struct cloud_metric_query *query, int64_t now_s,
                     struct ballast_point *out_points, size_t capacity,
                     struct ballast_answer *out_answer);

/* The same; the points are in out_points, or kept (metric_view.h) and valid until the second is
 * over. */
static inline void metrics_query(struct metrics *metrics, const struct cloud_metric_query *query,
                                 int64_t now_s, struct ballast_point *out_points, size_t capacity,
                                 struct ballast_answer *out_answer)
{
    const struct metric_view *view = &metrics->views.list[query->read];
    if (!view->kept || metrics->views.now_s != now_s || !metric_view_asks(view, query, now_s)) {
        metrics_look_up(metrics, query, now_s, out_points, capacity, out_answer);
        return;
    }
    out_answer->status = BALLAST_OK;
    out_answer->error_code = NULL;
    out_answer->points = metric_view_points(
        view, draw_order(query->api, metrics->seed, view->index, now_s, view->count));
    out_answer->point_count = view->count;
}

#endif
