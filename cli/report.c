/* ballast report: a recorded run as a page. */
#include "commands.h"
#include "options.h"
#include "reports/run_report.h"
#include "session.h"
#include "stored.h"
#include "summary.h"

/* What the run assumes, as its summary says it; nothing where its traces are not there any more. */
static void read_assumptions(const struct stored_run *run, struct text *out_lines)
{
    struct session session;
    struct error err = {0};
    const struct session_options options = {0};
    if (session_open_text(&session, "the recorded scenario", run->folder, run->scenario_json,
                          &options, &err))
        return;
    summary_assumptions(&session, out_lines);
    session_close(&session);
}

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
    read_assumptions(&run, &assumptions);
    status = run_report(results, &run, assumptions.size ? assumptions.data : NULL, &page, err);
    if (!status)
        status = output_write(path, &page, err);
    text_clean_up(&page);
    text_clean_up(&assumptions);
    stored_close(results, &run);
    return status;
}

int command_report(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "report",
        .arguments = "RESULTS.db [RUN]",
        .description =
            "Write a recorded run as one page of HTML that needs nothing else: pictures "
            "drawn by\ngnuplot, a table under each. RUN, of several, is its number, its name, or "
            "the start of its key.",
        .min_arguments = 1,
        .max_arguments = 2,
    };
    const char *path = "report.html";
    const struct option_spec specs[] = {{.name = "output",
                                         .letter = 'o',
                                         .placeholder = "FILE",
                                         .help = "where to write it; - is standard output "
                                                 "(report.html)",
                                         .value = &path},
                                        {0}};
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    status =
        report(arguments.values[0], arguments.count > 1 ? arguments.values[1] : NULL, path, &err);
    if (status)
        command_fail(help.name, &err);
    options_clean_up(specs, &arguments);
    return command_end(help.name, status);
}
