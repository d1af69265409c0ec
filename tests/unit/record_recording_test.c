/* Recordings: written before acting and again after, each time decided once or missed. */
#include "record_fixture.h"

#include <sqlite3.h>
#include <unistd.h>

struct fixture {
    char path[64];
    struct results *results;
    struct recording_settings settings;
    struct recording *recording;
    struct controller *controller;
    struct account account;
};

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof *f);
    struct error err = {0};
    strcpy(f->path, "/tmp/ballast-recording-XXXXXX");
    close(mkstemp(f->path));
    const struct controller_guards none = {0};
    f->settings = usual_settings();
    f->controller = controller_new(&mixed, mixed_values, &none);
    f->account = account_usual();
    assert_int_equal(results_open(&f->results, f->path, true, &err), STATUS_OK);
    assert_int_equal(recording_open(&f->recording, f->results, &f->settings, &err), STATUS_OK);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    recording_close(f->recording);
    results_close(f->results);
    controller_destroy(f->controller);
    unlink(f->path);
    free(f);
    return 0;
}

/* The first column of the first row, by another connection: what is on the disk. */
static void expect(const struct fixture *f, const char *sql, const char *wanted)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open_v2(f->path, &database, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    const char *text = (const char *)sqlite3_column_text(statement, 0);
    assert_string_equal(text ? text : "NULL", wanted);
    sqlite3_finalize(statement);
    sqlite3_close(database);
}

static void evaluate_at(struct fixture *f, int64_t time_s, bool killed)
{
    struct error err = {0};
    f->account.now_s = time_s;
    assert_int_equal(evaluate(f->recording, f->controller, &f->account, killed, &err), STATUS_OK);
}

static void what_was_seen_decided_and_done_stands_in_it(void **state)
{
    struct fixture *f = *state;
    evaluate_at(f, T0 + 3, false);
    expect(f, "SELECT count(*) FROM evaluation", "1");
    expect(f, "SELECT due_s || ' ' || time_s FROM evaluation", "1425254400 1425254403");
    expect(f, "SELECT group_max || group_status || trigger || mode FROM evaluation",
           "20okscheduleapply");
    expect(f, "SELECT state_before FROM evaluation", "0000000000000000");
    expect(f, "SELECT length(state_after) FROM evaluation", "16");
    expect(f, "SELECT interruption_notices FROM evaluation", "NULL");
    expect(f, "SELECT group_concat(api) FROM evaluation_read",
           "GetMetricStatistics,DescribeSpotFleetRequests,DescribeClusters,"
           "DescribeSpotPriceHistory");
    expect(f, "SELECT answer FROM evaluation_read WHERE read=0",
           "[[1425254340,16.5],[1425254280,4]]");
    expect(f, "SELECT metric || statistic || period_s || (end_s-start_s) FROM evaluation_read",
           "PendingCapacityMaximum60600");
    expect(f, "SELECT answer FROM evaluation_read WHERE read=1",
           "{\"target\":32,\"fulfilled\":15.5,\"active\":true}");
    expect(f, "SELECT answer FROM evaluation_read WHERE read=3",
           "[[\"c3.xlarge\",\"us-east-1a\",1425254393,43210,1,null],"
           "[\"c3.xlarge\",\"us-east-1b\",1425254391,50000,1.5,3]]");
    expect(f, "SELECT parameters FROM recording", "{\"window_s\":600}");
}

static void an_error_is_kept_with_its_code(void **state)
{
    struct fixture *f = *state;
    f->account.status = BALLAST_ERROR;
    f->account.error_code = "Throttling";
    evaluate_at(f, T0, false);
    expect(f, "SELECT DISTINCT status || error || coalesce(answer,'') FROM evaluation_read",
           "errorThrottling");
    expect(f, "SELECT count(*) FROM evaluation_read WHERE answer IS NULL", "4");
}

/* Killed between the call and its record: the decision is there, its outcome unknown. */
static void an_intention_outlives_its_writer(void **state)
{
    struct fixture *f = *state;
    int64_t at = T0;
    while (f->account.calls == 0)
        evaluate_at(f, at += EVERY_S, true);
    expect(f, "SELECT group_concat(DISTINCT outcome) FROM evaluation WHERE action='set-desired'",
           "unknown");
    evaluate_at(f, at + EVERY_S, false);
    expect(f, "SELECT count(*) FROM missed", "0");
}

