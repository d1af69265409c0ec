/* Every built-in policy, and every modifier around some of them, keeps the contract in random
 * worlds, as `ballast policy test` would find: it is a function of its arguments, keeps within the
 * group's bounds, never shrinks the group on missing data, names its reasons, and keeps its
 * promise: until valid_until, while every series goes on at its newest value, points arrive as
 * before, and calls end as they did, it decides the same and remembers nothing new. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "policy/builtin.h"
#include "policy/choice.h"
#include "study/policy_test.h"

enum { WORLDS = 200, COMPOSED_WORLDS = 30 };

static void run_worlds(const char *name, uint64_t worlds, struct policy_trial_result *out_result)
{
    struct policy_choice choice;
    struct error err = {0};
    if (policy_choose(&choice, name, &err))
        fail_msg("%s", err.text);
    const struct policy_trial trial = {
        .policy = choice.policy,
        .given = choice.values,
        .result = out_result,
        .room = policy_trial_room_new(),
    };
    for (uint64_t seed = 1; seed <= worlds; seed++)
        policy_trial_world(&trial, seed);
    for (enum policy_demand i = DEMAND_PURE; i < DEMANDS; i++) {
        const struct policy_breach *breach = &out_result->breaches[i];
        if (breach->found)
            fail_msg("%s, seed %llu: %s", name, (unsigned long long)breach->seed, breach->what);
        if (out_result->worlds[i] == 0)
            fail_msg("%s: in no world %s was judged", name, policy_demand_words[i].name);
    }
    policy_trial_room_free(trial.room);
    policy_choice_clean_up(&choice);
}

static void built_in_policies_keep_the_contract(void **test)
{
    (void)test;
    for (size_t i = 0; policy_builtin[i]; i++) {
        struct policy_trial_result result = {0};
        run_worlds(policy_builtin[i]->name, WORLDS, &result);
        /* else the worlds would prove nothing */
        if (policy_builtin[i] != &policy_none && (!result.held || !result.grew || !result.shrank))
            fail_msg("%s does not hold, grow and shrink", policy_builtin[i]->name);
    }
}

static void modifiers_keep_it_around_them(void **test)
{
    (void)test;
    static const char *const bases[] = {"pending-capacity", "forecast", "spot-hedge"};
    for (size_t m = 0; policy_modifiers[m]; m++) {
        for (size_t i = 0; i < ARRAY_LENGTH(bases); i++) {
            struct policy_trial_result result = {0};
            char name[128];
            snprintf(name, sizeof name, "%s+%s", bases[i], policy_modifiers[m]->name);
            run_worlds(name, COMPOSED_WORLDS, &result);
        }
    }
}

/* What no contract demands, and all built-in policies do: each call changes something, and only
 * what shrinks the group honours its cooldown. */
static void calls_change_something(void **test)
{
    (void)test;
    struct policy_sight *sight = memory_new(1, sizeof *sight);
    for (size_t i = 0; policy_builtin[i]; i++) {
        const struct ballast_policy *policy = policy_builtin[i];
        int64_t given[BALLAST_PARAMETERS_MAX];
        policy_default_values(policy, NULL, given);
        for (uint64_t seed = 1; seed <= WORLDS; seed++) {
            _Alignas(16) unsigned char state[BALLAST_STATE_MAX] = {0};
            struct policy_world world;
            policy_world_make(&world, policy, given, seed);
            policy_world_see(sight, policy, &world, 0, world.now_s);
            if (policy->init)
                policy->init(world.parameters, state);
            const struct ballast_decision decision =
                policy->decide(&sight->observation, world.parameters, state);
            int64_t current = sight->observation.group.desired_capacity;
            if (decision.action != BALLAST_SET_DESIRED)
                continue;
            if (decision.desired_capacity == current ||
                decision.honor_cooldown != (decision.desired_capacity < current))
                fail_msg("%s, seed %llu: %lld where there are %lld", policy->name,
                         (unsigned long long)seed, (long long)decision.desired_capacity,
                         (long long)current);
        }
    }
    free(sight);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(built_in_policies_keep_the_contract),
        cmocka_unit_test(modifiers_keep_it_around_them),
        cmocka_unit_test(calls_change_something),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
