/* The pictures of two runs: old above, new below; or over each other; or what they differ by. */
#include "base/memory.h"
#include "canvas.h"
#include "compare_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 860, TICS_MOST = 4 };
enum { NUMBER_LEVELS = 1, NUMBER_DESIRED, NUMBER_UNFULFILLED, NUMBER_COST, NUMBER_SPENT };

static const struct canvas on_page = {.form = CANVAS_PAGE};

static bool shows_parting(const struct two_runs *two)
{
    const struct run_data *data = two->data[COMPARE_OLD];
    return two->parts_s >= data->from_s && two->parts_s < data->to_s;
}

/* A picture's axes, and a line where the two part. */
static void begin(const struct two_runs *two, int height, struct text *script)
{
    const struct run_data *data = two->data[COMPARE_OLD];
    canvas_begin(&on_page, height, script);
    canvas_time_axis(&on_page, data->from_s, data->to_s, script);
    if (shows_parting(two))
        text_addf(script,
                  "set arrow from \"%" PRId64 "\", graph 0 to \"%" PRId64
                  "\", graph 1 nohead dt 2 lw 1.2 lc rgb \"#888888\" front\n",
                  two->parts_s, two->parts_s);
}

static void add_parting_key(struct text *page, const struct two_runs *two)
{
    if (shows_parting(two))
        picture_key(page, "#888888", "dashed: where they part");
}

/* ---- old above, new below ---------------------------------------------------------------------
 */

static int64_t value_of(const struct level *level, bool desired)
{
    return desired ? level->desired * MICRO : level->missing_micro;
}

/* "$d0" with steps, and "$s0" with what lasts for less than a point; below 0 for the new run. */
static void add_levels(struct text *script, const struct two_runs *two, size_t which, bool desired,
                       int64_t *top_micro)
{
    const struct run_data *data = two->data[which];
    struct level *levels = memory_new(data->level_count + 1, sizeof *levels);
    char number[DECIMAL_TEXT_SIZE];
    if (data->level_count)
        memcpy(levels, data->levels, data->level_count * sizeof *levels);
    size_t count =
        levels_reduce(levels, data->level_count, data->from_s, data->to_s, (size_t)COLUMNS);
    int sign = which == COMPARE_OLD ? 1 : -1;
    text_addf(script, "$d%zu << END\n", which);
    for (size_t i = 0; i <= count && count > 0; i++) {
        int64_t value = value_of(&levels[i < count ? i : count - 1], desired);
        *top_micro = value > *top_micro ? value : *top_micro;
        text_addf(script, "%" PRId64 " %s\n", i < count ? levels[i].time_s : data->to_s,
                  decimal_format((int128)sign * value, number));
    }
    text_addf(script, "END\n$s%zu << END\n%" PRId64 " 0\n", which, data->from_s);
    for (size_t i = 0; i < count; i++) {
        int64_t value = value_of(&levels[i], desired);
        if (value > 0)
            text_addf(script, "%" PRId64 " %s\n", levels[i].time_s,
                      decimal_format((int128)sign * value, number));
    }
    text_add(script, "END\n");
    free(levels);
}

/* Tics on both sides of 0, at steps of 1, 2 or 5 times a power of ten; amounts, without a sign. */
static void add_tics(struct text *script, int64_t top_micro)
{
    static const int64_t factors[] = {1, 2, 5};
    int64_t power = 10000; /* a hundredth */
    size_t i = 0;
    char number[DECIMAL_TEXT_SIZE];
    while (factors[i] * power * TICS_MOST < top_micro) {
        i = (i + 1) % ARRAY_LENGTH(factors);
        power *= i == 0 ? 10 : 1;
    }
    text_add(script, "set ytics (\"0\" 0");
    for (int64_t at = factors[i] * power; at <= top_micro; at += factors[i] * power) {
        decimal_format(at, number);
        text_addf(script, ", \"%s\" %s, \"%s\" -%s", number, number, number, number);
    }
    text_add(script, ")\n");
    decimal_format(top_micro > 0 ? top_micro : MICRO, number);
    text_addf(script, "set yrange [-1.06 * %s : 1.06 * %s]\n", number, number);
}

