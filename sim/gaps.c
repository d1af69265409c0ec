#include "gaps.h"

#include "base/memory.h"
#include "covering.h"

#include <stdlib.h>

enum { BLOCK = 16 };

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* For so many more. */
static void make_room(struct gaps *gaps, size_t more)
{
    if (gaps->capacity - gaps->count >= more)
        return;
    gaps->capacity = gaps->capacity ? 2 * gaps->capacity : 64;
    if (gaps->capacity < gaps->count + more)
        gaps->capacity = gaps->count + more;
    gaps->time_s = memory_resize(gaps->time_s, gaps->capacity + 1, sizeof *gaps->time_s);
    gaps->gap_micro = memory_resize(gaps->gap_micro, gaps->capacity, sizeof *gaps->gap_micro);
    gaps->required_micro =
        memory_resize(gaps->required_micro, gaps->capacity, sizeof *gaps->required_micro);
    gaps->spot_suffices =
        memory_resize(gaps->spot_suffices, gaps->capacity, sizeof *gaps->spot_suffices);
}

void gaps_add(struct gaps *gaps, int64_t time_s, int64_t required_micro, int64_t spot_up_micro,
              int64_t on_demand_up_micro)
{
    int64_t gap_micro = required_micro - spot_up_micro - on_demand_up_micro;
    bool suffices = spot_up_micro >= required_micro;
    if (gaps->count && gaps->time_s[gaps->count - 1] == time_s)
        gaps->count--; /* the second was not over */
    size_t last = gaps->count - 1;
    if (gaps->count && gaps->gap_micro[last] == gap_micro &&
        gaps->required_micro[last] == required_micro && gaps->spot_suffices[last] == suffices)
        return;
    make_room(gaps, 1);
    gaps->time_s[gaps->count] = time_s;
    gaps->gap_micro[gaps->count] = gap_micro;
    gaps->required_micro[gaps->count] = required_micro;
    gaps->spot_suffices[gaps->count] = suffices;
    gaps->count++;
}

void gaps_add_demand(struct gaps *gaps, const struct demand_step *steps, size_t count,
                     int64_t spot_up_micro, int64_t on_demand_up_micro)
{
    make_room(gaps, count);
    int64_t up_micro = spot_up_micro + on_demand_up_micro;
    int64_t last_micro = -1; /* what the last stretch requires, if up is what is up there */
    for (size_t i = 0; i < count; i++) {
        int64_t time_s = steps[i].time_s;
        int64_t required_micro = steps[i].required_micro;
        size_t end = gaps->count;
        if (last_micro < 0 || gaps->time_s[end - 1] == time_s) {
            gaps_add(gaps, time_s, required_micro, spot_up_micro, on_demand_up_micro);
        } else if (required_micro != last_micro) {
            gaps->time_s[end] = time_s;
            gaps->gap_micro[end] = required_micro - up_micro;
            gaps->required_micro[end] = required_micro;
            gaps->spot_suffices[end] = spot_up_micro >= required_micro;
            gaps->count++;
        }
        last_micro = required_micro;
    }
}

static size_t block_count(const struct gaps *gaps)
{
    return gaps->count / BLOCK + 1;
}

static int64_t seconds_of(const struct gaps *gaps, size_t stretch)
{
    return gaps->time_s[stretch + 1] - gaps->time_s[stretch];
}

bool gaps_seal(struct gaps *gaps, int64_t end_s)
{
    int128 sum = 0;
    int64_t suffices_s = 0;
    gaps->time_s[gaps->count] = end_s;
    gaps->widest_micro = memory_new(block_count(gaps), sizeof *gaps->widest_micro);
    gaps->spot_suffices_s = memory_new(block_count(gaps), sizeof *gaps->spot_suffices_s);
    for (size_t i = 0; i < gaps->count; i++) {
        int64_t gap_micro = gaps->gap_micro[i];
        size_t block = i / BLOCK;
        if (i % BLOCK == 0) {
            gaps->widest_micro[block] = gap_micro;
            gaps->spot_suffices_s[block] = suffices_s;
        }
        gaps->widest_micro[block] = most(gaps->widest_micro[block], gap_micro);
        suffices_s += gaps->spot_suffices[i] ? seconds_of(gaps, i) : 0;
        sum += gap_micro > 0 ? (int128)gap_micro * seconds_of(gaps, i) : 0;
    }
    if (gaps->count % BLOCK == 0)
        gaps->spot_suffices_s[gaps->count / BLOCK] = suffices_s;
    return sum <= INT64_MAX;
}

void gaps_clean_up(struct gaps *gaps)
{
    free(gaps->time_s);
    free(gaps->gap_micro);
    free(gaps->required_micro);
    free(gaps->spot_suffices);
    free(gaps->widest_micro);
    free(gaps->spot_suffices_s);
}

size_t gaps_bytes(const struct gaps *gaps)
{
    return gaps->capacity * (3 * sizeof(int64_t) + sizeof(bool)) +
           block_count(gaps) * 2 * sizeof(int64_t);
}

/* ---- levels -------------------------------------------------------------------------------------
 */

