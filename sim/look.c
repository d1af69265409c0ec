/* What can be seen of an open simulation, and done to it (simulation.h). */
#include "cluster.h"
#include "fleet.h"
#include "group.h"
#include "instances.h"
#include "seconds.h"

#include "base/timestamp.h"

int64_t simulation_now(const struct simulation *simulation)
{
    return simulation->world.now_s;
}

void simulation_fleet(const struct simulation *simulation, struct fleet_seen *out_fleet)
{
    const struct world *world = &simulation->world;
    const struct fleet *fleet = &world->fleet;
    bool ended = world->now_s >= fleet->end_s;
    *out_fleet = (struct fleet_seen){
        .request = fleet->request,
        .target_micro = fleet->target_micro,
        .fulfilled_micro = fleet_fulfilled(world),
        .on_demand_base_micro = fleet->on_demand_base_micro,
        .on_demand_target_micro = fleet->on_demand_target_micro,
        .excess_no_termination = fleet->excess_no_termination,
        .active = fleet_active(world),
        .ended = ended ? fleet->end_cause : END_STILL_RUNNING,
        .end_s = fleet->end_s,
        .end_terminates = fleet->end_terminates,
        .instances = (int64_t)fleet->on_demand_count,
    };
    for (size_t i = 0; i < fleet->on_demand_count; i++) {
        const struct instance *instance = &world->instances[fleet->on_demand[i]];
        out_fleet->on_demand_fulfilled_micro += instance->running ? instance->weight_micro : 0;
    }
    for (size_t i = 0; i < fleet->pool_count; i++) {
        const struct pool *pool = &fleet->pools[i];
        for (size_t slot = 0; slot < pool->slot_count; slot++) {
            if (pool->slots[slot] == NO_INSTANCE)
                continue;
            const struct instance *instance = &world->instances[pool->slots[slot]];
            out_fleet->instances++;
            out_fleet->noticed +=
                instance->running && instance->notice_s != RECORD_NEVER && !by_ec2(instance->cause);
        }
    }
}

void simulation_group(const struct simulation *simulation, struct group_seen *out_group)
{
    const struct group *group = &simulation->world.group;
    *out_group = (struct group_seen){
        .min_size = group->min_size,
        .max_size = group->max_size,
        .default_cooldown_s = group->default_cooldown_s,
        .desired_capacity = group->desired_capacity,
        .activities = group->activities,
        .last_activity_end_s = group->last_activity_end_s,
        .waiting = group->waiting,
    };
}

size_t simulation_instance_count(const struct simulation *simulation)
{
    return simulation->world.instance_count;
}

void simulation_instance(const struct simulation *simulation, size_t number,
                         struct instance_seen *out_instance)
{
    const struct world *world = &simulation->world;
    const struct instance *instance = &world->instances[number];
    *out_instance = (struct instance_seen){
        .kind = instance->kind,
        .of_fleet = instance->of_fleet,
        .instance_type = instance_type_of(world, instance),
        .zone = instance_zone_of(world, instance),
        .weight_micro = instance->weight_micro,
        .requested_s = instance->requested_s,
        .running_s = instance->running ? instance->running_at_s : RECORD_NEVER,
        .joined_s = instance->joined ? instance->join_at_s : RECORD_NEVER,
        .notice_s = instance->notice_s,
        .ended_s = instance->ended_s,
        .end = instance->cause,
    };
}

bool simulation_cluster(const struct simulation *simulation, struct ballast_cluster *out_cluster)
{
    return cluster_describe(&simulation->world, out_cluster);
}

int64_t simulation_metric_period(const struct simulation *simulation)
{
    return simulation->world.metrics.period_s;
}

bool simulation_reservation(const struct simulation *simulation, enum watched_metric metric,
                            size_t i, struct reservation_seen *out_point, bool *out_readable)
{
    const struct world *world = &simulation->world;
    const struct reservation_sample *sample =
        world->scaling && world->scaling->watches_cluster
            ? reservations_back(&world->scaling->reservations, i)
            : NULL;
    if (!sample)
        return false;
    *out_point = (struct reservation_seen){sample->stamp_s, sample->percent_micro[metric]};
    *out_readable = sample->readable_s <= world->now_s;
    return true;
}

