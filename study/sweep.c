#include "study/sweep.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "sim/sim.h"
#include "study/sweep_batches.h"
#include "study/sweep_markets.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* ---- one point --------------------------------------------------------------------------------
 */

struct opened {
    struct scenario scenario;
    const struct trace_set *own; /* held; NULL: the request's traces are its */
};

static void close_point(const struct sweep *sweep, struct opened *opened)
{
    if (opened->own)
        sweep_markets_give_back(sweep->markets, opened->own);
    scenario_clean_up(&opened->scenario);
}

/* The request's overrides, then the point's. The array is to be freed, what it names is not. */
static struct scenario_override *overrides_of(const struct sweep_request *request, size_t point,
                                              struct scenario_options *out_options)
{
    size_t count = request->override_count;
    struct scenario_override *all = memory_new(count + grid_path_count(request->grid), sizeof *all);
    for (size_t i = 0; i < count; i++)
        all[i] = request->overrides[i];
    *out_options = (struct scenario_options){.overrides = all, .policy = request->policy};
    sweep_set_point(request->grid, point, all, &count, &out_options->policy);
    out_options->override_count = count;
    return all;
}

static const struct trace_set *traces_of(const struct sweep *sweep, const struct opened *opened)
{
    return opened->own ? opened->own : sweep->request->traces;
}

/* The point's scenario; `known`: its key is known, and there is nothing to be compared with it. */
static int open_point(const struct sweep *sweep, size_t point, bool known, struct opened *out,
                      struct error *err)
{
    const struct sweep_request *request = sweep->request;
    struct scenario_options options;
    struct scenario_override *all = overrides_of(request, point, &options);
    options.memory = sweep->memory;
    options.bare = true;
    options.again = known;
    int status = scenario_read(&out->scenario, request->path, &options, err);
    free(all);
    if (!status && (sweep->loads || !scenario_same_markets(request->scenario, &out->scenario))) {
        status = sweep_markets_take(sweep->markets, request->grid, point, &out->scenario, &out->own,
                                    err);
        if (status)
            scenario_clean_up(&out->scenario);
    }
    return status;
}

static void key_of(const struct sweep *sweep, const struct opened *opened,
                   char out_key[HASH_TEXT_SIZE])
{
    const struct run_identity identity = {
        .scenario_json = opened->scenario.resolved.data,
        .policy = opened->scenario.policy.name,
        .trace_hash = traces_of(sweep, opened)->hash,
        .demand_hash = opened->scenario.demand_hash,
        .version = sweep->request->version,
    };
    results_key(&identity, out_key);
}

int sweep_say_changed(const char *path, const char *work, struct error *err)
{
    return error_set(err, STATUS_BAD_INPUT,
                     "%s: it, or a file it names, was changed while the %s ran: run the "
                     "command again",
                     path, work);
}

static int say_changed(const struct sweep_request *request, struct error *err)
{
    return sweep_say_changed(request->path, "sweep", err);
}

/* Put the point before the error's text. */
static int name_point(const struct sweep_request *request, size_t point, struct error *err)
{
    struct text words = {0};
    grid_add_point(request->grid, point, &words);
    error_prefix(err, "--vary %s", words.data);
    text_clean_up(&words);
    return err->status;
}

/* ---- before the first run ---------------------------------------------------------------------
 */

static int by_key(const void *a, const void *b, void *context)
{
    const struct sweep_point *points = context;
    size_t x = *(const size_t *)a;
    size_t y = *(const size_t *)b;
    int order = strcmp(points[x].key, points[y].key);
    return order ? order : (x > y) - (x < y);
}

/* Those who work on a sweep. */
struct crew {
    struct sweep *sweep;
    size_t *order;                /* in which points are checked */
    struct sim_batch_key *shared; /* of each point, while they are checked */
    struct sweep_pieces pieces;
    struct sim_batch *batch;
    size_t begun;           /* points that were opened again to be run, */
    size_t last;            /* and the last of them */
    pthread_mutex_t taking; /* also of sweep->stopped */
};

static bool is_stopped(struct crew *crew)
{
    struct sweep *sweep = crew->sweep;
    const struct sweep_request *request = sweep->request;
    pthread_mutex_lock(&crew->taking);
    sweep->stopped = sweep->stopped || (request->stopped && request->stopped(request->context));
    bool stopped = sweep->stopped;
    pthread_mutex_unlock(&crew->taking);
    return stopped;
}

