/* A recorded run as a report tells it: what happened in it, by kinds. Times in seconds. */
#ifndef RECORD_TOLD_H
#define RECORD_TOLD_H

#include "record/database.h"

/* The time an instance was paid for within the run. */
struct told_life {
    enum record_market_kind kind;
    int64_t running_s;
    int64_t ended_s; /* RECORD_NEVER: it still ran at the end */
    int64_t cost_micro_usd_s;
};
/* Of all instances that ran, by running_s. */
int results_each_life(struct results *results, int64_t run,
                      void (*take)(const struct told_life *life, void *context), void *context,
                      struct error *err);

/* Instances that EC2 gave notice of interruption in one second, by time. */
int results_each_notice(struct results *results, int64_t run,
                        void (*take)(int64_t time_s, int64_t instances, void *context),
                        void *context, struct error *err);

/* Instances of one place and type that were given notice in one second. Texts live until the call
 * returns. */
struct told_interrupted {
    int64_t notice_s;
    const char *zone;
    const char *instance_type;
    int64_t instances;
};
/* By time, within [from_s, to_s). */
int results_each_interrupted(struct results *results, int64_t run, int64_t from_s, int64_t to_s,
                             void (*take)(const struct told_interrupted *interrupted,
                                          void *context),
                             void *context, struct error *err);

/* Decisions that have reason, action and answer in common. Texts live until the call returns. */
struct told_reason {
    const char *reason;
    const char *action;  /* "hold", "set-desired" */
    const char *outcome; /* of the call */
    const char *words;   /* of the first */
    int64_t evaluations;
    int64_t first_s;
    int64_t last_s;
};
/* The most frequent first. */
int results_each_reason(struct results *results, int64_t run,
                        void (*take)(const struct told_reason *reason, void *context),
                        void *context, struct error *err);

#endif
