/* What happened in places: availability and preemption series, facts that somebody must state,
 * files of schema version 1, and what a run reads of it.
 * Proves docs/model.md, "Lack of capacity". */
#include "traces_fixture.h"

#include "traces/fetched.h"

#define FACTS                                                                                      \
    .stated[FACT_ZONE] = "us-east-1a", .stated[FACT_TYPE] = "p3.2xlarge",                          \
    .stated[FACT_START] = "2023-02-15T00:00:00Z"

static const struct import_options available = {FACTS, .stated[FACT_POLARITY] = "available",
                                                .stated[FACT_PROBED] = "4"};
static const struct import_options up = {FACTS, .stated[FACT_POLARITY] = "up"};
static const struct import_options preempted = {FACTS, .stated[FACT_POLARITY] = "preempted",
                                                .stated[FACT_PROBED] = "4"};

#define SERIES(data) "{\"metadata\": {\"gap_seconds\": 100}, \"data\": [" data "]}"

static int64_t start_s(void)
{
    return at("2023-02-15T00:00:00Z");
}

/* Compiled limits as "seconds:instances ..." and losses as "seconds:instances/of ...", from start.
 */
static const char *compiled(struct fixture *f, int64_t from_s, int64_t to_s)
{
    static char text[1024];
    struct trace_set set = {0};
    const struct market_key key = {"us-east-1a", "p3.2xlarge", "Linux/UNIX"};
    assert_int_equal(
        trace_compile(&set, f->path, &key, 1, start_s() + from_s, start_s() + to_s, &f->err),
        STATUS_OK);
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < set.capacity_count; i++) {
        char limit[32] = "none";
        if (set.capacities[i].instances != CAPACITY_UNLIMITED)
            snprintf(limit, sizeof limit, "%lld", (long long)set.capacities[i].instances);
        length +=
            (size_t)snprintf(text + length, sizeof text - length, "%s%lld:%s", length ? " " : "",
                             (long long)(set.capacities[i].time_s - start_s()), limit);
    }
    for (size_t i = 0; i < set.interruption_count; i++)
        length += (size_t)snprintf(
            text + length, sizeof text - length, "%s%lld:%lld/%lld", length ? " " : "",
            (long long)(set.interruptions[i].time_s - start_s()),
            (long long)set.interruptions[i].instances, (long long)set.interruptions[i].of);
    trace_set_clean_up(&set);
    return text;
}

static void imports_as(struct fixture *f, const char *text, struct import_options options,
                       int64_t taken, int64_t duplicate)
{
    int status = import_path(f, file_of(f, "a.json", text), options);
    if (status)
        print_error("%s\n", f->err.text);
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(f->report.taken, taken);
    assert_int_equal(f->report.duplicate, duplicate);
}

static void refuses(struct fixture *f, const char *text, struct import_options options,
                    const char *why)
{
    assert_int_equal(import_path(f, file_of(f, "b.json", text), options), STATUS_BAD_INPUT);
    if (!strstr(f->err.text, why))
        print_error("\"%s\" is not in: %s\n", why, f->err.text);
    assert_non_null(strstr(f->err.text, why));
    assert_null(strchr(f->err.text, '\n'));
}

static void available_are_limits(void **state)
{
    struct fixture *f = *state;
    imports_as(f, SERIES("0, 0, 3, 4, 4, 1"), available, 4, 0);
    assert_int_equal(f->report.kind, KIND_AVAILABILITY);
    assert_int_equal(f->report.first_s, start_s());
    assert_int_equal(f->report.last_s, start_s() + 600);
    assert_string_equal(compiled(f, 0, 600), "0:0 200:3 300:none 500:1");
    imports_as(f, SERIES("0, 0, 3, 4, 4, 1"), available, 0, 4);
    assert_true(f->report.known);
}

/* Of what came before `from` only the limit in force is kept. */
static void the_limit_in_force_at_from(void **state)
{
    struct fixture *f = *state;
    imports_as(f, SERIES("0, 0, 3, 4, 4, 1"), available, 4, 0);
    assert_string_equal(compiled(f, 299, 500), "200:3 300:none");
    assert_string_equal(compiled(f, 300, 500), "300:none");
    assert_string_equal(compiled(f, 400, 501), "300:none 500:1");
}

