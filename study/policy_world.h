/* Random worlds for trying a policy in: what it is told, what it has seen before, what it sees.
 *
 * A world is its seed. It has parameters, a few evaluations of the past, each with an account of
 * its own, and one of the present, whose account goes on from there as the promise of valid_until
 * supposes: every series at its newest value, points arriving as before, calls ending as they did.
 * Nothing in a world depends on what the policy answers, so any part of it can be made again
 * without asking the policy.
 *
 * Series are late by a minute or two, in some worlds by up to an hour, so that a policy finds old
 * points or none. Calls fail or return nothing; the group cannot always be described.
 */
#ifndef STUDY_POLICY_WORLD_H
#define STUDY_POLICY_WORLD_H

#include "base/pcg64.h"
#include "policy/policy.h"

enum {
    POLICY_WORLD_HISTORY = 70, /* minutes with values of their own; before them it was the same */
    POLICY_WORLD_POOLS = 6,
    POLICY_WORLD_STEPS = 7, /* evaluations at most: the present one is step 0, step 1 before it */
};

struct policy_world {
    uint64_t seed;
    /* Choices and switches are as given, numbers whose default is to be observed too: all that may
     * be demanded of a policy is demanded of it. Else they are anything, and may ask for what is
     * not careful. */
    bool careful;
    int64_t parameters[BALLAST_PARAMETERS_MAX];
    int64_t now_s;   /* of the present evaluation */
    int64_t apart_s; /* from one evaluation to the next */
    int steps;       /* 1 to POLICY_WORLD_STEPS */
    bool incomplete; /* some call of the present fails or returns nothing, whatever luck says */
};

/* What a policy sees: fill in with policy_world_see. About 400 KiB. */
struct policy_sight {
    struct ballast_observation observation;
    struct ballast_answer answers[BALLAST_READS_MAX];
    struct ballast_point points[BALLAST_READS_MAX][BALLAST_POINTS_MAX];
    struct ballast_fleet fleet;
    struct ballast_cluster cluster;
    struct ballast_spot_price prices[POLICY_WORLD_POOLS];
};

/* The world of a seed for a policy whose parameters are `given` unless drawn. */
void policy_world_make(struct policy_world *out_world, const struct ballast_policy *policy,
                       const int64_t *given, uint64_t seed);

/* When step `step` was evaluated. */
int64_t policy_world_time(const struct policy_world *world, int step);

/* What the account of a step shows at at_s, which is not before the step's time. */
void policy_world_see(struct policy_sight *out_sight, const struct ballast_policy *policy,
                      const struct policy_world *world, int step, int64_t at_s);

#endif
