/* Luck within a run: every draw has a key of its own (common random numbers). */
#ifndef SIM_DRAW_H
#define SIM_DRAW_H

#include "scenario/scenario.h"

#include <stdbool.h>
#include <stddef.h>
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
    DRAW_FAULT,
    DRAW_REBALANCE,
    DRAW_REBALANCE_LEAD,
    DRAW_TASK_START,
    DRAW_TASK_REGISTRATION,
    DRAW_PLACEMENT,
    DRAW_SHORTAGE,
    DRAW_LAUNCH_FAILURE,
    DRAW_NOTICE_LOST,
    DRAW_DURATION,
};

/* Draw a delay that is not constant for the key (seed, kind, a, b, c). Never negative. */
int64_t draw_luck_delay(const struct delay *delay, uint64_t seed, enum draw_kind kind, uint64_t a,
                        uint64_t b, uint64_t c);

/* The same for any; a constant one costs nothing. */
static inline int64_t draw_delay(const struct delay *delay, uint64_t seed, enum draw_kind kind,
                                 uint64_t a, uint64_t b, uint64_t c)
{
    return delay->kind == DELAY_CONSTANT ? delay->min_s
                                         : draw_luck_delay(delay, seed, kind, a, b, c);
}

/* Whether something of `permille` chance happens, for the key (seed, kind, a). 0 costs nothing. */
bool draw_chance(int64_t permille, uint64_t seed, enum draw_kind kind, uint64_t a);

/* The same for a key of any words; the first two are the seed and the kind. */
bool draw_chance_key(int64_t permille, const uint64_t *key, size_t count);

/* A number below n > 0, for the key (seed, kind, a, b). */
uint64_t draw_below(uint64_t n, uint64_t seed, enum draw_kind kind, uint64_t a, uint64_t b);

/* Whether something of `permille` chance happens, for the key (seed, kind, a, b, c). */
bool draw_chance_of(int64_t permille, uint64_t seed, enum draw_kind kind, uint64_t a, uint64_t b,
                    uint64_t c);

/* The word that stands for a market in a key. */
uint64_t draw_market(const char *instance_type, const char *zone);

/* A cheap 64-bit hash for draws made every minute: the order in which points are returned. */
static inline uint64_t draw_hash(uint64_t seed, uint64_t a, uint64_t b)
{
    uint64_t x = seed + a * 0x9e3779b97f4a7c15ULL + b * 0xd1b54a32d192ed03ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

#endif
