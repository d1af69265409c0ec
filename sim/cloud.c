/* The cloud port over the simulated account. */
#include "cluster.h"
#include "fleet.h"
#include "group.h"
#include "seconds.h"

#include "base/memory.h"

#include <string.h>

static int64_t now(void *context)
{
    const struct world *world = context;
    return world->now_s;
}

static void get_metric(const struct cloud_metric_query *query, struct ballast_point *out_points,
                       size_t capacity, struct ballast_answer *out_answer, void *context)
{
    struct world *world = context;
    metrics_query(&world->metrics, query, world->now_s, out_points, capacity, out_answer);
}

static void describe_fleet(struct ballast_fleet *out_fleet, struct ballast_answer *out_answer,
                           void *context)
{
    const struct world *world = context;
    *out_fleet = (struct ballast_fleet){
        .target_micro = world->fleet.target_micro,
        .fulfilled_micro = fleet_fulfilled(world),
        .active = fleet_active(world),
    };
    *out_answer = (struct ballast_answer){.status = BALLAST_OK, .fleet = out_fleet};
}

static void describe_group(struct ballast_group *out_group, void *context)
{
    const struct world *world = context;
    const struct backup_group *described = &world->scenario->group;
    *out_group = (struct ballast_group){
        .status = BALLAST_OK,
        .min_size = world->group.min_size,
        .max_size = world->group.max_size,
        .desired_capacity = world->group.desired_capacity,
        .in_service = world->group.running,
        .pending = (int64_t)world->group.alive_count - world->group.running,
        .units_per_instance_micro = described->units_per_instance_micro,
    };
}

static void describe_cluster(struct ballast_cluster *out_cluster, struct ballast_answer *out_answer,
                             void *context)
{
    bool found = cluster_describe(context, out_cluster);
    *out_answer = (struct ballast_answer){.status = found ? BALLAST_OK : BALLAST_EMPTY,
                                          .cluster = found ? out_cluster : NULL};
}

static void make_rows(struct fleet *fleet)
{
    struct pool_rows *rows = &fleet->rows;
    rows->list = memory_resize(rows->list, fleet->pool_count, sizeof *rows->list);
    for (size_t i = 0; i < fleet->pool_count; i++) {
        const struct fleet_pool *specification = fleet->pools[i].specification;
        if (!fleet->pools[i].retired)
            rows->list[rows->count++] =
                (struct ballast_spot_price){.instance_type = specification->instance_type,
                                            .zone = specification->zone,
                                            .weight_micro = specification->weight_micro};
    }
    rows->pool_changes = fleet->pool_changes - 1; /* neither capacity nor prices are known */
    rows->next_price_s = INT64_MIN;
}

/* The rows as they are now. Only what has changed is written. */
static const struct pool_rows *rows_now(struct world *world)
{
    struct fleet *fleet = &world->fleet;
    struct pool_rows *rows = &fleet->rows;
    fleet_prices(world);
    if (rows->count == 0)
        make_rows(fleet);
    const struct pool *pools = fleet->pools + fleet->pool_count - rows->count; /* the last ones */
    if (rows->pool_changes != fleet->pool_changes) {
        for (size_t i = 0; i < rows->count; i++)
            rows->list[i].fulfilled_micro = pools[i].running_micro;
        rows->pool_changes = fleet->pool_changes;
    }
    if (rows->next_price_s != fleet->next_price_s) {
        for (size_t i = 0; i < rows->count; i++) {
            const struct price_step *steps = pools[i].market->steps;
            rows->list[i].time_s = steps[pools[i].next_step - 1].time_s;
            rows->list[i].micro_usd_per_hour = pools[i].micro_usd_per_hour;
        }
        rows->next_price_s = fleet->next_price_s;
    }
    return rows;
}

static bool describe_spot_prices(struct ballast_spot_price *out_prices, size_t capacity,
                                 struct ballast_answer *out_answer, void *context)
{
    struct world *world = context;
    const struct pool_rows *rows = rows_now(world);
    size_t count = rows->count < capacity ? rows->count : capacity;
    if (count)
        memcpy(out_prices, rows->list, count * sizeof *out_prices);
    *out_answer = (struct ballast_answer){.status = count ? BALLAST_OK : BALLAST_EMPTY,
                                          .spot_prices = out_prices,
                                          .spot_price_count = count};
    return world->fleet.pools_distinct;
}

static enum cloud_outcome set_desired_capacity(int64_t desired_capacity, bool honor_cooldown,
                                               void *context)
{
    struct world *world = context;
    int64_t before = world->group.desired_capacity;
    enum cloud_outcome outcome = group_set_desired(world, desired_capacity, honor_cooldown);
    world->desired_call = (struct desired_call){outcome, before};
    return outcome;
}

static enum cloud_outcome set_fleet_target(int64_t target_units, void *context)
{
    struct world *world = context;
    if (world->fleet.request->type == FLEET_REQUEST || target_units < 0 ||
        target_units > FLEET_TARGET_MOST || !fleet_active(world))
        return CLOUD_VALIDATION_ERROR;
    fleet_modify(world, target_units * MICRO, world->fleet.excess_no_termination);
    return CLOUD_ACCEPTED;
}

static void notices(int64_t *out_interruption, int64_t *out_rebalance, void *context)
{
    struct world *world = context;
    *out_interruption = world->interruption_notices;
    *out_rebalance = rebalance_simulated(world) ? world->rebalance_notices : BALLAST_UNKNOWN;
    world->interruption_notices = 0;
    world->rebalance_notices = 0;
}

struct cloud simulated_cloud(struct world *world)
{
    return (struct cloud){
        .context = world,
        .now = now,
        .get_metric = get_metric,
        .describe_fleet = describe_fleet,
        .describe_group = describe_group,
        .describe_cluster = describe_cluster,
        .describe_spot_prices = describe_spot_prices,
        .set_desired_capacity = set_desired_capacity,
        .set_fleet_target = set_fleet_target,
        .notices = notices,
    };
}
