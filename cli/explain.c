/* ballast explain: what a recorded run saw at a time, what it decided, and why, in words.
 *
 * The decision stands in the database. What exactly was seen does not: it is found by simulating
 * the run again from its provenance up to that time, if the traces are still what they were.
 */
#include "base/memory.h"
#include "base/timestamp.h"
#include "commands.h"
#include "options.h"
#include "policy/words.h"
#include "session.h"
#include "show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The last evaluation at or before the time asked for, in words. */
struct seen {
    const struct ballast_policy *policy;
    int64_t time_s; /* asked for */
    int64_t now_s;  /* of the evaluation */
    int64_t acts_s; /* when it made its calls */
    struct text text;
    char words[512];    /* its reason */
    struct text faults; /* injected from its second on */
};

static const char *const statistic_names[BALLAST_STATISTICS] = {"Maximum", "Minimum", "Average",
                                                                "Sum", "SampleCount"};

static int64_t filled_in(int64_t value, int32_t parameter, const int64_t *parameters)
{
    return parameter ? parameters[parameter - 1] : value;
}

static void say_points(struct text *text, const struct ballast_answer *answer)
{
    char when[TIMESTAMP_TEXT_SIZE];
    char value[DECIMAL_TEXT_SIZE];
    for (size_t i = 0; i < answer->point_count; i++) {
        timestamp_format(answer->points[i].time_s, when);
        text_addf(text, "%s%.5s %s",
                  i == 0       ? ""
                  : i % 6 == 0 ? ",\n      "
                               : ", ",
                  when + 11, decimal_format(answer->points[i].value_micro, value));
    }
}

static void say_read(struct text *text, const struct ballast_read *read, const int64_t *parameters,
                     const struct ballast_answer *answer)
{
    static const char *const names[] = {"", "", "the fleet", "the cluster", "spot prices"};
    if (read->kind == BALLAST_READ_METRIC)
        text_addf(text, "  %s, %s over %lld s\n      ", read->metric,
                  statistic_names[filled_in((int64_t)read->statistic, read->statistic_parameter,
                                            parameters)],
                  (long long)filled_in(read->lookback_s, read->lookback_parameter, parameters));
    else
        text_addf(text, "  %s: ", names[read->kind]);
    char value[DECIMAL_TEXT_SIZE];
    char fulfilled[DECIMAL_TEXT_SIZE];
    if (answer->status == BALLAST_ERROR)
        text_addf(text, "the call failed (%s)", answer->error_code);
    else if (answer->status == BALLAST_EMPTY)
        text_add(text, "nothing");
    else if (read->kind == BALLAST_READ_METRIC)
        say_points(text, answer);
    else if (read->kind == BALLAST_READ_FLEET)
        text_addf(text, "target %s, fulfilled %s",
                  decimal_format(answer->fleet->target_micro, value),
                  decimal_format(answer->fleet->fulfilled_micro, fulfilled));
    else if (read->kind == BALLAST_READ_SPOT_PRICES)
        text_addf(text, "%zu pools", answer->spot_price_count);
    text_add(text, "\n");
}

static void say_group(struct text *text, const struct ballast_group *group)
{
    if (group->status == BALLAST_ERROR)
        text_addf(text, "  the group: the call failed (%s)\n", group->error_code);
    else
        text_addf(
            text, "  the group: desired %lld (min %lld, max %lld), %lld in service, %lld pending\n",
            (long long)group->desired_capacity, (long long)group->min_size,
            (long long)group->max_size, (long long)group->in_service, (long long)group->pending);
}

static void say_fault(struct text *text, const struct sim_fault *told)
{
    const struct fault *fault = told->fault;
    char when[TIMESTAMP_TEXT_SIZE];
    timestamp_format(told->time_s, when);
    text_addf(text, "  injected at %s: ", when);
    switch (fault->kind) {
    case FAULT_API_ERROR:
        text_addf(text, "%s failed: %s%s\n", fault_call_names[told->call], fault->code,
                  fault->after_effect && told->call >= CALL_SET_DESIRED_CAPACITY
                      ? ", though it had taken effect"
                      : "");
        break;
    case FAULT_INVOCATION_DROPPED:
        text_add(text, "the event was lost, nothing was evaluated\n");
        break;
    case FAULT_DUPLICATE_INVOCATION:
        text_addf(text, "the event comes again %lld s later\n", (long long)fault->delay_s);
        break;
    case FAULT_FUNCTION_ERROR:
        text_add(text, "the function failed before it evaluated anything\n");
        break;
    case FAULT_FUNCTION_TIMEOUT:
        text_addf(text, "the function ran out of time after %lld s, before it acted\n",
                  (long long)fault->delay_s);
        break;
    case FAULT_METRIC_ORDER:
        text_addf(text, "points were returned %s first\n",
                  fault->oldest_first ? "oldest" : "newest");
        break;
    case FAULT_LATE_METRICS:
    case FAULT_MISSING_METRICS:
        break; /* seen in the points */
    }
}

