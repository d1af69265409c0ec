/* ballast tune: the best point of a space, and whether it holds beyond where it was found. */
#include "tune.h"

#include "base/memory.h"
#include "commands.h"
#include "options.h"
#include "overrides.h"
#include "points_writer.h"
#include "progress.h"
#include "space.h"
#include "trials.h"
#include "version.h"
#include "worlds.h"

#include <stdlib.h>
#include <string.h>

enum { LIMITS_MOST = 16, BOOTSTRAP_DEFAULT = 1000, BOOTSTRAP_MOST = 100000, NARROW_MOST = 40 };

struct asked {
    struct space_options space;
    const char *threads;
    const char *shortfall_cost;
    const char *windows;
    const char *lead;
    const char *train;
    const char *seeds;
    const char *bootstrap;
    const char *bootstrap_seed;
    const char *narrow;
    const char *stop_early;
    const char *policy;
    struct option_list set;
    struct option_list minimize;
    struct option_list limits;
    bool no_interruptions;
    bool in_sample;
    bool stepping;
    bool json;
};

/* What was asked for, read. */
struct wanted {
    struct condition objectives[TUNE_OBJECTIVES_MOST];
    const char *names[TUNE_OBJECTIVES_MOST];
    struct condition limits[LIMITS_MOST];
    char *shortfall_name;
    struct grid grid;
    struct overrides overrides;
    struct tune_request request;
};

/* ---- options ----------------------------------------------------------------------------------
 */

/* One figure in money: what is paid, and what each unit-hour that nobody served is worth. */
static int read_shortfall_cost(const char *text, struct wanted *wanted, struct error *err)
{
    int64_t micro_usd = 0;
    enum decimal_result result = decimal_parse(text, strlen(text), &micro_usd);
    if (result || micro_usd < 0)
        return error_set(err, STATUS_BAD_INPUT,
                         "--shortfall-cost %s: write USD for each unit-hour that nobody serves, "
                         "such as 0.5",
                         text);
    char *sum = memory_format("cost.total_micro_usd + capacity.unfulfilled_unit_s * %lld / 3600",
                              (long long)micro_usd);
    int status = condition_parse_sum(&wanted->objectives[0], sum, err);
    free(sum);
    wanted->shortfall_name =
        memory_format("cost.total_micro_usd + %s USD per unfulfilled unit-hour", text);
    wanted->names[0] = wanted->shortfall_name;
    wanted->request.objective_count += !status;
    return status;
}

static int read_objectives(const struct asked *asked, struct wanted *wanted, struct error *err)
{
    const struct option_list *list = &asked->minimize;
    if ((list->count > 0) == (asked->shortfall_cost != NULL))
        return error_set(err, STATUS_BAD_INPUT,
                         "say what is best: --minimize SUM, such as cost.total_micro_usd, or "
                         "--shortfall-cost USD; one of them");
    if (asked->shortfall_cost)
        return read_shortfall_cost(asked->shortfall_cost, wanted, err);
    if (list->count > TUNE_OBJECTIVES_MOST)
        return error_set(err, STATUS_BAD_INPUT, "--minimize: at most %d objectives",
                         TUNE_OBJECTIVES_MOST);
    for (size_t i = 0; i < list->count; i++) {
        int status = condition_parse_sum(&wanted->objectives[i], list->values[i], err);
        if (status)
            return error_prefix(err, "--minimize %s", list->values[i]);
        wanted->names[i] = list->values[i];
        wanted->request.objective_count++;
    }
    return STATUS_OK;
}

static int read_limits(const struct asked *asked, struct wanted *wanted, struct error *err)
{
    if (asked->limits.count > LIMITS_MOST)
        return error_set(err, STATUS_BAD_INPUT, "--subject-to: at most %d conditions", LIMITS_MOST);
    for (size_t i = 0; i < asked->limits.count; i++) {
        const char *text = asked->limits.values[i];
        struct condition *limit = &wanted->limits[i];
        int status = condition_parse(limit, text, err);
        wanted->request.limit_count += !status;
        if (!status && condition_uses_baseline(limit))
            status = error_set(err, STATUS_BAD_INPUT, "there is no baseline here");
        if (status)
            return error_prefix(err, "--subject-to %s", text);
    }
    return STATUS_OK;
}

