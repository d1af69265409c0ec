/* Which points may share the traces that were loaded once: those whose values leave them alone, and
 * which look for the same markets; and of the others, those with the same values. And what a sweep
 * says of a file that is another at its end. */
#include "study/sweep.h"
#include "study/sweep_markets.h"

#include "scenario_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void paths(void **state)
{
    (void)state;
    static const char *const alone[] = {"account.join_delay_s",
                                        "backup_group.group.MaxSize",
                                        "policy",
                                        "policy.parameters.window_s",
                                        "controller.every_s",
                                        "demand.units",
                                        "spot_fleet.SpotPrice",
                                        "spot_fleet",
                                        "measure.from"};
    static const char *const other[] = {
        "from", "seed", "traces", "subnets", "interruptions.source", "on_demand_usd_per_hour"};
    for (size_t i = 0; i < sizeof alone / sizeof alone[0]; i++)
        assert_true(sweep_leaves_traces_alone(alone[i]));
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
        assert_false(sweep_leaves_traces_alone(other[i]));
}

/* Whether the base scenario with `set` looks for the markets that it looks for with `before`. */
static bool same_markets(const char *before, const char *set)
{
    struct scenario a;
    struct scenario b;
    struct error err;
    const char *both[] = {before, set};
    assert_int_equal(read_with(&a, both, 1, NULL, &err), STATUS_OK);
    if (read_with(&b, both, 2, NULL, &err))
        fail_msg("%s", err.text);
    bool same = scenario_same_markets(&a, &b);
    struct text texts[2] = {0};
    scenario_add_markets(&a, &texts[0]);
    scenario_add_markets(&b, &texts[1]);
    assert_int_equal(strcmp(texts[0].data, texts[1].data) == 0, same);
    text_clean_up(&texts[0]);
    text_clean_up(&texts[1]);
    scenario_clean_up(&a);
    scenario_clean_up(&b);
    return same;
}

static void markets(void **state)
{
    (void)state;
    static const char never[] = "account.on_demand_failure_permille=0";
    static const char fails[] = "account.on_demand_failure_permille=500";
    static const char other_type[] = "backup_group.launch.InstanceType=\"c3.xlarge\"";
    static const char other_zone[] = "backup_group.group.VPCZoneIdentifier=\"subnet-b\"";
    /* The backup's places count once its launches can fail. */
    assert_false(same_markets(never, fails));
    assert_true(same_markets(never, other_type));
    assert_true(same_markets(never, other_zone));
    assert_false(same_markets(fails, other_type));
    assert_false(same_markets(fails, other_zone));
    assert_true(same_markets(fails, "account.on_demand_failure_permille=900"));
    assert_true(same_markets(fails, "backup_group.group.DefaultCooldown=60"));
}

/* Held traces of a point of the base scenario, or NULL. */
static const struct trace_set *hold(struct sweep_markets *markets, const struct grid *grid,
                                    size_t point, const char *set)
{
    struct scenario scenario;
    struct error err = {0};
    const struct trace_set *traces = NULL;
    if (read_with(&scenario, &set, 1, NULL, &err))
        fail_msg("%s", err.text);
    memset(&err, 0, sizeof err);
    int status = sweep_markets_take(markets, grid, point, &scenario, &traces, &err);
    assert_int_equal(status, traces ? STATUS_OK : STATUS_BAD_INPUT);
    assert_true(traces || strstr(err.text, "no prices of r3.large"));
    scenario_clean_up(&scenario);
    return traces;
}

static void what_loads_the_same_is_loaded_once(void **state)
{
    (void)state;
    struct grid grid = {0};
    struct error err = {0};
    assert_int_equal(grid_add(&grid, "account.join_delay_s=60,120", &err), STATUS_OK);
    assert_int_equal(grid_add(&grid, "seed=1,2", &err), STATUS_OK);
    assert_int_equal(grid_draw(&grid, NULL, 1, &err), STATUS_OK);
    static const size_t by_seed[] = {0, 2, 1, 3};
    size_t *order = sweep_markets_order(&grid, true);
    assert_memory_equal(order, by_seed, sizeof by_seed);
    free(order);
    struct sweep_markets *markets = sweep_markets_new(true);
    const struct trace_set *held[] = {
        hold(markets, &grid, 0, "seed=1"), hold(markets, &grid, 2, "seed=1"),
        hold(markets, &grid, 1, "seed=2"),
        hold(markets, &grid, 0, "account.on_demand_failure_permille=500")};
    assert_ptr_equal(held[0], held[1]);
    assert_ptr_not_equal(held[0], held[2]);
    assert_ptr_not_equal(held[0], held[3]); /* the backup's places are looked for, too */
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        sweep_markets_give_back(markets, held[i]);
    for (int times = 0; times < 2; times++) /* why there are none is told again */
        assert_null(hold(markets, &grid, 3,
                         "spot_fleet.LaunchSpecifications[0].InstanceType=\"r3.large\""));
    sweep_markets_free(markets);
    grid_clean_up(&grid);
}

