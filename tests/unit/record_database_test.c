/* The results database: one transaction a run, nothing lost, the same dump whatever the order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "policy/builtin.h"
#include "record/database.h"
#include "valgrind.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { T0 = 1425254400 };

struct fixture {
    char folder[64];
    char path[96];
};

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof *f);
    snprintf(f->folder, sizeof f->folder, "/tmp/ballast-test-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof f->path, "%s/results.db", f->folder);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char *command = memory_format("rm -rf '%s'", f->folder);
    int status = system(command);
    free(command);
    free(f);
    return status;
}

static struct run_identity identity(const char *name, uint64_t seed)
{
    return (struct run_identity){.name = name,
                                 .scenario_json = name,
                                 .policy = "pending-capacity",
                                 .trace_hash = "abc",
                                 .demand_hash = "def",
                                 .version = "0.1.0",
                                 .seed = seed,
                                 .from_s = T0,
                                 .to_s = T0 + 3600,
                                 .synthetic = true,
                                 .interruptions = "price",
                                 .folder = "/somewhere",
                                 .commit = "0123456789ab"};
}

static int tell(const struct record_sink *sink)
{
    const struct record_capacity capacity = {.time_s = T0 + 60,
                                             .required_micro = 32 * (int64_t)MICRO,
                                             .spot_up_micro = 2500000,
                                             .on_demand_up_micro = 4 * (int64_t)MICRO,
                                             .fleet_target_micro = 32 * (int64_t)MICRO,
                                             .fleet_fulfilled_micro = 2500000,
                                             .group_desired = 8,
                                             .group_running = 1};
    int status = sink->capacity(&capacity, sink->context);
    const struct record_instance instance = {.instance = 1,
                                             .kind = RECORD_SPOT,
                                             .instance_type = "c3.xlarge",
                                             .zone = "us-east-1a",
                                             .weight_micro = 2500000,
                                             .slot = 0,
                                             .requested_s = T0,
                                             .running_s = T0 + 30,
                                             .joined_s = T0 + 60,
                                             .notice_s = T0 + 1000,
                                             .ended_s = RECORD_NEVER,
                                             .end = END_STILL_RUNNING,
                                             .cost_micro_usd_s = 252000 * (int128)3600};
    if (!status)
        status = sink->instance(&instance, sink->context);
    const struct record_interruption interruption = {
        .instance = 1, .notice_s = T0 + 1000, .ended_s = RECORD_NEVER, .cause = END_PRICE};
    if (!status)
        status = sink->interruption(&interruption, sink->context);
    const struct record_rebalance rebalance = {
        .instance = 1, .recommended_s = T0 + 500, .released_s = RECORD_NEVER, .replacement = true};
    if (!status)
        status = sink->rebalance(&rebalance, sink->context);
    return status;
}

/* Two decisions: a hold at T0+30..T0+90, then SetDesiredCapacity(8) at T0+150. */
static int decide(const struct record_sink *sink)
{
    uint32_t scale_out = 0;
    while (strcmp(policy_pending_capacity.reasons[scale_out].name, "scale-out") != 0)
        scale_out++;
    const struct record_decision hold = {.ordinal = 0,
                                         .first_s = T0 + 30,
                                         .last_s = T0 + 90,
                                         .evaluations = 2,
                                         .desired_before = BALLAST_UNKNOWN};
    const struct record_decision set = {.ordinal = 2,
                                        .first_s = T0 + 150,
                                        .last_s = T0 + 150,
                                        .evaluations = 1,
                                        .trigger = BALLAST_ALARM,
                                        .decision = {.action = BALLAST_SET_DESIRED,
                                                     .desired_capacity = 9,
                                                     .reason = scale_out,
                                                     .figures = {32 * (int64_t)MICRO, 8, 0}},
                                        .guard = GUARD_MAX_STEP,
                                        .action = BALLAST_SET_DESIRED,
                                        .desired_capacity = 8,
                                        .outcome = CLOUD_ACCEPTED};
    int status = sink->decision(&hold, sink->context);
    return status ? status : sink->decision(&set, sink->context);
}

static struct figures some_figures(void)
{
    struct figures figures = {0};
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        figures.known[i] = true;
        figures.value[i] = (int128)i * MICRO + 500000;
    }
    figures.known[FIGURE_cost_lower_bound_micro_usd] = false;
    return figures;
}

static struct results *open_database(const char *path, bool for_writing)
{
    struct results *results = NULL;
    struct error err = {0};
    if (results_open(&results, path, for_writing, &err))
        fail_msg("%s", err.text);
    return results;
}