/* NULL leaves what is there. */
static int read_whole(const char *option, const char *text, uint64_t least, uint64_t most,
                      uint64_t *out, struct error *err)
{
    if (!text)
        return STATUS_OK;
    char *after = NULL;
    uint64_t value = strtoull(text, &after, 10);
    if (text[0] < '0' || text[0] > '9' || *after || strlen(text) > 17 || value < least ||
        value > most)
        return error_set(err, STATUS_BAD_INPUT, "--%s %s: write a whole number, %llu to %llu",
                         option, text, (unsigned long long)least, (unsigned long long)most);
    *out = value;
    return STATUS_OK;
}

static int read_stop_early(const char *text, enum tune_stop_early *out, struct error *err)
{
    *out = TUNE_STOP_NOT;
    if (text && strcmp(text, "best") == 0)
        *out = TUNE_STOP_BEST;
    else if (text && strcmp(text, "front") == 0)
        *out = TUNE_STOP_FRONT;
    else if (text)
        return error_set(err, STATUS_BAD_INPUT,
                         "--stop-early %s: write best or front: what is to stay the same", text);
    return STATUS_OK;
}

static int read_worlds(const struct asked *asked, struct tune_request *request, struct error *err)
{
    if (asked->in_sample && (asked->windows || asked->lead || asked->train))
        return error_set(err, STATUS_BAD_INPUT,
                         "--in-sample makes no windows: --windows, --lead and --train are not for "
                         "it");
    request->in_sample = asked->in_sample;
    int status =
        worlds_read_windows(asked->windows ? asked->windows : "week", &request->window_s, err);
    if (!status)
        status = worlds_read_lead(asked->lead, &request->lead_s, err);
    if (!status)
        status = worlds_read_seeds(asked->seeds, &request->seed_from, &request->seed_count, err);
    uint64_t train = 0;
    if (!status)
        status = read_whole("train", asked->train, 1, 100000, &train, err);
    request->train = (size_t)train;
    uint64_t bootstrap = BOOTSTRAP_DEFAULT;
    request->bootstrap_seed = 1;
    if (!status)
        status = read_whole("bootstrap", asked->bootstrap, 0, BOOTSTRAP_MOST, &bootstrap, err);
    if (!status)
        status = read_whole("bootstrap-seed", asked->bootstrap_seed, 0, UINT64_C(1) << 53,
                            &request->bootstrap_seed, err);
    request->bootstrap = (size_t)bootstrap;
    uint64_t narrow = 0;
    if (!status)
        status = read_whole("narrow", asked->narrow, 0, NARROW_MOST, &narrow, err);
    request->narrow = (size_t)narrow;
    return status ? status : read_stop_early(asked->stop_early, &request->stop_early, err);
}

/* What the windows and seeds set cannot be varied. */
static int check_grid(const struct grid *grid, struct error *err)
{
    static const char *const taken[] = {"from", "to", "measure", "measure.from", "measure.to"};
    for (size_t d = 0; d < grid->dimension_count; d++) {
        for (size_t p = 0; p < grid->dimensions[d].path_count; p++) {
            const char *path = grid->dimensions[d].paths[p];
            for (size_t i = 0; i < ARRAY_LENGTH(taken); i++) {
                if (strcmp(path, taken[i]) == 0)
                    return error_set(err, STATUS_BAD_INPUT,
                                     "--vary %s: the span is not a choice: points are judged over "
                                     "the same windows of it",
                                     path);
            }
            if (strcmp(path, "seed") == 0)
                return error_set(err, STATUS_BAD_INPUT,
                                 "--vary seed: luck is not a choice: --seeds judges each point "
                                 "over several");
        }
    }
    return STATUS_OK;
}

