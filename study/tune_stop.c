/* Which points can no longer be chosen. */
#include "study/tune_stop.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "policy/loaded.h"

#include <stdlib.h>
#include <string.h>

/* ---- what only grows ----------------------------------------------------------------------------
 */

/* Whether values of this path reach only who decides and the backup. */
static bool leaves_spot_alone(const char *path)
{
    static const char *const parts[] = {"policy", "controller", "backup_group"};
    size_t length = strcspn(path, ".[");
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
        if (strlen(parts[i]) == length && strncmp(parts[i], path, length) == 0)
            return true;
    }
    return false;
}

/* Whether all points have the same spot instances: nothing that is varied reaches the fleet, and no
 * policy changes its target, which only one out of a file can; tasks that wait, a scaled target and
 * a mixed-instances group follow more than the market. */
static bool is_spot_alike(const struct tune *tune)
{
    const struct grid *grid = tune->request->grid;
    const struct scenario *scenario = &tune->scenarios[0];
    bool alike = !scenario->service_count && !scenario->scaling.given &&
                 !scenario->distribution.given && !scenario->policy.loaded;
    for (size_t d = 0; d < grid->dimension_count && alike; d++) {
        const struct grid_dimension *dimension = &grid->dimensions[d];
        size_t texts = dimension->path_count * dimension->value_count;
        for (size_t p = 0; p < dimension->path_count && alike; p++)
            alike = leaves_spot_alone(dimension->paths[p]);
        for (size_t i = 0; i < texts && alike; i++) {
            const char *path = dimension->paths[i % dimension->path_count];
            alike = strncmp(path, "policy", strlen("policy")) != 0 ||
                    !policy_file_length(dimension->values[i]);
        }
    }
    return alike;
}

int tune_may_stop(struct tune *tune, struct error *err)
{
    const struct tune_request *request = tune->request;
    if (!request->stop_early)
        return STATUS_OK;
    if (tune->world_count < 2)
        return error_set(err, STATUS_BAD_INPUT,
                         "--stop-early stops between the runs of a point, and here each has one: "
                         "leave --in-sample away, or give --seeds");
    if (is_spot_alike(tune)) {
        tune->still[FIGURE_cost_spot_micro_usd] = true;
        tune->still[FIGURE_capacity_required_unit_s] = true;
    }
    for (size_t i = 0; i < request->objective_count; i++) {
        enum condition_trend trend = condition_trend(&request->objectives[i], tune->still);
        if (trend != TREND_GROWS && trend != TREND_STILL)
            return error_set(
                err, STATUS_BAD_INPUT,
                "--stop-early: --minimize %s may fall as windows are added, so nothing "
                "can be stopped before the last: leave --stop-early away",
                request->objectives[i].text);
    }
    return STATUS_OK;
}

/* Once broken by what can only grow, it stays so. */
static bool is_lasting(const struct tune *tune, const struct condition *limit)
{
    enum condition_trend trend = condition_trend(limit, tune->still);
    switch (limit->relation) {
    case RELATION_AT_MOST:
    case RELATION_BELOW:
        return trend == TREND_GROWS;
    case RELATION_AT_LEAST:
    case RELATION_ABOVE:
        return trend == TREND_SHRINKS;
    default:
        return false;
    }
}

/* ---- where choices are made ---------------------------------------------------------------------
 */

static struct tune_choice choice_of(size_t first, size_t end)
{
    return (struct tune_choice){.first = first, .end = end};
}

void tune_choices_set_up(struct tune_choices *choices, struct tune *tune)
{
    const struct tune_request *request = tune->request;
    *choices = (struct tune_choices){.tune = tune};
    choices->items = memory_new(tune->past_count + 1, sizeof *choices->items);
    choices->items[choices->count++] = choice_of(0, tune->windows.count);
    for (size_t i = 0; i + 1 < tune->past_count; i++)
        choices->items[choices->count++] = choice_of(tune->pasts[i].first, tune->pasts[i].end);
    if (tune->past_count > 1)
        choices->items[choices->count++] = choice_of(tune->pasts[0].end, tune->windows.count);
    choices->lasting = memory_new(request->limit_count, sizeof *choices->lasting);
    for (size_t i = 0; i < request->limit_count; i++)
        choices->lasting[i] = is_lasting(tune, &request->limits[i]);
}

static void forget_standards(struct tune_choices *choices)
{
    for (size_t i = 0; i < choices->count; i++) {
        free(choices->items[i].outcomes);
        free(choices->items[i].front);
        choices->items[i].outcomes = NULL;
        choices->items[i].front = NULL;
    }
    free(choices->pairs);
    choices->pairs = NULL;
    choices->pair_count = 0;
}

void tune_choices_clean_up(struct tune_choices *choices)
{
    forget_standards(choices);
    free(choices->items);
    free(choices->lasting);
    free(choices->points);
    *choices = (struct tune_choices){0};
}

static void learn_pairs(struct tune_choices *choices)
{
    struct front_item *items = tune_front_items(choices->items[0].outcomes, choices->point_count);
    choices->pairs = front_find(items, choices->point_count, &choices->pair_count);
    free(items);
}

