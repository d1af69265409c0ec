/* Every built-in policy, and every modifier around some of them, keeps the contract in random
 * worlds, as `ballast policy test` would find: it is a function of its arguments, keeps within the
 * group's bounds, never shrinks the group on missing data, names its reasons, and keeps its
 * promise: until valid_until, while every series goes on at its newest value, points arrive as
 * before, and calls end as they did, it decides the same and remembers nothing new. And those that
 * size the fleet's side alone (policy/sizing.h) do so whatever the group, the trigger and the
 * notices are, go by no read that they do not name, and by no price but where it leaves the band
 * that they name. */
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
#include "policy/composed.h"
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

/* ---- the fleet's side alone ---------------------------------------------------------------------
 */

struct outcome {
    struct sized sized;
    _Alignas(16) unsigned char state[BALLAST_STATE_MAX];
};

static void size_from(const struct outcome *before, struct outcome *out,
                      const struct ballast_policy *policy, const struct policy_world *world,
                      const struct ballast_observation *observation)
{
    memcpy(out->state, before->state, sizeof out->state);
    out->sized = policy_sized(policy)(observation, world->parameters, out->state);
}

static bool same_decision(const struct ballast_decision *a, const struct ballast_decision *b)
{
    return a->action == b->action && a->honor_cooldown == b->honor_cooldown &&
           a->set_fleet_target == b->set_fleet_target &&
           a->desired_capacity == b->desired_capacity && a->fleet_target == b->fleet_target &&
           a->reason == b->reason && memcmp(a->figures, b->figures, sizeof a->figures) == 0 &&
           a->valid_until_s == b->valid_until_s;
}

static bool same_sizing(const struct sizing *a, const struct sizing *b)
{
    return a->need == b->need && a->unclamped == b->unclamped && a->out_only == b->out_only &&
           a->keeps_larger == b->keeps_larger && a->keeps_smaller == b->keeps_smaller &&
           a->group_unknown == b->group_unknown && a->fits == b->fits && a->out == b->out &&
           a->in == b->in && a->held == b->held &&
           memcmp(a->figures, b->figures, sizeof a->figures) == 0 &&
           a->valid_until_s == b->valid_until_s;
}

static bool same_outcome(const struct outcome *a, const struct outcome *b)
{
    return a->sized.holds == b->sized.holds && a->sized.reads == b->sized.reads &&
           a->sized.differ == b->sized.differ &&
           (a->sized.holds ? same_decision(&a->sized.held, &b->sized.held)
                           : same_sizing(&a->sized.sizing, &b->sized.sizing)) &&
           memcmp(a->state, b->state, sizeof a->state) == 0;
}

/* All that may have no say, as another world of the same policy has it. */
static void blank(struct ballast_observation *observation, uint64_t seed)
{
    int64_t units_micro = observation->group.units_per_instance_micro;
    observation->group = (struct ballast_group){
        .status = seed % 2 ? BALLAST_ERROR : BALLAST_OK,
        .units_per_instance_micro = units_micro,
    };
    observation->trigger = observation->trigger == BALLAST_ALARM ? BALLAST_SCHEDULE : BALLAST_ALARM;
    observation->interruption_notices = BALLAST_UNKNOWN;
    observation->rebalance_notices = BALLAST_UNKNOWN;
}

struct sights {
    struct policy_sight seen;
    struct policy_sight other;
};

/* Whether it holds with other points of read `index` that differ, and remembers nothing of it. */
static void holds_still(const struct outcome *before, const struct ballast_policy *policy,
                        const struct policy_world *world, const struct sights *sights, size_t index)
{
    struct ballast_answer answers[BALLAST_READS_MAX];
    memcpy(answers, sights->seen.answers, sizeof answers);
    answers[index] = sights->other.answers[index];
    struct ballast_observation observation = sights->seen.observation;
    observation.answers = answers;
    struct outcome other;
    size_from(before, &other, policy, world, &observation);
    if (!other.sized.holds || other.sized.held.action != BALLAST_HOLD ||
        memcmp(other.state, before->state, sizeof other.state) != 0)
        fail_msg("%s, seed %llu: it does not hold while the points of read %zu differ",
                 policy->name, (unsigned long long)world->seed, index);
}

static int banded; /* reads of which that was tried */

/* One more point of read `index`, a minute younger than the newest and within the band as that is:
 * the same comes of it, but for figures. Returns whether there was such a band. */
