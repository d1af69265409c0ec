/* The pages of ballast report but a run's. Inside cli/ only. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "base/text.h"
#include "reports/sweep_report.h"

/* Whether a database has sweeps, and no run that the page could be of. */
int report_only_sweeps(const char *database, bool *out_only, struct error *err);

/* The page of a sweep: its number or the start of its key; NULL: the only one. Assumptions are
 * added where its traces are found from the database's folder or from here. */
int report_sweep(const char *database, const char *which, struct sweep_report_request *request,
                 struct text *out_page, struct error *err);

/* The page of two recorded runs, each RESULTS.db or RESULTS.db#RUN. */
int report_compare(const char *old_path, const char *new_path, struct text *out_page,
                   struct error *err);

#endif