static void falls_of_those_up_are_losses(void **state)
{
    struct fixture *f = *state;
    imports_as(f, SERIES("4, 4, 3, 0, 2, 1"), up, 3, 0);
    assert_string_equal(compiled(f, 0, 600), "200:1/4 300:3/3 500:1/2");
    assert_string_equal(compiled(f, 201, 500), "300:3/3");
}

static void preempted_counts_those_gone(void **state)
{
    struct fixture *f = *state;
    imports_as(f, SERIES("0, 0, 1, 4, 2, 3"), preempted, 3, 0);
    assert_string_equal(compiled(f, 0, 600), "200:1/4 300:3/3 500:1/2");
}

static void nothing_is_guessed(void **state)
{
    struct fixture *f = *state;
    struct import_options none = {0};
    refuses(f, SERIES("1"), none, "state --zone, --type, --start, --polarity, --probed (or in ");
    struct import_options some = available;
    some.stated[FACT_PROBED] = NULL;
    refuses(f, SERIES("1"), some, "state --probed (or in ");
    some = available;
    some.stated[FACT_POLARITY] = "down";
    refuses(f, SERIES("1"), some, "must be one of available, up, preempted");
    some = available;
    some.stated[FACT_PROBED] = "0";
    refuses(f, SERIES("1"), some, "probed \"0\": must be a whole number from 1 to 10000");
    some.stated[FACT_PROBED] = "99999999999999999999";
    refuses(f, SERIES("1"), some, "probed");
    some = available;
    some.stated[FACT_START] = "2023-02-15T00:00:00";
    refuses(f, SERIES("1"), some, "start");
    some = available;
    some.stated[FACT_ZONE] = "1 a";
    refuses(f, SERIES("1"), some, "zone");
    assert_int_equal(query(f, "SELECT count(*) FROM source"), 0);
}

static void broken_series(void **state)
{
    struct fixture *f = *state;
    refuses(f, SERIES("1, 5"), available, "data[1]");
    refuses(f, SERIES("1, -1"), available, "data[1]");
    refuses(f, SERIES("1, 0.5"), available, "data[1]");
    refuses(f, SERIES("1, null"), available, "data[1]");
    refuses(f, SERIES(""), available, "no list \"data\"");
    refuses(f, "{\"data\": [1]}", available, "no metadata.gap_seconds");
    refuses(f, "{\"metadata\": {\"gap_seconds\": 0}, \"data\": [1]}", available, "gap_seconds");
    refuses(f, "{\"metadata\": {\"gap_seconds\": 1}, \"data\": 1}", available, "no list \"data\"");
    refuses(f, "{\"metadata\": {\"gap_seconds\": 1}, \"data\": [1", available, "b.json");
    refuses(f, "{\"metadata\": 7, \"data\": [1]}", available, "no metadata.gap_seconds");
    struct import_options late = available;
    late.stated[FACT_START] = "9999-12-31T23:59:00Z";
    refuses(f, SERIES("1"), late, "year 9999");
    assert_int_equal(query(f, "SELECT count(*) FROM capacity"), 0);
}

static void facts_beside_the_file(void **state)
{
    struct fixture *f = *state;
    file_of(f, "a.json.meta.json",
            "{\"zone\": \"us-east-1a\", \"type\": \"p3.2xlarge\", \"polarity\": \"available\","
            " \"start\": \"2023-02-15T00:00:00Z\", \"probed\": 4}");
    imports_as(f, SERIES("0, 4"), (struct import_options){0}, 2, 0);
    assert_string_equal(compiled(f, 0, 200), "0:0 100:none");
    /* An option wins. */
    imports_as(f, SERIES("0, 4"), (struct import_options){.stated[FACT_ZONE] = "us-east-1b"}, 2, 0);
    assert_int_equal(query(f, "SELECT count(*) FROM capacity WHERE zone='us-east-1b'"), 2);
    file_of(f, "b.json.meta.json", "{\"zones\": \"us-east-1a\"}");
    refuses(f, SERIES("0"), available, "b.json.meta.json:1:");
    file_of(f, "b.json.meta.json", "[]");
    refuses(f, SERIES("0"), available, "must be an object");
    file_of(f, "b.json.meta.json", "{\"zone\": [1]}");
    refuses(f, SERIES("0"), available, "zone");
}

