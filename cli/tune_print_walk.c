/* Out of sample: what was promised and what was got, for people. */
#include "base/memory.h"
#include "tune_print_parts.h"

#include <stdlib.h>
#include <string.h>

static void print_point(const struct tune *tune, size_t point, const char *mark, FILE *out)
{
    struct text words = {0};
    grid_add_point(tune->request->grid, point, &words);
    fprintf(out, "%s%s\n", words.data, mark);
    text_clean_up(&words);
}

/* Of the windows' names: days are shorter than times. */
static int window_width(const struct tune *tune)
{
    size_t width = 28;
    for (size_t i = 0; i < tune->walk.count; i++) {
        char *name = window_name(&tune->windows.items[tune->walk.folds[i].judged]);
        width = strlen(name) > width ? strlen(name) : width;
        free(name);
    }
    return (int)width;
}

static void print_folds(const struct tune_told *told, size_t k, FILE *out)
{
    const struct tune *tune = told->tune;
    int width = window_width(tune);
    fprintf(out, "  %-*s %16s %16s  %s\n", width, "judged on", "promised", "got", "point");
    for (size_t i = 0; i < tune->walk.count; i++) {
        const struct tune_fold *fold = &tune->walk.folds[i];
        char *name = window_name(&tune->windows.items[fold->judged]);
        char promised[SHOW_SIZE];
        char got[SHOW_SIZE];
        if (fold->point == TUNE_NONE) {
            fprintf(out, "  %-*s %16s %16s  none met the limits before\n", width, name, "-", "-");
        } else {
            fprintf(out, "  %-*s %16s %16s  ", width, name,
                    tune_show_value(told, k, fold->promised.objectives[k], promised),
                    tune_show_value(told, k, fold->got.objectives[k], got));
            print_point(tune, fold->point, fold->got.meets ? "" : tune_beyond, out);
        }
        free(name);
    }
}

/* ---- all windows together
 * ------------------------------------------------------------------------
 */

/* What is summed up: an objective by its number, or one of the two that limits trade. */
enum { LINE_COST = TUNE_OBJECTIVES_MOST, LINE_UNFULFILLED };

static int128 value_of(const struct tune_outcome *outcome, size_t what)
{
    if (what == LINE_COST)
        return outcome->cost_micro_usd;
    return what == LINE_UNFULFILLED ? outcome->unfulfilled_micro_unit_s : outcome->objectives[what];
}

static void print_line(const struct tune_told *told, size_t what, const char *name,
                       const struct tune_outcome *outcome, const struct tune_outcome *against,
                       FILE *out)
{
    char text[SHOW_SIZE];
    int128 value = value_of(outcome, what);
    if (what == LINE_COST)
        show_usd(value, text);
    else if (what == LINE_UNFULFILLED)
        show_unit_hours(value, text);
    else
        tune_show_value(told, what, value, text);
    fprintf(out, "  %-*s %16s", window_width(told->tune) + 17, name, text);
    if (against) {
        int128 base = value_of(against, what);
        int128 above = value - base;
        show_percent(above, base < 0 ? -base : base, text);
        fprintf(out, "  %s%s", above > 0 && base != 0 ? "+" : "", text);
        fprintf(out, "%s", outcome->meets ? "" : tune_beyond);
    }
    fprintf(out, "\n");
}

static void print_sums(const struct tune_told *told, size_t what, FILE *out)
{
    const struct tune_walk *walk = &told->tune->walk;
    if (walk->judged == 0)
        return;
    print_line(told, what, "promised, on average", &walk->promised, NULL, out);
    print_line(told, what, "got, out of sample; gap to the promise", &walk->got, &walk->promised,
               out);
    if (walk->hindsight_point == TUNE_NONE)
        return;
    print_line(told, what, "best point of the same windows, in sample", &walk->hindsight, NULL,
               out);
    print_line(told, what, "got, out of sample; gap to in sample", &walk->got, &walk->hindsight,
               out);
}

static bool is_objective(const struct tune *tune, const char *figure)
{
    for (size_t k = 0; k < tune->request->objective_count; k++) {
        if (strcmp(tune->request->objectives[k].text, figure) == 0)
            return true;
    }
    return false;
}

/* Under limits a choice that does not hold need not show in the objective: it may be cheap because
 * it serves less than it promised. So both are told. */
static void print_beside(const struct tune_told *told, FILE *out)
{
    const struct tune *tune = told->tune;
    if (tune->request->limit_count == 0 || tune->walk.judged == 0)
        return;
    if (!is_objective(tune, "cost.total_micro_usd")) {
        fprintf(out, "cost, USD\n");
        print_sums(told, LINE_COST, out);
    }
    if (!is_objective(tune, "capacity.unfulfilled_unit_s")) {
        fprintf(out, "nobody served, unit-h\n");
        print_sums(told, LINE_UNFULFILLED, out);
    }
}

static void add_gap(const struct tune_outcome *got, const struct tune_outcome *against, size_t k,
                    const char *to, struct text *out)
{
    int128 base = against->objectives[k];
    int128 above = got->objectives[k] - base;
    char text[SHOW_SIZE];
    show_percent(above, base < 0 ? -base : base, text);
    text_addf(out, "%s%s to %s", above > 0 && base != 0 ? "+" : "", text, to);
}

bool tune_out_of_sample(const struct tune *tune, const char *const *objectives, struct text *out)
{
    const struct tune_walk *walk = &tune->walk;
    if (tune->request->in_sample || walk->judged == 0)
        return false;
    text_addf(out, "Judged on %zu window%s out of sample, what was chosen came to ", walk->judged,
              walk->judged == 1 ? "" : "s");
    for (size_t k = 0; k < tune->request->objective_count; k++) {
        text_add(out, k ? "; " : "");
        add_gap(&walk->got, &walk->promised, k, "what was promised", out);
        if (walk->hindsight_point != TUNE_NONE) {
            text_add(out, " and ");
            add_gap(&walk->got, &walk->hindsight, k, "the best point in sample", out);
        }
        if (tune->request->objective_count > 1)
            text_addf(out, " in %s", objectives[k]);
    }
    text_add(out, walk->got.meets ? "." : ", and did not meet the conditions.");
    return true;
}

void tune_print_walk(const struct tune_told *told, FILE *out)
{
    const struct tune *tune = told->tune;
    fprintf(out, "\nOut of sample: chosen on %s, judged on the next; put on the whole span\n",
            tune->request->train ? "the windows before" : "all windows before");
    for (size_t k = 0; k < tune->request->objective_count; k++) {
        const char *unit = tune_unit_of(told, k);
        fprintf(out, "%s%s%s\n", told->objectives[k], *unit ? ", " : "", unit);
        print_folds(told, k, out);
        print_sums(told, k, out);
    }
    print_beside(told, out);
}
