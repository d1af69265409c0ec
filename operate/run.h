/* The controller set up against a real account, and evaluated as often as one likes. */
#ifndef OPERATE_RUN_H
#define OPERATE_RUN_H

#include "operate/plan.h"
#include "record/recording.h"

/* A controller with its account, its state, its lock and its recording. Heap object; what is passed
 * must outlive it. */
struct live_run;

struct live_program {
    const char *name;    /* before each warning on stderr: "ballast live once" */
    const char *version; /* for recordings */
};

int live_run_open(struct live_run **out_run, const struct live_program *program,
                  const struct live_options *options, const struct live_plan *plan,
                  struct error *err);

/* What time it is, by the clock that counts. */
int live_run_now(struct live_run *run, int64_t *out_now_s, struct error *err);
/* Step the twin's clock. */
int live_run_advance(struct live_run *run, int64_t seconds, int64_t *out_now_s, struct error *err);

struct live_turn {
    int64_t due_s; /* when the evaluation is due */
    int64_t now_s; /* by the twin's clock; else the wall clock is asked */
    enum ballast_trigger trigger;
    int64_t limit_ms; /* no call or retry is begun later than this; 0: the plan's limit alone */
};

/* One evaluation: it is recorded, where that was asked for, before anything is called and again
 * after; its line is printed, the state saved, the metrics written. An error where a call failed,
 * or something could not be written; and, without an evaluation, where this time is recorded as
 * decided already. */
int live_run_once(struct live_run *run, const struct live_turn *turn, struct error *err);

/* The line of the last evaluation, without its line end; NULL before the first. */
const char *live_run_line(const struct live_run *run);

void live_run_close(struct live_run *run);

#endif