static bool stays_within(const struct outcome *before, const struct outcome *alone,
                         const struct ballast_policy *policy, const struct policy_world *world,
                         const struct sights *sights, size_t index)
{
    static struct ballast_point points[BALLAST_POINTS_MAX + 1];
    const struct ballast_answer *seen = &sights->seen.answers[index];
    const struct sized_band *band = &alone->sized.band;
    if (!(alone->sized.banded & SIZED_READ(index)) || seen->status != BALLAST_OK)
        return false;
    const struct ballast_point *newest = &seen->points[sizing_newest_point(seen)];
    if (newest->value_micro < band->low_micro || newest->value_micro > band->high_micro)
        return false;
    struct pcg64 luck;
    pcg64_seed_key(&luck, &world->seed, 1);
    int64_t span_micro = pcg64_between(&luck, 0, 40) * BALLAST_MICRO;
    int64_t low_micro = newest->value_micro - span_micro;
    int64_t high_micro = newest->value_micro + span_micro;
    memcpy(points, seen->points, seen->point_count * sizeof *points);
    points[seen->point_count] = (struct ballast_point){
        newest->time_s + 60,
        pcg64_between(&luck, low_micro < band->low_micro ? band->low_micro : low_micro,
                      high_micro > band->high_micro ? band->high_micro : high_micro)};
    struct ballast_answer answers[BALLAST_READS_MAX];
    memcpy(answers, sights->seen.answers, sizeof answers);
    answers[index].points = points;
    answers[index].point_count++;
    struct ballast_observation observation = sights->seen.observation;
    observation.answers = answers;
    struct outcome other;
    size_from(before, &other, policy, world, &observation);
    if (other.sized.holds || alone->sized.holds)
        fail_msg("%s: none that holds has a band", policy->name);
    memcpy(other.sized.sizing.figures, alone->sized.sizing.figures,
           sizeof other.sized.sizing.figures);
    if (!same_outcome(alone, &other))
        fail_msg("%s, seed %llu: a point of read %zu within the band has a say", policy->name,
                 (unsigned long long)world->seed, index);
    return true;
}

static int aimed; /* targets that were tried */

/* Other targets of the described fleet, that are said to be all the same: the ends, one between.
 * Returns whether there were such targets. */
static bool stays_for_targets(const struct outcome *before, const struct outcome *alone,
                              const struct ballast_policy *policy, const struct policy_world *world,
                              const struct sights *sights, size_t index)
{
    const struct ballast_answer *seen = &sights->seen.answers[index];
    if (policy->reads[index].kind != BALLAST_READ_FLEET || seen->status != BALLAST_OK ||
        alone->sized.holds || !policy_target_band(policy))
        return false;
    const struct sized_band targets = policy_target_band(policy)(
        alone->sized.sizing.figures, &sights->seen.observation, world->parameters);
    if (seen->fleet->target_micro < targets.low_micro ||
        seen->fleet->target_micro > targets.high_micro)
        return false;
    const int64_t far_micro = seen->fleet->target_micro - 50 * (int64_t)BALLAST_MICRO;
    const int64_t low_micro = targets.low_micro < far_micro ? far_micro : targets.low_micro;
    const int64_t others_micro[] = {low_micro, targets.high_micro,
                                    low_micro + (targets.high_micro - low_micro) / 2};
    for (size_t i = 0; i < sizeof others_micro / sizeof others_micro[0]; i++) {
        struct ballast_fleet fleet = *seen->fleet;
        fleet.target_micro = others_micro[i];
        struct ballast_answer answers[BALLAST_READS_MAX];
        memcpy(answers, sights->seen.answers, sizeof answers);
        answers[index].fleet = &fleet;
        struct ballast_observation observation = sights->seen.observation;
        observation.answers = answers;
        struct outcome other;
        size_from(before, &other, policy, world, &observation);
        struct sizing *sizing = &other.sized.sizing;
        if (sizing->need < 1 && alone->sized.sizing.need < 1)
            sizing->need = alone->sized.sizing.need;
        memcpy(sizing->figures, alone->sized.sizing.figures, sizeof sizing->figures);
        if (!same_outcome(alone, &other))
            fail_msg("%s, seed %llu: a target of %lld is not the same", policy->name,
                     (unsigned long long)world->seed, (long long)others_micro[i]);
    }
    return true;
}

