/* What an import does to the database: idempotence, merging, seconds with several prices, strict
 * files, what a crash leaves, versions. */
#include "traces_fixture.h"
#include "valgrind.h"

#include "traces/sorter.h"
#include "valgrind.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#define DAY "2015-03-12T00:00:"
/* A record of the text form, of c3.xlarge in us-east-1a. */
#define LINE(price, time)                                                                          \
    "SPOTPRICEHISTORY\tus-east-1a\tc3.xlarge\tLinux/UNIX\t" price "\t" time "Z\n"

static const char *compiled(struct fixture *f)
{
    return steps(f, "us-east-1a", "c3.xlarge", at(DAY "00Z"), at("2015-03-13T00:00:00Z"));
}

static void a_second_import_changes_nothing(void **state)
{
    struct fixture *f = *state;
    static const char text[] = LINE("0.2", DAY "20") LINE("0.1", DAY "10");
    imports(f, "a.txt", text, 2, 0, 0);
    assert_false(f->report.known);
    imports(f, "a.txt", text, 0, 2, 0);
    assert_true(f->report.known);
    imports(f, "another-name.txt", text, 0, 2, 0);
    assert_int_equal(query(f, "SELECT count(*) FROM source"), 1);
    assert_int_equal(query(f, "SELECT count(*) FROM price"), 2);
}

static void overlapping_files_merge(void **state)
{
    struct fixture *f = *state;
    imports(f, "a.txt", LINE("0.3", DAY "30") LINE("0.2", DAY "20") LINE("0.1", DAY "10"), 3, 0, 0);
    imports(f, "b.txt", LINE("0.4", DAY "40") LINE("0.3", DAY "30") LINE("0.2", DAY "20"), 1, 2, 0);
    imports(f, "c.txt", LINE("0.15", DAY "15") LINE("0.05", DAY "05"), 2, 0, 0);
    assert_string_equal(compiled(f), "5:50000 10:100000 15:150000 20:200000 30:300000 40:400000");
}

static void restatements_are_kept_and_are_no_changes(void **state)
{
    struct fixture *f = *state;
    imports(f, "a.txt", LINE("0.1", DAY "30") LINE("0.2", DAY "20") LINE("0.2", DAY "10"), 3, 0, 0);
    assert_int_equal(query(f, "SELECT count(*) FROM price"), 3);
    assert_string_equal(compiled(f), "10:200000 30:100000");
}

static void newest_first_the_first_of_a_second_wins(void **state)
{
    struct fixture *f = *state;
    static const char text[] =
        LINE("0.5", DAY "20") LINE("0.4", DAY "20") LINE("0.3", DAY "20") LINE("0.1", DAY "10");
    imports(f, "a.txt", text, 4, 0, 0);
    assert_true(f->report.newest_first);
    assert_string_equal(compiled(f), "10:100000 20:500000");
    imports(f, "a.txt", text, 0, 4, 0);
    assert_string_equal(compiled(f), "10:100000 20:500000");
}

static void oldest_first_the_last_of_a_second_wins(void **state)
{
    struct fixture *f = *state;
    static const char text[] =
        LINE("0.1", DAY "10") LINE("0.5", DAY "20") LINE("0.4", DAY "20") LINE("0.3", DAY "20");
    imports(f, "a.txt", text, 4, 0, 0);
    assert_false(f->report.newest_first);
    assert_string_equal(compiled(f), "10:100000 20:300000");
}

