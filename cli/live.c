/* ballast live: the controller against a real account. */
#include "base/decimal.h"
#include "base/memory.h"
#include "commands.h"
#include "live/account.h"
#include "live/evaluation.h"
#include "live/secret.h"
#include "live/state.h"
#include "options.h"
#include "policy/builtin.h"
#include "policy/parameters.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static const char COMMAND[] = "live once";

/* What the user said. */
struct live_options {
    const char *fleet;
    const char *group;
    const char *cluster;
    const char *product;
    const char *units_per_instance;
    const char *policy;
    struct option_list set;
    const char *max_step;
    const char *max_desired;
    const char *stale_after;
    const char *stop_file;
    const char *stop_after;
    const char *state;
    const char *time_limit;
    struct settings_options account;
    bool apply;
};

/* What follows from it. */
struct live_plan {
    const struct ballast_policy *policy;
    const char *policy_name;
    int64_t parameters[BALLAST_PARAMETERS_MAX];
    struct controller_guards guards;
    struct live_account_names names;
    int64_t stop_after;
    int64_t time_limit_s;
};

/* ---- options to plan --------------------------------------------------------------------------
 */

static int whole_number(const char *option, const char *text, int64_t min, int64_t max,
                        int64_t *out_value, struct error *err)
{
    if (!text)
        return STATUS_OK;
    const struct ballast_parameter number = {
        .name = option, .type = BALLAST_INTEGER, .min = min, .max = max};
    return policy_parse_value(&number, text, out_value, err);
}

static int choose_policy(struct live_plan *plan, const struct live_options *options,
                         struct error *err)
{
    plan->policy_name = options->policy ? options->policy : "pending-capacity";
    const char *colon = strchr(plan->policy_name, ':');
    char *base = memory_copy_bytes(plan->policy_name, strcspn(plan->policy_name, ":"));
    plan->policy = policy_find(base);
    free(base);
    const struct ballast_preset *preset = NULL;
    if (plan->policy && colon)
        preset = policy_find_preset(plan->policy, colon + 1);
    if (!plan->policy || (colon && !preset))
        return error_set(err, STATUS_BAD_INPUT, "no policy \"%s\" (see ballast policy list)",
                         plan->policy_name);
    policy_default_values(plan->policy, preset, plan->parameters);
    for (size_t i = 0; i < options->set.count; i++) {
        const char *text = options->set.values[i];
        char *name = memory_copy_bytes(text, strcspn(text, "="));
        const char *value = strchr(text, '=');
        int index = policy_find_parameter(plan->policy, name);
        free(name);
        if (index < 0 || !value)
            return error_set(err, STATUS_BAD_INPUT,
                             "--set %s: write PARAMETER=VALUE with a parameter of %s (see ballast "
                             "policy show %s)",
                             text, plan->policy->name, plan->policy->name);
        int status = policy_parse_value(&plan->policy->parameters[index], value + 1,
                                        &plan->parameters[index], err);
        if (status)
            return status;
    }
    return STATUS_OK;
}

static int need_guards(const struct live_options *options, struct error *err)
{
    const char *const needed[][2] = {
        {"max-step", options->max_step},
        {"max-desired", options->max_desired},
        {"stale-after", options->stale_after},
        {"stop-file", options->stop_file},
        {"state", options->state},
    };
    for (size_t i = 0; options->apply && i < ARRAY_LENGTH(needed); i++) {
        if (!needed[i][1])
            return error_set(err, STATUS_BAD_INPUT,
                             "--apply changes a real account and demands its guards: --%s is "
                             "missing",
                             needed[i][0]);
    }
    return STATUS_OK;
}

