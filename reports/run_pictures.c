/* The pictures of a run's page: scripts for gnuplot, which hold numbers only, and what it draws put
 * into the page. */
#include "base/memory.h"
#include "picture.h"
#include "run_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 860, DAY_S = 86400 };

static void begin_picture(const struct run_data *data, int height, struct text *script)
{
    int64_t days = (data->to_s - data->from_s) / DAY_S;
    text_addf(script,
              "set terminal svg size 960,%d dynamic font \"sans-serif,13\" linewidth 1\n"
              "set encoding utf8\nset border 3\nset tics nomirror out\nset grid ytics lc rgb "
              "\"#999999\" lw 0.4\nset key off\nset lmargin 9\nset rmargin 4\nset xdata time\n"
              "set timefmt \"%%s\"\nset xrange [\"%" PRId64 "\":\"%" PRId64 "\"]\n"
              "set format x \"%s\"\nset yrange [0:*]\n",
              height, data->from_s, data->to_s,
              days > 400  ? "%b %Y"
              : days >= 3 ? "%b %d"
                          : "%H:%M");
}

/* Tics from 0 on, at steps of 1, 2 or 5 times a power of ten. */
static void set_tics(struct text *script, int64_t top)
{
    static const int64_t factors[] = {1, 2, 5};
    int64_t power = 1;
    size_t i = 0;
    while (factors[i] * power * 6 < top) {
        i = (i + 1) % ARRAY_LENGTH(factors);
        power *= i == 0 ? 10 : 1;
    }
    text_addf(script, "set ytics 0,%" PRId64 "\n", factors[i] * power);
}

