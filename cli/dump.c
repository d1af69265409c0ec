/* ballast dump: a results database as canonical text. */
#include "commands.h"
#include "options.h"
#include "record/database.h"

int command_dump(int argc, char **argv)
{
    const char *which = NULL;
    const struct option_spec specs[] = {
        {.name = "run",
         .placeholder = "RUN",
         .help = "only this run: its number, name, or the start of its key",
         .value = &which},
        {0},
    };
    static const struct command_help help = {
        .name = "dump",
        .arguments = "RESULTS.db",
        .description =
            "Print every run as text, ordered by key, without wall times: the same contents give\n"
            "the same bytes, whatever the order they were recorded in.",
        .min_arguments = 1,
        .max_arguments = 1,
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    struct results *results = NULL;
    struct stored_run run = {0};
    status = results_open(&results, arguments.values[0], false, &err);
    if (!status && which)
        status = results_find(results, which, &run, &err);
    if (!status)
        status = results_dump(results, run.run, stdout, &err);
    stored_run_clean_up(&run);
    results_close(results);
    if (status)
        command_fail(help.name, &err);
    options_clean_up(specs, &arguments);
    return command_end(help.name, status);
}