struct observing {
    struct seen *seen;
    const int64_t *parameters;
    int64_t last_s; /* first pass: of the last evaluation; second pass: the one to tell */
    int64_t end_s;  /* of the run */
    bool telling;
};

static void tell(const struct controller_evaluation *evaluation, int64_t acts_s, struct seen *seen,
                 const int64_t *parameters)
{
    const struct ballast_observation *observation = evaluation->observation;
    const struct ballast_decision *decision = evaluation->decision;
    struct text *text = &seen->text;
    text->size = 0;
    char when[TIMESTAMP_TEXT_SIZE];
    text_addf(text, "Seen at %s, asked by the %s (points in the order returned)\n",
              timestamp_format(observation->now_s, when),
              observation->trigger == BALLAST_ALARM ? "alarm" : "schedule");
    for (size_t i = 0; i < seen->policy->read_count; i++)
        say_read(text, &seen->policy->reads[i], parameters, &observation->answers[i]);
    say_group(text, &observation->group);
    text_addf(text, "  interruption notices since the evaluation before: %lld\n",
              (long long)observation->interruption_notices);
    policy_reason_words(seen->policy, decision->reason, decision->figures, seen->words,
                        sizeof seen->words);
    seen->now_s = observation->now_s;
    seen->acts_s = acts_s;
    if (acts_s != seen->now_s)
        text_addf(text, "  it acted at %s\n", timestamp_format(acts_s, when));
}

static void observe(const struct controller_evaluation *evaluation, int64_t acts_s, void *context)
{
    struct observing *observing = context;
    int64_t now_s = evaluation->observation->now_s;
    if (now_s > observing->seen->time_s || acts_s >= observing->end_s)
        return; /* what never acted is no evaluation */
    if (!observing->telling)
        observing->last_s = now_s;
    else if (now_s == observing->last_s) /* of two in one second the later one is told */
        tell(evaluation, acts_s, observing->seen, observing->parameters);
}

static void observe_fault(const struct sim_fault *fault, void *context)
{
    struct observing *observing = context;
    if (observing->telling && fault->time_s >= observing->last_s)
        say_fault(&observing->seen->faults, fault);
}

/* Two passes: the first finds the last evaluation, the second tells it. A run asks hundreds of
 * thousands of times, and putting each into words would take longer than simulating twice. */
static int simulate_again(struct session *session, struct seen *seen, struct error *err)
{
    struct observing observing = {.seen = seen,
                                  .parameters = session->scenario.policy.values,
                                  .end_s = session->scenario.to_s};
    const struct sim_observer observer = {.context = &observing,
                                          .evaluation = observe,
                                          .fault = observe_fault,
                                          .stop_after_s = seen->time_s};
    int status =
        simulate(&session->scenario, &session->traces, NULL, &observer, &session->figures, err);
    observing.telling = true;
    if (!status)
        status =
            simulate(&session->scenario, &session->traces, NULL, &observer, &session->figures, err);
    if (!status && seen->faults.size)
        text_add(&seen->text, seen->faults.data);
    return status;
}

/* Simulate again up to seen->time_s. Why that cannot be is told in `err`, and is no failure of the
 * command. */
static int see_again(const struct stored_run *run, const struct stored_decision *decision,
                     struct seen *seen, struct error *err)
{
    struct session session;
    const struct session_options options = {0};
    int status = session_open_text(&session, "the recorded scenario", run->folder,
                                   run->scenario_json, &options, err);
    if (status)
        return status;
    if (strcmp(session.traces.hash, run->trace_hash) != 0 ||
        strcmp(session.scenario.demand_hash, run->demand_hash) != 0)
        status = error_set(err, STATUS_BAD_INPUT, "the traces have changed since");
    seen->policy = session.scenario.policy.policy;
    if (!status)
        status = simulate_again(&session, seen, err);
    if (!status && (strcmp(seen->words, decision->words) != 0 || seen->now_s < decision->first_s))
        status = error_set(err, STATUS_BAD_INPUT,
                           "this build decides otherwise than the one that recorded the run");
    session_close(&session);
    return status;
}

