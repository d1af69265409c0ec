/* One statement with its values given one after another. Inside record/ only.
 *
 *     status = row_begin(&row, results, "INSERT INTO missed VALUES(?1,?2)", err);
 *     row_integer(&row, recording);
 *     row_text(&row, name);
 *     status = row_end(&row, err);
 *
 * A query, whose columns are those of row.statement:
 *
 *     status = row_begin(&row, results, "SELECT name FROM missed WHERE recording=?1", err);
 *     row_integer(&row, recording);
 *     while (!status && row_next(&row))
 *         status = take(results_text(row.statement, 0));
 *     status = row_close(&row, status, err);
 */
#ifndef RECORD_ROW_H
#define RECORD_ROW_H

#include "record/results.h"

struct row {
    struct results *results;
    sqlite3_stmt *statement;
    int next;
    int result; /* of the last step of a query */
};

int row_begin(struct row *row, struct results *results, const char *sql, struct error *err);
/* Of a statement that is kept: it is given its values from the first one on. */
struct row row_of(struct results *results, sqlite3_stmt *statement);

void row_null(struct row *row);
void row_integer(struct row *row, int64_t value);
void row_unless(struct row *row, int64_t value, int64_t none); /* NULL if it is `none` */
void row_text(struct row *row, const char *text);              /* borrowed; NULL is NULL */
void row_copy(struct row *row, const char *text);
void row_units(struct row *row, int64_t micro); /* as the other tables hold capacity */

/* Carry out and forget. */
int row_end(struct row *row, struct error *err);
/* Carry out and keep. */
int row_step(struct row *row, struct error *err);
/* Whether a query has another row. */
bool row_next(struct row *row);
/* Forget the query: the status so far, or what was wrong with its last row. */
int row_close(struct row *row, int status, struct error *err);
/* Carry out and forget a query of one number; `otherwise` where there is none, or it is NULL. */
int row_number(struct row *row, int64_t otherwise, int64_t *out_value, struct error *err);

#endif
