/* ballast live: the controller against a real account. */
#include "live.h"
#include "commands.h"
#include "live/secret.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

static int command_live_once(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "live once",
        .arguments = "",
        .description =
            "Look at a real account once, decide, and print one line of JSON. Nothing is changed\n"
            "(shadow) unless --apply is given. Credentials, region and endpoints are found as "
            "AWS's\n"
            "own clients find them.",
    };
    struct live_options options = {0};
    struct option_spec specs[LIVE_SPECS];
    struct option_list arguments;
    live_specs(&options, false, specs);
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    /* A connection that breaks is an error to handle, not the end. */
    signal(SIGPIPE, SIG_IGN);
    secrets_no_core();
    struct error err = {0};
    struct live_plan plan;
    struct live_run *run = NULL;
    status = live_plan_make(&plan, &options, &err);
    if (!status)
        status = live_run_open(&run, help.name, &options, &plan, &err);
    if (!status) {
        status = live_run_once(run, &err);
        live_run_close(run);
    }
    if (status)
        command_fail(help.name, &err);
    options_clean_up(specs, &arguments);
    return command_end(help.name, status);
}

/* Wait for the next multiple of every_s, or for a signal to end; true if there was one. */
static bool wait_for_next(int64_t every_s, const sigset_t *ends)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t wait_ns = (every_s - now.tv_sec % every_s) * INT64_C(1000000000) - now.tv_nsec;
    const struct timespec wait = {wait_ns / 1000000000, wait_ns % 1000000000};
    int got = 0;
    do {
        got = sigtimedwait(ends, NULL, &wait);
    } while (got < 0 && errno == EINTR);
    return got > 0;
}

static int command_live_daemon(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "live daemon",
        .arguments = "",
        .description =
            "What live once does, every minute, until SIGTERM or SIGINT, which let the evaluation\n"
            "that is going on come to its end. An evaluation that fails is told and not the end.",
    };
    struct live_options options = {0};
    struct option_spec specs[LIVE_SPECS];
    struct option_list arguments;
    live_specs(&options, true, specs);
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    signal(SIGPIPE, SIG_IGN);
    secrets_no_core();
    /* Blocked, and looked for between evaluations only: none is cut short. */
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    struct error err = {0};
    struct live_plan plan;
    struct live_run *run = NULL;
    status = live_plan_make(&plan, &options, &err);
    if (!status)
        status = live_run_open(&run, help.name, &options, &plan, &err);
    if (status)
        command_fail(help.name, &err);
    while (!status && !wait_for_next(plan.every_s, &ends)) {
        if (live_run_once(run, &err))
            command_fail(help.name, &err);
        /* Nobody would ever see what is decided. */
        if (ferror(stdout))
            status = STATUS_FAILURE;
    }
    if (run)
        live_run_close(run);
    options_clean_up(specs, &arguments);
    return command_end(help.name, status);
}

int command_live(int argc, char **argv)
{
    static const struct subcommand subcommands[] = {
        {"once", command_live_once, "one evaluation, for cron; shadow unless --apply"},
        {"daemon", command_live_daemon, "the same every minute, until told to end"},
        {0},
    };
    return command_family("live", subcommands, argc, argv);
}
