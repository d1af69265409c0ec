/* How far a run is from perfect: the least that any policy could have paid for the same capacity.
 *
 * lower_bound is for the capacity the run served, second by second; full_service_bound for all that
 * was required. Both know prices and interruptions in advance, and are bound by the caps, the least
 * delays, the billing and the initial fleet of the scenario alone. They are values of a feasible
 * dual of the linear programme over launch intervals: never above what a policy can pay, and exact
 * where docs/bounds.md says so. regret is the run's cost less lower_bound.
 *
 * Use: take bounds_sink as the run's record sink (it passes all on to the one given), simulate,
 * then bounds_fill.
 */
#ifndef STUDY_BOUND_H
#define STUDY_BOUND_H

#include "base/error.h"
#include "record/figures.h"
#include "record/record.h"
#include "scenario/scenario.h"
#include "traces/trace.h"

struct bounds;
struct schedule;

/* `onward` is told all that the bounds are, and may be NULL; it is borrowed. */
struct bounds *bounds_new(const struct scenario *scenario, const struct trace_set *traces,
                          const struct record_sink *onward);
void bounds_free(struct bounds *bounds);

/* What is found for one run's curves serves the next: policies that are compared often serve alike,
 * and what is required is the same for all. Those who share a memory must be runs of one scenario,
 * but for its policy, over the same traces; and the scenarios have to live as long as the memory,
 * whose schedules bear their names. */
struct bounds_memory *bounds_memory_new(void);
void bounds_memory_free(struct bounds_memory *memory);
/* `memory` is borrowed until the bounds are freed. */
void bounds_share(struct bounds *bounds, struct bounds_memory *memory);

struct record_sink bounds_sink(struct bounds *bounds);

/* Fill in the three figures; `threads` as in parallel_run. One that cannot be told stays unknown,
 * and bounds_reason says why. */
int bounds_fill(struct bounds *bounds, size_t threads, struct figures *figures, struct error *err);

/* Why a figure is unknown, in one line; NULL if it is known. */
const char *bounds_reason(const struct bounds *bounds, enum figure figure);

/* What could have been bought instead (study/schedule.h), for the bound of that name; empty where
 * the bound is not known, and with a reason where none was found. It lives as long as `bounds`. */
const struct schedule *bounds_schedule(const struct bounds *bounds, enum figure figure);

#endif
