#include "run_data.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/timestamp.h"

#include <stdlib.h>
#include <string.h>

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int run_data_span(const struct stored_run *run, int64_t *out_from_s, int64_t *out_to_s,
                  struct error *err)
{
    struct json_document document;
    int status = json_parse(&document, "the recorded scenario", run->scenario_json,
                            strlen(run->scenario_json), err);
    if (status)
        return status;
    const cJSON *measure = cJSON_GetObjectItemCaseSensitive(document.root, "measure");
    const char *const keys[] = {"from", "to"};
    int64_t *const times[] = {out_from_s, out_to_s};
    *out_from_s = *out_to_s = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
        const cJSON *node = cJSON_GetObjectItemCaseSensitive(measure, keys[i]);
        if (!node)
            node = cJSON_GetObjectItemCaseSensitive(document.root, keys[i]);
        if (cJSON_IsString(node))
            timestamp_parse(node->valuestring, strlen(node->valuestring), true, times[i]);
    }
    json_clean_up(&document);
    if (*out_to_s > *out_from_s)
        return STATUS_OK;
    return error_set(err, STATUS_BAD_INPUT, "the recorded scenario does not say its span");
}

static void take_capacity(const struct record_capacity *capacity, void *context)
{
    struct run_data *data = context;
    int64_t spot = least(capacity->required_micro, capacity->spot_up_micro);
    int64_t on_demand = least(capacity->required_micro - spot, capacity->on_demand_up_micro);
    const struct level level = {
        .time_s = capacity->time_s > data->from_s ? capacity->time_s : data->from_s,
        .spot_micro = spot,
        .on_demand_micro = on_demand,
        .missing_micro = capacity->required_micro - spot - on_demand,
        .desired = capacity->group_desired,
    };
    /* What held at the measured span's beginning may have come before it. */
    if (data->level_count == 1 && data->levels[0].time_s == level.time_s)
        data->level_count = 0;
    if (level.time_s < data->to_s)
        ARRAY_PUSH(data->levels, data->level_count, data->level_capacity, level);
}

static void take_notice(int64_t time_s, int64_t instances, void *context)
{
    struct run_data *data = context;
    if (time_s < data->from_s || time_s >= data->to_s)
        return;
    ARRAY_PUSH(data->notices, data->notice_count, data->notice_capacity, time_s);
    ARRAY_PUSH(data->notices, data->notice_count, data->notice_capacity, instances);
}

static void take_decision(const struct record_decision *decision, void *context)
{
    struct run_data *data = context;
    bool accepted = decision->outcome == CLOUD_ACCEPTED;
    bool refused = decision->outcome == CLOUD_SCALING_ACTIVITY_IN_PROGRESS ||
                   decision->outcome == CLOUD_VALIDATION_ERROR;
    int which = refused ? 2 : decision->desired_capacity < decision->desired_before;
    if ((accepted || refused) && decision->first_s >= data->from_s &&
        decision->first_s < data->to_s)
        ARRAY_PUSH(data->calls[which], data->call_count[which], data->call_capacity[which],
                   decision->first_s);
}

/* An amount spread evenly over [begin_s, end_s), as far as it is within the span. */
static void spread(const struct run_data *data, int128 *parts, int128 amount, int64_t begin_s,
                   int64_t end_s)
{
    int64_t length_s = data->to_s - data->from_s;
    begin_s = begin_s > data->from_s ? begin_s : data->from_s;
    end_s = least(end_s, data->to_s);
    if (begin_s >= end_s)
        return;
    for (int64_t at_s = begin_s; at_s < end_s;) {
        int64_t part = (int64_t)((int128)(at_s - data->from_s) * COST_POINTS / length_s);
        int64_t next_s = data->from_s +
                         (int64_t)(((int128)(part + 1) * length_s + COST_POINTS - 1) / COST_POINTS);
        next_s = least(next_s > at_s ? next_s : at_s + 1, end_s);
        parts[part] += amount * (next_s - at_s) / (end_s - begin_s);
        at_s = next_s;
    }
}

static void take_life(const struct told_life *life, void *context)
{
    struct run_data *data = context;
    if (life->running_s >= data->to_s)
        return;
    int64_t end_s = life->ended_s == RECORD_NEVER ? data->to_s : life->ended_s;
    spread(data, data->spent, life->cost_micro_usd_s / 3600, life->running_s,
           end_s > life->running_s ? end_s : life->running_s + 1);
}

struct served run_data_served(const struct run_data *data, int64_t from_s, int64_t to_s)
{
    struct served sum = {0};
    for (size_t i = 0; i < data->level_count; i++) {
        const struct level *level = &data->levels[i];
        int64_t begin_s = level->time_s > from_s ? level->time_s : from_s;
        int64_t end_s =
            least(i + 1 < data->level_count ? data->levels[i + 1].time_s : data->to_s, to_s);
        if (begin_s >= end_s)
            continue;
        sum.spot += (int128)level->spot_micro * (end_s - begin_s);
        sum.on_demand += (int128)level->on_demand_micro * (end_s - begin_s);
        sum.missing += (int128)level->missing_micro * (end_s - begin_s);
    }
    return sum;
}

/* All on demand is paid as things are required, the least there is as they are served. */
static void spread_by_capacity(struct run_data *data, int128 *parts, int128 total, int128 capacity,
                               bool served)
{
    for (size_t i = 0; i < data->level_count && capacity > 0; i++) {
        const struct level *level = &data->levels[i];
        int64_t end_s = i + 1 < data->level_count ? data->levels[i + 1].time_s : data->to_s;
        int64_t micro =
            level->spot_micro + level->on_demand_micro + (served ? 0 : level->missing_micro);
        int128 here = (int128)micro * (end_s - level->time_s);
        spread(data, parts, total * (here / 1000) / (capacity / 1000 + 1), level->time_s, end_s);
    }
}

int run_data_read(struct run_data *data, struct results *results, const struct stored_run *run,
                  struct error *err)
{
    *data = (struct run_data){0};
    int status = run_data_span(run, &data->from_s, &data->to_s, err);
    if (!status)
        status = results_figures(results, run->run, &data->figures, err);
    if (!status)
        status = results_each_capacity(results, run->run, take_capacity, data, err);
    if (!status)
        status = results_each_notice(results, run->run, take_notice, data, err);
    if (!status)
        status = results_each_decision(results, run->run, take_decision, data, err);
    if (!status)
        status = results_each_life(results, run->run, take_life, data, err);
    const int128 *value = data->figures.value;
    spread_by_capacity(data, data->all_on_demand, value[FIGURE_cost_all_on_demand_micro_usd],
                       value[FIGURE_capacity_required_unit_s], false);
    if (data->figures.known[FIGURE_cost_lower_bound_micro_usd])
        spread_by_capacity(data, data->bound, value[FIGURE_cost_lower_bound_micro_usd],
                           value[FIGURE_capacity_served_spot_unit_s] +
                               value[FIGURE_capacity_served_on_demand_unit_s],
                           true);
    return status;
}

void run_data_clean_up(struct run_data *data)
{
    free(data->levels);
    free(data->notices);
    for (size_t i = 0; i < ARRAY_LENGTH(data->calls); i++)
        free(data->calls[i]);
}