static void no_time_is_decided_twice(void **state)
{
    struct fixture *f = *state;
    struct error err = {0};
    bool decided = true;
    assert_int_equal(recording_decided(f->recording, T0, &decided, &err), STATUS_OK);
    assert_false(decided);
    evaluate_at(f, T0 + 1, false);
    assert_int_equal(recording_decided(f->recording, T0, &decided, &err), STATUS_OK);
    assert_true(decided);
    assert_int_equal(evaluate(f->recording, f->controller, &f->account, false, &err),
                     STATUS_FAILURE);
    expect(f, "SELECT count(*) FROM evaluation", "1");
    /* Nor under other settings. */
    struct recording_settings other = usual_settings();
    struct recording *recording = NULL;
    other.guards.max_step_instances = 1;
    assert_int_equal(recording_open(&recording, f->results, &other, &err), STATUS_OK);
    assert_int_equal(recording_decided(recording, T0, &decided, &err), STATUS_OK);
    assert_true(decided);
    recording_close(recording);
    other.fleet_id = "sfr-2";
    assert_int_equal(recording_open(&recording, f->results, &other, &err), STATUS_OK);
    assert_int_equal(recording_decided(recording, T0, &decided, &err), STATUS_OK);
    assert_false(decided);
    recording_close(recording);
}

static void what_was_passed_over_is_missed(void **state)
{
    struct fixture *f = *state;
    evaluate_at(f, T0, false);
    evaluate_at(f, T0 + EVERY_S, false);
    expect(f, "SELECT count(*) FROM missed", "0");
    evaluate_at(f, T0 + 5 * EVERY_S + 7, false);
    expect(f, "SELECT first_s || ' ' || last_s || ' ' || times FROM missed",
           "1425254520 1425254640 3");
}

static void the_same_settings_go_on_where_they_were(void **state)
{
    struct fixture *f = *state;
    struct error err = {0};
    evaluate_at(f, T0, false);
    recording_close(f->recording);
    assert_int_equal(recording_open(&f->recording, f->results, &f->settings, &err), STATUS_OK);
    evaluate_at(f, T0 + EVERY_S, false);
    expect(f, "SELECT count(*) FROM recording", "1");
    expect(f, "SELECT max(ordinal) FROM evaluation", "1");
}

static char *dump_of(struct results *results)
{
    char *text = NULL;
    size_t size = 0;
    struct error err = {0};
    FILE *out = open_memstream(&text, &size);
    assert_int_equal(results_dump(results, 0, out, &err), STATUS_OK);
    fclose(out);
    return text;
}

static void the_dump_tells_it(void **state)
{
    struct fixture *f = *state;
    evaluate_at(f, T0, false);
    evaluate_at(f, T0 + 3 * EVERY_S, false);
    char *text = dump_of(f->results);
    assert_non_null(strstr(text, "\nrecording|key="));
    assert_non_null(strstr(text, "\nmissed|first_s=1425254460|last_s=1425254520|times=2\n"));
    assert_non_null(strstr(text, "\nevaluation|ordinal=1|due_s=1425254580|"));
    assert_non_null(strstr(text, "\nevaluation_read|ordinal=1|read=3|api="));
    free(text);
}

/* A file that an older program made: read as it is, brought up when it is written to. */
static void files_of_version_1_are_brought_up(void **state)
{
    struct fixture *f = *state;
    struct error err = {0};
    recording_close(f->recording);
    f->recording = NULL;
    results_close(f->results);
    expect(f,
           "SELECT count(*) FROM sqlite_master WHERE name IN ('recording','missed','evaluation',"
           "'evaluation_read')",
           "4");
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(f->path, &database), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(database,
                     "DROP TABLE recording; DROP TABLE missed; DROP TABLE evaluation;"
                     "DROP TABLE evaluation_read; DROP TABLE rebalance; DROP TABLE watch;"
                     "DROP TABLE watch_pool; DROP TABLE watch_price;"
                     "DROP TABLE sweep; DROP TABLE sweep_point; DROP TABLE point;"
                     "DROP TABLE sweep_stopped; DROP TABLE sweep_traces; DROP TABLE tuning;"
                     "DROP TABLE watch_event; DROP TABLE watch_instance; DROP TABLE schedule;"
                     "PRAGMA user_version=1",
                     NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(database);
    assert_int_equal(results_open(&f->results, f->path, false, &err), STATUS_OK);
    char *text = dump_of(f->results);
    assert_string_equal(text, "ballast-dump|1\n");
    free(text);
    results_close(f->results);
    assert_int_equal(results_open(&f->results, f->path, true, &err), STATUS_OK);
    assert_int_equal(recording_open(&f->recording, f->results, &f->settings, &err), STATUS_OK);
    evaluate_at(f, T0, false);
    expect(f, "PRAGMA user_version", "9");
    expect(f, "SELECT count(*) FROM rebalance", "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        CASE(what_was_seen_decided_and_done_stands_in_it),
        CASE(an_error_is_kept_with_its_code),
        CASE(an_intention_outlives_its_writer),
        CASE(no_time_is_decided_twice),
        CASE(what_was_passed_over_is_missed),
        CASE(the_same_settings_go_on_where_they_were),
        CASE(the_dump_tells_it),
        CASE(files_of_version_1_are_brought_up),
#undef CASE
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
