/* Modifiers over random wishes: each goes from what is there towards what is wanted and never
 * beyond, does the same when asked the same, and keeps the promise of valid_until: until then, if
 * nothing changes, it decides the same and remembers nothing new. */
#include "../unit/modifier_fixture.h"

#include "base/pcg64.h"

enum { WORLDS = 600, EVALUATIONS = 150 };

static bool same(const struct ballast_decision *a, const struct ballast_decision *b)
{
    return a->action == b->action && a->honor_cooldown == b->honor_cooldown &&
           a->desired_capacity == b->desired_capacity && a->reason == b->reason &&
           memcmp(a->figures, b->figures, sizeof a->figures) == 0;
}

static void set_random_parameters(struct asked *a, struct pcg64 *luck)
{
    const struct ballast_policy *whole = policy_composed_whole(a->composed);
    for (size_t i = 0; i < whole->parameter_count; i++) {
        const struct ballast_parameter *p = &whole->parameters[i];
        int64_t most = p->type == BALLAST_INTEGER ? 5 : pcg64_below(luck, 2) ? 7200 : p->max;
        a->parameters[i] = pcg64_between(luck, p->min, most < p->max ? most : p->max);
    }
}

/* The same question a little later, before the promise ends. */
static void check_promise(struct asked *a, struct pcg64 *luck, int64_t wanted,
                          const struct ballast_decision *decision, uint64_t seed)
{
    int64_t now_s = a->observation.now_s;
    int64_t ahead_s = decision->valid_until_s - now_s;
    if (ahead_s <= 1)
        return;
    int64_t later_s = now_s + pcg64_between(luck, 1, ahead_s < 100000 ? ahead_s - 1 : 100000);
    unsigned char before[BALLAST_STATE_MAX];
    memcpy(before, a->state, sizeof before);
    const struct ballast_decision later =
        ask(a, later_s, wanted, a->observation.group.desired_capacity);
    if (!same(&later, decision) || memcmp(before, a->state, sizeof before) != 0)
        fail_msg("world %llu: at %lld it promised until %lld, and at %lld it is otherwise",
                 (unsigned long long)seed, (long long)now_s, (long long)decision->valid_until_s,
                 (long long)later_s);
    memcpy(a->state, before, sizeof before);
}

static void check_bounds(const struct asked *a, const struct ballast_decision *decision,
                         int64_t wanted, uint64_t seed)
{
    int64_t current = a->observation.group.desired_capacity;
    if (decision->action != BALLAST_SET_DESIRED)
        return;
    int64_t size = decision->desired_capacity;
    bool out = wanted > current;
    bool towards = out ? size > current && size <= wanted : size < current && size >= wanted;
    if (!towards || decision->honor_cooldown == out)
        fail_msg("world %llu: %lld where %lld are and %lld wanted", (unsigned long long)seed,
                 (long long)size, (long long)current, (long long)wanted);
}

static void run_world(uint64_t seed)
{
    struct pcg64 luck;
    pcg64_seed_key(&luck, &seed, 1);
    const struct policy_modifier *chosen[2];
    size_t count = 0;
    for (size_t i = 0; policy_modifiers[i] && count < 2; i++) {
        if (i == seed % 6 || pcg64_below(&luck, 5) == 0)
            chosen[count++] = policy_modifiers[i];
    }
    struct asked a;
    asked_set_up(&a, chosen, count);
    set_random_parameters(&a, &luck);
    int64_t now_s = pcg64_between(&luck, -100000, 2000000000);
    int64_t current = pcg64_between(&luck, 0, 9);
    int64_t wanted = current;
    for (int i = 0; i < EVALUATIONS; i++) {
        now_s += pcg64_below(&luck, 4) ? 60 : pcg64_between(&luck, 0, 4000);
        if (pcg64_below(&luck, 3) == 0)
            wanted = pcg64_between(&luck, 0, 9);
        a.answer.status = pcg64_below(&luck, 10) ? BALLAST_OK : BALLAST_ERROR;
        unsigned char before[BALLAST_STATE_MAX];
        memcpy(before, a.state, sizeof before);
        const struct ballast_decision decision = ask(&a, now_s, wanted, current);
        unsigned char after[BALLAST_STATE_MAX];
        memcpy(after, a.state, sizeof after);
        memcpy(a.state, before, sizeof before);
        const struct ballast_decision again = ask(&a, now_s, wanted, current);
        if (!same(&decision, &again) || decision.valid_until_s != again.valid_until_s ||
            memcmp(after, a.state, sizeof after) != 0)
            fail_msg("world %llu: asked twice, it answers twice", (unsigned long long)seed);
        check_bounds(&a, &decision, wanted, seed);
        check_promise(&a, &luck, wanted, &decision, seed);
        if (decision.action == BALLAST_SET_DESIRED && pcg64_below(&luck, 3))
            current = decision.desired_capacity;
    }
    policy_composed_destroy(a.composed);
}

static void towards_what_is_wanted_as_promised(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= WORLDS; seed++)
        run_world(seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(towards_what_is_wanted_as_promised)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
