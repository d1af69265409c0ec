/* What a run did, interval by interval: capacity, calls and cost, for other programs. */
#ifndef REPORTS_INTERVALS_H
#define REPORTS_INTERVALS_H

#include "base/sheet.h"
#include "record/database.h"

enum { INTERVAL_LEAST_S = 60, INTERVALS_MOST = 1100000 };

/* Intervals of `every_s` from the measured window's beginning on, the last one as long as is left.
 * Each column's sum is the run's figure of that name, exactly; but for cost.other, which is in
 * none. STATUS_BAD_INPUT where there would be more than INTERVALS_MOST. */
int intervals_write(struct results *results, const struct stored_run *run, int64_t every_s,
                    enum sheet_form form, FILE *out, struct error *err);

#endif
