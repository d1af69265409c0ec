/* The seconds at which a bound is worked out: the same phases of every hour, so that an hour after
 * a point there is a point. */
#include "bound_parts.h"

int64_t grid_time(const struct grid *grid, int64_t index)
{
    return grid->first_s + index / grid->phase_count * SECONDS_PER_HOUR +
           grid->phases[index % grid->phase_count];
}

int64_t grid_floor(const struct grid *grid, int64_t time_s)
{
    if (time_s >= grid->end_s)
        return grid->last;
    if (time_s <= grid->first_s)
        return 0;
    int64_t phase = (time_s - grid->first_s) % SECONDS_PER_HOUR;
    int64_t low = 0;
    int64_t high = grid->phase_count;
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (grid->phases[middle] <= phase)
            low = middle;
        else
            high = middle;
    }
    return (time_s - grid->first_s) / SECONDS_PER_HOUR * grid->phase_count + low;
}

int64_t grid_ceiling(const struct grid *grid, int64_t time_s)
{
    int64_t index = grid_floor(grid, time_s);
    return grid_time(grid, index) < time_s && index < grid->last ? index + 1 : index;
}

/* Which seconds of an hour are points. */
struct marks {
    bool set[SECONDS_PER_HOUR];
    int64_t count;
    int64_t first_s;
    int64_t end_s;
};

static void mark_phase(struct marks *marks, int64_t phase)
{
    marks->count += !marks->set[phase];
    marks->set[phase] = true;
}

/* The phase of time_s, if it lies near enough to matter. */
static void mark(struct marks *marks, int64_t time_s)
{
    if (time_s < marks->first_s - SECONDS_PER_HOUR || time_s > marks->end_s + SECONDS_PER_HOUR)
        return;
    int64_t phase = (time_s - marks->first_s) % SECONDS_PER_HOUR;
    mark_phase(marks, phase < 0 ? phase + SECONDS_PER_HOUR : phase);
}

static void mark_end(struct marks *marks, const struct stretch *stretch)
{
    if (stretch->begun_s != INT64_MAX) {
        mark(marks, stretch->begun_s);
        mark(marks, stretch->begun_s + 1);
    }
    if (stretch->ended_s == INT64_MAX)
        return;
    mark(marks, stretch->ended_s - 1); /* an hour before it begins an hour with one after it, ... */
    mark(marks, stretch->ended_s);     /* ... then the last one that is paid, ... */
    mark(marks, stretch->ended_s + 1); /* ... and then one that is free */
    mark(marks, stretch->serves_until_s);
}

static void mark_purchase(struct marks *marks, const struct purchase *item, int64_t most)
{
    for (size_t i = 0; i < item->step_count && marks->count <= most; i++) {
        mark(marks, item->steps[i].time_s - 1);
        mark(marks, item->steps[i].time_s);
    }
    for (size_t i = 0; i < item->stretch_count && marks->count <= most; i++) {
        mark(marks, item->stretches[i].first_s);
        mark_end(marks, &item->stretches[i]);
    }
    for (size_t i = 0; i < item->loss_count && marks->count <= most; i++)
        mark_end(marks, &item->losses[i]);
    mark(marks, item->first_running_s);
    if (item->last_running_s != INT64_MAX) {
        mark(marks, item->last_running_s);
        mark(marks, item->last_running_s + 1);
    }
}

/* An instance may start as another has to be replaced, and is joined a while later: so where one
 * phase is a point, those a join apart are. */
static void close_over(struct marks *marks, int64_t join_s, int64_t most)
{
    int64_t before = 0;
    while (before != marks->count && marks->count <= most) {
        before = marks->count;
        for (int64_t phase = 0; phase < SECONDS_PER_HOUR; phase++) {
            if (marks->set[phase])
                mark_phase(marks, (phase + join_s) % SECONDS_PER_HOUR);
        }
    }
}

static void mark_changes(struct marks *marks, const struct purchases *purchases,
                         const struct bound_task *task, int64_t most)
{
    for (size_t i = 0; i < task->demand_count && marks->count <= most; i++)
        mark(marks, task->demand[i].time_s);
    for (size_t i = 0; i < purchases->count && marks->count <= most; i++)
        mark_purchase(marks, &purchases->items[i], most);
    for (size_t i = 0; i < purchases->count && marks->count <= most; i++)
        close_over(marks, purchases->items[i].join_s, most);
}

bool grid_make(struct grid *grid, const struct purchases *purchases, const struct bound_task *task,
               int64_t step_s, int64_t most)
{
    *grid = (struct grid){
        .first_s = task->from_s - SECONDS_PER_HOUR, .end_s = task->to_s, .step_s = step_s};
    struct marks marks = {.first_s = grid->first_s, .end_s = grid->end_s};
    mark(&marks, task->from_s);
    mark(&marks, task->to_s);
    mark(&marks, task->scenario->from_s);
    mark(&marks, task->scenario->measure_from_s);
    mark(&marks, task->scenario->measure_to_s);
    if (step_s == 0)
        mark_changes(&marks, purchases, task, most);
    for (int64_t phase = 0; step_s > 0 && phase < SECONDS_PER_HOUR; phase += step_s)
        mark_phase(&marks, phase);
    if (step_s == 0 && marks.count > most)
        return false;
    for (int64_t phase = 0; phase < SECONDS_PER_HOUR; phase++) {
        if (marks.set[phase])
            grid->phases[grid->phase_count++] = phase;
    }
    int64_t hours = (task->to_s - grid->first_s) / SECONDS_PER_HOUR;
    int64_t rest = (task->to_s - grid->first_s) % SECONDS_PER_HOUR;
    int64_t at = 0;
    while (grid->phases[at] != rest)
        at++;
    grid->last = hours * grid->phase_count + at;
    return true;
}
