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

/* In both directions, and a second time where it comes round. */
static inline void put(const struct metric_sample *sample, struct metric_view *view)
{
    const struct ballast_point point = {sample->stamp_s, sample->values.micro[view->index]};
    const size_t count = view->count;
    const size_t place = view->place + 1 < count ? view->place + 1 : 0;
    struct ballast_point *to_new = view->points + place;
    struct ballast_point *to_old = view->mirrored - place;
    view->place = place;
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
    view->mirrored = view->points + 3 * view->count - 1;
    view->place = 0;
    for (size_t back = view->count; back-- > 0;)
        put(sample_of(metrics, metrics->views.newest - back), view);
}

/* Views not kept yet see another turn in its pace. */
static void wait_on(const struct metrics *metrics, struct metric_views *views)
{
    views->waits = false;
    for (size_t i = 0; i < views->used; i++) {
        struct metric_view *view = &views->list[i];
        if (view->count == 0 || view->kept)
            continue;
        view->kept = ++view->turns == PATIENCE;
        if (view->kept)
            put_all(metrics, view);
        else
            views->waits = true;
    }
}

/* Since the turn before, a sample came for every period that went by. */
static void go_on(const struct metrics *metrics, struct metric_views *views, size_t before)
{
    struct metric_view *const end = views->list + views->used;
    for (size_t number = before + 1; number <= views->newest; number++) {
        const struct metric_sample *sample = sample_of(metrics, number);
        for (struct metric_view *view = views->list; view < end; view++) {
            if (view->kept)
                put(sample, view);
        }
    }
    if (views->waits)
        wait_on(metrics, views);
}

static void forget(struct metric_views *views)
{
    for (size_t i = 0; i < views->used; i++) {
        views->list[i].count = 0;
        views->list[i].kept = false;
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
    if (more <= CLOSE && (int64_t)more * metrics->period_s == later_s)
        go_on(metrics, views, before);
    else
        forget(views);
}

void metric_view_begin(struct metrics *metrics, const struct cloud_metric_query *query, int index,
                       size_t count)
{
    struct metric_views *views = &metrics->views;
    struct metric_view *view = &views->list[query->read];
    if (views->used <= query->read)
        views->used = query->read + 1;
    if (views->now_s != query->end_s) { /* out of turn */
        view->count = 0;
        view->kept = false;
        return;
    }
    views->waits = true;
    bool other = !metric_view_asks(view, query, query->end_s) || view->count != count;
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
    for (size_t i = 0; i < views->used; i++)
        free(views->list[i].points);
}
