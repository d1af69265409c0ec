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

#include "base/decimal.h"
#include "draw.h"
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

/* It is drawn by the second of the call. */
static inline struct order draw_order(enum ballast_api api, uint64_t seed, int metric,
                                      int64_t now_s, size_t count)
{
    if (api != BALLAST_GET_METRIC_STATISTICS)
        return (struct order){0};
    uint64_t luck = draw_hash(seed, (uint64_t)now_s, (uint64_t)(metric + 1));
    return (struct order){.first = (size_t)(((uint128)luck * count) >> 64), .backward = luck & 1};
}

struct metric_view {
    /* what the read asks for again and again */
    const char *metric;
    int64_t lookback_s;
    int index;    /* enum metric */
    size_t count; /* of points returned; 0: none were asked for, or there were none */
    /* the points */
    bool kept;                      /* they are here */
    size_t turns;                   /* in a row, before that */
    size_t place;                   /* of the newest, from old to new */
    size_t room;                    /* points there is memory for */
    struct ballast_point *points;   /* 2 * count from old to new, */
    struct ballast_point *mirrored; /* as many from new to old, points[i] at mirrored[-i] */
};

struct metric_views {
    struct metric_view list[BALLAST_READS_MAX + 1]; /* of the policy's reads; [0]: never kept */
    size_t used;
    bool waits; /* some are not kept yet */
    /* the turn: a second in which the policy asks */
    int64_t now_s;
    size_t newest; /* sample that can be read */
};

static inline bool metric_view_asks(const struct metric_view *view,
                                    const struct cloud_metric_query *query, int64_t now_s)
{
    return view->metric == query->metric && query->end_s == now_s &&
           view->lookback_s == now_s - query->start_s;
}

/* A read is answered with `count` points of a metric, and will be with as many at every turn while
 * samples come in their pace. */
void metric_view_begin(struct metrics *metrics, const struct cloud_metric_query *query, int index,
                       size_t count);
/* A turn at now_s: views that are asked turn after turn have the points of its newest sample. */
void metric_views_turn(struct metrics *metrics, int64_t now_s);
/* The points in such an order, where they are kept: the stretch that goes round. Owned by the view,
 * and valid until the second is over. */
static inline const struct ballast_point *metric_view_points(const struct metric_view *view,
                                                             struct order order)
{
    const size_t first = view->place - order.first + (view->place < order.first ? view->count : 0);
    const struct ballast_point *to_new = view->points + first;
    const struct ballast_point *to_old = view->mirrored - first;
    return order.backward ? to_new : to_old;
}
void metric_views_clean_up(struct metric_views *views);

#endif
