/* Bounds of a run: what it served and required as it is told, cut into tasks, and solved. */
#include "bound.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "bound_parts.h"
#include "schedule.h"

#include <stdlib.h>

enum {
    EXACT_ARCS = 100000, /* the whole window at once if its network has at most so many arcs */
    TASK_ARCS = 30000,   /* else in tasks of about so many */
    TASK_S = 24 * 3600,  /* of so long */
    COARSEST_S = 600,
    ARCS_HOURLY = 5, /* of an hour's point of one purchase */
};

struct curve {
    struct demand_step *steps;
    size_t count;
    size_t capacity;
};

struct bounds {
    const struct scenario *scenario;
    const struct trace_set *traces;
    const struct record_sink *onward;
    struct purchases purchases;
    struct curve served;
    struct curve required;
    bool told; /* of any capacity */
    const char *lower_reason;
    const char *full_reason;
    struct schedule lower_schedule;
    struct schedule full_schedule;
};

/* ---- what the run tells -----------------------------------------------------------------------
 */

static void add_step(struct curve *curve, int64_t time_s, int64_t micro)
{
    if (curve->count && curve->steps[curve->count - 1].time_s == time_s)
        curve->steps[curve->count - 1].required_micro = micro;
    else if (!curve->count || curve->steps[curve->count - 1].required_micro != micro)
        ARRAY_PUSH(curve->steps, curve->count, curve->capacity,
                   ((struct demand_step){time_s, micro}));
}

static int on_capacity(const struct record_capacity *capacity, void *context)
{
    struct bounds *bounds = context;
    int64_t up = capacity->spot_up_micro + capacity->on_demand_up_micro;
    add_step(&bounds->served, capacity->time_s,
             up < capacity->required_micro ? up : capacity->required_micro);
    add_step(&bounds->required, capacity->time_s, capacity->required_micro);
    if (bounds->onward && bounds->onward->capacity)
        return bounds->onward->capacity(capacity, bounds->onward->context);
    return STATUS_OK;
}

static int on_instance(const struct record_instance *instance, void *context)
{
    struct bounds *bounds = context;
    if (instance->warm)
        purchases_warm(&bounds->purchases, instance->kind == RECORD_SPOT, instance->instance_type,
                       instance->zone, instance->weight_micro);
    if (bounds->onward && bounds->onward->instance)
        return bounds->onward->instance(instance, bounds->onward->context);
    return STATUS_OK;
}

static int on_interruption(const struct record_interruption *interruption, void *context)
{
    struct bounds *bounds = context;
    if (bounds->onward && bounds->onward->interruption)
        return bounds->onward->interruption(interruption, bounds->onward->context);
    return STATUS_OK;
}

static int on_decision(const struct record_decision *decision, void *context)
{
    struct bounds *bounds = context;
    if (bounds->onward && bounds->onward->decision)
        return bounds->onward->decision(decision, bounds->onward->context);
    return STATUS_OK;
}

static int on_rebalance(const struct record_rebalance *rebalance, void *context)
{
    struct bounds *bounds = context;
    if (bounds->onward && bounds->onward->rebalance)
        return bounds->onward->rebalance(rebalance, bounds->onward->context);
    return STATUS_OK;
}

struct bounds *bounds_new(const struct scenario *scenario, const struct trace_set *traces,
                          const struct record_sink *onward)
{
    struct bounds *bounds = memory_new(1, sizeof *bounds);
    bounds->scenario = scenario;
    bounds->traces = traces;
    bounds->onward = onward;
    purchases_set_up(&bounds->purchases, scenario, traces);
    return bounds;
}

void bounds_free(struct bounds *bounds)
{
    if (!bounds)
        return;
    purchases_clean_up(&bounds->purchases);
    schedule_clean_up(&bounds->lower_schedule);
    schedule_clean_up(&bounds->full_schedule);
    free(bounds->served.steps);
    free(bounds->required.steps);
    free(bounds);
}

struct record_sink bounds_sink(struct bounds *bounds)
{
    return (struct record_sink){
        .context = bounds,
        .capacity = on_capacity,
        .instance = on_instance,
        .interruption = on_interruption,
        .decision = on_decision,
        .rebalance = bounds->onward && !bounds->onward->rebalance ? NULL : on_rebalance,
    };
}

/* ---- whether it can be served at all ----------------------------------------------------------
 */

/* Capacity that can be up at time_s, but for what is unlimited: INT64_MAX then. *out_until_s is
 * when that may change next. */
