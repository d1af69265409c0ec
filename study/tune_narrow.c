/* Successive narrowing: points beside the best, halfway to what was tried, round by round. What a
 * past adds follows from its own windows alone: the grid, and what it added before. */
#include "base/memory.h"
#include "study/tune.h"

#include <stdlib.h>
#include <string.h>

/* The values of a dimension as numbers, in millionths. */
struct line {
    int64_t *values;
    size_t count;
    size_t grid_count; /* of these, the first: what the user wrote */
    int64_t unit;      /* what may lie between is a multiple of it; 0: not all are numbers */
};

/* What a round tries of a dimension: below the best's value, that itself, above it. */
struct choice {
    size_t values[3];
    size_t count;
    size_t own; /* which of them is the best's */
};

struct narrowing {
    struct tune *tune;
    struct line *lines; /* by dimension */
    size_t size;        /* dimensions */
    size_t *refused;    /* rows of values that the scenario does not take */
    size_t refused_count;
};

/* ---- numbers ----------------------------------------------------------------------------------
 */

static struct line read_line(const struct grid_dimension *dimension)
{
    struct line line = {.count = dimension->value_count,
                        .grid_count = dimension->value_count,
                        .values = memory_new(dimension->value_count, sizeof *line.values),
                        .unit = MICRO};
    for (size_t i = 0; i < line.count && line.unit; i++) {
        const char *text = dimension->values[i];
        if (dimension->path_count != 1 ||
            decimal_parse(text, strlen(text), &line.values[i]) != DECIMAL_OK)
            line.unit = 0;
        else if (line.values[i] % MICRO)
            line.unit = 1;
    }
    return line;
}

int tune_may_narrow(const struct tune_request *request, struct error *err)
{
    bool any = request->narrow == 0;
    for (size_t d = 0; d < request->grid->dimension_count && !any; d++) {
        struct line line = read_line(&request->grid->dimensions[d]);
        any = line.unit && line.count > 1;
        free(line.values);
    }
    return any ? STATUS_OK
               : error_set(err, STATUS_BAD_INPUT,
                           "--narrow: nothing to go between: no --vary has two numbers");
}

/* Halfway, and strictly between; false: there is nothing. */
static bool halfway(const struct line *line, int64_t low, int64_t high, int64_t *out)
{
    int128 half = ((int128)high - low) / 2 / line->unit * line->unit;
    *out = (int64_t)(low + half);
    return half > 0;
}

static size_t number_of(struct narrowing *all, size_t d, int64_t value)
{
    struct line *line = &all->lines[d];
    for (size_t i = 0; i < line->count; i++) {
        if (line->values[i] == value)
            return i;
    }
    char text[DECIMAL_TEXT_SIZE];
    line->values = memory_resize(line->values, line->count + 1, sizeof *line->values);
    line->values[line->count++] = value;
    return grid_grow_value(&all->tune->request->grid->dimensions[d], decimal_format(value, text));
}

/* The values beside `own` that the past has tried. */
static struct choice choose_values(struct narrowing *all, const bool *tried, size_t d, size_t own)
{
    struct line *line = &all->lines[d];
    struct choice choice = {{own}, 1, 0};
    if (!line->unit)
        return choice;
    int64_t value = line->values[own];
    size_t below = TUNE_NONE;
    size_t above = TUNE_NONE;
    for (size_t i = 0; i < line->count; i++) {
        if (!tried[i])
            continue;
        int64_t other = line->values[i];
        if (other < value && (below == TUNE_NONE || other > line->values[below]))
            below = i;
        if (other > value && (above == TUNE_NONE || other < line->values[above]))
            above = i;
    }
    int64_t between = 0;
    choice.count = 0;
    if (below != TUNE_NONE && halfway(line, line->values[below], value, &between))
        choice.values[choice.count++] = number_of(all, d, between);
    choice.own = choice.count;
    choice.values[choice.count++] = own;
    if (above != TUNE_NONE && halfway(line, value, line->values[above], &between))
        choice.values[choice.count++] = number_of(all, d, between);
    return choice;
}

/* ---- points -----------------------------------------------------------------------------------
 */

static bool is_refused(const struct narrowing *all, const size_t *row)
{
    for (size_t i = 0; i < all->refused_count; i++) {
        if (memcmp(&all->refused[i * all->size], row, all->size * sizeof *row) == 0)
            return true;
    }
    return false;
}

/* Among those that were added; TUNE_NONE: not yet. */
static size_t find_point(const struct narrowing *all, const size_t *row)
{
    const struct tune *tune = all->tune;
    size_t *other = memory_new(all->size, sizeof *other);
    size_t found = TUNE_NONE;
    for (size_t i = tune->grid_count; i < tune->point_count && found == TUNE_NONE; i++) {
        grid_point(tune->request->grid, i, other);
        if (memcmp(other, row, all->size * sizeof *row) == 0)
            found = i;
    }
    free(other);
    return found;
}

