/* What two runs differ by, added up as time goes. */
#include "compare_parts.h"

int64_t part_end(const struct two_runs *two, int part)
{
    const struct run_data *data = two->data[COMPARE_OLD];
    return data->from_s + (int64_t)((int128)(part + 1) * (data->to_s - data->from_s) / COST_POINTS);
}

/* What was missing in each part of the span, added to or taken from `parts`. */
static void add_missing(const struct two_runs *two, size_t which, int sign,
                        int128 parts[COST_POINTS])
{
    const struct run_data *data = two->data[which];
    int part = 0;
    for (size_t i = 0; i < data->level_count; i++) {
        int64_t end_s = i + 1 < data->level_count ? data->levels[i + 1].time_s : data->to_s;
        int64_t at_s = data->levels[i].time_s;
        while (at_s < end_s && part < COST_POINTS) {
            int64_t until_s = part_end(two, part) < end_s ? part_end(two, part) : end_s;
            if (until_s > at_s) {
                parts[part] += (int128)sign * data->levels[i].missing_micro * (until_s - at_s);
                at_s = until_s;
            }
            part += at_s >= part_end(two, part);
        }
    }
}

void two_runs_add_up(struct two_runs *two)
{
    add_missing(two, COMPARE_NEW, 1, two->unfulfilled);
    add_missing(two, COMPARE_OLD, -1, two->unfulfilled);
    for (int i = 0; i < COST_POINTS; i++) {
        two->cost[i] = two->data[COMPARE_NEW]->spent[i] - two->data[COMPARE_OLD]->spent[i];
        if (i > 0) {
            two->cost[i] += two->cost[i - 1];
            two->unfulfilled[i] += two->unfulfilled[i - 1];
        }
    }
}
