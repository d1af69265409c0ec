/* The worlds, and a point in one of them. */
#include "base/memory.h"
#include "study/sweep.h"
#include "study/sweep_markets.h"
#include "study/tune.h"

#include <stdlib.h>
#include <string.h>

/* ---- worlds -----------------------------------------------------------------------------------
 */

/* The scenario as a whole, once for each seed: what it generates may follow the seed. */
static int read_scenarios(struct tune *tune, struct error *err)
{
    const struct tune_request *request = tune->request;
    size_t seeds = request->seed_count ? request->seed_count : 1;
    size_t count = request->override_count;
    struct scenario_override *overrides = memory_new(count + 1, sizeof *overrides);
    for (size_t i = 0; i < count; i++)
        overrides[i] = request->overrides[i];
    tune->scenarios = memory_new(seeds, sizeof *tune->scenarios);
    int status = STATUS_OK;
    for (size_t i = 0; i < seeds && !status; i++) {
        char seed[DECIMAL_TEXT_SIZE];
        int128_format((int128)(request->seed_from + i), seed);
        overrides[count] = (struct scenario_override){.path = "seed", .value = seed};
        const struct scenario_options options = {.overrides = overrides,
                                                 .override_count =
                                                     count + (request->seed_count ? 1 : 0),
                                                 .policy = request->policy};
        status = scenario_read(&tune->scenarios[i], request->path, &options, err);
        tune->scenario_count += !status;
    }
    free(overrides);
    const char *slash = strrchr(request->path, '/');
    size_t length = !slash ? 0 : slash == request->path ? 1 : (size_t)(slash - request->path);
    tune->folder = length ? memory_copy_bytes(request->path, length) : memory_copy_text(".");
    return status;
}

static void whole_span(struct tune *tune)
{
    const struct scenario *scenario = &tune->scenarios[0];
    tune->windows.items = memory_new(1, sizeof *tune->windows.items);
    tune->windows.items[0] = (struct window){scenario->measure_from_s, scenario->measure_to_s};
    tune->windows.count = 1;
}

int tune_plan(struct tune *tune, struct error *err)
{
    const struct tune_request *request = tune->request;
    int status = read_scenarios(tune, err);
    if (!status && request->in_sample)
        whole_span(tune);
    else if (!status)
        status = windows_cut(&tune->windows, &tune->scenarios[0], request->window_s, "the scenario",
                             err);
    size_t least = request->train ? request->train + 1 : 2;
    if (!status && !request->in_sample && tune->windows.count < least)
        status = error_set(err, STATUS_BAD_INPUT,
                           "%zu window%s in the measured span: walking forward needs %zu at least; "
                           "take shorter --windows, or --in-sample",
                           tune->windows.count, tune->windows.count == 1 ? "" : "s", least);
    if (status)
        return status;
    tune->world_count = tune->windows.count * tune->scenario_count;
    tune->worlds = memory_new(tune->world_count, sizeof *tune->worlds);
    for (size_t i = 0; i < tune->world_count; i++) {
        const struct window *window = &tune->windows.items[i / tune->scenario_count];
        const struct scenario *scenario = &tune->scenarios[i % tune->scenario_count];
        tune->worlds[i] = (struct tune_world){
            .window = *window,
            .window_index = i / tune->scenario_count,
            .seed = scenario->seed,
            .begin_s = request->in_sample ? scenario->from_s
                                          : window_begin(window, scenario, request->lead_s)};
    }
    tune_plan_pasts(tune);
    for (size_t i = 0; i < tune->windows.count; i++)
        tune->span_s += tune->windows.items[i].to_s - tune->windows.items[i].from_s;
    return STATUS_OK;
}

/* ---- a point in a world -----------------------------------------------------------------------
 */

static const struct scenario *whole_of(const struct tune *tune, const struct tune_world *world)
{
    size_t index = (size_t)(world - tune->worlds);
    return &tune->scenarios[index % tune->scenario_count];
}

/* The scenario as a whole with the point's values set, as ballast run --set sets them; `path` set
 * to `value` instead, unless it is NULL. */
