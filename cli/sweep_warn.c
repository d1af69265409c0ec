/* What surprises in a sweep's space, told before it is run. */
#include "sweep.h"

#include <stdio.h>
#include <string.h>

/* A market that is generated from a day before `from` on moves with it: each window meets the same
 * one again. */
static const struct scenario_value *moving_market(const struct scenario *scenario,
                                                  const struct grid *grid)
{
    static const char end_of_path[] = ".synth.from";
    bool moves = false;
    for (size_t d = 0; d < grid->dimension_count; d++) {
        for (size_t p = 0; p < grid->dimensions[d].path_count; p++)
            moves = moves || strcmp(grid->dimensions[d].paths[p], "from") == 0;
    }
    for (size_t i = 0; i < scenario->value_count && moves; i++) {
        const struct scenario_value *value = &scenario->values[i];
        size_t length = strlen(value->path);
        if (value->source == VALUE_DERIVED && length >= sizeof end_of_path &&
            strcmp(value->path + length + 1 - sizeof end_of_path, end_of_path) == 0)
            return value;
    }
    return NULL;
}

void sweep_warn_of_market(const struct scenario *scenario, const struct grid *grid)
{
    const struct scenario_value *from = moving_market(scenario, grid);
    if (!from)
        return;
    int stem = (int)(strlen(from->path) - strlen("from"));
    fprintf(stderr,
            "ballast sweep: warning: a generated market begins with `from`, so every window meets "
            "the same one: --set %s=TIME --set %.*sto=TIME makes one market for all of them\n",
            from->path, stem, from->path);
}