static void two_files_of_one_time_are_refused(void **state)
{
    struct fixture *f = *state;
    imports_as(f, SERIES("0, 4"), available, 2, 0);
    struct import_options later = available;
    later.stated[FACT_START] = "2023-02-15T00:03:19Z";
    refuses(f, SERIES("1, 2"), later, "a.json has told already");
    refuses(f, SERIES("1, 2"), available, "a.json has told already");
    later.stated[FACT_START] = "2023-02-15T00:03:20Z";
    imports_as(f, SERIES("2"), later, 1, 0);
    struct trace_coverage *known = NULL;
    size_t count = 0;
    assert_int_equal(trace_coverage(f->path, "us-east-1a", "p3.2xlarge", &known, &count, &f->err),
                     STATUS_OK);
    assert_int_equal(count, 2);
    assert_int_equal(known[0].what, COVERS_CAPACITY);
    assert_int_equal(known[0].first_s, start_s());
    assert_int_equal(known[0].end_s, start_s() + 200);
    assert_string_equal(known[0].provider, "aws");
    free(known);
}

/* ---- logs --------------------------------------------------------------------------------------
 */

static const struct import_options log_facts = {FACTS, .stated[FACT_TIME_UNIT] = "s",
                                                .stated[FACT_UTC_OFFSET] = "-05:00",
                                                .stated[FACT_LONGEST_GAP] = "100"};

static void imports_log(struct fixture *f, const char *text, struct import_options options,
                        int64_t taken, int64_t refused)
{
    int status = import_path(f, file_of(f, "a.csv", text), options);
    if (status)
        print_error("%s\n", f->err.text);
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(f->report.taken, taken);
    assert_int_equal(f->report.refused, refused);
}

static void nodes_come_and_go(void **state)
{
    struct fixture *f = *state;
    imports_log(f,
                "480000,add,n1\n480000,add,n2\n540000,add,n3\n600000,remove,n1\n600999,remove,n3\n"
                "660000,remove,n1\n660000,add,n2\n720000,add,n4\n720500,remove,n2\n540000,add,n9\n",
                log_facts, 2, 3);
    assert_int_equal(f->report.kind, KIND_EVENTS);
    assert_string_equal(f->last_refusal, "the time runs backwards");
    assert_string_equal(compiled(f, 0, 1000), "600:2/3 720:1/2");
    assert_int_equal(f->report.first_s, start_s() + 480);
    assert_int_equal(f->report.last_s, start_s() + 721);
    refuses(f, "0,add,n1\n", (struct import_options){0}, "state --zone, --type, --start (or");
}

static void corners_of_a_step_line(void **state)
{
    struct fixture *f = *state;
    imports_log(f, "0,0\n50,0\n50,4\n90,4\n90,2\n120,2\n120,1\n120,0\n1000,0\n", log_facts, 2, 0);
    assert_int_equal(f->report.kind, KIND_COUNTS);
    assert_string_equal(compiled(f, 0, 2000), "90:2/4 120:2/2");
    struct import_options none = log_facts;
    none.stated[FACT_TIME_UNIT] = NULL;
    refuses(f, "0,0\n", none, "state --time-unit (or");
}

static void units_of_time(void **state)
{
    struct fixture *f = *state;
    struct import_options hours = log_facts;
    hours.stated[FACT_TIME_UNIT] = "h";
    hours.stated[FACT_ZONE] = "us-east-1b";
    imports_log(f, "0.000,3\n0.030,3\n0.030,2\n", hours, 1, 0);
    assert_int_equal(query(f, "SELECT max(time_s) FROM interruption"), start_s() + 108);
    hours.stated[FACT_TIME_UNIT] = "ms";
    hours.stated[FACT_ZONE] = "us-east-1c";
    imports_log(f, "0,3\n1500,3\n1500,2\n", hours, 1, 0);
    assert_int_equal(query(f, "SELECT min(time_s) FROM interruption"), start_s() + 1);
}

