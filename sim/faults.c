#include "faults.h"

#include "draw.h"
#include "world.h"

#include <stdlib.h>
#include <string.h>

enum { PERMILLE = 1000 };

/* Third word of a fault's key after its place in the list: what it falls on. */
enum { ON_SCHEDULE = 0, ON_ALARM = 1, ON_POINTS = 2 };

static bool by_chance(const struct fault *fault, const uint64_t *key, size_t count)
{
    /* What always happens needs no draw: below 1000 is less than 1000. */
    return fault->permille == PERMILLE || draw_chance_key(fault->permille, key, count);
}

static void tell(const struct world *world, size_t index, enum fault_call call)
{
    const struct sim_observer *observer = world->observer;
    if (!observer || !observer->fault)
        return;
    const struct sim_fault told = {
        .time_s = world->now_s,
        .fault = &world->scenario->controller.faults.list[index],
        .call = call,
    };
    observer->fault(&told, observer->context);
}

/* Whether it falls on the invocation's `nth` call of this kind. */
static bool falls(const struct world *world, size_t index, const struct invocation *invocation,
                  enum fault_call call, uint64_t nth)
{
    const struct fault *fault = &world->scenario->controller.faults.list[index];
    if (!fault_is_due(fault, world->now_s, 60))
        return false;
    const uint64_t key[] = {world->scenario->seed,
                            DRAW_FAULT,
                            index,
                            invocation->trigger == BALLAST_ALARM ? ON_ALARM : ON_SCHEDULE,
                            invocation->event,
                            invocation->copy,
                            invocation->attempt,
                            (uint64_t)call,
                            nth};
    if (!by_chance(fault, key, sizeof key / sizeof key[0]))
        return false;
    tell(world, index, call);
    return true;
}

bool fault_of_invocation(const struct world *world, size_t index,
                         const struct invocation *invocation)
{
    return falls(world, index, invocation, CALL_ANY, 0);
}

bool fault_of_points(const struct faults *faults, size_t index, uint64_t seed, int64_t stamp_s,
                     int64_t period_s)
{
    const struct fault *fault = &faults->list[index];
    const uint64_t key[] = {seed, DRAW_FAULT, index, ON_POINTS, (uint64_t)stamp_s};
    return fault_is_due(fault, stamp_s, period_s) &&
           by_chance(fault, key, sizeof key / sizeof key[0]);
}

bool faults_touch_points(const struct faults *faults)
{
    for (size_t i = 0; i < faults->count; i++) {
        if (faults->list[i].kind == FAULT_LATE_METRICS ||
            faults->list[i].kind == FAULT_MISSING_METRICS)
            return true;
    }
    return false;
}

int64_t faults_next_s(const struct faults *faults, int64_t time_s)
{
    int64_t next_s = INT64_MAX;
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *fault = &faults->list[i];
        if (fault->kind == FAULT_LATE_METRICS || fault->kind == FAULT_MISSING_METRICS)
            continue;
        int64_t due_s = fault_next_s(fault, time_s, 60);
        next_s = due_s < next_s ? due_s : next_s;
    }
    return next_s;
}

/* ---- the cloud port -----------------------------------------------------------------------------
 */

const struct fault *fault_of_call(struct world *world, enum fault_call call)
{
    const struct faults *faults = &world->scenario->controller.faults;
    uint64_t nth = world->invocation.calls[call]++;
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *fault = &faults->list[i];
        if (fault->kind != FAULT_API_ERROR || (fault->call != CALL_ANY && fault->call != call))
            continue;
        if (falls(world, i, &world->invocation, call, nth))
            return fault;
    }
    return NULL;
}

static bool fails(struct world *world, enum fault_call call, struct ballast_answer *out_answer)
{
    const struct fault *fault = fault_of_call(world, call);
    if (fault)
        *out_answer = (struct ballast_answer){.status = BALLAST_ERROR, .error_code = fault->code};
    return fault != NULL;
}

static int64_t now(void *context)
{
    const struct world *world = context;
    return world->now_s;
}

static int oldest_first(const void *a, const void *b)
{
    const struct ballast_point *x = a;
    const struct ballast_point *y = b;
    return (x->time_s > y->time_s) - (x->time_s < y->time_s);
}

static int newest_first(const void *a, const void *b)
{
    return oldest_first(b, a);
}

