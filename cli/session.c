#include "session.h"

#include "base/memory.h"
#include "overrides.h"
#include "study/bound.h"
#include "study/schedule.h"
#include "version.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The folder of `file` as an absolute path; of standard input, the present one. */
static char *folder_of(const char *file)
{
    char *copy = memory_copy_text(file);
    char *absolute = realpath(strcmp(file, "-") == 0 ? "." : dirname(copy), NULL);
    free(copy);
    return absolute ? absolute : memory_copy_text(".");
}

static void notes_of(const struct scenario *scenario, struct text *text)
{
    text_add(text, "[");
    for (size_t i = 0; i < scenario->note_count; i++) {
        text_addf(text, "%s{\"warning\":%s,\"text\":", i ? "," : "",
                  scenario->notes[i].warning ? "true" : "false");
        text_add_json_string(text, scenario->notes[i].text);
        text_add(text, "}");
    }
    text_add(text, "]");
}

static int open_either(struct session *session, const char *path, const char *folder,
                       const char *text, const struct session_options *options, struct error *err)
{
    memset(session, 0, sizeof *session);
    struct overrides overrides;
    int status = overrides_read(&overrides, options->set, options->no_interruptions, err);
    const struct scenario_options read = {
        .overrides = overrides.items, .override_count = overrides.count, .policy = options->policy};
    if (!status && text)
        status = scenario_parse(&session->scenario, path, folder, text, strlen(text), &read, err);
    else if (!status)
        status = scenario_read(&session->scenario, path, &read, err);
    overrides_clean_up(&overrides);
    if (status)
        return status;
    status = scenario_load_traces(&session->scenario, &session->traces, err);
    if (status) {
        scenario_clean_up(&session->scenario);
        return status;
    }
    session->stepping = options->stepping;
    session->bounds = options->bounds;
    session->bounds_memory = options->bounds_memory;
    session->folder = text ? memory_copy_text(folder) : folder_of(path);
    notes_of(&session->scenario, &session->notes);
    return STATUS_OK;
}

int session_open(struct session *out_session, const char *path,
                 const struct session_options *options, struct error *err)
{
    return open_either(out_session, path, NULL, NULL, options, err);
}

int session_open_text(struct session *out_session, const char *name, const char *folder,
                      const char *text, const struct session_options *options, struct error *err)
{
    return open_either(out_session, name, folder, text, options, err);
}

const char *session_interruptions(const struct scenario *scenario)
{
    switch (scenario->interruptions) {
    case INTERRUPTIONS_PRICE:
        return "price";
    case INTERRUPTIONS_NONE:
        return "none";
    case INTERRUPTIONS_TRACE:
        return "trace";
    case INTERRUPTIONS_ADVISOR:
        return "advisor";
    }
    return "unknown";
}

struct run_identity session_identity(const struct session *session)
{
    const struct scenario *scenario = &session->scenario;
    return (struct run_identity){
        .name = scenario->name,
        .scenario_json = scenario->resolved.data,
        .policy = scenario->policy.name,
        .trace_hash = session->traces.hash,
        .demand_hash = scenario->demand_hash,
        .version = version_number(),
        .seed = scenario->seed,
        .from_s = scenario->from_s,
        .to_s = scenario->to_s,
        .synthetic = session->traces.synthetic,
        .interruptions = session_interruptions(scenario),
        .folder = session->folder,
        .notes_json = session->notes.data,
        .commit = version_commit(),
    };
}

int session_simulate(const struct session *session, const struct scenario *scenario,
                     const struct trace_set *traces, const struct record_sink *sink,
                     struct figures *out_figures, struct error *err)
{
    const struct sim_observer observer = {.stepping = session->stepping};
    return simulate(scenario, traces, sink, &observer, out_figures, err);
}

