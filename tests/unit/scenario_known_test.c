/* A run stays within what imported files know of its places.
 * Proves docs/model.md, "Lack of capacity". */
#include "scenario_fixture.h"
#include "traces_fixture.h"

#define SERIES(data) "{\"metadata\": {\"gap_seconds\": 3600}, \"data\": [" data "]}"
#define DAY          "4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,4,"

static void import_series(struct fixture *f, const char *data, const char *start,
                          const char *polarity, const char *provider)
{
    const struct import_options options = {
        .stated[FACT_ZONE] = "us-east-1a",
        .stated[FACT_TYPE] = "c3.xlarge",
        .stated[FACT_START] = start,
        .stated[FACT_POLARITY] = polarity,
        .stated[FACT_PROBED] = "8",
        .stated[FACT_PROVIDER] = provider,
    };
    assert_int_equal(import_path(f, file_of(f, "a.json", data), options), STATUS_OK);
}

/* Load the base scenario's traces with the database before them; true if it was not refused. */
static bool loads(struct fixture *f, const char *source, struct scenario *scenario,
                  struct trace_set *set)
{
    char traces[1024];
    char interruptions[64];
    snprintf(traces, sizeof traces, "traces=[\"%s\",{\"prices\":{" MARKET("us-east-1a") "}}]",
             f->path);
    snprintf(interruptions, sizeof interruptions, "interruptions.source=%s", source);
    const char *sets[] = {traces, interruptions};
    f->err = (struct error){0};
    int status = read_with(scenario, sets, 2, NULL, &f->err);
    if (status)
        print_error("%s\n", f->err.text);
    assert_int_equal(status, STATUS_OK);
    status = scenario_load_traces(scenario, set, &f->err);
    assert_true(status == STATUS_OK || status == STATUS_BAD_INPUT);
    return !status;
}

static bool notes(const struct scenario *scenario, const char *words)
{
    for (size_t i = 0; i < scenario->note_count; i++) {
        if (strstr(scenario->notes[i].text, words))
            return true;
    }
    return false;
}

static void refused_beyond_the_end(void **state)
{
    struct fixture *f = *state;
    struct scenario scenario;
    struct trace_set set;
    import_series(f, SERIES(DAY "4"), "2015-03-11T23:59:59Z", "available", NULL);
    assert_false(loads(f, "trace", &scenario, &set));
    assert_non_null(strstr(f->err.text, "how many instances can run of c3.xlarge in us-east-1a at "
                                        "2015-03-12T23:59:59Z"));
    scenario_clean_up(&scenario);
    /* Without interruptions limits do not count either. */
    assert_true(loads(f, "none", &scenario, &set));
    trace_set_clean_up(&set);
    scenario_clean_up(&scenario);
    /* What comes right after it is joined to it. */
    import_series(f, SERIES("5"), "2015-03-12T23:59:59Z", "available", NULL);
    assert_true(loads(f, "trace", &scenario, &set));
    assert_int_equal(set.capacity_count, 2);
    trace_set_clean_up(&set);
    scenario_clean_up(&scenario);
}

static void refused_before_the_begin(void **state)
{
    struct fixture *f = *state;
    struct scenario scenario;
    struct trace_set set;
    import_series(f, SERIES(DAY "4,4"), "2015-03-12T00:00:01Z", "up", NULL);
    assert_false(loads(f, "trace", &scenario, &set));
    assert_non_null(strstr(f->err.text, "which instances were interrupted of c3.xlarge in "
                                        "us-east-1a at 2015-03-12T00:00:00Z"));
    scenario_clean_up(&scenario);
}

static void another_cloud_is_told(void **state)
{
    struct fixture *f = *state;
    struct scenario scenario;
    struct trace_set set;
    import_series(f, SERIES(DAY "3"), "2015-03-12T00:00:00Z", "up", "gcp");
    assert_true(loads(f, "trace", &scenario, &set));
    assert_int_equal(set.interruption_count, 1);
    assert_int_equal(set.interruptions[0].of, 4);
    assert_true(notes(&scenario, "recorded at gcp, not at AWS"));
    trace_set_clean_up(&set);
    scenario_clean_up(&scenario);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        CASE(refused_beyond_the_end),
        CASE(refused_before_the_begin),
        CASE(another_cloud_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
