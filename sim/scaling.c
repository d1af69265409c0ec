#include "scaling.h"

#include "adjustment.h"
#include "base/decimal.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "fleet.h"

#include <assert.h>
#include <stdlib.h>

enum { MINUTE_S = 60, HOUR_S = 3600, PERCENT = 100 };

/* ---- alarms -------------------------------------------------------------------------------------
 */

static size_t range_of(const struct alarm_terms *terms, const struct scenario *scenario)
{
    return (size_t)(terms->periods + scenario->scaling.habits.alarm_extra_points);
}

/* The alarms target tracking makes for itself: above its target, and well below it. */
static struct alarm_terms tracking_terms(const struct scaling_policy *policy,
                                         const struct scaling_habits *habits, bool high)
{
    int64_t points = high ? habits->high_alarm_points : habits->low_alarm_points;
    int128 low_micro =
        divide_half_even((int128)policy->target_micro * habits->low_alarm_percent, PERCENT);
    return (struct alarm_terms){
        .metric = policy->metric,
        .statistic = policy->statistic,
        .period_s = MINUTE_S,
        .periods = points,
        .points = points,
        .threshold_micro = high ? policy->target_micro : (int64_t)low_micro,
        .comparison = high ? COMPARE_GREATER : COMPARE_LESS,
        .missing = MISSING_IS_MISSING,
    };
}

/* The i-th newest point of a metric; false when there are no more. */
static bool point_back(const struct world *world, enum watched_metric metric, size_t i,
                       int64_t *out_stamp_s, int64_t *out_readable_s, int64_t *out_micro)
{
    if (watched_is_of_cluster(metric)) {
        const struct reservation_sample *sample =
            reservations_back(&world->scaling->reservations, i);
        if (!sample)
            return false;
        *out_stamp_s = sample->stamp_s;
        *out_readable_s = sample->readable_s;
        *out_micro = sample->percent_micro[metric];
        return true;
    }
    const struct metric_sample *sample = metrics_back(&world->metrics, i);
    if (!sample)
        return false;
    *out_stamp_s = sample->stamp_s;
    *out_readable_s = sample->readable_s;
    *out_micro = sample->values.micro[metric - WATCHED_TARGET_CAPACITY];
    return true;
}

static void add_point(struct period_sum *period, int64_t value_micro)
{
    if (period->points == 0 || value_micro < period->min_micro)
        period->min_micro = value_micro;
    if (period->points == 0 || value_micro > period->max_micro)
        period->max_micro = value_micro;
    period->sum_micro += value_micro;
    period->points++;
}

static int64_t statistic_of(const struct period_sum *period, enum ballast_statistic statistic)
{
    switch (statistic) {
    case BALLAST_MAXIMUM:
        return period->max_micro;
    case BALLAST_MINIMUM:
        return period->min_micro;
    case BALLAST_AVERAGE:
        return (int64_t)divide_half_even(period->sum_micro, period->points);
    case BALLAST_SAMPLE_COUNT:
        return period->points * MICRO;
    case BALLAST_SUM:
    case BALLAST_STATISTICS:
        break;
    }
    return period->sum_micro;
}

/* Periods end at the last whole minute; those of one evaluation lie end to end. */
static void collect(const struct world *world, const struct alarm_terms *terms,
                    struct period_sum *periods, size_t range)
{
    int64_t end_s = timestamp_floor(world->now_s, MINUTE_S);
    int64_t start_s = end_s - (int64_t)range * terms->period_s;
    for (size_t i = 0; i < range; i++)
        periods[i] = (struct period_sum){0};
    int64_t stamp_s = 0;
    int64_t readable_s = 0;
    int64_t value_micro = 0;
    for (size_t i = 0; point_back(world, terms->metric, i, &stamp_s, &readable_s, &value_micro) &&
                       stamp_s >= start_s;
         i++) {
        if (stamp_s < end_s && readable_s <= world->now_s && value_micro != BALLAST_UNKNOWN)
            add_point(&periods[(end_s - 1 - stamp_s) / terms->period_s], value_micro);
    }
}

