/* What tuning came to, for people. */
#include "base/decimal.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "show.h"
#include "tune.h"
#include "tune_print_parts.h"

#include <stdlib.h>
#include <string.h>

enum { FRONT_SHOWN = 20 };

const char tune_beyond[] = "  (beyond the limits)";

/* ---- values -----------------------------------------------------------------------------------
 */

/* An objective that is one figure, or --shortfall-cost, is shown in that unit; others as numbers.
 */
static enum figure_kind kind_of(const struct tune_told *told, size_t objective)
{
    const struct condition *sum = &told->tune->request->objectives[objective];
    if (strcmp(told->objectives[objective], sum->text) != 0)
        return FIGURE_MONEY;
    bool one = sum->count == 1 && sum->steps[0].kind == STEP_FIGURE;
    return one ? figure_descriptions[sum->steps[0].figure].kind : FIGURE_COUNT;
}

const char *tune_unit_of(const struct tune_told *told, size_t objective)
{
    switch (kind_of(told, objective)) {
    case FIGURE_MONEY:
        return "USD";
    case FIGURE_UNIT_S:
        return "unit-h";
    case FIGURE_SECONDS:
        return "s";
    default:
        return "";
    }
}

char *tune_show_value(const struct tune_told *told, size_t objective, int128 value,
                      char out[SHOW_SIZE])
{
    switch (kind_of(told, objective)) {
    case FIGURE_MONEY:
        return show_usd(divide_half_even(value, MICRO), out);
    case FIGURE_UNIT_S:
        return show_unit_hours(value, out);
    default:
        return show_micro(value, out);
    }
}

/* ---- the answer -------------------------------------------------------------------------------
 */

static void print_interval(const struct tune *tune, const char *low, const char *high, FILE *out)
{
    if (tune->bootstrap.count)
        fprintf(out, "  %s to %s", low, high);
    fprintf(out, "\n");
}

static void print_outcome(const struct tune_told *told, const struct tune_outcome *outcome,
                          FILE *out)
{
    const struct tune *tune = told->tune;
    const struct tune_bootstrap *bootstrap = &tune->bootstrap;
    char text[SHOW_SIZE];
    char low[SHOW_SIZE];
    char high[SHOW_SIZE];
    fprintf(out, "  %-42s %16s", "cost, USD", show_usd(outcome->cost_micro_usd, text));
    print_interval(tune, show_usd(bootstrap->cost_micro_usd.low, low),
                   show_usd(bootstrap->cost_micro_usd.high, high), out);
    fprintf(out, "  %-42s %16s", "nobody served, unit-h",
            show_unit_hours(outcome->unfulfilled_micro_unit_s, text));
    print_interval(tune, show_unit_hours(bootstrap->unfulfilled_micro_unit_s.low, low),
                   show_unit_hours(bootstrap->unfulfilled_micro_unit_s.high, high), out);
    for (size_t k = 0; k < tune->request->objective_count; k++) {
        const struct condition *sum = &tune->request->objectives[k];
        if (strcmp(sum->text, "cost.total_micro_usd") == 0 ||
            strcmp(sum->text, "capacity.unfulfilled_unit_s") == 0)
            continue;
        const char *unit = tune_unit_of(told, k);
        fprintf(out, "  %s%s%s\n  %-42s %16s", told->objectives[k], *unit ? ", " : "", unit, "",
                tune_show_value(told, k, outcome->objectives[k], text));
        print_interval(tune, tune_show_value(told, k, bootstrap->objectives[k].low, low),
                       tune_show_value(told, k, bootstrap->objectives[k].high, high), out);
    }
}

/* Of numbers, where a stretch from one to another says as much as all that are in it. */
static bool is_number(const struct grid_dimension *dimension, size_t v)
{
    int64_t number = 0;
    const char *text = dimension->values[v];
    return dimension->path_count == 1 && decimal_parse(text, strlen(text), &number) == DECIMAL_OK;
}