static int read_point(const struct tune *tune, size_t point, const struct scenario *whole,
                      const char *path, const char *value, struct scenario *out_scenario,
                      struct error *err)
{
    const struct tune_request *request = tune->request;
    size_t count = request->override_count;
    struct scenario_override *overrides =
        memory_new(count + 1 + grid_path_count(request->grid), sizeof *overrides);
    for (size_t i = 0; i < count; i++)
        overrides[i] = request->overrides[i];
    char seed[DECIMAL_TEXT_SIZE];
    if (request->seed_count)
        overrides[count++] = (struct scenario_override){
            .path = "seed", .value = int128_format((int128)whole->seed, seed)};
    struct scenario_options options = {
        .overrides = overrides, .policy = request->policy, .bare = true, .memory = tune->memory};
    sweep_set_point(request->grid, point, overrides, &count, &options.policy);
    for (size_t i = request->override_count; i < count && path; i++) {
        if (strcmp(overrides[i].path, path) == 0)
            overrides[i].value = value;
    }
    options.override_count = count;
    int status = scenario_read(out_scenario, request->path, &options, err);
    free(overrides);
    return status;
}

/* `base` resolved, cut to the world unless that is NULL, and the point's values set upon it. */
static int cut(const struct tune *tune, size_t point, const struct tune_world *world,
               const struct scenario *base, struct scenario *out_scenario, bool *out_loads,
               struct error *err)
{
    const struct grid *grid = tune->request->grid;
    size_t most = WINDOW_OVERRIDES + grid_path_count(grid);
    struct scenario_override *overrides = memory_new(most, sizeof *overrides);
    struct window_texts texts;
    struct scenario_options options = {
        .overrides = overrides, .bare = true, .memory = tune->memory};
    if (world && !tune->request->in_sample) {
        window_overrides(&world->window, world->begin_s, &texts, overrides);
        options.override_count = WINDOW_OVERRIDES;
    }
    *out_loads = point != TUNE_NONE &&
                 sweep_set_point(grid, point, overrides, &options.override_count, &options.policy);
    int status = scenario_parse(out_scenario, base->file, tune->folder, base->resolved.data,
                                base->resolved.size, &options, err);
    free(overrides);
    return status;
}

/* Whether what the point sets has a say in what of the traces is loaded. */
static bool has_a_say(const struct tune *tune, size_t point)
{
    const struct grid *grid = tune->request->grid;
    struct scenario_override *overrides = memory_new(grid_path_count(grid), sizeof *overrides);
    const char *policy = NULL;
    size_t count = 0;
    bool loads = sweep_set_point(grid, point, overrides, &count, &policy);
    free(overrides);
    return loads;
}

static int parse(const struct tune *tune, size_t point, const struct tune_world *world,
                 struct scenario *out_scenario, bool *out_loads, struct error *err)
{
    const struct scenario *whole = whole_of(tune, world);
    if (!tune->follows || point == TUNE_NONE)
        return cut(tune, point, world, whole, out_scenario, out_loads, err);
    struct scenario set;
    int status = read_point(tune, point, whole, NULL, NULL, &set, err);
    if (status)
        return status;
    status = cut(tune, TUNE_NONE, world, &set, out_scenario, out_loads, err);
    scenario_clean_up(&set);
    *out_loads = has_a_say(tune, point);
    return status;
}

/* ---- what follows ------------------------------------------------------------------------------
 */

/* Whether the point is another where its values are set before the defaults are filled in. What
 * cannot be read is told when the points are checked. */
static bool is_another(const struct tune *tune, size_t point)
{
    const struct scenario *whole = &tune->scenarios[0];
    struct scenario before;
    struct scenario after;
    bool loads = false;
    if (read_point(tune, point, whole, NULL, NULL, &before, NULL))
        return false;
    bool another = cut(tune, point, NULL, whole, &after, &loads, NULL) != STATUS_OK;
    if (!another) {
        another = strcmp(before.resolved.data, after.resolved.data) != 0;
        scenario_clean_up(&after);
    }
    scenario_clean_up(&before);
    return another;
}

void tune_look_what_follows(struct tune *tune, size_t point)
{
    tune->follows = tune->follows || is_another(tune, point);
}

