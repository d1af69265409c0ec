/* What tuning was asked, and what it found, in the results database: one row for each objective and
 * conditions under which the runs of a sweep were judged. Writes stand between points_begin and
 * points_commit.
 */
#ifndef RECORD_TUNINGS_H
#define RECORD_TUNINGS_H

#include "record/database.h"

/* Numbers of points are those of the tuning: a run of the sweep is number point * windows * seeds
 * and what its world has. Strings are borrowed. */
struct stored_tuning {
    const char *minimize;   /* a JSON array: each objective as it is called */
    const char *subject_to; /* a JSON array of conditions */
    size_t train;           /* windows to tune on in the walk; 0: all before */
    size_t windows;
    size_t seeds;
    size_t episodes; /* independent shortages behind it */
    bool has_best;   /* else no point meets the conditions */
    size_t best;
    const char *varied;  /* what the best point sets, a JSON object; NULL without one */
    const char *beyond;  /* a JSON array: points of the front that do not meet the conditions */
    const char *why_not; /* NULL: the best point is recommended */
    const char *out_of_sample; /* a sentence: how what was got lies to what was promised; NULL:
                                  nothing was judged */
};

/* Adding what is there changes nothing. */
int tunings_add(struct results *results, int64_t sweep, const struct stored_tuning *tuning,
                struct error *err);
/* Those of a sweep, in the order of the dump. */
int tunings_each(struct results *results, int64_t sweep,
                 void (*take)(const struct stored_tuning *tuning, void *context), void *context,
                 struct error *err);

#endif
