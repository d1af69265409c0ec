/* A sweep's figure over two dimensions: a cell for each pair of values. */
#include "base/memory.h"
#include "labels.h"
#include "picture.h"
#include "ramp.h"
#include "sweep_parts.h"

#include <stdlib.h>
#include <string.h>

enum { CHARACTERS = 108, ROW_WITH_NUMBER = 18, WHOLE_TELLS = 20, OUTLINED_MOST = 12 };

struct heat {
    const struct sweep_data *data;
    const struct sweep_axes *axes;
    enum sweep_figure figure;
    struct sweep_cell *cells;
    size_t count;
    size_t filled;
    size_t best; /* cells that have the least */
    struct ramp ramp;
    enum { NUMBERS_NONE = 0, NUMBERS_WHOLE, NUMBERS_FULL } numbers;
};

static int by_value(const void *a, const void *b)
{
    const int128 *x = a;
    const int128 *y = b;
    return (*x > *y) - (*x < *y);
}

static void find_ramp(struct heat *heat)
{
    int128 *values = memory_new(heat->count, sizeof *values);
    for (size_t i = 0; i < heat->count; i++) {
        if (heat->cells[i].any)
            values[heat->filled++] = heat->cells[i].value;
    }
    qsort(values, heat->filled, sizeof *values, by_value);
    heat->ramp = ramp_of(values, heat->filled);
    while (heat->best < heat->filled && values[heat->best] == values[0])
        heat->best++;
    free(values);
}

struct place {
    size_t x;
    size_t y;
    size_t panel;
};

static struct place place_of(const struct sweep_axes *axes, size_t cell)
{
    return (struct place){cell % axes->x_steps, cell / axes->x_steps % axes->y_steps,
                          cell / axes->x_steps / axes->y_steps};
}

/* A cell's number, as a page shows it, or without decimals. */
static void add_number(struct text *out, const struct heat *heat, int128 value)
{
    struct text full = {0};
    sweep_add_value(&full, heat->figure, value);
    char *point = strchr(full.data, '.');
    if (point && heat->numbers == NUMBERS_WHOLE)
        *point = '\0';
    text_add(out, full.data);
    text_clean_up(&full);
}

static bool fits(const struct heat *heat)
{
    size_t room = CHARACTERS / (heat->axes->panels * heat->axes->x_steps);
    const int128 ends[] = {heat->ramp.least, heat->ramp.most};
    bool all = true;
    for (size_t i = 0; i < ARRAY_LENGTH(ends); i++) {
        struct text number = {0};
        add_number(&number, heat, ends[i]);
        all = all && labels_width(number.data) + 2 <= room;
        text_clean_up(&number);
    }
    return all;
}

/* Numbers in the cells if there is room, without decimals if that is enough to tell them apart. */
static void find_numbers(struct heat *heat)
{
    int128 unit = heat->figure == SWEEP_COST ? MICRO : (int128)MICRO * SECONDS_PER_HOUR;
    if (sweep_row_height(heat->axes->y_steps) < ROW_WITH_NUMBER)
        return;
    heat->numbers = NUMBERS_FULL;
    if (fits(heat))
        return;
    heat->numbers = NUMBERS_WHOLE;
    if (heat->ramp.most - heat->ramp.least < WHOLE_TELLS * unit || !fits(heat))
        heat->numbers = NUMBERS_NONE;
}

static void add_cells(struct text *script, const struct heat *heat)
{
    text_add(script, "$d << END\n");
    for (size_t i = 0; i < heat->count; i++) {
        struct place at = place_of(heat->axes, i);
        if (!heat->cells[i].any)
            continue;
        const int64_t shifts[] = {0, -500, 500};
        for (size_t k = 0; k < ARRAY_LENGTH(shifts); k++) {
            sweep_add_place(script, heat->axes, at.panel, at.x, shifts[k]);
            text_add(script, " ");
        }
        text_addf(script, "%zu %u\n", at.y, ramp_colour(&heat->ramp, heat->cells[i].value));
    }
    text_add(script, "END\n");
}

static void add_numbers(struct text *script, const struct heat *heat)
{
    text_add(script, "$n << END\n");
    for (size_t i = 0; i < heat->count; i++) {
        struct place at = place_of(heat->axes, i);
        if (!heat->cells[i].any)
            continue;
        sweep_add_place(script, heat->axes, at.panel, at.x, 0);
        text_addf(script, " %zu \"", at.y);
        add_number(script, heat, heat->cells[i].value);
        text_addf(script, "\" %u\n", ramp_ink(&heat->ramp, heat->cells[i].value));
    }
    text_add(script, "END\n");
}

