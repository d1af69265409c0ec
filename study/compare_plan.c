/* Which worlds there are, and what a side is in each. */
#include "base/memory.h"
#include "study/compare.h"
#include "study/windows.h"

#include <stdlib.h>
#include <string.h>

static bool by_windows(enum compare_worlds kind)
{
    return kind == COMPARE_WINDOWS || kind == COMPARE_MONTHS;
}

/* ---- a side in a world ------------------------------------------------------------------------
 */

static int parse_window(const struct compare_side *side, const struct compare_world *world,
                        struct scenario *out_scenario, struct error *err)
{
    const struct window window = {.from_s = world->from_s, .to_s = world->to_s};
    struct window_texts texts;
    struct scenario_override overrides[WINDOW_OVERRIDES];
    window_overrides(&window, world->begin_s, &texts, overrides);
    const struct scenario_options options = {.overrides = overrides,
                                             .override_count = WINDOW_OVERRIDES};
    const struct text *whole = &side->scenario.resolved;
    return scenario_parse(out_scenario, side->path, side->folder, whole->data, whole->size,
                          &options, err);
}

int compare_parse(const struct comparison *comparison, const struct compare_side *side,
                  const struct compare_world *world, struct scenario *out_scenario,
                  struct error *err)
{
    if (world && by_windows(comparison->kind))
        return parse_window(side, world, out_scenario, err);
    size_t own = side->source->override_count;
    struct scenario_override *overrides = memory_new(own + 1, sizeof *overrides);
    for (size_t i = 0; i < own; i++)
        overrides[i] = side->source->overrides[i];
    char seed[DECIMAL_TEXT_SIZE];
    if (world && comparison->kind == COMPARE_SEEDS)
        overrides[own++] = (struct scenario_override){
            .path = "seed", .value = int128_format((int128)world->seed, seed)};
    const struct scenario_options options = {
        .overrides = overrides, .override_count = own, .policy = side->policy};
    int status = scenario_parse(out_scenario, side->path, side->folder, side->text,
                                strlen(side->text), &options, err);
    free(overrides);
    return status;
}

/* ---- windows ----------------------------------------------------------------------------------
 */

static void add_window(struct comparison *comparison, const struct window *window, int64_t lead_s)
{
    const struct scenario *scenario = &comparison->sides[COMPARE_OLD].scenario;
    comparison->worlds[comparison->world_count++] =
        (struct compare_world){.name = window_name(window),
                               .point = memory_copy_text(""),
                               .group = comparison->group_count++,
                               .seed = scenario->seed,
                               .begin_s = window_begin(window, scenario, lead_s),
                               .from_s = window->from_s,
                               .to_s = window->to_s};
}

static int plan_windows(struct comparison *comparison, const struct compare_request *request,
                        struct error *err)
{
    struct windows windows;
    struct windows unused = {0};
    int64_t length_s = request->kind == COMPARE_MONTHS ? 0 : request->window_s;
    int status = windows_cut(&windows, &comparison->sides[COMPARE_OLD].scenario, length_s,
                             compare_side_names[COMPARE_OLD], err);
    if (!status)
        status = windows_cut(&unused, &comparison->sides[COMPARE_NEW].scenario, length_s,
                             compare_side_names[COMPARE_NEW], err);
    windows_clean_up(&unused);
    comparison->left_out_s = windows.left_out_s;
    comparison->worlds = memory_new(windows.count, sizeof *comparison->worlds);
    for (size_t i = 0; i < windows.count && !status; i++)
        add_window(comparison, &windows.items[i], request->lead_s);
    windows_clean_up(&windows);
    return status;
}

int compare_plan(struct comparison *comparison, const struct compare_request *request,
                 struct error *err)
{
    if (by_windows(request->kind))
        return plan_windows(comparison, request, err);
    const struct scenario *scenario = &comparison->sides[COMPARE_OLD].scenario;
    bool seeds = request->kind == COMPARE_SEEDS;
    comparison->world_count = seeds ? request->seed_count : 1;
    comparison->group_count = comparison->world_count;
    comparison->worlds = memory_new(comparison->world_count, sizeof *comparison->worlds);
    for (size_t i = 0; i < comparison->world_count; i++) {
        uint64_t seed = seeds ? request->seed_from + i : scenario->seed;
        comparison->worlds[i] =
            (struct compare_world){.name = memory_format("seed %llu", (unsigned long long)seed),
                                   .point = memory_copy_text(""),
                                   .group = i,
                                   .seed = seed,
                                   .begin_s = scenario->from_s,
                                   .from_s = scenario->measure_from_s,
                                   .to_s = scenario->measure_to_s};
    }
    return STATUS_OK;
}
