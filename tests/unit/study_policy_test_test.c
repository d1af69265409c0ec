/* ballast policy test: each sort of mistake is found by its own check and by no other, with a world
 * that shows it again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "policy/choice.h"
#include "policy/composed.h"
#include "policy/words.h"
#include "study/policy_test.h"
#include "valgrind.h"

#include <unistd.h>

enum { WORLDS = 80 };
enum { FLEET, TARGET, READ_COUNT };
enum { AS_IT_IS, CHANGED };

static const struct ballast_read reads[READ_COUNT] = {
    [FLEET] = {.kind = BALLAST_READ_FLEET},
    [TARGET] = {.kind = BALLAST_READ_METRIC,
                .metric = "TargetCapacity",
                .period_s = 60,
                .lookback_s = 900},
};
static const struct ballast_reason reasons[] = {
    [AS_IT_IS] = {"as-it-is", "as it is"},
    [CHANGED] = {"changed", "{0} units are lacking"},
};

struct memory {
    int64_t lack_micro;
    int64_t evaluations;
};

/* A policy without a mistake, of which the others make one. */
static struct ballast_decision good(const struct ballast_observation *seen,
                                    const int64_t *parameters, void *state)
{
    (void)parameters;
    (void)state;
    struct ballast_decision decision = {.valid_until_s = BALLAST_FOREVER};
    const struct ballast_group *group = &seen->group;
    if (seen->answers[FLEET].status != BALLAST_OK || seen->answers[TARGET].status != BALLAST_OK ||
        group->status != BALLAST_OK)
        return decision;
    const struct ballast_fleet *fleet = seen->answers[FLEET].fleet;
    int64_t lack_micro = fleet->target_micro - fleet->fulfilled_micro;
    int64_t need = lack_micro / group->units_per_instance_micro;
    need = need < group->min_size   ? group->min_size
           : need > group->max_size ? group->max_size
                                    : need;
    decision.figures[0] = lack_micro / BALLAST_MICRO;
    if (need == group->desired_capacity)
        return decision;
    decision.action = BALLAST_SET_DESIRED;
    decision.desired_capacity = need;
    decision.reason = CHANGED;
    return decision;
}

static struct ballast_decision counts_by_itself(const struct ballast_observation *seen,
                                                const int64_t *parameters, void *state)
{
    static int calls;
    struct ballast_decision decision = good(seen, parameters, state);
    if (++calls % 7 == 0)
        decision.action = BALLAST_HOLD;
    return decision;
}

/* Asked the same again it answers the same; what it kept is of whoever asked last. */
static struct ballast_decision keeps_the_last(const struct ballast_observation *seen,
                                              const int64_t *parameters, void *state)
{
    static struct {
        int64_t now_s;
        int64_t before_s;
    } last;
    struct ballast_decision decision = good(seen, parameters, state);
    if (seen->now_s != last.now_s) {
        last.before_s = last.now_s;
        last.now_s = seen->now_s;
    }
    decision.figures[1] = last.before_s;
    decision.valid_until_s = seen->now_s;
    return decision;
}

static struct ballast_decision knows_its_first(const struct ballast_observation *seen,
                                               const int64_t *parameters, void *state)
{
    static int64_t first_s;
    struct ballast_decision decision = good(seen, parameters, state);
    if (!first_s)
        first_s = seen->now_s;
    decision.figures[1] = first_s;
    return decision;
}

static struct ballast_decision writes_behind(const struct ballast_observation *seen,
                                             const int64_t *parameters, void *state)
{
    ((volatile int64_t *)state)[2] = 7;
    return good(seen, parameters, state);
}

static struct ballast_decision reads_behind(const struct ballast_observation *seen,
                                            const int64_t *parameters, void *state)
{
    struct ballast_decision decision = good(seen, parameters, state);
    decision.figures[1] = ((volatile int64_t *)state)[2];
    return decision;
}

static struct ballast_decision changes_what_it_sees(const struct ballast_observation *seen,
                                                    const int64_t *parameters, void *state)
{
    if (seen->answers[FLEET].status == BALLAST_OK)
        ((struct ballast_fleet *)(uintptr_t)seen->answers[FLEET].fleet)->target_micro += 0x100;
    return good(seen, parameters, state);
}

static struct ballast_decision reads_a_point_too_many(const struct ballast_observation *seen,
                                                      const int64_t *parameters, void *state)
{
    struct ballast_decision decision = good(seen, parameters, state);
    const struct ballast_answer *answer = &seen->answers[TARGET];
    if (answer->status == BALLAST_OK)
        decision.figures[1] =
            ((const volatile struct ballast_point *)answer->points)[answer->point_count]
                .value_micro != 0;
    decision.valid_until_s = seen->now_s;
    return decision;
}

#ifndef __SANITIZE_ADDRESS__
static struct ballast_decision __attribute__((noinline))
forgets_a_value(const struct ballast_observation *seen, const int64_t *parameters, void *state)
{
    volatile int64_t value[16];
    __asm__("" : "=m"(value)); /* compilers are told that it has one */
    struct ballast_decision decision = good(seen, parameters, state);
    if (seen->now_s % 2)
        value[3] = 1;
    decision.figures[1] = value[3];
    return decision;
}
#endif

