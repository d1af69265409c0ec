#include "operate/run.h"

#include "base/memory.h"
#include "base/output.h"
#include "base/timestamp.h"
#include "live/evaluation.h"
#include "live/lock.h"
#include "live/state.h"
#include "live/twin_clock.h"
#include "operate/metrics.h"
#include "operate/watch.h"
#include "policy/composed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct live_run {
    struct live_program program;
    const struct live_options *options;
    const struct live_plan *plan;
    struct live_log log;
    struct live_clock clock;
    struct settings settings;
    struct http http;
    struct credential_chain *chain;
    struct client client;
    struct live_lock lock;
    struct live_state_key key;
    struct live_state state;
    struct live_account *account;
    struct twin_clock twin; /* where its time counts */
    /* Two controllers, one that acts and one that does not; the state's bytes go from one to the
     * other as the guards say. */
    struct controller *acting;
    struct controller *watching;
    void *policy_state; /* as of the last evaluation */
    struct recording_settings recording_settings;
    struct results *results;
    char *policy_identity;
    struct recording *recording; /* NULL: none was asked for */
    struct live_metrics metrics; /* without a path: none were asked for */
    struct text line;            /* of the last evaluation */
};

static void warn(const char *text, void *context)
{
    const struct live_run *run = context;
    fprintf(stderr, "%s: warning: %s\n", run->program.name, text);
}

void live_run_close(struct live_run *run)
{
    text_clean_up(&run->line);
    metrics_close(&run->metrics);
    recording_close(run->recording);
    results_close(run->results);
    controller_destroy(run->acting);
    controller_destroy(run->watching);
    if (run->account)
        live_account_destroy(run->account);
    live_state_close(&run->state);
    live_lock_release(&run->lock);
    if (run->chain)
        credential_chain_destroy(run->chain);
    twin_clock_close(&run->twin);
    http_curl_close(&run->http);
    settings_clean_up(&run->settings);
    free(run->policy_identity);
    free(run->policy_state);
    free(run);
}

static void set_up_controllers(struct live_run *run)
{
    const struct live_plan *plan = run->plan;
    struct controller_guards guards = plan->guards;
    run->acting = controller_new(plan->choice.policy, plan->choice.values, &guards);
    guards.dry_run = true;
    run->watching = controller_new(plan->choice.policy, plan->choice.values, &guards);
    run->policy_state = memory_new(plan->choice.policy->state_size + 1, 1);
    memcpy(run->policy_state, controller_state(run->watching), plan->choice.policy->state_size);
    run->key = (struct live_state_key){run->options->fleet, run->options->group,
                                       plan->choice.policy, plan->choice.values};
}

static int find_account(struct live_run *run, struct error *err)
{
    int status = settings_read(&run->settings, &run->options->account, environ, &run->log, err);
    if (!status)
        status = http_curl_open(&run->http, run->settings.ca_bundle, err);
    if (status)
        return status;
    run->clock = live_clock_of_machine();
    run->chain = credential_chain_new(&run->settings, &run->http, &run->clock, &run->log);
    const struct credential_source source = credential_chain_source(run->chain);
    run->client = client_new(&run->settings, &run->http, &run->clock, &source);
    run->account = live_account_new(&run->client, &run->plan->names, &run->log);
    run->client.simulated = run->plan->twin;
    if (run->plan->twin)
        status = twin_clock_open(&run->twin, &run->settings, &run->http, err);
    if (status)
        return status;
    /* Without credentials there is nothing to evaluate: say that once, not at each call. */
    const struct credentials *credentials = NULL;
    return source.get(false, &credentials, err, source.context);
}

static int open_recording(struct live_run *run, struct error *err)
{
    const struct live_plan *plan = run->plan;
    run->policy_identity = policy_choice_identity(&plan->choice);
    run->recording_settings = (struct recording_settings){
        .region = run->settings.region,
        .fleet_id = run->options->fleet,
        .group = run->options->group,
        .cluster = run->options->cluster,
        .product = plan->names.product,
        .units_per_instance_micro = plan->names.units_per_instance_micro,
        .policy = plan->choice.policy,
        .policy_name = run->policy_identity,
        .parameters = plan->choice.values,
        .guards = plan->guards,
        .clock = plan->twin ? "twin" : "wall",
        .every_s = plan->every_s,
        .version = run->program.version,
    };
    int status = results_open(&run->results, run->options->record, true, err);
    if (!status)
        status = recording_open(&run->recording, run->results, &run->recording_settings, err);
    return status;
}

