/* The parts of the page of two runs. Inside reports/compare_*.c only. */
#ifndef REPORTS_COMPARE_PARTS_H
#define REPORTS_COMPARE_PARTS_H

#include "compare_report.h"
#include "page.h"
#include "run_data.h"

/* Old and new in pictures. */
#define OLD_COLOUR "#d97706"
#define NEW_COLOUR "#3b82f6"

struct two_runs {
    const struct compare_report_request *request;
    struct run_data *data[COMPARE_SIDES]; /* of the same span */
    int64_t parts_s;                      /* where they part; 0: nowhere */
    /* New less old, from the span's beginning to the end of each part of it. */
    int128 unfulfilled[COST_POINTS]; /* micro-unit-seconds */
    int128 cost[COST_POINTS];        /* micro-USD */
};

/* The ends of the parts: of part -1 the span's beginning. */
int64_t part_end(const struct two_runs *two, int part);
void two_runs_add_up(struct two_runs *two);

/* Each with its heading and caption (compare_pictures.c). */
int compare_picture_levels(struct text *page, const struct two_runs *two, bool desired,
                           struct error *err);
int compare_picture_cost(struct text *page, const struct two_runs *two, struct error *err);
int compare_picture_difference(struct text *page, const struct two_runs *two, bool cost,
                               struct error *err);

/* Tables (compare_tables.c). */
void compare_table_figures(struct text *page, const struct comparison *comparison);
void compare_table_values(struct text *page, const struct comparison *comparison);
void compare_table_parts(struct text *page, const struct two_runs *two);
void compare_table_calls(struct text *page, const struct two_runs *two);

#endif
