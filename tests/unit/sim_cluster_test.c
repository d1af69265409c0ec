/* Container instances, tasks and the service scheduler, on clusters small enough to work out by
 * hand. Proves docs/model.md, "ECS cluster". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim_fixture.h"

#include "base/memory.h"
#include "sim/cluster_parts.h"

static struct cluster_service services[2];
static struct demand_step tasks[2][4];

static void add_service(struct scenario *scenario, int64_t count, int64_t cpu, int64_t memory_mib)
{
    size_t i = scenario->service_count++;
    tasks[i][0] = (struct demand_step){scenario->from_s, count * UNIT};
    services[i] = (struct cluster_service){
        .name = spot_type,
        .cpu = cpu,
        .memory_mib = memory_mib,
        .minimum_healthy_percent = 100,
        .maximum_percent = 200,
        .placements = {PLACEMENT_SPREAD_ZONES},
        .placement_count = 1,
        .tasks = {.steps = tasks[i], .count = 1},
    };
    scenario->services = services;
}

static char large_type[] = "c4.large";
static char larger_type[] = "c4.4xlarge";
static struct cluster_type types[] = {{backup_type, 4, 8192, NULL},
                                      {spot_type, 4, 8192, NULL},
                                      {large_type, 2, 3768, NULL},
                                      {larger_type, 16, 30158, NULL}};

static void use_cluster(struct scenario *scenario)
{
    scenario->cluster = (struct cluster_settings){
        .types = types,
        .type_count = ARRAY_LENGTH(types),
        .registered_memory_permille = 1000,
        .task_start = {.min_s = 20},
        .lb_registration = {.min_s = 30},
        .deregistration_delay_s = 300,
        .task_stop_s = 30,
        .service_tick_s = 10,
    };
}

/* ---- a cluster alone: instances come and go as the test says ------------------------------------
 */

enum { MACHINES = 8 };

struct bench {
    struct fixture fixture;
    struct world world;
    struct pool pools[2];
    struct instance machines[MACHINES];
};

/* Pool 0 is in zone a, pool 1 in zone b. */
static void bench_set_up(struct bench *b)
{
    memset(b, 0, sizeof *b);
    fixture_set_up(&b->fixture, MODERN_T0);
    use_cluster(&b->fixture.scenario);
    for (size_t i = 0; i < 2; i++)
        b->pools[i].specification = &b->fixture.pools[i];
    b->world = (struct world){
        .scenario = &b->fixture.scenario,
        .now_s = MODERN_T0,
        .fleet = {.pools = b->pools, .pool_count = 2},
        .instances = b->machines,
        .instance_count = MACHINES,
    };
}

static void bench_begin(struct bench *b)
{
    cluster_init(&b->world);
    for (size_t i = 0; i < MACHINES; i++) {
        b->machines[i].container = NO_INSTANCE;
        b->machines[i].notice_s = RECORD_NEVER;
    }
}

static void join(struct bench *b, uint32_t machine, int32_t pool)
{
    b->machines[machine].pool = pool;
    b->machines[machine].joined = true;
    cluster_register(&b->world, machine);
}

/* All seconds up to `after_s` that matter. */
static void pass(struct bench *b, int64_t after_s)
{
    for (; b->world.now_s <= MODERN_T0 + after_s; b->world.now_s++) {
        cluster_demand(&b->world);
        cluster_act(&b->world);
        cluster_check(&b->world);
    }
    b->world.now_s--;
}

static void bench_end(struct bench *b)
{
    cluster_destroy(b->world.cluster);
}

/* Tasks of the first service on the machine. */
static int32_t on(const struct bench *b, uint32_t machine)
{
    int32_t slot = b->machines[machine].container;
    return slot == NO_INSTANCE ? -1 : b->world.cluster->services[0].on_slot[slot];
}

