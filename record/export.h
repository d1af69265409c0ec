/* Tables of a results database, for other programs: as they are, or made of them. Rows stream from
 * the database to the sheet.
 *
 *   figures   each run's figures, exact, with what tells it from others
 *   points    the same of the points of sweeps
 *   any other a table of docs/results.md, in the order of its key, all columns
 */
#ifndef RECORD_EXPORT_H
#define RECORD_EXPORT_H

#include "base/sheet.h"
#include "record/database.h"

/* `run`: only this one; 0: all. A table that has no runs cannot be asked for one of them:
 * STATUS_BAD_INPUT, as for a table that is none, or that the file is too old for. */
int results_export(struct results *results, const char *table, int64_t run, enum sheet_form form,
                   FILE *out, struct error *err);

#endif
