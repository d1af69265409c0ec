/* Application Auto Scaling of the fleet's target, and the alarms it acts on.
 *
 * Once a minute every alarm is evaluated; then each policy whose alarm is in ALARM says what target
 * it wants, the largest is taken, and the cooldowns say whether it may be. docs/model.md, "Alarms"
 * and "Scaling of the fleet".
 */
#ifndef SIM_SCALING_H
#define SIM_SCALING_H

#include "metric_alarm.h"
#include "reservation.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct world;

/* What the points of one period add up to. */
struct period_sum {
    int64_t points;
    int64_t sum_micro;
    int64_t min_micro;
    int64_t max_micro;
};

/* One alarm, the user's or of target tracking. */
struct watch {
    struct alarm_terms terms;
    enum alarm_state state;
    struct period_sum newest; /* its newest period that has points; no points: there is none */
};

/* Whether, and from when on, earlier scaling keeps the target where it is. */
struct cooldowns {
    int64_t out_until_s;
    int64_t out_base_micro; /* what the first scale-out of this cooldown started from */
    int64_t in_until_s;
};

struct scaling {
    struct reservations reservations;
    bool watches_cluster;
    struct watch *watches; /* the user's alarms, then two of each tracking policy: high, low */
    size_t watch_count;
    struct period_sum *periods; /* of the range being evaluated, newest first */
    enum alarm_point *points;   /* the same, oldest first */
    struct cooldowns cooldowns;
    int64_t next_sample_s;
    int64_t next_look_s;
};

/* How far back the alarms look at the fleet's own metrics; 0 without scaling. */
int64_t scaling_reach_s(const struct scenario *scenario);

/* Does nothing without `scaling`. For a warm start the account must be as it is at `from`. The
 * cluster's points are kept for reach_s at least. */
void scaling_init(struct world *world, int64_t reach_s);
void scaling_clean_up(struct scaling *scaling);

/* The next second of the future in which it has something to do, or INT64_MAX. */
int64_t scaling_next_s(const struct scaling *scaling);
/* Phase "metric publication": the cluster's point. */
void scaling_sample(struct world *world);
/* Phase "alarms". */
void scaling_act(struct world *world);

#endif
