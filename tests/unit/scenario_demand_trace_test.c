/* A demand from an imported series: moved in time, scaled, of requests.
 * Proves docs/model.md, "Demand". */
#include "scenario/demand_memory.h"
#include "scenario_fixture.h"
#include "traces_fixture.h"

/* Of one day: 60 for 6 h, 120 for 12 h, 180 for 6 h; their mean is 120. */
static const char day[] = "timestamp,value\n1998-06-10 00:00:00,60\n1998-06-10 06:00:00,120\n"
                          "1998-06-10 18:00:00,180\n1998-06-11 00:00:00,600\n";

static int read_demand_of(struct fixture *f, struct scenario *scenario, const char *demand)
{
    char traces[1024];
    char value[1024];
    snprintf(traces, sizeof traces, "traces=[\"%s\",{\"prices\":{" MARKET("us-east-1a") "}}]",
             f->path);
    snprintf(value, sizeof value, "demand=%s", demand);
    const char *sets[] = {traces, value};
    return read_with(scenario, sets, 2, NULL, &f->err);
}

/* The demand's steps as "hour:units ..." from the run's beginning. */
static const char *steps_of(struct fixture *f, const char *demand)
{
    static char text[512];
    struct scenario scenario;
    int status = read_demand_of(f, &scenario, demand);
    if (status)
        print_error("%s\n", f->err.text);
    assert_int_equal(status, STATUS_OK);
    size_t length = 0;
    for (size_t i = 0; i < scenario.demand_count; i++) {
        char units[DECIMAL_TEXT_SIZE];
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%lld:%s", i ? " " : "",
                                   (long long)(scenario.demand[i].time_s - scenario.from_s) / 3600,
                                   decimal_format(scenario.demand[i].required_micro, units));
    }
    scenario_clean_up(&scenario);
    return text;
}

#define MOVED "{\"trace\":\"day\",\"starts_at\":\"1998-06-10\""

static void moved_and_scaled(void **state)
{
    struct fixture *f = *state;
    imports(f, "day.csv", day, 4, 0, 0);
    assert_string_equal(steps_of(f, MOVED "}"), "0:60 6:120 18:180");
    assert_string_equal(steps_of(f, "{\"trace\":\"day\",\"starts_at\":\"1998-06-10T06:00:00Z\"}"),
                        "0:120 12:180 18:600");
    assert_string_equal(steps_of(f, MOVED ",\"scale_to_mean\":40}"), "0:20 6:40 18:60");
    assert_string_equal(steps_of(f, MOVED ",\"scale_to_mean\":7}"), "0:3.5 6:7 18:10.5");
    assert_string_equal(steps_of(f, MOVED ",\"multiply\":0.1}"), "0:6 6:12 18:18");
}

/* What is no millionth is raised to one: a demand is never made easier. */
static void rounded_up(void **state)
{
    struct fixture *f = *state;
    imports(f, "day.csv", day, 4, 0, 0);
    assert_string_equal(steps_of(f, MOVED ",\"scale_to_mean\":0.000003}"),
                        "0:0.000002 6:0.000003 18:0.000005");
}

static void requests(void **state)
{
    struct fixture *f = *state;
    imports(f, "day.csv", day, 4, 0, 0);
    /* 60, 120 and 180 a minute are 1, 2 and 3 a second; a unit serves 0.4 of them. */
    assert_string_equal(steps_of(f, MOVED ",\"requests_per_s_per_unit\":0.4,\"every_s\":60}"),
                        "0:2.5 6:5 18:7.5");
}

static void refusals(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *demand, *words;
    } cases[] = {
        {MOVED ",\"multiply\":2,\"scale_to_mean\":3}", "more than one of"},
        {MOVED ",\"requests_per_s_per_unit\":1}", "no \"every_s\""},
        {MOVED ",\"every_s\":60}", "only goes with"},
        {MOVED ",\"requests_per_s_per_task\":1,\"every_s\":60}", "units are asked for here"},
        {MOVED ",\"multiply\":10000}", "exceeds 100000 units"},
        {MOVED ",\"as\":\"units\"}", "unknown key \"as\""},
        {"{\"trace\":\"day\",\"starts_at\":\"1998-06-09T12:00:00Z\"}",
         "choose a later \"starts_at\""},
        {"{\"trace\":\"zero\",\"scale_to_mean\":3}", "has no mean to scale"},
        {"{\"trace\":\"none\"}", "no demand series"},
    };
    imports(f, "day.csv", day, 4, 0, 0);
    imports(f, "zero.csv", "time,value\n2015-01-01,0\n", 1, 0, 0);
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct scenario scenario;
        assert_int_equal(read_demand_of(f, &scenario, cases[i].demand), STATUS_BAD_INPUT);
        if (!strstr(f->err.text, cases[i].words))
            print_error("\"%s\" is not in: %s\n", cases[i].words, f->err.text);
        assert_non_null(strstr(f->err.text, cases[i].words));
    }
}

