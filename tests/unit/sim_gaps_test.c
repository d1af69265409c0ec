/* sim/gaps.h against the accounting that goes through every stretch (sim/accounting.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/pcg64.h"
#include "scenario/scenario.h"
#include "sim/accounting.h"
#include "sim/gaps.h"

#include <string.h>

enum { WORLDS = 400, STRETCHES = 2500, LEVELS = 5, UNITS = 4 * MICRO };

/* What a group has up from a second on. */
struct up {
    int64_t time_s;
    int64_t up_micro;
    int64_t running;
};

struct world {
    struct pcg64 luck;
    struct accounting by_stretch;
    struct demand_step demand[STRETCHES];
    int64_t height; /* in units of the demand */
    struct scenario scenario;
    struct gaps gaps;
    struct up ups[STRETCHES];
    size_t up_count;
    int64_t end_s;
    int64_t window_from_s;
    int64_t window_to_s;
};

static int64_t between(struct world *w, int64_t low, int64_t high)
{
    return pcg64_between(&w->luck, low, high);
}

/* What is required changes, maybe twice in a second: it stays about as high for a while, but for
 * peaks. */
static void require(struct world *w, int64_t time_s)
{
    if (between(w, 1, 30) == 1)
        w->height = between(w, 0, 9);
    int64_t required_micro = between(w, w->height / 2, w->height) * UNITS;
    if (between(w, 1, 200) == 1)
        required_micro += between(w, 1, 100) * MICRO;
    w->demand[w->scenario.demand_count++] = (struct demand_step){time_s, required_micro};
    w->by_stretch.now.required_micro = required_micro;
}

/* Seconds in which demand or the fleet changes, or both, and now and then the group. */
static void make(struct world *w, uint64_t seed)
{
    memset(w, 0, sizeof *w);
    pcg64_seed_key(&w->luck, &seed, 1);
    int64_t count = between(w, 1, STRETCHES - 1);
    /* Seconds to one in which the group changes, or the fleet. */
    int64_t calm = between(w, 1, 40) * between(w, 1, 40);
    int64_t moves = between(w, 1, 200);
    w->window_from_s = between(w, 0, 3000);
    w->window_to_s = w->window_from_s + between(w, 1, 300000);
    accounting_init(&w->by_stretch, w->window_from_s, w->window_to_s, UNITS);
    int64_t of_fleet_micro = 0;
    int64_t now_s = 0;
    struct standing *now = &w->by_stretch.now;
    w->scenario.demand = w->demand;
    require(w, between(w, -9, 0));
    for (int64_t i = 0; i < count; i++) {
        if (w->scenario.demand_count < STRETCHES && between(w, 1, 3) < 3)
            require(w, now_s);
        if (i == 0 || between(w, 1, moves) == 1) {
            now->spot_up_micro = between(w, 0, 8) * UNITS;
            of_fleet_micro = between(w, 0, 2) * UNITS;
            gaps_add(&w->gaps, now_s, now->spot_up_micro, of_fleet_micro);
        }
        struct up *last = w->up_count ? &w->ups[w->up_count - 1] : NULL;
        if (!last || between(w, 1, calm) == 1) {
            int64_t up_micro = between(w, 0, LEVELS) * UNITS;
            w->ups[w->up_count++] = (struct up){now_s, up_micro, up_micro / UNITS};
            last = &w->ups[w->up_count - 1];
        }
        now->on_demand_up_micro = of_fleet_micro + last->up_micro;
        now->on_demand_running = last->running;
        accounting_advance(&w->by_stretch, now_s);
        now_s += between(w, 0, 200);
    }
    w->end_s = now_s + 100;
    accounting_finish(&w->by_stretch, w->end_s);
    assert_true(gaps_seal(&w->gaps, &w->scenario, w->end_s));
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Returns how many sums took the levels' blocks. */
static size_t sum(const struct world *w, bool with_levels, struct gap_sums *out)
{
    size_t in_blocks = 0;
    *out = (struct gap_sums){.until_s = INT64_MIN};
    for (size_t i = 0; i < w->up_count; i++) {
        const struct up *up = &w->ups[i];
        int64_t to_s = i + 1 < w->up_count ? up[1].time_s : w->end_s;
        int64_t from_s = most(up->time_s, w->window_from_s);
        to_s = least(to_s, w->window_to_s);
        struct gap_level *level =
            with_levels ? gap_level_new(&w->gaps, &w->scenario, up->up_micro) : NULL;
        in_blocks += gaps_is_long(&w->gaps, out->at, to_s);
        gaps_sum(&w->gaps, &w->scenario, level, up->up_micro, up->running > 0, from_s, to_s, out);
        if (level)
            gap_level_free(level);
    }
    return in_blocks;
}

static void check(const struct world *w, uint64_t seed, const struct gap_sums *sums)
{
    const struct accounting *a = &w->by_stretch;
    if (sums->unfulfilled_micro_s != a->unfulfilled_unit_s || sums->shortfall_s != a->shortfall_s ||
        sums->episodes != a->shortfall_episodes || sums->worst_micro != a->worst_shortfall_micro ||
        sums->recovery_s != a->recovery_s)
        fail_msg("seed %llu: unfulfilled %lld, by stretch %lld; shortfall %lld, %lld; episodes "
                 "%lld, %lld; worst %lld, %lld; recovery %lld, %lld",
                 (unsigned long long)seed, (long long)sums->unfulfilled_micro_s,
                 (long long)a->unfulfilled_unit_s, (long long)sums->shortfall_s,
                 (long long)a->shortfall_s, (long long)sums->episodes,
                 (long long)a->shortfall_episodes, (long long)sums->worst_micro,
                 (long long)a->worst_shortfall_micro, (long long)sums->recovery_s,
                 (long long)a->recovery_s);
}

static void sums_are_those_of_every_stretch(void **state)
{
    (void)state;
    static struct world w;
    size_t in_blocks = 0;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        struct gap_sums sums;
        make(&w, seed);
        sum(&w, false, &sums);
        check(&w, seed, &sums);
        in_blocks += sum(&w, true, &sums);
        check(&w, seed, &sums);
        assert_true(gaps_all_on_demand(&w.gaps, &w.scenario, UNITS, 0, w.window_from_s,
                                       w.window_to_s) == w.by_stretch.all_on_demand_instance_s);
        gaps_clean_up(&w.gaps);
    }
    assert_true(in_blocks > WORLDS / 2);
}

