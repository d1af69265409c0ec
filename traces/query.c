#include "traces/query.h"

int query_prepare(const struct reading *r, sqlite3_stmt **statement, const char *sql)
{
    return sqlite3_prepare_v2(r->database, sql, -1, statement, NULL)
               ? trace_database_fail(r->database, r->path, r->err)
               : STATUS_OK;
}

void query_bind(sqlite3_stmt *statement, int index, const char *text)
{
    sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

int query_end(const struct reading *r, sqlite3_stmt *statement, int result)
{
    int status =
        result == SQLITE_DONE ? STATUS_OK : trace_database_fail(r->database, r->path, r->err);
    sqlite3_finalize(statement);
    return status;
}
