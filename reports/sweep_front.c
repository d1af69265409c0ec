/* All points of a sweep by cost against unfulfilled capacity, with the front before them. */
#include "base/memory.h"
#include "labels.h"
#include "picture.h"
#include "sweep_parts.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 430, ROWS = 170, ROWS_SHOWN = 40, DOTS_MOST = 120 };

struct span {
    int128 least;
    int128 most;
};

struct view {
    const struct sweep_data *data;
    struct span spans[SWEEP_FIGURES];
    size_t *front;
    size_t front_count;
    size_t knee; /* index into front */
};

static void find_spans(struct view *view)
{
    for (int figure = 0; figure < SWEEP_FIGURES; figure++) {
        struct span *span = &view->spans[figure];
        for (size_t i = 0; i < view->data->count; i++) {
            int128 value = sweep_figure_of(&view->data->items[i], (enum sweep_figure)figure);
            span->least = i == 0 || value < span->least ? value : span->least;
            span->most = i == 0 || value > span->most ? value : span->most;
        }
    }
}

static size_t raster(const struct span *span, int128 value, size_t parts)
{
    if (span->most == span->least)
        return 0;
    return (size_t)((value - span->least) * (int128)(parts - 1) / (span->most - span->least));
}

/* USD and unit-hours. */
static void add_item(struct text *script, const struct front_item *item)
{
    char cost[DECIMAL_TEXT_SIZE];
    char unfulfilled[DECIMAL_TEXT_SIZE];
    text_addf(script, "%s %s\n", decimal_format(item->cost_micro_usd, cost),
              decimal_format(divide_half_even(item->unfulfilled_micro_unit_s, SECONDS_PER_HOUR),
                             unfulfilled));
}

static bool at_edge(const struct view *view, const struct front_item *item)
{
    for (int figure = 0; figure < SWEEP_FIGURES; figure++) {
        int128 value = sweep_figure_of(item, (enum sweep_figure)figure);
        if (value == view->spans[figure].least || value == view->spans[figure].most)
            return true;
    }
    return false;
}

/* Of the points that fall on one spot of the picture the first; and of the outermost the first of
 * each spot, however it was met. */
static size_t add_points(struct text *script, const struct view *view)
{
    unsigned char *taken = memory_new((size_t)COLUMNS * ROWS, 1);
    size_t drawn = 0;
    text_add(script, "$a << END\n");
    for (size_t i = 0; i < view->data->count; i++) {
        const struct front_item *item = &view->data->items[i];
        size_t x = raster(&view->spans[SWEEP_COST], item->cost_micro_usd, COLUMNS);
        size_t y = raster(&view->spans[SWEEP_UNFULFILLED], item->unfulfilled_micro_unit_s, ROWS);
        unsigned char mark = at_edge(view, item) ? 2 : 1;
        if (taken[y * COLUMNS + x] >= mark)
            continue;
        taken[y * COLUMNS + x] = mark;
        add_item(script, item);
        drawn++;
    }
    text_add(script, "END\n");
    free(taken);
    return drawn;
}

static void add_front(struct text *script, const struct view *view)
{
    text_add(script, "$f << END\n");
    for (size_t i = 0; i < view->front_count; i++)
        add_item(script, &view->data->items[view->front[i]]);
    text_add(script, "END\n");
    if (view->knee == FRONT_NONE)
        return;
    text_add(script, "$k << END\n");
    add_item(script, &view->data->items[view->front[view->knee]]);
    text_add(script, "END\n");
}

