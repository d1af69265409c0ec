/* The backup Auto Scaling group: bounds, cooldown, activities, launches, scale-in order. */
#include "group.h"

#include "base/decimal.h"
#include "base/memory.h"
#include "base/pcg64.h"
#include "instances.h"

#include <stdlib.h>
#include <string.h>

/* The zone with fewest instances of those that have not refused, ties by order; zone_count if all
 * have. */
static size_t choose_zone(const struct group *group, size_t zone_count)
{
    size_t zone = zone_count;
    for (size_t i = 0; i < zone_count; i++) {
        if (!group->refused[i] &&
            (zone == zone_count || group->zone_count[i] < group->zone_count[zone]))
            zone = i;
    }
    return zone;
}

static uint64_t attempt_number(struct world *world)
{
    struct launch_counter *attempts = &world->group.attempts;
    if (attempts->second_s != world->now_s)
        *attempts = (struct launch_counter){.second_s = world->now_s};
    return attempts->count++;
}

/* Launch one instance. False if every zone refuses. */
static bool launch_one(struct world *world, bool warm)
{
    struct group *group = &world->group;
    size_t zone_count = world->scenario->group.zone_count;
    memset(group->refused, 0, zone_count * sizeof *group->refused);
    size_t zone = choose_zone(group, zone_count);
    uint64_t attempt = warm ? 0 : attempt_number(world);
    while (zone < zone_count && !warm && launch_refused(world, zone, attempt)) {
        group->refused[zone] = true;
        zone = choose_zone(group, zone_count);
    }
    if (zone == zone_count)
        return false;
    group->zone_count[zone]++;
    const struct instance wanted = {
        .kind = RECORD_ON_DEMAND,
        .pool = (int32_t)zone,
        .slot = -1,
        .weight_micro = world->scenario->group.units_per_instance_micro,
    };
    uint32_t index = instance_request(world, &wanted, &group->launches, warm);
    ARRAY_PUSH(group->alive, group->alive_count, group->alive_capacity, index);
    if (warm)
        tariff_cover(world); /* it runs, and only now is it one of the group's */
    if (!warm) {
        group->activities++;
        event_push(&world->queue, world->instances[index].running_at_s, EVENT_LAUNCH_ENDED, index);
    }
    return true;
}

/* Launch `count` instances; those that find no capacity wait. Returns how many were launched. */
static int64_t launch(struct world *world, int64_t count, bool warm)
{
    struct group *group = &world->group;
    int64_t failed = 0;
    for (int64_t i = 0; i < count; i++)
        failed += !launch_one(world, warm);
    if (failed == 0)
        return count;
    group->waiting += failed;
    group->activities += failed;
    for (int64_t i = 0; i < failed; i++)
        accounting_count(&world->accounting, FIGURE_events_on_demand_launch_failures, world->now_s);
    const struct sim_launch_failure failure = {
        .time_s = world->now_s,
        .fails_s = world->now_s + world->scenario->launch_failures.failure_s,
        .count = failed,
    };
    event_push(&world->queue, failure.fails_s, EVENT_LAUNCHES, (uint32_t)failed);
    if (world->observer && world->observer->launch_failed)
        world->observer->launch_failed(&failure, world->observer->context);
    return count - failed;
}

void group_launches_failed(struct world *world, int64_t count)
{
    struct group *group = &world->group;
    group->activities -= count;
    if (world->scenario->launch_failures.cools)
        group->last_activity_end_s = world->now_s;
    if (group->waiting == 0 || group->retry_pending)
        return;
    group->retry_pending = true;
    event_push(&world->queue, world->now_s + group->retry_delay_s, EVENT_LAUNCHES, 0);
}

void group_retry(struct world *world)
{
    struct group *group = &world->group;
    const struct launch_failures *failures = &world->scenario->launch_failures;
    int64_t waiting = group->waiting;
    group->retry_pending = false;
    group->waiting = 0;
    bool in_vain = waiting > 0 && launch(world, waiting, false) == 0;
    group->retry_delay_s = in_vain ? 2 * group->retry_delay_s : failures->retry_s;
    if (group->retry_delay_s > failures->retry_max_s)
        group->retry_delay_s = failures->retry_max_s;
}

