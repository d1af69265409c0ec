/* ballast report: a recorded run as a page. */
#include "base/memory.h"
#include "commands.h"
#include "options.h"
#include "reports/run_report.h"
#include "session.h"
#include "summary.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static int write_page(const char *path, const struct text *page, struct error *err)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdout : fopen(path, "w");
    bool written = file && fwrite(page->data, 1, page->size, file) == page->size;
    if (file && !standard && fclose(file))
        written = false;
    if (!written)
        return error_set(err, STATUS_FAILURE, "%s: cannot be written: %s", path, strerror(errno));
    if (!standard)
        printf("%s\n", path);
    return STATUS_OK;
}

/* The only run; where there are several, the user has to say which. */
static int only_run(struct results *results, const char *database, char out[DECIMAL_TEXT_SIZE],
                    struct error *err)
{
    int64_t *numbers = NULL;
    size_t count = 0;
    int status = results_runs(results, &numbers, &count, err);
    if (!status && count == 0)
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: no run is recorded in it (of a sweep's points only the figures are "
                           "kept): record one with ballast run --db",
                           database);
    else if (!status && count > 1)
        status =
            error_set(err, STATUS_BAD_INPUT,
                      "%s: holds %zu runs: say which, by its number, its name, or the start of "
                      "its key",
                      database, count);
    else if (!status)
        int128_format(numbers[0], out);
    free(numbers);
    return status;
}

/* `which` is NULL for the only one. */
static int report(const char *database, const char *which, const char *path, struct error *err)
{
    char number[DECIMAL_TEXT_SIZE];
    struct results *results = NULL;
    struct stored_run run = {0};
    struct text page = {0};
    struct text assumptions = {0};
    int status = results_open(&results, database, false, err);
    if (!status && !which) {
        status = only_run(results, database, number, err);
        which = number;
    }
    if (!status)
        status = results_find(results, which, &run, err);
    if (!status) {
        read_assumptions(&run, &assumptions);
        status = run_report(results, &run, assumptions.size ? assumptions.data : NULL, &page, err);
    }
    if (!status)
        status = write_page(path, &page, err);
    text_clean_up(&page);
    text_clean_up(&assumptions);
    stored_run_clean_up(&run);
    results_close(results);
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