/* Ten tasks of 1024 units and 2048 MiB on a c4.4xlarge and a c4.large: 55 and 60 percent. */
static void awss_example_of_reservation(void **state)
{
    (void)state;
    struct bench b;
    bench_set_up(&b);
    b.fixture.pools[0].instance_type = larger_type;
    b.fixture.pools[1].instance_type = large_type;
    add_service(&b.fixture.scenario, 10, 1024, 2048);
    bench_begin(&b);
    join(&b, 0, 0);
    join(&b, 1, 1);
    pass(&b, 0);
    struct cluster_reservation pending = cluster_reservation(&b.world);
    assert_int_equal(pending.registered_cpu, 16384 + 2048);
    assert_int_equal(pending.registered_memory_mib, 30158 + 3768);
    assert_int_equal(pending.reserved_cpu, 0); /* PENDING tasks reserve nothing that is seen */
    pass(&b, 20);
    struct cluster_reservation all = cluster_reservation(&b.world);
    assert_int_equal(all.reserved_cpu, 10 * 1024);
    assert_int_equal(all.reserved_memory_mib, 10 * 2048);
    assert_int_equal(100 * all.reserved_cpu / all.registered_cpu, 55);
    assert_int_equal(100 * all.reserved_memory_mib / all.registered_memory_mib, 60);
    bench_end(&b);
}

static void nominal_memory_is_not_all_registered(void **state)
{
    (void)state;
    struct bench b;
    bench_set_up(&b);
    b.fixture.scenario.cluster.registered_memory_permille = 981;
    add_service(&b.fixture.scenario, 0, 1024, 2048);
    bench_begin(&b);
    join(&b, 0, 0);
    assert_int_equal(cluster_reservation(&b.world).registered_memory_mib, 8036);
    cluster_deregister(&b.world, 0);
    assert_int_equal(cluster_reservation(&b.world).registered_memory_mib, 0);
    bench_end(&b);
}

static void placed_tasks_are_pending_then_serve(void **state)
{
    (void)state;
    struct bench b;
    bench_set_up(&b);
    add_service(&b.fixture.scenario, 5, 1024, 512);
    services[0].load_balanced = true;
    bench_begin(&b);
    pass(&b, 3);
    join(&b, 0, 0); /* holds four */
    pass(&b, 9);
    assert_int_equal(on(&b, 0), 0);
    pass(&b, 10); /* the scheduler's tick */
    assert_int_equal(on(&b, 0), 4);
    struct ballast_cluster seen;
    assert_true(cluster_describe(&b.world, &seen));
    assert_int_equal(seen.registered_instances, 1);
    assert_int_equal(seen.pending_tasks, 4);
    assert_int_equal(seen.running_tasks, 0);
    pass(&b, 30);
    assert_true(cluster_describe(&b.world, &seen));
    assert_int_equal(seen.pending_tasks, 0);
    assert_int_equal(seen.running_tasks, 4);
    assert_int_equal(cluster_tasks_unserved(&b.world), 5); /* not known to the load balancer */
    pass(&b, 59);
    assert_int_equal(cluster_tasks_unserved(&b.world), 5);
    pass(&b, 60);
    assert_int_equal(cluster_tasks_unserved(&b.world), 1);
    bench_end(&b);
}

static void place_all(struct bench *b, const enum placement *placements, size_t count)
{
    memcpy(services[0].placements, placements, count * sizeof *placements);
    services[0].placement_count = count;
    bench_begin(b);
    for (uint32_t i = 0; i < 4; i++)
        join(b, i, i == 3 ? 1 : 0); /* three in zone a, one in zone b */
    pass(b, 0);
}

static void spread_over_zones_then_lowest_number(void **state)
{
    (void)state;
    struct bench b;
    bench_set_up(&b);
    add_service(&b.fixture.scenario, 7, 1024, 512);
    const enum placement placements[] = {PLACEMENT_SPREAD_ZONES};
    place_all(&b, placements, 1);
    /* by turns a and b; within a, the lowest number as long as it can hold more */
    assert_int_equal(on(&b, 0), 4);
    assert_int_equal(on(&b, 1), 0);
    assert_int_equal(on(&b, 3), 3);
    bench_end(&b);
}

