/* The points of a space, run on all cores over the same market.
 *
 * A point is the scenario read anew with the point's values set, as `ballast run --set` does it.
 * sweep_check reads all of them and finds what identifies each run before the first one is made.
 * The files are read from disk once and kept (scenario_memory), so that all points are of one
 * state of them; whether they still are as they were is looked at as points are run, and at the
 * end. What a point reads from elsewhere (files of policies, its own traces where they are not
 * kept, what is beyond the memory's bounds) is read again for its run, and has to give the same
 * key. Traces are compiled once and shared, read only; points whose values change what is loaded
 * load their own, those with the same values together (sweep_markets.h). The figures are the same
 * for any number of threads.
 *
 *     sweep_check ─► keys ─► (caller: what is known already) ─► sweep_run ─► take(point, figures)
 *
 * Points whose runs have much in common are run in batches (sim/batch.h), with the same figures.
 *
 * Memory: about 250 bytes for a point, 400 while they are checked, what one run needs for each
 * thread, at most about 128 MiB of what runs have in common, and 64 MiB of points' own traces; and
 * what a scenario_memory keeps.
 */
#ifndef STUDY_SWEEP_H
#define STUDY_SWEEP_H

#include "record/database.h"
#include "scenario/scenario.h"
#include "study/grid.h"

/* What is asked for. Borrowed. */
struct sweep_request {
    const char *path; /* the scenario file, read once for each point: not standard input */
    const struct scenario_override *overrides; /* of all points */
    size_t override_count;
    const char *policy;              /* of all points, or NULL */
    const struct grid *grid;         /* drawn */
    const struct scenario *scenario; /* with nothing varied */
    const struct trace_set *traces;  /* its */
    const char *version;             /* of the program */
    bool stepping;
    size_t threads; /* 0: one for each core */
    size_t shard;   /* of the points, those whose number divided by `shards` leaves this are run */
    size_t shards;  /* 1: all of them */

    /* Asked before each point: true ends the work once running points are done. May be NULL. */
    bool (*stopped)(void *context);
    /* Told how many points are read and checked, one call at a time. May be NULL. */
    void (*checked)(size_t done, void *context);
    /* Told of each point that was run, in any order, one call at a time. */
    int (*take)(size_t point, const struct figures *figures, void *context, struct error *err);
    void *context;
};

struct sweep_markets;

struct sweep_point {
    char key[HASH_TEXT_SIZE]; /* of its run */
    char *trace_hash;         /* of its own traces; NULL: it has the request's */
    bool settled;             /* reading it again cannot give another scenario */
    bool skip;                /* not to be run: the caller has it. What other shards run is skipped
                                 by sweep_check, and of points with one key all but the first */
    size_t fleet;             /* equal numbers: the same fleet, which no policy touches, */
    size_t windows;           /* of which the same is needed but for a window: the `needs` of the
                                 first of them, */
    size_t needs;             /* of which the same is needed (sim/batch.h) */
};

struct sweep {
    const struct sweep_request *request;
    struct sweep_point *points;
    size_t count;
    size_t *order; /* points by key, then by number */
    struct scenario_memory *memory;
    struct sweep_markets *markets; /* of points that load their own */
    bool loads;                    /* what is varied has a say in what is loaded */
    bool stopped;                  /* before all was done */
};

/* Read all points. A value that the scenario refuses is STATUS_BAD_INPUT, one line that names the
 * point. To be cleaned up also after an error. */
int sweep_check(struct sweep *out_sweep, const struct sweep_request *request, struct error *err);

/* Run what is not to be skipped. A scenario or a trace that is another by now is STATUS_BAD_INPUT.
 */
int sweep_run(struct sweep *sweep, struct error *err);

/* Of the traces that the point runs on. */
const char *sweep_trace_hash(const struct sweep *sweep, size_t point);
/* The SHA-256 of all points, in order. */
void sweep_key(const struct sweep *sweep, char out_key[HASH_TEXT_SIZE]);
/* A point's values as a JSON object: {"policy.parameters.window_s":"600"}. */
void sweep_add_varied(const struct sweep *sweep, size_t point, struct text *out);

void sweep_clean_up(struct sweep *sweep);

/* What a point sets, put behind the *count overrides that are there: their values are the grid's,
 * and for all points together grid_path_count more have room. A varied policy goes to *out_policy,
 * which is left alone otherwise. Returns whether any of it has a say in what of the traces is
 * loaded. */
bool sweep_set_point(const struct grid *grid, size_t point, struct scenario_override *overrides,
                     size_t *count, const char **out_policy);

/* Whether a value of this path has no say in what of the traces is loaded, as long as the markets
 * are the same (scenario_same_markets). */
bool sweep_leaves_traces_alone(const char *path);

/* What is said, STATUS_BAD_INPUT, where points of one `work` ("sweep") would be of two states of
 * the scenario's files. */
int sweep_say_changed(const char *path, const char *work, struct error *err);

#endif
