/* The account as it is before its first second: warm, as if all had always been so, or cold. */
#include "cluster.h"
#include "fleet.h"
#include "group.h"
#include "seconds.h"

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Furthest back that the policy or the alarm looks, or whoever looks back over `also_s`. */
static int64_t reach(const struct policy_choice *choice, int64_t also_s)
{
    int64_t reach_s = 600;
    for (size_t i = 0; i < choice->policy->read_count; i++) {
        const struct ballast_read *read = &choice->policy->reads[i];
        int64_t lookback_s = read->lookback_parameter ? choice->values[read->lookback_parameter - 1]
                                                      : read->lookback_s;
        reach_s = lookback_s > reach_s ? lookback_s : reach_s;
    }
    return reach_s > also_s ? reach_s : also_s;
}

void world_fill_history(struct world *world, int64_t reach_s)
{
    const struct fleet *fleet = &world->fleet;
    int64_t period_s = world->metrics.period_s;
    int64_t last_s = metrics_sample_time(&world->metrics, world->from_s) - period_s;
    int64_t points = (reach_s + 3600) / period_s + 2;
    for (int64_t i = points - 1; i >= 0; i--) {
        if (last_s - i * period_s < 0)
            continue;
        int64_t readable_s = metrics_sample(&world->metrics, last_s - i * period_s,
                                            fleet->target_micro, fleet->fulfilled_micro, 0);
        if (readable_s > world->from_s && world->alarmed)
            alarm_expect(world, readable_s);
    }
    if (!world->alarmed)
        return;
    alarm_look(world);
    /* Had it been like this for ever, the alarm would have fired long ago. */
    world->alarm.fired = false;
}

int64_t world_begin_watching(struct world *world, int64_t reach_s)
{
    const struct scenario *scenario = world->scenario;
    world->now_s = scenario->from_s;
    world->from_s = scenario->from_s;
    world->refusals.since_s = RECORD_NEVER;
    world->alarm.expires_s = INT64_MAX;
    reach_s = reach(&scenario->policy, most(reach_s, scaling_reach_s(scenario)));
    metrics_init(&world->metrics, scenario, reach_s);
    world->controller = controller_new(scenario->policy.policy, scenario->policy.values,
                                       &scenario->controller.guards);
    world->next_sample_s = metrics_sample_time(&world->metrics, world->from_s);
    world->next_schedule_s =
        world->controlled
            ? aligned(world->from_s, scenario->controller.every_s, scenario->controller.phase_s)
            : INT64_MAX;
    return reach_s;
}

int world_begin(struct world *world, int64_t reach_s, struct error *err)
{
    const struct scenario *scenario = world->scenario;
    const int64_t asked_s = reach_s;
    reach_s = world_begin_watching(world, reach_s);
    accounting_init(&world->accounting, scenario->measure_from_s, scenario->measure_to_s,
                    scenario->group.units_per_instance_micro);
    world->accounting.prepaid_instances = scenario->price_terms.prepaid_instances;
    interruptions_init(world);
    int status = fleet_init(world, err);
    if (status)
        return status;
    launch_failures_init(world);
    rebalance_init(world);
    cluster_init(world);
    world->account = simulated_cloud(world);
    world->cloud = scenario->controller.faults.count ? faulty_cloud(world) : world->account;
    world->recorder = (struct controller_recorder){.context = world, .evaluation = evaluated};
    world->next_fleet_tick_s = aligned(world->from_s, scenario->account.fleet_tick_s, 0);

    /* Modifications and demand before the start are in force at the start. */
    world_demand(world);
    const struct fleet_modification *changes = scenario->modifications;
    while (world->fleet.next_modification < scenario->modification_count &&
           changes[world->fleet.next_modification].time_s < world->from_s) {
        const struct fleet_modification *change = &changes[world->fleet.next_modification++];
        world->fleet.on_demand_base_micro = change->on_demand_micro;
        bool keeps = change->target_micro == TARGET_KEPT;
        fleet_set_target(world, keeps ? world->fleet.target_micro : change->target_micro);
        world->fleet.excess_no_termination = change->excess_no_termination;
    }
    if (scenario->target_follows_demand)
        fleet_set_target(world, fleet_target_of_demand(world->accounting.now.required_micro));
    world->fleet.closed = world->fleet.end_s <= world->from_s;
    if (!world->tape)
        group_init(world);
    if (!scenario->cold && fleet_active(world)) {
        fleet_launch(world, true);
        world_fill_history(world, reach_s);
    }
    cluster_start(world);
    world->accounting.now.tasks_unserved = cluster_tasks_unserved(world);
    scaling_init(world, asked_s);
    world->accounting.held = world->accounting.now;
    world->accounting.held_since_s = world->from_s;
    return STATUS_OK;
}