static void print_capacity(const struct record_capacity *c, const struct stored_rebalance *r)
{
    char a[DECIMAL_TEXT_SIZE];
    char b[DECIMAL_TEXT_SIZE];
    char since[TIMESTAMP_TEXT_SIZE];
    printf("The account, since %s\n", timestamp_format(c->time_s, since));
    printf("  required %s units", decimal_format(c->required_micro, a));
    printf("; up: %s spot, %s on-demand\n", decimal_format(c->spot_up_micro, a),
           decimal_format(c->on_demand_up_micro, b));
    printf("  fleet: target %s, fulfilled %s\n", decimal_format(c->fleet_target_micro, a),
           decimal_format(c->fleet_fulfilled_micro, b));
    if (r->marked || r->replacements)
        printf("  capacity rebalancing: marked %lld, of them to end %lld; launched as replacements "
               "%lld\n",
               (long long)r->marked, (long long)r->released, (long long)r->replacements);
    printf("  backup group: desired %lld, running %lld\n\n", (long long)c->group_desired,
           (long long)c->group_running);
}

static void print_decision(const struct stored_decision *d)
{
    char first[TIMESTAMP_TEXT_SIZE];
    char last[TIMESTAMP_TEXT_SIZE];
    printf("Decided\n  %s\n", d->action);
    char *why = memory_format("%s (%s)", d->words, d->reason);
    show_wrapped(stdout, "  because ", why);
    free(why);
    if (strcmp(d->guard, "none") != 0)
        printf("  guard: %s\n", d->guard);
    if (d->evaluations > 1)
        printf("  the same %lld times in a row, %s to %s\n", (long long)d->evaluations,
               timestamp_format(d->first_s, first), timestamp_format(d->last_s, last));
}

/* ", NN s later", or that it never came. */
static void add_after(struct text *text, const char *what, int64_t time_s, int64_t since_s)
{
    char when[TIMESTAMP_TEXT_SIZE];
    if (time_s == RECORD_NEVER)
        text_addf(text, "; none %s", what);
    else
        text_addf(text, "; %s %s, %lld s later", what, timestamp_format(time_s, when),
                  (long long)(time_s - since_s));
}

/* What came of it. */
static void add_outcome(const struct stored_decision *d, const struct stored_launches *launches,
                        struct text *text)
{
    if (strcmp(d->outcome, "not-called") == 0) {
        text_add(text, "nothing was called");
        return;
    }
    text_addf(text, "the call was answered: %s", d->outcome);
    if (strcmp(d->outcome, "accepted") != 0 || launches->instances == 0)
        return;
    text_addf(text, "; %lld backup instance%s launched", (long long)launches->instances,
              launches->instances == 1 ? "" : "s");
    add_after(text, "first running", launches->first_running_s, d->first_s);
    add_after(text, "last serving", launches->last_joined_s, d->first_s);
}

static void print_json(const struct stored_run *run, const struct stored_decision *d,
                       const struct text *seen, const struct text *came, struct text *text)
{
    char first[TIMESTAMP_TEXT_SIZE];
    char last[TIMESTAMP_TEXT_SIZE];
    const struct {
        const char *key;
        const char *value;
    } members[] = {{"run", run->name},
                   {"policy", run->policy},
                   {"key", run->key},
                   {"trigger", d->trigger},
                   {"action", d->action},
                   {"guard", d->guard},
                   {"outcome", d->outcome},
                   {"reason", d->reason},
                   {"words", d->words},
                   {"first", timestamp_format(d->first_s, first)},
                   {"last", timestamp_format(d->last_s, last)}};
    text_add(text, "{");
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        text_addf(text, "%s\"%s\":", i ? "," : "", members[i].key);
        text_add_json_string(text, members[i].value);
    }
    text_add(text, ",\"came_of_it\":");
    text_add_json_string(text, came->data);
    text_addf(text, ",\"evaluations\":%lld,\"seen\":", (long long)d->evaluations);
    if (seen->size)
        text_add_json_string(text, seen->data);
    else
        text_add(text, "null");
    text_add(text, "}\n");
}