struct gap_level *gap_level_new(const struct gaps *gaps, int64_t level_micro)
{
    size_t blocks = block_count(gaps);
    struct gap_level *level = memory_new(1, sizeof *level);
    level->level_micro = level_micro;
    level->unfulfilled_micro_s = memory_new(blocks, sizeof *level->unfulfilled_micro_s);
    level->shortfall_s = memory_new(blocks, sizeof *level->shortfall_s);
    level->episodes = memory_new(blocks, sizeof *level->episodes);
    int64_t unfulfilled_micro_s = 0;
    int64_t shortfall_s = 0;
    int64_t episodes = 0;
    bool was_short = false;
    for (size_t i = 0; i <= gaps->count; i++) {
        if (i % BLOCK == 0) {
            level->unfulfilled_micro_s[i / BLOCK] = unfulfilled_micro_s;
            level->shortfall_s[i / BLOCK] = shortfall_s;
            level->episodes[i / BLOCK] = episodes;
        }
        if (i == gaps->count)
            break;
        bool is_short = gaps->gap_micro[i] > level_micro;
        if (is_short) {
            unfulfilled_micro_s += (gaps->gap_micro[i] - level_micro) * seconds_of(gaps, i);
            shortfall_s += seconds_of(gaps, i);
            episodes += !was_short;
        }
        was_short = is_short;
    }
    return level;
}

void gap_level_free(struct gap_level *level)
{
    free(level->unfulfilled_micro_s);
    free(level->shortfall_s);
    free(level->episodes);
    free(level);
}

size_t gap_level_bytes(const struct gaps *gaps)
{
    return sizeof(struct gap_level) + block_count(gaps) * 3 * sizeof(int64_t);
}

/* ---- sums ---------------------------------------------------------------------------------------
 */

/* The stretch that time_s is in, at or after `at`: in growing steps, then halving. */
static size_t stretch_at(const struct gaps *gaps, size_t at, int64_t time_s)
{
    size_t step = 1;
    size_t end = at + 1;
    while (end < gaps->count && gaps->time_s[end] <= time_s) {
        at = end;
        end += step;
        step *= 2;
    }
    end = end < gaps->count ? end : gaps->count;
    while (end - at > 1) {
        size_t middle = at + (end - at) / 2;
        if (gaps->time_s[middle] <= time_s)
            at = middle;
        else
            end = middle;
    }
    return at;
}

/* Stretches `first` up to before `end`, as far as they lie in [from_s, to_s). */
static void sum_stretches(const struct gaps *gaps, size_t first, size_t end, int64_t level_micro,
                          bool runs, int64_t from_s, int64_t to_s, struct gap_sums *sums)
{
    for (size_t i = first; i < end; i++) {
        int64_t begin_s = most(gaps->time_s[i], from_s);
        int64_t end_s = least(gaps->time_s[i + 1], to_s);
        int64_t seconds = end_s - begin_s;
        int64_t missing_micro = gaps->gap_micro[i] - level_micro;
        if (runs && gaps->spot_suffices[i])
            sums->recovery_s += seconds;
        if (missing_micro <= 0)
            continue;
        sums->unfulfilled_micro_s += (int128)missing_micro * seconds;
        sums->shortfall_s += seconds;
        sums->episodes += sums->until_s != begin_s;
        sums->until_s = end_s;
        sums->worst_micro = most(sums->worst_micro, missing_micro);
    }
}

/* Whole blocks, which follow upon a stretch that was summed with this level. */
static void sum_blocks(const struct gaps *gaps, size_t first, size_t end,
                       const struct gap_level *level, bool runs, struct gap_sums *sums)
{
    sums->unfulfilled_micro_s +=
        level->unfulfilled_micro_s[end] - level->unfulfilled_micro_s[first];
    sums->shortfall_s += level->shortfall_s[end] - level->shortfall_s[first];
    sums->episodes += level->episodes[end] - level->episodes[first];
    if (runs)
        sums->recovery_s += gaps->spot_suffices_s[end] - gaps->spot_suffices_s[first];
    int64_t widest_micro = INT64_MIN;
    for (size_t i = first; i < end; i++)
        widest_micro = most(widest_micro, gaps->widest_micro[i]);
    sums->worst_micro = most(sums->worst_micro, widest_micro - level->level_micro);
    if (gaps->gap_micro[end * BLOCK - 1] > level->level_micro)
        sums->until_s = gaps->time_s[end * BLOCK];
}

bool gaps_is_long(const struct gaps *gaps, size_t at, int64_t to_s)
{
    size_t far = at + (size_t)4 * BLOCK;
    return far < gaps->count && gaps->time_s[far] < to_s;
}

void gaps_sum(const struct gaps *gaps, const struct gap_level *level, int64_t level_micro,
              bool runs, int64_t from_s, int64_t to_s, struct gap_sums *sums)
{
    if (from_s >= to_s)
        return;
    size_t first = stretch_at(gaps, sums->at, from_s);
    size_t last = stretch_at(gaps, first, to_s - 1);
    /* The stretch it begins in is always gone through: what came before had another level. */
    size_t first_block = first / BLOCK + 1;
    size_t end_block = last / BLOCK;
    sums->at = last; /* or it begins the next one */
    if (!level || first_block >= end_block) {
        sum_stretches(gaps, first, last + 1, level_micro, runs, from_s, to_s, sums);
        return;
    }
    sum_stretches(gaps, first, first_block * BLOCK, level_micro, runs, from_s, to_s, sums);
    sum_blocks(gaps, first_block, end_block, level, runs, sums);
    sum_stretches(gaps, end_block * BLOCK, last + 1, level_micro, runs, from_s, to_s, sums);
}

int128 gaps_all_on_demand(const struct gaps *gaps, int64_t units_micro, int64_t prepaid,
                          int64_t from_s, int64_t to_s)
{
    int128 sum = 0;
    struct covering covering = covering_with(units_micro);
    for (size_t i = 0; i < gaps->count; i++) {
        int64_t begin_s = most(gaps->time_s[i], from_s);
        int64_t end_s = least(gaps->time_s[i + 1], to_s);
        if (begin_s >= end_s)
            continue;
        int64_t paid = covering_count(&covering, gaps->required_micro[i]) - prepaid;
        sum += (int128)most(paid, 0) * (end_s - begin_s);
    }
    return sum;
}
