/* Tuning: which point of a space is best, and whether what was found holds beyond where it was
 * found.
 *
 * The measured span is cut into windows, each a run of its own; a WORLD is one window at one seed.
 * Every point runs in every world. What a point comes to in a set of worlds is the sum of its
 * figures over them (of worst_shortfall_units the largest), put on the whole of all windows: times
 * their length, divided by that of the set's worlds. So limits that are amounts mean the same for a
 * month and for a year, and several seeds are a mean.
 *
 *     tune_run ─► figures of every point in every world ─► tune_judge ─► { best, front, walk }
 *
 * WALK FORWARD: for each window from the middle on, the best point of the windows before it is
 * judged on that window, which had no say in choosing it.
 *
 * NARROWING: once all points of the grid have run, each past (the windows before a judged one, and
 * all windows) has points added around its own best, halfway to the values beside it, round by
 * round. A fold chooses from the grid and what its own past added.
 *
 * STOPPING EARLY: a point is not run in further worlds once it can no longer be chosen. Cost and
 * unfulfilled capacity only grow as worlds are added, so what it has come to in some worlds, and in
 * the others the spot that every point pays alike, is the least it can come to. Where that is worse
 * than what a point that has run everywhere comes to in the same windows, in each past and in the
 * judged windows together, nothing that is left can change it.
 *
 * Integers only; results are the same for any number of threads. docs/tune.md has the rules.
 */
#ifndef STUDY_TUNE_H
#define STUDY_TUNE_H

#include "record/condition.h"
#include "record/database.h"
#include "scenario/scenario.h"
#include "study/front.h"
#include "study/grid.h"
#include "study/windows.h"

enum {
    TUNE_OBJECTIVES_MOST = 4,
    TUNE_EPISODES_LEAST = 10, /* with fewer independent shortages nothing is recommended */
};

#define TUNE_NONE SIZE_MAX /* no point */

/* What is to be the same as if every point ran in every world. */
enum tune_stop_early {
    TUNE_STOP_NOT,  /* all: they do */
    TUNE_STOP_BEST, /* every choice: the best point, those of the walk and the one in hindsight */
    TUNE_STOP_FRONT /* these, and the front of cost against unfulfilled capacity */
};

/* What is asked for. Borrowed. */
struct tune_request {
    const char *path;                          /* the scenario file, read once for each seed */
    const struct scenario_override *overrides; /* of all points */
    size_t override_count;
    const char *policy; /* of all points, or NULL */
    struct grid *grid;  /* drawn; narrowing adds to it */
    size_t narrow;      /* rounds */
    enum tune_stop_early stop_early;
    bool in_sample;   /* no windows: the span as a whole, and no walk */
    int64_t window_s; /* 0: calendar months */
    int64_t lead_s;   /* a window's run begins so long before it is measured */
    size_t train;     /* windows to tune on in the walk; 0: all before */
    uint64_t seed_from;
    size_t seed_count;                  /* 0: the scenario's own seed */
    const struct condition *objectives; /* sums, each to be as small as can be */
    size_t objective_count;             /* 1 to TUNE_OBJECTIVES_MOST */
    const struct condition *limits;     /* all to hold */
    size_t limit_count;
    size_t bootstrap; /* resamples */
    uint64_t bootstrap_seed;
    const char *version; /* of the program */
    bool stepping;
    size_t threads; /* 0: one for each core */

    /* All but `stopped` are called one at a time. */
    bool (*stopped)(void *context); /* asked before each run: true ends the work; may be NULL */
    int (*find)(const char *key, struct figures *out_figures, bool *out_found, void *context,
                struct error *err);
    int (*take)(const char *key, const struct figures *figures, void *context, struct error *err);
    void (*progress)(size_t done, size_t count, void *context);
    void *context;
};

struct tune_world {
    struct window window;
    size_t window_index;
    uint64_t seed;
    int64_t begin_s; /* of its run */
    char trace_hash[HASH_TEXT_SIZE];
};

