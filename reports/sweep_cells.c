/* What a sweep's points come to, cell by cell of a picture. */
#include "base/memory.h"
#include "sweep_parts.h"

#include <stdlib.h>

const char *const sweep_figure_names[SWEEP_FIGURES] = {"cost, USD",
                                                       "unfulfilled capacity, unit-hours"};

int128 sweep_figure_of(const struct front_item *item, enum sweep_figure figure)
{
    return figure == SWEEP_COST ? item->cost_micro_usd : item->unfulfilled_micro_unit_s;
}

void sweep_add_value(struct text *page, enum sweep_figure figure, int128 value)
{
    if (figure == SWEEP_COST)
        page_usd(page, value);
    else
        page_unit_hours(page, value);
}

struct entry {
    size_t cell;
    int128 value;
};

static int by_cell(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;
    if (x->cell != y->cell)
        return x->cell < y->cell ? -1 : 1;
    return (x->value > y->value) - (x->value < y->value);
}

static size_t cell_of(const struct sweep_data *data, const struct sweep_axes *axes, size_t point)
{
    const size_t *values = &data->values[point * data->dimension_count];
    size_t x = axis_step(values[axes->x], data->dimensions[axes->x].value_count, axes->x_steps);
    size_t y =
        axes->y == AXIS_NONE
            ? 0
            : axis_step(values[axes->y], data->dimensions[axes->y].value_count, axes->y_steps);
    size_t panel = axes->panel == AXIS_NONE ? 0 : values[axes->panel];
    return (panel * axes->y_steps + y) * axes->x_steps + x;
}

struct sweep_cell *sweep_cells(const struct sweep_data *data, const struct sweep_axes *axes,
                               enum sweep_figure figure, size_t *out_count)
{
    *out_count = axes->x_steps * axes->y_steps * axes->panels;
    struct sweep_cell *cells = memory_new(*out_count, sizeof *cells);
    struct entry *entries = memory_new(data->count, sizeof *entries);
    for (size_t i = 0; i < data->count; i++)
        entries[i] =
            (struct entry){cell_of(data, axes, i), sweep_figure_of(&data->items[i], figure)};
    qsort(entries, data->count, sizeof *entries, by_cell);
    for (size_t begin = 0; begin < data->count;) {
        size_t end = begin + 1;
        while (end < data->count && entries[end].cell == entries[begin].cell)
            end++;
        size_t told = axes->median ? begin + (end - begin - 1) / 2 : begin;
        cells[entries[begin].cell] = (struct sweep_cell){true, entries[told].value};
        begin = end;
    }
    free(entries);
    return cells;
}
