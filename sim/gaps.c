#include "gaps.h"

#include "base/memory.h"
#include "covering.h"
#include "scenario/scenario.h"

#include <stdlib.h>

/* Stretches to a block, and blocks to a peak. */
enum { BLOCK = 16, PEAK = 32 };

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

void gaps_add(struct gaps *gaps, int64_t time_s, int64_t spot_up_micro, int64_t on_demand_up_micro)
{
    const struct gaps_up up = {time_s, spot_up_micro, spot_up_micro + on_demand_up_micro};
    const struct gaps_up *last = gaps->up_count ? &gaps->ups[gaps->up_count - 1] : NULL;
    if (last && last->spot_micro == up.spot_micro && last->all_micro == up.all_micro)
        return;
    ARRAY_PUSH(gaps->ups, gaps->up_count, gaps->up_capacity, up);
}

/* ---- stretches ----------------------------------------------------------------------------------
 */

/* From stretch to stretch: those in which as much is up, then the next ones. */
struct walk {
    const struct gaps_up *up;
    const struct demand_step *step; /* the next one */
    const struct demand_step *step_end;
    int64_t over_s; /* before it, as much is up */
    int64_t begin_s;
    int64_t end_s;
    int64_t required_micro;
};

static int64_t required_before(const struct scenario *scenario, size_t step)
{
    return step > 0 ? scenario->demand[step - 1].required_micro : 0;
}

/* It begins at from_s, which is not before the cursor. */
static struct walk walk_from(const struct gaps *gaps, const struct scenario *scenario,
                             const struct gaps_cursor *cursor, int64_t from_s)
{
    return (struct walk){.up = &gaps->ups[cursor->up],
                         .step = &scenario->demand[cursor->step],
                         .step_end = &scenario->demand[scenario->demand_count],
                         .end_s = from_s,
                         .required_micro = required_before(scenario, cursor->step)};
}

/* On to what is up then. False at to_s. */
static bool walk_to_up(struct walk *walk, int64_t to_s)
{
    if (walk->end_s >= to_s)
        return false;
    while (walk->up[1].time_s <= walk->end_s)
        walk->up++;
    walk->over_s = least(walk->up[1].time_s, to_s);
    return true;
}

/* To the next stretch while as much is up. */
static inline bool walk_on(struct walk *walk)
{
    if (walk->end_s >= walk->over_s)
        return false;
    walk->begin_s = walk->end_s;
    walk->end_s = walk->over_s;
    for (; walk->step < walk->step_end; walk->step++) {
        if (walk->step->time_s > walk->begin_s) {
            walk->end_s = least(walk->step->time_s, walk->over_s);
            break;
        }
        walk->required_micro = walk->step->required_micro;
    }
    return true;
}

static inline int64_t seconds_of(const struct walk *walk)
{
    return walk->end_s - walk->begin_s;
}

/* ---- blocks -------------------------------------------------------------------------------------
 */

static size_t peak_count(const struct gaps *gaps)
{
    return gaps->block_count / PEAK + 1;
}

/* What is known of a block from its stretches, the next ones. */
static void fill_block(struct walk *walk, int64_t end_s, struct gaps_block *block)
{
    struct walk at = *walk;
    int64_t suffices_s = 0;
    int64_t widest_micro = INT64_MIN;
    for (int count = 0; count < BLOCK && walk_to_up(&at, end_s);) {
        const struct gaps_up up = *at.up;
        for (; count < BLOCK && walk_on(&at); count++) {
            widest_micro = most(widest_micro, at.required_micro - up.all_micro);
            suffices_s += up.spot_micro >= at.required_micro ? seconds_of(&at) : 0;
        }
    }
    *walk = at;
    block->widest_micro = widest_micro;
    block[1].spot_suffices_s = block->spot_suffices_s + suffices_s;
}

static struct gaps_cursor cursor_at(const struct walk *walk, const struct gaps *gaps,
                                    const struct scenario *scenario)
{
    return (struct gaps_cursor){.end_s = walk->end_s,
                                .up = (size_t)(walk->up - gaps->ups),
                                .step = (size_t)(walk->step - scenario->demand)};
}

static void find_peaks(struct gaps *gaps)
{
    gaps->peak_micro = memory_new(peak_count(gaps), sizeof *gaps->peak_micro);
    for (size_t i = 0; i < gaps->block_count; i++) {
        int64_t *peak_micro = &gaps->peak_micro[i / PEAK];
        int64_t widest_micro = gaps->blocks[i].widest_micro;
        *peak_micro = i % PEAK == 0 ? widest_micro : most(*peak_micro, widest_micro);
    }
}

