/* What a recording has shown of one metric so far: its points, and since when there is no gap.
 * Inside record/ only. */
#ifndef RECORD_SERIES_H
#define RECORD_SERIES_H

#include "policy/cloud.h"

struct series {
    char metric[64];
    enum ballast_statistic statistic;
    int64_t period_s;
    int64_t from_s;               /* all since is known... */
    int64_t to_s;                 /* ...up to here */
    struct ballast_point *points; /* oldest first, one for each stamp */
    size_t count;
    size_t capacity;
};

/* Is it the series that `query` asks for? */
bool series_is(const struct series *series, const struct cloud_metric_query *query);

/* Take note of what a query was answered; newer values of a stamp replace older ones. */
void series_add(struct series *series, const struct cloud_metric_query *query,
                const struct ballast_point *points, size_t count);

/* Append to out_points the known points from start_s on that are older than before_s, newest first.
 * Returns the new count, at most `capacity`. */
size_t series_older(const struct series *series, int64_t start_s, int64_t before_s,
                    struct ballast_point *out_points, size_t count, size_t capacity);

void series_clean_up(struct series *series);

#endif
