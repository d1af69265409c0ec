#include "policy/sizing.h"

__extension__ typedef __int128 wide;

int64_t sizing_clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

int64_t sizing_share(int64_t value, int64_t numerator, int64_t denominator)
{
    int64_t product = 0;
    if (!__builtin_mul_overflow(value, numerator, &product)) /* as nearly always */
        return product / denominator;
    return (int64_t)((wide)value * numerator / denominator);
}

size_t sizing_newest_point(const struct ballast_answer *answer)
{
    const struct ballast_point *newest = answer->points;
    const struct ballast_point *end = answer->points + answer->point_count;
    int64_t newest_s = newest->time_s;
#pragma GCC unroll 4
    for (const struct ballast_point *point = newest + 1; point < end; point++) {
        int64_t time_s = point->time_s;
        newest = time_s > newest_s ? point : newest;
        newest_s = time_s > newest_s ? time_s : newest_s;
    }
    return (size_t)(newest - answer->points);
}

int64_t sizing_least(const struct ballast_answer *answer)
{
    const struct ballast_point *end = answer->points + answer->point_count;
    int64_t least_micro = answer->points->value_micro;
#pragma GCC unroll 4
    for (const struct ballast_point *point = answer->points + 1; point < end; point++)
        least_micro = point->value_micro < least_micro ? point->value_micro : least_micro;
    return least_micro;
}

bool sizing_points_differ(const struct ballast_answer *answer)
{
    if (answer->point_count < 2)
        return false;
    const struct ballast_point *end = answer->points + answer->point_count;
    int64_t first_micro = answer->points->value_micro;
#pragma GCC unroll 4
    for (const struct ballast_point *point = answer->points + 1; point < end; point++) {
        if (point->value_micro != first_micro)
            return true;
    }
    return false;
}

/* Of the points that have the lowest value, that value and the newest stamp. */
struct lowest {
    int64_t value;
    int64_t last_s;
};

/* Points come in any order, so there is nothing to be guessed: no branches. */
static inline struct lowest lower(struct lowest lowest, int64_t value, int64_t time_s)
{
    int64_t last_s = value < lowest.value ? INT64_MIN : lowest.last_s;
    bool taken = (value <= lowest.value) & (time_s > last_s);
    return (struct lowest){value < lowest.value ? value : lowest.value, taken ? time_s : last_s};
}

/* The newest value stays in the window; a lowest or highest value that is another leaves it with
 * the last of its points, the query's start being rounded down to the minute. The promise ends when
 * the first of them does. */
struct ballast_decision sizing_hold_changed(const struct ballast_answer *answer, int64_t window_s,
                                            uint32_t reason)
{
    int64_t newest = 0;
    int64_t newest_s = INT64_MIN;
    struct lowest low = {INT64_MAX, INT64_MIN};
    /* The highest is the lowest of the complements, which unlike negatives cannot overflow. */
    struct lowest high = {INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < answer->point_count; i++) {
        const struct ballast_point point = answer->points[i];
        newest = point.time_s > newest_s ? point.value_micro : newest;
        newest_s = point.time_s > newest_s ? point.time_s : newest_s;
        low = lower(low, point.value_micro, point.time_s);
        high = lower(high, ~point.value_micro, point.time_s);
    }
    int64_t low_s = low.value == newest ? INT64_MAX : low.last_s;
    int64_t high_s = ~high.value == newest ? INT64_MAX : high.last_s;
    return (struct ballast_decision){.action = BALLAST_HOLD,
                                     .reason = reason,
                                     .figures = {low.value, ~high.value, window_s},
                                     .valid_until_s =
                                         (low_s < high_s ? low_s : high_s) + 60 + window_s};
}

struct ballast_decision sizing_hold(uint32_t reason, int64_t figure)
{
    return (struct ballast_decision){.action = BALLAST_HOLD,
                                     .reason = reason,
                                     .figures = {figure},
                                     .valid_until_s = BALLAST_FOREVER};
}

/* Capacity is at most 10^10 micro-units where users write it, so the products fit in 64 bits, and
 * in 128 whatever is asked. */
int64_t sizing_instances(int64_t units_micro, int64_t units_per_instance_micro)
{
    if (units_micro == 0) /* as most of the time: no division */
        return 0;
    int64_t units = 0;
    int64_t per_instance = 0;
    int64_t numerator = 0;
    if (!__builtin_mul_overflow(units_micro, BALLAST_MICRO, &units) &&
        !__builtin_mul_overflow(units_per_instance_micro, BALLAST_MICRO, &per_instance) &&
        !__builtin_add_overflow(units, per_instance - units_per_instance_micro, &numerator))
        return numerator / per_instance;
    return (int64_t)(((wide)units_micro * BALLAST_MICRO +
                      (wide)units_per_instance_micro * (BALLAST_MICRO - 1)) /
                     ((wide)units_per_instance_micro * BALLAST_MICRO));
}

