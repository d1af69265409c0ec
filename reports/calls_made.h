/* The calls a run made to change capacity, in order, as lines: what a baseline keeps of decisions,
 * so that a change of policy can be shown at the first moment where it acts otherwise.
 *
 *   2026-03-01T04:10:30Z: SetDesiredCapacity(8), ignoring the cooldown: accepted; WORDS
 *
 * Identical consecutive ones are one line with their number. Only the first CALLS_KEPT are kept;
 * all are counted.
 */
#ifndef REPORTS_CALLS_MADE_H
#define REPORTS_CALLS_MADE_H

#include "record/record.h"

enum { CALLS_KEPT = 100 };

struct calls_made {
    const struct ballast_policy *policy; /* whose reasons they bear */
    char *lines[CALLS_KEPT];
    size_t kept;
    int64_t count; /* of lines, kept or not */
};

/* A sink that fills *calls, which must hold the policy and be zero else. */
struct record_sink calls_made_sink(struct calls_made *calls);
void calls_made_clean_up(struct calls_made *calls);

/* Index of the first line in which the two differ; SIZE_MAX where none of the kept ones does. A
 * line that only one of them has differs. */
size_t calls_made_differ(const struct calls_made *a, const struct calls_made *b);

#endif