/* ---- calls on which faults fall -----------------------------------------------------------------
 */

/* Calls from outside are those of an invocation of their own: of the schedule's tick that came
 * last. The controller's is put aside meanwhile. */
static void enter(struct simulation *simulation)
{
    struct world *world = &simulation->world;
    const struct controller_settings *settings = &world->scenario->controller;
    int64_t first_s = aligned(world->from_s, settings->every_s, settings->phase_s);
    uint64_t ordinal =
        (uint64_t)(timestamp_floor(world->now_s - first_s, settings->every_s) / settings->every_s);
    simulation->aside = world->invocation;
    if (!simulation->called || simulation->outside.event != ordinal)
        simulation->outside = (struct invocation){
            .trigger = BALLAST_SCHEDULE, .event = ordinal, .delivered_s = world->now_s};
    simulation->called = true;
    world->invocation = simulation->outside;
}

static void leave(struct simulation *simulation)
{
    simulation->outside = simulation->world.invocation;
    simulation->world.invocation = simulation->aside;
}

const char *simulation_fault(struct simulation *simulation, enum fault_call call,
                             bool *out_after_effect)
{
    enter(simulation);
    const struct fault *fault = fault_of_call(&simulation->world, call);
    leave(simulation);
    *out_after_effect = fault && fault->after_effect;
    return fault ? fault->code : NULL;
}

void simulation_metric(struct simulation *simulation, const struct cloud_metric_query *query,
                       bool further, struct ballast_point *out_points, size_t capacity,
                       struct ballast_answer *out_answer)
{
    const struct world *world = &simulation->world;
    const struct cloud *cloud = further ? &world->account : &world->cloud;
    enter(simulation);
    cloud->get_metric(query, out_points, capacity, out_answer, cloud->context);
    leave(simulation);
}

/* ---- acts ---------------------------------------------------------------------------------------
 */

enum cloud_outcome simulation_set_desired(struct simulation *simulation, int64_t desired,
                                          bool honor_cooldown)
{
    struct world *world = &simulation->world;
    enum cloud_outcome outcome = group_set_desired(world, desired, honor_cooldown);
    world_settle(world);
    return outcome;
}

enum cloud_outcome simulation_modify_fleet(struct simulation *simulation, int64_t target_micro,
                                           int64_t on_demand_micro, bool excess_no_termination)
{
    struct world *world = &simulation->world;
    if (world->fleet.request->type == FLEET_REQUEST || !fleet_active(world) || target_micro < 0 ||
        target_micro > (int64_t)FLEET_TARGET_MOST * MICRO || on_demand_micro < 0)
        return CLOUD_VALIDATION_ERROR;
    world->fleet.on_demand_base_micro = on_demand_micro;
    fleet_modify(world, target_micro, excess_no_termination);
    world_settle(world);
    return CLOUD_ACCEPTED;
}

bool simulation_cancel_fleet(struct simulation *simulation, bool terminate_instances)
{
    struct world *world = &simulation->world;
    struct fleet *fleet = &world->fleet;
    if (fleet->closed)
        return false;
    fleet->end_s = world->now_s;
    fleet->end_cause = END_FLEET_CANCELLED;
    fleet->end_terminates = terminate_instances;
    fleet_close(world);
    world_settle(world);
    return true;
}

void simulation_update_group(struct simulation *simulation, int64_t min_size, int64_t max_size,
                             int64_t default_cooldown_s)
{
    struct world *world = &simulation->world;
    struct group *group = &world->group;
    group->min_size = min_size;
    group->max_size = max_size;
    group->default_cooldown_s = default_cooldown_s;
    int64_t desired = group->desired_capacity;
    if (desired < min_size || desired > max_size)
        group_set_desired(world, desired < min_size ? min_size : max_size, false);
    world_settle(world);
}

bool simulation_renew_group(struct simulation *simulation)
{
    struct group *group = &simulation->world.group;
    if (group->activities > 0 || group->alive_count > 0 || group->waiting > 0)
        return false;
    group->last_activity_end_s = RECORD_NEVER;
    return true;
}