static int read_asked(const struct asked *asked, const char *path, struct wanted *wanted,
                      struct error *err)
{
    struct tune_request *request = &wanted->request;
    int status = trials_threads(asked->threads, &request->threads, err);
    if (!status)
        status = read_objectives(asked, wanted, err);
    if (!status)
        status = read_limits(asked, wanted, err);
    if (!status)
        status = read_worlds(asked, request, err);
    if (!status)
        status = space_read(&wanted->grid, &asked->space, path, err);
    if (!status)
        status = check_grid(&wanted->grid, err);
    if (!status)
        status = overrides_read(&wanted->overrides, &asked->set, asked->no_interruptions, err);
    request->path = path;
    request->overrides = wanted->overrides.items;
    request->override_count = wanted->overrides.count;
    request->policy = asked->policy;
    request->grid = &wanted->grid;
    request->objectives = wanted->objectives;
    request->limits = wanted->limits;
    request->version = version_number();
    request->stepping = asked->stepping;
    return status;
}

static void forget(struct wanted *wanted)
{
    for (size_t i = 0; i < wanted->request.objective_count; i++)
        condition_clean_up(&wanted->objectives[i]);
    for (size_t i = 0; i < wanted->request.limit_count; i++)
        condition_clean_up(&wanted->limits[i]);
    free(wanted->shortfall_name);
    grid_clean_up(&wanted->grid);
    overrides_clean_up(&wanted->overrides);
}

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

/* All runs as one sweep: what was varied, and the key of each; and which points were stopped. */
static int write_list(const struct tune *tune, struct results *results, struct error *err)
{
    size_t count = tune->point_count * tune->world_count;
    char key[HASH_TEXT_SIZE];
    hash_list(tune, key);
    const struct sweep_identity identity = {.key = key,
                                            .version = version_number(),
                                            .name = tune->scenarios[0].name,
                                            .scenario_json = tune->scenarios[0].resolved.data};
    int64_t number = 0;
    bool known = false;
    int status = points_begin(results, err);
    if (!status)
        status = points_add_sweep(results, &identity, &number, &known, err);
    for (size_t i = 0; i < count && !status && !known; i++) {
        struct text varied = {0};
        if (!*tune->keys[i])
            continue;
        add_cell(tune, i, &varied);
        status = points_add_to_sweep(results, number, i, varied.data, tune->keys[i], err);
        text_clean_up(&varied);
    }
    if (!status && !known)
        status = write_stops(tune, results, number, err);
    return status ? status : points_commit(results, err);
}

/* ---- the command ------------------------------------------------------------------------------
 */

static int say(const struct asked *asked, const struct wanted *wanted, const struct tune *tune,
               struct error *err)
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

