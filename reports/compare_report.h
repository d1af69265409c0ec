/* Two recorded runs of one world as a page that stands alone: over each other, what differs as time
 * goes, and where they part.
 */
#ifndef REPORTS_COMPARE_REPORT_H
#define REPORTS_COMPARE_REPORT_H

#include "base/text.h"
#include "study/compare.h"

/* What the page is of. Borrowed. */
struct compare_report_request {
    const struct comparison *comparison; /* of one pair of recorded runs, judged */
    struct results *results[COMPARE_SIDES];
    const struct stored_run *runs[COMPARE_SIDES];
    const char *assumptions[COMPARE_SIDES]; /* lines, or NULL */
    const char *parting;                    /* where they part, and why, in lines */
};

int compare_report(const struct compare_report_request *request, struct text *out_page,
                   struct error *err);

#endif