int live_run_open(struct live_run **out_run, const struct live_program *program,
                  const struct live_options *options, const struct live_plan *plan,
                  struct error *err)
{
    struct live_run *run = memory_new(1, sizeof *run);
    *run = (struct live_run){.program = *program,
                             .options = options,
                             .plan = plan,
                             .lock = {.file = -1},
                             .state = {.lock = -1}};
    run->log = (struct live_log){warn, run};
    set_up_controllers(run);
    int status = find_account(run, err);
    if (!status)
        status = live_lock_take(&run->lock, live_lock_folder(environ), &run->settings,
                                options->fleet, options->group, err);
    if (!status && options->state)
        status = live_state_open(&run->state, options->state, &run->key, run->policy_state,
                                 &run->log, err);
    if (!status && options->record)
        status = open_recording(run, err);
    if (!status && options->metrics)
        status = output_check(options->metrics, err);
    if (!status && options->metrics) {
        metrics_open(&run->metrics, options->metrics, options->fleet, options->group);
        run->metrics.every_s = plan->every_s;
        run->metrics.on_demand_micro_usd_per_hour = plan->on_demand_micro_usd_per_hour;
    }
    if (status)
        live_run_close(run);
    else
        *out_run = run;
    return status;
}

int live_run_now(struct live_run *run, int64_t *out_now_s, struct error *err)
{
    if (run->plan->twin)
        return twin_clock_now(&run->twin, out_now_s, err);
    *out_now_s = run->clock.now_s(run->clock.context);
    return STATUS_OK;
}

int live_run_advance(struct live_run *run, int64_t seconds, int64_t *out_now_s, struct error *err)
{
    return twin_clock_advance(&run->twin, seconds, out_now_s, err);
}

/* Why nothing may be changed though --apply was given; NULL if nothing speaks against it. Whether
 * the file is there must be certain. */
static const char *stopped_by(const struct live_run *run)
{
    if (access(run->options->stop_file, F_OK) == 0 || errno != ENOENT)
        return "stop-file";
    return run->state.failures >= run->plan->stop_after ? "failures" : NULL;
}

/* One evaluation on its way. */
struct evaluation {
    struct live_run *run;
    const struct live_turn *turn;
    const char *stopped; /* by what, or NULL */
    struct controller *controller;
    struct controller_decided decided;
    bool recorded;
    bool refused; /* what the evaluation did was not accepted */
    int status;   /* of what was written */
    struct error *err;
};

/* The first error stays. */
static void note(struct evaluation *evaluation, int status)
{
    if (status && !evaluation->status)
        evaluation->status = status;
}

static struct error *place(const struct evaluation *evaluation)
{
    return evaluation->status ? NULL : evaluation->err;
}

static const char *mode_of(const struct evaluation *evaluation)
{
    return evaluation->stopped ? "stopped" : evaluation->run->options->apply ? "apply" : "shadow";
}

/* The controller's recorder: what was done, on its line and in the recording. */
static void tell(const struct controller_evaluation *done, void *context)
{
    struct evaluation *evaluation = context;
    const struct live_run *run = evaluation->run;
    const struct evaluation_context said = {run->plan->choice.policy, run->plan->choice.name,
                                            run->options->fleet, run->options->group,
                                            mode_of(evaluation)};
    evaluation->refused = done->outcome == CLOUD_FAILED ||
                          done->outcome == CLOUD_VALIDATION_ERROR ||
                          done->fleet_outcome == CLOUD_FAILED;
    if (evaluation->recorded && evaluation->controller == run->acting &&
        (done->outcome != CLOUD_NOT_CALLED || done->fleet_outcome != CLOUD_NOT_CALLED))
        note(evaluation, recording_outcome(run->recording, done->outcome, done->fleet_outcome,
                                           live_account_failures(run->account), place(evaluation)));
    evaluation_json(&evaluation->run->line, done, &said);
    if (run->metrics.path)
        metrics_evaluation(&evaluation->run->metrics, run->plan->choice.policy, done);
}

/* What cannot be recorded is not done. */
static void record_intention(struct evaluation *evaluation)
{
    struct live_run *run = evaluation->run;
    const struct recording_intention intention = {
        .due_s = evaluation->turn->due_s,
        .mode = mode_of(evaluation),
        .stopped_by = evaluation->stopped,
        .acts = evaluation->controller == run->acting,
        .state_before = run->policy_state,
        .state_after = controller_state(evaluation->controller),
        .controller = evaluation->controller,
        .decided = &evaluation->decided,
        .failed_calls = live_account_failures(run->account),
    };
    int status = recording_intend(run->recording, &intention, place(evaluation));
    evaluation->recorded = !status;
    note(evaluation, status);
    if (status && evaluation->controller == run->acting)
        evaluation->stopped = "recording";
}

