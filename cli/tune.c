/* ballast tune: the best point of a space, and whether it holds beyond where it was found. */
#include "tune.h"

#include "base/memory.h"
#include "commands.h"
#include "options.h"
#include "points_writer.h"
#include "progress.h"
#include "record/tunings.h"
#include "tune_asked.h"
#include "version.h"

#include <stdlib.h>
#include <string.h>

/* ---- the database -----------------------------------------------------------------------------
 */

/* The one writer, opened with the first run, so that what is refused leaves no file. */
struct store {
    const char *db;
    struct points_writer points;
    struct progress progress;
};

static int open_store(struct store *store, struct error *err)
{
    return store->points.results ? STATUS_OK
                                 : results_open(&store->points.results, store->db, true, err);
}

static int find(const char *key, struct figures *out_figures, bool *out_found, void *context,
                struct error *err)
{
    struct store *store = context;
    int status = open_store(store, err);
    return status ? status : points_find(store->points.results, key, out_figures, out_found, err);
}

static int take(const char *key, const struct figures *figures, void *context, struct error *err)
{
    struct store *store = context;
    return points_writer_add(&store->points, key, figures, err);
}

static void tell(size_t done, size_t count, void *context)
{
    struct store *store = context;
    store->progress.total = count;
    progress_show(&store->progress, done);
}

static void add_cell(const struct tune *tune, size_t cell, struct text *out)
{
    tune_add_varied(tune, cell / tune->world_count, &tune->worlds[cell % tune->world_count], out);
}

/* The SHA-256 of what the sweep lists. */
static void hash_list(const struct tune *tune, char out_key[HASH_TEXT_SIZE])
{
    struct hash *hash = hash_new();
    for (size_t i = 0; i < tune->point_count * tune->world_count; i++) {
        struct text varied = {0};
        if (!*tune->keys[i])
            continue;
        add_cell(tune, i, &varied);
        hash_add_string(hash, varied.data);
        hash_add_string(hash, tune->keys[i]);
        text_clean_up(&varied);
    }
    hash_finish(hash, out_key);
}

static int write_stops(const struct tune *tune, struct results *results, int64_t sweep,
                       struct error *err)
{
    int status = STATUS_OK;
    for (size_t i = 0; i < tune->point_count && tune->stops && !status; i++) {
        struct text varied = {0};
        const struct stopped_point stop = {.point = i,
                                           .runs = tune->stops[i].runs,
                                           .worlds = tune->world_count,
                                           .is_beaten = tune->stops[i].by != TUNE_NONE,
                                           .beaten_by = tune->stops[i].by};
        if (stop.runs == 0)
            continue;
        tune_add_varied(tune, i, NULL, &varied);
        status = points_add_stopped(results, sweep, &stop, varied.data, err);
        text_clean_up(&varied);
    }
    return status;
}

/* The traces of the runs that are listed. */
static int write_traces(const struct tune *tune, struct results *results, int64_t sweep,
                        struct error *err)
{
    const char *before = "";
    int status = STATUS_OK;
    for (size_t i = 0; i < tune->point_count * tune->world_count && !status; i++) {
        if (!*tune->keys[i])
            continue;
        const char *trace_hash =
            tune_trace_hash(tune, i / tune->world_count, i % tune->world_count);
        if (strcmp(trace_hash, before) != 0)
            status = points_add_traces(results, sweep, i, trace_hash, err);
        before = trace_hash;
    }
    return status;
}

/* All runs as one sweep: what was varied, and the key of each; and which points were stopped. */
static int write_list(const struct tune *tune, struct results *results, int64_t *out_sweep,
                      struct error *err)
{
    size_t count = tune->point_count * tune->world_count;
    char key[HASH_TEXT_SIZE];
    hash_list(tune, key);
    const struct sweep_identity identity = {.key = key,
                                            .version = version_number(),
                                            .name = tune->scenarios[0].name,
                                            .scenario_json = tune->scenarios[0].resolved.data};
    bool known = false;
    int status = points_begin(results, err);
    if (!status)
        status = points_add_sweep(results, &identity, out_sweep, &known, err);
    for (size_t i = 0; i < count && !status && !known; i++) {
        struct text varied = {0};
        if (!*tune->keys[i])
            continue;
        add_cell(tune, i, &varied);
        status = points_add_to_sweep(results, *out_sweep, i, varied.data, tune->keys[i], err);
        text_clean_up(&varied);
    }
    if (!status && !known)
        status = write_stops(tune, results, *out_sweep, err);
    if (!status)
        status = write_traces(tune, results, *out_sweep, err);
    return status ? status : points_commit(results, err);
}

