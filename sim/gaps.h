/* What is missing beside a fleet while so much of the backup is up: for any stretch of time without
 * going through it.
 *
 * Beside one fleet, what a group serves depends on nothing but how much of it is up. What is
 * required less what the fleet serves is the gap; with a level of L up, what is unfulfilled is the
 * gap less L, where that is above 0. Sums of a level are kept for every block of stretches, in
 * which neither what is required nor what the fleet has up changes, so a level that lasts for
 * months costs two blocks.
 *
 * What is required is not kept: it is read in the scenario of the run that asks, and is the same in
 * all runs beside a fleet.
 */
#ifndef SIM_GAPS_H
#define SIM_GAPS_H

#include "base/decimal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scenario;

/* What the fleet has up from a second on. */
struct gaps_up {
    int64_t time_s;
    int64_t spot_micro;
    int64_t all_micro;
};

/* A stretch in the making: up to end_s, while ups[up] and, of the demand, all steps before
 * demand[step] have come. */
struct gaps_cursor {
    int64_t end_s;
    size_t up;
    size_t step;
};

struct gaps_block {
    struct gaps_cursor before; /* the stretch before it */
    int64_t widest_micro;      /* its widest gap */
    int64_t spot_suffices_s;   /* before it: seconds in which spot alone served what is required */
};

struct gaps {
    struct gaps_up *ups; /* once sealed, one more follows, at the end */
    size_t up_count;
    size_t up_capacity;
    struct gaps_block *blocks; /* likewise */
    size_t block_count;
    int64_t *peak_micro; /* of blocks in their turn: their widest gap */
};

/* Sums before each block while level_micro is up. */
struct gap_level {
    int64_t level_micro;
    struct gap_level_sums {
        int64_t unfulfilled_micro_s;
        int64_t shortfall_s;
        int64_t episodes; /* beginnings of a shortfall */
    } * before;
};

/* What the stretches add up to for one run. Zeroed, but for until_s: INT64_MIN. */
struct gap_sums {
    int128 unfulfilled_micro_s;
    int64_t shortfall_s;
    int64_t episodes;
    int64_t until_s; /* the end of the last shortfall counted */
    int64_t worst_micro;
    int64_t recovery_s; /* spot suffices while the backup still runs */
    size_t at;          /* a block that begins before what is summed next */
};

/* The fleet has so much up from time_s on, not before what was added last: of what is added for one
 * second the last counts. */
void gaps_add(struct gaps *gaps, int64_t time_s, int64_t spot_up_micro, int64_t on_demand_up_micro);
/* No more come: the last stretch ends at end_s, after all that was added, which is at least one.
 * False if they might not be summed in 64 bits. */
bool gaps_seal(struct gaps *gaps, const struct scenario *scenario, int64_t end_s);
void gaps_clean_up(struct gaps *gaps);
size_t gaps_bytes(const struct gaps *gaps);

struct gap_level *gap_level_new(const struct gaps *gaps, const struct scenario *scenario,
                                int64_t level_micro);
void gap_level_free(struct gap_level *level);
size_t gap_level_bytes(const struct gaps *gaps);

/* Add [from_s, to_s), within the stretches and not before what was added last. `level` is that of
 * level_micro, or NULL: then it is gone through stretch by stretch. `runs`: instances of the backup
 * run. */
void gaps_sum(const struct gaps *gaps, const struct scenario *scenario,
              const struct gap_level *level, int64_t level_micro, bool runs, int64_t from_s,
              int64_t to_s, struct gap_sums *sums);
/* Whether level sums would spare anything there. */
bool gaps_is_long(const struct gaps *gaps, size_t at, int64_t to_s);

/* Seconds times the instances, of units_micro each, that would serve what is required in [from_s,
 * to_s), of which `prepaid` do not count. */
int128 gaps_all_on_demand(const struct gaps *gaps, const struct scenario *scenario,
                          int64_t units_micro, int64_t prepaid, int64_t from_s, int64_t to_s);

#endif
