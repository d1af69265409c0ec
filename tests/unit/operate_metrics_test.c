/* The figures for Prometheus, and what is made of a file that is there already. */
#include "base/memory.h"
#include "operate/metrics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    char path[64];
    struct live_metrics metrics;
};

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof *f);
    strcpy(f->path, "/tmp/ballast-metrics-XXXXXX");
    int file = mkstemp(f->path);
    assert_true(file >= 0);
    close(file);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    metrics_close(&f->metrics);
    unlink(f->path);
    free(f);
    return 0;
}

static void put(const struct fixture *f, const char *text)
{
    FILE *file = fopen(f->path, "we");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* Does the file have this line? */
static bool says(const struct fixture *f, const char *line)
{
    char text[16384];
    FILE *file = fopen(f->path, "re");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    char *whole = memory_format("\n%s\n", line);
    bool found = strstr(text, whole) != NULL;
    free(whole);
    return found;
}

static void write_one(struct fixture *f, int64_t due_s)
{
    struct error err = {0};
    const struct metrics_end end = {
        .due_s = due_s, .now_s = due_s + 1, .duration_ms = 1500, .mode = "shadow"};
    f->metrics.every_s = 60;
    assert_int_equal(metrics_write(&f->metrics, &end, &err), STATUS_OK);
}

static void goes_on_where_it_was(void **state)
{
    struct fixture *f = *state;
    metrics_open(&f->metrics, f->path, "sfr-1", "g");
    write_one(f, 600);
    write_one(f, 660);
    assert_true(says(f, "ballast_evaluations_total{fleet=\"sfr-1\",group=\"g\"} 2"));
    assert_true(says(f, "ballast_missed_evaluations_total{fleet=\"sfr-1\",group=\"g\"} 0"));
    assert_true(says(f, "ballast_evaluation_duration_seconds{fleet=\"sfr-1\",group=\"g\"} 1.5"));
    metrics_close(&f->metrics);
    metrics_open(&f->metrics, f->path, "sfr-1", "g");
    write_one(f, 900); /* 720, 780 and 840 were passed over */
    assert_true(says(f, "ballast_evaluations_total{fleet=\"sfr-1\",group=\"g\"} 3"));
    assert_true(says(f, "ballast_missed_evaluations_total{fleet=\"sfr-1\",group=\"g\"} 3"));
    /* The clock was set back: nothing was missed. */
    write_one(f, 60);
    assert_true(says(f, "ballast_missed_evaluations_total{fleet=\"sfr-1\",group=\"g\"} 3"));
    /* Another group's figures are not ours. */
    metrics_close(&f->metrics);
    metrics_open(&f->metrics, f->path, "sfr-1", "h");
    write_one(f, 60);
    assert_true(says(f, "ballast_evaluations_total{fleet=\"sfr-1\",group=\"h\"} 1"));
}

static void names_are_escaped(void **state)
{
    struct fixture *f = *state;
    metrics_open(&f->metrics, f->path, "sfr-1", "a\"b\\c\nd");
    write_one(f, 600);
    write_one(f, 660);
    assert_true(says(f, "ballast_evaluations_total{fleet=\"sfr-1\",group=\"a\\\"b\\\\c\\nd\"} 2"));
    metrics_close(&f->metrics);
    metrics_open(&f->metrics, f->path, "sfr-1", "a\"b\\c\nd");
    write_one(f, 720);
    assert_true(says(f, "ballast_evaluations_total{fleet=\"sfr-1\",group=\"a\\\"b\\\\c\\nd\"} 3"));
}

static void nonsense_counts_as_nothing(void **state)
{
    struct fixture *f = *state;
    put(f, "\nballast_evaluations_total{fleet=\"sfr-1\",group=\"g\"} many"
           "\nballast_failed_calls_total{fleet=\"sfr-1\",group=\"g\"} -4"
           "\nballast_missed_evaluations_total{fleet=\"sfr-1\",group=\"g\"} 99999999999999999999"
           "\nballast_last_evaluation_due_timestamp_seconds{fleet=\"sfr-1\",group=\"g\"} ");
    metrics_open(&f->metrics, f->path, "sfr-1", "g");
    write_one(f, 600);
    assert_true(says(f, "ballast_evaluations_total{fleet=\"sfr-1\",group=\"g\"} 1"));
    assert_true(says(f, "ballast_failed_calls_total{fleet=\"sfr-1\",group=\"g\"} 0"));
    assert_true(says(f, "ballast_missed_evaluations_total{fleet=\"sfr-1\",group=\"g\"} 0"));
}

static void a_price_that_is_missing_leaves_no_sum(void **state)
{
    struct fixture *f = *state;
    struct aws_spot_price prices[] = {
        {.zone = "a",
         .instance_type = "m5.large",
         .product = "Linux/UNIX",
         .time_s = 100,
         .micro_usd_per_hour = 20000},
        {.zone = "a",
         .instance_type = "m5.large",
         .product = "Linux/UNIX",
         .time_s = 200,
         .micro_usd_per_hour = 30000},
        {.zone = "a",
         .instance_type = "m5.large",
         .product = "Windows",
         .time_s = 300,
         .micro_usd_per_hour = 90000},
    };
    struct aws_spot_instance instances[] = {
        {.instance_id = "i-1", .instance_type = "m5.large", .zone = "a"},
        {.instance_id = "i-2", .instance_type = "m5.large", .zone = "a"},
        {.instance_id = "i-3", .instance_type = "m5.large", .zone = "b"},
    };
    struct live_watched watched = {
        .prices = prices, .price_count = 3, .instances = instances, .instance_count = 2};
    metrics_open(&f->metrics, f->path, "sfr-1", "g");
    metrics_spend(&f->metrics, &watched, "Linux/UNIX", 400);
    write_one(f, 600);
    assert_true(
        says(f, "ballast_spend_usd_per_hour{fleet=\"sfr-1\",group=\"g\",kind=\"spot\"} 0.06"));
    watched.instance_count = 3;
    metrics_spend(&f->metrics, &watched, "Linux/UNIX", 460);
    assert_int_equal(f->metrics.spot_micro_usd_per_hour, BALLAST_UNKNOWN);
    assert_int_equal(f->metrics.looked_s, 460);
}

static void a_device_stays_one(void **state)
{
    struct fixture *f = *state;
    struct stat info;
    remove(f->path);
    assert_int_equal(symlink("/dev/null", f->path), 0);
    metrics_open(&f->metrics, f->path, "sfr-1", "g");
    write_one(f, 600);
    assert_int_equal(lstat(f->path, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(goes_on_where_it_was, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_are_escaped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nonsense_counts_as_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_price_that_is_missing_leaves_no_sum, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_device_stays_one, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
