/* What random worlds seldom have of runs whose backup group alone is gone through (sim/lane.h):
 * groups of more instances than levels are remembered, long stretches in which nothing changes but
 * what is required, a measured window that begins or ends at a refusal, windows of nearly a day.
 * Each has the figures of the same run stepped through alone. Proves docs/model.md, "Batches".
 *
 * BALLAST_WORLDS=N looks at N worlds of each, BALLAST_SEED=S begins at that one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "told_run.h"

#include "base/memory.h"
#include "base/pcg64.h"
#include "sim/beside.h"
#include "sim/lane.h"
#include "sim/windows.h"

enum { WORLDS = 40, STEPS = 4000, MINUTE_S = 60, HOUR_S = 3600 };

struct seesaw {
    struct fixture f;
    struct pcg64 luck;
    struct demand_step required[STEPS];
};

static int64_t between(struct seesaw *w, int64_t low, int64_t high)
{
    return pcg64_between(&w->luck, low, high);
}

/* A fleet that never gets an instance, so that its group is to be as large as the target, one unit
 * an instance; asked by pending-capacity. */
static void make(struct seesaw *w, uint64_t seed, int64_t length_s)
{
    struct scenario *scenario = &w->f.scenario;
    memset(w, 0, sizeof *w);
    pcg64_seed_key(&w->luck, &seed, 1);
    fixture_set_up(&w->f, T0);
    w->f.steps[0][0].micro_usd_per_hour = 900000; /* above the cap */
    scenario->seed = seed;
    scenario->to_s = scenario->from_s + length_s;
    scenario->measure_to_s = scenario->to_s;
    scenario->group.units_per_instance_micro = UNIT;
    scenario->demand = w->required;
    scenario->demand_given = true;
    scenario->controller.alarm = false;
    set_policy(&w->f, &policy_pending_capacity, NULL);
}

static void set(struct seesaw *w, const char *parameter, int64_t value)
{
    struct policy_choice *choice = &w->f.scenario.policy;
    choice->values[policy_find_parameter(choice->policy, parameter)] = value;
}

static void want(struct seesaw *w, int64_t after_s, int64_t units)
{
    struct scenario *scenario = &w->f.scenario;
    assert_true(scenario->modification_count < ARRAY_LENGTH(w->f.modifications));
    w->f.modifications[scenario->modification_count++] = (struct fleet_modification){
        .time_s = scenario->from_s + after_s, .target_micro = units * UNIT};
}

/* Up to so many units are required, each time for as long. */
static void require(struct seesaw *w, int64_t most_s, int64_t units)
{
    struct scenario *scenario = &w->f.scenario;
    scenario->demand_count = 0;
    for (int64_t at_s = scenario->from_s; at_s < scenario->to_s; at_s += between(w, 1, most_s)) {
        assert_true(scenario->demand_count < STEPS);
        w->required[scenario->demand_count++] =
            (struct demand_step){at_s, between(w, 0, units) * UNIT};
    }
}

static void compare(struct seesaw *w, struct fleet_tape *tape, const struct needs *needs,
                    struct figures *out_alone)
{
    const struct scenario *scenario = &w->f.scenario;
    struct figures beside;
    run_world(scenario, &w->f.traces, NULL, true, out_alone);
    lane_run(scenario, tape, needs, &beside);
    same_figures(scenario, "alone", out_alone, "in a batch", &beside);
}

static void look_at(struct seesaw *w, struct figures *out_alone)
{
    const struct scenario *scenario = &w->f.scenario;
    struct fleet_tape *tape = fleet_tape_make(scenario, &w->f.traces);
    assert_non_null(tape);
    struct needs *needs = needs_make(scenario, tape, policy_pending_capacity_sized);
    compare(w, tape, needs, out_alone);
    needs_free(needs);
    fleet_tape_free(tape);
}

static void each_seed(uint64_t count, void (*look)(struct seesaw *w, uint64_t seed))
{
    static struct seesaw w;
    const char *first = getenv("BALLAST_SEED");
    const char *worlds = getenv("BALLAST_WORLDS");
    uint64_t seed = first && *first ? strtoull(first, NULL, 10) : 1;
    uint64_t end = seed + (worlds && *worlds ? strtoull(worlds, NULL, 10) : count);
    for (; seed < end; seed++)
        look(&w, seed);
}

/* ---- large groups -------------------------------------------------------------------------------
 */

