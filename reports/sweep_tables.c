/* Tables of a sweep's points, and the pictures that stand over them. */
#include "base/memory.h"
#include "sweep_parts.h"

#include <stdlib.h>

enum { BEST_SHOWN = 10 };

void sweep_table(struct text *page, const struct sweep_data *data, const size_t *points,
                 const char *const *marks, size_t count)
{
    text_add(page, "<details open><summary>As a table</summary><div class=\"wide\" tabindex=\"0\">"
                   "<table><tr>");
    text_add(page, marks ? "<th></th>" : "");
    text_add(page, "<th>cost, USD</th><th>unfulfilled, unit-h</th>");
    for (size_t d = 0; d < data->dimension_count; d++) {
        text_add(page, "<th class=\"left\">");
        html_add_path(page, data->dimensions[d].name);
        text_add(page, "</th>");
    }
    text_add(page, "</tr>\n");
    for (size_t i = 0; i < count; i++) {
        text_add(page, "<tr>");
        if (marks)
            text_addf(page, "<td>%s</td>", marks[i] ? marks[i] : "");
        for (int figure = 0; figure < SWEEP_FIGURES; figure++) {
            text_add(page, "<td class=\"number\">");
            sweep_add_value(page, (enum sweep_figure)figure,
                            sweep_figure_of(&data->items[points[i]], (enum sweep_figure)figure));
            text_add(page, "</td>");
        }
        for (size_t d = 0; d < data->dimension_count; d++) {
            const struct sweep_dimension *dimension = &data->dimensions[d];
            text_add(page, "<td class=\"left\">");
            html_add(page, dimension->values[data->values[points[i] * data->dimension_count + d]]);
            text_add(page, "</td>");
        }
        text_add(page, "</tr>\n");
    }
    text_add(page, "</table></div></details>\n");
}

/* How what was varied beside the picture's axes comes into it. */
static void add_others(struct text *page, const struct sweep_data *data,
                       const struct sweep_axes *axes)
{
    const char *comma = axes->median ? "Shown is the median over all that was tried of "
                                     : "Shown is the least over all that was tried of ";
    for (size_t d = 0; d < data->dimension_count && axes->others; d++) {
        if (d == axes->x || d == axes->y || data->dimensions[d].value_count < 2)
            continue;
        text_add(page, comma);
        html_add(page, data->dimensions[d].name);
        comma = ", ";
    }
    text_add(page, axes->others ? ". " : "");
    const size_t shown[] = {axes->x, axes->y};
    const size_t steps[] = {axes->x_steps, axes->y_steps};
    for (size_t i = 0; i < ARRAY_LENGTH(shown) && axes->y != AXIS_NONE; i++) {
        const struct sweep_dimension *dimension = &data->dimensions[shown[i]];
        if (dimension->value_count == steps[i])
            continue;
        text_addf(page, "The %zu values of ", dimension->value_count);
        html_add(page, dimension->name);
        text_addf(page,
                  " stand in %zu steps, each named by its first; of what falls into one the "
                  "%s is shown. ",
                  steps[i], axes->median ? "median" : "least");
    }
}

int sweep_picture(struct text *page, const struct sweep_data *data, const struct sweep_axes *axes,
                  enum sweep_figure figure, struct error *err)
{
    text_add(page, figure == SWEEP_COST ? "<h2>Cost, in USD</h2>\n"
                                        : "<h2>Unfulfilled capacity, in unit-hours</h2>\n");
    int status = axes->y == AXIS_NONE ? sweep_line(page, data, axes, figure, 1 + (int)figure, err)
                                      : sweep_heat(page, data, axes, figure, 1 + (int)figure, err);
    if (status)
        return status;
    add_others(page, data, axes);
    size_t *points = figure == SWEEP_COST ? front_by_cost(data->items, data->count)
                                          : front_by_unfulfilled(data->items, data->count);
    size_t shown = data->count < BEST_SHOWN ? data->count : BEST_SHOWN;
    text_addf(page, "Below, the %zu %s.</figcaption>\n", shown,
              figure == SWEEP_COST ? "cheapest points" : "points that leave least unfulfilled");
    sweep_table(page, data, points, NULL, shown);
    free(points);
    return STATUS_OK;
}