/* Keep what a schedule costs, and tell it to the sink, if there is one. */
static int take_schedule(struct session *session, const struct bounds *bounds,
                         enum record_bound bound, const struct record_sink *sink, struct error *err)
{
    enum figure figure = bound == BOUND_LOWER ? FIGURE_cost_lower_bound_micro_usd
                                              : FIGURE_cost_full_service_bound_micro_usd;
    const struct schedule *schedule = bounds_schedule(bounds, figure);
    bool known = session->figures.known[figure];
    session->schedules[bound] =
        (struct session_schedule){.known = known && !schedule->reason,
                                  .cost_micro_usd = schedule->cost_micro_usd,
                                  .reason = known ? schedule->reason : NULL};
    for (size_t i = 0; i < schedule->count && known && sink && sink->scheduled; i++) {
        const struct schedule_item *item = &schedule->items[i];
        const struct record_scheduled scheduled = {
            .bound = bound,
            .item = (int64_t)i + 1,
            .kind = item->kind,
            .instance_type = item->instance_type,
            .zone = item->zone,
            .instances = item->count,
            .weight_micro = item->weight_micro,
            .warm = item->warm,
            .requested_s = item->requested_s,
            .running_s = item->running_s,
            .joined_s = item->joined_s,
            .ended_s = item->ended_s,
            .serves_until_s = item->serves_until_s,
            .ended_by_ec2 = item->ended_by_ec2,
            .cost_micro_usd_s = item->cost_micro_usd_s,
        };
        if (sink->scheduled(&scheduled, sink->context))
            return error_set(err, STATUS_FAILURE, "the schedule could not be recorded");
    }
    return STATUS_OK;
}

/* The session's own run, and its bounds if they were asked for. */
static int simulate_own(struct session *session, const struct record_sink *sink, struct error *err)
{
    if (!session->bounds)
        return session_simulate(session, &session->scenario, &session->traces, sink,
                                &session->figures, err);
    struct bounds *bounds = bounds_new(&session->scenario, &session->traces, sink);
    bounds_share(bounds, session->bounds_memory);
    const struct record_sink both = bounds_sink(bounds);
    int status = session_simulate(session, &session->scenario, &session->traces, &both,
                                  &session->figures, err);
    if (!status)
        status = bounds_fill(bounds, 0, &session->figures, err);
    for (int i = BOUND_LOWER; i <= BOUND_FULL_SERVICE && !status; i++)
        status = take_schedule(session, bounds, (enum record_bound)i, sink, err);
    session->unbounded[0] = bounds_reason(bounds, FIGURE_cost_lower_bound_micro_usd);
    session->unbounded[1] = bounds_reason(bounds, FIGURE_cost_full_service_bound_micro_usd);
    bounds_free(bounds);
    return status;
}

/* Simulate and record: one transaction. */
static int record(struct session *session, const char *db, struct error *err)
{
    struct results *results = NULL;
    int status = results_open(&results, db, true, err);
    if (status)
        return status;
    const struct run_identity identity = session_identity(session);
    status = results_begin(results, &identity, &session->run, &session->known, err);
    if (!status && session->known) {
        /* Equal keys give equal results: what is there stays as it is. */
        status = simulate_own(session, NULL, err);
        if (!status && results_check_figures(results, session->run, &session->figures,
                                             &session->difference) == STATUS_FAILURE)
            status = error_set(err, STATUS_FAILURE, "%s", session->difference.text);
    } else if (!status) {
        const struct record_sink sink = results_sink(results, session->scenario.policy.policy);
        status = simulate_own(session, &sink, err);
        status = results_end(results, &session->figures, status, err);
    }
    results_close(results);
    return status;
}

void session_name(struct session *session)
{
    const struct run_identity identity = session_identity(session);
    results_key(&identity, session->key);
}

int session_run(struct session *session, const char *db, struct error *err)
{
    session_name(session);
    if (db)
        return record(session, db, err);
    return simulate_own(session, NULL, err);
}

void session_warn(const char *command, const struct session *session)
{
    if (session->difference.status == STATUS_CHECK_FAILED)
        fprintf(stderr, "ballast %s: warning: %s\n", command, session->difference.text);
    if (session->unbounded[0])
        fprintf(stderr, "ballast %s: no lower bound: %s\n", command, session->unbounded[0]);
    static const char *const names[] = {"what it served", "all that was required"};
    for (int i = 0; i < 2; i++) {
        if (session->schedules[i].reason)
            fprintf(stderr, "ballast %s: no schedule for %s: %s\n", command, names[i],
                    session->schedules[i].reason);
    }
    if (session->unbounded[1] && session->unbounded[1] != session->unbounded[0])
        fprintf(stderr, "ballast %s: no full-service bound: %s\n", command, session->unbounded[1]);
}

void session_close(struct session *session)
{
    free(session->folder);
    text_clean_up(&session->notes);
    trace_set_clean_up(&session->traces);
    scenario_clean_up(&session->scenario);
}
