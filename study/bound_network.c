/* The flow network of a bound (docs/bounds.md, "The network").
 *
 * A *moment* is a point of the grid in the time to be covered: what flows past it is the capacity
 * that serves. An *hour* is a point at which an instance of a purchase begins an hour; it stands
 * for all seconds between its neighbours in the grid, and so each of its arcs costs the least that
 * it costs at any of them.
 */
#include "base/memory.h"
#include "bound_parts.h"

#include <stdlib.h>

/* Flows are capacity times this, so that means over cells of a grid are whole numbers. */
enum { FLOW_SCALE = SECONDS_PER_HOUR };

struct builder {
    const struct purchases *purchases;
    const struct bound_task *task;
    const struct grid *grid;
    struct flow_network network;
    const struct purchase *item;
    int32_t first_hour; /* node of the item's first hour */
    int32_t warm;       /* node of what the item has running at `from` */
    int64_t *paid;      /* of a continuous item: what it costs at least from the first point on */
};

/* Seconds an instance can begin an hour at: [from_s, last_s]; none if from_s > last_s. */
struct seconds {
    int64_t from_s;
    int64_t last_s;
};

static struct seconds cut(struct seconds seconds, int64_t from_s, int64_t last_s)
{
    return (struct seconds){seconds.from_s > from_s ? seconds.from_s : from_s,
                            seconds.last_s < last_s ? seconds.last_s : last_s};
}

static bool any(struct seconds seconds)
{
    return seconds.from_s <= seconds.last_s;
}

/* The node of a point in the time to be covered; what lies before is its beginning. */
static int32_t moment(const struct builder *builder, int64_t index)
{
    int64_t first = builder->grid->phase_count;
    return (int32_t)(index < first ? 0 : index - first);
}

static int32_t hour(const struct builder *builder, int64_t index)
{
    return builder->first_hour + (int32_t)index;
}

static void add(struct builder *builder, int32_t source, int32_t target, int64_t cost)
{
    flow_add_arc(&builder->network, &(struct flow_arc){source, target, cost, FLOW_UNLIMITED});
}

/* Prices of every second, each cell's the least within it: then what is paid between two seconds is
 * linear in both, cell by cell, as the bound needs it. */
static void find_paid(struct builder *builder)
{
    const struct grid *grid = builder->grid;
    builder->paid[0] = 0;
    for (int64_t i = 0; i < grid->last && builder->item->continuous; i++) {
        int64_t from_s = grid_time(grid, i);
        int64_t until_s = grid_time(grid, i + 1);
        int64_t price = from_s < builder->task->from_s
                            ? 0
                            : purchase_lowest(builder->item, from_s, until_s - 1);
        builder->paid[i + 1] = builder->paid[i] + price * (until_s - from_s);
    }
}

/* What a unit of flow pays from one point until another, or the end, as far as it is within the
 * task, at the price of the hour's start. */
static int64_t cost(const struct builder *builder, int64_t price, int64_t from, int64_t until)
{
    const struct grid *grid = builder->grid;
    const struct bound_task *task = builder->task;
    until = until < grid->last ? until : grid->last;
    int64_t from_s = grid_time(grid, from);
    int64_t until_s = grid_time(grid, until);
    from_s = from_s > task->from_s ? from_s : task->from_s;
    if (until_s <= from_s)
        return 0;
    int128 paid = builder->item->continuous ? builder->paid[until] - builder->paid[from]
                                            : (int128)price * (until_s - from_s);
    return (int64_t)(paid * builder->purchases->cost_scale / builder->item->units);
}

/* An hour that is paid, whole or by the second, of an instance that EC2 does not end within it;
 * at its end only if not `on`. */
