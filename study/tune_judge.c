/* What the runs come to: the best point, the front, what of the parameters matters. */
#include "base/memory.h"
#include "study/front.h"
#include "study/tune.h"

#include <stdlib.h>
#include <string.h>

/* ---- sums of worlds ---------------------------------------------------------------------------
 */

void tune_sum_world(const struct tune *tune, size_t point, size_t world, size_t times,
                    struct tune_sum *sum)
{
    size_t cell = (point * tune->world_count + world) * tune->used_count;
    const struct window *window = &tune->worlds[world].window;
    bool first = sum->seconds == 0;
    for (int f = 0; f < FIGURE_COUNT_OF_ALL; f++) {
        if (!tune->used[f])
            continue;
        int128 value = tune->values[cell + tune->used_at[f]];
        int128 *into = &sum->figures.value[f];
        if (f != FIGURE_capacity_worst_shortfall_units)
            *into += value * (int128)times;
        else if (first || value > *into)
            *into = value;
        sum->figures.known[f] =
            (first || sum->figures.known[f]) && tune->known[cell + tune->used_at[f]];
    }
    sum->seconds += (window->to_s - window->from_s) * (int64_t)times;
}

void tune_sum_window(const struct tune *tune, size_t point, size_t window, struct tune_sum *sum)
{
    for (size_t s = 0; s < tune->scenario_count; s++)
        tune_sum_world(tune, point, window * tune->scenario_count + s, 1, sum);
}

int tune_value_sum(const struct tune *tune, const struct tune_sum *sum, struct figures *out_whole,
                   struct tune_outcome *out, struct error *err)
{
    const struct tune_request *request = tune->request;
    struct figures *whole = out_whole;
    *whole = sum->figures;
    for (int f = 0; f < FIGURE_COUNT_OF_ALL && sum->seconds != tune->span_s; f++) {
        if (tune->used[f] && f != FIGURE_capacity_worst_shortfall_units)
            whole->value[f] = divide_half_even(whole->value[f] * tune->span_s, sum->seconds);
    }
    *out = (struct tune_outcome){.cost_micro_usd = whole->value[FIGURE_cost_total_micro_usd],
                                 .unfulfilled_micro_unit_s =
                                     whole->value[FIGURE_capacity_unfulfilled_unit_s]};
    for (size_t i = 0; i < request->objective_count; i++) {
        int status = condition_value(&request->objectives[i], whole, &out->objectives[i], err);
        if (status)
            return error_prefix(err, "--minimize %s", request->objectives[i].text);
    }
    return STATUS_OK;
}

int tune_judge_sum(const struct tune *tune, size_t point, const struct tune_sum *sum,
                   struct tune_outcome *out, struct error *err)
{
    const struct tune_request *request = tune->request;
    struct figures whole;
    int status = tune_value_sum(tune, sum, &whole, out, err);
    if (status || tune_is_stopped(tune, point))
        return status;
    out->meets = true;
    for (size_t i = 0; i < request->limit_count; i++) {
        struct condition_result result;
        status = condition_judge(&request->limits[i], &whole, NULL, &result, err);
        if (status)
            return error_prefix(err, "--subject-to %s", request->limits[i].text);
        out->meets = out->meets && result.holds;
    }
    return STATUS_OK;
}

int tune_outcome_of(const struct tune *tune, size_t point, size_t first, size_t end,
                    struct tune_outcome *out, struct error *err)
{
    struct tune_sum sum = {0};
    for (size_t window = first; window < end; window++)
        tune_sum_window(tune, point, window, &sum);
    return tune_judge_sum(tune, point, &sum, out, err);
}

bool tune_is_stopped(const struct tune *tune, size_t point)
{
    return tune->stops && point != TUNE_NONE && tune->stops[point].runs;
}

/* ---- the best ---------------------------------------------------------------------------------
 */

struct order {
    const struct tune_outcome *outcomes;
    size_t size; /* of the objectives */
};

static int compare_values(int128 a, int128 b)
{
    return (a > b) - (a < b);
}

static int by_objectives(const void *a, const void *b, void *context)
{
    const struct order *order = context;
    size_t x = *(const size_t *)a;
    size_t y = *(const size_t *)b;
    const struct tune_outcome *p = &order->outcomes[x];
    const struct tune_outcome *q = &order->outcomes[y];
    int sign = 0;
    for (size_t k = 0; k < order->size && !sign; k++)
        sign = compare_values(p->objectives[k], q->objectives[k]);
    if (!sign)
        sign = compare_values(p->unfulfilled_micro_unit_s, q->unfulfilled_micro_unit_s);
    if (!sign)
        sign = compare_values(p->cost_micro_usd, q->cost_micro_usd);
    return sign ? sign : (x > y) - (x < y);
}

