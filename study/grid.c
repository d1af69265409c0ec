/* Points: the full grid, or a sample of it. What a dimension says is read in grid_values.c. */
#include "study/grid.h"

#include "base/memory.h"
#include "base/pcg64.h"
#include "study/grid_values.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* ---- dimensions -------------------------------------------------------------------------------
 */

/* "from,to" to its paths. A path has no comma. */
static int part_paths(struct grid_dimension *dimension, struct error *err)
{
    const char *at = dimension->name;
    for (;;) {
        size_t length = strcspn(at, ",");
        if (length == 0)
            return error_set(err, STATUS_BAD_INPUT,
                             "--vary %s: write PATH=VALUES, or PATH,PATH=VALUES", dimension->name);
        dimension->paths =
            memory_resize(dimension->paths, dimension->path_count + 1, sizeof *dimension->paths);
        dimension->paths[dimension->path_count++] = memory_copy_bytes(at, length);
        if (!at[length])
            return STATUS_OK;
        at += length + 1;
    }
}

/* The path as a chain of names: an item of a list is written [0] or .0, and `policy` chooses a
 * name. To be freed. */
static char *chain_of(const char *path)
{
    if (strcmp(path, "policy") == 0)
        return memory_copy_text("policy.name");
    char *chain = memory_copy_text(path);
    char *end = chain;
    for (const char *at = chain; *at; at++) {
        if (*at != ']')
            *end++ = *at == '[' ? '.' : *at;
    }
    *end = '\0';
    return chain;
}

/* What is set at `path` must not be set at, or within, what `later` sets after it. */
static int check_apart(const char *path, const char *later, const char *dimension,
                       struct error *err)
{
    char *first = chain_of(path);
    char *second = chain_of(later);
    size_t length = strlen(second);
    int status = STATUS_OK;
    if (strcmp(first, second) == 0)
        status = error_set(err, STATUS_BAD_INPUT,
                           "--vary %s: %s is varied twice: give all its values to one --vary",
                           dimension, later);
    else if (strncmp(first, second, length) == 0 && first[length] == '.')
        status = error_set(err, STATUS_BAD_INPUT,
                           "--vary %s: %s would undo %s, which is within it: give it first",
                           dimension, later, path);
    free(first);
    free(second);
    return status;
}

static int check_paths(const struct grid *grid, struct error *err)
{
    const struct grid_dimension *last = &grid->dimensions[grid->dimension_count - 1];
    int status = STATUS_OK;
    for (size_t d = 0; d < grid->dimension_count; d++) {
        const struct grid_dimension *dimension = &grid->dimensions[d];
        for (size_t p = 0; p < dimension->path_count; p++) {
            for (size_t q = dimension == last ? p + 1 : 0; q < last->path_count && !status; q++)
                status = check_apart(dimension->paths[p], last->paths[q], last->name, err);
        }
    }
    return status;
}

static int compare_rows(const struct grid_dimension *dimension, size_t a, size_t b)
{
    int order = 0;
    for (size_t p = 0; p < dimension->path_count && order == 0; p++)
        order = strcmp(dimension->values[a * dimension->path_count + p],
                       dimension->values[b * dimension->path_count + p]);
    return order;
}

static int by_value(const void *a, const void *b, void *context)
{
    return compare_rows(context, *(const size_t *)a, *(const size_t *)b);
}

static int check_values(const struct grid_dimension *dimension, struct error *err)
{
    size_t count = dimension->value_count;
    size_t *rows = memory_new(count, sizeof *rows);
    for (size_t i = 0; i < count; i++)
        rows[i] = i;
    qsort_r(rows, count, sizeof *rows, by_value, (void *)dimension);
    int status = STATUS_OK;
    for (size_t i = 1; i < count && !status; i++) {
        if (compare_rows(dimension, rows[i - 1], rows[i]) == 0) {
            struct text value = {0};
            grid_add_value(dimension, rows[i], &value);
            status = error_set(err, STATUS_BAD_INPUT, "--vary %s: the value %s stands twice",
                               dimension->name, value.data);
            text_clean_up(&value);
        }
    }
    free(rows);
    return status;
}

