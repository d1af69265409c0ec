#include "study/front.h"

#include "base/memory.h"

#include <stdlib.h>

#define PARTS ((int128)1000000000) /* from the least to the largest of a figure */

size_t front_nearest(const int128 *values, size_t size, size_t count)
{
    int128 *sums = memory_new(count, sizeof *sums);
    for (size_t k = 0; k < size; k++) {
        int128 least = values[k];
        int128 most = values[k];
        for (size_t i = 1; i < count; i++) {
            int128 value = values[i * size + k];
            least = value < least ? value : least;
            most = value > most ? value : most;
        }
        for (size_t i = 0; i < count && most > least; i++)
            sums[i] += (values[i * size + k] - least) * PARTS / (most - least);
    }
    size_t nearest = 0;
    for (size_t i = 1; i < count; i++) {
        if (sums[i] < sums[nearest])
            nearest = i;
    }
    free(sums);
    return nearest;
}

static int compare_values(int128 a, int128 b)
{
    return (a > b) - (a < b);
}

static int by_cost(const void *a, const void *b, void *context)
{
    const struct front_item *items = context;
    size_t x = *(const size_t *)a;
    size_t y = *(const size_t *)b;
    int sign = compare_values(items[x].cost_micro_usd, items[y].cost_micro_usd);
    if (!sign)
        sign = compare_values(items[x].unfulfilled_micro_unit_s, items[y].unfulfilled_micro_unit_s);
    return sign ? sign : (x > y) - (x < y);
}

static int by_unfulfilled(const void *a, const void *b, void *context)
{
    const struct front_item *items = context;
    size_t x = *(const size_t *)a;
    size_t y = *(const size_t *)b;
    int sign = compare_values(items[x].unfulfilled_micro_unit_s, items[y].unfulfilled_micro_unit_s);
    if (!sign)
        sign = compare_values(items[x].cost_micro_usd, items[y].cost_micro_usd);
    return sign ? sign : (x > y) - (x < y);
}

static size_t *ordered(const struct front_item *items, size_t count,
                       int (*order)(const void *, const void *, void *))
{
    size_t *points = memory_new(count, sizeof *points);
    for (size_t i = 0; i < count; i++)
        points[i] = i;
    qsort_r(points, count, sizeof *points, order, (void *)items);
    return points;
}

size_t *front_by_cost(const struct front_item *items, size_t count)
{
    return ordered(items, count, by_cost);
}

size_t *front_by_unfulfilled(const struct front_item *items, size_t count)
{
    return ordered(items, count, by_unfulfilled);
}

size_t *front_find(const struct front_item *items, size_t count, size_t *out_count)
{
    size_t *points = front_by_cost(items, count);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || items[points[i]].unfulfilled_micro_unit_s <
                             items[points[kept - 1]].unfulfilled_micro_unit_s)
            points[kept++] = points[i];
    }
    *out_count = kept;
    return points;
}

size_t front_knee(const struct front_item *items, const size_t *front, size_t count)
{
    if (count < 3)
        return FRONT_NONE;
    int128 *values = memory_new(2 * count, sizeof *values);
    for (size_t i = 0; i < count; i++) {
        values[2 * i] = items[front[i]].cost_micro_usd;
        values[2 * i + 1] = items[front[i]].unfulfilled_micro_unit_s;
    }
    size_t knee = front_nearest(values, 2, count);
    free(values);
    return knee == 0 || knee + 1 == count ? FRONT_NONE : knee;
}