static struct ballast_decision wants_too_many(const struct ballast_observation *seen,
                                              const int64_t *parameters, void *state)
{
    struct ballast_decision decision = good(seen, parameters, state);
    if (decision.action == BALLAST_SET_DESIRED && seen->group.max_size == decision.desired_capacity)
        decision.desired_capacity++;
    return decision;
}

static struct ballast_decision has_no_reason(const struct ballast_observation *seen,
                                             const int64_t *parameters, void *state)
{
    struct ballast_decision decision = good(seen, parameters, state);
    decision.reason += decision.action == BALLAST_SET_DESIRED;
    return decision;
}

static struct ballast_decision changes_its_mind(const struct ballast_observation *seen,
                                                const int64_t *parameters, void *state)
{
    struct ballast_decision decision = good(seen, parameters, state);
    if (seen->now_s % 3600 < 60)
        decision = (struct ballast_decision){.valid_until_s = seen->now_s};
    return decision;
}

static struct ballast_decision counts_in_secret(const struct ballast_observation *seen,
                                                const int64_t *parameters, void *state)
{
    ((struct memory *)state)->evaluations++;
    return good(seen, parameters, state);
}

static struct ballast_decision says_no_validity(const struct ballast_observation *seen,
                                                const int64_t *parameters, void *state)
{
    struct ballast_decision decision = good(seen, parameters, state);
    decision.valid_until_s = 0;
    return decision;
}

static struct ballast_decision shrinks_blindly(const struct ballast_observation *seen,
                                               const int64_t *parameters, void *state)
{
    const struct ballast_group *group = &seen->group;
    if (seen->answers[TARGET].status != BALLAST_EMPTY || group->status != BALLAST_OK ||
        group->desired_capacity == group->min_size)
        return good(seen, parameters, state);
    return (struct ballast_decision){.action = BALLAST_SET_DESIRED,
                                     .desired_capacity = group->min_size,
                                     .valid_until_s = BALLAST_FOREVER};
}

static struct ballast_decision sizes_blindly(const struct ballast_observation *seen,
                                             const int64_t *parameters, void *state)
{
    if (seen->group.status == BALLAST_OK)
        return good(seen, parameters, state);
    return (struct ballast_decision){
        .action = BALLAST_SET_DESIRED, .desired_capacity = 2, .valid_until_s = BALLAST_FOREVER};
}

static struct ballast_decision takes_it_for_granted(const struct ballast_observation *seen,
                                                    const int64_t *parameters, void *state)
{
    struct ballast_decision decision = good(seen, parameters, state);
    if (seen->answers[TARGET].status == BALLAST_EMPTY)
        abort();
    return decision;
}

static struct ballast_decision leaves(const struct ballast_observation *seen,
                                      const int64_t *parameters, void *state)
{
    if (seen->answers[FLEET].status == BALLAST_ERROR)
        exit(4);
    return good(seen, parameters, state);
}

static struct ballast_decision never_ends(const struct ballast_observation *seen,
                                          const int64_t *parameters, void *state)
{
    for (volatile bool waits = seen->group.status != BALLAST_OK; waits;)
        continue;
    return good(seen, parameters, state);
}

static struct ballast_decision waits_for_ever(const struct ballast_observation *seen,
                                              const int64_t *parameters, void *state)
{
    while (seen->group.status != BALLAST_OK)
        pause();
    return good(seen, parameters, state);
}

typedef struct ballast_decision (*decides)(const struct ballast_observation *seen,
                                           const int64_t *parameters, void *state);

static struct ballast_policy policy_of(decides decide)
{
    return (struct ballast_policy){
        .abi = BALLAST_POLICY_ABI,
        .name = "tried",
        .description = "a policy with a mistake",
        .source = "this test",
        .reads = reads,
        .read_count = READ_COUNT,
        .reasons = reasons,
        .reason_count = ARRAY_LENGTH(reasons),
        .state_size = sizeof(struct memory),
        .decide = decide,
    };
}

static struct policy_trial_result try_it(const struct ballast_policy *policy, uint64_t seed,
                                         uint64_t worlds)
{
    static const int64_t none[1];
    bool never = policy->decide == never_ends || policy->decide == waits_for_ever;
    const struct policy_test test = {.policy = policy,
                                     .given = none,
                                     .seed = seed,
                                     .worlds = worlds,
                                     .call_limit_ms = never ? 300 : 6000};
    struct policy_trial_result result;
    struct error err = {0};
    if (policy_test_run(&test, &result, &err))
        fail_msg("%s", err.text);
    return result;
}

