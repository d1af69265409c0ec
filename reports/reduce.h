/* A run's capacity, and prices, for a picture: a long span brought down to the picture's columns
 * without losing extremes.
 */
#ifndef REPORTS_REDUCE_H
#define REPORTS_REDUCE_H

#include "traces/trace.h"

#include <stddef.h>
#include <stdint.h>

/* What is stacked, in micro-units, from time_s on. */
struct level {
    int64_t time_s;
    int64_t spot_micro;      /* served */
    int64_t on_demand_micro; /* served */
    int64_t missing_micro;
    int64_t desired; /* of the group, instances */
};

/* Of `levels`, by time, those that a picture of `columns` from from_s to to_s needs: of each column
 * the first and the last, and those with the most and the least missing, on demand, and desired.
 * Their order is kept. Returns how many there are; they stand at the beginning of `levels`. */
size_t levels_reduce(struct level *levels, size_t count, int64_t from_s, int64_t to_s,
                     size_t columns);

/* Of price steps by time, the first of which may be before from_s, those of each column that came
 * first and last and were lowest and highest; the first is moved to from_s. `out` has room for
 * `count`. Returns how many there are. */
size_t prices_reduce(const struct price_step *steps, size_t count, int64_t from_s, int64_t to_s,
                     size_t columns, struct price_step *out);

#endif
