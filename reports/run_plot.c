/* The pictures of a run: their names and words, and how they come into a page, a file, a terminal.
 */
#include "run_plot.h"

#include "base/memory.h"
#include "base/timestamp.h"
#include "gnuplot.h"
#include "picture.h"
#include "run_drawings.h"
#include "run_parts.h"
#include "terminal.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *heading;
    const char *label; /* for who cannot see it */
    const char *caption;
    int height; /* on a page; 0: height_of_prices */
    void (*draw)(const struct drawing *drawing, struct text *script);
    void (*draw_cells)(const struct drawing *drawing, struct text *script);
    struct canvas_key keys[CANVAS_KEYS_MOST];
} plots[PLOT_COUNT] = {
    [PLOT_CAPACITY] = {"Capacity, in units",
                       "capacity served and missing over time",
                       "Where many changes fall on one point of the picture, its extremes are "
                       "drawn.",
                       300,
                       draw_capacity,
                       draw_capacity_cells,
                       {{BLUE, '.', "served by spot"},
                        {ORANGE, 'o', "served on demand"},
                        {RED, '#', "missing"},
                        {RED, '!', "interruptions, below zero"}}},
    [PLOT_DECISIONS] = {"The backup group's desired capacity and calls",
                        "desired capacity and calls over time",
                        "Below zero, from above, the calls.",
                        240,
                        draw_decisions,
                        draw_decisions_cells,
                        {{ORANGE, 'o', "DesiredCapacity, instances"},
                         {GREEN, '^', "scale-outs"},
                         {BLUE, 'v', "scale-ins"},
                         {RED, 'x', "first of refused calls in a row"}}},
    [PLOT_COST] = {"Cost so far, in USD",
                   "cumulative cost over time",
                   "What an instance cost is spread evenly over the time it ran.",
                   260,
                   draw_cost,
                   draw_cost_cells,
                   {{BLUE, '*', "this run"}, {ORANGE, 'o', "all on demand"}}},
    [PLOT_PRICES] =
        {"Spot prices against caps, USD per instance-hour",
         "the spot price of each pool over time, its cap, and interruptions",
         "Each strip has a scale of its own, whose steps are factors. A cap is SpotPrice "
         "times the pool's weight; without one, the on-demand price.",
         0,
         draw_prices,
         draw_prices_cells,
         {{BLUE, '*', "spot price"}, {ORANGE, '-', "cap"}, {RED, '!', "interruptions"}}},
};

/* With the bound where that is known. */
static const struct canvas_key *keys_of(const struct run_data *data, enum plot plot)
{
    static const struct canvas_key bounded[CANVAS_KEYS_MOST] = {
        {BLUE, '*', "this run"},
        {ORANGE, 'o', "all on demand"},
        {GREEN, '-', "the least for what was served (bound)"}};
    bool known = data->figures.known[FIGURE_cost_lower_bound_micro_usd];
    return plot == PLOT_COST && known ? bounded : plots[plot].keys;
}

const struct plot_description plot_descriptions[PLOT_COUNT] = {
    [PLOT_CAPACITY] = {"capacity", "what spot and on demand served and what was missing"},
    [PLOT_DECISIONS] = {"decisions", "the group's desired capacity and the calls"},
    [PLOT_COST] = {"cost", "what was spent so far, beside all on demand and the bound"},
    [PLOT_PRICES] = {"prices", "each pool's spot price against its cap, and interruptions"},
};

bool plot_find(const char *name, enum plot *out_plot)
{
    for (int i = 0; i < PLOT_COUNT; i++) {
        if (strcmp(name, plot_descriptions[i].name) == 0) {
            *out_plot = (enum plot)i;
            return true;
        }
    }
    return false;
}

/* What is drawn, and of when: the days, which axes do not tell of. */
static void add_heading(const struct run_data *data, enum plot plot, struct text *text)
{
    enum { DAY_S = 86400 };
    const int64_t times[] = {data->from_s, data->to_s};
    bool days = data->from_s % DAY_S == 0 && data->to_s % DAY_S == 0;
    text_add(text, plots[plot].heading);
    for (size_t i = 0; i < ARRAY_LENGTH(times); i++) {
        char time[TIMESTAMP_TEXT_SIZE];
        timestamp_format(times[i], time);
        text_addf(text, "%s%.10s", i ? " to " : ", ", time);
        if (!days)
            text_addf(text, " %.8s", time + 11);
    }
    text_add(text, " UTC");
}

