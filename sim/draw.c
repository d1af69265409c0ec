#include "draw.h"

#include "base/pcg64.h"

int64_t draw_luck_delay(const struct delay *delay, uint64_t seed, enum draw_kind kind, uint64_t a,
                        uint64_t b, uint64_t c)
{
    struct pcg64 rng;
    const uint64_t key[] = {seed, (uint64_t)kind, a, b, c};
    pcg64_seed_key(&rng, key, sizeof key / sizeof key[0]);
    switch (delay->kind) {
    case DELAY_UNIFORM:
        return pcg64_between(&rng, delay->min_s, delay->max_s);
    case DELAY_EXPONENTIAL:
        return delay->min_s + pcg64_exponential(&rng, delay->max_s - delay->min_s);
    case DELAY_EMPIRICAL:
        return delay->values_s[pcg64_below(&rng, delay->value_count)];
    case DELAY_CONSTANT:
        break;
    }
    return delay->min_s;
}

bool draw_chance(int64_t permille, uint64_t seed, enum draw_kind kind, uint64_t a)
{
    if (permille <= 0)
        return false;
    const uint64_t key[] = {seed, (uint64_t)kind, a};
    return draw_chance_key(permille, key, sizeof key / sizeof key[0]);
}

bool draw_chance_key(int64_t permille, const uint64_t *key, size_t count)
{
    struct pcg64 rng;
    pcg64_seed_key(&rng, key, count);
    return (int64_t)pcg64_below(&rng, 1000) < permille;
}

uint64_t draw_below(uint64_t n, uint64_t seed, enum draw_kind kind, uint64_t a, uint64_t b)
{
    struct pcg64 rng;
    const uint64_t key[] = {seed, (uint64_t)kind, a, b};
    pcg64_seed_key(&rng, key, sizeof key / sizeof key[0]);
    return pcg64_below(&rng, n);
}

bool draw_chance_of(int64_t permille, uint64_t seed, enum draw_kind kind, uint64_t a, uint64_t b,
                    uint64_t c)
{
    struct pcg64 rng;
    const uint64_t key[] = {seed, (uint64_t)kind, a, b, c};
    pcg64_seed_key(&rng, key, sizeof key / sizeof key[0]);
    return (int64_t)pcg64_below(&rng, 1000) < permille;
}

uint64_t draw_market(const char *instance_type, const char *zone)
{
    const uint64_t key[] = {pcg64_word(instance_type), pcg64_word(zone)};
    struct pcg64 rng;
    pcg64_seed_key(&rng, key, sizeof key / sizeof key[0]);
    return pcg64_next(&rng);
}
