/* The loop over seconds. Each second that matters is gone through once, phase by phase, in the
 * order that sim.h promises; the next one is the earliest of all cursors.
 */
#include "base/decimal.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "capacity.h"
#include "cluster.h"
#include "draw.h"
#include "policy/composed.h"
#include "world.h"

#include <stdlib.h>

static int64_t earliest(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* First t >= time_s with t = phase modulo every. */
int64_t aligned(int64_t time_s, int64_t every_s, int64_t phase_s)
{
    int64_t t = timestamp_floor(time_s - phase_s, every_s) + phase_s;
    return t < time_s ? t + every_s : t;
}

/* ---- phases -----------------------------------------------------------------------------------
 */

static void demand_changes(struct world *world)
{
    const struct scenario *scenario = world->scenario;
    while (world->next_demand < scenario->demand_count &&
           scenario->demand[world->next_demand].time_s <= world->now_s) {
        world->accounting.now.required_micro = scenario->demand[world->next_demand].required_micro;
        world->next_demand++;
    }
    cluster_demand(world);
}

void world_demand(struct world *world)
{
    fleet_prices(world);
    if (world->next_capacity < world->capacity_count)
        capacity_changes(world);
    demand_changes(world);
}

static void handle_event(struct world *world, const struct event *event)
{
    uint32_t index = event->subject;
    switch (event_kind(event)) {
    case EVENT_INTERRUPTION:
    case EVENT_TERMINATION:
        if (!world->instances[index].ended)
            instance_end(world, index, world->instances[index].cause);
        break;
    case EVENT_REPLACED:
        fleet_end_replaced(world, index);
        break;
    case EVENT_RUNNING:
        instance_run(world, index);
        break;
    case EVENT_JOIN:
        instance_join(world, index);
        break;
    case EVENT_LAUNCH_ENDED:
        /* A cancelled launch never ran; its activity has become a termination. */
        if (world->instances[index].running)
            group_activity_ended(world);
        break;
    case EVENT_TERMINATION_ENDED:
        group_activity_ended(world);
        break;
    case EVENT_LAUNCHES_FAILED:
        group_launches_failed(world, index);
        break;
    case EVENT_LAUNCH_RETRY:
        group_retry(world);
        break;
    case EVENT_FUNCTION_ENDED:
        invocation_ended(world, index);
        break;
    case EVENT_METRIC_READABLE:
        world->alarm.expected--;
        alarm_look(world);
        break;
    case EVENT_SCHEDULE:
        invocation_event(world, BALLAST_SCHEDULE, index);
        break;
    case EVENT_INVOCATION:
        invocation_again(world, index);
        break;
    case EVENT_TASK: /* never in this queue */
        break;
    }
}

static void handle_until(struct world *world, enum event_kind last)
{
    while (event_next_time(&world->queue) == world->now_s &&
           event_kind(&world->queue.events[0]) <= last) {
        struct event event = event_pop(&world->queue);
        handle_event(world, &event);
    }
}

/* Events of this second up to and including `last`, also those that are scheduled meanwhile. In
 * most seconds there are none. */
static inline void events_until(struct world *world, enum event_kind last)
{
    if (event_next_time(&world->queue) == world->now_s)
        handle_until(world, last);
}

int64_t fleet_target_of_demand(const struct world *world)
{
    return (int64_t)divide_ceiling(world->accounting.now.required_micro, MICRO) * MICRO;
}

static void fleet_actions(struct world *world)
{
    const struct scenario *scenario = world->scenario;
    struct fleet *fleet = &world->fleet;
    if (!fleet->closed && world->now_s >= fleet->end_s)
        fleet_close(world);
    for (; fleet->next_modification < scenario->modification_count; fleet->next_modification++) {
        const struct fleet_modification *change =
            &scenario->modifications[fleet->next_modification];
        if (change->time_s > world->now_s)
            break;
        if (fleet->closed)
            continue;
        fleet->on_demand_base_micro = change->on_demand_micro;
        fleet_modify(world, change->target_micro, change->excess_no_termination);
    }
    if (scenario->target_follows_demand && !fleet->closed) {
        int64_t target_micro = fleet_target_of_demand(world);
        if (target_micro != fleet->target_micro)
            fleet_modify(world, target_micro, fleet->excess_no_termination);
    }
    if (scenario->distribution.given)
        distribution_follow(world);
    if (fleet_lacks(fleet)) {
        int64_t tick_s = scenario->account.fleet_tick_s;
        if (world->next_fleet_tick_s < world->now_s)
            world->next_fleet_tick_s = aligned(world->now_s, tick_s, 0);
        if (world->next_fleet_tick_s == world->now_s) {
            if (fleet_active(world)) {
                fleet_release(world);
                fleet_launch(world, false);
            }
            world->next_fleet_tick_s += tick_s;
        }
    }
}

static void sample_metrics(struct world *world)
{
    if (world->now_s != world->next_sample_s)
        return;
    world->next_sample_s += world->metrics.period_s;
    if (!fleet_active(world))
        return;
    const struct fleet *fleet = &world->fleet;
    int64_t readable_s = metrics_sample(&world->metrics, world->now_s, fleet->target_micro,
                                        fleet_fulfilled(world), fleet->terminating_micro);
    if (world->alarmed && readable_s != RECORD_NEVER)
        alarm_expect(world, readable_s);
}

static void alarms(struct world *world)
{
    events_until(world, EVENT_METRIC_READABLE);
    if (world->now_s >= world->alarm.expires_s)
        alarm_look(world);
    if (world->alarm.fired) {
        world->alarm.fired = false;
        invocation_event(world, BALLAST_ALARM, (uint64_t)world->now_s);
    }
}

static void schedule(struct world *world)
{
    const struct controller_settings *settings = &world->scenario->controller;
    if (world->now_s == world->next_schedule_s && !skipping_tick(world)) {
        uint64_t ordinal = (uint64_t)world->schedule_ordinal++;
        int64_t jitter_s =
            draw_delay(&settings->jitter, world->scenario->seed, DRAW_JITTER, ordinal, 0, 0);
        world->next_schedule_s += settings->every_s;
        if (jitter_s == 0)
            invocation_event(world, BALLAST_SCHEDULE, ordinal);
        else
            event_push(&world->queue, world->now_s + jitter_s, EVENT_SCHEDULE, (uint32_t)ordinal);
    }
    events_until(world, EVENT_INVOCATION);
}

/* ---- what is told -----------------------------------------------------------------------------
 */

static void record_capacity(struct world *world)
{
    const struct record_sink *sink = world->sink;
    if (!sink || !sink->capacity || world->status)
        return;
    const struct standing *now = &world->accounting.now;
    const struct record_capacity capacity = {
        .time_s = world->now_s,
        .required_micro = now->required_micro,
        .spot_up_micro = now->spot_up_micro,
        .on_demand_up_micro = now->on_demand_up_micro,
        .fleet_target_micro = world->fleet.target_micro,
        .fleet_fulfilled_micro = fleet_fulfilled(world),
        .group_desired = world->group.desired_capacity,
        .group_running = world->group.running,
    };
    const struct record_capacity *last = &world->last_capacity;
    bool same = world->capacity_told && last->required_micro == capacity.required_micro &&
                last->spot_up_micro == capacity.spot_up_micro &&
                last->on_demand_up_micro == capacity.on_demand_up_micro &&
                last->fleet_target_micro == capacity.fleet_target_micro &&
                last->fleet_fulfilled_micro == capacity.fleet_fulfilled_micro &&
                last->group_desired == capacity.group_desired &&
                last->group_running == capacity.group_running;
    if (same)
        return;
    world->last_capacity = capacity;
    world->capacity_told = true;
    world->status = sink->capacity(&capacity, sink->context);
}

/* The open episode of refused scale-ins ends at time_s. */
static void end_refusals(struct world *world, int64_t time_s)
{
    struct refusals *refusals = &world->refusals;
    if (refusals->since_s == RECORD_NEVER)
        return;
    struct accounting *accounting = &world->accounting;
    accounting_count(accounting, FIGURE_events_scale_in_refused_episodes, refusals->since_s);
    int64_t from_s = refusals->since_s > accounting->window_from_s ? refusals->since_s
                                                                   : accounting->window_from_s;
    int64_t to_s = earliest(time_s, accounting->window_to_s);
    if (to_s > from_s)
        accounting->events[FIGURE_events_scale_in_blocked_s] += to_s - from_s;
    refusals->since_s = RECORD_NEVER;
}

static void count_evaluation(struct world *world, const struct controller_evaluation *evaluation)
{
    struct accounting *accounting = &world->accounting;
    int64_t now_s = world->now_s;
    /* What the account did counts, not what the controller was told of it. */
    enum cloud_outcome outcome = world->desired_call.outcome;
    int64_t before = world->desired_call.desired_before;
    bool accepted = outcome == CLOUD_ACCEPTED;
    bool refused =
        outcome == CLOUD_SCALING_ACTIVITY_IN_PROGRESS || outcome == CLOUD_VALIDATION_ERROR;
    world->desired_call.outcome = CLOUD_NOT_CALLED;
    accounting_count(accounting, FIGURE_events_evaluations, now_s);
    if (accepted && evaluation->desired_capacity > before)
        accounting_count(accounting, FIGURE_events_scale_out, now_s);
    if (accepted && evaluation->desired_capacity < before)
        accounting_count(accounting, FIGURE_events_scale_in, now_s);
    if (!refused || evaluation->desired_capacity >= before) {
        end_refusals(world, now_s);
        return;
    }
    accounting_count(accounting, FIGURE_events_scale_in_refused, now_s);
    if (world->refusals.since_s == RECORD_NEVER)
        world->refusals.since_s = now_s;
}

static void tell_decision(struct world *world, const struct controller_evaluation *evaluation)
{
    if (!world->sink)
        return;
    /* While others are under way, evaluations may be told in another order than they were made:
     * then each is a record of its own. */
    bool alone = world->invocations.busy == 0;
    if (!alone && !world->status)
        world->status = decision_run_flush(&world->decision_run, world->sink);
    if (!world->status)
        world->status = decision_run_add(&world->decision_run, evaluation, world->sink);
    if (!alone && !world->status)
        world->status = decision_run_flush(&world->decision_run, world->sink);
}

void evaluated(const struct controller_evaluation *evaluation, void *context)
{
    struct world *world = context;
    count_evaluation(world, evaluation);
    tell_decision(world, evaluation);
    skipping_learn(world, evaluation);
}

/* ---- loop ---------------------------------------------------------------------------------------
 */

/* The next second in which anything may happen but a change of what is required. */
static int64_t next_but_demand(const struct world *world)
{
    const struct scenario *scenario = world->scenario;
    int64_t next_s = earliest(world->fleet.next_rise_s, event_next_time(&world->queue));
    next_s = earliest(next_s, skipping_next_s(world));
    if (fleet_lacks(&world->fleet)) /* ticks at which nothing is missing do nothing */
        next_s =
            earliest(next_s, world->next_fleet_tick_s > world->now_s
                                 ? world->next_fleet_tick_s
                                 : aligned(world->now_s + 1, scenario->account.fleet_tick_s, 0));
    if (world->scaling)
        next_s = earliest(next_s, scaling_next_s(world->scaling));
    next_s = earliest(next_s, earliest(interruptions_next_s(world), capacity_next_s(world)));
    next_s = earliest(next_s, rebalance_next_s(world));
    if (world->cluster)
        next_s = earliest(next_s, cluster_next_s(world));
    if (world->fleet.next_modification < scenario->modification_count)
        next_s = earliest(next_s, scenario->modifications[world->fleet.next_modification].time_s);
    if (!world->fleet.closed)
        next_s = earliest(next_s, world->fleet.end_s);
    return next_s;
}

void world_settle(struct world *world)
{
    if (world->cluster)
        world->accounting.now.tasks_unserved = cluster_tasks_unserved(world);
    accounting_advance(&world->accounting, world->now_s);
    record_capacity(world);
    check_invariants(world);
}

static void one_second(struct world *world)
{
    skipping_catch_up(world, world->now_s);
    world_demand(world);
    interruptions_notices(world);
    events_until(world, EVENT_LAUNCH_RETRY);
    fleet_actions(world);
    events_until(world, EVENT_LAUNCH_RETRY); /* delays of zero end in the same second */
    if (world->cluster)
        cluster_act(world);
    sample_metrics(world);
    if (world->scaling) {
        scaling_sample(world);
        scaling_act(world);
    }
    events_until(world, EVENT_FUNCTION_ENDED);
    if (world->alarmed)
        alarms(world);
    schedule(world);
    skipping_settle(world);
    world_settle(world);
}

/* Where only the accounting knows what is required, seconds in which nothing but that changes take
 * no more than it. Up to the first of other seconds, or last_s. */
static void demand_alone(struct world *world, int64_t before_s, int64_t last_s)
{
    const struct scenario *scenario = world->scenario;
    while (world->next_demand < scenario->demand_count && !world->status) {
        int64_t time_s = scenario->demand[world->next_demand].time_s;
        if (time_s >= before_s || time_s > last_s)
            return;
        world->now_s = time_s;
        demand_changes(world);
        world_settle(world);
    }
}

/* The next second to be gone through; those before it are over. */
static int64_t next_second(struct world *world, int64_t last_s)
{
    const struct scenario *scenario = world->scenario;
    int64_t next_s = next_but_demand(world);
    if (world->skipping.demand_unseen)
        demand_alone(world, next_s, last_s);
    else if (world->next_demand < scenario->demand_count)
        next_s = earliest(next_s, scenario->demand[world->next_demand].time_s);
    return next_s;
}

static void finish(struct world *world, int64_t end_s)
{
    accounting_finish(&world->accounting, end_s);
    end_refusals(world, earliest(end_s, world->accounting.window_to_s));
    instance_close_all(world);
    check_money(world);
    if (world->sink && !world->status)
        world->status = decision_run_flush(&world->decision_run, world->sink);
}

void world_clean_up(struct world *world)
{
    controller_destroy(world->controller);
    event_queue_clean_up(&world->queue);
    fleet_clean_up(&world->fleet);
    rebalance_clean_up(&world->rebalance);
    group_clean_up(&world->group);
    invocations_clean_up(&world->invocations);
    metrics_clean_up(&world->metrics);
    cluster_destroy(world->cluster);
    scaling_clean_up(world->scaling);
    free(world->instances);
}

/* ---- held open ----------------------------------------------------------------------------------
 */

int simulation_open(struct simulation **out_simulation, const struct simulation_options *options,
                    struct error *err)
{
    const struct scenario *scenario = options->scenario;
    bool controlled = !options->no_controller;
    struct simulation *simulation = memory_new(1, sizeof *simulation);
    struct world *world = &simulation->world;
    world->scenario = scenario;
    world->traces = options->traces;
    world->sink = options->sink;
    world->observer = options->observer;
    world->controlled = controlled;
    world->alarmed = controlled && scenario->controller.alarm;
    int status = world_begin(world, options->metrics_reach_s, err);
    if (!status && options->skipping)
        skipping_init(world);
    if (status) {
        world_clean_up(world);
        free(simulation);
    } else {
        *out_simulation = simulation;
    }
    return status;
}

int simulation_advance(struct simulation *simulation, int64_t second_s, struct error *err)
{
    struct world *world = &simulation->world;
    int64_t last_s = earliest(second_s, world->scenario->to_s - 1);
    /* The first second is gone through whatever happens in it: it is where the record begins. */
    int64_t next_s = world->begun ? next_second(world, last_s) : world->from_s;
    for (; !world->status && next_s <= last_s; next_s = next_second(world, last_s)) {
        world->begun = true;
        world->now_s = next_s;
        one_second(world);
    }
    if (world->status)
        return error_set(err, world->status, "the run could not be recorded");
    skipping_catch_up(world, last_s + 1);
    if (last_s > world->now_s)
        world->now_s = last_s;
    return STATUS_OK;
}

int simulation_close(struct simulation *simulation, int status, struct figures *out_figures,
                     struct error *err)
{
    struct world *world = &simulation->world;
    if (!status && world->controlled)
        status = policy_failure(world->scenario->policy.policy, err);
    if (!status) {
        finish(world, world->scenario->to_s);
        struct tariff tariff = tariff_of(world->scenario);
        accounting_figures(&world->accounting, &tariff, out_figures);
        status = world->status;
        if (status)
            error_set(err, status, "the run could not be recorded");
    }
    world_clean_up(world);
    free(simulation);
    return status;
}

int simulate(const struct scenario *scenario, const struct trace_set *traces,
             const struct record_sink *sink, const struct sim_observer *observer,
             struct figures *out_figures, struct error *err)
{
    const struct simulation_options options = {
        .scenario = scenario,
        .traces = traces,
        .sink = sink,
        .observer = observer,
        .skipping = !observer || (!observer->evaluation && !observer->stepping),
    };
    struct simulation *simulation = NULL;
    int status = simulation_open(&simulation, &options, err);
    if (status)
        return status;
    int64_t stop_s = observer && observer->stop_after_s ? observer->stop_after_s : INT64_MAX;
    status = simulation_advance(simulation, stop_s, err);
    return simulation_close(simulation, status, out_figures, err);
}
