#include "lane.h"

#include "base/memory.h"
#include "beside.h"
#include "world.h"

#include <stdlib.h>

struct lane {
    struct world world;
    struct beside beside;
    const struct needs *needs;
};

static int64_t earliest(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void settle(struct lane *lane)
{
    check_invariants(&lane->world);
    beside_settle(&lane->beside, &lane->world);
}

/* ---- seconds ------------------------------------------------------------------------------------
 */

/* What happens to the group up to second time_s, which is not over yet. */
static void go_on(struct lane *lane, int64_t time_s)
{
    struct world *world = &lane->world;
    int64_t next_s = event_next_time(&world->queue);
    for (; next_s <= time_s; next_s = event_next_time(&world->queue)) {
        world->now_s = next_s;
        world_events(world, EVENT_LAUNCH_RETRY);
        settle(lane);
    }
    world->now_s = time_s;
}

static struct ballast_group describe(const struct world *world)
{
    struct ballast_group group;
    world->account.describe_group(&group, world->account.context);
    return group;
}

/* One evaluation, now. Returns how the call ended. */
static enum cloud_outcome evaluate(struct lane *lane, const struct need *need)
{
    struct world *world = &lane->world;
    const struct scenario *scenario = world->scenario;
    const struct controller_guards *guards = &scenario->controller.guards;
    const struct sizing sizing = {
        .need = need->instances, .unclamped = need->unclamped, .out_only = need->out_only};
    struct controller_decided decided = {.observation = {.group = describe(world)}};
    decided.decision = sizing_decide(&decided.observation.group, &sizing);
    decided.action = decided.decision.action;
    decided.desired_capacity = decided.decision.desired_capacity;
    if (decided.action == BALLAST_SET_DESIRED)
        controller_limit(guards, &decided);
    enum cloud_outcome outcome = CLOUD_NOT_CALLED;
    if (decided.action == BALLAST_SET_DESIRED)
        outcome = guards->dry_run
                      ? CLOUD_DRY_RUN
                      : world->account.set_desired_capacity(decided.desired_capacity,
                                                            decided.decision.honor_cooldown,
                                                            world->account.context);
    const struct controller_evaluation evaluation = {
        .decision = &decided.decision,
        .action = decided.action,
        .desired_capacity = decided.desired_capacity,
        .outcome = outcome,
    };
    evaluation_count(world, &evaluation);
    settle(lane);
    return outcome;
}

/* Whether an evaluation for this need leaves the group alone, without asking. */
static bool is_quiet(const struct lane *lane, const struct need *need)
{
    const struct group *group = &lane->world.group;
    if (need->holds)
        return true;
    int64_t instances = need->unclamped
                            ? need->instances
                            : sizing_clamp(need->instances, group->min_size, group->max_size);
    return instances == group->desired_capacity ||
           (need->out_only && instances < group->desired_capacity);
}

/* Evaluations of the schedule in (after_s, before_s) that are refused like the one before. */
static void count_refused(struct lane *lane, int64_t after_s, int64_t before_s)
{
    struct accounting *accounting = &lane->world.accounting;
    int64_t every_s = lane->world.scenario->controller.every_s;
    int64_t first_s = after_s + every_s;
    if (first_s < accounting->window_from_s)
        first_s += (accounting->window_from_s - first_s + every_s - 1) / every_s * every_s;
    before_s = earliest(before_s, accounting->window_to_s);
    if (first_s < before_s)
        accounting->events[FIGURE_events_scale_in_refused] +=
            (before_s - 1 - first_s) / every_s + 1;
}

/* The first evaluation after time_s that may end in another way: one that is made when something
 * has happened to the group, or the cooldown is over. */
static int64_t next_chance_s(const struct lane *lane, int64_t time_s)
{
    const struct world *world = &lane->world;
    int64_t every_s = world->scenario->controller.every_s;
    int64_t change_s = earliest(group_cool_s(world), event_next_time(&world->queue));
    if (change_s <= time_s + every_s)
        return time_s + every_s;
    if (change_s >= world->scenario->to_s)
        return INT64_MAX;
    return time_s + (change_s - time_s + every_s - 1) / every_s * every_s;
}

/* All evaluations of an entry, whose end is before end_s. */
static void go_through(struct lane *lane, const struct need *need, int64_t end_s)
{
    struct world *world = &lane->world;
    int64_t time_s = need->first_s;
    do { /* the first one also where the next entry begins in its second: the alarm's comes first */
        go_on(lane, time_s);
        enum cloud_outcome outcome = evaluate(lane, need);
        if (need->once || is_quiet(lane, need) || outcome == CLOUD_DRY_RUN)
            return;
        int64_t next_s = time_s + world->scenario->controller.every_s;
        if (outcome == CLOUD_NOT_CALLED) /* a guard forbids it, and will */
            return;
        if (outcome == CLOUD_VALIDATION_ERROR)
            next_s = end_s;
        if (outcome == CLOUD_SCALING_ACTIVITY_IN_PROGRESS)
            next_s = earliest(next_chance_s(lane, time_s), end_s);
        if (world->refusals.since_s != RECORD_NEVER)
            count_refused(lane, time_s, next_s);
        time_s = next_s;
    } while (time_s < end_s);
}

/* Whether no entry of the block can change the group as it is, which is within its bounds. */
static bool block_is_quiet(const struct lane *lane, size_t block)
{
    const struct group *group = &lane->world.group;
    const struct needs *needs = lane->needs;
    int64_t most = needs->most[block];
    int64_t least = needs->least[block];
    if (needs->clamps) {
        most = most == INT64_MIN ? most : sizing_clamp(most, group->min_size, group->max_size);
        least = least == INT64_MAX ? least : sizing_clamp(least, group->min_size, group->max_size);
    }
    return most <= group->desired_capacity && least >= group->desired_capacity;
}

static void go_through_all(struct lane *lane)
{
    const struct needs *needs = lane->needs;
    struct world *world = &lane->world;
    for (size_t i = 0; i < needs->count; i++) {
        const struct need *need = &needs->list[i];
        bool refusing = world->refusals.since_s != RECORD_NEVER;
        if (!refusing && i % NEEDS_BLOCK == 0 && block_is_quiet(lane, i / NEEDS_BLOCK)) {
            i += NEEDS_BLOCK - 1;
            continue;
        }
        if (is_quiet(lane, need)) {
            refusals_end(world, need->first_s);
            continue;
        }
        go_through(lane, need,
                   i + 1 < needs->count ? needs->list[i + 1].first_s : world->scenario->to_s);
    }
    go_on(lane, world->scenario->to_s - 1);
}

/* ---- as a whole ---------------------------------------------------------------------------------
 */

void lane_run(const struct scenario *scenario, struct fleet_tape *tape, const struct needs *needs,
              struct figures *out_figures)
{
    struct lane *lane = memory_new(1, sizeof *lane);
    struct world *world = &lane->world;
    lane->needs = needs;
    world->scenario = scenario;
    world->now_s = scenario->from_s;
    world->from_s = scenario->from_s;
    world->refusals.since_s = RECORD_NEVER;
    world->account = simulated_cloud(world);
    beside_begin(&lane->beside, tape, world);
    go_through_all(lane);
    world->accounting.events[FIGURE_events_evaluations] = needs->evaluations;
    beside_finish(&lane->beside, world, out_figures);
    world_clean_up(world);
    free(lane);
}
