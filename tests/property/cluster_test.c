/* Random clusters: whatever instances and services do, the books balance at every second (the debug
 * build's invariants sum them again), a run is the same again, and tasks change nothing that is
 * counted in units. Proves docs/model.md, "ECS cluster". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../unit/sim_fixture.h"
#include "base/pcg64.h"

enum { WORLDS = 150, SERVICES = 3, STEPS = 3 };

static struct cluster_type types[] = {{backup_type, 4, 16384, NULL}, {spot_type, 4, 7680, NULL}};
static struct cluster_service services[SERVICES];
static struct demand_step tasks[SERVICES][STEPS];
static char service_names[SERVICES][2];

static int64_t between(struct pcg64 *rng, int64_t low, int64_t high)
{
    return pcg64_between(rng, low, high);
}

static bool chance(struct pcg64 *rng)
{
    return pcg64_below(rng, 2) == 1;
}

static struct delay delay(struct pcg64 *rng, int64_t most_s)
{
    int64_t min_s = between(rng, 0, most_s);
    return (struct delay){
        .kind = chance(rng) ? DELAY_CONSTANT : DELAY_UNIFORM, .min_s = min_s, .max_s = 2 * min_s};
}

static void random_service(struct pcg64 *rng, size_t i)
{
    service_names[i][0] = (char)('a' + i);
    struct cluster_service *service = &services[i];
    *service = (struct cluster_service){
        .name = service_names[i],
        .cpu = between(rng, 0, 3000),
        .memory_mib = between(rng, 1, 6000),
        .minimum_healthy_percent = between(rng, 0, 100),
        .maximum_percent = between(rng, 100, 250),
        .placement_count = (size_t)between(rng, 1, 3),
        .distinct_instance = between(rng, 0, 4) == 0,
        .load_balanced = chance(rng),
        .tasks = {.steps = tasks[i], .count = (size_t)between(rng, 1, STEPS)},
    };
    for (size_t k = 0; k < service->placement_count; k++)
        service->placements[k] = (enum placement)pcg64_below(rng, PLACEMENT_RANDOM + 1);
    service->zone_rebalancing =
        service->placements[0] == PLACEMENT_SPREAD_ZONES && service->maximum_percent > 100;
    int64_t at_s = 0;
    for (size_t k = 0; k < service->tasks.count; k++) {
        tasks[i][k] = (struct demand_step){MODERN_T0 + at_s, between(rng, 0, 30) * UNIT};
        at_s += between(rng, 1, 5000);
    }
}

static void random_world(struct fixture *f, struct pcg64 *rng)
{
    fixture_set_up(f, MODERN_T0);
    struct scenario *scenario = &f->scenario;
    scenario->seed = pcg64_next(rng);
    scenario->cold = chance(rng);
    scenario->fleet.pool_count = 2;
    scenario->interruptions = INTERRUPTIONS_TRACE;
    scenario->account.drain_on_notice = chance(rng);
    scenario->account.join_delay = delay(rng, 90);
    f->traces.interruption_count = (size_t)between(rng, 0, 4);
    int64_t at_s = 0;
    for (size_t i = 0; i < f->traces.interruption_count; i++) {
        at_s += between(rng, 1, 3000);
        f->interruptions[i] = (struct interruption_step){
            MODERN_T0 + at_s, chance(rng) ? zone_a : zone_b, spot_type, between(rng, 1, 4), 0};
    }
    if (chance(rng)) {
        price(f, (size_t)between(rng, 0, 1), 4000, 900000);
        set_policy(f, &policy_pending_capacity, NULL);
    }
    scenario->cluster = (struct cluster_settings){
        .types = types,
        .type_count = sizeof types / sizeof types[0],
        .registered_memory_permille = between(rng, 900, 1000),
        .task_start = delay(rng, 60),
        .lb_registration = delay(rng, 60),
        .deregistration_delay_s = between(rng, 0, 300),
        .task_stop_s = between(rng, 0, 30),
        .service_tick_s = between(rng, 1, 60),
    };
    scenario->services = services;
    scenario->service_count = (size_t)between(rng, 1, SERVICES);
    for (size_t i = 0; i < scenario->service_count; i++)
        random_service(rng, i);
}

/* Task-seconds desired over the whole run. */
static int64_t desired_s(const struct scenario *scenario)
{
    int64_t sum = 0;
    for (size_t i = 0; i < scenario->service_count; i++) {
        const struct demand_series *series = &services[i].tasks;
        for (size_t k = 0; k < series->count; k++) {
            int64_t from_s = series->steps[k].time_s;
            int64_t to_s = k + 1 < series->count ? series->steps[k + 1].time_s : INT64_MAX;
            from_s = from_s < scenario->to_s ? from_s : scenario->to_s;
            to_s = to_s < scenario->to_s ? to_s : scenario->to_s;
            sum += (to_s - from_s) * (series->steps[k].required_micro / UNIT);
        }
    }
    return sum;
}

static void expect_equal_figures(const struct figures *a, const struct figures *b, bool with_tasks)
{
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        if ((with_tasks || i != FIGURE_capacity_task_unserved_s) && a->known[i] &&
            a->value[i] != b->value[i])
            fail_msg("%s differs", figure_descriptions[i].column);
    }
}

static uint64_t seed_now; /* of the world being tried, for the message of a failure */

static int say_seed(void **state)
{
    (void)state;
    print_message("the last world was of seed %llu\n", (unsigned long long)seed_now);
    return 0;
}

static void random_clusters(void **state)
{
    (void)state;
    static struct fixture f;
    int64_t unserved_anywhere = 0;
    int64_t served_anywhere = 0;
    for (seed_now = 1; seed_now <= WORLDS; seed_now++) {
        struct pcg64 rng;
        pcg64_seed_key(&rng, (const uint64_t[]){seed_now, 7}, 2);
        random_world(&f, &rng);
        simulate_fixture(&f);
        struct figures first = f.figures;
        int64_t unserved = FIGURE_VALUE(&f, capacity_task_unserved_s);
        int64_t desired = desired_s(&f.scenario);
        assert_true(unserved >= 0 && unserved <= desired);
        unserved_anywhere += unserved;
        served_anywhere += desired - unserved;
        simulate_fixture(&f);
        expect_equal_figures(&first, &f.figures, true);
        f.scenario.service_count = 0;
        simulate_fixture(&f);
        expect_equal_figures(&first, &f.figures, false);
        assert_int_equal(FIGURE_VALUE(&f, capacity_task_unserved_s), 0);
    }
    /* The worlds are neither all well nor all lost. */
    assert_true(unserved_anywhere > 0 && served_anywhere > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_teardown(random_clusters, say_seed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