/* In `points`, wherever they are. */
static void put_in_order(const struct world *world, struct ballast_point *points,
                         struct ballast_answer *answer)
{
    const struct faults *faults = &world->scenario->controller.faults;
    uint64_t nth = world->invocation.calls[CALL_GET_METRIC_STATISTICS] - 1;
    for (size_t i = 0; i < faults->count; i++) {
        if (faults->list[i].kind != FAULT_METRIC_ORDER ||
            !falls(world, i, &world->invocation, CALL_GET_METRIC_STATISTICS, nth))
            continue;
        if (answer->points != points)
            memcpy(points, answer->points, answer->point_count * sizeof *points);
        answer->points = points;
        qsort(points, answer->point_count, sizeof *points,
              faults->list[i].oldest_first ? oldest_first : newest_first);
        return;
    }
}

static void get_metric(const struct cloud_metric_query *query, struct ballast_point *out_points,
                       size_t capacity, struct ballast_answer *out_answer, void *context)
{
    struct world *world = context;
    bool statistics = query->api == BALLAST_GET_METRIC_STATISTICS;
    if (fails(world, statistics ? CALL_GET_METRIC_STATISTICS : CALL_GET_METRIC_DATA, out_answer)) {
        out_answer->points = out_points;
        return;
    }
    world->account.get_metric(query, out_points, capacity, out_answer, world->account.context);
    if (statistics && out_answer->point_count)
        put_in_order(world, out_points, out_answer);
}

static void describe_fleet(struct ballast_fleet *out_fleet, struct ballast_answer *out_answer,
                           void *context)
{
    struct world *world = context;
    if (!fails(world, CALL_DESCRIBE_SPOT_FLEET_REQUESTS, out_answer))
        world->account.describe_fleet(out_fleet, out_answer, world->account.context);
}

static void describe_group(struct ballast_group *out_group, void *context)
{
    struct world *world = context;
    const struct fault *fault = fault_of_call(world, CALL_DESCRIBE_AUTO_SCALING_GROUPS);
    world->account.describe_group(out_group, world->account.context);
    if (fault)
        *out_group = (struct ballast_group){
            .status = BALLAST_ERROR,
            .error_code = fault->code,
            .min_size = BALLAST_UNKNOWN,
            .max_size = BALLAST_UNKNOWN,
            .desired_capacity = BALLAST_UNKNOWN,
            .in_service = BALLAST_UNKNOWN,
            .pending = BALLAST_UNKNOWN,
            .units_per_instance_micro = out_group->units_per_instance_micro,
        };
}

static void describe_cluster(struct ballast_cluster *out_cluster, struct ballast_answer *out_answer,
                             void *context)
{
    struct world *world = context;
    if (!fails(world, CALL_DESCRIBE_CLUSTERS, out_answer))
        world->account.describe_cluster(out_cluster, out_answer, world->account.context);
}

static bool describe_spot_prices(struct ballast_spot_price *out_prices, size_t capacity,
                                 struct ballast_answer *out_answer, void *context)
{
    struct world *world = context;
    return !fails(world, CALL_DESCRIBE_SPOT_PRICE_HISTORY, out_answer) &&
           world->account.describe_spot_prices(out_prices, capacity, out_answer,
                                               world->account.context);
}

static enum cloud_outcome set_desired_capacity(int64_t desired_capacity, bool honor_cooldown,
                                               void *context)
{
    struct world *world = context;
    const struct fault *fault = fault_of_call(world, CALL_SET_DESIRED_CAPACITY);
    if (fault && !fault->after_effect)
        return CLOUD_FAILED;
    enum cloud_outcome outcome = world->account.set_desired_capacity(
        desired_capacity, honor_cooldown, world->account.context);
    return fault ? CLOUD_FAILED : outcome;
}

static enum cloud_outcome set_fleet_target(int64_t target_units, void *context)
{
    struct world *world = context;
    const struct fault *fault = fault_of_call(world, CALL_MODIFY_SPOT_FLEET_REQUEST);
    if (fault && !fault->after_effect)
        return CLOUD_FAILED;
    enum cloud_outcome outcome =
        world->account.set_fleet_target(target_units, world->account.context);
    return fault ? CLOUD_FAILED : outcome;
}

static void notices(int64_t *out_interruption, int64_t *out_rebalance, void *context)
{
    struct world *world = context;
    world->account.notices(out_interruption, out_rebalance, world->account.context);
}

struct cloud faulty_cloud(struct world *world)
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
