/* Whether a best value stands at the end of what was tried, and could go further. */
#include "base/decimal.h"
#include "base/memory.h"
#include "study/sweep.h"
#include "study/tune.h"

#include <stdlib.h>
#include <string.h>

static bool is_number(const char *text, int64_t *out_micro)
{
    return decimal_parse(text, strlen(text), out_micro) == DECIMAL_OK;
}

/* The way out of the numbers that were tried: -1 below the least, 1 above the most, 0: it is none
 * of these. */
static int way_out(const struct grid_dimension *dimension, int64_t own)
{
    bool least = true;
    bool most = true;
    int64_t number = 0;
    for (size_t v = 0; v < dimension->value_count; v++) {
        if (is_number(dimension->values[v], &number)) {
            least = least && number >= own;
            most = most && number <= own;
        }
    }
    return least ? -1 : most ? 1 : 0;
}

/* Whether the scenario takes the best point with this value in the place of its own. */
static bool is_taken(const struct tune *tune, size_t d, int128 micro)
{
    const struct grid *grid = tune->request->grid;
    const struct scenario *whole = &tune->scenarios[0];
    struct scenario_override *overrides = memory_new(grid_path_count(grid), sizeof *overrides);
    char text[DECIMAL_TEXT_SIZE];
    struct scenario_options options = {.overrides = overrides, .bare = true};
    struct scenario scenario;
    sweep_set_point(grid, tune->best, overrides, &options.override_count, &options.policy);
    for (size_t i = 0; i < options.override_count; i++) {
        if (strcmp(overrides[i].path, grid->dimensions[d].paths[0]) == 0)
            overrides[i].value = decimal_format(micro, text);
    }
    bool taken = scenario_parse(&scenario, whole->file, tune->folder, whole->resolved.data,
                                whole->resolved.size, &options, NULL) == STATUS_OK;
    if (taken)
        scenario_clean_up(&scenario);
    free(overrides);
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
        int way = way_out(dimension, own);
        /* The next whole number, or where that is too far the next there is. */
        parameter->may_go_further = way && (is_taken(tune, d, (int128)own + way * (int128)MICRO) ||
                                            is_taken(tune, d, (int128)own + way));
    }
    free(values);
}
