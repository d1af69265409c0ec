/* What is told of a run while it goes on: capacity as it changes, evaluations and how they ended.
 */
#include "cluster.h"
#include "fleet.h"
#include "seconds.h"

static int64_t earliest(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void record_capacity(struct world *world)
{
    const struct record_sink *sink = world->sink;
    if (!sink->capacity || world->status)
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

void refusals_end(struct refusals *refusals, struct accounting *accounting, int64_t time_s)
{
    if (refusals->since_s == RECORD_NEVER)
        return;
    accounting_count(accounting, FIGURE_events_scale_in_refused_episodes, refusals->since_s);
    int64_t from_s = refusals->since_s > accounting->window_from_s ? refusals->since_s
                                                                   : accounting->window_from_s;
    int64_t to_s = earliest(time_s, accounting->window_to_s);
    if (to_s > from_s)
        accounting->events[FIGURE_events_scale_in_blocked_s] += to_s - from_s;
    refusals->since_s = RECORD_NEVER;
}

void evaluation_count(struct world *world, const struct controller_evaluation *evaluation)
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
        refusals_end(&world->refusals, accounting, now_s);
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
    evaluation_count(world, evaluation);
    tell_decision(world, evaluation);
    if (world->skipping.on)
        skipping_learn(world, evaluation);
}

void world_settle(struct world *world)
{
    if (world->cluster)
        world->accounting.now.tasks_unserved = cluster_tasks_unserved(world);
    accounting_advance(&world->accounting, world->now_s);
    if (world->tape)
        fleet_tape_note(world->tape, world);
    if (world->sink)
        record_capacity(world);
    check_invariants(world);
}

void world_settle_demand(struct world *world, const struct demand_step *steps, size_t count)
{
    world->now_s = steps[count - 1].time_s;
    world->next_demand += count;
    accounting_demand(&world->accounting, steps, count);
    if (world->sink)
        record_capacity(world);
    check_invariants(world);
}
