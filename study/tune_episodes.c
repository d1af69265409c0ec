/* How many independent shortages stand behind the answer: those of the front's points and of the
 * best, together, for they are what the answer was chosen from; or of one of them, if that is more.
 */
#include "base/memory.h"
#include "base/parallel.h"
#include "sim/sim.h"
#include "study/shortage.h"
#include "study/tune.h"

#include <stdlib.h>
#include <string.h>

struct crew {
    const struct tune *tune;
    size_t *points;
    size_t count;
    struct shortages *lists; /* world by world, point by point */
    size_t world;
    struct tune_market market;
};

static int take_capacity(const struct record_capacity *capacity, void *context)
{
    shortages_take(context, capacity);
    return STATUS_OK;
}

static int run_point(size_t index, void *context, struct error *err)
{
    struct crew *crew = context;
    const struct tune_world *world = &crew->tune->worlds[crew->world];
    struct shortages *list = &crew->lists[crew->world * crew->count + index];
    struct tune_opened opened;
    int status = tune_open(crew->tune, crew->points[index], &crew->market, &opened, err);
    if (status)
        return status;
    *list = (struct shortages){.from_s = world->window.from_s, .to_s = world->window.to_s};
    const struct record_sink sink = {.context = list, .capacity = take_capacity};
    const struct sim_observer observer = {.stepping = crew->tune->request->stepping};
    struct figures figures = {0};
    status = simulate(&opened.scenario, opened.traces, &sink, &observer, &figures, err);
    shortages_end(list);
    tune_close(&crew->market, &opened);
    return status;
}

static int run_world(struct crew *crew, struct error *err)
{
    const struct tune *tune = crew->tune;
    int status = tune_open_market(tune, &tune->worlds[crew->world], &crew->market, err);
    if (status)
        return status;
    const struct parallel_work work = {.count = crew->count,
                                       .threads = tune->request->threads,
                                       .context = crew,
                                       .piece = run_point};
    status = parallel_run(&work, err);
    tune_close_market(&crew->market);
    return status;
}

/* Whether all seeds meet the same market at the same times: then so do their shortages. */
static bool is_one_market(const struct tune *tune)
{
    bool one = tune->scenario_count == 1 ||
               tune->scenarios[0].interruptions != INTERRUPTIONS_ADVISOR; /* it follows the seed */
    for (size_t i = 0; i < tune->world_count && one; i++) {
        const struct tune_world *first = &tune->worlds[i - i % tune->scenario_count];
        one = strcmp(tune->worlds[i].trace_hash, first->trace_hash) == 0;
    }
    return one;
}

/* Of all points in every `step`th world. Windows follow one another, so what the end of one cuts in
 * two is one. */
static size_t count_episodes(const struct crew *crew, size_t first_world, size_t step)
{
    const struct tune *tune = crew->tune;
    size_t most = tune->world_count * crew->count;
    const struct shortages **lists = memory_new(most, sizeof *lists);
    size_t *whose = memory_new(most, sizeof *whose);
    size_t count = 0;
    for (size_t world = first_world; world < tune->world_count; world += step) {
        for (size_t i = 0; i < crew->count; i++) {
            whose[count] = i;
            lists[count++] = &crew->lists[world * crew->count + i];
        }
    }
    size_t episodes = shortages_behind(lists, whose, count);
    free(whose);
    free(lists);
    return episodes;
}

int tune_count_episodes(struct tune *tune, struct error *err)
{
    struct crew crew = {.tune = tune,
                        .points = memory_new(tune->front_count + 1, sizeof *crew.points)};
    bool there = tune->best == TUNE_NONE;
    for (size_t i = 0; i < tune->front_count; i++) {
        crew.points[crew.count++] = tune->front[i];
        there = there || tune->front[i] == tune->best;
    }
    if (!there)
        crew.points[crew.count++] = tune->best;
    crew.lists = memory_new(tune->world_count * crew.count, sizeof *crew.lists);
    int status = STATUS_OK;
    for (; crew.world < tune->world_count && !status; crew.world++)
        status = run_world(&crew, err);
    if (!status && is_one_market(tune)) {
        tune->episodes = count_episodes(&crew, 0, 1);
    } else if (!status) {
        for (size_t seed = 0; seed < tune->scenario_count; seed++)
            tune->episodes += count_episodes(&crew, seed, tune->scenario_count);
    }
    for (size_t i = 0; i < tune->world_count * crew.count; i++)
        shortages_clean_up(&crew.lists[i]);
    free(crew.lists);
    free(crew.points);
    return status;
}