/* A recorded market is the same with every seed, and so is a generated one that has its own. */
static void a_seed_that_draws_nothing_loads_nothing(void **state)
{
    (void)state;
    static const char synth[] =
        "traces=[{\"synth\":{\"markets\":{\"us-east-1a/c3.xlarge\":0.21}}}]";
    static const char its_own[] =
        "traces=[{\"synth\":{\"seed\":7,\"markets\":{\"us-east-1a/c3.xlarge\":0.21}}}]";
    static const char bands[] =
        "interruptions={\"source\":\"advisor\",\"advisor\":{\"bands\":{\"c3.xlarge\":\"5-10%\"}}}";
    static const struct {
        const char *set;
        const char *vary;
        bool drawn;
        bool varies;
    } cases[] = {
        {"seed=1", "seed=1,2", false, false},
        {"seed=1", "seed,from=1..2015-03-12,2..2015-03-12", false, true},
        {"seed=1", "account.join_delay_s=1,2", false, false},
        {"seed=1", "spot_fleet.TargetCapacity=4,8", false, false},
        {"seed=1", "traces[0]=\"a.db\",\"b.db\"", true, true},
        {"seed=1", "interruptions.source=price,none", true, true},
        {synth, "seed=1,2", true, true},
        {synth, "account.join_delay_s=1,2", true, false},
        {its_own, "seed=1,2", false, false},
        {its_own, "traces[0].synth.seed=1,2", true, true},
        {bands, "seed=1,2", true, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scenario scenario;
        struct grid grid = {0};
        struct error err = {0};
        if (read_with(&scenario, &cases[i].set, 1, NULL, &err))
            fail_msg("%s", err.text);
        assert_int_equal(grid_add(&grid, cases[i].vary, &err), STATUS_OK);
        bool drawn = sweep_markets_drawn(&grid, &scenario);
        if (drawn != cases[i].drawn || sweep_markets_vary(&grid, drawn) != cases[i].varies)
            fail_msg("%s, %s", cases[i].set, cases[i].vary);
        scenario_clean_up(&scenario);
        grid_clean_up(&grid);
    }
    struct grid grid = {0};
    struct error err = {0};
    assert_int_equal(grid_add(&grid, "account.join_delay_s=60,120", &err), STATUS_OK);
    assert_int_equal(grid_add(&grid, "seed=1,2", &err), STATUS_OK);
    assert_int_equal(grid_draw(&grid, NULL, 1, &err), STATUS_OK);
    static const size_t as_they_are[] = {0, 1, 2, 3};
    size_t *order = sweep_markets_order(&grid, false);
    assert_memory_equal(order, as_they_are, sizeof as_they_are);
    free(order);
    struct sweep_markets *markets = sweep_markets_new(false);
    const struct trace_set *held[] = {hold(markets, &grid, 0, "seed=1"),
                                      hold(markets, &grid, 1, "seed=2")};
    assert_ptr_equal(held[0], held[1]);
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        sweep_markets_give_back(markets, held[i]);
    sweep_markets_free(markets);
    grid_clean_up(&grid);
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* Who takes points and changes the scenario's file with the last. */
struct taker {
    const char *path;
    size_t last;
};

static int take(size_t point, const struct figures *figures, void *context, struct error *err)
{
    const struct taker *taker = context;
    (void)figures;
    (void)err;
    if (point == taker->last)
        write_text(taker->path, "{}");
    return STATUS_OK;
}

static void a_file_that_changed_by_the_end_is_told_with_the_last_point(void **state)
{
    (void)state;
    char folder[] = "/tmp/ballast-sweep-XXXXXX";
    char path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/s.json", folder);
    write_text(path, base_scenario);
    struct taker taker = {.path = path, .last = 1};
    struct grid grid = {0};
    struct scenario scenario;
    struct trace_set traces;
    struct error err = {0};
    assert_int_equal(grid_add(&grid, "account.join_delay_s=60,120", &err), STATUS_OK);
    assert_int_equal(grid_draw(&grid, NULL, 1, &err), STATUS_OK);
    assert_int_equal(scenario_read(&scenario, path, NULL, &err), STATUS_OK);
    assert_int_equal(scenario_load_traces(&scenario, &traces, &err), STATUS_OK);
    const struct sweep_request request = {.path = path,
                                          .grid = &grid,
                                          .scenario = &scenario,
                                          .traces = &traces,
                                          .version = "test",
                                          .threads = 1,
                                          .shards = 1,
                                          .take = take,
                                          .context = &taker};
    struct sweep sweep;
    if (sweep_check(&sweep, &request, &err))
        fail_msg("%s", err.text);
    assert_int_equal(sweep_run(&sweep, &err), STATUS_BAD_INPUT);
    assert_non_null(strstr(err.text, "was changed while the sweep ran"));
    assert_non_null(strstr(err.text, "--vary account.join_delay_s=120: "));
    sweep_clean_up(&sweep);
    trace_set_clean_up(&traces);
    scenario_clean_up(&scenario);
    grid_clean_up(&grid);
    unlink(path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths), cmocka_unit_test(markets),
        cmocka_unit_test(what_loads_the_same_is_loaded_once),
        cmocka_unit_test(a_seed_that_draws_nothing_loads_nothing),
        cmocka_unit_test(a_file_that_changed_by_the_end_is_told_with_the_last_point)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
