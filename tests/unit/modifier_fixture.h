/* For tests of modifiers: a policy that wants what its one metric says, and what it is asked with.
 */
#ifndef TESTS_MODIFIER_FIXTURE_H
#define TESTS_MODIFIER_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* after what it needs */
#include <cmocka.h>

#include "policy/choice.h"
#include "policy/words.h"

static inline struct ballast_decision wants(const struct ballast_observation *observation,
                                            const int64_t *parameters, void *state)
{
    (void)parameters;
    (void)state;
    const struct ballast_answer *answer = &observation->answers[0];
    struct ballast_decision decision = {.valid_until_s = BALLAST_FOREVER};
    if (answer->status != BALLAST_OK || observation->group.status != BALLAST_OK)
        return decision;
    int64_t wanted = answer->points[0].value_micro / BALLAST_MICRO;
    int64_t current = observation->group.desired_capacity;
    if (wanted == current)
        return decision;
    decision.action = BALLAST_SET_DESIRED;
    decision.desired_capacity = wanted;
    decision.honor_cooldown = wanted < current;
    return decision;
}

static const struct ballast_read wants_reads[] = {
    {.kind = BALLAST_READ_METRIC, .metric = "PendingCapacity", .period_s = 60, .lookback_s = 60}};
static const struct ballast_reason wants_reasons[] = {{"wants", "what the metric says"}};
static const struct ballast_policy policy_wants = {
    .abi = BALLAST_POLICY_ABI,
    .name = "wants",
    .description = "wants what the metric says",
    .source = "a test",
    .reads = wants_reads,
    .read_count = 1,
    .reasons = wants_reasons,
    .reason_count = 1,
    .state_version = 1,
    .decide = wants,
};

/* The policy with modifiers around it, its memory, and what it sees. */
struct asked {
    struct policy_composed *composed;
    int64_t parameters[BALLAST_PARAMETERS_MAX];
    unsigned char state[BALLAST_STATE_MAX];
    struct ballast_point point;
    struct ballast_answer answer;
    struct ballast_observation observation;
};

static inline void asked_set_up(struct asked *a, const struct policy_modifier *const *modifiers,
                                size_t count)
{
    struct error err = {0};
    memset(a, 0, sizeof *a);
    if (policy_compose(&a->composed, "wants+", &policy_wants, modifiers, count, &err))
        fail_msg("%s", err.text);
    const struct ballast_policy *whole = policy_composed_whole(a->composed);
    for (size_t i = 0; i < whole->parameter_count; i++)
        a->parameters[i] = whole->parameters[i].default_value;
    a->answer =
        (struct ballast_answer){.status = BALLAST_OK, .points = &a->point, .point_count = 1};
    a->observation = (struct ballast_observation){
        .answers = &a->answer,
        .answer_count = 1,
        .group = {.status = BALLAST_OK, .max_size = 100, .units_per_instance_micro = BALLAST_MICRO},
    };
}

/* At a second the metric wants so many, where the group has so many. */
static inline struct ballast_decision ask(struct asked *a, int64_t now_s, int64_t wanted,
                                          int64_t current)
{
    a->point = (struct ballast_point){now_s - 60, wanted * BALLAST_MICRO};
    a->observation.now_s = now_s;
    a->observation.group.desired_capacity = current;
    a->observation.group.in_service = current;
    return policy_decide(policy_composed_whole(a->composed), &a->observation, a->parameters,
                         a->state);
}

static inline const char *reason_name(const struct asked *a,
                                      const struct ballast_decision *decision)
{
    const struct ballast_policy *whole = policy_composed_whole(a->composed);
    assert_true(decision->reason < whole->reason_count);
    return whole->reasons[decision->reason].name;
}

#endif
