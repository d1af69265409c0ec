/* ballast explain: what a recorded run saw at a time, what it decided, and why, in words.
 *
 * The decision stands in the database. What exactly was seen does not: it is found by simulating
 * the run again from its provenance up to that time, if the traces are still what they were.
 */
#include "base/memory.h"
#include "base/timestamp.h"
#include "commands.h"
#include "seen.h"
#include "session.h"
#include "shared_options.h"
#include "show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    if (session.scenario.policy.command)
        status = error_set(err, STATUS_BAD_INPUT,
                           "its policy is a command, and what a database names is not run");
    else if (strcmp(session.traces.hash, run->trace_hash) != 0 ||
             strcmp(session.scenario.demand_hash, run->demand_hash) != 0)
        status = error_set(err, STATUS_BAD_INPUT, "the traces have changed since");
    if (!status)
        status = seen_again(&session.scenario, &session.traces, seen, err);
    if (!status &&
        (strcmp(seen->said.words, decision->words) != 0 || seen->now_s < decision->first_s))
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
                       const struct text *seen, const struct text *came, const struct text *known,
                       struct text *text)
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
    text_add(text, ",\"perfect_knowledge\":");
    if (known->size)
        text_add_json_string(text, known->data);
    else
        text_add(text, "null");
    text_add(text, "}\n");
}

/* ---- what perfect knowledge would have done ----------------------------------------------------
 */

struct known {
    struct text list;
    int128 micro; /* capacity that serves at time_s */
    int64_t time_s;
};

static void take_scheduled(const struct record_scheduled *item, void *context)
{
    struct known *known = context;
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    bool serves = item->joined_s <= known->time_s && known->time_s < item->serves_until_s;
    known->micro += serves ? (int128)item->instances * item->weight_micro : 0;
    text_addf(
        &known->list, "  %lld %s %s in %s, %s %s, %s %s\n", (long long)item->instances,
        item->kind == RECORD_SPOT ? "spot" : "on-demand", item->instance_type, item->zone,
        item->warm ? "there since" : "asked for at", timestamp_format(item->requested_s, from),
        item->ended_by_ec2 ? "until EC2 ends it at" : "until", timestamp_format(item->ended_s, to));
}

/* For all that was required if the run could have served it, else for what it served. Nothing if
 * the run has no schedules. */
static int add_known(struct results *results, int64_t run, int64_t time_s, struct text *out,
                     struct error *err)
{
    struct known known = {.time_s = time_s};
    bool found = false;
    bool full = true;
    int status = results_scheduled_at(results, run, BOUND_FULL_SERVICE, time_s, take_scheduled,
                                      &known, &found, err);
    if (!status && !found) {
        full = false;
        status = results_scheduled_at(results, run, BOUND_LOWER, time_s, take_scheduled, &known,
                                      &found, err);
    }
    if (!status && found) {
        char units[DECIMAL_TEXT_SIZE];
        text_addf(out,
                  "With perfect knowledge, serving %s at the least that was found\n"
                  "  %s units serve now, by\n%s",
                  full ? "all that was required" : "what this run served",
                  decimal_format(known.micro, units),
                  known.list.size ? known.list.data : "  nothing\n");
        status = text_status(out, err);
    }
    text_clean_up(&known.list);
    return status;
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
    struct text known = {0};
    if (!status)
        status = add_known(results, run->run, time_s, &known, err);
    if (status) {
        /* said by the caller */
    } else if (json) {
        print_json(run, decision, &seen.text, &came, &known, &text);
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
        if (known.size)
            printf("\n%s", known.data);
    }
    seen_clean_up(&seen);
    text_clean_up(&came);
    text_clean_up(&known);
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
    char when[TIMESTAMP_TEXT_SIZE];
    char end[TIMESTAMP_TEXT_SIZE];
    if (time_s >= run.to_s) {
        status = error_set(
            err, STATUS_BAD_INPUT, "--at %s: run \"%s\" ended at %s: give a time before that",
            timestamp_format(time_s, when), run.name, timestamp_format(run.to_s, end));
        stored_run_clean_up(&run);
        return status;
    }
    status = results_decision_at(results, run.run, time_s, &decision, &decided, err);
    if (!status)
        status = results_capacity_at(results, run.run, time_s, &capacity, &known, err);
    if (!status && (!decided || !known))
        status = error_set(err, STATUS_BAD_INPUT, "run \"%s\" had decided nothing by %s", run.name,
                           timestamp_format(time_s, when));
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
        OPTION_JSON(&json),
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
        status = error_set(&err, STATUS_BAD_INPUT, "--at %s: %s", at,
                           timestamp_wrong(at, strlen(at), true));
    if (!status)
        status = results_open(&results, db, false, &err);
    if (!status)
        status = explain(results, arguments.values[0], time_s, json, &err);
    results_close(results);
    return command_close(&help, specs, &arguments, status, &err);
}
