/* A recording as traces: what is taken of it, once each, and what is believed. */
#include "record_fixture.h"

#include "record/recording_trace.h"
#include "record/watched.h"
#include "record/watched_life.h"

#include <sqlite3.h>
#include <unistd.h>

struct fixture {
    char path[64];
    char traces[80];
    struct results *results;
    struct recording *recording;
    struct recording_settings settings;
    struct controller *controller;
    struct account account;
    sqlite3 *database;
};

static const struct ballast_policy *const policies[] = {&mixed, NULL};

/* The policy of the fixture, but that it looks at the fleet's target by its metric only. */
static const struct ballast_read metric_reads[] = {{.kind = BALLAST_READ_METRIC,
                                                    .metric = "TargetCapacity",
                                                    .period_s = 60,
                                                    .lookback_parameter = BALLAST_PARAMETER(0)}};
static struct ballast_policy by_metric;

static void begin(struct fixture *f, const struct ballast_policy *policy)
{
    struct error err = {0};
    const struct controller_guards none = {0};
    strcpy(f->path, "/tmp/ballast-trace-XXXXXX");
    close(mkstemp(f->path));
    snprintf(f->traces, sizeof f->traces, "%s.traces", f->path);
    f->settings = usual_settings();
    f->settings.policy = policy;
    f->controller = controller_new(policy, mixed_values, &none);
    f->account = account_usual();
    assert_int_equal(results_open(&f->results, f->path, true, &err), STATUS_OK);
    assert_int_equal(recording_open(&f->recording, f->results, &f->settings, &err), STATUS_OK);
    assert_int_equal(trace_database_open(&f->database, f->traces, true, &err), STATUS_OK);
}

static void end(struct fixture *f)
{
    sqlite3_close(f->database);
    recording_close(f->recording);
    results_close(f->results);
    controller_destroy(f->controller);
    unlink(f->path);
    unlink(f->traces);
}

static void evaluate_at(struct fixture *f, int64_t time_s)
{
    struct error err = {0};
    f->account.now_s = time_s;
    assert_int_equal(evaluate(f->recording, f->controller, &f->account, false, &err), STATUS_OK);
}

static struct import_report import(struct fixture *f)
{
    struct error err = {0};
    struct import_report report;
    const struct recorded_choice choice = {.policies = policies};
    const struct import_options options = {.stated[FACT_DEMAND_NAME] = "d"};
    assert_true(recording_file_is(f->path));
    assert_false(recording_file_is(f->traces));
    if (recording_import(f->database, f->traces, f->path, &choice, &options, &report, &err))
        fail_msg("%s", err.text);
    return report;
}

static void expect(const struct fixture *f, const char *sql, const char *wanted)
{
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(f->database, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(statement, 0), wanted);
    sqlite3_finalize(statement);
}

static void targets_of_the_fleet_and_prices_are_taken(void **state)
{
    struct fixture f = {0};
    (void)state;
    begin(&f, &mixed);
    evaluate_at(&f, T0 + 1);
    f.account.fleet.target_micro = 40500000;
    f.account.prices[1].time_s = T0 + 61;
    f.account.prices[1].micro_usd_per_hour = 51000;
    evaluate_at(&f, T0 + 62);
    f.account.status = BALLAST_ERROR;
    f.account.error_code = "Throttling";
    evaluate_at(&f, T0 + 120);
    struct import_report report = import(&f);
    assert_int_equal(report.taken, 2 + 3);
    assert_int_equal(report.refused, 0);
    expect(&f, "SELECT group_concat(time_s || ':' || required_micro) FROM demand WHERE name='d'",
           "1425254401:32000000,1425254462:40500000");
    expect(&f,
           "SELECT group_concat(zone || (time_s-1425254400) || ':' || micro_usd_per_hour) FROM"
           " price JOIN market USING(market)",
           "us-east-1a-7:43210,us-east-1b-9:50000,us-east-1b61:51000");
    assert_true(import(&f).known);
    end(&f);
}

