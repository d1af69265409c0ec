/* Modifiers: rules that stand around a policy, whichever it is, and change what it decided: make it
 * wait, or do less at a time. So each rule exists once, and a policy need not know of any.
 *
 * A modifier obeys the contract of policies (policy/policy.h): it is pure, remembers plain bytes,
 * and keeps the promise of valid_until_s. It sees what the policy saw, and the decision; of answers
 * it goes by their status alone, so that prices which are all one to the policy stay so.
 */
#ifndef POLICY_MODIFIER_H
#define POLICY_MODIFIER_H

#include "policy/policy.h"

struct policy_modifier {
    const char *name;
    const char *description; /* one line */
    const char *source;      /* where the rule comes from */
    const struct ballast_parameter *parameters;
    size_t parameter_count;
    const struct ballast_reason *reasons;
    size_t reason_count;
    uint32_t state_version;
    size_t state_size; /* bytes; zeroed at the start */
    /* Change *decision or leave it. Returns whether it was changed; then its reason is an index
     * into the modifier's reasons, and its figures are theirs. valid_until_s may be made earlier
     * either way. */
    bool (*apply)(const struct ballast_observation *observation, const int64_t *parameters,
                  void *state, struct ballast_decision *decision);
};

extern const struct policy_modifier modifier_backoff;
extern const struct policy_modifier modifier_billing_hour;
extern const struct policy_modifier modifier_grace;
extern const struct policy_modifier modifier_rate_limit;
extern const struct policy_modifier modifier_return_hours;
extern const struct policy_modifier modifier_stabilise;

/* Every modifier, NULL-terminated, in the order they are listed. */
extern const struct policy_modifier *const policy_modifiers[];

/* By name, or NULL. */
const struct policy_modifier *modifier_find(const char *name);

/* ---- for modifiers ---------------------------------------------------------------------------
 */

enum modifier_direction { DIRECTION_NONE = 0, DIRECTION_OUT, DIRECTION_IN };

/* Where a decision would take the group; NONE too where the group is unknown. */
enum modifier_direction modifier_direction(const struct ballast_observation *observation,
                                           const struct ballast_decision *decision);

/* Whether every read and the group were answered. What a policy decides without that says nothing
 * of the market, and is not remembered. */
bool modifier_sees(const struct ballast_observation *observation);

/* Make the decision hold, for a reason with up to three figures, no longer than until_s. */
bool modifier_hold(struct ballast_decision *decision, uint32_t reason, const int64_t figures[3],
                   int64_t until_s);

/* Make the decision valid until until_s at most. */
void modifier_until(struct ballast_decision *decision, int64_t until_s);

#endif
