#include "study/sweep_markets.h"

#include "base/memory.h"
#include "base/shelf.h"
#include "study/sweep.h"

#include <stdlib.h>
#include <string.h>

/* Traces, or why there are none. */
struct loaded {
    struct trace_set traces; /* first: what is held is known by its address */
    int status;
    struct error err;
};

struct wish {
    struct scenario *scenario;
};

static void *make(const void *argument)
{
    const struct wish *wish = argument;
    struct loaded *loaded = memory_new(1, sizeof *loaded);
    loaded->status = scenario_load_traces(wish->scenario, &loaded->traces, &loaded->err);
    return loaded;
}

static void destroy(void *thing)
{
    struct loaded *loaded = thing;
    if (!loaded->status)
        trace_set_clean_up(&loaded->traces);
    free(loaded);
}

static size_t bytes(const void *thing)
{
    const struct loaded *loaded = thing;
    const struct trace_set *set = &loaded->traces;
    size_t sum = sizeof *loaded;
    if (loaded->status)
        return sum;
    for (size_t i = 0; i < set->market_count; i++)
        sum += sizeof set->markets[i] + set->markets[i].step_count * sizeof *set->markets[i].steps;
    return sum + set->interruption_count * sizeof *set->interruptions +
           set->capacity_count * sizeof *set->capacities;
}

struct sweep_markets {
    struct shelf *shelf;
    bool drawn;
};

struct sweep_markets *sweep_markets_new(bool drawn)
{
    static const struct shelf_kind kind = {make, destroy, bytes};
    struct sweep_markets *markets = memory_new(1, sizeof *markets);
    markets->shelf = shelf_new(&kind, SWEEP_MARKETS_BYTES_MOST);
    markets->drawn = drawn;
    return markets;
}

void sweep_markets_free(struct sweep_markets *markets)
{
    if (markets)
        shelf_free(markets->shelf);
    free(markets);
}

static bool is_within(const char *path, const char *part)
{
    size_t length = strlen(part);
    return strncmp(path, part, length) == 0 && (!path[length] || strchr(".[", path[length]));
}

bool sweep_markets_drawn(const struct grid *grid, const struct scenario *scenario)
{
    bool drawn = scenario_draws_traces(scenario);
    for (size_t d = 0; d < grid->dimension_count; d++) {
        for (size_t p = 0; p < grid->dimensions[d].path_count; p++) {
            const char *path = grid->dimensions[d].paths[p];
            drawn = drawn || is_within(path, "traces") || is_within(path, "interruptions");
        }
    }
    return drawn;
}

static bool has_a_say(const struct grid_dimension *dimension, bool drawn)
{
    bool loads = false;
    for (size_t p = 0; p < dimension->path_count; p++) {
        const char *path = dimension->paths[p];
        loads = loads || (!sweep_leaves_traces_alone(path) && (drawn || strcmp(path, "seed") != 0));
    }
    return loads;
}

bool sweep_markets_vary(const struct grid *grid, bool drawn)
{
    bool loads = false;
    for (size_t d = 0; d < grid->dimension_count; d++)
        loads = loads || has_a_say(&grid->dimensions[d], drawn);
    return loads;
}

/* What the point has of all that has a say in what is loaded. */
static void add_key(const struct grid *grid, bool drawn, size_t point,
                    const struct scenario *scenario, struct text *out)
{
    size_t *values = memory_new(grid->dimension_count, sizeof *values);
    grid_point(grid, point, values);
    for (size_t d = 0; d < grid->dimension_count; d++) {
        if (has_a_say(&grid->dimensions[d], drawn))
            text_addf(out, "%zu=%zu ", d, values[d]);
    }
    free(values);
    scenario_add_markets(scenario, out);
}

/* ---- the order ----------------------------------------------------------------------------------
 */

static int by_group(const void *a, const void *b, void *context)
{
    const size_t *groups = context;
    size_t x = *(const size_t *)a;
    size_t y = *(const size_t *)b;
    if (groups[x] != groups[y])
        return groups[x] < groups[y] ? -1 : 1;
    return (x > y) - (x < y);
}

size_t *sweep_markets_order(const struct grid *grid, bool drawn)
{
    size_t *order = memory_new(grid->point_count, sizeof *order);
    size_t *groups = memory_new(grid->point_count, sizeof *groups);
    size_t *values = memory_new(grid->dimension_count, sizeof *values);
    for (size_t i = 0; i < grid->point_count; i++) {
        order[i] = i;
        grid_point(grid, i, values);
        for (size_t d = 0; d < grid->dimension_count; d++) {
            if (has_a_say(&grid->dimensions[d], drawn))
                groups[i] = groups[i] * grid->dimensions[d].value_count + values[d];
        }
    }
    qsort_r(order, grid->point_count, sizeof *order, by_group, groups);
    free(values);
    free(groups);
    return order;
}

/* ---- held ---------------------------------------------------------------------------------------
 */

int sweep_markets_take(struct sweep_markets *markets, const struct grid *grid, size_t point,
                       struct scenario *scenario, const struct trace_set **out_traces,
                       struct error *err)
{
    const struct wish wish = {.scenario = scenario};
    struct text key = {0};
    add_key(grid, markets->drawn, point, scenario, &key);
    const struct loaded *loaded = shelf_take(markets->shelf, key.data, &wish);
    text_clean_up(&key);
    int status = loaded->status;
    if (status) {
        *err = loaded->err;
        shelf_give_back(markets->shelf, loaded);
    } else {
        *out_traces = &loaded->traces;
    }
    return status;
}

void sweep_markets_give_back(struct sweep_markets *markets, const struct trace_set *traces)
{
    shelf_give_back(markets->shelf, traces);
}