bool gaps_seal(struct gaps *gaps, const struct scenario *scenario, int64_t end_s)
{
    const struct gaps_up last = {.time_s = end_s};
    ARRAY_PUSH(gaps->ups, gaps->up_count, gaps->up_capacity, last);
    gaps->up_count--;
    /* Each stretch begins with an up or a step. */
    size_t blocks_most = (gaps->up_count + scenario->demand_count) / BLOCK + 2;
    gaps->blocks = memory_resize(NULL, blocks_most, sizeof *gaps->blocks);
    int128 sum_most = 0;
    const struct gaps_cursor begin = {.end_s = gaps->ups[0].time_s};
    struct walk walk = walk_from(gaps, scenario, &begin, begin.end_s);
    struct gaps_block *block = gaps->blocks;
    *block = (struct gaps_block){.before = begin};
    for (; walk.end_s < end_s; block++) {
        fill_block(&walk, end_s, block);
        block[1].before = cursor_at(&walk, gaps, scenario);
        sum_most += (int128)most(block->widest_micro, 0) * (walk.end_s - block->before.end_s);
    }
    gaps->block_count = (size_t)(block - gaps->blocks);
    find_peaks(gaps);
    return sum_most <= INT64_MAX;
}

void gaps_clean_up(struct gaps *gaps)
{
    free(gaps->ups);
    free(gaps->blocks);
    free(gaps->peak_micro);
}

size_t gaps_bytes(const struct gaps *gaps)
{
    return gaps->up_capacity * sizeof *gaps->ups + (gaps->block_count + 1) * sizeof *gaps->blocks +
           peak_count(gaps) * sizeof *gaps->peak_micro;
}

/* The block that time_s is in, at or after `at`: in growing steps, then halving. */
static size_t block_at(const struct gaps *gaps, size_t at, int64_t time_s)
{
    size_t step = 1;
    size_t end = at + 1;
    while (end < gaps->block_count && gaps->blocks[end].before.end_s <= time_s) {
        at = end;
        end += step;
        step *= 2;
    }
    end = end < gaps->block_count ? end : gaps->block_count;
    while (end - at > 1) {
        size_t middle = at + (end - at) / 2;
        if (gaps->blocks[middle].before.end_s <= time_s)
            at = middle;
        else
            end = middle;
    }
    return at;
}

/* The widest gap of these blocks. */
static int64_t widest_of(const struct gaps *gaps, size_t first, size_t end)
{
    int64_t widest_micro = INT64_MIN;
    while (first < end) {
        bool whole = first % PEAK == 0 && first + PEAK <= end;
        widest_micro = most(widest_micro, whole ? gaps->peak_micro[first / PEAK]
                                                : gaps->blocks[first].widest_micro);
        first += whole ? PEAK : 1;
    }
    return widest_micro;
}

/* ---- levels -------------------------------------------------------------------------------------
 */

struct gap_level *gap_level_new(const struct gaps *gaps, const struct scenario *scenario,
                                int64_t level_micro)
{
    struct gap_level *level = memory_new(1, sizeof *level);
    level->level_micro = level_micro;
    level->before = memory_resize(NULL, gaps->block_count, sizeof *level->before);
    struct gap_level_sums sums = {0};
    bool was_short = false;
    for (size_t i = 0; i < gaps->block_count; i++) {
        const struct gaps_block *block = &gaps->blocks[i];
        level->before[i] = sums;
        if (block->widest_micro <= level_micro) {
            was_short = false;
            continue;
        }
        int64_t end_s = block[1].before.end_s;
        struct walk walk = walk_from(gaps, scenario, &block->before, block->before.end_s);
        while (walk_to_up(&walk, end_s)) {
            int64_t served_micro = walk.up->all_micro + level_micro;
            while (walk_on(&walk)) {
                int64_t missing_micro = walk.required_micro - served_micro;
                if (missing_micro > 0) {
                    sums.unfulfilled_micro_s += missing_micro * seconds_of(&walk);
                    sums.shortfall_s += seconds_of(&walk);
                    sums.episodes += !was_short;
                }
                was_short = missing_micro > 0;
            }
        }
    }
    return level;
}

void gap_level_free(struct gap_level *level)
{
    free(level->before);
    free(level);
}

size_t gap_level_bytes(const struct gaps *gaps)
{
    return sizeof(struct gap_level) + gaps->block_count * sizeof(struct gap_level_sums);
}

/* ---- sums ---------------------------------------------------------------------------------------
 */

