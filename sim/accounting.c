#include "accounting.h"

#include "covering.h"

#include <assert.h>
#include <string.h>

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

struct service accounting_service(const struct standing *standing)
{
    struct service service;
    service.served_spot_micro = least(standing->required_micro, standing->spot_up_micro);
    service.served_on_demand_micro =
        least(standing->required_micro - service.served_spot_micro, standing->on_demand_up_micro);
    service.unfulfilled_micro =
        standing->required_micro - service.served_spot_micro - service.served_on_demand_micro;
    service.surplus_micro = standing->spot_up_micro + standing->on_demand_up_micro -
                            service.served_spot_micro - service.served_on_demand_micro;
    return service;
}

void accounting_init(struct accounting *accounting, int64_t window_from_s, int64_t window_to_s,
                     int64_t units_per_instance_micro)
{
    *accounting = (struct accounting){.window_from_s = window_from_s,
                                      .window_to_s = window_to_s,
                                      .units_per_instance_micro = units_per_instance_micro,
                                      .shortfall_until_s = INT64_MIN};
}

/* So much was missing in [from_s, to_s). */
static void add_shortfall(struct accounting *a, int64_t from_s, int64_t to_s,
                          int64_t unfulfilled_micro)
{
    if (unfulfilled_micro == 0)
        return;
    a->shortfall_s += to_s - from_s;
    a->shortfall_episodes += a->shortfall_until_s != from_s;
    a->shortfall_until_s = to_s;
    a->worst_shortfall_micro = most(a->worst_shortfall_micro, unfulfilled_micro);
}

/* Stretches in which nothing but what is required differs: from held_since_s with what is held,
 * then each with what a step says from its time on, up to the last step. Only the part within the
 * window counts. What does not follow from other sums is summed here, away from memory. */
static void add_stretches(struct accounting *a, const struct demand_step *steps, size_t count)
{
    const int64_t spot_up_micro = a->held.spot_up_micro;
    const int64_t on_demand_up_micro = a->held.on_demand_up_micro;
    const int64_t prepaid = a->prepaid_instances;
    const int64_t window_to_s = a->window_to_s;
    struct covering covering = covering_with(a->units_per_instance_micro);
    int64_t required_micro = a->held.required_micro;
    int64_t from_s = most(a->held_since_s, a->window_from_s);
    int64_t all_s = 0;
    int64_t beyond_spot_s = 0;
    int128 required = 0;
    int128 beyond_spot = 0;
    int128 served_on_demand = 0;
    int128 all_on_demand = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t to_s = least(steps[i].time_s, window_to_s);
        int64_t seconds = to_s - from_s;
        if (seconds > 0) {
            all_s += seconds;
            required += (int128)required_micro * seconds;
            int64_t paid = covering_count(&covering, required_micro) - prepaid;
            all_on_demand += (int128)most(paid, 0) * seconds;
            if (required_micro > spot_up_micro) {
                int64_t beyond_micro = required_micro - spot_up_micro;
                int64_t on_demand_micro = least(beyond_micro, on_demand_up_micro);
                beyond_spot_s += seconds;
                beyond_spot += (int128)beyond_micro * seconds;
                served_on_demand += (int128)on_demand_micro * seconds;
                add_shortfall(a, from_s, to_s, beyond_micro - on_demand_micro);
            }
            from_s = to_s;
        }
        required_micro = steps[i].required_micro;
    }
    int128 served_spot = required - beyond_spot;
    int128 up = (int128)(spot_up_micro + on_demand_up_micro) * all_s;
    a->required_unit_s += required;
    a->served_spot_unit_s += served_spot;
    a->served_on_demand_unit_s += served_on_demand;
    a->unfulfilled_unit_s += beyond_spot - served_on_demand;
    a->surplus_unit_s += up - served_spot - served_on_demand;
    a->on_demand_up_unit_s += (int128)on_demand_up_micro * all_s;
    a->all_on_demand_instance_s += all_on_demand;
    a->task_unserved_s += (int128)a->held.tasks_unserved * all_s;
    a->recovery_s += a->held.on_demand_running > 0 ? all_s - beyond_spot_s : 0;
}

