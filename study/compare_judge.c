/* What the worlds say, figure by figure, and how far it may be believed. */
#include "base/memory.h"
#include "study/compare.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORLDS_FEW = 10,   /* behind a claim: said with it */
    EPISODES_FEW = 10, /* likewise */
};

/* Claims about these are claims about shortages. */
static bool is_of_shortage(enum figure figure)
{
    return figure == FIGURE_capacity_unfulfilled_unit_s || figure == FIGURE_capacity_shortfall_s ||
           figure == FIGURE_capacity_shortfall_episodes ||
           figure == FIGURE_capacity_worst_shortfall_units ||
           figure == FIGURE_capacity_task_unserved_s;
}

/* ---- choosing ---------------------------------------------------------------------------------
 */

static int choose(const char *const *patterns, size_t count, bool *out_chosen, struct error *err)
{
    for (int f = 0; f < FIGURE_COUNT_OF_ALL; f++)
        out_chosen[f] = count == 0;
    for (size_t i = 0; i < count; i++) {
        bool any = false;
        for (int f = 0; f < FIGURE_COUNT_OF_ALL; f++) {
            if (fnmatch(patterns[i], figure_descriptions[f].name, 0) == 0)
                out_chosen[f] = any = true;
        }
        if (!any)
            return error_set(err, STATUS_BAD_INPUT,
                             "--figures %s: no figure has such a name; write one as "
                             "cost.total_micro_usd, or a pattern as 'capacity.*'",
                             patterns[i]);
    }
    return STATUS_OK;
}

/* ---- judging ----------------------------------------------------------------------------------
 */

/* Of each world, the sum over its points. Worlds where a side does not have it are left out. Pairs
 * of one world stand together. */
static size_t gather(const struct comparison *comparison, enum figure figure,
                     int128 *values[COMPARE_SIDES], size_t *out_worlds)
{
    size_t count = 0;
    for (size_t i = 0; i < comparison->world_count;) {
        size_t group = comparison->worlds[i].group;
        bool counted = false;
        bool known = true;
        values[COMPARE_OLD][count] = values[COMPARE_NEW][count] = 0;
        out_worlds[count] = i;
        for (; i < comparison->world_count && comparison->worlds[i].group == group; i++) {
            const struct compare_world *world = &comparison->worlds[i];
            counted = counted || !world->repeats;
            for (size_t which = 0; which < COMPARE_SIDES; which++) {
                const struct figures *figures = &world->runs[which].figures;
                known = known && figures->known[figure];
                values[which][count] += figures->value[figure];
            }
        }
        count += counted && known;
    }
    return count;
}

static void judge_figure(const struct comparison *comparison, enum figure figure,
                         struct compare_figure *out)
{
    int128 *values[COMPARE_SIDES];
    size_t *worlds = memory_new(comparison->group_count + 1, sizeof *worlds);
    for (size_t which = 0; which < COMPARE_SIDES; which++)
        values[which] = memory_new(comparison->group_count + 1, sizeof **values);
    size_t count = gather(comparison, figure, values, worlds);
    *out = (struct compare_figure){.figure = figure};
    paired_compare(values[COMPARE_OLD], values[COMPARE_NEW], count, &out->result);
    out->claimed = out->result.significant;
    out->largest_at = count ? worlds[out->result.largest_at] : 0;
    for (size_t which = 0; which < COMPARE_SIDES; which++)
        free(values[which]);
    free(worlds);
}

/* Holm over the figures that differ anywhere: of the others nothing can be said wrongly. */
static void correct(struct comparison *comparison)
{
    struct paired_result *results = memory_new(comparison->figure_count, sizeof *results);
    bool *holds = memory_new(comparison->figure_count, sizeof *holds);
    for (size_t i = 0; i < comparison->figure_count; i++) {
        const struct paired_result *result = &comparison->figures[i].result;
        if (result->same < result->count)
            results[comparison->tested++] = *result;
    }
    paired_holm(results, comparison->tested, holds);
    size_t at = 0;
    for (size_t i = 0; i < comparison->figure_count; i++) {
        struct compare_figure *figure = &comparison->figures[i];
        if (figure->result.same < figure->result.count)
            figure->holds = holds[at++] && figure->claimed;
    }
    free(results);
    free(holds);
}

