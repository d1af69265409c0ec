/* The baseline of a gate: what each scenario of a suite came to when it was last agreed upon. A
 * JSON file that is committed beside the scenarios, written so that its diffs can be read:
 *
 *   {"ballast_baseline": 1,
 *    "scenarios": {
 *      "NAME": {
 *        "policy": "pending-capacity",
 *        "figures": {"cost.spot_micro_usd": "1289710000", ...},
 *        "over_seeds": {"mean of 20": {...}},
 *        "calls": ["2026-03-01T04:10:30Z: SetDesiredCapacity(8), ...", ...],
 *        "calls_in_all": 17}}}
 *
 * Figures are strings, which keep every digit. Scenarios are in order of name. docs/check.md is
 * written for its readers.
 */
#ifndef REPORTS_BASELINE_H
#define REPORTS_BASELINE_H

#include "reports/calls_made.h"
#include "scenario/scenario.h"

/* A statistic over the figures of so many worlds. */
struct baseline_statistic {
    int64_t seeds;
    enum gate_statistic of;
    struct figures figures;
};

struct baseline_entry {
    char *name;   /* the scenario's */
    char *policy; /* as it was chosen */
    struct figures figures;
    struct baseline_statistic *statistics;
    size_t statistic_count;
    struct calls_made calls; /* without a policy */
};

struct baseline {
    struct baseline_entry *entries; /* by name */
    size_t count;
};

/* A file that is not there is an error; *out_missing then says that it was that. */
int baseline_read(struct baseline *out_baseline, const char *path, bool *out_missing,
                  struct error *err);
/* Through a file beside it, so that it is there whole or as it was. */
int baseline_write(const struct baseline *baseline, const char *path, struct error *err);
void baseline_clean_up(struct baseline *baseline);
void baseline_entry_clean_up(struct baseline_entry *entry);

/* NULL where there is none. */
const struct baseline_entry *baseline_find(const struct baseline *baseline, const char *name);
const struct figures *baseline_statistic(const struct baseline_entry *entry, int64_t seeds,
                                         enum gate_statistic of);
/* Put it in, or in the place of the one of its name; takes it over. */
void baseline_put(struct baseline *baseline, struct baseline_entry *entry);

#endif
