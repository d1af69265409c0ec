/* Application Auto Scaling's arithmetic, pure: from a metric to a capacity.
 *
 * Capacity in micro-units where it may be a fraction (fulfilled capacity), results in whole units,
 * not yet clamped to MinCapacity and MaxCapacity. docs/model.md, "Scaling of the fleet".
 */
#ifndef SIM_ADJUSTMENT_H
#define SIM_ADJUSTMENT_H

#include "scenario/scaling.h"

/* The step of a step policy that holds for a metric `over_micro` above the alarm's threshold (below
 * it if negative), or NULL. `above`: whether an alarm at the very threshold breaches upward. */
const struct step_adjustment *adjustment_step(const struct scaling_policy *policy,
                                              int64_t over_micro, bool above);

/* What `adjustment` of a step policy makes of `base_micro`. Never below 0. */
int64_t adjusted_capacity(const struct scaling_policy *policy, int64_t base_micro,
                          int64_t adjustment);

/* What tracking a target makes of `base_micro` when the metric is at `metric_micro`. */
int64_t tracked_capacity(int64_t base_micro, int64_t metric_micro, int64_t target_micro);

#endif
