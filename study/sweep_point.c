/* What a point of a sweep sets. */
#include "base/memory.h"
#include "study/sweep.h"

#include <stdlib.h>
#include <string.h>

bool sweep_leaves_traces_alone(const char *path)
{
    static const char *const parts[] = {
        "account", "controller",        "policy",     "backup_group", "demand", "prices", "start",
        "billing", "modify_spot_fleet", "spot_fleet", "measure"};
    size_t length = strcspn(path, ".[");
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
        if (strlen(parts[i]) == length && strncmp(parts[i], path, length) == 0)
            return true;
    }
    return false;
}

bool sweep_set_point(const struct grid *grid, size_t point, struct scenario_override *overrides,
                     size_t *count, const char **out_policy)
{
    size_t *values = memory_new(grid->dimension_count, sizeof *values);
    grid_point(grid, point, values);
    bool loads = false;
    for (size_t d = 0; d < grid->dimension_count; d++) {
        const struct grid_dimension *dimension = &grid->dimensions[d];
        for (size_t p = 0; p < dimension->path_count; p++) {
            const char *path = dimension->paths[p];
            const char *value = dimension->values[values[d] * dimension->path_count + p];
            loads = loads || !sweep_leaves_traces_alone(path);
            if (strcmp(path, "policy") == 0)
                *out_policy = value;
            else
                overrides[(*count)++] = (struct scenario_override){.path = path, .value = value};
        }
    }
    free(values);
    return loads;
}

void sweep_add_varied(const struct sweep *sweep, size_t point, struct text *out)
{
    const struct grid *grid = sweep->request->grid;
    size_t *values = memory_new(grid->dimension_count, sizeof *values);
    grid_point(grid, point, values);
    const char *comma = "{";
    for (size_t d = 0; d < grid->dimension_count; d++) {
        const struct grid_dimension *dimension = &grid->dimensions[d];
        for (size_t p = 0; p < dimension->path_count; p++) {
            text_add(out, comma);
            text_add_json_string(out, dimension->paths[p]);
            text_add(out, ":");
            text_add_json_string(out, dimension->values[values[d] * dimension->path_count + p]);
            comma = ",";
        }
    }
    text_add(out, "}");
    free(values);
}
