/* Whether a file has all that this program keeps in it. */
#include "base/memory.h"
#include "record/results.h"
#include "record/row.h"
#include "record/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The file, and an empty database as this program makes it. */
struct pair {
    struct results *file;
    struct results own;
};

static int make_own(struct pair *pair, struct error *err)
{
    struct text sql = {0};
    pair->own.path = pair->file->path; /* is what an error is said of */
    if (sqlite3_open(":memory:", &pair->own.database))
        return error_no_memory(err);
    results_schema(&sql);
    int status = text_status(&sql, err);
    if (!status)
        status = results_run_sql(&pair->own, sql.data, err);
    text_clean_up(&sql);
    return status;
}

/* Their names, in order; "" where there is no such table. */
static int list_columns(struct results *results, const char *table, struct text *out,
                        struct error *err)
{
    struct row row;
    int status = row_begin(&row, results, "SELECT name FROM pragma_table_info(?1)", err);
    if (status)
        return status;
    row_text(&row, table);
    text_add(out, "");
    while (row_next(&row))
        text_addf(out, "%s\n", results_text(row.statement, 0));
    return row_close(&row, text_status(out, err), err);
}

static bool has_column(const struct results *results, const char *table, const char *column)
{
    return sqlite3_table_column_metadata(results->database, NULL, table, column, NULL, NULL, NULL,
                                         NULL, NULL) == SQLITE_OK;
}

/* The first of `columns` that the other database lacks, to be freed; NULL: it has them all. */
static char *find_missing(const struct results *other, const char *table, const char *columns)
{
    for (const char *at = columns; *at;) {
        size_t length = strcspn(at, "\n");
        char *column = memory_copy_bytes(at, length);
        if (!has_column(other, table, column))
            return column;
        free(column);
        at += length + 1;
    }
    return NULL;
}

static int say_differ(const struct pair *pair, const char *table, const char *theirs,
                      const char *ours, struct error *err)
{
    char *missing = find_missing(pair->file, table, ours);
    char *strange = find_missing(&pair->own, table, theirs);
    char *how = !*theirs  ? memory_format("it has no table %s", table)
                : missing ? memory_format("its table %s has no column %s", table, missing)
                : strange
                    ? memory_format("its table %s has a column %s that ballast does not make",
                                    table, strange)
                    : memory_format("the columns of its table %s are in another order", table);
    int status = results_damaged(pair->file->path, how, err);
    free(missing);
    free(strange);
    free(how);
    return status;
}

static int check_table(struct pair *pair, int version, const struct results_table *table,
                       struct error *err)
{
    struct text theirs = {0};
    struct text ours = {0};
    if (version < table->since)
        return STATUS_OK;
    int status = list_columns(pair->file, table->name, &theirs, err);
    if (!status)
        status = list_columns(&pair->own, table->name, &ours, err);
    if (!status && strcmp(theirs.data, ours.data) != 0)
        status = say_differ(pair, table->name, theirs.data, ours.data, err);
    text_clean_up(&theirs);
    text_clean_up(&ours);
    return status;
}

int results_check_tables(struct results *results, int version, struct error *err)
{
    static const struct results_table *const lists[] = {results_tables, recording_tables,
                                                        sweep_tables};
    static const struct results_table local = {"local", "run", 0};
    struct pair pair = {.file = results};
    int status = make_own(&pair, err);
    if (!status)
        status = check_table(&pair, version, &local, err);
    if (!status)
        status = check_table(&pair, version, &point_table, err);
    for (size_t i = 0; i < ARRAY_LENGTH(lists); i++) {
        for (const struct results_table *table = lists[i]; table->name && !status; table++)
            status = check_table(&pair, version, table, err);
    }
    sqlite3_close(pair.own.database);
    return status;
}
