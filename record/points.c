#include "record/points.h"

#include "base/memory.h"
#include "record/row.h"

enum { TRACES_SINCE = 8 }; /* version of the file */

/* In KiB: points come by their hashes, in no order, and then fewer pages are read again. */
static const char cache[] = "PRAGMA cache_size=-65536";

int points_begin(struct results *results, struct error *err)
{
    int status = results_run_sql(results, cache, err);
    return status ? status : results_run_sql(results, "BEGIN IMMEDIATE", err);
}

int points_commit(struct results *results, struct error *err)
{
    return results_run_sql(results, "COMMIT", err);
}

int points_add_sweep(struct results *results, const struct sweep_identity *identity,
                     int64_t *out_sweep, bool *out_known, struct error *err)
{
    struct row row;
    int status = row_begin(&row, results, "SELECT sweep FROM sweep WHERE key=?1", err);
    if (status)
        return status;
    row_text(&row, identity->key);
    status = row_number(&row, 0, out_sweep, err);
    *out_known = *out_sweep != 0;
    if (status || *out_known)
        return status;
    status = row_begin(&row, results,
                       "INSERT INTO sweep(key,version,name,scenario) VALUES(?1,?2,?3,?4)", err);
    if (status)
        return status;
    row_text(&row, identity->key);
    row_text(&row, identity->version);
    row_text(&row, identity->name);
    row_text(&row, identity->scenario_json);
    status = row_end(&row, err);
    *out_sweep = sqlite3_last_insert_rowid(results->database);
    return status;
}

/* A statement for every point, prepared for the first. */
static int prepare_once(struct results *results, sqlite3_stmt **statement, const char *sql,
                        struct error *err)
{
    if (*statement)
        return STATUS_OK;
    return sqlite3_prepare_v3(results->database, sql, -1, SQLITE_PREPARE_PERSISTENT, statement,
                              NULL)
               ? results_fail(results, err)
               : STATUS_OK;
}

int points_add_to_sweep(struct results *results, int64_t sweep, size_t point, const char *varied,
                        const char *key, struct error *err)
{
    int status = prepare_once(results, &results->add_to_sweep,
                              "INSERT INTO sweep_point VALUES(?1,?2,?3,?4)", err);
    if (status)
        return status;
    struct row row = row_of(results, results->add_to_sweep);
    row_integer(&row, sweep);
    row_integer(&row, (int64_t)point);
    row_text(&row, varied);
    row_text(&row, key);
    return row_step(&row, err);
}

int points_add_traces(struct results *results, int64_t sweep, size_t point, const char *trace_hash,
                      struct error *err)
{
    struct row row;
    int status =
        row_begin(&row, results, "INSERT OR IGNORE INTO sweep_traces VALUES(?1,?2,?3)", err);
    if (status)
        return status;
    row_integer(&row, sweep);
    row_integer(&row, (int64_t)point);
    row_text(&row, trace_hash);
    return row_end(&row, err);
}

int points_add_stopped(struct results *results, int64_t sweep, const struct stopped_point *stopped,
                       const char *varied, struct error *err)
{
    struct row row;
    int status =
        row_begin(&row, results, "INSERT INTO sweep_stopped VALUES(?1,?2,?3,?4,?5,?6)", err);
    if (status)
        return status;
    row_integer(&row, sweep);
    row_integer(&row, (int64_t)stopped->point);
    row_text(&row, varied);
    row_integer(&row, (int64_t)stopped->runs);
    row_integer(&row, (int64_t)stopped->worlds);
    if (stopped->is_beaten)
        row_integer(&row, (int64_t)stopped->beaten_by);
    else
        row_null(&row);
    return row_end(&row, err);
}

int points_find(struct results *results, const char *key, struct figures *out_figures,
                bool *out_found, struct error *err)
{
    int status =
        prepare_once(results, &results->find_point, "SELECT figures FROM point WHERE key=?1", err);
    if (status)
        return status;
    sqlite3_stmt *statement = results->find_point;
    results_bind(statement, 1, key);
    int code = sqlite3_step(statement);
    *out_found = code == SQLITE_ROW;
    const char *figures = *out_found ? (const char *)sqlite3_column_text(statement, 0) : NULL;
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        status = results_fail(results, err);
    else if (*out_found && (!figures || !figures_read_json(figures, out_figures)))
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: the figures of point %.12s are not as ballast writes them",
                           results->path, key);
    sqlite3_reset(statement);
    return status;
}

