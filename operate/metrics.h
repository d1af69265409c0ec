/* Figures about the controller for Prometheus, in a file that node_exporter's textfile collector
 * picks up (docs/operations.md lists them).
 *
 * The file is written anew beside itself after each evaluation and put in place in one step, so
 * that a reader sees one evaluation whole. Counters go on where the file that is there ends, so
 * that they count across restarts and for a command that cron starts once a minute. It is a file
 * for eyes: it cannot fail an evaluation, and nothing is decided by it.
 */
#ifndef OPERATE_METRICS_H
#define OPERATE_METRICS_H

#include "base/text.h"
#include "live/watch.h"
#include "policy/controller.h"

enum { METRICS_COUNTERS = 16 };

struct live_metrics {
    const char *path;
    char *labels; /* fleet="…",group="…" */
    int64_t every_s;
    int64_t on_demand_micro_usd_per_hour; /* BALLAST_UNKNOWN */
    int64_t counters[METRICS_COUNTERS];
    int64_t last_due_s;              /* of the evaluation before; 0: none */
    int64_t spot_micro_usd_per_hour; /* when last looked at; BALLAST_UNKNOWN */
    int64_t looked_s;                /* when that was; 0: never */
    int64_t backup_in_service;       /* BALLAST_UNKNOWN */
    struct text gauges;              /* of the evaluation going on */
};

/* `path` is borrowed. A file that is there and cannot be read counts as none. */
void metrics_open(struct live_metrics *out_metrics, const char *path, const char *fleet_id,
                  const char *group);
void metrics_close(struct live_metrics *metrics);

/* What was seen, decided and done. */
void metrics_evaluation(struct live_metrics *metrics, const struct ballast_policy *policy,
                        const struct controller_evaluation *done);

/* What the running spot instances cost an hour at the newest prices seen. */
void metrics_spend(struct live_metrics *metrics, const struct live_watched *watched,
                   const char *product, int64_t now_s);

/* How it ended. */
struct metrics_end {
    int64_t due_s;
    int64_t now_s;
    int64_t duration_ms;
    int64_t failed_calls;
    int64_t failures_in_a_row;
    const char *mode; /* "shadow", "apply" or "stopped" */
    bool failed;
};

/* Put the file in place. */
int metrics_write(struct live_metrics *metrics, const struct metrics_end *end, struct error *err);

/* One line of the format: ballast_NAME{fleet,group[,more]} value; `more` is NULL or as NAME="…". */
void metrics_line(struct text *out, const struct live_metrics *metrics, const char *name,
                  const char *more, int64_t micro);
/* The lines that say what ballast_NAME is. */
void metrics_head(struct text *out, const char *name, const char *type, const char *help);

#endif
