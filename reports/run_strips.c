/* Prices against caps: a strip for each pool, on a scale of factors, for a spike of ten times the
 * cap and what is usual are both to be seen. */
#include "base/memory.h"
#include "picture.h"
#include "run_drawings.h"
#include "terminal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* In pixels: a strip with its name above, and the times below the last one. */
enum { STRIP = 92, STRIP_LEAST = 50, NAME = 24, TIMES = 40 };
enum { COLUMNS_LEAST = 860 };

/* Ends of a scale, micro-USD an hour. */
struct scale {
    int64_t low;
    int64_t high;
};

/* Not one that would leave no room for the prices. */
static bool cap_is_drawn(const struct pool_prices *pool)
{
    return pool->cap_micro_usd > 0 && pool->cap_micro_usd / 20 <= pool->highest_micro_usd;
}

/* Room above and below, and at least two steps of 1, 2, 5, 10. */
static struct scale scale_of(const struct pool_prices *pool)
{
    int64_t low = pool->lowest_micro_usd;
    int64_t high = pool->highest_micro_usd;
    if (cap_is_drawn(pool)) {
        low = pool->cap_micro_usd < low ? pool->cap_micro_usd : low;
        high = pool->cap_micro_usd > high ? pool->cap_micro_usd : high;
    }
    struct scale scale = {.low = low > 10 ? low : 10, .high = high > 20 ? high : 20};
    do {
        scale.low = scale.low - scale.low / 5;
        scale.high = scale.high + scale.high / 4;
    } while (scale.high / 5 < scale.low);
    return scale;
}

/* log2 of a number in 1/65536ths: exact on every machine. */
static int64_t log2_fine(int64_t value)
{
    enum { BITS = 16 };
    int whole = 63 - __builtin_clzll((unsigned long long)value);
    uint64_t mantissa = (uint64_t)value << (63 - whole);
    int64_t fine = whole;
    for (int i = 0; i < BITS; i++) {
        uint128 square = (uint128)mantissa * mantissa >> 63;
        fine *= 2;
        if (square >> 64) {
            fine++;
            square >>= 1;
        }
        mantissa = (uint64_t)square;
    }
    return fine;
}

/* Where a price stands on a scale of so many rows or pixels, in millionths. */
static int64_t row_micro(const struct scale *scale, int64_t value, int rows)
{
    int64_t low = log2_fine(scale->low);
    int64_t high = log2_fine(scale->high);
    value = value > scale->low ? value : scale->low;
    return (int64_t)((int128)(log2_fine(value) - low) * rows * MICRO / (high - low));
}

/* Where labels may stand on a scale: `length` rows or pixels, no two nearer than `gap`. */
struct ruler {
    int length;
    int gap;
    bool by_rows; /* the axis counts rows, not USD */
};

/* Of 1, 2, 5, 10, ... USD every `stride`th that finds room; returns how many. */
static int add_every(const struct scale *scale, const struct ruler *ruler, int stride,
                     struct text *script)
{
    static const int64_t factors[] = {1, 2, 5};
    int64_t before_micro = 0;
    int number = 0;
    int added = 0;
    for (int64_t power = 1; power <= scale->high; power *= 10) {
        for (size_t i = 0; i < ARRAY_LENGTH(factors); i++, number++) {
            int64_t value = factors[i] * power;
            char usd[DECIMAL_TEXT_SIZE];
            char at[DECIMAL_TEXT_SIZE];
            if (value < scale->low || value > scale->high || number % stride != 0)
                continue;
            int64_t place = row_micro(scale, value, ruler->length);
            if (added > 0 && place - before_micro < (int64_t)ruler->gap * MICRO)
                continue;
            text_addf(script, "%s\"%s\" %s", added ? ", " : "", decimal_format(value, usd),
                      decimal_format(ruler->by_rows ? place : value, at));
            before_micro = place;
            added++;
        }
    }
    return added;
}

/* All where there is room from 1 to 2, else powers of ten, if there are any. */
static void add_tics(const struct scale *scale, const struct ruler *ruler, struct text *script)
{
    int64_t factor_2 = row_micro(scale, 2 * scale->low, ruler->length);
    bool all = factor_2 >= (int64_t)ruler->gap * MICRO;
    text_add(script, "set ytics (");
    if (all || add_every(scale, ruler, 3, script) == 0)
        add_every(scale, ruler, 1, script);
    text_add(script, ")\n");
}

