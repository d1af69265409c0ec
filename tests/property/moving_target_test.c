/* Where the fleet's target follows a demand that moves all the time, evaluations whose end is known
 * are spared (docs/model.md, "Skipping"): in random worlds the figures are those of making every
 * one.
 *
 * BALLAST_WORLDS=N looks at N worlds, BALLAST_SEED=S begins at that one (`./dev oracle`). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "told_run.h"
#include "world_of_luck.h"

enum { WORLDS = 4000 };

/* Long enough in each state that something holds, and seldom disturbed. */
static void calm(struct world_of_luck *w)
{
    struct scenario *scenario = &w->f.scenario;
    struct controller_settings *controller = &scenario->controller;
    scenario->scaling.given = false;
    scenario->service_count = 0;
    scenario->cluster.name = NULL;
    scenario->account.metric_delay = (struct delay){.min_s = between(w, 0, 90)};
    scenario->account.metric_gap_permille = 0;
    scenario->account.metric_period_s = 60 * (one_in(w, 4) ? 5 : 1);
    scenario->modification_count = 0;
    scenario->launch_failures = (struct launch_failures){0};
    controller->every_s = one_in(w, 4) ? 60 * between(w, 1, 5) : 60;
    controller->phase_s = between(w, 0, controller->every_s - 1);
    controller->jitter = (struct delay){0};
    controller->duration = (struct delay){0};
    if (!one_in(w, 4))
        controller->faults.count = 0;
    if (one_in(w, 8)) /* of which the target may fall short */
        scenario->fleet.on_demand_micro = between(w, 1, 40) * UNIT;
    for (size_t i = 0; i < 2; i++) {
        struct market *market = &w->f.markets[i];
        size_t most = (size_t)between(w, 1, 5);
        market->step_count = market->step_count < most ? market->step_count : most;
    }
}

/* It creeps; now and then it leaps, or goes back and forth between two values. */
static void move_demand(struct world_of_luck *w)
{
    struct scenario *scenario = &w->f.scenario;
    int64_t every_s = between(w, 30, 900);
    int64_t units = between(w, 0, 60);
    int64_t at_s = 0;
    bool to_the_minute = one_in(w, 2);
    scenario->target_follows_demand = true;
    scenario->demand_count = 0;
    while (at_s < w->length_s && scenario->demand_count < DEMANDS) {
        w->demand[scenario->demand_count++] =
            (struct demand_step){scenario->from_s + at_s, units * UNIT};
        units += one_in(w, 12) ? between(w, -30, 30) : between(w, -2, 2);
        units = units < 0 ? 0 : units;
        at_s += to_the_minute ? (every_s + 59) / 60 * 60 : between(w, 1, 2 * every_s);
    }
}

/* A policy that is built in, with other values than its own, half of the time. */
static void choose_policy_for(struct world_of_luck *w)
{
    struct policy_choice *choice = &w->f.scenario.policy;
    size_t count = 0;
    while (policy_builtin[count])
        count++;
    bool by_prices = one_in(w, 4);
    choice->policy = by_prices ? &policy_spot_hedge : policy_builtin[pcg64_below(&w->luck, count)];
    policy_default_values(choice->policy, NULL, choice->values);
    if (one_in(w, 2))
        draw_parameters(w, choice->policy, choice->values);
    if (by_prices)
        draw_prices_near_limits(w);
}

static void compare(const struct world_of_luck *w)
{
    struct figures stepped;
    struct figures skipped;
    run_world(&w->f.scenario, &w->f.traces, NULL, true, &stepped);
    run_world(&w->f.scenario, &w->f.traces, NULL, false, &skipped);
    same_figures(&w->f.scenario, "stepping", &stepped, "skipping", &skipped);
}

static void step_and_skip(struct world_of_luck *w, void *sums)
{
    (void)sums;
    calm(w);
    move_demand(w);
    choose_policy_for(w);
    compare(w);
}

static void what_is_spared_changes_no_figure(void **state)
{
    (void)state;
    each_world(WORLDS, step_and_skip, NULL);
    printf("stepping and skipping have the same figures\n");
}

/* ---- with guards --------------------------------------------------------------------------------
 */

/* Guards have a say in whether the group shrinks, and those who look at the fleet are asked again
 * without them. In a cold start its own launches begin a cooldown, dry run or not. */
static void put_guards(struct world_of_luck *w)
{
    struct scenario *scenario = &w->f.scenario;
    struct backup_group *group = &scenario->group;
    struct controller_settings *controller = &scenario->controller;
    controller->faults.count = 0;
    controller->guards = (struct controller_guards){
        .dry_run = one_in(w, 3),
        .max_desired_instances = one_in(w, 3) ? between(w, 1, 9) : 0,
        .max_step_instances = one_in(w, 6) ? between(w, 1, 4) : 0,
        .stale_after_s = one_in(w, 2) ? between(w, 1, 2 * scenario->account.metric_period_s) : 0,
    };
    scenario->cold = one_in(w, 2);
    group->max_size = between(w, 3, 30);
    group->min_size = between(w, 0, 3);
    group->desired_capacity = one_in(w, 2) ? group->max_size : between(w, group->min_size, 3);
    group->default_cooldown_s = between(w, 0, 4000);
}

static void choose_policy_by_fleet(struct world_of_luck *w)
{
    static const struct ballast_policy *const by_fleet[] = {
        &policy_target_headroom, &policy_dynamic_fallback, &policy_n_plus_one, &policy_spot_hedge};
    struct policy_choice *choice = &w->f.scenario.policy;
    choice->policy = by_fleet[pcg64_below(&w->luck, ARRAY_LENGTH(by_fleet))];
    policy_default_values(choice->policy, NULL, choice->values);
    draw_parameters(w, choice->policy, choice->values);
}

static void step_and_skip_guarded(struct world_of_luck *w, void *sums)
{
    (void)sums;
    calm(w);
    move_demand(w);
    put_guards(w);
    choose_policy_by_fleet(w);
    compare(w);
}

static void what_a_guard_forbids_is_not_spared(void **state)
{
    (void)state;
    each_world(WORLDS / 2, step_and_skip_guarded, NULL);
    printf("stepping and skipping have the same figures\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_spared_changes_no_figure),
                                       cmocka_unit_test(what_a_guard_forbids_is_not_spared)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
