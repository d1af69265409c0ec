/* How far the answer would move if other weeks, and other luck, had come: windows, and seeds, drawn
 * again with replacement. */
#include "base/memory.h"
#include "base/parallel.h"
#include "base/pcg64.h"
#include "study/tune.h"

#include <stdlib.h>
#include <string.h>

/* One resample. */
struct drawn {
    size_t point;                /* chosen in it, or TUNE_NONE */
    bool unsure;                 /* a point that was stopped might have been */
    struct tune_outcome outcome; /* of the best point of all worlds */
};

struct crew {
    const struct tune *tune;
    const size_t *points; /* of points that are alike in every world the first */
    size_t count;
    struct drawn *drawn;
};

/* ---- points that are alike --------------------------------------------------------------------
 */

struct rows {
    const struct tune *tune;
    size_t size; /* bytes of values, and flags, of a point */
    size_t flags;
};

static int by_row(const void *a, const void *b, void *context)
{
    const struct rows *rows = context;
    size_t x = *(const size_t *)a;
    size_t y = *(const size_t *)b;
    const struct tune *tune = rows->tune;
    size_t cells = tune->world_count * tune->used_count;
    int sign = (int)tune_is_stopped(tune, x) - (int)tune_is_stopped(tune, y);
    if (!sign)
        sign = memcmp(&tune->values[x * cells], &tune->values[y * cells], rows->size);
    if (!sign)
        sign = memcmp(&tune->known[x * cells], &tune->known[y * cells], rows->flags);
    return sign ? sign : (x > y) - (x < y);
}

static int by_number(const void *a, const void *b)
{
    size_t x = *(const size_t *)a;
    size_t y = *(const size_t *)b;
    return (x > y) - (x < y);
}

static bool alike(const struct rows *rows, size_t x, size_t y)
{
    const struct tune *tune = rows->tune;
    size_t cells = tune->world_count * tune->used_count;
    return tune_is_stopped(tune, x) == tune_is_stopped(tune, y) &&
           memcmp(&tune->values[x * cells], &tune->values[y * cells], rows->size) == 0 &&
           memcmp(&tune->known[x * cells], &tune->known[y * cells], rows->flags) == 0;
}

static size_t *distinct(const struct tune *tune, size_t *out_count)
{
    size_t cells = tune->world_count * tune->used_count;
    struct rows rows = {
        .tune = tune, .size = cells * sizeof *tune->values, .flags = cells * sizeof *tune->known};
    size_t *points = memory_new(tune->point_count, sizeof *points);
    for (size_t i = 0; i < tune->point_count; i++)
        points[i] = i;
    qsort_r(points, tune->point_count, sizeof *points, by_row, &rows);
    size_t kept = 0;
    for (size_t i = 0; i < tune->point_count; i++) {
        if (kept == 0 || !alike(&rows, points[kept - 1], points[i]))
            points[kept++] = points[i];
    }
    qsort(points, kept, sizeof *points, by_number);
    *out_count = kept;
    return points;
}

/* ---- drawing ----------------------------------------------------------------------------------
 */

static void draw(struct pcg64 *rng, size_t *times, size_t count)
{
    for (size_t i = 0; i < count; i++)
        times[pcg64_below(rng, count)]++;
}

/* How often each world is in the resample: its window's times its seed's. */
static size_t *draw_worlds(const struct tune *tune, size_t index)
{
    const uint64_t key[] = {tune->request->bootstrap_seed, pcg64_word("tune"), index};
    struct pcg64 rng;
    pcg64_seed_key(&rng, key, ARRAY_LENGTH(key));
    size_t *windows = memory_new(tune->windows.count, sizeof *windows);
    size_t *seeds = memory_new(tune->scenario_count, sizeof *seeds);
    size_t *worlds = memory_new(tune->world_count, sizeof *worlds);
    draw(&rng, windows, tune->windows.count);
    draw(&rng, seeds, tune->scenario_count);
    for (size_t i = 0; i < tune->world_count; i++)
        worlds[i] = windows[i / tune->scenario_count] * seeds[i % tune->scenario_count];
    free(windows);
    free(seeds);
    return worlds;
}

static int judge(const struct tune *tune, const size_t *times, size_t point,
                 struct tune_outcome *out, struct error *err)
{
    struct tune_sum sum = {0};
    for (size_t world = 0; world < tune->world_count; world++) {
        if (times[world])
            tune_sum_world(tune, point, world, times[world], &sum);
    }
    return tune_judge_sum(tune, point, &sum, out, err);
}