/* The later answer of a stamp is believed. */
static void points_of_the_target_are_taken(void **state)
{
    struct fixture f = {0};
    (void)state;
    by_metric = mixed;
    by_metric.reads = metric_reads;
    by_metric.read_count = 1;
    begin(&f, &by_metric);
    evaluate_at(&f, T0);
    f.account.points[0].value_micro = 17000000;
    f.account.points[1] = (struct ballast_point){T0, INT64_C(100001) * MICRO};
    evaluate_at(&f, T0 + 60);
    struct import_report report = import(&f);
    assert_int_equal(report.refused, 1);
    expect(&f, "SELECT group_concat(time_s || ':' || required_micro) FROM demand",
           "1425254280:4000000,1425254340:17000000");
    end(&f);
}

static void event(struct fixture *f, int64_t time_s, const char *sub_type, const char *instance)
{
    struct error err = {0};
    const struct watched_event told = {time_s, "instanceChange", sub_type, instance, "", ""};
    assert_int_equal(watched_event(f->recording, &told, &err), STATUS_OK);
}

static void watch(struct fixture *f, int64_t time_s, int64_t since_s)
{
    struct error err = {0};
    assert_int_equal(watched_begin(f->recording, time_s, since_s, &err), STATUS_OK);
}

static void lives_of_instances(void **state)
{
    struct fixture f = {0};
    struct error err = {0};
    (void)state;
    begin(&f, &mixed);
    watch(&f, T0 + 300, T0);
    assert_int_equal(watched_instance(f.recording, "i-old", "us-east-1a", "c3.xlarge", &err),
                     STATUS_OK);
    assert_int_equal(watched_instance(f.recording, "i-lost", "us-east-1b", "c3.xlarge", &err),
                     STATUS_OK);
    event(&f, T0 + 10, "launched", "i-lost");
    event(&f, T0 + 20, "launched", "i-spare");
    event(&f, T0 + 200, "terminated", "i-lost");
    assert_int_equal(watched_end(f.recording, STATUS_OK, &err), STATUS_OK);
    watch(&f, T0 + 600, T0 + 300);
    event(&f, T0 + 400, "termination_notified", "i-spare");
    event(&f, T0 + 520, "terminated", "i-spare");
    assert_int_equal(watched_end(f.recording, STATUS_OK, &err), STATUS_OK);
    watch(&f, T0 + 5000, T0 + 4900);
    assert_int_equal(watched_end(f.recording, STATUS_OK, &err), STATUS_OK);

    char numbers[32];
    struct watched_life *lives = NULL;
    size_t count = 0;
    snprintf(numbers, sizeof numbers, "%lld", (long long)recording_number(f.recording));
    assert_int_equal(watched_lives(f.results, numbers, &lives, &count, &err), STATUS_OK);
    assert_int_equal(count, 3);
    assert_string_equal(lives[0].instance, "i-old");
    assert_int_equal(lives[0].launched_s, RECORD_NEVER);
    assert_int_equal(lives[0].ended_s, RECORD_NEVER);
    assert_string_equal(lives[1].instance, "i-lost");
    assert_string_equal(lives[1].zone, "us-east-1b");
    assert_int_equal(lives[1].launched_s, T0 + 10);
    assert_int_equal(lives[1].ended_s, T0 + 200);
    assert_true(lives[1].interrupted);
    assert_string_equal(lives[2].instance, "i-spare");
    assert_string_equal(lives[2].zone, "");
    assert_int_equal(lives[2].ended_s, T0 + 520);
    assert_false(lives[2].interrupted);
    free(lives);
    int64_t from_s = 0;
    int64_t to_s = 0;
    int64_t gaps = 0;
    assert_int_equal(watched_span(f.results, numbers, &from_s, &to_s, &gaps, &err), STATUS_OK);
    assert_int_equal(from_s, T0);
    assert_int_equal(to_s, T0 + 570);
    assert_int_equal(gaps, 1);
    evaluate_at(&f, T0 + 5000);
    import(&f);
    expect(&f, "SELECT group_concat((time_s-1425254400) || zone || instances) FROM interruption",
           "80us-east-1b1");
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_of_the_fleet_and_prices_are_taken),
        cmocka_unit_test(points_of_the_target_are_taken),
        cmocka_unit_test(lives_of_instances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
