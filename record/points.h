/* Sweeps in the results database: a row of figures for each point, and nothing of how its run went.
 *
 * A point has the key its run would have (results_key), so that whatever sweeps ask for the same
 * run find it computed. A sweep is the list of its points. Writes stand between points_begin and
 * points_commit; what was not committed is gone when the process ends.
 */
#ifndef RECORD_POINTS_H
#define RECORD_POINTS_H

#include "record/database.h"

/* What a sweep starts from. Strings are borrowed. */
struct sweep_identity {
    const char *key;           /* SHA-256 of all its points, in order */
    const char *version;       /* of the program */
    const char *name;          /* the scenario's */
    const char *scenario_json; /* resolved, before anything is varied */
};

int points_begin(struct results *results, struct error *err);
int points_commit(struct results *results, struct error *err);

/* *out_known: it is there, with its points; none must be added. */
int points_add_sweep(struct results *results, const struct sweep_identity *identity,
                     int64_t *out_sweep, bool *out_known, struct error *err);
/* `varied` is a JSON object of paths and values as they were written. */
int points_add_to_sweep(struct results *results, int64_t sweep, size_t point, const char *varied,
                        const char *key, struct error *err);
/* The traces of the points from this one on. Adding what is there changes nothing. */
int points_add_traces(struct results *results, int64_t sweep, size_t point, const char *trace_hash,
                      struct error *err);

/* A point that tuning stopped before it had run everywhere: its further runs are not listed. */
struct stopped_point {
    size_t point;     /* its number in the tuning, */
    size_t runs;      /* made of it, */
    size_t worlds;    /* of so many */
    bool is_beaten;   /* else it could no longer meet the limits */
    size_t beaten_by; /* the number of a point that had run everywhere */
};
int points_add_stopped(struct results *results, int64_t sweep, const struct stopped_point *stopped,
                       const char *varied, struct error *err);

/* A sweep as it is told; texts live until the call returns. */
struct stored_sweep {
    int64_t sweep;
    const char *key;
    const char *version; /* of the program that began it */
    const char *name;    /* the scenario's */
    const char *scenario_json;
    size_t points;          /* that it lists, computed or not */
    size_t traces;          /* how many different ones they have; 0: an older file does not tell */
    const char *trace_hash; /* of one of them */
};
/* All sweeps, by number. */
int points_each_sweep(struct results *results,
                      void (*take)(const struct stored_sweep *sweep, void *context), void *context,
                      struct error *err);

/* A point of a sweep that is computed, as it is told; texts live until the call returns. */
struct stored_point {
    int64_t sweep;
    const char *version;       /* of the program that began the sweep */
    const char *scenario_json; /* that it starts from */
    size_t point;
    const char *varied;
    const char *trace_hash; /* "": an older file does not tell */
    struct figures figures;
};

/* All points of all sweeps, sweep by sweep, in order. `take` may end it by an error. */
int points_each(struct results *results,
                int (*take)(const struct stored_point *point, void *context, struct error *err),
                void *context, struct error *err);

/* *out_found is false if the point is not in the database. */
int points_find(struct results *results, const char *key, struct figures *out_figures,
                bool *out_found, struct error *err);
/* Adding what is there changes nothing. */
int points_add(struct results *results, const char *key, const struct figures *figures,
               struct error *err);

#endif
