#include "base/pcg64.h"

#include "base/log2_q32.h"

static uint128 multiplier(void)
{
    return ((uint128)2549297995355413924ULL << 64) | 4865540595714422341ULL;
}

static void step(struct pcg64 *rng)
{
    rng->state = rng->state * multiplier() + rng->increment;
}

void pcg64_seed(struct pcg64 *rng, uint128 initial_state, uint128 stream)
{
    rng->state = 0;
    rng->increment = (stream << 1) | 1;
    step(rng);
    rng->state += initial_state;
    step(rng);
}

/* The finalizer of SplitMix64 (Steele, Lea, Flood 2014): every input bit moves every output bit. */
static uint64_t mix(uint64_t x)
{
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9ULL;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

void pcg64_seed_key(struct pcg64 *rng, const uint64_t *words, size_t count)
{
    static const uint64_t salt[4] = {0x243f6a8885a308d3ULL, 0x13198a2e03707344ULL,
                                     0xa4093822299f31d0ULL, 0x082efa98ec4e6c89ULL};
    uint64_t lane[4];
    for (int i = 0; i < 4; i++) {
        uint64_t h = salt[i] + count;
        for (size_t w = 0; w < count; w++)
            h = mix(h + words[w] * 0x9e3779b97f4a7c15ULL + salt[i]) + (h << 1);
        lane[i] = mix(h);
    }
    pcg64_seed(rng, ((uint128)lane[0] << 64) | lane[1], ((uint128)lane[2] << 64) | lane[3]);
}

uint64_t pcg64_word(const char *name)
{
    uint64_t h = 0xcbf29ce484222325ULL;
    for (; *name; name++)
        h = (h ^ (unsigned char)*name) * 0x100000001b3ULL;
    return h;
}

uint64_t pcg64_next(struct pcg64 *rng)
{
    step(rng);
    uint64_t folded = (uint64_t)(rng->state >> 64) ^ (uint64_t)rng->state;
    unsigned turn = (unsigned)(rng->state >> 122);
    return (folded >> turn) | (folded << ((64 - turn) & 63));
}

uint64_t pcg64_below(struct pcg64 *rng, uint64_t bound)
{
    /* Lemire, "Fast random integer generation in an interval" (2019): the high half of a product,
     * rejecting the few low halves that would make some values likelier. */
    uint128 product = (uint128)pcg64_next(rng) * bound;
    if ((uint64_t)product < bound) {
        uint64_t threshold = -bound % bound;
        while ((uint64_t)product < threshold)
            product = (uint128)pcg64_next(rng) * bound;
    }
    return (uint64_t)(product >> 64);
}

int64_t pcg64_between(struct pcg64 *rng, int64_t low, int64_t high)
{
    uint64_t span = (uint64_t)high - (uint64_t)low + 1;
    return (int64_t)((uint64_t)low + pcg64_below(rng, span));
}

uint64_t pcg64_minus_ln_q32(uint64_t u)
{
    unsigned zeros = (unsigned)__builtin_clzll(u);
    uint64_t minus_log2 = ((uint64_t)(zeros + 1) << 32) - log2_q32(u << zeros);
    const uint64_t ln2_q32 = 2977044471; /* ln 2 * 2^32 */
    return (uint64_t)(((uint128)minus_log2 * ln2_q32) >> 32);
}

int64_t pcg64_exponential(struct pcg64 *rng, int64_t mean)
{
    uint64_t u = pcg64_next(rng) | 1;
    return (int64_t)(((int128)mean * (int128)pcg64_minus_ln_q32(u)) >> 32);
}

int64_t pcg64_normal_micro(struct pcg64 *rng)
{
    int64_t sum = 0;
    for (int i = 0; i < 12; i++)
        sum += (int64_t)pcg64_below(rng, MICRO);
    return sum - 6 * MICRO + 6; /* twelve means of (10^6 - 1) / 2 */
}
