/* ballast sweep: every point of a space, into one results database. */
#include "sweep.h"

#include "base/memory.h"
#include "commands.h"
#include "overrides.h"
#include "points_writer.h"
#include "progress.h"
#include "record/points.h"
#include "shard.h"
#include "shared_options.h"
#include "show.h"
#include "space.h"
#include "trials.h"
#include "version.h"

#include <stdlib.h>
#include <string.h>

struct asked {
    struct space_options space;
    const char *threads;
    const char *shard;
    struct option_list set;
    struct session_options session;
    bool json;
};

/* The one writer. */
struct writer {
    struct points_writer points;
    struct front_item *outcomes;
    struct progress progress;
    size_t done; /* computed and handed over */
    int128 best; /* least cost so far, once there are `words` of it */
    char words[SHOW_SIZE + 8];
};

/* ---- writing ----------------------------------------------------------------------------------
 */

static void note_outcome(struct front_item *outcome, const struct figures *figures)
{
    outcome->cost_micro_usd = figures->value[FIGURE_cost_total_micro_usd];
    outcome->unfulfilled_micro_unit_s = figures->value[FIGURE_capacity_unfulfilled_unit_s];
}

static void note_best(struct writer *writer, int128 cost_micro_usd)
{
    char usd[SHOW_SIZE];
    if (writer->words[0] && cost_micro_usd >= writer->best)
        return;
    writer->best = cost_micro_usd;
    snprintf(writer->words, sizeof writer->words, "%s USD", show_usd(writer->best, usd));
}

static int take(const struct sweep *sweep, struct writer *writer, size_t point,
                const struct figures *figures, struct error *err)
{
    struct front_item *outcome = &writer->outcomes[point];
    note_outcome(outcome, figures);
    int status = points_writer_add(&writer->points, sweep->points[point].key, figures, err);
    note_best(writer, outcome->cost_micro_usd);
    progress_show(&writer->progress, ++writer->done);
    return status;
}

struct crew {
    struct sweep sweep;
    struct writer writer;
};

static int take_point(size_t point, const struct figures *figures, void *context, struct error *err)
{
    struct crew *crew = context;
    return take(&crew->sweep, &crew->writer, point, figures, err);
}

static void tell_checked(size_t done, void *context)
{
    struct crew *crew = context;
    progress_show(&crew->writer.progress, done);
}

/* The sweep's list of points, in one transaction. */
static int write_sweep(const struct sweep *sweep, const struct session *session,
                       struct results *results, struct error *err)
{
    char key[HASH_TEXT_SIZE];
    sweep_key(sweep, key);
    const struct sweep_identity identity = {.key = key,
                                            .version = version_number(),
                                            .name = session->scenario.name,
                                            .scenario_json = session->scenario.resolved.data};
    int64_t number = 0;
    bool known = false;
    int status = points_begin(results, err);
    if (!status)
        status = points_add_sweep(results, &identity, &number, &known, err);
    for (size_t i = 0; i < sweep->count && !status && !known; i++) {
        struct text varied = {0};
        sweep_add_varied(sweep, i, &varied);
        status = points_add_to_sweep(results, number, i, varied.data, sweep->points[i].key, err);
        text_clean_up(&varied);
    }
    const char *before = "";
    for (size_t i = 0; i < sweep->count && !status; i++) {
        const char *trace_hash = sweep_trace_hash(sweep, i);
        if (strcmp(trace_hash, before) != 0)
            status = points_add_traces(results, number, i, trace_hash, err);
        before = trace_hash;
    }
    return status ? status : points_commit(results, err);
}

