/* Worlds drawn by luck: every kind of thing that can happen to an account, in 10 minutes to 16
 * hours, under any built-in policy. Half of them are wrapped, and count in `asked` how often they
 * are asked. */
#ifndef TESTS_PROPERTY_WORLD_OF_LUCK_H
#define TESTS_PROPERTY_WORLD_OF_LUCK_H

#include "../unit/sim_fixture.h"

#include "base/memory.h"
#include "base/pcg64.h"
#include "policy/composed.h"

#include <stdio.h>
#include <stdlib.h>

enum { LATER_T0 = 1612137600 /* 2021-02-01T00:00:00Z: with rebalance recommendations */ };
enum { PRICES = 60, DEMANDS = 80, FAULTS = 4, TIMES = 6, POLICIES = 2, SERVICES = 2 };

struct world_of_luck {
    struct fixture f;
    struct pcg64 luck;
    struct price_step steps[2][PRICES];
    struct demand_step demand[DEMANDS];
    struct fault faults[FAULTS];
    int64_t times[FAULTS][TIMES];
    struct scaling_policy policies[POLICIES];
    struct scaling_alarm alarms[POLICIES];
    struct step_adjustment adjustments[POLICIES];
    size_t named[POLICIES];
    struct cluster_service services[SERVICES];
    struct demand_step tasks[SERVICES][3];
    struct ballast_policy counted;
    struct policy_composed *composed;
    int64_t length_s;
};

/* ---- a policy that counts how often it is asked -------------------------------------------------
 */

static const struct ballast_policy *asked_policy;
static bool tells_notices; /* none of the built-in ones looks at them */
static int64_t asked;

static struct ballast_decision ask(const struct ballast_observation *observation,
                                   const int64_t *parameters, void *state)
{
    asked++;
    struct ballast_decision decision = asked_policy->decide(observation, parameters, state);
    if (tells_notices)
        decision.figures[5] =
            observation->interruption_notices * 100 + (observation->rebalance_notices > 0);
    return decision;
}

/* ---- worlds -------------------------------------------------------------------------------------
 */

/* A world may be too short for what `high` says. */
static int64_t between(struct world_of_luck *w, int64_t low, int64_t high)
{
    return high > low ? pcg64_between(&w->luck, low, high) : low;
}

static bool one_in(struct world_of_luck *w, uint64_t n)
{
    return pcg64_below(&w->luck, n) == 0;
}

static int64_t second(struct world_of_luck *w)
{
    return w->f.scenario.from_s + between(w, 0, w->length_s - 1);
}

/* Mostly a constant. */
static struct delay delay(struct world_of_luck *w, int64_t most_s, uint64_t drawn_in)
{
    if (!one_in(w, drawn_in))
        return (struct delay){.min_s = one_in(w, 3) ? between(w, 0, most_s) : most_s / 8};
    return (struct delay){.kind = DELAY_UNIFORM, .min_s = 0, .max_s = between(w, 1, most_s)};
}

static void make_prices(struct world_of_luck *w)
{
    for (size_t i = 0; i < 2; i++) {
        struct market *market = &w->f.markets[i];
        w->steps[i][0] = market->steps[0];
        market->steps = w->steps[i];
        int64_t every_s = between(w, 60, w->length_s);
        for (int64_t at_s = between(w, 0, every_s);
             at_s < w->length_s && market->step_count < PRICES; at_s += between(w, 1, 2 * every_s))
            price(&w->f, i, at_s, one_in(w, 3) ? 900000 : between(w, 30000, 60000));
    }
}

static void make_demand(struct world_of_luck *w)
{
    struct scenario *scenario = &w->f.scenario;
    int64_t every_s = between(w, 30, w->length_s);
    int64_t at_s = 0;
    scenario->demand_count = 0;
    scenario->demand = w->demand;
    do {
        w->demand[scenario->demand_count++] =
            (struct demand_step){scenario->from_s + at_s, between(w, 0, 60) * UNIT};
        at_s += between(w, 1, 2 * every_s);
    } while (at_s < w->length_s && scenario->demand_count < DEMANDS);
    scenario->demand_given = true;
    scenario->target_follows_demand = one_in(w, 2);
    if (scenario->target_follows_demand)
        return;
    for (int64_t i = between(w, 0, 3), late_s = 0; i > 0; i--) {
        late_s += between(w, 1, w->length_s / 2);
        w->f.modifications[scenario->modification_count++] =
            (struct fleet_modification){.time_s = scenario->from_s + late_s,
                                        .target_micro = between(w, 0, 60) * UNIT,
                                        .excess_no_termination = one_in(w, 3)};
    }
}

