/* What a market did over a range, by hand; and what a database tells of itself. */
#include "traces/statistics.h"
#include "traces_fixture.h"

/* 5 from 100, 7 from 110, 5 from 130, 9 from 140; the last record at 150. */
static struct price_step prices[] = {{100, 5}, {110, 7}, {130, 5}, {140, 9}};
static struct market market = {.steps = prices, .step_count = 4, .last_record_s = 150};

static struct market_statistics over(int64_t from_s, int64_t to_s, int64_t threshold)
{
    struct market_statistics result;
    market_statistics(&market, from_s, to_s, threshold, &result);
    return result;
}

static void a_whole_history(void **state)
{
    (void)state;
    struct market_statistics s = over(0, 1000, 5);
    assert_int_equal(s.covered_s, 51); /* 100 to 150, and that second */
    assert_int_equal(s.changes, 3);
    assert_int_equal(s.min_micro_usd, 5);
    assert_int_equal(s.max_micro_usd, 9);
    assert_int_equal(s.median_micro_usd, 7); /* 20 s of 5, 20 s of 7, 11 s of 9 */
    assert_int_equal(s.above_s, 31);
    assert_int_equal(s.above_episodes, 2);
    assert_int_equal(s.longest_above_s, 20);
    assert_int_equal(s.longest_above_from_s, 110);
}

static void a_part_of_it(void **state)
{
    (void)state;
    struct market_statistics s = over(115, 140, 6);
    assert_int_equal(s.covered_s, 25);
    assert_int_equal(s.changes, 1);
    assert_int_equal(s.median_micro_usd, 7);
    assert_int_equal(s.above_s, 15);
    assert_int_equal(s.above_episodes, 1);
    assert_int_equal(s.longest_above_from_s, 115);
}

static void equal_is_not_above(void **state)
{
    (void)state;
    assert_int_equal(over(0, 1000, 9).above_s, 0);
    assert_int_equal(over(0, 1000, 8).above_s, 11);
    assert_int_equal(over(0, 1000, -1).above_s, 0);
}

static void half_of_the_time_is_the_median(void **state)
{
    (void)state;
    /* 10 s of 5 and 10 s of 7: at or below 5 half of the time */
    assert_int_equal(over(100, 120, -1).median_micro_usd, 5);
    assert_int_equal(over(100, 121, -1).median_micro_usd, 7);
}

static void neighbouring_steps_above_are_one_episode(void **state)
{
    (void)state;
    struct price_step steps_above[] = {{0, 1}, {10, 5}, {20, 6}, {30, 1}};
    const struct market other = {.steps = steps_above, .step_count = 4, .last_record_s = 30};
    struct market_statistics s;
    market_statistics(&other, 0, 30, 4, &s);
    assert_int_equal(s.above_episodes, 1);
    assert_int_equal(s.longest_above_s, 20);
}

static void outside_of_what_is_known(void **state)
{
    (void)state;
    assert_int_equal(over(0, 100, 1).covered_s, 0);
    assert_int_equal(over(151, 1000, 1).covered_s, 0);
    assert_int_equal(over(151, 1000, 1).above_s, 0);
}

/* ---- what a database tells ---------------------------------------------------------------------
 */

struct told {
    int markets, sources, demands, catalogs, refusals;
    int64_t records, line;
};

static int tell_market(const struct market_entry *entry, void *context)
{
    struct told *told = context;
    told->markets++;
    told->records += entry->records;
    assert_false(entry->synthetic);
    return STATUS_OK;
}

static int tell_entry(const struct trace_entry *entry, void *context)
{
    struct told *told = context;
    told->sources += strcmp(entry->what, "source") == 0;
    told->demands += strcmp(entry->what, "demand") == 0;
    told->catalogs += strcmp(entry->what, "catalog") == 0;
    if (strcmp(entry->name, "d.csv") == 0)
        assert_int_equal(entry->assumed_utc, 1);
    if (strcmp(entry->name, "p.txt") == 0) {
        assert_true(entry->newest_first);
        assert_int_equal(entry->refused, 1);
    }
    return STATUS_OK;
}

static int tell_refusal(const char *source, int64_t line, const char *reason, void *context)
{
    struct told *told = context;
    assert_string_equal(source, "p.txt");
    assert_string_equal(reason, "the price is not above zero");
    told->refusals++;
    told->line = line;
    return STATUS_OK;
}

static void a_database_lists_itself(void **state)
{
    struct fixture *f = *state;
    imports(f, "p.txt",
            "SPOTPRICEHISTORY\tus-east-1a\tc3.xlarge\tLinux/UNIX\t0.2\t2015-03-12T00:00:20Z\n"
            "SPOTPRICEHISTORY\tus-east-1b\tc3.xlarge\tLinux/UNIX\t0\t2015-03-12T00:00:15Z\n"
            "SPOTPRICEHISTORY\tus-east-1a\tc3.xlarge\tLinux/UNIX\t0.1\t2015-03-12T00:00:10Z\n"
            "SPOTPRICEHISTORY\tus-east-1a\tc3.large\tLinux/UNIX\t0.1\t2015-03-12T00:00:10Z\n",
            3, 0, 1);
    imports(f, "d.csv", "time,units\n2015-03-12 00:00:00,4\n", 1, 0, 0);
    imports(f, "c.csv",
            "region,instance_type,vcpu,memory_gib,linux_on_demand_usd_per_hour\n"
            "us-east-1,c3.xlarge,4,7.5,0.210\n",
            1, 0, 0);
    struct told told = {0};
    assert_int_equal(trace_each_market(f->database, f->path, NULL, tell_market, &told, &f->err),
                     STATUS_OK);
    assert_int_equal(told.markets, 2);
    assert_int_equal(told.records, 3);
    const struct market_key only = {NULL, "c3.large", NULL};
    told = (struct told){0};
    assert_int_equal(trace_each_market(f->database, f->path, &only, tell_market, &told, &f->err),
                     STATUS_OK);
    assert_int_equal(told.markets, 1);
    assert_int_equal(trace_each_entry(f->database, f->path, tell_entry, &told, &f->err), STATUS_OK);
    assert_int_equal(told.sources, 3);
    assert_int_equal(told.demands, 1);
    assert_int_equal(told.catalogs, 1);
    assert_int_equal(trace_each_refusal(f->database, f->path, tell_refusal, &told, &f->err),
                     STATUS_OK);
    assert_int_equal(told.refusals, 1);
    assert_int_equal(told.line, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_history),
        cmocka_unit_test(a_part_of_it),
        cmocka_unit_test(equal_is_not_above),
        cmocka_unit_test(half_of_the_time_is_the_median),
        cmocka_unit_test(neighbouring_steps_above_are_one_episode),
        cmocka_unit_test(outside_of_what_is_known),
        cmocka_unit_test_setup_teardown(a_database_lists_itself, fixture_open, fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