static int print(struct results *results, const struct stored_run *run,
                 const struct stored_decision *decision, const struct record_capacity *capacity,
                 int64_t time_s, bool json, struct error *err)
{
    struct seen seen = {.time_s = time_s};
    struct error why = {0};
    struct text came = {0};
    struct text text = {0};
    int missing = see_again(run, decision, &seen, &why);
    if (missing)
        text_clean_up(&seen.text);
    struct stored_launches launches;
    int64_t called_s = decision->first_s + (missing ? 0 : seen.acts_s - seen.now_s);
    struct stored_rebalance rebalance;
    int status = results_launches_at(results, run->run, called_s, &launches, err);
    if (!status)
        status = results_rebalance_at(results, run->run, time_s, &rebalance, err);
    if (!status)
        add_outcome(decision, &launches, &came);
    if (status) {
        /* said by the caller */
    } else if (json) {
        print_json(run, decision, &seen.text, &came, &text);
        status = text_status(&text, err);
        if (!status)
            fwrite(text.data, 1, text.size, stdout);
    } else {
        show_wrapped(stdout, "", run->name);
        printf("policy %s, run %lld\n\n", run->policy, (long long)run->run);
        print_capacity(capacity, &rebalance);
        if (missing)
            show_wrapped(stdout, "What was seen cannot be shown again: ", why.text);
        else if (seen.text.size)
            printf("%s", seen.text.data);
        printf("\n");
        print_decision(decision);
        printf("\n");
        show_wrapped(stdout, "What came of it: ", came.data);
    }
    text_clean_up(&seen.text);
    text_clean_up(&seen.faults);
    text_clean_up(&came);
    text_clean_up(&text);
    return status;
}

static int explain(struct results *results, const char *which, int64_t time_s, bool json,
                   struct error *err)
{
    struct stored_run run;
    int status = results_find(results, which, &run, err);
    if (status)
        return status;
    struct stored_decision decision;
    struct record_capacity capacity;
    bool decided = false;
    bool known = false;
    status = results_decision_at(results, run.run, time_s, &decision, &decided, err);
    if (!status)
        status = results_capacity_at(results, run.run, time_s, &capacity, &known, err);
    if (!status && (!decided || !known)) {
        char when[TIMESTAMP_TEXT_SIZE];
        status = error_set(err, STATUS_BAD_INPUT, "run \"%s\" had decided nothing by %s", run.name,
                           timestamp_format(time_s, when));
    }
    if (!status)
        status = print(results, &run, &decision, &capacity, time_s, json, err);
    stored_run_clean_up(&run);
    return status;
}

int command_explain(int argc, char **argv)
{
    static const struct command_help help = {
        .name = "explain",
        .arguments = "RUN",
        .description =
            "What did the run see at a time, what did it decide, why, and what came of it? RUN is "
            "its\n"
            "number, its name, or the start of its key. Between evaluations the last one counts.",
        .min_arguments = 1,
        .max_arguments = 1,
    };
    const char *at = NULL;
    const char *db = NULL;
    bool json = false;
    const struct option_spec specs[] = {
        {.name = "at",
         .placeholder = "TIME",
         .help = "such as 2015-05-08T18:35:30Z; UTC unless it says otherwise",
         .value = &at},
        {.name = "db", .placeholder = "FILE", .help = "the results database", .value = &db},
        {.name = "json", .help = "print one JSON object", .flag = &json},
        {0},
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    struct error err = {0};
    int64_t time_s = 0;
    struct results *results = NULL;
    if (!at || !db)
        status = error_set(&err, STATUS_BAD_INPUT,
                           "--at TIME and --db FILE are needed (see ballast %s --help)", help.name);
    else if (!timestamp_parse(at, strlen(at), true, &time_s))
        status =
            error_set(&err, STATUS_BAD_INPUT, "--at %s: write a time as 2015-05-08T18:35:30Z", at);
    if (!status)
        status = results_open(&results, db, false, &err);
    if (!status)
        status = explain(results, arguments.values[0], time_s, json, &err);
    results_close(results);
    if (status)
        command_fail(help.name, &err);
    options_clean_up(specs, &arguments);
    return command_end(help.name, status);
}