static void decide_and_act(struct evaluation *evaluation)
{
    struct live_run *run = evaluation->run;
    const size_t size = run->plan->choice.policy->state_size;
    const struct cloud cloud = live_account_cloud(run->account);
    const struct controller_recorder recorder = {evaluation, tell};
    void *state = controller_state(evaluation->controller);
    memcpy(state, run->policy_state, size);
    controller_decide(evaluation->controller, &cloud, evaluation->turn->trigger, state,
                      &evaluation->decided);
    note(evaluation, policy_failure(run->plan->choice.policy, place(evaluation)));
    if (run->recording)
        record_intention(evaluation);
    controller_act(evaluation->stopped ? run->watching : evaluation->controller, &cloud,
                   &evaluation->decided, &recorder);
    memcpy(run->policy_state, state, size);
}

static void print_line(struct evaluation *evaluation, int64_t failed)
{
    struct live_run *run = evaluation->run;
    struct text *line = &run->line;
    if (evaluation->stopped)
        text_addf(line, ",\"stopped_by\":\"%s\"", evaluation->stopped);
    text_addf(line, ",\"failed_calls\":%lld,\"failures_in_a_row\":%lld}", (long long)failed,
              (long long)run->state.failures);
    printf("%s\n", line->data);
    if (fflush(stdout) != 0)
        note(evaluation, error_set(place(evaluation), STATUS_FAILURE,
                                   "the output could not be written: %s", strerror(errno)));
}

static int refuse_decided(struct live_run *run, int64_t due_s, struct error *err)
{
    char text[TIMESTAMP_TEXT_SIZE];
    bool decided = false;
    int status = recording_decided(run->recording, due_s, &decided, err);
    if (!status && decided)
        status = error_set(err, STATUS_FAILURE,
                           "%s: the evaluation of %s, or a later one, is recorded already: nothing "
                           "is done twice",
                           run->options->record, timestamp_format(due_s, text));
    return status;
}

const char *live_run_line(const struct live_run *run)
{
    return run->line.data;
}

static void write_metrics(const struct evaluation *evaluation, int64_t now_s, int64_t duration_ms)
{
    struct live_run *run = evaluation->run;
    struct error err = {0};
    const struct metrics_end end = {
        .due_s = evaluation->turn->due_s,
        .now_s = now_s,
        .duration_ms = duration_ms,
        .failed_calls = live_account_failures(run->account),
        .failures_in_a_row = run->state.failures,
        .mode = mode_of(evaluation),
        .failed = evaluation->status,
    };
    if (metrics_write(&run->metrics, &end, &err))
        live_warn(&run->log, "%s", err.text);
}

/* The surroundings, for the recording, and the figures. Neither can fail the evaluation. */
static void look_around(const struct evaluation *evaluation, int64_t began_ms)
{
    struct live_run *run = evaluation->run;
    int64_t now_s =
        run->plan->twin ? evaluation->turn->now_s : run->clock.now_s(run->clock.context);
    int64_t duration_ms = run->clock.monotonic_ms(run->clock.context) - began_ms;
    if (run->recording)
        live_watch_and_record(&(struct live_watch_task){&run->client, run->account,
                                                        &run->plan->names, run->recording,
                                                        &run->log, run->plan->watch_every_s,
                                                        run->metrics.path ? &run->metrics : NULL},
                              now_s);
    if (run->metrics.path)
        write_metrics(evaluation, now_s, duration_ms);
}

int live_run_once(struct live_run *run, const struct live_turn *turn, struct error *err)
{
    const struct live_options *options = run->options;
    int status = run->recording ? refuse_decided(run, turn->due_s, err) : STATUS_OK;
    if (status)
        return status;
    if (run->plan->twin)
        live_account_set_now(run->account, turn->now_s);
    const char *stopped = options->apply ? stopped_by(run) : NULL;
    struct evaluation evaluation = {.run = run,
                                    .turn = turn,
                                    .stopped = stopped,
                                    .controller =
                                        options->apply && !stopped ? run->acting : run->watching,
                                    .err = err};
    int64_t began_ms = run->clock.monotonic_ms(run->clock.context);
    int64_t limit_ms = run->plan->time_limit_s * 1000;
    if (turn->limit_ms && turn->limit_ms < limit_ms)
        limit_ms = turn->limit_ms;
    run->client.deadline_ms = began_ms + limit_ms;
    text_clean_up(&run->line);
    decide_and_act(&evaluation);
    int64_t failed = live_account_failures(run->account);
    run->state.failures = failed || evaluation.refused ? run->state.failures + 1 : 0;
    print_line(&evaluation, failed);
    if (options->state)
        note(&evaluation,
             live_state_save(&run->state, &run->key, run->policy_state, place(&evaluation)));
    if (!evaluation.status && (failed || evaluation.refused))
        note(&evaluation,
             error_set(err, STATUS_FAILURE, "%lld of its calls failed", (long long)failed));
    look_around(&evaluation, began_ms);
    return evaluation.status;
}
