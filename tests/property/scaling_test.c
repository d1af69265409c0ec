/* Random fleets scaled by random alarms: the target stays within its bounds and changes only when
 * alarms are evaluated, a fleet that only scales out never shrinks, one that only scales in never
 * grows, and cooldowns are kept. Proves docs/model.md, "Scaling of the fleet". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../unit/sim_fixture.h"

#include "base/pcg64.h"

enum { WORLDS = 400, POLICIES = 3, T = 1519948800 /* 2018-03-02T00:00:00Z */, LENGTH_S = 4 * 3600 };

enum direction { ONLY_OUT = 0, ONLY_IN, BOTH };

struct scaled {
    struct fixture f;
    struct scaling_policy policies[POLICIES];
    struct scaling_alarm alarms[POLICIES];
    struct step_adjustment steps[POLICIES];
    size_t named[POLICIES];
    enum direction direction;
    int64_t shortest_cooldown_s;
};

static void add_policy(struct scaled *s, struct pcg64 *rng, size_t i)
{
    bool out = s->direction == ONLY_OUT || (s->direction == BOTH && pcg64_below(rng, 2) == 1);
    int64_t size = pcg64_between(rng, 1, 12);
    bool percent = pcg64_below(rng, 2) == 1;
    int64_t cooldown_s = pcg64_between(rng, 0, 900);
    if (cooldown_s < s->shortest_cooldown_s)
        s->shortest_cooldown_s = cooldown_s;
    s->steps[i] =
        (struct step_adjustment){INT64_MIN, INT64_MAX, (out ? size : -size) * (percent ? 5 : 1)};
    s->policies[i] = (struct scaling_policy){
        .type = SCALING_STEP,
        .adjustment_type = percent ? ADJUST_PERCENT : ADJUST_CHANGE,
        .steps = &s->steps[i],
        .step_count = 1,
        .aggregation = (enum ballast_statistic)pcg64_below(rng, 3),
        .min_magnitude = percent ? pcg64_between(rng, 0, 3) : 0,
        .out_cooldown_s = cooldown_s,
        .in_cooldown_s = cooldown_s,
    };
    s->named[i] = i;
    int64_t periods = pcg64_between(rng, 1, 4);
    s->alarms[i] = (struct scaling_alarm){
        .terms = {.metric = (enum watched_metric)pcg64_between(rng, WATCHED_TARGET_CAPACITY,
                                                               WATCHED_TERMINATING_CAPACITY),
                  .statistic = (enum ballast_statistic)pcg64_below(rng, BALLAST_STATISTICS),
                  .period_s = 60 * pcg64_between(rng, 1, 5),
                  .periods = periods,
                  .points = pcg64_between(rng, 1, periods),
                  .threshold_micro = pcg64_between(rng, -4, 60) * UNIT,
                  .comparison = (enum alarm_comparison)pcg64_below(rng, 4),
                  .missing = (enum missing_data)pcg64_below(rng, 4)},
        .actions_enabled = pcg64_below(rng, 8) != 0,
        .policies = &s->named[i],
        .policy_count = 1};
}

static void make(struct scaled *s, uint64_t seed)
{
    struct fixture *f = &s->f;
    struct pcg64 rng;
    pcg64_seed_key(&rng, &seed, 1);
    fixture_set_up(f, T);
    f->scenario.seed = seed;
    f->scenario.cold = pcg64_below(&rng, 3) == 0;
    f->scenario.fleet.pool_count = 1 + (size_t)pcg64_below(&rng, 2);
    f->scenario.fleet.excess_no_termination = pcg64_below(&rng, 4) == 0;
    f->scenario.account.metric_period_s = pcg64_below(&rng, 4) == 0 ? 300 : 60;
    f->scenario.account.metric_gap_permille = 200 * pcg64_between(&rng, 0, 2);
    f->scenario.account.metric_delay =
        (struct delay){.kind = DELAY_UNIFORM, .max_s = pcg64_between(&rng, 0, 200)};
    for (size_t pool = 0; pool < 2; pool++) {
        f->pools[pool].weight_micro = pcg64_between(&rng, 1, 6) * UNIT;
        for (int64_t at_s = pcg64_between(&rng, 0, 7200), up = 1; at_s < LENGTH_S;
             at_s += pcg64_between(&rng, 1500, 7200), up = !up)
            price(f, pool, at_s, up ? 900000 : 40000);
    }
    s->direction = (enum direction)pcg64_below(&rng, 3);
    s->shortest_cooldown_s = INT64_MAX;
    int64_t min = pcg64_between(&rng, 0, 32);
    f->scenario.scaling = (struct fleet_scaling){
        .given = true,
        .min_capacity = min,
        .max_capacity = pcg64_between(&rng, 32, 80),
        .policies = s->policies,
        .policy_count = 1 + (size_t)pcg64_below(&rng, POLICIES),
        .alarms = s->alarms,
        .habits = {.base_is_target = pcg64_below(&rng, 2) == 1,
                   .never_decrease_on_scale_out = true,
                   .high_alarm_points = 3,
                   .low_alarm_points = 15,
                   .low_alarm_percent = 90,
                   .alarm_extra_points = pcg64_between(&rng, 0, 4),
                   .alarm_phase_s = pcg64_between(&rng, 0, 59)},
    };
    f->scenario.scaling.alarm_count = f->scenario.scaling.policy_count;
    for (size_t i = 0; i < f->scenario.scaling.policy_count; i++)
        add_policy(s, &rng, i);
}

#define EXPECT(condition)                                                                          \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fail_msg("seed %llu, second %lld: not " #condition, (unsigned long long)seed,          \
                     (long long)(now_s - T));                                                      \
    } while (0)

/* Returns how often the target changed. */
static size_t check(const struct scaled *s, uint64_t seed)
{
    const struct fleet_scaling *scaling = &s->f.scenario.scaling;
    bool one_policy = scaling->policy_count == 1;
    int64_t before = s->f.scenario.fleet.target_micro / UNIT;
    int64_t changed_s = INT64_MIN / 2;
    size_t changes = 0;
    for (size_t i = 0; i < s->f.capacity_count; i++) {
        int64_t now_s = s->f.capacities[i].time_s;
        int64_t target = s->f.capacities[i].fleet_target_micro / UNIT;
        EXPECT(s->f.capacities[i].fleet_target_micro % UNIT == 0);
        if (target == before)
            continue;
        EXPECT(target >= scaling->min_capacity && target <= scaling->max_capacity);
        EXPECT(now_s % 60 == scaling->habits.alarm_phase_s);
        EXPECT(s->direction != ONLY_OUT || target > before);
        EXPECT(s->direction != ONLY_IN || target < before);
        /* a scale-in waits for whatever cooldown there is; one step alone adds nothing in its own
         */
        if (s->direction == ONLY_IN || (s->direction == ONLY_OUT && one_policy))
            EXPECT(now_s - changed_s >= s->shortest_cooldown_s);
        changed_s = now_s;
        before = target;
        changes++;
    }
    return changes;
}

static void targets_keep_their_bounds_and_cooldowns(void **state)
{
    (void)state;
    size_t changes[3] = {0};
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        static struct scaled s;
        make(&s, seed);
        simulate_fixture(&s.f);
        changes[s.direction] += check(&s, seed);
    }
    for (size_t i = 0; i < 3; i++)
        assert_true(changes[i] > WORLDS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_keep_their_bounds_and_cooldowns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
