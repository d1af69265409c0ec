/* Bounds of a run: what it served and required as it is told, cut into tasks, and solved. */
#include "bound.h"

#include "base/memory.h"
#include "bound_memory.h"
#include "bound_parts.h"
#include "schedule.h"

#include <stdlib.h>

struct bounds {
    struct bound_world world;
    const struct record_sink *onward;
    struct curve served;
    struct curve required;
    bool told; /* of any capacity */
    const char *lower_reason;
    const char *full_reason;
    struct schedule lower_schedule;
    struct schedule full_schedule;
    struct bounds_memory *memory; /* NULL: none */
};

/* ---- what the run tells -----------------------------------------------------------------------
 */

static int on_capacity(const struct record_capacity *capacity, void *context)
{
    struct bounds *bounds = context;
    int64_t up = capacity->spot_up_micro + capacity->on_demand_up_micro;
    curve_add(&bounds->served, capacity->time_s,
              up < capacity->required_micro ? up : capacity->required_micro);
    curve_add(&bounds->required, capacity->time_s, capacity->required_micro);
    if (bounds->onward && bounds->onward->capacity)
        return bounds->onward->capacity(capacity, bounds->onward->context);
    return STATUS_OK;
}

static int on_instance(const struct record_instance *instance, void *context)
{
    struct bounds *bounds = context;
    struct purchases *all[] = {&bounds->world.purchases, &bounds->world.prepaid};
    for (size_t i = 0; instance->warm && i < ARRAY_LENGTH(all); i++)
        purchases_warm(all[i], instance->kind == RECORD_SPOT, instance->instance_type,
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
    bounds->world.scenario = scenario;
    bounds->onward = onward;
    purchases_set_up(&bounds->world.purchases, scenario, traces, false);
    if (scenario->price_terms.prepaid_instances > 0)
        purchases_set_up(&bounds->world.prepaid, scenario, traces, true);
    return bounds;
}

void bounds_share(struct bounds *bounds, struct bounds_memory *memory)
{
    bounds->memory = memory;
}

void bounds_free(struct bounds *bounds)
{
    if (!bounds)
        return;
    purchases_clean_up(&bounds->world.purchases);
    purchases_clean_up(&bounds->world.prepaid);
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

/* The most of a pool's instances that its place can have at time_s: those that a lower limit takes
 * have their notice left. INT64_MAX: any number. */
static int64_t place_most(const struct bounds *bounds, const struct purchase *item, int64_t time_s,
                          int64_t *out_until_s)
{
    int64_t notice_s = bounds->world.scenario->account.interruption_notice_s;
    size_t low = 0;
    size_t high = item->limit_count; /* the first that comes later */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (item->limits[middle].time_s <= time_s)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < item->limit_count && item->limits[low].time_s < *out_until_s)
        *out_until_s = item->limits[low].time_s;
    if (low == 0)
        return INT64_MAX;
    int64_t most = item->limits[low - 1].instances;
    while (--low > 0 && item->limits[low].time_s + notice_s > time_s) {
        if (item->limits[low].time_s + notice_s < *out_until_s)
            *out_until_s = item->limits[low].time_s + notice_s;
        most = item->limits[low - 1].instances > most ? item->limits[low - 1].instances : most;
    }
    if (low > 0 || item->limits[0].time_s + notice_s <= time_s)
        return most;
    if (item->limits[0].time_s + notice_s < *out_until_s)
        *out_until_s = item->limits[0].time_s + notice_s;
    return INT64_MAX;
}

/* Capacity that can be up at time_s, but for what is unlimited: INT64_MAX then. *out_until_s is
 * when that may change next. */
static int64_t most_at(const struct bounds *bounds, int64_t time_s, int64_t *out_until_s)
{
    int64_t most = 0;
    for (size_t p = 0; p < bounds->world.purchases.count; p++) {
        const struct purchase *item = &bounds->world.purchases.items[p];
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
            int64_t place = backup ? bounds->world.scenario->group.max_size
                                   : place_most(bounds, item, time_s, out_until_s);
            if (first_s <= time_s && place == INT64_MAX)
                return INT64_MAX;
            if (first_s <= time_s)
                most += place * item->weight_micro;
            else if (stretch->first_s <= bounds->world.scenario->from_s)
                most += item->warm_micro;
        }
    }
    return most;
}

static bool can_be_served(const struct bounds *bounds, const struct curve *curve)
{
    const struct scenario *scenario = bounds->world.scenario;
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

/* ---- the figures ------------------------------------------------------------------------------
 */

/* Why nothing can be said of such a scenario, or NULL. */
static const char *unbounded(const struct bounds *bounds)
{
    if (bounds->world.purchases.count == 0)
        return "nothing of the fleet or the backup could ever serve";
    if (!bound_solvable(&bounds->world, &bounds->required))
        return "prices or weights are out of all proportion";
    return NULL;
}

static void set_figure(struct figures *figures, enum figure figure, int128 value, bool known)
{
    figures->value[figure] = known ? value : 0;
    figures->known[figure] = known;
}

static int solve(const struct bounds *bounds, const struct curve *curve, size_t threads,
                 int128 *out_micro_usd, bool *out_covered, struct error *err)
{
    struct bound_found *found = bounds_memory_find(bounds->memory, curve);
    int status = STATUS_OK;
    if (!found) {
        status = bound_solve(&bounds->world, curve, threads, out_micro_usd, out_covered, err);
        if (status || !bounds->memory)
            return status;
        found = bounds_memory_keep(bounds->memory, curve);
        *found = (struct bound_found){.covered = *out_covered, .micro_usd = *out_micro_usd};
    }
    *out_micro_usd = found->micro_usd;
    *out_covered = found->covered;
    return status;
}

static void make_schedule(const struct bounds *bounds, const struct curve *curve,
                          struct schedule *out_schedule)
{
    struct bound_found *found = bounds_memory_find(bounds->memory, curve);
    if (found && found->scheduled) {
        schedule_copy(out_schedule, &found->schedule);
        return;
    }
    schedule_make(out_schedule, &bounds->world.purchases, bounds->world.scenario, curve->steps,
                  curve->count);
    if (found) {
        schedule_copy(&found->schedule, out_schedule);
        found->scheduled = true;
    }
}

/* For what was served: that for all that was required, if it is known, and the run itself, serve it
 * too. No other is looked for where that took long. */
static void make_lower_schedule(struct bounds *bounds, bool full_known, int128 total)
{
    struct schedule *lower = &bounds->lower_schedule;
    bool looked_for = !full_known || !bounds->full_schedule.dear;
    if (looked_for)
        make_schedule(bounds, &bounds->served, lower);
    if (full_known && (!looked_for || lower->reason ||
                       bounds->full_schedule.cost_micro_usd < lower->cost_micro_usd))
        schedule_copy(lower, &bounds->full_schedule);
    if (!lower->reason && lower->cost_micro_usd > total)
        schedule_refuse(lower, "none was found that costs less than the run itself");
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
    covered = can_be_served(bounds, &bounds->required);
    if (covered)
        status = solve(bounds, &bounds->required, threads, &full, &covered, err);
    if (!covered)
        bounds->full_reason = "at some time all that was required could not have been served, "
                              "whatever was done";
    set_figure(figures, FIGURE_cost_full_service_bound_micro_usd, full, covered);
    if (covered)
        make_schedule(bounds, &bounds->required, &bounds->full_schedule);
    if (!bounds->lower_reason)
        make_lower_schedule(bounds, covered && !bounds->full_schedule.reason, total);
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