static void add_as_good(const struct grid_dimension *dimension, const bool *as_good, size_t own,
                        struct text *out)
{
    enum { STRETCH = 3 };
    const char *comma = "";
    size_t next = 0;
    for (size_t v = 0; v < dimension->value_count; v = next) {
        size_t last = v;
        next = v + 1;
        if (!as_good[v] || v == own)
            continue;
        while (next < dimension->value_count && next != own && as_good[next] &&
               is_number(dimension, v) && is_number(dimension, next))
            last = next++;
        if (next - v < STRETCH) {
            last = v;
            next = v + 1;
        }
        text_add(out, comma);
        grid_add_value(dimension, v, out);
        if (last != v) {
            text_add(out, " to ");
            grid_add_value(dimension, last, out);
        }
        comma = ", ";
    }
}

/* What of the other values does as well. */
static void add_preference(const struct tune *tune, size_t d, size_t own, struct text *out)
{
    const struct grid_dimension *dimension = &tune->request->grid->dimensions[d];
    const struct tune_parameter *parameter = &tune->parameters[d];
    if (dimension->value_count == 1) {
        text_add(out, "the only value");
    } else if (parameter->tried == 0) {
        text_add(out, "no other value was tried with the rest as here");
    } else if (!parameter->preferred) {
        text_addf(out, "no preference: all %zu that were tried come to the same",
                  parameter->as_good_count);
    } else if (parameter->as_good_count > 1) {
        text_add(out, "the same come from ");
        add_as_good(dimension, parameter->as_good, own, out);
    }
}

static void print_parameters(const struct tune *tune, FILE *out)
{
    const struct grid *grid = tune->request->grid;
    size_t *values = memory_new(grid->dimension_count, sizeof *values);
    grid_point(grid, tune->best, values);
    for (size_t d = 0; d < grid->dimension_count; d++) {
        struct text value = {0};
        struct text preference = {0};
        grid_add_value(&grid->dimensions[d], values[d], &value);
        add_preference(tune, d, values[d], &preference);
        fprintf(out, "  %-42s %16s%s%s\n", grid->dimensions[d].name, value.data,
                preference.size ? "  " : "", preference.size ? preference.data : "");
        text_clean_up(&value);
        text_clean_up(&preference);
    }
    free(values);
}

static void print_answer(const struct tune_told *told, FILE *out)
{
    const struct tune *tune = told->tune;
    struct text why = {0};
    bool none = tune_why_not(tune, &why);
    if (none) {
        fprintf(out, "\n");
        show_wrapped(out, "Nothing is recommended: ", why.data);
    }
    text_clean_up(&why);
    if (tune->best == TUNE_NONE)
        return;
    fprintf(out, "\n%s\n", none ? "Best in these worlds" : "Recommended");
    print_parameters(tune, out);
    fprintf(out, "\n  over all windows%s\n",
            tune->request->seed_count > 1 ? ", mean of seeds" : "");
    print_outcome(told, &tune->outcomes[tune->best], out);
}

/* ---- what matters -----------------------------------------------------------------------------
 */

/* Of the values with which the limits can be met, that with which least, or most, is reached. */
static size_t find_value(const struct tune *tune, size_t d, size_t k, bool most)
{
    const struct tune_reach *reach = tune->parameters[d].reach;
    size_t found = TUNE_NONE;
    for (size_t v = 0; v < tune->request->grid->dimensions[d].value_count; v++) {
        if (!reach[v].any)
            continue;
        if (found == TUNE_NONE || (most ? reach[v].objectives[k] > reach[found].objectives[k]
                                        : reach[v].objectives[k] < reach[found].objectives[k]))
            found = v;
    }
    return found;
}

enum { UNMET_SHOWN = 5 };

/* "; none meets the limits with 0, 5": values that no point with them does; returns how many. */
static size_t add_unmet(const struct tune *tune, size_t d, struct text *out)
{
    const struct grid_dimension *dimension = &tune->request->grid->dimensions[d];
    size_t count = 0;
    struct text names = {0};
    for (size_t v = 0; v < dimension->value_count; v++) {
        const struct tune_reach *reach = &tune->parameters[d].reach[v];
        if (!reach->tried || reach->any)
            continue;
        if (count++ < UNMET_SHOWN) {
            text_add(&names, names.size ? ", " : "");
            grid_add_value(dimension, v, &names);
        }
    }
    if (count > UNMET_SHOWN)
        text_addf(out, "; none meets the limits with %zu others", count);
    else if (count)
        text_addf(out, "; none meets the limits with %s", names.data);
    text_clean_up(&names);
    return count;
}

