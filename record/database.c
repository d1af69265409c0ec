/* Opening, checking and closing the file; what the other files share. */
#include "base/memory.h"
#include "base/output.h"
#include "record/results.h"
#include "record/schema.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { WAIT_MS = 10000 }; /* for another process that writes */

int results_fail(struct results *results, struct error *err)
{
    int code = sqlite3_errcode(results->database);
    if (code == SQLITE_BUSY)
        return error_set(err, STATUS_FAILURE,
                         "%s: locked: another process is writing to it; try again when it is done",
                         results->path);
    if (code == SQLITE_FULL)
        return error_set(err, STATUS_FAILURE,
                         "%s: the disk is full: what was recorded before is safe; make room and "
                         "give the command again",
                         results->path);
    const char *words = sqlite3_errmsg(results->database);
    if (code == SQLITE_NOTADB)
        return error_set(err, STATUS_BAD_INPUT, "%s: not a results database of Ballast (%s)",
                         results->path, words);
    if (code == SQLITE_CORRUPT)
        return results_damaged(results->path, words, err);
    return error_set(err, STATUS_FAILURE, "%s: %s", results->path, words);
}

int results_damaged(const char *path, const char *how, struct error *err)
{
    return error_set(err, STATUS_BAD_INPUT,
                     "%s: is damaged (%s): use a copy from before, or record anew", path, how);
}

int results_run_sql(struct results *results, const char *sql, struct error *err)
{
    return sqlite3_exec(results->database, sql, NULL, NULL, NULL) ? results_fail(results, err)
                                                                  : STATUS_OK;
}

int results_prepare(struct results *results, sqlite3_stmt **out_statement, const char *sql,
                    struct error *err)
{
    return sqlite3_prepare_v2(results->database, sql, -1, out_statement, NULL)
               ? results_fail(results, err)
               : STATUS_OK;
}

int results_query(struct results *results, sqlite3_stmt **out_statement, char *sql,
                  struct error *err)
{
    int status = results_prepare(results, out_statement, sql, err);
    free(sql);
    return status;
}

int results_query_end(struct results *results, sqlite3_stmt *statement, int status, int result,
                      struct error *err)
{
    if (!status && result != SQLITE_ROW && result != SQLITE_DONE)
        status = results_fail(results, err);
    sqlite3_finalize(statement);
    return status;
}

const char *results_text(sqlite3_stmt *row, int column)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    return text ? text : "";
}

/* What people are shown of a text. */
static void make_plain(char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < ' ' || *text == 127)
            *text = '?';
    }
}

char *results_copy(sqlite3_stmt *row, int column)
{
    char *text = memory_copy_text(results_text(row, column));
    make_plain(text);
    return text;
}

void results_line(sqlite3_stmt *row, int column, char *out, size_t size)
{
    snprintf(out, size, "%s", results_text(row, column));
    make_plain(out);
}

void results_bind(sqlite3_stmt *statement, int index, const char *text)
{
    if (text)
        sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
    else
        sqlite3_bind_null(statement, index);
}

static int pragma(struct results *results, const char *sql, int *out_value, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int status = results_prepare(results, &statement, sql, err);
    if (!status && sqlite3_step(statement) == SQLITE_ROW)
        *out_value = sqlite3_column_int(statement, 0);
    if (sqlite3_finalize(statement) && !status)
        status = results_fail(results, err);
    return status;
}

/* Another process may make the tables between our looking and our locking: look again. */
static int create(struct results *results, struct error *err)
{
    int application = 0;
    int status = results_run_sql(results, "BEGIN IMMEDIATE", err);
    if (!status)
        status = pragma(results, "PRAGMA application_id", &application, err);
    if (status || application == RESULTS_APPLICATION_ID) {
        results_run_sql(results, "ROLLBACK", NULL);
        return status;
    }
    struct text sql = {0};
    results_schema(&sql);
    text_addf(&sql, "PRAGMA application_id=%d; PRAGMA user_version=%d; COMMIT;",
              RESULTS_APPLICATION_ID, RESULTS_SCHEMA_VERSION);
    status = text_status(&sql, err);
    if (!status)
        status = results_run_sql(results, sql.data, err);
    text_clean_up(&sql);
    return status;
}

/* Versions 2 to 8 only added tables; whoever reads an older file finds nothing of them in it.
 * Before 9 the figures of points lacked their braces, which figures_read_json does not mind. */
