/* Many rows into one table, quickly: rows are gathered and written with one statement for many.
 * Inside record/ only.
 *
 * A row is given value by value, in the order of the table's columns, then ended:
 *
 *     batch_integer(batch, run);
 *     batch_text(batch, name);
 *     status = batch_end_row(batch, err);
 *
 * Texts are copied. What was gathered is written when a batch is full and by batch_flush.
 */
#ifndef RECORD_BATCH_H
#define RECORD_BATCH_H

#include "base/error.h"

#include <sqlite3.h>
#include <stdint.h>

struct batch; /* heap object */

/* NULL if the statements cannot be prepared: sqlite3_errmsg tells why. */
struct batch *batch_new(sqlite3 *database, const char *table, int columns);
void batch_destroy(struct batch *batch); /* forgets what is not flushed; batch may be NULL */

void batch_integer(struct batch *batch, int64_t value);
void batch_null(struct batch *batch);
void batch_text(struct batch *batch, const char *text);

/* SQLITE_OK or the error's code. */
int batch_end_row(struct batch *batch);
int batch_flush(struct batch *batch);

#endif
