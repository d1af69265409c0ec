/* Both sides in every world. */
#include "study/compare.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "sim/sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *const compare_side_names[COMPARE_SIDES] = {"old", "new"};

void compare_warn(struct comparison *comparison, const char *format, ...)
{
    char line[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    /* It may quote a database from elsewhere, which forges no lines and moves no cursor. */
    for (char *at = line; *at; at++) {
        if ((unsigned char)*at < ' ' || *at == 127)
            *at = '?';
    }
    comparison->warnings = memory_resize(comparison->warnings, comparison->warning_count + 1,
                                         sizeof *comparison->warnings);
    comparison->warnings[comparison->warning_count++] = memory_copy_text(line);
}

/* ---- the sides --------------------------------------------------------------------------------
 */

/* The folder a file stands in, as scenario_read finds it. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return memory_copy_text(".");
    return memory_copy_bytes(path, slash == path ? 1 : (size_t)(slash - path));
}

static bool is_database(const char *path)
{
    static const char magic[] = "SQLite format 3";
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode))
        return false;
    char begin[sizeof magic] = "";
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    size_t got = fread(begin, 1, sizeof begin, file);
    fclose(file);
    return got == sizeof begin && memcmp(begin, magic, sizeof magic) == 0;
}

/* FILE or FILE#RUN; a file that bears such a name is meant as a whole. */
static bool names_database(struct compare_side *side)
{
    const char *path = side->path;
    const char *mark = strrchr(path, '#');
    struct stat about;
    if (!mark || stat(path, &about) == 0)
        side->database = memory_copy_text(path);
    else
        side->database = memory_copy_bytes(path, (size_t)(mark - path));
    return is_database(side->database);
}

static int open_side(struct compare_side *side, const struct compare_source *source,
                     struct error *err)
{
    side->source = source;
    side->path = memory_copy_text(source->path);
    side->version = memory_copy_text("");
    side->recorded = names_database(side);
    if (side->recorded) {
        if (source->policy || source->override_count)
            return error_set(err, STATUS_BAD_INPUT,
                             "%s is recorded as it is: policies and --set are for scenario files",
                             side->path);
        return STATUS_OK;
    }
    struct json_document document;
    int status = json_read(&document, side->path, err);
    if (status)
        return status;
    side->text = memory_copy_text(document.text);
    side->folder = folder_of(side->path);
    side->policy = source->policy ? memory_copy_text(source->policy) : NULL;
    json_clean_up(&document);
    return STATUS_OK;
}

/* ---- the runs ---------------------------------------------------------------------------------
 */

struct crew {
    struct comparison *comparison;
    const struct compare_request *request;
    struct trace_set shared[COMPARE_SIDES]; /* what every world of a side loads, */
    bool shares[COMPARE_SIDES];             /* where its seed has no say in that */
};

static int take_capacity(const struct record_capacity *capacity, void *context)
{
    struct compare_run *run = context;
    shortages_take(&run->shortages, capacity);
    trail_take_account(&run->trail, capacity);
    return STATUS_OK;
}

static int take_decision(const struct record_decision *decision, void *context)
{
    struct compare_run *run = context;
    trail_take_decision(&run->trail, decision);
    return STATUS_OK;
}

static int run_side(struct crew *crew, size_t which, struct compare_world *world, struct error *err)
{
    const struct compare_side *side = &crew->comparison->sides[which];
    struct compare_run *run = &world->runs[which];
    struct scenario scenario;
    int status = compare_parse(crew->comparison, side, world, &scenario, err);
    if (status)
        return status;
    struct trace_set own = {0};
    const struct trace_set *traces = crew->shares[which] ? &crew->shared[which] : &own;
    if (!crew->shares[which])
        status = scenario_load_traces(&scenario, &own, err);
    if (!status) {
        run->shortages =
            (struct shortages){.from_s = scenario.measure_from_s, .to_s = scenario.measure_to_s};
        const struct record_sink sink = {
            .context = run, .capacity = take_capacity, .decision = take_decision};
        memcpy(run->trace_hash, traces->hash, sizeof run->trace_hash);
        memcpy(run->demand_hash, scenario.demand_hash, sizeof run->demand_hash);
        status = simulate(&scenario, traces, &sink, NULL, &run->figures, err);
        shortages_end(&run->shortages);
        trace_set_clean_up(&own);
    }
    scenario_clean_up(&scenario);
    return status;
}

void compare_part(struct compare_world *world)
{
    divergence_find(&world->runs[COMPARE_OLD].trail, &world->runs[COMPARE_NEW].trail,
                    &world->divergence);
    for (size_t which = 0; which < COMPARE_SIDES; which++)
        trail_clean_up(&world->runs[which].trail);
}

static int run_world(size_t index, void *context, struct error *err)
{
    struct crew *crew = context;
    struct compare_world *world = &crew->comparison->worlds[index];
    for (size_t which = 0; which < COMPARE_SIDES; which++) {
        if (crew->comparison->sides[which].recorded)
            continue;
        int status = run_side(crew, which, world, err);
        if (status)
            return error_prefix(err, "%s, %s", compare_side_names[which], world->name);
    }
    int status = compare_check_world(crew->comparison, index, err);
    compare_part(world);
    return status;
}

static void tell(size_t done, void *context)
{
    const struct crew *crew = context;
    if (crew->request->progress)
        crew->request->progress(done, crew->comparison->world_count, crew->request->context);
}

static bool same_figures(const struct figures *a, const struct figures *b)
{
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        if (a->known[i] != b->known[i] || (a->known[i] && a->value[i] != b->value[i]))
            return false;
    }
    return true;
}

