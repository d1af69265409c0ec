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

#include "told_run.h"
#include "world_of_luck.h"

#include "sim/batch.h"
#include "sim/follow.h"
#include "sim/lane.h"
#include "sim/windows.h"

enum { WORLDS = 800, LANES = 4 };

/* ---- a policy that makes every kind of need -----------------------------------------------------
 */

static struct sized moody_sized(const struct ballast_observation *observation,
                                const int64_t *parameters, void *state)
{
    (void)parameters;
    (void)state;
    enum { PENDING = 1 }; /* of pending-capacity's reads */
    const struct ballast_answer *answer = &observation->answers[PENDING];
    if (answer->status != BALLAST_OK)
        return sized_hold(sizing_hold(0, 0), SIZED_READ(PENDING));
    int64_t pending_micro = answer->points[sizing_newest_point(answer)].value_micro;
    uint64_t mood = (uint64_t)pending_micro / MICRO % 8;
    if (mood == 1)
        return sized_hold(sizing_hold(0, 0), SIZED_READ(PENDING));
    struct sized sized =
        sized_for(sizing_instances(pending_micro, observation->group.units_per_instance_micro),
                  SIZED_READ(PENDING));
    sized.sizing.need += mood == 2 ? 5 : 0;
    sized.sizing.unclamped = mood == 3 || mood == 4;
    sized.sizing.out_only = mood == 5 || mood == 6;
    return sized;
}

static struct ballast_decision moody_decide(const struct ballast_observation *observation,
                                            const int64_t *parameters, void *state)
{
    const struct sized sized = moody_sized(observation, parameters, state);
    return sized_decide(&observation->group, &sized);
}

static struct ballast_policy moody;

/* ---- worlds -------------------------------------------------------------------------------------
 */

/* What ties the group to the fleet is taken away. */
static void untie(struct world_of_luck *w)
{
    struct scenario *scenario = &w->f.scenario;
    scenario->services = NULL;
    scenario->service_count = 0;
    scenario->scaling = (struct fleet_scaling){0};
    scenario->launch_failures.permille = 0;
}

/* And what runs with the same needs cannot have. */
static void loosen(struct world_of_luck *w)
{
    untie(w);
    struct scenario *scenario = &w->f.scenario;
    struct controller_settings *controller = &scenario->controller;
    controller->jitter = (struct delay){0};
    controller->duration = (struct delay){0};
    controller->faults.count = 0;
    controller->guards.stale_after_s = 0;
    if (w->composed) /* its values are others */
        policy_default_values(asked_policy, NULL, scenario->policy.values);
    scenario->policy.policy = asked_policy;
    if (one_in(w, 3)) {
        moody = policy_pending_capacity;
        moody.name = "moody";
        moody.decide = moody_decide;
        scenario->policy.policy = &moody;
        policy_default_values(&moody, NULL, scenario->policy.values);
    }
    static char ours[] = "ours";
    scenario->cluster.name = one_in(w, 2) ? ours : NULL;
    if (one_in(w, 2)) { /* then what is launched together lives alike */
        scenario->account.on_demand_launch_delay = (struct delay){.min_s = between(w, 0, 120)};
        scenario->account.join_delay = (struct delay){.min_s = between(w, 0, 120)};
    }
    scenario->price_terms = (struct price_terms){
        .on_demand_discount_permille = between(w, 0, 500),
        .prepaid_instances = one_in(w, 3) ? between(w, 1, 4) : 0,
        .volume_gib_micro = one_in(w, 2) ? 30 * UNIT : 0,
        .volume_micro_usd_per_gib_month = 100000,
        .address_micro_usd_per_hour = one_in(w, 2) ? 5000 : 0,
    };
}

static sized_function *size_of(const struct scenario *scenario)
{
    return scenario->policy.policy == &moody ? moody_sized : policy_sized(scenario->policy.policy);
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
    static char *zones[] = {"us-east-1a", "us-east-1b", "us-east-1c"};
    static char elsewhere[] = "another";
    group->zones = zones;
    group->zone_count = (size_t)between(w, 1, (int64_t)ARRAY_LENGTH(zones));
    group->cluster = one_in(w, 5) ? elsewhere : NULL; /* then it serves nothing */
    w->f.scenario.controller.guards = (struct controller_guards){
        .max_step_instances = one_in(w, 3) ? between(w, 1, 4) : 0,
        .max_desired_instances = one_in(w, 3) ? between(w, 1, 9) : 0,
        .dry_run = one_in(w, 10),
    };
}

static void run_alone(const struct world_of_luck *w, struct figures *out)
{
    run_world(&w->f.scenario, &w->f.traces, NULL, true, out);
}

