/* One policy in one random world: does it keep the contract of policy/policy.h? In the process of
 * the caller; study/policy_test.h does it for many worlds, apart.
 */
#ifndef STUDY_POLICY_TRIAL_H
#define STUDY_POLICY_TRIAL_H

#include "study/policy_world.h"

#include <stdbool.h>

/* What is demanded, in the order of judgement: who crashes is not asked further in that world, and
 * of a policy that answers the same question in two ways nothing that compares answers is said. */
enum policy_demand {
    DEMAND_NO_CRASH,
    DEMAND_NO_HANG,
    DEMAND_PURE,       /* no memory but its state */
    DEMAND_MEMORY,     /* touches nothing but its state, and reads nothing beyond it */
    DEMAND_DETERMINED, /* nothing that was never set decides */
    DEMAND_BOUNDS,
    DEMAND_REASON,
    DEMAND_PROMISE,
    DEMAND_MISSING,
    DEMANDS, /* how many there are */
};

/* The first breach of a demand. Plain bytes, so that a child can leave it in common memory. */
struct policy_breach {
    bool found;
    bool compared; /* found by comparing answers, which says nothing where these are not to be had
                      twice */
    bool seen;     /* `step` and `at_s` say at which question; else no one question shows it */
    uint64_t seed;
    int step;
    int64_t at_s;
    int64_t promised_at_s; /* DEMAND_PROMISE: when the promise was given; 0: at no other time */
    char what[320];        /* one sentence, plain ASCII */
};

struct policy_trial_result {
    struct policy_breach breaches[DEMANDS];
    uint64_t worlds[DEMANDS]; /* in how many it was judged */
    uint64_t held;            /* in how many worlds it held, let the group grow, let it shrink */
    uint64_t grew;
    uint64_t shrank;
};

/* Where a policy is just now: written before each call of its code. */
struct policy_whereabouts {
    uint64_t seed;
    int step;
    int64_t at_s;
};

struct policy_trial {
    const struct ballast_policy *policy;
    const int64_t *given; /* values of its parameters */
    struct policy_trial_result *result;
    volatile struct policy_whereabouts *where;
    int64_t call_limit_ms; /* in a child of apart_do: for each call of its code; 0: none */
    struct policy_trial_room *room;
};

/* Room for one trial, on the heap. */
struct policy_trial_room *policy_trial_room_new(void);
void policy_trial_room_free(struct policy_trial_room *room);

/* Judge the policy in the world of `seed`. Returns a hash of all that it answered to the plain
 * questions there. */
uint64_t policy_trial_world(const struct policy_trial *trial, uint64_t seed);

/* That hash alone, without judging. */
uint64_t policy_trial_answers(const struct policy_trial *trial, uint64_t seed);

/* Note a breach, if it is the first of its kind. */
void policy_trial_breach(struct policy_trial_result *result, enum policy_demand demand,
                         const struct policy_whereabouts *where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