static void spread_over_zones_then_instances(void **state)
{
    (void)state;
    struct bench b;
    bench_set_up(&b);
    add_service(&b.fixture.scenario, 7, 1024, 512);
    const enum placement placements[] = {PLACEMENT_SPREAD_ZONES, PLACEMENT_SPREAD_INSTANCES};
    place_all(&b, placements, 2);
    assert_int_equal(on(&b, 0), 2);
    assert_int_equal(on(&b, 1), 1);
    assert_int_equal(on(&b, 2), 1);
    assert_int_equal(on(&b, 3), 3);
    bench_end(&b);
}

static void binpack_fills_what_has_least_left(void **state)
{
    (void)state;
    struct bench b;
    bench_set_up(&b);
    add_service(&b.fixture.scenario, 5, 1024, 512);
    b.fixture.pools[1].instance_type = large_type; /* two of them */
    const enum placement placements[] = {PLACEMENT_BINPACK_CPU};
    place_all(&b, placements, 1);
    assert_int_equal(on(&b, 3), 2);
    assert_int_equal(on(&b, 0), 3);
    assert_int_equal(on(&b, 1), 0);
    bench_end(&b);

    bench_set_up(&b);
    add_service(&b.fixture.scenario, 2, 1024, 4096);
    b.fixture.pools[1].instance_type = larger_type;
    const enum placement memory[] = {PLACEMENT_BINPACK_MEMORY};
    place_all(&b, memory, 1);
    assert_int_equal(on(&b, 0), 2);
    bench_end(&b);
}

static void random_is_drawn_and_the_same_again(void **state)
{
    (void)state;
    int32_t seen[2][4];
    for (size_t run = 0; run < 2; run++) {
        struct bench b;
        bench_set_up(&b);
        add_service(&b.fixture.scenario, 8, 1024, 512);
        const enum placement placements[] = {PLACEMENT_RANDOM};
        place_all(&b, placements, 1);
        for (uint32_t i = 0; i < 4; i++)
            seen[run][i] = on(&b, i);
        bench_end(&b);
    }
    assert_memory_equal(seen[0], seen[1], sizeof seen[0]);
    assert_int_equal(seen[0][0] + seen[0][1] + seen[0][2] + seen[0][3], 8);
    assert_true(seen[0][0] < 4 || seen[0][1] < 4);
}

static void memory_bounds_as_cpu_does(void **state)
{
    (void)state;
    struct bench b;
    bench_set_up(&b);
    add_service(&b.fixture.scenario, 9, 64, 3000);
    const enum placement placements[] = {PLACEMENT_SPREAD_INSTANCES};
    place_all(&b, placements, 1);
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(on(&b, i), 2);
    bench_end(&b);
}

static void a_distinct_instance_for_each(void **state)
{
    (void)state;
    struct bench b;
    bench_set_up(&b);
    add_service(&b.fixture.scenario, 6, 64, 64);
    services[0].distinct_instance = true;
    const enum placement placements[] = {PLACEMENT_BINPACK_CPU};
    place_all(&b, placements, 1);
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(on(&b, i), 1);
    bench_end(&b);
}

static void scale_in_keeps_zones_balanced(void **state)
{
    (void)state;
    struct bench b;
    bench_set_up(&b);
    add_service(&b.fixture.scenario, 7, 1024, 512);
    tasks[0][1] = (struct demand_step){MODERN_T0 + 95, 4 * UNIT};
    services[0].tasks.count = 2;
    services[0].load_balanced = true;
    const enum placement placements[] = {PLACEMENT_SPREAD_ZONES, PLACEMENT_SPREAD_INSTANCES};
    place_all(&b, placements, 2); /* 2, 1, 1 in a; 3 in b */
    pass(&b, 99);
    assert_int_equal(on(&b, 0), 2);
    pass(&b, 100);
    /* a has 4: its fullest, 0, gives one; then b has as many as a and the fullest instance; then a
     * again, its highest number */
    assert_int_equal(on(&b, 0), 1);
    assert_int_equal(on(&b, 1), 1);
    assert_int_equal(on(&b, 2), 0);
    assert_int_equal(on(&b, 3), 2);
    struct cluster_reservation r = cluster_reservation(&b.world);
    assert_int_equal(r.reserved_cpu, 7 * 1024); /* they hold it while they stop */
    pass(&b, 429);
    assert_int_equal(cluster_reservation(&b.world).reserved_cpu, 7 * 1024);
    pass(&b, 430);
    assert_int_equal(cluster_reservation(&b.world).reserved_cpu, 4 * 1024);
    assert_int_equal(cluster_tasks_unserved(&b.world), 0);
    bench_end(&b);
}

