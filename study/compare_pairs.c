/* The runs of two results databases, paired.
 *
 * A run is of a WORLD (span, seed, demand) and at a POINT: the values that vary within both
 * databases, as a sweep's do. Old and new are paired where both are the same. What varies within
 * one database only makes no pair: it is said, and where it leaves open which run is meant,
 * refused.
 */
#include "study/compare_pairs.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "study/compare.h"

#include <stdlib.h>
#include <string.h>

/* ---- reading ----------------------------------------------------------------------------------
 */

static const char *value_of(const struct scenario *scenario, const char *path)
{
    for (size_t i = 0; i < scenario->value_count; i++) {
        if (strcmp(scenario->values[i].path, path) == 0)
            return scenario->values[i].value;
    }
    return NULL;
}

static void add_other(struct found *found, const char *path, const char *json)
{
    if (compare_is_of_world(path))
        return;
    found->others = memory_resize(found->others, found->other_count + 1, sizeof *found->others);
    found->others[found->other_count++] =
        (struct value){memory_copy_text(path), json ? memory_copy_text(json) : NULL};
}

static void find_others(struct found *found, const struct scenario *first,
                        const struct scenario *scenario)
{
    for (size_t i = 0; i < first->value_count; i++) {
        const struct scenario_value *value = &first->values[i];
        bool there =
            i < scenario->value_count && strcmp(scenario->values[i].path, value->path) == 0;
        const char *json = there ? scenario->values[i].value : value_of(scenario, value->path);
        if (!json || strcmp(json, value->value) != 0)
            add_other(found, value->path, json);
    }
    for (size_t i = 0; i < scenario->value_count; i++) {
        const struct scenario_value *value = &scenario->values[i];
        bool there = i < first->value_count && strcmp(first->values[i].path, value->path) == 0;
        if (!there && !value_of(first, value->path))
            add_other(found, value->path, value->value);
    }
}

static int read_run(struct half *half, struct found *found, struct error *err)
{
    char which[DECIMAL_TEXT_SIZE];
    struct stored_run stored;
    int status = results_find(half->results, int128_format(found->number, which), &stored, err);
    if (status)
        return status;
    struct scenario scenario;
    status = scenario_parse(&scenario, half->side->path, stored.folder, stored.scenario_json,
                            strlen(stored.scenario_json), &(struct scenario_options){0}, err);
    if (!status) {
        found->version = memory_copy_text(stored.version);
        found->seed = scenario.seed;
        found->begin_s = scenario.from_s;
        found->end_s = scenario.to_s;
        found->from_s = scenario.measure_from_s;
        found->to_s = scenario.measure_to_s;
        compare_take_hashes(&stored, &found->run);
        if (found == half->runs)
            half->first = scenario;
        find_others(found, &half->first, &scenario);
        if (found != half->runs)
            scenario_clean_up(&scenario);
        status = results_figures(half->results, found->number, &found->run.figures, err);
    }
    stored_run_clean_up(&stored);
    return status;
}

static int read_half(struct half *half, struct error *err)
{
    int64_t *numbers = NULL;
    int status = results_open(&half->results, half->side->database, false, err);
    if (!status)
        status = compare_is_swept(half->side, half->results, &half->side->swept, err);
    if (!status && half->side->swept)
        return compare_read_points(half, err);
    if (!status)
        status = compare_runs_of(half->side, half->results, &numbers, &half->count, err);
    half->runs = memory_new(half->count, sizeof *half->runs);
    for (size_t i = 0; i < half->count && !status; i++) {
        half->runs[i].number = numbers[i];
        status = read_run(half, &half->runs[i], err);
    }
    free(numbers);
    return status;
}

/* ---- pairing ----------------------------------------------------------------------------------
 */

static const struct value *find(const struct value *values, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(values[i].path, path) == 0)
            return &values[i];
    }
    return NULL;
}

static void find_varied(struct half *half)
{
    for (size_t i = 0; i < half->count; i++) {
        for (size_t k = 0; k < half->runs[i].other_count; k++) {
            char *path = half->runs[i].others[k].path;
            if (find(half->varied, half->varied_count, path))
                continue;
            half->varied =
                memory_resize(half->varied, half->varied_count + 1, sizeof *half->varied);
            half->varied[half->varied_count++] = (struct value){.path = path};
        }
    }
}

/* "policy.parameters.window_s=600, ..." of what varies in both, in old's order. */
static void name_points(struct half *half, const struct half *old_half, const struct half *new_half)
{
    for (size_t i = 0; i < half->count; i++) {
        struct found *found = &half->runs[i];
        struct text text = {0};
        for (size_t k = 0; k < old_half->varied_count; k++) {
            const char *path = old_half->varied[k].path;
            if (!find(new_half->varied, new_half->varied_count, path))
                continue;
            const struct value *other = find(found->others, found->other_count, path);
            const char *json = other ? other->json : value_of(&half->first, path);
            text_addf(&text, "%s%s=%s", text.size ? ", " : "", path, json ? json : "(nothing)");
        }
        found->point = memory_copy_text(text.size ? text.data : "");
        text_clean_up(&text);
    }
}