/* Whether what a point that was stopped comes to at least is not beaten in the resample. */
static bool is_unsure(const struct crew *crew, const struct tune_outcome *outcomes)
{
    size_t kept = 0;
    size_t *front = tune_front_of(crew->tune, outcomes, crew->count, &kept);
    bool unsure = false;
    for (size_t i = 0; i < crew->count && !unsure; i++)
        unsure = tune_is_stopped(crew->tune, crew->points[i]) &&
                 tune_beaten(crew->tune, outcomes, front, kept, &outcomes[i]) == TUNE_NONE;
    free(front);
    return unsure;
}

static int resample(size_t index, void *context, struct error *err)
{
    const struct crew *crew = context;
    const struct tune *tune = crew->tune;
    struct drawn *drawn = &crew->drawn[index];
    size_t *times = draw_worlds(tune, index);
    struct tune_outcome *outcomes = memory_new(crew->count, sizeof *outcomes);
    int status = STATUS_OK;
    for (size_t i = 0; i < crew->count && !status; i++)
        status = judge(tune, times, crew->points[i], &outcomes[i], err);
    if (!status) {
        size_t chosen = tune_choose(tune, outcomes, crew->count);
        drawn->point = chosen == TUNE_NONE ? TUNE_NONE : crew->points[chosen];
        drawn->unsure = tune->stop_count && is_unsure(crew, outcomes);
        status = judge(tune, times, tune->best, &drawn->outcome, err);
    }
    free(outcomes);
    free(times);
    return status;
}

/* ---- intervals --------------------------------------------------------------------------------
 */

static int by_value(const void *a, const void *b)
{
    int128 x = *(const int128 *)a;
    int128 y = *(const int128 *)b;
    return (x > y) - (x < y);
}

/* What is left when a fortieth is cut off at either end. */
static struct tune_interval interval(int128 *values, size_t count)
{
    enum { CUT = 40 };
    qsort(values, count, sizeof *values, by_value);
    return (struct tune_interval){values[count / CUT], values[count - 1 - count / CUT]};
}

static void bound_outcomes(const struct drawn *drawn, struct tune_bootstrap *out, size_t objectives)
{
    int128 *values = memory_new(out->count, sizeof *values);
    for (size_t k = 0; k < objectives; k++) {
        for (size_t i = 0; i < out->count; i++)
            values[i] = drawn[i].outcome.objectives[k];
        out->objectives[k] = interval(values, out->count);
    }
    for (size_t i = 0; i < out->count; i++)
        values[i] = drawn[i].outcome.cost_micro_usd;
    out->cost_micro_usd = interval(values, out->count);
    for (size_t i = 0; i < out->count; i++)
        values[i] = drawn[i].outcome.unfulfilled_micro_unit_s;
    out->unfulfilled_micro_unit_s = interval(values, out->count);
    free(values);
}

/* Of each dimension the values that were chosen, by their place in the list. */
static void bound_values(struct tune *tune, const struct drawn *drawn)
{
    const struct grid *grid = tune->request->grid;
    struct tune_bootstrap *out = &tune->bootstrap;
    size_t *values = memory_new(grid->dimension_count, sizeof *values);
    int128 *places = memory_new(out->count, sizeof *places);
    for (size_t d = 0; d < grid->dimension_count; d++) {
        struct tune_parameter *parameter = &tune->parameters[d];
        size_t count = 0;
        for (size_t i = 0; i < out->count; i++) {
            if (drawn[i].point == TUNE_NONE)
                continue;
            grid_point(grid, drawn[i].point, values);
            parameter->kept += parameter->as_good[values[d]];
            places[count++] = (int128)values[d];
        }
        if (count) {
            struct tune_interval found = interval(places, count);
            parameter->low = (size_t)found.low;
            parameter->high = (size_t)found.high;
        }
    }
    free(values);
    free(places);
}

int tune_resample(struct tune *tune, struct error *err)
{
    struct tune_bootstrap *out = &tune->bootstrap;
    if (tune->world_count < 2 || tune->request->bootstrap == 0 || tune->best == TUNE_NONE)
        return STATUS_OK;
    struct crew crew = {.tune = tune};
    size_t *points = distinct(tune, &crew.count);
    crew.points = points;
    out->count = tune->request->bootstrap;
    crew.drawn = memory_new(out->count, sizeof *crew.drawn);
    const struct parallel_work work = {.count = out->count,
                                       .threads = tune->request->threads,
                                       .context = &crew,
                                       .piece = resample};
    int status = parallel_run(&work, err);
    for (size_t i = 0; i < out->count; i++) {
        out->none += crew.drawn[i].point == TUNE_NONE;
        out->unsure += crew.drawn[i].unsure;
    }
    if (!status) {
        bound_outcomes(crew.drawn, out, tune->request->objective_count);
        bound_values(tune, crew.drawn);
    }
    free(crew.drawn);
    free(points);
    return status;
}
