#include "record/row.h"

#include "base/decimal.h"

int row_begin(struct row *row, struct results *results, const char *sql, struct error *err)
{
    *row = (struct row){.results = results, .next = 1, .result = SQLITE_DONE};
    return results_prepare(results, &row->statement, sql, err);
}

struct row row_of(struct results *results, sqlite3_stmt *statement)
{
    return (struct row){.results = results, .statement = statement, .next = 1};
}

void row_null(struct row *row)
{
    sqlite3_bind_null(row->statement, row->next++);
}

void row_integer(struct row *row, int64_t value)
{
    sqlite3_bind_int64(row->statement, row->next++, value);
}

void row_unless(struct row *row, int64_t value, int64_t none)
{
    if (value == none)
        row_null(row);
    else
        row_integer(row, value);
}

void row_text(struct row *row, const char *text)
{
    results_bind(row->statement, row->next++, text);
}

void row_copy(struct row *row, const char *text)
{
    sqlite3_bind_text(row->statement, row->next++, text, -1, SQLITE_TRANSIENT);
}

void row_units(struct row *row, int64_t micro)
{
    char text[DECIMAL_TEXT_SIZE];
    if (micro % MICRO == 0)
        row_integer(row, micro / MICRO);
    else
        row_copy(row, decimal_format(micro, text));
}

int row_step(struct row *row, struct error *err)
{
    sqlite3_step(row->statement);
    return sqlite3_reset(row->statement) ? results_fail(row->results, err) : STATUS_OK;
}

int row_end(struct row *row, struct error *err)
{
    int status = row_step(row, err);
    sqlite3_finalize(row->statement);
    return status;
}

bool row_next(struct row *row)
{
    row->result = sqlite3_step(row->statement);
    return row->result == SQLITE_ROW;
}

int row_close(struct row *row, int status, struct error *err)
{
    return results_query_end(row->results, row->statement, status, row->result, err);
}

int row_number(struct row *row, int64_t otherwise, int64_t *out_value, struct error *err)
{
    int code = sqlite3_step(row->statement);
    int status = STATUS_OK;
    *out_value = otherwise;
    if (code == SQLITE_ROW && sqlite3_column_type(row->statement, 0) != SQLITE_NULL)
        *out_value = sqlite3_column_int64(row->statement, 0);
    else if (code != SQLITE_ROW && code != SQLITE_DONE)
        status = results_fail(row->results, err);
    sqlite3_finalize(row->statement);
    return status;
}