/* The same in both: all sums, and what holds. */
static void check_accounts(const struct accounting *a, const struct accounting *b, uint64_t seed)
{
    bool same =
        a->required_unit_s == b->required_unit_s &&
        a->served_spot_unit_s == b->served_spot_unit_s &&
        a->served_on_demand_unit_s == b->served_on_demand_unit_s &&
        a->unfulfilled_unit_s == b->unfulfilled_unit_s && a->surplus_unit_s == b->surplus_unit_s &&
        a->on_demand_up_unit_s == b->on_demand_up_unit_s &&
        a->all_on_demand_instance_s == b->all_on_demand_instance_s &&
        a->shortfall_s == b->shortfall_s && a->shortfall_episodes == b->shortfall_episodes &&
        a->worst_shortfall_micro == b->worst_shortfall_micro && a->recovery_s == b->recovery_s &&
        a->task_unserved_s == b->task_unserved_s &&
        memcmp(&a->held, &b->held, sizeof a->held) == 0 &&
        memcmp(&a->now, &b->now, sizeof a->now) == 0;
    if (!same)
        fail_msg("seed %llu: demand in one go is accounted for in another way",
                 (unsigned long long)seed);
}

/* Seconds of the account, each followed by some in which only what is required changes. */
static void demand_in_one_go_is_as_step_by_step(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        struct world w = {0};
        struct accounting at_once;
        pcg64_seed_key(&w.luck, &seed, 1);
        accounting_init(&w.by_stretch, between(&w, 0, 3000), between(&w, 2000, 9000), UNITS);
        w.by_stretch.prepaid_instances = between(&w, 0, 3);
        at_once = w.by_stretch;
        int64_t now_s = 0;
        for (int block = 0; block < 8; block++) {
            struct demand_step steps[40];
            size_t count = (size_t)between(&w, 1, (int64_t)ARRAY_LENGTH(steps));
            const struct standing now = {
                .required_micro = between(&w, 0, 9 * UNITS),
                .spot_up_micro = between(&w, 0, 8) * UNITS,
                .on_demand_up_micro = between(&w, 0, 2) * MICRO,
                .on_demand_running = between(&w, 0, 1),
                .tasks_unserved = between(&w, 0, 1),
            };
            at_once.now = w.by_stretch.now = now;
            accounting_advance(&at_once, now_s);
            accounting_advance(&w.by_stretch, now_s);
            for (size_t i = 0; i < count; i++) {
                now_s += between(&w, 0, 60);
                steps[i] = (struct demand_step){now_s, between(&w, 0, 9) * UNITS / 2};
                w.by_stretch.now.required_micro = steps[i].required_micro;
                accounting_advance(&w.by_stretch, now_s);
            }
            accounting_demand(&at_once, steps, count);
            now_s += between(&w, 0, 60);
        }
        accounting_finish(&at_once, now_s);
        accounting_finish(&w.by_stretch, now_s);
        check_accounts(&at_once, &w.by_stretch, seed);
    }
}

static bool can_be_summed(int64_t required_micro)
{
    struct demand_step step = {0, required_micro};
    const struct scenario scenario = {.demand = &step, .demand_count = 1};
    struct gaps gaps = {0};
    gaps_add(&gaps, 0, 0, 0);
    bool can = gaps_seal(&gaps, &scenario, 2000000);
    gaps_clean_up(&gaps);
    return can;
}

static void what_cannot_be_summed_is_refused(void **state)
{
    (void)state;
    assert_true(can_be_summed(INT64_C(4000000000000)));
    assert_false(can_be_summed(INT64_C(5000000000000)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_those_of_every_stretch),
        cmocka_unit_test(demand_in_one_go_is_as_step_by_step),
        cmocka_unit_test(what_cannot_be_summed_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
