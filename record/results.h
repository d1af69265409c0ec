/* Inside record/ only: what the files of the results database share. */
#ifndef RECORD_RESULTS_H
#define RECORD_RESULTS_H

#include "record/batch.h"
#include "record/database.h"

#include <sqlite3.h>

struct results {
    sqlite3 *database;
    char *path;
    int version;                         /* of the file's schema */
    const struct ballast_policy *policy; /* gives decisions their words */
    int64_t run;                         /* being recorded */
    bool open;                           /* a run is being recorded */
    struct error error;                  /* the first of the sink */
    struct batch *capacity;
    struct batch *instance;
    struct batch *interruption;
    struct batch *rebalance;
    struct batch *decision;
    struct batch *scheduled;
    sqlite3_stmt *find_point; /* of points.c, kept once prepared */
    sqlite3_stmt *add_point;
    sqlite3_stmt *add_to_sweep;
};

/* What SQLite says went wrong, as one line that names the file. */
int results_fail(struct results *results, struct error *err);
/* The one line for a file that is not as this program left it. */
int results_damaged(const char *path, const char *how, struct error *err);
/* Whether it has every table of its version, and these the columns that this program gives them, so
 * that no statement finds out in SQLite's words: STATUS_BAD_INPUT if not. */
int results_check_tables(struct results *results, int version, struct error *err);
int results_run_sql(struct results *results, const char *sql, struct error *err);
int results_prepare(struct results *results, sqlite3_stmt **out_statement, const char *sql,
                    struct error *err);

/* The same of text that was made for it, which is freed. */
int results_query(struct results *results, sqlite3_stmt **out_statement, char *sql,
                  struct error *err);
/* Finalize a statement after its last step, which returned `result`: the status so far, or the
 * error of that step. */
int results_query_end(struct results *results, sqlite3_stmt *statement, int status, int result,
                      struct error *err);
/* A column as text until the next step; "" where it is NULL. */
const char *results_text(sqlite3_stmt *row, int column);
/* The same for people, on the heap: a file from elsewhere forges no lines and moves no cursor, so
 * control characters become question marks. */
char *results_copy(sqlite3_stmt *row, int column);
/* The same in a place of the caller's, cut to its size. */
void results_line(sqlite3_stmt *row, int column, char *out, size_t size);

/* Forget what was gathered and not written. */
void results_close_batches(struct results *results);

/* Bind a text that outlives the step. NULL is bound as NULL. */
void results_bind(sqlite3_stmt *statement, int index, const char *text);

#endif