static int make_plan(struct live_plan *out_plan, const struct live_options *options,
                     struct error *err)
{
    int64_t units = 4 * INT64_C(1000000);
    const struct ballast_parameter capacity = {
        .name = "--units-per-instance", .type = BALLAST_CAPACITY, .min = 1, .max = 1000000000000};
    *out_plan = (struct live_plan){.stop_after = 5, .time_limit_s = 50};
    if (!options->fleet || !options->group)
        return error_set(err, STATUS_BAD_INPUT, "which account's? --%s is missing",
                         options->fleet ? "group" : "fleet");
    int status = choose_policy(out_plan, options, err);
    if (!status)
        status = need_guards(options, err);
    if (!status && options->units_per_instance)
        status = policy_parse_value(&capacity, options->units_per_instance, &units, err);
    if (!status)
        status = whole_number("--max-step", options->max_step, 1, 100000,
                              &out_plan->guards.max_step_instances, err);
    if (!status)
        status = whole_number("--max-desired", options->max_desired, 1, 100000,
                              &out_plan->guards.max_desired_instances, err);
    if (!status)
        status = whole_number("--stale-after", options->stale_after, 60, 86400,
                              &out_plan->guards.stale_after_s, err);
    if (!status)
        status = whole_number("--stop-after", options->stop_after, 1, 100000, &out_plan->stop_after,
                              err);
    if (!status)
        status = whole_number("--time-limit", options->time_limit, 1, 3600, &out_plan->time_limit_s,
                              err);
    if (!status && out_plan->policy->state_size && !options->state)
        status = error_set(err, STATUS_BAD_INPUT,
                           "policy %s remembers things between evaluations: name a file for them "
                           "with --state",
                           out_plan->policy->name);
    out_plan->names = (struct live_account_names){
        .fleet_id = options->fleet,
        .group = options->group,
        .cluster = options->cluster,
        .product = options->product ? options->product : "Linux/UNIX",
        .units_per_instance_micro = units,
    };
    return status;
}

/* ---- one evaluation ---------------------------------------------------------------------------
 */

