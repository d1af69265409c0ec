#include "record/export.h"

#include "base/memory.h"
#include "record/results.h"
#include "record/schema.h"

#include <stdlib.h>
#include <string.h>

/* Tables that have a column in common: the number of what they are of. */
static const struct {
    const struct results_table *tables;
    const char *of; /* NULL: none */
} groups[] = {
    {results_tables, "run"},
    {recording_tables, "recording"},
    {sweep_tables, "sweep"},
};

/* What is made of tables: figures come last, as the JSON that has all of their digits. */
static const struct {
    const char *name;
    const char *query;
    int since;
    bool runs;
} made[] = {
    {"figures",
     "SELECT run, key, name, policy, seed, version, interruptions, synthetic, trace_hash, from_s,"
     " to_s, figures FROM run JOIN provenance USING (run) WHERE ?1=0 OR run=?1 ORDER BY run",
     0, true},
    {"points",
     "SELECT sweep, point, key, varied, figures FROM sweep_point JOIN point USING (key)"
     " WHERE ?1=0 ORDER BY sweep, point",
     4, false},
};

static void add_tables(struct text *names, const struct results_table *tables)
{
    for (; tables->name; tables++)
        text_addf(names, ", %s", tables->name);
}

static int no_such_table(const char *table, struct error *err)
{
    struct text names = {0};
    for (size_t g = 0; g < ARRAY_LENGTH(groups); g++)
        add_tables(&names, groups[g].tables);
    int status =
        error_set(err, STATUS_BAD_INPUT,
                  "there is no table \"%s\": there are figures, points, intervals%s and %s", table,
                  names.data, point_table.name);
    text_clean_up(&names);
    return status;
}

/* The SQL of a table by its name, to be freed; NULL where there is none. */
static char *query_of(const char *name, int *out_since, bool *out_runs)
{
    for (size_t g = 0; g < ARRAY_LENGTH(groups); g++) {
        const char *of = groups[g].of;
        for (const struct results_table *table = groups[g].tables; table->name; table++) {
            if (strcmp(table->name, name) != 0)
                continue;
            bool first = table == groups[g].tables; /* whose key has no number */
            *out_since = table->since;
            *out_runs = g == 0;
            return memory_format("SELECT * FROM %s WHERE ?1=0 OR %s=?1 ORDER BY %s%s%s", name, of,
                                 of, first ? "" : ", ", first ? "" : table->order);
        }
    }
    *out_since = point_table.since;
    *out_runs = false;
    return strcmp(name, point_table.name) == 0
               ? memory_format("SELECT * FROM %s WHERE ?1=0 ORDER BY %s", name, point_table.order)
               : NULL;
}

static void put_value(struct sheet *sheet, sqlite3_stmt *row, int column)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    if (sqlite3_column_type(row, column) != SQLITE_TEXT)
        sheet_number(sheet, text);
    else if (strcmp(sqlite3_column_name(row, column), "varied") == 0)
        sheet_json(sheet, text);
    else
        sheet_text(sheet, text);
}

static int put_figures(struct results *results, struct sheet *sheet, sqlite3_stmt *row, int column,
                       struct error *err)
{
    struct figures figures;
    const char *json = (const char *)sqlite3_column_text(row, column);
    if (!json || !figures_read_json(json, &figures))
        return error_set(err, STATUS_BAD_INPUT, "%s: figures are not as ballast writes them",
                         results->path);
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        char value[DECIMAL_TEXT_SIZE];
        sheet_number(sheet, figure_format(&figures, (enum figure)i, value));
    }
    return STATUS_OK;
}

/* Rows of `statement`; with `figures` the last of its columns is taken apart. */
static int write_rows(struct results *results, sqlite3_stmt *statement, bool figures,
                      enum sheet_form form, FILE *out, struct error *err)
{
    int plain = sqlite3_column_count(statement) - (figures ? 1 : 0);
    int count = plain + (figures ? FIGURE_COUNT_OF_ALL : 0);
    const char **columns = memory_new((size_t)count, sizeof *columns);
    for (int i = 0; i < count; i++)
        columns[i] =
            i < plain ? sqlite3_column_name(statement, i) : figure_descriptions[i - plain].column;
    struct sheet sheet;
    struct error ignored = {0};
    int status = STATUS_OK;
    int result = SQLITE_DONE;
    sheet_begin(&sheet, out, form, columns, (size_t)count);
    while (!status && !sheet.failed && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int i = 0; i < plain; i++)
            put_value(&sheet, statement, i);
        if (figures)
            status = put_figures(results, &sheet, statement, plain, err);
    }
    if (!status && !sheet.failed && result != SQLITE_DONE)
        status = results_fail(results, err);
    int ended = sheet_end(&sheet, status ? &ignored : err);
    free(columns);
    return status ? status : ended;
}

int results_export(struct results *results, const char *table, int64_t run, enum sheet_form form,
                   FILE *out, struct error *err)
{
    int since = 0;
    bool runs = false;
    char *query = NULL;
    bool figures = false;
    for (size_t i = 0; i < ARRAY_LENGTH(made) && !query; i++) {
        if (strcmp(made[i].name, table) != 0)
            continue;
        query = memory_copy_text(made[i].query);
        since = made[i].since;
        runs = made[i].runs;
        figures = true;
    }
    if (!query)
        query = query_of(table, &since, &runs);
    if (!query)
        return no_such_table(table, err);
    sqlite3_stmt *statement = NULL;
    int status = STATUS_OK;
    if (run && !runs)
        status =
            error_set(err, STATUS_BAD_INPUT, "the table %s is not of runs: leave out --run", table);
    else if (since > results->version)
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: the file is of an older version, which has no table %s",
                           results->path, table);
    else
        status = results_prepare(results, &statement, query, err);
    free(query);
    if (status)
        return status;
    sqlite3_bind_int64(statement, 1, run);
    status = write_rows(results, statement, figures, form, out, err);
    sqlite3_finalize(statement);
    return status;
}