static void evaluate(struct world *world, struct watch *watch)
{
    struct scaling *scaling = world->scaling;
    size_t range = range_of(&watch->terms, world->scenario);
    collect(world, &watch->terms, scaling->periods, range);
    watch->newest = (struct period_sum){0};
    for (size_t i = 0; i < range; i++) {
        const struct period_sum *period = &scaling->periods[i];
        enum alarm_point *point = &scaling->points[range - 1 - i];
        *point = POINT_MISSING;
        if (period->points == 0)
            continue;
        if (watch->newest.points == 0)
            watch->newest = *period;
        int64_t value_micro = statistic_of(period, watch->terms.statistic);
        *point = alarm_breaches(&watch->terms, value_micro) ? POINT_BREACHING : POINT_FINE;
    }
    watch->state = alarm_evaluate(&watch->terms, scaling->points, range, watch->state);
}

/* ---- policies -----------------------------------------------------------------------------------
 */

/* What a policy wants of the fleet. */
struct wish {
    const struct scaling_policy *policy; /* NULL: nothing */
    bool out;
    int64_t target; /* units, within MinCapacity and MaxCapacity */
};

static int64_t base_now(const struct world *world)
{
    return world->scenario->scaling.habits.base_is_target ? world->fleet.target_micro
                                                          : fleet_fulfilled(world);
}

/* During a scale-out's cooldown the base is what that one started from, so that the capacity it
 * added counts toward the next. */
static int64_t base_for(const struct world *world, bool out)
{
    const struct cooldowns *cooldowns = &world->scaling->cooldowns;
    return out && world->now_s < cooldowns->out_until_s ? cooldowns->out_base_micro
                                                        : base_now(world);
}

/* The wish for `capacity`, or none where it is suspended or cooling down. */
static struct wish wish_for(const struct world *world, const struct scaling_policy *policy,
                            bool out, int64_t capacity)
{
    const struct fleet_scaling *terms = &world->scenario->scaling;
    const struct cooldowns *cooldowns = &world->scaling->cooldowns;
    int64_t now = world->fleet.target_micro / MICRO;
    if (out ? terms->out_suspended : terms->in_suspended || world->now_s < cooldowns->in_until_s)
        return (struct wish){0};
    bool cooling = world->now_s < cooldowns->out_until_s;
    if (out && capacity < now && (terms->habits.never_decrease_on_scale_out || cooling))
        capacity = now;
    if (!out && capacity > now)
        capacity = now;
    if (capacity > terms->max_capacity)
        capacity = terms->max_capacity;
    if (capacity < terms->min_capacity)
        capacity = terms->min_capacity;
    return (struct wish){.policy = policy, .out = out, .target = capacity};
}

static struct wish step_wish(const struct world *world, const struct scaling_policy *policy,
                             const struct watch *watch)
{
    if (watch->newest.points == 0) /* in ALARM by missing points alone: no metric to go by */
        return (struct wish){0};
    int64_t over_micro =
        statistic_of(&watch->newest, policy->aggregation) - watch->terms.threshold_micro;
    bool above = watch->terms.comparison == COMPARE_GREATER ||
                 watch->terms.comparison == COMPARE_GREATER_OR_EQUAL;
    const struct step_adjustment *step = adjustment_step(policy, over_micro, above);
    if (!step)
        return (struct wish){0};
    bool out = policy->adjustment_type == ADJUST_EXACT
                   ? step->adjustment * MICRO >= world->fleet.target_micro
                   : step->adjustment >= 0;
    return wish_for(world, policy, out,
                    adjusted_capacity(policy, base_for(world, out), step->adjustment));
}

static struct wish tracking_wish(const struct world *world, const struct scaling_policy *policy,
                                 const struct watch *watch, bool out)
{
    int64_t metric_micro = statistic_of(&watch->newest, policy->statistic);
    return wish_for(world, policy, out,
                    tracked_capacity(base_for(world, out), metric_micro, policy->target_micro));
}