static void expect(decides decide, const char *name, enum policy_demand wanted, bool again)
{
    const struct ballast_policy policy = policy_of(decide);
    struct policy_trial_result result = try_it(&policy, 1, WORLDS);
    for (enum policy_demand i = 0; i < DEMANDS; i++) {
        bool broken = policy_test_verdict(&result, i) == VERDICT_BROKEN;
        if (broken != (i == wanted))
            fail_msg("%s: %s %s: %s", name, policy_demand_words[i].name,
                     broken ? "is broken" : "is not broken", result.breaches[i].what);
    }
    uint64_t seed = result.breaches[wanted].seed;
    if (!again)
        return;
    result = try_it(&policy, seed, 1);
    if (policy_test_verdict(&result, wanted) != VERDICT_BROKEN)
        fail_msg("%s: world %llu alone does not show it", name, (unsigned long long)seed);
}

static void each_mistake_is_found_by_its_check(void **test)
{
    (void)test;
    static const struct {
        decides decide;
        const char *name;
        enum policy_demand wanted;
    } mistakes[] = {
        {counts_by_itself, "a static counter", DEMAND_PURE},
        {keeps_the_last, "a static buffer", DEMAND_PURE},
        {knows_its_first, "what a process saw first", DEMAND_PURE},
        {writes_behind, "a write behind the state", DEMAND_MEMORY},
        {reads_behind, "a read behind the state", DEMAND_MEMORY},
        {changes_what_it_sees, "a write into the observation", DEMAND_MEMORY},
        {reads_a_point_too_many, "a read behind the points", DEMAND_MEMORY},
        {wants_too_many, "more than MaxSize", DEMAND_BOUNDS},
        {has_no_reason, "a reason beyond its table", DEMAND_REASON},
        {changes_its_mind, "an hour that it promised over", DEMAND_PROMISE},
        {counts_in_secret, "a memory that goes on", DEMAND_PROMISE},
        {says_no_validity, "no validity", DEMAND_PROMISE},
        {shrinks_blindly, "shrinking on an empty answer", DEMAND_MISSING},
        {sizes_blindly, "sizing a group that is not seen", DEMAND_MISSING},
        {takes_it_for_granted, "an abort", DEMAND_NO_CRASH},
        {leaves, "an exit", DEMAND_NO_CRASH},
    };
    if (under_valgrind())
        return;
    for (size_t i = 0; i < ARRAY_LENGTH(mistakes); i++)
        expect(mistakes[i].decide, mistakes[i].name, mistakes[i].wanted,
               mistakes[i].decide != knows_its_first);
}

static void an_endless_call_is_ended(void **test)
{
    (void)test;
    if (under_valgrind())
        return;
    expect(never_ends, "an endless loop", DEMAND_NO_HANG, false);
    expect(waits_for_ever, "a wait for nothing", DEMAND_NO_HANG, false);
}

#ifndef __SANITIZE_ADDRESS__ /* which sees to the stack in its own way */
static void a_variable_without_a_value_is_found(void **test)
{
    (void)test;
    if (under_valgrind())
        return;
    expect(forgets_a_value, "a variable without a value", DEMAND_DETERMINED, true);
}
#endif

static void one_without_mistakes_passes(void **test)
{
    (void)test;
    const struct ballast_policy policy = policy_of(good);
    const struct policy_trial_result result = try_it(&policy, 1, under_valgrind() ? 12 : WORLDS);
    for (enum policy_demand i = 0; i < DEMANDS; i++)
        assert_int_equal(policy_test_verdict(&result, i), VERDICT_KEPT);
}

/* Its index must not turn into one of a modifier's. */
static void no_reason_stays_none_with_a_modifier_around(void **test)
{
    (void)test;
    const struct ballast_policy policy = policy_of(has_no_reason);
    const struct policy_modifier *const modifiers[] = {&modifier_grace};
    struct policy_composed *composed = NULL;
    struct error err = {0};
    assert_int_equal(policy_compose(&composed, "tried+grace", &policy, modifiers, 1, &err),
                     STATUS_OK);
    const struct ballast_policy *whole = policy_composed_whole(composed);
    const struct ballast_fleet fleet = {.active = true};
    const struct ballast_answer answers[READ_COUNT] = {[FLEET] = {.fleet = &fleet}};
    const struct ballast_observation seen = {
        .answers = answers,
        .answer_count = READ_COUNT,
        .group = {.max_size = 5, .desired_capacity = 3, .units_per_instance_micro = BALLAST_MICRO}};
    _Alignas(16) unsigned char state[256] = {0};
    const int64_t parameters[] = {300};
    const struct ballast_decision decision = policy_decide(whole, &seen, parameters, state);
    char words[256];
    assert_int_equal(decision.action, BALLAST_SET_DESIRED);
    assert_true(decision.reason >= whole->reason_count);
    policy_reason_words(whole, decision.reason, decision.figures, words, sizeof words);
    assert_non_null(strstr(words, "does not name"));
    policy_composed_destroy(composed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mistake_is_found_by_its_check),
        cmocka_unit_test(an_endless_call_is_ended),
#ifndef __SANITIZE_ADDRESS__
        cmocka_unit_test(a_variable_without_a_value_is_found),
#endif
        cmocka_unit_test(one_without_mistakes_passes),
        cmocka_unit_test(no_reason_stays_none_with_a_modifier_around),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
