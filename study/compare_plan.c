/* Which worlds there are, and what a side is in each. */
#include "base/memory.h"
#include "base/timestamp.h"
#include "study/compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_S = 86400, DATE_SIZE = 10, WORLDS_MOST = 100000 };

static bool by_windows(enum compare_worlds kind)
{
    return kind == COMPARE_WINDOWS || kind == COMPARE_MONTHS;
}

/* ---- a side in a world ------------------------------------------------------------------------
 */

/* Windows are cut out of the whole scenario with every value written out, so that nothing moves but
 * the window: no default that follows `from`, nor a generated market. */
static int parse_window(const struct compare_side *side, const struct compare_world *world,
                        struct scenario *out_scenario, struct error *err)
{
    char begin[TIMESTAMP_TEXT_SIZE];
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    timestamp_format(world->begin_s, begin);
    timestamp_format(world->from_s, from);
    timestamp_format(world->to_s, to);
    const struct scenario_override overrides[] = {
        {"from", begin}, {"to", to}, {"measure.from", from}, {"measure.to", to}};
    const struct scenario_options options = {.overrides = overrides,
                                             .override_count = ARRAY_LENGTH(overrides)};
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

/* The first second of the month that time_s lies in, or of one `later`. */
static int64_t month_of(int64_t time_s, int later)
{
    char text[TIMESTAMP_TEXT_SIZE];
    timestamp_format(time_s, text);
    int year = 0;
    int month = 0;
    for (int i = 0; i < 4; i++)
        year = year * 10 + (text[i] - '0');
    month = (text[5] - '0') * 10 + (text[6] - '0') - 1 + later;
    return timestamp_from_civil(year + month / 12, month % 12 + 1, 1);
}

/* "2015-03-12", or with the time where it is not midnight. */
static char *day_of(int64_t time_s, char out[TIMESTAMP_TEXT_SIZE])
{
    timestamp_format(time_s, out);
    if (timestamp_floor(time_s, DAY_S) == time_s)
        out[DATE_SIZE] = '\0';
    return out;
}

static void add_window(struct comparison *comparison, int64_t from_s, int64_t to_s, int64_t lead_s)
{
    const struct scenario *scenario = &comparison->sides[COMPARE_OLD].scenario;
    char from[TIMESTAMP_TEXT_SIZE];
    char to[TIMESTAMP_TEXT_SIZE];
    comparison->worlds =
        memory_resize(comparison->worlds, comparison->world_count + 1, sizeof *comparison->worlds);
    comparison->worlds[comparison->world_count++] = (struct compare_world){
        .name = memory_format("%s to %s", day_of(from_s, from), day_of(to_s, to)),
        .point = memory_copy_text(""),
        .group = comparison->group_count++,
        .seed = scenario->seed,
        .begin_s = from_s - scenario->from_s > lead_s ? from_s - lead_s : scenario->from_s,
        .from_s = from_s,
        .to_s = to_s};
    comparison->left_out_s -= to_s - from_s;
}

/* What happens at a time would be forgotten by the windows after it. */
static int check_windows(const struct comparison *comparison, struct error *err)
{
    for (size_t which = 0; which < COMPARE_SIDES; which++) {
        const struct scenario *scenario = &comparison->sides[which].scenario;
        const char *key = scenario->modification_count   ? "modify_spot_fleet"
                          : scenario->cancellation.given ? "cancel_spot_fleet"
                                                         : NULL;
        if (key)
            return error_set(err, STATUS_BAD_INPUT,
                             "--windows: %s has %s, which changes the fleet at a time: windows "
                             "after it would not know of it",
                             compare_side_names[which], key);
    }
    return STATUS_OK;
}

static int plan_windows(struct comparison *comparison, const struct compare_request *request,
                        struct error *err)
{
    const struct scenario *scenario = &comparison->sides[COMPARE_OLD].scenario;
    int64_t from_s = scenario->measure_from_s;
    int64_t to_s = scenario->measure_to_s;
    bool months = request->kind == COMPARE_MONTHS;
    int status = check_windows(comparison, err);
    if (status)
        return status;
    if (!months && (to_s - from_s) / request->window_s > WORLDS_MOST)
        return error_set(err, STATUS_BAD_INPUT,
                         "--windows: that makes more than %d windows: take longer ones",
                         WORLDS_MOST);
    comparison->left_out_s = to_s - from_s;
    int64_t at_s = from_s;
    if (months && month_of(from_s, 0) != from_s)
        at_s = month_of(from_s, 1);
    for (;;) {
        int64_t end_s = months ? month_of(at_s, 1) : at_s + request->window_s;
        if (end_s > to_s)
            break;
        add_window(comparison, at_s, end_s, request->lead_s);
        at_s = end_s;
    }
    if (comparison->world_count == 0)
        return error_set(err, STATUS_BAD_INPUT,
                         "--windows: not one lies in the span that the scenario measures");
    return STATUS_OK;
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
