/* ballast report of a sweep. */
#include "base/memory.h"
#include "report.h"
#include "session.h"
#include "summary.h"

#include <stdlib.h>
#include <string.h>

static void count_sweep(const struct stored_sweep *sweep, void *context)
{
    (void)sweep;
    size_t *count = context;
    (*count)++;
}

int report_only_sweeps(const char *database, bool *out_only, struct error *err)
{
    struct results *results = NULL;
    int64_t *numbers = NULL;
    size_t runs = 0;
    size_t sweeps = 0;
    int status = results_open(&results, database, false, err);
    if (!status)
        status = results_runs(results, &numbers, &runs, err);
    if (!status)
        status = points_each_sweep(results, count_sweep, &sweeps, err);
    *out_only = runs == 0 && sweeps > 0;
    free(numbers);
    results_close(results);
    return status;
}

static bool read_assumptions(const struct sweep_data *data, const char *folder,
                             struct text *out_lines, char out_trace_hash[HASH_TEXT_SIZE])
{
    struct session session;
    struct error err = {0};
    const struct session_options options = {0};
    if (session_open_text(&session, "the sweep's scenario", folder, data->scenario_json, &options,
                          &err))
        return false;
    summary_assumptions(&session, out_lines);
    memcpy(out_trace_hash, session.traces.hash, HASH_TEXT_SIZE);
    session_close(&session);
    return true;
}

/* A sweep does not know where its scenario stood: mostly beside the database, or where one is. */
static void find_assumptions(const struct sweep_data *data, const char *database,
                             struct text *out_lines, char out_trace_hash[HASH_TEXT_SIZE])
{
    const char *slash = strrchr(database, '/');
    char *folder =
        slash ? memory_copy_bytes(database, (size_t)(slash - database) + 1) : memory_copy_text(".");
    if (!read_assumptions(data, folder, out_lines, out_trace_hash))
        read_assumptions(data, ".", out_lines, out_trace_hash);
    free(folder);
}

int report_sweep(const char *database, const char *which, struct sweep_report_request *request,
                 struct text *out_page, struct error *err)
{
    struct results *results = NULL;
    struct sweep_data data = {0};
    struct text assumptions = {0};
    char trace_hash[HASH_TEXT_SIZE] = "";
    int status = results_open(&results, database, false, err);
    if (!status)
        status = sweep_data_read(&data, results, database, which, request->axes, err);
    results_close(results);
    if (!status) {
        find_assumptions(&data, database, &assumptions, trace_hash);
        request->trace_hash = trace_hash;
        request->assumptions = assumptions.size ? assumptions.data : NULL;
        status = sweep_report(&data, request, out_page, err);
    }
    sweep_data_clean_up(&data);
    text_clean_up(&assumptions);
    return status;
}