static void make_interruptions(struct world_of_luck *w)
{
    struct scenario *scenario = &w->f.scenario;
    scenario->interruptions = (enum interruption_source)pcg64_below(&w->luck, 3);
    int64_t at_s = 0;
    for (int64_t i = between(w, 0, 4); i > 0; i--) {
        at_s += between(w, 1, w->length_s / 2);
        w->f.interruptions[w->f.traces.interruption_count++] =
            (struct interruption_step){scenario->from_s + at_s, one_in(w, 2) ? zone_a : zone_b,
                                       spot_type, between(w, 1, 6), 0};
    }
    scenario->interruption_terms =
        (struct interruption_terms){.rebalance_permille = one_in(w, 2) ? between(w, 0, 1000) : 0,
                                    .rebalance_lead = {.kind = DELAY_UNIFORM, .max_s = 900},
                                    .shortage = {.min_s = one_in(w, 2) ? 600 : 0}};
    scenario->launch_failures =
        (struct launch_failures){.permille = one_in(w, 3) ? between(w, 0, 1000) : 0,
                                 .failure_s = between(w, 0, 30),
                                 .retry_s = between(w, 1, 90),
                                 .retry_max_s = 900,
                                 .cools = one_in(w, 2)};
}

static void make_account(struct world_of_luck *w)
{
    struct account *account = &w->f.scenario.account;
    account->spot_launch_delay = delay(w, 400, 2);
    account->on_demand_launch_delay = delay(w, 400, 2);
    account->join_delay = delay(w, 200, 2);
    account->metric_delay = delay(w, one_in(w, 6) ? 4000 : 120, 10);
    account->fleet_tick_s = between(w, 1, 120);
    account->metric_period_s = 60 * (one_in(w, 2) ? 1 : one_in(w, 2) ? 5 : between(w, 1, 10));
    account->metric_gap_permille = one_in(w, 10) ? between(w, 1, 300) : 0;
    account->interruption_notice_s = one_in(w, 4) ? between(w, 0, 300) : 120;
    account->notice_lost_permille = one_in(w, 4) ? 500 : 0;
    account->group_termination_s = between(w, 0, 120);
    account->replace_on_notice = one_in(w, 3);
    account->drain_on_notice = one_in(w, 3);
    account->clamp_pending = one_in(w, 3);
}

static void make_fault(struct world_of_luck *w, size_t i)
{
    static char code[] = "Throttling";
    struct fault *fault = &w->faults[i];
    *fault = (struct fault){
        .kind = (enum fault_kind)pcg64_below(&w->luck, FAULT_KINDS),
        .permille = one_in(w, 2) ? 1000 : between(w, 0, 999),
        .call = (enum fault_call)pcg64_below(&w->luck, FAULT_CALLS),
        .code = code,
        .after_effect = one_in(w, 2),
        .delay_s = between(w, 1, 300),
        .retried = one_in(w, 2),
        .metric = one_in(w, 2)   ? NULL
                  : one_in(w, 2) ? "PendingCapacity"
                                 : "TargetCapacity",
        .oldest_first = one_in(w, 2),
    };
    if (one_in(w, 8) && fault->kind != FAULT_LATE_METRICS)
        fault->kind = FAULT_API_ERROR;
    fault->from_s = second(w);
    fault->to_s = fault->from_s + between(w, 1, one_in(w, 2) ? w->length_s : 400);
    if (fault->after_effect && fault->call != CALL_MODIFY_SPOT_FLEET_REQUEST)
        fault->call = CALL_SET_DESIRED_CAPACITY;
    if (one_in(w, 2))
        return;
    fault->permille = 1000;
    fault->at_s = w->times[i];
    fault->at_count = (size_t)between(w, 1, TIMES);
    int64_t at_s = w->f.scenario.from_s;
    for (size_t k = 0; k < fault->at_count; k++) {
        at_s += between(w, 1, w->length_s / TIMES);
        fault->at_s[k] = at_s;
    }
}

