/* Which simulated instance stands for which recorded one. The sum of the sources is the same
 * however they are paired; what the sources are called depends on it. */
#include "study/hindcast_parts.h"

#include <stdlib.h>

/* Launches further apart are not the same one. */
enum { APART_MOST_S = 1800 };

static int64_t apart(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

/* How unlike they are: those that ran before by their ends, others by launch, then by end. */
struct unlike {
    int64_t first;
    int64_t second;
};

static struct unlike unlike(const struct lived *a, const struct lived *b)
{
    int64_t ends = apart(a->end_s, b->end_s);
    if (a->before)
        return (struct unlike){a->ec2 == b->ec2 ? 0 : 1, ends};
    return (struct unlike){apart(a->start_s, b->start_s), ends};
}

static bool less(struct unlike a, struct unlike b)
{
    return a.first != b.first ? a.first < b.first : a.second < b.second;
}

static int by_start(const void *a, const void *b)
{
    const struct lived *left = a;
    const struct lived *right = b;
    if (left->before != right->before)
        return left->before ? -1 : 1;
    if (left->start_s != right->start_s && !left->before)
        return left->start_s < right->start_s ? -1 : 1;
    if (left->end_s != right->end_s)
        return left->end_s < right->end_s ? -1 : 1;
    if (left->pool != right->pool)
        return left->pool < right->pool ? -1 : 1;
    return (left->life > right->life) - (left->life < right->life);
}

/* One round: within pools, or across them. Both lists are by start, so that only those near are
 * looked at. */
static void pair(struct hindcast_work *work, bool within)
{
    size_t first = 0;
    for (size_t i = 0; i < work->actual_count; i++) {
        struct lived *recorded = &work->actual[i];
        size_t best = SIZE_MAX;
        struct unlike best_unlike = {0};
        if (recorded->match != SIZE_MAX || recorded->pool == NO_POOL)
            continue;
        while (!recorded->before && first < work->simulated_count &&
               (work->simulated[first].before ||
                work->simulated[first].start_s < recorded->start_s - APART_MOST_S))
            first++;
        for (size_t s = recorded->before ? 0 : first; s < work->simulated_count; s++) {
            const struct lived *simulated = &work->simulated[s];
            if (simulated->before != recorded->before ||
                (!recorded->before && simulated->start_s > recorded->start_s + APART_MOST_S))
                break;
            if (simulated->match != SIZE_MAX || (within && simulated->pool != recorded->pool))
                continue;
            struct unlike now = unlike(recorded, simulated);
            if (best == SIZE_MAX || less(now, best_unlike)) {
                best = s;
                best_unlike = now;
            }
        }
        if (best != SIZE_MAX) {
            recorded->match = best;
            work->simulated[best].match = i;
        }
    }
}

void hindcast_match(struct hindcast_work *work)
{
    if (work->actual_count)
        qsort(work->actual, work->actual_count, sizeof *work->actual, by_start);
    if (work->simulated_count)
        qsort(work->simulated, work->simulated_count, sizeof *work->simulated, by_start);
    pair(work, true);
    pair(work, false);
}
