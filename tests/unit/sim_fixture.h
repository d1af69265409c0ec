/* A small hand-made world for tests of the simulator: one or two pools, a fleet, a backup group, a
 * flat market that a test then disturbs. Everything is in one struct, so a test changes what it is
 * about.
 */
#ifndef TESTS_SIM_FIXTURE_H
#define TESTS_SIM_FIXTURE_H

#include "policy/builtin.h"
#include "sim/sim.h"

#include <string.h>

enum { T0 = 1425254400 };        /* 2015-03-02T00:00:00Z: hourly billing, whole hours and minutes */
enum { MODERN_T0 = 1519948800 }; /* 2018-03-02T00:00:00Z: per-second billing */

static const int64_t UNIT = MICRO;

enum { TOLD_MAX = 512 };

struct fixture {
    struct scenario scenario;
    struct trace_set traces;
    struct fleet_pool pools[2];
    struct market markets[2];
    struct price_step steps[2][16];
    struct interruption_step interruptions[4];
    struct demand_step demand[8];
    struct fleet_modification modifications[4];
    char *zones[1];
    struct record_sink sink;
    struct figures figures;
    /* what the run told */
    struct record_instance instances[TOLD_MAX];
    size_t instance_count;
    struct record_capacity capacities[TOLD_MAX];
    size_t capacity_count;
    struct record_decision decisions[TOLD_MAX];
    size_t decision_count;
};

static int told_instance(const struct record_instance *instance, void *context)
{
    struct fixture *f = context;
    if (f->instance_count < TOLD_MAX)
        f->instances[f->instance_count++] = *instance;
    return 0;
}

static int told_capacity(const struct record_capacity *capacity, void *context)
{
    struct fixture *f = context;
    if (f->capacity_count < TOLD_MAX)
        f->capacities[f->capacity_count++] = *capacity;
    return 0;
}

static int told_decision(const struct record_decision *decision, void *context)
{
    struct fixture *f = context;
    if (f->decision_count < TOLD_MAX)
        f->decisions[f->decision_count++] = *decision;
    return 0;
}

static char zone_a[] = "us-east-1a";
static char zone_b[] = "us-east-1b";
static char spot_type[] = "c3.xlarge";
static char backup_type[] = "m4.xlarge";
static char linux_product[] = "Linux/UNIX";

static void set_policy(struct fixture *f, const struct ballast_policy *policy, const char *preset)
{
    f->scenario.policy.policy = policy;
    policy_default_values(policy, preset ? policy_find_preset(policy, preset) : NULL,
                          f->scenario.policy.values);
}

/* One pool of weight 4 at 0.05 USD/h under a cap of 0.054 a unit, 32 units wanted, four hours. */
static void fixture_set_up(struct fixture *f, int64_t from_s)
{
    memset(f, 0, sizeof *f);
    for (size_t i = 0; i < 2; i++) {
        char *zone = i ? zone_b : zone_a;
        f->pools[i] = (struct fleet_pool){.instance_type = spot_type,
                                          .zone = zone,
                                          .weight_micro = 4 * UNIT,
                                          .cap_per_unit_micro_usd = 54000,
                                          .on_demand_micro_usd = 210000};
        f->steps[i][0] = (struct price_step){from_s - 1000, 50000 + 1000 * (int64_t)i};
        f->markets[i] = (struct market){.zone = zone,
                                        .instance_type = spot_type,
                                        .product = linux_product,
                                        .steps = f->steps[i],
                                        .step_count = 1};
    }
    f->traces = (struct trace_set){
        .markets = f->markets, .market_count = 2, .interruptions = f->interruptions};
    f->demand[0] = (struct demand_step){from_s, 32 * UNIT};
    f->zones[0] = zone_a;
    f->scenario = (struct scenario){
        .from_s = from_s,
        .to_s = from_s + 4 * 3600,
        .measure_from_s = from_s,
        .measure_to_s = from_s + 4 * 3600,
        .seed = 1,
        .product = linux_product,
        .fleet = {.strategy = STRATEGY_DIVERSIFIED,
                  .target_micro = 32 * UNIT,
                  .valid_from_s = INT64_MIN,
                  .valid_until_s = INT64_MAX,
                  .detailed_monitoring = true,
                  .pools = f->pools,
                  .pool_count = 1},
        .modifications = f->modifications,
        .group = {.max_size = 200,
                  .default_cooldown_s = 2700,
                  .zones = f->zones,
                  .zone_count = 1,
                  .instance_type = backup_type,
                  .units_per_instance_micro = 4 * UNIT,
                  .on_demand_micro_usd = 252000},
        .demand = f->demand,
        .demand_count = 1,
        .account = {.spot_launch_delay = {.min_s = 30},
                    .on_demand_launch_delay = {.min_s = 30},
                    .join_delay = {.min_s = 60},
                    .metric_delay = {.min_s = 15},
                    .fleet_tick_s = 60,
                    .interruption_notice_s = 120,
                    .group_termination_s = 60},
        .controller = {.every_s = 60, .phase_s = 30, .alarm = true},
    };
    set_policy(f, &policy_none, NULL);
    f->sink = (struct record_sink){.context = f,
                                   .instance = told_instance,
                                   .capacity = told_capacity,
                                   .decision = told_decision};
}

/* The pool's price becomes `micro_usd` at from + after_s. */
static inline void price(struct fixture *f, size_t pool, int64_t after_s, int64_t micro_usd)
{
    struct market *market = &f->markets[pool];
    market->steps[market->step_count++] =
        (struct price_step){f->scenario.from_s + after_s, micro_usd};
}

static inline void simulate_fixture(struct fixture *f)
{
    struct error err = {0};
    f->instance_count = f->capacity_count = f->decision_count = 0;
    int status = simulate(&f->scenario, &f->traces, &f->sink, NULL, &f->figures, &err);
    if (status)
        fail_msg("simulate: %s", err.text);
}

#define FIGURE_VALUE(f, name) ((int64_t)(f)->figures.value[FIGURE_##name])

#endif