static void a_gap_and_the_end_are_told(void **state)
{
    struct fixture *f = *state;
    struct scenario scenario;
    imports(f, "gap.csv",
            "time,value\n2015-03-12T00:00:00Z,1\n2015-03-12T01:00:00Z,2\n2015-03-12T02:00:00Z,3\n"
            "2015-03-12T05:00:00Z,4\n2015-03-12T06:00:00Z,5\n",
            5, 0, 0);
    assert_int_equal(read_demand_of(f, &scenario, "{\"trace\":\"gap\"}"), STATUS_OK);
    bool gap = false;
    bool end = false;
    for (size_t i = 0; i < scenario.note_count; i++) {
        gap =
            gap || strstr(scenario.notes[i].text,
                          "\"gap\" has gaps (1), the longest of 10800 s from 2015-03-12T02:00:00Z");
        end = end ||
              strstr(scenario.notes[i].text, "\"gap\" has its last value at 2015-03-12T06:00:00Z");
    }
    assert_true(gap);
    assert_true(end);
    scenario_clean_up(&scenario);
}

/* The resolved scenario says the same again. */
static void resolved(void **state)
{
    struct fixture *f = *state;
    struct scenario scenario;
    imports(f, "day.csv", day, 4, 0, 0);
    assert_int_equal(read_demand_of(f, &scenario, MOVED ",\"scale_to_mean\":40}"), STATUS_OK);
    assert_non_null(strstr(scenario.resolved.data,
                           "{\"trace\":\"day\",\"starts_at\":\"1998-06-10T00:00:00Z\","
                           "\"scale_to_mean\":40}"));
    scenario_clean_up(&scenario);
}

/* A series is kept as it was read, each span of it apart, and only so many. */
static void a_memory_answers_as_the_database_does(void **state)
{
    struct fixture *f = *state;
    struct demand_memory *memory = demand_memory_new();
    int64_t begin_s = at("1998-06-10T00:00:00Z");
    imports(f, "day.csv", day, 4, 0, 0);
    for (int round = 0; round < 3; round++) {
        for (int hour = 0; hour < 20; hour++) {
            struct demand_step *plain = NULL;
            struct demand_step *kept = NULL;
            size_t plain_count = 0;
            size_t kept_count = 0;
            int64_t from_s = begin_s + hour * (int64_t)3600;
            bool stays = true;
            assert_int_equal(trace_demand(f->path, "day", from_s, from_s + 3 * 3600, &plain,
                                          &plain_count, &f->err),
                             STATUS_OK);
            assert_int_equal(demand_memory_read(memory, f->path, "day", from_s, from_s + 3 * 3600,
                                                &kept, &kept_count, &stays, &f->err),
                             STATUS_OK);
            assert_int_equal(stays, hour < 8);
            assert_int_equal(kept_count, plain_count);
            assert_memory_equal(kept, plain, plain_count * sizeof *plain);
            free(plain);
            free(kept);
        }
    }
    /* the last one is known without the database, another is not */
    assert_int_equal(unlink(f->path), 0);
    struct demand_step *steps = NULL;
    size_t count = 0;
    bool stays = true;
    int64_t from_s = begin_s + 19 * (int64_t)3600;
    assert_int_equal(demand_memory_read(memory, f->path, "day", from_s, from_s + 3 * 3600, &steps,
                                        &count, &stays, &f->err),
                     STATUS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(steps[0].required_micro, 180 * (int64_t)MICRO);
    free(steps);
    assert_int_not_equal(demand_memory_read(memory, f->path, "day", from_s, from_s + 60, &steps,
                                            &count, &stays, &f->err),
                         STATUS_OK);
    demand_memory_free(memory);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        CASE(moved_and_scaled),
        CASE(rounded_up),
        CASE(requests),
        CASE(refusals),
        CASE(a_gap_and_the_end_are_told),
        CASE(resolved),
        CASE(a_memory_answers_as_the_database_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
