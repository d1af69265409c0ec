/* Two databases, as they are paired: what stands in each. Inside study/compare_*.c only. */
#ifndef STUDY_COMPARE_PAIRS_H
#define STUDY_COMPARE_PAIRS_H

#include "study/compare.h"

struct value {
    char *path;
    char *json; /* NULL: not there */
};

struct found {
    int64_t number;
    char *version;
    struct compare_run run;
    uint64_t seed;
    int64_t begin_s; /* of the run, */
    int64_t end_s;
    int64_t from_s; /* and measured */
    int64_t to_s;
    char moved[HASH_TEXT_SIZE]; /* of a point: what else was varied of its world, as its traces */
    struct value *others; /* that are not as in the database's first run; of a point: varied */
    size_t other_count;
    char *point;
    bool paired;
};

struct half {
    struct compare_side *side;
    struct results *results;
    struct found *runs;
    size_t count;
    struct scenario first; /* of its first run */
    char *scenario_json;   /* of a sweep: what it starts from */
    struct value *varied;  /* paths, borrowed; the values of the first run */
    size_t varied_count;
};

/* ---- points of a sweep (compare_swept.c) --------------------------------------------------------
 */

/* Whether the database holds no runs, but a sweep; and the user asked for no run of it. */
int compare_is_swept(const struct compare_side *side, struct results *results, bool *out_swept,
                     struct error *err);
/* The points of its one sweep that are computed. */
int compare_read_points(struct half *half, struct error *err);
/* The point's scenario: what the sweep starts from, with what was varied of what is no world's, and
 * the point's span and seed. Where that cannot be had any more, as when a value was a file that is
 * gone, it is without what was varied, and *out_bare says why, to be freed. */
int compare_parse_swept(const struct half *half, const struct found *found,
                        struct scenario *out_scenario, char **out_bare, struct error *err);

#endif
