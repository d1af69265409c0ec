/* CloudWatch's evaluation of an alarm, pure: from points to a state.
 *
 * An alarm needs M of the last N periods to breach (EvaluationPeriods N, DatapointsToAlarm M). It
 * looks at more periods than N, its *range*, so that real points can take the place of missing
 * ones. docs/model.md, "Alarms"; the source is CloudWatch's user guide, "Configuring how alarms
 * treat missing data", whose tables are the unit tests.
 */
#ifndef SIM_METRIC_ALARM_H
#define SIM_METRIC_ALARM_H

#include "scenario/scaling.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum alarm_state { ALARM_INSUFFICIENT_DATA = 0, ALARM_OK, ALARM_ALARM };

/* One period of the range. */
enum alarm_point { POINT_MISSING = 0, POINT_FINE, POINT_BREACHING };

/* The state that `points` (oldest first, `range` of them, range >= periods) lead to from `before`.
 * Of `terms`, periods, points and missing are read. */
enum alarm_state alarm_evaluate(const struct alarm_terms *terms, const enum alarm_point *points,
                                size_t range, enum alarm_state before);

/* Whether a value breaches the threshold. */
bool alarm_breaches(const struct alarm_terms *terms, int64_t value_micro);

#endif
