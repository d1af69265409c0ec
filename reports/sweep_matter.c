/* What of a sweep's dimensions matters: with each of their values, the least that is reached, all
 * else free.
 */
#include "base/memory.h"
#include "labels.h"
#include "picture.h"
#include "study/tune.h"
#include "sweep_parts.h"

#include <stdlib.h>

enum { NAME_MOST = 40, ROW_HEIGHT = 44, STEPS_MOST = 8 };
#define PARTS ((int128)1000000)

struct effect {
    size_t best; /* steps of values */
    size_t worst;
    int128 least;
    int128 most;
};

struct matter {
    const struct sweep_data *data;
    struct effect *effects; /* dimension by dimension, figure by figure */
    int128 spans[SWEEP_FIGURES];
    bool drawn;
};

/* Of drawn points each value has few, often one: so several values are one step. */
static size_t steps_of(const struct matter *matter, size_t d)
{
    size_t count = matter->data->dimensions[d].value_count;
    return matter->drawn && count > STEPS_MOST ? STEPS_MOST : count;
}

static void add_step(struct text *page, const struct matter *matter, size_t d, size_t step)
{
    const struct sweep_dimension *dimension = &matter->data->dimensions[d];
    size_t steps = steps_of(matter, d);
    size_t first = axis_first(step, dimension->value_count, steps);
    size_t last = axis_first(step + 1, dimension->value_count, steps) - 1;
    html_add(page, dimension->values[first]);
    if (last > first) {
        text_add(page, dimension->numbers ? " to " : " … ");
        html_add(page, dimension->values[last]);
    }
}

static void find_effects(struct matter *matter, size_t d)
{
    const struct sweep_data *data = matter->data;
    size_t values = data->dimensions[d].value_count;
    size_t steps = steps_of(matter, d);
    struct tune_reach *reach = memory_new(steps, sizeof *reach);
    for (size_t i = 0; i < data->count; i++) {
        const int128 figures[] = {sweep_figure_of(&data->items[i], SWEEP_COST),
                                  sweep_figure_of(&data->items[i], SWEEP_UNFULFILLED)};
        size_t value = data->values[i * data->dimension_count + d];
        tune_reach_take(&reach[axis_step(value, values, steps)], figures, SWEEP_FIGURES, false);
    }
    for (size_t figure = 0; figure < SWEEP_FIGURES; figure++) {
        struct effect *effect = &matter->effects[d * SWEEP_FIGURES + figure];
        bool any = false;
        for (size_t v = 0; v < steps; v++) {
            if (!reach[v].any)
                continue;
            int128 reached = reach[v].objectives[figure];
            if (!any || reached < effect->least) {
                effect->least = reached;
                effect->best = v;
            }
            if (!any || reached > effect->most) {
                effect->most = reached;
                effect->worst = v;
            }
            any = true;
        }
    }
    free(reach);
}

static void find_spans(struct matter *matter)
{
    const struct sweep_data *data = matter->data;
    for (int figure = 0; figure < SWEEP_FIGURES; figure++) {
        int128 least = sweep_figure_of(&data->items[0], (enum sweep_figure)figure);
        int128 most = least;
        for (size_t i = 1; i < data->count; i++) {
            int128 value = sweep_figure_of(&data->items[i], (enum sweep_figure)figure);
            least = value < least ? value : least;
            most = value > most ? value : most;
        }
        matter->spans[figure] = most - least;
    }
}

