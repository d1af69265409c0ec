/* From the runs of a sweep to its dimensions and points. */
#include "base/memory.h"
#include "sweep_data.h"

#include <stdlib.h>
#include <string.h>

/* The paths, each with the number of its value in each row. */
struct columns {
    const struct sweep_rows *rows;
    struct sweep_dimension *dimensions;
    size_t **numbers;
    bool *world; /* makes the world, and is no dimension */
    size_t count;
};

static bool is_seed(const char *path)
{
    return strcmp(path, "seed") == 0;
}

static const char *const span_paths[] = {"from", "to", "measure.from", "measure.to"};

static bool is_of_span(const char *path)
{
    for (size_t i = 0; i < ARRAY_LENGTH(span_paths); i++) {
        if (strcmp(path, span_paths[i]) == 0)
            return true;
    }
    return false;
}

static void forget_column(struct columns *columns, size_t c)
{
    struct sweep_dimension *dimension = &columns->dimensions[c];
    for (size_t v = 0; v < dimension->value_count; v++)
        free(dimension->values[v]);
    free(dimension->values);
    free(dimension->micro);
    free(dimension->name);
    free(columns->numbers[c]);
    for (size_t i = c; i + 1 < columns->count; i++) {
        columns->dimensions[i] = columns->dimensions[i + 1];
        columns->numbers[i] = columns->numbers[i + 1];
        columns->world[i] = columns->world[i + 1];
    }
    columns->count--;
}

/* ---- joined paths -----------------------------------------------------------------------------
 */

/* Whether the values of a and b always come together; and beyond what a drawn sweep could show by
 * chance: some pair comes again, or both rise together. */
static bool joined(const struct columns *columns, size_t a, size_t b)
{
    size_t count = columns->dimensions[a].value_count;
    if (count < 2 || columns->dimensions[b].value_count != count ||
        columns->world[a] != columns->world[b])
        return false;
    size_t *partner = memory_new(count, sizeof *partner); /* + 1 */
    bool *taken = memory_new(count, sizeof *taken);
    bool together = true;
    bool again = false;
    bool rising = true;
    for (size_t i = 0; i < columns->rows->count && together; i++) {
        size_t x = columns->numbers[a][i];
        size_t y = columns->numbers[b][i];
        again = again || partner[x];
        together = partner[x] ? partner[x] == y + 1 : !taken[y];
        rising = rising && x == y;
        partner[x] = y + 1;
        taken[y] = true;
    }
    free(partner);
    free(taken);
    return together && (again || rising);
}

static void join(struct columns *columns, size_t a, size_t b)
{
    struct sweep_dimension *into = &columns->dimensions[a];
    const struct sweep_dimension *other = &columns->dimensions[b];
    size_t *row_of = memory_new(into->value_count, sizeof *row_of);
    for (size_t i = 0; i < columns->rows->count; i++)
        row_of[columns->numbers[a][i]] = i;
    for (size_t v = 0; v < into->value_count; v++) {
        char *before = into->values[v];
        into->values[v] =
            memory_format("%s..%s", before, other->values[columns->numbers[b][row_of[v]]]);
        free(before);
    }
    char *name = into->name;
    into->name = memory_format("%s,%s", name, other->name);
    into->numbers = false;
    free(name);
    free(row_of);
    forget_column(columns, b);
}

static void join_all(struct columns *columns)
{
    for (size_t a = 0; a + 1 < columns->count; a++) {
        while (a + 1 < columns->count && !columns->world[a] && joined(columns, a, a + 1))
            join(columns, a, a + 1);
    }
}

/* Where windows are shown, what is measured says which they are; where their runs begin, which goes
 * along with it, does not. */
static void drop_begins(struct columns *columns, const char *begin, const char *measured)
{
    for (size_t a = 0; a < columns->count; a++) {
        for (size_t b = 0; b < columns->count; b++) {
            if (strcmp(columns->dimensions[a].name, begin) == 0 &&
                strcmp(columns->dimensions[b].name, measured) == 0 && !columns->world[a] &&
                joined(columns, a, b)) {
                forget_column(columns, a);
                return;
            }
        }
    }
}

/* ---- points in their worlds -------------------------------------------------------------------
 */

struct order {
    const struct columns *columns;
    bool of_world; /* by what makes the world, else by the rest */
    bool seeds;    /* ... the seed with it */
};

static int by_values(const void *a, const void *b, void *context)
{
    const struct order *order = context;
    size_t x = *(const size_t *)a;
    size_t y = *(const size_t *)b;
    for (size_t c = 0; c < order->columns->count; c++) {
        if (order->columns->world[c] != order->of_world ||
            (order->of_world && is_seed(order->columns->dimensions[c].name) != order->seeds))
            continue;
        size_t p = order->columns->numbers[c][x];
        size_t q = order->columns->numbers[c][y];
        if (p != q)
            return p < q ? -1 : 1;
    }
    return 0;
}

static int by_values_then_row(const void *a, const void *b, void *context)
{
    int sign = by_values(a, b, context);
    size_t x = *(const size_t *)a;
    size_t y = *(const size_t *)b;
    return sign ? sign : (x > y) - (x < y);
}

/* The rows so that those alike stand together. */
static size_t *ordered(struct order *order)
{
    size_t count = order->columns->rows->count;
    size_t *rows = memory_new(count, sizeof *rows);
    for (size_t i = 0; i < count; i++)
        rows[i] = i;
    qsort_r(rows, count, sizeof *rows, by_values_then_row, order);
    return rows;
}

