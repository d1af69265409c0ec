/* Loading what a scenario's traces say: gathered from all sources, and checked to cover the run. */
#include "scenario_imports.h"

#include "base/decimal.h"
#include "base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { DAY = 1426118400 }; /* 2015-03-12T00:00:00Z */

static int load(struct trace_set *traces, struct scenario *s, struct error *err)
{
    memset(err, 0, sizeof *err);
    return scenario_load_traces(s, traces, err);
}

static void expect_load(struct trace_set *traces, struct scenario *s)
{
    struct error err;
    if (load(traces, s, &err))
        fail_msg("%s", err.text);
}

static void expect_load_refusal(struct scenario *s, const char *words)
{
    struct trace_set traces;
    struct error err;
    assert_int_equal(load(&traces, s, &err), STATUS_BAD_INPUT);
    if (!strstr(err.text, words))
        fail_msg("\"%s\" does not hold \"%s\"", err.text, words);
    assert_int_equal(traces.market_count, 0);
    scenario_clean_up(s);
}

/* ---- inline ------------------------------------------------------------------------------------
 */

static void inline_prices(void **state)
{
    (void)state;
    struct scenario s;
    struct trace_set traces;
    expect_read(&s, NULL, 0);
    expect_load(&traces, &s);
    assert_int_equal(traces.market_count, 1); /* only what the fleet's pools need */
    const struct market *market = &traces.markets[0];
    assert_string_equal(market->zone, "us-east-1a");
    assert_string_equal(market->product, "Linux/UNIX");
    assert_int_equal(market->step_count, 3);
    assert_true(market->steps[0].time_s < DAY);
    assert_int_equal(market->steps[0].micro_usd_per_hour, 50000);
    assert_int_equal(market->steps[1].time_s, DAY + 6 * 3600);
    assert_int_equal(market->steps[2].micro_usd_per_hour, 50000);
    assert_int_equal(strlen(traces.hash), 64);
    assert_false(traces.synthetic);
    trace_set_clean_up(&traces);
    scenario_clean_up(&s);
}

/* Of the steps before `from` only the one in force remains; restatements and what comes at `to` go.
 */
static void steps_are_compiled(void **state)
{
    (void)state;
    struct scenario s;
    struct trace_set traces;
    READ(&s,
         "traces=[{\"prices\":{\"us-east-1a/c3.xlarge\":[[\"2015-03-01\",0.01],[\"2015-03-02\","
         "0.02],[\"2015-03-12\",0.03],[\"2015-03-12T01:00:00Z\",0.03],[\"2015-03-12T02:00:00Z\","
         "0.04],[\"2015-03-13\",0.05]]}}]");
    expect_load(&traces, &s);
    const struct market *market = &traces.markets[0];
    assert_int_equal(market->step_count, 2);
    assert_int_equal(market->steps[0].time_s, DAY);
    assert_int_equal(market->steps[0].micro_usd_per_hour, 30000);
    assert_int_equal(market->steps[1].time_s, DAY + 7200);
    trace_set_clean_up(&traces);
    scenario_clean_up(&s);
}

static void equal_markets_have_equal_hashes(void **state)
{
    (void)state;
    struct scenario s;
    struct trace_set a;
    struct trace_set b;
    READ(&s, "spot_fleet.LaunchSpecifications[0].SubnetId=\"subnet-a,subnet-b\"");
    expect_load(&a, &s);
    scenario_clean_up(&s);
    READ(&s, "spot_fleet.LaunchSpecifications[0].SubnetId=\"subnet-b,subnet-a\"",
         "traces[0].prices.us-east-1c/c3.xlarge=[[\"2015-03-01\",1]]");
    expect_load(&b, &s);
    assert_string_equal(a.hash, b.hash);
    trace_set_clean_up(&a);
    trace_set_clean_up(&b);
    scenario_clean_up(&s);
}