/* What was asked of these runs, and what came of it. */
static int write_answer(const struct tune *tune, const struct tune_wanted *wanted,
                        struct results *results, int64_t sweep, struct error *err)
{
    const struct tune_request *request = tune->request;
    struct text minimize = {0};
    struct text subject_to = {0};
    struct text varied = {0};
    struct text beyond = {0};
    struct text why = {0};
    struct text walk = {0};
    for (size_t k = 0; k < request->objective_count; k++) {
        text_add(&minimize, k ? "," : "[");
        text_add_json_string(&minimize, wanted->names[k]);
    }
    text_add(&minimize, "]");
    text_add(&subject_to, "[");
    for (size_t k = 0; k < request->limit_count; k++) {
        text_add(&subject_to, k ? "," : "");
        text_add_json_string(&subject_to, request->limits[k].text);
    }
    text_add(&subject_to, "]");
    text_add(&beyond, "[");
    for (size_t i = 0; i < tune->front_count; i++) {
        if (!tune->outcomes[tune->front[i]].meets)
            text_addf(&beyond, "%s%zu", beyond.size > 1 ? "," : "", tune->front[i]);
    }
    text_add(&beyond, "]");
    if (tune->best != TUNE_NONE)
        tune_add_varied(tune, tune->best, NULL, &varied);
    bool none = tune_why_not(tune, &why);
    bool judged = tune_out_of_sample(tune, wanted->names, &walk);
    const struct stored_tuning stored = {.minimize = minimize.data,
                                         .subject_to = subject_to.data,
                                         .train = request->train,
                                         .windows = tune->windows.count,
                                         .seeds = tune->scenario_count,
                                         .episodes = tune->episodes,
                                         .has_best = tune->best != TUNE_NONE,
                                         .best = tune->best,
                                         .varied = varied.data,
                                         .beyond = beyond.data,
                                         .why_not = none ? why.data : NULL,
                                         .out_of_sample = judged ? walk.data : NULL};
    int status = points_begin(results, err);
    if (!status)
        status = tunings_add(results, sweep, &stored, err);
    text_clean_up(&minimize);
    text_clean_up(&subject_to);
    text_clean_up(&varied);
    text_clean_up(&beyond);
    text_clean_up(&why);
    text_clean_up(&walk);
    return status ? status : points_commit(results, err);
}

/* ---- the command ------------------------------------------------------------------------------
 */

static int say(const struct tune_asked *asked, const struct tune_wanted *wanted,
               const struct tune *tune, struct error *err)
{
    const struct tune_told told = {
        .tune = tune, .objectives = wanted->names, .db = asked->space.db};
    if (!asked->json) {
        tune_print(&told, stdout);
        return STATUS_OK;
    }
    struct text text = {0};
    tune_json(&told, &text);
    int status = text_status(&text, err);
    if (!status)
        fwrite(text.data, 1, text.size, stdout);
    text_clean_up(&text);
    return status;
}

static int tune(const struct tune_asked *asked, struct tune_wanted *wanted, struct error *err)
{
    struct tune tune;
    struct store store = {.db = asked->space.db, .progress = progress_begin("tune", 1)};
    int64_t sweep = 0;
    struct tune_request *request = &wanted->request;
    request->stopped = interrupts_pending;
    request->find = find;
    request->take = take;
    request->progress = tell;
    request->context = &store;
    int status = tune_run(&tune, request, err);
    progress_end(&store.progress);
    status = points_writer_end(&store.points, status, err);
    if (!status && tune.stopped)
        status = error_set(err, STATUS_FAILURE,
                           store.points.results ? "stopped: what was computed is in %s; the same "
                                                  "command goes on from there"
                                                : "stopped before the first run; %s was not made",
                           store.db);
    if (!status)
        status = write_list(&tune, store.points.results, &sweep, err);
    if (!status)
        status = tune_judge(&tune, err);
    if (!status)
        status = write_answer(&tune, wanted, store.points.results, sweep, err);
    if (!status)
        status = say(asked, wanted, &tune, err);
    if (!status && tune.best == TUNE_NONE)
        status = error_set(err, STATUS_CHECK_FAILED, "no point meets what --subject-to asks");
    results_close(store.points.results);
    tune_clean_up(&tune);
    return status;
}

static const struct command_help help = {
    .name = "tune",
    .arguments = "SCENARIO",
    .description =
        "Find the best point of a space, and whether it is more than luck: all points run in\n"
        "every window of the scenario's span; what was best in the windows before is judged on\n"
        "the next. Into one results database, on all cores; the same command goes on where it\n"
        "was stopped. Exit code 1: no point meets what --subject-to asks.",
    .min_arguments = 1,
    .max_arguments = 1,
};

static int run_tune(struct tune_asked *asked, const struct option_spec *specs, int argc,
                    char **argv)
{
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    interrupts_block();
    struct error err = {0};
    struct tune_wanted wanted = {0};
    status = tune_read_asked(asked, arguments.values[0], &wanted, &err);
    if (!status)
        status = tune(asked, &wanted, &err);
    tune_forget(&wanted);
    return command_close(&help, specs, &arguments, status, &err);
}

int command_tune(int argc, char **argv)
{
    struct tune_asked asked = {0};
    struct option_spec specs[TUNE_OPTIONS_MOST] = {0};
    tune_options(&asked, specs);
    return run_tune(&asked, specs, argc, argv);
}
