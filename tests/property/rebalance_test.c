/* Random small worlds with a fleet that rebalances its capacity: it never has more than twice its
 * target, ends nothing that it has not replaced, keeps its promise of the delay; and where nothing
 * is announced, it is the fleet that does not. Proves docs/model.md, "Capacity rebalancing". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../unit/sim_fixture.h"

#include "base/pcg64.h"

enum { WORLDS = 400, LIMITS = 8, T = 1612137600 /* 2021-02-01T00:00:00Z */, LENGTH_S = 4 * 3600 };

struct rebalancing {
    struct fixture f;
    struct capacity_step limits[LIMITS];
    struct record_rebalance told[TOLD_MAX];
    size_t told_count;
};

static char *zones[] = {zone_a, zone_b};

static int tell(const struct record_rebalance *rebalance, void *context)
{
    struct rebalancing *r = context; /* the fixture is its first member */
    if (r->told_count < TOLD_MAX)
        r->told[r->told_count++] = *rebalance;
    return 0;
}

static void make(struct rebalancing *r, uint64_t seed)
{
    struct fixture *f = &r->f;
    struct pcg64 rng;
    pcg64_seed_key(&rng, &seed, 1);
    fixture_set_up(f, T);
    struct spot_fleet *fleet = &f->scenario.fleet;
    f->scenario.seed = seed;
    f->scenario.interruptions = INTERRUPTIONS_TRACE;
    f->scenario.cold = pcg64_below(&rng, 3) == 0;
    fleet->pool_count = 2;
    fleet->strategy = (enum allocation_strategy)pcg64_below(&rng, 4);
    fleet->replacement = (enum replacement_strategy)pcg64_between(&rng, 1, 2);
    if (fleet->replacement == REPLACEMENT_LAUNCH_BEFORE_TERMINATE)
        fleet->termination_delay_s = pcg64_between(&rng, 120, 1200);
    f->pools[1].weight_micro = UNIT * pcg64_between(&rng, 1, 8);
    if (pcg64_below(&rng, 4) == 0)
        f->pools[1].zone = zone_a; /* two pools of one place */
    f->scenario.account.replace_on_notice = pcg64_below(&rng, 2) == 1;
    f->scenario.account.drain_on_notice = pcg64_below(&rng, 2) == 1;
    f->scenario.account.marked_fulfilled = true;
    f->scenario.account.fleet_tick_s = pcg64_between(&rng, 10, 120);
    f->scenario.account.spot_launch_delay.min_s = pcg64_between(&rng, 0, 200);
    f->scenario.interruption_terms = (struct interruption_terms){
        .rebalance_permille = pcg64_between(&rng, 300, 1000),
        .rebalance_lead = {.kind = DELAY_UNIFORM, .max_s = 2400},
        .shortage = {.min_s = 300 * pcg64_between(&rng, 0, 3)},
    };
    for (size_t i = 0; i < LIMITS; i++)
        r->limits[i] = (struct capacity_step){T + pcg64_between(&rng, -600, LENGTH_S), zones[i % 2],
                                              spot_type, pcg64_between(&rng, 0, 20)};
    qsort(r->limits, LIMITS, sizeof *r->limits, capacity_by_time);
    f->traces.capacities = r->limits;
    f->traces.capacity_count = pcg64_below(&rng, 2) ? LIMITS : 0;
    for (size_t i = 0; i < 4; i++) {
        int64_t instances = pcg64_between(&rng, 1, 6);
        int64_t of = pcg64_below(&rng, 2) ? instances + pcg64_between(&rng, 0, 6) : 0;
        f->interruptions[i] = (struct interruption_step){T + pcg64_between(&rng, 0, LENGTH_S),
                                                         zones[i % 2], spot_type, instances, of};
    }
    qsort(f->interruptions, 4, sizeof *f->interruptions, interruption_by_time);
    f->traces.interruption_count = 4;
    f->sink.rebalance = tell;
}

static void run(struct rebalancing *r)
{
    r->told_count = 0;
    simulate_fixture(&r->f);
}

