/* For tests of traces: folders for databases, files from text, imports, compiled steps. */
#ifndef TESTS_TRACES_FIXTURE_H
#define TESTS_TRACES_FIXTURE_H

#include "base/decimal.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "traces/import.h"
#include "traces/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after what it needs */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

struct fixture {
    char folder[64];
    char path[96]; /* of the database */
    sqlite3 *database;
    struct import_report report; /* of the last import */
    struct error err;
    int64_t last_refused_line;
    char last_refusal[256];
};

static inline int64_t at(const char *text)
{
    int64_t time_s = 0;
    assert_true(timestamp_parse(text, strlen(text), false, &time_s));
    return time_s;
}

static inline int fixture_open(void **state)
{
    struct fixture *f = memory_new(1, sizeof *f);
    strcpy(f->folder, "/tmp/ballast-traces-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof f->path, "%s/t.db", f->folder);
    assert_int_equal(trace_database_open(&f->database, f->path, true, &f->err), STATUS_OK);
    *state = f;
    return 0;
}

static inline int fixture_close(void **state)
{
    struct fixture *f = *state;
    sqlite3_close(f->database);
    DIR *folder = opendir(f->folder);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        char name[512];
        snprintf(name, sizeof name, "%s/%s", f->folder, entry->d_name);
        unlink(name);
    }
    if (folder)
        closedir(folder);
    rmdir(f->folder);
    free(f);
    return 0;
}

/* A file in the fixture's folder; the path lives until the next call. */
static inline const char *file_of_bytes(struct fixture *f, const char *name, const void *bytes,
                                        size_t count)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", f->folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
    return path;
}

static inline const char *file_of(struct fixture *f, const char *name, const char *text)
{
    return file_of_bytes(f, name, text, strlen(text));
}

static inline void note_refusal(const char *file, int64_t line, const char *reason, void *context)
{
    struct fixture *f = context;
    (void)file;
    f->last_refused_line = line;
    snprintf(f->last_refusal, sizeof f->last_refusal, "%s", reason);
}

static inline int import_path(struct fixture *f, const char *path, struct import_options options)
{
    f->err = (struct error){0};
    f->last_refused_line = 0;
    f->last_refusal[0] = '\0';
    options.refused = note_refusal;
    options.context = f;
    return trace_import(f->database, f->path, path, &options, &f->report, &f->err);
}

static inline int import_text(struct fixture *f, const char *name, const char *text)
{
    return import_path(f, file_of(f, name, text), (struct import_options){0});
}

/* Import text and check the counts. */
static inline void imports(struct fixture *f, const char *name, const char *text, int64_t taken,
                           int64_t duplicate, int64_t refused)
{
    int status = import_text(f, name, text);
    if (status)
        print_error("%s\n", f->err.text);
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(f->report.taken, taken);
    assert_int_equal(f->report.duplicate, duplicate);
    assert_int_equal(f->report.refused, refused);
}

/* One number from the database. */
static inline int64_t query(struct fixture *f, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(f->database, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

/* The compiled steps of one market, as "seconds:micro ...", seconds counted from `from_s`. */
static inline const char *steps(struct fixture *f, const char *zone, const char *type,
                                int64_t from_s, int64_t to_s)
{
    static char text[1024];
    struct trace_set set = {0};
    const struct market_key key = {zone, type, "Linux/UNIX"};
    assert_int_equal(trace_compile(&set, f->path, &key, 1, from_s, to_s, &f->err), STATUS_OK);
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; set.market_count && i < set.markets[0].step_count; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%lld:%lld", i ? " " : "",
                                   (long long)(set.markets[0].steps[i].time_s - from_s),
                                   (long long)set.markets[0].steps[i].micro_usd_per_hour);
    trace_set_clean_up(&set);
    return text;
}

/* The path of a file of real data, or NULL if there is none here (the test then skips). */
static inline const char *real_data(const char *name)
{
    static char path[1024];
    const char *folder = getenv("BALLAST_DATA");
    if (folder)
        snprintf(path, sizeof path, "%s/%s", folder, name);
    else
        snprintf(path, sizeof path, "%s/../shared/data/%s", BALLAST_SOURCE_DIR, name);
    return access(path, R_OK) == 0 ? path : NULL;
}

#endif