static void interruptions_of_the_fleets_pools(void **state)
{
    (void)state;
    struct scenario s;
    struct trace_set traces;
    READ(&s, "interruptions.source=trace",
         "traces[0].interruptions=[{\"at\":\"2015-03-12T05:00:00Z\",\"zone\":\"us-east-1a\","
         "\"type\":\"c3.xlarge\",\"instances\":2},{\"at\":\"2015-03-12T04:00:00Z\",\"zone\":"
         "\"us-east-1a\",\"type\":\"c3.xlarge\",\"instances\":1},{\"at\":\"2015-03-12T04:00:00Z\","
         "\"zone\":\"us-east-1b\",\"type\":\"c3.xlarge\",\"instances\":1},{\"at\":\"2015-03-13\","
         "\"zone\":\"us-east-1a\",\"type\":\"c3.xlarge\",\"instances\":1}]");
    expect_load(&traces, &s);
    assert_int_equal(traces.interruption_count, 2);
    assert_int_equal(traces.interruptions[0].time_s, DAY + 4 * 3600);
    assert_int_equal(traces.interruptions[1].instances, 2);
    assert_false(has_note(&s, true, "none for the fleet's pools"));
    trace_set_clean_up(&traces);
    scenario_clean_up(&s);
    READ(&s, "interruptions.source=trace");
    expect_load(&traces, &s);
    assert_true(has_note(&s, true, "none for the fleet's pools"));
    size_t notes = s.note_count;
    trace_set_clean_up(&traces);
    expect_load(&traces, &s); /* again: no note is said twice */
    assert_int_equal(s.note_count, notes);
    trace_set_clean_up(&traces);
    scenario_clean_up(&s);
}

static void generated_markets(void **state)
{
    (void)state;
    struct scenario s;
    struct trace_set traces;
    READ(&s, "traces=[{\"synth\":{\"markets\":{\"us-east-1a/c3.xlarge\":0.21}}}]");
    assert_int_equal(s.synth[0].from_s, DAY - 86400);
    assert_int_equal(s.synth[0].to_s, DAY + 2 * 86400);
    assert_true(s.synth[0].seed == s.seed);
    expect_load(&traces, &s);
    assert_true(traces.synthetic);
    assert_int_equal(traces.market_count, 1);
    trace_set_clean_up(&traces);
    scenario_clean_up(&s);
}

/* ---- what is refused ----------------------------------------------------------------------------
 */

static void a_market_from_two_sources(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "traces[1]={\"synth\":{\"markets\":{\"us-east-1a/c3.xlarge\":0.21}}}");
    expect_load_refusal(&s, "c3.xlarge in us-east-1a (Linux/UNIX) stands in two");
}

static void a_market_nobody_has(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "subnets.subnet-a=us-east-1z");
    expect_load_refusal(&s, "no prices of c3.xlarge in us-east-1z (Linux/UNIX); they have it in "
                            "us-east-1a, us-east-1b");
    READ(&s, "product=Windows", "traces[1]={\"prices\":{}}");
    /* Inline prices without a product are of the scenario's. */
    struct trace_set traces;
    expect_load(&traces, &s);
    assert_string_equal(traces.markets[0].product, "Windows");
    trace_set_clean_up(&traces);
    scenario_clean_up(&s);
    READ(&s, "traces=[{\"prices\":{\"us-east-1a/c3.xlarge/Windows\":[[\"2015-03-01\",1]]}}]");
    expect_load_refusal(&s, "nor of that type in any zone");
}

static void prices_that_begin_too_late(void **state)
{
    (void)state;
    struct scenario s;
    READ(&s, "from=2015-02-28");
    expect_load_refusal(&s, "begin at 2015-03-01T00:00:00Z, after \"from\" 2015-02-28T00:00:00Z");
}

static void prices_alone_after_november_2017(void **state)
{
    (void)state;
    struct scenario s;
    struct trace_set traces;
    READ(&s, "from=2017-11-27", "to=2017-11-28");
    expect_load(&traces, &s); /* the very last day */
    trace_set_clean_up(&traces);
    scenario_clean_up(&s);
    READ(&s, "from=2017-11-27", "to=2017-11-28T00:00:01Z");
    expect_load_refusal(&s, "--no-interruptions");
    READ(&s, "from=2018-03-01", "to=2018-03-02", "interruptions.source=none");
    expect_load(&traces, &s);
    assert_true(has_note(&s, true, "interruptions are switched off"));
    trace_set_clean_up(&traces);
    scenario_clean_up(&s);
    READ(&s, "from=2018-03-01", "to=2018-03-02", "interruptions.source=trace");
    expect_load(&traces, &s);
    trace_set_clean_up(&traces);
    scenario_clean_up(&s);
}

