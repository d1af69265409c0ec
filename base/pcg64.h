/* Randomness: PCG64 (XSL-RR 128/64, as numpy's PCG64), seeded from keys.
 *
 * Source: M. E. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good
 * Algorithms for Random Number Generation", HMC-CS-2014-0905. Checked against numpy's vectors.
 *
 * Common random numbers: a draw never depends on how many draws came before it elsewhere. Each
 * thing that needs luck (a launch, a metric's lateness, one market of a generated trace) has a key;
 * state and stream are hashed from it with pcg64_seed_key. Equal keys give equal draws, whatever
 * else happens.
 *
 * The distributions are integer arithmetic only, so they agree on every machine.
 */
#ifndef BASE_PCG64_H
#define BASE_PCG64_H

#include "base/decimal.h"

#include <stddef.h>
#include <stdint.h>

struct pcg64 {
    uint128 state;
    uint128 increment; /* odd */
};

/* pcg64_srandom of the reference implementation: any `initial_state`, any `stream`. */
void pcg64_seed(struct pcg64 *rng, uint128 initial_state, uint128 stream);

/* Hash `count` words to state and stream. The words are a key such as {seed, kind, pool, second}.
 */
void pcg64_seed_key(struct pcg64 *rng, const uint64_t *words, size_t count);

/* A 64-bit FNV-1a hash of a name, to use as a word of a key. */
uint64_t pcg64_word(const char *name);

/* Uniform over all 64-bit values. */
uint64_t pcg64_next(struct pcg64 *rng);

/* Uniform over 0 .. bound-1, without bias. bound > 0. */
uint64_t pcg64_below(struct pcg64 *rng, uint64_t bound);

/* Uniform over low .. high, both included. low <= high, high - low < 2^63. */
int64_t pcg64_between(struct pcg64 *rng, int64_t low, int64_t high);

/* -ln(u / 2^64) in units of 2^-32, u > 0, the same on every machine: what an exponential is made
 * of. */
uint64_t pcg64_minus_ln_q32(uint64_t u);

/* Exponential with the given mean, rounded down to an integer; mean * 44 must fit in an int64. */
int64_t pcg64_exponential(struct pcg64 *rng, int64_t mean);

/* Standard normal in millionths, as the sum of twelve uniforms less six (Irwin-Hall): bounded by
 * six deviations, exact in integers. For generated traces, not for tails. */
int64_t pcg64_normal_micro(struct pcg64 *rng);

#endif
