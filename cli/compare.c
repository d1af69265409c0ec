/* ballast compare: two sides over the same worlds. */
#include "base/memory.h"
#include "commands.h"
#include "compare_print.h"
#include "overrides.h"
#include "progress.h"
#include "shared_options.h"
#include "trials.h"
#include "worlds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct asked {
    const char *policy;
    const char *policies[COMPARE_SIDES];
    struct option_list set;
    struct option_list sets[COMPARE_SIDES];
    bool no_interruptions;
    const char *seeds;
    const char *windows;
    const char *lead;
    struct option_list figures;
    const char *threads;
    bool json;
};

/* What one side's options come to: the common ones, then its own. */
struct side_options {
    struct option_list set; /* values borrowed */
    struct overrides overrides;
};

/* ---- options ----------------------------------------------------------------------------------
 */

static int read_seeds(const char *text, struct compare_request *request, struct error *err)
{
    if (!text)
        return STATUS_OK;
    request->kind = COMPARE_SEEDS;
    return worlds_read_seeds(text, &request->seed_from, &request->seed_count, err);
}

/* day, week, month, or a duration; and --lead. */
static int read_windows(const struct asked *asked, struct compare_request *request,
                        struct error *err)
{
    if (asked->lead && !asked->windows)
        return error_set(err, STATUS_BAD_INPUT,
                         "--lead goes with --windows: how long before a window its run begins");
    if (!asked->windows)
        return STATUS_OK;
    if (asked->seeds)
        return error_set(err, STATUS_BAD_INPUT,
                         "--seeds and --windows each make worlds: ask for one of them");
    int status = worlds_read_windows(asked->windows, &request->window_s, err);
    request->kind = request->window_s ? COMPARE_WINDOWS : COMPARE_MONTHS;
    return status ? status : worlds_read_lead(asked->lead, &request->lead_s, err);
}

static int read_side(const struct asked *asked, size_t which, struct side_options *options,
                     struct compare_source *source, struct error *err)
{
    const struct option_list *own = &asked->sets[which];
    size_t count = asked->set.count + own->count;
    options->set.values = memory_new(count, sizeof *options->set.values);
    for (size_t i = 0; i < asked->set.count; i++)
        options->set.values[options->set.count++] = asked->set.values[i];
    for (size_t i = 0; i < own->count; i++)
        options->set.values[options->set.count++] = own->values[i];
    int status = overrides_read(&options->overrides, &options->set, asked->no_interruptions, err);
    source->policy = asked->policies[which] ? asked->policies[which] : asked->policy;
    source->overrides = options->overrides.items;
    source->override_count = options->overrides.count;
    return status;
}

/* ---- carrying out -----------------------------------------------------------------------------
 */

static void tell(size_t done, size_t count, void *context)
{
    struct progress *progress = context;
    progress->total = count;
    progress_show(progress, done);
}

static int compare(const struct asked *asked, const struct compare_request *request,
                   struct error *err)
{
    struct progress progress = progress_begin("compare", 1);
    struct comparison comparison;
    struct compare_request watched = *request;
    watched.progress = tell;
    watched.context = &progress;
    int status = compare_run(&comparison, &watched, err);
    progress_end(&progress);
    struct parting parting = {0};
    if (!status)
        status = compare_judge(&comparison, asked->figures.values, asked->figures.count, err);
    if (!status)
        status = parting_tell(&parting, &comparison, err);
    if (!status && asked->json) {
        struct text text = {0};
        compare_json(&comparison, &parting, &text);
        status = text_status(&text, err);
        if (!status)
            fwrite(text.data, 1, text.size, stdout);
        text_clean_up(&text);
    } else if (!status) {
        compare_print(&comparison, &parting, stdout);
    }
    parting_clean_up(&parting);
    compare_clean_up(&comparison);
    return status;
}

static int prepare(const struct asked *asked, const struct option_list *arguments,
                   struct error *err)
{
    struct compare_request request = {0};
    struct side_options options[COMPARE_SIDES] = {0};
    int status = read_seeds(asked->seeds, &request, err);
    if (!status)
        status = read_windows(asked, &request, err);
    if (!status)
        status = trials_threads(asked->threads, &request.threads, err);
    for (size_t which = 0; which < COMPARE_SIDES && !status; which++) {
        request.sources[which].path = arguments->values[which < arguments->count ? which : 0];
        status = read_side(asked, which, &options[which], &request.sources[which], err);
    }
    if (!status && strcmp(request.sources[COMPARE_OLD].path, "-") == 0 &&
        strcmp(request.sources[COMPARE_NEW].path, "-") == 0)
        status = error_set(err, STATUS_BAD_INPUT,
                           "standard input can be read once: name the scenario file");
    if (!status)
        status = compare(asked, &request, err);
    for (size_t which = 0; which < COMPARE_SIDES; which++) {
        overrides_clean_up(&options[which].overrides);
        free(options[which].set.values);
    }
    return status;
}

int command_compare(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "compare",
        .arguments = "OLD [NEW]",
        .description =
            "Compare two sides over the same worlds, figure by figure: what each comes to, what\n"
            "differs, and whether that is more than luck (~: it is not). OLD and NEW are scenario\n"
            "files, recorded runs (RESULTS.db#RUN), or databases with all their runs or a sweep\n"
            "each (RESULTS.db); without NEW both are OLD, with what the options change.",
        .min_arguments = 1,
        .max_arguments = 2,
    };
    struct asked asked = {0};
    const struct option_spec specs[] = {
        {.name = "policy-a",
         .placeholder = "NAME[:PRESET]...",
         .help = "the policy of OLD, with its defaults",
         .value = &asked.policies[COMPARE_OLD]},
        {.name = "policy-b",
         .placeholder = "NAME[:PRESET]...",
         .help = "the policy of NEW",
         .value = &asked.policies[COMPARE_NEW]},
        {.name = "policy",
         .placeholder = "NAME[:PRESET]...",
         .help = "the policy of both, unless they have their own",
         .value = &asked.policy},
        {.name = "set-a",
         .placeholder = "PATH=VALUE",
         .help = "override a field of OLD; after --set",
         .list = &asked.sets[COMPARE_OLD]},
        {.name = "set-b",
         .placeholder = "PATH=VALUE",
         .help = "override a field of NEW; after --set",
         .list = &asked.sets[COMPARE_NEW]},
        {.name = "set",
         .placeholder = "PATH=VALUE",
         .help = "override a field of both",
         .list = &asked.set},
        OPTION_NO_INTERRUPTIONS(&asked.no_interruptions),
        {.name = "seeds",
         .placeholder = "N|FROM..TO",
         .help = "a world for each of these seeds (N: 1 to N), instead of the scenario's",
         .value = &asked.seeds},
        {.name = "windows",
         .placeholder = "LENGTH",
         .help = "a world for each day, week, month or so long (36h, 10d) of the measured span",
         .value = &asked.windows},
        {.name = "lead",
         .placeholder = "LENGTH",
         .help = "with --windows: each run begins so long before its window (0s)",
         .value = &asked.lead},
        {.name = "figures",
         .placeholder = "PATTERN",
         .help = "only figures of such names, as 'cost.*'",
         .list = &asked.figures},
        {.name = "threads",
         .placeholder = "N",
         .help = "at most so many worlds at once (default: all cores)",
         .value = &asked.threads},
        OPTION_JSON(&asked.json),
        {0},
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    status = prepare(&asked, &arguments, &err);
    return command_close(&help, specs, &arguments, status, &err);
}
