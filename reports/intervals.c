#include "intervals.h"

#include "base/memory.h"
#include "record/told.h"
#include "run_data.h"

#include <inttypes.h>
#include <stdlib.h>

enum calls { CALLS_MADE = 0, CALLS_OUT, CALLS_IN, CALLS_IN_REFUSED, CALL_SORTS };
enum sums { SUM_REQUIRED = 0, SUM_SPOT, SUM_ON_DEMAND, SUM_SURPLUS, CAPACITY_SUMS };

struct interval {
    int128 capacity[CAPACITY_SUMS]; /* micro-unit-seconds */
    int128 cost[2];                 /* of spot and on demand: micro-USD-seconds/hour */
    int64_t short_s;
    int64_t desired_most;
    int64_t desired_least;
    int64_t interrupted;
    int64_t calls[CALL_SORTS];
};

struct intervals {
    int64_t from_s;
    int64_t to_s;
    int64_t every_s;
    struct interval *items;
    size_t count;
    struct record_capacity held; /* until the next is told */
    bool holds;
};

static int64_t end_of(const struct intervals *intervals, size_t at)
{
    int64_t end_s = intervals->from_s + (int64_t)(at + 1) * intervals->every_s;
    return end_s < intervals->to_s ? end_s : intervals->to_s;
}

static size_t interval_at(const struct intervals *intervals, int64_t time_s)
{
    return (size_t)((time_s - intervals->from_s) / intervals->every_s);
}

