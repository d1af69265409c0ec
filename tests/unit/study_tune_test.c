/* Tuning: sums of worlds put on the whole span, the best of many, the front and its knee. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "study/front.h"
#include "study/tune_stop.h"

#include <stdlib.h>

enum { HOUR_S = 3600 };

/* Two windows, of one hour and of two, at two seeds, and one point: */
static const int128 kept[] = {
    10, 1, 5 * (int128)MICRO, /* cost, unfulfilled, worst: first window, first seed */
    30, 3, 2 * (int128)MICRO, /* ... second seed */
    7,  2, 9 * (int128)MICRO, /* second window */
    2,  0, 1 * (int128)MICRO,
};

static struct tune two_windows(struct tune_request *request, struct tune_world *worlds,
                               struct scenario *scenarios, struct window *windows)
{
    struct tune tune = {.request = request,
                        .worlds = worlds,
                        .world_count = 4,
                        .scenarios = scenarios,
                        .scenario_count = 2,
                        .windows = {.items = windows, .count = 2},
                        .span_s = 3 * (int64_t)HOUR_S,
                        .point_count = 1,
                        .used_count = 3,
                        .values = memory_new(ARRAY_LENGTH(kept), sizeof *kept),
                        .known = memory_new(ARRAY_LENGTH(kept), sizeof(bool))};
    const enum figure used[] = {FIGURE_cost_total_micro_usd, FIGURE_capacity_unfulfilled_unit_s,
                                FIGURE_capacity_worst_shortfall_units};
    for (size_t i = 0; i < ARRAY_LENGTH(used); i++) {
        tune.used[used[i]] = true;
        tune.used_at[used[i]] = i;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(kept); i++) {
        tune.values[i] = kept[i];
        tune.known[i] = true;
    }
    windows[0] = (struct window){0, HOUR_S};
    windows[1] = (struct window){HOUR_S, 3 * (int64_t)HOUR_S};
    for (size_t i = 0; i < 4; i++)
        worlds[i] = (struct tune_world){.window = windows[i / 2]};
    return tune;
}

static void sums(void **state)
{
    (void)state;
    struct condition objectives[2];
    struct condition limit;
    struct error err = {0};
    assert_int_equal(condition_parse_sum(&objectives[0], "cost.total_micro_usd * 2", &err), 0);
    assert_int_equal(condition_parse_sum(&objectives[1], "capacity.worst_shortfall_units", &err),
                     0);
    assert_int_equal(condition_parse(&limit, "cost.total_micro_usd <= 60", &err), 0);
    struct tune_request request = {
        .objectives = objectives, .objective_count = 2, .limits = &limit, .limit_count = 1};
    struct tune_world worlds[4];
    struct scenario scenarios[2];
    struct window windows[2];
    struct tune tune = two_windows(&request, worlds, scenarios, windows);
    struct tune_outcome outcome;
    /* All: the mean of the seeds. 49 / 2 = 24.5, to even. */
    assert_int_equal(tune_outcome_of(&tune, 0, 0, 2, &outcome, &err), 0);
    assert_true(outcome.cost_micro_usd == 24 && outcome.unfulfilled_micro_unit_s == 3);
    assert_true(outcome.objectives[0] == (int128)48 * MICRO && outcome.meets);
    assert_true(outcome.objectives[1] == (int128)9 * MICRO);
    /* One window of an hour, two seeds: 40 in two hours are 60 in three; the largest stays. */
    assert_int_equal(tune_outcome_of(&tune, 0, 0, 1, &outcome, &err), 0);
    assert_true(outcome.cost_micro_usd == 60 && outcome.unfulfilled_micro_unit_s == 6);
    assert_true(outcome.objectives[1] == (int128)5 * MICRO && outcome.meets);
    /* 9 in four hours are 6.75 in three. */
    assert_int_equal(tune_outcome_of(&tune, 0, 1, 2, &outcome, &err), 0);
    assert_true(outcome.cost_micro_usd == 7 && outcome.objectives[0] == (int128)14 * MICRO);
    /* What a run did not have, the sum has not. */
    tune.known[0] = false;
    assert_int_equal(tune_outcome_of(&tune, 0, 1, 2, &outcome, &err), 0);
    assert_int_equal(tune_outcome_of(&tune, 0, 0, 2, &outcome, &err), STATUS_BAD_INPUT);
    assert_string_equal(err.text, "--minimize cost.total_micro_usd * 2: cost.total_micro_usd has "
                                  "no value (null) in this run");
    condition_clean_up(&objectives[0]);
    condition_clean_up(&objectives[1]);
    condition_clean_up(&limit);
    free(tune.values);
    free(tune.known);
}

