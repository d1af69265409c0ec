/* One simulated year: a fleet of 12 pools (4 types in 3 zones), about 50,000 price changes with
 * some 10 spikes above the cap in each pool, a backup group, a policy asked every minute. */
#include "base/memory.h"
#include "base/pcg64.h"
#include "bench.h"
#include "policy/builtin.h"
#include "record/database.h"
#include "sim/lane.h"
#include "sim/sim.h"
#include "sim/windows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    DAY = 86400,
    YEAR = 365 * DAY,
    FROM = 1420070400, /* 2015-01-01T00:00:00Z */
    TYPES = 4,
    ZONES = 3,
    POOLS = TYPES * ZONES,
    STEP_EVERY = 7568, /* mean time between changes: 50,000 in 12 pools */
    SPIKES_EVERY = 36 * DAY,
    TARGET = 240
};

struct year_world {
    struct scenario scenario;
    struct trace_set traces;
    struct fleet_pool pools[POOLS];
    struct market markets[POOLS];
    struct demand_step *demand;
};

static char *types[TYPES] = {"c3.large", "c3.xlarge", "r3.large", "r3.xlarge"};
static char *zones[ZONES] = {"us-east-1a", "us-east-1b", "us-east-1d"};
static char backup_type[] = "m4.xlarge";
static char product[] = "Linux/UNIX";

/* Calm small moves; every now and then an hour or so at five times the on-demand price. */
static void make_market(struct market *market, size_t index, int64_t to_s)
{
    struct pcg64 rng;
    uint64_t key[] = {pcg64_word("bench"), index};
    pcg64_seed_key(&rng, key, ARRAY_LENGTH(key));
    *market = (struct market){.zone = zones[index % ZONES],
                              .instance_type = types[index / ZONES],
                              .product = product,
                              .first_record_s = FROM,
                              .last_record_s = to_s};
    size_t capacity = 0;
    int64_t spike = FROM + pcg64_exponential(&rng, SPIKES_EVERY);
    int64_t time_s = FROM;
    while (time_s < to_s) {
        bool high = time_s >= spike;
        int64_t micro_usd = high ? 1000000 : 40000 + pcg64_between(&rng, -5000, 5000);
        struct price_step step = {time_s, micro_usd};
        ARRAY_PUSH(market->steps, market->step_count, capacity, step);
        if (high)
            spike = time_s + pcg64_exponential(&rng, SPIKES_EVERY);
        time_s += 1 + pcg64_exponential(&rng, high ? 3600 : STEP_EVERY);
    }
}

static void make_demand(struct year_world *world, int64_t every_s, int64_t target, int64_t length_s,
                        bool stays)
{
    size_t capacity = 0;
    size_t count = 0;
    for (int64_t at = 0; at == 0 || (every_s > 0 && at < length_s); at += every_s) {
        int64_t units = every_s ? target - (at / every_s) % 40 : target;
        struct demand_step step = {FROM + at, units * MICRO};
        ARRAY_PUSH(world->demand, count, capacity, step);
        if (every_s == 0)
            break;
    }
    world->scenario.demand = world->demand;
    world->scenario.demand_count = count;
    world->scenario.demand_given = every_s > 0;
    world->scenario.target_follows_demand = every_s > 0 && !stays;
}

static int64_t years_in(const struct year *year)
{
    return year->years ? year->years : 1;
}

static void make_world(struct year_world *world, const struct year *year)
{
    size_t pools = year->pools ? year->pools : POOLS;
    int64_t target = year->target ? year->target : TARGET;
    int64_t to_s = FROM + years_in(year) * YEAR;
    memset(world, 0, sizeof *world);
    for (size_t i = 0; i < pools; i++) {
        make_market(&world->markets[i], i, to_s);
        world->pools[i] = (struct fleet_pool){.instance_type = types[i / ZONES],
                                              .zone = zones[i % ZONES],
                                              .weight_micro = 4 * (int64_t)MICRO,
                                              .cap_per_unit_micro_usd = 54000,
                                              .on_demand_micro_usd = 210000};
    }
    world->traces = (struct trace_set){.markets = world->markets, .market_count = pools};
    trace_set_seal(&world->traces);
    world->scenario = (struct scenario){
        .from_s = FROM,
        .to_s = to_s,
        .measure_from_s = FROM,
        .measure_to_s = to_s,
        .seed = 1,
        .product = product,
        .fleet = {.strategy = STRATEGY_DIVERSIFIED,
                  .target_micro = target * MICRO,
                  .valid_from_s = INT64_MIN,
                  .valid_until_s = INT64_MAX,
                  .detailed_monitoring = true,
                  .pools = world->pools,
                  .pool_count = pools},
        .group = {.max_size = 200,
                  .default_cooldown_s = 2700,
                  .zones = zones,
                  .zone_count = 1,
                  .instance_type = backup_type,
                  .units_per_instance_micro = 4 * (int64_t)MICRO,
                  .on_demand_micro_usd = 252000},
        .account = {.spot_launch_delay = {.min_s = 30},
                    .on_demand_launch_delay = {.min_s = 30},
                    .join_delay = {.min_s = 60},
                    .metric_delay =
                        year->drawn_delay
                            ? (struct delay){.kind = DELAY_UNIFORM, .min_s = 5, .max_s = 25}
                            : (struct delay){.min_s = 15},
                    .fleet_tick_s = 60,
                    .interruption_notice_s = 120,
                    .group_termination_s = 60},
        .controller = {.every_s = 60, .phase_s = 30, .alarm = true},
    };
    make_demand(world, year->demand_every_s, target, to_s - FROM, year->target_stays);
    const struct ballast_policy *policy = policy_find(year->policy);
    if (!policy)
        job_fail("no such policy");
    world->scenario.policy.policy = policy;
    policy_default_values(policy, NULL, world->scenario.policy.values);
}

