/* Every point in one world after the other, without those that can no longer be chosen; what looks
 * best is run everywhere first, for the others to be set against it. What is decided follows from
 * runs that all points of the race have, so it is the same for any number of threads. */
#include "base/memory.h"
#include "study/tune_stop.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct race {
    struct tune *tune;
    struct tune_choices choices;
    size_t *order;  /* of the worlds */
    size_t *points; /* that are neither stopped nor run everywhere */
    size_t count;
    bool *whole; /* by point: it has run everywhere */
};

/* ---- the order ----------------------------------------------------------------------------------
 */

/* The bits of a number of `width` of them, from the last to the first. */
static size_t reversed(size_t number, unsigned width)
{
    size_t out = 0;
    for (unsigned i = 0; i < width; i++)
        out |= (number >> i & 1) << (width - 1 - i);
    return out;
}

size_t *tune_order_worlds(const struct tune *tune)
{
    size_t windows = tune->windows.count;
    size_t seeds = tune->scenario_count;
    size_t *order = memory_new(tune->world_count, sizeof *order);
    size_t count = 0;
    unsigned width = 0;
    while ((size_t)1 << width < windows)
        width++;
    for (size_t i = 0; i < (size_t)1 << width; i++) {
        size_t window = reversed(i, width);
        for (size_t s = 0; s < seeds && window < windows; s++)
            order[count++] = window * seeds + s;
    }
    return order;
}

/* ---- cells --------------------------------------------------------------------------------------
 */

/* Of a world that a point has not run: the least it can come to there. */
static void fill_cell(struct tune *tune, size_t point, size_t world)
{
    size_t cell = point * tune->world_count + world;
    const int128 *still = &tune->still_values[world * FIGURE_COUNT_OF_ALL];
    for (int f = 0; f < FIGURE_COUNT_OF_ALL; f++) {
        if (!tune->used[f])
            continue;
        size_t at = cell * tune->used_count + tune->used_at[f];
        tune->values[at] = still[f];
        tune->known[at] = true;
    }
    tune->keys[cell][0] = '\0';
}

/* What a run says of all: the spot instances are paid whatever else is. */
static void learn_still(struct tune *tune, size_t point)
{
    if (!tune->still[FIGURE_cost_spot_micro_usd])
        return;
    for (size_t world = 0; world < tune->world_count; world++) {
        size_t cell = (point * tune->world_count + world) * tune->used_count;
        int128 *still = &tune->still_values[world * FIGURE_COUNT_OF_ALL];
        for (int f = 0; f < FIGURE_COUNT_OF_ALL; f++) {
            if (tune->still[f])
                still[f] = tune->values[cell + tune->used_at[f]];
        }
        still[FIGURE_cost_total_micro_usd] = still[FIGURE_cost_spot_micro_usd];
    }
}

#ifndef NDEBUG
/* Whether what was learnt holds of every run that the race has made. */
static bool holds_of_all(const struct race *race, size_t runs)
{
    const struct tune *tune = race->tune;
    for (size_t i = 0; i < race->count; i++) {
        for (size_t r = 0; r < runs; r++) {
            size_t cell = race->points[i] * tune->world_count + race->order[r];
            const int128 *still = &tune->still_values[race->order[r] * FIGURE_COUNT_OF_ALL];
            for (int f = 0; f < FIGURE_COUNT_OF_ALL; f++) {
                if (tune->still[f] &&
                    tune->values[cell * tune->used_count + tune->used_at[f]] != still[f])
                    return false;
            }
        }
    }
    return true;
}
#endif

/* ---- what looks best ----------------------------------------------------------------------------
 */

/* What points come to in the worlds of a choice that the race has run; false: in none. */
static bool judge_so_far(const struct race *race, const struct tune_choice *choice, size_t runs,
                         const size_t *points, size_t count, struct tune_outcome *outcomes)
{
    const struct tune *tune = race->tune;
    for (size_t i = 0; i < count; i++) {
        struct tune_sum sum = {0};
        struct error ignored = {0};
        for (size_t r = 0; r < runs; r++) {
            size_t window = tune->worlds[race->order[r]].window_index;
            if (window >= choice->first && window < choice->end)
                tune_sum_world(tune, points[i], race->order[r], 1, &sum);
        }
        if (sum.seconds == 0)
            return false;
        if (tune_judge_sum(tune, points[i], &sum, &outcomes[i], &ignored))
            outcomes[i].meets = false;
    }
    return true;
}