static void take_larger(struct wish *largest, struct wish wish)
{
    if (wish.policy && (!largest->policy || wish.target > largest->target))
        *largest = wish;
}

/* Of the user's alarms. */
static void step_wishes(const struct world *world, struct wish *largest)
{
    const struct fleet_scaling *terms = &world->scenario->scaling;
    for (size_t i = 0; i < terms->alarm_count; i++) {
        const struct scaling_alarm *alarm = &terms->alarms[i];
        const struct watch *watch = &world->scaling->watches[i];
        if (watch->state != ALARM_ALARM || !alarm->actions_enabled)
            continue;
        for (size_t p = 0; p < alarm->policy_count; p++)
            take_larger(largest, step_wish(world, &terms->policies[alarm->policies[p]], watch));
    }
}

/* One policy that tracks a target and is not ready to scale in keeps all others that do from it. */
static void tracking_wishes(const struct world *world, struct wish *largest)
{
    const struct fleet_scaling *terms = &world->scenario->scaling;
    const struct watch *pairs = &world->scaling->watches[terms->alarm_count];
    bool all_low = true;
    const struct watch *pair = pairs;
    for (size_t i = 0; i < terms->policy_count; i++) {
        const struct scaling_policy *policy = &terms->policies[i];
        if (policy->type != SCALING_TARGET_TRACKING)
            continue;
        all_low = all_low && (policy->disable_scale_in || pair[1].state == ALARM_ALARM);
        pair += 2;
    }
    pair = pairs;
    for (size_t i = 0; i < terms->policy_count; i++) {
        const struct scaling_policy *policy = &terms->policies[i];
        if (policy->type != SCALING_TARGET_TRACKING)
            continue;
        if (pair[0].state == ALARM_ALARM)
            take_larger(largest, tracking_wish(world, policy, &pair[0], true));
        if (pair[1].state == ALARM_ALARM && all_low && !policy->disable_scale_in)
            take_larger(largest, tracking_wish(world, policy, &pair[1], false));
        pair += 2;
    }
}

/* Cooldowns begin as the fleet is modified. */
static void carry_out(struct world *world, const struct wish *wish)
{
    struct cooldowns *cooldowns = &world->scaling->cooldowns;
    if (wish->out) {
        if (world->now_s >= cooldowns->out_until_s)
            cooldowns->out_base_micro = base_now(world);
        cooldowns->out_until_s = world->now_s + wish->policy->out_cooldown_s;
        cooldowns->in_until_s = world->now_s;
    } else {
        cooldowns->in_until_s = world->now_s + wish->policy->in_cooldown_s;
    }
    fleet_modify(world, wish->target * MICRO, world->fleet.excess_no_termination);
}

void scaling_act(struct world *world)
{
    struct scaling *scaling = world->scaling;
    if (!scaling || world->now_s != scaling->next_look_s)
        return;
    scaling->next_look_s += MINUTE_S;
    for (size_t i = 0; i < scaling->watch_count; i++)
        evaluate(world, &scaling->watches[i]);
    if (!fleet_active(world))
        return;
    struct wish largest = {0};
    step_wishes(world, &largest);
    tracking_wishes(world, &largest);
    if (largest.policy && largest.target * MICRO != world->fleet.target_micro)
        carry_out(world, &largest);
}

/* ---- the cluster's points -----------------------------------------------------------------------
 */

void scaling_sample(struct world *world)
{
    struct scaling *scaling = world->scaling;
    if (!scaling || world->now_s != scaling->next_sample_s)
        return;
    scaling->next_sample_s += RESERVATION_PERIOD_S;
    struct cluster_reservation cluster = cluster_reservation(world);
    reservations_sample(&scaling->reservations, world->now_s, &cluster);
}

/* ---- start and end ------------------------------------------------------------------------------
 */

