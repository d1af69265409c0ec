/* Comparisons: two sides, old and new, over the same worlds.
 *
 * A side is a scenario file, run here with what its options change, or a run that a results
 * database holds. A world is what no side can change: the traces, the demand, the span and the
 * seed. Both sides run in each world; what is drawn in it is drawn by keys (sim/draw.h), so both
 * meet the same luck. That a world is the same for both is checked by what identifies it, and
 * refused where it is not (compare_check).
 *
 *     compare_run ─► { worlds, what differs } ─► compare_judge ─► { figures, warnings }
 *
 * docs/compare.md has the rules. Results are the same for any number of threads.
 */
#ifndef STUDY_COMPARE_H
#define STUDY_COMPARE_H

#include "record/database.h"
#include "scenario/scenario.h"
#include "study/divergence.h"
#include "study/shortage.h"
#include "study/statistics.h"

enum { COMPARE_OLD = 0, COMPARE_NEW, COMPARE_SIDES };

/* "old", "new" */
extern const char *const compare_side_names[COMPARE_SIDES];

/* What the user says of one side. Borrowed. */
struct compare_source {
    const char *path;   /* SCENARIO ("-": standard input), or RESULTS.db[#RUN] */
    const char *policy; /* NAME[:PRESET], or NULL: the scenario's */
    const struct scenario_override *overrides;
    size_t override_count;
};

/* What makes several worlds of a scenario. */
enum compare_worlds {
    COMPARE_ITSELF = 0, /* one world: as it is */
    COMPARE_SEEDS,      /* one for each of seed_count seeds, from seed_from on */
    COMPARE_WINDOWS,    /* one for each window_s of its measured span, one after the other */
    COMPARE_MONTHS,     /* ... for each calendar month (UTC) that lies in it whole */
    COMPARE_RECORDED,   /* those of the runs in two results databases; not to be asked for */
};

struct compare_request {
    struct compare_source sources[COMPARE_SIDES];
    enum compare_worlds kind;
    uint64_t seed_from;
    size_t seed_count; /* at least 1 */
    int64_t window_s;  /* above 0 */
    int64_t lead_s;    /* the run of a window begins so long before it is measured, but not before
                          the scenario's `from` */
    bool recorded;     /* refuse scenario files: both sides are to be recorded runs */
    size_t threads;    /* 0: one for each core */
    /* Told after each world how many are done of how many; one call at a time. May be NULL. */
    void (*progress)(size_t done, size_t count, void *context);
    void *context;
};

struct compare_run {
    struct figures figures;
    struct shortages shortages;
    struct trail trail; /* empty once the sides were set against each other */
    char trace_hash[HASH_TEXT_SIZE];
    char demand_hash[HASH_TEXT_SIZE];
};

/* One pair of runs: of a world, and with COMPARE_RECORDED at a point of it, which is a group. */
struct compare_world {
    char *name;   /* "seed 7", "2015-03-12 to 2015-03-19" */
    char *point;  /* "policy.parameters.window_s=600", or "" */
    size_t group; /* the world's number: pairs of one group differ in their points */
    int64_t numbers[COMPARE_SIDES]; /* of recorded runs */
    uint64_t seed;
    int64_t begin_s; /* of the run */
    int64_t from_s;  /* measured, to the run's end */
    int64_t to_s;
    struct compare_run runs[COMPARE_SIDES];
    struct divergence divergence; /* of old and new */
    bool repeats; /* one of an earlier world at the same point, to the last digit of every figure:
                     a world of such only is not counted */
};

struct compare_side {
    char *path;     /* as the user wrote it */
    char *text;     /* of the scenario file, or the recorded scenario */
    char *folder;   /* its relative paths start here */
    char *policy;   /* NULL: the scenario's */
    bool recorded;  /* in a results database: */
    bool swept;     /* ... points of a sweep, not runs */
    char *bare;     /* ... why `scenario` lacks what was varied; NULL: it does not */
    char *database; /* its path */
    int64_t run;
    char *version; /* of the program that made it; "" unless recorded */
    const struct compare_source *source;
    bool seeds;               /* its seed is the world's */
    struct scenario scenario; /* of the first world */
};