/* What is in the database need not be computed. Of points with one key the first stands for all. */
static int find_known(struct crew *crew, size_t *out_todo, struct error *err)
{
    struct results *results = crew->writer.points.results;
    *out_todo = 0;
    /* In one transaction: each by itself would lock the file anew. */
    int status = points_begin(results, err);
    for (size_t i = 0; i < crew->sweep.count && !status; i++) {
        struct sweep_point *point = &crew->sweep.points[i];
        struct figures figures;
        bool found = false;
        status = points_find(results, point->key, &figures, &found, err);
        if (found) {
            point->skip = true;
            note_outcome(&crew->writer.outcomes[i], &figures);
            note_best(&crew->writer, crew->writer.outcomes[i].cost_micro_usd);
        }
        *out_todo += !point->skip;
    }
    return status ? status : points_commit(results, err);
}

static void fill_repeated(struct crew *crew)
{
    const struct sweep *sweep = &crew->sweep;
    for (size_t i = 1; i < sweep->count; i++) {
        size_t before = sweep->order[i - 1];
        size_t at = sweep->order[i];
        if (strcmp(sweep->points[before].key, sweep->points[at].key) == 0)
            crew->writer.outcomes[at] = crew->writer.outcomes[before];
    }
}

/* ---- the command ------------------------------------------------------------------------------
 */

static int say_stopped(const struct asked *asked, size_t left, struct error *err)
{
    return error_set(err, STATUS_FAILURE,
                     "stopped: %zu points are left, what was computed is in %s; the same command "
                     "goes on from there",
                     left, asked->space.db);
}

static int end(struct crew *crew, const struct asked *asked, const struct session *session,
               const struct grid *grid, struct error *err)
{
    const struct sweep_outcomes outcomes = {.sweep = &crew->sweep,
                                            .grid = grid,
                                            .items = crew->writer.outcomes,
                                            .db = asked->space.db,
                                            .name = session->scenario.name,
                                            .computed = crew->writer.done};
    if (crew->sweep.request->shards > 1) {
        sweep_print_shard(&outcomes, asked->json, stdout);
        return STATUS_OK;
    }
    fill_repeated(crew);
    if (asked->json)
        return sweep_json(&outcomes, crew->writer.points.results, stdout, err);
    sweep_print(&outcomes, stdout);
    return STATUS_OK;
}

static int run_all(struct crew *crew, const struct asked *asked, const struct session *session,
                   const struct sweep_request *request, struct error *err)
{
    struct writer *writer = &crew->writer;
    size_t todo = 0;
    writer->progress = progress_begin("sweep", request->grid->point_count);
    writer->progress.units = "points read";
    int status = sweep_check(&crew->sweep, request, err);
    progress_end(&writer->progress);
    if (!status && crew->sweep.stopped)
        return error_set(err, STATUS_FAILURE, "stopped before the first run; nothing was written");
    if (!status)
        sweep_warn_of_market(request->scenario, request->grid);
    if (!status)
        status = results_open(&writer->points.results, asked->space.db, true, err);
    if (!status)
        status = write_sweep(&crew->sweep, session, writer->points.results, err);
    writer->outcomes = memory_new(crew->sweep.count, sizeof *writer->outcomes);
    if (!status)
        status = find_known(crew, &todo, err);
    if (status)
        return status;
    writer->progress = progress_begin("sweep", todo);
    writer->progress.best = writer->words;
    status = sweep_run(&crew->sweep, err);
    progress_end(&writer->progress);
    /* What is computed is kept also where a point failed. */
    status = points_writer_end(&writer->points, status, err);
    if (!status && crew->sweep.stopped)
        status = say_stopped(asked, todo - writer->done, err);
    return status ? status : end(crew, asked, session, request->grid, err);
}

