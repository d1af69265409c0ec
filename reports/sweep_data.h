/* A sweep as its page tells it: dimensions, and points with the two figures they are judged by.
 *
 * A database has of each point what was varied, as text. WORLDS: where seeds or spans were varied
 * beside other things, what has all else in common is one point in several worlds, and its figures
 * are the sum over the spans and the mean of the seeds, as ballast tune puts them together. Where
 * nothing else was varied, or the page is asked to show seeds or spans, they are dimensions.
 * JOINED: paths that were varied together are one dimension.
 */
#ifndef REPORTS_SWEEP_DATA_H
#define REPORTS_SWEEP_DATA_H

#include "record/points.h"
#include "study/front.h"

#include <stdbool.h>

struct sweep_dimension {
    char *name;    /* "policy.parameters.window_s"; of joined paths with commas */
    char **values; /* in order if they are numbers, else as they came first */
    size_t value_count;
    bool numbers;
    int64_t *micro; /* ... in millionths */
};

/* What ballast tune was asked of these runs, and what it found (record/tunings.h). */
struct sweep_tuning {
    char **minimize;
    size_t minimize_count;
    char **subject_to;
    size_t subject_count;
    size_t worlds; /* windows times seeds: a run's number divided by it is the point's */
    size_t windows;
    size_t seeds;
    size_t episodes;
    bool has_best; /* else no point meets the conditions */
    size_t best;
    char *words;    /* what the best point sets */
    size_t *beyond; /* points of the front that do not meet the conditions */
    size_t beyond_count;
    char *why_not;       /* NULL: recommended */
    char *out_of_sample; /* a sentence; NULL: nothing was judged */
};

struct sweep_data {
    int64_t sweep; /* its number */
    char *key;
    char *version;
    char *name;
    char *scenario_json;
    size_t traces;    /* different ones; 0: an older file does not tell */
    char *trace_hash; /* of one of them */
    struct sweep_tuning *tunings;
    size_t tuning_count;
    struct sweep_dimension *dimensions;
    size_t dimension_count;
    size_t *values;           /* point by point: the number of each dimension's value */
    struct front_item *items; /* point by point */
    size_t *numbers;          /* ... the number of its first run */
    size_t count;
    size_t listed;   /* runs that the sweep asks for */
    size_t computed; /* of them */
    size_t left_out; /* points that lack the figures of some world */
    size_t spans;    /* worlds of each point: so many spans */
    size_t seeds;    /* at so many seeds */
};

/* The sweep `which`: its number or the start of its key; NULL: the only one. `shown` are names of
 * paths that are to be dimensions (may be NULL). To be cleaned up also after an error. */
int sweep_data_read(struct sweep_data *out, struct results *results, const char *database,
                    const char *which, const char *const shown[2], struct error *err);
void sweep_data_clean_up(struct sweep_data *data);

/* ---- inside sweep_*.c
 * --------------------------------------------------------------------------- */

/* What was read: a row for each run that is computed. */
struct sweep_rows {
    char **paths;
    size_t path_count;
    char **texts; /* row by row, path by path */
    struct front_item *items;
    size_t *numbers; /* of the runs */
    size_t count;
    size_t number_count; /* the same */
    size_t text_count;
    size_t text_capacity;
    size_t item_capacity;
    size_t number_capacity;
};

/* Fill in the tunings of the sweep that was read. */
int sweep_read_tunings(struct sweep_data *data, struct results *results, struct error *err);
void sweep_tunings_clean_up(struct sweep_data *data);

/* The values of a path, numbered: *out_numbers row by row, to be freed. */
void sweep_number_values(const struct sweep_rows *rows, size_t path,
                         struct sweep_dimension *out_dimension, size_t **out_numbers);
/* From rows to dimensions and points. */
void sweep_make_points(struct sweep_data *data, const struct sweep_rows *rows,
                       const char *const shown[2]);

/* Whether a name as it is asked for means this dimension: any of its paths, or the last part of
 * one.
 */
bool sweep_is_called(const char *name, const char *asked);

#endif