static size_t count_distinct(struct order order, size_t *out_largest)
{
    size_t *rows = ordered(&order);
    size_t found = 0;
    size_t size = 0;
    *out_largest = 0;
    for (size_t i = 0; i < order.columns->rows->count; i++) {
        bool another = i == 0 || by_values(&rows[i - 1], &rows[i], &order) != 0;
        found += another;
        size = another ? 1 : size + 1;
        *out_largest = size > *out_largest ? size : *out_largest;
    }
    free(rows);
    return found;
}

/* Whether there is a point in all worlds that spans and seeds make; if not, worlds and dimensions
 * cannot be told apart. */
static bool find_worlds(struct sweep_data *data, const struct columns *columns)
{
    size_t most = 0;
    size_t ignored = 0;
    data->spans = count_distinct((struct order){columns, true, false}, &ignored);
    data->seeds = count_distinct((struct order){columns, true, true}, &ignored);
    count_distinct((struct order){columns, false, false}, &most);
    return most == data->spans * data->seeds;
}

struct group {
    size_t first; /* row */
    struct front_item item;
};

static int by_first(const void *a, const void *b)
{
    const struct group *x = a;
    const struct group *y = b;
    return (x->first > y->first) - (x->first < y->first);
}

static struct group *find_groups(struct sweep_data *data, const struct columns *columns)
{
    struct order order = {columns, false, false};
    const struct sweep_rows *source = columns->rows;
    size_t worlds = data->spans * data->seeds;
    size_t *rows = ordered(&order);
    struct group *groups = memory_new(source->count, sizeof *groups);
    for (size_t i = 0; i < source->count;) {
        struct group group = {.first = rows[i]};
        size_t begin = i;
        for (; i < source->count && by_values(&rows[begin], &rows[i], &order) == 0; i++) {
            if (i - begin >= worlds)
                continue; /* a sweep has no point twice */
            group.item.cost_micro_usd += source->items[rows[i]].cost_micro_usd;
            group.item.unfulfilled_micro_unit_s += source->items[rows[i]].unfulfilled_micro_unit_s;
        }
        if (i - begin < worlds) {
            data->left_out++;
            continue;
        }
        int128 seeds = (int128)data->seeds;
        group.item.cost_micro_usd = divide_half_even(group.item.cost_micro_usd, seeds);
        group.item.unfulfilled_micro_unit_s =
            divide_half_even(group.item.unfulfilled_micro_unit_s, seeds);
        groups[data->count++] = group;
    }
    free(rows);
    qsort(groups, data->count, sizeof *groups, by_first);
    return groups;
}

static void take_columns(struct sweep_data *data, struct columns *columns)
{
    struct group *groups = find_groups(data, columns);
    for (size_t c = 0; c < columns->count;) {
        if (columns->world[c])
            forget_column(columns, c);
        else
            c++;
    }
    data->dimensions = columns->dimensions;
    data->dimension_count = columns->count;
    data->values = memory_new(data->count * columns->count, sizeof *data->values);
    data->items = memory_new(data->count, sizeof *data->items);
    data->numbers = memory_new(data->count, sizeof *data->numbers);
    for (size_t i = 0; i < data->count; i++) {
        data->items[i] = groups[i].item;
        data->numbers[i] = columns->rows->numbers[groups[i].first];
        for (size_t c = 0; c < columns->count; c++)
            data->values[i * columns->count + c] = columns->numbers[c][groups[i].first];
    }
    free(groups);
}

/* ---- all --------------------------------------------------------------------------------------
 */

static bool is_asked(const char *path, const char *const shown[2])
{
    return (shown[0] && sweep_is_called(path, shown[0])) ||
           (shown[1] && sweep_is_called(path, shown[1]));
}

/* A span is shown by all that was varied of it. */
static bool is_shown(const char *path, const char *const shown[2])
{
    bool any = is_asked(path, shown);
    for (size_t i = 0; i < ARRAY_LENGTH(span_paths) && is_of_span(path); i++)
        any = any || is_asked(span_paths[i], shown);
    return any;
}

static bool makes_world(const char *path, const char *const shown[2])
{
    return (is_seed(path) || is_of_span(path)) && !is_shown(path, shown);
}

void sweep_make_points(struct sweep_data *data, const struct sweep_rows *rows,
                       const char *const shown[2])
{
    struct columns columns = {
        .rows = rows,
        .count = rows->path_count,
        .dimensions = memory_new(rows->path_count, sizeof *columns.dimensions),
        .numbers = memory_new(rows->path_count, sizeof *columns.numbers),
        .world = memory_new(rows->path_count, sizeof *columns.world),
    };
    data->computed = rows->count;
    bool others = false;
    for (size_t c = 0; c < columns.count; c++) {
        sweep_number_values(rows, c, &columns.dimensions[c], &columns.numbers[c]);
        columns.world[c] = makes_world(rows->paths[c], shown);
        others = others || (!columns.world[c] && columns.dimensions[c].value_count > 1);
    }
    if (!others || !find_worlds(data, &columns)) {
        memset(columns.world, 0, columns.count * sizeof *columns.world);
        data->spans = data->seeds = 1;
    }
    drop_begins(&columns, "from", "measure.from");
    drop_begins(&columns, "to", "measure.to");
    join_all(&columns);
    take_columns(data, &columns);
    for (size_t c = 0; c < columns.count; c++)
        free(columns.numbers[c]);
    free(columns.numbers);
    free(columns.world);
}
