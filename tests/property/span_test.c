/* Random worlds, cut: what happened before a second is the same wherever the run ends after it, and
 * what is measured in two spans, one after the other, is what is measured in both together. Proves
 * docs/model.md, "Time".
 *
 * BALLAST_WORLDS=N looks at N worlds, BALLAST_SEED=S begins at that one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "told_run.h"
#include "world_of_luck.h"

enum { WORLDS = 1000 };

/* ---- a run that ends sooner ---------------------------------------------------------------------
 */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The lines in order, so that two lists of the same lines are the same. */
static char *sorted_lines(const struct text *text)
{
    size_t capacity = 0;
    size_t count = 0;
    char **lines = NULL;
    char *copy = memory_copy_text(text->data ? text->data : "");
    char *rest = copy;
    for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        ARRAY_PUSH(lines, count, capacity, line);
    if (count)
        qsort(lines, count, sizeof *lines, by_text);
    struct text sorted = {0};
    for (size_t i = 0; i < count; i++)
        text_addf(&sorted, "%s\n", lines[i]);
    free(lines);
    free(copy);
    return sorted.data ? sorted.data : memory_copy_text("");
}

/* One that lives on is told of at the end, others when they end: their order is no part of it. */
static char *run_to(struct world_of_luck *w, int64_t to_s, int64_t before_s)
{
    struct told told = {.before_s = before_s};
    const struct record_sink sink = {
        .context = &told, .capacity = tell_capacity, .instance = tell_instance};
    struct scenario scenario = w->f.scenario;
    scenario.to_s = scenario.measure_to_s = to_s;
    scenario.measure_from_s = scenario.from_s;
    run_world(&scenario, &w->f.traces, &sink, false, &w->f.figures);
    char *lines = sorted_lines(&told.text);
    text_clean_up(&told.text);
    return lines;
}

static void end_sooner(struct world_of_luck *w, void *sums)
{
    const struct scenario *scenario = &w->f.scenario;
    size_t *lines = sums;
    int64_t cut_s = scenario->from_s + between(w, 1, w->length_s);
    char *whole = run_to(w, scenario->to_s, cut_s);
    char *part = run_to(w, cut_s, cut_s);
    same_lines(scenario, "whole", whole, "cut", part);
    for (const char *c = whole; *c; c++)
        *lines += *c == '\n';
    free(whole);
    free(part);
}

static void the_end_changes_nothing_before_it(void **state)
{
    (void)state;
    size_t lines = 0;
    uint64_t worlds = each_world(WORLDS, end_sooner, &lines);
    printf("%zu lines alike\n", lines);
    assert_true(lines > 10 * worlds);
}

/* ---- spans --------------------------------------------------------------------------------------
 */

/* Sums over the seconds, or counts of what happens in one. */
static const int summed[] = {
    FIGURE_cost_all_on_demand_micro_usd,
    FIGURE_capacity_required_unit_s,
    FIGURE_capacity_served_spot_unit_s,
    FIGURE_capacity_served_on_demand_unit_s,
    FIGURE_capacity_unfulfilled_unit_s,
    FIGURE_capacity_surplus_unit_s,
    FIGURE_capacity_shortfall_s,
    FIGURE_capacity_task_unserved_s,
    FIGURE_events_evaluations,
    FIGURE_events_spot_launches,
    FIGURE_events_spot_interruptions,
    FIGURE_events_on_demand_launches,
    FIGURE_events_on_demand_launch_failures,
    FIGURE_events_scale_out,
    FIGURE_events_scale_in,
    FIGURE_events_scale_in_refused,
    FIGURE_events_scale_in_blocked_s,
};

static struct figures measure(struct world_of_luck *w, int64_t from_s, int64_t to_s)
{
    struct scenario scenario = w->f.scenario;
    struct figures figures = {0};
    scenario.measure_from_s = from_s;
    scenario.measure_to_s = to_s;
    run_world(&scenario, &w->f.traces, NULL, false, &figures);
    return figures;
}

/* Money is rounded, in each span. */
static int64_t room_for(int figure)
{
    return figure_descriptions[figure].kind == FIGURE_MONEY ? 1 : 0;
}

static void measure_in_two(struct world_of_luck *w, void *sums)
{
    const struct scenario *scenario = &w->f.scenario;
    int64_t *counted = sums;
    if (w->length_s < 2)
        return;
    int64_t cut_s = scenario->from_s + between(w, 1, w->length_s - 1);
    struct figures whole = measure(w, scenario->from_s, scenario->to_s);
    struct figures first = measure(w, scenario->from_s, cut_s);
    struct figures second_part = measure(w, cut_s, scenario->to_s);
    for (size_t i = 0; i < ARRAY_LENGTH(summed); i++) {
        int128 sum = first.value[summed[i]] + second_part.value[summed[i]];
        int128 more = sum - whole.value[summed[i]];
        if (more < -room_for(summed[i]) || more > room_for(summed[i]))
            fail_msg("seed %llu, policy %s, cut at %lld: %s is %lld, of its parts %lld and %lld",
                     (unsigned long long)scenario->seed, scenario->policy.policy->name,
                     (long long)(cut_s - scenario->from_s), figure_descriptions[summed[i]].name,
                     (long long)whole.value[summed[i]], (long long)first.value[summed[i]],
                     (long long)second_part.value[summed[i]]);
        *counted += sum > 0;
    }
}

static void spans_sum_up(void **state)
{
    (void)state;
    int64_t counted = 0;
    uint64_t worlds = each_world(WORLDS, measure_in_two, &counted);
    printf("%lld figures above zero\n", (long long)counted);
    assert_true(counted > 5 * (int64_t)worlds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_end_changes_nothing_before_it),
        cmocka_unit_test(spans_sum_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
