/* ballast report: a recorded run, a sweep, or two runs, as a page. */
#include "report.h"
#include "commands.h"
#include "options.h"
#include "reports/run_report.h"
#include "session.h"
#include "stored.h"
#include "summary.h"

/* `which` is NULL for the only one. */
static int report(const char *database, const char *which, const char *path, struct error *err)
{
    struct results *results = NULL;
    struct stored_run run = {0};
    struct text page = {0};
    struct text assumptions = {0};
    int status = stored_open(database, which, &results, &run, err);
    if (status)
        return status;
    struct stored_market market;
    stored_market_open(&run, &market);
    if (market.market.scenario)
        summary_assumptions(&market.session, &assumptions);
    status = run_report(results, &run, assumptions.size ? assumptions.data : NULL, &market.market,
                        &page, err);
    stored_market_close(&market);
    if (!status)
        status = stored_write(path, &page, err);
    text_clean_up(&page);
    text_clean_up(&assumptions);
    stored_close(results, &run);
    return status;
}

/* The page, of whatever is asked for. */
struct asked {
    const char *database;
    const char *run; /* NULL: the only one; with `compare`, the new side */
    bool compare;
    const char *sweep;
    struct sweep_report_request request;
    const char *path;
};

static int write_sweep_or_two(struct asked *asked, struct error *err)
{
    struct text page = {0};
    int status = asked->compare
                     ? report_compare(asked->database, asked->run, &page, err)
                     : report_sweep(asked->database, asked->sweep, &asked->request, &page, err);
    if (!status)
        status = stored_write(asked->path, &page, err);
    text_clean_up(&page);
    return status;
}

static int report_any(struct asked *asked, struct error *err)
{
    const struct sweep_report_request *request = &asked->request;
    bool sweep = asked->sweep || request->axes[0] || request->axes[1] || request->median;
    if (asked->compare && !asked->run)
        return error_set(err, STATUS_BAD_INPUT,
                         "--compare goes with two runs, each RESULTS.db#RUN: old and new");
    if (sweep && asked->compare)
        return error_set(err, STATUS_BAD_INPUT,
                         "--sweep, --x, --y and --median are of a sweep, and --compare of runs: "
                         "ask for one of them");
    if (sweep && asked->run)
        return error_set(err, STATUS_BAD_INPUT,
                         "%s: a run is asked for, and a sweep by --sweep, --x, --y or --median: "
                         "ask for one of them",
                         asked->run);
    int status = STATUS_OK;
    if (!sweep && !asked->run)
        status = report_only_sweeps(asked->database, &sweep, err);
    if (status)
        return status;
    return sweep || asked->compare ? write_sweep_or_two(asked, err)
                                   : report(asked->database, asked->run, asked->path, err);
}

int command_report(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "report",
        .arguments = "RESULTS.db [RUN] | --compare OLD NEW",
        .description =
            "Write a recorded run, a sweep, or two runs over each other as one page of HTML that\n"
            "needs nothing else: pictures drawn by gnuplot, a table under each. RUN, of several, "
            "is\nits number, its name, or the start of its key; OLD and NEW are RESULTS.db#RUN.",
        .min_arguments = 1,
        .max_arguments = 2,
    };
    struct asked asked = {.path = "report.html"};
    const struct option_spec specs[] = {
        {.name = "output",
         .letter = 'o',
         .placeholder = "FILE",
         .help = "where to write it; - is standard output (report.html)",
         .value = &asked.path},
        {.name = "compare",
         .help = "two runs of one world: over each other, and what differs",
         .flag = &asked.compare},
        {.name = "sweep",
         .placeholder = "SWEEP",
         .help = "of several sweeps, or beside runs: its number, or the start of its key",
         .value = &asked.sweep},
        {.name = "x",
         .placeholder = "PATH",
         .help = "of a sweep: what its pictures have from left to right (what tells most)",
         .value = &asked.request.axes[0]},
        {.name = "y",
         .placeholder = "PATH",
         .help = "and from below to above; each PATH, or its last part, is one that was varied",
         .value = &asked.request.axes[1]},
        {.name = "median",
         .help = "show the median over what else was varied, instead of the least",
         .flag = &asked.request.median},
        {0}};
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    asked.database = arguments.values[0];
    asked.run = arguments.count > 1 ? arguments.values[1] : NULL;
    status = report_any(&asked, &err);
    return command_close(&help, specs, &arguments, status, &err);
}