static void pending_tasks_go_first_and_at_once(void **state)
{
    (void)state;
    struct bench b;
    bench_set_up(&b);
    add_service(&b.fixture.scenario, 2, 1024, 512);
    tasks[0][1] = (struct demand_step){MODERN_T0 + 100, 4 * UNIT};
    tasks[0][2] = (struct demand_step){MODERN_T0 + 105, 3 * UNIT};
    services[0].tasks.count = 3;
    bench_begin(&b);
    join(&b, 0, 0);
    pass(&b, 100);
    assert_int_equal(on(&b, 0), 4);
    pass(&b, 110);
    assert_int_equal(b.world.cluster->services[0].counts.pending, 1);
    assert_int_equal(b.world.cluster->services[0].counts.stopping, 0);
    assert_int_equal(b.world.cluster->services[0].counts.serving, 2);
    bench_end(&b);
}

static void services_are_served_in_order(void **state)
{
    (void)state;
    struct bench b;
    bench_set_up(&b);
    add_service(&b.fixture.scenario, 3, 1024, 512);
    add_service(&b.fixture.scenario, 3, 1024, 512);
    bench_begin(&b);
    join(&b, 0, 0);
    pass(&b, 20);
    assert_int_equal(b.world.cluster->services[0].counts.serving, 3);
    assert_int_equal(b.world.cluster->services[1].counts.serving, 1);
    bench_end(&b);
}

/* Six tasks in zone a alone; then an instance joins in b. */
static void zones_are_rebalanced_one_task_at_a_time(void **state)
{
    (void)state;
    for (int enabled = 0; enabled < 2; enabled++) {
        struct bench b;
        bench_set_up(&b);
        add_service(&b.fixture.scenario, 6, 1024, 512);
        services[0].zone_rebalancing = enabled;
        bench_begin(&b);
        join(&b, 0, 0);
        join(&b, 1, 0);
        pass(&b, 95);
        assert_int_equal(cluster_tasks_unserved(&b.world), 0);
        join(&b, 2, 1);
        pass(&b, 100);
        assert_int_equal(on(&b, 2), enabled); /* placed, PENDING until 120 */
        pass(&b, 119);
        assert_int_equal(on(&b, 0) + on(&b, 1), 6);
        /* the new one serves: one of a stops, and the next is placed in b */
        pass(&b, 120);
        assert_int_equal(on(&b, 0) + on(&b, 1), enabled ? 5 : 6);
        assert_int_equal(on(&b, 2), enabled ? 2 : 0);
        pass(&b, 400);
        assert_int_equal(on(&b, 0) + on(&b, 1), enabled ? 3 : 6);
        assert_int_equal(on(&b, 2), enabled ? 3 : 0);
        assert_int_equal(cluster_tasks_unserved(&b.world), 0);
        bench_end(&b);
    }
}

/* The task that was to take another's place is no longer needed, or is needed itself. */
static void a_move_ends_with_its_cause(void **state)
{
    (void)state;
    struct bench b;
    bench_set_up(&b);
    add_service(&b.fixture.scenario, 6, 1024, 512);
    tasks[0][1] = (struct demand_step){MODERN_T0 + 105, 4 * UNIT};
    services[0].tasks.count = 2;
    services[0].zone_rebalancing = true;
    bench_begin(&b);
    join(&b, 0, 0);
    join(&b, 1, 0);
    pass(&b, 95);
    join(&b, 2, 1);
    pass(&b, 100);
    cluster_deregister(&b.world, 0);
    b.machines[0].ended = true;
    pass(&b, 110); /* two are left in a and the one on its way */
    assert_int_equal(on(&b, 1) + on(&b, 2), 4);
    assert_false(b.world.cluster->services[0].moving);
    pass(&b, 200);
    assert_int_equal(on(&b, 1), 2);
    assert_int_equal(on(&b, 2), 2);
    bench_end(&b);
}

