#include "record/merge.h"

#include "base/memory.h"
#include "base/output.h"
#include "record/row.h"
#include "record/schema.h"

#include <stdlib.h>
#include <string.h>

/* ---- what is to be joined ---------------------------------------------------------------------
 */

static int number(struct results *results, const char *sql, int64_t *out_value, struct error *err)
{
    struct row row;
    int status = row_begin(&row, results, sql, err);
    return status ? status : row_number(&row, 0, out_value, err);
}

/* Between attach and detach the database is called `shard`. */
static int attach(struct results *into, const char *path, struct error *err)
{
    struct row row;
    int status = row_begin(&row, into, "ATTACH ?1 AS shard", err);
    if (status)
        return status;
    row_text(&row, path);
    return row_end(&row, err);
}

/* Sweeps and nothing else: *out_keys names them, in order; to be cleaned up. */
static int read_input(const char *path, struct text *out_keys, struct error *err)
{
    struct results *results = NULL;
    int64_t others = 0;
    sqlite3_stmt *statement = NULL;
    int status = results_open(&results, path, false, err);
    if (status)
        return status;
    if (results->version < 4)
        status = error_set(err, STATUS_BAD_INPUT, "%s: holds no sweep", path);
    if (!status)
        status =
            number(results, "SELECT (SELECT count(*) FROM run) + (SELECT count(*) FROM recording)",
                   &others, err);
    if (!status && others > 0)
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: holds runs or recordings too, which are not joined: give databases "
                           "that only `ballast sweep` wrote to",
                           path);
    if (!status)
        status = results_prepare(results, &statement, "SELECT key FROM sweep ORDER BY key", err);
    int code = SQLITE_DONE;
    while (!status && (code = sqlite3_step(statement)) == SQLITE_ROW)
        text_addf(out_keys, "%s\n", (const char *)sqlite3_column_text(statement, 0));
    status = results_query_end(results, statement, status, code, err);
    if (!status && out_keys->size == 0)
        status = error_set(err, STATUS_BAD_INPUT, "%s: holds no sweep", path);
    if (!status)
        status = text_status(out_keys, err);
    results_close(results);
    return status;
}

static int check_inputs(const char *into, const char *const *paths, size_t count, struct error *err)
{
    struct text first = {0};
    int status = STATUS_OK;
    for (size_t i = 0; i < count && !status; i++) {
        struct text keys = {0};
        status = read_input(paths[i], i ? &keys : &first, err);
        if (!status && output_is_same(paths[i], into))
            status = error_set(err, STATUS_BAD_INPUT, "%s: is what is joined into", paths[i]);
        if (!status && i > 0 && strcmp(keys.data, first.data) != 0)
            status = error_set(err, STATUS_BAD_INPUT,
                               "%s: holds other sweeps than %s: the shards of one sweep have the "
                               "same scenario, traces, --vary, --set and version",
                               paths[i], paths[0]);
        text_clean_up(&keys);
    }
    text_clean_up(&first);
    return status;
}

/* Whoever joins shards as they come would not see that one is of another sweep. */
static int check_into(struct results *into, const char *path, struct error *err)
{
    int64_t others = 0;
    int64_t same = 0;
    int status = attach(into, path, err);
    if (status)
        return status;
    status = number(into, "SELECT count(*) FROM main.sweep", &others, err);
    if (!status)
        status =
            number(into, "SELECT count(*) FROM main.sweep JOIN shard.sweep USING(key)", &same, err);
    results_run_sql(into, "DETACH shard", NULL);
    if (!status && others > 0 && same == 0)
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: holds other sweeps than %s: join them into another file",
                           into->path, path);
    return status;
}

/* ---- one of them ------------------------------------------------------------------------------
 */

static int check_figures(struct results *into, const char *path, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int status = results_prepare(into, &statement,
                                 "SELECT key FROM shard.point AS new JOIN main.point AS old "
                                 "USING(key) WHERE old.figures NOT IN (new.figures, '{' || "
                                 "new.figures || '}') ORDER BY key LIMIT 1",
                                 err);
    if (status)
        return status;
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        status =
            error_set(err, STATUS_BAD_INPUT,
                      "%s: point %.12s has other figures than in %s: two builds of one version "
                      "made them; compute the shards anew, all with one of them",
                      path, (const char *)sqlite3_column_text(statement, 0), into->path);
    return results_query_end(into, statement, status, code, err);
}

/* A statement over both files named the one that is open: is it the other that is damaged? */
static int blame(struct results *into, const char *path, int status, int code, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    if (code != SQLITE_CORRUPT ||
        results_prepare(into, &statement, "PRAGMA shard.quick_check(1)", NULL))
        return status;
    bool sound =
        sqlite3_step(statement) == SQLITE_ROW && strcmp(results_text(statement, 0), "ok") == 0;
    sqlite3_finalize(statement);
    return sound ? status : results_damaged(path, sqlite3_errstr(code), err);
}