/* A price that comes back within the second: the very end still tells. */
static void a_price_that_returns_within_a_second(void **state)
{
    struct fixture *f = *state;
    imports(f, "a.txt",
            LINE("0.1", DAY "10") LINE("0.5", DAY "20") LINE("0.4", DAY "20") LINE("0.5", DAY "20"),
            3, 1, 0);
    assert_string_equal(compiled(f), "10:100000 20:500000");
    imports(f, "b.txt",
            "SPOTPRICEHISTORY\tus-east-1b\tc3.xlarge\tLinux/UNIX\t0.5\t" DAY "20Z\n"
            "SPOTPRICEHISTORY\tus-east-1b\tc3.xlarge\tLinux/UNIX\t0.4\t" DAY "20Z\n"
            "SPOTPRICEHISTORY\tus-east-1b\tc3.xlarge\tLinux/UNIX\t0.5\t" DAY "20Z\n"
            "SPOTPRICEHISTORY\tus-east-1b\tc3.xlarge\tLinux/UNIX\t0.1\t" DAY "10Z\n",
            3, 1, 0);
    assert_string_equal(
        steps(f, "us-east-1b", "c3.xlarge", at(DAY "00Z"), at("2015-03-13T00:00:00Z")),
        "10:100000 20:500000");
}

/* Where the times do not tell, what AWS prints is newest first. */
static void direction_of_a_single_second(void **state)
{
    struct fixture *f = *state;
    imports(f, "a.txt", LINE("0.5", DAY "20") LINE("0.4", DAY "20"), 2, 0, 0);
    assert_string_equal(compiled(f), "20:500000");
    imports(f, "b.tsv",
            "us-east-1b\tc3.xlarge\tLinux/UNIX\t0.5\t" DAY "20Z\n"
            "us-east-1b\tc3.xlarge\tLinux/UNIX\t0.4\t" DAY "20Z\n",
            2, 0, 0);
    assert_string_equal(
        steps(f, "us-east-1b", "c3.xlarge", at(DAY "00Z"), at("2015-03-13T00:00:00Z")),
        "20:400000");
}

/* Zones one after the other, each newest first: the jumps between them do not count. */
static void direction_is_each_markets_own(void **state)
{
    struct fixture *f = *state;
    struct text_of_zones {
        char text[8192];
        size_t length;
    } all = {0};
    for (int zone = 0; zone < 26; zone++) {
        for (int i = 2; i > 0; i--)
            all.length += (size_t)snprintf(
                all.text + all.length, sizeof all.text - all.length,
                "us-east-1%c\tc3.xlarge\tLinux/UNIX\t0.%d\t2015-03-12T%02d:00:0%dZ\n", 'a' + zone,
                i, zone / 2, i);
    }
    imports(f, "a.tsv", all.text, 52, 0, 0);
    assert_true(f->report.newest_first);
    assert_int_equal(f->report.markets, 26);
}

static void files_that_disagree(void **state)
{
    struct fixture *f = *state;
    imports(f, "a.txt", LINE("0.2", DAY "20") LINE("0.1", DAY "10"), 2, 0, 0);
    imports(f, "b.txt", LINE("0.3", DAY "30") LINE("0.25", DAY "20") LINE("0.1", DAY "10"), 1, 1,
            1);
    assert_int_equal(f->last_refused_line, 2);
    assert_non_null(strstr(f->last_refusal, "another file"));
    assert_string_equal(compiled(f), "10:100000 20:200000 30:300000");
    /* the refusal stands in the database, with its file */
    assert_int_equal(query(f, "SELECT refusal.line FROM refusal JOIN source USING(source)"
                              " WHERE name='b.txt'"),
                     2);
}

