/* A sweep's figure over the one dimension that was varied: a line where its values are numbers,
 * else a mark for each.
 */
#include "base/memory.h"
#include "labels.h"
#include "picture.h"
#include "sweep_parts.h"

#include <stdlib.h>

enum { NAME_MOST = 60, WIDE = 1000, MARKS_MOST = 200 };

/* In thousands as a page shows it: USD, unit-hours. */
static void add_plain(struct text *script, enum sweep_figure figure, int128 value)
{
    char number[DECIMAL_TEXT_SIZE];
    int128 shown = figure == SWEEP_COST ? value : divide_half_even(value, SECONDS_PER_HOUR);
    text_add(script, decimal_format(shown, number));
}

/* All above 0, and the largest a thousand times the least: steps in equal proportions. */
static bool wants_log(const struct sweep_dimension *dimension)
{
    size_t count = dimension->value_count;
    return dimension->numbers && dimension->micro[0] > 0 &&
           dimension->micro[count - 1] / WIDE >= dimension->micro[0];
}

static void add_x(struct text *script, const struct sweep_dimension *dimension, size_t value)
{
    char number[DECIMAL_TEXT_SIZE];
    if (dimension->numbers)
        text_add(script, decimal_format(dimension->micro[value], number));
    else
        text_addf(script, "%zu", value);
}

static void add_data(struct text *script, const struct sweep_data *data, size_t d,
                     enum sweep_figure figure)
{
    const struct sweep_dimension *dimension = &data->dimensions[d];
    size_t *of_value = memory_new(dimension->value_count, sizeof *of_value); /* + 1 */
    for (size_t i = 0; i < data->count; i++)
        of_value[data->values[i * data->dimension_count + d]] = i + 1;
    text_add(script, "$d << END\n");
    for (size_t v = 0; v < dimension->value_count; v++) {
        if (of_value[v] == 0)
            continue;
        add_x(script, dimension, v);
        text_add(script, " ");
        add_plain(script, figure, sweep_figure_of(&data->items[of_value[v] - 1], figure));
        text_add(script, "\n");
    }
    text_add(script, "END\n");
    free(of_value);
}

int sweep_line(struct text *page, const struct sweep_data *data, const struct sweep_axes *axes,
               enum sweep_figure figure, int number, struct error *err)
{
    const struct sweep_dimension *dimension = &data->dimensions[axes->x];
    struct text script = {0};
    struct labels labels = {0};
    size_t more = dimension->numbers ? 0 : sweep_tics_height(data, axes);
    text_addf(&script,
              "set terminal svg size 960,%zu dynamic font \"sans-serif,13\" linewidth 1\n"
              "set encoding utf8\nset border 3\nset tics nomirror out\nset key off\n"
              "set rmargin 4\nset grid ytics lc rgb \"#999999\" lw 0.4\nset offsets graph "
              "0.02, graph 0.02, graph 0.08, graph 0.02\nset format y \"%%.8g\"\n",
              320 + more);
    if (!dimension->numbers) {
        sweep_add_tics(data, axes, &labels, &script);
    } else {
        text_add(&script, "set autoscale fix\nset format x \"%.8g\"\nset xlabel ");
        labels_add(&labels, dimension->name, NAME_MOST, &script);
        text_add(&script, wants_log(dimension) ? "\nset logscale x\n" : "\n");
    }
    add_data(&script, data, axes->x, figure);
    const char *colour = figure == SWEEP_COST ? BLUE : RED;
    text_add(&script, "plot ");
    if (dimension->numbers)
        text_addf(&script, "$d using 1:2 with lines lw 2 lc rgb \"%s\", ", colour);
    if (dimension->value_count <= MARKS_MOST)
        text_addf(&script, "$d using 1:2 with points pt 7 ps 0.6 lc rgb \"%s\"\n", colour);
    else
        text_addf(&script, "$d using 1:2 with dots lc rgb \"%s\"\n", colour);
    int status = sweep_add_picture(page, &script, &labels, number,
                                   figure == SWEEP_COST ? "cost over what was varied"
                                                        : "unfulfilled capacity over what was "
                                                          "varied",
                                   err);
    if (!status) {
        text_add(page, "<figcaption>");
        picture_key(page, colour, sweep_figure_names[figure]);
        text_add(page, ". The axis need not begin at 0. ");
    }
    labels_clean_up(&labels);
    text_clean_up(&script);
    return status;
}
