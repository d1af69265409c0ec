/* The backup Auto Scaling group: bounds, cooldown, activities, launches, scale-in order. */
#include "base/decimal.h"
#include "base/memory.h"
#include "base/pcg64.h"
#include "world.h"

#include <stdlib.h>
#include <string.h>

/* Launch one instance in the zone with fewest, ties by order. */
static void launch_one(struct world *world, bool warm)
{
    struct group *group = &world->group;
    size_t zone = 0;
    for (size_t i = 1; i < world->scenario->group.zone_count; i++) {
        if (group->zone_count[i] < group->zone_count[zone])
            zone = i;
    }
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
}

void group_init(struct world *world)
{
    struct group *group = &world->group;
    const struct backup_group *described = &world->scenario->group;
    group->last_activity_end_s = RECORD_NEVER;
    group->desired_capacity = described->desired_capacity;
    group->zone_count = memory_new(described->zone_count, sizeof *group->zone_count);
    group->launches = (struct launch_counter){.key = pcg64_word(described->instance_type),
                                              .second_s = RECORD_NEVER};
    for (int64_t i = 0; i < group->desired_capacity; i++)
        launch_one(world, !world->scenario->cold);
}

void group_clean_up(struct group *group)
{
    free(group->alive);
    free(group->zone_count);
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

/* Whether a goes before b at scale-in, both in one zone: still being launched first, newest first;
 * then closest to the next billing hour; then the lowest number. */
static bool goes_first(const struct world *world, uint32_t a, uint32_t b)
{
    const struct instance *x = &world->instances[a];
    const struct instance *y = &world->instances[b];
    if (x->running != y->running)
        return !x->running;
    if (!x->running)
        return a > b;
    int64_t into_hour_x = (world->now_s - x->running_at_s) % SECONDS_PER_HOUR;
    int64_t into_hour_y = (world->now_s - y->running_at_s) % SECONDS_PER_HOUR;
    return into_hour_x != into_hour_y ? into_hour_x > into_hour_y : a < b;
}

static void terminate_one(struct world *world)
{
    struct group *group = &world->group;
    size_t zone = 0;
    for (size_t i = 1; i < world->scenario->group.zone_count; i++) {
        if (group->zone_count[i] > group->zone_count[zone])
            zone = i;
    }
    bool found = false;
    uint32_t chosen = 0;
    for (size_t i = 0; i < group->alive_count; i++) {
        uint32_t index = group->alive[i];
        if (world->instances[index].pool == (int32_t)zone &&
            (!found || goes_first(world, index, chosen))) {
            chosen = index;
            found = true;
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

enum cloud_outcome group_set_desired(struct world *world, int64_t desired, bool honor_cooldown)
{
    struct group *group = &world->group;
    const struct backup_group *described = &world->scenario->group;
    if (desired < described->min_size || desired > described->max_size)
        return CLOUD_VALIDATION_ERROR;
    if (honor_cooldown) {
        bool cooling = group->last_activity_end_s != RECORD_NEVER &&
                       world->now_s < group->last_activity_end_s + described->default_cooldown_s;
        if (group->activities > 0 || cooling)
            return CLOUD_SCALING_ACTIVITY_IN_PROGRESS;
    }
    group->desired_capacity = desired;
    while ((int64_t)group->alive_count < desired)
        launch_one(world, false);
    while ((int64_t)group->alive_count > desired)
        terminate_one(world);
    return CLOUD_ACCEPTED;
}