static void make_controller(struct world_of_luck *w)
{
    static const int64_t every_s[] = {60, 60, 60, 60, 60, 10, 15, 30, 120, 300, 600, 3600};
    struct controller_settings *controller = &w->f.scenario.controller;
    *controller = (struct controller_settings){
        .every_s = every_s[pcg64_below(&w->luck, ARRAY_LENGTH(every_s))],
        .alarm = one_in(w, 2),
    };
    controller->phase_s = between(w, 0, controller->every_s - 1);
    if (one_in(w, 8))
        controller->jitter = delay(w, controller->every_s, 2);
    if (one_in(w, 8))
        controller->duration = delay(w, 90, 2);
    if (one_in(w, 8))
        controller->concurrency = between(w, 1, 2);
    if (one_in(w, 3))
        controller->guards =
            (struct controller_guards){.max_step_instances = one_in(w, 2) ? between(w, 1, 5) : 0,
                                       .max_desired_instances = one_in(w, 2) ? between(w, 1, 9) : 0,
                                       .stale_after_s = one_in(w, 2) ? between(w, 30, 900) : 0,
                                       .dry_run = one_in(w, 8)};
    if (one_in(w, 2))
        return;
    controller->faults.list = w->faults;
    controller->faults.count = (size_t)between(w, 1, FAULTS);
    for (size_t i = 0; i < controller->faults.count; i++)
        make_fault(w, i);
}

/* Its own defaults, or values near them. */
static void draw_parameters(struct world_of_luck *w, const struct ballast_policy *policy,
                            int64_t *values)
{
    for (size_t i = 0; i < policy->parameter_count; i++) {
        const struct ballast_parameter *parameter = &policy->parameters[i];
        if (!one_in(w, 3))
            continue;
        int64_t low = parameter->min;
        int64_t high = parameter->max;
        if (parameter->type == BALLAST_BOOLEAN) {
            low = 0;
            high = 1;
        } else if (parameter->type == BALLAST_CHOICE) {
            low = 0;
            for (high = 0; parameter->choices[high + 1];)
                high++;
        } else if (parameter->default_value != BALLAST_UNKNOWN) {
            int64_t most = 3 * parameter->default_value + 5;
            high = most < low ? low : most < high ? most : high;
        }
        values[i] = pcg64_between(&w->luck, low, high);
        if (strcmp(parameter->name, "period_s") == 0)
            values[i] = 60 * between(w, 1, 6);
    }
}

/* That policy, as it is, counted, or with modifiers around it. */
static void choose_policy(struct world_of_luck *w, const struct ballast_policy *policy)
{
    struct policy_choice *choice = &w->f.scenario.policy;
    asked_policy = policy;
    tells_notices = one_in(w, 4);
    w->counted = *asked_policy;
    w->counted.decide = ask;
    /* One that is built in tells what had a say in its decisions, and nobody counts them. */
    choice->policy = one_in(w, 2) ? asked_policy : &w->counted;
    const struct policy_modifier *around[2];
    size_t around_count = 0;
    for (size_t i = 0; policy_modifiers[i] && around_count < 2; i++) {
        if (one_in(w, 8))
            around[around_count++] = policy_modifiers[i];
    }
    w->composed = NULL;
    struct error err = {0};
    if (around_count &&
        policy_compose(&w->composed, "composed", choice->policy, around, around_count, &err) == 0)
        choice->policy = policy_composed_whole(w->composed);
    policy_default_values(choice->policy, NULL, choice->values);
    if (!w->composed && asked_policy->preset_count && one_in(w, 2))
        policy_default_values(choice->policy, &asked_policy->presets[0], choice->values);
    if (one_in(w, 2))
        draw_parameters(w, choice->policy, choice->values);
}

static void make_policy(struct world_of_luck *w)
{
    size_t count = 0;
    while (policy_builtin[count])
        count++;
    choose_policy(w, policy_builtin[pcg64_below(&w->luck, count)]);
}

