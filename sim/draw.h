/* Luck within a run: every draw has a key of its own (common random numbers). */
#ifndef SIM_DRAW_H
#define SIM_DRAW_H

#include "scenario/scenario.h"

#include <stdbool.h>
#include <stdint.h>

/* What a draw is for: the second word of its key. New kinds go at the end, so that old runs stay.
 */
enum draw_kind {
    DRAW_SPOT_LAUNCH = 1,
    DRAW_SPOT_JOIN,
    DRAW_ON_DEMAND_LAUNCH,
    DRAW_ON_DEMAND_JOIN,
    DRAW_METRIC,
    DRAW_JITTER,
    DRAW_METRIC_GAP,
    DRAW_INTERRUPTION_SHARE,
};

/* Draw a delay for the key (seed, kind, a, b, c). A constant delay costs nothing. Never negative.
 */
int64_t draw_delay(const struct delay *delay, uint64_t seed, enum draw_kind kind, uint64_t a,
                   uint64_t b, uint64_t c);

/* Whether something of `permille` chance happens, for the key (seed, kind, a). 0 costs nothing. */
bool draw_chance(int64_t permille, uint64_t seed, enum draw_kind kind, uint64_t a);

/* A number below n > 0, for the key (seed, kind, a, b). */
uint64_t draw_below(uint64_t n, uint64_t seed, enum draw_kind kind, uint64_t a, uint64_t b);

/* A cheap 64-bit hash for draws made every minute: the order in which points are returned. */
uint64_t draw_hash(uint64_t seed, uint64_t a, uint64_t b);

#endif
