#include "suite.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "overrides.h"
#include "progress.h"
#include "trials.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* One world of one item. */
struct piece {
    struct suite_item *item;
    size_t world;
};

struct crew {
    struct piece *pieces;
    size_t count;
    const struct session_options *options;
    struct progress progress;
    pthread_mutex_t reading; /* the parser of JSON keeps the place of its last error in a global */
};

static int run_own(struct suite_item *item, struct error *err)
{
    item->calls.policy = item->session.scenario.policy.policy;
    const struct record_sink sink = calls_made_sink(&item->calls);
    return simulate(&item->session.scenario, &item->session.traces, &sink, NULL, &item->worlds[0],
                    err);
}

/* The scenario read anew with another seed, from which all that is drawn follows. */
static int read_seed(const struct suite_item *item, const struct session_options *options,
                     size_t world, struct scenario *out_scenario, struct error *err)
{
    char seed[24];
    struct overrides overrides;
    snprintf(seed, sizeof seed, "%" PRIu64, item->session.scenario.seed + world);
    int status = overrides_read(&overrides, options->set, options->no_interruptions, err);
    if (!status) {
        overrides.items =
            memory_resize(overrides.items, overrides.count + 1, sizeof *overrides.items);
        overrides.items[overrides.count] =
            (struct scenario_override){memory_copy_text("seed"), seed};
        overrides.count++;
        const struct scenario_options read = {.overrides = overrides.items,
                                              .override_count = overrides.count,
                                              .policy = options->policy};
        status = scenario_read(out_scenario, item->file, &read, err);
    }
    overrides_clean_up(&overrides);
    return status;
}

static int run_seed(struct crew *crew, struct suite_item *item, size_t world, struct error *err)
{
    struct scenario scenario;
    struct trace_set traces;
    pthread_mutex_lock(&crew->reading);
    int status = read_seed(item, crew->options, world, &scenario, err);
    pthread_mutex_unlock(&crew->reading);
    if (status)
        return status;
    status = scenario_load_traces(&scenario, &traces, err);
    if (!status) {
        status = simulate(&scenario, &traces, NULL, NULL, &item->worlds[world], err);
        trace_set_clean_up(&traces);
    }
    scenario_clean_up(&scenario);
    return status;
}

static int run_piece(size_t index, void *context, struct error *err)
{
    struct crew *crew = context;
    const struct piece *piece = &crew->pieces[index];
    return piece->world == 0 ? run_own(piece->item, err)
                             : run_seed(crew, piece->item, piece->world, err);
}

static void tell(size_t done, void *context)
{
    struct crew *crew = context;
    progress_show(&crew->progress, done);
}

static int run_all(struct suite *suite, const struct suite_request *request, size_t threads,
                   struct error *err)
{
    struct crew crew = {.options = request->options,
                        .reading = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER};
    size_t capacity = 0;
    for (size_t i = 0; i < suite->count; i++) {
        for (size_t world = 0; world < suite->items[i].world_count; world++)
            ARRAY_PUSH(crew.pieces, crew.count, capacity,
                       ((struct piece){&suite->items[i], world}));
    }
    crew.progress = progress_begin(request->command, crew.count);
    const struct parallel_work work = {.count = crew.count,
                                       .threads = threads,
                                       .context = &crew,
                                       .piece = run_piece,
                                       .progress = tell};
    int status = parallel_run(&work, err);
    progress_end(&crew.progress);
    pthread_mutex_destroy(&crew.reading);
    free(crew.pieces);
    return status;
}

static int open_item(struct suite *suite, const struct suite_request *request, const char *file,
                     struct error *err)
{
    struct suite_item *item = &suite->items[suite->count++];
    *item = (struct suite_item){.file = file};
    int status = session_open(&item->session, file, request->options, err);
    item->open = !status;
    if (status)
        return status;
    const struct scenario *scenario = &item->session.scenario;
    for (size_t i = 0; i + 1 < suite->count; i++) {
        if (strcmp(suite->items[i].session.scenario.name, scenario->name) == 0)
            return error_set(err, STATUS_BAD_INPUT,
                             "%s and %s are both named \"%s\": a baseline knows scenarios by name",
                             suite->items[i].file, file, scenario->name);
    }
    item->world_count = gate_worlds(scenario);
    if (item->world_count > 1 && strcmp(file, "-") == 0)
        return error_set(err, STATUS_BAD_INPUT,
                         "a scenario with gates over seeds is read several times: give it as a "
                         "file, not on standard input");
    item->worlds = memory_new(item->world_count, sizeof *item->worlds);
    return STATUS_OK;
}

int suite_run(struct suite *out_suite, const struct suite_request *request, struct error *err)
{
    size_t threads = 0;
    *out_suite =
        (struct suite){.items = memory_new(request->scenarios->count, sizeof(struct suite_item))};
    int status = trials_threads(request->threads, &threads, err);
    for (size_t i = 0; i < request->scenarios->count && !status; i++)
        status = open_item(out_suite, request, request->scenarios->values[i], err);
    return status ? status : run_all(out_suite, request, threads, err);
}

void suite_clean_up(struct suite *suite)
{
    for (size_t i = 0; i < suite->count; i++) {
        if (suite->items[i].open)
            session_close(&suite->items[i].session);
        free(suite->items[i].worlds);
        calls_made_clean_up(&suite->items[i].calls);
    }
    free(suite->items);
    *suite = (struct suite){0};
}

struct gate_run suite_gate_run(const struct suite_item *item)
{
    return (struct gate_run){.file = item->file,
                             .scenario = &item->session.scenario,
                             .worlds = item->worlds,
                             .world_count = item->world_count,
                             .calls = item->calls};
}
