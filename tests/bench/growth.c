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
         {"pending-capacity", 0, true, NULL, 3, 60, 1, false, 0, false, false}},
        {"  12 pools", {"pending-capacity", 0, true, NULL, 12, 60, 1, false, 0, false, false}},
        {"  12 pools, 240 units",
         {"pending-capacity", 0, true, NULL, 12, 240, 1, false, 0, false, false}},
        {"  12 pools, 960 units",
         {"pending-capacity", 0, true, NULL, 12, 960, 1, false, 0, false, false}},
        {"  12 pools, 3,840 units",
         {"pending-capacity", 0, true, NULL, 12, 3840, 1, false, 0, false, false}},
        {"  12 pools, 240 units, 10 years in one",
         {"pending-capacity", 0, true, NULL, 12, 240, 10, false, 0, false, false}},
        {"years, stepped: 3 pools, 60 units",
         {"pending-capacity", 0, false, NULL, 3, 60, 1, false, 0, false, false}},
        {"  12 pools", {"pending-capacity", 0, false, NULL, 12, 60, 1, false, 0, false, false}},
        {"  12 pools, 240 units",
         {"pending-capacity", 0, false, NULL, 12, 240, 1, false, 0, false, false}},
        {"  12 pools, 3,840 units",
         {"pending-capacity", 0, false, NULL, 12, 3840, 1, false, 0, false, false}},
        {"  12 pools, 240 units, 3 years in one",
         {"pending-capacity", 0, false, NULL, 12, 240, 3, false, 0, false, false}},
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
    int points;
    const char *over;    /* options: what is swept, and over which year */
    const char *threads; /* at most so many runs at once; NULL: as many as there are cores */
};

/* The program itself: its start and reading are part of it. */
static double sweep_points(struct job_clock *clock, const void *argument)
{
    const struct sweep_job *job = argument;
    char *database = memory_format("%s/sweep.db", job->folder);
    char *command = memory_format(
        "'" BALLAST_PROGRAM "' sweep '" BALLAST_SOURCE_DIR
        "/examples/quickstart/scenario.json' --db '%s' --json %s%s %s >/dev/null",
        database, job->threads ? "--threads " : "", job->threads ? job->threads : "", job->over);
    unlink(database);
    job_start(clock);
    int status = system(command);
    job_stop(clock);
    if (status != 0)
        job_fail("a sweep failed");
    unlink(database);
    free(command);
    free(database);
    return job->points;
}

static void bench_points(int runs, const char *folder)
{
    static const struct sweep_job jobs[] = {
        {NULL, 10, "--vary backup_group.group.DefaultCooldown=1:10:1", NULL},
        {NULL, 100, "--vary backup_group.group.DefaultCooldown=1:100:1", NULL},
        {NULL, 1000, "--vary backup_group.group.DefaultCooldown=1:1000:1", NULL},
        {NULL, 10000, "--vary backup_group.group.DefaultCooldown=1:10000:1", NULL},
    };
    double first = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(jobs); i++) {
        struct sweep_job job = jobs[i];
        job.folder = folder;
        struct measured measured = measure(sweep_points, &job, runs);
        char what[96];
        char beside[96];
        first = i == 0 ? measured.median : first;
        snprintf(what, sizeof what, "points of a sweep of half a year, recorded: %d", job.points);
        snprintf(beside, sizeof beside, "a point costs %.2f times that of %d",
                 first / measured.median, jobs[0].points);
        tell(what, measured, beside);
    }
}

#define YEAR "--set from=2016-01-03 --set to=2017-01-02 "
#define SHAPE(every_s)                                                                             \
    "--set 'demand={\"shape\":{\"mean\":32,\"noise_permille\":200,\"every_s\":" every_s "}}' "
#define FOLLOWED "--set modify_spot_fleet='\"follow-demand\"' "
#define COOLDOWNS_AND_WINDOWS                                                                      \
    "--vary backup_group.group.DefaultCooldown=60:6000:60 "                                        \
    "--vary policy.parameters.window_s=60:6000:60"
/* Every point has a fleet of its own, and shares no more than the prices. */
#define LAUNCH_DELAYS "--vary account.spot_launch_delay_s=1:1000:1"

/* Points of one fleet, which are run in batches. */
static void bench_sweeps_of_one_fleet(int runs, const char *folder)
{
    static const struct {
        const char *what;
        const char *over;
    } rows[] = {
        {"demand constant", YEAR COOLDOWNS_AND_WINDOWS},
        {"demand every hour", YEAR SHAPE("3600") COOLDOWNS_AND_WINDOWS},
        {"demand every 5 min", YEAR SHAPE("300") COOLDOWNS_AND_WINDOWS},
        {"demand every minute", YEAR SHAPE("60") COOLDOWNS_AND_WINDOWS},
        {"demand and target every 5 min", YEAR SHAPE("300") FOLLOWED COOLDOWNS_AND_WINDOWS},
    };
    enum { POINTS = 10000 };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct sweep_job job = {folder, POINTS, rows[i].over, NULL};
        struct measured measured = measure(sweep_points, &job, runs);
        char what[96];
        char beside[96];
        snprintf(what, sizeof what, "a sweep of %d points of a year: %s", POINTS, rows[i].what);
        snprintf(beside, sizeof beside, "%.1f s, all cores", POINTS / measured.median);
        tell(what, measured, beside);
    }
}

/* Points of many fleets, each a run of its own: on one core, and on all. */
static void bench_sweeps_of_many_fleets(int runs, const char *folder)
{
    static const struct {
        const char *what;
        const char *over;
    } rows[] = {
        {"demand every 5 min", YEAR SHAPE("300") LAUNCH_DELAYS},
        {"demand and target every 5 min", YEAR SHAPE("300") FOLLOWED LAUNCH_DELAYS},
    };
    enum { POINTS = 1000 };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct sweep_job job = {folder, POINTS, rows[i].over, "1"};
        struct measured one = measure(sweep_points, &job, runs);
        job.threads = NULL;
        struct measured all = measure(sweep_points, &job, runs);
        char what[96];
        char beside[96];
        snprintf(what, sizeof what, "%d fleets, a year each: %s", POINTS, rows[i].what);
        snprintf(beside, sizeof beside, "%.2f times one core's (%.0f); 10,000 in %.0f s",
                 all.median / one.median, one.median, 10000 / all.median);
        tell(what, all, beside);
    }
}

void bench_sweeps(int runs, const char *folder)
{
    bench_sweeps_of_one_fleet(runs, folder);
    bench_sweeps_of_many_fleets(runs, folder);
}

void bench_growth(int runs, const char *folder)
{
    bench_years_of_all_sizes(runs);
    bench_points(runs, folder);
}
