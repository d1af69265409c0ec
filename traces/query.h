/* Queries of a trace database. Inside traces/ only. */
#ifndef TRACES_QUERY_H
#define TRACES_QUERY_H

#include "traces/database.h"

void query_bind(sqlite3_stmt *statement, int index, const char *text); /* borrowed; NULL is NULL */

/* Who only reads. */
struct reading {
    sqlite3 *database;
    const char *path;
    struct error *err;
};

int query_prepare(const struct reading *r, sqlite3_stmt **statement, const char *sql);
/* Finalize a statement stepped to its end: `result` is the last step's, and must be SQLITE_DONE. */
int query_end(const struct reading *r, sqlite3_stmt *statement, int result);

#endif
