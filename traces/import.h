/* Importing: files of any kind into a trace database, streaming, idempotent, each file whole or not
 * at all. */
#ifndef TRACES_IMPORT_H
#define TRACES_IMPORT_H

#include "traces/database.h"
#include "traces/reader.h"
#include "traces/trace.h"

enum { REFUSALS_KEPT = 1000 }; /* of one file, in the database; more are only counted */

struct import_options {
    bool strict;         /* a refused row refuses its file */
    const char *columns; /* of a CSV without a header, or NULL */
    const char
        *name; /* of the demand series or catalogue; NULL: the file's name without its ending */
    /* Told of every refused row, or NULL. */
    void (*refused)(const char *file, int64_t line, const char *reason, void *context);
    void *context;
};

struct import_report {
    enum trace_kind kind;
    int64_t taken;
    int64_t duplicate;
    int64_t refused;
    int64_t markets; /* seen in this file */
    int64_t first_s; /* of the times taken or duplicate; 0 if there were none */
    int64_t last_s;
};

/* Import one file ("-" is standard input) in one transaction. */
int trace_import(sqlite3 *database, const char *database_path, const char *file,
                 const struct import_options *options, struct import_report *out_report,
                 struct error *err);

/* Store a generated set, marked synthetic, in one transaction. */
int trace_import_set(sqlite3 *database, const char *database_path, const char *name,
                     const struct trace_set *set, struct import_report *out_report,
                     struct error *err);

#endif
