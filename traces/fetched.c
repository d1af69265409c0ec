#include "traces/fetched.h"

#include "traces/query.h"
#include "traces/reader.h"

#include <string.h>

/* Made where it is first needed: programs that know nothing of it read the file all the same. */
static const char table[] =
    "CREATE TABLE IF NOT EXISTS fleet_instance(fleet TEXT NOT NULL, instance TEXT NOT NULL,"
    " zone TEXT NOT NULL, instance_type TEXT NOT NULL, PRIMARY KEY(fleet, instance))"
    " WITHOUT ROWID";

static int prepare(sqlite3 *database, const char *path, const char *sql,
                   sqlite3_stmt **out_statement, struct error *err)
{
    return sqlite3_prepare_v2(database, sql, -1, out_statement, NULL)
               ? trace_database_fail(database, path, err)
               : STATUS_OK;
}

/* One number by two names; INT64_MIN where it is NULL. */
static int number(sqlite3 *database, const char *path, const char *sql, const char *first,
                  const char *second, int64_t *out_number, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int status = prepare(database, path, sql, &statement, err);
    if (status)
        return status;
    query_bind(statement, 1, first);
    if (second)
        query_bind(statement, 2, second);
    if (sqlite3_step(statement) != SQLITE_ROW)
        status = trace_database_fail(database, path, err);
    else
        *out_number = sqlite3_column_type(statement, 0) == SQLITE_NULL
                          ? INT64_MIN
                          : sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return status;
}

int fetched_demand_until(sqlite3 *database, const char *path, const char *name, int64_t *out_last_s,
                         struct error *err)
{
    return number(database, path, "SELECT max(time_s) FROM demand WHERE name=?1", name, NULL,
                  out_last_s, err);
}

int fetched_history_until(sqlite3 *database, const char *path, const char *source,
                          int64_t *out_end_s, struct error *err)
{
    return number(database, path,
                  "SELECT max(end_s) FROM coverage JOIN source USING(source) WHERE what=0 AND"
                  " name=?1 AND kind=?2",
                  source, trace_kind_name(KIND_FLEET_HISTORY), out_end_s, err);
}

int fetched_places_load(sqlite3 *database, const char *path, const char *fleet,
                        struct fleet_history *history, struct error *err)
{
    sqlite3_stmt *row = NULL;
    int result = SQLITE_DONE;
    int status = sqlite3_exec(database, table, NULL, NULL, NULL)
                     ? trace_database_fail(database, path, err)
                     : STATUS_OK;
    if (!status)
        status = prepare(database, path,
                         "SELECT instance, zone, instance_type FROM fleet_instance WHERE fleet=?1",
                         &row, err);
    if (status)
        return status;
    query_bind(row, 1, fleet);
    while ((result = sqlite3_step(row)) == SQLITE_ROW)
        fleet_history_instance(history, (const char *)sqlite3_column_text(row, 0),
                               (const char *)sqlite3_column_text(row, 1),
                               (const char *)sqlite3_column_text(row, 2));
    if (result != SQLITE_DONE)
        status = trace_database_fail(database, path, err);
    sqlite3_finalize(row);
    return status;
}

static bool wanted(const struct fleet_history *history, const char *instance,
                   const char *const *running, size_t running_count)
{
    for (size_t i = 0; i < history->event_count; i++) {
        if (strcmp(history->events[i].instance, instance) == 0)
            return true;
    }
    for (size_t i = 0; i < running_count; i++) {
        if (strcmp(running[i], instance) == 0)
            return true;
    }
    return false;
}

static bool store(sqlite3 *database, const char *fleet, const struct fleet_history *history,
                  const char *const *running, size_t running_count)
{
    sqlite3_stmt *forget = NULL;
    sqlite3_stmt *add = NULL;
    int result = sqlite3_prepare_v2(database, "DELETE FROM fleet_instance WHERE fleet=?1", -1,
                                    &forget, NULL);
    if (!result)
        result = sqlite3_prepare_v2(
            database, "INSERT OR IGNORE INTO fleet_instance VALUES(?1,?2,?3,?4)", -1, &add, NULL);
    bool fine = !result;
    if (fine) {
        query_bind(forget, 1, fleet);
        fine = sqlite3_step(forget) == SQLITE_DONE;
    }
    for (size_t i = 0; fine && i < history->instance_count; i++) {
        const struct fleet_instance *at = &history->instances[i];
        if (!wanted(history, at->instance, running, running_count))
            continue;
        query_bind(add, 1, fleet);
        query_bind(add, 2, at->instance);
        query_bind(add, 3, at->zone);
        query_bind(add, 4, at->instance_type);
        fine = sqlite3_step(add) == SQLITE_DONE;
        sqlite3_reset(add);
    }
    sqlite3_finalize(forget);
    sqlite3_finalize(add);
    return fine;
}

int fetched_places_store(sqlite3 *database, const char *path, const char *fleet,
                         const struct fleet_history *history, const char *const *running,
                         size_t running_count, struct error *err)
{
    bool fine = sqlite3_exec(database, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK &&
                store(database, fleet, history, running, running_count) &&
                sqlite3_exec(database, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
    if (fine)
        return STATUS_OK;
    int status = trace_database_fail(database, path, err);
    if (!sqlite3_get_autocommit(database))
        sqlite3_exec(database, "ROLLBACK", NULL, NULL, NULL);
    return status;
}