/* One value that is other on one side than on the other. Texts are JSON; NULL: not there. */
struct compare_difference {
    const char *path; /* all borrowed from the sides' scenarios */
    const char *values[COMPARE_SIDES];
};

/* One figure over all worlds. */
struct compare_figure {
    enum figure figure;
    struct paired_result result; /* over the counted worlds where both sides have it */
    size_t largest_at;           /* the world of result.largest */
    bool claimed;                /* worlds enough for a claim, and the difference is significant */
    bool holds;                  /* ... also with Holm's correction for all figures */
};

struct comparison {
    enum compare_worlds kind;
    struct compare_side sides[COMPARE_SIDES];
    struct compare_world *worlds;
    size_t world_count;
    size_t group_count; /* of worlds: n */
    int64_t left_out_s; /* of the measured span, in no window */
    struct compare_difference *differences;
    size_t difference_count;
    char **warnings; /* one line each */
    size_t warning_count;

    /* compare_judge */
    struct compare_figure *figures;
    size_t figure_count;
    size_t parted;   /* worlds in which decisions or their outcomes part */
    size_t counted;  /* worlds that repeat no other */
    size_t tested;   /* figures that differ in any world */
    bool one_market; /* all worlds have the same traces at the same time */
    size_t episodes[COMPARE_SIDES];
    size_t independent_episodes; /* of both sides together; of one, if that shows more */
};

/* Run, or read, both sides in all worlds. To be cleaned up also after an error. */
int compare_run(struct comparison *out, const struct compare_request *request, struct error *err);

/* Judge the figures whose names match one of `patterns` (as in the shell; none: all), in the order
 * of record/figures.h. A pattern that matches none is STATUS_BAD_INPUT. */
int compare_judge(struct comparison *comparison, const char *const *patterns, size_t pattern_count,
                  struct error *err);

void compare_clean_up(struct comparison *comparison);

/* Open one side in one world, to simulate it again. A recorded run whose traces are others by now
 * is STATUS_BAD_INPUT. On error nothing needs cleaning up. */
int compare_open(const struct comparison *comparison, size_t which, size_t world,
                 struct scenario *out_scenario, struct trace_set *out_traces, struct error *err);

/* ---- inside study/ ----------------------------------------------------------------------------
 */

/* What differs between the sides' scenarios, and whether their worlds may be compared at all: other
 * spans, seeds, demands, or other traces for the same pools are STATUS_BAD_INPUT; what else is not
 * the policy's or the backup's becomes a warning. */
int compare_check(struct comparison *comparison, struct error *err);
/* The same traces and demand on both sides of a world? `world` is its index. */
int compare_check_world(const struct comparison *comparison, size_t world, struct error *err);

/* Make the worlds, from the sides' scenarios: windows that do not fit are STATUS_BAD_INPUT. */
int compare_plan(struct comparison *comparison, const struct compare_request *request,
                 struct error *err);
/* Read one side's scenario for a world. */
int compare_parse(const struct comparison *comparison, const struct compare_side *side,
                  const struct compare_world *world, struct scenario *out_scenario,
                  struct error *err);

/* Does a value of this path make the world, rather than what is done in it; or nothing at all? */
bool compare_is_of_world(const char *path);

/* The world of a side that is one run of a results database, and its scenario. */
int compare_read_recorded(struct compare_side *side, struct compare_world *world, size_t which,
                          struct error *err);
/* Both sides' runs, paired: the worlds, and the sides' scenarios. */
int compare_pair(struct comparison *comparison, struct error *err);
/* Pieces of these. The numbers are to be freed. */
int compare_runs_of(const struct compare_side *side, struct results *results, int64_t **out_numbers,
                    size_t *out_count, struct error *err);
int compare_read_trail(struct results *results, struct compare_world *world, size_t which,
                       struct error *err);
void compare_take_hashes(const struct stored_run *stored, struct compare_run *out_run);
int compare_parse_recorded(const struct compare_side *side, int64_t number,
                           struct scenario *out_scenario, struct error *err);
/* Set the sides' trails against each other, and forget them. */
void compare_part(struct compare_world *world);

void compare_warn(struct comparison *comparison, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
