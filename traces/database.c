#include "traces/database.h"

#include "base/output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Version 1: what every file begins with. */
static const char schema[] =
    "CREATE TABLE source(source INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL,"
    " kind TEXT NOT NULL, newest_first INTEGER NOT NULL, synthetic INTEGER NOT NULL,"
    " taken INTEGER NOT NULL, duplicate INTEGER NOT NULL, refused INTEGER NOT NULL,"
    " assumed_utc INTEGER NOT NULL, rounded INTEGER NOT NULL);"
    "CREATE TABLE refusal(source INTEGER NOT NULL REFERENCES source, line INTEGER NOT NULL,"
    " reason TEXT NOT NULL);"
    "CREATE TABLE market(market INTEGER PRIMARY KEY, zone TEXT NOT NULL,"
    " instance_type TEXT NOT NULL, product TEXT NOT NULL, UNIQUE(zone, instance_type, product));"
    "CREATE TABLE price(market INTEGER NOT NULL REFERENCES market, time_s INTEGER NOT NULL,"
    " place INTEGER NOT NULL, last_place INTEGER NOT NULL, micro_usd_per_hour INTEGER NOT NULL, "
    "source INTEGER NOT NULL,"
    " PRIMARY KEY(market, time_s, place)) WITHOUT ROWID;"
    "CREATE TABLE interruption(time_s INTEGER NOT NULL, zone TEXT NOT NULL,"
    " instance_type TEXT NOT NULL, instances INTEGER NOT NULL, source INTEGER NOT NULL,"
    " PRIMARY KEY(zone, instance_type, time_s)) WITHOUT ROWID;"
    "CREATE TABLE demand(name TEXT NOT NULL, time_s INTEGER NOT NULL,"
    " required_micro INTEGER NOT NULL, source INTEGER NOT NULL,"
    " PRIMARY KEY(name, time_s)) WITHOUT ROWID;"
    "CREATE TABLE catalog(name TEXT NOT NULL, region TEXT NOT NULL, instance_type TEXT NOT NULL,"
    " vcpu_micro INTEGER, memory_gib_micro INTEGER, micro_usd_per_hour INTEGER NOT NULL,"
    " source INTEGER NOT NULL, PRIMARY KEY(name, region, instance_type)) WITHOUT ROWID;";

/* What version 2 added. */
static const char additions[] =
    "ALTER TABLE source ADD COLUMN provider TEXT NOT NULL DEFAULT 'aws';"
    "ALTER TABLE source ADD COLUMN facts TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE interruption ADD COLUMN of_instances INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE capacity(time_s INTEGER NOT NULL, zone TEXT NOT NULL,"
    " instance_type TEXT NOT NULL, instances INTEGER, source INTEGER NOT NULL,"
    " PRIMARY KEY(zone, instance_type, time_s)) WITHOUT ROWID;"
    "CREATE TABLE coverage(what INTEGER NOT NULL, zone TEXT NOT NULL, instance_type TEXT NOT NULL,"
    " first_s INTEGER NOT NULL, end_s INTEGER NOT NULL, source INTEGER NOT NULL,"
    " PRIMARY KEY(what, zone, instance_type, first_s, source)) WITHOUT ROWID;"
    "ALTER TABLE catalog ADD COLUMN from_s INTEGER;"
    "CREATE TABLE instance_type(name TEXT NOT NULL, instance_type TEXT NOT NULL,"
    " vcpu_micro INTEGER, memory_mib INTEGER, source INTEGER NOT NULL,"
    " PRIMARY KEY(name, instance_type)) WITHOUT ROWID;"
    "CREATE TABLE advisor(name TEXT NOT NULL, region TEXT NOT NULL, os TEXT NOT NULL,"
    " instance_type TEXT NOT NULL, low_percent INTEGER NOT NULL, high_percent INTEGER NOT NULL,"
    " savings_percent INTEGER NOT NULL, source INTEGER NOT NULL,"
    " PRIMARY KEY(name, region, os, instance_type)) WITHOUT ROWID;";

/* What lets a file of version 1 that may not be changed be read as one of version 2: temporary
 * views, which come before the tables of their names. */
static const char as_if_added[] =
    "PRAGMA temp_store=MEMORY;"
    "CREATE TEMP VIEW source AS SELECT *, 'aws' AS provider, '' AS facts FROM main.source;"
    "CREATE TEMP VIEW interruption AS SELECT *, 0 AS of_instances FROM main.interruption;"
    "CREATE TEMP TABLE capacity(time_s, zone, instance_type, instances, source);"
    "CREATE TEMP TABLE coverage(what, zone, instance_type, first_s, end_s, source);"
    "CREATE TEMP VIEW catalog AS SELECT *, NULL AS from_s FROM main.catalog;"
    "CREATE TEMP TABLE instance_type(name, instance_type, vcpu_micro, memory_mib, source);"
    "CREATE TEMP TABLE advisor(name, region, os, instance_type, low_percent, high_percent,"
    " savings_percent, source);";