int grid_add(struct grid *grid, const char *vary, struct error *err)
{
    const char *equals = strchr(vary, '=');
    if (!equals || equals == vary || !equals[1])
        return error_set(err, STATUS_BAD_INPUT,
                         "--vary %s: write PATH=VALUES, such as "
                         "--vary policy.parameters.window_s=300,600 or ...=300:1200:300",
                         vary);
    grid->dimensions =
        memory_resize(grid->dimensions, grid->dimension_count + 1, sizeof *grid->dimensions);
    struct grid_dimension *dimension = &grid->dimensions[grid->dimension_count++];
    *dimension = (struct grid_dimension){.name = memory_copy_bytes(vary, (size_t)(equals - vary))};
    int status = part_paths(dimension, err);
    if (!status)
        status = check_paths(grid, err);
    if (!status)
        status = grid_read_values(dimension, equals + 1, err);
    return status ? status : check_values(dimension, err);
}

/* ---- points -----------------------------------------------------------------------------------
 */

static int too_many(struct error *err)
{
    return error_set(err, STATUS_BAD_INPUT,
                     "more than %d points: vary less, or draw some with --sample lhs:N",
                     GRID_POINTS_MAX);
}

/* All combinations, or one more than the limit. */
static size_t combinations(const struct grid *grid)
{
    size_t count = 1;
    for (size_t d = 0; d < grid->dimension_count && count <= GRID_POINTS_MAX; d++)
        count *= grid->dimensions[d].value_count;
    return count;
}

static int read_sample(const char *sample, bool *out_latin, size_t *out_count, struct error *err)
{
    *out_latin = strncmp(sample, "lhs:", 4) == 0;
    const char *digits = strchr(sample, ':');
    char *end = NULL;
    bool known = *out_latin || strncmp(sample, "random:", 7) == 0;
    unsigned long long count =
        known && digits[1] >= '0' && digits[1] <= '9' ? strtoull(digits + 1, &end, 10) : 0;
    if (!end || *end || count == 0)
        return error_set(err, STATUS_BAD_INPUT,
                         "--sample %s: write random:N or lhs:N, N points from 1 on", sample);
    if (count > GRID_POINTS_MAX)
        return too_many(err);
    *out_count = (size_t)count;
    return STATUS_OK;
}

static int by_row(const void *a, const void *b, void *context)
{
    const size_t *columns = context;
    const uint32_t *const *x = a;
    const uint32_t *const *y = b;
    for (size_t d = 0; d < *columns; d++) {
        if ((*x)[d] != (*y)[d])
            return (*x)[d] < (*y)[d] ? -1 : 1;
    }
    return (*x > *y) - (*x < *y);
}

/* Draw again what an earlier point has already, until all differ. */
static void draw_random(struct grid *grid, struct pcg64 *rng)
{
    size_t columns = grid->dimension_count;
    const uint32_t **rows = memory_new(grid->point_count, sizeof *rows);
    bool *draw = memory_new(grid->point_count, sizeof *draw);
    memset(draw, 1, grid->point_count * sizeof *draw);
    for (bool again = true; again;) {
        for (size_t i = 0; i < grid->point_count; i++) {
            rows[i] = &grid->drawn[i * columns];
            for (size_t d = 0; d < columns && draw[i]; d++)
                grid->drawn[i * columns + d] =
                    (uint32_t)pcg64_below(rng, grid->dimensions[d].value_count);
            draw[i] = false;
        }
        qsort_r(rows, grid->point_count, sizeof *rows, by_row, &columns);
        again = false;
        for (size_t i = 1; i < grid->point_count; i++) {
            if (memcmp(rows[i - 1], rows[i], columns * sizeof **rows) == 0) {
                draw[(size_t)(rows[i] - grid->drawn) / columns] = true;
                again = true;
            }
        }
    }
    free(rows);
    free(draw);
}

