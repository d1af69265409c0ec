/* ballast live: the controller against a real account. */
#include "live.h"
#include "base/child.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "commands.h"
#include "live/secret.h"
#include "operate/notify.h"
#include "operate/run.h"
#include "version.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* What both commands are made of. */
struct live_session {
    const struct command_help *help;
    struct live_options options;
    struct option_list set;
    struct option_spec specs[LIVE_SPECS];
    struct option_list arguments;
    struct live_plan plan;
    struct live_run *run;
    char *name; /* "ballast live once" */
    struct service service;
    bool parsed;
};

/* Options, then a controller set up against the account; an error was told. Close it in any case.
 */
static int session_open(struct live_session *session, bool daemon, int argc, char **argv)
{
    live_specs(&session->options, &session->set, daemon, session->specs);
    int status = options_parse(session->help, session->specs, argc, argv, &session->arguments);
    if (status)
        return status;
    session->parsed = true;
    session->options.set = session->set.values;
    session->options.set_count = session->set.count;
    session->name = memory_format("ballast %s", session->help->name);
    const struct live_program program = {session->name, version_number()};
    /* A connection that breaks is an error to handle, not the end. */
    signal(SIGPIPE, SIG_IGN);
    secrets_no_core();
    struct error err = {0};
    status = live_plan_make(&session->plan, &session->options, &err);
    if (!status)
        status = live_run_open(&session->run, &program, &session->options, &session->plan, &err);
    if (status)
        command_fail(session->help->name, &err);
    return status;
}

/* The evaluation due at due_s; an error was told. */
static int session_evaluate(struct live_session *session, int64_t due_s, int64_t now_s)
{
    struct error err = {0};
    int status =
        live_run_once(session->run, &(struct live_turn){due_s, now_s, BALLAST_SCHEDULE, 0}, &err);
    if (status)
        command_fail(session->help->name, &err);
    return status;
}

static int session_now(struct live_session *session, int64_t *out_now_s)
{
    struct error err = {0};
    int status = live_run_now(session->run, out_now_s, &err);
    if (status)
        command_fail(session->help->name, &err);
    return status;
}

static int session_close(struct live_session *session, int status)
{
    if (session->run)
        live_run_close(session->run);
    policy_choice_clean_up(&session->plan.choice);
    free(session->name);
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
    int64_t now_s = 0;
    int status = session_open(&session, false, argc, argv);
    if (!status)
        status = session_now(&session, &now_s);
    if (!status)
        status = session_evaluate(&session, live_due(&session.plan, now_s), now_s);
    return session_close(&session, status);
}

/* Wait so long, or for a signal to end; true if there was one. */
static bool wait_for(const sigset_t *ends, int64_t wait_ns)
{
    const struct timespec wait = {wait_ns / 1000000000, wait_ns % 1000000000};
    int got = 0;
    do {
        got = sigtimedwait(ends, NULL, &wait);
    } while (got < 0 && errno == EINTR);
    return got > 0;
}

/* The same, and meanwhile the watchdog is fed. */
static bool wait_alive(struct service *service, const sigset_t *ends, int64_t wait_ns)
{
    int64_t pause_ms = service_pause_ms(service);
    bool ended = false;
    service_alive(service, monotonic_ms());
    while (!ended && pause_ms < wait_ns / 1000000) {
        ended = wait_for(ends, pause_ms * 1000000);
        wait_ns -= pause_ms * 1000000;
        service_alive(service, monotonic_ms());
    }
    return ended || wait_for(ends, wait_ns);
}

/* When an evaluation is to be made. */
struct turn {
    int64_t due_s;
    int64_t now_s; /* by the twin's clock */
    bool over;     /* there is none any more: a signal, or --until */
};

static int await_wall_clock(struct live_session *session, const sigset_t *ends, struct turn *turn)
{
    const struct live_plan *plan = &session->plan;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    turn->due_s = live_due(plan, now.tv_sec) + plan->every_s;
    int64_t wait_ns = (turn->due_s - now.tv_sec) * INT64_C(1000000000) - now.tv_nsec;
    turn->over = turn->due_s >= plan->until_s || wait_alive(&session->service, ends, wait_ns);
    return STATUS_OK;
}

/* The twin's time is stepped to the next evaluation, or watched until it is there. */
static int await_twin(struct live_session *session, const sigset_t *ends, struct turn *turn)
{
    enum { LOOK_NS = 20000000 };
    const struct live_plan *plan = &session->plan;
    struct error err = {0};
    bool known = turn->now_s && session->options.advance; /* nobody else steps it */
    int status = known ? STATUS_OK : live_run_now(session->run, &turn->now_s, &err);
    turn->due_s = live_due(plan, turn->now_s) + plan->every_s;
    turn->over = status || turn->due_s >= plan->until_s || wait_alive(&session->service, ends, 0);
    if (!turn->over && session->options.advance)
        status = live_run_advance(session->run, turn->due_s - turn->now_s, &turn->now_s, &err);
    while (!status && !turn->over && turn->now_s < turn->due_s) {
        turn->over = wait_alive(&session->service, ends, LOOK_NS);
        if (!turn->over)
            status = live_run_now(session->run, &turn->now_s, &err);
    }
    if (status)
        command_fail(session->help->name, &err);
    return status;
}

/* What `systemctl status` shows. */
static void status_text(const struct live_session *session, int status, int64_t due_s)
{
    char time[TIMESTAMP_TEXT_SIZE];
    char *text = memory_format("STATUS=the evaluation of %s %s", timestamp_format(due_s, time),
                               status ? "failed" : "went well");
    service_tell(&session->service, text);
    free(text);
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
    struct turn turn = {0};
    int status = session_open(&session, true, argc, argv);
    service_open(&session.service, environ);
    if (!status)
        service_tell(&session.service, "READY=1");
    while (!status) {
        status = session.plan.twin ? await_twin(&session, &ends, &turn)
                                   : await_wall_clock(&session, &ends, &turn);
        if (status || turn.over)
            break;
        status_text(&session, session_evaluate(&session, turn.due_s, turn.now_s), turn.due_s);
        /* Nobody would ever see what is decided. */
        if (ferror(stdout))
            status = STATUS_FAILURE;
    }
    service_tell(&session.service, "STOPPING=1");
    service_close(&session.service);
    return session_close(&session, status);
}

int command_live(int argc, char **argv)
{
    static const struct subcommand subcommands[] = {
        {"once", command_live_once, "one evaluation, for cron; shadow unless --apply"},
        {"daemon", command_live_daemon, "the same every minute, until told to end"},
        {"doctor", command_live_doctor, "what is wrong with an account's set-up, and what to do"},
        {"template", command_live_template, "the simulated set-up as a CloudFormation template"},
        {"replay", command_live_replay, "what another policy would have decided on a recording"},
        {"status", command_live_status,
         "how the controllers that record are doing, and what is wrong"},
        {"validate", command_live_validate,
         "a recording simulated, beside what happened and its bill"},
        {0},
    };
    return command_family("live", "the controller against a real account", subcommands, argc, argv);
}
