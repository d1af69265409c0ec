/* What of a sweep's dimensions a picture is laid out by. Inside reports/sweep_*.c only. */
#ifndef REPORTS_SWEEP_AXES_H
#define REPORTS_SWEEP_AXES_H

#include "sweep_data.h"

#include "base/error.h"

enum { AXIS_STEPS_MOST = 40, AXIS_PANELS_MOST = 4 };
#define AXIS_NONE SIZE_MAX

struct sweep_axes {
    size_t x;     /* a dimension */
    size_t y;     /* AXIS_NONE: only x is varied */
    size_t panel; /* one panel for each of its values; AXIS_NONE: one picture */
    size_t panels;
    size_t x_steps; /* values stand in so many steps, several in one where they are more; of a line
                       each in its own */
    size_t y_steps;
    bool others; /* more is varied than is laid out: */
    bool median; /* of it the median is shown, not the least */
};

/* By what is asked for (each NULL, or a path or its last part), else by what tells most: a cooldown
 * and a window where both matter; else the two between whose values the means of cost and
 * unfulfilled capacity lie farthest apart. A name that is not varied, or two, is STATUS_BAD_INPUT.
 */
int sweep_axes_choose(const struct sweep_data *data, const char *const asked[2], bool median,
                      struct sweep_axes *out, struct error *err);

/* Whether fewer points were run than there are combinations of values, as of a drawn space. */
bool sweep_is_drawn(const struct sweep_data *data);

/* The step of a value, and the first value of a step. */
size_t axis_step(size_t value, size_t values, size_t steps);
size_t axis_first(size_t step, size_t values, size_t steps);

#endif