void group_init(struct world *world)
{
    struct group *group = &world->group;
    const struct backup_group *described = &world->scenario->group;
    group->min_size = described->min_size;
    group->max_size = described->max_size;
    group->default_cooldown_s = described->default_cooldown_s;
    group->last_activity_end_s = RECORD_NEVER;
    group->desired_capacity = world->scenario->distribution.given ? distribution_begin(world)
                                                                  : described->desired_capacity;
    group->zone_count = memory_new(described->zone_count, sizeof *group->zone_count);
    group->launches = (struct launch_counter){.key = pcg64_word(described->instance_type),
                                              .second_s = RECORD_NEVER};
    group->refused = memory_new(described->zone_count, sizeof *group->refused);
    launch(world, group->desired_capacity, !world->scenario->cold);
}

void group_clean_up(struct group *group)
{
    free(group->alive);
    free(group->zone_count);
    free(group->refused);
    free(group->backup_places);
}

void group_activity_ended(struct world *world)
{
    world->group.activities--;
    world->group.last_activity_end_s = world->now_s;
}

void group_instance_gone(struct world *world, uint32_t index)
{
    struct group *group = &world->group;
    size_t i = 0;
    while (group->alive[i] != index)
        i++;
    const struct instance *gone = &world->instances[index];
    group->zone_count[gone->pool]--;
    if (gone->prepaid_since_s != RECORD_NEVER)
        group->prepaid--;
    group->alive_count--;
    memmove(&group->alive[i], &group->alive[i + 1],
            (group->alive_count - i) * sizeof *group->alive);
    tariff_cover(world);
}

/* Who goes first at scale-in, of one zone, has most of this: still being launched, newest first;
 * then closest to the next billing hour. Of equals the lowest number goes. */
static int64_t readiness_to_go(const struct world *world, uint32_t index)
{
    const struct instance *instance = &world->instances[index];
    return instance->running ? (world->now_s - instance->running_at_s) % SECONDS_PER_HOUR
                             : SECONDS_PER_HOUR + (int64_t)index;
}

static void terminate_one(struct world *world)
{
    struct group *group = &world->group;
    size_t zone = 0;
    for (size_t i = 1; i < world->scenario->group.zone_count; i++) {
        if (group->zone_count[i] > group->zone_count[zone])
            zone = i;
    }
    int64_t most = -1;
    uint32_t chosen = 0;
    for (size_t i = 0; i < group->alive_count; i++) {
        uint32_t index = group->alive[i];
        if (world->instances[index].pool != (int32_t)zone)
            continue;
        int64_t readiness = readiness_to_go(world, index);
        if (readiness > most || (readiness == most && index < chosen)) {
            most = readiness;
            chosen = index;
        }
    }
    bool running = world->instances[chosen].running;
    instance_end(world, chosen, running ? END_GROUP_SCALE_IN : END_LAUNCH_CANCELLED);
    /* A launch that is cancelled goes on as a termination: the activity changes its kind. */
    if (running)
        group->activities++;
    event_push(&world->queue, world->now_s + world->scenario->account.group_termination_s,
               EVENT_TERMINATION_ENDED, chosen);
}

int64_t group_cool_s(const struct world *world)
{
    const struct group *group = &world->group;
    if (group->activities > 0)
        return INT64_MAX;
    return group->last_activity_end_s == RECORD_NEVER
               ? INT64_MIN
               : group->last_activity_end_s + group->default_cooldown_s;
}

enum cloud_outcome group_set_desired(struct world *world, int64_t desired, bool honor_cooldown)
{
    struct group *group = &world->group;
    if (desired < group->min_size || desired > group->max_size)
        return CLOUD_VALIDATION_ERROR;
    if (honor_cooldown && world->now_s < group_cool_s(world))
        return CLOUD_SCALING_ACTIVITY_IN_PROGRESS;
    group->desired_capacity = desired;
    int64_t wanted = (int64_t)group->alive_count + group->waiting;
    if (wanted < desired)
        launch(world, desired - wanted, false);
    for (; wanted > desired && group->waiting > 0; wanted--)
        group->waiting--;
    if (group->waiting == 0) /* what fails from now on has nothing to do with what failed before */
        group->retry_delay_s = world->scenario->launch_failures.retry_s;
    for (; wanted > desired; wanted--)
        terminate_one(world);
    return CLOUD_ACCEPTED;
}
