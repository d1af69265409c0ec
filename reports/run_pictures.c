/* The pictures of a run as scripts for gnuplot, which hold numbers only. */
#include "base/memory.h"
#include "picture.h"
#include "run_drawings.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* As many as the picture has points from left to right. */
static int columns_of(const struct canvas *canvas)
{
    return canvas->width > CANVAS_WIDTH ? canvas->width - 100 : CANVAS_WIDTH - 100;
}

/* The run's levels reduced to so many columns; to be freed. */
static struct level *drawn_levels(const struct run_data *data, int columns, size_t *out_count)
{
    struct level *levels = memory_new(data->level_count + 1, sizeof *levels);
    if (data->level_count)
        memcpy(levels, data->levels, data->level_count * sizeof *levels);
    *out_count =
        levels_reduce(levels, data->level_count, data->from_s, data->to_s, (size_t)columns);
    return levels;
}

/* "top = N": the greatest value, and at least 1. */
static void set_top(struct text *script, int64_t micro)
{
    char number[DECIMAL_TEXT_SIZE];
    text_addf(script, "top = %s\n", decimal_format(micro > 0 ? micro : MICRO, number));
    canvas_tics(script, micro / MICRO, 6);
}

/* What lasts for less than a point of the picture would be painted over: a line for each. */
static void add_slivers(struct text *script, const struct level *levels, size_t count)
{
    for (int missing = 0; missing < 2; missing++) {
        text_addf(script, "$s%d << END\n", missing);
        for (size_t i = 0; i < count; i++) {
            const struct level *level = &levels[i];
            int64_t below = level->spot_micro + (missing ? level->on_demand_micro : 0);
            int64_t height = missing ? level->missing_micro : level->on_demand_micro;
            char from[DECIMAL_TEXT_SIZE];
            char up[DECIMAL_TEXT_SIZE];
            if (height > 0)
                text_addf(script, "%" PRId64 " %s %s\n", level->time_s, decimal_format(below, from),
                          decimal_format(height, up));
        }
        /* never empty, which gnuplot takes for a mistake */
        text_addf(script, "%" PRId64 " 0 0\nEND\n", count ? levels[0].time_s : 0);
    }
}

void draw_capacity(const struct drawing *drawing, struct text *script)
{
    const struct run_data *data = drawing->data;
    size_t count = 0;
    struct level *levels = drawn_levels(data, columns_of(drawing->canvas), &count);
    int64_t top_micro = 0;
    text_add(script, "$d << END\n");
    for (size_t i = 0; i <= count && count > 0; i++) {
        const struct level *level = &levels[i < count ? i : count - 1];
        char spot[DECIMAL_TEXT_SIZE];
        char served[DECIMAL_TEXT_SIZE];
        char all[DECIMAL_TEXT_SIZE];
        int64_t sum = level->spot_micro + level->on_demand_micro;
        top_micro = sum + level->missing_micro > top_micro ? sum + level->missing_micro : top_micro;
        text_addf(script, "%" PRId64 " %s %s %s\n", i < count ? level->time_s : data->to_s,
                  decimal_format(level->spot_micro, spot), decimal_format(sum, served),
                  decimal_format(sum + level->missing_micro, all));
    }
    text_add(script, "END\n$n << END\n");
    for (size_t i = 0; i < data->notice_count; i += 2)
        text_addf(script, "%" PRId64 " %" PRId64 "\n", data->notices[i], data->notices[i + 1]);
    text_add(script, "END\n");
    add_slivers(script, levels, count);
    set_top(script, top_micro);
    text_add(script, "set yrange [-0.09 * top : top * 1.05]\nplot $d using 1:4 with fillsteps fs "
                     "solid noborder lc rgb \"" RED
                     "\", $d using 1:3 with fillsteps fs solid noborder lc rgb \"" ORANGE
                     "\", $d using 1:2 with fillsteps fs solid noborder lc rgb \"" BLUE
                     "\", $s0 using 1:2:(0):3 with vectors nohead lw 2 lc rgb \"" ORANGE
                     "\", $s1 using 1:2:(0):3 with vectors nohead lw 2 lc rgb \"" RED "\"");
    if (data->notice_count)
        text_add(script, ", $n using 1:(-0.02 * top):(0):(-0.05 * top) with vectors nohead lw 0.8 "
                         "lc rgb \"" RED "\"");
    free(levels);
}