/* Along each dimension a permutation of the points' ranks, which are spread over its values. */
static void draw_latin(struct grid *grid, struct pcg64 *rng)
{
    size_t count = grid->point_count;
    size_t columns = grid->dimension_count;
    for (size_t d = 0; d < columns; d++) {
        for (size_t i = 0; i < count; i++) {
            size_t k = (size_t)pcg64_below(rng, i + 1);
            grid->drawn[i * columns + d] = grid->drawn[k * columns + d];
            grid->drawn[k * columns + d] = (uint32_t)i;
        }
        /* A rank's stratum may lie over several values: one within it is drawn. */
        size_t values = grid->dimensions[d].value_count;
        for (size_t i = 0; i < count; i++) {
            uint64_t place = (uint64_t)grid->drawn[i * columns + d] * values;
            grid->drawn[i * columns + d] = (uint32_t)((place + pcg64_below(rng, values)) / count);
        }
    }
}

int grid_draw(struct grid *grid, const char *sample, uint64_t seed, struct error *err)
{
    size_t all = combinations(grid);
    if (!sample) {
        grid->point_count = all;
        return all > GRID_POINTS_MAX ? too_many(err) : STATUS_OK;
    }
    bool latin = false;
    int status = read_sample(sample, &latin, &grid->point_count, err);
    if (status)
        return status;
    if (!latin && grid->point_count > all / 2)
        return error_set(err, STATUS_BAD_INPUT,
                         "--sample %s: there are %zu points in all: leave --sample out, or draw at "
                         "most half of them",
                         sample, all);
    grid->drawn = memory_new(grid->point_count * grid->dimension_count, sizeof *grid->drawn);
    const uint64_t key[] = {seed, pcg64_word(latin ? "lhs" : "random"), grid->point_count};
    struct pcg64 rng;
    pcg64_seed_key(&rng, key, ARRAY_LENGTH(key));
    if (latin)
        draw_latin(grid, &rng);
    else
        draw_random(grid, &rng);
    return STATUS_OK;
}

size_t grid_path_count(const struct grid *grid)
{
    size_t count = 0;
    for (size_t d = 0; d < grid->dimension_count; d++)
        count += grid->dimensions[d].path_count;
    return count;
}

void grid_point(const struct grid *grid, size_t point, size_t *out_values)
{
    for (size_t d = grid->dimension_count; d-- > 0;) {
        if (grid->drawn) {
            out_values[d] = grid->drawn[point * grid->dimension_count + d];
        } else {
            out_values[d] = point % grid->dimensions[d].value_count;
            point /= grid->dimensions[d].value_count;
        }
    }
}

/* ---- in words ---------------------------------------------------------------------------------
 */

void grid_add_value(const struct grid_dimension *dimension, size_t value, struct text *out)
{
    for (size_t p = 0; p < dimension->path_count; p++) {
        text_add(out, p ? ".." : "");
        text_add(out, dimension->values[value * dimension->path_count + p]);
    }
}

void grid_add_point(const struct grid *grid, size_t point, struct text *out)
{
    size_t *values = memory_new(grid->dimension_count, sizeof *values);
    grid_point(grid, point, values);
    for (size_t d = 0; d < grid->dimension_count; d++) {
        text_addf(out, "%s%s=", d ? ", " : "", grid->dimensions[d].name);
        grid_add_value(&grid->dimensions[d], values[d], out);
    }
    free(values);
}

void grid_clean_up(struct grid *grid)
{
    for (size_t d = 0; d < grid->dimension_count; d++) {
        struct grid_dimension *dimension = &grid->dimensions[d];
        for (size_t i = 0; i < dimension->path_count; i++)
            free(dimension->paths[i]);
        for (size_t i = 0; i < dimension->value_count * dimension->path_count; i++)
            free(dimension->values[i]);
        free(dimension->paths);
        free(dimension->values);
        free(dimension->name);
    }
    free(grid->dimensions);
    free(grid->drawn);
    *grid = (struct grid){0};
}