static int join(struct results *into, const char *path, int64_t *added, struct error *err)
{
    static const char *const steps[] = {
        "INSERT INTO main.sweep(key,version,name,scenario) SELECT key,version,name,scenario FROM "
        "shard.sweep WHERE key NOT IN (SELECT key FROM main.sweep) ORDER BY key",
        "INSERT OR IGNORE INTO main.sweep_point SELECT ours.sweep, listed.point, listed.varied, "
        "listed.key FROM shard.sweep AS theirs JOIN main.sweep AS ours USING(key) "
        "JOIN shard.sweep_point AS listed ON listed.sweep = theirs.sweep",
    };
    /* The same table since sweeps came (version 4); its rows are those that are told as added. */
    static const char points[] = "INSERT OR IGNORE INTO main.point SELECT * FROM shard.point";
    static const char stopped[] =
        "INSERT OR IGNORE INTO main.sweep_stopped SELECT ours.sweep, point, varied, runs, worlds, "
        "beaten_by FROM shard.sweep AS theirs JOIN main.sweep AS ours USING(key) "
        "JOIN shard.sweep_stopped AS stopped ON stopped.sweep = theirs.sweep";
    static const char *const tuned[] = {
        "INSERT OR IGNORE INTO main.sweep_traces SELECT ours.sweep, point, trace_hash "
        "FROM shard.sweep AS theirs JOIN main.sweep AS ours USING(key) "
        "JOIN shard.sweep_traces AS traces ON traces.sweep = theirs.sweep",
        "INSERT OR IGNORE INTO main.tuning SELECT ours.sweep, minimize, subject_to, train, "
        "windows, seeds, episodes, best, varied, beyond, why_not, out_of_sample FROM shard.sweep "
        "AS theirs "
        "JOIN main.sweep AS ours USING(key) JOIN shard.tuning AS tuning ON "
        "tuning.sweep = theirs.sweep",
    };
    int64_t version = 0;
    int64_t has_stopped = 0; /* a file of version 7 */
    int64_t has_tuned = 0;   /* of version 8 */
    int status = attach(into, path, err);
    if (status)
        return status;
    status = number(into, "PRAGMA shard.user_version", &version, err);
    if (!status)
        status =
            number(into, "SELECT count(*) FROM shard.sqlite_master WHERE name = 'sweep_stopped'",
                   &has_stopped, err);
    if (!status)
        status = number(into, "SELECT count(*) FROM shard.sqlite_master WHERE name = 'tuning'",
                        &has_tuned, err);
    if (!status)
        status = results_run_sql(into, "BEGIN IMMEDIATE", err);
    if (!status)
        status = check_figures(into, path, err);
    for (size_t i = 0; i < ARRAY_LENGTH(steps) && !status; i++)
        status = results_run_sql(into, steps[i], err);
    if (!status && has_stopped)
        status = results_run_sql(into, stopped, err);
    for (size_t i = 0; i < ARRAY_LENGTH(tuned) && !status && has_tuned; i++)
        status = results_run_sql(into, tuned[i], err);
    if (!status)
        status = results_run_sql(into, points, err);
    int64_t changes = sqlite3_changes64(into->database);
    if (!status && version < 9)
        status = results_run_sql(into, results_schema_braces, err);
    if (!status)
        status = results_run_sql(into, "COMMIT", err);
    int code = status ? sqlite3_errcode(into->database) : SQLITE_OK;
    if (status) {
        results_run_sql(into, "ROLLBACK", NULL);
        status = blame(into, path, status, code, err);
    } else {
        *added += changes;
    }
    results_run_sql(into, "DETACH shard", NULL);
    return status;
}

/* What the sweeps of this database, all in `into` by now, have there. */
static int count(struct results *into, const char *path, struct merge_counts *counts,
                 struct error *err)
{
    int status = attach(into, path, err);
    if (status)
        return status;
    status =
        number(into, "SELECT count(DISTINCT key) FROM shard.sweep_point", &counts->listed, err);
    if (!status)
        status = number(into,
                        "SELECT count(DISTINCT key) FROM shard.sweep_point WHERE key IN "
                        "(SELECT key FROM main.point)",
                        &counts->there, err);
    results_run_sql(into, "DETACH shard", NULL);
    return status;
}

int results_merge(const char *into, const char *const *paths, size_t path_count,
                  struct merge_counts *out_counts, struct error *err)
{
    struct results *results = NULL;
    *out_counts = (struct merge_counts){0};
    int status = check_inputs(into, paths, path_count, err);
    if (!status)
        status = results_open(&results, into, true, err);
    if (!status && path_count > 0)
        status = check_into(results, paths[0], err);
    for (size_t i = 0; i < path_count && !status; i++)
        status = join(results, paths[i], &out_counts->added, err);
    if (!status && path_count > 0)
        status = count(results, paths[0], out_counts, err);
    results_close(results);
    return status;
}
