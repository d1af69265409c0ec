/* Joining databases of sweeps: shards that other processes or machines computed.
 *
 * The sweeps come over with their lists of points, and whatever points are there; what `into` has
 * already stays as it is, so that joining the same again changes nothing. A point with other
 * figures than those of the same key is refused, since one of the two is wrong.
 */
#ifndef RECORD_MERGE_H
#define RECORD_MERGE_H

#include "record/database.h"

struct merge_counts {
    int64_t listed; /* points of the sweeps that were joined, each key once */
    int64_t there;  /* of them, computed */
    int64_t added;  /* of those, by this call */
};

/* Join `count` databases, which must hold the same sweeps, and neither runs nor recordings; else
 * STATUS_BAD_INPUT, and nothing is written. Each is joined in one transaction: after an error those
 * before it are in. `into` is made if there is none. It must be none of them; it may hold anything
 * else, but if sweeps, then one of theirs, too. */
int results_merge(const char *into, const char *const *paths, size_t count,
                  struct merge_counts *out_counts, struct error *err);

#endif