static void counts_by_the_clock(void **state)
{
    struct fixture *f = *state;
    imports_log(f,
                "2023-02-14, 19:00:00, 80\n2023-02-14, 19:01:00, 80\n2023-02-14, 19:00:30, 70\n"
                "2023-02-14, 19:02:00, 78\n2023-02-14, 19:04:00, 70\n2023-02-14, 19:04:30, 69\n",
                log_facts, 2, 2);
    assert_int_equal(f->report.kind, KIND_CLOCK_COUNTS);
    assert_non_null(strstr(f->last_refusal, "within a hole"));
    assert_string_equal(compiled(f, 0, 1000), "120:2/80 270:1/70");
    struct import_options wrong = log_facts;
    wrong.stated[FACT_UTC_OFFSET] = "5";
    refuses(f, "2023-02-14, 19:00:00, 80\n", wrong, "write it as -05:00");
    wrong.stated[FACT_UTC_OFFSET] = NULL;
    refuses(f, "2023-02-14, 19:00:00, 80\n", wrong, "state --utc-offset (or");
}

/* ---- version 1 ---------------------------------------------------------------------------------
 */

static void make_version_1(struct fixture *f)
{
    static const char sql[] =
        "DROP TABLE capacity; DROP TABLE coverage; DROP TABLE advisor; DROP TABLE instance_type;"
        "ALTER TABLE catalog DROP COLUMN from_s;"
        "ALTER TABLE source DROP COLUMN provider; ALTER TABLE source DROP COLUMN facts;"
        "ALTER TABLE interruption DROP COLUMN of_instances;"
        "INSERT INTO interruption VALUES(1676419205,'us-east-1a','p3.2xlarge',2,1);"
        "INSERT INTO source VALUES(1,'old','','',0,1,1,0,0,0,0);"
        "PRAGMA user_version=1";
    char *message = NULL;
    if (sqlite3_exec(f->database, sql, NULL, NULL, &message))
        print_error("%s\n", message);
    assert_null(message);
    sqlite3_close(f->database);
    f->database = NULL;
}

static void version_1_is_read_as_it_is(void **state)
{
    struct fixture *f = *state;
    make_version_1(f);
    assert_string_equal(compiled(f, 0, 100), "5:2/0");
    struct trace_coverage *known = NULL;
    size_t count = 0;
    assert_int_equal(trace_coverage(f->path, "us-east-1a", "p3.2xlarge", &known, &count, &f->err),
                     STATUS_OK);
    assert_int_equal(count, 0);
    assert_int_equal(trace_database_open(&f->database, f->path, false, &f->err), STATUS_OK);
    assert_int_equal(query(f, "PRAGMA main.user_version"), 1);
    assert_int_equal(query(f, "SELECT count(*) FROM main.sqlite_master WHERE name='capacity'"), 0);
}

static void version_1_grows_when_written(void **state)
{
    struct fixture *f = *state;
    make_version_1(f);
    assert_int_equal(trace_database_open(&f->database, f->path, true, &f->err), STATUS_OK);
    assert_int_equal(query(f, "PRAGMA user_version"), TRACE_SCHEMA_VERSION);
    imports_as(f, SERIES("0, 4"), available, 2, 0);
    assert_string_equal(compiled(f, 0, 100), "0:0 5:2/0");
}

/* ---- the history of a fleet ---- */

static const char *interruptions(struct fleet_history *history)
{
    static char text[256];
    size_t count = 0;
    size_t length = 0;
    struct interruption_step *steps = fleet_history_interruptions(history, &count);
    text[0] = '\0';
    for (size_t i = 0; i < count; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%lld:%s/%s:%lld ",
                                   (long long)steps[i].time_s, steps[i].zone,
                                   steps[i].instance_type, (long long)steps[i].instances);
    free(steps);
    return text;
}

