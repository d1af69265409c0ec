/* ballast run: one scenario, one answer. */
#include "commands.h"
#include "options.h"
#include "summary.h"

#include <stdio.h>

static int print(const struct session *session, bool json, bool quiet, const char *db,
                 struct error *err)
{
    if (quiet)
        return STATUS_OK;
    if (!json) {
        summary_print(session, db, stdout);
        return STATUS_OK;
    }
    struct text text = {0};
    summary_json(session, &text);
    int status = text_status(&text, err);
    if (!status)
        fwrite(text.data, 1, text.size, stdout);
    text_clean_up(&text);
    return status;
}

int command_run(int argc, char **argv)
{
    const char *db = NULL;
    const char *policy = NULL;
    struct option_list set = {0};
    bool json = false;
    bool no_interruptions = false;
    bool quiet = false;
    const struct option_spec specs[] = {
        {.name = "db",
         .placeholder = "FILE",
         .help = "record the run in this database",
         .value = &db},
        {.name = "policy",
         .placeholder = "NAME[:PRESET]",
         .help = "use this policy, with its defaults, instead of the scenario's",
         .value = &policy},
        {.name = "set",
         .placeholder = "PATH=VALUE",
         .help = "override a field of the scenario; repeatable",
         .list = &set},
        {.name = "no-interruptions",
         .help = "short for --set interruptions.source=none; marks the output",
         .flag = &no_interruptions},
        {.name = "json", .help = "print one JSON object", .flag = &json},
        {.name = "quiet", .help = "print nothing; for use with --db", .flag = &quiet},
        {0},
    };
    static const struct command_help help = {
        .name = "run",
        .arguments = "SCENARIO",
        .description =
            "Simulate the scenario file (\"-\" is standard input) and print what the policy cost\n"
            "and how much capacity was missing. Without --db nothing is written.",
        .min_arguments = 1,
        .max_arguments = 1,
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    struct session session;
    const struct session_options said = {
        .policy = policy, .set = &set, .no_interruptions = no_interruptions};
    status = session_open(&session, arguments.values[0], &said, &err);
    if (!status) {
        status = session_run(&session, db, &err);
        session_warn(help.name, &session);
        if (!status)
            status = print(&session, json, quiet, db, &err);
        session_close(&session);
    }
    if (status)
        command_fail(help.name, &err);
    options_clean_up(specs, &arguments);
    return command_end(help.name, status);
}
