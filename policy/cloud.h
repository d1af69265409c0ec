/* The cloud port: the few operations the controller needs, named as AWS names them.
 *
 * Implemented by the simulated account (sim/), by AWS over HTTPS (live/) and by a recording. The
 * controller cannot tell which one it drives.
 */
#ifndef POLICY_CLOUD_H
#define POLICY_CLOUD_H

#include "policy/policy.h"

/* How a call that changes the world ended. */
enum cloud_outcome {
    CLOUD_NOT_CALLED = 0,               /* the controller made no call */
    CLOUD_ACCEPTED,                     /* HTTP 200 */
    CLOUD_SCALING_ACTIVITY_IN_PROGRESS, /* cooldown or activity blocks it: normal, retried next
                                           minute */
    CLOUD_VALIDATION_ERROR,             /* outside MinSize..MaxSize; nothing was changed */
    CLOUD_FAILED,                       /* anything else: throttling, network, permissions */
    CLOUD_DRY_RUN,                      /* the controller was told not to act */
};

/* In AWS's words: "ScalingActivityInProgress", ... */
const char *cloud_outcome_name(enum cloud_outcome outcome);

/* In AWS's words: "GetMetricStatistics", "DescribeSpotFleetRequests", ...; "Maximum", ... */
const char *cloud_read_api(const struct ballast_read *read);
const char *cloud_statistic_name(enum ballast_statistic statistic);

/* A metric read with every parameter filled in. */
struct cloud_metric_query {
    enum ballast_api api;
    const char *metric;
    enum ballast_statistic statistic;
    int64_t period_s;
    int64_t start_s; /* included; GetMetricStatistics rounds it down to the minute itself */
    int64_t end_s;   /* excluded */
    size_t read;     /* which of the policy's reads asks, from 1; 0: nobody's */
};

struct cloud {
    void *context; /* passed back to every operation, last */

    int64_t (*now)(void *context);

    /* Set the answer's status, error_code, points and point_count, each of them: the answer holds
     * what the call before left there. The points, in the order returned, are written to
     * out_points[capacity], or are the implementation's own and valid until the second is over. */
    void (*get_metric)(const struct cloud_metric_query *query, struct ballast_point *out_points,
                       size_t capacity, struct ballast_answer *out_answer, void *context);
    void (*describe_fleet)(struct ballast_fleet *out_fleet, struct ballast_answer *out_answer,
                           void *context);
    void (*describe_group)(struct ballast_group *out_group, void *context);
    void (*describe_cluster)(struct ballast_cluster *out_cluster, struct ballast_answer *out_answer,
                             void *context);
    /* Whether no two of the rows are of one type and zone; false: it is not known. */
    bool (*describe_spot_prices)(struct ballast_spot_price *out_prices, size_t capacity,
                                 struct ballast_answer *out_answer, void *context);

    enum cloud_outcome (*set_desired_capacity)(int64_t desired_capacity, bool honor_cooldown,
                                               void *context);
    /* ModifySpotFleetRequest(TargetCapacity). */
    enum cloud_outcome (*set_fleet_target)(int64_t target_units, void *context);

    /* Notices since the last evaluation; BALLAST_UNKNOWN where nobody counts them. */
    void (*notices)(int64_t *out_interruption, int64_t *out_rebalance, void *context);
};

#endif