int tune_choices_learn(struct tune_choices *choices, const bool *whole, struct error *err)
{
    const struct tune *tune = choices->tune;
    forget_standards(choices);
    choices->points = memory_resize(choices->points, tune->grid_count, sizeof *choices->points);
    choices->point_count = 0;
    for (size_t i = 0; i < tune->grid_count; i++) {
        if (whole[i])
            choices->points[choices->point_count++] = i;
    }
    size_t count = choices->point_count;
    int status = STATUS_OK;
    choices->ready = true;
    for (size_t c = 0; c < choices->count && !status; c++) {
        struct tune_choice *choice = &choices->items[c];
        choice->outcomes = memory_new(count, sizeof *choice->outcomes);
        for (size_t i = 0; i < count && !status; i++)
            status = tune_outcome_of(tune, choices->points[i], choice->first, choice->end,
                                     &choice->outcomes[i], err);
        if (!status)
            choice->front = tune_front_of(tune, choice->outcomes, count, &choice->front_count);
        choices->ready = choices->ready && choice->front_count > 0;
    }
    if (!status && tune->request->stop_early == TUNE_STOP_FRONT)
        learn_pairs(choices);
    return status;
}

/* ---- one point ----------------------------------------------------------------------------------
 */

/* Whether a limit is broken by what the point comes to at least. What cannot be computed yet breaks
 * none. */
static bool is_beyond(const struct tune_choices *choices, const struct figures *least)
{
    const struct tune_request *request = choices->tune->request;
    for (size_t i = 0; i < request->limit_count; i++) {
        struct condition_result result;
        struct error ignored = {0};
        if (choices->lasting[i] &&
            !condition_judge(&request->limits[i], least, NULL, &result, &ignored) && !result.holds)
            return true;
    }
    return false;
}

/* Whether a point that ran everywhere costs no more and misses no more, and less of one. */
static bool is_off_the_front(const struct tune_choices *choices, const struct tune_outcome *least)
{
    const struct tune_outcome *outcomes = choices->items[0].outcomes;
    for (size_t i = 0; i < choices->pair_count; i++) {
        const struct tune_outcome *other = &outcomes[choices->pairs[i]];
        if (other->cost_micro_usd <= least->cost_micro_usd &&
            other->unfulfilled_micro_unit_s <= least->unfulfilled_micro_unit_s &&
            (other->cost_micro_usd < least->cost_micro_usd ||
             other->unfulfilled_micro_unit_s < least->unfulfilled_micro_unit_s))
            return true;
    }
    return false;
}

bool tune_is_hopeless(const struct tune_choices *choices, size_t point, size_t *out_by)
{
    const struct tune *tune = choices->tune;
    *out_by = TUNE_NONE;
    for (size_t c = 0; c < choices->count; c++) {
        const struct tune_choice *choice = &choices->items[c];
        struct tune_sum sum = {0};
        struct figures figures;
        struct tune_outcome least;
        struct error ignored = {0};
        for (size_t window = choice->first; window < choice->end; window++)
            tune_sum_window(tune, point, window, &sum);
        if (tune_value_sum(tune, &sum, &figures, &least, &ignored))
            return false;
        if (c == 0 && tune->request->stop_early == TUNE_STOP_FRONT &&
            !is_off_the_front(choices, &least))
            return false;
        size_t by = tune_beaten(tune, choice->outcomes, choice->front, choice->front_count, &least);
        bool beyond = is_beyond(choices, &figures);
        if (by == TUNE_NONE && !beyond)
            return false;
        if (c == 0 && !beyond)
            *out_by = choices->points[choice->front[by]];
    }
    return true;
}

/* ---- many ---------------------------------------------------------------------------------------
 */

struct crew {
    const struct tune_choices *choices;
    const size_t *points;
    size_t *by;
    bool *hopeless;
};

static int look(size_t index, void *context, struct error *err)
{
    (void)err;
    struct crew *crew = context;
    crew->hopeless[index] = tune_is_hopeless(crew->choices, crew->points[index], &crew->by[index]);
    return STATUS_OK;
}

int tune_stop_hopeless(const struct tune_choices *choices, size_t runs, size_t *points,
                       size_t *count, struct error *err)
{
    struct tune *tune = choices->tune;
    if (!choices->ready || *count == 0)
        return STATUS_OK;
    struct crew crew = {.choices = choices,
                        .points = points,
                        .by = memory_new(*count, sizeof *crew.by),
                        .hopeless = memory_new(*count, sizeof *crew.hopeless)};
    const struct parallel_work work = {
        .count = *count, .threads = tune->request->threads, .context = &crew, .piece = look};
    int status = parallel_run(&work, err);
    size_t kept = 0;
    for (size_t i = 0; i < *count && !status; i++) {
        if (!crew.hopeless[i]) {
            points[kept++] = points[i];
            continue;
        }
        tune->stops[points[i]] = (struct tune_stop){.runs = runs, .by = crew.by[i]};
        tune->stop_count++;
        tune->skipped += tune->world_count - runs;
    }
    *count = status ? *count : kept;
    free(crew.by);
    free(crew.hopeless);
    return status;
}
