/* What a policy sees, as JSON: times in seconds, capacity in units as exact decimals (a string
 * where a double would not hold it), what is unknown null. Recordings keep answers so, commands
 * that decide (docs/exec-policy.md) are given observations so.
 *
 * An answer that is BALLAST_OK:
 *   METRIC       [[time, value], ...] in the order returned
 *   FLEET        {"target": 32, "fulfilled": 30.5, "active": true}
 *   CLUSTER      {"registered_instances": 8, "running_tasks": 31, "pending_tasks": 1}
 *   SPOT_PRICES  [["c3.xlarge", "us-east-1a", time, micro-USD per hour, weight, fulfilled], ...]
 *
 * An observation:
 *   {"now": 1464393600, "trigger": "schedule", "answers": [...], "group": {...},
 *    "interruption_notices": 0, "rebalance_notices": null}
 * with one of these for each read, in order; metric, statistic, period_s and lookback_s are there
 * for metrics only, error_code with "error" only, and `answer` with "ok" only:
 *   {"api": "GetMetricStatistics", "metric": "PendingCapacity", "statistic": "Maximum",
 *    "period_s": 60, "lookback_s": 900, "status": "ok"|"empty"|"error", "error_code": "Throttling",
 *    "answer": ...}
 * and the group, whose numbers but the last are null unless "ok":
 *   {"status": "ok", "min_size": 0, "max_size": 8, "desired_capacity": 1, "in_service": 1,
 *    "pending": 0, "units_per_instance": 4}
 */
#ifndef POLICY_OBSERVED_H
#define POLICY_OBSERVED_H

#include "base/text.h"
#include "policy/policy.h"

/* Append an answer that is BALLAST_OK. */
void answer_write(struct text *text, enum ballast_read_kind kind,
                  const struct ballast_answer *answer);

/* Append what `policy`, with these values of its parameters, sees. */
void observation_write(struct text *text, const struct ballast_policy *policy,
                       const int64_t *parameters, const struct ballast_observation *seen);

/* Append {"NAME": value, ...}: each as a scenario writes it, null where the observation supplies
 * it. */
void parameters_write(struct text *text, const struct ballast_policy *policy,
                      const int64_t *parameters);

#endif