/* The next stretches, while as much is up. */
static void sum_up(struct walk *walk, int64_t level_micro, bool runs, struct gap_sums *sums)
{
    struct walk at = *walk;
    const struct gaps_up up = *at.up;
    int64_t served_micro = up.all_micro + level_micro;
    int64_t recovery_s = 0;
    while (walk_on(&at)) {
        int64_t missing_micro = at.required_micro - served_micro;
        recovery_s += up.spot_micro >= at.required_micro ? seconds_of(&at) : 0;
        if (missing_micro <= 0)
            continue;
        sums->unfulfilled_micro_s += (int128)missing_micro * seconds_of(&at);
        sums->shortfall_s += seconds_of(&at);
        sums->episodes += sums->until_s != at.begin_s;
        sums->until_s = at.end_s;
        sums->worst_micro = most(sums->worst_micro, missing_micro);
    }
    sums->recovery_s += runs ? recovery_s : 0;
    *walk = at;
}

/* Stretch by stretch, in [from_s, to_s), which does not begin before the block. */
static void sum_stretches(const struct gaps *gaps, const struct scenario *scenario, size_t block,
                          int64_t level_micro, bool runs, int64_t from_s, int64_t to_s,
                          struct gap_sums *sums)
{
    struct walk walk = walk_from(gaps, scenario, &gaps->blocks[block].before, from_s);
    while (walk_to_up(&walk, to_s))
        sum_up(&walk, level_micro, runs, sums);
}

/* Whole blocks, which follow upon a stretch that was summed with this level. */
static void sum_blocks(const struct gaps *gaps, const struct scenario *scenario, size_t first,
                       size_t end, const struct gap_level *level, bool runs, struct gap_sums *sums)
{
    const struct gap_level_sums *before = &level->before[first];
    const struct gap_level_sums *before_end = &level->before[end];
    const struct gaps_block *blocks = gaps->blocks;
    sums->unfulfilled_micro_s += before_end->unfulfilled_micro_s - before->unfulfilled_micro_s;
    sums->shortfall_s += before_end->shortfall_s - before->shortfall_s;
    sums->episodes += before_end->episodes - before->episodes;
    if (runs)
        sums->recovery_s += blocks[end].spot_suffices_s - blocks[first].spot_suffices_s;
    sums->worst_micro = most(sums->worst_micro, widest_of(gaps, first, end) - level->level_micro);
    const struct gaps_cursor *last = &blocks[end].before;
    if (required_before(scenario, last->step) - gaps->ups[last->up].all_micro > level->level_micro)
        sums->until_s = last->end_s;
}

bool gaps_is_long(const struct gaps *gaps, size_t at, int64_t to_s)
{
    size_t far = at + 4;
    return far < gaps->block_count && gaps->blocks[far].before.end_s < to_s;
}

void gaps_sum(const struct gaps *gaps, const struct scenario *scenario,
              const struct gap_level *level, int64_t level_micro, bool runs, int64_t from_s,
              int64_t to_s, struct gap_sums *sums)
{
    if (from_s >= to_s)
        return;
    size_t first = block_at(gaps, sums->at, from_s);
    size_t last = block_at(gaps, first, to_s - 1);
    sums->at = last; /* or it begins the next one */
    if (!level || first + 1 >= last) {
        sum_stretches(gaps, scenario, first, level_micro, runs, from_s, to_s, sums);
        return;
    }
    /* The block it begins in is always gone through: what came before had another level. */
    const struct gaps_block *blocks = gaps->blocks;
    sum_stretches(gaps, scenario, first, level_micro, runs, from_s, blocks[first + 1].before.end_s,
                  sums);
    sum_blocks(gaps, scenario, first + 1, last, level, runs, sums);
    sum_stretches(gaps, scenario, last, level_micro, runs, blocks[last].before.end_s, to_s, sums);
}

int128 gaps_all_on_demand(const struct gaps *gaps, const struct scenario *scenario,
                          int64_t units_micro, int64_t prepaid, int64_t from_s, int64_t to_s)
{
    int128 sum = 0;
    struct covering covering = covering_with(units_micro);
    const struct gaps_cursor *begin = &gaps->blocks[0].before;
    struct walk walk = walk_from(gaps, scenario, begin, most(from_s, begin->end_s));
    to_s = least(to_s, gaps->ups[gaps->up_count].time_s);
    while (walk_to_up(&walk, to_s)) {
        while (walk_on(&walk)) {
            int64_t paid = covering_count(&covering, walk.required_micro) - prepaid;
            sum += (int128)most(paid, 0) * seconds_of(&walk);
        }
    }
    return sum;
}