static void add_paid_hour(struct builder *builder, int64_t i, struct seconds within, bool on)
{
    const struct grid *grid = builder->grid;
    int64_t price = purchase_lowest(builder->item, within.from_s, within.last_s);
    int64_t next = i + grid->phase_count;
    int64_t whole = cost(builder, price, i, next);
    if (next >= grid->last)
        add(builder, hour(builder, i), moment(builder, grid->last), whole);
    else
        add(builder, hour(builder, i), on ? hour(builder, next) : moment(builder, next), whole);
    for (int64_t m = i + 1; builder->item->per_second && m < next && m < grid->last; m++) {
        if (m > grid->phase_count)
            add(builder, hour(builder, i), moment(builder, m), cost(builder, price, i, m));
    }
}

/* The last, partial hour of an instance that EC2 ends, billed by the second: paid until then. */
static void add_partial_hour(struct builder *builder, int64_t i, struct seconds within,
                             const struct stretch *stretch)
{
    const struct grid *grid = builder->grid;
    int64_t price = purchase_lowest(builder->item, within.from_s, within.last_s);
    int64_t whole = grid_floor(grid, stretch->serves_until_s);
    for (int64_t m = i + 1; m <= whole; m++) {
        if (m > grid->phase_count)
            add(builder, hour(builder, i), moment(builder, m), cost(builder, price, i, m));
    }
    int64_t beyond = grid_ceiling(grid, stretch->serves_until_s);
    if (beyond > whole && beyond > i)
        add(builder, hour(builder, i), moment(builder, beyond), cost(builder, price, i, whole));
}

/* Whether the cells on both sides of a point, moved by so many seconds, are cells of the grid
 * again; what lies beyond the end is all one. */
static bool moves(const struct grid *grid, int64_t i, int64_t by_s, int64_t *out_index)
{
    if (i == 0 || i == grid->last)
        return false;
    int64_t before_s = grid_time(grid, i - 1) + by_s;
    int64_t now_s = grid_time(grid, i) + by_s;
    int64_t after_s = grid_time(grid, i + 1) + by_s;
    int64_t before = grid_floor(grid, before_s);
    *out_index = grid_floor(grid, now_s);
    if (before_s >= grid->end_s)
        return true;
    if (grid_time(grid, before) != before_s || before + 1 != *out_index)
        return false;
    if (now_s >= grid->end_s)
        return true;
    return grid_time(grid, *out_index) == now_s && grid_floor(grid, after_s) == *out_index + 1 &&
           (after_s >= grid->end_s || grid_time(grid, *out_index + 1) == after_s);
}

/* Where an instance that begins to run at a point serves from. Where the join delay does not lead
 * from point to point, the next lower delay that does is taken for it: that of whole steps, or
 * none. */
static int64_t joined(const struct builder *builder, int64_t i)
{
    const struct grid *grid = builder->grid;
    int64_t join_s = builder->item->join_s;
    int64_t index = i;
    if (moves(grid, i, join_s, &index))
        return index;
    if (grid->step_s > 0 && moves(grid, i, join_s / grid->step_s * grid->step_s, &index))
        return index;
    return i;
}

/* Those seconds of `seconds` in which an instance of the item can begin to run. */
static struct seconds launched(const struct purchase *item, struct seconds seconds)
{
    return cut(seconds, item->first_running_s, item->last_running_s);
}

/* What is free because EC2 ends it within the hour: the last hour of any instance billed by the
 * hour, the first of one billed by the second. */
static void add_free_hour(struct builder *builder, int64_t i, struct seconds alive,
                          const struct stretch *end)
{
    const struct purchase *item = builder->item;
    int64_t ended_s = end->ended_s;
    if (ended_s == INT64_MAX)
        return;
    struct seconds last = cut(alive, ended_s - SECONDS_PER_HOUR + 1, ended_s - 1);
    int64_t until = grid_ceiling(builder->grid, end->serves_until_s);
    if (!any(last))
        return;
    if (!item->per_second) {
        add(builder, hour(builder, i), moment(builder, until), 0);
        return;
    }
    if (!any(cut(launched(item, last), INT64_MIN, end->begun_s)))
        return;
    int64_t from = joined(builder, i);
    if (until > from)
        add(builder, moment(builder, from), moment(builder, until), 0);
}