/* ---- shortages --------------------------------------------------------------------------------
 */

/* The number of each world's point. */
static size_t *number_points(const struct comparison *comparison)
{
    size_t *numbers = memory_new(comparison->world_count, sizeof *numbers);
    const char **points = memory_new(comparison->world_count, sizeof *points);
    size_t count = 0;
    for (size_t i = 0; i < comparison->world_count; i++) {
        const char *point = comparison->worlds[i].point;
        while (numbers[i] < count && strcmp(points[numbers[i]], point) != 0)
            numbers[i]++;
        if (numbers[i] == count)
            points[count++] = point;
    }
    free(points);
    return numbers;
}

static void count_episodes(struct comparison *comparison)
{
    if (comparison->sides[COMPARE_OLD].swept)
        return; /* of a sweep's points shortages are not kept */
    bool apart = !comparison->one_market &&
                 (comparison->kind == COMPARE_SEEDS || comparison->kind == COMPARE_RECORDED);
    const struct shortages **lists =
        memory_new(COMPARE_SIDES * comparison->world_count, sizeof *lists);
    size_t *whose = memory_new(COMPARE_SIDES * comparison->world_count, sizeof *whose);
    size_t *points = number_points(comparison);
    /* In one market, worlds meet the same spikes at the same times; and what a window's end cuts in
     * two is one: all together. Else each world by itself, with its points. */
    size_t count = 0;
    for (size_t i = 0; i < comparison->world_count; i++) {
        const struct compare_world *world = &comparison->worlds[i];
        if (apart && i > 0 && world->group != world[-1].group) {
            comparison->independent_episodes += shortages_behind(lists, whose, count);
            count = 0;
        }
        for (size_t which = 0; which < COMPARE_SIDES && !world->repeats; which++) {
            comparison->episodes[which] += world->runs[which].shortages.count;
            whose[count] = points[i] * COMPARE_SIDES + which;
            lists[count++] = &world->runs[which].shortages;
        }
    }
    comparison->independent_episodes += shortages_behind(lists, whose, count);
    free(points);
    free(whose);
    free(lists);
}

static bool is_one_market(const struct comparison *comparison)
{
    const struct compare_world *first = &comparison->worlds[0];
    const struct scenario *scenario = &comparison->sides[COMPARE_OLD].scenario;
    bool one = scenario->interruptions != INTERRUPTIONS_ADVISOR; /* those follow the seed */
    /* Of a sweep's points the traces are not known: what is generated follows the seed too. */
    one = one && !(comparison->sides[COMPARE_OLD].swept && scenario->synth_count > 0);
    for (size_t i = 1; one && i < comparison->world_count; i++)
        one = (comparison->kind == COMPARE_SEEDS || comparison->kind == COMPARE_RECORDED) &&
              comparison->worlds[i].from_s == first->from_s &&
              strcmp(comparison->worlds[i].runs[COMPARE_OLD].trace_hash,
                     first->runs[COMPARE_OLD].trace_hash) == 0;
    return one;
}

/* ---- how far to believe -----------------------------------------------------------------------
 */

static void warn_of_worlds(struct comparison *comparison)
{
    size_t n = comparison->counted;
    bool claimed = false;
    for (size_t i = 0; i < comparison->figure_count; i++)
        claimed = claimed || comparison->figures[i].claimed;
    if (n < comparison->group_count)
        compare_warn(comparison,
                     "%zu of %zu worlds came out as another one did, figure by figure: there is no "
                     "luck left to differ in; they count once, which leaves n = %zu",
                     comparison->group_count - n, comparison->group_count, n);
    if (n == 1)
        compare_warn(comparison, "one world: what differs in it is told, nothing is claimed of "
                                 "others (--seeds and --windows make more worlds)");
    else if (n < PAIRED_WORLDS_LEAST)
        compare_warn(comparison,
                     "%zu worlds: too few for any claim; with fewer than %d even a difference that "
                     "is the same way in all of them is luck too often",
                     n, PAIRED_WORLDS_LEAST);
    else if (n < WORLDS_FEW && claimed)
        compare_warn(comparison, "only %zu worlds stand behind what is claimed", n);
    if (n > 1 && comparison->one_market)
        compare_warn(comparison,
                     "all %zu worlds share one market: they differ in launches, delays and the "
                     "like only, so nothing is claimed of other markets",
                     n);
}