static int sweep(const struct asked *asked, const char *path, const struct grid *grid,
                 size_t threads, const struct shard *shard, struct error *err)
{
    struct session session;
    struct overrides overrides;
    struct crew crew = {0};
    int status = overrides_read(&overrides, &asked->set, asked->session.no_interruptions, err);
    if (!status)
        status = session_open(&session, path, &asked->session, err);
    if (!status) {
        const struct sweep_request request = {.path = path,
                                              .overrides = overrides.items,
                                              .override_count = overrides.count,
                                              .policy = asked->session.policy,
                                              .grid = grid,
                                              .scenario = &session.scenario,
                                              .traces = &session.traces,
                                              .version = version_number(),
                                              .stepping = asked->session.stepping,
                                              .threads = threads,
                                              .shard = shard->index,
                                              .shards = shard->count,
                                              .stopped = interrupts_pending,
                                              .checked = tell_checked,
                                              .take = take_point,
                                              .context = &crew};
        status = run_all(&crew, asked, &session, &request, err);
        results_close(crew.writer.points.results);
        free(crew.writer.outcomes);
        sweep_clean_up(&crew.sweep);
        session_close(&session);
    }
    overrides_clean_up(&overrides);
    return status;
}

static const char *variable(const char *name, void *context)
{
    (void)context;
    return getenv(name);
}

/* In an array job where nobody gave --shard: what is computed, and by whose number. */
static void tell_array(const struct shard *shard, const char *db, size_t points)
{
    if (shard->taken)
        fprintf(stderr,
                "ballast sweep: %s=%zu: shard %zu of %zu, into %s; --shard 1/1 computes all %zu "
                "points\n",
                shard->array, shard->task, shard->index + 1, shard->count, db, points);
    else if (shard->array)
        fprintf(stderr,
                "ballast sweep: warning: %s is set, but not of how many tasks (BALLAST_SHARDS, or "
                "--shard auto/n): each computes all %zu points\n",
                shard->array, points);
}

static int prepare(struct asked *asked, const char *path, struct error *err)
{
    struct grid grid = {0};
    struct text db = {0};
    size_t threads = 0;
    struct shard shard;
    int status = trials_threads(asked->threads, &threads, err);
    if (!status)
        status = shard_read(asked->shard, variable, NULL, &shard, err);
    if (!status)
        status = space_read(&grid, &asked->space, path, err);
    if (!status && shard.taken) {
        shard_database(&shard, asked->space.db, &db);
        status = text_status(&db, err);
        asked->space.db = db.data;
    }
    if (!status) {
        tell_array(&shard, asked->space.db, grid.point_count);
        status = sweep(asked, path, &grid, threads, &shard, err);
    }
    text_clean_up(&db);
    grid_clean_up(&grid);
    return status;
}

int command_sweep(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "sweep",
        .arguments = "SCENARIO",
        .description =
            "Run every point of a space into one results database, on all cores. A point that is\n"
            "in the database is not computed again: a sweep that was stopped or killed goes on\n"
            "where it was when the same command is given.",
        .min_arguments = 1,
        .max_arguments = 1,
    };
    struct asked asked = {0};
    asked.session.set = &asked.set;
    const struct option_spec specs[] = {
        {.name = "vary",
         .placeholder = "PATH=VALUES",
         .help = "a dimension: a,b,c or from:to:step or log:from:to:count; PATH as --set takes "
                 "it, or policy; P,Q=a..x,b..y varies two together",
         .list = &asked.space.vary},
        OPTION_POINTS_DB(&asked.space.db),
        OPTION_POINTS_SAMPLE(&asked.space.sample),
        OPTION_POINTS_SAMPLE_SEED(&asked.space.sample_seed),
        {.name = "shard",
         .placeholder = "i/n",
         .help = "part i of n, to be joined by ballast merge; auto/n or auto: a task's own in an "
                 "array job of Slurm, AWS Batch or Kubernetes, which it takes by itself; 1/1: all",
         .value = &asked.shard},
        OPTION_POINTS_POLICY(&asked.session.policy),
        OPTION_POINTS_SET(&asked.set),
        OPTION_NO_INTERRUPTIONS(&asked.session.no_interruptions),
        OPTION_THREADS(&asked.threads),
        OPTION_POINTS_STEPPING(&asked.session.stepping),
        OPTION_JSON(&asked.json),
        {0},
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    interrupts_block();
    struct error err = {0};
    status = prepare(&asked, arguments.values[0], &err);
    return command_close(&help, specs, &arguments, status, &err);
}