/* ---- policies that look at prices ---------------------------------------------------------------
 */

static inline void set_parameter(struct policy_choice *choice, const char *name, int64_t value)
{
    int index = policy_find_parameter(choice->policy, name);
    if (index >= 0)
        choice->values[index] = value;
}

/* A limit of 40,000 an instance, and prices at the edges of what spot-hedge tells apart by it: 50
 * and 90 per cent, or 75 of both. */
static inline void draw_prices_near_limits(struct world_of_luck *w)
{
    static const int64_t prices[] = {19999, 20000, 20001, 28000, 28000, 28001, 29999,
                                     30000, 30001, 35999, 36000, 36001, 900000};
    struct policy_choice *choice = &w->f.scenario.policy;
    bool leaps = one_in(w, 3);
    set_parameter(choice, "limit_usd_per_unit_hour", 10000);
    set_parameter(choice, "start_percent", leaps ? 75 : 50);
    set_parameter(choice, "full_percent", leaps ? 75 : 90);
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < w->f.markets[i].step_count; k++)
            w->steps[i][k].micro_usd_per_hour = prices[pcg64_below(&w->luck, ARRAY_LENGTH(prices))];
    }
}

static void make_scaling(struct world_of_luck *w)
{
    struct fleet_scaling *scaling = &w->f.scenario.scaling;
    *scaling = (struct fleet_scaling){.given = true,
                                      .min_capacity = between(w, 0, 30),
                                      .max_capacity = between(w, 30, 80),
                                      .policies = w->policies,
                                      .policy_count = POLICIES,
                                      .alarms = w->alarms,
                                      .alarm_count = POLICIES,
                                      .habits = {.never_decrease_on_scale_out = true,
                                                 .high_alarm_points = 3,
                                                 .low_alarm_points = 15,
                                                 .low_alarm_percent = 90,
                                                 .alarm_extra_points = between(w, 0, 4),
                                                 .alarm_phase_s = between(w, 0, 59)}};
    for (size_t i = 0; i < POLICIES; i++) {
        int64_t size = between(w, 1, 12);
        int64_t periods = between(w, 1, 4);
        w->adjustments[i] = (struct step_adjustment){INT64_MIN, INT64_MAX, i ? size : -size};
        w->policies[i] = (struct scaling_policy){.type = SCALING_STEP,
                                                 .adjustment_type = ADJUST_CHANGE,
                                                 .steps = &w->adjustments[i],
                                                 .step_count = 1,
                                                 .out_cooldown_s = between(w, 0, 900),
                                                 .in_cooldown_s = between(w, 0, 900)};
        w->named[i] = i;
        w->alarms[i] = (struct scaling_alarm){
            .terms = {.metric = (enum watched_metric)between(w, WATCHED_TARGET_CAPACITY,
                                                             WATCHED_TERMINATING_CAPACITY),
                      .period_s = 60 * between(w, 1, 5),
                      .periods = periods,
                      .points = periods,
                      .threshold_micro = between(w, -4, 60) * UNIT,
                      .comparison = (enum alarm_comparison)pcg64_below(&w->luck, 4),
                      .missing = (enum missing_data)pcg64_below(&w->luck, 4)},
            .actions_enabled = true,
            .policies = &w->named[i],
            .policy_count = 1};
    }
}

static void make_cluster(struct world_of_luck *w)
{
    static struct cluster_type types[] = {{backup_type, 4, 16384, NULL},
                                          {spot_type, 4, 7680, NULL}};
    static char name[] = "s";
    struct scenario *scenario = &w->f.scenario;
    scenario->cluster = (struct cluster_settings){.types = types,
                                                  .type_count = ARRAY_LENGTH(types),
                                                  .registered_memory_permille = 950,
                                                  .task_start = delay(w, 60, 2),
                                                  .lb_registration = delay(w, 60, 2),
                                                  .deregistration_delay_s = between(w, 0, 300),
                                                  .task_stop_s = between(w, 0, 30),
                                                  .service_tick_s = between(w, 1, 60)};
    scenario->services = w->services;
    scenario->service_count = SERVICES;
    for (size_t i = 0; i < SERVICES; i++) {
        w->services[i] = (struct cluster_service){.name = name,
                                                  .cpu = between(w, 0, 3000),
                                                  .memory_mib = between(w, 1, 6000),
                                                  .minimum_healthy_percent = 50,
                                                  .maximum_percent = 200,
                                                  .placement_count = 1,
                                                  .tasks = {.steps = w->tasks[i], .count = 3}};
        for (int64_t k = 0; k < 3; k++)
            w->tasks[i][k] = (struct demand_step){scenario->from_s + k * w->length_s / 3,
                                                  between(w, 0, 30) * UNIT};
    }
}