int64_t sizing_units_per_instance(const struct ballast_observation *observation, int64_t parameter)
{
    return parameter == BALLAST_UNKNOWN ? observation->group.units_per_instance_micro : parameter;
}

bool sizing_calls(const struct ballast_group *group, const struct sizing *sizing, int64_t *out_need)
{
    int64_t desired = group->desired_capacity;
    bool stays = sizing->need < desired ? sizing->keeps_larger : sizing->keeps_smaller;
    int64_t need = stays ? desired : sizing->need;
    if (!sizing->unclamped)
        need = sizing_clamp(need, group->min_size, group->max_size);
    *out_need = need;
    return need > desired || (need < desired && !sizing->out_only);
}

void sizing_decide(const struct ballast_group *group, const struct sizing *sizing,
                   struct ballast_decision *out_decision)
{
    if (group->status != BALLAST_OK) {
        *out_decision = (struct ballast_decision){.action = BALLAST_HOLD,
                                                  .reason = sizing->group_unknown,
                                                  .valid_until_s = sizing->valid_until_s};
        return;
    }
    int64_t need = 0;
    bool calls = sizing_calls(group, sizing, &need);
    bool out = need > group->desired_capacity;
    uint32_t reason = out ? sizing->out : sizing->in;
    if (need == group->desired_capacity)
        reason = sizing->fits;
    else if (!calls)
        reason = sizing->held;
    /* No member is left out, or all would be cleared first, minute after minute. */
    *out_decision = (struct ballast_decision){
        .action = calls ? BALLAST_SET_DESIRED : BALLAST_HOLD,
        .honor_cooldown = calls && !out,
        .set_fleet_target = false,
        .desired_capacity = calls ? need : 0,
        .fleet_target = 0,
        .reason = reason,
        .figures = {sizing->figures[0], need, group->desired_capacity, sizing->figures[3],
                    sizing->figures[4], sizing->figures[5]},
        .valid_until_s = sizing->valid_until_s,
    };
}

struct ballast_decision sized_decide(const struct ballast_group *group, const struct sized *sized)
{
    if (sized->holds)
        return sized->held;
    struct ballast_decision decision;
    sizing_decide(group, &sized->sizing, &decision);
    return decision;
}

const struct ballast_fleet *sizing_fleet(const struct ballast_answer *answer, uint32_t *out_reason)
{
    *out_reason = SIZING_FLEET_UNKNOWN;
    if (answer->status != BALLAST_OK || answer->fleet->target_micro == BALLAST_UNKNOWN ||
        answer->fleet->fulfilled_micro == BALLAST_UNKNOWN)
        return NULL;
    *out_reason = SIZING_FLEET_INACTIVE;
    return answer->fleet->active ? answer->fleet : NULL;
}

struct sized sized_for(int64_t need, uint32_t reads)
{
    return (struct sized){
        .holds = false,
        .sizing = {.need = need,
                   .unclamped = false,
                   .out_only = false,
                   .keeps_larger = false,
                   .keeps_smaller = false,
                   .group_unknown = SIZING_GROUP_UNKNOWN,
                   .fits = SIZING_FITS,
                   .out = SIZING_OUT,
                   .in = SIZING_IN,
                   .held = 0,
                   .figures = {0, 0, 0, 0, 0, 0},
                   .valid_until_s = BALLAST_FOREVER},
        .reads = reads,
        .differ = 0,
        .banded = 0,
        .band = {0, 0},
    };
}

/* How much further the target may go, so that the units go no further than units_micro. */
static int64_t along(int64_t units_micro, int64_t percent)
{
    if (percent == 0)
        return units_micro;
    return units_micro > 0 ? (units_micro - 1) * 100 / (100 + percent) : 0;
}

struct sized_band sized_targets(const struct sized_slope *slope)
{
    const int64_t most = 1000000 * (int64_t)BALLAST_MICRO; /* more than is ever asked for */
    const int64_t per_micro = slope->units_per_instance_micro;
    const int64_t units_micro = slope->units_micro;
    int64_t need = sizing_instances(units_micro, per_micro);
    if (need < slope->least)
        need = slope->least;
    if (need > most / BALLAST_MICRO || per_micro > most || slope->target_micro > most ||
        units_micro > most || units_micro < -most)
        return (struct sized_band){INT64_MAX, INT64_MIN};
    /* What sizing_instances rounds to `need`. */
    int64_t high_micro = per_micro * (need > 0 ? need : 0) + (per_micro - 1) / BALLAST_MICRO;
    int64_t low_micro = per_micro * (need - 1) + (per_micro - 1) / BALLAST_MICRO + 1;
    bool lowest = need <= slope->least || need <= 0;
    return (struct sized_band){
        lowest ? INT64_MIN : slope->target_micro - along(units_micro - low_micro, slope->percent),
        slope->target_micro + along(high_micro - units_micro, slope->percent)};
}
