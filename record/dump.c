/* The canonical dump. */
#include "base/memory.h"
#include "record/results.h"
#include "record/schema.h"

#include <string.h>

/* Of the lines below; a run's have never changed. */
enum { DUMP_VERSION = 1 };

/* One table's rows of one run or recording (`of`): "TABLE|value|value...", text as JSON strings. */
static int dump_table(struct results *results, const char *of, int64_t number,
                      const struct results_table *table, struct text *line, FILE *out,
                      struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int status = results_query(
        results, &statement,
        memory_format("SELECT * FROM %s WHERE %s=?1 ORDER BY %s", table->name, of, table->order),
        err);
    if (status)
        return status;
    sqlite3_bind_int64(statement, 1, number);
    int result = 0;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        line->size = 0;
        text_add(line, table->name);
        for (int c = 0; c < sqlite3_column_count(statement); c++) {
            if (strcmp(sqlite3_column_name(statement, c), of) == 0)
                continue; /* a number that depends on the order of recording */
            text_addf(line, "|%s=", sqlite3_column_name(statement, c));
            if (sqlite3_column_type(statement, c) == SQLITE_TEXT)
                text_add_json_string(line, (const char *)sqlite3_column_text(statement, c));
            else if (sqlite3_column_type(statement, c) != SQLITE_NULL)
                text_add(line, (const char *)sqlite3_column_text(statement, c));
        }
        text_add(line, "\n");
        if (text_status(line, err) || fwrite(line->data, 1, line->size, out) != line->size)
            break;
    }
    if (result != SQLITE_DONE)
        status = result == SQLITE_ROW
                     ? error_set(err, STATUS_FAILURE, "the dump could not be written")
                     : results_fail(results, err);
    sqlite3_finalize(statement);
    return status;
}

/* All that `query` numbers, with parameter 1 bound to `which`. */
static int dump_all(struct results *results, const char *query, int64_t which, const char *of,
                    const struct results_table *tables, FILE *out, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int status = results_prepare(results, &statement, query, err);
    if (status)
        return status;
    struct text line = {0};
    sqlite3_bind_int64(statement, 1, which);
    int result = 0;
    while (!status && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        int64_t number = sqlite3_column_int64(statement, 0);
        for (const struct results_table *table = tables; !status && table->name; table++)
            if (table->since <= results->version)
                status = dump_table(results, of, number, table, &line, out, err);
    }
    status = results_query_end(results, statement, status, result, err);
    text_clean_up(&line);
    return status;
}

/* Points have no number: all of them, by key. */
static int dump_points(struct results *results, FILE *out, struct error *err)
{
    struct text line = {0};
    int status = dump_table(results, "1", 1, &point_table, &line, out, err);
    text_clean_up(&line);
    return status;
}

int results_dump(struct results *results, int64_t run, FILE *out, struct error *err)
{
    fprintf(out, "ballast-dump|%d\n", DUMP_VERSION);
    int status = dump_all(results, "SELECT run FROM run WHERE ?1=0 OR run=?1 ORDER BY key", run,
                          "run", results_tables, out, err);
    if (!status && run == 0 && results->version > 1)
        status = dump_all(results, "SELECT recording FROM recording WHERE ?1=0 ORDER BY key", 0,
                          "recording", recording_tables, out, err);
    if (!status && run == 0 && results->version > 3)
        status = dump_all(results, "SELECT sweep FROM sweep WHERE ?1=0 ORDER BY key", 0, "sweep",
                          sweep_tables, out, err);
    if (!status && run == 0 && results->version > 3)
        status = dump_points(results, out, err);
    return status;
}