static bool no_worse(const struct tune_outcome *a, const struct tune_outcome *b, size_t size)
{
    for (size_t k = 0; k < size; k++) {
        if (a->objectives[k] > b->objectives[k])
            return false;
    }
    return true;
}

/* Of points ordered by their objectives those that none before is as good as, to the front. */
static size_t keep_front(const struct order *order, size_t *points, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        bool beaten = false;
        for (size_t k = 0; k < kept && !beaten; k++)
            beaten =
                no_worse(&order->outcomes[points[k]], &order->outcomes[points[i]], order->size);
        if (!beaten)
            points[kept++] = points[i];
    }
    return kept;
}

size_t *tune_front_of(const struct tune *tune, const struct tune_outcome *outcomes, size_t count,
                      size_t *out_count)
{
    struct order order = {.outcomes = outcomes, .size = tune->request->objective_count};
    size_t *points = memory_new(count, sizeof *points);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (outcomes[i].meets)
            points[kept++] = i;
    }
    if (kept)
        qsort_r(points, kept, sizeof *points, by_objectives, &order);
    *out_count = keep_front(&order, points, kept);
    return points;
}

size_t tune_beaten(const struct tune *tune, const struct tune_outcome *outcomes,
                   const size_t *front, size_t count, const struct tune_outcome *outcome)
{
    size_t size = tune->request->objective_count;
    for (size_t i = 0; i < count; i++) {
        const struct tune_outcome *other = &outcomes[front[i]];
        if (no_worse(other, outcome, size) && !no_worse(outcome, other, size))
            return i;
    }
    return TUNE_NONE;
}

size_t tune_choose(const struct tune *tune, const struct tune_outcome *outcomes, size_t count)
{
    size_t size = tune->request->objective_count;
    size_t kept = 0;
    size_t *points = tune_front_of(tune, outcomes, count, &kept);
    size_t best = TUNE_NONE;
    if (kept) {
        int128 *values = memory_new(kept * size, sizeof *values);
        for (size_t i = 0; i < kept; i++)
            memcpy(&values[i * size], outcomes[points[i]].objectives, size * sizeof *values);
        best = points[front_nearest(values, size, kept)];
        free(values);
    }
    free(points);
    return best;
}

/* ---- cost against unfulfilled capacity --------------------------------------------------------
 */

struct front_item *tune_front_items(const struct tune_outcome *outcomes, size_t count)
{
    struct front_item *items = memory_new(count, sizeof *items);
    for (size_t i = 0; i < count; i++)
        items[i] =
            (struct front_item){outcomes[i].cost_micro_usd, outcomes[i].unfulfilled_micro_unit_s};
    return items;
}

/* Of the points that ran in every world. */
static void find_front(struct tune *tune)
{
    size_t *whole = memory_new(tune->point_count, sizeof *whole);
    struct tune_outcome *outcomes = memory_new(tune->point_count, sizeof *outcomes);
    size_t count = 0;
    for (size_t i = 0; i < tune->point_count; i++) {
        if (tune_is_stopped(tune, i))
            continue;
        outcomes[count] = tune->outcomes[i];
        whole[count++] = i;
    }
    struct front_item *items = tune_front_items(outcomes, count);
    tune->front = front_find(items, count, &tune->front_count);
    tune->knee = front_knee(items, tune->front, tune->front_count);
    for (size_t i = 0; i < tune->front_count; i++)
        tune->front[i] = whole[tune->front[i]];
    free(items);
    free(outcomes);
    free(whole);
}

/* ---- all --------------------------------------------------------------------------------------
 */

int tune_judge(struct tune *tune, struct error *err)
{
    tune->outcomes = memory_new(tune->point_count, sizeof *tune->outcomes);
    for (size_t i = 0; i < tune->point_count; i++) {
        int status = tune_outcome_of(tune, i, 0, tune->windows.count, &tune->outcomes[i], err);
        if (status)
            return status;
    }
    tune->best = tune_choose(tune, tune->outcomes, tune->point_count);
    find_front(tune);
    tune_judge_parameters(tune);
    tune_look_beyond(tune);
    int status = tune->request->in_sample ? STATUS_OK : tune_walk_forward(tune, err);
    if (!status)
        status = tune_resample(tune, err);
    return status ? status : tune_count_episodes(tune, err);
}
