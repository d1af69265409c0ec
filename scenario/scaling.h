/* Scaling of the fleet: what Application Auto Scaling and CloudWatch were told, read from their own
 * inputs (`scaling`: register-scalable-target, put-scaling-policy, put-metric-alarm).
 *
 * Metrics and thresholds in millionths: a reservation of 75 percent is 75000000. docs/model.md,
 * "Alarms" and "Scaling of the fleet", says what is done with all this.
 */
#ifndef SCENARIO_SCALING_H
#define SCENARIO_SCALING_H

#include "policy/policy.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an alarm can watch: of the ECS cluster, and of the fleet. */
enum watched_metric {
    WATCHED_CPU_RESERVATION = 0,
    WATCHED_MEMORY_RESERVATION,
    WATCHED_TARGET_CAPACITY,
    WATCHED_PENDING_CAPACITY,
    WATCHED_FULFILLED_CAPACITY,
    WATCHED_TERMINATING_CAPACITY,
};
/* Names in CloudWatch; NULL ends it. */
extern const char *const watched_metric_names[];

static inline bool watched_is_of_cluster(enum watched_metric metric)
{
    return metric <= WATCHED_MEMORY_RESERVATION;
}

enum alarm_comparison {
    COMPARE_GREATER_OR_EQUAL = 0,
    COMPARE_GREATER,
    COMPARE_LESS,
    COMPARE_LESS_OR_EQUAL,
};

/* TreatMissingData. */
enum missing_data {
    MISSING_IS_MISSING = 0,
    MISSING_IS_IGNORED,
    MISSING_IS_BREACHING,
    MISSING_IS_NOT_BREACHING,
};

/* What an alarm looks at, and when it alarms. */
struct alarm_terms {
    enum watched_metric metric;
    enum ballast_statistic statistic;
    int64_t period_s; /* a multiple of 60 */
    int64_t periods;  /* EvaluationPeriods: N */
    int64_t points;   /* DatapointsToAlarm: M of N */
    int64_t threshold_micro;
    enum alarm_comparison comparison;
    enum missing_data missing;
};

struct scaling_alarm {
    char *name;
    struct alarm_terms terms;
    bool actions_enabled;
    size_t *policies; /* indices of the step policies its AlarmActions name, each once */
    size_t policy_count;
};

/* From `lower` to `upper`, offsets from the alarm's threshold; INT64_MIN, INT64_MAX: no bound. */
struct step_adjustment {
    int64_t lower_micro;
    int64_t upper_micro;
    int64_t adjustment; /* units, or percent */
};

enum scaling_policy_type { SCALING_STEP = 0, SCALING_TARGET_TRACKING };
enum adjustment_type { ADJUST_CHANGE = 0, ADJUST_EXACT, ADJUST_PERCENT };

struct scaling_policy {
    char *name;
    enum scaling_policy_type type;
    int64_t out_cooldown_s; /* a step policy has one Cooldown for both */
    int64_t in_cooldown_s;
    /* SCALING_STEP */
    enum adjustment_type adjustment_type;
    struct step_adjustment *steps; /* rising, without gaps */
    size_t step_count;
    int64_t min_magnitude; /* MinAdjustmentMagnitude; 0: none */
    enum ballast_statistic aggregation;
    /* SCALING_TARGET_TRACKING */
    enum watched_metric metric;
    enum ballast_statistic statistic;
    int64_t target_micro; /* TargetValue, > 0 */
    bool disable_scale_in;
};

/* How AWS does what it does not document in full; keys of `account`, which scenario/defaults.c
 * gives sources for. */
struct scaling_habits {
    bool base_is_target; /* aas_base: "target" instead of "fulfilled" */
    bool never_decrease_on_scale_out;
    int64_t high_alarm_points; /* of as many minutes */
    int64_t low_alarm_points;
    int64_t low_alarm_percent;  /* of TargetValue */
    int64_t alarm_extra_points; /* an alarm looks back over so many periods more than it needs */
    int64_t alarm_phase_s;      /* second of the minute at which alarms are evaluated */
};

struct fleet_scaling {
    bool given;
    bool declined;        /* by null: that nothing scales the fleet is what is meant */
    int64_t min_capacity; /* units */
    int64_t max_capacity;
    bool in_suspended;
    bool out_suspended;
    struct scaling_policy *policies;
    size_t policy_count;
    struct scaling_alarm *alarms;
    size_t alarm_count;
    struct scaling_habits habits;
};

void fleet_scaling_clean_up(struct fleet_scaling *scaling);

#endif