static void free_world(struct year_world *world)
{
    for (size_t i = 0; i < POOLS; i++) {
        free(world->markets[i].steps);
        free(world->markets[i].peaks);
    }
    free(world->demand);
}

static int record_year(const struct year_world *world, const struct year *year,
                       struct figures *figures, struct error *err)
{
    struct results *results = NULL;
    unlink(year->results);
    int status = results_open(&results, year->results, true, err);
    if (status)
        return status;
    struct run_identity identity = {.name = "bench",
                                    .scenario_json = "{}",
                                    .policy = year->policy,
                                    .trace_hash = world->traces.hash,
                                    .demand_hash = "",
                                    .version = "bench",
                                    .seed = 1,
                                    .from_s = FROM,
                                    .to_s = world->scenario.to_s,
                                    .interruptions = "price",
                                    .folder = "",
                                    .commit = ""};
    int64_t run = 0;
    bool known = false;
    status = results_begin(results, &identity, &run, &known, err);
    if (!status) {
        struct record_sink sink = results_sink(results, world->scenario.policy.policy);
        const struct sim_observer observer = {.stepping = !year->skipping};
        status = simulate(&world->scenario, &world->traces, &sink, &observer, figures, err);
        status = results_end(results, figures, status, err);
    }
    results_close(results);
    return status;
}

double simulate_years(struct job_clock *clock, const void *argument)
{
    const struct year *year = argument;
    struct year_world world;
    make_world(&world, year);
    struct figures figures;
    struct error err = {0};
    const struct sim_observer observer = {.stepping = !year->skipping};
    clock->processor = true;
    job_start(clock);
    int status = year->results
                     ? record_year(&world, year, &figures, &err)
                     : simulate(&world.scenario, &world.traces, NULL, &observer, &figures, &err);
    job_stop(clock);
    if (status)
        job_fail(err.text);
    if (figures.value[FIGURE_events_evaluations] < years_in(year) * YEAR / 60)
        job_fail("the policy was asked less than once a minute");
    free_world(&world);
    return (double)years_in(year);
}

/* Run `lane`: another cooldown, or another window, which begins the table of the policy's
 * parameters. */
static void vary(struct scenario *scenario, const struct year *year, int lane)
{
    if (year->windows)
        scenario->policy.values[0] = 60 * (lane + 1);
    else
        scenario->group.default_cooldown_s = 120 * lane;
}

double simulate_batch(struct job_clock *clock, const void *argument)
{
    const struct year *year = argument;
    struct year_world world;
    make_world(&world, year);
    struct scenario *scenario = &world.scenario;
    sized_function *size = policy_sized(scenario->policy.policy);
    struct figures figures;
    int128 checked = 0;
    clock->processor = true;
    job_start(clock);
    struct fleet_tape *tape = fleet_tape_make(scenario, &world.traces);
    struct needs *needs = NULL;
    struct windows *windows = NULL;
    for (int lane = 0; lane < year->lanes; lane++) {
        vary(scenario, year, lane);
        if (!needs || year->windows) { /* as sim/batch.h: the first is made by itself */
            bool shared = needs && windows_serve(scenario);
            needs_free(needs);
            if (shared && !windows)
                windows = windows_make(scenario, tape, size);
            needs = shared ? windows_needs(windows, scenario) : needs_make(scenario, tape, size);
        }
        lane_run(scenario, tape, needs, &figures);
        checked += figures.value[FIGURE_events_evaluations];
    }
    job_stop(clock);
    if (checked < (int128)year->lanes * years_in(year) * YEAR / 60)
        job_fail("the policy was asked less than once a minute");
    needs_free(needs);
    windows_free(windows);
    fleet_tape_free(tape);
    free_world(&world);
    return (double)year->lanes * (double)years_in(year);
}

void year_size(const struct year *year, int64_t *out_evaluations, size_t *out_changes)
{
    struct year_world world;
    make_world(&world, year);
    struct figures figures;
    struct error err = {0};
    if (simulate(&world.scenario, &world.traces, NULL, NULL, &figures, &err))
        job_fail(err.text);
    *out_evaluations = (int64_t)figures.value[FIGURE_events_evaluations];
    *out_changes = 0;
    for (size_t i = 0; i < POOLS; i++)
        *out_changes += world.markets[i].step_count;
    free_world(&world);
}