static void warn_of_shortages(struct comparison *comparison)
{
    bool claimed = false;
    for (size_t i = 0; i < comparison->figure_count; i++) {
        const struct compare_figure *figure = &comparison->figures[i];
        claimed = claimed || (figure->claimed && is_of_shortage(figure->figure));
    }
    if (claimed && !comparison->sides[COMPARE_OLD].swept &&
        comparison->independent_episodes < EPISODES_FEW)
        compare_warn(comparison,
                     "only %zu independent shortage episode%s, of both sides together, stand%s "
                     "behind what is claimed of shortages: fewer than %d",
                     comparison->independent_episodes,
                     comparison->independent_episodes == 1 ? "" : "s",
                     comparison->independent_episodes == 1 ? "s" : "", EPISODES_FEW);
}

/* However clear, in so few worlds it is luck too often. */
static void warn_of_few(struct comparison *comparison)
{
    struct text names = {0};
    for (size_t i = 0; i < comparison->figure_count; i++) {
        const struct compare_figure *figure = &comparison->figures[i];
        size_t differ = figure->result.count - figure->result.same;
        if (figure->result.bounded && differ > 0 && differ < PAIRED_WORLDS_LEAST)
            text_addf(&names, "%s%s in %zu", names.size ? ", " : "",
                      figure_descriptions[figure->figure].name, differ);
    }
    if (names.size)
        compare_warn(comparison,
                     "of %zu worlds these differ in fewer than %d, which is too few for a claim, "
                     "however large: %s",
                     comparison->counted, PAIRED_WORLDS_LEAST, names.data);
    text_clean_up(&names);
}

/* More than half of what differs, in one world of at least three that differ. */
static void warn_of_one_world(struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->figure_count; i++) {
        const struct compare_figure *figure = &comparison->figures[i];
        const struct paired_result *result = &figure->result;
        bool watched =
            is_of_shortage(figure->figure) || figure->figure == FIGURE_cost_total_micro_usd;
        if (watched && result->count - result->same >= 3 &&
            2 * result->largest > result->absolute_sum)
            compare_warn(comparison, "%s: more than half of all that differs is in one world, %s",
                         figure_descriptions[figure->figure].name,
                         comparison->worlds[figure->largest_at].name);
    }
}

/* Those with a pair that repeats no other. */
static size_t count_worlds(const struct comparison *comparison)
{
    bool *counted = memory_new(comparison->group_count, sizeof *counted);
    size_t count = 0;
    for (size_t i = 0; i < comparison->world_count; i++) {
        const struct compare_world *world = &comparison->worlds[i];
        count += !world->repeats && !counted[world->group];
        counted[world->group] = counted[world->group] || !world->repeats;
    }
    free(counted);
    return count;
}

int compare_judge(struct comparison *comparison, const char *const *patterns, size_t pattern_count,
                  struct error *err)
{
    bool chosen[FIGURE_COUNT_OF_ALL];
    int status = choose(patterns, pattern_count, chosen, err);
    if (status)
        return status;
    comparison->counted = count_worlds(comparison);
    comparison->figures = memory_new(FIGURE_COUNT_OF_ALL, sizeof *comparison->figures);
    for (int f = 0; f < FIGURE_COUNT_OF_ALL; f++) {
        if (!chosen[f])
            continue;
        struct compare_figure *figure = &comparison->figures[comparison->figure_count];
        judge_figure(comparison, (enum figure)f, figure);
        comparison->figure_count += figure->result.count > 0;
    }
    correct(comparison);
    comparison->one_market = is_one_market(comparison);
    count_episodes(comparison);
    warn_of_worlds(comparison);
    warn_of_shortages(comparison);
    warn_of_few(comparison);
    warn_of_one_world(comparison);
    return STATUS_OK;
}