/* A second for each column at most: more could not be told apart. */
static void add_seconds(struct text *script, const struct run_data *data, int columns, int which)
{
    int64_t last = -1;
    for (size_t i = 0; i < data->call_count[which]; i++) {
        int64_t at_s = data->calls[which][i];
        int64_t column =
            (int64_t)((int128)(at_s - data->from_s) * columns / (data->to_s - data->from_s));
        if (column != last)
            text_addf(script, "%" PRId64 " 1\n", at_s);
        last = column;
    }
}

void draw_decisions(const struct drawing *drawing, struct text *script)
{
    const struct run_data *data = drawing->data;
    size_t count = 0;
    int columns = columns_of(drawing->canvas);
    struct level *levels = drawn_levels(data, columns, &count);
    text_add(script, "$d << END\n");
    int64_t top = 0;
    for (size_t i = 0; i <= count && count > 0; i++) {
        int64_t desired = levels[i < count ? i : count - 1].desired;
        top = desired > top ? desired : top;
        text_addf(script, "%" PRId64 " %" PRId64 "\n", i < count ? levels[i].time_s : data->to_s,
                  desired);
    }
    text_add(script, "END\n");
    for (int which = 0; which < 3; which++) {
        text_addf(script, "$c%d << END\n", which);
        add_seconds(script, data, columns, which);
        text_add(script, "END\n");
    }
    set_top(script, top * MICRO);
    text_add(script, "set yrange [-0.32 * top : top * 1.05]\nplot $d using 1:2 with steps lw 1.5 "
                     "lc rgb \"" ORANGE "\"");
    static const char *const colours[] = {GREEN, BLUE, RED};
    for (int which = 0; which < 3; which++) {
        if (data->call_count[which])
            text_addf(script,
                      ", $c%d using 1:(-0.%02d * top):(0):(0.07 * top) with vectors nohead lw 1.2 "
                      "lc rgb \"%s\"",
                      which, 12 + 9 * which, colours[which]);
    }
    free(levels);
}

void draw_cost(const struct drawing *drawing, struct text *script)
{
    const struct run_data *data = drawing->data;
    int128 spent = 0;
    int128 on_demand = 0;
    int128 bound = 0;
    text_add(script, "$d << END\n");
    text_addf(script, "%" PRId64 " 0 0 0\n", data->from_s);
    for (int i = 0; i < COST_POINTS; i++) {
        char a[DECIMAL_TEXT_SIZE];
        char b[DECIMAL_TEXT_SIZE];
        char c[DECIMAL_TEXT_SIZE];
        spent += data->spent[i];
        on_demand += data->all_on_demand[i];
        bound += data->bound[i];
        text_addf(script, "%" PRId64 " %s %s %s\n",
                  data->from_s +
                      (int64_t)((int128)(i + 1) * (data->to_s - data->from_s) / COST_POINTS),
                  decimal_format(spent, a), decimal_format(on_demand, b), decimal_format(bound, c));
    }
    int128 top = spent > on_demand ? spent : on_demand;
    text_add(script, "END\n");
    canvas_tics(script, (int64_t)(top / MICRO), 6);
    text_add(script, "set yrange [0:*]\nplot $d using 1:3 with lines lw 1.5 lc rgb \"" ORANGE
                     "\", $d using 1:2 with lines lw 2 lc rgb \"" BLUE "\"");
    if (bound > 0)
        text_add(script, ", $d using 1:4 with lines lw 1.5 lc rgb \"" GREEN "\"");
}