/* The script; a file's has its title and key within the picture. */
static void add_script(const struct drawing *drawing, enum plot plot, const char *name,
                       struct text *script)
{
    const struct canvas *canvas = drawing->canvas;
    canvas_begin(canvas, plots[plot].height ? plots[plot].height : height_of_prices(drawing),
                 script);
    canvas_time_axis(canvas, drawing->data->from_s, drawing->data->to_s, script);
    if (canvas->form == CANVAS_TERMINAL) {
        plots[plot].draw_cells(drawing, script);
    } else {
        struct text heading = {0};
        add_heading(drawing->data, plot, &heading);
        canvas_title(canvas, heading.data, name, script);
        text_clean_up(&heading);
        plots[plot].draw(drawing, script);
        canvas_add_keys(canvas, keys_of(drawing->data, plot), script);
    }
    text_add(script, "\n");
}

static int draw(const struct drawing *drawing, enum plot plot, const char *name, struct text *out,
                struct error *err)
{
    struct text script = {0};
    add_script(drawing, plot, name, &script);
    int status = text_status(&script, err);
    if (!status)
        status = gnuplot_draw(script.data, script.size, out, err);
    text_clean_up(&script);
    return status;
}

/* Whole screens would not do for many strips: so many lines for each. */
static struct canvas strip_canvas(const struct canvas *canvas, const struct run_prices *prices)
{
    enum { LINES = 11 };
    const struct pool_prices *pools[POOLS_DRAWN_MOST];
    int count = (int)run_prices_drawn(prices, pools);
    struct canvas strip = *canvas;
    int lines = canvas->height && count ? canvas->height / count : LINES;
    strip.height = lines > CANVAS_LINES_LEAST - 4 ? lines : CANVAS_LINES_LEAST - 4;
    return strip;
}

static int draw_out(const struct drawing *drawing, enum plot plot, const char *name,
                    struct text *out, struct error *err)
{
    struct text drawn = {0};
    int status = draw(drawing, plot, name, &drawn, err);
    if (!status && drawing->canvas->form == CANVAS_TERMINAL) {
        plot_add_name(out, name);
        text_add(out, "\n");
        add_heading(drawing->data, plot, out);
        text_add(out, "\n");
        terminal_add(&drawn, out);
        terminal_add_keys(drawing->canvas, keys_of(drawing->data, plot), out);
    } else if (!status) {
        text_add_bytes(out, drawn.data, drawn.size);
    }
    text_clean_up(&drawn);
    return status ? status : text_status(out, err);
}

int run_plot(struct results *results, const struct stored_run *run, enum plot plot,
             const struct run_market *market, const struct canvas *canvas, struct text *out,
             struct error *err)
{
    if (plot == PLOT_PRICES && !market->scenario)
        return error_set(err, STATUS_BAD_INPUT, "the prices are not at hand: %s", market->why);
    struct run_data *data = memory_new(1, sizeof *data);
    struct run_prices prices = {0};
    struct canvas strip = *canvas;
    int status = run_data_read(data, results, run, err);
    if (!status && plot == PLOT_PRICES) {
        status = run_prices_read(&prices, results, run->run, market, data->from_s, data->to_s, err);
        const struct pool_prices *pools[POOLS_DRAWN_MOST];
        size_t count = status ? 0 : run_prices_drawn(&prices, pools);
        if (!status && canvas->form != CANVAS_TERMINAL && canvas->height &&
            canvas->height < least_height_of_prices(count))
            status = error_set(err, STATUS_BAD_INPUT,
                               "%zu pools, one above another, need a height of %d", count,
                               least_height_of_prices(count));
        if (!status && count == 0)
            status = error_set(err, STATUS_BAD_INPUT, "no price of the run's pools is known");
        if (!status && canvas->form == CANVAS_TERMINAL)
            strip = strip_canvas(canvas, &prices);
    }
    const struct drawing drawing = {
        .data = data, .prices = &prices, .canvas = &strip, .keys = keys_of(data, plot)};
    if (!status)
        status = draw_out(&drawing, plot, run->name, out, err);
    run_prices_clean_up(&prices);
    run_data_clean_up(data);
    free(data);
    return status;
}

int page_plot(struct text *page, const struct run_data *data, const struct run_prices *prices,
              enum plot plot, struct error *err)
{
    struct text script = {0};
    const struct canvas canvas = {.form = CANVAS_PAGE};
    const struct drawing drawing = {
        .data = data, .prices = prices, .canvas = &canvas, .keys = keys_of(data, plot)};
    add_script(&drawing, plot, "", &script);
    text_addf(page, "<h2>%s</h2>\n", plots[plot].heading);
    int status = picture_add(page, &script, (int)plot + 1, plots[plot].label, err);
    text_add(page, "<figcaption>");
    for (const struct canvas_key *key = keys_of(data, plot); key->colour; key++)
        picture_key(page, key->colour, key->what);
    text_addf(page, ". %s</figcaption>\n", plots[plot].caption);
    text_clean_up(&script);
    return status;
}