/* Record one whole run; returns its number. */
static int64_t record(const char *path, const char *name, uint64_t seed, bool *out_known)
{
    struct results *results = open_database(path, true);
    struct error err = {0};
    const struct run_identity id = identity(name, seed);
    int64_t run = 0;
    assert_int_equal(results_begin(results, &id, &run, out_known, &err), STATUS_OK);
    if (!*out_known) {
        const struct record_sink sink = results_sink(results, &policy_pending_capacity);
        assert_int_equal(tell(&sink), STATUS_OK);
        assert_int_equal(decide(&sink), STATUS_OK);
        const struct figures figures = some_figures();
        assert_int_equal(results_end(results, &figures, STATUS_OK, &err), STATUS_OK);
    }
    results_close(results);
    return run;
}

static char *dump(const char *path, int64_t run)
{
    struct results *results = open_database(path, false);
    struct error err = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_int_equal(results_dump(results, run, out, &err), STATUS_OK);
    fclose(out);
    results_close(results);
    return text;
}

static void open_fails(const char *path, bool for_writing, int status, const char *words)
{
    struct results *results = NULL;
    struct error err = {0};
    int got = results_open(&results, path, for_writing, &err);
    if (got == STATUS_OK) {
        /* What only a write finds out. */
        const struct run_identity id = identity("x", 1);
        int64_t run;
        bool known;
        got = results_begin(results, &id, &run, &known, &err);
        results_close(results);
    }
    assert_int_equal(got, status);
    assert_non_null(strstr(err.text, words));
    assert_null(strchr(err.text, '\n'));
}

static void execute(const char *path, const char *sql)
{
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

/* The first column of the first row, as text. */
static char *query(const char *path, const char *sql)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    const char *text = (const char *)sqlite3_column_text(statement, 0);
    char *copy = memory_copy_text(text ? text : "NULL");
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return copy;
}

static void expect(const char *path, const char *sql, const char *expected)
{
    char *value = query(path, sql);
    assert_string_equal(value, expected);
    free(value);
}

static void a_run_is_found_again_as_it_was_told(void **state)
{
    struct fixture *f = *state;
    bool known = true;
    assert_int_equal(record(f->path, "a", UINT64_MAX, &known), 1);
    assert_false(known);
    expect(f->path, "SELECT cost_spot_micro_usd FROM run", "500000");
    expect(f->path, "SELECT cost_lower_bound_micro_usd IS NULL FROM run", "1");
    expect(f->path, "SELECT capacity_worst_shortfall_units > 16 FROM run", "1");
    expect(f->path, "SELECT required_units + spot_up_units FROM capacity_change", "34.5");
    expect(f->path, "SELECT cost_micro_usd_s FROM instance", "907200000");
    expect(f->path, "SELECT ended_s IS NULL FROM instance", "1");
    expect(f->path, "SELECT cause FROM interruption", "price");
    expect(f->path, "SELECT desired_before IS NULL FROM decision WHERE ordinal=0", "1");
    expect(f->path, "SELECT words FROM decision WHERE ordinal=2",
           "32 units pending need 8 instances, the group wants 0: more at once");
    expect(f->path,
           "SELECT policy_desired_capacity || '>' || desired_capacity FROM decision"
           " WHERE ordinal=2",
           "9>8");
    expect(f->path, "SELECT figures FROM decision WHERE ordinal=2", "[32000000,8,0,0,0,0]");
    expect(f->path, "SELECT seed FROM provenance", "18446744073709551615");
    expect(f->path, "SELECT group_concat(DISTINCT synthetic) FROM provenance", "1");
}

/* One column for each figure: its name with an underscore for the dot. */
static void every_figure_has_its_column(void **state)
{
    struct fixture *f = *state;
    bool known;
    record(f->path, "a", 1, &known);
    const struct figures figures = some_figures();
    for (int i = 0; i < FIGURE_COUNT_OF_ALL; i++) {
        char expected[DECIMAL_TEXT_SIZE];
        figure_format(&figures, (enum figure)i, expected);
        char *sql = memory_format("SELECT %s FROM run", figure_descriptions[i].column);
        expect(f->path, sql, figures.known[i] ? expected : "NULL");
        free(sql);
    }
}

static void the_same_key_again_changes_nothing(void **state)
{
    struct fixture *f = *state;
    bool known;
    record(f->path, "a", 1, &known);
    char *before = dump(f->path, 0);
    assert_int_equal(record(f->path, "b", 1, &known), 2);
    assert_int_equal(record(f->path, "a", 1, &known), 1);
    assert_true(known);
    expect(f->path, "SELECT count(*) FROM run", "2");
    char *after = dump(f->path, 1);
    assert_string_equal(before, after);
    free(before);
    free(after);
}

