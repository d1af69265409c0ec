/* ballast live: the controller against a real account. */
#include "live.h"
#include "commands.h"
#include "live/secret.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

/* What both commands are made of. */
struct live_session {
    const struct command_help *help;
    struct live_options options;
    struct option_spec specs[LIVE_SPECS];
    struct option_list arguments;
    struct live_plan plan;
    struct live_run *run;
    bool parsed;
};

/* Options, then a controller set up against the account; an error was told. Close it in any case.
 */
static int session_open(struct live_session *session, int argc, char **argv)
{
    live_specs(&session->options, session->specs);
    int status = options_parse(session->help, session->specs, argc, argv, &session->arguments);
    if (status)
        return status;
    session->parsed = true;
    /* A connection that breaks is an error to handle, not the end. */
    signal(SIGPIPE, SIG_IGN);
    secrets_no_core();
    struct error err = {0};
    status = live_plan_make(&session->plan, &session->options, &err);
    if (!status)
        status = live_run_open(&session->run, session->help->name, &session->options,
                               &session->plan, &err);
    if (status)
        command_fail(session->help->name, &err);
    return status;
}

/* The evaluation due at due_s; an error was told. */
static int session_evaluate(struct live_session *session, int64_t due_s)
{
    struct error err = {0};
    int status = live_run_once(session->run, due_s, &err);
    if (status)
        command_fail(session->help->name, &err);
    return status;
}

static int session_close(struct live_session *session, int status)
{
    if (session->run)
        live_run_close(session->run);
    if (session->parsed)
        options_clean_up(session->specs, &session->arguments);
    return command_end(session->help->name, status);
}

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
    struct live_session session = {.help = &help};
    int status = session_open(&session, argc, argv);
    if (!status)
        status = session_evaluate(&session, live_due(&session.plan, time(NULL)));
    return session_close(&session, status);
}

/* Wait for the next time that an evaluation is due, or for a signal to end; true if there was one.
 */
static bool wait_for_next(const struct live_plan *plan, const sigset_t *ends, int64_t *out_due_s)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    *out_due_s = live_due(plan, now.tv_sec) + plan->every_s;
    int64_t wait_ns = (*out_due_s - now.tv_sec) * INT64_C(1000000000) - now.tv_nsec;
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
    /* Blocked, and looked for between evaluations only: none is cut short. */
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    struct live_session session = {.help = &help};
    int64_t due_s = 0;
    int status = session_open(&session, argc, argv);
    while (!status && !wait_for_next(&session.plan, &ends, &due_s)) {
        session_evaluate(&session, due_s);
        /* Nobody would ever see what is decided. */
        if (ferror(stdout))
            status = STATUS_FAILURE;
    }
    return session_close(&session, status);
}

int command_live(int argc, char **argv)
{
    static const struct subcommand subcommands[] = {
        {"once", command_live_once, "one evaluation, for cron; shadow unless --apply"},
        {"daemon", command_live_daemon, "the same every minute, until told to end"},
        {"replay", command_live_replay, "what another policy would have decided on a recording"},
        {0},
    };
    return command_family("live", subcommands, argc, argv);
}
