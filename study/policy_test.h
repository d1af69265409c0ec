/* A policy in many random worlds, apart, so that whatever it does ends nothing but a child. */
#ifndef STUDY_POLICY_TEST_H
#define STUDY_POLICY_TEST_H

#include "base/error.h"
#include "study/policy_trial.h"

enum { POLICY_TEST_WORLDS_MAX = 1000000 };

struct policy_test {
    const struct ballast_policy *policy;
    const int64_t *given;  /* values of its parameters, where a world does not draw them */
    uint64_t seed;         /* of the first world; the next has the next */
    uint64_t worlds;       /* 1 to POLICY_TEST_WORLDS_MAX */
    int64_t call_limit_ms; /* what one call of its code may take (base/apart.h); 0: 2000 */
};

/* How a demand came out. */
enum policy_verdict {
    VERDICT_KEPT,
    VERDICT_BROKEN,
    VERDICT_OPEN, /* nothing can be said: in no world was it asked, or answers are not to be had
                     twice */
};

/* Short name and one line of what is demanded. */
struct policy_demand_words {
    const char *name;
    const char *text;
};
extern const struct policy_demand_words policy_demand_words[DEMANDS];

/* Try the policy. In the worlds in their order, each judged (study/policy_trial.h); then in the
 * opposite order in another process, where it must answer the same. A world in which it crashes is
 * left, and the next is tried in a new process; one call that does not end within
 * `call_limit_ms` ends the test. STATUS_FAILURE if there can be no children. */
int policy_test_run(const struct policy_test *test, struct policy_trial_result *out_result,
                    struct error *err);

enum policy_verdict policy_test_verdict(const struct policy_trial_result *result,
                                        enum policy_demand demand);

#endif