/* Returns how many reads had no say, or -1 with a message. */
static int try_sized(struct sights *sights, const struct ballast_policy *policy,
                     const int64_t *given, uint64_t seed)
{
    struct policy_world world;
    struct policy_world others;
    policy_world_make(&world, policy, given, seed);
    others = world;
    others.seed = seed + WORLDS;
    struct outcome before = {0};
    if (policy->init)
        policy->init(world.parameters, before.state);
    for (int step = world.steps - 1; step > 0; step--) {
        policy_world_see(&sights->seen, policy, &world, step, policy_world_time(&world, step));
        policy->decide(&sights->seen.observation, world.parameters, before.state);
    }
    policy_world_see(&sights->seen, policy, &world, 0, world.now_s);
    policy_world_see(&sights->other, policy, &others, 0, world.now_s);

    struct outcome decided = before;
    const struct ballast_decision decision =
        policy->decide(&sights->seen.observation, world.parameters, decided.state);
    struct ballast_observation observation = sights->seen.observation;
    struct outcome alone;
    blank(&observation, seed);
    size_from(&before, &alone, policy, &world, &observation);
    const struct ballast_decision pieced =
        sized_decide(&sights->seen.observation.group, &alone.sized);
    if (!same_decision(&decision, &pieced) ||
        memcmp(decided.state, alone.state, sizeof alone.state) != 0) {
        print_error("%s, seed %llu: the group has a say in it\n", policy->name,
                    (unsigned long long)seed);
        return -1;
    }
    if (policy == &policy_pending_capacity || policy == &policy_hysteresis)
        assert_int_equal(alone.sized.differ, SIZED_READ(0)); /* its window, whatever it decides */
    struct ballast_answer answers[BALLAST_READS_MAX];
    int unsaid = 0;
    for (size_t i = 0; i < policy->read_count; i++) {
        bool said = alone.sized.reads & SIZED_READ(i);
        banded += stays_within(&before, &alone, policy, &world, sights, i);
        aimed += stays_for_targets(&before, &alone, policy, &world, sights, i);
        answers[i] = said ? sights->seen.answers[i] : sights->other.answers[i];
        unsaid += !said;
        if ((alone.sized.differ & SIZED_READ(i)) && sizing_points_differ(&sights->other.answers[i]))
            holds_still(&before, policy, &world, sights, i);
    }
    struct outcome changed;
    observation.answers = answers;
    size_from(&before, &changed, policy, &world, &observation);
    if (!same_outcome(&alone, &changed)) {
        print_error("%s, seed %llu: a read that it does not name has a say in it\n", policy->name,
                    (unsigned long long)seed);
        return -1;
    }
    return unsaid;
}

static void the_fleets_side_is_sized_alone(void **test)
{
    (void)test;
    struct sights *sights = memory_new(1, sizeof *sights);
    int unsaid = 0;
    for (size_t i = 0; policy_builtin[i]; i++) {
        const struct ballast_policy *policy = policy_builtin[i];
        assert_non_null(policy_sized(policy));
        int64_t given[BALLAST_PARAMETERS_MAX];
        policy_default_values(policy, NULL, given);
        for (uint64_t seed = 1; seed <= WORLDS; seed++) {
            int count = try_sized(sights, policy, given, seed);
            assert_true(count >= 0);
            unsaid += count;
        }
    }
    free(sights);
    assert_true(unsaid > 100); /* else nothing was changed */
    assert_true(banded > 50);
    assert_true(aimed > 300);
}

/* ---- prices within their bands ------------------------------------------------------------------
 */

/* Within the band, often at its edge, and not below 0. */
static int64_t another_price(struct pcg64 *luck, const struct price_band *band, int64_t price)
{
    int64_t low = band->low_micro_usd < 0 ? 0 : band->low_micro_usd;
    int64_t high = band->high_micro_usd > 2000000 ? price + 2000000 : band->high_micro_usd;
    switch (pcg64_below(luck, 4)) {
    case 0:
        return low;
    case 1:
        return high;
    default:
        return pcg64_between(luck, low, high);
    }
}

/* Limits near the prices that there are, so that they lie on all sides of them; sometimes one that
 * is met. */
static void draw_limits(struct policy_world *world, const struct ballast_policy *policy,
                        const struct ballast_spot_price *row, struct pcg64 *luck)
{
    int limit = policy_find_parameter(policy, "limit_usd_per_unit_hour");
    if (limit < 0)
        return;
    int64_t percent = pcg64_between(luck, 20, 100);
    world->parameters[limit] =
        row->micro_usd_per_hour * BALLAST_MICRO / row->weight_micro * 100 / percent +
        pcg64_between(luck, 1, 100);
    world->parameters[policy_find_parameter(policy, "start_percent")] = percent;
    world->parameters[policy_find_parameter(policy, "full_percent")] =
        percent + pcg64_between(luck, -5, 60);
}

