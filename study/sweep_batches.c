#include "study/sweep_batches.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum {
    PIECE_MOST = 32, /* long enough that few threads wait for one thing, short enough to divide */
};

/* ---- numbers ------------------------------------------------------------------------------------
 */

static int by_keys(const void *a, const void *b, void *context)
{
    const struct sim_batch_key *keys = context;
    const struct sim_batch_key *x = &keys[*(const size_t *)a];
    const struct sim_batch_key *y = &keys[*(const size_t *)b];
    int order = strcmp(x->fleet, y->fleet);
    if (order == 0)
        order = strcmp(x->windows, y->windows);
    if (order == 0)
        order = strcmp(x->needs, y->needs);
    if (order)
        return order;
    size_t i = *(const size_t *)a;
    size_t k = *(const size_t *)b;
    return (i > k) - (i < k);
}

void sweep_number(struct sweep_point *points, const struct sim_batch_key *keys, size_t count)
{
    size_t *order = memory_new(count, sizeof *order);
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    qsort_r(order, count, sizeof *order, by_keys, (void *)keys);
    for (size_t i = 0; i < count; i++) {
        size_t point = order[i];
        const size_t *before = i ? &order[i - 1] : NULL;
        bool same_fleet = before && strcmp(keys[*before].fleet, keys[point].fleet) == 0;
        bool same_windows = same_fleet && strcmp(keys[*before].windows, keys[point].windows) == 0;
        bool same_needs = same_windows && strcmp(keys[*before].needs, keys[point].needs) == 0;
        points[point].fleet = same_fleet ? points[*before].fleet : point;
        points[point].windows = same_windows ? points[*before].windows : point;
        points[point].needs = same_needs ? points[*before].needs : point;
    }
    free(order);
    for (size_t i = 0; i < count; i++) {
        if (!keys[i].possible)
            points[i].fleet = points[i].windows = points[i].needs = i;
    }
}

/* ---- pieces -------------------------------------------------------------------------------------
 */

static int by_numbers(const void *a, const void *b, void *context)
{
    const struct sweep_point *points = context;
    size_t i = *(const size_t *)a;
    size_t k = *(const size_t *)b;
    if (points[i].fleet != points[k].fleet)
        return points[i].fleet < points[k].fleet ? -1 : 1;
    if (points[i].windows != points[k].windows)
        return points[i].windows < points[k].windows ? -1 : 1;
    if (points[i].needs != points[k].needs)
        return points[i].needs < points[k].needs ? -1 : 1;
    return (i > k) - (i < k);
}

static bool one_fleet(const struct sweep *sweep, size_t a, size_t b)
{
    return sweep->points[a].fleet == sweep->points[b].fleet;
}

void sweep_pieces_make(struct sweep_pieces *out, const struct sweep *sweep)
{
    const struct sweep_point *points = sweep->points;
    size_t count = 0;
    *out = (struct sweep_pieces){.points = memory_new(sweep->count, sizeof *out->points),
                                 .list = memory_new(sweep->count, sizeof *out->list)};
    size_t *todo = out->points;
    for (size_t i = 0; i < sweep->count; i++) {
        if (!points[i].skip)
            todo[count++] = i;
    }
    qsort_r(todo, count, sizeof *todo, by_numbers, sweep->points);
    for (size_t i = 0; i < count; i++) {
        struct sweep_piece *open = out->count ? &out->list[out->count - 1] : NULL;
        bool with_before = i > 0 && one_fleet(sweep, todo[i - 1], todo[i]);
        bool with_next = i + 1 < count && one_fleet(sweep, todo[i], todo[i + 1]);
        if (open && with_before && open->count < PIECE_MOST &&
            points[todo[i - 1]].needs == points[todo[i]].needs) {
            open->count++;
            continue;
        }
        out->list[out->count++] =
            (struct sweep_piece){.first = i, .count = 1, .batched = with_before || with_next};
    }
}

void sweep_pieces_clean_up(struct sweep_pieces *pieces)
{
    free(pieces->points);
    free(pieces->list);
}
