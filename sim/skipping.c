#include "skipping.h"

#include "fleet.h"
#include "group.h"
#include "seconds.h"

static int64_t earliest(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static bool never(const struct delay *delay)
{
    return delay->kind == DELAY_CONSTANT && delay->min_s == 0;
}

/* Whether every metric the policy reads can be foretold. */
static bool reads_plainly(struct world *world)
{
    const struct ballast_policy *policy = world->scenario->policy.policy;
    for (size_t i = 0; i < policy->read_count; i++) {
        if (policy->reads[i].kind != BALLAST_READ_METRIC)
            continue;
        const struct cloud_metric_query query = controller_query(world->controller, i, 0);
        world->skipping.metrics[i] = metrics_index(query.metric);
        if (!metric_plain(&world->metrics, &query))
            return false;
    }
    return true;
}

void skipping_init(struct world *world)
{
    const struct controller_settings *settings = &world->scenario->controller;
    world->skipping.on = world->controlled && never(&settings->jitter) &&
                         never(&settings->duration) && reads_plainly(world);
    world->skipping.keeps_step = metric_keeps_step(&world->metrics, settings->every_s);
    world->skipping.lazy = world->metrics.regular;
    world->skipping.demand_unseen = !world->cluster && !world->scenario->target_follows_demand &&
                                    !world->scenario->distribution.given;
    if (world->controlled)
        seen_init(world);
    world->skipping.ticks_wait =
        world->skipping.asks_again || (world->skipping.metrics_alone && !world->sink);
    world->skipping.target_moves = !world->cluster && !world->scaling &&
                                   world->scenario->target_follows_demand &&
                                   !world->scenario->distribution.given;
    world->fleet.every_price = false;
}

/* ---- points -------------------------------------------------------------------------------------
 */

static bool active_at(const struct world *world, int64_t time_s)
{
    return time_s >= world->fleet.request->valid_from_s && time_s < world->fleet.end_s;
}

static struct metric_values values_now(const struct world *world)
{
    return metrics_values(&world->metrics, world->fleet.target_micro, fleet_fulfilled(world),
                          world->fleet.terminating_micro);
}

/* Whether the points to come, if nothing happens, follow the newest one in its pace, and the alarm
 * need not look at them: then they can be taken later. */
static bool samples_wait(const struct world *world)
{
    const struct metrics *metrics = &world->metrics;
    const struct metric_sample *newest = metrics_back(metrics, 0);
    return newest && newest->stamp_s + 2 * metrics->period_s - 1 == world->next_sample_s &&
           (!world->alarmed || alarm_rests(world, newest,
                                           metrics_pending(metrics, world->fleet.target_micro,
                                                           fleet_fulfilled(world))));
}

static void take_samples(struct world *world, int64_t time_s)
{
    struct metrics *metrics = &world->metrics;
    if (world->next_sample_s >= time_s)
        return;
    int64_t count = (time_s - 1 - world->next_sample_s) / metrics->period_s + 1;
    if (active_at(world, world->next_sample_s)) {
        const struct metric_values values = values_now(world);
        metrics_samples(metrics, world->next_sample_s, count, &values);
        if (world->alarmed)
            alarm_goes_on(world, metrics_back(&world->metrics, 0));
    }
    world->next_sample_s += count * metrics->period_s;
}

/* ---- ticks --------------------------------------------------------------------------------------
 */

/* How many of `count` ticks, the first at first_s, lie in [from_s, to_s). */
static int64_t ticks_within(int64_t first_s, int64_t count, int64_t every_s, int64_t from_s,
                            int64_t to_s)
{
    int64_t before = first_s < from_s ? (from_s - first_s + every_s - 1) / every_s : 0;
    int64_t before_end = first_s < to_s ? (to_s - first_s + every_s - 1) / every_s : 0;
    before = earliest(before, count);
    before_end = earliest(before_end, count);
    return before_end > before ? before_end - before : 0;
}

/* The next `count` ticks go as the last evaluation did. */
static void count_ticks(struct world *world, int64_t count)
{
    struct accounting *accounting = &world->accounting;
    int64_t every_s = world->scenario->controller.every_s;
    int64_t last_s = world->next_schedule_s + (count - 1) * every_s;
    bool all = world->next_schedule_s >= accounting->window_from_s &&
               last_s < accounting->window_to_s; /* as almost always: no division */
    int64_t measured = all ? count
                           : ticks_within(world->next_schedule_s, count, every_s,
                                          accounting->window_from_s, accounting->window_to_s);
    accounting->events[FIGURE_events_evaluations] += measured;
    if (world->skipping.refused_in)
        accounting->events[FIGURE_events_scale_in_refused] += measured;
    world->schedule_ordinal += count;
    world->next_schedule_s = last_s + every_s;
    if (world->sink)
        decision_run_repeat(&world->decision_run, count, last_s);
}

/* ---- seconds ------------------------------------------------------------------------------------
 */

/* Whether points with these values end what holds. */
static bool ends(const struct skipping *skipping, const struct metric_values *values)
{
    for (int metric = 0; metric < METRICS; metric++) {
        const struct sized_band *band = &skipping->bands[metric];
        if (values->micro[metric] < band->low_micro || values->micro[metric] > band->high_micro)
            return true;
    }
    return false;
}

/* Before which second it holds if nothing happens, points that are taken late included. */
static int64_t holds_until_s(const struct world *world)
{
    const struct skipping *skipping = &world->skipping;
    if (!skipping->lazy || !skipping->watches || !active_at(world, world->next_sample_s))
        return skipping->until_s;
    const struct metric_values values = values_now(world);
    if (!ends(skipping, &values))
        return skipping->until_s;
    return earliest(skipping->until_s, world->next_sample_s + 1 + world->metrics.delay->min_s);
}

static int64_t next_tick_s(const struct world *world)
{
    int64_t next_s = world->next_schedule_s;
    if (!world->skipping.holds)
        return next_s;
    int64_t until_s = holds_until_s(world);
    if (until_s <= next_s)
        return next_s;
    int64_t last_s = world->scenario->to_s;
    int64_t every_s = world->scenario->controller.every_s;
    if (until_s >= last_s)
        return INT64_MAX;
    return next_s + (until_s - next_s + every_s - 1) / every_s * every_s;
}

int64_t skipping_next_s(const struct world *world)
{
    int64_t next_s = next_tick_s(world);
    if (world->fleet.request->valid_from_s > world->now_s) /* what is seen of it changes then */
        next_s = earliest(next_s, world->fleet.request->valid_from_s);
    if (!world->skipping.lazy)
        return earliest(next_s, earliest(world->next_sample_s, world->alarm.expires_s));
    if (!active_at(world, world->next_sample_s))
        return earliest(next_s, world->alarm.expires_s);
    if (samples_wait(world))
        return next_s; /* the alarm's expiry moves on with every point */
    return earliest(next_s, earliest(world->next_sample_s, world->alarm.expires_s));
}

void skipping_count(struct world *world, int64_t time_s)
{
    if (!world->skipping.holds || world->next_schedule_s >= time_s)
        return;
    int64_t every_s = world->scenario->controller.every_s;
    count_ticks(world, (time_s - 1 - world->next_schedule_s) / every_s + 1);
}

void skipping_catch_up(struct world *world, int64_t time_s)
{
    if (world->skipping.lazy)
        take_samples(world, time_s);
    skipping_count(world, time_s);
}

bool skipping_rests(const struct world *world)
{
    const struct skipping *skipping = &world->skipping;
    if (world->tape) /* nobody ever looks */
        return true;
    return skipping->lazy && samples_wait(world) && !world->alarm.fired &&
           world->fleet.request->valid_from_s <= world->now_s;
}

int64_t skipping_due_s(const struct world *world, int64_t within_s)
{
    const struct skipping *skipping = &world->skipping;
    if (!skipping->holds)
        return world->next_schedule_s;
    if (within_s < skipping->until_s && !skipping->watches)
        return INT64_MAX;
    return holds_until_s(world) <= within_s ? next_tick_s(world) : INT64_MAX;
}

void skipping_foresee(struct world *world, const struct metric_values *before,
                      const struct metric_values *values)
{
    struct skipping *skipping = &world->skipping;
    const struct metrics *metrics = &world->metrics;
    int64_t readable_s = world->next_sample_s + 1 + metrics->delay->min_s;
    if (skipping->watches && ends(skipping, values))
        skipping->limit_s = earliest(skipping->limit_s, readable_s);
    int metric = skipping->differing;
    if (skipping->may_differ && before->micro[metric] != values->micro[metric]) {
        int64_t leaves_s =
            world->next_sample_s + 1 - 2 * metrics->period_s + skipping->differ_within_s;
        if (skipping->differs && readable_s <= skipping->promise_s &&
            leaves_s > skipping->promise_s)
            skipping->promise_s = leaves_s; /* as metric_differs_until has it */
        skipping->foreseen_s = readable_s;
        skipping->foreseen_until_s = leaves_s;
    }
    skipping->promise_s = earliest(skipping->promise_s, skipping->limit_s);
}

void skipping_taken(struct world *world)
{
    world->skipping.samples = world->metrics.count;
    world->skipping.settled = world->metrics.count;
    world->skipping.foreseen_s = INT64_MAX;
    if (world->alarmed)
        alarm_goes_on(world, metrics_back(&world->metrics, 0));
}

/* ---- what holds ---------------------------------------------------------------------------------
 */

/* Points were taken since. All but the newest are alike: they were taken late. */
static void compare_newest(struct world *world)
{
    struct skipping *skipping = &world->skipping;
    if (!skipping->watches || skipping->samples == world->metrics.count)
        return;
    int64_t before_newest = (int64_t)(world->metrics.count - skipping->samples) - 1;
    skipping->samples = world->metrics.count;
    const struct metric_sample *newest = metrics_back(&world->metrics, 0);
    if (ends(skipping, &newest->values))
        skipping->limit_s = earliest(skipping->limit_s, newest->readable_s);
    if (before_newest > 0 && ends(skipping, &metrics_back(&world->metrics, 1)->values))
        skipping->limit_s = earliest(skipping->limit_s,
                                     newest->readable_s - before_newest * world->metrics.period_s);
}

static inline void renew(struct world *world)
{
    struct skipping *skipping = &world->skipping;
    if (skipping->settled != world->metrics.count) { /* no point of before says more */
        skipping->settled = world->metrics.count;
        compare_newest(world);
        if (skipping->differs)
            skipping->promise_s =
                metric_differs_until(&world->metrics, skipping->differing,
                                     skipping->differ_within_s, skipping->promise_s);
        skipping->promise_s = earliest(skipping->promise_s, skipping->limit_s);
    }
    skipping->until_s = skipping->promise_s;
    if (skipping->refused)
        skipping->until_s = earliest(skipping->until_s, group_cool_s(world));
}

void skipping_renew(struct world *world)
{
    if (world->skipping.holds)
        renew(world);
}

/* It holds no more: only for ticks that went by. */
static void end(struct world *world)
{
    if (!world->skipping.holds)
        return;
    skipping_count(world, world->now_s);
    world->skipping.again = world->skipping.asks_again;
    world->skipping.holds = false;
}

void skipping_settle(struct world *world)
{
    struct skipping *skipping = &world->skipping;
    if (!skipping->holds)
        return;
    bool holds = ((world->interruption_notices == 0 && world->rebalance_notices == 0) ||
                  controller_ignores_notices(world->controller)) &&
                 world->invocations.busy == 0 && fleet_active(world) == skipping->active &&
                 seen_holds(world);
    if (holds)
        renew(world);
    else
        end(world);
}

bool skipping_goes_on(struct world *world)
{
    if (world->tape)
        return true;
    const struct skipping *skipping = &world->skipping;
    if (!skipping->metrics_alone && !skipping->asks_again)
        skipping_settle(world);
    else if (skipping->metrics_alone || (skipping->holds && seen_fleet_holds(world)))
        renew(world);
    else
        end(world);
    return (!world->alarmed || world->alarm.state == alarm_says(metrics_pending(
                                                         &world->metrics, world->fleet.target_micro,
                                                         fleet_fulfilled(world))));
}

/* Whether it holds from now on because points differ until promise_s: then it goes on as if it had
 * been asked. */
static bool begins_to_differ(struct world *world, int64_t promise_s)
{
    struct skipping *skipping = &world->skipping;
    int64_t now_s = world->now_s;
    int64_t limit_s = faults_next_s(&world->scenario->controller.faults, now_s);
    promise_s = earliest(promise_s, limit_s);
    if (promise_s <= now_s || world->invocations.busy > 0)
        return false;
    skipping->holds = true;
    skipping->until_s = promise_s;
    skipping->promise_s = promise_s;
    skipping->limit_s = limit_s;
    skipping->differs = true;
    skipping->refused = false;
    skipping->refused_in = false;
    skipping->active = fleet_active(world);
    skipping->watches = false;
    skipping->settled = SIZE_MAX;
    skipping->any_group = true;
    refusals_end(&world->refusals, &world->accounting, now_s);
    return true;
}

bool skipping_begins_to_differ(struct world *world)
{
    const struct skipping *skipping = &world->skipping;
    if (!skipping->holds || !skipping->may_differ || skipping->differs ||
        world->now_s < skipping->foreseen_s || !begins_to_differ(world, skipping->foreseen_until_s))
        return false;
    count_ticks(world, 1);
    return true;
}

bool skipping_decides_again(struct world *world)
{
    struct skipping *skipping = &world->skipping;
    if (skipping->holds || !skipping->again)
        return false;
    compare_newest(world);
    if (world->now_s >= skipping->limit_s || world->invocations.busy > 0 ||
        fleet_active(world) != skipping->active || !seen_decides_again(world))
        return false;
    skipping->holds = true;
    renew(world);
    count_ticks(world, 1);
    return true;
}

bool skipping_tick(struct world *world)
{
    const struct skipping *skipping = &world->skipping;
    skipping_settle(world);
    bool held = skipping->holds && world->now_s < skipping->until_s;
    if (!held &&
        !(skipping->may_differ &&
          begins_to_differ(world, metric_differs_until(&world->metrics, skipping->differing,
                                                       skipping->differ_within_s, world->now_s))))
        return false;
    count_ticks(world, 1);
    return true;
}