static int check_one(size_t index, void *context, struct error *err)
{
    struct crew *crew = context;
    struct sweep *sweep = crew->sweep;
    size_t point = crew->order[index];
    struct opened opened = {0};
    if (is_stopped(crew))
        return STATUS_OK;
    int status = open_point(sweep, point, false, &opened, err);
    if (status)
        return name_point(sweep->request, point, err);
    key_of(sweep, &opened, sweep->points[point].key);
    sweep->points[point].settled = opened.scenario.is_kept && !opened.own;
    if (opened.own)
        sweep->points[point].trace_hash = memory_copy_text(opened.own->hash);
    sim_batch_key_of(&opened.scenario, traces_of(sweep, &opened), &crew->shared[point]);
    close_point(sweep, &opened);
    return STATUS_OK;
}

static void tell_checked(size_t done, void *context)
{
    const struct sweep_request *request = ((const struct crew *)context)->sweep->request;
    if (request->checked)
        request->checked(done, request->context);
}

/* The request's scenario was read before the memory was there. */
static int check_unvaried(const struct sweep *sweep, struct error *err)
{
    const struct sweep_request *request = sweep->request;
    const struct scenario_options options = {.overrides = request->overrides,
                                             .override_count = request->override_count,
                                             .policy = request->policy,
                                             .memory = sweep->memory,
                                             .bare = true};
    struct scenario scenario;
    int status = scenario_read(&scenario, request->path, &options, err);
    if (status)
        return status;
    if (strcmp(scenario.resolved.data, request->scenario->resolved.data) != 0)
        status = say_changed(request, err);
    scenario_clean_up(&scenario);
    return status;
}

int sweep_check(struct sweep *out_sweep, const struct sweep_request *request, struct error *err)
{
    size_t count = request->grid->point_count;
    bool drawn = sweep_markets_drawn(request->grid, request->scenario);
    *out_sweep = (struct sweep){.request = request,
                                .count = count,
                                .memory = scenario_memory_new(),
                                .markets = sweep_markets_new(drawn),
                                .loads = sweep_markets_vary(request->grid, drawn)};
    out_sweep->points = memory_new(count, sizeof *out_sweep->points);
    out_sweep->order = memory_new(count, sizeof *out_sweep->order);
    struct crew crew = {.sweep = out_sweep,
                        .order = sweep_markets_order(request->grid, drawn),
                        .shared = memory_new(count, sizeof *crew.shared),
                        .taking = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER};
    const struct parallel_work work = {.count = count,
                                       .threads = request->threads,
                                       .context = &crew,
                                       .piece = check_one,
                                       .progress = tell_checked};
    int status = check_unvaried(out_sweep, err);
    if (!status)
        status = parallel_run(&work, err);
    pthread_mutex_destroy(&crew.taking);
    if (!status && !out_sweep->stopped)
        sweep_number(out_sweep->points, crew.shared, count);
    free(crew.shared);
    free(crew.order);
    if (status || out_sweep->stopped)
        return status;
    for (size_t i = 0; i < count; i++)
        out_sweep->order[i] = i;
    struct sweep_point *points = out_sweep->points;
    for (size_t i = 0; i < count; i++)
        points[i].skip = i % request->shards != request->shard;
    qsort_r(out_sweep->order, count, sizeof *out_sweep->order, by_key, points);
    for (size_t i = 1; i < count; i++) {
        const size_t *at = &out_sweep->order[i];
        points[at[0]].skip |= strcmp(points[at[-1]].key, points[at[0]].key) == 0;
    }
    return STATUS_OK;
}

/* ---- the runs ---------------------------------------------------------------------------------
 */

static int simulate_point(struct crew *crew, size_t point, const struct opened *opened,
                          bool batched, struct figures *out_figures, struct error *err)
{
    const struct sweep *sweep = crew->sweep;
    const struct trace_set *traces = traces_of(sweep, opened);
    const struct sim_observer observer = {.stepping = sweep->request->stepping};
    if (!batched || observer.stepping)
        return simulate(&opened->scenario, traces, NULL, &observer, out_figures, err);
    /* What has one number had one key when it was checked. */
    struct sim_batch_key shared = {.possible = true};
    int128_format((int128)sweep->points[point].fleet, shared.fleet);
    int128_format((int128)sweep->points[point].windows, shared.windows);
    int128_format((int128)sweep->points[point].needs, shared.needs);
    return sim_batch_simulate(crew->batch, &shared, &opened->scenario, traces, out_figures, err);
}