/* What a point comes to in a set of worlds, on the whole of all windows. */
struct tune_outcome {
    int128 objectives[TUNE_OBJECTIVES_MOST]; /* in millionths of what the sum is in */
    int128 cost_micro_usd;
    int128 unfulfilled_micro_unit_s;
    bool meets; /* all limits */
};

/* A point that was stopped. */
struct tune_stop {
    size_t runs; /* made of it, in the order of tune_order_worlds; 0: it was not stopped */
    size_t by; /* the point that is better over all windows than it was by then; TUNE_NONE: over all
                  windows it can no longer meet the limits */
};

/* Windows that choose, and what they added to the grid. */
struct tune_past {
    size_t first; /* windows [first, end) */
    size_t end;
    size_t *points; /* added around its best */
    size_t count;
    size_t capacity;
};

/* One step of the walk: chosen on some windows, judged on the next. */
struct tune_fold {
    size_t first;                 /* windows [first, judged) chose */
    size_t judged;                /* the window */
    size_t point;                 /* TUNE_NONE: none met the limits */
    struct tune_outcome promised; /* the point's, where it was chosen */
    struct tune_outcome got;      /* in the judged window */
};

/* The judged windows together, those without a point left out. */
struct tune_walk {
    struct tune_fold *folds;
    size_t count;
    size_t judged;                 /* folds with a point */
    struct tune_outcome promised;  /* the mean of what was promised */
    struct tune_outcome got;       /* out of sample */
    struct tune_outcome hindsight; /* in sample: the one point that is best on these same windows */
    size_t hindsight_point;        /* TUNE_NONE: none meets the limits there */
};

/* With one value of a dimension, all else free: of the grid's points, before narrowing. */
struct tune_reach {
    bool tried;                              /* there is such a point, */
    bool any;                                /* and one that meets the limits: */
    int128 objectives[TUNE_OBJECTIVES_MOST]; /* the least of each that such a point comes to */
    bool at_least[TUNE_OBJECTIVES_MOST];     /* that, or more: it is of a point that was stopped */
};

/* A dimension: at the best point, and beyond it. */
struct tune_parameter {
    bool *as_good;            /* by value: with it the outcome is the same, to the last digit */
    size_t as_good_count;     /* with the best point's own */
    size_t tried;             /* other values, with all else as in the best point */
    bool preferred;           /* not all that were tried are as good */
    bool may_go_further;      /* it is, and its number is the least or the most of three or more,
                                 and one beyond it would not be refused */
    struct tune_reach *reach; /* by value */
    /* In the resamples: by its place in the dimension, the value that was chosen, from the lowest
     * to the highest without a fortieth at either end; and how often one that is as good was. */
    size_t low;
    size_t high;
    size_t kept;
};

/* Ninety-five in a hundred of the resamples lie in [low, high]. */
struct tune_interval {
    int128 low;
    int128 high;
};

/* BLOCK BOOTSTRAP: as many windows as there are, drawn with replacement, and as many seeds; the
 * figures of the worlds they make, each as often as it was drawn. */
struct tune_bootstrap {
    size_t count;  /* of resamples; 0: none were made */
    size_t none;   /* in which no point meets the limits */
    size_t unsure; /* in which a point that was stopped might have been chosen */
    struct tune_interval objectives[TUNE_OBJECTIVES_MOST]; /* of the best point of all worlds */
    struct tune_interval cost_micro_usd;
    struct tune_interval unfulfilled_micro_unit_s;
};