static void instance_event(struct fleet_history *history, int64_t time_s, const char *sub_type,
                           const char *instance)
{
    fleet_history_event(history, time_s, "instanceChange", sub_type, instance);
}

/* Two of one place and time are one step; whom the fleet itself told to go is none. */
static void who_just_ended_was_interrupted(void **state)
{
    (void)state;
    struct fleet_history history = {0};
    fleet_history_event(&history, 100, "fleetRequestChange", "submitted", NULL);
    fleet_history_instance(&history, "i-3", "us-east-1b", "c3.xlarge");
    fleet_history_instance(&history, "i-1", "us-east-1a", "c3.xlarge");
    fleet_history_instance(&history, "i-2", "us-east-1a", "c3.xlarge");
    fleet_history_instance(&history, "i-4", "", "c3.xlarge");
    instance_event(&history, 1000, "terminated", "i-2");
    instance_event(&history, 1000, "terminated", "i-1");
    instance_event(&history, 1000, "terminated", "i-1");
    instance_event(&history, 200, "launched", "i-1");
    instance_event(&history, 900, "terminated", "i-3");
    instance_event(&history, 780, "termination_notified", "i-3");
    instance_event(&history, 1100, "terminated", "i-4");
    instance_event(&history, 300, "launched", "i-5");
    assert_string_equal(interruptions(&history), "880:us-east-1a/c3.xlarge:2 980:/:1 ");
    assert_int_equal(fleet_history_begin(&history), 100);
    assert_int_equal(fleet_history_end(&history), INT64_MAX);
    /* From its end on instances are ended with the request. */
    fleet_history_event(&history, 1100, "fleetRequestChange", "cancelled_terminating", "");
    assert_string_equal(interruptions(&history), "880:us-east-1a/c3.xlarge:2 ");
    assert_int_equal(fleet_history_end(&history), 1100);
    fleet_history_clean_up(&history);
    assert_string_equal(interruptions(&history), "");
}

/* Only of those that run or have an event; of another fleet nothing. */
static void places_are_remembered(void **state)
{
    struct fixture *f = *state;
    struct fleet_history history = {0};
    static const char *const running[] = {"i-2"};
    assert_int_equal(fetched_places_load(f->database, f->path, "sfr-1", &history, &f->err),
                     STATUS_OK);
    assert_int_equal(history.instance_count, 0);
    fleet_history_instance(&history, "i-1", "us-east-1a", "c3.xlarge");
    fleet_history_instance(&history, "i-2", "us-east-1b", "c3.xlarge");
    fleet_history_instance(&history, "i-3", "us-east-1b", "c3.xlarge");
    instance_event(&history, 900, "terminated", "i-3");
    assert_int_equal(
        fetched_places_store(f->database, f->path, "sfr-1", &history, running, 1, &f->err),
        STATUS_OK);
    fleet_history_clean_up(&history);
    assert_int_equal(fetched_places_load(f->database, f->path, "sfr-1", &history, &f->err),
                     STATUS_OK);
    assert_int_equal(history.instance_count, 2);
    assert_string_equal(history.instances[0].instance, "i-2");
    assert_string_equal(history.instances[0].zone, "us-east-1b");
    assert_string_equal(history.instances[1].instance, "i-3");
    assert_int_equal(fetched_places_load(f->database, f->path, "sfr-2", &history, &f->err),
                     STATUS_OK);
    assert_int_equal(history.instance_count, 2);
    fleet_history_clean_up(&history);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        CASE(available_are_limits),
        CASE(the_limit_in_force_at_from),
        CASE(falls_of_those_up_are_losses),
        CASE(preempted_counts_those_gone),
        CASE(nothing_is_guessed),
        CASE(broken_series),
        CASE(facts_beside_the_file),
        CASE(two_files_of_one_time_are_refused),
        CASE(nodes_come_and_go),
        CASE(corners_of_a_step_line),
        CASE(units_of_time),
        CASE(counts_by_the_clock),
        CASE(version_1_is_read_as_it_is),
        CASE(version_1_grows_when_written),
        CASE(who_just_ended_was_interrupted),
        CASE(places_are_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