static void make_span(struct world_of_luck *w)
{
    struct scenario *scenario = &w->f.scenario;
    scenario->from_s += (one_in(w, 2) ? between(w, 0, 7200) : 0);
    w->length_s = one_in(w, 10) ? between(w, 1, 600) : between(w, 600, 16 * 3600);
    scenario->to_s = scenario->from_s + w->length_s;
    scenario->measure_from_s = scenario->from_s;
    scenario->measure_to_s = scenario->to_s;
    if (one_in(w, 3)) {
        scenario->measure_from_s += between(w, 0, w->length_s - 1);
        scenario->measure_to_s =
            scenario->measure_from_s + between(w, 1, scenario->to_s - scenario->measure_from_s);
    }
    scenario->cold = one_in(w, 3);
}

static void make(struct world_of_luck *w, uint64_t seed)
{
    struct fixture *f = &w->f;
    struct scenario *scenario = &f->scenario;
    memset(w, 0, sizeof *w);
    pcg64_seed_key(&w->luck, &seed, 1);
    fixture_set_up(f, one_in(w, 2) ? T0 : LATER_T0);
    scenario->seed = seed;
    make_span(w);
    scenario->fleet.pool_count = 1 + (size_t)one_in(w, 2);
    scenario->fleet.strategy = (enum allocation_strategy)pcg64_below(&w->luck, 4);
    if (one_in(w, 4))
        scenario->fleet.valid_until_s = second(w);
    if (one_in(w, 6))
        scenario->fleet.valid_from_s = second(w);
    scenario->fleet.terminate_with_expiration = one_in(w, 2);
    if (one_in(w, 6))
        scenario->cancellation = (struct fleet_cancellation){true, second(w), one_in(w, 2)};
    if (one_in(w, 4))
        scenario->fleet.replacement =
            one_in(w, 2) ? REPLACEMENT_LAUNCH : REPLACEMENT_LAUNCH_BEFORE_TERMINATE;
    scenario->fleet.termination_delay_s = 300;
    scenario->group.min_size = one_in(w, 2) ? between(w, 0, 2) : 0;
    scenario->group.max_size = one_in(w, 2) ? between(w, 2, 10) : 200;
    scenario->group.desired_capacity = between(w, scenario->group.min_size, 2);
    scenario->group.default_cooldown_s = one_in(w, 4) ? 0 : between(w, 0, 4000);
    make_prices(w);
    make_interruptions(w);
    make_account(w);
    make_demand(w);
    make_controller(w);
    if (one_in(w, 5) && !scenario->target_follows_demand)
        make_scaling(w);
    if (one_in(w, 5))
        make_cluster(w);
    make_policy(w);
}

static long long number_of(const char *variable, long long otherwise)
{
    const char *text = getenv(variable);
    return text && *text ? atoll(text) : otherwise;
}

/* Look at world after world, as many and from which seed on as the environment says. Returns how
 * many: where they are few, what is rare may be in none of them. */
static uint64_t each_world(uint64_t worlds, void (*look)(struct world_of_luck *w, void *sums),
                           void *sums)
{
    static struct world_of_luck w;
    uint64_t first = (uint64_t)number_of("BALLAST_SEED", 1);
    worlds = (uint64_t)number_of("BALLAST_WORLDS", (long long)worlds);
    for (uint64_t seed = first; seed < first + worlds; seed++) {
        make(&w, seed);
        look(&w, sums);
        policy_composed_destroy(w.composed);
    }
    printf("%llu worlds from seed %llu: ", (unsigned long long)worlds, (unsigned long long)first);
    return worlds;
}

#endif
