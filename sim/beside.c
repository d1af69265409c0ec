#include "beside.h"

#include "scenario/scenario.h"

static int64_t earliest(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t latest(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

void beside_begin(struct beside *beside, struct fleet_tape *tape, const struct scenario *scenario,
                  int64_t up_micro, bool runs)
{
    *beside = (struct beside){.tape = tape,
                              .scenario = scenario,
                              .held_up_micro = up_micro,
                              .held_runs = runs,
                              .held_since_s = scenario->from_s,
                              .sums = {.until_s = INT64_MIN}};
}

static const struct gap_level *level_of(struct beside *beside, int64_t units_micro,
                                        int64_t level_micro)
{
    const struct gap_level **known = &beside->levels[(level_micro / units_micro) % BESIDE_LEVELS];
    if (!*known || (*known)->level_micro != level_micro)
        *known = fleet_tape_level(beside->tape, beside->scenario, level_micro);
    return *known;
}

/* The group was as it is held until time_s. */
static void close_stretch(struct beside *beside, int64_t time_s)
{
    const struct scenario *scenario = beside->scenario;
    int64_t from_s = latest(beside->held_since_s, scenario->measure_from_s);
    int64_t to_s = earliest(time_s, scenario->measure_to_s);
    if (from_s >= to_s)
        return;
    int64_t up_micro = beside->held_up_micro;
    const struct gaps *gaps = &beside->tape->gaps;
    const struct gap_level *level =
        gaps_is_long(gaps, beside->sums.at, to_s)
            ? level_of(beside, scenario->group.units_per_instance_micro, up_micro)
            : NULL;
    gaps_sum(gaps, scenario, level, up_micro, beside->held_runs, from_s, to_s, &beside->sums);
    beside->up_unit_s += (int128)up_micro * (to_s - from_s);
}

void beside_settle(struct beside *beside, int64_t time_s, int64_t up_micro, bool runs)
{
    if (up_micro == beside->held_up_micro && runs == beside->held_runs)
        return;
    close_stretch(beside, time_s);
    beside->held_up_micro = up_micro;
    beside->held_runs = runs;
    beside->held_since_s = time_s;
}

/* What the fleet comes to alone, and what is another with the group. */
static void add_up(const struct beside *beside, const struct accounting *own,
                   struct accounting *out)
{
    const struct scenario *scenario = beside->scenario;
    int64_t units_micro = scenario->group.units_per_instance_micro;
    const struct gap_sums *sums = &beside->sums;
    int128 up_unit_s = out->served_spot_unit_s + out->served_on_demand_unit_s +
                       out->surplus_unit_s + beside->up_unit_s;
    out->unfulfilled_unit_s = sums->unfulfilled_micro_s;
    out->served_on_demand_unit_s =
        out->required_unit_s - out->served_spot_unit_s - out->unfulfilled_unit_s;
    out->surplus_unit_s = up_unit_s - out->served_spot_unit_s - out->served_on_demand_unit_s;
    out->on_demand_up_unit_s += beside->up_unit_s;
    out->shortfall_s = sums->shortfall_s;
    out->shortfall_episodes = sums->episodes;
    out->worst_shortfall_micro = sums->worst_micro;
    out->recovery_s = sums->recovery_s;
    if (out->units_per_instance_micro != units_micro)
        out->all_on_demand_instance_s = gaps_all_on_demand(
            &beside->tape->gaps, scenario, units_micro, scenario->price_terms.prepaid_instances,
            scenario->measure_from_s, scenario->measure_to_s);
    out->on_demand_cost += own->on_demand_cost;
    out->running_instance_s += own->running_instance_s;
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++)
        out->events[i] += own->events[i];
}

void beside_finish(struct beside *beside, const struct accounting *own, struct figures *out_figures)
{
    close_stretch(beside, beside->scenario->to_s);
    struct accounting all = beside->tape->alone;
    add_up(beside, own, &all);
    const struct tariff tariff = tariff_of(beside->scenario);
    accounting_figures(&all, &tariff, out_figures);
}
