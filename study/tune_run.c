/* Every point in every world. */
#include "base/memory.h"
#include "base/parallel.h"
#include "sim/batch.h"
#include "study/sweep.h"
#include "study/tune.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* ---- the runs ---------------------------------------------------------------------------------
 */

static void name_run(const struct tune *tune, const struct scenario *scenario,
                     const struct trace_set *traces, char out_key[HASH_TEXT_SIZE])
{
    const struct run_identity identity = {.scenario_json = scenario->resolved.data,
                                          .policy = scenario->policy.name,
                                          .trace_hash = traces->hash,
                                          .demand_hash = scenario->demand_hash,
                                          .version = tune->request->version};
    results_key(&identity, out_key);
}

struct crew {
    struct tune *tune;
    const size_t *points;
    size_t world;
    struct tune_market market;
    struct sim_batch *batch; /* NULL: each point is run by itself */
    pthread_mutex_t taking;
};

static bool is_stopped(struct crew *crew)
{
    struct tune *tune = crew->tune;
    const struct tune_request *request = tune->request;
    pthread_mutex_lock(&crew->taking);
    tune->stopped = tune->stopped || (request->stopped && request->stopped(request->context));
    bool stopped = tune->stopped;
    pthread_mutex_unlock(&crew->taking);
    return stopped;
}

static void keep(struct tune *tune, size_t cell, const struct figures *figures)
{
    for (int f = 0; f < FIGURE_COUNT_OF_ALL; f++) {
        if (!tune->used[f])
            continue;
        tune->values[cell * tune->used_count + tune->used_at[f]] = figures->value[f];
        tune->known[cell * tune->used_count + tune->used_at[f]] = figures->known[f];
    }
}

static int simulate_point(const struct crew *crew, const struct scenario *scenario,
                          const struct trace_set *traces, struct figures *out, struct error *err)
{
    const struct sim_observer observer = {.stepping = crew->tune->request->stepping};
    if (!crew->batch)
        return simulate(scenario, traces, NULL, &observer, out, err);
    struct sim_batch_key shared;
    sim_batch_key_of(scenario, traces, &shared);
    return sim_batch_simulate(crew->batch, &shared, scenario, traces, out, err);
}

/* Look a run up, or make it and hand it over; whoever comes second with one key finds it. */
static int find_or_run(struct crew *crew, const struct scenario *scenario,
                       const struct trace_set *traces, const char *key, struct figures *out,
                       struct error *err)
{
    struct tune *tune = crew->tune;
    const struct tune_request *request = tune->request;
    bool found = false;
    pthread_mutex_lock(&crew->taking);
    int status = request->find(key, out, &found, request->context, err);
    pthread_mutex_unlock(&crew->taking);
    if (status || found)
        return status;
    *out = (struct figures){0};
    status = simulate_point(crew, scenario, traces, out, err);
    if (status)
        return status;
    struct figures other;
    pthread_mutex_lock(&crew->taking);
    status = request->find(key, &other, &found, request->context, err);
    if (!status && !found) {
        tune->computed++;
        status = request->take(key, out, request->context, err);
    }
    pthread_mutex_unlock(&crew->taking);
    return status;
}

static int run_point(size_t index, void *context, struct error *err)
{
    struct crew *crew = context;
    struct tune *tune = crew->tune;
    size_t point = crew->points[index];
    const struct tune_world *world = &tune->worlds[crew->world];
    size_t cell = point * tune->world_count + crew->world;
    if (is_stopped(crew))
        return STATUS_OK;
    struct tune_opened opened;
    int status = tune_open(tune, point, &crew->market, &opened, err);
    if (status)
        return status;
    struct figures figures;
    name_run(tune, &opened.scenario, opened.traces, tune->keys[cell]);
    if (opened.owns && !tune->own_traces[cell])
        tune->own_traces[cell] = memory_copy_text(opened.traces->hash);
    status = find_or_run(crew, &opened.scenario, opened.traces, tune->keys[cell], &figures, err);
    tune_close(&crew->market, &opened);
    if (status)
        return tune_name_point(tune, point, world, err);
    keep(tune, cell, &figures);
    return STATUS_OK;
}

static void tell(size_t done, void *context)
{
    const struct crew *crew = context;
    const struct tune *tune = crew->tune;
    if (tune->request->progress)
        tune->request->progress(tune->runs + done,
                                tune->world_count * tune->point_count - tune->skipped,
                                tune->request->context);
}

static int run_world(struct crew *crew, size_t count, struct error *err)
{
    struct tune *tune = crew->tune;
    struct tune_world *world = &tune->worlds[crew->world];
    int status = tune_open_market(tune, world, &crew->market, err);
    if (status)
        return status;
    tune->memory = scenario_memory_new();
    memcpy(world->trace_hash, crew->market.traces.hash, sizeof world->trace_hash);
    const struct parallel_work work = {.count = count,
                                       .threads = tune->request->threads,
                                       .context = crew,
                                       .piece = run_point,
                                       .progress = tell};
    if (count > 1 && !tune->request->stepping)
        crew->batch = sim_batch_new(SIM_BATCH_BYTES_MOST);
    status = parallel_run(&work, err);
    sim_batch_free(crew->batch);
    scenario_memory_free(tune->memory);
    tune->memory = NULL;
    tune_close_market(&crew->market);
    if (!status && !scenario_memory_is_current(tune->files))
        status = sweep_say_changed(tune->request->path, "tuning", err);
    return status;
}