/* ---- databases ----------------------------------------------------------------------------------
 */

struct folder {
    char path[40];
    char database[64];
};

static void make_folder(struct folder *folder)
{
    strcpy(folder->path, "/tmp/ballast-traces-XXXXXX");
    assert_non_null(mkdtemp(folder->path));
    snprintf(folder->database, sizeof folder->database, "%s/traces.db", folder->path);
}

static void remove_folder(const struct folder *folder)
{
    unlink(folder->database);
    rmdir(folder->path);
}

#define HEADER                 "Timestamp,AvailabilityZone,InstanceType,ProductDescription,SpotPrice\n"
#define ROW(time, zone, price) time "," zone ",c3.xlarge,Linux/UNIX," price "\n"

static void fill(struct folder *folder)
{
    make_folder(folder);
    import_text(folder->database, "prices.csv",
                HEADER ROW("2015-03-11T12:00:00Z", "us-east-1a", "0.05")
                    ROW("2015-03-12T10:00:00Z", "us-east-1a", "0.05")
                        ROW("2015-03-13T10:00:00Z", "us-east-1a", "0.06")
                            ROW("2015-03-15T20:00:00Z", "us-east-1a", "0.05")
                                ROW("2015-03-11T12:00:00Z", "us-east-1b", "0.05"));
    import_text(folder->database, "catalogue.csv",
                "region,instance_type,vcpu,memory_gib,linux_on_demand_usd_per_hour\n"
                "us-east-1,m4.xlarge,4,16,0.239\nus-east-1,c3.xlarge,4,7.5,0.21\n");
    import_text(folder->database, "web.csv",
                "time,units\n2015-03-11T00:00:00Z,8\n2015-03-12T03:00:00Z,16\n");
}

/* The base scenario over the folder's database alone. */
static int read_over(struct scenario *s, const struct folder *folder, const char *const *sets,
                     size_t count, struct error *err)
{
    char traces[128];
    snprintf(traces, sizeof traces, "traces=[\"%s\"]", folder->database);
    const char *all[SET_MAX] = {traces, "on_demand_usd_per_hour={}"};
    for (size_t i = 0; i < count; i++)
        all[i + 2] = sets[i];
    return read_with(s, all, count + 2, NULL, err);
}

static void database_prices_catalogue_and_demand(void **state)
{
    (void)state;
    struct folder folder;
    fill(&folder);
    struct scenario s;
    struct error err;
    static const char *const sets[] = {"demand.trace=web",
                                       "spot_fleet.LaunchSpecifications=[{\"InstanceType\":"
                                       "\"c3.xlarge\",\"SubnetId\":\"subnet-a\"}]"};
    if (read_over(&s, &folder, sets, 2, &err))
        fail_msg("%s", err.text);
    assert_int_equal(s.group.on_demand_micro_usd, 239000);
    assert_int_equal(s.fleet.pools[0].on_demand_micro_usd, 210000);
    assert_int_equal(s.demand_count, 2);
    assert_int_equal(s.demand[0].required_micro, 8 * MICRO);
    assert_int_equal(s.demand[0].time_s, DAY);
    assert_int_equal(s.demand[1].time_s, DAY + 3 * 3600);
    assert_string_equal(s.demand_json, "{\"trace\":\"web\"}");
    struct trace_set traces;
    expect_load(&traces, &s);
    assert_int_equal(traces.market_count, 1);
    assert_int_equal(traces.markets[0].step_count, 1);
    trace_set_clean_up(&traces);
    /* The catalogue's prices are in the resolved scenario, which then needs it no more. */
    assert_non_null(strstr(s.resolved.data, "\"m4.xlarge\":0.239"));
    assert_non_null(strstr(s.resolved.data, "{\"trace\":\"web\"}"));
    scenario_clean_up(&s);
    static const char *const zones[] = {"spot_fleet.LaunchSpecifications=[{\"InstanceType\":"
                                        "\"c3.xlarge\"}]"};
    if (read_over(&s, &folder, zones, 1, &err))
        fail_msg("%s", err.text);
    assert_int_equal(s.fleet.pool_count, 2);
    assert_string_equal(s.fleet.pools[1].zone, "us-east-1b");
    scenario_clean_up(&s);
    remove_folder(&folder);
}

