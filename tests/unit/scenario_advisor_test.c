/* Interruptions made from the Spot Instance Advisor's bands.
 * Proves docs/model.md, "Spot Advisor". */
#include "scenario_imports.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { FROM = 1735689600, MONTH_S = 30 * 86400 }; /* 2025-01-01T00:00:00Z */

#define BASE                                                                                       \
    "from=2025-01-01", "to=2045-01-01",                                                            \
        "traces=[{\"prices\":{\"us-east-1a/c3.xlarge\":[[\"2024-12-31\",0.05]],"                   \
        "\"us-east-1b/c3.xlarge\":[[\"2024-12-31\",0.05]]}}]",                                     \
        "spot_fleet.LaunchSpecifications[0].SubnetId=\"subnet-a,subnet-b\""

static void load(const char *interruptions, struct scenario *s, struct trace_set *traces)
{
    struct error err = {0};
    READ(s, BASE, interruptions);
    if (scenario_load_traces(s, traces, &err))
        fail_msg("%s", err.text);
}

static void clean_up(struct scenario *s, struct trace_set *traces)
{
    trace_set_clean_up(traces);
    scenario_clean_up(s);
}

/* The chance, in thousandths, that an instance always up in zone a was hit within a month, by the
 * months of the run: each record takes its share. */
static double hit_permille(const struct trace_set *traces, const struct scenario *s)
{
    double sum = 0;
    int months = 0;
    size_t at = 0;
    for (int64_t month = s->from_s; month + MONTH_S <= s->to_s; month += MONTH_S, months++) {
        double escape = 1;
        for (;
             at < traces->interruption_count && traces->interruptions[at].time_s < month + MONTH_S;
             at++) {
            const struct interruption_step *step = &traces->interruptions[at];
            if (strcmp(step->zone, "us-east-1a") == 0)
                escape *= 1 - (double)step->instances / (double)step->of;
        }
        sum += 1 - escape;
    }
    return 1000 * sum / months;
}

/* 243 months: the share hit has a deviation of less than 2 % at 25 % a month. */
static void bands_are_kept(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        double permille;
        double deviation;
    } cases[] = {
        {"\"bands\":{\"c3.xlarge\":\">20%\"}", 250, 60},
        {"\"bands\":{\"c3.xlarge\":\">20%\"},\"open_band_permille\":900,\"frequency\":\"high\"",
         900, 30},
        {"\"bands\":{\"c3.xlarge\":\"15-20%\"},\"bunch_permille\":100", 175, 40},
        {"\"bands\":{\"c3.xlarge\":\"5-10%\"},\"frequency\":\"low\",\"bunch_permille\":50", 50, 15},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scenario s;
        struct trace_set traces;
        char text[300];
        snprintf(text, sizeof text, "interruptions={\"source\":\"advisor\",\"advisor\":{%s}}",
                 cases[i].words);
        load(text, &s, &traces);
        double found = hit_permille(&traces, &s);
        if (found < cases[i].permille - cases[i].deviation ||
            found > cases[i].permille + cases[i].deviation)
            fail_msg("%s: %.1f", cases[i].words, found);
        clean_up(&s, &traces);
    }
}

static void none_at_the_low_end_of_the_lowest_band(void **state)
{
    (void)state;
    struct scenario s;
    struct trace_set traces;
    load("interruptions={\"source\":\"advisor\",\"advisor\":{\"bands\":{\"c3.xlarge\":\"<5%\"},"
         "\"frequency\":\"low\"}}",
         &s, &traces);
    assert_int_equal(traces.interruption_count, 0);
    clean_up(&s, &traces);
}

