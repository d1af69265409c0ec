/* Random small worlds in which capacity is scarce: no place ever holds more than it can, nothing is
 * launched in one that is short, and what happens to spot does not depend on the backup's policy.
 * Proves docs/model.md, "Lack of capacity". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../unit/sim_fixture.h"

#include "base/pcg64.h"

enum { WORLDS = 300, LIMITS = 12, T = 1612137600 /* 2021-02-01T00:00:00Z */, LENGTH_S = 4 * 3600 };

struct scarce {
    struct fixture f;
    struct capacity_step limits[LIMITS];
};

static char *zones[] = {zone_a, zone_b};
static char *types[] = {spot_type, backup_type};

static void make(struct scarce *s, uint64_t seed)
{
    struct fixture *f = &s->f;
    struct pcg64 rng;
    pcg64_seed_key(&rng, &seed, 1);
    fixture_set_up(f, T);
    f->scenario.seed = seed;
    f->scenario.interruptions = INTERRUPTIONS_TRACE;
    f->scenario.cold = pcg64_below(&rng, 2) == 1;
    f->scenario.fleet.pool_count = 2;
    f->scenario.fleet.strategy = (enum allocation_strategy)pcg64_below(&rng, 4);
    f->scenario.account.replace_on_notice = pcg64_below(&rng, 2) == 1;
    f->scenario.account.drain_on_notice = pcg64_below(&rng, 2) == 1;
    f->scenario.account.notice_lost_permille = pcg64_between(&rng, 0, 1000);
    if (pcg64_below(&rng, 3) == 0)
        f->pools[1].zone = zone_a; /* two pools of one market */
    f->scenario.group.zones = zones;
    f->scenario.group.zone_count = 1 + (size_t)pcg64_below(&rng, 2);
    f->scenario.group.desired_capacity = pcg64_between(&rng, 0, 3);
    f->scenario.interruption_terms = (struct interruption_terms){
        .rebalance_permille = pcg64_between(&rng, 0, 1000),
        .rebalance_lead = {.kind = DELAY_UNIFORM, .max_s = 900},
        .shortage = {.min_s = 300 * pcg64_between(&rng, 0, 3)},
    };
    f->scenario.launch_failures = (struct launch_failures){.permille = pcg64_between(&rng, 0, 1000),
                                                           .failure_s = pcg64_between(&rng, 0, 90),
                                                           .retry_s = pcg64_between(&rng, 1, 90),
                                                           .retry_max_s = 900};
    for (size_t i = 0; i < LIMITS; i++)
        s->limits[i] = (struct capacity_step){T + pcg64_between(&rng, -600, LENGTH_S), zones[i % 2],
                                              types[i % 4 == 0], pcg64_between(&rng, 0, 9)};
    qsort(s->limits, LIMITS, sizeof *s->limits, capacity_by_time);
    f->traces.capacities = s->limits;
    f->traces.capacity_count = LIMITS;
    for (size_t i = 0; i < 4; i++) {
        int64_t instances = pcg64_between(&rng, 1, 6);
        int64_t of = pcg64_below(&rng, 2) ? instances + pcg64_between(&rng, 0, 6) : 0;
        f->interruptions[i] = (struct interruption_step){
            T + pcg64_between(&rng, 0, LENGTH_S), zones[i % 2], types[i == 3], instances, of};
    }
    qsort(f->interruptions, 4, sizeof *f->interruptions, interruption_by_time);
    f->traces.interruption_count = 4;
}

/* The limit in force once all of that second's steps have come. */
static int64_t limit_at(const struct scarce *s, const char *zone, int64_t time_s)
{
    int64_t limit = CAPACITY_UNLIMITED;
    for (size_t i = 0; i < LIMITS && s->limits[i].time_s <= time_s; i++) {
        if (strcmp(s->limits[i].zone, zone) == 0 &&
            strcmp(s->limits[i].instance_type, spot_type) == 0)
            limit = s->limits[i].instances;
    }
    return limit;
}

static bool holds(const struct record_instance *one, const char *zone, int64_t time_s)
{
    int64_t until_s = one->notice_s != RECORD_NEVER ? one->notice_s : one->ended_s;
    return one->kind == RECORD_SPOT && strcmp(one->zone, zone) == 0 && one->requested_s <= time_s &&
           (until_s == RECORD_NEVER || until_s > time_s);
}

static void check_limits(const struct scarce *s, uint64_t seed)
{
    const struct fixture *f = &s->f;
    for (size_t z = 0; z < 2; z++) {
        for (size_t at = 0; at < LIMITS + f->instance_count; at++) {
            int64_t time_s =
                at < LIMITS ? s->limits[at].time_s : f->instances[at - LIMITS].requested_s;
            int64_t count = 0;
            for (size_t i = 0; i < f->instance_count; i++)
                count += holds(&f->instances[i], zones[z], time_s);
            if (time_s >= T && count > limit_at(s, zones[z], time_s))
                fail_msg("seed %llu: %lld in %s at %lld", (unsigned long long)seed,
                         (long long)count, zones[z], (long long)(time_s - T));
        }
    }
}

static void check_shortage(const struct scarce *s, uint64_t seed)
{
    const struct fixture *f = &s->f;
    int64_t shortage_s = f->scenario.interruption_terms.shortage.min_s;
    for (size_t r = 0; r < f->traces.interruption_count; r++) {
        const struct interruption_step *step = &f->interruptions[r];
        for (size_t i = 0; i < f->instance_count; i++) {
            const struct record_instance *one = &f->instances[i];
            if (strcmp(one->instance_type, step->instance_type) != 0 || one->warm ||
                strcmp(one->zone, step->zone) != 0 || one->kind != RECORD_SPOT)
                continue;
            if (one->requested_s >= step->time_s && one->requested_s < step->time_s + shortage_s)
                fail_msg("seed %llu: launched at %lld in a short place", (unsigned long long)seed,
                         (long long)(one->requested_s - T));
        }
    }
}

static int64_t spot_hash(const struct fixture *f)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < f->instance_count; i++) {
        const struct record_instance *one = &f->instances[i];
        if (one->kind != RECORD_SPOT)
            continue;
        const uint64_t words[] = {(uint64_t)one->requested_s, (uint64_t)one->notice_s,
                                  (uint64_t)one->ended_s, (uint64_t)one->slot,
                                  pcg64_word(one->zone)};
        struct pcg64 rng;
        pcg64_seed_key(&rng, words, sizeof words / sizeof *words);
        hash += pcg64_next(&rng); /* told in order of their end: the sum has none */
    }
    return (int64_t)hash;
}

static void scarce_worlds(void **state)
{
    (void)state;
    int64_t failures = 0;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        static struct scarce s;
        make(&s, seed);
        simulate_fixture(&s.f);
        assert_true(s.f.instance_count < TOLD_MAX);
        check_limits(&s, seed);
        check_shortage(&s, seed);
        int64_t without = spot_hash(&s.f);
        set_policy(&s.f, &policy_pending_capacity, NULL);
        simulate_fixture(&s.f);
        assert_true(s.f.instance_count < TOLD_MAX);
        failures += FIGURE_VALUE(&s.f, events_on_demand_launch_failures);
        if (spot_hash(&s.f) != without)
            fail_msg("seed %llu: what spot did depends on the policy", (unsigned long long)seed);
    }
    assert_true(failures > 100); /* the worlds are scarce indeed */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(scarce_worlds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