/* What is held lasts until time_s. */
static void add_held(struct accounting *accounting, int64_t time_s)
{
    const struct demand_step end = {.time_s = time_s};
    add_stretches(accounting, &end, 1);
}

void accounting_change(struct accounting *accounting, int64_t time_s)
{
    add_held(accounting, time_s);
    accounting->held = accounting->now;
    accounting->held_since_s = time_s;
}

void accounting_demand(struct accounting *accounting, const struct demand_step *steps, size_t count)
{
    assert(!accounting_differs(accounting));
    const struct demand_step *last = &steps[count - 1];
    add_stretches(accounting, steps, count);
    accounting->now.required_micro = last->required_micro;
    accounting->held.required_micro = last->required_micro;
    accounting->held_since_s = last->time_s;
}

void accounting_finish(struct accounting *accounting, int64_t time_s)
{
    add_held(accounting, time_s);
    accounting->held_since_s = time_s;
}

void accounting_count(struct accounting *accounting, enum figure figure, int64_t time_s)
{
    if (time_s >= accounting->window_from_s && time_s < accounting->window_to_s)
        accounting->events[figure]++;
}

static void set(struct figures *figures, enum figure figure, int128 value)
{
    figures->value[figure] = value;
    figures->known[figure] = true;
}

void accounting_figures(const struct accounting *a, const struct tariff *tariff,
                        struct figures *out_figures)
{
    memset(out_figures, 0, sizeof *out_figures);
    int128 spot = divide_half_even(a->spot_cost, SECONDS_PER_HOUR);
    int128 on_demand = divide_half_even(a->on_demand_cost, SECONDS_PER_HOUR);
    int128 idle_unit_s = a->on_demand_up_unit_s - a->served_on_demand_unit_s;
    int128 surplus_cost = 0;
    if (a->on_demand_up_unit_s > 0) {
        /* Fits: money stays below 10^17 micro-USD and unit-seconds below 10^20 micro-unit-seconds.
         */
        surplus_cost = divide_half_even(on_demand * idle_unit_s, a->on_demand_up_unit_s);
    }
    set(out_figures, FIGURE_cost_spot_micro_usd, spot);
    set(out_figures, FIGURE_cost_on_demand_micro_usd, on_demand);
    int128 other = 0;
    if (tariff->other.numerator > 0)
        other = divide_half_even(a->running_instance_s * tariff->other.numerator,
                                 tariff->other.denominator);
    set(out_figures, FIGURE_cost_other_micro_usd, other);
    set(out_figures, FIGURE_cost_total_micro_usd, spot + on_demand + other);
    set(out_figures, FIGURE_cost_all_on_demand_micro_usd,
        divide_half_even(a->all_on_demand_instance_s * tariff->on_demand_micro_usd,
                         SECONDS_PER_HOUR));
    set(out_figures, FIGURE_cost_on_demand_surplus_micro_usd, surplus_cost);
    set(out_figures, FIGURE_capacity_required_unit_s, a->required_unit_s);
    set(out_figures, FIGURE_capacity_served_spot_unit_s, a->served_spot_unit_s);
    set(out_figures, FIGURE_capacity_served_on_demand_unit_s, a->served_on_demand_unit_s);
    set(out_figures, FIGURE_capacity_unfulfilled_unit_s, a->unfulfilled_unit_s);
    set(out_figures, FIGURE_capacity_surplus_unit_s, a->surplus_unit_s);
    set(out_figures, FIGURE_capacity_shortfall_s, a->shortfall_s);
    set(out_figures, FIGURE_capacity_shortfall_episodes, a->shortfall_episodes);
    set(out_figures, FIGURE_capacity_worst_shortfall_units, a->worst_shortfall_micro);
    set(out_figures, FIGURE_capacity_recovery_s, a->recovery_s);
    set(out_figures, FIGURE_capacity_task_unserved_s, a->task_unserved_s);
    for (int i = FIGURE_events_evaluations; i < FIGURE_COUNT_OF_ALL; i++)
        set(out_figures, (enum figure)i, a->events[i]);
    /* The bounds need perfect knowledge of the whole run: they stay unknown here. */
}