/* A point is begun: is it time to look at the files again? The end is another. */
static bool begin(struct crew *crew, size_t point)
{
    enum { LOOK_EVERY = 32 };
    pthread_mutex_lock(&crew->taking);
    crew->last = point;
    bool due = ++crew->begun % LOOK_EVERY == 0;
    pthread_mutex_unlock(&crew->taking);
    return due;
}

static bool has_changed(struct crew *crew, size_t point, const struct opened *opened)
{
    const struct sweep *sweep = crew->sweep;
    char key[HASH_TEXT_SIZE];
    if (begin(crew, point) && !scenario_memory_is_current(sweep->memory))
        return true;
    if (sweep->points[point].settled)
        return false;
    key_of(sweep, opened, key);
    return strcmp(key, sweep->points[point].key) != 0;
}

static int run_point(struct crew *crew, size_t point, bool batched, struct error *err)
{
    struct sweep *sweep = crew->sweep;
    const struct sweep_request *request = sweep->request;
    struct opened opened = {0};
    int status = open_point(sweep, point, sweep->points[point].settled, &opened, err);
    if (status)
        return name_point(request, point, err);
    struct figures figures = {0};
    if (has_changed(crew, point, &opened))
        status = say_changed(request, err);
    else
        status = simulate_point(crew, point, &opened, batched, &figures, err);
    close_point(sweep, &opened);
    if (status)
        return name_point(request, point, err);
    pthread_mutex_lock(&crew->taking);
    status = request->take(point, &figures, request->context, err);
    pthread_mutex_unlock(&crew->taking);
    return status;
}

static int run_piece(size_t index, void *context, struct error *err)
{
    struct crew *crew = context;
    const struct sweep_piece *piece = &crew->pieces.list[index];
    int status = STATUS_OK;
    for (size_t i = 0; i < piece->count && !status && !is_stopped(crew); i++)
        status = run_point(crew, crew->pieces.points[piece->first + i], piece->batched, err);
    return status;
}

int sweep_run(struct sweep *sweep, struct error *err)
{
    struct crew crew = {.sweep = sweep,
                        .batch = sim_batch_new(SIM_BATCH_BYTES_MOST),
                        .taking = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER};
    sweep_pieces_make(&crew.pieces, sweep);
    const struct parallel_work work = {.count = crew.pieces.count,
                                       .threads = sweep->request->threads,
                                       .context = &crew,
                                       .piece = run_piece};
    int status = work.count ? parallel_run(&work, err) : STATUS_OK;
    if (!status && !scenario_memory_is_current(sweep->memory)) {
        status = say_changed(sweep->request, err);
        if (crew.begun)
            status = name_point(sweep->request, crew.last, err);
    }
    pthread_mutex_destroy(&crew.taking);
    sweep_pieces_clean_up(&crew.pieces);
    sim_batch_free(crew.batch);
    return status;
}

/* ---- what it is known by ----------------------------------------------------------------------
 */

const char *sweep_trace_hash(const struct sweep *sweep, size_t point)
{
    const char *own = sweep->points[point].trace_hash;
    return own ? own : sweep->request->traces->hash;
}

void sweep_key(const struct sweep *sweep, char out_key[HASH_TEXT_SIZE])
{
    struct hash *hash = hash_new();
    for (size_t i = 0; i < sweep->count; i++) {
        struct text varied = {0};
        sweep_add_varied(sweep, i, &varied);
        hash_add_string(hash, varied.data);
        hash_add_string(hash, sweep->points[i].key);
        text_clean_up(&varied);
    }
    hash_finish(hash, out_key);
}

void sweep_clean_up(struct sweep *sweep)
{
    for (size_t i = 0; i < sweep->count && sweep->points; i++)
        free(sweep->points[i].trace_hash);
    free(sweep->points);
    free(sweep->order);
    scenario_memory_free(sweep->memory);
    sweep_markets_free(sweep->markets);
    *sweep = (struct sweep){0};
}
