/* What a run's page is made of. Inside reports/ only. */
#ifndef REPORTS_RUN_DATA_H
#define REPORTS_RUN_DATA_H

#include "record/figures.h"
#include "record/told.h"
#include "reduce.h"

enum { COST_POINTS = 720 };

struct run_data {
    int64_t from_s;
    int64_t to_s;
    struct figures figures;
    struct level *levels; /* every change; each holds until the next */
    size_t level_count;
    size_t level_capacity;
    int64_t *notices; /* second, instances, second, instances, ... */
    size_t notice_count;
    size_t notice_capacity;
    /* Accepted calls that raise the group and that lower it, and refused ones, by second. */
    int64_t *calls[3];
    size_t call_count[3];
    size_t call_capacity[3];
    /* What was spent in each part of the span, its instances' cost spread over the time they ran;
     * and what all of it on demand would have cost. Micro-USD. */
    int128 spent[COST_POINTS];
    int128 all_on_demand[COST_POINTS];
    int128 bound[COST_POINTS]; /* the lower bound, spread over what was served; 0: not known */
};

/* The measured span, of the resolved scenario. */
int run_data_span(const struct stored_run *run, int64_t *out_from_s, int64_t *out_to_s,
                  struct error *err);

int run_data_read(struct run_data *data, struct results *results, const struct stored_run *run,
                  struct error *err);
void run_data_clean_up(struct run_data *data);

/* Sums over [from_s, to_s): micro-unit-seconds. */
struct served {
    int128 spot;
    int128 on_demand;
    int128 missing;
};
struct served run_data_served(const struct run_data *data, int64_t from_s, int64_t to_s);

#endif