/* Order by world. Traces are not part of it: other pools load others; compare_check_world looks. */
static int by_world(const struct found *a, const struct found *b)
{
    const int64_t keys[][2] = {{a->begin_s, b->begin_s},
                               {a->end_s, b->end_s},
                               {a->from_s, b->from_s},
                               {a->to_s, b->to_s},
                               {(int64_t)a->seed, (int64_t)b->seed}};
    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
        if (keys[i][0] != keys[i][1])
            return keys[i][0] < keys[i][1] ? -1 : 1;
    }
    int order = strcmp(a->run.demand_hash, b->run.demand_hash);
    return order ? order : strcmp(a->moved, b->moved);
}

static int by_place(const void *x, const void *y)
{
    const struct found *a = x;
    const struct found *b = y;
    int order = by_world(a, b);
    return order ? order : strcmp(a->point, b->point);
}

static int check_half(const struct half *half, size_t which, struct error *err)
{
    for (size_t i = 1; i < half->count; i++) {
        const struct found *a = &half->runs[i - 1];
        const struct found *b = &half->runs[i];
        if (by_place(a, b) == 0)
            return error_set(err, STATUS_BAD_INPUT,
                             "%s: %s %lld and %lld are both of one world%s%s, so it is open which "
                             "is %s: %s",
                             half->side->database, half->side->swept ? "points" : "runs",
                             (long long)(a->number < b->number ? a->number : b->number),
                             (long long)(a->number < b->number ? b->number : a->number),
                             a->point[0] ? " at " : "", a->point, compare_side_names[which],
                             half->side->swept ? "sweep both over the same values"
                                               : "say which, as FILE#RUN");
    }
    return STATUS_OK;
}

static void add_pair(struct comparison *comparison, struct found *a, struct found *b,
                     const struct found *before)
{
    if (!before || by_world(before, a) != 0)
        comparison->group_count++;
    a->paired = b->paired = true;
    const char *point = strcmp(a->point, b->point) == 0 ? a->point : "";
    comparison->worlds =
        memory_resize(comparison->worlds, comparison->world_count + 1, sizeof *comparison->worlds);
    comparison->worlds[comparison->world_count++] =
        (struct compare_world){.name = memory_format("seed %llu", (unsigned long long)a->seed),
                               .point = memory_copy_text(point),
                               .group = comparison->group_count - 1,
                               .seed = a->seed,
                               .begin_s = a->begin_s,
                               .from_s = a->from_s,
                               .to_s = a->to_s,
                               .runs = {a->run, b->run},
                               .numbers = {a->number, b->number}};
}

/* Both halves are in order. Two single runs are a pair in any case: compare_check says what is not
 * the same. */
static int pair_up(struct comparison *comparison, struct half halves[COMPARE_SIDES],
                   struct error *err)
{
    struct half *old_half = &halves[COMPARE_OLD];
    struct half *new_half = &halves[COMPARE_NEW];
    const struct found *before = NULL;
    bool single = old_half->count == 1 && new_half->count == 1;
    for (size_t i = 0, k = 0; i < old_half->count && k < new_half->count;) {
        struct found *a = &old_half->runs[i];
        struct found *b = &new_half->runs[k];
        int order = single ? 0 : by_place(a, b);
        if (order == 0) {
            add_pair(comparison, a, b, before);
            before = a;
        }
        i += order <= 0;
        k += order >= 0;
    }
    if (comparison->world_count == 0)
        return error_set(err, STATUS_BAD_INPUT,
                         "no %s of %s is of the same world (span, seed, demand) and has the same "
                         "values as one of %s",
                         old_half->side->swept ? "point" : "run", old_half->side->path,
                         new_half->side->path);
    return STATUS_OK;
}

static void warn(struct comparison *comparison, const struct half halves[COMPARE_SIDES])
{
    for (size_t which = 0; which < COMPARE_SIDES; which++) {
        const struct half *half = &halves[which];
        const struct half *other = &halves[1 - which];
        size_t alone = 0;
        for (size_t i = 0; i < half->count; i++)
            alone += !half->runs[i].paired;
        if (alone)
            compare_warn(comparison, "%zu of %zu %s of %s have no counterpart and are left out",
                         alone, half->count, half->side->swept ? "points" : "runs",
                         half->side->database);
        struct text names = {0};
        for (size_t i = 0; i < half->varied_count; i++) {
            const char *path = half->varied[i].path;
            bool follows = strncmp(path, "policy.parameters", strlen("policy.parameters")) == 0 &&
                           find(half->varied, half->varied_count, "policy.name");
            if (!follows && !find(other->varied, other->varied_count, path))
                text_addf(&names, "%s%s", names.size ? ", " : "", path);
        }
        if (names.size)
            compare_warn(comparison,
                         "in %s, but not in the other, runs differ in more than their worlds: %s",
                         compare_side_names[which], names.data);
        text_clean_up(&names);
    }
}

