/* Whether a best value stands at the end of what was tried, and could go further. */
#include "base/decimal.h"
#include "base/memory.h"
#include "study/tune.h"

#include <stdlib.h>
#include <string.h>

static bool is_number(const char *text, int64_t *out_micro)
{
    return decimal_parse(text, strlen(text), out_micro) == DECIMAL_OK;
}

/* The numbers that were tried for a dimension, as seen from the best one. */
struct seen {
    bool least;            /* none is below it, */
    bool most;             /* or above */
    int64_t nearest_micro; /* how far the next one is; 0: there is none */
};

static struct seen see(const struct grid_dimension *dimension, int64_t own)
{
    struct seen seen = {.least = true, .most = true};
    int64_t number = 0;
    for (size_t v = 0; v < dimension->value_count; v++) {
        if (!is_number(dimension->values[v], &number) || number == own)
            continue;
        int64_t far = number > own ? number - own : own - number;
        seen.least = seen.least && number > own;
        seen.most = seen.most && number < own;
        seen.nearest_micro =
            seen.nearest_micro && seen.nearest_micro < far ? seen.nearest_micro : far;
    }
    return seen;
}

/* Whether the scenario takes a number beyond: the next whole one, the next there is, or one as far
 * as the nearest that was tried. */
static bool goes(const struct tune *tune, size_t d, int128 own, int way, int64_t nearest_micro)
{
    const int64_t steps_micro[] = {MICRO, 1, nearest_micro};
    bool taken = false;
    for (size_t i = 0; i < ARRAY_LENGTH(steps_micro) && !taken; i++) {
        char text[DECIMAL_TEXT_SIZE];
        taken = steps_micro[i] > 0 &&
                tune_takes(tune, tune->best, d,
                           decimal_format(own + way * (int128)steps_micro[i], text));
    }
    return taken;
}

void tune_look_beyond(struct tune *tune)
{
    enum { VALUES_LEAST = 3 }; /* of fewer each is an end */
    const struct grid *grid = tune->request->grid;
    size_t *values = memory_new(grid->dimension_count, sizeof *values);
    if (tune->best != TUNE_NONE)
        grid_point(grid, tune->best, values);
    for (size_t d = 0; d < grid->dimension_count && tune->best != TUNE_NONE; d++) {
        const struct grid_dimension *dimension = &grid->dimensions[d];
        struct tune_parameter *parameter = &tune->parameters[d];
        int64_t own = 0;
        if (dimension->value_count < VALUES_LEAST || dimension->path_count != 1 ||
            !parameter->preferred || !is_number(dimension->values[values[d]], &own))
            continue;
        const struct seen seen = see(dimension, own);
        parameter->may_go_further = (seen.least && goes(tune, d, own, -1, seen.nearest_micro)) ||
                                    (seen.most && goes(tune, d, own, 1, seen.nearest_micro));
    }
    free(values);
}