struct tune {
    struct scenario_memory *memory; /* what points of the world being run read alike, or NULL */
    struct scenario_memory *files; /* what points are read from, as it was when they were checked */
    const struct tune_request *request;
    struct scenario *scenarios; /* for each seed, nothing varied, the whole span */
    size_t scenario_count;
    char *folder;
    bool follows; /* defaults follow what is varied: each point is read anew before it is cut */
    struct windows windows;
    int64_t span_s;            /* all windows together */
    struct tune_world *worlds; /* window by window, of each all seeds */
    size_t world_count;
    size_t point_count;
    size_t grid_count;       /* of these, the first: the grid's before narrowing */
    struct tune_past *pasts; /* one for each fold, then all windows */
    size_t past_count;
    size_t rounds;   /* of narrowing, that added points */
    size_t left_out; /* points that would have been added, but the scenario refuses them */
    bool used[FIGURE_COUNT_OF_ALL]; /* figures that are kept: */
    size_t used_at[FIGURE_COUNT_OF_ALL];
    size_t used_count;
    int128 *values;               /* point by point, world by world, used_count each */
    bool *known;                  /* likewise */
    char (*keys)[HASH_TEXT_SIZE]; /* point by point, world by world */
    char **own_traces; /* likewise: the hash of traces of its own; NULL: it has the world's */
    size_t own_count;
    size_t computed;                 /* runs that were in no database */
    size_t runs;                     /* with those that were */
    size_t skipped;                  /* not made, for their points were stopped */
    struct tune_stop *stops;         /* by point; NULL: none is stopped early */
    size_t stop_count;               /* points that were */
    bool still[FIGURE_COUNT_OF_ALL]; /* figures that are the same for all points of a world, */
    int128 *still_values;            /* known once a point has run there: world by world */
    bool stopped;

    /* tune_judge */
    struct tune_outcome *outcomes; /* of all worlds, by point */
    size_t best;                   /* TUNE_NONE: none meets the limits */
    size_t *front; /* cost against unfulfilled, by cost; of equal points the first */
    size_t front_count;
    size_t knee; /* index into front; TUNE_NONE: it has none */
    struct tune_walk walk;
    struct tune_parameter *parameters; /* by dimension, where there is a best point */
    struct tune_bootstrap bootstrap;   /* where there is, and more than one world */
    size_t episodes;                   /* independent ones, of the front and the best together */
};

/* Read all points, then run what `find` does not know; then narrow. `stopped` may be set: then
 * nothing may be judged. To be cleaned up also after an error. */
int tune_run(struct tune *out, const struct tune_request *request, struct error *err);

/* Judge. Simulates the points of the front once more, to see their shortages. */
int tune_judge(struct tune *tune, struct error *err);

void tune_clean_up(struct tune *tune);

/* What a point sets in a world, as a JSON object. */
void tune_add_varied(const struct tune *tune, size_t point, const struct tune_world *world,
                     struct text *out);

/* A point with this value: `objectives` are what it comes to, or `at_least`. */
void tune_reach_take(struct tune_reach *reach, const int128 *objectives, size_t count,
                     bool at_least);

/* Of the traces that a point runs on in a world, by number. */
const char *tune_trace_hash(const struct tune *tune, size_t point, size_t world);

/* ---- inside study/ ----------------------------------------------------------------------------
 */

/* What a point comes to in the worlds of windows [first, end). */
int tune_outcome_of(const struct tune *tune, size_t point, size_t first, size_t end,
                    struct tune_outcome *out, struct error *err);
/* Figures summed over worlds, those that are kept; zeroed is none. */
struct tune_sum {
    struct figures figures;
    int64_t seconds; /* measured */
};
/* Add a point's figures in a world, so many times. */
void tune_sum_world(const struct tune *tune, size_t point, size_t world, size_t times,
                    struct tune_sum *sum);
/* Add those of a window, at all seeds. */
void tune_sum_window(const struct tune *tune, size_t point, size_t window, struct tune_sum *sum);
bool tune_is_stopped(const struct tune *tune, size_t point);
/* What a sum of a point (TUNE_NONE: of several) comes to, put on the whole. Of one that was stopped
 * it is the least, and it does not meet the limits: it is not to be chosen. */
int tune_judge_sum(const struct tune *tune, size_t point, const struct tune_sum *sum,
                   struct tune_outcome *out, struct error *err);
/* Its figures, and its outcome without the limits. */
int tune_value_sum(const struct tune *tune, const struct tune_sum *sum, struct figures *out_whole,
                   struct tune_outcome *out, struct error *err);
/* The best of `count` outcomes by index, or TUNE_NONE: of those that meet the limits the one with
 * the least objective; with several objectives the one of their front that is nearest to the ideal.
 */