bool tune_takes(const struct tune *tune, size_t point, size_t d, const char *value)
{
    const char *path = tune->request->grid->dimensions[d].paths[0];
    struct scenario scenario;
    if (read_point(tune, point, &tune->scenarios[0], path, value, &scenario, NULL))
        return false;
    scenario_clean_up(&scenario);
    return true;
}

/* ---- a point, opened ---------------------------------------------------------------------------
 */

int tune_name_point(const struct tune *tune, size_t point, const struct tune_world *world,
                    struct error *err)
{
    struct text words = {0};
    grid_add_point(tune->request->grid, point, &words);
    char *name = window_name(&world->window);
    error_prefix(err, "--vary %s, %s", words.data, name);
    text_clean_up(&words);
    free(name);
    return err->status;
}

int tune_open_market(const struct tune *tune, const struct tune_world *world,
                     struct tune_market *out, struct error *err)
{
    bool loads = false;
    *out = (struct tune_market){.world = world};
    int status = parse(tune, TUNE_NONE, world, &out->unvaried, &loads, err);
    if (status)
        return status;
    status = scenario_load_traces(&out->unvaried, &out->traces, err);
    if (status)
        scenario_clean_up(&out->unvaried);
    else
        out->own = sweep_markets_new(false); /* no seed is varied */
    return status;
}

void tune_close_market(struct tune_market *market)
{
    sweep_markets_free(market->own);
    trace_set_clean_up(&market->traces);
    scenario_clean_up(&market->unvaried);
}

int tune_open(const struct tune *tune, size_t point, const struct tune_market *market,
              struct tune_opened *out, struct error *err)
{
    int status = parse(tune, point, market->world, &out->scenario, &out->owns, err);
    if (!status) {
        out->traces = &market->traces;
        out->owns = out->owns || !scenario_same_markets(&market->unvaried, &out->scenario);
        if (out->owns)
            status = sweep_markets_take(market->own, tune->request->grid, point, &out->scenario,
                                        &out->traces, err);
        if (status)
            scenario_clean_up(&out->scenario);
    }
    return status ? tune_name_point(tune, point, market->world, err) : status;
}

void tune_close(const struct tune_market *market, struct tune_opened *opened)
{
    if (opened->owns)
        sweep_markets_give_back(market->own, opened->traces);
    scenario_clean_up(&opened->scenario);
}

int tune_check_point(const struct tune *tune, size_t point, struct error *err)
{
    struct scenario scenario;
    bool loads = false;
    int status = parse(tune, point, &tune->worlds[0], &scenario, &loads, err);
    if (status)
        return tune_name_point(tune, point, &tune->worlds[0], err);
    scenario_clean_up(&scenario);
    return STATUS_OK;
}

/* ---- in words ---------------------------------------------------------------------------------
 */

void tune_add_varied(const struct tune *tune, size_t point, const struct tune_world *world,
                     struct text *out)
{
    const struct grid *grid = tune->request->grid;
    size_t most = 1 + WINDOW_OVERRIDES + grid_path_count(grid);
    struct scenario_override *overrides = memory_new(most, sizeof *overrides);
    struct window_texts texts;
    char seed[DECIMAL_TEXT_SIZE];
    size_t count = 0;
    if (world && !tune->request->in_sample) {
        window_overrides(&world->window, world->begin_s, &texts, overrides);
        count = WINDOW_OVERRIDES;
    }
    if (world && tune->request->seed_count)
        overrides[count++] = (struct scenario_override){
            .path = "seed", .value = int128_format((int128)world->seed, seed)};
    const char *policy = NULL;
    sweep_set_point(grid, point, overrides, &count, &policy);
    const char *comma = "{";
    if (policy) {
        text_add(out, "{\"policy\":");
        text_add_json_string(out, policy);
        comma = ",";
    }
    for (size_t i = 0; i < count; i++) {
        text_add(out, comma);
        text_add_json_string(out, overrides[i].path);
        text_add(out, ":");
        text_add_json_string(out, overrides[i].value);
        comma = ",";
    }
    text_add(out, "}");
    free(overrides);
}