static int upgrade(struct results *results, struct error *err)
{
    struct text sql = {0};
    int version = 0;
    int status = results_run_sql(results, "BEGIN IMMEDIATE", err);
    if (status)
        return status;
    status = pragma(results, "PRAGMA user_version", &version, err);
    if (!status && version < RESULTS_SCHEMA_VERSION) {
        if (version < 2)
            text_add(&sql, results_schema_recordings);
        if (version < 3)
            text_add(&sql, results_schema_rebalance);
        if (version < 4)
            results_schema_sweeps(&sql);
        if (version < 5)
            text_add(&sql, results_schema_watch);
        if (version < 6)
            text_add(&sql, results_schema_schedule);
        if (version < 7)
            text_add(&sql, results_schema_stopped);
        if (version < 8)
            text_add(&sql, results_schema_tunings);
        text_add(&sql, results_schema_braces);
        text_addf(&sql, "PRAGMA user_version=%d;", RESULTS_SCHEMA_VERSION);
        status = text_status(&sql, err);
        if (!status)
            status = results_run_sql(results, sql.data, err);
        text_clean_up(&sql);
    }
    if (!status)
        status = results_run_sql(results, "COMMIT", err);
    if (status)
        results_run_sql(results, "ROLLBACK", NULL);
    return status;
}

static int check(struct results *results, bool for_writing, struct error *err)
{
    int tables = 0;
    int application = 0;
    int version = 0;
    int status = pragma(results, "SELECT count(*) FROM sqlite_master", &tables, err);
    if (!status)
        status = pragma(results, "PRAGMA application_id", &application, err);
    if (!status && tables == 0 && application == 0 && for_writing) {
        status = create(results, err);
        application = RESULTS_APPLICATION_ID;
    }
    if (!status)
        status = pragma(results, "PRAGMA user_version", &version, err);
    if (status)
        return status;
    if (application != RESULTS_APPLICATION_ID)
        return error_set(err, STATUS_BAD_INPUT, "%s: not a results database of Ballast",
                         results->path);
    if (version < 1 || version > RESULTS_SCHEMA_VERSION)
        return error_set(err, STATUS_BAD_INPUT,
                         "%s: a results database of version %d, this program knows version %d: use "
                         "a newer ballast, or another file",
                         results->path, version, RESULTS_SCHEMA_VERSION);
    status = results_check_tables(results, version, err);
    if (!status && version < RESULTS_SCHEMA_VERSION && for_writing) {
        status = upgrade(results, err);
        version = RESULTS_SCHEMA_VERSION;
    }
    results->version = version;
    return status;
}

int results_open(struct results **out, const char *path, bool for_writing, struct error *err)
{
    *out = NULL;
    /* To SQLite both are databases that nobody finds again. */
    if (*path == '\0' || strcmp(path, ":memory:") == 0)
        return error_set(err, STATUS_BAD_INPUT, "\"%s\": a results database is a file: name one",
                         path);
    struct stat info;
    bool missing = stat(path, &info) != 0;
    if (missing && !for_writing)
        return error_set(err, STATUS_BAD_INPUT, "%s: no such results database: %s", path,
                         strerror(errno));
    if (!missing && S_ISDIR(info.st_mode))
        return error_set(err, STATUS_BAD_INPUT, "%s: a directory, not a results database", path);
    if (missing && output_check_folder(path, err))
        return STATUS_BAD_INPUT;
    struct results *results = memory_new(1, sizeof *results);
    results->path = memory_copy_text(path);
    /* A killed run may have left a journal, which a reader must be able to roll back too. Where the
     * file may not be written SQLite opens it for reading. */
    int flags = SQLITE_OPEN_READWRITE | (for_writing ? SQLITE_OPEN_CREATE : 0);
    int status = STATUS_OK;
    if (sqlite3_open_v2(path, &results->database, flags, NULL))
        status = error_set(err, STATUS_FAILURE, "%s: cannot be opened: %s", path,
                           output_obstacle(path, sqlite3_errmsg(results->database)));
    if (!status) {
        sqlite3_busy_timeout(results->database, WAIT_MS);
        status = check(results, for_writing, err);
        if (!status && !for_writing)
            status = results_run_sql(results, "PRAGMA query_only=1", err);
    }
    if (status) {
        results_close(results);
        return status;
    }
    *out = results;
    return STATUS_OK;
}

void results_close(struct results *results)
{
    if (!results)
        return;
    results_close_batches(results);
    sqlite3_finalize(results->find_point);
    sqlite3_finalize(results->add_point);
    sqlite3_finalize(results->add_to_sweep);
    sqlite3_close(results->database);
    free(results->path);
    free(results);
}