/* Whatever can change a result changes the key; where it was run does not. */
static void keys_tell_runs_apart(void **state)
{
    (void)state;
    struct run_identity ids[8];
    for (size_t i = 0; i < ARRAY_LENGTH(ids); i++)
        ids[i] = identity("a", 1);
    ids[1].scenario_json = "b";
    ids[2].policy = "none";
    ids[3].trace_hash = "abd";
    ids[4].version = "0.1.1";
    ids[5].scenario_json = "apending-capacity"; /* no running together of neighbours */
    ids[5].policy = "";
    ids[6].demand_hash = "dee";
    char keys[ARRAY_LENGTH(ids)][HASH_TEXT_SIZE];
    for (size_t i = 0; i < 7; i++) {
        results_key(&ids[i], keys[i]);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(keys[i], keys[j]);
    }
    ids[7].folder = "/elsewhere";
    ids[7].commit = "fedcba987654";
    results_key(&ids[7], keys[7]);
    assert_string_equal(keys[7], keys[0]);
}

static void the_dump_does_not_depend_on_the_order(void **state)
{
    struct fixture *f = *state;
    char *other = memory_format("%s/other.db", f->folder);
    bool known;
    record(f->path, "a", 1, &known);
    record(f->path, "b", 1, &known);
    record(f->path, "c", 1, &known);
    record(other, "c", 1, &known);
    record(other, "a", 1, &known);
    record(other, "b", 1, &known);
    char *first = dump(f->path, 0);
    char *second = dump(other, 0);
    assert_string_equal(first, second);
    assert_null(strstr(first, "somewhere"));
    assert_null(strstr(first, "0123456789ab"));
    free(first);
    free(second);
    free(other);
}

static void a_run_that_failed_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    bool known;
    record(f->path, "a", 1, &known);
    char *before = dump(f->path, 0);
    struct results *results = open_database(f->path, true);
    struct error err = {0};
    const struct run_identity id = identity("b", 1);
    int64_t run = 0;
    assert_int_equal(results_begin(results, &id, &run, &known, &err), STATUS_OK);
    const struct record_sink sink = results_sink(results, &policy_pending_capacity);
    tell(&sink);
    error_set(&err, STATUS_FAILURE, "the simulation stopped");
    assert_int_equal(results_end(results, NULL, STATUS_FAILURE, &err), STATUS_FAILURE);
    assert_string_equal(err.text, "the simulation stopped");
    results_close(results);
    char *after = dump(f->path, 0);
    assert_string_equal(before, after);
    free(before);
    free(after);
    /* The same database goes on recording. */
    assert_int_equal(record(f->path, "b", 1, &known), 2);
    assert_false(known);
}

/* The process is killed in the middle of a run: what was there before stays, nothing else does. */
static void a_killed_run_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    bool known;
    record(f->path, "a", 1, &known);
    char *before = dump(f->path, 0);
    pid_t child = fork();
    if (child == 0) {
        struct results *results = open_database(f->path, true);
        const struct run_identity id = identity("b", 1);
        int64_t run;
        results_begin(results, &id, &run, &known, NULL);
        struct record_sink sink = results_sink(results, &policy_pending_capacity);
        tell(&sink);
        /* More than the page cache holds, so that the file itself has been touched. */
        struct record_capacity capacity = {0};
        const int64_t end_s = T0 + (under_valgrind() ? 3000 : 200000);
        for (capacity.time_s = T0 + 1000; capacity.time_s < end_s; capacity.time_s++)
            sink.capacity(&capacity, sink.context);
        kill(getpid(), SIGKILL);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    char *after = dump(f->path, 0);
    assert_string_equal(before, after);
    free(before);
    free(after);
    assert_int_equal(record(f->path, "b", 1, &known), 2);
}

/* In a child whose files cannot grow beyond 256 KiB: record until that stops it. Returns the exit
 * code: what results_end said, or 99 if the words or the sink's status were wrong. */
static int record_on_full_disk(const char *path)
{
    const struct rlimit limit = {256 << 10, 256 << 10};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    struct results *results = open_database(path, true);
    struct error err = {0};
    const struct run_identity id = identity("b", 1);
    int64_t run;
    bool known;
    results_begin(results, &id, &run, &known, &err);
    const struct record_sink sink = results_sink(results, &policy_pending_capacity);
    struct record_capacity capacity = {.time_s = T0};
    int status = STATUS_OK;
    for (; !status && capacity.time_s < T0 + 500000; capacity.time_s++)
        status = sink.capacity(&capacity, sink.context);
    if (status != STATUS_FAILURE)
        return 99;
    const struct figures figures = some_figures();
    status = results_end(results, &figures, status, &err);
    results_close(results);
    return strncmp(err.text, path, strlen(path)) == 0 ? status : 99;
}