/* Worlds in which luck has changed nothing are one world. */
static void find_repeats(struct comparison *comparison)
{
    for (size_t i = 1; i < comparison->world_count; i++) {
        struct compare_world *world = &comparison->worlds[i];
        for (size_t k = 0; k < i && !world->repeats; k++) {
            const struct compare_world *other = &comparison->worlds[k];
            world->repeats = world->group != other->group && world->from_s == other->from_s &&
                             world->to_s == other->to_s && strcmp(world->point, other->point) == 0;
            for (size_t which = 0; which < COMPARE_SIDES; which++)
                world->repeats =
                    world->repeats &&
                    strcmp(world->runs[which].trace_hash, other->runs[which].trace_hash) == 0 &&
                    same_figures(&world->runs[which].figures, &other->runs[which].figures);
        }
    }
}

static int open_sides(struct comparison *out, const struct compare_request *request,
                      struct error *err)
{
    static const char *const options[] = {"", "--seeds", "--windows", "--windows"};
    int status = STATUS_OK;
    for (size_t which = 0; which < COMPARE_SIDES && !status; which++) {
        struct compare_side *side = &out->sides[which];
        status = open_side(side, &request->sources[which], err);
        if (!status && request->recorded && !side->recorded)
            status = error_set(err, STATUS_BAD_INPUT,
                               "%s is no results database: record a run of it with ballast run "
                               "--db",
                               side->path);
        if (!status && side->recorded && request->kind != COMPARE_ITSELF)
            status = error_set(err, STATUS_BAD_INPUT, "%s is recorded: %s goes with scenario files",
                               side->path, options[request->kind]);
    }
    return status;
}

/* The sides' scenarios, and of one that is recorded what it left in the only world. */
static int read_sides(struct comparison *out, const struct compare_request *request,
                      struct compare_world *recorded, struct error *err)
{
    const struct compare_world first = {.seed = request->seed_from};
    const struct compare_world *world = request->kind == COMPARE_SEEDS ? &first : NULL;
    int status = STATUS_OK;
    for (size_t which = 0; which < COMPARE_SIDES && !status; which++) {
        struct compare_side *side = &out->sides[which];
        status = side->recorded ? compare_read_recorded(side, recorded, which, err)
                                : compare_parse(out, side, world, &side->scenario, err);
        if (status && !side->recorded) /* --set-a and --set-b are both told of as --set */
            error_prefix(err, "%s", compare_side_names[which]);
    }
    return status;
}

static void forget(struct compare_world *world)
{
    free(world->name);
    free(world->point);
    for (size_t which = 0; which < COMPARE_SIDES; which++) {
        shortages_clean_up(&world->runs[which].shortages);
        trail_clean_up(&world->runs[which].trail);
    }
}