int trace_database_fail(sqlite3 *database, const char *path, struct error *err)
{
    int code = sqlite3_errcode(database);
    if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
        return error_set(err, STATUS_BAD_INPUT, "%s: not a trace database (%s)", path,
                         sqlite3_errmsg(database));
    if (code == SQLITE_BUSY)
        return error_set(err, STATUS_FAILURE,
                         "%s: locked: another process is writing to it; try again when it is done",
                         path);
    return error_set(err, STATUS_FAILURE, "%s: %s", path, sqlite3_errmsg(database));
}

static int pragma(sqlite3 *database, const char *sql, int *out_value)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(database, sql, -1, &statement, NULL);
    if (result == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        *out_value = sqlite3_column_int(statement, 0);
    int final = sqlite3_finalize(statement);
    return result ? result : final;
}

/* A new file, or an old one brought up to date: in one transaction, whole or not at all. Another
 * process may have done it between our looking and our locking: look again. */
static int create(sqlite3 *database, const char *path, struct error *err)
{
    char sql[128];
    int version = 0;
    snprintf(sql, sizeof sql, "PRAGMA application_id=%d; PRAGMA user_version=%d;",
             TRACE_APPLICATION_ID, TRACE_SCHEMA_VERSION);
    if (sqlite3_exec(database, "BEGIN IMMEDIATE", NULL, NULL, NULL) ||
        pragma(database, "PRAGMA user_version", &version) ||
        (version < 1 && sqlite3_exec(database, schema, NULL, NULL, NULL)) ||
        (version < 2 && sqlite3_exec(database, additions, NULL, NULL, NULL)) ||
        (version < 2 && sqlite3_exec(database, sql, NULL, NULL, NULL)) ||
        sqlite3_exec(database, "COMMIT", NULL, NULL, NULL))
        return trace_database_fail(database, path, err);
    return STATUS_OK;
}

static int check(sqlite3 *database, const char *path, bool for_writing, struct error *err)
{
    int application = 0;
    int version = 0;
    int tables = 0;
    if (pragma(database, "PRAGMA application_id", &application) ||
        pragma(database, "PRAGMA user_version", &version) ||
        pragma(database, "SELECT count(*) FROM sqlite_master", &tables))
        return trace_database_fail(database, path, err);
    if (tables == 0 && application == 0) {
        if (for_writing)
            return create(database, path, err);
        return error_set(err, STATUS_BAD_INPUT, "%s: an empty file, not a trace database", path);
    }
    if (application != TRACE_APPLICATION_ID)
        return error_set(err, STATUS_BAD_INPUT,
                         "%s: an SQLite file, but not a trace database of Ballast", path);
    if (version == 1 && for_writing)
        return create(database, path, err);
    if (version == 1)
        return sqlite3_exec(database, as_if_added, NULL, NULL, NULL)
                   ? trace_database_fail(database, path, err)
                   : STATUS_OK;
    if (version != TRACE_SCHEMA_VERSION)
        return error_set(err, STATUS_BAD_INPUT,
                         "%s: a trace database of version %d, this program reads version %d: use a "
                         "newer ballast, or import the files again",
                         path, version, TRACE_SCHEMA_VERSION);
    return STATUS_OK;
}

int trace_database_open(sqlite3 **out, const char *path, bool for_writing, struct error *err)
{
    *out = NULL;
    /* To SQLite both are databases that nobody finds again. */
    if (*path == '\0' || strcmp(path, ":memory:") == 0)
        return error_set(err, STATUS_BAD_INPUT, "\"%s\": a trace database is a file: name one",
                         path);
    struct stat info;
    bool missing = stat(path, &info) != 0;
    if (missing && !for_writing)
        return error_set(err, STATUS_BAD_INPUT, "%s: no such trace database: %s", path,
                         strerror(errno));
    if (!missing && S_ISDIR(info.st_mode))
        return error_set(err, STATUS_BAD_INPUT, "%s: a directory, not a trace database", path);
    if (missing && output_check_folder(path, err))
        return STATUS_BAD_INPUT;
    /* Also a reader opens for writing where it may: what a crash left behind can then be rolled
     * back. query_only keeps it from anything else. One connection is one thread's. */
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (for_writing ? SQLITE_OPEN_CREATE : 0);
    int status = STATUS_OK;
    if (sqlite3_open_v2(path, out, flags, NULL))
        status = error_set(err, STATUS_FAILURE, "%s: cannot be opened: %s", path,
                           output_obstacle(path, sqlite3_errstr(sqlite3_errcode(*out))));
    if (!status) {
        sqlite3_busy_timeout(*out, 5000);
        status = check(*out, path, for_writing, err);
    }
    /* An import writes in the table's order, and needs few pages twice. */
    if (!status && for_writing && sqlite3_exec(*out, "PRAGMA cache_size=-16384", NULL, NULL, NULL))
        status = trace_database_fail(*out, path, err);
    if (!status && !for_writing && sqlite3_exec(*out, "PRAGMA query_only=1", NULL, NULL, NULL))
        status = trace_database_fail(*out, path, err);
    if (status) {
        sqlite3_close(*out);
        *out = NULL;
    }
    return status;
}
