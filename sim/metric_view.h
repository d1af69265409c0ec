/* Points of a metric as call after call returns them, kept so that no call need copy them.
 *
 * A policy asks for the newest points of a metric minute after minute, and each call returns them
 * in an order of its own. A view holds them twice in a row, from old to new and from new to old: an
 * order that goes round, from whichever point, is then a stretch of it, and a new point takes four
 * writes. Calls that are far apart, or see now more and now fewer points, are answered by copying.
 *
 * Only where each sample is one point, none is missing, and each becomes readable in its turn.
 */
#ifndef SIM_METRIC_VIEW_H
#define SIM_METRIC_VIEW_H

#include "policy/cloud.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct metrics;

/* The order in which a call returns its points: from `first` (counted back from the newest) on,
 * round and round, to older ones or `backward`, to newer ones. GetMetricStatistics promises none:
 * the first one is uniform over all, which is what a reader who takes the first one depends on. */
struct order {
    size_t first;
    bool backward;
};

struct metric_view {
    /* what the read asks for again and again */
    const char *metric;
    int64_t lookback_s;
    int index;    /* enum metric */
    size_t count; /* of points returned; 0: none were asked for, or there were none */
    /* the points */
    bool asked;                   /* in this turn */
    bool kept;                    /* they are here */
    size_t turns;                 /* in a row, before that */
    size_t place;                 /* of the newest, from old to new */
    size_t room;                  /* points there is memory for */
    struct ballast_point *points; /* 2 * count from old to new, then as many from new to old */
};

struct metric_views {
    struct metric_view list[BALLAST_READS_MAX]; /* of the policy's reads */
    size_t used;
    /* the turn: a second in which somebody asks */
    int64_t now_s;
    size_t newest; /* sample that can be read */
};

static inline bool metric_view_asks(const struct metric_view *view,
                                    const struct cloud_metric_query *query)
{
    return view->metric == query->metric && view->lookback_s == query->end_s - query->start_s;
}

/* A read is answered with `count` points of a metric, and will be with as many at every turn while
 * samples come in their pace. */
void metric_view_begin(struct metrics *metrics, const struct cloud_metric_query *query, int index,
                       size_t count);
/* A turn at now_s: views that are asked turn after turn have the points of its newest sample. */
void metric_views_turn(struct metrics *metrics, int64_t now_s);
/* The points in such an order, where they are kept. Owned by the view, and valid until the second
 * is over. */
static inline const struct ballast_point *metric_view_points(const struct metric_view *view,
                                                             struct order order)
{
    /* Without a branch, for either is as likely. From new to old the newest one stands at
     * count - 1 - place. */
    size_t count = view->count;
    const struct ballast_point *points = view->points + (order.backward ? 0 : 2 * count);
    size_t to_new = view->place + count - order.first;
    size_t to_old = count - 1 - view->place + order.first;
    size_t at = order.backward ? to_new : to_old;
    return points + (at < count ? at : at - count);
}
void metric_views_clean_up(struct metric_views *views);

#endif
