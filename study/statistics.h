/* Paired statistics: what is known of a difference that was seen in n worlds.
 *
 * Two runs, old and new, are made in each of n worlds; d = new - old is taken world by world. All
 * that is asked is whether the mean of d is other than zero, and between what bounds it lies: a sum
 * over worlds is what is paid, or missed, in the end.
 *
 * TEST: Fisher's randomisation test for pairs. If old and new did not differ, each d could as well
 * have had the other sign; p is the share of all 2^n choices of signs whose sum is at least as far
 * out as the one seen, doubled for the two sides. Nothing is assumed of the shape of d but that.
 * INTERVAL: the means that this test would not refuse, which by Hartigan's theorem are bounded by
 * two of the ordered means of all non-empty subsets of d (J. A. Hartigan, "Using subsample values
 * as typical values", JASA 64, 1969). So test and interval never disagree: zero is outside exactly
 * where p <= 5 %.
 * LARGE N: beyond PAIRED_EXACT_MOST worlds, PAIRED_DRAWN - 1 subsets drawn from PCG64 by a fixed
 * key stand for all, with the choice that was seen itself counted in.
 *
 * Integers only: every sum, mean and comparison is exact, and the same on every machine.
 */
#ifndef STUDY_STATISTICS_H
#define STUDY_STATISTICS_H

#include "base/decimal.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    PAIRED_ALPHA_PERMILLE = 50, /* a difference stands where p is at most this; intervals hold the
                                   rest, 95 % */
    PAIRED_WORLDS_LEAST = 6,    /* with fewer, no p can be as low: 2 / 2^5 is above 5 % */
    PAIRED_EXACT_MOST = 13,     /* worlds whose 2^n choices are all gone through */
    PAIRED_DRAWN = 10000,       /* choices beyond that */
};

/* A mean, exactly: sum / count. */
struct paired_mean {
    int128 sum;
    size_t count;
};

struct paired_result {
    size_t count; /* worlds */
    int128 old_sum;
    int128 new_sum;
    size_t lower; /* worlds in which new is below old, */
    size_t higher;
    size_t same;
    int128 absolute_sum; /* of |d| */
    int128 largest;      /* |d| of the world where it is largest, */
    size_t largest_at;   /* its index, the first of equals */
    int64_t p_part;      /* p = p_part / p_whole */
    int64_t p_whole;
    bool bounded;            /* there are worlds enough for an interval */
    struct paired_mean low;  /* its ends, of the mean of d */
    struct paired_mean high; /* low <= high */
    bool significant;        /* p <= 5 % */
};

/* Compare old_values[i] with new_values[i] for i < count; |values| below 10^24, count below 10^6.
 */
void paired_compare(const int128 *old_values, const int128 *new_values, size_t count,
                    struct paired_result *out_result);

/* a/b against c/d: -1, 0, 1. */
int paired_mean_compare(const struct paired_mean *a, const struct paired_mean *b);

/* Holm's correction for several tests at once: out_holds[i] is whether result i is still
 * significant when the chance of any false one among all `count` is to be at most 5 %. */
void paired_holm(const struct paired_result *results, size_t count, bool *out_holds);

#endif