static int draw(struct text *page, const struct matter *matter, struct error *err)
{
    const struct sweep_data *data = matter->data;
    struct text script = {0};
    struct labels labels = {0};
    size_t rows = data->dimension_count;
    text_addf(&script,
              "set terminal svg size 960,%zu dynamic font \"sans-serif,13\" linewidth 1\n"
              "set encoding utf8\nset border 1\nset tics nomirror out\nset key off\nset rmargin 9\n"
              "set tmargin 1\nset grid xtics lc rgb \"#999999\" lw 0.4\nset xrange [0:100]\n"
              "set yrange [%zu-0.5:-0.5]\nset xlabel \"%% of what lies between the least and the "
              "largest of all points\"\nset ytics scale 0 (",
              90 + rows * ROW_HEIGHT, rows);
    for (size_t d = 0; d < rows; d++) {
        text_add(&script, d ? ", " : "");
        labels_add(&labels, data->dimensions[d].name, NAME_MOST, &script);
        text_addf(&script, " %zu", d);
    }
    text_add(&script, ")\n$d << END\n");
    for (size_t d = 0; d < rows; d++) {
        for (size_t figure = 0; figure < SWEEP_FIGURES; figure++) {
            const struct effect *effect = &matter->effects[d * SWEEP_FIGURES + figure];
            char share[DECIMAL_TEXT_SIZE];
            int128 span = matter->spans[figure];
            int128 part = span ? (effect->most - effect->least) * 100 * PARTS / span : 0;
            text_addf(&script, "%zu %zu %s\n", d, figure, decimal_format(part, share));
        }
    }
    text_add(&script,
             "END\nplot $d using 3:($1-0.2+0.4*$2):(0):3:($1-0.36+0.4*$2):($1-0.04+0.4*$2):($2 == "
             "0 ? 0x3b82f6 : 0xdc2626) with boxxyerror fs solid 1.0 noborder lc rgb variable, $d "
             "using 3:($1-0.2+0.4*$2):(sprintf(\"%.3g %%\", $3)) with labels left offset 0.6,0 "
             "font \",11\"\n");
    int status = sweep_add_picture(page, &script, &labels, 2 + SWEEP_FIGURES,
                                   "how much each of what was varied matters", err);
    labels_clean_up(&labels);
    text_clean_up(&script);
    return status;
}

static void add_row(struct text *page, const struct matter *matter, size_t d,
                    enum sweep_figure figure)
{
    const struct sweep_dimension *dimension = &matter->data->dimensions[d];
    const struct effect *effect = &matter->effects[d * SWEEP_FIGURES + figure];
    text_add(page, "<tr><td>");
    html_add(page, dimension->name);
    text_addf(page, "</td><td class=\"left\">%s</td>", sweep_figure_names[figure]);
    if (effect->least == effect->most) {
        text_add(page, "<td class=\"left\">the same with every value</td><td>");
        sweep_add_value(page, figure, effect->least);
        text_add(page, "</td><td></td><td></td><td></td></tr>\n");
        return;
    }
    text_add(page, "<td class=\"left\">");
    add_step(page, matter, d, effect->best);
    text_add(page, "</td><td>");
    sweep_add_value(page, figure, effect->least);
    text_add(page, "</td><td class=\"left\">");
    add_step(page, matter, d, effect->worst);
    text_add(page, "</td><td>");
    sweep_add_value(page, figure, effect->most);
    text_add(page, "</td><td>+");
    sweep_add_value(page, figure, effect->most - effect->least);
    text_add(page, "</td></tr>\n");
}

int sweep_picture_matter(struct text *page, const struct sweep_data *data, struct error *err)
{
    struct matter matter = {.data = data, .drawn = sweep_is_drawn(data)};
    matter.effects = memory_new(data->dimension_count * SWEEP_FIGURES, sizeof *matter.effects);
    for (size_t d = 0; d < data->dimension_count; d++)
        find_effects(&matter, d);
    find_spans(&matter);
    text_add(page, "<h2>What matters</h2>\n");
    int status = draw(page, &matter, err);
    if (!status) {
        text_add(page, "<figcaption>");
        picture_key(page, BLUE, "cost");
        picture_key(page, RED, "unfulfilled capacity");
        text_add(page, ": how far the least that is reached with the best value and with the worst "
                       "lie apart, all else free.");
        if (matter.drawn)
            text_add(page, " Not every combination was run: more than eight values of one stand in "
                           "eight steps, and a value that was tried less may look worse for that.");
        text_add(page, "</figcaption>\n<details open><summary>As a "
                       "table</summary><div class=\"wide\" tabindex=\"0\"><table><tr><th></th><th "
                       "class=\"left\">least</th><th class=\"left\">best with</th><th>reached</th>"
                       "<th class=\"left\">worst with</th><th>reached</th><th>apart</th></tr>\n");
        for (size_t d = 0; d < data->dimension_count; d++) {
            add_row(page, &matter, d, SWEEP_COST);
            add_row(page, &matter, d, SWEEP_UNFULFILLED);
        }
        text_add(page, "</table></div></details>\n");
    }
    free(matter.effects);
    return status;
}