static size_t choose(size_t objectives, const struct tune_outcome *outcomes, size_t count)
{
    const struct tune_request request = {.objective_count = objectives};
    const struct tune tune = {.request = &request};
    return tune_choose(&tune, outcomes, count);
}

static void the_best(void **state)
{
    (void)state;
    const struct tune_outcome outcomes[] = {
        {.objectives = {5, 5}, .meets = true},
        {.objectives = {1, 1}, .meets = false},
        {.objectives = {3, 90}, .meets = true, .unfulfilled_micro_unit_s = 2},
        {.objectives = {3, 90}, .meets = true, .unfulfilled_micro_unit_s = 1},
        {.objectives = {4, 89}, .meets = true},
        {.objectives = {100, 4}, .meets = true},
        {.objectives = {200, 200}, .meets = true},
    };
    /* What misses a limit is not chosen, of equals the one that serves more is. */
    assert_int_equal(choose(1, outcomes, ARRAY_LENGTH(outcomes)), 3);
    /* Two objectives: 5, 5 is nearest to 3, 4; the point that both beat moves nothing. */
    assert_int_equal(choose(2, outcomes, ARRAY_LENGTH(outcomes)), 0);
    assert_int_equal(choose(1, outcomes + 1, 1), TUNE_NONE);
    assert_int_equal(choose(1, NULL, 0), TUNE_NONE);
}

static void nearest(void **state)
{
    (void)state;
    /* On the line between the ends none is nearer: the first. Below it, the one farthest below. */
    const int128 line[] = {0, 10, 5, 5, 10, 0};
    assert_int_equal(front_nearest(line, 2, 3), 0);
    const int128 bent[] = {0, 1000, 1, 400, 2, 100, 3, 90, 10, 0};
    assert_int_equal(front_nearest(bent, 2, 5), 2);
    const int128 same[] = {4, 4, 4, 4};
    assert_int_equal(front_nearest(same, 2, 2), 0);
    /* Figures as large as any. */
    int128 large = (int128)1000000000 * 1000000000 * 1000000;
    const int128 wide[] = {-large, large, -large / 2, -large / 2, large, -large};
    assert_int_equal(front_nearest(wide, 2, 3), 1);
}

enum { WINDOWS_MOST = 6, POINTS_MOST = 5 };

/* A tuning whose points have run: each cost so much in each window, and served all. */
struct tuned {
    struct window windows[WINDOWS_MOST];
    struct tune_world worlds[WINDOWS_MOST];
    struct scenario scenario;
    int128 values[POINTS_MOST * WINDOWS_MOST * 2]; /* a cost, and what was not served */
    bool known[POINTS_MOST * WINDOWS_MOST * 2];
    struct tune tune;
};

/* `costs` are those of the first point in all windows, then of the next. */
static void tuned_set_up(struct tuned *t, const struct tune_request *request, size_t points,
                         size_t windows, const int *costs)
{
    *t = (struct tuned){
        .tune = {
            .request = request,
            .worlds = t->worlds,
            .world_count = windows,
            .scenarios = &t->scenario,
            .scenario_count = 1,
            .windows = {.items = t->windows, .count = windows},
            .span_s = (int64_t)windows * HOUR_S,
            .point_count = points,
            .grid_count = points,
            .used_count = 2,
            .used =
                {[FIGURE_cost_total_micro_usd] = true, [FIGURE_capacity_unfulfilled_unit_s] = true},
            .used_at = {[FIGURE_capacity_unfulfilled_unit_s] = 1},
            .values = t->values,
            .known = t->known,
        }};
    for (size_t i = 0; i < windows; i++) {
        t->windows[i] = (struct window){(int64_t)i * HOUR_S, (int64_t)(i + 1) * HOUR_S};
        t->worlds[i] = (struct tune_world){.window = t->windows[i], .window_index = i};
    }
    for (size_t i = 0; i < points * windows; i++) {
        t->values[2 * i] = costs[i];
        t->known[2 * i] = t->known[2 * i + 1] = true;
    }
}

