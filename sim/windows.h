/* What is needed by policies that hold for a while after the fleet's target has changed, for any
 * such while: runs that differ in that window have the rest in common.
 *
 * Such a policy (policy_window) holds at an evaluation if points of TargetCapacity within the
 * window differ, or if there are none; else the window has no say. What the rest says is found once
 * with the smallest window there is something to see in. With a larger one it is the same, but
 * where that one holds: from when a point that differs from the one before can be read, until the
 * one before leaves the window.
 */
#ifndef SIM_WINDOWS_H
#define SIM_WINDOWS_H

#include "needs.h"

struct windows;

/* Whether the scenario's needs can be made from such: its window is not too small, points
 * come in their turn, and the fleet publishes them all the time. The largest window there is, a day
 * of minutes, has as many points as one call returns. */
bool windows_serve(const struct scenario *scenario);
/* The scenario is one that they serve; others may differ in that window, and as needs do. */
struct windows *windows_make(const struct scenario *scenario, const struct fleet_tape *tape,
                             sized_function *size);
void windows_free(struct windows *windows); /* or NULL */
size_t windows_bytes(const struct windows *windows);

/* What needs_make would give. */
struct needs *windows_needs(const struct windows *windows, const struct scenario *scenario);

#endif
