/* A trace database for tests of scenarios that read one. */
#ifndef TESTS_SCENARIO_IMPORTS_H
#define TESTS_SCENARIO_IMPORTS_H

#include "scenario_fixture.h"

#include "traces/import.h"

#include <stdio.h>
#include <unistd.h>

/* Import `text`, as a file of that name, into `database`. All of it must be taken. */
static inline void import_text(const char *database, const char *name, const char *text)
{
    char file[160];
    const char *slash = strrchr(database, '/');
    assert_non_null(slash);
    snprintf(file, sizeof file, "%.*s/%s", (int)(slash - database), database, name);
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    sqlite3 *opened = NULL;
    struct error err = {0};
    struct import_options options = {0};
    struct import_report report;
    if (trace_database_open(&opened, database, true, &err) ||
        trace_import(opened, database, file, &options, &report, &err))
        fail_msg("%s", err.text);
    assert_int_equal(report.refused, 0);
    sqlite3_close(opened);
    unlink(file);
}

#endif
