/* The pictures of a run as characters: of all that falls on one of them, the worst is shown. */
#include "run_drawings.h"
#include "terminal.h"

#include <stdlib.h>

enum { CALL_ROWS = 3 };

/* The columns that a level fills: from its beginning until the next one's. */
struct stretch {
    int first;
    int last;
};

static struct stretch stretch_of(const struct cells *cells, const struct run_data *data,
                                 const struct level *levels, size_t count, size_t i)
{
    int64_t end_s = i + 1 < count ? levels[i + 1].time_s : data->to_s;
    return (struct stretch){
        .first = cells_column(cells, levels[i].time_s, data->from_s, data->to_s),
        .last = cells_column(cells, end_s > levels[i].time_s ? end_s - 1 : end_s, data->from_s,
                             data->to_s),
    };
}

/* Rows [from, to) above `base`, in all columns of the stretch. */
static void fill(struct cells *cells, struct stretch stretch, int base, int from, int to, char mark,
                 const char *order)
{
    for (int column = stretch.first; column <= stretch.last; column++) {
        for (int row = from; row < to; row++)
            cells_set(cells, column, base + row, mark, order);
    }
}

static int64_t required(const struct level *level)
{
    return level->spot_micro + level->on_demand_micro + level->missing_micro;
}

void draw_capacity_cells(const struct drawing *drawing, struct text *script)
{
    enum { BASE = 1 };
    static const char order[] = ".o#";
    const struct run_data *data = drawing->data;
    struct cells cells = cells_new(drawing->canvas);
    int128 top = MICRO;
    for (size_t i = 0; i < data->level_count; i++)
        top = required(&data->levels[i]) > top ? required(&data->levels[i]) : top;
    for (size_t i = 0; i < data->level_count; i++) {
        const struct level *level = &data->levels[i];
        struct stretch stretch = stretch_of(&cells, data, data->levels, data->level_count, i);
        int all = cells_filled(&cells, BASE, required(level), top);
        int served = cells_filled(&cells, BASE, level->spot_micro + level->on_demand_micro, top);
        int spot = cells_filled(&cells, BASE, level->spot_micro, top);
        /* The least of what is missing, or on demand, is seen. */
        served -= served == all && served > 0 && level->missing_micro > 0;
        spot -= spot >= served && spot > 0 && level->on_demand_micro > 0;
        fill(&cells, stretch, BASE, 0, spot, '.', order);
        fill(&cells, stretch, BASE, spot, served, 'o', order);
        fill(&cells, stretch, BASE, served, all, '#', order);
    }
    for (size_t i = 0; i < data->notice_count; i += 2)
        cells_set(&cells, cells_column(&cells, data->notices[i], data->from_s, data->to_s), 0, '!',
                  "!");
    canvas_tics(script, (int64_t)(top / MICRO), cells.rows / 3);
    cells_plot(&cells, drawing->keys, data->from_s, data->to_s, BASE, top, script);
    cells_clean_up(&cells);
}

void draw_decisions_cells(const struct drawing *drawing, struct text *script)
{
    static const char marks[] = "^vx";
    const struct run_data *data = drawing->data;
    struct cells cells = cells_new(drawing->canvas);
    int64_t top = 1;
    for (size_t i = 0; i < data->level_count; i++)
        top = data->levels[i].desired > top ? data->levels[i].desired : top;
    for (size_t i = 0; i < data->level_count; i++) {
        struct stretch stretch = stretch_of(&cells, data, data->levels, data->level_count, i);
        int rows = cells_filled(&cells, CALL_ROWS, data->levels[i].desired, top);
        fill(&cells, stretch, CALL_ROWS, 0, rows, 'o', "o");
    }
    for (int which = 0; which < CALL_ROWS; which++) {
        for (size_t i = 0; i < data->call_count[which]; i++)
            cells_set(&cells, cells_column(&cells, data->calls[which][i], data->from_s, data->to_s),
                      CALL_ROWS - 1 - which, marks[which], marks);
    }
    canvas_tics(script, top, cells.rows / 3);
    cells_plot(&cells, drawing->keys, data->from_s, data->to_s, CALL_ROWS, (int128)top * MICRO,
               script);
    cells_clean_up(&cells);
}

void draw_cost_cells(const struct drawing *drawing, struct text *script)
{
    const struct run_data *data = drawing->data;
    struct cells cells = cells_new(drawing->canvas);
    int128 top = MICRO;
    int128 sums[3] = {0, 0, 0};
    for (int i = 0; i < COST_POINTS; i++) {
        sums[0] += data->spent[i];
        sums[1] += data->all_on_demand[i];
    }
    top = sums[0] > top ? sums[0] : top;
    top = sums[1] > top ? sums[1] : top;
    sums[0] = sums[1] = 0;
    for (int i = 0; i < COST_POINTS; i++) {
        int column = i * cells.columns / COST_POINTS;
        sums[0] += data->spent[i];
        sums[1] += data->all_on_demand[i];
        sums[2] += data->bound[i];
        if (sums[2] > 0)
            cells_set(&cells, column, cells_filled(&cells, 0, sums[2], top) - 1, '-', "-o*");
        cells_set(&cells, column, cells_filled(&cells, 0, sums[1], top) - 1, 'o', "-o*");
        cells_set(&cells, column, cells_filled(&cells, 0, sums[0], top) - 1, '*', "-o*");
    }
    canvas_tics(script, (int64_t)(top / MICRO), cells.rows / 3);
    cells_plot(&cells, drawing->keys, data->from_s, data->to_s, 0, top, script);
    cells_clean_up(&cells);
}
