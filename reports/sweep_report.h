/* A sweep of a results database as a page that stands alone: its points over what was varied, the
 * front, and what matters.
 */
#ifndef REPORTS_SWEEP_REPORT_H
#define REPORTS_SWEEP_REPORT_H

#include "sweep_data.h"

/* What is asked for. Borrowed. */
struct sweep_report_request {
    const char *axes[2]; /* x and y, as sweep_axes_choose takes them; NULL: by what tells most */
    bool median;         /* of what else was varied, instead of the least */
    const char *assumptions; /* lines, or NULL */
    const char *trace_hash;  /* of the traces that they were read from */
};

/* The page of a sweep that was read. */
int sweep_report(const struct sweep_data *data, const struct sweep_report_request *request,
                 struct text *out_page, struct error *err);

#endif
