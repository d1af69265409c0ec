/* The trace database: one SQLite file that holds everything imported, in time order, with its
 * provenance.
 *
 * application_id and user_version name the schema; a file of a newer version, or of another
 * program, is refused. Every change is one transaction per source file: a crash leaves nothing
 * half-imported. A file of an older version is brought up to date when it is opened for writing,
 * and read as it is otherwise. The schema is described in docs/traces.md.
 */
#ifndef TRACES_DATABASE_H
#define TRACES_DATABASE_H

#include "base/error.h"

#include <sqlite3.h>
#include <stdbool.h>

enum {
    TRACE_APPLICATION_ID = 0x42545243, /* "BTRC" */
    TRACE_SCHEMA_VERSION = 2,
};

/* Open for writing, made anew if there is no file; or for reading only. `*out` is to be closed with
 * sqlite3_close. */
int trace_database_open(sqlite3 **out, const char *path, bool for_writing, struct error *err);

/* The error of the last call in words: "PATH: what SQLite says", or what is to be done where
 * another process writes. */
int trace_database_fail(sqlite3 *database, const char *path, struct error *err);

#endif
