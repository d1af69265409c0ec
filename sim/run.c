/* The loop over seconds. Each second that matters is gone through once, phase by phase, in the
 * order that sim.h promises; the next one is the earliest of all cursors.
 */
#include "base/decimal.h"
#include "base/timestamp.h"
#include "capacity.h"
#include "cluster.h"
#include "draw.h"
#include "fleet.h"
#include "group.h"
#include "instances.h"
#include "seconds.h"

#include <assert.h>

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
    world->demand_moves = false;
    while (world->next_demand < scenario->demand_count &&
           scenario->demand[world->next_demand].time_s <= world->now_s) {
        world->demand_moves = scenario->demand[world->next_demand].time_s == world->now_s;
        world->accounting.now.required_micro = scenario->demand[world->next_demand].required_micro;
        world->next_demand++;
    }
    cluster_demand(world);
}

void world_demand(struct world *world)
{
    if (world->fleet.next_rise_s <= world->now_s)
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
    case EVENT_LAUNCHES:
        if (index)
            group_launches_failed(world, index);
        else
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
           event_kind(event_first(&world->queue)) <= last) {
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

void world_events(struct world *world, enum event_kind last)
{
    events_until(world, last);
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
        bool keeps = change->target_micro == TARGET_KEPT;
        fleet_modify(world, keeps ? fleet->target_micro : change->target_micro,
                     change->excess_no_termination);
    }
    /* Between the demand's changes the target is whatever calls have made of it, whichever seconds
     * are gone through, and if twice. */
    if (scenario->target_follows_demand && world->demand_moves && !fleet->closed) {
        int64_t target_micro = fleet_target_of_demand(world->accounting.now.required_micro);
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

void world_sample(struct world *world)
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
    if (world->now_s == world->next_schedule_s &&
        !(world->skipping.holds && skipping_tick(world))) {
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

/* ---- loop ---------------------------------------------------------------------------------------
 */

/* The next second in which the account itself does anything: not what is scheduled or seen. */
static int64_t account_next_s(const struct world *world)
{
    const struct scenario *scenario = world->scenario;
    int64_t next_s = world->fleet.next_rise_s;
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

void world_decide(struct world *world)
{
    events_until(world, EVENT_FUNCTION_ENDED);
    if (world->alarmed)
        alarms(world);
    schedule(world);
    skipping_settle(world);
}

void world_act(struct world *world)
{
    world_demand(world);
    if (interruptions_due(world))
        interruptions_notices(world);
    events_until(world, EVENT_LAUNCHES);
    fleet_actions(world);
    events_until(world, EVENT_LAUNCHES); /* delays of zero end in the same second */
}

static void one_second(struct world *world)
{
    skipping_catch_up(world, world->now_s);
    world_act(world);
    if (world->cluster)
        cluster_act(world);
    world_sample(world);
    if (world->scaling) {
        scaling_sample(world);
        scaling_act(world);
    }
    world_decide(world);
    world_settle(world);
}

/* Where only the accounting knows what is required, seconds in which nothing but that changes take
 * no more than it: all of them in one go, unless each is told. Up to the first of other seconds, or
 * last_s. */
static void demand_alone(struct world *world, int64_t before_s, int64_t last_s)
{
    const struct scenario *scenario = world->scenario;
    const struct demand_step *steps = &scenario->demand[world->next_demand];
    size_t most = scenario->demand_count - world->next_demand;
    size_t count = 0;
    before_s = earliest(before_s, last_s + 1);
    while (count < most && steps[count].time_s < before_s)
        count++;
    size_t at_once = world->sink ? 1 : count;
    for (size_t i = 0; i < count && !world->status; i += at_once)
        world_settle_demand(world, &steps[i], at_once);
}

/* The next second to be gone through; those before it are over. */
static int64_t next_second(struct world *world, int64_t last_s)
{
    const struct scenario *scenario = world->scenario;
    int64_t next_s = account_next_s(world);
    if (world->skipping.target_moves) {
        seconds_unseen(world, earliest(next_s, last_s + 1));
        next_s = account_next_s(world);
    }
    next_s = earliest(next_s, event_next_time(&world->queue));
    next_s = earliest(next_s, skipping_next_s(world));
    if (world->skipping.demand_unseen)
        demand_alone(world, next_s, last_s);
    else if (world->next_demand < scenario->demand_count)
        next_s = earliest(next_s, scenario->demand[world->next_demand].time_s);
    return next_s;
}

/* Before which second nothing can happen but that points are taken and the schedule ticks, and what
 * comes of it. */
static int64_t account_rests_until(const struct world *world, int64_t last_s)
{
    const struct scenario *scenario = world->scenario;
    int64_t until_s = earliest(account_next_s(world), last_s + 1);
    if (world->next_demand < scenario->demand_count)
        until_s = earliest(until_s, scenario->demand[world->next_demand].time_s);
    return until_s;
}

/* Where every evaluation is made, most seconds have but one or a point that is taken: they take no
 * more than these phases. */
static void seconds_at_rest(struct world *world, int64_t last_s)
{
    int64_t until_s = account_rests_until(world, last_s);
    int64_t target_micro = world->fleet.target_micro;
    while (!world->status && world->fleet.target_micro == target_micro) {
        int64_t next_s = earliest(world->next_sample_s, world->next_schedule_s);
        if (next_s >= earliest(until_s, world->alarm.expires_s) ||
            next_s >= event_next_time(&world->queue))
            break;
        world->now_s = next_s;
        world_sample(world);
        if (next_s != world->next_schedule_s)
            continue; /* there is nothing to settle about a point */
        schedule(world);
        world_settle(world);
    }
}

void world_advance(struct world *world, int64_t last_s)
{
    /* Nothing is put off, and nobody but the controller acts in the phases between. */
    bool rests = !world->skipping.on && !world->skipping.lazy && !world->scaling &&
                 !world->cluster && !world->scenario->distribution.given;
    /* The first second is gone through whatever happens in it: it is where the record begins. */
    int64_t next_s = world->begun ? next_second(world, last_s) : world->from_s;
    for (; !world->status && next_s <= last_s; next_s = next_second(world, last_s)) {
        assert(!world->begun || next_s >= world->now_s);
        world->begun = true;
        world->now_s = next_s;
        one_second(world);
        if (rests)
            seconds_at_rest(world, last_s);
    }
}
