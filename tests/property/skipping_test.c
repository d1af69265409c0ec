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

#include "world_of_luck.h"

#include "base/text.h"

enum { WORLDS = 2000 };

/* ---- what a run tells ---------------------------------------------------------------------------
 */

static int say_capacity(const struct record_capacity *c, void *context)
{
    text_addf(context, "capacity %lld: %lld %lld %lld %lld %lld %lld %lld\n", (long long)c->time_s,
              (long long)c->required_micro, (long long)c->spot_up_micro,
              (long long)c->on_demand_up_micro, (long long)c->fleet_target_micro,
              (long long)c->fleet_fulfilled_micro, (long long)c->group_desired,
              (long long)c->group_running);
    return 0;
}

static int say_instance(const struct record_instance *i, void *context)
{
    text_addf(context, "instance %lld: %d %lld %lld %lld %lld %lld %d %lld\n",
              (long long)i->instance, (int)i->kind, (long long)i->requested_s,
              (long long)i->running_s, (long long)i->joined_s, (long long)i->notice_s,
              (long long)i->ended_s, (int)i->end, (long long)i->cost_micro_usd_s);
    return 0;
}

static int say_interruption(const struct record_interruption *i, void *context)
{
    text_addf(context, "interruption %lld: %lld %lld\n", (long long)i->instance,
              (long long)i->notice_s, (long long)i->ended_s);
    return 0;
}

static int say_rebalance(const struct record_rebalance *r, void *context)
{
    text_addf(context, "rebalance %lld: %lld %lld %d\n", (long long)r->instance,
              (long long)r->recommended_s, (long long)r->released_s, (int)r->replacement);
    return 0;
}

static int say_decision(const struct record_decision *d, void *context)
{
    const struct ballast_decision *decision = &d->decision;
    text_addf(
        context, "decision %lld: %lld to %lld, %lld times: %d %d %d %u %lld %d %d %lld %lld %d %d,",
        (long long)d->ordinal, (long long)d->first_s, (long long)d->last_s,
        (long long)d->evaluations, (int)d->trigger, (int)decision->action,
        (int)decision->honor_cooldown, decision->reason, (long long)decision->desired_capacity,
        (int)d->guard, (int)d->action, (long long)d->desired_capacity, (long long)d->desired_before,
        (int)d->outcome, (int)d->fleet_outcome);
    for (size_t i = 0; i < BALLAST_FIGURES_MAX; i++)
        text_addf(context, " %lld", (long long)decision->figures[i]);
    text_add(context, "\n");
    return 0;
}

static void run(struct world_of_luck *w, bool stepping, struct text *told)
{
    const struct record_sink sink = {.context = told,
                                     .capacity = say_capacity,
                                     .instance = say_instance,
                                     .interruption = say_interruption,
                                     .decision = say_decision,
                                     .rebalance = say_rebalance};
    const struct sim_observer observer = {.stepping = stepping};
    struct error err = {0};
    const struct scenario *scenario = &w->f.scenario;
    text_addf(told, "policy %s, every %lld s, points every %lld s, %lld s late\n",
              scenario->policy.policy->name, (long long)scenario->controller.every_s,
              (long long)scenario->account.metric_period_s,
              (long long)scenario->account.metric_delay.min_s);
    if (simulate(&w->f.scenario, &w->f.traces, &sink, &observer, &w->f.figures, &err))
        fail_msg("seed %llu: %s", (unsigned long long)w->f.scenario.seed, err.text);
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++)
        text_addf(told, "%s %lld\n", figure_descriptions[i].name, (long long)w->f.figures.value[i]);
}

/* Where nobody is told anything, more can be skipped: the figures are those of the run before. */
static void run_untold(struct world_of_luck *w)
{
    const struct figures told = w->f.figures;
    struct error err = {0};
    if (simulate(&w->f.scenario, &w->f.traces, NULL, NULL, &w->f.figures, &err))
        fail_msg("seed %llu: %s", (unsigned long long)w->f.scenario.seed, err.text);
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        if (w->f.figures.value[i] != told.value[i])
            fail_msg("seed %llu, policy %s: %s is %lld, where nobody is told %lld",
                     (unsigned long long)w->f.scenario.seed, w->f.scenario.policy.policy->name,
                     figure_descriptions[i].name, (long long)told.value[i],
                     (long long)w->f.figures.value[i]);
    }
}

/* The first line in which the two differ, and the one before. */
static void tell_difference(uint64_t seed, const char *stepped, const char *skipped)
{
    size_t line = 0;
    size_t before = 0;
    for (size_t i = 0; stepped[i] == skipped[i]; i++) {
        if (stepped[i] == '\n') {
            before = line;
            line = i + 1;
        }
    }
    fail_msg("seed %llu: %.*s\nafter %.*s\nstepping %.*s\nskipping %.*s", (unsigned long long)seed,
             (int)strcspn(stepped, "\n"), stepped, (int)strcspn(stepped + before, "\n"),
             stepped + before, (int)strcspn(stepped + line, "\n"), stepped + line,
             (int)strcspn(skipped + line, "\n"), skipped + line);
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
    struct text stepped = {0};
    struct text skipped = {0};
    uint64_t seed = w->f.scenario.seed;
    if (seed % 2 == 0)
        let_demand_creep(w);
    asked = 0;
    run(w, true, &stepped);
    evaluations->stepped += asked;
    asked = 0;
    run(w, false, &skipped);
    evaluations->skipped += asked;
    if (stepped.size != skipped.size || memcmp(stepped.data, skipped.data, stepped.size) != 0)
        tell_difference(seed, stepped.data, skipped.data);
    run_untold(w);
    text_clean_up(&stepped);
    text_clean_up(&skipped);
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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(stepping_and_skipping_tell_the_same),
                                       cmocka_unit_test(prices_within_their_bands_are_skipped)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