int compare_picture_levels(struct text *page, const struct two_runs *two, bool desired,
                           struct error *err)
{
    struct text script = {0};
    int64_t top_micro = 0;
    begin(two, desired ? 240 : 300, &script);
    add_levels(&script, two, COMPARE_OLD, desired, &top_micro);
    add_levels(&script, two, COMPARE_NEW, desired, &top_micro);
    add_tics(&script, top_micro);
    text_add(&script, "plot $d0 using 1:2 with fillsteps fs solid noborder lc rgb \"" OLD_COLOUR
                      "\", $d1 using 1:2 with fillsteps fs solid noborder lc rgb \"" NEW_COLOUR
                      "\", $s0 using 1:(0):(0):2 with vectors nohead lw 2 lc rgb \"" OLD_COLOUR
                      "\", $s1 using 1:(0):(0):2 with vectors nohead lw 2 lc rgb \"" NEW_COLOUR
                      "\", 0 with lines lw 1 lc rgb \"black\"\n");
    text_add(page, desired ? "<h2>The backup group's desired capacity, in instances</h2>\n"
                           : "<h2>Unfulfilled capacity, in units</h2>\n");
    int status = picture_add(page, &script, desired ? NUMBER_DESIRED : NUMBER_LEVELS,
                             desired ? "desired capacity of both runs over time"
                                     : "unfulfilled capacity of both runs over time",
                             err);
    text_clean_up(&script);
    if (status)
        return status;
    text_add(page, "<figcaption>");
    picture_key(page, OLD_COLOUR, "old, above 0");
    picture_key(page, NEW_COLOUR, "new, below");
    add_parting_key(page, two);
    text_add(page, ". Where many changes fall on one point of the picture, its extremes are drawn."
                   "</figcaption>\n");
    return STATUS_OK;
}

/* ---- as time goes -----------------------------------------------------------------------------
 */

int compare_picture_cost(struct text *page, const struct two_runs *two, struct error *err)
{
    struct text script = {0};
    int128 sums[COMPARE_SIDES] = {0};
    begin(two, 260, &script);
    text_addf(&script, "$d << END\n%" PRId64 " 0 0\n", part_end(two, -1));
    for (int i = 0; i < COST_POINTS; i++) {
        text_addf(&script, "%" PRId64, part_end(two, i));
        for (size_t which = 0; which < COMPARE_SIDES; which++) {
            char number[DECIMAL_TEXT_SIZE];
            sums[which] += two->data[which]->spent[i];
            text_addf(&script, " %s", decimal_format(sums[which], number));
        }
        text_add(&script, "\n");
    }
    text_add(&script, "END\n");
    int128 top = sums[0] > sums[1] ? sums[0] : sums[1];
    canvas_tics(&script, (int64_t)(top / MICRO), 6);
    text_add(&script, "set yrange [0:*]\nplot $d using 1:2 with lines lw 3.5 lc rgb \"" OLD_COLOUR
                      "\", $d using 1:3 with lines lw 1.5 lc rgb \"" NEW_COLOUR "\"\n");
    text_add(page, "<h2>Cost so far, in USD</h2>\n");
    int status = picture_add(page, &script, NUMBER_SPENT, "cost of both runs so far", err);
    text_clean_up(&script);
    if (status)
        return status;
    text_add(page, "<figcaption>");
    picture_key(page, OLD_COLOUR, "old");
    picture_key(page, NEW_COLOUR, "new");
    add_parting_key(page, two);
    text_add(page, ". What an instance cost is spread evenly over the time it ran.</figcaption>\n");
    return STATUS_OK;
}

static bool differs(const int128 parts[COST_POINTS])
{
    for (int i = 0; i < COST_POINTS; i++) {
        if (parts[i])
            return true;
    }
    return false;
}

int compare_picture_difference(struct text *page, const struct two_runs *two, bool cost,
                               struct error *err)
{
    struct text script = {0};
    text_add(page, cost ? "<h3>New less old, in USD</h3>\n"
                        : "<h3>New less old so far, in unit-hours</h3>\n");
    if (!differs(cost ? two->cost : two->unfulfilled)) {
        text_add(page, "<p>At no time is there a difference.</p>\n");
        return STATUS_OK;
    }
    begin(two, 220, &script);
    text_addf(&script, "$d << END\n%" PRId64 " 0\n", part_end(two, -1));
    for (int i = 0; i < COST_POINTS; i++) {
        char number[DECIMAL_TEXT_SIZE];
        int128 value =
            cost ? two->cost[i] : divide_half_even(two->unfulfilled[i], SECONDS_PER_HOUR);
        text_addf(&script, "%" PRId64 " %s\n", part_end(two, i), decimal_format(value, number));
    }
    text_add(&script,
             "END\nset format y \"%.8g\"\nset offsets 0, 0, graph 0.06, graph 0.06\nplot $d using "
             "1:2 with filledcurves above y=0 fs solid noborder lc rgb \"" RED
             "\", $d using 1:2 with filledcurves below y=0 fs solid noborder lc rgb \"" GREEN
             "\", $d using 1:2 with lines lw 1 lc rgb \"black\", 0 with lines lw 1 lc rgb "
             "\"black\"\n");
    int status = picture_add(
        page, &script, cost ? NUMBER_COST : NUMBER_UNFULFILLED,
        cost ? "cost so far, new less old" : "unfulfilled capacity so far, new less old", err);
    text_clean_up(&script);
    if (status)
        return status;
    text_add(page, "<figcaption>");
    picture_key(page, RED, cost ? "new has cost more so far" : "new has left more so far");
    picture_key(page, GREEN, "less");
    add_parting_key(page, two);
    text_add(page, ".</figcaption>\n");
    return STATUS_OK;
}