/* ---- whole runs ---------------------------------------------------------------------------------
 */

/* Eight instances of four vCPU in one zone. */
static void run_set_up(struct fixture *f, int64_t count, bool load_balanced)
{
    fixture_set_up(f, MODERN_T0);
    use_cluster(&f->scenario);
    add_service(&f->scenario, count, 1024, 1024);
    services[0].load_balanced = load_balanced;
}

static void a_warm_start_serves_at_once(void **state)
{
    (void)state;
    struct fixture f;
    run_set_up(&f, 32, true);
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, capacity_task_unserved_s), 0);
    f.scenario.cold = true; /* tick at 0: running at 30, joined at 90, placed then */
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, capacity_task_unserved_s), 32 * (90 + 20 + 30));
    /* one task too many for the instances that are there */
    run_set_up(&f, 33, false);
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, capacity_task_unserved_s), 4 * 3600);
}

static void tasks_die_with_their_instances(void **state)
{
    (void)state;
    struct fixture f;
    run_set_up(&f, 32, false);
    price(&f, 0, 1000, 900000);
    price(&f, 0, 2000, 50000);
    simulate_fixture(&f);
    /* dead at 1120; launched at the tick of 2040, joined at 2130, placed then, serving at 2150 */
    assert_int_equal(FIGURE_VALUE(&f, capacity_task_unserved_s), 32 * (2150 - 1120));
    services[0].load_balanced = true;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, capacity_task_unserved_s), 32 * (2180 - 1120));
    f.scenario.measure_from_s = MODERN_T0 + 2000;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, capacity_task_unserved_s), 32 * 180);
}

static void more_tasks_start_at_the_tick(void **state)
{
    (void)state;
    struct fixture f;
    run_set_up(&f, 16, false);
    tasks[0][1] = (struct demand_step){MODERN_T0 + 605, 30 * UNIT};
    services[0].tasks.count = 2;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, capacity_task_unserved_s), 14 * (630 - 605));
}

/* Sixteen tasks on the first four instances; the first has its notice at 1000. */
static int64_t unserved_with(bool drain, int64_t minimum, int64_t maximum, bool load_balanced)
{
    struct fixture f;
    run_set_up(&f, 16, load_balanced);
    f.scenario.interruptions = INTERRUPTIONS_TRACE;
    f.interruptions[0] = (struct interruption_step){MODERN_T0 + 1000, zone_a, spot_type, 1, 0};
    f.traces.interruption_count = 1;
    f.scenario.account.drain_on_notice = drain;
    services[0].minimum_healthy_percent = minimum;
    services[0].maximum_percent = maximum;
    simulate_fixture(&f);
    return FIGURE_VALUE(&f, capacity_task_unserved_s);
}

static void draining_replaces_within_its_percents(void **state)
{
    (void)state;
    /* Not drained: they run until the end, then four are missing until they are replaced. */
    assert_int_equal(unserved_with(false, 100, 200, false), 4 * 20);
    assert_int_equal(unserved_with(false, 100, 200, true), 4 * 50);
    /* Replaced first, stopped then. */
    assert_int_equal(unserved_with(true, 100, 200, false), 0);
    assert_int_equal(unserved_with(true, 100, 200, true), 0);
    /* Only two may be there beyond: two by two, and still in time. */
    assert_int_equal(unserved_with(true, 100, 113, false), 0);
    /* Both 100: blocked until the instance is gone. */
    assert_int_equal(unserved_with(true, 100, 100, false), 4 * 20);
    /* Stopped first. */
    assert_int_equal(unserved_with(true, 50, 100, false), 4 * 20);
    /* 14.4 of 16 must stay healthy: one at a time; the next once the last's successor serves. */
    assert_int_equal(unserved_with(true, 90, 100, false), 4 * 20);
}