static const struct record_instance *instance_of(const struct rebalancing *r, int64_t number)
{
    for (size_t i = 0; i < r->f.instance_count; i++) {
        if (r->f.instances[i].instance == number)
            return &r->f.instances[i];
    }
    fail_msg("instance %lld was never told of", (long long)number);
    return NULL;
}

static void check_told(const struct rebalancing *r, uint64_t seed)
{
    const struct spot_fleet *fleet = &r->f.scenario.fleet;
    int64_t ended = 0;
    for (size_t i = 0; i < r->told_count; i++) {
        const struct record_rebalance *told = &r->told[i];
        const struct record_instance *one = instance_of(r, told->instance);
        bool marked = told->recommended_s != RECORD_NEVER;
        bool right = one->kind == RECORD_SPOT && (marked || told->replacement) &&
                     (!marked || told->recommended_s >= one->requested_s);
        if (told->released_s != RECORD_NEVER)
            right = right && marked && fleet->replacement == REPLACEMENT_LAUNCH_BEFORE_TERMINATE &&
                    told->released_s >= told->recommended_s && one->end != END_FLEET_SCALE_IN &&
                    told->released_s % r->f.scenario.account.fleet_tick_s == 0;
        if (one->end == END_REBALANCE)
            right = right && told->released_s != RECORD_NEVER &&
                    one->ended_s == told->released_s + fleet->termination_delay_s;
        ended += one->end == END_REBALANCE;
        if (!right)
            fail_msg("seed %llu: instance %lld", (unsigned long long)seed,
                     (long long)told->instance);
    }
    for (size_t i = 0; i < r->f.instance_count; i++)
        ended -= r->f.instances[i].end == END_REBALANCE;
    assert_int_equal(ended, 0);
}

static void check_double(const struct rebalancing *r, uint64_t seed)
{
    for (size_t i = 0; i < r->f.capacity_count; i++) {
        const struct record_capacity *capacity = &r->f.capacities[i];
        if (capacity->fleet_fulfilled_micro > 2 * capacity->fleet_target_micro)
            fail_msg("seed %llu: more than twice the target at %lld", (unsigned long long)seed,
                     (long long)(capacity->time_s - T));
    }
}

static void worlds(void **state)
{
    (void)state;
    static struct rebalancing r;
    size_t marked = 0;
    size_t replacements = 0;
    size_t ended = 0;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        make(&r, seed);
        run(&r);
        check_told(&r, seed);
        check_double(&r, seed);
        for (size_t i = 0; i < r.told_count; i++) {
            marked += r.told[i].recommended_s != RECORD_NEVER;
            replacements += r.told[i].replacement;
            ended += r.told[i].released_s != RECORD_NEVER;
        }
    }
    /* The worlds are about something. */
    assert_true(marked > WORLDS && replacements > WORLDS / 2 && ended > WORLDS / 4);
}

/* Without recommendations the strategy makes no difference; with the setting off, recommendations
 * make none. */
static void switched_off(void **state)
{
    (void)state;
    static struct rebalancing r;
    static struct rebalancing other;
    for (uint64_t seed = 1; seed <= WORLDS / 4; seed++) {
        make(&r, seed);
        make(&other, seed);
        r.f.scenario.interruption_terms.rebalance_permille = 0;
        other.f.scenario.interruption_terms.rebalance_permille = 0;
        other.f.scenario.fleet.replacement = REPLACEMENT_NONE;
        run(&r);
        run(&other);
        assert_int_equal(r.told_count + other.told_count, 0);
        assert_int_equal(r.f.instance_count, other.f.instance_count);
        for (size_t i = 0; i < r.f.instance_count; i++) {
            const struct record_instance *x = &r.f.instances[i];
            const struct record_instance *y = &other.f.instances[i];
            assert_true(x->instance == y->instance && x->requested_s == y->requested_s &&
                        x->ended_s == y->ended_s && x->end == y->end && x->slot == y->slot &&
                        x->cost_micro_usd_s == y->cost_micro_usd_s);
        }
        for (size_t i = 0; i < FIGURE_COUNT_OF_ALL; i++)
            assert_true(r.f.figures.value[i] == other.f.figures.value[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worlds),
        cmocka_unit_test(switched_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
