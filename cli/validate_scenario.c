/* The recorded time as a scenario: what the recording says, and of the rest what the user's
 * scenario does. */
#include "base/memory.h"
#include "base/timestamp.h"
#include "overrides.h"
#include "policy/builtin.h"
#include "record/recording_trace.h"
#include "validate.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OVERRIDES = 13, NOTICE_S = 120 };
static const char demand_name[] = "recorded";

static void refused(const char *file, int64_t line, const char *reason, void *context)
{
    struct text *notes = context;
    text_addf(notes, "%s: recorded item %lld was not used: %s\n", file, (long long)line, reason);
}

/* The recording's prices, interruptions and target in a database of our own. */
static int make_traces(struct validation *validation, const struct validate_request *request,
                       struct error *err)
{
    const char *folder = getenv("TMPDIR");
    validation->traces_path =
        memory_format("%s/ballast-validate-XXXXXX", folder && *folder ? folder : "/tmp");
    int file = mkstemp(validation->traces_path);
    if (file < 0) {
        int status = error_set(err, STATUS_FAILURE,
                               "%s: cannot be made: set TMPDIR to a folder that can be written to",
                               validation->traces_path);
        free(validation->traces_path);
        validation->traces_path = NULL;
        return status;
    }
    close(file);
    sqlite3 *database = NULL;
    const struct recorded_choice choice = {
        .fleet_id = request->fleet, .group = request->group, .policies = policy_builtin};
    const struct import_options options = {
        .stated[FACT_DEMAND_NAME] = demand_name, .refused = refused, .context = &validation->notes};
    struct import_report report;
    int status = trace_database_open(&database, validation->traces_path, true, err);
    if (!status)
        status = recording_import(database, validation->traces_path, request->recording, &choice,
                                  &options, &report, err);
    sqlite3_close(database);
    return status;
}

/* The time that evaluations and watches both tell of, as a scenario's. */
static int find_span(const struct validation *validation, int64_t *out_from_s, int64_t *out_to_s,
                     struct error *err)
{
    const struct validate_recording *recording = &validation->recording;
    int64_t from_s = recording->first_s;
    int64_t to_s = recording->last_s;
    if (recording->watched_from_s > from_s)
        from_s = recording->watched_from_s;
    if (recording->target_s != INT64_MAX && recording->target_s > from_s)
        from_s = recording->target_s;
    /* Of an end that comes later nobody knows whether it was an interruption. */
    if (recording->watched_to_s - NOTICE_S < to_s)
        to_s = recording->watched_to_s - NOTICE_S;
    *out_from_s = from_s;
    *out_to_s = to_s;
    if (to_s > from_s)
        return STATUS_OK;
    return error_set(
        err, STATUS_BAD_INPUT,
        "the recording is too short: its evaluations and looks have no time in common");
}

struct overriding {
    struct scenario_override items[OVERRIDES];
    char *values[OVERRIDES];
    size_t count;
};

static void put(struct overriding *overriding, const char *path, char *value)
{
    overriding->items[overriding->count] = (struct scenario_override){path, value};
    overriding->values[overriding->count++] = value;
}

static void fill(struct overriding *overriding, const struct validation *validation, int64_t from_s,
                 int64_t to_s)
{
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    struct text traces = {0};
    timestamp_format(from_s, from);
    timestamp_format(to_s, to);
    text_add(&traces, "[");
    text_add_json_string(&traces, validation->traces_path);
    text_add(&traces, "]");
    put(overriding, "from", memory_copy_text(from));
    put(overriding, "to", memory_copy_text(to));
    put(overriding, "measure", memory_format("{\"from\":\"%s\",\"to\":\"%s\"}", from, to));
    put(overriding, "traces", memory_copy_text(traces.data));
    text_clean_up(&traces);
    put(overriding, "start", memory_copy_text("warm"));
    put(overriding, "interruptions.source", memory_copy_text("trace"));
    if (validation->recording.target_s != INT64_MAX) {
        put(overriding, "demand", memory_format("{\"trace\":\"%s\"}", demand_name));
        put(overriding, "modify_spot_fleet", memory_copy_text("follow-demand"));
        put(overriding, "scaling", memory_copy_text("null")); /* it came to that target */
    }
    if (validation->simulated_policy_is_recorded) {
        put(overriding, "controller.every_s",
            memory_format("%lld", (long long)validation->recording.every_s));
        put(overriding, "controller.phase_s",
            memory_format("%lld", (long long)validation->recording.phase_s));
        put(overriding, "controller.alarm", memory_copy_text("false"));
    }
}

/* The recorded policy decides in the simulation where it acted; where it only looked on, whoever
 * acted is the scenario's. */
static int choose_policy(struct validation *validation, const struct validate_request *request,
                         const char **out_policy, struct error *err)
{
    const struct validate_recording *recording = &validation->recording;
    *out_policy = request->policy;
    if (request->policy || recording->acting == 0)
        return STATUS_OK;
    if (!recording->policy)
        return error_set(err, STATUS_BAD_INPUT,
                         "the recorded policy %s is none of this program's: name it with --policy",
                         recording->policy_name);
    validation->simulated_policy_is_recorded = true;
    *out_policy = recording->policy_name;
    return STATUS_OK;
}

/* Only the values: the recorded memory began elsewhere. */
static void take_settings(struct validation *validation)
{
    const struct validate_recording *recording = &validation->recording;
    struct scenario *scenario = &validation->scenario;
    if (!validation->simulated_policy_is_recorded)
        return;
    memcpy(scenario->policy.values, recording->parameters, sizeof recording->parameters);
    scenario->controller.guards = recording->guards;
}

int validate_read_scenario(struct validation *validation, const struct validate_request *request,
                           struct error *err)
{
    struct overriding overriding = {0};
    struct overrides set = {0};
    const char *policy = NULL;
    int64_t from_s = 0;
    int64_t to_s = 0;
    int status = find_span(validation, &from_s, &to_s, err);
    if (!status)
        status = choose_policy(validation, request, &policy, err);
    if (!status)
        status = make_traces(validation, request, err);
    if (status)
        return status;
    fill(&overriding, validation, from_s, to_s);
    status = overrides_read(&set, &request->set, false, err);
    struct scenario_override *all = memory_new(set.count + overriding.count, sizeof *all);
    memcpy(all, overriding.items, overriding.count * sizeof *all);
    if (set.count)
        memcpy(all + overriding.count, set.items, set.count * sizeof *all);
    const struct scenario_options options = {
        .overrides = all, .override_count = overriding.count + set.count, .policy = policy};
    if (!status) {
        status = scenario_read(&validation->scenario, request->scenario, &options, err);
        validation->have_scenario = status == STATUS_OK;
        if (status)
            error_prefix(err, "%s, with what was recorded in the place of its own",
                         request->scenario);
    }
    if (!status)
        status = scenario_load_traces(&validation->scenario, &validation->traces, err);
    if (!status)
        take_settings(validation);
    free(all);
    for (size_t i = 0; i < overriding.count; i++)
        free(overriding.values[i]);
    overrides_clean_up(&set);
    return status;
}
