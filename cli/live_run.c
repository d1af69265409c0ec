/* The controller against a real account: set up once, evaluated as often as one likes. */
#include "base/memory.h"
#include "live.h"
#include "live/evaluation.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct live_run {
    const char *command;
    const struct live_options *options;
    const struct live_plan *plan;
    struct live_log log;
    struct live_clock clock;
    struct settings settings;
    struct http http;
    struct credential_chain *chain;
    struct client client;
    struct live_state_key key;
    struct live_state state;
    struct live_account *account;
    /* Two controllers, one that acts and one that does not; the state's bytes go from one to the
     * other as the guards say. */
    struct controller *acting;
    struct controller *watching;
    void *policy_state; /* as of the last evaluation */
};

static void warn(const char *text, void *context)
{
    const struct live_run *run = context;
    fprintf(stderr, "ballast %s: warning: %s\n", run->command, text);
}

void live_run_close(struct live_run *run)
{
    controller_destroy(run->acting);
    controller_destroy(run->watching);
    if (run->account)
        live_account_destroy(run->account);
    live_state_close(&run->state);
    if (run->chain)
        credential_chain_destroy(run->chain);
    http_curl_close(&run->http);
    settings_clean_up(&run->settings);
    free(run->policy_state);
    free(run);
}

static void set_up_controllers(struct live_run *run)
{
    const struct live_plan *plan = run->plan;
    struct controller_guards guards = plan->guards;
    run->acting = controller_new(plan->policy, plan->parameters, &guards);
    guards.dry_run = true;
    run->watching = controller_new(plan->policy, plan->parameters, &guards);
    run->policy_state = memory_new(plan->policy->state_size + 1, 1);
    memcpy(run->policy_state, controller_state(run->watching), plan->policy->state_size);
    run->key = (struct live_state_key){run->options->fleet, run->options->group, plan->policy,
                                       plan->parameters};
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
    /* Without credentials there is nothing to evaluate: say that once, not at each call. */
    const struct credentials *credentials = NULL;
    return source.get(false, &credentials, err, source.context);
}

int live_run_open(struct live_run **out_run, const char *command,
                  const struct live_options *options, const struct live_plan *plan,
                  struct error *err)
{
    struct live_run *run = memory_new(1, sizeof *run);
    *run = (struct live_run){
        .command = command, .options = options, .plan = plan, .state = {.lock = -1}};
    run->log = (struct live_log){warn, run};
    set_up_controllers(run);
    int status = find_account(run, err);
    if (!status && options->state)
        status = live_state_open(&run->state, options->state, &run->key, run->policy_state,
                                 &run->log, err);
    if (status)
        live_run_close(run);
    else
        *out_run = run;
    return status;
}

struct told {
    struct text line;
    struct evaluation_context context;
    bool refused; /* what the evaluation did was not accepted */
};

static void tell(const struct controller_evaluation *evaluation, void *context)
{
    struct told *told = context;
    evaluation_json(&told->line, evaluation, &told->context);
    told->refused = evaluation->outcome == CLOUD_FAILED ||
                    evaluation->outcome == CLOUD_VALIDATION_ERROR ||
                    evaluation->fleet_outcome == CLOUD_FAILED;
}

/* Why nothing may be changed though --apply was given; NULL if nothing speaks against it. Whether
 * the file is there must be certain. */
static const char *stopped_by(const struct live_run *run)
{
    if (access(run->options->stop_file, F_OK) == 0 || errno != ENOENT)
        return "stop-file";
    return run->state.failures >= run->plan->stop_after ? "failures" : NULL;
}

int live_run_once(struct live_run *run, struct error *err)
{
    const struct live_options *options = run->options;
    const size_t size = run->plan->policy->state_size;
    const char *stopped = options->apply ? stopped_by(run) : NULL;
    struct controller *controller = options->apply && !stopped ? run->acting : run->watching;
    struct told told = {.context = {run->plan->policy, run->plan->policy_name, options->fleet,
                                    options->group,
                                    stopped          ? "stopped"
                                    : options->apply ? "apply"
                                                     : "shadow"}};
    const struct cloud cloud = live_account_cloud(run->account);
    const struct controller_recorder recorder = {&told, tell};
    run->client.deadline_ms =
        run->clock.monotonic_ms(run->clock.context) + run->plan->time_limit_s * 1000;
    memcpy(controller_state(controller), run->policy_state, size);
    controller_tick(controller, &cloud, BALLAST_SCHEDULE, &recorder);
    memcpy(run->policy_state, controller_state(controller), size);
    int64_t failed = live_account_failures(run->account);
    run->state.failures = failed || told.refused ? run->state.failures + 1 : 0;
    if (stopped)
        text_addf(&told.line, ",\"stopped_by\":\"%s\"", stopped);
    text_addf(&told.line, ",\"failed_calls\":%lld,\"failures_in_a_row\":%lld}", (long long)failed,
              (long long)run->state.failures);
    printf("%s\n", told.line.data);
    int status = STATUS_OK;
    if (fflush(stdout) != 0)
        status =
            error_set(err, STATUS_FAILURE, "the output could not be written: %s", strerror(errno));
    text_clean_up(&told.line);
    if (options->state) {
        int saved = live_state_save(&run->state, &run->key, run->policy_state, status ? NULL : err);
        status = status ? status : saved;
    }
    if (!status && (failed || told.refused))
        status = error_set(err, STATUS_FAILURE, "%lld of its calls failed", (long long)failed);
    return status;
}