/* What is not kept of a sweep's points. */
static void warn_of_points(struct comparison *comparison)
{
    bool known = true;
    for (size_t i = 0; i < comparison->world_count; i++) {
        for (size_t which = 0; which < COMPARE_SIDES; which++)
            known = known && comparison->worlds[i].runs[which].trace_hash[0];
    }
    if (!known)
        compare_warn(comparison, "a sweep that an older version recorded keeps no hash of its "
                                 "traces: that both were swept over the same history is up to you");
    for (size_t which = 0; which < COMPARE_SIDES; which++) {
        const char *bare = comparison->sides[which].bare;
        if (bare)
            compare_warn(comparison,
                         "what was varied in %s cannot be read again, so what differs is told of "
                         "what its sweep starts from: %s",
                         compare_side_names[which], bare);
    }
    compare_warn(comparison, "of a sweep's points the shortages are not kept: how many shortage "
                             "episodes stand behind a claim is not known");
}

/* Worlds of several spans are named by theirs. */
static void name_spans(struct comparison *comparison)
{
    const struct compare_world *first = &comparison->worlds[0];
    bool several = false;
    for (size_t i = 0; i < comparison->world_count; i++)
        several = several || comparison->worlds[i].from_s != first->from_s ||
                  comparison->worlds[i].to_s != first->to_s;
    for (size_t i = 0; i < comparison->world_count && several; i++) {
        struct compare_world *world = &comparison->worlds[i];
        char from[TIMESTAMP_TEXT_SIZE];
        char to[TIMESTAMP_TEXT_SIZE];
        free(world->name);
        world->name =
            memory_format("seed %llu, %s to %s", (unsigned long long)world->seed,
                          timestamp_format(world->from_s, from), timestamp_format(world->to_s, to));
    }
}

/* The first pair stands for what both sides are. */
static int describe(struct comparison *comparison, const struct half halves[COMPARE_SIDES],
                    struct error *err)
{
    int status = STATUS_OK;
    for (size_t which = 0; which < COMPARE_SIDES && !status; which++) {
        struct compare_side *side = &comparison->sides[which];
        const struct half *half = &halves[which];
        side->run = comparison->worlds[0].numbers[which];
        const struct found *found = half->runs;
        while (found->number != side->run)
            found++;
        free(side->version);
        side->version = memory_copy_text(found->version);
        status = side->swept ? compare_parse_swept(half, found, &side->scenario, &side->bare, err)
                             : compare_parse_recorded(side, side->run, &side->scenario, err);
    }
    return status;
}

/* ---- together ---------------------------------------------------------------------------------
 */

static void clean_up(struct half *half)
{
    for (size_t i = 0; i < half->count; i++) {
        struct found *found = &half->runs[i];
        for (size_t k = 0; k < found->other_count; k++) {
            free(found->others[k].path);
            free(found->others[k].json);
        }
        free(found->others);
        free(found->version);
        free(found->point);
    }
    free(half->runs);
    free(half->scenario_json);
    free(half->varied);
    scenario_clean_up(&half->first);
    results_close(half->results);
}

int compare_pair(struct comparison *comparison, struct error *err)
{
    struct half halves[COMPARE_SIDES] = {0};
    int status = STATUS_OK;
    for (size_t which = 0; which < COMPARE_SIDES && !status; which++) {
        halves[which].side = &comparison->sides[which];
        status = read_half(&halves[which], err);
        if (!status)
            find_varied(&halves[which]);
    }
    if (!status && halves[COMPARE_OLD].side->swept != halves[COMPARE_NEW].side->swept)
        status =
            error_set(err, STATUS_BAD_INPUT,
                      "%s holds points of a sweep and %s recorded runs: compare like with like",
                      halves[halves[COMPARE_OLD].side->swept ? 0 : 1].side->database,
                      halves[halves[COMPARE_OLD].side->swept ? 1 : 0].side->database);
    for (size_t which = 0; which < COMPARE_SIDES && !status; which++) {
        name_points(&halves[which], &halves[COMPARE_OLD], &halves[COMPARE_NEW]);
        if (halves[which].count)
            qsort(halves[which].runs, halves[which].count, sizeof *halves[which].runs, by_place);
        status = check_half(&halves[which], which, err);
    }
    if (!status)
        status = pair_up(comparison, halves, err);
    if (!status)
        status = describe(comparison, halves, err);
    if (!status) {
        name_spans(comparison);
        warn(comparison, halves);
        if (halves[COMPARE_OLD].side->swept)
            warn_of_points(comparison);
    }
    for (size_t i = 0; i < comparison->world_count && !status; i++) {
        struct compare_world *world = &comparison->worlds[i];
        for (size_t which = 0; which < COMPARE_SIDES && !status && !halves[0].side->swept; which++)
            status = compare_read_trail(halves[which].results, world, which, err);
        compare_part(world);
    }
    for (size_t which = 0; which < COMPARE_SIDES; which++)
        clean_up(&halves[which]);
    return status;
}