/* Around each cell with the least, where these are few. */
static bool outlines(const struct heat *heat)
{
    return heat->best <= OUTLINED_MOST && heat->best * 4 <= heat->filled;
}

static void add_outlines(struct text *script, const struct heat *heat)
{
    static const int corners[][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}, {-1, -1}};
    text_add(script, "$o << END\n");
    for (size_t i = 0; i < heat->count; i++) {
        struct place at = place_of(heat->axes, i);
        if (!heat->cells[i].any || heat->cells[i].value != heat->ramp.least)
            continue;
        for (size_t k = 0; k < ARRAY_LENGTH(corners); k++) {
            sweep_add_place(script, heat->axes, at.panel, at.x, 480 * corners[k][0]);
            text_addf(script, " %zu %s0.48\n", at.y, corners[k][1] < 0 ? "-" : "");
        }
        text_add(script, "\n");
    }
    text_add(script, "END\n");
}

static void write_script(struct text *script, struct labels *labels, const struct heat *heat)
{
    size_t rows = heat->axes->y_steps;
    text_addf(script,
              "set terminal svg size 960,%zu dynamic font \"sans-serif,13\" linewidth 1\n"
              "set encoding utf8\nset border 3\nset tics nomirror out\nset key off\n"
              "set rmargin 3\nset tmargin %d\nset yrange [-0.5:%zu-0.5]\n",
              100 + rows * sweep_row_height(rows) + sweep_tics_height(heat->data, heat->axes),
              heat->axes->panel == AXIS_NONE ? 1 : 2, rows);
    sweep_add_tics(heat->data, heat->axes, labels, script);
    add_cells(script, heat);
    if (heat->numbers)
        add_numbers(script, heat);
    if (outlines(heat))
        add_outlines(script, heat);
    text_add(script,
             "plot $d using 1:4:2:3:($4-0.5):($4+0.5):5 with boxxyerror fs solid 1.0 noborder "
             "lc rgb variable");
    if (heat->numbers)
        text_add(script, ", $n using 1:2:3:4 with labels font \",12\" tc rgb variable");
    if (outlines(heat))
        text_add(script, ", $o using 1:($2+$3) with lines lw 3 lc rgb \"" RED "\"");
    text_add(script, "\n");
}

static void add_ramp(struct text *page, const struct heat *heat)
{
    text_add(page, "<span class=\"ramp\"><i style=\"background:linear-gradient(90deg");
    for (int quarter = 0; quarter <= 4; quarter++) {
        const struct ramp plain = {.least = 0, .most = 4};
        text_addf(page, ",#%06x", ramp_colour(&plain, quarter));
    }
    text_add(page, ")\"></i><span>");
    for (int quarter = 0; quarter <= 4; quarter++) {
        text_add(page, "<b>");
        sweep_add_value(page, heat->figure, ramp_value(&heat->ramp, quarter));
        text_add(page, "</b>");
    }
    text_add(page, "</span></span>");
}

static void add_caption(struct text *page, const struct heat *heat)
{
    text_add(page, "<figcaption>");
    if (heat->ramp.most > heat->ramp.least)
        add_ramp(page, heat);
    text_addf(page, "Colour: %s%s. ", sweep_figure_names[heat->figure],
              heat->ramp.root ? ", by its root above the least" : "");
    if (outlines(heat))
        picture_key(page, RED, "outlined: the least. ");
    if (heat->filled < heat->count)
        text_add(page, "Empty: no such point was run in full. ");
}

int sweep_heat(struct text *page, const struct sweep_data *data, const struct sweep_axes *axes,
               enum sweep_figure figure, int number, struct error *err)
{
    struct heat heat = {.data = data, .axes = axes, .figure = figure};
    struct text script = {0};
    struct labels labels = {0};
    heat.cells = sweep_cells(data, axes, figure, &heat.count);
    find_ramp(&heat);
    find_numbers(&heat);
    write_script(&script, &labels, &heat);
    int status =
        sweep_add_picture(page, &script, &labels, number,
                          figure == SWEEP_COST ? "cost over two of what was varied"
                                               : "unfulfilled capacity over two of what was varied",
                          err);
    if (!status)
        add_caption(page, &heat);
    labels_clean_up(&labels);
    text_clean_up(&script);
    free(heat.cells);
    return status;
}
