/* Values and points that are added to a space once it is drawn. */
#include "base/memory.h"
#include "study/grid.h"

#include <stdlib.h>
#include <string.h>

void grid_list_points(struct grid *grid)
{
    if (grid->drawn)
        return;
    size_t columns = grid->dimension_count;
    size_t *values = memory_new(columns, sizeof *values);
    uint32_t *drawn = memory_new(grid->point_count * columns, sizeof *drawn);
    for (size_t i = 0; i < grid->point_count; i++) {
        grid_point(grid, i, values);
        for (size_t d = 0; d < columns; d++)
            drawn[i * columns + d] = (uint32_t)values[d];
    }
    grid->drawn = drawn;
    free(values);
}

size_t grid_grow_value(struct grid_dimension *dimension, const char *text)
{
    dimension->values =
        memory_resize(dimension->values, dimension->value_count + 1, sizeof *dimension->values);
    dimension->values[dimension->value_count] = memory_copy_text(text);
    return dimension->value_count++;
}

void grid_grow_point(struct grid *grid, const size_t *values)
{
    size_t columns = grid->dimension_count;
    size_t at = grid->point_count++ * columns;
    grid->drawn = memory_resize(grid->drawn, grid->point_count * columns, sizeof *grid->drawn);
    for (size_t d = 0; d < columns; d++)
        grid->drawn[at + d] = (uint32_t)values[d];
}

void grid_drop_point(struct grid *grid)
{
    grid->point_count--;
}

void grid_order_values(struct grid *grid, size_t dimension, const size_t *order)
{
    struct grid_dimension *of = &grid->dimensions[dimension];
    size_t paths = of->path_count;
    char **values = memory_new(of->value_count * paths, sizeof *values);
    uint32_t *places = memory_new(of->value_count, sizeof *places);
    for (size_t i = 0; i < of->value_count; i++) {
        memcpy(&values[i * paths], &of->values[order[i] * paths], paths * sizeof *values);
        places[order[i]] = (uint32_t)i;
    }
    free(of->values);
    of->values = values;
    for (size_t i = 0; i < grid->point_count; i++) {
        uint32_t *at = &grid->drawn[i * grid->dimension_count + dimension];
        *at = places[*at];
    }
    free(places);
}