/* "top = N": the greatest value, and at least 1. */
static void set_top(struct text *script, int64_t micro)
{
    char number[DECIMAL_TEXT_SIZE];
    text_addf(script, "top = %s\n", decimal_format(micro > 0 ? micro : MICRO, number));
    set_tics(script, micro / MICRO);
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

int picture_capacity(struct text *page, const struct run_data *data, struct error *err)
{
    struct text script = {0};
    struct level *levels = memory_new(data->level_count + 1, sizeof *levels);
    if (data->level_count)
        memcpy(levels, data->levels, data->level_count * sizeof *levels);
    size_t count = levels_reduce(levels, data->level_count, data->from_s, data->to_s, COLUMNS);
    int64_t top_micro = 0;
    begin_picture(data, 300, &script);
    text_add(&script, "$d << END\n");
    for (size_t i = 0; i <= count && count > 0; i++) {
        const struct level *level = &levels[i < count ? i : count - 1];
        char spot[DECIMAL_TEXT_SIZE];
        char served[DECIMAL_TEXT_SIZE];
        char all[DECIMAL_TEXT_SIZE];
        int64_t sum = level->spot_micro + level->on_demand_micro;
        top_micro = sum + level->missing_micro > top_micro ? sum + level->missing_micro : top_micro;
        text_addf(&script, "%" PRId64 " %s %s %s\n", i < count ? level->time_s : data->to_s,
                  decimal_format(level->spot_micro, spot), decimal_format(sum, served),
                  decimal_format(sum + level->missing_micro, all));
    }
    text_add(&script, "END\n$n << END\n");
    for (size_t i = 0; i < data->notice_count; i += 2)
        text_addf(&script, "%" PRId64 " %" PRId64 "\n", data->notices[i], data->notices[i + 1]);
    text_add(&script, "END\n");
    add_slivers(&script, levels, count);
    set_top(&script, top_micro);
    text_add(&script, "set yrange [-0.09 * top : top * 1.05]\nplot $d using 1:4 with fillsteps fs "
                      "solid noborder lc rgb \"" RED
                      "\", $d using 1:3 with fillsteps fs solid noborder lc rgb \"" ORANGE
                      "\", $d using 1:2 with fillsteps fs solid noborder lc rgb \"" BLUE
                      "\", $s0 using 1:2:(0):3 with vectors nohead lw 2 lc rgb \"" ORANGE
                      "\", $s1 using 1:2:(0):3 with vectors nohead lw 2 lc rgb \"" RED "\"");
    if (data->notice_count)
        text_add(&script, ", $n using 1:(-0.02 * top):(0):(-0.05 * top) with vectors nohead lw 0.8 "
                          "lc rgb \"" RED "\"");
    text_add(&script, "\n");
    text_add(page, "<h2>Capacity, in units</h2>\n");
    int status = picture_add(page, &script, 1, "capacity served and missing over time", err);
    text_add(page, "<figcaption>");
    picture_key(page, BLUE, "served by spot");
    picture_key(page, ORANGE, "served on demand");
    picture_key(page, RED, "missing; below, interruptions");
    text_add(page, ". Where many changes fall on one point of the picture, its extremes are drawn."
                   "</figcaption>\n");
    free(levels);
    text_clean_up(&script);
    return status;
}

/* A second for each column at most: more could not be told apart. */
static void add_seconds(struct text *script, const struct run_data *data, int which)
{
    int64_t last = -1;
    for (size_t i = 0; i < data->call_count[which]; i++) {
        int64_t at_s = data->calls[which][i];
        int64_t column =
            (int64_t)((int128)(at_s - data->from_s) * COLUMNS / (data->to_s - data->from_s));
        if (column != last)
            text_addf(script, "%" PRId64 " 1\n", at_s);
        last = column;
    }
}

int picture_decisions(struct text *page, const struct run_data *data, struct error *err)
{
    struct text script = {0};
    struct level *levels = memory_new(data->level_count + 1, sizeof *levels);
    if (data->level_count)
        memcpy(levels, data->levels, data->level_count * sizeof *levels);
    size_t count = levels_reduce(levels, data->level_count, data->from_s, data->to_s, COLUMNS);
    begin_picture(data, 240, &script);
    text_add(&script, "$d << END\n");
    int64_t top = 0;
    for (size_t i = 0; i <= count && count > 0; i++) {
        int64_t desired = levels[i < count ? i : count - 1].desired;
        top = desired > top ? desired : top;
        text_addf(&script, "%" PRId64 " %" PRId64 "\n", i < count ? levels[i].time_s : data->to_s,
                  desired);
    }
    text_add(&script, "END\n");
    for (int which = 0; which < 3; which++) {
        text_addf(&script, "$c%d << END\n", which);
        add_seconds(&script, data, which);
        text_add(&script, "END\n");
    }
    set_top(&script, top * MICRO);
    text_add(&script, "set yrange [-0.32 * top : top * 1.05]\nplot $d using 1:2 with steps lw 1.5 "
                      "lc rgb \"" ORANGE "\"");
    static const char *const colours[] = {GREEN, BLUE, RED};
    for (int which = 0; which < 3; which++) {
        if (data->call_count[which])
            text_addf(&script,
                      ", $c%d using 1:(-0.%02d * top):(0):(0.07 * top) with vectors nohead lw 1.2 "
                      "lc rgb \"%s\"",
                      which, 12 + 9 * which, colours[which]);
    }
    text_add(&script, "\n");
    text_add(page,
             "<h2>Decisions: the backup group's desired capacity, and what was called</h2>\n");
    int status = picture_add(page, &script, 2, "desired capacity and calls over time", err);
    text_add(page, "<figcaption>");
    picture_key(page, ORANGE, "DesiredCapacity, instances");
    text_add(page, ". Below it, from above:");
    picture_key(page, GREEN, "scale-outs");
    picture_key(page, BLUE, "scale-ins");
    picture_key(page, RED, "first of refused calls in a row");
    text_add(page, "</figcaption>\n");
    free(levels);
    text_clean_up(&script);
    return status;
}

int picture_cost(struct text *page, const struct run_data *data, struct error *err)
{
    struct text script = {0};
    int128 spent = 0;
    int128 on_demand = 0;
    begin_picture(data, 260, &script);
    text_add(&script, "$d << END\n");
    text_addf(&script, "%" PRId64 " 0 0\n", data->from_s);
    for (int i = 0; i < COST_POINTS; i++) {
        char a[DECIMAL_TEXT_SIZE];
        char b[DECIMAL_TEXT_SIZE];
        spent += data->spent[i];
        on_demand += data->all_on_demand[i];
        text_addf(&script, "%" PRId64 " %s %s\n",
                  data->from_s +
                      (int64_t)((int128)(i + 1) * (data->to_s - data->from_s) / COST_POINTS),
                  decimal_format((int64_t)spent, a), decimal_format((int64_t)on_demand, b));
    }
    text_add(&script, "END\nplot $d using 1:3 with lines lw 1.5 lc rgb \"" ORANGE
                      "\", $d using 1:2 with lines lw 2 lc rgb \"" BLUE "\"\n");
    text_add(page, "<h2>Cost so far, in USD</h2>\n");
    int status = picture_add(page, &script, 3, "cumulative cost over time", err);
    text_add(page, "<figcaption>");
    picture_key(page, BLUE, "this run");
    picture_key(page, ORANGE, "all on demand");
    text_add(page, ". What an instance cost is spread evenly over the time it ran.</figcaption>\n");
    text_clean_up(&script);
    return status;
}