static void a_draining_instance_takes_no_task_and_counts_as_registered(void **state)
{
    (void)state;
    struct bench b;
    bench_set_up(&b);
    add_service(&b.fixture.scenario, 6, 1024, 512);
    services[0].minimum_healthy_percent = 50;
    bench_begin(&b);
    join(&b, 0, 0);
    pass(&b, 10);
    pass(&b, 35); /* four serve */
    join(&b, 1, 0);
    pass(&b, 40);
    assert_int_equal(on(&b, 1), 2);
    cluster_drain(&b.world, 1);
    assert_int_equal(on(&b, 1), 0); /* PENDING ones stopped at once */
    cluster_drain(&b.world, 0);
    assert_int_equal(cluster_reservation(&b.world).registered_cpu, 8 * 1024);
    pass(&b, 50);
    /* three of four healthy ones must stay */
    assert_int_equal(b.world.cluster->services[0].counts.serving, 3);
    assert_int_equal(b.world.cluster->services[0].counts.stopping, 1);
    join(&b, 2, 1);
    pass(&b, 60);
    assert_int_equal(on(&b, 2), 4);
    pass(&b, 80);
    assert_int_equal(b.world.cluster->services[0].counts.serving, 4);
    assert_int_equal(on(&b, 0), 0);
    bench_end(&b);
}

/* The fleet's instances join another cluster: they are paid and counted, and serve nothing. */
static void user_data_of_another_cluster(void **state)
{
    (void)state;
    struct fixture f;
    run_set_up(&f, 16, false);
    simulate_fixture(&f);
    int64_t cost = FIGURE_VALUE(&f, cost_spot_micro_usd);
    char other[] = "test";
    char name[] = "web";
    f.pools[0].cluster = other;
    f.scenario.cluster.name = name;
    f.scenario.group.cluster = name;
    f.scenario.group.desired_capacity = 1;
    simulate_fixture(&f);
    assert_int_equal(FIGURE_VALUE(&f, cost_spot_micro_usd), cost);
    assert_int_equal(f.capacities[0].fleet_fulfilled_micro, 32 * UNIT);
    assert_int_equal(f.capacities[0].spot_up_micro, 0);
    assert_int_equal(f.capacities[0].on_demand_up_micro, 4 * UNIT);
    assert_int_equal(FIGURE_VALUE(&f, capacity_served_spot_unit_s), 0);
    /* the backup holds four tasks */
    assert_int_equal(FIGURE_VALUE(&f, capacity_task_unserved_s), 12 * 4 * 3600);
}

static void nothing_without_services(void **state)
{
    (void)state;
    struct bench b;
    bench_set_up(&b);
    bench_begin(&b);
    join(&b, 0, 0);
    pass(&b, 10);
    struct ballast_cluster seen;
    assert_false(cluster_describe(&b.world, &seen));
    assert_int_equal(seen.running_tasks, BALLAST_UNKNOWN);
    assert_int_equal(cluster_reservation(&b.world).registered_cpu, 0);
    assert_int_equal(cluster_next_s(&b.world), INT64_MAX);
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(awss_example_of_reservation),
        cmocka_unit_test(nominal_memory_is_not_all_registered),
        cmocka_unit_test(placed_tasks_are_pending_then_serve),
        cmocka_unit_test(spread_over_zones_then_lowest_number),
        cmocka_unit_test(spread_over_zones_then_instances),
        cmocka_unit_test(binpack_fills_what_has_least_left),
        cmocka_unit_test(random_is_drawn_and_the_same_again),
        cmocka_unit_test(memory_bounds_as_cpu_does),
        cmocka_unit_test(a_distinct_instance_for_each),
        cmocka_unit_test(scale_in_keeps_zones_balanced),
        cmocka_unit_test(pending_tasks_go_first_and_at_once),
        cmocka_unit_test(services_are_served_in_order),
        cmocka_unit_test(zones_are_rebalanced_one_task_at_a_time),
        cmocka_unit_test(a_move_ends_with_its_cause),
        cmocka_unit_test(a_warm_start_serves_at_once),
        cmocka_unit_test(tasks_die_with_their_instances),
        cmocka_unit_test(more_tasks_start_at_the_tick),
        cmocka_unit_test(draining_replaces_within_its_percents),
        cmocka_unit_test(a_draining_instance_takes_no_task_and_counts_as_registered),
        cmocka_unit_test(user_data_of_another_cluster),
        cmocka_unit_test(nothing_without_services),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
