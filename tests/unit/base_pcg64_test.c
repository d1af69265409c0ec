/* PCG64 against numpy's PCG64 (numpy 1.24, random_raw with state and increment set), and its draws.
 *
 * Proves docs/model.md, "Draws".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/pcg64.h"

#define WIDE(high, low) (((uint128)(high) << 64) | (low))

struct vector {
    uint128 state;
    uint128 stream;
    uint64_t outputs[6];
};

static void seeded_like_the_reference(void **state)
{
    (void)state;
    const struct vector vectors[] = {
        {42,
         54,
         {0x86b1da1d72062b68, 0x1304aa46c9853d39, 0xa3670e9e0dd50358, 0xf9090e529a7dae00,
          0xc85b9fd837996f2c, 0x606121f8e3919196}},
        {0,
         0,
         {0xd4feb4e5a4bcfe09, 0xe85a7fe071b026e6, 0x3a5b9037fe928c11, 0x7b044380d100f216,
          0x1c7850a6b6d83e6a, 0x240b82fcc04f0926}},
        {WIDE(0x0123456789abcdef, 0xfedcba9876543210),
         WIDE(0xdeadbeef, 0xcafebabe),
         {0x2449e466f3c8c703, 0xf39d308fcca4ab5a, 0x770073b888b2b41e, 0x130cb19ca16b192b,
          0xefcf03406f8f263c, 0xb5503f6cedb3311c}},
    };
    for (size_t v = 0; v < sizeof vectors / sizeof vectors[0]; v++) {
        struct pcg64 rng;
        pcg64_seed(&rng, vectors[v].state, vectors[v].stream);
        for (size_t i = 0; i < 6; i++)
            assert_true(pcg64_next(&rng) == vectors[v].outputs[i]);
    }
}

static void goes_on_from_numpys_own_states(void **state)
{
    (void)state;
    /* numpy.random.PCG64(0) and PCG64(12345): their state and increment, then their raw outputs. */
    struct pcg64 zero = {.state = WIDE(0x1aa1b5345996452d, 0x09585eb7a69561e3),
                         .increment = WIDE(0x418ddadb3af71a82, 0x588133bc447873a9)};
    const uint64_t zero_outputs[] = {0xa30febcfd9c2825f, 0x4510bdf882d9d721, 0x0a7d3da94ecde8b8,
                                     0x043b27b61342f01d, 0xd0327a782cde513b, 0xe9aa5979a6401c4e};
    struct pcg64 other = {.state = WIDE(0x1905e0335aae9634, 0x9199b0d09775add5),
                          .increment = WIDE(0xc9c7353e6e2b1f28, 0x7d761f2d4027fae7)};
    const uint64_t other_outputs[] = {0x3a32b18db2ffc19d, 0x51171315c9e4c4de, 0xcc2024823444efd9,
                                      0xad1f06aea486e910, 0x641fc168fd0b7b0d, 0x55334b27d6e48f43};
    for (size_t i = 0; i < 6; i++) {
        assert_true(pcg64_next(&zero) == zero_outputs[i]);
        assert_true(pcg64_next(&other) == other_outputs[i]);
    }
}

static void below_is_within_its_bound_and_even(void **state)
{
    (void)state;
    struct pcg64 rng;
    pcg64_seed(&rng, 1, 1);
    unsigned seen[7] = {0};
    for (int i = 0; i < 70000; i++) {
        uint64_t draw = pcg64_below(&rng, 7);
        assert_true(draw < 7);
        seen[draw]++;
    }
    for (size_t i = 0; i < 7; i++)
        assert_in_range(seen[i], 9500, 10500); /* five deviations */
}

static void between_includes_both_ends(void **state)
{
    (void)state;
    struct pcg64 rng;
    pcg64_seed(&rng, 2, 1);
    int seen_low = 0;
    int seen_high = 0;
    for (int i = 0; i < 1000; i++) {
        int64_t draw = pcg64_between(&rng, -2, 2);
        assert_true(draw >= -2 && draw <= 2);
        seen_low |= draw == -2;
        seen_high |= draw == 2;
    }
    assert_true(seen_low && seen_high);
    assert_true(pcg64_between(&rng, 5, 5) == 5);
}

static void exponential_has_its_mean(void **state)
{
    (void)state;
    struct pcg64 rng;
    pcg64_seed(&rng, 3, 1);
    int64_t sum = 0;
    int64_t above = 0;
    for (int i = 0; i < 100000; i++) {
        int64_t draw = pcg64_exponential(&rng, 1000000);
        assert_true(draw >= 0);
        sum += draw;
        above += draw > 1000000;
    }
    assert_in_range(sum / 100000, 985000, 1015000);
    assert_in_range(above, 36000, 37600); /* 1/e of them */
}

