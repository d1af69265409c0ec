/* The gate: what a suite of scenarios came to, judged against a baseline.
 *
 * A scenario with gates is judged by them; one without is judged by all its figures, each of which
 * must be what it was. Scenarios match the baseline by name.
 */
#ifndef REPORTS_GATE_H
#define REPORTS_GATE_H

#include "reports/baseline.h"

#include <stdio.h>

/* A scenario that was run. */
struct gate_run {
    const char *file;
    const struct scenario *scenario;
    struct figures *worlds; /* of the scenario's seed and those after it */
    size_t world_count;     /* at least 1, and as many as the gates' seeds */
    struct calls_made calls;
};

/* How many worlds its gates need. */
size_t gate_worlds(const struct scenario *scenario);

/* One thing judged: a gate, or a figure that is not what it was. */
struct gate_line {
    char *text; /* the condition, or the figure's name */
    bool holds;
    bool condition; /* else a figure: left is what it was, right is what it is */
    const char *relation;
    char left[DECIMAL_TEXT_SIZE];
    char right[DECIMAL_TEXT_SIZE];
    char over[48]; /* "mean of 20 worlds", or "" */
};

struct gate_verdict {
    char *name;
    const char *file;
    bool holds;
    bool gated; /* it has gates: else every figure was compared, and the lines are those that differ
                 */
    struct gate_line *lines;
    size_t line_count;
    bool known; /* the baseline has it */
    /* Where it acts otherwise than the baseline, if it does among the calls kept; NULL: no such
     * call. */
    bool diverges;
    char *was;
    char *is;
};

struct gate_report {
    const char *baseline; /* the file's name */
    struct gate_verdict *verdicts;
    size_t count;
    size_t breached;
};

/* Judge one and add it. A scenario that the baseline lacks though it needs it, and a condition that
 * cannot be computed, are STATUS_BAD_INPUT. `baseline` may be empty. */
int gate_judge(struct gate_report *report, const struct gate_run *run,
               const struct baseline *baseline, struct error *err);
void gate_report_clean_up(struct gate_report *report);

/* What the run would be in a baseline. Clean up with baseline_entry_clean_up. */
void gate_entry(const struct gate_run *run, struct baseline_entry *out_entry);

/* For people; what --update changes; for machines; for CI; for a pull request. */
void gate_print(const struct gate_report *report, FILE *out);
void gate_print_update(const struct baseline *before, const struct baseline_entry *after,
                       FILE *out);
void gate_json(const struct gate_report *report, struct text *text);
void gate_junit(const struct gate_report *report, struct text *text);
void gate_markdown(const struct gate_report *report, struct text *text);

#endif
