/* What tuning came to, judged in sentences that people and machines are both told. */
#include "base/memory.h"
#include "tune.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCKS_FEW = 10 };

bool tune_why_not(const struct tune *tune, struct text *out)
{
    if (tune->best == TUNE_NONE)
        text_add(out, "no point meets what --subject-to asks.");
    else if (tune->episodes < TUNE_EPISODES_LEAST)
        text_addf(out,
                  "%zu independent shortage episode%s stand%s behind the answer, and with fewer "
                  "than %d a good point cannot be told from a lucky one: take a longer span, more "
                  "pools or --seeds.",
                  tune->episodes, tune->episodes == 1 ? "" : "s", tune->episodes == 1 ? "s" : "",
                  TUNE_EPISODES_LEAST);
    else
        return false;
    return true;
}

static bool warn_of_edges(const struct tune *tune, struct text *out)
{
    bool any = false;
    if (tune->best == TUNE_NONE)
        return false;
    for (size_t d = 0; d < tune->request->grid->dimension_count; d++) {
        if (!tune->parameters[d].may_go_further)
            continue;
        text_addf(out, "%s%s", any ? ", " : "", tune->request->grid->dimensions[d].name);
        any = true;
    }
    if (any)
        text_add(out, ": the best value is at the end of what was tried; a better one may lie "
                      "beyond.");
    return any;
}

/* What says how AWS behaves is varied as if it were the user's. */
static void warn_of_account(const struct tune *tune, struct text *out)
{
    static const char account[] = "account";
    const struct grid *grid = tune->request->grid;
    for (size_t d = 0; d < grid->dimension_count; d++) {
        for (size_t p = 0; p < grid->dimensions[d].path_count; p++) {
            const char *path = grid->dimensions[d].paths[p];
            if (strncmp(path, account, strlen(account)) == 0 &&
                (path[strlen(account)] == '.' || !path[strlen(account)]))
                text_addf(out, "%s%s", out->size ? ", " : "", path);
        }
    }
    if (out->size)
        text_add(out, ": nobody can choose how AWS behaves: what is best of it is only the kindest "
                      "that was tried. Set what it is, or tune once for each with --set.");
}

static bool warn(const struct tune *tune, size_t which, struct text *out)
{
    const struct tune_walk *walk = &tune->walk;
    switch (which) {
    case 0:
        if (tune->request->in_sample)
            text_add(out, "nothing was judged out of sample: what is best here may be best by luck "
                          "(leave --in-sample away).");
        break;
    case 1:
        if (walk->judged < walk->count)
            text_addf(out,
                      "before %zu of %zu judged windows no point met the limits; these are not "
                      "counted.",
                      walk->count - walk->judged, walk->count);
        break;
    case 2:
        if (walk->judged && !walk->got.meets)
            text_add(out, "out of sample what was chosen does not meet --subject-to.");
        break;
    case 3:
        if (tune->bootstrap.count && tune->point_count > tune->grid_count)
            text_add(out, "the resamples choose among the points that ran, and do not narrow anew: "
                          "the values they choose lie closer together than they should.");
        break;
    case 4:
        if (tune->bootstrap.unsure)
            text_addf(
                out,
                "in %zu of %zu resamples a point that was stopped might have been chosen: the "
                "values they choose are of the points that ran in every window.",
                tune->bootstrap.unsure, tune->bootstrap.count);
        break;
    case 5:
        if (tune->stop_count && tune->request->stop_early == TUNE_STOP_BEST)
            text_add(out, "the Pareto front, its knee and the shortage episodes are of the points "
                          "that ran in every window: --stop-early front has those of all.");
        break;
    case 6:
        if (tune->bootstrap.count && tune->world_count < BLOCKS_FEW)
            text_addf(out,
                      "the intervals are made of %zu runs of each point: with fewer than %d they "
                      "are narrower than they should be.",
                      tune->world_count, BLOCKS_FEW);
        break;
    case 7:
        warn_of_account(tune, out);
        break;
    default:
        warn_of_edges(tune, out);
        break;
    }
    return out->size > 0;
}

bool tune_warning(const struct tune_told *told, size_t index, struct text *out)
{
    enum { KINDS = 9 };
    size_t seen = 0;
    for (size_t which = 0; which < KINDS; which++) {
        if (warn(told->tune, which, out) && seen++ == index)
            return true;
        text_clean_up(out);
    }
    return false;
}
