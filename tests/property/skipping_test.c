/* The engine may skip evaluations that must end as the one before did (sim/skipping.h): of random
 * worlds, stepping through every evaluation and skipping tell the same figures and the same
 * records, one by one. Proves docs/model.md, "Skipping".
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

enum { WORLDS = 2000 };

static void run(struct world_of_luck *w, bool stepping, struct told *told)
{
    const struct record_sink sink = {.context = told,
                                     .capacity = tell_capacity,
                                     .instance = tell_instance,
                                     .interruption = tell_interruption,
                                     .decision = tell_decision,
                                     .rebalance = tell_rebalance};
    const struct scenario *scenario = &w->f.scenario;
    text_addf(&told->text, "every %lld s, points every %lld s, %lld s late\n",
              (long long)scenario->controller.every_s, (long long)scenario->account.metric_period_s,
              (long long)scenario->account.metric_delay.min_s);
    run_world(scenario, &w->f.traces, &sink, stepping, &w->f.figures);
}

/* The fleet has nothing to do about many of the steps. */
static void let_demand_creep(struct world_of_luck *w)
{
    for (size_t i = 1; i < w->f.scenario.demand_count; i++) {
        int64_t micro = w->demand[i - 1].required_micro + between(w, -2 * UNIT, 2 * UNIT);
        w->demand[i].required_micro = micro < 0 ? 0 : micro;
    }
}

struct evaluations {
    int64_t stepped;
    int64_t skipped;
};

static void step_and_skip(struct world_of_luck *w, void *sums)
{
    struct evaluations *evaluations = sums;
    const struct scenario *scenario = &w->f.scenario;
    struct told stepped = {.before_s = INT64_MAX};
    struct told skipped = {.before_s = INT64_MAX};
    struct figures untold;
    if (scenario->seed % 2 == 0)
        let_demand_creep(w);
    asked = 0;
    run(w, true, &stepped);
    evaluations->stepped += asked;
    const struct figures figures = w->f.figures;
    asked = 0;
    run(w, false, &skipped);
    evaluations->skipped += asked;
    same_lines(scenario, "stepping", stepped.text.data, "skipping", skipped.text.data);
    same_figures(scenario, "stepping", &figures, "skipping", &w->f.figures);
    /* Where nobody is told anything, more can be skipped. */
    run_world(scenario, &w->f.traces, NULL, false, &untold);
    same_figures(scenario, "told", &figures, "where nobody is told", &untold);
    text_clean_up(&stepped.text);
    text_clean_up(&skipped.text);
}

static void stepping_and_skipping_tell_the_same(void **state)
{
    (void)state;
    struct evaluations evaluations = {0};
    uint64_t worlds = each_world(WORLDS, step_and_skip, &evaluations);
    printf("%lld evaluations, %lld of them made when skipping\n", (long long)evaluations.stepped,
           (long long)evaluations.skipped);
    /* Or it would prove nothing. */
    assert_true(worlds < 100 || evaluations.skipped < evaluations.stepped * 2 / 3);
}

/* ---- policies that look at prices ---------------------------------------------------------------
 */

static void step_and_skip_by_prices(struct world_of_luck *w, void *sums)
{
    policy_composed_destroy(w->composed);
    choose_policy(w, one_in(w, 4) ? &policy_n_plus_one : &policy_spot_hedge);
    draw_prices_near_limits(w);
    step_and_skip(w, sums);
}

static void prices_within_their_bands_are_skipped(void **state)
{
    (void)state;
    struct evaluations evaluations = {0};
    each_world(WORLDS, step_and_skip_by_prices, &evaluations);
    printf("%lld evaluations, %lld of them made when skipping\n", (long long)evaluations.stepped,
           (long long)evaluations.skipped);
}

/* ---- a policy that sets the fleet's target ------------------------------------------------------
 */

/* It goes by nothing but what the fleet has and wants, which it may well promise. */
static struct ballast_decision reach_for_the_fleet(const struct ballast_observation *observation,
                                                   const int64_t *parameters, void *state)
{
    (void)parameters;
    (void)state;
    asked++;
    struct ballast_decision decision = {.valid_until_s = BALLAST_FOREVER};
    const struct ballast_answer *answer = &observation->answers[0];
    if (answer->status != BALLAST_OK)
        return decision;
    int64_t wanted = answer->fleet->fulfilled_micro >= 24 * UNIT ? 20 : 28;
    decision.set_fleet_target = answer->fleet->target_micro != wanted * UNIT;
    decision.fleet_target = decision.set_fleet_target ? wanted : 0;
    return decision;
}