/* Loading takes far longer than a run. */
static int load_shared(struct crew *crew, struct error *err)
{
    struct comparison *comparison = crew->comparison;
    for (size_t which = 0; which < COMPARE_SIDES; which++) {
        struct compare_side *side = &comparison->sides[which];
        if (comparison->kind != COMPARE_SEEDS || scenario_draws_traces(&side->scenario))
            continue;
        int status = scenario_load_traces(&side->scenario, &crew->shared[which], err);
        if (status)
            return error_prefix(err, "%s, %s", compare_side_names[which],
                                comparison->worlds[0].name);
        crew->shares[which] = true;
    }
    return STATUS_OK;
}

static int run_all(struct comparison *out, const struct compare_request *request, struct error *err)
{
    struct crew crew = {.comparison = out, .request = request};
    const struct parallel_work work = {.count = out->world_count,
                                       .threads = request->threads,
                                       .context = &crew,
                                       .piece = run_world,
                                       .progress = tell};
    int status = load_shared(&crew, err);
    if (!status)
        status = parallel_run(&work, err);
    for (size_t which = 0; which < COMPARE_SIDES; which++) {
        if (crew.shares[which])
            trace_set_clean_up(&crew.shared[which]);
    }
    return status;
}

/* Worlds that are made here, on one side at least. */
static int make(struct comparison *out, const struct compare_request *request, struct error *err)
{
    struct compare_world recorded = {0};
    int status = read_sides(out, request, &recorded, err);
    if (!status)
        status = compare_check(out, err);
    if (!status)
        status = compare_plan(out, request, err);
    for (size_t which = 0; which < COMPARE_SIDES && !status; which++) {
        if (out->sides[which].recorded) {
            out->worlds[0].runs[which] = recorded.runs[which];
            out->worlds[0].numbers[which] = recorded.numbers[which];
            recorded.runs[which] = (struct compare_run){0};
        }
    }
    forget(&recorded);
    return status ? status : run_all(out, request, err);
}

int compare_run(struct comparison *out, const struct compare_request *request, struct error *err)
{
    *out = (struct comparison){.kind = request->kind};
    int status = open_sides(out, request, err);
    if (status)
        return status;
    if (out->sides[COMPARE_OLD].recorded && out->sides[COMPARE_NEW].recorded) {
        out->kind = COMPARE_RECORDED;
        status = compare_pair(out, err);
        if (!status)
            status = compare_check(out, err);
        for (size_t i = 0; i < out->world_count && !status; i++)
            status = compare_check_world(out, i, err);
    } else {
        status = make(out, request, err);
    }
    if (!status)
        find_repeats(out);
    for (size_t i = 0; i < out->world_count && !status; i++)
        out->parted += out->worlds[i].divergence.kind != DIVERGENCE_NONE;
    return status;
}

int compare_open(const struct comparison *comparison, size_t which, size_t world,
                 struct scenario *out_scenario, struct trace_set *out_traces, struct error *err)
{
    const struct compare_side *side = &comparison->sides[which];
    const struct compare_world *w = &comparison->worlds[world];
    int status = side->recorded ? compare_parse_recorded(side, w->numbers[which], out_scenario, err)
                                : compare_parse(comparison, side, w, out_scenario, err);
    if (status)
        return status;
    status = scenario_load_traces(out_scenario, out_traces, err);
    if (status) {
        scenario_clean_up(out_scenario);
        return status;
    }
    if (strcmp(out_traces->hash, w->runs[which].trace_hash) == 0 &&
        strcmp(out_scenario->demand_hash, w->runs[which].demand_hash) == 0)
        return STATUS_OK;
    trace_set_clean_up(out_traces);
    scenario_clean_up(out_scenario);
    return error_set(err, STATUS_BAD_INPUT, "the traces have changed since");
}

void compare_clean_up(struct comparison *comparison)
{
    for (size_t which = 0; which < COMPARE_SIDES; which++) {
        struct compare_side *side = &comparison->sides[which];
        char *const texts[] = {side->path,     side->text,    side->folder, side->policy,
                               side->database, side->version, side->bare};
        for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
            free(texts[i]);
        scenario_clean_up(&side->scenario);
    }
    for (size_t i = 0; i < comparison->world_count; i++)
        forget(&comparison->worlds[i]);
    for (size_t i = 0; i < comparison->warning_count; i++)
        free(comparison->warnings[i]);
    free(comparison->warnings);
    free(comparison->worlds);
    free(comparison->differences);
    free(comparison->figures);
    *comparison = (struct comparison){0};
}