static void a_full_disk_loses_nothing_that_was_recorded(void **state)
{
    struct fixture *f = *state;
    bool known;
    record(f->path, "a", 1, &known);
    char *before = dump(f->path, 0);
    pid_t child = fork();
    if (child == 0) {
        int code = record_on_full_disk(f->path);
        free(before); /* a leak checker looks at the child too */
        _exit(code);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), STATUS_FAILURE);
    char *after = dump(f->path, 0);
    assert_string_equal(before, after);
    free(before);
    free(after);
    assert_int_equal(record(f->path, "b", 1, &known), 2);
}

static void figures_of_another_build_are_told(void **state)
{
    struct fixture *f = *state;
    bool known;
    record(f->path, "a", 1, &known);
    struct results *results = open_database(f->path, false);
    struct error err = {0};
    struct figures figures = some_figures();
    assert_int_equal(results_check_figures(results, 1, &figures, &err), STATUS_OK);
    figures.known[FIGURE_cost_lower_bound_micro_usd] = true;
    assert_int_equal(results_check_figures(results, 1, &figures, &err), STATUS_CHECK_FAILED);
    assert_non_null(strstr(err.text, "without its bounds"));
    figures.value[FIGURE_events_evaluations]++;
    assert_int_equal(results_check_figures(results, 1, &figures, &err), STATUS_CHECK_FAILED);
    assert_non_null(strstr(err.text, "0123456789ab"));
    int64_t time_s = 0;
    bool found = false;
    assert_int_equal(results_first_call(results, 1, &time_s, &found, &err), STATUS_OK);
    assert_true(found);
    assert_int_equal(time_s, T0 + 150);
    results_close(results);
}

static void what_is_no_results_database_is_refused_in_one_line(void **state)
{
    struct fixture *f = *state;
    char *path = memory_format("%s/other", f->folder);
    open_fails(f->folder, true, STATUS_BAD_INPUT, "directory");
    open_fails(path, false, STATUS_BAD_INPUT, "no such");
    FILE *file = fopen(path, "w");
    for (int i = 0; i < 1000; i++)
        fputs("this is a letter, not a database\n", file);
    fclose(file);
    open_fails(path, true, STATUS_BAD_INPUT, "not a database");
    remove(path);
    execute(path, "CREATE TABLE run(x); PRAGMA application_id=77");
    open_fails(path, true, STATUS_BAD_INPUT, "not a results database");
    remove(path);
    char *beyond = memory_format("%s/no/such/results.db", f->folder);
    open_fails(beyond, true, STATUS_BAD_INPUT, "there is no folder");
    open_fails("", true, STATUS_BAD_INPUT, "name one");
    open_fails(":memory:", true, STATUS_BAD_INPUT, "name one");
    free(beyond);
    free(path);
}

static void a_newer_version_is_refused_and_left_alone(void **state)
{
    struct fixture *f = *state;
    bool known;
    record(f->path, "a", 1, &known);
    execute(f->path, "PRAGMA user_version=10");
    open_fails(f->path, true, STATUS_BAD_INPUT, "version 9");
    open_fails(f->path, false, STATUS_BAD_INPUT, "version 9");
    expect(f->path, "SELECT count(*) FROM run", "1");
}

static void a_damaged_database_is_refused(void **state)
{
    struct fixture *f = *state;
    bool known;
    record(f->path, "a", 1, &known);
    execute(f->path, "DROP TABLE provenance");
    open_fails(f->path, false, STATUS_BAD_INPUT, "is damaged (it has no table provenance)");
    open_fails(f->path, true, STATUS_BAD_INPUT, "is damaged (it has no table provenance)");
}