/* A catalogue has prices of Linux: an instance of another product would look cheaper than it is. */
static void a_catalogue_is_of_linux_and_of_its_name(void **state)
{
    (void)state;
    static const struct {
        const char *sets[2];
        const char *words; /* NULL: accepted */
    } cases[] = {
        {{"product=Windows"}, "m4.xlarge with Windows in us-east-1 is not known, for catalogues"},
        {{"product=SUSE Linux"}, "with SUSE Linux"},
        {{"product=Windows", "catalog=catalogue"}, "for catalogues have those of Linux/UNIX"},
        {{"product=Windows", "on_demand_usd_per_hour={\"m4.xlarge\":0.423,\"c3.xlarge\":0.4}"},
         NULL},
        {{"product=Linux/UNIX (Amazon VPC)"}, NULL},
        {{"catalog=nosuch"}, "is not known to the catalogue \"nosuch\""},
        {{"catalog=catalogue"}, NULL},
    };
    struct folder folder;
    fill(&folder);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scenario s;
        struct error err;
        int status = read_over(&s, &folder, cases[i].sets, cases[i].sets[1] ? 2 : 1, &err);
        if (!status)
            scenario_clean_up(&s);
        assert_int_equal(status, cases[i].words ? STATUS_BAD_INPUT : STATUS_OK);
        if (cases[i].words && !strstr(err.text, cases[i].words))
            fail_msg("\"%s\" does not hold \"%s\"", err.text, cases[i].words);
    }
    remove_folder(&folder);
}

static void database_that_does_not_cover_the_run(void **state)
{
    (void)state;
    struct folder folder;
    fill(&folder);
    struct scenario s;
    struct error err;
    static const char *const late[] = {"to=2015-03-17T20:00:01Z"};
    if (read_over(&s, &folder, late, 1, &err))
        fail_msg("%s", err.text);
    expect_load_refusal(&s, "end at 2015-03-15T20:00:00Z, more than 48 h before \"to\"");
    static const char *const edge[] = {"to=2015-03-17T20:00:00Z"};
    if (read_over(&s, &folder, edge, 1, &err))
        fail_msg("%s", err.text);
    struct trace_set traces;
    expect_load(&traces, &s);
    assert_true(has_note(&s, true, "silent for 58 h from 2015-03-13T10:00:00Z"));
    trace_set_clean_up(&traces);
    scenario_clean_up(&s);
    static const char *const early[] = {"from=2015-03-11"};
    if (read_over(&s, &folder, early, 1, &err))
        fail_msg("%s", err.text);
    expect_load_refusal(&s, "begin at 2015-03-11T12:00:00Z");
    static const char *const elsewhere[] = {"subnets.subnet-a=us-east-1c"};
    if (read_over(&s, &folder, elsewhere, 1, &err))
        fail_msg("%s", err.text);
    expect_load_refusal(&s, "they have it in us-east-1a, us-east-1b");
    remove_folder(&folder);
}

static void a_file_that_is_no_database(void **state)
{
    (void)state;
    struct folder folder;
    make_folder(&folder);
    FILE *file = fopen(folder.database, "w");
    assert_non_null(file);
    fputs("not a database, whatever its name says", file);
    fclose(file);
    struct scenario s;
    struct error err;
    assert_int_not_equal(read_over(&s, &folder, NULL, 0, &err), STATUS_OK);
    assert_non_null(strstr(err.text, folder.database));
    remove_folder(&folder);
}