static int tune(const struct asked *asked, struct wanted *wanted, struct error *err)
{
    struct tune tune;
    struct store store = {.db = asked->space.db, .progress = progress_begin("tune", 1)};
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
        status = write_list(&tune, store.points.results, err);
    if (!status)
        status = tune_judge(&tune, err);
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

static int run_tune(struct asked *asked, const struct option_spec *specs, int argc, char **argv)
{
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    interrupts_block();
    struct error err = {0};
    struct wanted wanted = {0};
    status = read_asked(asked, arguments.values[0], &wanted, &err);
    if (!status)
        status = tune(asked, &wanted, &err);
    if (status)
        command_fail(help.name, &err);
    forget(&wanted);
    options_clean_up(specs, &arguments);
    return command_end(help.name, status);
}

/* What is best, and in which worlds. */
static size_t add_judgement(struct asked *asked, struct option_spec *out)
{
    const struct option_spec specs[] = {
        {.name = "minimize",
         .placeholder = "SUM",
         .help = "what is to be small: cost.total_micro_usd; repeatable: then the point nearest to "
                 "the least of all",
         .list = &asked->minimize},
        {.name = "shortfall-cost",
         .placeholder = "USD",
         .help = "instead: the cost, and so much for each unit-hour that nobody serves",
         .value = &asked->shortfall_cost},
        {.name = "subject-to",
         .placeholder = "CONDITION",
         .help = "what a point has to meet, as in gates: 'capacity.unfulfilled_unit_s <= 3600'",
         .list = &asked->limits},
        {.name = "windows",
         .placeholder = "LENGTH",
         .help = "cut the span into windows: day, week (default), month, or as 36h or 10d",
         .value = &asked->windows},
        {.name = "lead",
         .placeholder = "DURATION",
         .help = "a window's run begins so long before it is measured (0)",
         .value = &asked->lead},
        {.name = "train",
         .placeholder = "N",
         .help = "tune on the N windows before the judged one (default: all before, half at least)",
         .value = &asked->train},
        {.name = "in-sample",
         .help = "one run of the whole span for each point, as ballast sweep makes it; nothing is "
                 "judged out of sample",
         .flag = &asked->in_sample},
        {.name = "seeds",
         .placeholder = "N|FROM..TO",
         .help = "every window at each of these seeds (default: the scenario's own)",
         .value = &asked->seeds},
        {.name = "bootstrap",
         .placeholder = "N",
         .help = "resamples of windows and seeds for the intervals (1000); 0: none",
         .value = &asked->bootstrap},
        {.name = "bootstrap-seed",
         .placeholder = "N",
         .help = "which draw of resamples (1)",
         .value = &asked->bootstrap_seed},
        {.name = "narrow",
         .placeholder = "N",
         .help = "then N rounds of points beside the best, halfway to the values tried (0)",
         .value = &asked->narrow},
        {.name = "stop-early",
         .placeholder = "best|front",
         .help = "stop points that can no longer be chosen; front: nor be on the front",
         .value = &asked->stop_early},
        {.name = "sample",
         .placeholder = "random:N|lhs:N",
         .help = "N points instead of all: drawn, or a Latin hypercube",
         .value = &asked->space.sample},
        {.name = "sample-seed",
         .placeholder = "N",
         .help = "with --sample: which draw (1)",
         .value = &asked->space.sample_seed},
    };
    memcpy(out, specs, sizeof specs);
    return ARRAY_LENGTH(specs);
}

/* What is run, and how. */
static size_t add_runs(struct asked *asked, struct option_spec *out)
{
    const struct option_spec specs[] = {
        {.name = "vary",
         .placeholder = "PATH=VALUES",
         .help = "a dimension, as ballast sweep takes it",
         .list = &asked->space.vary},
        {.name = "db",
         .placeholder = "FILE",
         .help = "the results database (made if there is none)",
         .value = &asked->space.db},
        {.name = "policy",
         .placeholder = "NAME[:PRESET]...",
         .help = "the policy of all points, unless it is varied",
         .value = &asked->policy},
        {.name = "set",
         .placeholder = "PATH=VALUE",
         .help = "override a field of the scenario for all points",
         .list = &asked->set},
        {.name = "no-interruptions",
         .help = "short for --set interruptions.source=none",
         .flag = &asked->no_interruptions},
        {.name = "threads",
         .placeholder = "N",
         .help = "at most so many runs at once (default: all cores)",
         .value = &asked->threads},
        {.name = "stepping",
         .help = "make every evaluation: slower, the same bytes",
         .flag = &asked->stepping},
        {.name = "json", .help = "print one JSON object", .flag = &asked->json},
    };
    memcpy(out, specs, sizeof specs);
    return ARRAY_LENGTH(specs);
}

int command_tune(int argc, char **argv)
{
    enum { OPTIONS_MOST = 32 };
    struct asked asked = {0};
    struct option_spec specs[OPTIONS_MOST] = {0};
    size_t count = add_judgement(&asked, specs);
    add_runs(&asked, specs + count);
    return run_tune(&asked, specs, argc, argv);
}