static int64_t reach_of(const struct alarm_terms *terms, const struct scenario *scenario)
{
    return (int64_t)range_of(terms, scenario) * terms->period_s + MINUTE_S;
}

int64_t scaling_reach_s(const struct scenario *scenario)
{
    int64_t reach_s = 0;
    for (size_t i = 0; i < scenario->scaling.alarm_count; i++) {
        const struct alarm_terms *terms = &scenario->scaling.alarms[i].terms;
        if (!watched_is_of_cluster(terms->metric) && reach_of(terms, scenario) > reach_s)
            reach_s = reach_of(terms, scenario);
    }
    return reach_s;
}

static void make_watches(struct scaling *scaling, const struct scenario *scenario)
{
    const struct fleet_scaling *terms = &scenario->scaling;
    scaling->watches =
        memory_new(terms->alarm_count + 2 * terms->policy_count, sizeof *scaling->watches);
    for (size_t i = 0; i < terms->alarm_count; i++)
        scaling->watches[scaling->watch_count++].terms = terms->alarms[i].terms;
    for (size_t i = 0; i < terms->policy_count; i++) {
        const struct scaling_policy *policy = &terms->policies[i];
        for (int low = 0; low < 2 && policy->type == SCALING_TARGET_TRACKING; low++)
            scaling->watches[scaling->watch_count++].terms =
                tracking_terms(policy, &terms->habits, !low);
    }
}

/* The cluster's points of a warm start: as if the state at `from` had always been. */
static void fill_history(struct world *world, int64_t reach_s)
{
    struct scaling *scaling = world->scaling;
    struct cluster_reservation cluster = cluster_reservation(world);
    int64_t last_s = scaling->next_sample_s - RESERVATION_PERIOD_S;
    for (int64_t i = (reach_s + HOUR_S) / RESERVATION_PERIOD_S + 1; i >= 0; i--)
        reservations_sample(&scaling->reservations, last_s - i * RESERVATION_PERIOD_S, &cluster);
}

void scaling_init(struct world *world, int64_t reach_s)
{
    const struct scenario *scenario = world->scenario;
    if (!scenario->scaling.given)
        return;
    struct scaling *scaling = memory_new(1, sizeof *scaling);
    world->scaling = scaling;
    make_watches(scaling, scenario);
    size_t range = 0;
    for (size_t i = 0; i < scaling->watch_count; i++) {
        const struct alarm_terms *terms = &scaling->watches[i].terms;
        if (range_of(terms, scenario) > range)
            range = range_of(terms, scenario);
        if (!watched_is_of_cluster(terms->metric))
            continue;
        scaling->watches_cluster = true;
        if (reach_of(terms, scenario) > reach_s)
            reach_s = reach_of(terms, scenario);
    }
    scaling->periods = memory_new(range, sizeof *scaling->periods);
    scaling->points = memory_new(range, sizeof *scaling->points);
    int64_t phase_s = scenario->scaling.habits.alarm_phase_s;
    scaling->next_look_s =
        timestamp_floor(world->from_s - phase_s + MINUTE_S - 1, MINUTE_S) + phase_s;
    scaling->next_sample_s = INT64_MAX;
    if (!scaling->watches_cluster)
        return;
    reservations_init(&scaling->reservations, scenario, reach_s);
    scaling->next_sample_s =
        timestamp_floor(world->from_s, RESERVATION_PERIOD_S) + RESERVATION_PERIOD_S - 1;
    if (!scenario->cold)
        fill_history(world, reach_s);
}

void scaling_clean_up(struct scaling *scaling)
{
    if (!scaling)
        return;
    reservations_clean_up(&scaling->reservations);
    free(scaling->watches);
    free(scaling->periods);
    free(scaling->points);
    free(scaling);
}

int64_t scaling_next_s(const struct scaling *scaling)
{
    if (!scaling)
        return INT64_MAX;
    return scaling->next_look_s < scaling->next_sample_s ? scaling->next_look_s
                                                         : scaling->next_sample_s;
}