static void inline_capacity_and_shares(void **state)
{
    (void)state;
    const char *const sets[] = {
        "interruptions.source=trace",
        "traces[1]={\"capacity\":["
        "{\"at\":\"2015-03-12T02:00:00Z\",\"zone\":\"us-east-1a\",\"type\":\"c3.xlarge\","
        "\"instances\":null},"
        "{\"at\":\"2015-03-12T01:00:00Z\",\"zone\":\"us-east-1b\",\"type\":\"c3.xlarge\","
        "\"instances\":1},"
        "{\"at\":\"2015-03-14\",\"zone\":\"us-east-1a\",\"type\":\"c3.xlarge\",\"instances\":1}]}",
        "traces[2]={\"capacity\":["
        "{\"at\":\"2015-03-12T03:00:00Z\",\"zone\":\"us-east-1a\",\"type\":\"m4.xlarge\","
        "\"instances\":7}],"
        "\"interruptions\":[{\"at\":\"2015-03-12T01:00:00Z\",\"zone\":\"us-east-1a\",\"type\":"
        "\"c3.xlarge\",\"instances\":2,\"of\":16}]}"};
    struct scenario s;
    struct trace_set traces;
    expect_read(&s, sets, 3);
    expect_load(&traces, &s);
    /* of the fleet's places and within the run alone */
    assert_int_equal(traces.capacity_count, 1);
    assert_int_equal(traces.capacities[0].time_s, DAY + 7200);
    assert_true(traces.capacities[0].instances == CAPACITY_UNLIMITED);
    assert_int_equal(traces.interruption_count, 1);
    assert_int_equal(traces.interruptions[0].of, 16);
    assert_non_null(strstr(s.resolved.data, "\"instances\":2,\"of\":16}"));
    assert_non_null(strstr(s.resolved.data, "\"type\":\"c3.xlarge\",\"instances\":null}"));
    char hash[HASH_TEXT_SIZE];
    memcpy(hash, traces.hash, sizeof hash);
    trace_set_clean_up(&traces);
    /* what is written reads the same again */
    struct scenario again;
    struct error err = {0};
    assert_int_equal(
        scenario_parse(&again, "again", ".", s.resolved.data, s.resolved.size, NULL, &err), 0);
    assert_string_equal(again.resolved.data, s.resolved.data);
    expect_load(&traces, &again);
    assert_string_equal(traces.hash, hash);
    trace_set_clean_up(&traces);
    scenario_clean_up(&again);
    scenario_clean_up(&s);
}

static void limits_are_not_overlooked_in_silence(void **state)
{
    (void)state;
    const char *const sets[] = {"traces[1]={\"capacity\":[{\"at\":\"2015-03-12\",\"zone\":\"us-"
                                "east-1a\",\"type\":\"c3.xlarge\","
                                "\"instances\":1}]}"};
    struct scenario s;
    struct trace_set traces;
    expect_read(&s, sets, 1);
    expect_load(&traces, &s);
    bool noted = false;
    for (size_t i = 0; i < s.note_count; i++)
        noted =
            noted || (s.notes[i].warning && strstr(s.notes[i].text, "launches never fail here"));
    assert_true(noted);
    trace_set_clean_up(&traces);
    scenario_clean_up(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inline_capacity_and_shares),
        cmocka_unit_test(limits_are_not_overlooked_in_silence),
        cmocka_unit_test(inline_prices),
        cmocka_unit_test(steps_are_compiled),
        cmocka_unit_test(equal_markets_have_equal_hashes),
        cmocka_unit_test(interruptions_of_the_fleets_pools),
        cmocka_unit_test(generated_markets),
        cmocka_unit_test(a_market_from_two_sources),
        cmocka_unit_test(a_market_nobody_has),
        cmocka_unit_test(prices_that_begin_too_late),
        cmocka_unit_test(prices_alone_after_november_2017),
        cmocka_unit_test(database_prices_catalogue_and_demand),
        cmocka_unit_test(a_catalogue_is_of_linux_and_of_its_name),
        cmocka_unit_test(database_that_does_not_cover_the_run),
        cmocka_unit_test(a_file_that_is_no_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