/* Returns how many entries the needs have. */
static size_t look_at(struct world_of_luck *w)
{
    const struct scenario *scenario = &w->f.scenario;
    struct figures alone;
    struct figures batched;
    struct fleet_tape *tape = fleet_tape_make(scenario, &w->f.traces);
    assert_non_null(tape);
    struct needs *needs = needs_make(scenario, tape, size_of(scenario));
    static const char *const names[LANES] = {"in a batch, as drawn", "in a batch, second group",
                                             "in a batch, third group", "in a batch, fourth group"};
    for (size_t i = 0; i < LANES; i++) {
        run_alone(w, &alone);
        lane_run(scenario, tape, needs, &batched);
        same_figures(&w->f.scenario, "alone", &alone, names[i], &batched);
        change_group(w);
    }
    size_t entries = needs->count;
    needs_free(needs);
    /* Another size of the group's instances is another need, beside the same fleet. */
    w->f.scenario.group.units_per_instance_micro = between(w, 1, 9) * UNIT;
    needs = needs_make(scenario, tape, size_of(scenario));
    run_alone(w, &alone);
    lane_run(scenario, tape, needs, &batched);
    same_figures(&w->f.scenario, "alone", &alone, "in a batch, other instances", &batched);
    needs_free(needs);
    fleet_tape_free(tape);
    return entries;
}

/* pending-capacity, with other values than as it comes. */
static void ask_pending_capacity(struct world_of_luck *w)
{
    struct policy_choice *choice = &w->f.scenario.policy;
    choice->policy = &policy_pending_capacity;
    policy_default_values(choice->policy, NULL, choice->values);
    static const char *const names[] = {"lookback_s", "on_missing_window", "on_missing", "newest",
                                        "clamp"};
    const int64_t values[] = {60 * between(w, 1, 30), between(w, 0, 1), between(w, 0, 2),
                              between(w, 0, 1), between(w, 0, 1)};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        choice->values[policy_find_parameter(choice->policy, names[i])] = values[i];
}

/* The target of the fleet changes again and again, mostly at one pace, up or down. */
static void move_target(struct world_of_luck *w)
{
    struct scenario *scenario = &w->f.scenario;
    const int64_t pace_s = 60 * between(w, 2, 7);
    int64_t at_s = 0;
    scenario->target_follows_demand = true;
    scenario->demand_count = 0;
    for (; at_s < w->length_s && scenario->demand_count < DEMANDS;
         at_s += one_in(w, 16) ? pace_s + 60 * between(w, 1, 3) : pace_s)
        w->demand[scenario->demand_count++] =
            (struct demand_step){scenario->from_s + at_s, between(w, 1, 12) * UNIT};
}

static void compare_needs(uint64_t seed, int64_t window_s, const struct needs *one,
                          const struct needs *other)
{
    assert_int_equal(one->evaluations, other->evaluations);
    if (one->count != other->count)
        fail_msg("seed %llu, window %lld: %zu changes of need, or %zu", (unsigned long long)seed,
                 (long long)window_s, one->count, other->count);
    for (size_t i = 0; i < one->count; i++) {
        const struct need *a = &one->list[i];
        const struct need *b = &other->list[i];
        bool alike = a->holds || (a->instances == b->instances && a->unclamped == b->unclamped &&
                                  a->out_only == b->out_only && a->in_only == b->in_only);
        if (a->first_s != b->first_s || a->holds != b->holds || a->once != b->once || !alike)
            fail_msg("seed %llu, window %lld: another need at %lld", (unsigned long long)seed,
                     (long long)window_s, (long long)a->first_s);
    }
}

/* Returns how many windows the needs were made for from what they have in common. */
static uint64_t look_at_windows(struct world_of_luck *w)
{
    enum { SOME = 6 };
    struct scenario *scenario = &w->f.scenario;
    int64_t *window_s =
        &scenario->policy.values[policy_find_parameter(&policy_pending_capacity, "window_s")];
    struct fleet_tape *tape = fleet_tape_make(scenario, &w->f.traces);
    struct windows *windows = NULL;
    uint64_t served = 0;
    assert_non_null(tape);
    for (int i = 0; i < SOME; i++) {
        *window_s =
            one_in(w, 5) ? between(w, 60, 86400) : between(w, 60, one_in(w, 2) ? 600 : 3000);
        if (!windows_serve(scenario))
            continue;
        if (!windows)
            windows = windows_make(scenario, tape, policy_pending_capacity_sized);
        struct needs *alone = needs_make(scenario, tape, policy_pending_capacity_sized);
        struct needs *shared = windows_needs(windows, scenario);
        compare_needs(scenario->seed, *window_s, alone, shared);
        needs_free(alone);
        needs_free(shared);
        served++;
    }
    windows_free(windows);
    fleet_tape_free(tape);
    return served;
}

static void compare_windows(struct world_of_luck *w, void *sums)
{
    uint64_t *served = sums;
    loosen(w);
    ask_pending_capacity(w);
    if (one_in(w, 2))
        move_target(w);
    if (sim_batch_is_possible(&w->f.scenario))
        *served += look_at_windows(w);
}

static void windows_have_the_needs_they_would_have_alone(void **state)
{
    (void)state;
    uint64_t served = 0;
    uint64_t worlds = each_world(WORLDS, compare_windows, &served);
    printf("%llu windows\n", (unsigned long long)served);
    assert_true(worlds < 100 || served > worlds);
}