/* Many more records than are gathered at a time, over the same seconds again and again. */
static void chunks_do_not_show(void **state)
{
    struct fixture *f = *state;
    const int seconds = under_valgrind() ? 200 : 200000;
    const int records = 3 * seconds;
    char path[256];
    snprintf(path, sizeof path, "%s/big.tsv", f->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    int64_t start_s = at("2015-03-12T00:00:00Z");
    for (int i = 0; i < records; i++) {
        char time[TIMESTAMP_TEXT_SIZE];
        fprintf(file, "us-east-1%c\tc3.xlarge\tLinux/UNIX\t0.%06d\t%s\n", 'a' + i % 2, 1 + i / 3,
                timestamp_format(start_s + i / 3, time));
    }
    fclose(file);
    assert_int_equal(import_path(f, path, (struct import_options){0}), STATUS_OK);
    assert_int_equal(f->report.taken, 2 * seconds); /* two of three are of one zone, alike */
    assert_int_equal(f->report.duplicate, records - 2 * seconds);
    assert_int_equal(import_path(f, path, (struct import_options){0}), STATUS_OK);
    assert_int_equal(f->report.taken, 0);
    assert_int_equal(query(f, "SELECT count(*) FROM price"), 2 * seconds);
    assert_int_equal(query(f, "SELECT sum(micro_usd_per_hour) FROM price"),
                     (int64_t)seconds * (seconds + 1));
}

/* The first second is told of again after more records than are sorted at once. */
static void a_second_told_of_again_much_later(void **state)
{
    struct fixture *f = *state;
    int records = under_valgrind() ? 100 : SORT_CHUNK + 100;
    int64_t start_s = at("2015-03-12T00:00:00Z");
    char *path = memory_format("%s/long.tsv", f->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    static const char form[] = "us-east-1a\tc3.xlarge\tLinux/UNIX\t%s\t%s\n";
    char first[TIMESTAMP_TEXT_SIZE];
    timestamp_format(start_s, first);
    for (int i = 0; i < records; i++) {
        char time[TIMESTAMP_TEXT_SIZE];
        fprintf(file, form, "0.1", timestamp_format(start_s + i, time));
    }
    fprintf(file, form, "0.3", first);
    fprintf(file, form, "0.1", first);
    fclose(file);
    assert_int_equal(import_path(f, path, (struct import_options){0}), STATUS_OK);
    assert_int_equal(f->report.taken, records + 1);
    assert_int_equal(f->report.duplicate, 1);
    assert_int_equal(query(f, "SELECT count(*) FROM price WHERE place=0"), records);
    assert_int_equal(query(f, "SELECT last_place FROM price ORDER BY time_s, place LIMIT 1"), 2);
    assert_int_equal(query(f, "SELECT micro_usd_per_hour FROM price WHERE place=1"), 300000);
    file = fopen(path, "a"); /* and another file has another price */
    fprintf(file, form, "0.2", first);
    fclose(file);
    assert_int_equal(import_path(f, path, (struct import_options){0}), STATUS_OK);
    assert_int_equal(f->report.refused, 1);
    assert_int_equal(f->last_refused_line, records + 3);
    free(path);
}

static void a_strict_file_is_kept_whole_or_not_at_all(void **state)
{
    struct fixture *f = *state;
    imports(f, "a.txt", LINE("0.1", DAY "10"), 1, 0, 0);
    const char *path = file_of(f, "b.txt", LINE("0.2", DAY "20") LINE("0", DAY "30"));
    assert_int_equal(import_path(f, path, (struct import_options){.strict = true}),
                     STATUS_BAD_INPUT);
    assert_non_null(strstr(f->err.text, "b.txt:2: the price is not above zero"));
    assert_int_equal(query(f, "SELECT count(*) FROM price"), 1);
    assert_int_equal(query(f, "SELECT count(*) FROM source"), 1);
    assert_int_equal(query(f, "SELECT count(*) FROM refusal"), 0);
    /* and disagreement is a refusal, too */
    path = file_of(f, "c.txt", LINE("0.15", DAY "10"));
    assert_int_equal(import_path(f, path, (struct import_options){.strict = true}),
                     STATUS_BAD_INPUT);
    /* without it, what is right is kept */
    path = file_of(f, "b.txt", LINE("0.2", DAY "20") LINE("0", DAY "30"));
    assert_int_equal(import_path(f, path, (struct import_options){0}), STATUS_OK);
    assert_int_equal(query(f, "SELECT count(*) FROM price"), 2);
}

static void refusals_are_bounded(void **state)
{
    struct fixture *f = *state;
    enum { BAD = 1500 };
    char *text = memory_new(BAD + 1, 64);
    strcpy(text, LINE("0.1", DAY "10"));
    for (int i = 0; i < BAD; i++)
        strcat(text, "SPOTPRICEHISTORY\tx\n");
    imports(f, "a.txt", text, 1, 0, BAD);
    assert_int_equal(query(f, "SELECT count(*) FROM refusal"), REFUSALS_KEPT);
    assert_int_equal(query(f, "SELECT refused FROM source"), BAD);
    free(text);
}

static void what_came_before_a_range_is_in_force(void **state)
{
    struct fixture *f = *state;
    imports(f, "a.txt",
            LINE("0.4", DAY "40") LINE("0.3", DAY "30") LINE("0.2", DAY "20") LINE("0.1", DAY "10"),
            4, 0, 0);
    assert_string_equal(steps(f, "us-east-1a", "c3.xlarge", at(DAY "25Z"), at(DAY "40Z")),
                        "-5:200000 5:300000");
    assert_string_equal(steps(f, "us-east-1a", "c3.xlarge", at(DAY "20Z"), at(DAY "21Z")),
                        "0:200000");
    assert_string_equal(steps(f, "us-east-1a", "c3.xlarge", at(DAY "00Z"), at(DAY "10Z")), "");
}

static void silence_is_measured(void **state)
{
    struct fixture *f = *state;
    imports(f, "a.txt",
            LINE("0.4", "2015-03-16T00:00:00") LINE("0.4", "2015-03-14T00:00:00")
                LINE("0.4", "2015-03-13T00:00:00") LINE("0.4", "2015-03-12T00:00:00"),
            4, 0, 0);
    struct trace_set set = {0};
    const struct market_key key = {"us-east-1a", "c3.xlarge", "Linux/UNIX"};
    assert_int_equal(trace_compile(&set, f->path, &key, 1, at("2015-03-12T00:00:00Z"),
                                   at("2015-03-17T00:00:00Z"), &f->err),
                     STATUS_OK);
    assert_int_equal(set.market_count, 1);
    assert_int_equal(set.markets[0].step_count, 1);
    assert_int_equal(set.markets[0].longest_silence_s, 2 * 86400);
    assert_int_equal(set.markets[0].longest_silence_from_s, at("2015-03-14T00:00:00Z"));
    assert_int_equal(set.markets[0].first_record_s, at("2015-03-12T00:00:00Z"));
    assert_int_equal(set.markets[0].last_record_s, at("2015-03-16T00:00:00Z"));
    assert_false(set.synthetic);
    trace_set_clean_up(&set);
}

static void zones_of_a_type(void **state)
{
    struct fixture *f = *state;
    imports(f, "a.tsv",
            "us-east-1b\tc3.xlarge\tLinux/UNIX\t0.1\t" DAY "10Z\n"
            "us-east-1a\tc3.xlarge\tLinux/UNIX\t0.1\t" DAY "10Z\n"
            "us-east-1c\tc3.xlarge\tWindows\t0.1\t" DAY "10Z\n",
            3, 0, 0);
    char **zones = NULL;
    assert_int_equal(trace_zones(f->path, "c3.xlarge", "Linux/UNIX", &zones, &f->err), STATUS_OK);
    assert_string_equal(zones[0], "us-east-1a");
    assert_string_equal(zones[1], "us-east-1b");
    assert_null(zones[2]);
    free(zones[0]);
    free(zones[1]);
    free(zones);
}

static void a_market_is_compiled_once(void **state)
{
    struct fixture *f = *state;
    imports(f, "a.txt", LINE("0.1", DAY "10"), 1, 0, 0);
    struct trace_set set = {0};
    const struct market_key keys[] = {{"us-east-1a", "c3.xlarge", "Linux/UNIX"},
                                      {"us-east-1z", "c3.xlarge", "Linux/UNIX"},
                                      {"us-east-1a", "c3.xlarge", "Linux/UNIX"}};
    assert_int_equal(trace_compile(&set, f->path, keys, 3, at(DAY "00Z"), at(DAY "59Z"), &f->err),
                     STATUS_OK);
    assert_int_equal(set.market_count, 1);
    /* from a second database it would be ambiguous */
    assert_int_equal(trace_compile(&set, f->path, keys, 1, at(DAY "00Z"), at(DAY "59Z"), &f->err),
                     STATUS_BAD_INPUT);
    trace_set_clean_up(&set);
}

/* A generated set keeps its mark through the database. */
static void synthetic_sets_stay_marked(void **state)
{
    struct fixture *f = *state;
    struct price_step prices[] = {{100, 5}, {200, 6}};
    struct market market = {.zone = (char *)"us-east-1a",
                            .instance_type = (char *)"m5.large",
                            .product = (char *)"Linux/UNIX",
                            .steps = prices,
                            .step_count = 2};
    struct interruption_step lost[] = {{150, (char *)"us-east-1b", (char *)"m5.large", 1, 0},
                                       {150, (char *)"us-east-1a", (char *)"m5.large", 2, 0},
                                       {150, (char *)"us-east-1a", (char *)"m5.large", 3, 0}};
    struct trace_set set = {
        .markets = &market, .market_count = 1, .interruptions = lost, .interruption_count = 3};
    trace_set_seal(&set);
    assert_int_equal(trace_import_set(f->database, f->path, "made", &set, &f->report, &f->err),
                     STATUS_OK);
    assert_int_equal(f->report.taken, 5);
    assert_int_equal(trace_import_set(f->database, f->path, "made", &set, &f->report, &f->err),
                     STATUS_OK);
    assert_int_equal(f->report.taken, 0);
    assert_int_equal(f->report.duplicate, 5);
    assert_true(f->report.known);
    /* another set of the same market is never mixed in */
    prices[1].time_s++;
    trace_set_seal(&set);
    assert_int_equal(trace_import_set(f->database, f->path, "made", &set, &f->report, &f->err),
                     STATUS_BAD_INPUT);
    assert_int_equal(query(f, "SELECT count(*) FROM source"), 1);
    imports(f, "a.txt", LINE("0.1", DAY "10"), 1, 0, 0);

    struct trace_set compiled_set = {0};
    const struct market_key keys[] = {{"us-east-1b", "m5.large", "Linux/UNIX"},
                                      {"us-east-1a", "m5.large", "Linux/UNIX"}};
    assert_int_equal(trace_compile(&compiled_set, f->path, keys, 2, 0, 1000, &f->err), STATUS_OK);
    assert_true(compiled_set.synthetic);
    assert_int_equal(compiled_set.interruption_count, 2);
    assert_string_equal(compiled_set.interruptions[0].zone, "us-east-1a");
    assert_int_equal(compiled_set.interruptions[0].instances, 5); /* two of one second are one */
    trace_set_clean_up(&compiled_set);
    const struct market_key real = {"us-east-1a", "c3.xlarge", "Linux/UNIX"};
    assert_int_equal(
        trace_compile(&compiled_set, f->path, &real, 1, at(DAY "00Z"), at(DAY "59Z"), &f->err),
        STATUS_OK);
    assert_false(compiled_set.synthetic);
    trace_set_clean_up(&compiled_set);
    free(market.peaks);
}

static void equal_contents_have_equal_hashes(void **state)
{
    (void)state;
    struct price_step prices[] = {{100, 5}, {200, 6}};
    struct market market = {.zone = (char *)"a",
                            .instance_type = (char *)"b",
                            .product = (char *)"c",
                            .steps = prices,
                            .step_count = 2};
    struct trace_set set = {.markets = &market, .market_count = 1};
    char first[HASH_TEXT_SIZE];
    trace_set_seal(&set);
    strcpy(first, set.hash);
    trace_set_seal(&set);
    assert_string_equal(first, set.hash);
    prices[1].micro_usd_per_hour = 7;
    trace_set_seal(&set);
    assert_string_not_equal(first, set.hash);
    free(market.peaks);
}

/* ---- what a crash leaves, and other files ------------------------------------------------------
 */

/* A child is killed while it imports; its database is then read as if it had never begun. */
static void a_killed_import_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    imports(f, "a.txt", LINE("0.1", DAY "10"), 1, 0, 0);
    sqlite3_close(f->database);
    f->database = NULL;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        sqlite3 *database = NULL;
        struct error err;
        if (trace_database_open(&database, f->path, true, &err) ||
            /* so small a cache writes to the file long before the end */
            sqlite3_exec(database,
                         "PRAGMA cache_size=4; BEGIN; INSERT INTO market VALUES(9,'z','t','p');"
                         "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n LIMIT 20000)"
                         " INSERT INTO price SELECT 9,i,0,0,i,1 FROM n",
                         NULL, NULL, NULL))
            _exit(1);
        kill(getpid(), SIGKILL);
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFSIGNALED(how));
    char journal[128];
    snprintf(journal, sizeof journal, "%s-journal", f->path);
    assert_int_equal(access(journal, F_OK), 0); /* it was killed in the middle */
    /* reading comes first: it must not trip over the journal */
    assert_string_equal(compiled(f), "10:100000");
    assert_int_equal(trace_database_open(&f->database, f->path, true, &f->err), STATUS_OK);
    assert_int_equal(query(f, "SELECT count(*) FROM price"), 1);
    assert_int_equal(query(f, "SELECT count(*) FROM market"), 1);
    imports(f, "b.txt", LINE("0.2", DAY "20"), 1, 0, 0);
}

