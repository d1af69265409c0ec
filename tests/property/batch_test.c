/* Runs over one fleet may be made in a batch (sim/batch.h): of random worlds, each run of a batch
 * has the figures of the same run stepped through alone, evaluation by evaluation. Proves
 * docs/model.md, "Batches".
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

#include "sim/batch.h"
#include "sim/lane.h"

enum { WORLDS = 250, LANES = 4 };

/* What stands in the way of a batch is taken away. */
static void loosen(struct world_of_luck *w)
{
    struct scenario *scenario = &w->f.scenario;
    struct controller_settings *controller = &scenario->controller;
    scenario->services = NULL;
    scenario->service_count = 0;
    scenario->scaling = (struct fleet_scaling){0};
    scenario->launch_failures.permille = 0;
    controller->jitter = (struct delay){0};
    controller->duration = (struct delay){0};
    controller->faults.count = 0;
    controller->guards.stale_after_s = 0;
    if (w->composed) /* its values are others */
        policy_default_values(asked_policy, NULL, scenario->policy.values);
    scenario->policy.policy = asked_policy;
}

/* The group and what stands between it and the policy are other ones in each run of a batch. */
static void change_group(struct world_of_luck *w)
{
    struct backup_group *group = &w->f.scenario.group;
    group->min_size = one_in(w, 2) ? between(w, 0, 3) : 0;
    group->max_size = group->min_size + between(w, 0, 12);
    group->desired_capacity = between(w, group->min_size, group->max_size);
    group->default_cooldown_s = one_in(w, 4) ? 0 : between(w, 0, 6000);
    group->on_demand_micro_usd = between(w, 1, 500000);
    w->f.scenario.controller.guards = (struct controller_guards){
        .max_step_instances = one_in(w, 3) ? between(w, 1, 4) : 0,
        .max_desired_instances = one_in(w, 3) ? between(w, 1, 9) : 0,
        .dry_run = one_in(w, 10),
    };
}

static void compare(const struct world_of_luck *w, const char *run, const struct figures *alone,
                    const struct figures *batched)
{
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        if (alone->known[i] != batched->known[i] || alone->value[i] != batched->value[i])
            fail_msg("seed %llu, policy %s, %s: %s is %lld alone, %lld in a batch",
                     (unsigned long long)w->f.scenario.seed, w->f.scenario.policy.policy->name, run,
                     figure_descriptions[i].name, (long long)alone->value[i],
                     (long long)batched->value[i]);
    }
}

static void run_alone(const struct world_of_luck *w, struct figures *out)
{
    const struct sim_observer observer = {.stepping = true};
    struct error err = {0};
    if (simulate(&w->f.scenario, &w->f.traces, NULL, &observer, out, &err))
        fail_msg("seed %llu: %s", (unsigned long long)w->f.scenario.seed, err.text);
}

/* Returns how many entries the needs have. */
static size_t look_at(struct world_of_luck *w)
{
    const struct scenario *scenario = &w->f.scenario;
    struct figures alone;
    struct figures batched;
    struct fleet_tape *tape = fleet_tape_make(scenario, &w->f.traces);
    assert_non_null(tape);
    struct needs *needs = needs_make(scenario, tape, policy_sized(scenario->policy.policy));
    static const char *const names[LANES] = {"as drawn", "second group", "third group",
                                             "fourth group"};
    for (size_t i = 0; i < LANES; i++) {
        run_alone(w, &alone);
        lane_run(scenario, tape, needs, &batched);
        compare(w, names[i], &alone, &batched);
        change_group(w);
    }
    size_t entries = needs->count;
    needs_free(needs);
    /* Another size of the group's instances is another need, beside the same fleet. */
    w->f.scenario.group.units_per_instance_micro = between(w, 1, 9) * UNIT;
    needs = needs_make(scenario, tape, policy_sized(scenario->policy.policy));
    run_alone(w, &alone);
    lane_run(scenario, tape, needs, &batched);
    compare(w, "other instances", &alone, &batched);
    needs_free(needs);
    fleet_tape_free(tape);
    return entries;
}

static void batched_and_alone_are_the_same(void **state)
{
    (void)state;
    static struct world_of_luck w;
    uint64_t first = (uint64_t)number_of("BALLAST_SEED", 1);
    uint64_t worlds = (uint64_t)number_of("BALLAST_WORLDS", WORLDS);
    uint64_t possible = 0;
    size_t entries = 0;
    for (uint64_t seed = first; seed < first + worlds; seed++) {
        make(&w, seed);
        loosen(&w);
        if (sim_batch_is_possible(&w.f.scenario)) {
            possible++;
            entries += look_at(&w);
        }
        policy_composed_destroy(w.composed);
    }
    printf("%llu worlds from seed %llu, %llu of them batched: %zu changes of need\n",
           (unsigned long long)worlds, (unsigned long long)first, (unsigned long long)possible,
           entries);
    /* Or it would prove nothing. */
    assert_true(worlds < 100 || (possible > worlds / 2 && entries > 4 * possible));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(batched_and_alone_are_the_same)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