struct batched {
    uint64_t possible;
    size_t entries;
};

static void compare_lanes(struct world_of_luck *w, void *sums)
{
    struct batched *batched = sums;
    loosen(w);
    if (w->f.scenario.policy.policy != &moody &&
        !(sim_batch_is_possible(&w->f.scenario) && sim_batch_sized(&w->f.scenario)))
        return;
    batched->possible++;
    batched->entries += look_at(w);
}

static void batched_and_alone_are_the_same(void **state)
{
    (void)state;
    struct batched batched = {0};
    uint64_t worlds = each_world(WORLDS, compare_lanes, &batched);
    printf("%llu of them batched, %zu changes of need\n", (unsigned long long)batched.possible,
           batched.entries);
    /* Or it would prove nothing. */
    assert_true(worlds < 100 ||
                (batched.possible > worlds / 2 && batched.entries > 4 * batched.possible));
}

/* Goes by nothing but notices, which no built-in policy looks at. */
static struct ballast_decision decide_by_notices(const struct ballast_observation *observation,
                                                 const int64_t *parameters, void *state)
{
    (void)parameters;
    (void)state;
    asked++;
    const struct ballast_group *group = &observation->group;
    if (group->status != BALLAST_OK)
        return sizing_hold(0, 0);
    int64_t rebalances =
        observation->rebalance_notices == BALLAST_UNKNOWN ? 0 : observation->rebalance_notices;
    struct sizing sizing =
        sized_for(3 * observation->interruption_notices + 2 * rebalances, 0).sizing;
    sizing.out_only = observation->now_s / 60 % 30 != 0;
    sizing.valid_until_s = observation->now_s;
    struct ballast_decision decision;
    sizing_decide(group, &sizing, &decision);
    return decision;
}

struct followed {
    uint64_t possible;
    int64_t asked_alone;
    int64_t asked_beside;
};

/* Any policy, in any trouble. */
static void compare_followers(struct world_of_luck *w, void *sums)
{
    struct followed *followed = sums;
    untie(w);
    const struct scenario *scenario = &w->f.scenario;
    struct ballast_policy by_notices = policy_none;
    by_notices.decide = decide_by_notices;
    if (one_in(w, 4)) {
        w->f.scenario.policy.policy = &by_notices;
        w->f.scenario.interruptions = INTERRUPTIONS_TRACE;
        w->f.scenario.interruption_terms.rebalance_permille = 1000;
    }
    if (!sim_batch_is_possible(scenario))
        return;
    struct fleet_tape *tape = fleet_tape_make(scenario, &w->f.traces);
    for (int i = 0; i < LANES && tape; i++) {
        struct figures alone;
        struct figures beside;
        struct error err = {0};
        bool apart = false;
        asked = 0;
        run_alone(w, &alone);
        followed->asked_alone += asked;
        asked = 0;
        assert_int_equal(follow_run(scenario, tape, &beside, &apart, &err), STATUS_OK);
        followed->asked_beside += asked;
        assert_true(apart);
        same_figures(&w->f.scenario, "alone", &alone, "beside the tape", &beside);
        change_group(w);
    }
    followed->possible += tape != NULL;
    fleet_tape_free(tape);
}

static void followed_and_alone_are_the_same(void **state)
{
    (void)state;
    struct followed followed = {0};
    uint64_t worlds = each_world(WORLDS, compare_followers, &followed);
    printf("%llu of them followed, %lld evaluations, %lld made beside the tape\n",
           (unsigned long long)followed.possible, (long long)followed.asked_alone,
           (long long)followed.asked_beside);
    assert_true(worlds < 100 ||
                (followed.possible > worlds / 2 && followed.asked_beside < followed.asked_alone));
}

static struct ballast_decision reach_for_the_fleet(const struct ballast_observation *observation,
                                                   const int64_t *parameters, void *state)
{
    (void)parameters;
    (void)state;
    return (struct ballast_decision){
        .set_fleet_target = true, .fleet_target = 8, .valid_until_s = observation->now_s};
}

static void who_sets_the_target_is_not_followed(void **state)
{
    (void)state;
    static struct world_of_luck w;
    struct ballast_policy reaching = policy_none;
    reaching.decide = reach_for_the_fleet;
    make(&w, 1);
    untie(&w);
    w.f.scenario.to_s = w.f.scenario.from_s + 3600;
    w.f.scenario.controller = (struct controller_settings){.every_s = 60};
    w.f.scenario.policy.policy = &reaching;
    struct fleet_tape *tape = fleet_tape_make(&w.f.scenario, &w.f.traces);
    struct figures figures;
    struct error err = {0};
    bool apart = true;
    assert_int_equal(follow_run(&w.f.scenario, tape, &figures, &apart, &err), STATUS_OK);
    assert_false(apart);
    fleet_tape_free(tape);
    policy_composed_destroy(w.composed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_have_the_needs_they_would_have_alone),
        cmocka_unit_test(batched_and_alone_are_the_same),
        cmocka_unit_test(followed_and_alone_are_the_same),
        cmocka_unit_test(who_sets_the_target_is_not_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
