/* Reading recorded runs. */
#include "base/memory.h"
#include "record/row.h"

#include <stdlib.h>
#include <string.h>

static int no_such_run(struct results *results, const char *which, struct error *err)
{
    struct row row;
    int64_t runs = 0;
    int status = row_begin(&row, results, "SELECT count(*) FROM run", err);
    if (!status)
        status = row_number(&row, 0, &runs, err);
    if (!status && runs == 0)
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: no run is recorded in it (of a sweep's points only the figures are "
                           "kept), and so no run \"%s\"",
                           results->path, which);
    else if (!status)
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: no run \"%s\": give its number, its name, or the start of its key",
                           results->path, which);
    return status;
}

int results_find(struct results *results, const char *which, struct stored_run *out_run,
                 struct error *err)
{
    *out_run = (struct stored_run){0};
    sqlite3_stmt *statement = NULL;
    int status = results_prepare(
        results, &statement,
        "SELECT r.run, r.key, r.name, p.policy, p.scenario, p.trace_hash, l.folder,"
        " p.version, p.demand_hash, p.to_s, r.name=?1 OR CAST(r.run AS TEXT)=?1 FROM"
        " run r JOIN provenance p USING(run) JOIN local l USING(run)"
        " WHERE CAST(r.run AS TEXT)=?1 OR r.name=?1 OR (length(?1)>=4 AND"
        " substr(r.key,1,length(?1))=?1)"
        " ORDER BY CAST(r.run AS TEXT)=?1 DESC, r.name=?1 DESC, r.run DESC",
        err);
    if (status)
        return status;
    results_bind(statement, 1, which);
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW) {
        *out_run = (struct stored_run){
            .run = sqlite3_column_int64(statement, 0),
            .key = results_copy(statement, 1),
            .name = results_copy(statement, 2),
            .policy = results_copy(statement, 3),
            .scenario_json = memory_copy_text(results_text(statement, 4)),
            .trace_hash = results_copy(statement, 5),
            .folder = memory_copy_text(results_text(statement, 6)),
            .version = results_copy(statement, 7),
            .demand_hash = results_copy(statement, 8),
            .to_s = sqlite3_column_int64(statement, 9),
        };
        if (!sqlite3_column_int(statement, 10) && sqlite3_step(statement) == SQLITE_ROW) {
            stored_run_clean_up(out_run);
            status = error_set(err, STATUS_BAD_INPUT,
                               "%s: the keys of several runs start with \"%s\": give more of it",
                               results->path, which);
        }
    } else if (result == SQLITE_DONE) {
        status = no_such_run(results, which, err);
    } else {
        status = results_fail(results, err);
    }
    sqlite3_finalize(statement);
    return status;
}

void stored_run_clean_up(struct stored_run *run)
{
    free(run->key);
    free(run->name);
    free(run->policy);
    free(run->scenario_json);
    free(run->trace_hash);
    free(run->folder);
    free(run->version);
    free(run->demand_hash);
    *run = (struct stored_run){0};
}

int results_runs(struct results *results, int64_t **out_numbers, size_t *out_count,
                 struct error *err)
{
    size_t capacity = 0;
    *out_numbers = NULL;
    *out_count = 0;
    struct row row;
    int status = row_begin(&row, results, "SELECT run FROM run ORDER BY run", err);
    if (status)
        return status;
    while (row_next(&row))
        ARRAY_PUSH(*out_numbers, *out_count, capacity, sqlite3_column_int64(row.statement, 0));
    return row_close(&row, STATUS_OK, err);
}

int results_figures(struct results *results, int64_t run, struct figures *out_figures,
                    struct error *err)
{
    struct row row;
    int status = row_begin(&row, results, "SELECT figures FROM run WHERE run=?1", err);
    if (status)
        return status;
    row_integer(&row, run);
    if (!row_next(&row))
        status = results_fail(results, err);
    else if (!figures_read_json((const char *)sqlite3_column_text(row.statement, 0), out_figures))
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: the figures of run %lld are not as ballast writes them",
                           results->path, (long long)run);
    return row_close(&row, status, err);
}

static bool same_figure(const struct figures *a, const struct figures *b, int figure)
{
    return a->known[figure] == b->known[figure] &&
           (!a->known[figure] || a->value[figure] == b->value[figure]);
}

static bool is_bound(int figure)
{
    return figure == FIGURE_cost_lower_bound_micro_usd ||
           figure == FIGURE_cost_full_service_bound_micro_usd ||
           figure == FIGURE_cost_regret_micro_usd;
}

/* Bounds are asked for, so that not having them is no difference. */
static bool same_figures(const struct figures *stored, const struct figures *figures,
                         bool *out_without_bounds)
{
    *out_without_bounds = false;
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        if (same_figure(stored, figures, i) || (is_bound(i) && !figures->known[i]))
            continue;
        if (!is_bound(i) || stored->known[i])
            return false;
        *out_without_bounds = true;
    }
    return true;
}

int results_check_figures(struct results *results, int64_t run, const struct figures *figures,
                          struct error *err)
{
    struct row row;
    struct figures stored = {0};
    bool without_bounds = false;
    int status = results_figures(results, run, &stored, err);
    if (!status)
        status = row_begin(&row, results, "SELECT program_commit FROM local WHERE run=?1", err);
    if (status)
        return status;
    row_integer(&row, run);
    if (!row_next(&row))
        status = results_fail(results, err);
    else if (!same_figures(&stored, figures, &without_bounds))
        status = error_set(err, STATUS_CHECK_FAILED,
                           "%s keeps run %lld as another build (commit %s) recorded it, with other "
                           "figures; record into another file to keep these",
                           results->path, (long long)run,
                           (const char *)sqlite3_column_text(row.statement, 0));
    else if (without_bounds)
        status = error_set(err, STATUS_CHECK_FAILED,
                           "%s keeps run %lld as it was recorded, without its bounds; record into "
                           "another file to keep them",
                           results->path, (long long)run);
    return row_close(&row, status, err);
}