/* The first second at which an instance can begin an hour that is not its first. */
static int64_t second_hour(const struct builder *builder, const struct stretch *stretch)
{
    const struct purchase *item = builder->item;
    if (item->warm_micro > 0 && stretch->first_s <= builder->task->scenario->from_s)
        return stretch
            ->first_s; /* that of what is warm, which is not launched, is no matter here */
    int64_t first_s =
        stretch->first_s > item->first_running_s ? stretch->first_s : item->first_running_s;
    return first_s + SECONDS_PER_HOUR;
}

static void add_stretch(struct builder *builder, int64_t i, struct seconds alive,
                        const struct stretch *stretch)
{
    const struct purchase *item = builder->item;
    const struct grid *grid = builder->grid;
    int64_t ended_s = stretch->ended_s;
    bool ends = ended_s != INT64_MAX;
    struct seconds on = ends ? cut(alive, INT64_MIN, ended_s - SECONDS_PER_HOUR - 1) : alive;
    struct seconds whole = ends ? cut(alive, INT64_MIN, ended_s - SECONDS_PER_HOUR) : alive;
    if (any(whole))
        add_paid_hour(builder, i, whole, any(on));
    struct seconds partial = cut(alive, ended_s - SECONDS_PER_HOUR + 1, INT64_MAX);
    if (ends && item->per_second && any(partial))
        add_partial_hour(builder, i, partial, stretch);
    add_free_hour(builder, i, alive, stretch);
    for (size_t l = 0; l < item->loss_count; l++) {
        const struct stretch *loss = &item->losses[l];
        if (loss->ended_s < ended_s && stretch->first_s <= loss->begun_s)
            add_free_hour(builder, i, alive, loss); /* else nobody is there to be lost */
    }

    /* What was launched long before the task is there in any of the hours that reach into it. */
    if (builder->task->scenario->from_s <= grid->first_s && i <= grid->phase_count &&
        any(cut(alive, second_hour(builder, stretch), INT64_MAX)))
        add(builder, 0, hour(builder, i), 0);
    else if (any(cut(launched(item, alive), INT64_MIN, stretch->begun_s)))
        add(builder, moment(builder, joined(builder, i)), hour(builder, i), 0);
}

static void add_hour(struct builder *builder, int64_t i)
{
    const struct purchase *item = builder->item;
    struct seconds around = {i ? grid_time(builder->grid, i - 1) + 1 : builder->grid->first_s,
                             grid_time(builder->grid, i + 1) - 1};
    if (around.from_s < builder->task->scenario->from_s)
        around.from_s = builder->task->scenario->from_s;
    bool reached = false;
    for (size_t s = 0; s < item->stretch_count; s++) {
        const struct stretch *stretch = &item->stretches[s];
        if (stretch->first_s > around.last_s)
            break;
        struct seconds alive = cut(around, stretch->first_s, stretch->ended_s - 1);
        if (any(alive))
            add_stretch(builder, i, alive, stretch);
        /* Also in the very second of the end: the hour before it was whole, and is paid. */
        reached = reached || any(cut(around, stretch->first_s, stretch->ended_s));
    }
    /* Given back at the end of an hour; by the second whenever one likes. */
    if (reached)
        add(builder, hour(builder, i), moment(builder, i), 0);
}

/* Free, because EC2 ends it within its first hour; billed by the second. */
static void add_warm_end(struct builder *builder, const struct stretch *end)
{
    if (end->ended_s - builder->task->scenario->from_s < SECONDS_PER_HOUR)
        add(builder, builder->warm,
            moment(builder, grid_ceiling(builder->grid, end->serves_until_s)), 0);
}

