/* A recording as traces: what production asked for becomes a demand, what spot cost becomes prices.
 *
 * DEMAND is the fleet's target capacity: of each DescribeSpotFleetRequests that was answered, at
 * the time of its evaluation; in a recording without any, of the points of TargetCapacity (Maximum,
 * else Average, else Minimum; where a later answer restated a point, the later value), from the
 * point's stamp on. The target may have changed within the period before an evaluation saw it.
 * PRICES are all that DescribeSpotPriceHistory answered, to the policy or to the recording's watch,
 * each at its own time, which is exact. INTERRUPTIONS are those of record/watched.h. A recording
 * does not say what on-demand instances cost.
 */
#ifndef RECORD_RECORDING_TRACE_H
#define RECORD_RECORDING_TRACE_H

#include "record/recorded.h"
#include "traces/import.h"

/* Is it a results database? False for what cannot be read. */
bool recording_file_is(const char *path);

/* Import the recording of `choice` in `file` into a trace database, in one transaction. A file
 * without one is STATUS_BAD_INPUT. */
int recording_import(sqlite3 *database, const char *database_path, const char *file,
                     const struct recorded_choice *choice, const struct import_options *options,
                     struct import_report *out_report, struct error *err);

#endif