static int64_t lesser(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void add_held_part(struct interval *interval, const struct record_capacity *held,
                          int64_t length_s)
{
    int64_t spot = lesser(held->required_micro, held->spot_up_micro);
    int64_t on_demand = lesser(held->required_micro - spot, held->on_demand_up_micro);
    int64_t up = held->spot_up_micro + held->on_demand_up_micro;
    bool first = interval->desired_most < 0;
    interval->capacity[SUM_REQUIRED] += (int128)held->required_micro * length_s;
    interval->capacity[SUM_SPOT] += (int128)spot * length_s;
    interval->capacity[SUM_ON_DEMAND] += (int128)on_demand * length_s;
    interval->capacity[SUM_SURPLUS] += (int128)(up - spot - on_demand) * length_s;
    interval->short_s += spot + on_demand < held->required_micro ? length_s : 0;
    if (first || held->group_desired > interval->desired_most)
        interval->desired_most = held->group_desired;
    if (first || held->group_desired < interval->desired_least)
        interval->desired_least = held->group_desired;
}

/* What held until end_s, in the intervals it is in. */
static void add_held(struct intervals *intervals, int64_t end_s)
{
    int64_t at_s =
        intervals->held.time_s > intervals->from_s ? intervals->held.time_s : intervals->from_s;
    end_s = lesser(end_s, intervals->to_s);
    while (intervals->holds && at_s < end_s) {
        size_t at = interval_at(intervals, at_s);
        int64_t next_s = lesser(end_of(intervals, at), end_s);
        add_held_part(&intervals->items[at], &intervals->held, next_s - at_s);
        at_s = next_s;
    }
}

static void take_capacity(const struct record_capacity *capacity, void *context)
{
    struct intervals *intervals = context;
    add_held(intervals, capacity->time_s);
    intervals->held = *capacity;
    intervals->holds = true;
}

static bool within(const struct intervals *intervals, int64_t time_s)
{
    return time_s >= intervals->from_s && time_s < intervals->to_s;
}

static void take_notice(int64_t time_s, int64_t instances, void *context)
{
    struct intervals *intervals = context;
    if (within(intervals, time_s))
        intervals->items[interval_at(intervals, time_s)].interrupted += instances;
}

/* Identical evaluations in a row are one record: evenly spread from the first to the last. */
static void take_decision(const struct record_decision *decision, void *context)
{
    struct intervals *intervals = context;
    bool accepted = decision->outcome == CLOUD_ACCEPTED;
    bool refused = decision->outcome == CLOUD_SCALING_ACTIVITY_IN_PROGRESS ||
                   decision->outcome == CLOUD_VALIDATION_ERROR;
    bool raises = decision->desired_capacity > decision->desired_before;
    bool lowers = decision->desired_capacity < decision->desired_before;
    for (int64_t i = 0; i < decision->evaluations; i++) {
        int64_t gaps = decision->evaluations > 1 ? decision->evaluations - 1 : 1;
        int64_t time_s = decision->first_s +
                         (int64_t)((int128)(decision->last_s - decision->first_s) * i / gaps);
        if (!within(intervals, time_s))
            continue;
        int64_t *calls = intervals->items[interval_at(intervals, time_s)].calls;
        calls[CALLS_MADE]++;
        calls[CALLS_OUT] += accepted && raises;
        calls[CALLS_IN] += accepted && lowers;
        calls[CALLS_IN_REFUSED] += refused && lowers;
    }
}

/* What an instance cost, evenly over the time it ran within the window: to the last micro-USD. */
static void take_life(const struct told_life *life, void *context)
{
    struct intervals *intervals = context;
    int which = life->kind == RECORD_SPOT ? 0 : 1;
    int64_t ended_s = life->ended_s == RECORD_NEVER ? intervals->to_s : life->ended_s;
    int64_t begin_s = life->running_s > intervals->from_s ? life->running_s : intervals->from_s;
    int64_t end_s = lesser(ended_s, intervals->to_s);
    if (begin_s >= intervals->to_s || life->cost_micro_usd_s == 0)
        return;
    end_s = end_s > begin_s ? end_s : begin_s + 1;
    int128 cost = life->cost_micro_usd_s;
    int128 before = 0;
    for (int64_t at_s = begin_s; at_s < end_s;) {
        size_t at = interval_at(intervals, at_s);
        int64_t next_s = lesser(end_of(intervals, at), end_s);
        int128 until = cost * (next_s - begin_s) / (end_s - begin_s);
        intervals->items[at].cost[which] += until - before;
        before = until;
        at_s = next_s;
    }
}

/* Sums from the beginning on, rounded: what a row shows is the difference, so that all rows
 * together are the run's figure. */
struct running {
    int128 sum;
    int128 shown;
};

static int128 next_of(struct running *running, int128 more, int128 numerator, int128 denominator)
{
    running->sum += more;
    int128 rounded = denominator > 0 ? divide_half_even(running->sum * numerator, denominator) : 0;
    int128 shown = rounded - running->shown;
    running->shown = rounded;
    return shown;
}

static const char *const columns[] = {
    "run",
    "from_s",
    "to_s",
    "capacity_required_unit_s",
    "capacity_served_spot_unit_s",
    "capacity_served_on_demand_unit_s",
    "capacity_unfulfilled_unit_s",
    "capacity_surplus_unit_s",
    "capacity_shortfall_s",
    "group_desired_least",
    "group_desired_most",
    "events_spot_interruptions",
    "events_evaluations",
    "events_scale_out",
    "events_scale_in",
    "events_scale_in_refused",
    "cost_spot_micro_usd",
    "cost_on_demand_micro_usd",
    "cost_all_on_demand_micro_usd",
};

static int write_rows(const struct intervals *intervals, const struct figures *figures, int64_t run,
                      enum sheet_form form, FILE *out, struct error *err)
{
    struct sheet sheet;
    struct running cost[3] = {{0}};
    /* In thousands, so that the product fits. */
    int128 required = figures->value[FIGURE_capacity_required_unit_s] / 1000;
    int128 all = figures->value[FIGURE_cost_all_on_demand_micro_usd];
    int128 rest = 0;
    sheet_begin(&sheet, out, form, columns, ARRAY_LENGTH(columns));
    for (size_t i = 0; i < intervals->count && !sheet.failed; i++) {
        const struct interval *interval = &intervals->items[i];
        const int128 *capacity = interval->capacity;
        sheet_integer(&sheet, run);
        sheet_integer(&sheet, intervals->from_s + (int64_t)i * intervals->every_s);
        sheet_integer(&sheet, end_of(intervals, i));
        sheet_micro(&sheet, capacity[SUM_REQUIRED]);
        sheet_micro(&sheet, capacity[SUM_SPOT]);
        sheet_micro(&sheet, capacity[SUM_ON_DEMAND]);
        sheet_micro(&sheet, capacity[SUM_REQUIRED] - capacity[SUM_SPOT] - capacity[SUM_ON_DEMAND]);
        sheet_micro(&sheet, capacity[SUM_SURPLUS]);
        sheet_integer(&sheet, interval->short_s);
        sheet_integer(&sheet, interval->desired_least);
        sheet_integer(&sheet, interval->desired_most);
        sheet_integer(&sheet, interval->interrupted);
        for (int which = 0; which < CALL_SORTS; which++)
            sheet_integer(&sheet, interval->calls[which]);
        for (int which = 0; which < 2; which++)
            sheet_integer(&sheet,
                          next_of(&cost[which], interval->cost[which], 1, SECONDS_PER_HOUR));
        rest += capacity[SUM_REQUIRED];
        int128 thousands = rest / 1000;
        rest -= thousands * 1000;
        sheet_integer(&sheet, next_of(&cost[2], thousands, all, required));
    }
    return sheet_end(&sheet, err);
}

int intervals_write(struct results *results, const struct stored_run *run, int64_t every_s,
                    enum sheet_form form, FILE *out, struct error *err)
{
    struct intervals intervals = {.every_s = every_s};
    struct figures figures;
    int status = run_data_span(run, &intervals.from_s, &intervals.to_s, err);
    if (!status)
        status = results_figures(results, run->run, &figures, err);
    if (status)
        return status;
    int64_t length_s = intervals.to_s - intervals.from_s;
    if ((length_s - 1) / every_s >= INTERVALS_MOST)
        return error_set(err, STATUS_BAD_INPUT,
                         "intervals of %" PRId64 " s would be more than %d: make them longer",
                         every_s, INTERVALS_MOST);
    intervals.count = (size_t)((length_s - 1) / every_s + 1);
    intervals.items = memory_new(intervals.count, sizeof *intervals.items);
    for (size_t i = 0; i < intervals.count; i++)
        intervals.items[i].desired_most = -1; /* not known yet */
    status = results_each_capacity(results, run->run, take_capacity, &intervals, err);
    add_held(&intervals, intervals.to_s);
    if (!status)
        status = results_each_notice(results, run->run, take_notice, &intervals, err);
    if (!status)
        status = results_each_decision(results, run->run, take_decision, &intervals, err);
    if (!status)
        status = results_each_life(results, run->run, take_life, &intervals, err);
    if (!status)
        status = write_rows(&intervals, &figures, run->run, form, out, err);
    free(intervals.items);
    return status;
}
