/* How the cost of a simulation grows with what is in it. */
#include "base/memory.h"
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A year's cost beside the first row's, which is the smallest. */
static void bench_years_of_all_sizes(int runs)
{
    static const struct {
        const char *what;
        struct year year;
    } rows[] = {
        {"years, skipping: 3 pools, 60 units",
         {"pending-capacity", 0, true, NULL, 3, 60, 1, false, 0, false}},
        {"  12 pools", {"pending-capacity", 0, true, NULL, 12, 60, 1, false, 0, false}},
        {"  12 pools, 240 units", {"pending-capacity", 0, true, NULL, 12, 240, 1, false, 0, false}},
        {"  12 pools, 960 units", {"pending-capacity", 0, true, NULL, 12, 960, 1, false, 0, false}},
        {"  12 pools, 3,840 units",
         {"pending-capacity", 0, true, NULL, 12, 3840, 1, false, 0, false}},
        {"  12 pools, 240 units, 10 years in one",
         {"pending-capacity", 0, true, NULL, 12, 240, 10, false, 0, false}},
        {"years, stepped: 3 pools, 60 units",
         {"pending-capacity", 0, false, NULL, 3, 60, 1, false, 0, false}},
        {"  12 pools", {"pending-capacity", 0, false, NULL, 12, 60, 1, false, 0, false}},
        {"  12 pools, 240 units",
         {"pending-capacity", 0, false, NULL, 12, 240, 1, false, 0, false}},
        {"  12 pools, 3,840 units",
         {"pending-capacity", 0, false, NULL, 12, 3840, 1, false, 0, false}},
        {"  12 pools, 240 units, 3 years in one",
         {"pending-capacity", 0, false, NULL, 12, 240, 3, false, 0, false}},
    };
    double smallest = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct measured measured = measure(simulate_years, &rows[i].year, runs);
        char beside[96];
        if (i == 0 || rows[i].year.skipping != rows[i - 1].year.skipping)
            smallest = measured.median;
        snprintf(beside, sizeof beside, "a year costs %.1f times the smallest",
                 smallest / measured.median);
        tell(rows[i].what, measured, beside);
    }
}

struct sweep_job {
    const char *folder;
    int points;         /* of cooldowns, or */
    const char *demand; /* 10,000 of a year with this demand */
};

/* The program itself, on all cores: its start and reading are part of it. */
static double sweep_points(struct job_clock *clock, const void *argument)
{
    const struct sweep_job *job = argument;
    char *database = memory_format("%s/sweep.db", job->folder);
    char *space =
        job->demand
            ? memory_format("--set from=2016-01-03 --set to=2017-01-02 %s "
                            "--vary backup_group.group.DefaultCooldown=60:6000:60 "
                            "--vary policy.parameters.window_s=60:6000:60",
                            job->demand)
            : memory_format("--vary backup_group.group.DefaultCooldown=1:%d:1", job->points);
    char *command = memory_format("'" BALLAST_PROGRAM "' sweep '" BALLAST_SOURCE_DIR
                                  "/examples/quickstart/scenario.json' --db '%s' --json %s "
                                  ">/dev/null",
                                  database, space);
    unlink(database);
    job_start(clock);
    int status = system(command);
    job_stop(clock);
    if (status != 0)
        job_fail("a sweep failed");
    unlink(database);
    free(command);
    free(space);
    free(database);
    return job->points;
}

static void bench_points(int runs, const char *folder)
{
    static const int sizes[] = {10, 100, 1000, 10000};
    double first = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
        struct sweep_job job = {.folder = folder, .points = sizes[i]};
        struct measured measured = measure(sweep_points, &job, runs);
        char what[96];
        char beside[96];
        first = i == 0 ? measured.median : first;
        snprintf(what, sizeof what, "points of a sweep of half a year, recorded: %d", sizes[i]);
        snprintf(beside, sizeof beside, "a point costs %.2f times that of %d",
                 first / measured.median, sizes[0]);
        tell(what, measured, beside);
    }
}

#define SHAPE(every_s)                                                                             \
    "--set 'demand={\"shape\":{\"mean\":32,\"noise_permille\":200,\"every_s\":" every_s "}}' "

void bench_sweeps(int runs, const char *folder)
{
    static const struct {
        const char *what;
        const char *demand;
    } rows[] = {
        {"demand constant", ""},
        {"demand every hour", SHAPE("3600")},
        {"demand every 5 min", SHAPE("300")},
        {"demand every minute", SHAPE("60")},
        {"demand and target every 5 min",
         SHAPE("300") "--set modify_spot_fleet='\"follow-demand\"'"},
    };
    enum { POINTS = 10000 };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct sweep_job job = {.folder = folder, .points = POINTS, .demand = rows[i].demand};
        struct measured measured = measure(sweep_points, &job, runs);
        char what[96];
        char beside[96];
        snprintf(what, sizeof what, "a sweep of %d points of a year: %s", POINTS, rows[i].what);
        snprintf(beside, sizeof beside, "%.1f s, all cores", POINTS / measured.median);
        tell(what, measured, beside);
    }
}

void bench_growth(int runs, const char *folder)
{
    bench_years_of_all_sizes(runs);
    bench_points(runs, folder);
}