static void print_reach(const struct tune_told *told, size_t d, size_t k, FILE *out)
{
    const struct tune *tune = told->tune;
    const struct grid_dimension *dimension = &tune->request->grid->dimensions[d];
    const struct tune_reach *reach = tune->parameters[d].reach;
    size_t best = find_value(tune, d, k, false); /* none: what meets them was added to the grid */
    size_t worst = find_value(tune, d, k, true);
    if (best == TUNE_NONE) {
        fprintf(out, "  %-42s %16s  no point of the grid meets the limits\n", dimension->name, "-");
        return;
    }
    int128 least = reach[best].objectives[k];
    int128 most = reach[worst].objectives[k];
    struct text text = {0};
    struct text unmet_words = {0};
    char value[SHOW_SIZE];
    char above[SHOW_SIZE];
    fprintf(out, "  %-42s ", dimension->name);
    size_t unmet = add_unmet(tune, d, &unmet_words);
    bool same = least == most && !reach[best].at_least[k] && !reach[worst].at_least[k];
    grid_add_value(dimension, best, &text);
    if (unmet && best == worst) {
        fprintf(out, "%s%16s with %s", reach[best].at_least[k] ? "at least " : "",
                tune_show_value(told, k, least, value), text.data);
    } else if (same) {
        fprintf(out, "%16s  the same with every value%s", tune_show_value(told, k, least, value),
                unmet ? " that can meet the limits" : "");
    } else {
        fprintf(out, "%s%16s with %s", reach[best].at_least[k] ? "at least " : "",
                tune_show_value(told, k, least, value), text.data);
        text_clean_up(&text);
        grid_add_value(dimension, worst, &text);
        fprintf(out, ", %s%s with %s: +%s", reach[worst].at_least[k] ? "at least " : "",
                tune_show_value(told, k, most, value), text.data,
                show_percent(most - least, least < 0 ? -least : least, above));
    }
    fprintf(out, "%s\n", unmet ? unmet_words.data : "");
    text_clean_up(&text);
    text_clean_up(&unmet_words);
}

static void print_sensitivity(const struct tune_told *told, FILE *out)
{
    const struct tune *tune = told->tune;
    if (tune->best == TUNE_NONE)
        return;
    fprintf(out,
            "\nSensitivity: the least that is reached with the best and the worst value of "
            "each, all else free%s\n",
            tune->request->narrow ? ", of the grid" : "");
    for (size_t k = 0; k < tune->request->objective_count; k++) {
        if (tune->request->objective_count > 1)
            fprintf(out, "%s\n", told->objectives[k]);
        for (size_t d = 0; d < tune->request->grid->dimension_count; d++)
            print_reach(told, d, k, out);
    }
}

static void print_stability(const struct tune *tune, FILE *out)
{
    const struct tune_bootstrap *bootstrap = &tune->bootstrap;
    size_t chosen = bootstrap->count - bootstrap->none;
    if (bootstrap->count == 0)
        return;
    fprintf(out, "\nChosen in %zu resamples of %zu window%s%s: from, to, and how often as above\n",
            bootstrap->count, tune->windows.count, tune->windows.count == 1 ? "" : "s",
            tune->scenario_count > 1 ? " and of the seeds" : "");
    for (size_t d = 0; d < tune->request->grid->dimension_count && chosen; d++) {
        const struct grid_dimension *dimension = &tune->request->grid->dimensions[d];
        const struct tune_parameter *parameter = &tune->parameters[d];
        struct text low = {0};
        struct text high = {0};
        char share[SHOW_SIZE];
        grid_add_value(dimension, parameter->low, &low);
        grid_add_value(dimension, parameter->high, &high);
        fprintf(out, "  %-42s %16s  to %s, %s\n", dimension->name, low.data, high.data,
                show_percent((int128)parameter->kept, (int128)chosen, share));
        text_clean_up(&low);
        text_clean_up(&high);
    }
    if (bootstrap->none)
        fprintf(out, "  in %zu of them no point meets the limits\n", bootstrap->none);
}

