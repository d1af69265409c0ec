#include "tune_asked.h"

#include "base/memory.h"
#include "shared_options.h"
#include "trials.h"
#include "version.h"
#include "worlds.h"

#include <stdlib.h>
#include <string.h>

enum { BOOTSTRAP_DEFAULT = 1000, BOOTSTRAP_MOST = 100000, NARROW_MOST = 40 };

/* ---- what is written
 * ----------------------------------------------------------------------------------
 */

enum { SHORTFALL_USD_MOST = 1000000 };

/* One figure in money: what is paid, and what each unit-hour that nobody served is worth. */
static int read_shortfall_cost(const char *text, struct tune_wanted *wanted, struct error *err)
{
    int64_t micro_usd = 0;
    enum decimal_result result = decimal_parse(text, strlen(text), &micro_usd);
    if (result || micro_usd < 0 || micro_usd > (int64_t)SHORTFALL_USD_MOST * MICRO)
        return error_set(err, STATUS_BAD_INPUT,
                         "--shortfall-cost %s: write USD for each unit-hour that nobody serves, "
                         "such as 0.5; at most %d",
                         text, SHORTFALL_USD_MOST);
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

static int read_objectives(const struct tune_asked *asked, struct tune_wanted *wanted,
                           struct error *err)
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
        int status = STATUS_OK;
        for (size_t j = 0; j < i && !status; j++) {
            if (strcmp(list->values[i], list->values[j]) == 0)
                status = error_set(err, STATUS_BAD_INPUT, "stands twice, and would count twice");
        }
        if (!status)
            status = condition_parse_sum(&wanted->objectives[i], list->values[i], err);
        if (status)
            return error_prefix(err, "--minimize %s", list->values[i]);
        wanted->names[i] = list->values[i];
        wanted->request.objective_count++;
    }
    return STATUS_OK;
}

static int read_limits(const struct tune_asked *asked, struct tune_wanted *wanted,
                       struct error *err)
{
    if (asked->limits.count > TUNE_LIMITS_MOST)
        return error_set(err, STATUS_BAD_INPUT, "--subject-to: at most %d conditions",
                         TUNE_LIMITS_MOST);
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

static int read_worlds(const struct tune_asked *asked, struct tune_request *request,
                       struct error *err)
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

int tune_read_asked(const struct tune_asked *asked, const char *path, struct tune_wanted *wanted,
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

void tune_forget(struct tune_wanted *wanted)
{
    for (size_t i = 0; i < wanted->request.objective_count; i++)
        condition_clean_up(&wanted->objectives[i]);
    for (size_t i = 0; i < wanted->request.limit_count; i++)
        condition_clean_up(&wanted->limits[i]);
    free(wanted->shortfall_name);
    grid_clean_up(&wanted->grid);
    overrides_clean_up(&wanted->overrides);
}

/* ---- the options ------------------------------------------------------------------------------
 */

/* What is best, and in which worlds. */
static size_t add_judgement(struct tune_asked *asked, struct option_spec *out)
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
        OPTION_POINTS_SAMPLE(&asked->space.sample),
        OPTION_POINTS_SAMPLE_SEED(&asked->space.sample_seed),
    };
    memcpy(out, specs, sizeof specs);
    return ARRAY_LENGTH(specs);
}

/* What is run, and how. */
static size_t add_runs(struct tune_asked *asked, struct option_spec *out)
{
    const struct option_spec specs[] = {
        {.name = "vary",
         .placeholder = "PATH=VALUES",
         .help = "a dimension, as ballast sweep takes it",
         .list = &asked->space.vary},
        OPTION_POINTS_DB(&asked->space.db),
        OPTION_POINTS_POLICY(&asked->policy),
        OPTION_POINTS_SET(&asked->set),
        OPTION_NO_INTERRUPTIONS(&asked->no_interruptions),
        OPTION_THREADS(&asked->threads),
        OPTION_POINTS_STEPPING(&asked->stepping),
        OPTION_JSON(&asked->json),
    };
    memcpy(out, specs, sizeof specs);
    return ARRAY_LENGTH(specs);
}

void tune_options(struct tune_asked *asked, struct option_spec out[TUNE_OPTIONS_MOST])
{
    size_t count = add_judgement(asked, out);
    add_runs(asked, out + count);
}