static void an_error_leaves_nothing_of_its_file(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(import_text(f, "a.json",
                                 "{\"SpotPriceHistory\":[{\"AvailabilityZone\":\"us-east-1a\","
                                 "\"InstanceType\":\"c3.xlarge\",\"SpotPrice\":\"1\","
                                 "\"Timestamp\":\"2015-03-12T00:00:00Z\"}, {"),
                     STATUS_BAD_INPUT);
    assert_int_equal(query(f, "SELECT count(*) FROM source"), 0);
    assert_int_equal(query(f, "SELECT count(*) FROM market"), 0);
    imports(f, "b.txt", LINE("0.2", DAY "20"), 1, 0, 0);
}

static int open_again(struct fixture *f, bool for_writing)
{
    sqlite3 *database = NULL;
    f->err = (struct error){0};
    int status = trace_database_open(&database, f->path, for_writing, &f->err);
    assert_true(status == STATUS_OK || database == NULL);
    sqlite3_close(database);
    return status;
}

static void a_newer_version_is_refused(void **state)
{
    struct fixture *f = *state;
    sqlite3_exec(f->database, "PRAGMA user_version=3", NULL, NULL, NULL);
    assert_int_equal(open_again(f, false), STATUS_BAD_INPUT);
    assert_non_null(strstr(f->err.text, "version 3"));
    assert_int_equal(open_again(f, true), STATUS_BAD_INPUT);
}