/* "us-east-1a c3.xlarge, cap 0.105 (beyond the scale); 12 interrupted" */
static void add_name(const struct pool_prices *pool, struct text *script)
{
    char cap[DECIMAL_TEXT_SIZE];
    plot_add_name(script, pool->zone);
    text_add(script, " ");
    plot_add_name(script, pool->instance_type);
    text_addf(script, ", cap %s%s; %" PRId64 " interrupted",
              decimal_format(pool->cap_micro_usd, cap),
              cap_is_drawn(pool) ? "" : " (beyond the scale)", pool->interrupted);
}

int height_of_prices(const struct drawing *drawing)
{
    const struct pool_prices *pools[POOLS_DRAWN_MOST];
    return (int)run_prices_drawn(drawing->prices, pools) * STRIP + TIMES;
}

int least_height_of_prices(size_t strips)
{
    return (int)strips * STRIP_LEAST + TIMES + CANVAS_ABOVE + CANVAS_BELOW;
}

static void add_data(const struct run_data *data, const struct pool_prices *pool, int columns,
                     size_t number, struct text *script)
{
    struct price_step *steps = memory_new(pool->step_count, sizeof *steps);
    size_t count = prices_reduce(pool->steps, pool->step_count, data->from_s, data->to_s,
                                 (size_t)columns, steps);
    char usd[DECIMAL_TEXT_SIZE];
    text_addf(script, "$p%zu << END\n", number);
    for (size_t i = 0; i <= count && count > 0; i++)
        text_addf(script, "%" PRId64 " %s\n", i < count ? steps[i].time_s : data->to_s,
                  decimal_format(steps[i < count ? i : count - 1].micro_usd_per_hour, usd));
    text_addf(script, "END\n$i%zu << END\n", number);
    for (size_t i = 0; i < pool->notice_count; i += 2)
        text_addf(script, "%" PRId64 "\n", pool->notices[i]);
    text_add(script, "END\n");
    free(steps);
}

/* The strip's place, of `count` strips from above; returns its height in pixels. */
static int set_place(const struct canvas *canvas, size_t strip, size_t count, struct text *script)
{
    bool alone = canvas->form != CANVAS_PAGE;
    int above = alone ? CANVAS_ABOVE : 0;
    int below = TIMES + (alone ? CANVAS_BELOW : 0);
    int all = canvas->height ? canvas->height : (int)count * STRIP + above + below;
    int each = (all - above - below) / (int)count;
    int top = all - above - (int)strip * each - NAME;
    int bottom = all - above - (int)(strip + 1) * each;
    text_addf(script, "set tmargin at screen %d.0/%d\nset bmargin at screen %d.0/%d\n", top, all,
              bottom, all);
    return top - bottom;
}

static void add_plot(const struct pool_prices *pool, size_t number, int height, struct text *script)
{
    const struct ruler ruler = {.length = height, .gap = 18};
    struct scale scale = scale_of(pool);
    char low[DECIMAL_TEXT_SIZE];
    char high[DECIMAL_TEXT_SIZE];
    add_tics(&scale, &ruler, script);
    text_add(script, "set label 1 \"");
    add_name(pool, script);
    text_addf(script,
              "\" at graph 0, graph 1 offset 0.5, 0.6 left noenhanced\nlow = %s\nhigh = %s\n",
              decimal_format(scale.low, low), decimal_format(scale.high, high));
    text_add(script, "set yrange [low:high]\nplot ");
    if (cap_is_drawn(pool))
        text_addf(script, "%s with lines lw 1.2 lc rgb \"" ORANGE "\", ",
                  decimal_format(pool->cap_micro_usd, low));
    text_addf(script, "$p%zu using 1:2 with steps lw 1 lc rgb \"" BLUE "\"", number);
    if (pool->notice_count)
        text_addf(script,
                  ", $i%zu using 1:(low):(0):(low * (high / low) ** 0.22 - low) with vectors "
                  "nohead lw 1.5 lc rgb \"" RED "\"",
                  number);
}