/* Six windows, of which the last three are bad for the first point; its copy is not preferred. */
static void resamples(void **state)
{
    (void)state;
    enum { WINDOWS = 6, POINTS = 3 };
    static const int values[POINTS][WINDOWS] = {
        {1, 1, 1, 9, 9, 9}, {4, 4, 4, 4, 4, 4}, {4, 4, 4, 4, 4, 4}};
    struct condition objective;
    struct error err = {0};
    assert_int_equal(condition_parse_sum(&objective, "cost.total_micro_usd", &err), 0);
    struct grid grid = {0};
    assert_int_equal(grid_add(&grid, "policy.parameters.x=7,8,9", &err), STATUS_OK);
    assert_int_equal(grid_draw(&grid, NULL, 1, &err), STATUS_OK);
    struct tune_request request = {.objectives = &objective,
                                   .objective_count = 1,
                                   .grid = &grid,
                                   .bootstrap = 400,
                                   .bootstrap_seed = 1,
                                   .in_sample = true};
    struct tuned t;
    tuned_set_up(&t, &request, POINTS, WINDOWS, values[0]);
    struct tune tune = t.tune;
    tune.best = 1;
    tune.outcomes = memory_new(POINTS, sizeof *tune.outcomes);
    for (size_t i = 0; i < POINTS; i++)
        assert_int_equal(tune_outcome_of(&tune, i, 0, WINDOWS, &tune.outcomes[i], &err), 0);
    tune_judge_parameters(&tune);
    struct tune_parameter *parameter = &tune.parameters[0];
    assert_true(parameter->preferred && !parameter->as_good[0] && parameter->as_good[2]);
    assert_true(parameter->reach[0].objectives[0] == (int128)30 * MICRO &&
                parameter->reach[2].objectives[0] == (int128)24 * MICRO);
    assert_int_equal(tune_resample(&tune, &err), STATUS_OK);
    /* The best point comes to the same whatever is drawn. The first is chosen where at most two of
     * six are bad ones: 22 in 64 times. */
    assert_true(tune.bootstrap.cost_micro_usd.low == 24 &&
                tune.bootstrap.cost_micro_usd.high == 24);
    assert_true(tune.bootstrap.count == 400 && tune.bootstrap.none == 0);
    assert_true(parameter->low == 0 && parameter->high == 1);
    assert_in_range(parameter->kept, 400 - 400 * 22 / 64 - 40, 400 - 400 * 22 / 64 + 40);
    /* Of the first itself: between all calm and all bad. */
    tune.best = 0;
    parameter->kept = 0;
    assert_int_equal(tune_resample(&tune, &err), STATUS_OK);
    assert_in_range(tune.bootstrap.cost_micro_usd.low, 6, 14);
    assert_in_range(tune.bootstrap.cost_micro_usd.high, 46, 54);
    /* It is stopped once the bad windows have run, and so never chosen; where at most two of them
     * are drawn, and the calm ones might have cost nothing, that is not sure. */
    struct tune_stop stops[POINTS] = {{.runs = 3, .by = 1}};
    tune.stops = stops;
    tune.stop_count = 1;
    tune.best = 1;
    parameter->kept = 0;
    for (size_t i = 0; i < WINDOWS; i++)
        t.values[2 * i] = i < 3 ? 0 : 9;
    assert_int_equal(tune_resample(&tune, &err), STATUS_OK);
    assert_true(parameter->low == 1 && parameter->high == 1 && parameter->kept == 400);
    assert_in_range(tune.bootstrap.unsure, 400 * 22 / 64 - 40, 400 * 22 / 64 + 40);
    free(parameter->as_good);
    free(parameter->reach);
    free(tune.parameters);
    free(tune.outcomes);
    condition_clean_up(&objective);
    grid_clean_up(&grid);
}