/* Within their bands. Returns how many became others. */
static int change_prices(struct policy_sight *sight, const struct ballast_policy *policy,
                         const struct policy_world *world, struct pcg64 *luck)
{
    price_band_function *band_of = policy_price_band(policy_base(policy));
    int changed = 0;
    for (size_t i = 0; i < sight->observation.answer_count; i++) {
        for (size_t k = 0; k < sight->answers[i].spot_price_count; k++) {
            struct ballast_spot_price *row = &sight->prices[k];
            const struct price_band band = band_of(row, world->parameters);
            int64_t price = row->micro_usd_per_hour;
            assert_true(band.low_micro_usd <= price && price <= band.high_micro_usd);
            row->micro_usd_per_hour = another_price(luck, &band, price);
            row->time_s -= pcg64_between(luck, 0, 9000);
            changed += row->micro_usd_per_hour != price;
        }
    }
    return changed;
}

/* Returns how many prices became others. */
static int try_bands(struct sights *sights, const struct ballast_policy *policy,
                     const int64_t *given, uint64_t seed)
{
    struct policy_world world;
    struct pcg64 luck;
    struct outcome before = {0};
    struct outcome seen;
    struct outcome other;
    const uint64_t key[] = {pcg64_word("bands"), seed};
    pcg64_seed_key(&luck, key, ARRAY_LENGTH(key));
    policy_world_make(&world, policy, given, seed);
    policy_world_see(&sights->seen, policy, &world, 0, world.now_s);
    if (seed % 2)
        draw_limits(&world, policy, &sights->seen.prices[0], &luck);
    size_from(&before, &seen, policy, &world, &sights->seen.observation);
    int changed = change_prices(&sights->seen, policy, &world, &luck);
    size_from(&before, &other, policy, &world, &sights->seen.observation);
    if (!same_outcome(&seen, &other))
        fail_msg("%s, seed %llu: a price within its band has a say in it", policy->name,
                 (unsigned long long)seed);
    return changed;
}

static void prices_within_their_bands_have_no_say(void **test)
{
    (void)test;
    struct sights *sights = memory_new(1, sizeof *sights);
    size_t policies = 0;
    for (size_t i = 0; policy_builtin[i]; i++) {
        const struct ballast_policy *policy = policy_builtin[i];
        if (!policy_price_band(policy))
            continue;
        policies++;
        int changed = 0;
        int64_t given[BALLAST_PARAMETERS_MAX];
        policy_default_values(policy, NULL, given);
        for (uint64_t seed = 1; seed <= 10 * WORLDS; seed++)
            changed += try_bands(sights, policy, given, seed);
        assert_true(changed > 1000); /* else nothing was tried */
    }
    free(sights);
    assert_int_equal(policies, 2); /* n-plus-one and spot-hedge */
}

/* A history by the prices as they are, and one by others; `given` is the policy's. */
static void try_bands_around(struct policy_sight *sight, const struct ballast_policy *policy,
                             const int64_t *given, uint64_t seed)
{
    struct policy_world world;
    struct pcg64 luck;
    _Alignas(16) unsigned char state[BALLAST_STATE_MAX] = {0};
    _Alignas(16) unsigned char other[BALLAST_STATE_MAX] = {0};
    const uint64_t key[] = {pcg64_word("bands-around"), seed};
    pcg64_seed_key(&luck, key, ARRAY_LENGTH(key));
    policy_world_make(&world, policy, given, seed);
    for (int step = world.steps - 1; step >= 0; step--) {
        policy_world_see(sight, policy, &world, step, policy_world_time(&world, step));
        const struct ballast_decision by_these =
            policy_decide(policy, &sight->observation, world.parameters, state);
        change_prices(sight, policy, &world, &luck);
        const struct ballast_decision by_others =
            policy_decide(policy, &sight->observation, world.parameters, other);
        if (!same_decision(&by_these, &by_others) || memcmp(state, other, sizeof state) != 0)
            fail_msg("%s, seed %llu: a price within its band has a say in it", policy->name,
                     (unsigned long long)seed);
    }
}

static void nor_have_they_with_modifiers_around(void **test)
{
    (void)test;
    static const char *const bases[] = {"n-plus-one", "spot-hedge"};
    struct policy_sight *sight = memory_new(1, sizeof *sight);
    for (size_t m = 0; policy_modifiers[m]; m++) {
        for (size_t i = 0; i < ARRAY_LENGTH(bases); i++) {
            struct policy_choice choice;
            struct error err = {0};
            char name[128];
            snprintf(name, sizeof name, "%s+%s", bases[i], policy_modifiers[m]->name);
            if (policy_choose(&choice, name, &err))
                fail_msg("%s", err.text);
            for (uint64_t seed = 1; seed <= WORLDS; seed++)
                try_bands_around(sight, choice.policy, choice.values, seed);
            policy_choice_clean_up(&choice);
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
        cmocka_unit_test(the_fleets_side_is_sized_alone),
        cmocka_unit_test(prices_within_their_bands_have_no_say),
        cmocka_unit_test(nor_have_they_with_modifiers_around),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
