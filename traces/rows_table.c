#include "traces/rows_table.h"

#include "base/memory.h"

#include <stdlib.h>

static const char name[] = "sorted_rows";

enum { MARKET, TIME, PRICE };

struct connected {
    sqlite3_vtab base; /* SQLite's: first */
    const struct rows_table *table;
};

struct cursor {
    sqlite3_vtab_cursor base; /* likewise */
    const struct sort_row *at;
    const struct sort_row *end;
};

static int connect(sqlite3 *database, void *table, int count, const char *const *arguments,
                   sqlite3_vtab **out, char **out_error)
{
    (void)count;
    (void)arguments;
    (void)out_error;
    struct connected *connected = memory_new(1, sizeof *connected);
    connected->table = table;
    *out = &connected->base;
    return sqlite3_declare_vtab(database, "CREATE TABLE x(market, time_s, micro_usd_per_hour)");
}

static int disconnect(sqlite3_vtab *table)
{
    free(table);
    return SQLITE_OK;
}

static int plan(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    (void)info; /* all rows, in their order */
    return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
    (void)table;
    struct cursor *cursor = memory_new(1, sizeof *cursor);
    *out = &cursor->base;
    return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *cursor)
{
    free(cursor);
    return SQLITE_OK;
}

static int first(sqlite3_vtab_cursor *base, int plan_number, const char *plan_text, int count,
                 sqlite3_value **values)
{
    (void)plan_number;
    (void)plan_text;
    (void)count;
    (void)values;
    struct cursor *cursor = (struct cursor *)base;
    const struct rows_table *table = ((struct connected *)base->pVtab)->table;
    cursor->at = table->rows;
    cursor->end = table->rows + table->count;
    return SQLITE_OK;
}

static int next(sqlite3_vtab_cursor *base)
{
    ((struct cursor *)base)->at++;
    return SQLITE_OK;
}

static int at_end(sqlite3_vtab_cursor *base)
{
    const struct cursor *cursor = (struct cursor *)base;
    return cursor->at == cursor->end;
}

static int column(sqlite3_vtab_cursor *base, sqlite3_context *out, int number)
{
    const struct sort_row *row = ((struct cursor *)base)->at;
    int64_t value = row->micro_usd_per_hour;
    if (number == MARKET)
        value = market_of(row);
    else if (number == TIME)
        value = time_of(row);
    sqlite3_result_int64(out, value);
    return SQLITE_OK;
}

static int row_number(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    const struct cursor *cursor = (struct cursor *)base;
    *out = cursor->end - cursor->at;
    return SQLITE_OK;
}

int rows_table_add(sqlite3 *database, struct rows_table *table)
{
    /* Without xCreate: it is there without being made, and nowhere else than in the connection. */
    static const sqlite3_module module = {.xConnect = connect,
                                          .xBestIndex = plan,
                                          .xDisconnect = disconnect,
                                          .xOpen = open_cursor,
                                          .xClose = close_cursor,
                                          .xFilter = first,
                                          .xNext = next,
                                          .xEof = at_end,
                                          .xColumn = column,
                                          .xRowid = row_number};
    return sqlite3_create_module(database, name, &module, table);
}

void rows_table_forget(sqlite3 *database)
{
    sqlite3_create_module(database, name, NULL, NULL);
}
