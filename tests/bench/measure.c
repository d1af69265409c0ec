#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_seconds(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static clockid_t id_of(const struct job_clock *clock)
{
    return clock->processor ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC;
}

void job_start(struct job_clock *clock)
{
    clock->started = now_seconds(id_of(clock));
}

void job_stop(struct job_clock *clock)
{
    clock->seconds = now_seconds(id_of(clock)) - clock->started;
}

void job_fail(const char *what)
{
    fprintf(stderr, "ballast_bench: %s\n", what);
    exit(3);
}

/* One run in a child; returns things per second. */
static double run_once(job_function *job, const void *argument, long *out_peak_kib)
{
    int ends[2];
    if (pipe(ends) != 0)
        job_fail("no pipe");
    fflush(stdout);
    pid_t child = fork();
    if (child < 0)
        job_fail("no process");
    if (child == 0) {
        struct job_clock clock = {0};
        double done = job(&clock, argument);
        double rate = done / clock.seconds;
        _exit(write(ends[1], &rate, sizeof rate) == sizeof rate ? 0 : 3);
    }
    close(ends[1]);
    double rate = 0;
    ssize_t got = read(ends[0], &rate, sizeof rate);
    close(ends[0]);
    int status = 0;
    struct rusage usage;
    if (wait4(child, &status, 0, &usage) != child || status != 0 || got != sizeof rate)
        job_fail("a job failed");
    *out_peak_kib = usage.ru_maxrss;
    return rate;
}

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

struct measured measure(job_function *job, const void *argument, int runs)
{
    double rates[RUNS_AT_MOST];
    struct measured result = {0};
    for (int i = 0; i < runs; i++) {
        long peak_kib = 0;
        rates[i] = run_once(job, argument, &peak_kib);
        if (peak_kib > result.peak_kib)
            result.peak_kib = peak_kib;
    }
    qsort(rates, (size_t)runs, sizeof rates[0], by_size);
    result.lowest = rates[0];
    result.highest = rates[runs - 1];
    result.median = (rates[(runs - 1) / 2] + rates[runs / 2]) / 2;
    return result;
}