void draw_prices(const struct drawing *drawing, struct text *script)
{
    const struct pool_prices *pools[POOLS_DRAWN_MOST];
    const struct canvas *canvas = drawing->canvas;
    const struct run_data *data = drawing->data;
    size_t count = run_prices_drawn(drawing->prices, pools);
    bool alone = canvas->form != CANVAS_PAGE;
    int columns = canvas->width > COLUMNS_LEAST ? canvas->width : COLUMNS_LEAST;
    for (size_t i = 0; i < count; i++)
        add_data(data, pools[i], columns, i, script);
    /* The title above the first, the times below the last and the key below them. */
    text_addf(
        script,
        "set logscale y\nset multiplot\nset key off\nset format x \"\"\nset xtics scale 0\n%s",
        alone ? "set title offset 0, 1\n" : "");
    for (size_t i = 0; i < count; i++) {
        if (i + 1 == count)
            canvas_time_axis(canvas, data->from_s, data->to_s, script);
        if (i + 1 == count)
            text_add(script, "set xtics scale 1\n");
        if (i + 1 == count && alone)
            text_add(script, "set key on\n");
        int height = set_place(canvas, i, count, script);
        add_plot(pools[i], i, height, script);
        text_add(script, i + 1 < count ? "\nunset title\n" : "");
    }
}

static void fill_prices(struct cells *cells, const struct run_data *data,
                        const struct pool_prices *pool, const struct scale *scale)
{
    static const char order[] = "-*";
    int rows = cells->rows - 1;
    if (cap_is_drawn(pool)) {
        for (int column = 0; column < cells->columns; column++)
            cells_set(cells, column, 1 + (int)(row_micro(scale, pool->cap_micro_usd, rows) / MICRO),
                      '-', order);
    }
    int before = -1; /* the row of the price before */
    for (size_t i = 0; i < pool->step_count; i++) {
        int64_t begin_s =
            pool->steps[i].time_s > data->from_s ? pool->steps[i].time_s : data->from_s;
        int64_t end_s = i + 1 < pool->step_count ? pool->steps[i + 1].time_s : data->to_s;
        int row = 1 + (int)(row_micro(scale, pool->steps[i].micro_usd_per_hour, rows) / MICRO);
        int column = cells_column(cells, begin_s, data->from_s, data->to_s);
        int last =
            cells_column(cells, end_s > begin_s ? end_s - 1 : begin_s, data->from_s, data->to_s);
        for (int between = before; before >= 0 && between != row; between += row > before ? 1 : -1)
            cells_set(cells, column, between, '*', order);
        for (; column <= last; column++)
            cells_set(cells, column, row, '*', order);
        before = row;
    }
    for (size_t i = 0; i < pool->notice_count; i += 2)
        cells_set(cells, cells_column(cells, pool->notices[i], data->from_s, data->to_s), 0, '!',
                  "!");
}

/* As much of the name as there is room for: gnuplot leaves out a title that is too long. */
static void add_title(const struct pool_prices *pool, int columns, struct text *script)
{
    struct text name = {0};
    int left = columns;
    add_name(pool, &name);
    text_add(script, "set title \"");
    for (const char *at = name.data; at && *at; at++) {
        bool begins = (*at & 0xc0) != 0x80; /* a character of UTF-8 */
        if (begins && left-- == 0)
            break;
        text_add_bytes(script, at, 1);
    }
    text_add(script, "\" noenhanced\n");
    text_clean_up(&name);
}

void draw_prices_cells(const struct drawing *drawing, struct text *script)
{
    const struct pool_prices *pools[POOLS_DRAWN_MOST];
    const struct run_data *data = drawing->data;
    size_t count = run_prices_drawn(drawing->prices, pools);
    for (size_t i = 0; i < count; i++) {
        struct scale scale = scale_of(pools[i]);
        struct cells cells = cells_new(drawing->canvas);
        int rows = cells.rows - 1;
        fill_prices(&cells, data, pools[i], &scale);
        const struct ruler ruler = {.length = rows, .gap = 1, .by_rows = true};
        add_tics(&scale, &ruler, script);
        add_title(pools[i], cells.columns, script);
        cells_plot(&cells, drawing->keys, data->from_s, data->to_s, 1, (int128)rows * MICRO,
                   script);
        cells_clean_up(&cells);
    }
}