/* Who may still be chosen: of four windows, the last two of which are judged. */
static void hopeless(void **state)
{
    (void)state;
    enum { WINDOWS = 4, POINTS = 5 };
    static const int costs[POINTS][WINDOWS] = {
        {10, 10, 10, 10}, /* ran everywhere; the others ran in what is not 0, */
        {41, 0, 0, 0},    /* worse than all of it, but the judged windows may be good */
        {21, 0, 20, 0},   /* all windows may come to the same, and the judged ones too */
        {21, 0, 21, 0},   /* worse in every past, and in the judged windows */
        {1, 0, 0, 0},     /* misses more than is allowed */
    };
    struct condition objective;
    struct condition limit;
    struct error err = {0};
    assert_int_equal(condition_parse_sum(&objective, "cost.total_micro_usd", &err), 0);
    assert_int_equal(condition_parse(&limit, "capacity.unfulfilled_unit_s <= 60", &err), 0);
    struct tune_request request = {.objectives = &objective,
                                   .objective_count = 1,
                                   .limits = &limit,
                                   .limit_count = 1,
                                   .stop_early = TUNE_STOP_BEST};
    struct tune_past pasts[] = {{.end = 2}, {.end = 3}, {.end = WINDOWS}};
    struct tuned t;
    tuned_set_up(&t, &request, POINTS, WINDOWS, costs[0]);
    t.values[4 * WINDOWS * 2 + 1] = 61 * (int128)MICRO; /* over all windows more than 60 */
    struct tune tune = t.tune;
    tune.pasts = pasts;
    tune.past_count = ARRAY_LENGTH(pasts);
    struct tune_choices choices;
    tune_choices_set_up(&choices, &tune);
    const bool nobody[POINTS] = {false};
    const bool first[POINTS] = {true};
    size_t by = 0;
    assert_int_equal(tune_choices_learn(&choices, nobody, &err), STATUS_OK);
    assert_false(choices.ready);
    assert_int_equal(tune_choices_learn(&choices, first, &err), STATUS_OK);
    assert_true(choices.ready);
    assert_false(tune_is_hopeless(&choices, 1, &by));
    assert_false(tune_is_hopeless(&choices, 2, &by));
    assert_true(tune_is_hopeless(&choices, 3, &by) && by == 0);
    /* Beyond the limit in all windows and in every past, but in the judged ones nothing is known;
     * then there, too. */
    assert_false(tune_is_hopeless(&choices, 4, &by));
    t.values[(4 * WINDOWS + 3) * 2 + 1] = 61 * (int128)MICRO;
    assert_true(tune_is_hopeless(&choices, 4, &by) && by == TUNE_NONE);
    /* With nobody to meet the limit, it is not known which windows are judged. */
    t.values[1] = 61 * (int128)MICRO;
    assert_int_equal(tune_choices_learn(&choices, first, &err), STATUS_OK);
    assert_false(choices.ready);
    tune_choices_clean_up(&choices);
    condition_clean_up(&objective);
    condition_clean_up(&limit);
}

static void worlds_in_order(void **state)
{
    (void)state;
    const struct tune tune = {.windows = {.count = 6}, .scenario_count = 2, .world_count = 12};
    static const size_t expected[] = {0, 1, 8, 9, 4, 5, 2, 3, 10, 11, 6, 7};
    size_t *order = tune_order_worlds(&tune);
    assert_memory_equal(order, expected, sizeof expected);
    free(order);
}

/* Points whose fleets look for other markets than the scenario's share what they load. */
static void fleets_share_markets(void **state)
{
    (void)state;
    struct grid grid = {0};
    struct error err = {0};
    assert_int_equal(grid_add(&grid,
                              "spot_fleet.LaunchSpecifications[1].InstanceType=\"c4.xlarge\","
                              "\"c4.2xlarge\"",
                              &err),
                     STATUS_OK);
    assert_int_equal(grid_add(&grid, "backup_group.group.DefaultCooldown=300,900", &err),
                     STATUS_OK);
    assert_int_equal(grid_draw(&grid, NULL, 1, &err), STATUS_OK);
    const struct scenario_override week = {.path = "to", .value = "2016-05-09"};
    const struct tune_request request = {.path = BALLAST_SOURCE_DIR
                                         "/examples/quickstart/scenario.json",
                                         .overrides = &week,
                                         .override_count = 1,
                                         .grid = &grid,
                                         .in_sample = true};
    struct tune tune = {.request = &request};
    struct tune_market market;
    if (tune_plan(&tune, &err) || tune_open_market(&tune, &tune.worlds[0], &market, &err))
        fail_msg("%s", err.text);
    struct tune_opened opened[4];
    size_t own = 0;
    for (size_t i = 0; i < 4; i++) {
        if (tune_open(&tune, i, &market, &opened[i], &err))
            fail_msg("%s", err.text);
        own += opened[i].owns;
        assert_true(opened[i].owns == (opened[i].traces != &market.traces));
    }
    assert_int_equal(own, 2);
    assert_ptr_equal(opened[0].traces, opened[1].traces);
    assert_ptr_equal(opened[2].traces, opened[3].traces);
    assert_ptr_not_equal(opened[0].traces, opened[2].traces);
    for (size_t i = 0; i < 4; i++)
        tune_close(&market, &opened[i]);
    tune_close_market(&market);
    tune_clean_up(&tune);
    grid_clean_up(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(worlds_in_order),
                                       cmocka_unit_test(hopeless),
                                       cmocka_unit_test(sums),
                                       cmocka_unit_test(the_best),
                                       cmocka_unit_test(nearest),
                                       cmocka_unit_test(resamples),
                                       cmocka_unit_test(fleets_share_markets)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
