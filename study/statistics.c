#include "study/statistics.h"

#include "base/memory.h"
#include "base/pcg64.h"

#include <stdlib.h>
#include <string.h>

enum { BITS = 64, PERMILLE = 1000 };

int paired_mean_compare(const struct paired_mean *a, const struct paired_mean *b)
{
    int128 left = a->sum * (int128)b->count;
    int128 right = b->sum * (int128)a->count;
    return left < right ? -1 : left > right;
}

static int by_mean(const void *a, const void *b)
{
    return paired_mean_compare(a, b);
}

/* Subset `which` of all: its members are the bits of which + 1. */
static struct paired_mean exact_subset(const int128 *d, size_t count, size_t which)
{
    struct paired_mean mean = {0};
    for (size_t i = 0; i < count; i++) {
        if ((which + 1) >> i & 1) {
            mean.sum += d[i];
            mean.count++;
        }
    }
    return mean;
}

/* Any non-empty subset, each alike likely. */
static struct paired_mean drawn_subset(const int128 *d, size_t count, struct pcg64 *rng)
{
    struct paired_mean mean = {0};
    while (mean.count == 0) {
        for (size_t i = 0; i < count; i += BITS) {
            uint64_t members = pcg64_next(rng);
            size_t end = count - i < BITS ? count : i + BITS;
            for (size_t k = i; k < end; k++, members >>= 1) {
                if (members & 1) {
                    mean.sum += d[k];
                    mean.count++;
                }
            }
        }
    }
    return mean;
}

/* The means of the subsets, ordered; all of them, or those drawn. */
static struct paired_mean *subset_means(const int128 *d, size_t count, size_t *out_count)
{
    bool exact = count <= PAIRED_EXACT_MOST;
    size_t subsets = (exact ? (size_t)1 << count : PAIRED_DRAWN) - 1;
    struct paired_mean *means = memory_new(subsets, sizeof *means);
    struct pcg64 rng;
    const uint64_t key[] = {pcg64_word("paired subsets"), count};
    pcg64_seed_key(&rng, key, ARRAY_LENGTH(key));
    for (size_t s = 0; s < subsets; s++)
        means[s] = exact ? exact_subset(d, count, s) : drawn_subset(d, count, &rng);
    qsort(means, subsets, sizeof *means, by_mean);
    *out_count = subsets;
    return means;
}

/* A choice of signs is as far out as the one seen exactly where the mean of those it turns is at
 * most zero (for a sum above zero) or at least zero; turning none is the one seen itself. */
static void judge(const struct paired_mean *means, size_t subsets, struct paired_result *result)
{
    int64_t at_most = 1;
    int64_t at_least = 1;
    for (size_t s = 0; s < subsets; s++) {
        at_most += means[s].sum <= 0;
        at_least += means[s].sum >= 0;
    }
    result->p_whole = (int64_t)subsets + 1;
    result->p_part = 2 * (at_most < at_least ? at_most : at_least);
    if (result->p_part > result->p_whole)
        result->p_part = result->p_whole;
    result->significant =
        result->p_part * PERMILLE <= result->p_whole * (int64_t)PAIRED_ALPHA_PERMILLE;
    size_t outside = (subsets + 1) * PAIRED_ALPHA_PERMILLE / 2 / PERMILLE;
    result->bounded = outside > 0;
    if (result->bounded) {
        result->low = means[outside - 1];
        result->high = means[subsets - outside];
    }
}

void paired_compare(const int128 *old_values, const int128 *new_values, size_t count,
                    struct paired_result *out_result)
{
    *out_result = (struct paired_result){.count = count, .p_part = 1, .p_whole = 1};
    int128 *d = memory_new(count, sizeof *d);
    for (size_t i = 0; i < count; i++) {
        d[i] = new_values[i] - old_values[i];
        out_result->old_sum += old_values[i];
        out_result->new_sum += new_values[i];
        out_result->lower += d[i] < 0;
        out_result->higher += d[i] > 0;
        out_result->same += d[i] == 0;
        int128 size = d[i] < 0 ? -d[i] : d[i];
        out_result->absolute_sum += size;
        if (size > out_result->largest) {
            out_result->largest = size;
            out_result->largest_at = i;
        }
    }
    if (count) {
        size_t subsets = 0;
        struct paired_mean *means = subset_means(d, count, &subsets);
        judge(means, subsets, out_result);
        free(means);
    }
    free(d);
}

/* Orders tests by p, ties by index. */
static bool before(const struct paired_result *results, size_t a, size_t b)
{
    int128 left = (int128)results[a].p_part * results[b].p_whole;
    int128 right = (int128)results[b].p_part * results[a].p_whole;
    return left != right ? left < right : a < b;
}

void paired_holm(const struct paired_result *results, size_t count, bool *out_holds)
{
    memset(out_holds, 0, count * sizeof *out_holds);
    for (size_t left = count; left > 0; left--) {
        size_t next = count;
        for (size_t i = 0; i < count; i++) {
            if (!out_holds[i] && (next == count || before(results, i, next)))
                next = i;
        }
        if (results[next].p_part * (int64_t)left * PERMILLE >
            results[next].p_whole * (int64_t)PAIRED_ALPHA_PERMILLE)
            return;
        out_holds[next] = true;
    }
}
