#include "lambda/handler.h"

#include "lambda/config.h"
#include "lambda/event.h"
#include "operate/run.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* Left of an invocation's time for the state to be saved and the answer to be sent. */
enum { ANSWER_MS = 500 };

struct function {
    struct runtime *runtime;
    struct lambda_config config;
    struct live_plan plan;
    struct live_run *run;
};

/* How long the evaluation may take; the answer, like the deadline, goes by the wall clock. */
static int limit(const struct invocation *invocation, int64_t *out_ms, struct error *err)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    *out_ms = 0;
    if (invocation->deadline_ms == 0)
        return STATUS_OK;
    *out_ms =
        invocation->deadline_ms - ((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000) - ANSWER_MS;
    return *out_ms > 0 ? STATUS_OK
                       : error_set(err, STATUS_FAILURE,
                                   "the deadline is less than %d ms away: nothing was done; give "
                                   "the function more time",
                                   ANSWER_MS);
}

static int read_event(const struct function *function, const struct invocation *invocation,
                      struct lambda_event *out_event, struct error *err)
{
    const char *fleet = function->config.options.fleet;
    int status = lambda_event_read(out_event, invocation->event.data ? invocation->event.data : "",
                                   invocation->event.size, err);
    if (!status && out_event->fleet_id[0] && strcmp(out_event->fleet_id, fleet) != 0)
        status = error_set(err, STATUS_BAD_INPUT,
                           "the event is of fleet %s, and this function looks after %s: give each "
                           "fleet a function of its own",
                           out_event->fleet_id, fleet);
    return status;
}

/* One invocation, answered. An error is one of the runtime API. */
static int serve_one(struct function *function, const struct invocation *invocation,
                     struct error *err)
{
    struct error failed = {0};
    struct lambda_event event;
    struct live_turn turn = {0};
    const char *type = "Ballast.BadEvent";
    int status = read_event(function, invocation, &event, &failed);
    if (!status) {
        type = "Ballast.EvaluationFailed";
        status = limit(invocation, &turn.limit_ms, &failed);
    }
    if (!status)
        status = live_run_now(function->run, &turn.now_s, &failed);
    if (!status) {
        turn.trigger = event.trigger;
        turn.due_s = live_due(&function->plan, turn.now_s);
        status = live_run_once(function->run, &turn, &failed);
    }
    if (!status)
        return runtime_respond(function->runtime, invocation, live_run_line(function->run), err);
    fprintf(stderr, "ballast-lambda: %s\n", failed.text);
    return runtime_fail(function->runtime, invocation, type, failed.text, err);
}

static int set_up(struct function *function, char *const *environment, struct error *err)
{
    static const struct live_program program = {"ballast-lambda", BALLAST_VERSION};
    int status = lambda_config_read(&function->config, environment, err);
    if (!status)
        status = live_plan_make(&function->plan, &function->config.options, err);
    if (!status)
        status = live_run_open(&function->run, &program, &function->config.options, &function->plan,
                               err);
    return status;
}

int lambda_serve(struct runtime *runtime, char *const *environment, struct error *err)
{
    struct function function = {.runtime = runtime};
    int status = set_up(&function, environment, err);
    if (status) {
        struct error untold = {0};
        runtime_fail(runtime, NULL, "Ballast.BadSettings", err->text, &untold);
    }
    while (!status) {
        struct invocation invocation;
        status = runtime_next(runtime, &invocation, err);
        if (!status)
            status = serve_one(&function, &invocation, err);
        invocation_clean_up(&invocation);
    }
    if (function.run)
        live_run_close(function.run);
    policy_choice_clean_up(&function.plan.choice);
    lambda_config_clean_up(&function.config);
    return status;
}
