#include "stored.h"

#include "base/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The only run; where there are several, the user has to say which. */
static int only_run(struct results *results, const char *database, char out[DECIMAL_TEXT_SIZE],
                    struct error *err)
{
    int64_t *numbers = NULL;
    size_t count = 0;
    int status = results_runs(results, &numbers, &count, err);
    if (!status && count == 0)
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: no run is recorded in it (of a sweep's points only the figures are "
                           "kept): record one with ballast run --db",
                           database);
    else if (!status && count > 1)
        status =
            error_set(err, STATUS_BAD_INPUT,
                      "%s: holds %zu runs: say which, by its number, its name, or the start of "
                      "its key",
                      database, count);
    else if (!status)
        int128_format(numbers[0], out);
    free(numbers);
    return status;
}

int stored_open(const char *database, const char *which, struct results **out_results,
                struct stored_run *out_run, struct error *err)
{
    char number[DECIMAL_TEXT_SIZE];
    *out_run = (struct stored_run){0};
    int status = results_open(out_results, database, false, err);
    if (status)
        return status;
    if (!which) {
        status = only_run(*out_results, database, number, err);
        which = number;
    }
    if (!status)
        status = results_find(*out_results, which, out_run, err);
    if (status)
        stored_close(*out_results, out_run);
    return status;
}

void stored_close(struct results *results, struct stored_run *run)
{
    stored_run_clean_up(run);
    results_close(results);
}

void stored_market_open(const struct stored_run *run, struct stored_market *out_market)
{
    struct session *session = &out_market->session;
    const struct session_options options = {0};
    struct error err = {0};
    out_market->market = (struct run_market){0};
    if (session_open_text(session, "the recorded scenario", run->folder, run->scenario_json,
                          &options, &err)) {
        out_market->market.why = "the traces of the run are not where they were";
    } else if (strcmp(session->traces.hash, run->trace_hash) != 0) {
        out_market->market.why = "the traces of the run have changed since";
        session_close(session);
    } else {
        out_market->market.scenario = &session->scenario;
        out_market->market.traces = &session->traces;
    }
}

void stored_market_close(struct stored_market *market)
{
    if (market->market.scenario)
        session_close(&market->session);
}

int stored_write(const char *path, const struct text *contents, struct error *err)
{
    if (strcmp(path, "-") == 0) {
        fwrite(contents->data, 1, contents->size, stdout);
        return STATUS_OK;
    }
    int status = output_write(path, contents->data, contents->size, err);
    if (!status)
        printf("%s\n", path);
    return status;
}