static void so_is_one_whose_columns_are_others(void **state)
{
    struct fixture *f = *state;
    bool known;
    record(f->path, "a", 1, &known);
    execute(f->path, "ALTER TABLE point DROP COLUMN cost_spot_micro_usd");
    open_fails(f->path, false, STATUS_BAD_INPUT,
               "is damaged (its table point has no column cost_spot_micro_usd)");
    open_fails(f->path, true, STATUS_BAD_INPUT,
               "is damaged (its table point has no column cost_spot_micro_usd)");
    execute(f->path, "ALTER TABLE point ADD COLUMN cost_spot_micro_usd INTEGER");
    open_fails(f->path, true, STATUS_BAD_INPUT,
               "is damaged (the columns of its table point are in another order)");
    execute(f->path, "DROP TABLE point; ALTER TABLE tuning ADD COLUMN mine");
    open_fails(f->path, true, STATUS_BAD_INPUT, "it has no table point");
    remove(f->path);
    record(f->path, "a", 1, &known);
    execute(f->path, "ALTER TABLE tuning ADD COLUMN mine");
    open_fails(f->path, false, STATUS_BAD_INPUT,
               "is damaged (its table tuning has a column mine that ballast does not make)");
    /* A table of one's own is nobody's business. */
    execute(f->path, "ALTER TABLE tuning DROP COLUMN mine; CREATE TABLE mine(x)");
    record(f->path, "b", 1, &known);
    expect(f->path, "SELECT count(*) FROM run", "2");
}

static void runs_are_found_by_number_name_and_key(void **state)
{
    struct fixture *f = *state;
    bool known;
    record(f->path, "a", 1, &known);
    record(f->path, "b", 1, &known);
    struct results *results = open_database(f->path, false);
    struct error err = {0};
    struct stored_run run;
    assert_int_equal(results_find(results, "2", &run, &err), STATUS_OK);
    assert_string_equal(run.name, "b");
    char prefix[HASH_TEXT_SIZE];
    memcpy(prefix, run.key, 8);
    prefix[8] = '\0';
    stored_run_clean_up(&run);
    assert_int_equal(results_find(results, "a", &run, &err), STATUS_OK);
    assert_int_equal(run.run, 1);
    assert_string_equal(run.folder, "/somewhere");
    stored_run_clean_up(&run);
    assert_int_equal(results_find(results, prefix, &run, &err), STATUS_OK);
    assert_int_equal(run.run, 2);
    stored_run_clean_up(&run);
    assert_int_equal(results_find(results, "zzz", &run, &err), STATUS_BAD_INPUT);
    stored_run_clean_up(&run);
    assert_int_equal(results_find(results, "%", &run, &err), STATUS_BAD_INPUT);
    stored_run_clean_up(&run);
    results_close(results);
}

static void the_decision_at_a_time_is_the_last_before_it(void **state)
{
    struct fixture *f = *state;
    bool known;
    record(f->path, "a", 1, &known);
    struct results *results = open_database(f->path, false);
    struct error err = {0};
    struct stored_decision decision;
    bool found = true;
    assert_int_equal(results_decision_at(results, 1, T0 + 29, &decision, &found, &err), 0);
    assert_false(found);
    assert_int_equal(results_decision_at(results, 1, T0 + 149, &decision, &found, &err), 0);
    assert_true(found);
    assert_int_equal(decision.evaluations, 2);
    assert_string_equal(decision.action, "hold");
    assert_int_equal(results_decision_at(results, 1, T0 + 150, &decision, &found, &err), 0);
    assert_string_equal(decision.action,
                        "SetDesiredCapacity(8), ignoring the cooldown; the policy asked for 9");
    assert_string_equal(decision.trigger, "alarm");
    assert_string_equal(decision.guard, "max_step_instances");
    assert_string_equal(decision.outcome, "accepted");
    assert_string_equal(decision.reason, "scale-out");
    struct record_capacity capacity;
    assert_int_equal(results_capacity_at(results, 1, T0 + 59, &capacity, &found, &err), 0);
    assert_false(found);
    assert_int_equal(results_capacity_at(results, 1, T0 + 61, &capacity, &found, &err), 0);
    assert_true(found);
    assert_int_equal(capacity.spot_up_micro, 2500000);
    results_close(results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(a_run_is_found_again_as_it_was_told),
        TEST(every_figure_has_its_column),
        TEST(the_same_key_again_changes_nothing),
        TEST(keys_tell_runs_apart),
        TEST(the_dump_does_not_depend_on_the_order),
        TEST(a_run_that_failed_leaves_nothing),
        TEST(a_killed_run_leaves_nothing),
        TEST(a_full_disk_loses_nothing_that_was_recorded),
        TEST(figures_of_another_build_are_told),
        TEST(what_is_no_results_database_is_refused_in_one_line),
        TEST(a_newer_version_is_refused_and_left_alone),
        TEST(a_damaged_database_is_refused),
        TEST(so_is_one_whose_columns_are_others),
        TEST(runs_are_found_by_number_name_and_key),
        TEST(the_decision_at_a_time_is_the_last_before_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
