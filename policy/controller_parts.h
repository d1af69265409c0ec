/* The controller, inside. controller.c reads, asks and acts, controller_guards.c stands in between,
 * controller_depends.c tells what the last decision depends on. Nobody else includes this header.
 */
#ifndef POLICY_CONTROLLER_PARTS_H
#define POLICY_CONTROLLER_PARTS_H

#include "policy/controller.h"

enum { SPOT_PRICES_MAX = 300 }; /* pools of one fleet (AWS quota) */

/* One declared read with its parameters filled in, and where its answer goes. */
struct read_slot {
    const struct ballast_read *read;
    struct cloud_metric_query query; /* its times are those of the last one */
    int64_t lookback_s;
    struct ballast_point *points;
    size_t capacity;
    struct ballast_fleet fleet;
    struct ballast_cluster cluster;
    struct ballast_spot_price *spot_prices;
};

struct controller {
    const struct ballast_policy *policy;
    int64_t parameters[BALLAST_PARAMETERS_MAX];
    struct controller_guards guards;
    struct read_slot slots[BALLAST_READS_MAX];
    struct ballast_answer answers[BALLAST_READS_MAX];
    bool pools_distinct; /* of the spot prices that were read last */
    void *state;
    sized_function *size;          /* NULL: the policy has none, */
    price_band_function *band;     /* or none of these, */
    target_band_function *targets; /* or these */
    bool sized;                    /* the last decision was; these are of struct sized: */
    uint32_t reads;
    bool holds;
    uint32_t differ;
    uint32_t banded;
    struct sized_band values;
};

/* Apply the guards to decided->action and ->desired_capacity. */
void controller_guard(const struct controller *controller, struct controller_decided *decided);

#endif