static int64_t most_at(const struct bounds *bounds, int64_t time_s, int64_t *out_until_s)
{
    int64_t most = 0;
    for (size_t p = 0; p < bounds->purchases.count; p++) {
        const struct purchase *item = &bounds->purchases.items[p];
        bool backup = !item->spot && !item->pool;
        for (size_t s = 0; s < item->stretch_count; s++) {
            const struct stretch *stretch = &item->stretches[s];
            int64_t first_s =
                stretch->first_s > item->first_running_s ? stretch->first_s : item->first_running_s;
            first_s = first_s > item->last_running_s ? INT64_MAX : first_s + item->join_s;
            if (first_s > time_s && first_s < *out_until_s)
                *out_until_s = first_s;
            if (stretch->serves_until_s <= time_s)
                continue;
            if (stretch->serves_until_s < *out_until_s)
                *out_until_s = stretch->serves_until_s;
            if (first_s <= time_s && !backup)
                return INT64_MAX;
            if (backup && first_s <= time_s)
                most += bounds->scenario->group.max_size * item->weight_micro;
            else if (stretch->first_s <= bounds->scenario->from_s)
                most += item->warm_micro;
        }
    }
    return most;
}

static bool can_be_served(const struct bounds *bounds, const struct curve *curve)
{
    const struct scenario *scenario = bounds->scenario;
    for (size_t i = 0; i < curve->count; i++) {
        int64_t end_s = i + 1 < curve->count ? curve->steps[i + 1].time_s : scenario->to_s;
        end_s = end_s < scenario->measure_to_s ? end_s : scenario->measure_to_s;
        int64_t at_s = curve->steps[i].time_s;
        at_s = at_s > scenario->measure_from_s ? at_s : scenario->measure_from_s;
        while (at_s < end_s) {
            int64_t until_s = end_s;
            if (most_at(bounds, at_s, &until_s) < curve->steps[i].required_micro)
                return false;
            at_s = until_s;
        }
    }
    return true;
}

/* ---- tasks ------------------------------------------------------------------------------------
 */

struct work {
    const struct bounds *bounds;
    const struct curve *curve;
    bool whole; /* one task, exact */
    int128 *costs;
    bool *covered;
};

/* Arcs of the network over so many hours with so many points in each. */
static int64_t arcs(const struct purchases *purchases, int64_t hours, int64_t points)
{
    int64_t per_point = 1;
    for (size_t p = 0; p < purchases->count; p++)
        per_point += ARCS_HOURLY + (purchases->items[p].per_second ? points : 0);
    return (hours + 2) * points * per_point;
}

/* The most points in an hour that keep the network within a number of arcs. */
static int64_t most_points(const struct purchases *purchases, int64_t hours, int64_t most)
{
    int64_t points = SECONDS_PER_HOUR;
    while (points > 1 && arcs(purchases, hours, points) > most)
        points -= points > 600 ? 50 : 1;
    return points;
}

static bool make_whole(struct grid *grid, const struct bounds *bounds,
                       const struct bound_task *task)
{
    int64_t hours = (task->to_s - task->from_s) / SECONDS_PER_HOUR;
    int64_t most = most_points(&bounds->purchases, hours, EXACT_ARCS);
    int64_t length_s = task->to_s - task->from_s + SECONDS_PER_HOUR;
    return most > 1 && bound_dearest(&bounds->purchases, length_s) < FLOW_DEAREST &&
           grid_make(grid, &bounds->purchases, task, 0, most);
}

static void make_coarse(struct grid *grid, const struct bounds *bounds,
                        const struct bound_task *task)
{
    static const int64_t steps[] = {60, 120, 300, COARSEST_S};
    int64_t hours = (task->to_s - task->from_s) / SECONDS_PER_HOUR;
    int64_t most = most_points(&bounds->purchases, hours, TASK_ARCS);
    size_t s = 0;
    while (s + 1 < ARRAY_LENGTH(steps) && SECONDS_PER_HOUR / steps[s] > most)
        s++;
    int64_t points = SECONDS_PER_HOUR / steps[s];
    if (!grid_make(grid, &bounds->purchases, task, 0, points))
        grid_make(grid, &bounds->purchases, task, steps[s], 0);
}

static struct bound_task task_at(const struct bounds *bounds, const struct curve *curve,
                                 int64_t from_s, int64_t to_s)
{
    return (struct bound_task){.scenario = bounds->scenario,
                               .demand = curve->steps,
                               .demand_count = curve->count,
                               .from_s = from_s,
                               .to_s = to_s};
}

static int solve_piece(size_t index, void *context, struct error *err)
{
    (void)err;
    const struct work *work = context;
    const struct scenario *scenario = work->bounds->scenario;
    int64_t from_s = scenario->measure_from_s + (int64_t)index * TASK_S;
    int64_t to_s = from_s + TASK_S;
    if (work->whole || to_s > scenario->measure_to_s)
        to_s = scenario->measure_to_s;
    struct bound_task task = task_at(work->bounds, work->curve, from_s, to_s);
    struct grid *grid = memory_new(1, sizeof *grid);
    if (work->whole)
        make_whole(grid, work->bounds, &task);
    else
        make_coarse(grid, work->bounds, &task);
    work->covered[index] =
        bound_network(&work->bounds->purchases, &task, grid, &work->costs[index]);
    free(grid);
    return STATUS_OK;
}

/* The bound for a curve, in micro-USD. What it would have cost may have been rounded down by half a
 * micro-USD for each of its two components. */