static int prepare_add_point(struct results *results, struct error *err)
{
    if (results->add_point)
        return STATUS_OK;
    struct text sql = {0};
    text_add(&sql, "INSERT OR IGNORE INTO point VALUES(?,?");
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++)
        text_add(&sql, ",?");
    text_add(&sql, ")");
    int status = prepare_once(results, &results->add_point, sql.data, err);
    text_clean_up(&sql);
    return status;
}

/* What is no integer of 64 bits is a text in `space`, of which the column makes a number. */
static void row_figure(struct row *row, const struct figures *figures, enum figure figure,
                       char space[DECIMAL_TEXT_SIZE])
{
    enum figure_kind kind = figure_descriptions[figure].kind;
    int128 value = figures->value[figure];
    int128 unit = kind == FIGURE_UNIT_S || kind == FIGURE_UNITS ? MICRO : 1;
    bool whole = (int64_t)value == value && value % unit == 0;
    if (!figures->known[figure])
        row_null(row);
    else if (whole)
        row_integer(row, (int64_t)value / (int64_t)unit);
    else
        row_text(row, figure_format(figures, figure, space));
}

int points_add(struct results *results, const char *key, const struct figures *figures,
               struct error *err)
{
    char values[FIGURE_COUNT_OF_ALL][DECIMAL_TEXT_SIZE];
    int status = prepare_add_point(results, err);
    if (status)
        return status;
    struct text json = {0};
    text_add(&json, "{");
    figures_add_json(figures, &json);
    text_add(&json, "}");
    struct row row = row_of(results, results->add_point);
    row_text(&row, key);
    row_text(&row, json.data);
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++)
        row_figure(&row, figures, (enum figure)i, values[i]);
    status = row_step(&row, err);
    text_clean_up(&json);
    return status;
}

int points_each_sweep(struct results *results,
                      void (*take)(const struct stored_sweep *sweep, void *context), void *context,
                      struct error *err)
{
    sqlite3_stmt *statement = NULL;
    if (results->version < 4)
        return STATUS_OK;
    int status = results_query(
        results, &statement,
        memory_format(
            "SELECT sweep, key, version, name, scenario, (SELECT count(*) FROM sweep_point WHERE "
            "sweep_point.sweep=sweep.sweep), %s FROM sweep ORDER BY sweep",
            results->version < TRACES_SINCE
                ? "0, ''"
                : "(SELECT count(DISTINCT trace_hash) FROM sweep_traces AS t WHERE "
                  "t.sweep=sweep.sweep), (SELECT min(trace_hash) FROM sweep_traces AS t WHERE "
                  "t.sweep=sweep.sweep)"),
        err);
    int result = SQLITE_DONE;
    while (!status && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        const struct stored_sweep sweep = {.sweep = sqlite3_column_int64(statement, 0),
                                           .key = results_text(statement, 1),
                                           .version = results_text(statement, 2),
                                           .name = results_text(statement, 3),
                                           .scenario_json = results_text(statement, 4),
                                           .points = (size_t)sqlite3_column_int64(statement, 5),
                                           .traces = (size_t)sqlite3_column_int64(statement, 6),
                                           .trace_hash = results_text(statement, 7)};
        take(&sweep, context);
    }
    return results_query_end(results, statement, status, result, err);
}

int points_each(struct results *results,
                int (*take)(const struct stored_point *point, void *context, struct error *err),
                void *context, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    if (results->version < 4)
        return STATUS_OK;
    int status = results_query(
        results, &statement,
        memory_format(
            "SELECT sweep, version, scenario, sweep_point.point, varied, point.figures, %s FROM "
            "sweep"
            " JOIN sweep_point USING(sweep) JOIN point ON point.key=sweep_point.key ORDER BY "
            "sweep, "
            "sweep_point.point",
            results->version < TRACES_SINCE
                ? "''"
                : "(SELECT trace_hash FROM sweep_traces AS t WHERE t.sweep=sweep.sweep AND "
                  "t.point<=sweep_point.point ORDER BY t.point DESC LIMIT 1)"),
        err);
    int result = SQLITE_DONE;
    while (!status && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        struct stored_point point = {.sweep = sqlite3_column_int64(statement, 0),
                                     .version = results_text(statement, 1),
                                     .scenario_json = results_text(statement, 2),
                                     .point = (size_t)sqlite3_column_int64(statement, 3),
                                     .varied = results_text(statement, 4),
                                     .trace_hash = results_text(statement, 6)};
        if (!figures_read_json(results_text(statement, 5), &point.figures))
            status = error_set(err, STATUS_BAD_INPUT,
                               "%s: the figures of point %zu are not as ballast writes them",
                               results->path, point.point);
        else
            status = take(&point, context, err);
    }
    return results_query_end(results, statement, status, result, err);
}
