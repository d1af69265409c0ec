/* What of the parameters matters. */
#include "base/memory.h"
#include "study/tune.h"

#include <stdlib.h>

/* ---- beside the best point --------------------------------------------------------------------
 */

static bool as_good(const struct tune *tune, const struct tune_outcome *a,
                    const struct tune_outcome *b)
{
    for (size_t k = 0; k < tune->request->objective_count; k++) {
        if (a->objectives[k] != b->objectives[k])
            return false;
    }
    return a->meets == b->meets && a->cost_micro_usd == b->cost_micro_usd &&
           a->unfulfilled_micro_unit_s == b->unfulfilled_micro_unit_s;
}

/* The one dimension in which two points differ, or TUNE_NONE: in none, or in several. */
static size_t differ_in(const size_t *a, const size_t *b, size_t size)
{
    size_t found = TUNE_NONE;
    for (size_t d = 0; d < size; d++) {
        if (a[d] == b[d])
            continue;
        if (found != TUNE_NONE)
            return TUNE_NONE;
        found = d;
    }
    return found;
}

/* The best point's neighbours: those that differ from it in one dimension. */
static void judge_neighbours(struct tune *tune)
{
    const struct grid *grid = tune->request->grid;
    size_t size = grid->dimension_count;
    size_t *own = memory_new(size, sizeof *own);
    size_t *other = memory_new(size, sizeof *other);
    grid_point(grid, tune->best, own);
    for (size_t d = 0; d < size; d++) {
        struct tune_parameter *parameter = &tune->parameters[d];
        parameter->as_good = memory_new(grid->dimensions[d].value_count, sizeof(bool));
        parameter->as_good[own[d]] = true;
        parameter->as_good_count = 1;
    }
    for (size_t i = 0; i < tune->point_count; i++) {
        grid_point(grid, i, other);
        size_t d = differ_in(own, other, size);
        if (d == TUNE_NONE)
            continue;
        struct tune_parameter *parameter = &tune->parameters[d];
        parameter->tried++;
        if (as_good(tune, &tune->outcomes[tune->best], &tune->outcomes[i])) {
            parameter->as_good[other[d]] = true;
            parameter->as_good_count++;
        }
    }
    for (size_t d = 0; d < size; d++)
        tune->parameters[d].preferred =
            tune->parameters[d].as_good_count <= tune->parameters[d].tried;
    free(own);
    free(other);
}

/* ---- all else free ----------------------------------------------------------------------------
 */

void tune_reach_take(struct tune_reach *reach, const int128 *objectives, size_t count,
                     bool at_least)
{
    for (size_t k = 0; k < count; k++) {
        bool less = !reach->any || objectives[k] < reach->objectives[k];
        bool same = reach->any && objectives[k] == reach->objectives[k];
        if (less)
            reach->objectives[k] = objectives[k];
        if (less || (same && !at_least))
            reach->at_least[k] = at_least;
    }
    reach->any = true;
}

/* With each value, the least that each objective can be of the points that meet the limits. Of the
 * grid alone: what narrowing added lies beside the best, so other values would look worse for want
 * of company. */
static void find_reach(struct tune *tune)
{
    const struct grid *grid = tune->request->grid;
    size_t *values = memory_new(grid->dimension_count, sizeof *values);
    for (size_t d = 0; d < grid->dimension_count; d++)
        tune->parameters[d].reach =
            memory_new(grid->dimensions[d].value_count, sizeof *tune->parameters[d].reach);
    for (size_t i = 0; i < tune->grid_count; i++) {
        const struct tune_outcome *outcome = &tune->outcomes[i];
        bool may_meet = tune_is_stopped(tune, i) && tune->stops[i].by != TUNE_NONE;
        grid_point(grid, i, values);
        for (size_t d = 0; d < grid->dimension_count; d++) {
            struct tune_reach *reach = &tune->parameters[d].reach[values[d]];
            reach->tried = true;
            if (outcome->meets || may_meet)
                tune_reach_take(reach, outcome->objectives, tune->request->objective_count,
                                may_meet);
        }
    }
    free(values);
}

void tune_judge_parameters(struct tune *tune)
{
    if (tune->best == TUNE_NONE)
        return;
    tune->parameters = memory_new(tune->request->grid->dimension_count, sizeof *tune->parameters);
    judge_neighbours(tune);
    find_reach(tune);
}