static int solve(const struct bounds *bounds, const struct curve *curve, size_t threads,
                 int128 *out_micro_usd, bool *out_covered, struct error *err)
{
    const struct scenario *scenario = bounds->scenario;
    int64_t length_s = scenario->measure_to_s - scenario->measure_from_s;
    struct bound_task task =
        task_at(bounds, curve, scenario->measure_from_s, scenario->measure_to_s);
    struct grid *grid = memory_new(1, sizeof *grid);
    struct work work = {.bounds = bounds, .curve = curve};
    work.whole = make_whole(grid, bounds, &task);
    free(grid);
    size_t pieces = work.whole ? 1 : (size_t)((length_s + TASK_S - 1) / TASK_S);
    work.costs = memory_new(pieces, sizeof *work.costs);
    work.covered = memory_new(pieces, sizeof *work.covered);
    struct parallel_work parallel = {
        .count = pieces, .threads = threads, .context = &work, .piece = solve_piece};
    int status = parallel_run(&parallel, err);
    int128 sum = 0;
    *out_covered = true;
    for (size_t i = 0; i < pieces; i++) {
        sum += work.costs[i];
        *out_covered = *out_covered && work.covered[i];
    }
    *out_micro_usd = sum / SECONDS_PER_HOUR;
    free(work.costs);
    free(work.covered);
    return status;
}

/* ---- the figures ------------------------------------------------------------------------------
 */

/* The most that is required at a time, in units of flow. */
static int64_t most_units(const struct bounds *bounds)
{
    int64_t most = 0;
    for (size_t i = 0; i < bounds->required.count; i++) {
        int64_t here = bounds->required.steps[i].required_micro / bounds->purchases.flow_unit_micro;
        most = here > most ? here : most;
    }
    return most;
}

/* Why nothing can be said of such a scenario, or NULL. */
static const char *unbounded(const struct bounds *bounds)
{
    const struct scenario *scenario = bounds->scenario;
    if (bounds->purchases.count == 0)
        return "nothing of the fleet or the backup could ever serve";
    if (scenario->price_terms.prepaid_instances > 0)
        return "prepaid instances have no bound yet (prices.prepaid_instances)";
    if (scenario->price_terms.volume_gib_micro > 0 ||
        scenario->price_terms.address_micro_usd_per_hour > 0)
        return "volumes and addresses have no bound yet (prices.volume_gib, "
               "prices.address_usd_per_hour)";
    if (scenario->account.price_lock_continuous)
        return "prices of every second have no bound yet (account.price_lock)";
    if (bound_dearest(&bounds->purchases, TASK_S + SECONDS_PER_HOUR) >= FLOW_DEAREST ||
        most_units(bounds) >= FLOW_MOST / EXACT_ARCS / SECONDS_PER_HOUR)
        return "prices or weights are out of all proportion";
    return NULL;
}

static void set_figure(struct figures *figures, enum figure figure, int128 value, bool known)
{
    figures->value[figure] = known ? value : 0;
    figures->known[figure] = known;
}

static void make_schedule(const struct bounds *bounds, const struct curve *curve,
                          struct schedule *out_schedule)
{
    schedule_make(out_schedule, &bounds->purchases, bounds->scenario, curve->steps, curve->count);
}

int bounds_fill(struct bounds *bounds, size_t threads, struct figures *figures, struct error *err)
{
    bool covered = false;
    int128 lower = 0;
    int128 full = 0;
    int128 total = figures->value[FIGURE_cost_total_micro_usd];
    bounds->lower_reason = bounds->full_reason = unbounded(bounds);
    if (bounds->lower_reason)
        return STATUS_OK;
    int status = solve(bounds, &bounds->served, threads, &lower, &covered, err);
    if (status)
        return status;
    if (!covered)
        bounds->lower_reason = "the capacity served cannot be covered by what is modelled";
    if (covered && lower == total + 1)
        lower = total; /* the cost's components are rounded one by one, to half a micro-USD */
    set_figure(figures, FIGURE_cost_lower_bound_micro_usd, lower, covered);
    set_figure(figures, FIGURE_cost_regret_micro_usd, total - lower, covered);
    if (covered)
        make_schedule(bounds, &bounds->served, &bounds->lower_schedule);
    covered = can_be_served(bounds, &bounds->required);
    if (covered)
        status = solve(bounds, &bounds->required, threads, &full, &covered, err);
    if (!covered)
        bounds->full_reason = "at some time all that was required could not have been served, "
                              "whatever was done";
    set_figure(figures, FIGURE_cost_full_service_bound_micro_usd, full, covered);
    if (covered)
        make_schedule(bounds, &bounds->required, &bounds->full_schedule);
    return status;
}

const char *bounds_reason(const struct bounds *bounds, enum figure figure)
{
    return figure == FIGURE_cost_full_service_bound_micro_usd ? bounds->full_reason
                                                              : bounds->lower_reason;
}

const struct schedule *bounds_schedule(const struct bounds *bounds, enum figure figure)
{
    return figure == FIGURE_cost_full_service_bound_micro_usd ? &bounds->full_schedule
                                                              : &bounds->lower_schedule;
}
