#include "sweep_data.h"

#include "base/json.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* ---- which sweep ------------------------------------------------------------------------------
 */

struct choice {
    struct sweep_data *data;
    const char *which;
    size_t sweeps;
    size_t found;
};

enum { KEY_LEAST = 4 }; /* digits of a key that name it */

static void take_sweep(const struct stored_sweep *sweep, void *context)
{
    struct choice *choice = context;
    struct sweep_data *data = choice->data;
    char number[DECIMAL_TEXT_SIZE];
    choice->sweeps++;
    if (choice->which && strcmp(choice->which, int128_format(sweep->sweep, number)) != 0 &&
        (strlen(choice->which) < KEY_LEAST ||
         strncmp(sweep->key, choice->which, strlen(choice->which)) != 0))
        return;
    if (choice->found++)
        return;
    data->sweep = sweep->sweep;
    data->key = memory_copy_text(sweep->key);
    data->version = memory_copy_text(sweep->version);
    data->name = memory_copy_text(sweep->name);
    data->scenario_json = memory_copy_text(sweep->scenario_json);
    data->listed = sweep->points;
    data->traces = sweep->traces;
    data->trace_hash = memory_copy_text(sweep->trace_hash);
}

static int choose(struct sweep_data *data, struct results *results, const char *database,
                  const char *which, struct error *err)
{
    struct choice choice = {.data = data, .which = which};
    int status = points_each_sweep(results, take_sweep, &choice, err);
    if (status)
        return status;
    if (choice.sweeps == 0)
        return error_set(err, STATUS_BAD_INPUT, "%s: no sweep is in it", database);
    if (choice.found == 0)
        return error_set(err, STATUS_BAD_INPUT, "%s: holds no sweep %s: there are %zu", database,
                         which, choice.sweeps);
    if (choice.found > 1)
        return error_set(err, STATUS_BAD_INPUT,
                         "%s: holds %zu sweeps: say which with --sweep, by its number or the start "
                         "of its key",
                         database, choice.found);
    return STATUS_OK;
}

/* ---- its points -------------------------------------------------------------------------------
 */

struct reading {
    const struct sweep_data *data;
    struct sweep_rows rows;
};

static const char *text_of(const struct json_document *varied, const char *path, size_t index)
{
    const cJSON *node = cJSON_GetArrayItem(varied->root, (int)index);
    if (!node || !node->string || strcmp(node->string, path) != 0)
        node = cJSON_GetObjectItemCaseSensitive(varied->root, path);
    return cJSON_IsString(node) ? node->valuestring : "";
}

static void take_paths(struct sweep_rows *rows, const struct json_document *varied)
{
    rows->path_count = (size_t)cJSON_GetArraySize(varied->root);
    rows->paths = memory_new(rows->path_count, sizeof *rows->paths);
    size_t i = 0;
    for (const cJSON *node = varied->root->child; node; node = node->next)
        rows->paths[i++] = memory_copy_text(node->string ? node->string : "");
}

static int take_point(const struct stored_point *point, void *context, struct error *err)
{
    struct reading *reading = context;
    struct sweep_rows *rows = &reading->rows;
    struct json_document varied;
    if (point->sweep != reading->data->sweep)
        return STATUS_OK;
    int status = json_parse(&varied, "what was varied", point->varied, strlen(point->varied), err);
    if (status)
        return status;
    if (rows->count == 0)
        take_paths(rows, &varied);
    for (size_t i = 0; i < rows->path_count; i++)
        ARRAY_PUSH(rows->texts, rows->text_count, rows->text_capacity,
                   memory_copy_text(text_of(&varied, rows->paths[i], i)));
    json_clean_up(&varied);
    const struct front_item item = {
        .cost_micro_usd = point->figures.value[FIGURE_cost_total_micro_usd],
        .unfulfilled_micro_unit_s = point->figures.value[FIGURE_capacity_unfulfilled_unit_s]};
    ARRAY_PUSH(rows->numbers, rows->number_count, rows->number_capacity, point->point);
    ARRAY_PUSH(rows->items, rows->count, rows->item_capacity, item);
    return STATUS_OK;
}

static void rows_clean_up(struct sweep_rows *rows)
{
    for (size_t i = 0; i < rows->path_count; i++)
        free(rows->paths[i]);
    for (size_t i = 0; i < rows->text_count; i++)
        free(rows->texts[i]);
    free(rows->paths);
    free(rows->texts);
    free(rows->items);
    free(rows->numbers);
}

int sweep_data_read(struct sweep_data *out, struct results *results, const char *database,
                    const char *which, const char *const shown[2], struct error *err)
{
    *out = (struct sweep_data){0};
    int status = choose(out, results, database, which, err);
    if (status)
        return status;
    struct reading reading = {.data = out};
    status = points_each(results, take_point, &reading, err);
    if (!status && reading.rows.count == 0)
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: no point of the sweep is computed yet: let the sweep go on by the "
                           "same command",
                           database);
    if (!status && reading.rows.path_count == 0)
        status = error_set(err, STATUS_BAD_INPUT, "%s: nothing is varied in the sweep", database);
    if (!status)
        sweep_make_points(out, &reading.rows, shown);
    rows_clean_up(&reading.rows);
    return status ? status : sweep_read_tunings(out, results, err);
}

void sweep_data_clean_up(struct sweep_data *data)
{
    for (size_t d = 0; d < data->dimension_count; d++) {
        struct sweep_dimension *dimension = &data->dimensions[d];
        for (size_t v = 0; v < dimension->value_count; v++)
            free(dimension->values[v]);
        free(dimension->values);
        free(dimension->micro);
        free(dimension->name);
    }
    free(data->dimensions);
    free(data->values);
    free(data->items);
    free(data->numbers);
    sweep_tunings_clean_up(data);
    free(data->trace_hash);
    free(data->key);
    free(data->version);
    free(data->name);
    free(data->scenario_json);
}