static void other_files_are_refused(void **state)
{
    struct fixture *f = *state;
    sqlite3_exec(f->database, "PRAGMA application_id=1", NULL, NULL, NULL);
    assert_int_equal(open_again(f, true), STATUS_BAD_INPUT);
    file_of(f, "t.db",
            "no database at all, but text that is long enough to be looked at: 0123456789"
            "0123456789012345678901234567890123456789012345678901234567890123456789");
    assert_int_equal(open_again(f, true), STATUS_BAD_INPUT);
    assert_int_equal(open_again(f, false), STATUS_BAD_INPUT);
    file_of(f, "t.db", "");
    assert_int_equal(open_again(f, false), STATUS_BAD_INPUT);
    struct trace_set set = {0};
    assert_int_equal(trace_compile(&set, "/nonexistent/t.db", NULL, 0, 0, 1, &f->err),
                     STATUS_BAD_INPUT);
    sqlite3 *database = NULL;
    assert_int_equal(trace_database_open(&database, f->folder, true, &f->err), STATUS_BAD_INPUT);
    assert_int_equal(trace_database_open(&database, "/nonexistent/t.db", true, &f->err),
                     STATUS_BAD_INPUT);
}

static void a_reader_writes_nothing(void **state)
{
    struct fixture *f = *state;
    sqlite3 *database = NULL;
    assert_int_equal(trace_database_open(&database, f->path, false, &f->err), STATUS_OK);
    assert_int_not_equal(sqlite3_exec(database, "DELETE FROM source", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

struct opening {
    const char *path;
    int status;
    struct error err;
};

static void *open_for_writing(void *context)
{
    struct opening *opening = context;
    sqlite3 *database = NULL;
    opening->status = trace_database_open(&database, opening->path, true, &opening->err);
    sqlite3_close(database);
    return NULL;
}

/* Two imports begin a database at once: the one that comes second finds it made. */
static void another_process_makes_the_file(void **state)
{
    struct fixture *f = *state;
    char *path = memory_format("%s/new.db", f->folder);
    struct opening opening = {.path = path};
    sqlite3 *other = NULL;
    sqlite3_stmt *tables = NULL;
    pthread_t thread;
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(pthread_create(&thread, NULL, open_for_writing, &opening), 0);
    usleep(300000); /* it finds an empty file, and waits for its turn */
    assert_int_equal(sqlite3_prepare_v2(f->database,
                                        "SELECT sql FROM sqlite_master WHERE sql NOTNULL", -1,
                                        &tables, NULL),
                     SQLITE_OK);
    while (sqlite3_step(tables) == SQLITE_ROW)
        assert_int_equal(
            sqlite3_exec(other, (const char *)sqlite3_column_text(tables, 0), NULL, NULL, NULL),
            SQLITE_OK);
    sqlite3_finalize(tables);
    char *rest = memory_format("PRAGMA application_id=%d; PRAGMA user_version=%d; COMMIT;",
                               TRACE_APPLICATION_ID, TRACE_SCHEMA_VERSION);
    assert_int_equal(sqlite3_exec(other, rest, NULL, NULL, NULL), SQLITE_OK);
    pthread_join(thread, NULL);
    sqlite3_close(other);
    if (opening.status)
        fail_msg("%s", opening.err.text);
    unlink(path);
    free(rest);
    free(path);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        CASE(a_second_import_changes_nothing),
        CASE(overlapping_files_merge),
        CASE(restatements_are_kept_and_are_no_changes),
        CASE(newest_first_the_first_of_a_second_wins),
        CASE(oldest_first_the_last_of_a_second_wins),
        CASE(a_price_that_returns_within_a_second),
        CASE(direction_of_a_single_second),
        CASE(direction_is_each_markets_own),
        CASE(files_that_disagree),
        CASE(chunks_do_not_show),
        CASE(a_second_told_of_again_much_later),
        CASE(a_strict_file_is_kept_whole_or_not_at_all),
        CASE(refusals_are_bounded),
        CASE(what_came_before_a_range_is_in_force),
        CASE(silence_is_measured),
        CASE(zones_of_a_type),
        CASE(a_market_is_compiled_once),
        CASE(synthetic_sets_stay_marked),
        CASE(equal_contents_have_equal_hashes),
        CASE(a_killed_import_leaves_nothing),
        CASE(an_error_leaves_nothing_of_its_file),
        CASE(a_newer_version_is_refused),
        CASE(other_files_are_refused),
        CASE(a_reader_writes_nothing),
        CASE(another_process_makes_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