/* Mark, by place in the race, what would be chosen by now in each choice, and the front by now. */
static void pick(const struct race *race, size_t runs, bool *picked)
{
    const struct tune *tune = race->tune;
    const struct tune_choices *choices = &race->choices;
    size_t count =
        race->count + choices->point_count; /* who ran everywhere may be the best still */
    struct tune_outcome *outcomes = memory_new(count, sizeof *outcomes);
    size_t *points = memory_new(count, sizeof *points);
    memcpy(points, race->points, race->count * sizeof *points);
    for (size_t i = 0; i < choices->point_count; i++)
        points[race->count + i] = choices->points[i];
    for (size_t c = 0; c < choices->count; c++) {
        if (!judge_so_far(race, &choices->items[c], runs, points, count, outcomes))
            continue;
        size_t best = tune_choose(tune, outcomes, count);
        if (best < race->count)
            picked[best] = true;
        if (c > 0 || tune->request->stop_early != TUNE_STOP_FRONT)
            continue;
        size_t kept = 0;
        struct front_item *items = tune_front_items(outcomes, count);
        size_t *front = front_find(items, count, &kept);
        for (size_t i = 0; i < kept; i++) {
            if (front[i] < race->count)
                picked[front[i]] = true;
        }
        free(front);
        free(items);
    }
    free(points);
    free(outcomes);
}

/* Run what looks best in the worlds that are left. */
static int finish_best(struct race *race, size_t runs, struct error *err)
{
    struct tune *tune = race->tune;
    bool *picked = memory_new(race->count, sizeof *picked);
    size_t *ahead = memory_new(race->count, sizeof *ahead);
    size_t ahead_count = 0;
    size_t kept = 0;
    pick(race, runs, picked);
    for (size_t i = 0; i < race->count; i++) {
        if (picked[i])
            ahead[ahead_count++] = race->points[i];
        else
            race->points[kept++] = race->points[i];
    }
    race->count = kept;
    int status = STATUS_OK;
    for (size_t i = runs; i < tune->world_count && !status; i++)
        status = tune_run_world(tune, race->order[i], ahead, ahead_count, err);
    for (size_t i = 0; i < ahead_count && !status && !tune->stopped; i++) {
        race->whole[ahead[i]] = true;
        learn_still(tune, ahead[i]);
    }
    assert(ahead_count == 0 || status || tune->stopped || holds_of_all(race, runs));
    for (size_t i = 0; i < race->count; i++) {
        for (size_t w = runs; w < tune->world_count; w++)
            fill_cell(tune, race->points[i], race->order[w]);
    }
    free(picked);
    free(ahead);
    return status || tune->stopped ? status : tune_choices_learn(&race->choices, race->whole, err);
}

/* ---- all ----------------------------------------------------------------------------------------
 */

static struct race begin(struct tune *tune, size_t from)
{
    struct race race = {.tune = tune,
                        .order = tune_order_worlds(tune),
                        .points = memory_new(tune->point_count - from, sizeof *race.points),
                        .whole = memory_new(tune->point_count, sizeof *race.whole)};
    if (!tune->still_values)
        tune->still_values =
            memory_new(tune->world_count * FIGURE_COUNT_OF_ALL, sizeof *tune->still_values);
    tune->stops = memory_resize(tune->stops, tune->point_count, sizeof *tune->stops);
    for (size_t i = from; i < tune->point_count; i++) {
        race.points[race.count++] = i;
        tune->stops[i] = (struct tune_stop){0};
        for (size_t world = 0; world < tune->world_count; world++)
            fill_cell(tune, i, world);
    }
    for (size_t i = 0; i < from; i++)
        race.whole[i] = !tune_is_stopped(tune, i);
    tune_choices_set_up(&race.choices, tune);
    return race;
}

static void end(struct race *race)
{
    tune_choices_clean_up(&race->choices);
    free(race->order);
    free(race->points);
    free(race->whole);
}

int tune_race(struct tune *tune, size_t from, struct error *err)
{
    struct race race = begin(tune, from);
    int status = from ? tune_choices_learn(&race.choices, race.whole, err) : STATUS_OK;
    for (size_t i = 0; i < tune->world_count && race.count && !status && !tune->stopped; i++) {
        size_t runs = i + 1;
        status = tune_run_world(tune, race.order[i], race.points, race.count, err);
        if (!status && !tune->stopped && runs < tune->world_count) {
            if (from == 0 && (runs & (runs - 1)) == 0) /* 1, 2, 4, ...: there is more to go by */
                status = finish_best(&race, runs, err);
            if (!status && !tune->stopped)
                status = tune_stop_hopeless(&race.choices, runs, race.points, &race.count, err);
        }
    }
    end(&race);
    return status;
}