/* What runs at `from`: it serves at once, and is as many as it is. */
static void add_warm(struct builder *builder)
{
    const struct purchase *item = builder->item;
    int64_t from_s = builder->task->scenario->from_s;
    if (item->warm_micro == 0 || from_s <= builder->grid->first_s)
        return;
    int64_t capacity = item->warm_micro / builder->purchases->flow_unit_micro * FLOW_SCALE;
    int64_t at = grid_floor(builder->grid, from_s);
    flow_add_arc(&builder->network,
                 &(struct flow_arc){moment(builder, at), builder->warm, 0, capacity});
    add(builder, builder->warm, hour(builder, at), 0);
    if (!item->per_second || item->stretch_count == 0)
        return;
    /* Which of the stretches it was launched in does not matter: the first at most. */
    add_warm_end(builder, &item->stretches[0]);
    for (size_t l = 0; l < item->loss_count; l++) {
        if (item->losses[l].ended_s < item->stretches[0].ended_s)
            add_warm_end(builder, &item->losses[l]);
    }
}

/* ---- demand -----------------------------------------------------------------------------------
 */

/* Units of flow that a demand needs: an instance's weight is a multiple of the unit. */
static int64_t units(const struct builder *builder, int64_t required_micro)
{
    return (int64_t)divide_ceiling(required_micro, builder->purchases->flow_unit_micro);
}

/* The mean demand of each cell is what flows from its first point to the next. */
static void add_demand(struct builder *builder)
{
    const struct bound_task *task = builder->task;
    const struct grid *grid = builder->grid;
    int64_t before = 0;
    size_t step = 0;
    for (int64_t i = grid->phase_count; i < grid->last; i++) {
        int64_t from_s = grid_time(grid, i);
        int64_t end_s = grid_time(grid, i + 1);
        int128 sum = 0;
        for (int64_t at_s = from_s; at_s < end_s;) {
            while (step + 1 < task->demand_count && task->demand[step + 1].time_s <= at_s)
                step++;
            int64_t until_s = end_s;
            if (step + 1 < task->demand_count && task->demand[step + 1].time_s < end_s)
                until_s = task->demand[step + 1].time_s;
            sum += (int128)units(builder, task->demand[step].required_micro) * (until_s - at_s);
            at_s = until_s;
        }
        int64_t flow = (int64_t)(sum * FLOW_SCALE / (end_s - from_s));
        builder->network.supply[moment(builder, i)] = flow - before;
        before = flow;
    }
    builder->network.supply[moment(builder, grid->last)] = -before;
}

int128 bound_dearest(const struct purchases *purchases, int64_t length_s)
{
    int64_t hours = length_s / SECONDS_PER_HOUR + 3;
    return (int128)(purchases->dearest_micro + 1) * SECONDS_PER_HOUR * purchases->cost_scale *
           hours * 4;
}

bool bound_network(const struct purchases *purchases, const struct bound_task *task,
                   const struct grid *grid, int128 *out_cost)
{
    struct builder builder = {.purchases = purchases, .task = task, .grid = grid};
    int64_t moments = grid->last - grid->phase_count + 1;
    int64_t of_item = grid->last + 1;
    flow_set_up(&builder.network, (int32_t)(moments + (int64_t)purchases->count * of_item));
    add_demand(&builder);
    for (int32_t m = 0; m + 1 < (int32_t)moments; m++)
        add(&builder, m + 1, m, 0); /* more than is needed may be up */
    builder.paid = memory_new((size_t)grid->last + 1, sizeof *builder.paid);
    for (size_t p = 0; p < purchases->count; p++) {
        builder.item = &purchases->items[p];
        find_paid(&builder);
        builder.first_hour = (int32_t)(moments + (int64_t)p * of_item);
        builder.warm = builder.first_hour + (int32_t)grid->last;
        for (int64_t i = 0; i < grid->last; i++)
            add_hour(&builder, i);
        add_warm(&builder);
    }
    int128 sum = 0;
    bool covered = flow_solve(&builder.network,
                              (int64_t)bound_dearest(purchases, grid->end_s - grid->first_s), &sum);
    flow_clean_up(&builder.network);
    free(builder.paid);
    *out_cost = sum / ((int128)FLOW_SCALE * purchases->cost_scale);
    return covered;
}