/* Of the square of a number from 1 to 2: whether it is 2 or more, and then of its half. */
static uint64_t minus_ln_by_halving(uint64_t u)
{
    int zeros = 0;
    for (; u < (uint64_t)1 << 63; u *= 2)
        zeros++;
    uint64_t fraction = 0;
    for (int digit = 31; digit >= 0; digit--) {
        uint128 square = (uint128)u * u;
        bool halved = square >= (uint128)1 << 127;
        fraction += (uint64_t)halved << digit;
        u = (uint64_t)(square / ((uint128)1 << (halved ? 64 : 63)));
    }
    uint128 minus_log2 = ((uint128)(zeros + 1) << 32) - fraction;
    return (uint64_t)(minus_log2 * 2977044471 / ((uint128)1 << 32));
}

static void logarithm_is_that_of_its_digits(void **state)
{
    (void)state;
    struct pcg64 rng;
    pcg64_seed(&rng, 5, 1);
    for (int i = 0; i < 64 * 10000; i++) {
        uint64_t u = i < 64 ? (uint64_t)1 << i : pcg64_next(&rng) >> (i % 64) | 1;
        assert_true(pcg64_minus_ln_q32(u) == minus_ln_by_halving(u));
    }
    /* Just above a power of two, by multiples of ln 2: there the last bit decides on a digit. */
    for (uint64_t n = 0; n < 9 * 1000; n++) {
        uint64_t u = ((uint64_t)1 << 63) + n / 9 * 1488522236 + n % 9;
        assert_true(pcg64_minus_ln_q32(u) == minus_ln_by_halving(u));
    }
    assert_true(pcg64_minus_ln_q32(UINT64_MAX) == minus_ln_by_halving(UINT64_MAX));
    assert_true(pcg64_minus_ln_q32((uint64_t)1 << 63) == 2977044471);
}

static void normal_has_mean_zero_and_deviation_one(void **state)
{
    (void)state;
    struct pcg64 rng;
    pcg64_seed(&rng, 4, 1);
    int64_t sum = 0;
    int64_t squares_micro = 0;
    for (int i = 0; i < 100000; i++) {
        int64_t draw = pcg64_normal_micro(&rng);
        sum += draw;
        squares_micro += draw / 1000 * (draw / 1000);
    }
    assert_true(sum / 100000 > -15000 && sum / 100000 < 15000);
    assert_in_range(squares_micro / 100000, 980000, 1020000);
}

static void keys_differ_in_every_word_and_in_length(void **state)
{
    (void)state;
    const uint64_t keys[][3] = {{1, 2, 3}, {1, 2, 4}, {1, 3, 2}, {2, 1, 3}, {0, 0, 0}};
    uint64_t first[6];
    for (size_t k = 0; k < 5; k++) {
        struct pcg64 rng;
        struct pcg64 again;
        pcg64_seed_key(&rng, keys[k], 3);
        pcg64_seed_key(&again, keys[k], 3);
        first[k] = pcg64_next(&rng);
        assert_true(first[k] == pcg64_next(&again));
    }
    struct pcg64 shorter;
    pcg64_seed_key(&shorter, keys[4], 2);
    first[5] = pcg64_next(&shorter);
    for (size_t i = 0; i < 6; i++) {
        for (size_t j = i + 1; j < 6; j++)
            assert_true(first[i] != first[j]);
    }
}

static void keyed_draws_of_neighbours_are_even(void **state)
{
    (void)state;
    unsigned seen[10] = {0};
    for (uint64_t i = 0; i < 50000; i++) {
        struct pcg64 rng;
        const uint64_t key[] = {1, 2, i};
        pcg64_seed_key(&rng, key, 3);
        seen[pcg64_below(&rng, 10)]++;
    }
    for (size_t i = 0; i < 10; i++)
        assert_in_range(seen[i], 4650, 5350);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seeded_like_the_reference),
        cmocka_unit_test(goes_on_from_numpys_own_states),
        cmocka_unit_test(below_is_within_its_bound_and_even),
        cmocka_unit_test(between_includes_both_ends),
        cmocka_unit_test(exponential_has_its_mean),
        cmocka_unit_test(logarithm_is_that_of_its_digits),
        cmocka_unit_test(normal_has_mean_zero_and_deviation_one),
        cmocka_unit_test(keys_differ_in_every_word_and_in_length),
        cmocka_unit_test(keyed_draws_of_neighbours_are_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
