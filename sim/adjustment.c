#include "adjustment.h"

#include "base/decimal.h"

enum { PERCENT = 100 };

const struct step_adjustment *adjustment_step(const struct scaling_policy *policy,
                                              int64_t over_micro, bool above)
{
    bool upward = over_micro > 0 || (over_micro == 0 && above);
    for (size_t i = 0; i < policy->step_count; i++) {
        const struct step_adjustment *step = &policy->steps[i];
        bool from_lower = step->lower_micro == INT64_MIN || over_micro > step->lower_micro ||
                          (upward && over_micro == step->lower_micro);
        bool to_upper = step->upper_micro == INT64_MAX || over_micro < step->upper_micro ||
                        (!upward && over_micro == step->upper_micro);
        if (from_lower && to_upper)
            return step;
    }
    return NULL;
}

/* `percent` of the base in whole units: above 1 rounded down, up to 1 is 1, and the same below. */
static int128 percent_change(int64_t base_micro, int64_t percent, int64_t min_magnitude)
{
    int128 exact = (int128)base_micro * percent;
    int128 whole = (int128)PERCENT * MICRO;
    int128 change = exact / whole;
    if (change == 0 && exact != 0)
        change = exact > 0 ? 1 : -1;
    if (percent > 0 && change < min_magnitude)
        change = min_magnitude;
    if (percent < 0 && change > -(int128)min_magnitude)
        change = -(int128)min_magnitude;
    return change;
}

int64_t adjusted_capacity(const struct scaling_policy *policy, int64_t base_micro,
                          int64_t adjustment)
{
    int128 result = 0;
    switch (policy->adjustment_type) {
    case ADJUST_EXACT:
        return adjustment;
    case ADJUST_CHANGE:
        result = divide_ceiling(base_micro + (int128)adjustment * MICRO, MICRO);
        break;
    case ADJUST_PERCENT:
        result = divide_ceiling(
            base_micro + percent_change(base_micro, adjustment, policy->min_magnitude) * MICRO,
            MICRO);
        break;
    }
    return result < 0 ? 0 : (int64_t)result;
}

int64_t tracked_capacity(int64_t base_micro, int64_t metric_micro, int64_t target_micro)
{
    return (int64_t)divide_ceiling((int128)base_micro * metric_micro, (int128)target_micro * MICRO);
}