int tune_run_world(struct tune *tune, size_t world, const size_t *points, size_t count,
                   struct error *err)
{
    struct crew crew = {.tune = tune,
                        .points = points,
                        .world = world,
                        .taking = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER};
    if (tune->stopped || count == 0)
        return STATUS_OK;
    int status = run_world(&crew, count, err);
    pthread_mutex_destroy(&crew.taking);
    tune->runs += count;
    return status;
}

static int run_all(struct tune *tune, size_t from, struct error *err)
{
    size_t count = tune->point_count - from;
    size_t *points = memory_new(count, sizeof *points);
    for (size_t i = 0; i < count; i++)
        points[i] = from + i;
    int status = STATUS_OK;
    for (size_t world = 0; world < tune->world_count && !status; world++)
        status = tune_run_world(tune, world, points, count, err);
    free(points);
    return status;
}

int tune_run_points(struct tune *tune, size_t from, struct error *err)
{
    size_t cells = tune->point_count * tune->world_count;
    size_t kept = cells * tune->used_count;
    tune->values = memory_resize(tune->values, kept, sizeof *tune->values);
    tune->known = memory_resize(tune->known, kept, sizeof *tune->known);
    tune->keys = memory_resize(tune->keys, cells, sizeof *tune->keys);
    tune->own_traces = memory_resize(tune->own_traces, cells, sizeof *tune->own_traces);
    while (tune->own_count < cells)
        tune->own_traces[tune->own_count++] = NULL;
    return tune->request->stop_early ? tune_race(tune, from, err) : run_all(tune, from, err);
}

const char *tune_trace_hash(const struct tune *tune, size_t point, size_t world)
{
    const char *own = tune->own_traces[point * tune->world_count + world];
    return own ? own : tune->worlds[world].trace_hash;
}

/* ---- what is refused ---------------------------------------------------------------------------
 */

static int check_point(size_t point, void *context, struct error *err)
{
    struct crew *crew = context;
    return is_stopped(crew) ? STATUS_OK : tune_check_point(crew->tune, point, err);
}

/* What cannot be is refused before the first run. */
static int check_points(struct tune *tune, struct error *err)
{
    struct crew crew = {.tune = tune, .taking = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER};
    const struct parallel_work work = {.count = tune->point_count,
                                       .threads = tune->request->threads,
                                       .context = &crew,
                                       .piece = check_point};
    int status = parallel_run(&work, err);
    pthread_mutex_destroy(&crew.taking);
    return status;
}

/* All of them, before the first run. */
static int look_at_points(struct tune *tune, struct error *err)
{
    tune->files = scenario_memory_new();
    tune->memory = tune->files;
    for (size_t i = 0; i < tune->point_count && !tune->follows; i++)
        tune_look_what_follows(tune, i);
    int status = check_points(tune, err);
    tune->memory = NULL;
    return status;
}

static void use_figures(struct tune *tune, const struct condition *sum)
{
    for (size_t i = 0; i < sum->count; i++) {
        if (sum->steps[i].kind == STEP_FIGURE)
            tune->used[sum->steps[i].figure] = true;
    }
}

/* Which figures are kept of each run. */
static void choose_figures(struct tune *tune)
{
    const struct tune_request *request = tune->request;
    for (size_t i = 0; i < request->objective_count; i++)
        use_figures(tune, &request->objectives[i]);
    for (size_t i = 0; i < request->limit_count; i++)
        use_figures(tune, &request->limits[i]);
    tune->used[FIGURE_cost_total_micro_usd] = true;
    tune->used[FIGURE_capacity_unfulfilled_unit_s] = true;
    for (int f = 0; f < FIGURE_COUNT_OF_ALL; f++)
        tune->used[f] = tune->used[f] || tune->still[f];
    for (int f = 0; f < FIGURE_COUNT_OF_ALL; f++) {
        if (tune->used[f])
            tune->used_at[f] = tune->used_count++;
    }
}

int tune_run(struct tune *out, const struct tune_request *request, struct error *err)
{
    *out = (struct tune){.request = request,
                         .best = TUNE_NONE,
                         .point_count = request->grid->point_count,
                         .grid_count = request->grid->point_count};
    int status = tune_may_narrow(request, err);
    if (!status)
        status = tune_plan(out, err);
    if (!status)
        status = tune_may_stop(out, err);
    choose_figures(out);
    if (!status)
        status = look_at_points(out, err);
    if (!status && !out->stopped)
        status = tune_run_points(out, 0, err);
    return status ? status : tune_narrow(out, err);
}

/* ---- the end ----------------------------------------------------------------------------------
 */

void tune_clean_up(struct tune *tune)
{
    for (size_t i = 0; i < tune->scenario_count; i++)
        scenario_clean_up(&tune->scenarios[i]);
    if (tune->parameters) {
        for (size_t d = 0; d < tune->request->grid->dimension_count; d++) {
            free(tune->parameters[d].as_good);
            free(tune->parameters[d].reach);
        }
    }
    for (size_t i = 0; i < tune->past_count; i++)
        free(tune->pasts[i].points);
    windows_clean_up(&tune->windows);
    free(tune->pasts);
    free(tune->scenarios);
    free(tune->folder);
    free(tune->worlds);
    free(tune->values);
    free(tune->known);
    free(tune->keys);
    for (size_t i = 0; i < tune->own_count; i++)
        free(tune->own_traces[i]);
    free(tune->own_traces);
    scenario_memory_free(tune->files);
    free(tune->stops);
    free(tune->still_values);
    free(tune->outcomes);
    free(tune->front);
    free(tune->walk.folds);
    free(tune->parameters);
    *tune = (struct tune){0};
}
