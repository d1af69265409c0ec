/* Walking forward: tune on the past, judge on the next window. */
#include "base/memory.h"
#include "study/tune.h"

#include <stdlib.h>

/* Windows that choose before the first one is judged: those asked for, or half of all. */
static size_t first_judged(const struct tune *tune)
{
    if (tune->request->train)
        return tune->request->train;
    return (tune->windows.count + 1) / 2;
}

void tune_plan_pasts(struct tune *tune)
{
    size_t windows = tune->windows.count;
    size_t train = tune->request->train;
    size_t first = tune->request->in_sample ? windows : first_judged(tune);
    tune->pasts = memory_new(windows - first + 1, sizeof *tune->pasts);
    for (size_t judged = first; judged < windows; judged++)
        tune->pasts[tune->past_count++] =
            (struct tune_past){.first = train ? judged - train : 0, .end = judged};
    tune->pasts[tune->past_count++] = (struct tune_past){.end = windows};
}

int tune_choose_in_past(const struct tune *tune, const struct tune_past *past, size_t *out_point,
                        struct tune_outcome *out, struct error *err)
{
    size_t count = tune->grid_count + past->count;
    struct tune_outcome *outcomes = memory_new(count, sizeof *outcomes);
    int status = STATUS_OK;
    *out_point = TUNE_NONE;
    for (size_t i = 0; i < count && !status; i++) {
        size_t point = i < tune->grid_count ? i : past->points[i - tune->grid_count];
        status = tune_outcome_of(tune, point, past->first, past->end, &outcomes[i], err);
    }
    size_t best = status ? TUNE_NONE : tune_choose(tune, outcomes, count);
    if (best != TUNE_NONE) {
        *out_point = best < tune->grid_count ? best : past->points[best - tune->grid_count];
        *out = outcomes[best];
    }
    free(outcomes);
    return status;
}

static int judge_fold(const struct tune *tune, const struct tune_past *past, struct tune_fold *fold,
                      struct error *err)
{
    *fold = (struct tune_fold){.first = past->first, .judged = past->end};
    int status = tune_choose_in_past(tune, past, &fold->point, &fold->promised, err);
    if (status || fold->point == TUNE_NONE)
        return status;
    return tune_outcome_of(tune, fold->point, fold->judged, fold->judged + 1, &fold->got, err);
}

/* What the judged windows come to, each with its own point (TUNE_NONE) or all with one. */
static int judge_together(const struct tune *tune, size_t point, struct tune_outcome *out,
                          struct error *err)
{
    struct tune_sum sum = {0};
    for (size_t i = 0; i < tune->walk.count; i++) {
        const struct tune_fold *fold = &tune->walk.folds[i];
        if (fold->point != TUNE_NONE)
            tune_sum_window(tune, point == TUNE_NONE ? fold->point : point, fold->judged, &sum);
    }
    return tune_judge_sum(tune, point, &sum, out, err);
}

static void mean_promise(const struct tune *tune, struct tune_walk *walk)
{
    struct tune_outcome *mean = &walk->promised;
    for (size_t i = 0; i < walk->count; i++) {
        const struct tune_fold *fold = &walk->folds[i];
        if (fold->point == TUNE_NONE)
            continue;
        for (size_t k = 0; k < tune->request->objective_count; k++)
            mean->objectives[k] += fold->promised.objectives[k];
        mean->cost_micro_usd += fold->promised.cost_micro_usd;
        mean->unfulfilled_micro_unit_s += fold->promised.unfulfilled_micro_unit_s;
    }
    int128 count = (int128)walk->judged;
    for (size_t k = 0; k < tune->request->objective_count; k++)
        mean->objectives[k] = divide_half_even(mean->objectives[k], count);
    mean->cost_micro_usd = divide_half_even(mean->cost_micro_usd, count);
    mean->unfulfilled_micro_unit_s = divide_half_even(mean->unfulfilled_micro_unit_s, count);
    mean->meets = true; /* where it was chosen */
}

int tune_walk_forward(struct tune *tune, struct error *err)
{
    struct tune_walk *walk = &tune->walk;
    size_t folds = tune->past_count - 1;
    struct tune_outcome *outcomes = memory_new(tune->point_count, sizeof *outcomes);
    walk->folds = memory_new(folds, sizeof *walk->folds);
    int status = STATUS_OK;
    while (walk->count < folds && !status) {
        struct tune_fold *fold = &walk->folds[walk->count];
        status = judge_fold(tune, &tune->pasts[walk->count++], fold, err);
        walk->judged += fold->point != TUNE_NONE;
    }
    if (!status && walk->judged) {
        mean_promise(tune, walk);
        status = judge_together(tune, TUNE_NONE, &walk->got, err);
        for (size_t i = 0; i < tune->point_count && !status; i++)
            status = judge_together(tune, i, &outcomes[i], err);
        walk->hindsight_point = status ? TUNE_NONE : tune_choose(tune, outcomes, tune->point_count);
        if (walk->hindsight_point != TUNE_NONE)
            walk->hindsight = outcomes[walk->hindsight_point];
    }
    free(outcomes);
    return status;
}
