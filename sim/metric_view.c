#include "metric_view.h"

#include "base/memory.h"
#include "metrics.h"

#include <stdlib.h>

enum {
    CLOSE = 4,    /* samples between two turns */
    PATIENCE = 8, /* turns before points are kept: to begin costs as much as four copies */
};

static const struct metric_sample *sample_of(const struct metrics *metrics, size_t number)
{
    return &metrics->ring[number & (metrics->capacity - 1)];
}

/* The newest sample that can be read at now_s; the oldest there is, if none can. */
static size_t newest_readable(const struct metrics *metrics, size_t from, int64_t now_s)
{
    size_t last = metrics->count - 1;
    if (last - from > CLOSE) { /* too far on, or back: from the other end */
        while (last > 0 && sample_of(metrics, last)->readable_s > now_s)
            last--;
        return last;
    }
    while (from < last && sample_of(metrics, from + 1)->readable_s <= now_s)
        from++;
    return from;
}

static void put(const struct metrics *metrics, struct metric_view *view, size_t number)
{
    const struct metric_sample *sample = sample_of(metrics, number);
    const struct ballast_point point = {sample->stamp_s, sample->values.micro[view->index]};
    size_t count = view->count;
    view->place = view->place + 1 < count ? view->place + 1 : 0;
    struct ballast_point *to_new = view->points + view->place;
    struct ballast_point *to_old = view->points + 3 * count - 1 - view->place;
    to_new[0] = to_new[count] = point;
    to_old[0] = to_old[count] = point;
}

static void put_all(const struct metrics *metrics, struct metric_view *view)
{
    size_t room = 4 * view->count;
    if (view->room < room) {
        free(view->points);
        view->points = memory_new(room, sizeof *view->points);
        view->room = room;
    }
    view->place = 0;
    for (size_t back = view->count; back-- > 0;)
        put(metrics, view, metrics->views.newest - back);
}

static void forget(struct metric_view *view)
{
    view->count = 0;
    view->kept = false;
}

/* A turn in its pace: since the one before, `more` samples came. */
static void go_on(const struct metrics *metrics, struct metric_view *view, size_t more)
{
    if (view->kept) {
        for (; more > 0; more--)
            put(metrics, view, metrics->views.newest + 1 - more);
    } else if (++view->turns == PATIENCE) {
        put_all(metrics, view);
        view->kept = true;
    }
}

void metric_views_turn(struct metrics *metrics, int64_t now_s)
{
    struct metric_views *views = &metrics->views;
    int64_t later_s = now_s - views->now_s;
    size_t before = views->newest;
    views->now_s = now_s;
    views->newest = newest_readable(metrics, before, now_s);
    /* The same number of points lies within reach, if as many came as periods went by. */
    size_t more = views->newest - before;
    bool in_pace = more <= CLOSE && (int64_t)more * metrics->period_s == later_s;
    for (size_t i = 0; i < views->used; i++) {
        struct metric_view *view = &views->list[i];
        if (in_pace && view->count > 0)
            go_on(metrics, view, more);
        else
            forget(view);
    }
}

void metric_view_begin(struct metrics *metrics, const struct cloud_metric_query *query, int index,
                       size_t count)
{
    struct metric_views *views = &metrics->views;
    struct metric_view *view = &views->list[query->read - 1];
    if (views->used < query->read)
        views->used = query->read;
    bool other = !metric_view_asks(view, query) || view->count != count;
    *view = (struct metric_view){.metric = query->metric,
                                 .lookback_s = query->end_s - query->start_s,
                                 .index = index,
                                 .count = count,
                                 .turns = other ? 0 : view->turns,
                                 .room = view->room,
                                 .points = view->points};
}

void metric_views_clean_up(struct metric_views *views)
{
    for (size_t i = 0; i < BALLAST_READS_MAX; i++)
        free(views->list[i].points);
}