static int add_point(struct narrowing *all, struct tune_past *past, const size_t *row,
                     struct error *err)
{
    struct tune *tune = all->tune;
    struct grid *grid = tune->request->grid;
    if (is_refused(all, row))
        return STATUS_OK;
    size_t point = find_point(all, row);
    if (point == TUNE_NONE) {
        if (grid->point_count == GRID_POINTS_MAX)
            return error_set(err, STATUS_BAD_INPUT, "--narrow: more than %d points: narrow less",
                             GRID_POINTS_MAX);
        struct error why = {0};
        point = grid->point_count;
        grid_grow_point(grid, row);
        int status = tune_check_point(tune, point, &why);
        if (status) {
            grid_drop_point(grid);
            if (status != STATUS_BAD_INPUT) {
                *err = why;
                return status;
            }
            all->refused = memory_resize(all->refused, (all->refused_count + 1) * all->size,
                                         sizeof *all->refused);
            memcpy(&all->refused[all->refused_count++ * all->size], row, all->size * sizeof *row);
            return STATUS_OK;
        }
        tune->point_count = grid->point_count;
        tune_look_what_follows(tune, point);
    }
    ARRAY_PUSH(past->points, past->count, past->capacity, point);
    return STATUS_OK;
}

/* Every combination of the choices but the best itself; the last dimension varies fastest. */
static int add_combinations(struct narrowing *all, struct tune_past *past,
                            const struct choice *choices, struct error *err)
{
    size_t *at = memory_new(all->size, sizeof *at);
    size_t *row = memory_new(all->size, sizeof *row);
    int status = STATUS_OK;
    for (bool more = true; more && !status;) {
        bool is_best = true;
        for (size_t d = 0; d < all->size; d++) {
            row[d] = choices[d].values[at[d]];
            is_best = is_best && at[d] == choices[d].own;
        }
        if (!is_best)
            status = add_point(all, past, row, err);
        more = false;
        for (size_t d = all->size; d-- > 0 && !more;) {
            more = ++at[d] < choices[d].count;
            if (!more)
                at[d] = 0;
        }
    }
    free(at);
    free(row);
    return status;
}

/* Which values of a dimension the past knows: the grid's, and those of its own points. */
static bool *values_tried(const struct narrowing *all, const struct tune_past *past, size_t d)
{
    const struct line *line = &all->lines[d];
    bool *tried = memory_new(line->count, sizeof *tried);
    size_t *values = memory_new(all->size, sizeof *values);
    for (size_t i = 0; i < line->grid_count; i++)
        tried[i] = true;
    for (size_t i = 0; i < past->count; i++) {
        grid_point(all->tune->request->grid, past->points[i], values);
        tried[values[d]] = true;
    }
    free(values);
    return tried;
}

/* A round, for one past. */
static int narrow_past(struct narrowing *all, struct tune_past *past, struct error *err)
{
    size_t best = TUNE_NONE;
    struct tune_outcome outcome;
    int status = tune_choose_in_past(all->tune, past, &best, &outcome, err);
    if (status || best == TUNE_NONE)
        return status;
    struct choice *choices = memory_new(all->size, sizeof *choices);
    size_t *own = memory_new(all->size, sizeof *own);
    grid_point(all->tune->request->grid, best, own);
    for (size_t d = 0; d < all->size; d++) {
        bool *tried = values_tried(all, past, d);
        choices[d] = choose_values(all, tried, d, own[d]);
        free(tried);
    }
    status = add_combinations(all, past, choices, err);
    free(own);
    free(choices);
    return status;
}

/* ---- all --------------------------------------------------------------------------------------
 */

static int by_number(const void *a, const void *b, void *context)
{
    const struct line *line = context;
    size_t x = *(const size_t *)a;
    size_t y = *(const size_t *)b;
    int sign = (line->values[x] > line->values[y]) - (line->values[x] < line->values[y]);
    return sign ? sign : (x > y) - (x < y);
}

/* What was added stands at the end: put numbers in order. */
static void order_values(struct narrowing *all)
{
    for (size_t d = 0; d < all->size; d++) {
        struct line *line = &all->lines[d];
        if (!line->unit)
            continue;
        size_t *order = memory_new(line->count, sizeof *order);
        for (size_t i = 0; i < line->count; i++)
            order[i] = i;
        qsort_r(order, line->count, sizeof *order, by_number, line);
        grid_order_values(all->tune->request->grid, d, order);
        free(order);
    }
}

int tune_narrow(struct tune *tune, struct error *err)
{
    struct grid *grid = tune->request->grid;
    if (tune->request->narrow == 0 || tune->stopped)
        return STATUS_OK;
    struct narrowing all = {.tune = tune, .size = grid->dimension_count};
    all.lines = memory_new(all.size, sizeof *all.lines);
    for (size_t d = 0; d < all.size; d++)
        all.lines[d] = read_line(&grid->dimensions[d]);
    grid_list_points(grid);
    int status = STATUS_OK;
    for (size_t round = 0; round < tune->request->narrow && !status && !tune->stopped; round++) {
        size_t from = tune->point_count;
        for (size_t i = 0; i < tune->past_count && !status; i++)
            status = narrow_past(&all, &tune->pasts[i], err);
        if (!status && tune->point_count > from)
            status = tune_run_points(tune, from, err);
        tune->rounds += tune->point_count > from;
    }
    tune->left_out = all.refused_count;
    order_values(&all);
    for (size_t d = 0; d < all.size; d++)
        free(all.lines[d].values);
    free(all.lines);
    free(all.refused);
    return status;
}
