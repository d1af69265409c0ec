/* Benchmarks: each job runs in a process of its own, several times; what is told is the median.
 *
 * A job does its own preparation, calls job_start, does the work, calls job_stop, and returns how
 * much it did. Peak memory is that of the job's process: all of it, preparation included.
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RUNS_AT_MOST = 100 };

/* What one run of a job tells, through a pipe. */
struct job_clock {
    bool processor; /* count the processor's time, which work beside it does not lengthen; to be
                       set before the start */
    double started;
    double seconds; /* between start and stop */
};

void job_start(struct job_clock *clock);
void job_stop(struct job_clock *clock);

/* Do the work once; returns the number of things done. Exits with a message if it cannot. */
typedef double job_function(struct job_clock *clock, const void *argument);

struct measured {
    double median; /* things per second */
    double lowest;
    double highest;
    long peak_kib; /* largest of all runs */
};

/* Run the job `runs` times, one after the other. */
struct measured measure(job_function *job, const void *argument, int runs);

/* A row of the table; `beside` is the last column. */
void tell(const char *what, struct measured measured, const char *beside);

/* End the job's process with a message. */
void job_fail(const char *what) __attribute__((noreturn));

/* ---- limits of this machine (limits.c)
 * ------------------------------------------------------------ */

double scan_records(struct job_clock *clock, const void *unused); /* of a year's tape */
/* Events out of the simulator's queue and into it again, `*pending` of them waiting. */
double pass_events(struct job_clock *clock, const void *pending);
/* Rows of three columns into a table without an index, one transaction; `folder` is where. */
double insert_rows(struct job_clock *clock, const void *folder);

/* ---- simulated years (year.c)
 * -------------------------------------------------------------------- */

struct year {
    const char *policy;
    int64_t demand_every_s; /* a new demand that often; 0: it is constant */
    bool skipping;          /* else every evaluation is made */
    const char *results;    /* record into this database, removed before each run; NULL: nowhere */
    size_t pools;           /* 1 to 12; 0: 12 */
    int64_t target;         /* units, of 4 an instance; 0: 240 */
    int years;              /* 0: one */
    bool target_stays;      /* demand moves and the fleet's target does not */
    int lanes;              /* with simulate_batch: runs of one year that have one fleet, */
    bool windows;           /* and differ in the policy's window; else in the group's cooldown */
    bool drawn_delay;       /* each period's points come 5 to 25 s late; else all of them 15 s */
};
double simulate_years(struct job_clock *clock, const void *year);
/* The same year so many times in a batch (sim/batch.h); all that is shared is made anew. */
double simulate_batch(struct job_clock *clock, const void *year);
/* How often the policy is asked and prices change in one such year. */
void year_size(const struct year *year, int64_t *out_evaluations, size_t *out_changes);

/* Rows for batches of 64 runs, and for what one more run costs (batches.c). */
void bench_batches(int runs);

/* ---- how cost grows (growth.c)
 * --------------------------------------------------------------------- */

/* Rows for more pools, instances, years and points of a sweep, whose database is made in `folder`.
 */
void bench_growth(int runs, const char *folder);
/* Rows for sweeps of a year, by the clock: points of one fleet, and of a fleet each. */
void bench_sweeps(int runs, const char *folder);

/* ---- importing (import.c)
 * ------------------------------------------------------------------------- */

enum { IMPORT_RECORDS = 2000000 };

struct import_job {
    const char *file;
    const char *database; /* removed before each run */
};
/* Write IMPORT_RECORDS price records as a headerless TSV dump, or as the JSON that the AWS CLI
 * prints. */
void write_tsv(const char *file);
void write_aws_json(const char *file);
double import_records(struct job_clock *clock, const void *import_job);

/* ---- beside SimPy (beside_simpy.c)
 * ----------------------------------------------------------------- */

/* Rows for SimPy, stepping and skipping, of years of simpy/world.py, written to `file`. Ends with a
 * message where the two programs' figures differ. `python` has SimPy 4; NULL: a line says that
 * there is none. */
void bench_simpy(int runs, const char *python, const char *file);

#endif