static int draw(struct text *page, const struct view *view, size_t *out_drawn, struct error *err)
{
    struct text script = {0};
    const struct labels none = {0};
    text_add(&script,
             "set terminal svg size 960,420 dynamic font \"sans-serif,13\" linewidth 1\n"
             "set encoding utf8\nset border 3\nset tics nomirror out\nset key off\n"
             "set rmargin 4\nset tmargin 1\nset grid lc rgb \"#999999\" lw 0.4\n"
             "set autoscale fix\nset offsets graph 0.03, graph 0.03, graph 0.06, graph 0.04\n"
             "set format x \"%.8g\"\nset format y \"%.8g\"\nset xlabel \"cost, USD\"\n"
             "set ylabel \"unfulfilled capacity, unit-hours\"\n");
    *out_drawn = add_points(&script, view);
    add_front(&script, view);
    text_addf(&script,
              "plot $a using 1:2 with points pt 7 ps 0.45 lc rgb \"#888888\", $f using 1:2 with "
              "steps lw 2 lc rgb \"%s\", $f using 1:2 with points pt 7 ps %s lc rgb \"%s\"",
              BLUE, view->front_count <= DOTS_MOST ? "0.7" : "0.4", BLUE);
    if (view->knee != FRONT_NONE)
        text_add(&script, ", $k using 1:2 with points pt 6 ps 1.6 lw 2.5 lc rgb \"" RED "\"");
    text_add(&script, "\n");
    int status = sweep_add_picture(page, &script, &none, 1 + SWEEP_FIGURES,
                                   "cost against unfulfilled capacity of all points", err);
    text_clean_up(&script);
    return status;
}

/* "least cost, best" */
static char *mark_of(const struct view *view, size_t i)
{
    const char *place = view->front_count == 1       ? "least of both"
                        : i == 0                     ? "least cost"
                        : i + 1 == view->front_count ? "least unfulfilled"
                        : i == view->knee            ? "knee"
                                                     : "";
    const char *judged = sweep_is_best(view->data, view->front[i])     ? "best"
                         : sweep_is_beyond(view->data, view->front[i]) ? "beyond the limits"
                                                                       : "";
    return memory_format("%s%s%s", place, *place && *judged ? ", " : "", judged);
}

/* The front, of a long one every so many, with its ends, the knee and the best. */
static void add_table(struct text *page, const struct view *view)
{
    size_t *points = memory_new(view->front_count, sizeof *points);
    char **marks = memory_new(view->front_count, sizeof *marks);
    size_t every = 1 + (view->front_count - 1) / ROWS_SHOWN;
    size_t count = 0;
    for (size_t i = 0; i < view->front_count; i++) {
        bool end = i == 0 || i + 1 == view->front_count;
        if (i % every && !end && i != view->knee && !sweep_is_best(view->data, view->front[i]))
            continue;
        points[count] = view->front[i];
        marks[count++] = mark_of(view, i);
    }
    sweep_table(page, view->data, points, (const char *const *)marks, count);
    for (size_t i = 0; i < count; i++)
        free(marks[i]);
    free(points);
    free(marks);
}

int sweep_picture_front(struct text *page, const struct sweep_data *data, struct error *err)
{
    struct view view = {.data = data};
    size_t drawn = 0;
    view.front = front_find(data->items, data->count, &view.front_count);
    view.knee = front_knee(data->items, view.front, view.front_count);
    find_spans(&view);
    text_add(page, "<h2>Cost against unfulfilled capacity</h2>\n");
    int status = draw(page, &view, &drawn, err);
    if (!status) {
        text_add(page, "<figcaption>");
        picture_key(page, "#888888", "all points");
        picture_key(page, BLUE, "the Pareto front: nothing costs less and leaves no more");
        if (view.knee != FRONT_NONE)
            picture_key(page, RED, "its knee, the point nearest to the least of both");
        else
            text_add(page, "; it has no knee");
        if (drawn < data->count)
            text_addf(page,
                      ". Of %zu points those that fall on another are left out, so that %zu "
                      "are drawn, the outermost among them",
                      data->count, drawn);
        if (view.front_count == 1)
            text_add(page, ". One point is best in both.</figcaption>\n");
        else
            text_addf(page, ". Below, the front's %zu points%s.</figcaption>\n", view.front_count,
                      view.front_count > ROWS_SHOWN ? ", evenly thinned" : "");
        add_table(page, &view);
    }
    free(view.front);
    return status;
}