/* Sizes of which some are one modulo what is remembered, each for hours. */
static void look_at_a_large_group(struct seesaw *w, uint64_t seed)
{
    struct figures alone;
    make(w, seed, 10 * HOUR_S);
    const int64_t size = between(w, 0, BESIDE_LEVELS - 1);
    w->f.scenario.group.default_cooldown_s = between(w, 0, 600);
    w->f.scenario.fleet.target_micro = size * UNIT;
    for (int64_t i = 1; i <= (int64_t)ARRAY_LENGTH(w->f.modifications); i++)
        want(w, 2 * HOUR_S * i + between(w, -HOUR_S / 2, HOUR_S / 2),
             between(w, 0, 3) ? size + BESIDE_LEVELS * between(w, 0, 2) : between(w, 0, 190));
    require(w, 2 * between(w, 20, 60), 200);
    look_at(w, &alone);
    assert_true(alone.value[FIGURE_capacity_shortfall_s] > 0);
}

static void large_groups_have_what_is_missing_beside_them(void **state)
{
    (void)state;
    each_seed(WORLDS, look_at_a_large_group);
}

/* ---- refusals -----------------------------------------------------------------------------------
 */

/* It is to shrink minute after minute and is refused, and what is measured begins or ends then:
 * within seconds of an evaluation, or in its second. */
static void look_at_refusals(struct seesaw *w, uint64_t seed)
{
    struct figures alone;
    make(w, seed, 2 * HOUR_S);
    struct scenario *scenario = &w->f.scenario;
    struct controller_settings *controller = &scenario->controller;
    controller->every_s = MINUTE_S * between(w, 1, 4);
    controller->phase_s = between(w, 0, controller->every_s - 1);
    if (between(w, 0, 2) == 0) /* refused as not valid, whatever the cooldown is */
        set(w, "clamp", 0);
    scenario->group.min_size = between(w, 0, 2);
    scenario->group.desired_capacity = scenario->group.min_size;
    scenario->fleet.target_micro = 9 * UNIT;
    set(w, "window_s", MINUTE_S);
    const int64_t drop_s = between(w, 600, 1800);
    want(w, drop_s, 0);
    require(w, HOUR_S, 12);
    /* One of the evaluations after that: the first refused is among them. */
    int64_t tick_s = scenario->from_s + controller->phase_s;
    tick_s += (drop_s / controller->every_s + between(w, 0, 7)) * controller->every_s;
    int64_t edge_s = tick_s + between(w, -1, 1);
    if (between(w, 0, 2))
        scenario->measure_from_s = edge_s;
    else
        scenario->measure_to_s = edge_s;
    look_at(w, &alone);
}

static void refusals_at_the_edge_of_what_is_measured_are_counted(void **state)
{
    (void)state;
    each_seed(10 * WORLDS, look_at_refusals);
}

/* ---- windows of nearly a day --------------------------------------------------------------------
 */

static void look_at_long_windows(struct seesaw *w, uint64_t seed)
{
    enum { DAY_S = 24 * HOUR_S, SOME = 3 };
    static const int64_t whole[SOME] = {DAY_S, DAY_S - MINUTE_S, DAY_S - 2 * MINUTE_S};
    struct figures alone;
    make(w, seed, 60 * HOUR_S);
    struct scenario *scenario = &w->f.scenario;
    scenario->controller.phase_s = between(w, 0, MINUTE_S - 1);
    scenario->account.metric_delay.min_s = between(w, 0, 1) ? between(w, 0, 90) : 0;
    scenario->fleet.target_micro = between(w, 0, 9) * UNIT;
    want(w, between(w, HOUR_S, 30 * HOUR_S), between(w, 0, 9));
    want(w, between(w, 30 * HOUR_S, 50 * HOUR_S), between(w, 0, 9));
    require(w, HOUR_S, 12);
    struct fleet_tape *tape = fleet_tape_make(scenario, &w->f.traces);
    struct windows *windows = NULL;
    assert_non_null(tape);
    for (int i = 0; i < SOME; i++) {
        set(w, "window_s", whole[i] - between(w, 0, 1) * between(w, 0, MINUTE_S));
        assert_true(windows_serve(scenario));
        if (!windows)
            windows = windows_make(scenario, tape, policy_pending_capacity_sized);
        struct needs *needs = windows_needs(windows, scenario);
        compare(w, tape, needs, &alone);
        needs_free(needs);
    }
    windows_free(windows);
    fleet_tape_free(tape);
}

static void windows_of_nearly_a_day_hold_as_long(void **state)
{
    (void)state;
    each_seed(WORLDS, look_at_long_windows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large_groups_have_what_is_missing_beside_them),
        cmocka_unit_test(refusals_at_the_edge_of_what_is_measured_are_counted),
        cmocka_unit_test(windows_of_nearly_a_day_hold_as_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