/* Threes of records within the span, of 3000, 2500 and 2000, in every zone at times of its own. */
static void bunches(void **state)
{
    (void)state;
    struct scenario s;
    struct trace_set traces;
    load("interruptions={\"source\":\"advisor\",\"advisor\":{\"bands\":{\"c3.xlarge\":\">20%\"}}}",
         &s, &traces);
    int64_t firsts[2] = {0, 0};
    for (int zone = 0; zone < 2; zone++) {
        int64_t first = 0;
        int moment = 0;
        for (size_t i = 0; i < traces.interruption_count; i++) {
            const struct interruption_step *step = &traces.interruptions[i];
            if (strcmp(step->zone, zone ? "us-east-1b" : "us-east-1a") != 0)
                continue;
            first = moment ? first : step->time_s;
            assert_in_range(step->time_s - first, 0, 180);
            assert_int_equal(step->instances, 500);
            assert_int_equal(step->of, 3000 - 500 * moment);
            moment = (moment + 1) % 3;
            firsts[zone] = firsts[zone] ? firsts[zone] : step->time_s;
        }
        assert_int_equal(moment, 0);
        assert_true(firsts[zone] > FROM);
    }
    assert_true(firsts[0] != firsts[1]);
    clean_up(&s, &traces);
}

/* The same whatever stands beside it; another with another seed. */
static void by_seed_and_place_alone(void **state)
{
    (void)state;
    static const char bands[] =
        "interruptions={\"source\":\"advisor\",\"advisor\":{\"bands\":{\"c3.xlarge\":\"5-10%\"}}}";
    struct scenario s;
    struct trace_set a;
    struct trace_set b;
    struct error err = {0};
    load(bands, &s, &a);
    scenario_clean_up(&s);
    READ(&s, BASE, bands, "policy.name=none", "spot_fleet.TargetCapacity=4",
         "traces[0].interruptions=[{\"at\":\"2025-02-01\",\"zone\":\"us-east-1a\",\"type\":"
         "\"c3.xlarge\",\"instances\":2}]");
    assert_int_equal(scenario_load_traces(&s, &b, &err), STATUS_OK);
    assert_string_equal(a.hash, b.hash);
    assert_true(has_note(&s, false, "are not read"));
    clean_up(&s, &b);
    READ(&s, BASE, bands, "seed=2");
    assert_int_equal(scenario_load_traces(&s, &b, &err), STATUS_OK);
    assert_string_not_equal(a.hash, b.hash);
    clean_up(&s, &b);
    trace_set_clean_up(&a);
}

static const char advice[] =
    "{\"ranges\":[{\"index\":0,\"label\":\"<5%\",\"max\":5},{\"index\":1,\"label\":\"5-10%\","
    "\"max\":11},{\"index\":2,\"label\":\"10-15%\",\"max\":16},{\"index\":3,\"label\":\"15-20%\","
    "\"max\":22},{\"index\":4,\"label\":\">20%\",\"max\":100}],\"spot_advisor\":{\"us-east-1\":{"
    "\"Linux\":{\"c3.xlarge\":{\"r\":3,\"s\":65},\"m4.xlarge\":{\"r\":4,\"s\":-62}},"
    "\"Windows\":{\"c3.xlarge\":{\"r\":0,\"s\":5}}}}}";

