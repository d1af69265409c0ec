#include "space.h"

#include <stdlib.h>
#include <string.h>

static int read_seed(const char *text, uint64_t *out_seed, struct error *err)
{
    char *after = NULL;
    *out_seed = 1;
    if (!text)
        return STATUS_OK;
    *out_seed = strtoull(text, &after, 10);
    if (text[0] < '0' || text[0] > '9' || *after || strlen(text) > 18)
        return error_set(err, STATUS_BAD_INPUT, "--sample-seed %s: must be a whole number", text);
    return STATUS_OK;
}

static int check(const struct space_options *options, const char *path, struct error *err)
{
    if (options->sample_seed && !options->sample)
        return error_set(err, STATUS_BAD_INPUT, "--sample-seed goes with --sample");
    if (!options->db)
        return error_set(err, STATUS_BAD_INPUT,
                         "--db FILE is needed: the database that holds the points");
    if (options->vary.count == 0)
        return error_set(err, STATUS_BAD_INPUT,
                         "nothing is varied: give --vary PATH=VALUES, once for each dimension");
    if (strcmp(path, "-") == 0)
        return error_set(err, STATUS_BAD_INPUT,
                         "the scenario is read once for each point: name the file");
    return STATUS_OK;
}

int space_read(struct grid *out_grid, const struct space_options *options, const char *path,
               struct error *err)
{
    uint64_t seed = 0;
    int status = read_seed(options->sample_seed, &seed, err);
    if (!status)
        status = check(options, path, err);
    for (size_t i = 0; i < options->vary.count && !status; i++)
        status = grid_add(out_grid, options->vary.values[i], err);
    return status ? status : grid_draw(out_grid, options->sample, seed, err);
}
