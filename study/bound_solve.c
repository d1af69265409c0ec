/* A bound for a curve of capacity: cut into tasks, solved on all cores, and added up. */
#include "base/memory.h"
#include "base/parallel.h"
#include "bound_parts.h"
#include "sim/accounting.h"

#include <stdlib.h>

enum {
    EXACT_ARCS = 100000, /* the whole window at once if its network has at most so many arcs */
    TASK_ARCS = 60000,   /* else in tasks of about so many */
    TASK_S = 24 * 3600,  /* of so long */
    COARSEST_S = 600,
    ARCS_HOURLY = 5, /* of an hour's point of one purchase */
};

void curve_add(struct curve *curve, int64_t time_s, int64_t micro)
{
    if (curve->count && curve->steps[curve->count - 1].time_s == time_s)
        curve->steps[curve->count - 1].required_micro = micro;
    else if (!curve->count || curve->steps[curve->count - 1].required_micro != micro)
        ARRAY_PUSH(curve->steps, curve->count, curve->capacity,
                   ((struct demand_step){time_s, micro}));
}
/* The most that is required at a time, in units of flow. */
static int64_t most_units(const struct bound_world *world, const struct curve *required)
{
    int64_t most = 0;
    for (size_t i = 0; i < required->count; i++) {
        int64_t here = required->steps[i].required_micro / world->purchases.flow_unit_micro;
        most = here > most ? here : most;
    }
    return most;
}

bool bound_solvable(const struct bound_world *world, const struct curve *required)
{
    return bound_dearest(&world->purchases, TASK_S + SECONDS_PER_HOUR) < FLOW_DEAREST &&
           most_units(world, required) < FLOW_MOST / EXACT_ARCS / SECONDS_PER_HOUR;
}

struct work {
    const struct scenario *scenario;
    const struct purchases *purchases;
    struct curve paid; /* what is left to be paid for beside prepaid instances */
    bool whole;        /* one task, exact */
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

static bool make_whole(struct grid *grid, const struct purchases *purchases,
                       const struct bound_task *task)
{
    int64_t hours = (task->to_s - task->from_s) / SECONDS_PER_HOUR;
    int64_t most = most_points(purchases, hours, EXACT_ARCS);
    int64_t length_s = task->to_s - task->from_s + SECONDS_PER_HOUR;
    return most > 1 && bound_dearest(purchases, length_s) < FLOW_DEAREST &&
           grid_make(grid, purchases, task, 0, most);
}

static void make_coarse(struct grid *grid, const struct purchases *purchases,
                        const struct bound_task *task)
{
    static const int64_t steps[] = {60, 120, 300, COARSEST_S};
    int64_t hours = (task->to_s - task->from_s) / SECONDS_PER_HOUR;
    int64_t most = most_points(purchases, hours, TASK_ARCS);
    size_t s = 0;
    while (s + 1 < ARRAY_LENGTH(steps) && SECONDS_PER_HOUR / steps[s] > most)
        s++;
    int64_t points = SECONDS_PER_HOUR / steps[s];
    if (!grid_make(grid, purchases, task, 0, points))
        grid_make(grid, purchases, task, steps[s], 0);
}

static struct bound_task task_at(const struct work *work, int64_t from_s, int64_t to_s)
{
    return (struct bound_task){.scenario = work->scenario,
                               .demand = work->paid.steps,
                               .demand_count = work->paid.count,
                               .from_s = from_s,
                               .to_s = to_s};
}

static int solve_piece(size_t index, void *context, struct error *err)
{
    (void)err;
    const struct work *work = context;
    const struct scenario *scenario = work->scenario;
    int64_t from_s = scenario->measure_from_s + (int64_t)index * TASK_S;
    int64_t to_s = from_s + TASK_S;
    if (work->whole || to_s > scenario->measure_to_s)
        to_s = scenario->measure_to_s;
    struct bound_task task = task_at(work, from_s, to_s);
    struct grid *grid = memory_new(1, sizeof *grid);
    if (work->whole)
        make_whole(grid, work->purchases, &task);
    else
        make_coarse(grid, work->purchases, &task);
    work->covered[index] = bound_network(work->purchases, &task, grid, &work->costs[index]);
    free(grid);
    return STATUS_OK;
}

/* What is left of a curve if prepaid instances serve what they can, at every second. */
static struct curve beside_prepaid(const struct bound_world *world, const struct curve *curve)
{
    struct curve left = {0};
    int64_t free_micro =
        world->prepaid.count ? prepaid_micro(&world->purchases, world->scenario) : 0;
    for (size_t i = 0; i < curve->count; i++) {
        int64_t micro = curve->steps[i].required_micro - free_micro;
        curve_add(&left, curve->steps[i].time_s, micro > 0 ? micro : 0);
    }
    return left;
}

/* What volumes and addresses of whatever serves a curve cost at least: those of the fewest
 * instances that can, in micro-USD. */
static int128 least_other(const struct bound_world *world, const struct curve *curve)
{
    const struct scenario *scenario = world->scenario;
    const struct other_rate rate = tariff_of(scenario).other;
    int64_t heaviest_micro = 1;
    int128 instance_s = 0;
    for (size_t p = 0; p < world->purchases.count; p++) {
        int64_t here = world->purchases.items[p].weight_micro;
        heaviest_micro = here > heaviest_micro ? here : heaviest_micro;
    }
    for (size_t i = 0; i < curve->count; i++) {
        int64_t from_s = curve->steps[i].time_s;
        int64_t end_s = i + 1 < curve->count ? curve->steps[i + 1].time_s : scenario->to_s;
        from_s = from_s > scenario->measure_from_s ? from_s : scenario->measure_from_s;
        end_s = end_s < scenario->measure_to_s ? end_s : scenario->measure_to_s;
        if (end_s > from_s)
            instance_s +=
                divide_ceiling(curve->steps[i].required_micro, heaviest_micro) * (end_s - from_s);
    }
    return instance_s * rate.numerator / rate.denominator;
}

int bound_solve(const struct bound_world *world, const struct curve *curve, size_t threads,
                int128 *out_micro_usd, bool *out_covered, struct error *err)
{
    const struct scenario *scenario = world->scenario;
    int64_t length_s = scenario->measure_to_s - scenario->measure_from_s;
    struct work work = {.scenario = scenario,
                        .purchases = world->prepaid.count ? &world->prepaid : &world->purchases,
                        .paid = beside_prepaid(world, curve)};
    struct bound_task task = task_at(&work, scenario->measure_from_s, scenario->measure_to_s);
    struct grid *grid = memory_new(1, sizeof *grid);
    work.whole = make_whole(grid, work.purchases, &task);
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
    *out_micro_usd = sum / SECONDS_PER_HOUR + least_other(world, curve);
    free(work.paid.steps);
    free(work.costs);
    free(work.covered);
    return status;
}