/* A database that holds nothing but that, as "advice". */
static void import_advice(char path[64], char folder[40])
{
    strcpy(folder, "/tmp/ballast-advice-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, 64, "%s/traces.db", folder);
    import_text(path, "advice.json", advice);
}

static void imported_advice(void **state)
{
    (void)state;
    char path[64];
    char folder[40];
    import_advice(path, folder);
    char traces_set[160];
    snprintf(traces_set, sizeof traces_set, "traces=[\"%s\",{\"advisor\":\"advice\"}]", path);
    struct scenario s;
    struct trace_set traces;
    struct error err = {0};
    READ(&s, "from=2025-01-01", "to=2045-01-01", traces_set,
         "interruptions={\"source\":\"advisor\",\"advisor\":{\"trace\":\"advice\"}}");
    assert_int_equal(s.advisor.band_count, 1);
    assert_int_equal(s.advisor.bands[0].band, 3);
    assert_non_null(strstr(s.resolved.data, "\"advisor\":{\"bands\":{},\"trace\":\"advice\","));
    assert_non_null(strstr(s.resolved.data, "{\"advisor\":\"advice\"}]"));
    if (scenario_load_traces(&s, &traces, &err))
        fail_msg("%s", err.text);
    /* 0.21 less 65 % */
    assert_int_equal(traces.market_count, 1);
    assert_int_equal(traces.markets[0].step_count, 1);
    assert_int_equal(traces.markets[0].steps[0].micro_usd_per_hour, 73500);
    assert_true(has_note(&s, true, "less the 65 % that the Spot Advisor (advice)"));
    double found = hit_permille(&traces, &s);
    assert_true(found > 125 && found < 225);
    clean_up(&s, &traces);
    /* What the scenario says of a type itself wins, and another source's prices. */
    snprintf(traces_set, sizeof traces_set,
             "traces=[\"%s\",{\"advisor\":\"advice\"},{\"prices\":{\"us-east-1a/c3.xlarge\":"
             "[[\"2024-12-31\",0.05]]}}]",
             path);
    READ(&s, "from=2025-01-01", "to=2025-02-01", traces_set,
         "account.on_demand_failure_permille=100",
         "interruptions={\"source\":\"advisor\",\"advisor\":{\"trace\":\"advice\",\"bands\":{"
         "\"c3.xlarge\":\"<5%\"}}}");
    assert_int_equal(s.advisor.band_count, 2); /* and the backup's, whose launches can fail */
    assert_int_equal(s.advisor.bands[0].band, 0);
    assert_int_equal(s.advisor.bands[1].band, 4);
    assert_int_equal(scenario_load_traces(&s, &traces, &err), STATUS_OK);
    assert_int_equal(traces.markets[0].steps[0].micro_usd_per_hour, 50000);
    clean_up(&s, &traces);
    snprintf(traces_set, sizeof traces_set, "traces=[\"%s\",{\"advisor\":\"other\"}]", path);
    READ(&s, "interruptions.source=none", traces_set);
    assert_int_equal(scenario_load_traces(&s, &traces, &err), STATUS_BAD_INPUT);
    assert_non_null(strstr(err.text, "no prices of c3.xlarge"));
    scenario_clean_up(&s);
    unlink(path);
    rmdir(folder);
}

static void refusals(void **state)
{
    (void)state;
    static const struct refused_set cases[] = {
        {"interruptions.source=advisor", "the advisor's bands are not given"},
        {"interruptions={\"source\":\"advisor\",\"advisor\":{}}",
         "neither \"bands\" nor \"trace\""},
        {"interruptions={\"source\":\"advisor\",\"advisor\":{\"bands\":{\"c3.large\":\"<5%\"}}}",
         "no band of c3.xlarge"},
        {"interruptions={\"source\":\"advisor\",\"advisor\":{\"trace\":\"nosuch\"}}",
         "in imported Spot Advisor data \"nosuch\""},
        {"interruptions={\"source\":\"advisor\",\"advisor\":{\"bands\":{\"c3.xlarge\":\"6%\"}}}",
         "<5%"},
        {"interruptions={\"advisor\":{\"bands\":{},\"bunch_permil\":3}}",
         "did you mean \"bunch_permille\"?"},
        {"interruptions={\"advisor\":{\"bands\":{},\"bunch_permille\":9}}", "out of range"},
    };
    expect_refusals(cases, sizeof cases / sizeof *cases);
    struct scenario s;
    READ(&s, "interruptions={\"advisor\":{\"bands\":{\"c3.xlarge\":\"<5%\"}}}");
    assert_true(has_note(&s, true, "read only with interruptions.source \"advisor\""));
    scenario_clean_up(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bands_are_kept),  cmocka_unit_test(none_at_the_low_end_of_the_lowest_band),
        cmocka_unit_test(bunches),         cmocka_unit_test(by_seed_and_place_alone),
        cmocka_unit_test(imported_advice), cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
