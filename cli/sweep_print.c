/* The end of a sweep: the best points and the Pareto front. */
#include "base/memory.h"
#include "record/points.h"
#include "show.h"
#include "sweep.h"

#include <stdlib.h>
#include <string.h>

enum { BEST_SHOWN = 5, FRONT_SHOWN = 20 };

static void print_points(const struct sweep_outcomes *outcomes, const char *title,
                         const size_t *points, size_t count, size_t most, FILE *out)
{
    fprintf(out, "\n%s\n%14s %16s  point\n", title, "cost, USD", "missing, unit-h");
    for (size_t i = 0; i < count && i < most; i++) {
        const struct front_item *item = &outcomes->items[points[i]];
        char cost[SHOW_SIZE];
        char unfulfilled[SHOW_SIZE];
        struct text words = {0};
        grid_add_point(outcomes->grid, points[i], &words);
        fprintf(out, "%14s %16s  %s\n", show_usd(item->cost_micro_usd, cost),
                show_unit_hours(item->unfulfilled_micro_unit_s, unfulfilled), words.data);
        text_clean_up(&words);
    }
    if (count > most)
        fprintf(out, "%14s %16s  and %zu more: --json prints all\n", "", "", count - most);
}

/* What makes another world of a point, rather than another choice in it. */
static bool makes_world(const char *path)
{
    static const char *const paths[] = {"seed", "from", "to", "measure.from", "measure.to"};
    bool makes = false;
    for (size_t i = 0; i < ARRAY_LENGTH(paths); i++)
        makes = makes || strcmp(path, paths[i]) == 0;
    return makes;
}

/* The least of several worlds is of a kind one. */
static void print_of_worlds(const struct grid *grid, FILE *out)
{
    const char *first = NULL;
    for (size_t d = 0; d < grid->dimension_count && !first; d++) {
        const struct grid_dimension *dimension = &grid->dimensions[d];
        for (size_t p = 0; p < dimension->path_count && dimension->value_count > 1; p++) {
            if (!first && makes_world(dimension->paths[p]))
                first = dimension->name;
        }
    }
    if (first)
        fprintf(out,
                "\nNote: points of another %s are of another world, and the least may be the "
                "luckiest:\nballast report puts the worlds of a choice together, ballast tune "
                "judges it out of sample.\n",
                first);
}

void sweep_print(const struct sweep_outcomes *outcomes, FILE *out)
{
    size_t count = outcomes->sweep->count;
    size_t shown = count < BEST_SHOWN ? count : BEST_SHOWN;
    fprintf(out, "%s: %zu point%s in %s, %zu of them computed now\n", outcomes->name, count,
            count == 1 ? "" : "s", outcomes->db, outcomes->computed);
    size_t *points = front_by_cost(outcomes->items, count);
    print_points(outcomes, "Least cost", points, shown, shown, out);
    free(points);
    points = front_by_unfulfilled(outcomes->items, count);
    print_points(outcomes, "Least unfulfilled capacity", points, shown, shown, out);
    free(points);
    size_t front = 0;
    points = front_find(outcomes->items, count, &front);
    print_points(outcomes, "Pareto front: nothing costs less and misses no more", points, front,
                 FRONT_SHOWN, out);
    free(points);
    print_of_worlds(outcomes->grid, out);
}

void sweep_print_shard(const struct sweep_outcomes *outcomes, bool json, FILE *out)
{
    const struct sweep *sweep = outcomes->sweep;
    size_t shard = sweep->request->shard + 1;
    size_t shards = sweep->request->shards;
    if (json) {
        struct text name = {0};
        text_add_json_string(&name, outcomes->name);
        fprintf(out,
                "{\"scenario\":%s,\"shard\":%zu,\"shards\":%zu,\"listed\":%zu,\"computed\":%zu}\n",
                name.data, shard, shards, sweep->count, outcomes->computed);
        text_clean_up(&name);
    } else {
        fprintf(out,
                "%s: shard %zu of %zu is complete in %s, %zu of all %zu points computed now; join "
                "the\nshards with ballast merge\n",
                outcomes->name, shard, shards, outcomes->db, outcomes->computed, sweep->count);
    }
}

static int json_point(const struct sweep_outcomes *outcomes, struct results *results, size_t point,
                      FILE *out, struct error *err)
{
    const char *key = outcomes->sweep->points[point].key;
    struct figures figures;
    bool found = false;
    int status = points_find(results, key, &figures, &found, err);
    if (!status && !found)
        status = error_set(err, STATUS_FAILURE, "%s: point %zu is gone", outcomes->db, point);
    if (status)
        return status;
    struct text text = {0};
    text_addf(&text, "%s{\"point\":%zu,\"key\":\"%s\",\"varied\":", point ? "," : "", point, key);
    sweep_add_varied(outcomes->sweep, point, &text);
    text_add(&text, ",");
    figures_add_json(&figures, &text);
    text_add(&text, "}");
    status = text_status(&text, err);
    if (!status)
        fwrite(text.data, 1, text.size, out);
    text_clean_up(&text);
    return status;
}

int sweep_json(const struct sweep_outcomes *outcomes, struct results *results, FILE *out,
               struct error *err)
{
    struct text name = {0};
    text_add_json_string(&name, outcomes->name);
    fprintf(out, "{\"scenario\":%s,\"computed\":%zu,\"points\":[", name.data, outcomes->computed);
    text_clean_up(&name);
    int status = STATUS_OK;
    for (size_t i = 0; i < outcomes->sweep->count && !status; i++)
        status = json_point(outcomes, results, i, out, err);
    size_t count = 0;
    size_t *front = front_find(outcomes->items, outcomes->sweep->count, &count);
    fprintf(out, "],\"front\":[");
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s%zu", i ? "," : "", front[i]);
    fprintf(out, "]}\n");
    free(front);
    return status;
}
