/* One recorded run as a page that stands alone: pictures drawn by gnuplot, a table under each. */
#ifndef REPORTS_RUN_REPORT_H
#define REPORTS_RUN_REPORT_H

#include "base/text.h"
#include "record/database.h"
#include "reports/run_market.h"

/* The page of a run found by results_find. `assumptions` are lines, or NULL. */
int run_report(struct results *results, const struct stored_run *run, const char *assumptions,
               const struct run_market *market, struct text *out_page, struct error *err);

#endif
