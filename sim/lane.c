#include "lane.h"

#include "beside.h"
#include "cohorts.h"
#include "seconds.h"

struct lane {
    const struct scenario *scenario;
    const struct needs *needs;
    struct cohorts group;
    struct beside beside;
    struct refusals refusals;
    struct accounting accounting; /* the group's bills and events */
};

static int64_t earliest(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t up_micro(const struct lane *lane)
{
    return lane->group.serving * lane->scenario->group.units_per_instance_micro;
}

static void settle(struct lane *lane)
{
    beside_settle(&lane->beside, lane->group.now_s, up_micro(lane), lane->group.running > 0);
}

/* ---- seconds ------------------------------------------------------------------------------------
 */

/* What happens to the group up to second time_s, which is not over yet. */
static void go_on(struct lane *lane, int64_t time_s)
{
    struct cohorts *group = &lane->group;
    int64_t next_s = event_next_time(&group->queue);
    for (; next_s <= time_s; next_s = event_next_time(&group->queue)) {
        group->now_s = next_s;
        cohorts_events(group);
        settle(lane);
    }
    group->now_s = time_s;
}

/* How many instances are needed, within the group's bounds. */
static int64_t wanted(const struct lane *lane, const struct need *need)
{
    const struct backup_group *group = &lane->scenario->group;
    return need->unclamped ? need->instances
                           : sizing_clamp(need->instances, group->min_size, group->max_size);
}

/* Whether an evaluation for this need leaves the group alone, without asking. */
static bool is_quiet(const struct lane *lane, const struct need *need)
{
    if (need->holds)
        return true;
    int64_t instances = wanted(lane, need);
    int64_t desired = lane->group.desired_capacity;
    return instances == desired || (instances < desired ? need->out_only : need->in_only);
}

/* What the guards leave of a call for so many; false: nothing. */
static bool guard(const struct lane *lane, int64_t *desired)
{
    const struct controller_guards *guards = &lane->scenario->controller.guards;
    if (guards->max_desired_instances == 0 && guards->max_step_instances == 0)
        return true;
    struct controller_decided decided = {
        .observation.group = {.status = BALLAST_OK,
                              .desired_capacity = lane->group.desired_capacity},
        .action = BALLAST_SET_DESIRED,
        .desired_capacity = *desired,
    };
    controller_limit(guards, &decided);
    *desired = decided.desired_capacity;
    return decided.action == BALLAST_SET_DESIRED;
}

/* The call in the figures, as evaluation_count has it. */
static void count_call(struct lane *lane, enum cloud_outcome outcome, int64_t before,
                       int64_t desired)
{
    struct accounting *accounting = &lane->accounting;
    int64_t now_s = lane->group.now_s;
    if (outcome == CLOUD_ACCEPTED && desired > before)
        accounting_count(accounting, FIGURE_events_scale_out, now_s);
    if (outcome == CLOUD_ACCEPTED && desired < before)
        accounting_count(accounting, FIGURE_events_scale_in, now_s);
    bool refused =
        outcome == CLOUD_SCALING_ACTIVITY_IN_PROGRESS || outcome == CLOUD_VALIDATION_ERROR;
    if (!refused || desired >= before) {
        refusals_end(&lane->refusals, accounting, now_s);
        return;
    }
    accounting_count(accounting, FIGURE_events_scale_in_refused, now_s);
    if (lane->refusals.since_s == RECORD_NEVER)
        lane->refusals.since_s = now_s;
}

/* One evaluation, now, that does not leave the group alone. Returns how the call ended. */
static enum cloud_outcome evaluate(struct lane *lane, const struct need *need)
{
    int64_t before = lane->group.desired_capacity;
    int64_t desired = wanted(lane, need);
    enum cloud_outcome outcome = CLOUD_NOT_CALLED;
    if (guard(lane, &desired))
        outcome = lane->scenario->controller.guards.dry_run
                      ? CLOUD_DRY_RUN
                      : cohorts_set_desired(&lane->group, desired);
    count_call(lane, outcome, before, desired);
    settle(lane);
    return outcome;
}

/* Evaluations of the schedule in (after_s, before_s) that are refused like the one before. */
static void count_refused(struct lane *lane, int64_t after_s, int64_t before_s)
{
    struct accounting *accounting = &lane->accounting;
    int64_t every_s = lane->scenario->controller.every_s;
    int64_t first_s = after_s + every_s;
    if (first_s < accounting->window_from_s)
        first_s += (accounting->window_from_s - first_s + every_s - 1) / every_s * every_s;
    before_s = earliest(before_s, accounting->window_to_s);
    if (first_s < before_s)
        accounting->events[FIGURE_events_scale_in_refused] +=
            (before_s - 1 - first_s) / every_s + 1;
}

/* The first evaluation after time_s, when one was refused, that may not be: the cooldown is over.
 */
static int64_t next_chance_s(const struct lane *lane, int64_t time_s)
{
    int64_t every_s = lane->scenario->controller.every_s;
    int64_t cool_s = cohorts_cool_s(&lane->group);
    if (cool_s >= lane->scenario->to_s)
        return INT64_MAX;
    return time_s + (cool_s - time_s + every_s - 1) / every_s * every_s;
}

/* All evaluations of an entry, whose end is before end_s. */
static void go_through(struct lane *lane, const struct need *need, int64_t end_s)
{
    int64_t time_s = need->first_s;
    do { /* the first one also where the next entry begins in its second: the alarm's comes first */
        go_on(lane, time_s);
        enum cloud_outcome outcome = evaluate(lane, need);
        if (need->once || is_quiet(lane, need) || outcome == CLOUD_DRY_RUN)
            return;
        int64_t next_s = time_s + lane->scenario->controller.every_s;
        if (outcome == CLOUD_NOT_CALLED) /* a guard forbids it, and will */
            return;
        if (outcome == CLOUD_VALIDATION_ERROR)
            next_s = end_s;
        if (outcome == CLOUD_SCALING_ACTIVITY_IN_PROGRESS)
            next_s = earliest(next_chance_s(lane, time_s), end_s);
        if (lane->refusals.since_s != RECORD_NEVER)
            count_refused(lane, time_s, next_s);
        time_s = next_s;
    } while (time_s < end_s);
}

/* Whether no entry of the block can change the group as it is, which is within its bounds. */
static bool block_is_quiet(const struct lane *lane, size_t block)
{
    const struct backup_group *group = &lane->scenario->group;
    int64_t desired = lane->group.desired_capacity;
    const struct needs *needs = lane->needs;
    int64_t most = needs->most[block];
    int64_t least = needs->least[block];
    if (needs->clamps) {
        most = most == INT64_MIN ? most : sizing_clamp(most, group->min_size, group->max_size);
        least = least == INT64_MAX ? least : sizing_clamp(least, group->min_size, group->max_size);
    }
    return most <= desired && least >= desired;
}

static void go_through_all(struct lane *lane)
{
    const struct needs *needs = lane->needs;
    for (size_t i = 0; i < needs->count; i++) {
        const struct need *need = &needs->list[i];
        bool refusing = lane->refusals.since_s != RECORD_NEVER;
        if (!refusing && i % NEEDS_BLOCK == 0 && block_is_quiet(lane, i / NEEDS_BLOCK)) {
            i += NEEDS_BLOCK - 1;
            continue;
        }
        if (is_quiet(lane, need)) {
            refusals_end(&lane->refusals, &lane->accounting, need->first_s);
            continue;
        }
        go_through(lane, need,
                   i + 1 < needs->count ? needs->list[i + 1].first_s : lane->scenario->to_s);
    }
    go_on(lane, lane->scenario->to_s - 1);
}

/* ---- as a whole ---------------------------------------------------------------------------------
 */

void lane_run(const struct scenario *scenario, struct fleet_tape *tape, const struct needs *needs,
              struct figures *out_figures)
{
    struct lane lane = {.scenario = scenario, .needs = needs, .refusals.since_s = RECORD_NEVER};
    accounting_init(&lane.accounting, scenario->measure_from_s, scenario->measure_to_s,
                    scenario->group.units_per_instance_micro);
    cohorts_begin(&lane.group, scenario, &lane.accounting);
    beside_begin(&lane.beside, tape, scenario, up_micro(&lane), lane.group.running > 0);
    go_through_all(&lane);
    refusals_end(&lane.refusals, &lane.accounting,
                 earliest(scenario->to_s, scenario->measure_to_s));
    cohorts_close(&lane.group);
    lane.accounting.events[FIGURE_events_evaluations] = needs->evaluations;
    beside_finish(&lane.beside, &lane.accounting, out_figures);
    cohorts_clean_up(&lane.group);
}