static void warn(const char *text, void *context)
{
    (void)context;
    fprintf(stderr, "ballast %s: warning: %s\n", COMMAND, text);
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
static const char *stopped_by(const struct live_options *options, const struct live_plan *plan,
                              const struct live_state *state)
{
    if (access(options->stop_file, F_OK) == 0 || errno != ENOENT)
        return "stop-file";
    return state->failures >= plan->stop_after ? "failures" : NULL;
}

static int evaluate(const struct live_options *options, const struct live_plan *plan,
                    struct client *client, const struct live_log *log, struct error *err)
{
    const struct live_state_key key = {options->fleet, options->group, plan->policy,
                                       plan->parameters};
    struct live_state state = {.lock = -1};
    struct controller_guards guards = plan->guards;
    const char *stopped = NULL;
    /* A controller of its own gives the state's first bytes. */
    struct controller *first = controller_new(plan->policy, plan->parameters, &guards);
    int status = STATUS_OK;
    if (options->state)
        status = live_state_open(&state, options->state, &key, controller_state(first), log, err);
    if (!status && options->apply)
        stopped = stopped_by(options, plan, &state);
    guards.dry_run = !options->apply || stopped;
    struct controller *controller = controller_new(plan->policy, plan->parameters, &guards);
    if (plan->policy->state_size)
        memcpy(controller_state(controller), controller_state(first), plan->policy->state_size);
    controller_destroy(first);
    if (!status) {
        struct live_account *account = live_account_new(client, &plan->names, log);
        const struct cloud cloud = live_account_cloud(account);
        struct told told = {.context = {plan->policy, plan->policy_name, options->fleet,
                                        options->group,
                                        stopped          ? "stopped"
                                        : options->apply ? "apply"
                                                         : "shadow"}};
        const struct controller_recorder recorder = {&told, tell};
        controller_tick(controller, &cloud, BALLAST_SCHEDULE, &recorder);
        int64_t failed = live_account_failures(account);
        state.failures = failed || told.refused ? state.failures + 1 : 0;
        if (stopped)
            text_addf(&told.line, ",\"stopped_by\":\"%s\"", stopped);
        text_addf(&told.line, ",\"failed_calls\":%lld,\"failures_in_a_row\":%lld}",
                  (long long)failed, (long long)state.failures);
        printf("%s\n", told.line.data);
        text_clean_up(&told.line);
        if (options->state)
            status = live_state_save(&state, &key, controller_state(controller), err);
        if (!status && (failed || told.refused))
            status = error_set(err, STATUS_FAILURE, "%lld calls failed", (long long)failed);
        live_account_destroy(account);
        live_state_close(&state);
    }
    controller_destroy(controller);
    return status;
}

static int connect_and_evaluate(const struct live_options *options, const struct live_plan *plan,
                                struct error *err)
{
    const struct live_log log = {warn, NULL};
    struct live_clock clock = live_clock_of_machine();
    struct settings settings;
    struct http http = {0};
    int status = settings_read(&settings, &options->account, environ, &log, err);
    if (status)
        return status;
    status = http_curl_open(&http, settings.ca_bundle, err);
    if (!status) {
        struct credential_chain *chain = credential_chain_new(&settings, &http, &clock, &log);
        const struct credential_source source = credential_chain_source(chain);
        const struct credentials *credentials = NULL;
        struct client client = client_new(&settings, &http, &clock, &source);
        client.deadline_ms = clock.monotonic_ms(clock.context) + plan->time_limit_s * 1000;
        /* Without credentials there is nothing to evaluate: say that once, not at each call. */
        status = source.get(false, &credentials, err, source.context);
        if (!status)
            status = evaluate(options, plan, &client, &log, err);
        credential_chain_destroy(chain);
        http_curl_close(&http);
    }
    settings_clean_up(&settings);
    return status;
}

static int command_live_once(int argc, char **argv)
{
    struct live_options o = {0};
    const struct option_spec specs[] = {
        {.name = "fleet", .placeholder = "ID", .help = "the Spot Fleet request", .value = &o.fleet},
        {.name = "group",
         .placeholder = "NAME",
         .help = "the backup Auto Scaling group",
         .value = &o.group},
        {.name = "cluster",
         .placeholder = "NAME",
         .help = "the ECS cluster, for policies that look at it",
         .value = &o.cluster},
        {.name = "units-per-instance",
         .placeholder = "UNITS",
         .help = "fleet capacity that one backup instance stands for (4)",
         .value = &o.units_per_instance},
        {.name = "product",
         .placeholder = "NAME",
         .help = "product of spot prices (Linux/UNIX)",
         .value = &o.product},
        {.name = "policy",
         .placeholder = "NAME[:PRESET]",
         .help = "the policy (pending-capacity)",
         .value = &o.policy},
        {.name = "set",
         .placeholder = "NAME=VALUE",
         .help = "a parameter of the policy; repeatable",
         .list = &o.set},
        {.name = "state",
         .placeholder = "FILE",
         .help = "what is remembered between evaluations, and the lock of this fleet",
         .value = &o.state},
        {.name = "apply",
         .help = "change the account; demands all guards below and --state",
         .flag = &o.apply},
        {.name = "max-step",
         .placeholder = "N",
         .help = "guard: raise desired capacity by at most N instances",
         .value = &o.max_step},
        {.name = "max-desired",
         .placeholder = "N",
         .help = "guard: never ask for more than N instances",
         .value = &o.max_desired},
        {.name = "stale-after",
         .placeholder = "SECONDS",
         .help = "guard: missing metrics, or older ones, never scale in",
         .value = &o.stale_after},
        {.name = "stop-file",
         .placeholder = "FILE",
         .help = "guard: while FILE is there, nothing is changed",
         .value = &o.stop_file},
        {.name = "stop-after",
         .placeholder = "N",
         .help = "change nothing after N failed evaluations in a row (5)",
         .value = &o.stop_after},
        {.name = "time-limit",
         .placeholder = "SECONDS",
         .help = "begin no call or retry after this long (50)",
         .value = &o.time_limit},
        {.name = "region", .placeholder = "NAME", .help = "the region", .value = &o.account.region},
        {.name = "profile",
         .placeholder = "NAME",
         .help = "profile of the shared config files",
         .value = &o.account.profile},
        {.name = "endpoint-url",
         .placeholder = "URL",
         .help = "where all services are, instead of AWS",
         .value = &o.account.endpoint_url},
        {0},
    };
    static const struct command_help help = {
        .name = COMMAND,
        .arguments = "",
        .description =
            "Look at a real account once, decide, and print one line of JSON. Nothing is changed\n"
            "(shadow) unless --apply is given. Credentials, region and endpoints are found as "
            "AWS's\n"
            "own clients find them.",
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(COMMAND, status);
    /* A connection that breaks is an error to handle, not the end. */
    signal(SIGPIPE, SIG_IGN);
    secrets_no_core();
    struct error err = {0};
    struct live_plan plan;
    status = make_plan(&plan, &o, &err);
    if (!status)
        status = connect_and_evaluate(&o, &plan, &err);
    if (status)
        command_fail(COMMAND, &err);
    options_clean_up(specs, &arguments);
    return command_end(COMMAND, status);
}

int command_live(int argc, char **argv)
{
    static const struct subcommand subcommands[] = {
        {"once", command_live_once, "one evaluation, for cron; shadow unless --apply"},
        {0},
    };
    return command_family("live", subcommands, argc, argv);
}