static void step_and_skip_reaching(struct world_of_luck *w, void *sums)
{
    static const struct ballast_read reads[] = {{.kind = BALLAST_READ_FLEET}};
    struct ballast_policy reaching = policy_none;
    reaching.decide = reach_for_the_fleet;
    reaching.reads = reads;
    reaching.read_count = ARRAY_LENGTH(reads);
    w->f.scenario.policy.policy = &reaching;
    step_and_skip(w, sums);
}

static void who_sets_the_target_is_skipped(void **state)
{
    (void)state;
    struct evaluations evaluations = {0};
    uint64_t worlds = each_world(WORLDS / 2, step_and_skip_reaching, &evaluations);
    printf("%lld evaluations, %lld of them made when skipping\n", (long long)evaluations.stepped,
           (long long)evaluations.skipped);
    assert_true(worlds < 100 || evaluations.skipped < evaluations.stepped);
}

/* Whatever it is, without a look: what was set is undone when the demand changes. */
static struct ballast_decision insist(const struct ballast_observation *observation,
                                      const int64_t *parameters, void *state)
{
    (void)observation;
    (void)parameters;
    (void)state;
    asked++;
    return (struct ballast_decision){
        .set_fleet_target = true, .fleet_target = 24, .valid_until_s = BALLAST_FOREVER};
}

static void step_and_skip_insisting(struct world_of_luck *w, void *sums)
{
    struct ballast_policy insisting = policy_none;
    insisting.decide = insist;
    w->f.scenario.policy.policy = &insisting;
    step_and_skip(w, sums);
}

static void who_sets_the_target_to_what_it_is_is_not_skipped(void **state)
{
    (void)state;
    struct evaluations evaluations = {0};
    each_world(WORLDS / 10, step_and_skip_insisting, &evaluations);
    printf("%lld evaluations, %lld of them made when skipping\n", (long long)evaluations.stepped,
           (long long)evaluations.skipped);
}

/* ---- invocations that come late -----------------------------------------------------------------
 */

/* A few come twice, or fail and are tried again, between two evaluations of the schedule, and all
 * else lets them be skipped. */
static void step_and_skip_belated(struct world_of_luck *w, void *sums)
{
    struct scenario *scenario = &w->f.scenario;
    struct controller_settings *controller = &scenario->controller;
    static const int64_t every_s[] = {60, 120, 300, 600};
    scenario->account.metric_delay = (struct delay){.min_s = between(w, 0, 120)};
    scenario->account.metric_gap_permille = 0;
    controller->every_s = every_s[pcg64_below(&w->luck, ARRAY_LENGTH(every_s))];
    controller->phase_s = between(w, 0, controller->every_s - 1);
    controller->jitter = (struct delay){0};
    controller->duration = (struct delay){0};
    controller->concurrency = 0;
    controller->faults = (struct faults){.list = w->faults, .count = 1};
    int64_t at_s = scenario->from_s;
    for (size_t k = 0; k < TIMES; k++)
        w->times[0][k] = at_s += between(w, 1, w->length_s / TIMES + 1);
    w->faults[0] = (struct fault){
        .kind = one_in(w, 2) ? FAULT_DUPLICATE_INVOCATION : FAULT_FUNCTION_TIMEOUT,
        .permille = 1000,
        .delay_s = between(w, 1, controller->every_s + 60),
        .retried = true,
        .from_s = scenario->from_s,
        .to_s = scenario->to_s,
        .at_s = w->times[0],
        .at_count = TIMES,
    };
    policy_composed_destroy(w->composed);
    w->composed = NULL;
    static const struct ballast_policy *const by_points[] = {
        &policy_pending_capacity, &policy_hysteresis, &policy_dynamic_fallback, &policy_forecast};
    struct policy_choice *choice = &scenario->policy;
    choice->policy = by_points[pcg64_below(&w->luck, ARRAY_LENGTH(by_points))];
    policy_default_values(choice->policy, NULL, choice->values);
    draw_parameters(w, choice->policy, choice->values);
    if (one_in(w, 2))
        set_parameter(choice, "lookback_s", 60 * between(w, 1, 5));
    step_and_skip(w, sums);
}

static void what_is_seen_by_late_invocations_is_not_what_the_next_ones_see(void **state)
{
    (void)state;
    struct evaluations evaluations = {0};
    each_world(WORLDS / 2, step_and_skip_belated, &evaluations);
    printf("stepping and skipping tell the same\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stepping_and_skipping_tell_the_same),
        cmocka_unit_test(prices_within_their_bands_are_skipped),
        cmocka_unit_test(who_sets_the_target_is_skipped),
        cmocka_unit_test(who_sets_the_target_to_what_it_is_is_not_skipped),
        cmocka_unit_test(what_is_seen_by_late_invocations_is_not_what_the_next_ones_see)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
