#include "record/batch.h"

#include "base/memory.h"
#include "base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Measured: from 32 rows a statement on, more rows gain nothing. */
enum { ROWS = 32, COLUMNS_MAX = 24 };

enum value_kind { VALUE_NULL = 0, VALUE_INTEGER, VALUE_TEXT };

struct value {
    enum value_kind kind;
    int64_t integer;
    size_t offset; /* of the text in `texts`, which may move while it grows */
    size_t length;
};

struct batch {
    sqlite3_stmt *one;
    sqlite3_stmt *many;
    int columns;
    int rows;   /* complete */
    int column; /* of the row being given */
    struct value values[ROWS * COLUMNS_MAX];
    struct text texts;
};

static int prepare(sqlite3 *database, const char *table, int columns, int rows,
                   sqlite3_stmt **out_statement)
{
    struct text sql = {0};
    text_addf(&sql, "INSERT INTO %s VALUES", table);
    for (int row = 0; row < rows; row++) {
        text_add(&sql, row ? ",(?" : "(?");
        for (int column = 1; column < columns; column++)
            text_add(&sql, ",?");
        text_add(&sql, ")");
    }
    int code =
        sqlite3_prepare_v3(database, sql.data, -1, SQLITE_PREPARE_PERSISTENT, out_statement, NULL);
    text_clean_up(&sql);
    return code;
}

struct batch *batch_new(sqlite3 *database, const char *table, int columns)
{
    assert(columns <= COLUMNS_MAX);
    struct batch *batch = memory_new(1, sizeof *batch);
    batch->columns = columns;
    if (prepare(database, table, columns, 1, &batch->one) ||
        prepare(database, table, columns, ROWS, &batch->many)) {
        batch_destroy(batch);
        return NULL;
    }
    return batch;
}

void batch_destroy(struct batch *batch)
{
    if (!batch)
        return;
    sqlite3_finalize(batch->one);
    sqlite3_finalize(batch->many);
    text_clean_up(&batch->texts);
    free(batch);
}

static struct value *next_value(struct batch *batch)
{
    assert(batch->column < batch->columns && batch->rows < ROWS);
    return &batch->values[batch->rows * batch->columns + batch->column++];
}

void batch_integer(struct batch *batch, int64_t value)
{
    *next_value(batch) = (struct value){.kind = VALUE_INTEGER, .integer = value};
}

void batch_null(struct batch *batch)
{
    *next_value(batch) = (struct value){.kind = VALUE_NULL};
}

void batch_text(struct batch *batch, const char *text)
{
    size_t length = strlen(text);
    *next_value(batch) =
        (struct value){.kind = VALUE_TEXT, .offset = batch->texts.size, .length = length};
    text_add_bytes(&batch->texts, text, length);
}

static int write_rows(sqlite3_stmt *statement, const struct value *values, int count,
                      const char *texts)
{
    for (int i = 0; i < count; i++) {
        const struct value *value = &values[i];
        if (value->kind == VALUE_INTEGER)
            sqlite3_bind_int64(statement, i + 1, value->integer);
        else if (value->kind == VALUE_TEXT)
            sqlite3_bind_text(statement, i + 1, texts + value->offset, (int)value->length,
                              SQLITE_STATIC);
        else
            sqlite3_bind_null(statement, i + 1);
    }
    sqlite3_step(statement);
    return sqlite3_reset(statement);
}

int batch_flush(struct batch *batch)
{
    int code = batch->texts.failed ? SQLITE_TOOBIG : SQLITE_OK;
    const char *texts = batch->texts.data;
    int rows = batch->rows;
    if (rows == ROWS && !code)
        code = write_rows(batch->many, batch->values, ROWS * batch->columns, texts);
    for (int row = 0; rows < ROWS && row < rows && !code; row++)
        code = write_rows(batch->one, &batch->values[row * batch->columns], batch->columns, texts);
    batch->rows = 0;
    batch->texts.size = 0;
    return code;
}

int batch_end_row(struct batch *batch)
{
    assert(batch->column == batch->columns);
    batch->column = 0;
    batch->rows++;
    return batch->rows == ROWS ? batch_flush(batch) : SQLITE_OK;
}