size_t tune_choose(const struct tune *tune, const struct tune_outcome *outcomes, size_t count);
/* Those that meet the limits and that no other beats in all objectives, ordered by these; to be
 * freed. */
size_t *tune_front_of(const struct tune *tune, const struct tune_outcome *outcomes, size_t count,
                      size_t *out_count);
/* Whether a point of such a front is no worse than `outcome` in any objective and better in one:
 * its index in the front, or TUNE_NONE. */
size_t tune_beaten(const struct tune *tune, const struct tune_outcome *outcomes,
                   const size_t *front, size_t count, const struct tune_outcome *outcome);
/* Cost and unfulfilled capacity of each; to be freed. */
struct front_item *tune_front_items(const struct tune_outcome *outcomes, size_t count);

/* Read the scenario for each seed, cut its windows, make the worlds. */
int tune_plan(struct tune *tune, struct error *err);
/* Fill in `pasts`. */
void tune_plan_pasts(struct tune *tune);
/* Sets `follows`, unless it is set: whether the point is another where its values are set upon what
 * the scenario resolves to, which is quicker, than where they are set before. */
void tune_look_what_follows(struct tune *tune, size_t point);
/* Whether the scenario takes the point with `value` for dimension `d` in the place of its own. */
bool tune_takes(const struct tune *tune, size_t point, size_t d, const char *value);
/* The best of the grid and of what this past added, by what it comes to in the past: its number, or
 * TUNE_NONE, and its outcome. */
int tune_choose_in_past(const struct tune *tune, const struct tune_past *past, size_t *out_point,
                        struct tune_outcome *out, struct error *err);

/* Whether there are two numbers to go between. */
int tune_may_narrow(const struct tune_request *request, struct error *err);
/* Add points round by round, and run them. */
int tune_narrow(struct tune *tune, struct error *err);
/* Run points `from` on in every world, or until they are stopped early; sets `stopped`. */
int tune_run_points(struct tune *tune, size_t from, struct error *err);
/* Run these points in one world; sets `stopped`. */
int tune_run_world(struct tune *tune, size_t world, const size_t *points, size_t count,
                   struct error *err);

/* Whether the objectives only grow as worlds are added: STATUS_BAD_INPUT if not. */
int tune_may_stop(struct tune *tune, struct error *err);
/* The same as tune_run_points, where points are stopped early. */
int tune_race(struct tune *tune, size_t from, struct error *err);
/* In which order worlds are run: windows far apart first, so that each past is seen early. To be
 * freed. */
size_t *tune_order_worlds(const struct tune *tune);
/* Whether the scenario takes the point: STATUS_BAD_INPUT if not. */
int tune_check_point(const struct tune *tune, size_t point, struct error *err);

void tune_judge_parameters(struct tune *tune);
/* Sets their `may_go_further`. */
void tune_look_beyond(struct tune *tune);
int tune_walk_forward(struct tune *tune, struct error *err);
int tune_resample(struct tune *tune, struct error *err);
int tune_count_episodes(struct tune *tune, struct error *err);
/* Put the point before the error's text; its status. */
int tune_name_point(const struct tune *tune, size_t point, const struct tune_world *world,
                    struct error *err);
/* A world as nothing varies it, and the traces that its points load for themselves. */
struct tune_market {
    const struct tune_world *world;
    struct scenario unvaried;
    struct trace_set traces;
    struct sweep_markets *own; /* of points that look for other markets, or say what is loaded */
};
/* On error nothing needs cleaning up. */
int tune_open_market(const struct tune *tune, const struct tune_world *world,
                     struct tune_market *out, struct error *err);
void tune_close_market(struct tune_market *market);
/* A point in a world. */
struct tune_opened {
    struct scenario scenario;
    const struct trace_set *traces;
    bool owns; /* they are not the world's */
};
/* On error nothing needs cleaning up. */
int tune_open(const struct tune *tune, size_t point, const struct tune_market *market,
              struct tune_opened *out, struct error *err);
void tune_close(const struct tune_market *market, struct tune_opened *opened);

#endif
