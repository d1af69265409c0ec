/* Policies with modifiers around them, which are policies like any other to everybody but the
 * controller: one table of parameters, of reasons and of reads, one state.
 */
#ifndef POLICY_COMPOSED_H
#define POLICY_COMPOSED_H

#include "base/error.h"
#include "policy/modifier.h"
#include "policy/policy.h"

struct policy_composed;

/* Put `count` modifiers around `base`, which is borrowed: the first is asked first. Its parameters
 * follow the policy's, then the next one's. `name` is copied. Refused where that is too much, or
 * where two parts have a parameter of one name. */
int policy_compose(struct policy_composed **out, const char *name,
                   const struct ballast_policy *base,
                   const struct policy_modifier *const *modifiers, size_t count, struct error *err);
void policy_composed_destroy(struct policy_composed *composed);

/* The whole as a policy; it lives as long as `composed`. Do not call its `decide`. */
const struct ballast_policy *policy_composed_whole(const struct policy_composed *composed);

/* What modifiers stand around; any other policy itself. The first parameters are its own. */
const struct ballast_policy *policy_base(const struct ballast_policy *policy);

/* Ask any policy: composed, a command, or any other. */
struct ballast_decision policy_decide(const struct ballast_policy *policy,
                                      const struct ballast_observation *observation,
                                      const int64_t *parameters, void *state);

/* Whether a policy that is a command, or has one within, could not be asked since this was called
 * last; from then on it held, and asked nothing. Others never fail. */
int policy_failure(const struct ballast_policy *policy, struct error *err);

#endif