/* ---- the front, and all -----------------------------------------------------------------------
 */

static void print_front(const struct tune *tune, FILE *out)
{
    fprintf(out, "\nPareto front: nothing costs less and misses no more\n%14s %16s  point\n",
            "cost, USD", "missing, unit-h");
    for (size_t i = 0; i < tune->front_count; i++) {
        bool marked = i == tune->knee || tune->front[i] == tune->best;
        if (i >= FRONT_SHOWN && !marked)
            continue;
        const struct tune_outcome *outcome = &tune->outcomes[tune->front[i]];
        char cost[SHOW_SIZE];
        char unfulfilled[SHOW_SIZE];
        struct text words = {0};
        grid_add_point(tune->request->grid, tune->front[i], &words);
        fprintf(out, "%14s %16s  %s%s%s%s\n", show_usd(outcome->cost_micro_usd, cost),
                show_unit_hours(outcome->unfulfilled_micro_unit_s, unfulfilled), words.data,
                outcome->meets ? "" : tune_beyond, tune->front[i] == tune->best ? "  <- best" : "",
                i == tune->knee ? "  <- knee" : "");
        text_clean_up(&words);
    }
    if (tune->front_count > FRONT_SHOWN)
        fprintf(out, "%14s %16s  %zu in all: --json prints them\n", "", "", tune->front_count);
    if (tune->knee == TUNE_NONE)
        fprintf(out, "It has no knee: no point of it lies below the line between its ends.\n");
}

static void print_head(const struct tune_told *told, FILE *out)
{
    const struct tune *tune = told->tune;
    const struct windows *windows = &tune->windows;
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    timestamp_format(windows->items[0].from_s, from);
    timestamp_format(windows->items[windows->count - 1].to_s, to);
    fprintf(out, "%s: %zu point%s in %zu window%s", tune->scenarios[0].name, tune->point_count,
            tune->point_count == 1 ? "" : "s", windows->count, windows->count == 1 ? "" : "s");
    if (tune->request->seed_count)
        fprintf(out, " at %zu seed%s", tune->scenario_count, tune->scenario_count == 1 ? "" : "s");
    fprintf(out, ", %s to %s\n%zu runs in %s, %zu of them computed now\n", from, to, tune->runs,
            told->db, tune->computed);
    if (tune->request->stop_early)
        fprintf(out,
                "stopped early: %zu points that can no longer be chosen%s; %zu runs left out\n",
                tune->stop_count,
                tune->request->stop_early == TUNE_STOP_FRONT ? " nor be on the front" : "",
                tune->skipped);
    if (tune->request->narrow)
        fprintf(out, "narrowed in %zu round%s: %zu points of the grid, %zu beside the best ones\n",
                tune->rounds, tune->rounds == 1 ? "" : "s", tune->grid_count,
                tune->point_count - tune->grid_count);
    if (tune->left_out)
        fprintf(out, "left out, for the scenario does not take them: %zu more\n", tune->left_out);
    if (windows->left_out_s) {
        char left[SHOW_SIZE];
        fprintf(out, "left out, for it fills no window: %s\n",
                show_duration(windows->left_out_s, left));
    }
    for (size_t k = 0; k < tune->request->objective_count; k++)
        fprintf(out, "%-12s %s\n", "minimize", told->objectives[k]);
    for (size_t k = 0; k < tune->request->limit_count; k++)
        fprintf(out, "%-12s %s\n", "subject to", tune->request->limits[k].text);
}

void tune_print(const struct tune_told *told, FILE *out)
{
    print_head(told, out);
    print_answer(told, out);
    print_stability(told->tune, out);
    print_sensitivity(told, out);
    if (!told->tune->request->in_sample)
        tune_print_walk(told, out);
    print_front(told->tune, out);
    fprintf(out, "\nIndependent shortage episodes behind this: %zu\n", told->tune->episodes);
    struct text text = {0};
    for (size_t i = 0; tune_warning(told, i, &text); i++) {
        show_wrapped(out, "Warning: ", text.data);
        text_clean_up(&text);
    }
    text_clean_up(&text);
}
